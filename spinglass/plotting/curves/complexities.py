"""Complexities as curves, thresholds as points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.api import Complexity
from spinglass.complexity.api import complexity as complexity_of
from spinglass.complexity.further.parabola import Parabolic
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.inputs.checks import instance, sequence, whole_number
from spinglass.models import pure
from spinglass.plotting.curves.further import confined
from spinglass.plotting.curves.rates import Rate, degrees, drawn, levels, window
from spinglass.plotting.names import energy_names
from spinglass.plotting.style import (
    BENEATH,
    GREY,
    MARKERS,
    canvas,
    finish,
    fixed,
    keywords,
    numbers_of,
    pens,
    per_dimension,
    places,
    switch,
    tight,
    vertical,
    zero_line,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Index, Numbers


def complexity(
    c: Complexity,
    /,
    ax: Axes | None = None,
    *,
    energies: Numbers | None = None,
    indices: Sequence[Index] | int | None = None,
    losses: Sequence[int] | None = None,
    cumulative: bool = True,
    mark: bool = True,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the complexity of a model against energy: one curve per index, in a game one per loss.

    .. math:: \Theta_k(u) = \sup_{u' \le u} \Sigma_k(u') \quad\text{or}\quad \Sigma_k(u) ;\qquad
              \Sigma(u_a) = \sup_{u_b,\, b \ne a} \Sigma(u_1, .., u_A)

    Parameters
    ----------
    c : Complexity
        Of any model, annealed or quenched; that of a parabola, which has no energies, is drawn against its strength.
    ax : matplotlib Axes, optional
        A new figure's if left out.  On Axes in use the next colours are taken, labels and limits that are set stay.
    energies : (n,) array, optional
        Energy densities; by default the limits of an x axis that you have fixed, or else from a little below the lowest
        energies of these indices to a little above their typical ones, where the curves level off (or have fallen
        again, at an energy).
    indices : sequence of None, int or tuple, or an int, optional
        Curves to draw; None in it is the complexity of all indices together, a wide pale line below the others.  One
        curve is ``index=``, as elsewhere, or a number here.  By default (0, 1, 2, None) for one
        sphere; (0, None) for its quenched complexity, which knows no others, and for several spheres of one loss;
        (None,) for several losses.
    losses : sequence of int, optional
        Losses whose energies are drawn, the others being free; by default all.
    cumulative : bool
        Draw points at or below the energy (default) or at it.
    mark : bool
        Mark the lowest energies, and of one sphere the threshold :math:`-E_\infty` where it is not below them all.
    legend : bool
        Draw the legend.
    **kwargs
        Handed to ``ax.plot``, with its aliases (lw, ls, c ..); ``label`` names a single curve and goes before the names
        of several.

    Returns
    -------
    matplotlib Axes
        In nats per dimension.  By default tails below minus the largest complexity of these indices are left out, and
        the curve of all indices where it is above six times that;
        what does not exist (-inf), and energies for which a quenched complexity has no formula, are gaps.
        At or below an energy above the threshold, points of all given indices of one sphere are equally many, one line,
        unless a field leaves a trivial landscape.

    Raises
    ------
    TypeError, ValueError, NotImplementedError
        For something else than a complexity, or indices and losses that its model has not or has no formula for.

    Notes
    -----
    By default 400 energies are drawn where the complexity is a closed form, 100 where the symmetry of replicas may
    break, and of several spheres 200, 60 or 30 for up to 3, up to 6 or more normals (40 where a player of given index
    moves several), since each costs a search over all of them.

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.complexity(sg.complexity(sg.pure(3)))
    >>> ax.get_xlabel()
    'energy density $u$'
    >>> ax = sg.plotting.complexity(sg.complexity(sg.gan(p=3, q=3, sigma_z=1., kappa=.9)))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['player D', 'player G']
    """
    indices = _wanted(indices, kwargs)
    if isinstance(c, Complexity) and isinstance(c.model, Parabolic):
        return confined(c, ax, energies, indices, mark, legend, **kwargs)
    rates = _asked(c, indices, losses, switch("cumulative", cumulative))
    switch("mark", mark), switch("legend", legend)
    given = None if energies is None else places("energies", energies)
    ax = canvas(ax)
    curves, ends, floor = _curves(ax, rates, given)
    _draw(ax, rates, curves, (ends, floor), mark, kwargs)
    names = energy_names(c.model)
    symbol = r"\Theta" if cumulative else r"\Sigma"
    if len(names) == 1:
        return finish(ax, "energy density $u$", per_dimension(rf"complexity ${symbol}_k(u)$"), legend)
    own = names[rates[0].loss] if len({rate.loss for rate in rates}) == 1 else "u_a"
    return finish(ax, f"energy density ${own}$", per_dimension(rf"complexity ${symbol}({own})$"), legend)


def _wanted(indices, kwargs):
    """Return the indices that are asked for; one may be given by its singular, which leaves the keywords."""
    if "index" in kwargs:
        if indices is not None:
            raise TypeError("index: expected it or indices, got both; try indices alone")
        return (kwargs.pop("index"),)
    return (indices,) if isinstance(indices, (int, str, np.integer)) else indices


