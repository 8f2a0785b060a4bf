"""The critical points of one draw: energy against index, coloured by which players are at a minimum of their own."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.inputs.checks import instance, whole_number
from spinglass.landscape import CriticalPoints
from spinglass.plotting.style import COLOURS, MARKERS, axes_or_new, frame

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def points(pts: CriticalPoints, ax: Axes | None = None, *, loss: int = 0, **kwargs: Any) -> Axes:
    r"""Draw every critical point or equilibrium of one draw.

    Parameters
    ----------
    pts : CriticalPoints
        From ``sg.critical_points``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    loss : int
        The loss whose energy density :math:`L/\sqrt N` is the horizontal axis.
    **kwargs
        Handed to ``ax.scatter``.

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
    ax = frame(axes_or_new(ax))
    index = pts.index.reshape(pts.count, -1)
    players = index.shape[1]
    kwargs.setdefault("s", 34)
    kwargs.setdefault("alpha", 0.8)
    for i, stable in enumerate(product((True, False), repeat=players)):
        chosen = np.all((index == 0) == stable, axis=1)
        if not chosen.any():
            continue
        ax.scatter(
            pts.energies[chosen, loss],
            index[chosen].sum(axis=1),
            marker=MARKERS[i % len(MARKERS)],
            facecolor=COLOURS[(i + 1) % len(COLOURS)],
            edgecolor="white",
            linewidth=0.5,
            label=f"{_class(stable)}: {chosen.sum()}",
            **kwargs,
        )
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.margins(y=0.12)
    ax.set_xlabel("energy density $u$" if players == 1 else f"energy density $u_{loss + 1}$")
    ax.set_ylabel("index" if players == 1 else "sum of the players' indices")
    if pts.count:
        ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(0, 1.16), ncols=2, borderaxespad=0)
    return ax


def _class(stable):
    """Name the points at which some players are stable."""
    if len(stable) == 1:
        return "local minima" if stable[0] else "other points"
    if all(stable):
        return "local Nash equilibria"
    if not any(stable):
        return "no player stable"
    return "stable: player " + ", ".join(str(a + 1) for a, s in enumerate(stable) if s)
