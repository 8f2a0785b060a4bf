"""The spiked tensor over overlap and value, the parabola over its strength."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.further.parabola import parabolic as parabolic_model
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.inputs.checks import instance
from spinglass.plotting.contours import filled
from spinglass.plotting.style import GREY, axes_or_new, frame, line, places

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Numbers

FLOOR = -0.5  # complexities below are not drawn by contours


def spiked(
    model: Spiked, ax: Axes | None = None, *, overlaps: Numbers | None = None, mark: bool = True, **kwargs: Any
) -> Axes:
    r"""Draw the complexity of a spiked tensor against the overlap with the spike, of all points and of maxima.

    .. math:: m \mapsto \sup_x S_*(m, x)

    Parameters
    ----------
    model : Spiked
        From ``spinglass.complexity.further.spiked_tensor.spiked``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    overlaps : (n,) array, optional
        Overlaps in [-1, 1]; by default the whole interval.
    mark : bool
        Mark the ends of the bands of non-negative complexity and the maximum near the spike.
    **kwargs
        Handed to ``ax.plot``.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.complexity.further.spiked_tensor import spiked
    >>> from spinglass.plotting import further
    >>> ax = further.spiked(spiked(3, 1.))
    >>> ax.get_xlabel()
    'overlap with the spike $m$'
    """
    _checked(model)
    ax = frame(axes_or_new(ax))
    overlaps = np.sin(np.linspace(-1.57, 1.57, 801)) if overlaps is None else places("overlaps", overlaps)
    curves = []
    for i, (maxima, label) in enumerate(((False, "all points"), (True, "maxima"))):
        heights = model.at_overlap(overlaps, maxima=maxima)
        curves.append(heights)
        ax.plot(overlaps, np.where(np.isfinite(heights), heights, np.nan), label=label, **line(i, **kwargs))
        if mark:
            ends = [m for m in model.band(maxima) if overlaps.min() <= m <= overlaps.max()]
            ax.plot(ends, [0] * len(ends), "o", color=ax.lines[-1].get_color(), markersize=4, zorder=3)
    ax.axhline(0, color=GREY, linewidth=0.8)
    if mark and model.lambda_ >= model.critical_lambda() and overlaps.min() <= model.spike_overlap() <= overlaps.max():
        ax.plot([model.spike_overlap()], [0], "*", color="#D55E00", markersize=9, zorder=4, label="near the spike")
    # far from the bands the complexity falls to minus infinity: keep what is near zero in sight
    top = max(float(np.max(heights)) for heights in curves)
    if np.isfinite(top) and top > 0:
        ax.set_ylim(-top, 1.15 * top)
    ax.set_xlabel("overlap with the spike $m$")
    ax.set_ylabel(r"complexity $\sup_x S(m, x)$ (nats per dimension)")
    ax.legend(frameon=False)
    return ax


def spiked_contour(
    model: Spiked,
    ax: Axes | None = None,
    *,
    overlaps: Numbers | None = None,
    values: Numbers | None = None,
    maxima: bool = False,
    levels: int | Numbers | None = None,
    **kwargs: Any,
) -> Axes:
    r"""Draw :math:`S_*(m, x)` of a spiked tensor over overlap and value, with the line where it vanishes.

    Parameters
    ----------
    model : Spiked
        From ``spinglass.complexity.further.spiked_tensor.spiked``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    overlaps, values : arrays, optional
        m in [-1, 1] and x; by default all that has complexity above -1/2.
    maxima : bool
        Of local maxima only; where there are none the plane stays blank.
    levels : int or sequence, optional
        Of the filled contours; by default from -1/2 up.
    **kwargs
        Handed to ``ax.contourf``.

    Returns
    -------
    matplotlib Axes
        Its figure carries a colour bar in nats per dimension.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.complexity.further.spiked_tensor import spiked
    >>> from spinglass.plotting import further
    >>> ax = further.spiked_contour(spiked(3, 1.), overlaps=np.linspace(-.9, .9, 30))
    >>> ax.get_ylabel()
    'value $x$'
    """
    _checked(model)
    overlaps = np.sin(np.linspace(-1.57, 1.57, 401)) if overlaps is None else places("overlaps", overlaps)
    if values is None:
        drawn = overlaps[model.at_overlap(overlaps) >= FLOOR]
        best = abs(model.best_value(drawn if len(drawn) else overlaps, maxima=True))
        # maxima begin at the edge of the semicircle, the smallest value of best
        values = np.linspace(0.9 * best.min() if maxima else -best.max() - 0.5, best.max() + 0.5, 400)
    values = places("values", values)
    heights = model.rate(*np.meshgrid(overlaps, values), maxima=maxima)
    if levels is None:
        levels = MaxNLocator(13).tick_values(FLOOR, max(float(np.max(heights)), 0.05))
    ax = filled(axes_or_new(ax), overlaps, values, heights, levels=levels, label="complexity $S(m, x)$", **kwargs)
    if model.lambda_ >= model.critical_lambda():
        place = model.spike_overlap()
        if overlaps.min() <= place <= overlaps.max():
            ax.plot([place], [model.best_value(place)], "*", color="#D55E00", markeredgecolor="white", markersize=11)
    ax.set_xlim(overlaps.min(), overlaps.max())
    ax.set_ylim(values.min(), values.max())
    ax.set_xlabel("overlap with the spike $m$")
    ax.set_ylabel("value $x$")
    return ax


def parabolic(strengths: Numbers | None = None, ax: Axes | None = None, **kwargs: Any) -> Axes:
    r"""Draw the complexities of a parabolically confined field, of all points and of minima, against m.

    Parameters
    ----------
    strengths : (n,) array, optional
        Values of :math:`m = \mu/\sqrt{f''(0)}` > 0; by default 0.2 .. 1.3.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    **kwargs
        Handed to ``ax.plot``.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from spinglass.plotting import further
    >>> ax = further.parabolic()
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['all points', 'minima']
    """
    strengths = np.linspace(0.2, 1.3, 221) if strengths is None else places("strengths", strengths)
    models = [parabolic_model(m) for m in strengths]
    ax = frame(axes_or_new(ax))
    ax.plot(strengths, [model.total() for model in models], label="all points", **line(0, **kwargs))
    ax.plot(strengths, [model.minima() for model in models], label="minima", **line(1, **kwargs))
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.axvline(1, color=GREY, linewidth=0.8, linestyle="--")
    ax.set_xlim(strengths.min(), strengths.max())
    ax.set_xlabel(r"strength of the confinement $m = \mu/\sqrt{f''(0)}$")
    ax.set_ylabel("complexity (nats per dimension)")
    ax.legend(frameon=False)
    return ax


def _checked(model):
    instance("model", model, Spiked, "a spiked tensor such as spiked(3, 1.)")
