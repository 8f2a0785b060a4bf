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

PARTS = ("nodes", "weights", "residuals")
SETTLED = 1e-6  # of the largest node: what has a smaller residual is an eigenvalue
SURE = 0.9999  # probability with which the scatter of normal numbers, times its factor, is not too small


def pooled(rules, rounding):
    """Return places and weights of all rules together, those first that have settled, and how many these are.

    Settled nodes near to each other are one eigenvalue, at their mean: what that changes is of second order.
    """
    nodes, weights, residuals = (np.concatenate([getattr(rule, part) for rule in rules]) for part in PARTS)
    near, weights = max(SETTLED, 100 * rounding) * np.abs(nodes).max(), weights / len(rules)
    settled = np.flatnonzero(residuals <= near)
    if not settled.size:
        return nodes, weights, 0
    settled = settled[np.argsort(nodes[settled])]
    first = np.flatnonzero(np.diff(nodes[settled], prepend=-np.inf) > near)
    places = np.minimum.reduceat(nodes[settled], first)
    found = np.add.reduceat(weights[settled], first)
    offset = np.add.reduceat(
        weights[settled] * (nodes[settled] - np.repeat(places, np.diff(first, append=settled.size))), first
    )
    places = places + np.divide(offset, found, out=np.zeros_like(found), where=found > 0)
    rest = residuals > near
    return np.concatenate([places, nodes[rest]]), np.concatenate([found, weights[rest]]), len(places)


def shares(rules, n, rounding):
    """Return places and the shares of all eigenvalues at them, as they are best known.

    A node that has settled is an eigenvalue: its share is 1/n or a multiple of it, whatever weight the probes gave it.
    """
    places, share, settled = pooled(rules, rounding)
    share[:settled] = np.maximum(np.round(n * share[:settled]), 1) / n
    return places, share / share.sum()


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
