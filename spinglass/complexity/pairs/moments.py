r"""The second moment of a pure p-spin's number of critical points: pairs at a given overlap.

For two points of overlap r and energies :math:`u_1, u_2`, with :math:`t = \sqrt{p/(p-1)}\,u`,

.. math:: \Psi(r, u_1, u_2) = 1 + \log(p-1) + \tfrac12\log\frac{1-r^2}{1-r^{2p-2}} - \tfrac12 u^T S(r)^{-1} u
          + \Omega(t_1) + \Omega(t_2),

S(r) the covariance of the two energies given that both gradients vanish, :math:`\Omega` the mean of log|t - y| over
the semicircle on [-2, 2].  S has the eigenvectors (1, 1) and (1, -1); with :math:`c_1^2 = p^2 r^{2p-2}(1-r^2)` and
:math:`c_2 = p(p-1)r^{p-2}(1-r^2) - p r^p` its eigenvalues are

.. math:: S_\pm = 1 \pm r^p - \frac{c_1^2}{p \pm c_2},\qquad
          u^T S^{-1} u = \frac{(u_1+u_2)^2}{2 S_+} + \frac{(u_1-u_2)^2}{2 S_-}.

The zeros at r = 1 and r = -1 of both sides of the fractions are divided out below.  At r = 0 the two points are
independent, :math:`\Psi(0, u, u) = 2\Theta(u)`: where the supremum over r is there, the second moment is the square of
the mean at exponential order, and the annealed complexity is the typical one.

References: Subag (2017), The complexity of spherical p-spin models - a second moment approach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar

from spinglass.arithmetic import resolve
from spinglass.complexity.overlaps import checked_overlap
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer, checked_number
from spinglass.spectra.semicircle import log_potential

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Number, Numbers

MOST = 10_000  # degrees, each a term of a sum
GRID = 2001  # overlaps on which the supremum is looked for before local maxima are refined
TIE = 1e-10  # a supremum this close to the value at r = 0 counts as attained there


def second_moment(p: int, r: Numbers, u1: Numbers, u2: Numbers, arithmetic: Arithmetic | None = None) -> Numbers:
    r"""Return Psi(r, u1, u2), the rate of the mean number of pairs of critical points of a pure p-spin.

    .. math:: \lim_{N\to\infty} \frac1N \log E\,\#\{(x, y): x\cdot y \approx r,\ \text{energies} \approx u_1, u_2\}

    Parameters
    ----------
    p : int
        Degree, at least 3.
    r : number or array
        Overlap in [-1, 1]; the ends are limits.
    u1, u2 : number or array
        Energy densities; arrays broadcast.
    arithmetic : arithmetic, optional
        float64 by default; sg.mp(digits), sg.balls(digits) and sg.symbols for one point.

    Returns
    -------
    number or array
        Nats per dimension; -inf where nothing exists.

    Raises
    ------
    TypeError, ValueError
        For a degree below 3, an overlap outside [-1, 1], energies that are not finite.

    Notes
    -----
    *Accuracy*: float64 to about 1e-14 at equal energies and any r; at different energies :math:`S_-` is the small
    difference of larger numbers and the error grows like 1e-16/(1-r)^3: use sg.mp(digits) near r = 1.

    References
    ----------
    Subag (2017), The complexity of spherical p-spin models - a second moment approach, Ann. Probab. 45.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.complexity.pairs.moments import second_moment
    >>> print(round(second_moment(3, .3, -1.64, -1.64), 12))
    0.009651489093
    >>> second_moment(3, .6, -1.65, -1.64, arithmetic=sg.mp(20))
    mpf('0.0029709745384129396289866')
    """
    p, ar = within("p", checked_integer("p", p, 3), MOST, "try a smaller degree"), resolve(arithmetic)
    with ar.precision():
        r, u1, u2 = checked_overlap(("r", "u1", "u2"), ar, r, u1, u2)
        one = ar.number(1)
        scale = ar.sqrt(one * p / (p - 1))
        value = 1 + ar.log(one * (p - 1)) - ar.log(sum(r ** (2 * j) for j in range(1, p - 1)) + 1) / 2
        plus, minus = conditional_variances(p, r, ar)
        value = value - (_ratio((u1 + u2) * (u1 + u2), plus, ar) + _ratio((u1 - u2) * (u1 - u2), minus, ar)) / 4
        return ar.result(value + log_potential(scale * u1, ar) + log_potential(scale * u2, ar))


def conditional_variances(p, r, ar):
    """Return S_+ and S_-, the eigenvalues of the covariance of two energies given that both gradients vanish."""

    def explained(r):
        """Return c_1^2/(p + c_2) for odd p; at -r it is c_1^2/(p - c_2)."""
        whole = sum(r**j for j in range(1, p)) + 1
        return p * r ** (2 * p - 2) * (1 + r) / (whole + (p - 1) * r ** (p - 2) * (1 + r))

    if p % 2:
        return 1 + r**p - explained(r), 1 - r**p - explained(-r)
    even, volume = sum(r ** (2 * j) for j in range(1, p // 2)) + 1, 1 - r**2
    plus = p * r ** (2 * p - 2) / (even + (p - 1) * r ** (p - 2))
    minus = p * r ** (2 * p - 2) * volume / (1 + r**p - (p - 1) * r ** (p - 2) * volume)
    return 1 + r**p - plus, 1 - r**p - minus


def _ratio(square, variance, ar):
    """Return square/variance: 0 for 0/0, infinite where only the variance is 0."""
    if not ar.vectorised:
        if ar.exact or ar.positive(variance):
            return square / variance
        return ar.infinity if ar.positive(square) else ar.number(0)
    limit = np.where(square > 0, np.inf, 0.0)
    return ar.where(ar.positive(variance), lambda on: ar.select(square, on) / ar.select(variance, on), limit)


class OverlapSupremum(NamedTuple):
    """The supremum of Psi(r, u, u) over r, where it is attained, and whether this is at r = 0."""

    value: float
    r: float
    typical: bool


def overlap_supremum(p: int, u: Number) -> OverlapSupremum:
    r"""Return the supremum of Psi(r, u, u) over overlaps, which tells whether the annealed count is typical.

    .. math:: \sup_{-1<r<1}\Psi(r, u, u) \ge \Psi(0, u, u) = 2\Theta(u)

    Parameters
    ----------
    p : int
        Degree, at least 3.
    u : number
        Energy density.

    Returns
    -------
    OverlapSupremum
        ``value`` (nats per dimension), ``r`` (0 if the value there is within 1e-10), ``typical`` (r == 0 and the
        complexity is not negative).  r = 1 or -1 means that the supremum is a limit.

    Notes
    -----
    *Accuracy*: the best of 2001 overlaps, crowded at the ends, and of the local maxima between them; the value to
    about 1e-14, r to about 1e-8.

    References
    ----------
    Subag (2017): typical for all u between -E_0 and -E_inf.

    Examples
    --------
    >>> from spinglass.complexity.pairs.moments import overlap_supremum
    >>> best = overlap_supremum(3, -1.65)
    >>> best.r, best.typical
    (0.0, True)
    """
    u = float(checked_number("u", u))
    grid = np.sin(np.linspace(-np.pi / 2, np.pi / 2, GRID))
    heights = second_moment(p, grid, u, u)
    centre = second_moment(p, 0.0, u, u)
    inner = 1 + np.flatnonzero((heights[1:-1] >= heights[:-2]) & (heights[1:-1] >= heights[2:]))
    found = [(float(heights[i]), float(grid[i])) for i in (0, -1)]
    for i in inner:
        best = minimize_scalar(
            lambda r: -second_moment(p, r, u, u),
            bounds=(grid[i - 1], grid[i + 1]),
            method="bounded",
            options={"xatol": 1e-10},
        )
        found.append((-float(best.fun), float(best.x)))
    value, r = max(found)
    if value <= centre + TIE:
        value, r = centre, 0.0
    return OverlapSupremum(value, r, r == 0.0 and value >= -TIE)
