r"""Mean numbers at finite N on their way to the complexity.

Derived here by Laplace's method: where the supremum is attained away from the edge of a bulk,

.. math:: E\,\# = C N^a e^{N\Sigma}(1 + O(1/N)), \qquad
          \tfrac1N\log E\,\# = \Sigma + \frac{a\log N + b}N + \frac{c}{N^2} + \ldots

At an index the supremum may lie where the bulk touches 0.  A bulk that reaches beyond is rare as :math:`e^{-O(N^2)}`
only, so that :math:`\tfrac1N\log E\,\#` exceeds the limit by :math:`O(N^{-1/2})`: nothing is extrapolated there, but a
guide :math:`\propto N^{-1/2}` is drawn, with the exponent that the two largest sizes have.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from spinglass.complexity.api import Complexity
from spinglass.counts import Estimate, mean_count
from spinglass.inputs.checks import checked_integer, instance, real_points, sequence
from spinglass.plotting.style import (
    EXACT,
    SAMPLED,
    THEORY,
    canvas,
    finish,
    keywords,
    pens,
    per_dimension,
    switch,
    tight,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import FilePath, Index, Numbers, Seed

POINTS = 101  # of the fitted curve
LEAST = 5  # sizes from which four numbers are fitted


def finite_size(
    c: Complexity,
    /,
    ax: Axes | None = None,
    *,
    sizes: Sequence[int] = (10, 15, 20, 30, 40, 60, 80, 100),
    index: Index = None,
    below: Numbers | None = None,
    method: str | None = None,
    fit: bool = True,
    samples: int = 20_000,
    rng: Seed = None,
    executor: Executor | None = None,
    store: FilePath | None = None,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw mean numbers of points at finite N against 1/N, with the complexity they tend to at 1/N = 0.

    .. math:: \frac1N\log E\,\# \to \Sigma \qquad (N \to \infty)

    Parameters
    ----------
    c : Complexity
        Annealed: the limit of the logarithm of the mean.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    sizes : sequence of int
        Total dimensions N.
    index : None, int or tuple
        As for the complexity.
    below : number, or one per loss, optional
        Count the points with every loss at or below these energies; by default all.
    method : {"exact", "montecarlo"}, optional
        By default "exact" on one sphere, else "montecarlo".
    fit : bool
        Extrapolate by least squares in :math:`1, \log N/N, 1/N, 1/N^2` where the approach is known to be of this form
        (all indices together, or energies below the threshold of one sphere) and there are at least five sizes.  Where
        an index costs complexity, draw a guide instead: from the limit :math:`\propto N^{-1/2}` to the largest size.
    samples, rng, executor, store
        Of Monte Carlo, as for ``sg.mean_count``, at every size; a store is a path that contains ``{n}``.
    legend : bool
        Whether to name what is drawn.
    **kwargs
        Handed to ``ax.errorbar`` for the mean numbers.

    Returns
    -------
    matplotlib Axes
        The legend says what the fit gives at 1/N = 0, with the larger of its standard error and of its change when
        :math:`1/N^2` is left out.  At a guide it says with which power of N the two largest sizes approach the limit,
        with its standard error from Monte Carlo.

    Notes
    -----
    At an index mean numbers approach the limit slowly, from above: for minima of the pure 3-spin the rate is 0.082 at
    N = 40, 0.059 at N = 80 and 0.053 at N = 100, the limit 0.0132.  Measured, the power of N that the difference
    follows falls from 0.65 (N = 10 to 20) to 0.59 (80 to 100); that it tends to 1/2 is derived by a rough estimate, not
    proven, and the guide is no bound.

    Raises
    ------
    TypeError, ValueError, NotImplementedError
        For wrong arguments; for a quenched complexity, whose limit is another.
    ArithmeticError
        If no Monte Carlo sample met the conditions.

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.finite_size(sg.complexity(sg.pure(3)))
    >>> ax.get_xlabel()
    '$1/N$'
    """
    instance("c", c, Complexity, "a complexity such as sg.complexity(sg.pure(3))")
    if c.method != "annealed":
        raise ValueError(f"c: expected the annealed complexity, got {c!r}: mean numbers tend to that one")
    spheres = len(c.model.fractions)
    dimensions = _sizes(sizes, spheres)
    fit = switch("fit", fit)
    windows, limit = _question(c, index, below)
    found = []
    for n in dimensions:
        kept = None if store is None else str(store).replace("{n}", str(n))
        how: dict[str, Any] = {"samples": samples, "rng": rng, "executor": executor, "store": kept}
        found.append(mean_count(c.model, n, windows, index, method, **how))
    ax = canvas(ax)
    approach = _Approach.of(dimensions, found)
    smooth = _smooth(c, index, below)
    pen = _draw(ax, approach, found[0].method, kwargs, fitted=fit and smooth)
    if fit and not smooth and _question(c, None, below)[1] > limit:  # else the supremum is away from the edge
        _guide(ax, approach, limit, pen)
    _limit(ax, limit)
    return finish(ax, "$1/N$", per_dimension(r"$\log\,\mathrm{E}\,\#\;/\;N$"), legend)


