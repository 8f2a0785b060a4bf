"""Phase diagrams: where a rate is positive over two parameters, and the line where it stops."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb

from spinglass.complexity.api import Complexity, complexity
from spinglass.complexity.further.parabola import Parabolic
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.inputs.checks import as_float, one_number, shown
from spinglass.models import SphericalGame
from spinglass.plotting.curves.signs import Region
from spinglass.plotting.style import canvas, finish, increasing, keywords, number_of, pens

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Index, Numbers

SHADING = 0.2  # of the colour of the line, in the region where points exist
BELOW = 0.4  # the grid of the axes
MODELS = (Complexity, SphericalGame, Spiked, Parabolic)  # which are asked for their total complexity
FINEST = 1e-14  # share of the distance of neighbours that bisection reaches


def phase_diagram(
    rate: Callable[[float, float], Any],
    ax: Axes | None = None,
    *,
    x: Numbers,
    y: Numbers,
    index: Index = None,
    tolerance: float = 1e-3,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw where a rate is positive over two parameters, and the line on which it stops to be.

    Every pair of neighbours of the grid between which the sign changes is bisected, so that the line is exact on the
    lines of the grid and straight between them.

    Parameters
    ----------
    rate : callable
        ``rate(x, y)``: a number, positive where points exist; or a model or its complexity, whose
        ``sg.complexity(model).total(index)`` is the number.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    x, y : increasing arrays of shapes (n,) and (m,)
        Values of the parameters; what is smaller than their distances is not seen.
    index : None, int or tuple
        Of the total complexity, if there are models.
    tolerance : float
        Error of the line on the lines of the grid, as a share of the distance of neighbours.
    legend : bool
        Whether to name the region and the line.
    **kwargs
        Handed to the line, a ``LineCollection``; its colour is that of the region.

    Returns
    -------
    matplotlib Axes
        Its labels are the names of the parameters of ``rate``.

    Raises
    ------
    TypeError, ValueError
        For wrong arguments, or a rate that is no number.

    Notes
    -----
    n m evaluations, and ten for every place of the line.  0 and -inf count as negative: the total complexity of all
    points is never negative, and 0 where the landscape is trivial.  A root finder needs a change of sign: on one
    sphere :math:`\xi''(1) - \xi'(1)` has it, positive where ``sg.complexity(model).classify().name`` is not "trivial".

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> def glass(field, share):
    ...     return sg.mixed({1: field, 3: 1 - share, 4: share})
    >>> ax = sg.plotting.phase_diagram(glass, x=np.linspace(.5, 14, 12), y=np.linspace(.01, .99, 8))
    >>> ax.get_xlabel(), [text.get_text() for text in ax.get_legend().get_texts()]
    ('field', ['complexity > 0', 'where it stops'])
    """
    if not callable(rate):
        raise TypeError(f"rate: expected a function of two parameters, got {shown(rate)}")
    x, y, tolerance = increasing("x", x), increasing("y", y), _share("tolerance", tolerance)
    models = set()

    def positive(a, b):
        models.add(isinstance(value := rate(a, b), MODELS))
        return _rate(value, index) > 0

    region = Region(positive, x, y, tolerance)
    ax = canvas(ax)
    kwargs = keywords(kwargs, LineCollection)
    if not ax.has_data():
        kwargs = {"linestyle": "-"} | kwargs
    edge = "where it stops" if region.lines else "_nolegend_"
    (pen,) = pens(ax, [number_of(index)], [edge], kwargs, LineCollection)
    shade = 1 - SHADING * (1 - np.array(to_rgb(pen.colour)))
    # opaque, of whole pixels that are not shifted, so that the sides of cells are not seen
    fill: dict[str, Any] = {"facecolor": shade, "linewidth": 0, "antialiased": False, "snap": False, "rasterized": True}
    name = f"{_what(models, index)} > 0{'' if region.polygons else ' nowhere'}"
    pen.holds(ax.add_collection(PolyCollection(region.polygons, label=name, zorder=BELOW, **fill)))
    line = ax.add_collection(LineCollection(region.lines, **{"zorder": 2} | pen.keywords))
    ax.update_datalim([(x[0], y[0]), (x[-1], y[-1])])
    line.sticky_edges.x[:], line.sticky_edges.y[:] = [x[0], x[-1]], [y[0], y[-1]]
    ax.autoscale_view()
    xlabel, ylabel = _names(rate)
    return finish(ax, xlabel, ylabel, legend)


def _what(models, index):
    """Return what is positive: a complexity if all values were models or complexities."""
    if models != {True}:
        return "rate"
    return "complexity" if index is None else f"complexity of index {index}"


def _rate(value, index):
    """Return a number, or the total complexity of a model."""
    if isinstance(value, MODELS[1:]):
        value = complexity(value)
    if isinstance(value, Complexity):
        return value.total(index=index)
    try:
        number = as_float(value)
    except TypeError:
        raise TypeError(f"rate: expected a function that returns a number or a model, got {shown(value)}") from None
    if np.isnan(number):
        raise ValueError("rate: expected a function that returns numbers, got nan")
    return number


def _share(name, value):
    """Return a share that bisection reaches."""
    value = one_number(name, value)
    if not FINEST <= value <= 1:
        raise ValueError(f"{name}: expected a number from {FINEST:g} to 1, got {value:g}")
    return value


def _names(rate):
    """Return the names of the two parameters of a function."""
    try:
        names = list(inspect.signature(rate).parameters)
    except (TypeError, ValueError):  # of some functions written in C
        names = []
    return names[:2] if len(names) >= 2 else ["x", "y"]
