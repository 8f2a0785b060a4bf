"""The gallery: a page for every recipe of spinglass.figures, with its picture, what it says, its code and its data.

Pictures are drawn in quick mode and kept, as the outputs of notebooks are, until the package changes.  A build that
only looks at pages draws a few of them, ``-D gallery_drawn=auffinger2013-1,games-1``; the other pages say so.
"""

import inspect
import os
import re
import textwrap
from pathlib import Path

from notebooks import ROOT, cache_folder, write

#: What a page says beside the picture: heading and attribute of a recipe, Markdown.
SAID = (
    ("What it shows", "claim"),
    ("Parameters", "parameters"),
    ("In the paper", "published"),
    ("What differs", "differs"),
)

INDEX = """# Gallery

Every figure that the package draws, in its quick mode: coarse grids, made when these pages were built. Each page has
the numbers and the code. `python -m spinglass figures NAME` draws one with the grids of publication.

"""

CARD = """:::{{grid-item-card}} {title}
:img-top: {name}.png
:link: {name}
:link-type: doc

`{name}`
:::
"""

PAGE = """# {title}

```{{image}} {name}.png
:alt: {title}
:width: 100%
```

{said}

## Draw it

```python
from spinglass import figures

# without quick=True: the grids of publication
figures.draw_figure("{name}", "figures/", quick=True)
numbers = figures.data("{name}", quick=True)
print({{key: array.shape for key, array in numbers.items()}})
```

Or from a shell: `python -m spinglass figures {name} --out figures/`.

Numbers of the picture above: {{download}}`{name}.csv <{name}.csv>`. {papers}

## How it is made

What is computed, and how it is drawn; the rest of the module: {{py:mod}}`{module}`.

::::{{dropdown}} Code
```python
{code}
```
::::
"""


def drawn(name, folder):
    """Return the paths of the picture and the table of a figure, drawn if they are not in the folder."""
    import matplotlib

    from spinglass import figures

    picture, table = folder / f"{name}.png", folder / f"{name}.csv"
    if not (picture.exists() and table.exists()):
        with matplotlib.rc_context({"backend": "agg"}):
            numbers = figures.data(name, quick=True)
            with figures.Table(table) as rows:
                rows.add(name, numbers)
            figures.save(name, numbers, folder)
    return picture, table


def left_out(name, folder):
    """Return the paths of a picture and a table that say that they were not made in this build."""
    import matplotlib.pyplot as plt

    picture, table = folder / "left_out.png", folder / f"{name}.csv"
    if not picture.exists():
        with plt.rc_context({"backend": "agg"}):
            figure = plt.figure(figsize=(6, 4))
            figure.text(0.5, 0.5, "not drawn in this build", ha="center")
            figure.savefig(picture)
            plt.close(figure)
    table.write_text(f"figure,key,i,j,k,value\n{name},not computed in this build,,,,\n")
    return picture, table


def source(recipe):
    """Return the code of the two functions of a recipe."""
    return "\n\n".join(textwrap.dedent(inspect.getsource(inspect.unwrap(f))) for f in (recipe.parts, recipe.draw))


def papers():
    """Return the names of recipes by paper, in the order of the catalogue."""
    from spinglass import figures

    found = {}
    for name in figures.names():
        found.setdefault(name.rsplit("-", 1)[0], []).append(name)
    return found


def notebook_of(name):
    """Return the name of the notebook that draws a figure, or None."""
    for path in sorted((ROOT / "notebooks").glob("*.py")):
        if re.search(rf'"{name}"', path.read_text(encoding="utf-8")):
            return path.stem
    return None


def page(name):
    """Return the page of one figure."""
    from spinglass import figures

    recipe = figures.recipe(name)
    said = [f"**{heading}.** {text}" for heading, field in SAID if (text := getattr(recipe, field, "").strip())]
    notebook, cited = notebook_of(name), citation(name.rsplit("-", 1)[0])
    links = [f"The story around it: {{doc}}`/notebooks/{notebook}`." if notebook else "", cited]
    title = recipe.title[0].upper() + recipe.title[1:]
    return PAGE.format(
        name=name,
        title=f"{title}",
        said="\n\n".join(said),
        papers=" ".join(filter(None, links)),
        module=inspect.getmodule(recipe.draw).__name__,
        code=source(recipe).rstrip(),
    )


#: Papers whose figures have another name than their entry in the bibliography.
ENTRIES = {
    "baskerville2021gan": "baskerville2022gan",
    "baskerville2021rmt": "baskerville2022rmt",
    "bmmn2019": "benarous2019",
}


def citation(paper):
    """Return the reference of a paper as Markdown, empty for figures of no paper."""
    from spinglass.references import bibliography

    key = ENTRIES.get(paper, paper)
    return f"After {{cite:t}}`{key}`." if key in bibliography() else ""


def card(name):
    """Return the card of a figure in the grid."""
    from spinglass import figures

    title = figures.recipe(name).title
    return CARD.format(name=name, title=title[0].upper() + title[1:])


def index():
    """Return the grid of all figures."""
    from spinglass.references import bibliography

    parts = [INDEX]
    for paper, names in papers().items():
        entry = bibliography().get(ENTRIES.get(paper, paper), "")
        found = re.search(r"title = \{(.*)\}", entry)
        heading = re.sub(r"[{}]", "", found[1]) if found else paper.capitalize()
        parts += [
            f"## {heading}\n",
            citation(paper) + "\n",
            "::::{grid} 1 2 3 3\n:gutter: 2\n",
            *map(card, names),
            "::::\n",
        ]
    every = "\n".join(name for names in papers().values() for name in names)
    return "\n".join([*parts, f"```{{toctree}}\n:hidden:\n\n{every}\n```\n"])


def build(app):
    """Write docs/gallery/ before Sphinx looks for pages."""
    kept, folder = cache_folder("figures"), Path(app.srcdir) / "gallery"
    chosen = [name for name in app.config.gallery_drawn.split(",") if name]
    empty = cache_folder("left_out")
    os.environ.setdefault("SPINGLASS_CACHE", str(kept / "numbers"))  # of the notebooks as well
    for names in papers().values():
        for name in names:
            made = drawn(name, kept) if not chosen or name in chosen else left_out(name, empty)
            for path in made:
                write(folder / f"{name}{path.suffix}", path.read_bytes())
            write(folder / f"{name}.md", page(name))
    write(folder / "index.md", index())
    written = {"index", *(name for names in papers().values() for name in names)}
    for path in folder.iterdir():  # of figures that are gone
        if path.stem not in written:
            path.unlink()


def setup(app):
    """Register the step that writes the gallery."""
    app.add_config_value("gallery_drawn", "", "env", types=[str], description="figures to draw; all by default")
    app.connect("builder-inited", build, priority=110)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
