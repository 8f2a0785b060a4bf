r"""One landscape on the sphere in three dimensions, in colours and contours, with all of its critical points.

The hemisphere around a pole lies in a disc by Lambert's projection, which keeps areas: a point at the angle
:math:`\theta` from the pole is at the distance :math:`\sqrt2\sin(\theta/2)` from its centre.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from spinglass.inputs.checks import checked_integer, instance
from spinglass.landscape import CriticalPoints, critical_points
from spinglass.landscape.draw import Draw
from spinglass.plotting.style import COLOURS, GREY, MARKERS, axes_or_new, keywords, switch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 160  # of the grid, along the diameter of a disc
SAME = 1e-6  # of the standard deviation of the energy: larger differences are those of another draw
GAP, BAR = 0.01, 0.03  # of the colour bar, over the width of the Axes
KINDS = ("minima", "saddles", "maxima")


def sphere(
    draw: Draw,
    ax: Axes | None = None,
    *,
    points: CriticalPoints | None = None,
    proof: bool = True,
    levels: int = 12,
    colorbar: bool = True,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw one landscape on the sphere in three dimensions, with its minima, saddles and maxima.

    Two discs are the halves of the sphere seen from outside, :math:`x_3 > 0` left and :math:`x_3 < 0` right; they meet
    at (1, 0, 0), and :math:`x_2` grows upwards in both.  Equal areas are equal.

    Parameters
    ----------
    draw : Draw
        Of a model with one sphere at N = 3: ``model.draw(3, rng=1)``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    points : CriticalPoints, optional
        Of this draw; by default all are looked for.
    proof : bool
        Whether to prove them then (needs python-flint).  The title says that they are proven only if they are.
    levels : int
        Number of contour lines, about.
    colorbar, legend : bool
        Whether to add a colour bar for the energy density u, and to name and count the kinds of points.
    **kwargs
        Handed to ``ax.pcolormesh``.

    Returns
    -------
    matplotlib Axes
        Without frame and ticks.

    Raises
    ------
    TypeError, ValueError
        For another draw, or points of another one.

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.sphere(sg.pure(3).draw(3, rng=1), proof=False)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['4 minima', '6 saddles', '4 maxima']
    """
    instance("draw", draw, Draw, "a draw such as sg.pure(3).draw(3, rng=1)")
    if draw.sizes != (3,):
        raise ValueError(f"draw: expected one sphere in 3 dimensions, got sizes {draw.sizes}; try model.draw(3)")
    levels = checked_integer("levels", levels, 1, 100)
    colorbar, legend, proof = switch("colorbar", colorbar), switch("legend", legend), switch("proof", proof)
    points = critical_points(draw, proof=proof) if points is None else _checked(points, draw)
    ax = axes_or_new(ax)
    mesh = _landscape(ax, draw, levels, keywords(kwargs, QuadMesh))
    _mark(ax, points)
    ax.set_aspect("equal")
    ax.set_axis_off()
    if not ax.get_title():
        state = ", proven" if points.proven and points.complete else "" if points.complete else " at least"
        ax.set_title(f"{points.count} critical points{state}", fontsize="medium", pad=3)
    if colorbar:
        bar = ax.figure.colorbar(mesh, ax=ax, label="energy density $u$", pad=0.02)
        bar.ax.set_axes_locator(_Beside(ax))
    if legend and points.count:
        place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0), "ncols": 3, "borderaxespad": 0.4}
        ax.legend(frameon=False, handletextpad=0.1, columnspacing=0.8, fontsize="small", **place)
    return ax


@dataclass(frozen=True)
class _Beside:
    """Where a colour bar stands: beside the discs and as high as they are, whatever the aspect leaves of the Axes."""

    ax: Axes

    def __call__(self, bar: Any, renderer: Any, /) -> Bbox:
        self.ax.apply_aspect()
        box, (low, high) = self.ax.get_position(), self.ax.get_ylim()
        foot, head = (float(np.clip((y - low) / (high - low), 0, 1)) for y in (-1, 1))
        left = box.x1 + GAP * box.width
        return Bbox.from_extents(left, box.y0 + foot * box.height, left + BAR * box.width, box.y0 + head * box.height)


def _checked(points, draw):
    """Return points if they are of the draw."""
    instance("points", points, CriticalPoints, "the result of sg.critical_points, or None")
    same = [x.shape[1] for x in points.points] == [3] and points.energies.shape[1] == 1
    if not same or not np.allclose(draw.energies(points), points.energies, rtol=0, atol=SAME * _size(draw)):
        raise ValueError(f"points: expected those of the draw, got {points!r}; try sg.critical_points(draw)")
    return points


def _size(draw):
    """Return the standard deviation of the energy."""
    return sum(float(xi.derivative()) for xi in draw.game.fields) ** 0.5


def projected(x):
    """Return the places in the plane of points of the sphere, arrays of shapes (n, 2) and (n, 3)."""
    front = x[:, 2] >= 0
    side = np.where(front, 1.0, -1.0)
    disc = np.stack([side * x[:, 0], x[:, 1]], axis=1) / np.sqrt(1 + np.abs(x[:, 2]))[:, None]
    return disc + np.stack([-side, np.zeros(len(x))], axis=1)


def _landscape(ax, draw, levels, kwargs):
    """Draw the energy on both discs, with the same colours and levels."""
    radius, angle = np.meshgrid(np.linspace(0, 1, POINTS // 2), np.linspace(0, 2 * np.pi, 2 * POINTS))
    flat = np.sqrt(2 - radius**2) * radius
    height = 1 - radius**2
    discs = []
    for side in (1, -1):
        x = np.stack([side * flat * np.cos(angle), flat * np.sin(angle), side * height], axis=-1)
        x /= np.linalg.norm(x, axis=-1, keepdims=True)
        discs.append((radius * np.cos(angle) - side, radius * np.sin(angle), draw.energies(x)[..., 0]))
    low, high = min(u.min() for *_, u in discs), max(u.max() for *_, u in discs)
    kwargs = {"cmap": "viridis", "vmin": low, "vmax": high, "shading": "gouraud", "rasterized": True} | kwargs
    for a, b, u in discs:
        mesh = ax.pcolormesh(a, b, u, **kwargs)
        ax.contour(a, b, u, levels=MaxNLocator(levels).tick_values(low, high), colors="white", linewidths=0.5)
        ax.add_patch(Circle((a.mean().round(), 0.0), 1.0, fill=False, edgecolor=GREY, linewidth=0.8))
    return mesh


def _mark(ax, points):
    """Draw minima, saddles and maxima, each kind by its own marker."""
    places = projected(points.points[0])
    for k, (kind, marker) in enumerate(zip(KINDS, MARKERS, strict=False)):
        chosen = points.index == k
        if chosen.any():
            style = {"color": COLOURS[k + 1], "marker": marker, "edgecolor": "white", "linewidth": 0.8}
            ax.scatter(*places[chosen].T, s=38, zorder=3, clip_on=False, label=f"{chosen.sum()} {kind}", **style)
