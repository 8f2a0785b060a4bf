"""The percent scripts of notebooks/ as notebooks below docs/, where myst-nb executes them and keeps their outputs.

Outputs belong to the cells and to the package: a change of either executes a notebook again.
"""

import hashlib
import re
import shutil
from functools import cache
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).parents[2]
BUILT = Path(__file__).parents[1] / "_build"


@cache
def fingerprint(*paths):
    """Return what outputs depend on beside the cells: the sources of the package and these files, as a short text."""
    files = [*paths, *sorted((ROOT / "spinglass").rglob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def cache_folder(kind="notebooks", built=BUILT):
    """Return the folder of what was computed with the package as it is, and remove those of older ones."""
    folder = built / f"{kind}-{fingerprint()}"
    for older in built.glob(f"{kind}-*"):
        if older != folder:
            shutil.rmtree(older, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write(path, content):
    """Write a text or bytes unless they are there already, so that only what changed is built again."""
    content = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def converted(path):
    """Return a percent script as a notebook whose links lead to pages of the site."""
    notebook = jupytext.read(path)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\]\(\.\./docs/", "](../", cell.source)
    where = f"*This page is the notebook `notebooks/{path.stem}.py`, executed: {{nb-download}}`{path.stem}.ipynb`.*"
    drawn = re.findall(r'(?:draw|recipe)\("([\w-]+)"\)', path.read_text(encoding="utf-8"))
    if drawn:
        where += " *Figures*: " + ", ".join(f"[{name}](../gallery/{name}.md)" for name in drawn) + "."
    head, _, rest = notebook.cells[0].source.partition("\n\n")
    notebook.cells[0].source = f"{head}\n\n{where}\n\n{rest}"
    return nbformat.writes(notebook)


def build(app):
    """Write docs/notebooks/ before Sphinx looks for pages."""
    for path in (ROOT / "notebooks").glob("*.py"):
        write(Path(app.srcdir) / "notebooks" / f"{path.stem}.ipynb", converted(path))


def setup(app):
    """Register the step that writes the notebooks."""
    app.connect("builder-inited", build, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
