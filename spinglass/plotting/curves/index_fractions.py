"""The index of typical points against their energy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.complexity.api import Complexity
from spinglass.complexity.index_fractions import index_fractions
from spinglass.inputs.checks import checked_integer, instance
from spinglass.plotting.style import canvas, finish, pens, places, switch, tight, vertical

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Numbers

POINTS = 201  # of a curve


def index_fraction(
    c: Complexity,
    /,
    ax: Axes | None = None,
    *,
    energies: Numbers | None = None,
    loss: int = 0,
    mark: bool = True,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the index of the most numerous points at an energy, as a fraction of the dimensions, one curve per player.

    .. math:: \alpha_a(u) = \mu_{a,u}(-\infty, 0), \qquad \mu_{a,u} \text{ the law of the own Hessian of player } a

    at the dominant points with loss at u (:func:`spinglass.index_fractions`); on one sphere a semicircle.
    Below the threshold :math:`-E_\infty` it is 0, there the finite indices are.

    Parameters
    ----------
    c : Complexity
        Annealed, of any model.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    energies : (n,) array, optional
        Energy densities; by default from the lowest energy to the highest.
    loss : int
        Whose energy is the horizontal axis; the other losses take the values that are most numerous with it.
    mark : bool
        Mark the threshold of a model with one sphere.
    legend : bool
        Whether to name the curves.
    **kwargs
        Handed to ``ax.plot``.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError, NotImplementedError
        For wrong arguments; for a quenched complexity of a mixture.

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.index_fraction(sg.complexity(sg.mixed({3: .5, 4: .5})))
    >>> ax.get_ylabel()
    'index per dimension'
    """
    instance("c", c, Complexity, "a complexity such as sg.complexity(sg.pure(3))")
    loss, mark = checked_integer("loss", loss, 0, len(c.model.losses) - 1), switch("mark", mark)
    if energies is None:
        lowest = c.lowest_energy(loss=loss)  # fields and their negatives are equally likely: the highest is minus this
        energies = np.linspace(lowest, -lowest, POINTS)
    energies = places("energies", energies)
    heights = index_fractions(c, energies, loss)
    players, several = heights.shape[1], len(c.model.fractions) > 1
    ax = canvas(ax)
    names = [f"player {a + 1}" for a in range(players)] if players > 1 else ["dominant points"]
    for pen, height in zip(pens(ax, range(players), names, kwargs), heights.T, strict=True):
        tight(pen.curve(ax, energies, height), x=[energies[0], energies[-1]])
    if mark and not several and energies[0] <= c.threshold_energy <= energies[-1]:
        vertical(ax, c.threshold_energy)
        place: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "xytext": (4, 0), "textcoords": "offset points"}
        ax.annotate(r"$-E_\infty$", (c.threshold_energy, 0.5), color="0.35", annotation_clip=True, **place)
    energy = "energy density $u$" if players == 1 else f"energy density $u_{loss + 1}$"
    return finish(ax, energy, "index per dimension", legend)
