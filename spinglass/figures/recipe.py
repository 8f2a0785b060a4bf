"""What a figure is: numbers computed once, drawn on Axes laid out by the recipe."""

import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Recipe:
    """One figure of a paper.

    Attributes
    ----------
    name : str
        paper and number, such as auffinger2013-1.
    title : str
        One line for the list of figures.
    compute : callable
        ``compute(quick)`` returns a dict of arrays.
    draw : callable
        ``draw(data, axes)`` draws them; axes is an array of Axes of the recipe's layout.
    rows, columns : int
        Layout.
    size : pair of float
        Width and height in inches.
    """

    name: str
    title: str
    compute: Callable
    draw: Callable
    rows: int = 1
    columns: int = 1
    size: tuple = (6.0, 4.2)

    def figure(self, data) -> Figure:
        """Return a new figure with the data drawn."""
        figure, axes = plt.subplots(self.rows, self.columns, figsize=self.size, layout="constrained", squeeze=False)
        self.draw(data, axes)
        return figure


def _all():
    from spinglass.figures import auffinger2013, baskerville2021gan

    return {r.name: r for paper in (auffinger2013, baskerville2021gan) for r in paper.RECIPES}


def names(*wanted):
    """Return the names of recipes: all, or those of the given figures and papers.

    Raises
    ------
    ValueError
        For a name that is neither, with the close matches.

    Examples
    --------
    >>> from spinglass import figures
    >>> figures.names("auffinger2013")
    ['auffinger2013-1', 'auffinger2013-2', 'auffinger2013-3']
    """
    known = list(_all())
    if not wanted:
        return known
    chosen = []
    for name in wanted:
        found = [n for n in known if n == name or n.rsplit("-", 1)[0] == name]
        if not found:
            papers = dict.fromkeys(n.rsplit("-", 1)[0] for n in known)
            close = difflib.get_close_matches(name, [*papers, *known], n=3, cutoff=0.4)
            hint = f"did you mean {', '.join(close)}?" if close else f"known are {', '.join(known)}"
            raise ValueError(f"figure: no figure or paper is called {name!r}: {hint}")
        chosen += [n for n in found if n not in chosen]
    return chosen


def recipe(name) -> Recipe:
    """Return the recipe of one figure by its name."""
    (one,) = names(name)
    return _all()[one]


def draw_figure(name, folder, quick=False):
    """Compute and draw one figure into ``folder``/name.png; return the path.

    Raises
    ------
    OSError
        If the folder cannot be written, before anything is computed.
    """
    path = writable_folder(folder) / f"{name}.png"
    chosen = recipe(name)
    figure = chosen.figure(chosen.compute(quick))
    figure.savefig(path, dpi=160)
    plt.close(figure)
    return path


def writable_folder(folder):
    """Make a folder if need be and return it, or say in one line why it cannot be used."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(f"out: expected a folder that can be made and written, got {folder}: {error.strerror}") from None
    if not os.access(folder, os.W_OK):
        raise OSError(f"out: expected a folder that can be written, got {folder}: permission denied")
    return folder
