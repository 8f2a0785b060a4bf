"""The gallery: every script of notebooks/ becomes a page with the outputs of its cells.

A notebook is executed again only if its script or the package has changed since.
"""

import base64
import hashlib
import re
from pathlib import Path

import jupytext
import nbclient
import nbformat

ROOT = Path(__file__).parents[2]
SECONDS = 120  # for one cell
WIDGET = "application/vnd.jupyter.widget-view+json"


def scripts(folder=ROOT / "notebooks"):
    """Return the notebooks of a folder, the first steps first."""
    first = ("quickstart", "your_own_game")
    return sorted(Path(folder).glob("*.py"), key=lambda path: (path.stem not in first, path.stem))


def execute(path, seconds=SECONDS):
    """Return the notebook of a percent script with the outputs of its cells.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises.
    """
    notebook = jupytext.read(path)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    place = {"metadata": {"path": str(ROOT)}}
    quiet = ["--IPKernelApp.log_level=40"]
    client = nbclient.NotebookClient(
        notebook, timeout=seconds, resources=place, extra_arguments=quiet, coalesce_streams=True
    )
    return client.execute()


def title(notebook):
    """Return the heading of a notebook."""
    return re.search(r"^# (.+)$", notebook.cells[0].source, re.M)[1]


def first_sentence(notebook):
    """Return the first sentence below the heading."""
    text = " ".join(notebook.cells[0].source.split("\n\n")[1].split())
    return re.match(r".*?[.:](?= |$)", text)[0].rstrip(":.") + "."


def page(notebook, name):
    """Return a notebook as Markdown, and its pictures by their names."""
    parts, pictures = [], {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/png" in data:
                picture = f"{name}-{len(pictures) + 1}.png"
                pictures[picture] = base64.b64decode(data["image/png"])
                parts.append(f"![{title(notebook)}, picture {len(pictures)}]({picture})")
            elif WIDGET in data:
                parts.append("*(In Jupyter the sliders appear here.)*")
            elif "text/markdown" in data:
                parts.append(data["text/markdown"])
            elif "text/latex" in data:
                parts.append(f"$${data['text/latex'].strip().strip('$')}$$")
            elif text := data.get("text/plain") or output.get("text"):
                parts.append(f"```text\n{text.rstrip()}\n```")
    where = f"*This page is the notebook `notebooks/{name}.py`, executed. [How to open it](index.md#open-a-notebook).*"
    return "\n\n".join([parts[0], where, *parts[1:]]) + "\n", pictures


def fingerprint(path):
    """Return what the outputs of a notebook depend on, as a short text."""
    package = sorted((ROOT / "spinglass").rglob("*.py"))
    content = b"".join(file.read_bytes() for file in [path, *package])
    return hashlib.sha256(content).hexdigest()[:16]


def executed(path, folder):
    """Return the notebook with outputs, from the folder if it was executed there before with the same package."""
    kept = Path(folder) / f"{Path(path).stem}-{fingerprint(path)}.ipynb"
    if kept.exists():
        return nbformat.read(kept, as_version=4)
    notebook = execute(path)
    kept.parent.mkdir(parents=True, exist_ok=True)
    for older in kept.parent.glob(f"{Path(path).stem}-*.ipynb"):
        older.unlink()
    nbformat.write(notebook, kept)
    return notebook


INDEX = """# Gallery

Every page below is a notebook, executed when this site was built, with the coarse grids of its quick mode. All
pictures are drawn by `spinglass.figures` or by a few lines in the notebook.

"""

OPEN = """
## Open a notebook

Notebooks are kept as plain Python scripts in the *percent format* (`# %%` starts a cell), one file each, without
outputs. After `python -m pip install -e ".[notebooks]"` make a Jupyter notebook of one, or open it in Jupyter Lab by
*Open With, Notebook*:

```sh
python -m jupytext --to ipynb notebooks/quickstart.py
```

Set `quick = False` in the first cell for the grids of the published figures.
"""


def write(path, content):
    """Write a file unless it is there already, so that only what changed is built again."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def build(app):
    """Write docs/gallery/ before Sphinx looks for pages."""
    folder = Path(app.srcdir) / "gallery"
    folder.mkdir(exist_ok=True)
    cards, names = [], [path.stem for path in scripts()]
    for path in scripts():
        notebook = executed(path, Path(app.srcdir) / app.config.notebooks_folder)
        text, pictures = page(notebook, path.stem)
        write(folder / f"{path.stem}.md", text.encode())
        for name, picture in pictures.items():
            write(folder / name, picture)
        link = f"[![{title(notebook)}]({next(iter(pictures))})]({path.stem}.md)"
        cards.append(f"## [{title(notebook)}]({path.stem}.md)\n\n{first_sentence(notebook)}\n\n{link}\n")
    contents = "```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"
    write(folder / "index.md", "\n".join([INDEX, *cards, OPEN, contents]).encode())


def setup(app):
    """Register the step that writes the gallery; executed notebooks are kept in notebooks_folder, below the sources."""
    app.add_config_value("notebooks_folder", "_build/notebooks", "env", str)
    app.connect("builder-inited", build)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
