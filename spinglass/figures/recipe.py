"""What a figure is: numbers computed once, part by part, drawn on Axes laid out by the recipe."""

import difflib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from spinglass.arithmetic.checks import instance, shown
from spinglass.montecarlo.worker import one_blas_thread

#: One module (or folder) per paper, imported when one of its figures is asked for.
PAPERS = (
    "auffinger2013",
    "baskerville2021gan",
    "baskerville2021rmt",
    "baskerville2022universal",
    "fyodorov2013",
    "granziol2020",
    "kentdobias2023",
    "bmmn2019",
    "subag2017",
    "pennington2017",
    "games",
)


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
    """

    name: str
    title: str
    parts: Callable
    draw: Callable
    rows: int = 1
    columns: int = 1
    size: tuple = (6.0, 4.2)

    def compute(self, quick=False, kept=None, executor=None, progress=False):
        """Return the drawn numbers as a dict of arrays.

        Parameters
        ----------
        quick : bool
            Coarser, in less than ten seconds.
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

    def figure(self, data):
        """Return a new figure with the data drawn."""
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots(self.rows, self.columns, figsize=self.size, layout="constrained", squeeze=False)
        try:
            self.draw(data, axes)
        except BaseException:
            plt.close(figure)
            raise
        return figure


def _alone(part):
    with one_blas_thread():
        return part()


def _computed(parts, executor):
    """Yield keys and arrays of parts as they are finished; after an error only those that had begun, then raise it."""
    if not parts:
        return
    error = None
    with nullcontext(executor) if executor else ThreadPoolExecutor(os.cpu_count()) as pool:
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


def _recipes(paper) -> tuple[Recipe, ...]:
    """Import the recipes of one paper."""
    RECIPES: tuple[Recipe, ...]
    if paper == "auffinger2013":
        from spinglass.figures.auffinger2013 import RECIPES
    elif paper == "baskerville2021gan":
        from spinglass.figures.baskerville2021gan import RECIPES
    elif paper == "baskerville2021rmt":
        from spinglass.figures.baskerville2021rmt import RECIPES
    elif paper == "baskerville2022universal":
        from spinglass.figures.baskerville2022universal import RECIPES
    elif paper == "bmmn2019":
        from spinglass.figures.bmmn2019 import RECIPES
    elif paper == "fyodorov2013":
        from spinglass.figures.fyodorov2013 import RECIPES
    elif paper == "games":
        from spinglass.figures.games import RECIPES
    elif paper == "granziol2020":
        from spinglass.figures.granziol2020 import RECIPES
    elif paper == "kentdobias2023":
        from spinglass.figures.kentdobias2023 import RECIPES
    elif paper == "pennington2017":
        from spinglass.figures.pennington2017 import RECIPES
    elif paper == "subag2017":
        from spinglass.figures.subag2017 import RECIPES
    return RECIPES


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
    ['auffinger2013-1', 'auffinger2013-2', 'auffinger2013-3', 'auffinger2013-4']
    """
    chosen: dict[str, None] = {}
    for name in wanted or PAPERS:
        instance("figure", name, str, "the name of a figure or a paper")
        paper = name if name in PAPERS else name.rsplit("-", 1)[0]
        found = [r.name for r in _recipes(paper) if name in (paper, r.name)] if paper in PAPERS else []
        if not found:
            known = names()
            close = difflib.get_close_matches(name, [*PAPERS, *known], n=3, cutoff=0.4)
            hint = f"did you mean {', '.join(close)}?" if close else f"known are {', '.join(known)}"
            raise ValueError(f"figure: no figure or paper is called {shown(name)}: {hint}")
        chosen.update(dict.fromkeys(found))
    return list(chosen)


def recipe(name) -> Recipe:
    """Return the recipe of one figure by its name.

    Examples
    --------
    >>> from spinglass import figures
    >>> figures.recipe("auffinger2013-1").title
    'Theta_k(u) of the pure 3-spin'
    """
    found = names(name)
    if found != [name]:
        raise ValueError(f"figure: expected the name of one figure, got {shown(name)}: choose from {', '.join(found)}")
    (one,) = (r for r in _recipes(name.rsplit("-", 1)[0]) if r.name == name)
    return one
