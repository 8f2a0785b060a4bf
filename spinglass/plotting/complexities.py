"""Complexities as curves and contours, thresholds as points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.complexity.api import Complexity
from spinglass.complexity.api import complexity as complexity_of
from spinglass.inputs.checks import instance, sequence, whole_number
from spinglass.models import pure
from spinglass.plotting.style import GREY, MARKERS, axes_or_new, frame, line, places

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Index, Numbers


def complexity(
    c: Complexity,
    ax: Axes | None = None,
    *,
    energies: Numbers | None = None,
    indices: Sequence[Index] | None = None,
    cumulative: bool = True,
    mark: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the complexity of a one-sphere model against energy, one curve per index.

    Parameters
    ----------
    c : Complexity
        Of a model with one sphere.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    energies : (n,) array, optional
        Energy densities; by default from a little below the lowest energy to a little above the threshold.
    indices : sequence of int or None, optional
        Curves to draw; None in it is the complexity of all indices together.  By default (0, 1, 2, None), and (0, None)
        for the quenched complexity of a mixture, which knows no others.
    cumulative : bool
        Draw points at or below the energy (default) or at it.
    mark : bool
        Mark the lowest energies :math:`-E_k` and the threshold :math:`-E_\infty`.
    **kwargs
        Handed to ``ax.plot``.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.complexity(sg.complexity(sg.pure(3)))
    >>> ax.get_xlabel()
    'energy density $u$'
    """
    instance("c", c, Complexity, "a complexity such as sg.complexity(sg.pure(3))")
    if len(c.model.fractions) > 1:
        raise ValueError(f"expected a model with one sphere, got {len(c.model.fractions)}: use sg.plotting.contour")
    indices = _known_indices(c) if indices is None else sequence("indices", indices)
    if not indices:
        raise ValueError("indices: expected at least one index (None for all), got none")
    ax = frame(axes_or_new(ax))
    threshold = c.threshold_energy
    if energies is None:
        lowest = c.lowest_energy()
        width = max(threshold - lowest, 0.02 * abs(threshold))
        energies = np.linspace(lowest - 0.6 * width, threshold + 0.6 * width, 400)
    energies = places("energies", energies)
    rate = c.below if cumulative else c
    for i, k in enumerate(indices):
        heights = np.where(np.isfinite(values := rate(energies, index=k)), values, np.nan)
        label = "all indices" if k is None else f"index {k}"
        ax.plot(energies, heights, label=label, **line(i, **kwargs))
        if mark and k is not None and energies[0] <= (place := c.lowest_energy(index=k)) <= energies[-1]:
            ax.plot([place], [0], "o", color=ax.lines[-1].get_color(), markersize=4, zorder=3)
    ax.axhline(0, color=GREY, linewidth=0.8)
    if mark and energies[0] <= threshold <= energies[-1]:
        ax.axvline(threshold, color=GREY, linewidth=0.8, linestyle="--")
        ax.annotate(
            r"$-E_\infty$",
            (threshold, 0.02),
            xycoords=("data", "axes fraction"),
            xytext=(4, 2),
            textcoords="offset points",
            color="0.35",
        )
    ax.set_xlim(energies[0], energies[-1])
    ax.set_xlabel("energy density $u$")
    ax.set_ylabel(
        r"complexity $\Theta_k(u)$ (nats per dimension)"
        if cumulative
        else r"complexity $\Sigma_k(u)$ (nats per dimension)"
    )
    ax.legend(frameon=False)
    return ax


def _known_indices(c):
    degrees = {exponents for field in c.model.fields for exponents in field.support}
    return (0, None) if c.method == "quenched" and len(degrees) > 1 else (0, 1, 2, None)


def contour(
    c: Complexity,
    ax: Axes | None = None,
    *,
    energies: Numbers | None = None,
    index: Index = None,
    cumulative: bool = True,
    levels: int | Numbers = 12,
    **kwargs: Any,
) -> Axes:
    r"""Draw the complexity of a two-player game over its two energies, with the line where it vanishes.

    Parameters
    ----------
    c : Complexity
        Of a model with two losses.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    energies : pair of (n,) arrays, optional
        Energies of the two losses; by default from a little below the lowest ones to zero (plus a margin).
    index : None or pair
        Index per player.
    cumulative : bool
        Points with both losses at or below the energies (default), or at them.
    levels : int or sequence
        Of the filled contours.
    **kwargs
        Handed to ``ax.contourf``.

    Returns
    -------
    matplotlib Axes
        Its figure carries a colour bar in nats per dimension.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> u = np.linspace(-16., 2., 20)
    >>> ax = sg.plotting.contour(sg.complexity(sg.gan(p=3, q=3, sigma_z=1., kappa=.9)), energies=(u, u))
    >>> ax.get_ylabel()
    'energy density $u_G$'
    """
    instance("c", c, Complexity, "a complexity such as sg.complexity(sg.gan(2, 1, .5, .6))")
    if len(c.model.losses) != 2:
        raise ValueError(f"expected a model with two losses, got {len(c.model.losses)}: use sg.plotting.complexity")
    if energies is None:
        lowest = [c.lowest_energy(loss=a, index=index) for a in (0, 1)]
        if not np.all(np.isfinite(lowest)):
            raise ValueError("no energies have complexity >= 0 at this index: give energies=")
        energies = [np.linspace(1.15 * u, -0.15 * u, 80) for u in lowest]
    energies = sequence("energies", energies)
    if len(energies) != 2:
        raise ValueError(f"energies: expected two arrays (one per loss), got {len(energies)}")
    first, second = (places("energies", u) for u in energies)
    heights = (c.below if cumulative else c)(*np.meshgrid(first, second), index=index)
    return filled(axes_or_new(ax), first, second, heights, levels=levels, **kwargs)


def filled(ax, first, second, heights, levels=12, label=None, **kwargs):
    """Draw filled contours over two energies, the line of height 0 and a colour bar."""
    heights = np.ma.masked_invalid(heights)
    kwargs.setdefault("cmap", "viridis")
    drawn = ax.contourf(first, second, heights, levels=levels, extend="min", **kwargs)
    if heights.min() < 0 < heights.max():
        ax.contour(first, second, heights, levels=[0.0], colors="white", linewidths=1.5)
    bar = ax.figure.colorbar(drawn, ax=ax)
    bar.set_label(label or r"complexity $\Theta$ (nats per dimension)")
    ax.set_xlabel("energy density $u_D$")
    ax.set_ylabel("energy density $u_G$")
    return ax


def thresholds(
    degrees: Sequence[int] = range(3, 21), ax: Axes | None = None, *, indices: Sequence[int] = (0, 1, 2), **kwargs: Any
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
    **kwargs
        Handed to ``ax.plot``.

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
    objects = [complexity_of(pure(p)) for p in degrees]
    ax = frame(axes_or_new(ax))
    for i, k in enumerate(indices):
        heights = [-c.lowest_energy(index=k) for c in objects]
        style = line(i, **kwargs)
        ax.plot(
            degrees,
            heights,
            marker=MARKERS[i % len(MARKERS)],
            markersize=4,
            label=f"$E_{{{k}}}$" if k > 9 else f"$E_{k}$",
            **style,
        )
    ax.plot(degrees, [-c.threshold_energy for c in objects], color=GREY, linewidth=1.5, label=r"$E_\infty$")
    ax.set_xlabel("degree $p$")
    ax.set_ylabel("energy density (absolute value)")
    ax.legend(frameon=False)
    return ax
