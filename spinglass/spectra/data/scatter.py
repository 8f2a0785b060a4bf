r"""How far a mean over probes is from the mean over all eigenvalues.

For v uniform on the sphere in closed form

.. math:: \mathrm{var}\; v\cdot f(A)\,v = \frac{2}{n+2} \Big[\frac1n \mathrm{tr} f(A)^2
          - \Big(\frac1n \mathrm{tr} f(A)\Big)^2\Big] ,

and for signs :math:`\tfrac{2}{n^2} \sum_{i\ne j} f(A)_{ij}^2`, which is never more than the same with n for n + 2, and
0 for a diagonal matrix.  Both means are known from the rules.  The scatter of a few probes is a worse guide: it is
itself uncertain, and of an outlier, whose weights are squares of normal variables, it is small when the mean is small.
"""

import numpy as np
from scipy.special import chdtri

SETTLED = 1e-6  # of the largest node: what has a smaller residual is an eigenvalue
SURE = 0.9999  # probability with which the scatter of normal numbers, times its factor, is not too small


def shares(rules, n, rounding):
    """Return places and the shares of all eigenvalues at them, as they are best known.

    A node that has settled is an eigenvalue: its share is 1/n or a multiple of it, whatever weight the probes gave it.
    """
    nodes, weights, residuals = (np.concatenate([getattr(r, part) for r in rules]) for part in _PARTS)
    near = max(SETTLED, 100 * rounding) * np.abs(nodes).max()
    settled = residuals <= near
    order = np.argsort(nodes[settled])
    places, found = nodes[settled][order], weights[settled][order] / len(rules)
    first = np.concatenate([[True], np.diff(places) > near]) if places.size else np.empty(0, bool)
    number = np.maximum(np.round(n * np.add.reduceat(found, np.flatnonzero(first))), 1) if places.size else found
    share = np.concatenate([number / n, weights[~settled] / len(rules)])
    return np.concatenate([places[first], nodes[~settled]]), share / share.sum()


_PARTS = ("nodes", "weights", "residuals")


def standard_error(values, at_places, share, n, signs):
    """Return the standard error of the mean of values along the first axis, one of each probe.

    Parameters
    ----------
    values : float array of shape (p, ..)
    at_places : float array of shape (.., k)
        The function that was averaged, at the places of the shares.
    share : float array of shape (k,)
    n : int
    signs : bool
        Of the vectors, whose eigenvectors may make them better than the closed form says.

    Returns
    -------
    float array
        What the closed form says; of signs the scatter of the probes if that is less, enlarged so far that it is hardly
        ever too small.
    """
    probes = len(values)
    size = np.maximum(np.abs(at_places).max(axis=-1, keepdims=True), np.finfo(float).tiny)  # squares do not overflow
    scaled = at_places / size
    variance = np.maximum(scaled**2 @ share - (scaled @ share) ** 2, 0.0)
    error = np.sqrt(2 * variance / (n if signs else n + 2) / probes)
    if signs and probes > 1:
        slack = np.sqrt((probes - 1) / chdtri(probes - 1, SURE))
        error = np.minimum(error, slack * np.std(values / size[..., 0], axis=0, ddof=1) / np.sqrt(probes))
    return size[..., 0] * error
