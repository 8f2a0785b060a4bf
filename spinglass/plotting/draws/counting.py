r"""Points counted in draws beside the mean number that the Kac-Rice formula predicts at that N."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.counts import count_density, mean_count
from spinglass.inputs.checks import instance, one_of, sequence
from spinglass.landscape import CriticalPoints
from spinglass.models import SphericalGame
from spinglass.plotting.names import energy_names
from spinglass.plotting.style import EXACT, OBSERVED, SAMPLED, canvas, finish, keywords, pens

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Seed

BY = ("index", "energy")
POINTS = 201  # of a curve over energies
FEW = 9  # energies at which Monte Carlo predicts
MANY = 16  # combinations of indices up to which all are shown, also those without points
MARGIN = 0.05  # of the range of energies, beside it


def counts(
    pts: CriticalPoints | Sequence[CriticalPoints],
    ax: Axes | None = None,
    *,
    model: SphericalGame | None = None,
    by: str = "index",
    samples: int = 10_000,
    rng: Seed = None,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw how many points draws have, by index or below an energy, beside the mean number of all draws.

    .. math:: E\,\#\{x: \text{index } k\} \qquad\text{or}\qquad E\,\#\{x: L_1(x)/\sqrt N \le u\}

    exactly on one sphere (``sg.mean_count``, ``sg.count_density``), else by Monte Carlo.

    Parameters
    ----------
    pts : CriticalPoints, or sequence of them
        From ``sg.critical_points``, of one draw or of several of the same model and sizes: then their mean with its
        standard error.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    model : SphericalGame, optional
        Whose mean numbers are predicted; by default the model that was drawn.
    by : {"index", "energy"}
        The horizontal axis: the index (with several players the indices of all), or the energy density of the first
        loss.
    samples, rng
        Of Monte Carlo, as for ``sg.mean_count``.
    legend : bool
        Whether to name what is drawn.
    **kwargs
        Handed to ``ax.plot`` (``ax.errorbar`` by index) for the draws.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError
        For something else than critical points of the model, all of one size.

    Notes
    -----
    Of one draw the scatter about the mean is its own; only the mean over draws tends to the prediction.  The points of
    a search that is not complete (``pts.complete``) are a lower bound.

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.counts(sg.critical_points(sg.pure(3).draw(5, rng=1), proof=False))
    >>> ax.get_ylabel()
    'number of points'
    """
    found = _found(pts)
    model = found[0].model if model is None else model
    instance("model", model, SphericalGame, "the SphericalGame that was drawn")
    by = one_of("by", by, BY)
    sizes, players = _sizes(found), found[0].energies.shape[1]
    if (len(sizes), players) != (len(model.fractions), len(model.players)):
        raise ValueError(
            f"model: expected one with {len(sizes)} spheres and {players} players, as the points have, got {model}"
        )
    ax = canvas(ax)
    if not ax.has_data():
        kwargs = {"color": OBSERVED} | keywords(kwargs)
    how = {} if len(sizes) == 1 else {"method": "montecarlo", "samples": samples, "rng": rng}
    (_by_index if by == "index" else _by_energy)(ax, found, model, how, kwargs)
    xlabel, ylabel = _labels(by, players, energy_names(model)[0])
    return finish(ax, xlabel, ylabel, legend)


def _found(pts):
    """Return the critical points of all draws, of the same sizes."""
    kind = "the result of sg.critical_points, or a sequence of such results"
    found = [pts] if isinstance(pts, CriticalPoints) else sequence("pts", pts)
    for one in found:
        instance("pts", one, CriticalPoints, kind)
    if not found:
        raise ValueError("pts: expected the points of at least one draw, got none")
    shapes = {tuple(x.shape[1] for x in one.points) for one in found}
    if len(shapes) > 1:
        raise ValueError(f"pts: expected draws of the same sizes, got {sorted(shapes)}")
    if any(one.model != found[0].model for one in found):
        raise ValueError("pts: expected draws of the same model, got several models; try one call for each")
    return found


def _labels(by, players, energy):
    """Return the labels of the two axes."""
    if by == "index":
        return ("index" if players == 1 else "index of each player"), "number of points"
    return f"energy density ${energy}$", "number of points at or below"


def _mean(rows):
    """Return the mean over draws and its standard error, nan of a single one."""
    rows = np.array(rows, dtype=float)
    spread = rows.std(axis=0, ddof=1) / math.sqrt(len(rows)) if len(rows) > 1 else np.full(rows.shape[1], np.nan)
    return rows.mean(axis=0), spread