class _Approach(NamedTuple):
    """Sizes N ascending, (1/N) log of the mean numbers, and their standard errors (0 if exact)."""

    n: np.ndarray
    rate: np.ndarray
    error: np.ndarray

    @classmethod
    def of(cls, sizes: list[int], found: list[Estimate]) -> _Approach:
        n = np.array(sizes, dtype=float)
        return cls(n, np.array([x.log_mean for x in found]) / n, np.array([x.stderr for x in found]) / n)

    def fit(self, terms: int) -> tuple[np.ndarray, float]:
        """Return the coefficients of the first terms, and the standard error of the first one."""
        weights = 1 / self.error if self.error.all() else np.ones_like(self.n)
        basis = _terms(1 / self.n)[:, :terms] * weights[:, None]
        orthogonal, upper = np.linalg.qr(basis)
        inverse = np.linalg.inv(upper)
        return inverse @ orthogonal.T @ (self.rate * weights), float(np.linalg.norm(inverse[0])) * bool(
            self.error.all()
        )

    def exponent(self, limit: float) -> tuple[float, float]:
        """Return the power of 1/N with which the two largest sizes approach the limit, and its standard error."""
        excess = self.rate[-2:] - limit
        width = math.log(self.n[-1] / self.n[-2])
        power = float(np.log(excess[0] / excess[1])) / width
        return power, float(np.linalg.norm(self.error[-2:] / excess)) / width

    def extrapolated(self) -> tuple[np.ndarray, float]:
        """Return the coefficients, and the error of the first: statistical, or what the last term changes."""
        coefficients, stderr = self.fit(4)
        return coefficients, max(stderr, abs(float(self.fit(3)[0][0] - coefficients[0])))


def _terms(x):
    """Return 1, log N / N, 1/N and 1/N^2 at x = 1/N >= 0, of shape (n, 4)."""
    return np.stack([np.ones_like(x), -x * np.log(np.where(x > 0, x, 1.0)), x, x * x], axis=1)


def _smooth(c, index, below):
    """Tell whether the supremum is known to be away from the edge of a bulk."""
    if index is None:
        return True
    return below is not None and len(c.model.fractions) == 1 and float(np.ravel(below)[0]) < c.threshold_energy


def _sizes(sizes, spheres):
    """Return the sizes, ascending."""
    sizes = sorted({checked_integer("sizes", n, 2 * spheres) for n in sequence("sizes", sizes)})
    if not sizes:
        raise ValueError("sizes: expected at least one dimension N, got none")
    return sizes


def _question(c, index, below):
    """Return the windows of mean_count and the complexity of the same points."""
    losses = len(c.model.losses)
    if below is None:
        return None, c.total(index=index)
    upper = np.atleast_1d(real_points("below", below, infinite=True))
    if upper.shape != (losses,):
        raise ValueError(f"below: expected {losses} energies (one per loss), got shape {upper.shape}")
    windows = tuple((-math.inf, u) for u in upper.tolist())
    return windows if losses > 1 else windows[0], float(c.below(*upper.tolist(), index=index))


def _draw(ax, approach, method, kwargs, fitted):
    """Draw the mean numbers with their errors, and the curve through them; return their pen."""
    new, kwargs = not ax.has_data(), keywords(kwargs)
    if new:
        kwargs = {"color": EXACT if method == "exact" else SAMPLED} | kwargs
    kwargs = {"marker": "o", "markersize": 4, "linestyle": "none"} | kwargs
    (pen,) = pens(ax, [1], ["exact" if method == "exact" else "Monte Carlo"], kwargs)
    bars = approach.error if approach.error.any() else None
    drawn = ax.errorbar(1 / approach.n, approach.rate, bars, capsize=2, **pen.keywords)
    pen.holds(drawn.lines[0])
    tight(drawn.lines[0], x=[0.0])
    if fitted and len(approach.n) >= LEAST:
        coefficients, error = approach.extrapolated()
        x = np.linspace(0.0, 1 / approach.n[0], POINTS)
        digits = min(max(0, math.ceil(-math.log10(error))), 9) if 0 < error < 1 else 3
        label = f"fit: {coefficients[0]:.{digits}f} $\\pm$ {error:.{digits}f}"
        style = {"color": pen.colour, "linewidth": 1.2, "linestyle": "--", "zorder": 1.5}
        pen.holds(ax.plot(x, _terms(x) @ coefficients, label=label, **style)[0])
    return pen


def _guide(ax, approach, limit, pen):
    """Draw a curve from the limit through the largest size, with the power that is expected and that measured."""
    if len(approach.n) < 2 or not np.isfinite(limit) or not np.all(approach.rate[-2:] > limit):
        return
    power, error = approach.exponent(limit)
    measured = f"{-power:.2f} \\pm {error:.2f}" if error else f"{-power:.2f}"
    label = f"guide: limit + const $N^{{-1/2}}$\n(last two sizes: $N^{{{measured}}}$)"
    x = np.linspace(0.0, 1 / approach.n[0] ** 0.5, POINTS) ** 2
    y = limit + (approach.rate[-1] - limit) * np.sqrt(approach.n[-1] * x)
    style = {"color": pen.colour, "linewidth": 1.0, "linestyle": ":", "zorder": 1.5}
    pen.holds(ax.plot(x, y, label=label, **style)[0])


def _limit(ax, limit):
    """Draw the complexity at 1/N = 0 and across."""
    if np.isfinite(limit):
        ax.axhline(limit, color=THEORY, linewidth=0.8, linestyle=":")
        style = {"color": THEORY, "markersize": 6, "clip_on": False, "zorder": 4, "linestyle": "none"}
        ax.plot([0.0], [limit], marker="D", label=f"limit: {limit:.4f}", **style)
