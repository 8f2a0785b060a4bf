"""The critical points of one draw: energy against index, coloured by which players are at a minimum of their own."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.markers import MarkerStyle
from matplotlib.ticker import MaxNLocator

from spinglass.inputs.checks import instance, whole_number
from spinglass.landscape import CriticalPoints
from spinglass.plotting.names import energy_names, player_names
from spinglass.plotting.style import MARKERS, canvas, finish, keywords, pens, switch

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def points(pts: CriticalPoints, ax: Axes | None = None, *, loss: int = 0, legend: bool = True, **kwargs: Any) -> Axes:
    r"""Draw every critical point or equilibrium of one draw.

    Parameters
    ----------
    pts : CriticalPoints
        From ``sg.critical_points``.
    ax : matplotlib Axes, optional
        A new figure's if left out.  On Axes in use the next colours are taken, labels and limits that are set stay.
    loss : int
        The loss whose energy density :math:`L/\sqrt N` is the horizontal axis.
    legend : bool
        Draw the legend.
    **kwargs
        Handed to ``ax.scatter``, with its aliases; ``color``, ``marker`` hold for all points, ``label`` goes before the
        names of their classes.

    Returns
    -------
    matplotlib Axes
        The vertical axis is the index, with several players the sum of their indices; the legend counts the points.

    Raises
    ------
    TypeError, ValueError
        For something else than critical points, or a loss that is not there.

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.points(sg.critical_points(sg.pure(3).draw(4, rng=1)))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['local minima: 3', 'other points: 11']
    """
    instance("pts", pts, CriticalPoints, "the result of sg.critical_points")
    loss = whole_number("loss", loss, 0, pts.energies.shape[1] - 1)
    switch("legend", legend)
    ax = canvas(ax)
    fresh = not ax.has_data()
    players = pts.energies.shape[1]
    index = pts.index.reshape(pts.count, players)
    classes = _classes(index)
    labels = [f"{_class(stable, player_names(pts.model))}: {chosen.sum()}" for _, stable, chosen in classes]
    kwargs = {"linestyle": "-", "linewidth": 0.5} | keywords(kwargs, PathCollection)
    drawn = pens(ax, [i + 1 for i, _, _ in classes], labels, kwargs)
    for (i, _, chosen), pen in zip(classes, drawn, strict=True):
        _scatter(ax, pts.energies[chosen, loss], index[chosen].sum(axis=1), pen, MARKERS[i % len(MARKERS)])
    if fresh:
        ax.yaxis.set_major_locator(MaxNLocator(integer=True))
        ax.margins(y=0.12)
    xlabel = f"energy density ${energy_names(pts.model)[loss]}$"
    return finish(ax, xlabel, "index" if players == 1 else "sum of the players' indices", legend)


def _classes(index):
    """Return number, stability of the players and members of every class that has some."""
    players = index.shape[1]
    found = enumerate(product((True, False), repeat=players))
    every = [(i, stable, np.all((index == 0) == stable, axis=1)) for i, stable in found]
    return [one for one in every if one[2].any()]


def _scatter(ax, energies, index, pen, marker):
    """Draw the points of one class in the colour of its pen."""
    style = {"s": 34, "alpha": 0.8, "marker": marker} | pen.keywords
    edge = {"edgecolor": "white"} if MarkerStyle(style["marker"]).is_filled() else {}
    style = edge | {"facecolor": style.pop("color")} | style
    pen.holds(ax.scatter(energies, index, **style))


def _class(stable, names):
    """Name the points at which some players are stable."""
    if len(stable) == 1:
        return "local minima" if stable[0] else "other points"
    if all(stable):
        return "local Nash equilibria"
    if not any(stable):
        return "no player stable"
    return "stable: player " + ", ".join(name for name, s in zip(names, stable, strict=True) if s)
