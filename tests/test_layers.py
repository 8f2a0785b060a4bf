"""The architecture, read from the source: who imports whom, where heavy packages enter, how files look.

complexity, finite, landscape and montecarlo do not know each other; that is what makes each a check of the others.
"""

import ast
import configparser
import functools
import graphlib
import re
import statistics
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "spinglass"

#: A room imports itself and rooms of lower layers.
LAYERS = {
    "inputs": 1,
    "arithmetic": 2,
    "running": 2,
    "models": 3,
    "spectra": 3,
    "complexity": 4,
    "finite": 4,
    "landscape": 4,
    "montecarlo": 4,
    "networks": 4,
    "counts": 5,
    "references": 5,
    "symbolic": 5,
    "agreement": 6,
    "plotting": 6,
    "figures": 7,
    "command_line": 8,
    "__main__": 9,
}

#: Rooms that do not know each other: that is what makes each a check of the others.
INDEPENDENT = ("complexity", "finite", "landscape", "montecarlo")

#: Pairs of files that import each other, with the reason why they must.
CIRCLES: dict[tuple[str, str], str] = {
    ("models/game.py", "complexity/hessian.py"): "the type of what model.hessian returns; not imported at run time",
    ("models/game.py", "landscape/draw.py"): "the type of what model.draw returns; not imported at run time",
}

#: Heavy packages and the files or folders they may be imported in.
DOORS = {
    "sympy": ("arithmetic/", "symbolic/"),
    "matplotlib": ("plotting/", "figures/", "inputs/plotted.py"),  # there the type of what .plot() returns
    "flint": ("arithmetic/", "landscape/proof/certificate.py"),
    "sklearn": ("networks/data.py",),
    "mnist1d": ("networks/data.py",),
    "jax": ("networks/traced.py",),
    "pandas": ("landscape/points.py",),
    "numba": (
        "running/compiled.py",
        "running/kernel_cache.py",
        "spectra/dyson/log_determinant.py",
        "montecarlo/blocks.py",
    ),
    "dask": (),
    "distributed": (),
}

#: Where a module may be named by a string, as the lazy public names are.
NAMED_BY_STRING = ("__init__.py", "models/game.py", "inputs/plotted.py")

#: Lines that ask which arithmetic they hold instead of what it owes (a name in a message may stand).
WHICH = re.compile(
    r"""
    \b(ar|arithmetic|finer|more)\.name\b(?!\})
    | \b(has|get)attr\(\s*(\w+\.)*(ar|arithmetic|finer|more)\b
    | \btype\((ar|arithmetic)\)
    | \bis\s(not\s)?(float64|symbols)\b | [!=]=\s*float64\b
    | \bisinstance\(.*\b(Float64|Multiprecision|Balls|Symbolic)\b
    | \._flint\b | \.context\b
    """,
    re.VERBOSE,
)

FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def no_offenders(found):
    """Fail with one line for each offender."""
    offenders = list(found)
    assert not offenders, "\n".join(["offenders:", *offenders])


@functools.cache
def source(file):
    return (PACKAGE / file).read_text(encoding="utf-8")


@functools.cache
def parsed(file):
    return ast.parse(source(file))


def module_name(file):
    parts = ("spinglass", *file.removesuffix(".py").split("/"))
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_module(name):
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


def room(name):
    """Return the room of a module; the empty string is the package itself."""
    return name.split(".")[1] if "." in name else ""


