"""Links that nobody writes: from the page of a name to the formulas that it computes and to the pages that use it.

In the theory, a small paragraph *Computed by* below a numbered formula names what evaluates it.  A page uses a name
where its code says ``sg.name``.
"""

import re
from functools import cache
from pathlib import Path

DOCS = Path(__file__).parents[1]
LABELLED = re.compile(r"\$\$ \(([\w-]+)\)\n+\{\.computed\}\nComputed by (.*?)(?=\n\n|\Z)", re.S)
NAME = re.compile(r"`(?:[^`<]*<)?~?([\w.]+)>?`")
USED = re.compile(r"\bsg\.([A-Za-z_][\w.]*)")


def title(path):
    """Return the heading of a page or of a percent script."""
    mark = "# # " if path.suffix == ".py" else "# "
    return next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(mark))[len(mark) :]


@cache
def formulas():
    """Return (page, title, label) of the formulas that a name computes, or a method of it, by name."""
    found = {}
    for path in sorted((DOCS / "theory").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for label, by in LABELLED.findall(text):
            for name in NAME.findall(by):
                parts = name.split(".")
                for end in range(2, len(parts) + 1):
                    rows = found.setdefault(".".join(parts[:end]), {})
                    rows[label] = (f"/theory/{path.stem}", title(path), label)
    return {name: list(rows.values()) for name, rows in found.items()}


@cache
def uses():
    """Return (page, title) of the pages that use a name, by name."""
    pages = [("/howto", path) for path in sorted((DOCS / "howto").glob("*.md"))]
    pages += [("/notebooks", path) for path in sorted((DOCS.parent / "notebooks").glob("*.py"))]
    pages += [("/theory", path) for path in sorted((DOCS / "theory").glob("*.md"))]
    found = {}
    for folder, path in pages:
        text = path.read_text(encoding="utf-8")
        for name in {name.rstrip(".") for name in USED.findall(text)}:
            parts = ["spinglass", *name.split(".")]
            for end in range(2, len(parts) + 1):
                found.setdefault(".".join(parts[:end]), {})[f"{folder}/{path.stem}"] = title(path)
    return {name: list(rows.items()) for name, rows in found.items()}
