"""The reference, written from the package: a table per room, a page per object, the modules, the command line.

A new public name, a new export of a room or a new module is found without a word here; sphinx.ext.autosummary makes
the pages of the objects from _templates/object.rst.
"""

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import spinglass

#: Rooms and what their pages show beside public names and exports: the classes of results.
ROOMS = {
    "inputs": (),
    "arithmetic": (),
    "running": (),
    "models": (),
    "spectra": ("spectra.data.products.lanczos_spectrum.LanczosSpectrum",),
    "complexity": (
        "complexity.api.Complexity",
        "complexity.further.parabola.Parabolic",
        "complexity.further.spiked_tensor.Spiked",
    ),
    "finite": (),
    "landscape": (),
    "montecarlo": ("montecarlo.sampled_spectra.SampledSpectrum",),
    "networks": ("networks.mean_loss.MeanLoss",),
    "counts": ("counts.Estimate",),
    "symbolic": (),
    "plotting": (),
    "figures": (),
    "references": (),
}
TITLES = {"finite": "Finite N", "montecarlo": "Monte Carlo", "references": "Citations"}

HEAD = "What each file of the package computes, in the order of the layers.\n"


def heading(text, mark="="):
    """Return a title with its underline."""
    return f"{text}\n{mark * len(text)}\n"


def table(names):
    """Return the directive that lists names with their first sentences and makes a page of each."""
    listed = "".join(f"   {name.removeprefix('spinglass.')}\n" for name in names)
    return f".. currentmodule:: spinglass\n\n.. autosummary::\n   :toctree: api\n   :template: object.rst\n\n{listed}"


def hidden(module):
    """Return whether a function or class has the dotted name of a module."""
    parent, _, name = module.rpartition(".")
    return callable(getattr(import_module(parent), name, None))


def introduction(module):
    """Return the directive that shows the docstring of a module."""
    option = "   :no-index:\n" if hidden(module) else ""
    return f".. automodule:: {module}\n   :no-members:\n{option}"


def things_of(room):
    """Return the names of a room with what they stand for: public ones, exports, results."""
    home = f"spinglass.{room}"
    public = [name for name in spinglass.__all__ if spinglass._HOME[name].startswith(home)]
    found = {f"spinglass.{name}": getattr(spinglass, name) for name in public}
    # a public module keeps its own name
    found = {x.__name__ if inspect.ismodule(x) else name: x for name, x in found.items()}
    module = import_module(home)
    found |= {f"{home}.{name}": getattr(module, name) for name in getattr(module, "__all__", ())}
    for name in ROOMS[room]:
        where, _, last = f"spinglass.{name}".rpartition(".")
        found[f"{where}.{last}"] = getattr(import_module(where), last)
    names, seen = {}, [module]
    for name, thing in found.items():
        if not any(thing is other for other in seen):
            names[name] = thing
            seen.append(thing)
    return names


def room_page(room):
    """Return the page of one room."""
    names, home = list(things_of(room)), f"spinglass.{room}"
    top = [name for name in names if name.removeprefix("spinglass.") in spinglass.__all__]
    parts = [heading(TITLES.get(room, room.capitalize())), introduction(home)]
    for title, group in (("Public names", top), (f"In {home}", [name for name in names if name not in top])):
        parts += [heading(title, "-"), table(group)] if group else []
    return "\n".join(parts)


def modules_page():
    """Return the page of all modules; those that a room's page introduces get no second entry in the index."""
    parts = [heading("Module by module"), HEAD]
    walked = [m.name for m in pkgutil.walk_packages(spinglass.__path__, "spinglass.") if "__main__" not in m.name]
    taken = {thing.__name__ for room in ROOMS for thing in things_of(room).values() if inspect.ismodule(thing)}
    for room in ROOMS:
        inside = [name for name in walked if name.startswith(f"spinglass.{room}.")]
        parts += [heading(room, "-")] if inside else []
        for name in inside:
            text = introduction(name)
            text += "   :no-index:\n" if name in taken and "no-index" not in text else ""
            parts.append(f"{heading(name.removeprefix('spinglass.'), '~')}\n{text}")
    return "\n".join(parts)


def command_line_page():
    """Return the page of the command line: what --help says."""
    parser = import_module("spinglass.command_line.program").parser()
    commands = next(action.choices for action in parser._actions if hasattr(action.choices, "values"))
    parts = [heading("Command line")]
    for name, command in {"": parser, **commands}.items():
        command.prog = f"python -m spinglass {name}".strip()
        text = "".join(f"   {line}".rstrip() + "\n" for line in command.format_help().splitlines())
        parts += [heading(name, "-")] if name else []
        parts.append(f".. code-block:: text\n\n{text}")
    return "\n".join(parts)


def build(app, _):
    """Write the pages before Sphinx looks for them, and before autosummary for their tables."""
    folder = Path(app.srcdir) / "reference"
    pages = {room: room_page(room) for room in ROOMS}
    pages |= {"modules": modules_page(), "command_line": command_line_page()}
    for name, text in pages.items():
        path = folder / f"{name}.rst"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app):
    """Register the step that writes the pages."""
    app.connect("config-inited", build)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