def _name(found):
    """Return how the observations are called."""
    complete = all(one.complete for one in found)
    state = ", at least" if not complete else ", proven" if all(one.proven for one in found) else ""
    return (f"{len(found)} draws" if len(found) > 1 else "one draw") + state


def _by_index(ax, found, model, how, kwargs):
    """Draw numbers of points of every index, and what is predicted for it."""
    observed = [np.unique(one.index.reshape(one.count, -1), axis=0, return_counts=True) for one in found]
    tables = [dict(zip(map(tuple, kinds.tolist()), number.tolist(), strict=True)) for kinds, number in observed]
    sizes = _sizes(found)
    kinds = sorted({kind for table in tables for kind in table} | _all_indices(model, sizes))
    x, (mean, error) = np.arange(len(kinds)), _mean([[table.get(kind, 0) for kind in kinds] for table in tables])
    heights, errors = np.array([_predicted(model, sizes, None, kind, how) for kind in kinds]).T
    _bars(ax, x, heights, errors, how)
    (pen,) = pens(ax, [1], [_name(found)], {"marker": "o", "linestyle": "none", "markersize": 5} | keywords(kwargs))
    drawn = ax.errorbar(x, mean, error if len(found) > 1 else None, capsize=3, **{"zorder": 3} | pen.keywords)
    pen.holds(drawn.lines[0])
    if len(kinds[0]) > 1:
        ax.set_xticks(x, [", ".join(map(str, kind)) for kind in kinds], rotation=90 if len(kinds) > 9 else 0)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def _sizes(found):
    """Return the dimension of every sphere."""
    return tuple(x.shape[1] for x in found[0].points)


def _all_indices(model, sizes):
    """Return all combinations of the players' indices, none if they are many."""
    ranges = [range(sum(sizes[s] - 1 for s in moved) + 1) for moved in model.players]
    return set(itertools.product(*ranges)) if len(sizes) == 1 or math.prod(map(len, ranges)) <= MANY else set()


def _below(model, u):
    """Return the window of the first loss up to u, of every other loss all."""
    free = ((-math.inf, math.inf),) * (len(model.losses) - 1)
    return ((-math.inf, u), *free) if free else (-math.inf, u)


def _predicted(model, sizes, window, index, how):
    """Return a mean number and its standard error, nan if no sample met the conditions."""
    try:
        estimate = mean_count(model, sizes, window, index, **how)
    except ArithmeticError:
        return math.nan, math.nan
    return estimate.mean, estimate.mean * estimate.stderr


def _bars(ax, x, heights, errors, how):
    """Draw what is predicted for every index."""
    colour, name = (SAMPLED, "predicted by Monte Carlo") if how else (EXACT, "predicted")
    known = np.isfinite(heights)
    if not ax.has_data() and ax.get_autoscaley_on():
        ax.margins(y=0.25)  # room for the legend
    bars = {"ecolor": "0.35", "error_kw": {"elinewidth": 0.8}} | ({"yerr": errors[known]} if how else {})
    ax.bar(x[known], heights[known], width=0.7, color=colour, alpha=0.45, label=name, zorder=1, **bars)


def _by_energy(ax, found, model, how, kwargs):
    """Draw numbers of points at or below every energy, and what is predicted."""
    energies = [np.sort(one.energies[:, 0]) for one in found]
    low, high = min(u.min() for u in energies), max(u.max() for u in energies)
    u = np.linspace(low - MARGIN * (high - low), high + MARGIN * (high - low), FEW if how else POINTS)
    sizes = _sizes(found)
    if how:
        heights, errors = np.array([_predicted(model, sizes, _below(model, v), None, how) for v in u]).T
        style = {"color": SAMPLED, "fmt": "s", "markersize": 4, "capsize": 2}
        ax.errorbar(u, heights, errors, label="predicted by Monte Carlo", **style)
    else:
        predicted = np.exp(count_density(model, sizes[0], u, cumulative=True))
        ax.plot(u, predicted, color=EXACT, linestyle="--", label="predicted", zorder=2.5)
    places = np.concatenate([[u[0]], np.unique(np.concatenate(energies)), [u[-1]]])
    mean, error = _mean([np.searchsorted(one, places, side="right") for one in energies])
    kwargs = {"linestyle": "-", "drawstyle": "steps-post"} | keywords(kwargs)
    (pen,) = pens(ax, [1], [_name(found)], kwargs)
    pen.curve(ax, places, mean)
    if len(found) > 1:
        band = {"step": "post", "color": pen.colour, "alpha": 0.3, "linewidth": 0}
        pen.holds(ax.fill_between(places, mean - error, mean + error, **band))
