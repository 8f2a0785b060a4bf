r"""The law of the GOE determinant by index as a smooth curve: interpolated in panels, in float64.

On the set where k eigenvalues lie below x the density of all eigenvalues and x is log-concave, so that
:math:`D_k(x) = E[|\det(x - X_n)|;\ k]` is (Prekopa); and :math:`D_k(x) e^{nx^2/2}` is the Laplace transform of a
positive measure, so that it is log-convex:

.. math:: -n \le (\log D_k)'' \le 0 .

Polynomials of degree 31 on panels of length 3 follow :math:`\log D_k` to rounding.  A panel is computed when it is
first asked for: curves in the energy cost a few panels, whatever their number of points.
"""

import functools

import numpy as np
from numpy.polynomial import chebyshev

from spinglass.arithmetic.checks import real_points
from spinglass.spectra.goe_index import log_mean_abs_det_index

WIDTH, NODES = 3.0, 32


def log_mean_abs_det_curve(n, x, k=None):
    """Return :func:`spinglass.spectra.goe_index.log_mean_abs_det_index` by interpolation.

    Parameters
    ----------
    n : int
        Size of the matrix, at least 0.
    x : float array of any shape, finite
    k : int or None
        From 0 to n; None for all of them, along a last axis.

    Accuracy
    --------
    Absolute error about 1e-13 + 1e-15 of the largest logarithm in the panel, n up to 100.

    References
    ----------
    Prekopa (1973), On logarithmic concave measures and functions.

    Examples
    --------
    >>> print(log_mean_abs_det_curve(2, 30.0).round(6))
    [-918.570236 -450.346574    6.801839]
    """
    x = real_points("x", x)
    places = np.floor(x / WIDTH).astype(int)
    out = np.empty(x.shape if k is not None else (*x.shape, n + 1))
    for place in np.unique(places):
        here = places == place
        values = chebyshev.chebval(2 * (x[here] / WIDTH - place) - 1, _panel(n, k, int(place)), tensor=True)
        out[here] = values if k is not None else values.T
    return out[()]


@functools.lru_cache(maxsize=1024)
def _panel(n, k, place):
    """Return the Chebyshev coefficients on [place, place + 1] times the width, for all k along the last axis."""
    angles = np.pi * (np.arange(NODES) + 0.5) / NODES
    values = log_mean_abs_det_index(n, WIDTH * (place + 0.5 + 0.5 * np.cos(angles)), k)
    transform = 2 / NODES * np.cos(np.multiply.outer(np.arange(NODES), angles))
    transform[0] /= 2
    return transform @ values
