"""The index of typical points against their energy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.complexity.api import Complexity
from spinglass.complexity.index_fractions import index_fractions
from spinglass.inputs.checks import checked_integer, instance
from spinglass.plotting.names import energy_names, player_names
from spinglass.plotting.style import GREY, canvas, finish, pens, places, switch, tight, vertical

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
        energies = np.linspace(c.lowest_energy(loss=loss), c.highest_energy(loss=loss), POINTS)
    energies = places("energies", energies)
    heights = index_fractions(c, energies, loss)
    ax = canvas(ax)
    used = ax.has_data()
    names = [f"player {name}" for name in player_names(c.model)] if heights.shape[1] > 1 else ["dominant points"]
    drawn = pens(ax, range(len(names)), names, kwargs)
    for pen, height in zip(drawn, heights.T, strict=True):
        tight(pen.curve(ax, energies, height), x=[energies[0], energies[-1]])
    if mark and len(c.model.fractions) == 1 and energies[0] <= c.threshold_energy <= energies[-1]:
        vertical(ax, c.threshold_energy, r"$-E_\infty$", drawn[0].colour if used else GREY)
    return finish(ax, f"energy density ${energy_names(c.model)[loss]}$", "index per dimension", legend)
