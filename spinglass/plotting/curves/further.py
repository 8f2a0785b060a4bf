"""The spiked tensor over overlap and value, the parabola over its strength."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.api import complexity as complexity_of
from spinglass.complexity.further.parabola import Parabolic
from spinglass.complexity.further.parabola import parabolic as parabolic_model
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.inputs.checks import instance, sequence
from spinglass.plotting.curves.contours import filled
from spinglass.plotting.style import (
    COLOURS,
    canvas,
    finish,
    fixed,
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

    from spinglass.inputs.annotations import Numbers

FLOOR = -0.5  # complexities below are not drawn by contours
SPIKE = COLOURS[2]
STRENGTH = r"strength of the confinement $m = \mu/\sqrt{f''(0)}$"


def spiked(
    model: Spiked,
    ax: Axes | None = None,
    *,
    overlaps: Numbers | None = None,
    mark: bool = True,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the complexity of a spiked tensor against the overlap with the spike, of all points and of maxima.

    .. math:: m \mapsto \sup_x S_*(m, x)

    Parameters
    ----------
    model : Spiked
        From ``sg.spiked``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    overlaps : (n,) array, optional
        Overlaps in [-1, 1]; by default the whole interval.
    mark : bool
        Mark the ends of the bands of non-negative complexity, the maximum near the spike, and its mirror image at the
        opposite overlap: of even k a maximum as well, of odd k a minimum.
    legend : bool
        Draw the legend.
    **kwargs
        Handed to ``ax.plot``, with its aliases (lw, ls, c ..).

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.spiked(sg.spiked(3, 1.))
    >>> ax.get_xlabel()
    'overlap with the spike $m$'
    """
    _checked(model)
    switch("mark", mark), switch("legend", legend)
    given = overlaps is not None
    overlaps = places("overlaps", overlaps) if given else np.sin(np.linspace(-1.57, 1.57, 801))
    ax = canvas(ax)
    fresh = not ax.has_data() and fixed(ax, "y") is None
    if not ax.has_data():
        ax.xaxis.set_major_locator(MaxNLocator(4))  # signed overlaps are wide, panels narrow
    curves = [model.at_overlap(overlaps, maxima=maxima) for maxima in (False, True)]
    top = max(float(np.max(heights)) for heights in curves)
    # far from the bands the complexity falls to minus infinity: keep what is near zero in sight
    floor = -np.inf if given or not 0 < top < np.inf else (fixed(ax, "y") or (-top,))[0]
    drawn = pens(ax, [0, 1], ["all points", "maxima"], kwargs)
    for maxima, heights, pen in zip((False, True), curves, drawn, strict=True):
        shown = np.isfinite(heights) & (heights >= floor)
        tight(pen.curve(ax, overlaps, np.where(shown, heights, np.nan)), overlaps[[0, -1]])
        if mark:
            ends = [m for m in model.band(maxima) if overlaps.min() <= m <= overlaps.max()]
            pen.marks(ax, ends, [0] * len(ends))
    zero_line(ax)
    if mark and model.lambda_ >= model.critical_lambda():
        _stars(ax, model, overlaps)
    if fresh and 0 < top < np.inf and ax.get_yscale() == "linear":
        ax.set_ylim(-top, 1.15 * top, auto=True)
    return finish(ax, "overlap with the spike $m$", per_dimension(r"complexity $\sup_x S(m, x)$"), legend)


def _stars(ax, model, overlaps):
    """Mark the maximum near the spike, and its mirror image: the tensor at -x is (-1)^k times that at x."""
    place, even = model.spike_overlap(), model.k % 2 == 0
    for m, label, face in (
        (place, "near the spike", SPIKE),
        (-place, "_nolegend_" if even else "mirrored minimum", SPIKE if even else "white"),
    ):
        if overlaps.min() <= m <= overlaps.max():
            ax.plot([m], [0], "*", color=SPIKE, markerfacecolor=face, markersize=9, zorder=4, label=label)


