"""A figure's numbers and its picture: looked up or computed, drawn, written as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.figures.cache import Kept
from spinglass.figures.catalogue import recipe
from spinglass.figures.layout import checked_width
from spinglass.inputs.checks import one_of
from spinglass.running.folders import cache_folder, writable_folder
from spinglass.running.writing import check_writable, written

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from spinglass.inputs.annotations import FilePath


def data(
    name: str,
    quick: bool = False,
    *,
    cache: FilePath | bool | None = None,
    executor: Executor | None = None,
    progress: bool = False,
) -> dict[str, Any]:
    """Return every number that a figure draws.

    Parameters
    ----------
    name : str
        Of one figure, such as auffinger2013-1.
    quick : bool
        Coarser, in seconds; two figures take half a minute on two slow cores.
    cache : None, False or path
        Folder that keeps finished numbers, so that they are computed once and a stopped computation goes on where it
        was.  None: SPINGLASS_CACHE or the user's cache folder.  False: none.
    executor : concurrent.futures.Executor, optional
        Where the parts of a figure are computed; threads on all cores by default.
    progress : bool
        Show a bar, in a terminal.

    Returns
    -------
    dict of str to array

    Examples
    --------
    >>> from spinglass import figures
    >>> numbers = figures.data("auffinger2013-2", quick=True, cache=False)
    >>> print(round(float(numbers["E_0"][0]), 6), list(numbers))
    1.656998 ['p', 'E_0', 'E_1', 'E_2', 'E_5', 'E_inf']
    """
    chosen, folder = recipe(name), cache_folder(cache)
    kept = None if folder is None else Kept(folder, chosen, quick)
    found = None if kept is None else kept.load()
    if found is not None:
        return found
    computed = chosen.compute(quick, kept, executor, progress)
    if kept is not None:
        kept.finish(computed)
    return computed


#: What a figure can be written as.
FORMATS = ("png", "pdf", "svg")


def save(
    name: str, numbers: Mapping[str, Any], folder: FilePath, *, format: str = "png", width: float | None = None
) -> Path:
    """Draw the numbers of a figure into ``folder``/name.png (or .pdf, .svg); return the path.

    Parameters
    ----------
    name : str
        Of one figure, such as auffinger2013-1.
    numbers : dict of str to array
        What :func:`data` returned.
    folder : path
        Made if need be.
    format : {"png", "pdf", "svg"}
        The same numbers give the same file, whenever it is written.
    width : float, optional
        In inches, as in :meth:`Recipe.figure`: 3.4 is a column of a journal.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        For another format and for a width out of range.
    OSError
        If the folder or the file cannot be written, in one line with the path.

    Examples
    --------
    >>> import tempfile
    >>> from spinglass import figures
    >>> numbers = figures.data("auffinger2013-2", quick=True)
    >>> figures.save("auffinger2013-2", numbers, tempfile.mkdtemp(), format="pdf", width=3.4).name
    'auffinger2013-2.pdf'
    """
    import matplotlib.pyplot as plt

    path = writable_folder(folder) / f"{name}.{one_of('format', format, FORMATS)}"
    figure = recipe(name).figure(numbers, width)
    undated = {"png": {}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}[format]
    try:
        with written(path, "out") as file, plt.rc_context({"pdf.fonttype": 42, "svg.hashsalt": name}):
            figure.savefig(file, format=format, dpi=160, metadata=undated)
    finally:
        plt.close(figure)
    return path


def draw_figure(
    name: str,
    folder: FilePath,
    quick: bool = False,
    *,
    format: str = "png",
    width: float | None = None,
    **keywords: Any,
) -> Path:
    """Compute and draw one figure into ``folder``/name.png (or .pdf, .svg); return the path.

    Keywords are those of :func:`data`; format and width are those of :func:`save`.

    Raises
    ------
    ValueError
        For another format and for a width out of range, before anything is computed.
    OSError
        If the folder cannot be written, before anything is computed.
    """
    one_of("format", format, FORMATS)
    checked_width(width)
    folder = writable_folder(folder)
    return save(name, data(name, quick, **keywords), folder, format=format, width=width)


class Table:
    """A csv file of numbers in long form: figure, key, the indices i, j, k of an array, value; use it as a context.

    It is written whole at the end; after an error a file of its name is still the one of before.

    Raises
    ------
    OSError
        If the file cannot be written: before anything is computed, or at the end, in one line with the path.
    """

    def __init__(self, path: FilePath) -> None:
        check_writable(path, "data")
        self._path, self._text = path, io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(["figure", "key", "i", "j", "k", "value"])

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        if error is None:
            with written(self._path, "data") as file:
                file.write(self._text.getvalue().encode("ascii"))

    def add(self, name: str, numbers: Mapping[str, Any]) -> None:
        """Add the numbers of one figure."""
        for key, array in numbers.items():
            for place, value in np.ndenumerate(array):
                self._writer.writerow([name, key, *place, *[""] * (3 - len(place)), value])