def _asked(c, indices, losses, cumulative):
    """Return the rates that are asked for, one per curve."""
    instance("c", c, Complexity, "a complexity such as sg.complexity(sg.pure(3))")
    count = len(c.model.losses)
    indices = _known_indices(c) if indices is None else sequence("indices", indices)
    if not indices:
        raise ValueError("indices: expected at least one index (None for all), got none")
    losses = range(count) if losses is None else sequence("losses", losses)
    losses = [whole_number("losses", a, 0, count - 1) for a in losses]
    if not losses:
        raise ValueError("losses: expected at least one loss, got none")
    return [Rate(c, a, k, cumulative) for a in losses for k in indices]


def _known_indices(c):
    if len(c.model.losses) > 1:
        return (None,)
    few = (
        len(c.model.fractions) > 1
        or isinstance(c.model, Spiked)
        or (c.method == "quenched" and len(degrees(c.model)) > 1)
    )
    return (0, None) if few else (0, 1, 2, None)


def _curves(ax, rates, given):
    """Return places and heights of every curve, the ends of the energies that are to be seen, and the lowest height."""
    if given is not None:
        heights = [np.where(np.isfinite(found := rate(given)), found, np.nan) for rate in rates]
        return [(given, found) for found in heights], (float(given.min()), float(given.max())), -np.inf
    ends = fixed(ax, "x") or window(rates)
    between = (-np.inf, np.inf) if fixed(ax, "y") else levels(rates)
    return [drawn(rate, ends, between) for rate in rates], ends, between[0]


def _draw(ax, rates, curves, limits, mark, kwargs):
    """Draw curves, the line of height 0, lowest energies on it, and the threshold."""
    ends, floor = limits
    several = len(rates[0].c.model.losses) > 1
    numbers = range(1, len(rates) + 1) if several else numbers_of([rate.index for rate in rates])
    logarithmic, used = ax.get_yscale() == "log", ax.has_data()
    drawn = _pens(ax, numbers, rates, kwargs)
    for rate, (u, heights), pen in zip(rates, curves, drawn, strict=True):
        curve = pen.curve(ax, u, np.where(heights > 0, heights, np.nan) if logarithmic else heights)
        # a quenched curve begins with the first of its energies; tails run to the frame
        tight(curve, ends[1:] if rate.breaks else ends, [floor] if np.isfinite(floor) else ())
        own = several or rate.index is not None
        if mark and not logarithmic and own and ends[0] <= rate.lowest <= ends[-1]:
            pen.marks(ax, [rate.lowest], [0])
    zero_line(ax)
    c, first = rates[0].c, max(ends[0], min(rate.lowest for rate in rates))  # below there are no points to tell apart
    if mark and len(c.model.fractions) == 1 and first <= c.threshold_energy <= ends[-1]:
        vertical(ax, c.threshold_energy, r"$-E_\infty$", drawn[0].colour if used else GREY)


def _pens(ax, numbers, rates, kwargs):
    found = pens(ax, numbers, [rate.label() for rate in rates], kwargs)
    given, several = keywords(kwargs), len({rate.index for rate in rates}) > 1
    for rate, pen in zip(rates, found, strict=True):
        if rate.index is None and several:  # where minima are all there is, both are seen
            pen.keywords |= {word: value for word, value in BENEATH.items() if word not in given}
    return found


def thresholds(
    degrees: Sequence[int] = range(3, 21),
    ax: Axes | None = None,
    *,
    indices: Sequence[int] = (0, 1, 2),
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the lowest energies :math:`E_k(p)` and :math:`E_\infty(p)` of pure p-spins against p.

    Parameters
    ----------
    degrees : sequence of int
        Values of p.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    indices : sequence of int
        Values of k.
    legend : bool
        Draw the legend.
    **kwargs
        Handed to ``ax.plot``, with its aliases.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.thresholds(range(3, 6))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['$E_0$', '$E_1$', '$E_2$', '$E_\\infty$']
    """
    degrees, indices = sequence("degrees", degrees), sequence("indices", indices)
    indices = [whole_number("indices", k, 0) for k in indices]
    if not degrees:
        raise ValueError("degrees: expected at least one degree, got none")
    switch("legend", legend)
    objects = [complexity_of(pure(p)) for p in degrees]
    kwargs = {"markersize": 4} | keywords(kwargs)
    labels = [f"$E_{{{k}}}$" if k > 9 else f"$E_{k}$" for k in indices]
    ax = canvas(ax)
    fresh = not ax.has_data()
    own = {} if "marker" in kwargs else {k: MARKERS[i % len(MARKERS)] for i, k in enumerate(indices)}
    for k, pen in zip(indices, pens(ax, [k + 1 for k in indices], labels, kwargs), strict=True):
        pen.keywords |= {"marker": own[k]} if own else {}
        pen.curve(ax, degrees, [-c.lowest_energy(index=k) for c in objects])
    named = r"$E_\infty$" in ax.get_legend_handles_labels()[1]
    label = "_nolegend_" if named else r"$E_\infty$"
    ax.plot(degrees, [-c.threshold_energy for c in objects], color=GREY, linewidth=1.5, label=label)
    if fresh:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return finish(ax, "degree $p$", "energy density (absolute value)", legend)