def spiked_contour(
    model: Spiked,
    ax: Axes | None = None,
    *,
    overlaps: Numbers | None = None,
    values: Numbers | None = None,
    maxima: bool = False,
    levels: int | Numbers | None = None,
    colorbar: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw :math:`S_*(m, x)` of a spiked tensor over overlap and value, with the line where it vanishes.

    Parameters
    ----------
    model : Spiked
        From ``sg.spiked``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    overlaps, values : arrays, optional
        m in [-1, 1] and x; by default all that has complexity above -1/2.
    maxima : bool
        Of local maxima only; where there are none the plane stays blank.
    levels : int or sequence, optional
        Of the filled contours; by default from -1/2 up.
    colorbar : bool
        Draw the colour bar.
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
    >>> ax = sg.plotting.spiked_contour(sg.spiked(3, 1.), overlaps=np.linspace(-.9, .9, 30))
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
    names = ("overlap with the spike $m$", "value $x$")
    ax = filled(
        canvas(ax),
        overlaps,
        values,
        heights,
        levels,
        per_dimension("complexity $S(m, x)$"),
        names,
        colorbar,
        **kwargs,
    )
    if model.lambda_ >= model.critical_lambda():
        place = model.spike_overlap()
        if overlaps.min() <= place <= overlaps.max():
            ax.plot([place], [model.best_value(place)], "*", color=SPIKE, markeredgecolor="white", markersize=11)
    return ax


def parabolic(
    strengths: Numbers | Parabolic | None = None, ax: Axes | None = None, *, legend: bool = True, **kwargs: Any
) -> Axes:
    r"""Draw the complexities of a parabolically confined field, of all points and of minima, against m.

    Parameters
    ----------
    strengths : (n,) array or Parabolic, optional
        Values of :math:`m = \mu/\sqrt{f''(0)}` > 0; by default 0.2 .. 1.3.  One confined field, ``sg.parabolic(m)``, is
        marked on the curves.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    legend : bool
        Draw the legend.
    **kwargs
        Handed to ``ax.plot``, with its aliases (lw, ls, c ..).

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import spinglass as sg
    >>> ax = sg.plotting.parabolic()
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['all points', 'minima']
    """
    marked = strengths if isinstance(strengths, Parabolic) else None
    switch("legend", legend)
    if marked is None and strengths is not None:
        strengths = places("strengths", strengths)
    labels = {None: "all points", 0: "minima"}
    return _against_strength(ax, None if marked else strengths, marked, labels, True, legend, kwargs)


def confined(c, ax, energies, indices, mark, legend, **kwargs):
    """Draw the complexity of a parabola by index against the strength m, its own one marked.

    Arguments as of :func:`spinglass.plotting.curves.complexities.complexity`; energies are refused.
    """
    if energies is not None:
        raise ValueError("energies: expected None for a parabola, whose strength does not fix energies; leave them out")
    indices = [None, 0] if indices is None else sequence("indices", indices)
    if not indices:
        raise ValueError("indices: expected at least one index (None for all), got none")
    switch("mark", mark), switch("legend", legend)
    labels = {k: "all indices" if k is None else f"index {k}" for k in indices}
    return _against_strength(ax, None, c.model, labels, mark, legend, kwargs)


def _against_strength(ax, strengths, own, labels, mark, legend, kwargs):
    """Draw the rates of some indices against the strength, with that of one parabola among them."""
    m = 1.0 if own is None else float(own.m)
    x = np.linspace(min(0.2, m / 2), max(1.3, 1.3 * m), 221) if strengths is None else strengths
    models = [complexity_of(parabolic_model(float(strength))) for strength in x]
    ax = canvas(ax)
    for k, pen in zip(labels, pens(ax, numbers_of(labels), labels.values(), kwargs), strict=True):
        tight(pen.curve(ax, x, [c.total(index=k) for c in models]), [x.min(), x.max()])
        if own and mark:
            pen.marks(ax, [m], [complexity_of(own).total(index=k)])
    zero_line(ax)
    if x.min() <= 1 <= x.max():
        vertical(ax, 1.0)
    return finish(ax, STRENGTH, per_dimension("complexity"), legend)


def _checked(model):
    instance("model", model, Spiked, "a spiked tensor such as sg.spiked(3, 1.)")
