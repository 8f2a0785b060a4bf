"""The figures by name: which papers there are, and the recipes of each."""

from __future__ import annotations

import difflib

from spinglass.figures.recipe import Recipe
from spinglass.inputs.checks import instance, shown

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


def _recipes(paper: str) -> tuple[Recipe, ...]:
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


def names(*wanted: str) -> list[str]:
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


def recipe(name: str) -> Recipe:
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
