"""The quenched complexity under the annealed one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from scipy.optimize import brentq

from spinglass.complexity.api import complexity
from spinglass.inputs.checks import instance
from spinglass.models import SphericalGame
from spinglass.plotting.style import (
    BENEATH,
    canvas,
    finish,
    keywords,
    number_of,
    pens,
    per_dimension,
    places,
    switch,
    tight,
    zero_line,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Index, Numbers

POINTS = 51  # of a curve
SAME = 1e-6  # relative width below which there is no energy at which they differ
MEET = 1e-9  # difference below which the two complexities are one


def quenched(
    model: SphericalGame,
    ax: Axes | None = None,
    *,
    index: Index = None,
    energies: Numbers | None = None,
    mark: bool = True,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the quenched and the annealed complexity of a mixture on one sphere, where they differ.

    .. math:: \lim\tfrac1N E\log\#\{u\} \le \lim\tfrac1N\log E\,\#\{u\}

    Below the energy where the quenched complexity vanishes there are typically no points, though their mean number may
    be large: it comes from rare draws.  The annealed one is a wide pale line, so that both are seen where they are the
    same; the legend says so if they are wherever there is a quenched one.

    Parameters
    ----------
    model : SphericalGame
        With one sphere, without a random field.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    index : None or 0
        All points, or minima.
    energies : (n,) array, optional
        Energy densities; by default from below both lowest energies to where the complexities have met.
    mark : bool
        Mark the lowest energies, of which the quenched one is that of the ground state.
    legend : bool
        Whether to name the curves.
    **kwargs
        Handed to ``ax.plot`` for both curves.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError, NotImplementedError
        For something that has no quenched complexity.

    References
    ----------
    Kent-Dobias, Kurchan (2023), How to count in hierarchical landscapes.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> ax = sg.plotting.quenched(sg.mixed({3: .5, 16: .033}), energies=np.linspace(-1.297, -1.283, 5))
    >>> [text.get_text().split(":")[0] for text in ax.get_legend().get_texts()]
    ['annealed', 'quenched']
    """
    instance("model", model, SphericalGame, "a SphericalGame such as sg.mixed({3: .5, 16: .033})")
    mark = switch("mark", mark)
    both = [complexity(model, method) for method in ("annealed", "quenched")]
    lowest = [c.lowest_energy(index=index) for c in both]
    if energies is None:
        if not np.all(np.isfinite(lowest)):
            raise ValueError(f"index: no energy has complexity >= 0 at index {index}; give energies=")
        energies = _window(both[0], both[1], lowest[0], index)
    energies = places("energies", energies)
    ax = canvas(ax)
    if not ax.has_data():
        ax.xaxis.set_major_locator(MaxNLocator(5))  # energies that differ late have long numbers
    zero_line(ax)
    names = ["annealed", "quenched"]
    if mark:
        names = [f"{name}: $u_0$ = {u:.6g}" if np.isfinite(u) else name for name, u in zip(names, lowest, strict=True)]
    # one meaning of a colour is an index: the two differ in their lines
    number, kwargs = number_of(index), keywords(kwargs)
    curves = [np.where(np.isfinite(heights := c(energies, index=index)), heights, np.nan) for c in both]
    if _same(*curves):
        names[1] += " (the same)"
    for i, pen in enumerate(pens(ax, [number, number], names, kwargs)):
        look = ({"linestyle": "-"}, BENEATH)[i == 0]
        pen.keywords |= {word: value for word, value in look.items() if word not in kwargs}
        drawn = pen.curve(ax, energies, curves[i])
        tight(drawn, x=[energies[0], energies[-1]])
        if mark and energies[0] <= lowest[i] <= energies[-1]:
            pen.marks(ax, [lowest[i]], [0.0], marker="os"[i], markerfacecolor=("white", pen.colour)[i])
    return finish(ax, "energy density $u$", per_dimension(r"complexity $\Sigma(u)$"), legend)


def _same(annealed, quenched):
    """Tell whether two curves are one wherever both are, of which there are two places at least."""
    there = np.isfinite(annealed) & np.isfinite(quenched)
    return there.sum() > 1 and np.all(np.abs(annealed - quenched)[there] <= MEET)


def _window(annealed, quenched, first, index):
    """Return energies from below the lowest annealed one to where the complexities have met."""

    def apart(u):
        return float(annealed(u, index=index) - max(quenched(u, index=index), -1.0)) - MEET

    typical = annealed.typical_energy(index=index)
    meet = first if apart(first) <= 0 else brentq(apart, first, typical, xtol=1e-6) if apart(typical) < 0 else typical
    width = meet - first if meet - first > SAME * abs(first) else 0.02 * abs(first)
    return np.linspace(first - 0.25 * width, first + 1.2 * width, POINTS)
