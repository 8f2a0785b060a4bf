"""Complexities over the energies of two losses as filled contours, with the line where they vanish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.contour import ContourSet
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.api import Complexity
from spinglass.inputs.checks import checked_integer, instance, sequence, shown, whole_number
from spinglass.plotting.curves.rates import Rate, asked
from spinglass.plotting.names import energy_names
from spinglass.plotting.style import canvas, fixed, keywords, per_dimension, places, switch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Index, Numbers

LEVELS = 12  # steps between minus the largest complexity and itself
MOST = 1000  # levels
LEAST = 0.05  # share of an energy that a window shows at least; share of the largest complexity that counts as 0
BELOW, ABOVE = 0.2, 0.35  # what a window shows beyond the lowest and the typical energies, over their distance


def contour(
    c: Complexity,
    ax: Axes | None = None,
    *,
    energies: Sequence[Numbers] | None = None,
    losses: Sequence[int] = (0, 1),
    index: Index = None,
    cumulative: bool = True,
    levels: int | Numbers = LEVELS,
    colorbar: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the complexity of a game over the energies of two of its losses, with the line where it vanishes.

    Parameters
    ----------
    c : Complexity
        Of a model with at least two losses.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    energies : pair of (n,) arrays, optional
        Energies of the two losses; by default limits of the axes that you have fixed, or else from a little below the
        lowest energies to a little above the typical ones.
    losses : pair of int
        Which losses; all others are free.
    index : None or tuple
        Index per player.
    cumulative : bool
        Points with both losses at or below the energies (default), or at them.
    levels : int or sequence
        Of the filled contours; a number of them goes from minus the largest complexity to itself, and everything below
        has the lowest colour.
    colorbar : bool
        Draw the colour bar.
    **kwargs
        Handed to ``ax.contourf``.

    Returns
    -------
    matplotlib Axes
        Its figure carries a colour bar in nats per dimension.  The black line is complexity 0; where no points exist
        the plane stays blank.

    Raises
    ------
    TypeError, ValueError
        For something else than a complexity, a model with one loss, losses that are not two different ones of it, or
        an index whose complexity is negative everywhere if no energies are given.

    Notes
    -----
    By default 80 x 80 energies are drawn, of models with more than three normals fewer, since each costs a search over
    all of them.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> u = np.linspace(-16., 2., 20)
    >>> ax = sg.plotting.contour(sg.complexity(sg.gan(p=3, q=3, sigma_z=1., kappa=.9)), energies=(u, u))
    >>> ax.get_ylabel()
    'energy density $u_G$'
    """
    losses = _two_losses(c, losses)
    switch("cumulative", cumulative), switch("colorbar", colorbar)
    given = None if energies is None else sequence("energies", energies)
    if given is not None and len(given) != 2:
        raise ValueError(f"energies: expected two arrays (one per loss), got {len(given)}")
    given = None if given is None else [places("energies", u) for u in given]
    ax = canvas(ax)
    first, second = given or _windows(ax, [Rate(c, a, index, cumulative) for a in losses])
    heights = asked(c, dict(zip(losses, np.meshgrid(first, second), strict=True)), index, cumulative)
    names = [f"energy density ${energy_names(c.model)[a]}$" for a in losses]
    label = r"complexity $\Theta$" if cumulative else r"complexity $\Sigma$"
    return filled(ax, first, second, heights, levels, per_dimension(label), names, colorbar, **kwargs)


def _two_losses(c, losses):
    """Return the two losses that are asked for."""
    instance("c", c, Complexity, "a complexity such as sg.complexity(sg.gan(2, 1, .5, .6))")
    count = len(c.model.losses)
    if count < 2:
        raise ValueError(f"expected a model with two or more losses, got {count}: use sg.plotting.complexity")
    pair = [whole_number("losses", a, 0, count - 1) for a in sequence("losses", losses)]
    if len(pair) != 2 or pair[0] == pair[1]:
        raise ValueError(f"losses: expected two different losses, got {shown(losses)}")
    return pair


def _windows(ax, rates):
    """Return the places of both axes: within limits that are fixed, else around what the rates show."""
    pairs = zip("xy", rates, rates[::-1], strict=True)
    limits = [fixed(ax, axis) or _ends(rate, other) for axis, rate, other in pairs]
    count = 80 if min(rate.places for rate in rates) >= 200 else 30 if rates[0].places >= 60 else 16
    return [np.linspace(low, high, count) for low, high in limits]


def _ends(rate, other):
    """Return the ends of the energies of one loss: from below the lowest up to where the other one has its lowest."""
    if not np.isfinite(rate.lowest):
        raise ValueError(
            f"index: no energies have complexity >= 0 at index {rate.index} (its largest is {rate.total:.3g}): "
            "give energies="
        )
    width = max(rate.typical - rate.lowest, LEAST * abs(rate.lowest))
    low, high = rate.lowest - BELOW * width, rate.typical + ABOVE * width
    corner = {rate.loss: high, other.loss: other.lowest}
    if not rate.cumulative or asked(rate.c, corner, rate.index, True) < -LEAST * rate.total:
        high = rate.typical + (1 + BELOW) * width  # the losses are opposed: where one is low the other is high
    return low, high


def filled(ax, first, second, heights, levels, label, names, colorbar, **kwargs):
    """Draw filled contours over two energies, the line of height 0 and a colour bar."""
    heights = np.ma.masked_invalid(heights)
    kwargs = {"cmap": "viridis", "extend": "min"} | keywords(kwargs, ContourSet)
    drawn = ax.contourf(first, second, heights, levels=_levels(levels, heights), **kwargs)
    zero = heights.min() < 0 < heights.max()
    if zero:
        line = ax.contour(first, second, heights, levels=[0.0], colors="black", linewidths=1.5)
        line.set_path_effects([withStroke(linewidth=3.5, foreground="white")])  # seen on every colour
    if colorbar:
        bar = ax.figure.colorbar(drawn, ax=ax)
        bar.set_label(label)
        if zero:
            bar.ax.axhline(0, color="black", linewidth=1.5)
    ax.set_xlabel(ax.get_xlabel() or names[0])
    ax.set_ylabel(ax.get_ylabel() or names[1])
    return ax


def _levels(levels, heights):
    """Return the levels: so many steps from minus the largest height to itself, or those that are given."""
    if np.ndim(levels):
        return places("levels", levels)
    steps = checked_integer("levels", levels, 1, MOST)
    if not heights.count():
        raise ValueError("energies: expected some at which points exist, got none; try higher ones")
    low, top = float(heights.min()), float(heights.max())
    floor = max(low, -top if top > 0 else 3 * top if top < 0 else low)
    return MaxNLocator(steps).tick_values(floor, top if top > floor else floor + 1)
