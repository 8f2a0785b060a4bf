"""Docstrings as numpydoc knows them: Accuracy becomes a note of that name; examples of plotting show their picture."""

import re
from pathlib import Path

import numpy as np
from jinja2 import FileSystemLoader
from jinja2.sandbox import SandboxedEnvironment
from numpydoc import docscrape_sphinx
from numpydoc.docscrape import NumpyDocString

HEADER = re.compile(r"^-{3,}\s*$")


def sections(lines):
    """Return [title, lines] of a docstring, the first title being None."""
    parts = [[None, []]]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if HEADER.match(following) and line.strip() and not line.startswith(" "):
            parts.append([line.strip(), []])
        elif not HEADER.match(line):
            parts[-1][1].append(line)
    return parts


def pictures(app, what, name, obj, options, lines):
    """Let the examples of the plotting functions be run and drawn."""
    if name.startswith("spinglass.plotting.") and what == "function" and "Examples" in lines:
        start = lines.index("Examples") + 2
        end = next((i for i in range(start, len(lines) - 1) if HEADER.match(lines[i + 1])), len(lines))
        lines[start:end] = [".. plot::", "   :format: doctest", "", *(f"   {line}" for line in lines[start:end])]


def accuracy_as_note(app, what, name, obj, options, lines):
    """Move the text of Accuracy to the end of the Notes."""
    if "Accuracy" not in (line.strip() for line in lines):
        return
    parts = sections(lines)
    text = next(body for title, body in parts if title == "Accuracy")
    start = next(i for i, line in enumerate(text) if line.strip())
    text[start] = "*Accuracy*: " + text[start].lstrip()
    notes = next((part for part in parts if part[0] == "Notes"), None)
    if notes:
        notes[1] += ["", *text]
        parts = [part for part in parts if part[0] != "Accuracy"]
    for part in parts:
        part[0] = "Notes" if part[0] == "Accuracy" else part[0]
    lines[:] = [line for title, body in parts for line in ([title, "-" * len(title)] if title else []) + body]


def skip_ufuncs(app, what, name, obj, skip, options):
    """Leave out the functions of numpy that a class holds as attributes: they are documented there."""
    return True if isinstance(getattr(obj, "__func__", obj), np.ufunc) else None


def modules_with_sources(app):
    """Drop modules without sources, such as builtins: the list of sources would link to pages that are not written."""
    modules = getattr(app.env, "_viewcode_modules", {})
    for name in [name for name, entry in modules.items() if not entry]:
        del modules[name]
    return ()


def setup(app):
    """Run before numpydoc, which acts at 500 and also reads signatures from docstrings as they are."""
    NumpyDocString.sections.setdefault("Accuracy", "")
    templates = SandboxedEnvironment(loader=FileSystemLoader(Path(docscrape_sphinx.__file__).parent / "templates"))
    docscrape_sphinx.SandboxedEnvironment = lambda loader: templates  # compiled once, not for every docstring
    app.connect("autodoc-process-docstring", accuracy_as_note, priority=400)
    app.connect("autodoc-process-docstring", pictures, priority=410)
    app.connect("autodoc-skip-member", skip_ufuncs)
    app.connect("html-collect-pages", modules_with_sources, priority=400)  # before viewcode's own
    return {"parallel_read_safe": True, "parallel_write_safe": True}
