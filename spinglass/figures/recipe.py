"""What a figure is: numbers computed once, part by part, drawn on Axes laid out by the recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from spinglass.figures.layout import checked_width, crowded, letters, panels, rooms, settle
from spinglass.running.run import cores
from spinglass.running.worker import one_blas_thread

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from matplotlib.figure import Figure

    from spinglass.figures.cache import Kept


@dataclass(frozen=True)
class Recipe:
    """One figure of a paper.

    Attributes
    ----------
    name : str
        paper and number, such as auffinger2013-1.
    title : str
        One line for the list of figures.
    parts : callable
        ``parts(quick)`` returns a dict.  Its values are arrays, or functions without arguments that return one: the
        long computations, done at the same time and each kept as soon as it is finished.
    draw : callable
        ``draw(data, axes)`` draws them; axes is an array of Axes of the recipe's layout.
    rows, columns : int
        Layout.
    size : pair of float
        Width and height in inches.
    claim : str
        What the picture shows, in a sentence or two of Markdown with formulas in ``$``.
    parameters : str
        Which models, sizes and numbers of samples.
    published : str
        The number or statement of the paper; empty where none was read.
    differs : str
        What is done otherwise than in the paper; empty where nothing is.
    """

    name: str
    title: str
    parts: Callable
    draw: Callable
    rows: int = 1
    columns: int = 1
    size: tuple = (6.0, 4.2)
    claim: str = ""
    parameters: str = ""
    published: str = ""
    differs: str = ""

    def compute(
        self, quick: bool = False, kept: Kept | None = None, executor: Executor | None = None, progress: bool = False
    ) -> dict[str, Any]:
        """Return the drawn numbers as a dict of arrays.

        Parameters
        ----------
        quick : bool
            Coarser, in seconds; two figures take half a minute on two slow cores.
        kept : Kept, optional
            Where finished parts are looked up and put; nowhere by default.
        executor : concurrent.futures.Executor, optional
            Where parts are computed; threads on all cores by default.
        progress : bool
            Show a bar.

        Returns
        -------
        dict of str to array
        """
        data = dict(self.parts(quick))
        found = {key: None if kept is None else kept.load(key) for key, part in data.items() if callable(part)}
        missing = {key: data[key] for key in found if found[key] is None}
        data.update((key, value[key]) for key, value in found.items() if value is not None)
        bar = tqdm(
            total=len(found), initial=len(found) - len(missing), desc=self.name, disable=None if progress else True
        )
        with bar:
            for key, value in _computed(missing, executor):
                data[key] = value
                if kept is not None:
                    kept.store(key, {key: value})
                bar.update()
        return {key: np.asarray(value) for key, value in data.items()}

    def figure(self, data: Mapping[str, Any], width: float | None = None) -> Figure:
        """Return a new figure with the data drawn.

        Parameters
        ----------
        data : dict of str to array
            What :meth:`compute` returned.
        width : float, optional
            In inches, from 2.5 to 40; that of :attr:`size` by default.  In a narrow figure the same panels stand on
            fewer columns, letters shrink with the panels (none is under 6 points), long titles are broken, and
            legends that would cover something stand above their panel.

        Returns
        -------
        matplotlib.figure.Figure
            Drawn with pyplot: close it when it is done with.

        Raises
        ------
        ValueError
            For a width out of range.

        Examples
        --------
        >>> from spinglass import figures
        >>> one = figures.recipe("auffinger2013-2")
        >>> narrow = one.figure(one.compute(quick=True), width=3.4)
        >>> float(narrow.get_figwidth()), [ax.get_subplotspec().rowspan.start for ax in narrow.axes]
        (3.4, [0, 1])
        """
        import matplotlib.pyplot as plt

        width = checked_width(width)
        for room in rooms(self, width):
            settings = letters(self, width, room)
            with plt.rc_context(settings):
                figure, axes = panels(self, width, room)
                try:
                    self.draw(data, axes)
                    if crowded(axes, room):
                        plt.close(figure)
                        continue
                    if width is not None:
                        settle(figure, axes, settings["font.size"])
                except BaseException:
                    plt.close(figure)
                    raise
            break
        return figure


def _alone(part):
    with one_blas_thread():
        return part()


def _computed(parts, executor):
    """Yield keys and arrays of parts as they are finished; after an error only those that had begun, then raise it."""
    if not parts:
        return
    error = None
    with nullcontext(executor) if executor else ThreadPoolExecutor(cores()) as pool:
        futures = {pool.submit(_alone, part): key for key, part in parts.items()}
        try:
            for future in as_completed(futures):
                if future.cancelled():
                    continue
                if future.exception() is None:
                    yield futures[future], np.asarray(future.result())
                    continue
                error = error or future.exception()
                for other in futures:
                    other.cancel()
        finally:
            for future in futures:
                future.cancel()
    if error is not None:
        raise error
