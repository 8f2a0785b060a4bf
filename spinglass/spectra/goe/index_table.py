r"""The law of the GOE determinant by index as a smooth curve: interpolated in panels, in float64.

On the set where k eigenvalues lie below x the density of all eigenvalues and x is log-concave, so that
:math:`D_k(x) = E[|\det(x - X_n)|;\ k]` is (Prekopa); and :math:`D_k(x) e^{nx^2/2}` is the Laplace transform of a
positive measure, so that it is log-convex:

.. math:: -n \le (\log D_k)'' \le 0 .

Polynomials of degree 31 on panels of length 3 follow :math:`\log D_k` to rounding; far outside the bulk, where the
leading terms are a square and a logarithm, panels grow with the distance.  A panel is computed when it is first asked
for: curves in the energy cost a few panels, whatever their number of points.
"""

import functools
import math

import numpy as np
from numpy.polynomial import chebyshev

from spinglass.inputs.checks import real_points
from spinglass.spectra.goe.index import log_mean_abs_det_index

WIDTH, NODES = 3.0, 32
GROWTH = 1.5  # of panels outside the bulk, from one to the next


def log_mean_abs_det_curve(n, x, k=None):
    """Return :func:`spinglass.spectra.goe.index.log_mean_abs_det_index` by interpolation.

    Parameters
    ----------
    n : int
        Size of the matrix, at least 0.
    x : float array of any shape, finite; the logarithms are -inf, but for one, where the square of x overflows
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
    >>> from spinglass.spectra.goe.index_table import log_mean_abs_det_curve
    >>> print(log_mean_abs_det_curve(2, 30.0).round(6))
    [-918.570236 -450.346574    6.801839]
    """
    x = real_points("x", x)
    places = _places(n, x)
    out = np.empty(x.shape if k is not None else (*x.shape, n + 1))
    for place in np.unique(places):
        here = places == place
        low, high = _ends(n, int(place))
        values = chebyshev.chebval((2 * x[here] - low - high) / (high - low), _panel(n, k, int(place)), tensor=True)
        out[here] = (values if k is not None else values.T) - _square(n, k, x[here])
    return out[()]


def _near(n):
    """Return the number of panels on either side of 0 up to twice the edge of the bulk."""
    return math.ceil(max(30.0, 2 * math.sqrt(2 * n)) / WIDTH)


def _places(n, x):
    """Return the numbers of the panels that hold x: 0 begins at 0, -1 ends there."""
    near, size = _near(n), np.abs(x) / WIDTH
    beyond = near + np.floor(np.log(np.maximum(size / near, 1.0)) / math.log(GROWTH))
    steps = np.where(size < near, np.floor(size), beyond).astype(int)
    return np.where(x < 0, -1 - steps, steps)


def _ends(n, place):
    """Return the ends of a panel."""
    near, step = _near(n), place if place >= 0 else -1 - place
    low, high = ((i if i <= near else near * GROWTH ** (i - near)) * WIDTH for i in (step, step + 1))
    return (low, high) if place >= 0 else (-high, -low)


def _square(n, k, x):
    """Return the square in the logarithms, half of x^2 for each eigenvalue beyond x, where panels grow; else 0."""
    if k is None:
        x, k = x[..., None], np.arange(n + 1)
    return np.where(x < 0, k, n - k) * np.where(np.abs(x) < WIDTH * _near(n), 0.0, 0.5 * np.square(x))


@functools.lru_cache(maxsize=1024)  # up to 26 megabytes at N = 100
def _panel(n, k, place):
    """Return the Chebyshev coefficients on a panel, without the square, for all k along the last axis."""
    low, high = _ends(n, place)
    angles = np.pi * (np.arange(NODES) + 0.5) / NODES
    x = 0.5 * (low + high) + 0.5 * (high - low) * np.cos(angles)
    values = log_mean_abs_det_index(n, x, k) + _square(n, k, x)
    transform = 2 / NODES * np.cos(np.multiply.outer(np.arange(NODES), angles))
    transform[0] /= 2
    return transform @ values
