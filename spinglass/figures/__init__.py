"""The figures of the papers, one module per paper, one recipe per figure.

``compute(quick)`` returns the drawn numbers as a dict of arrays, ``draw(data, axes)`` draws them.  Constants that
a paper or its code published, where they differ from the exact law, live here and nowhere else in the package.
"""

from spinglass.figures.recipe import Recipe, draw_figure, names, recipe

__all__ = ["Recipe", "draw_figure", "names", "recipe"]
