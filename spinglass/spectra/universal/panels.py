r"""Smooth functions on a line, cut into panels with one Chebyshev series each: a microsecond per point.

On the panel [a, b] a function is :math:`\sum_{k<16} c_k T_k(t)`, :math:`t = (2x - a - b)/(b - a)`, interpolated at the
zeros of :math:`T_{16}`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import chebyshev

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array

DEGREE = 15
PLACES = chebyshev.chebpts1(DEGREE + 1)
TO_SERIES = np.linalg.inv(chebyshev.chebvander(PLACES, DEGREE))


class Panels:
    """Several functions of one variable, interpolated together.

    Parameters
    ----------
    edges : float array of shape (panels + 1,)
        Ascending.
    function : callable
        From places of shape (k,) to values of shape (functions, k).

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.universal.panels import Panels
    >>> waves = Panels([0.0, 1.0, 2.0], lambda x: np.array([np.sin(x), np.cos(x)]))
    >>> bool(abs(waves(np.array([0.3, 1.7])) - [np.sin([0.3, 1.7]), np.cos([0.3, 1.7])]).max() < 1e-15)
    True
    """

    def __init__(self, edges: Sequence[float], function: Callable[[Array], Array]) -> None:
        self.edges = np.asarray(edges, dtype=float)
        middle, self.half = (self.edges[1:] + self.edges[:-1]) / 2, np.diff(self.edges) / 2
        self.places = (middle[:, None] + self.half[:, None] * PLACES).ravel()
        self.values = np.asarray(function(self.places))
        shape = len(self.values), len(middle), DEGREE + 1
        # (function, degree, panel): a coefficient of all panels lies together
        self.series = np.moveaxis(self.values.reshape(shape) @ TO_SERIES.T, -1, 1).copy()
        self.middle = middle

    def __call__(self, x: Array, functions: int | None = None) -> Array:
        """Return the functions, or the first so many, at places of shape (k,) between the edges: (functions, k)."""
        panel = np.clip(np.searchsorted(self.edges, x, "right") - 1, 0, len(self.middle) - 1)
        t = (x - self.middle[panel]) / self.half[panel]
        return np.array([_clenshaw(series, panel, t) for series in self.series[:functions]])


def _clenshaw(series, panel, t):
    """Return Chebyshev series, of each place that of its panel, at t."""
    one, two, twice = series[-1].take(panel), 0.0, 2 * t
    for c in series[-2:0:-1]:
        one, two = c.take(panel) + twice * one - two, one
    return series[0].take(panel) + t * one - two