def importing_calls(tree):
    """Yield the calls of import_module and __import__."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", None))
            if called in ("import_module", "__import__"):
                yield node


def imports(tree, name, is_package=False):
    """Yield the full names of all modules that a module imports, also inside functions and by a constant string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = name.split(".") if is_package else name.split(".")[:-1]
                parents = parents[: len(parents) - (node.level - 1)]
                base = ".".join([*parents, *([base] if base else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if base.split(".")[0] == "spinglass" and is_module(inner) else base
    for call in importing_calls(tree):
        if call.args and isinstance(call.args[0], ast.Constant):
            yield call.args[0].value


@functools.cache
def imports_of(file):
    return sorted(set(imports(parsed(file), module_name(file), file.endswith("__init__.py"))))


def allowed(importer, imported):
    """Tell whether a module of one room may import from another."""
    if importer == "" or importer == imported:
        return True
    if imported == "":
        return importer == "command_line"
    return LAYERS[imported] < LAYERS[importer]


def test_all_ways_to_import_are_seen():
    text = """
import numpy as np, scipy.linalg
from spinglass import models, pure
from . import no_such_file
from .. import spectra
from ..models.game import SphericalGame
from .dyson.two_species import psi
def f():
    from .dyson.elliptic import x
    import_module("matplotlib.pyplot")
    importlib.import_module("dask")
"""
    assert sorted(set(imports(ast.parse(text), "spinglass.spectra.some_module"))) == [
        "dask",
        "matplotlib.pyplot",
        "numpy",
        "scipy.linalg",
        "spinglass",
        "spinglass.models",
        "spinglass.models.game",
        "spinglass.spectra",
        "spinglass.spectra.dyson.elliptic",
        "spinglass.spectra.dyson.two_species",
    ]
    tree = ast.parse("from . import game")
    assert list(imports(tree, "spinglass.models", is_package=True)) == ["spinglass.models.game"]


@pytest.mark.parametrize("low", INDEPENDENT)
@pytest.mark.parametrize("other", INDEPENDENT)
def test_the_ways_to_count_do_not_know_each_other(low, other):
    assert allowed(low, other) == (low == other)


def imports_that_do_not_go_down():
    """Yield a line for each."""
    for file in FILES:
        importer = room(module_name(file))
        if importer not in ("", *LAYERS):
            yield f"spinglass/{file} is in no room of the table: give it a layer"
            continue
        for name in imports_of(file):
            if name.split(".")[0] != "spinglass":
                continue
            if room(name) not in ("", *LAYERS):
                yield f"spinglass/{file} imports {name}, which is in no room of the table"
            elif not allowed(importer, room(name)) and (file, file_of(name)) not in CIRCLES:
                yield f"spinglass/{file} imports {name}: not a lower layer"


def test_imports_go_down():
    no_offenders(imports_that_do_not_go_down())


def file_of(name):
    """Return the file of a module of the package, or None."""
    path = ROOT.joinpath(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if name.split(".")[0] == "spinglass" and file.exists():
            return file.relative_to(PACKAGE).as_posix()
    return None


def test_no_files_import_each_other_in_a_circle():
    arrows = {file: {file_of(name) for name in imports_of(file)} & set(FILES) for file in FILES}
    for a, b in CIRCLES:
        arrows[a] = arrows[a] - {b}
    try:
        list(graphlib.TopologicalSorter(arrows).static_order())
    except graphlib.CycleError as error:
        pytest.fail(f"these files import each other: {' -> '.join(error.args[1])}")


def test_exceptions_to_circles_are_needed():
    for (a, b), reason in CIRCLES.items():
        assert reason and b in {file_of(name) for name in imports_of(a)}, f"{a} does not import {b}"


@pytest.mark.parametrize("package", DOORS)
def test_heavy_packages_have_one_door(package):
    importers = [file for file in FILES if package in {name.split(".")[0] for name in imports_of(file)}]
    assert bool(importers) == bool(DOORS[package]), f"{package} is imported by {importers}"
    beside = [file for file in importers if not file.startswith(DOORS[package])]
    assert not beside, f"{beside} import {package}, whose doors are {DOORS[package]}"


def test_third_party_imports_are_declared():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    required = setup["options"]["install_requires"].split()
    declared = {re.split(r"[^\w-]", line)[0] for line in required} | {"flint", "jax", "mnist1d", "pandas", "sklearn"}
    known = declared | sys.stdlib_module_names | {"spinglass"}
    foreign = {file: {name.split(".")[0] for name in imports_of(file)} - known for file in FILES}
    no_offenders(
        f"spinglass/{file} imports {names}, which setup.cfg does not require"
        for file, names in foreign.items()
        if names
    )


def test_modules_are_named_by_string_only_at_the_doors():
    no_offenders(
        f"spinglass/{file} uses {name}"
        for file in FILES
        if file not in NAMED_BY_STRING
        for name in re.findall(r"\b(?:import_module|__import__)\b", source(file))
    )


def test_models_reach_upper_rooms_only_through_their_table():
    from spinglass.models.game import UPPER_ROOMS

    calls = [ast.unparse(call.args[0]) for call in importing_calls(parsed("models/game.py"))]
    assert calls and all(re.fullmatch(r"UPPER_ROOMS\['\w+'\]", call) for call in calls), calls
    for name in UPPER_ROOMS.values():
        assert is_module(name), f"UPPER_ROOMS names {name}, which does not exist"
        assert LAYERS[room(name)] > LAYERS["models"]


def test_results_reach_their_pictures_only_through_one_door():
    from spinglass.inputs.plotted import PLOTTING

    calls = [ast.unparse(call.args[0]) for call in importing_calls(parsed("inputs/plotted.py"))]
    assert calls == ["PLOTTING"] and PLOTTING == "spinglass.plotting"


def what_is_wrong_with_the_text(file):
    """Yield a line for each fault."""
    text = source(file)
    if (lines := len(text.splitlines())) > 400:
        yield f"spinglass/{file} has {lines} lines: split it"
    if not ast.get_docstring(parsed(file)):
        yield f"spinglass/{file} has no module docstring"
    if not text.isascii():
        yield f"spinglass/{file}: not ASCII: {sorted({c for c in text if not c.isascii()})}"


def test_files_are_short_documented_and_ascii():
    no_offenders(line for file in FILES for line in what_is_wrong_with_the_text(file))


def test_files_are_short_in_the_median():
    assert statistics.median(len(source(file).splitlines()) for file in FILES) <= 150


def test_names_say_what_things_are():
    vague = [file for file in FILES if re.search(r"(^|[/_])utils?([/_.]|$)", file)]
    no_offenders(f"spinglass/{file}: name the module after what it holds" for file in vague)
    no_offenders(
        f"spinglass/{file}: {name}"
        for file in FILES
        for name in re.findall(r"^\s*(?:async )?def (get_\w*)", source(file), re.MULTILINE)
    )


def test_questions_after_an_arithmetic_are_seen():
    asked = [
        'if ar.name == "mp"',
        "hasattr(ar, 'context')",
        "ar is not float64",
        "ar._flint.arb",
        "isinstance(x, Balls)",
    ]
    assert all(WHICH.search(line) for line in asked)
    assert not any(WHICH.search(line) for line in ('f"{ar.name}: no"', "float64.legendre(24)", "law.name == 'x'"))


def test_nobody_asks_which_arithmetic_it_holds():
    no_offenders(
        f"spinglass/{file}: {line.strip()}: ask a predicate instead"
        for file in FILES
        if not file.startswith("arithmetic/")
        for line in source(file).splitlines()
        if WHICH.search(line.split("  #")[0])
    )


def test_no_kernel_is_compiled_with_fastmath():
    # numba shares what it compiles for complex division among the kernels of a process, whatever their flags
    files = [file for file in FILES if re.search(r"fastmath\s*=|[\"']fastmath[\"']", source(file))]
    assert not files, f"{files}: the bits of other kernels would depend on which is compiled first"
