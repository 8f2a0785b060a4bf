"""The figures of the papers, one module per paper, one recipe per figure.

``figures.data(name, quick)`` returns the drawn numbers as a dict of arrays, ``figures.draw_figure(name, folder)`` draws
them.  Constants that a paper or its code published, where they differ from the exact law, live here and nowhere else in
the package.

Examples
--------
>>> from spinglass import figures
>>> numbers = figures.data("auffinger2013-2", quick=True, cache=False)
>>> float(numbers["E_0"][0].round(6))  # p = 3
1.656998
"""

from spinglass.figures.catalogue import names, recipe
from spinglass.figures.recipe import Recipe
from spinglass.figures.results import Table, data, draw_figure, save
from spinglass.running.folders import writable_folder

__all__ = ["Recipe", "Table", "data", "draw_figure", "names", "recipe", "save", "writable_folder"]
