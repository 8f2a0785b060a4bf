"""The public names: they resolve, they are documented, and nothing hides them."""

import ast
import configparser
import fnmatch
import inspect
import os
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

import spinglass as sg

ROOT = Path(__file__).parents[1]


def test_names_resolve_and_have_an_example():
    silent = [name for name in sg.__all__ if ">>>" not in (getattr(sg, name).__doc__ or "")]
    assert not silent, f"the docstrings of {silent} have no example"


def test_dir_lists_the_public_names():
    assert set(sg.__all__) <= set(dir(sg))
    assert [name for name in dir(sg) if not name.startswith("__")] == sg.__all__


def test_star_import():
    names = {}
    exec("from spinglass import *", names)
    assert set(sg.__all__) <= set(names)


@pytest.mark.parametrize(("wrong", "meant"), [("complexty", "complexity"), ("bipartit", "bipartite")])
def test_wrong_name_says_what_was_meant(wrong, meant):
    with pytest.raises(AttributeError, match=f"has no attribute '{wrong}': did you mean .*{meant}"):
        getattr(sg, wrong)


def test_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        _ = sg.no_such_name
    assert not hasattr(sg, "_no_such_name")


CHECK = """
import sys, types
import spinglass as sg

def check():
    from spinglass import complexity
    from spinglass.complexity.games import supremum as annealed
    from spinglass.complexity.games.supremum import Annealed
    assert isinstance(sg.complexity, types.FunctionType), sg.complexity
    assert sg.complexity is complexity is sys.modules["spinglass.complexity.api"].complexity
    assert isinstance(sys.modules["spinglass.complexity"], types.ModuleType)
    assert annealed.Annealed is Annealed
"""

#: What comes first in a process, and what may come after it.
FIRST = [
    "import spinglass.complexity.games.supremum",
    "importlib.import_module('spinglass.complexity.api')",
    "sg.complexity; import spinglass.complexity",
]
LATER = ["import spinglass.complexity; importlib.reload(sys.modules['spinglass.complexity'])", "importlib.reload(sg)"]


def test_complexity_is_the_function_whatever_was_imported(programs):
    orders = [[first] for first in FIRST[:-1]] + [[FIRST[-1], *LATER]]
    codes = ["\ncheck()\n".join([CHECK, *(f"import importlib; {line}" for line in order), ""]) for order in orders]
    for code, done in zip(codes, programs.run(codes, ROOT, dict(os.environ)), strict=True):
        assert done.returncode == 0, code + done.stderr


def test_subpackages_are_modules():
    assert sg.spectra is sys.modules["spinglass.spectra"]
    assert sg.plotting is sys.modules["spinglass.plotting"]


def test_a_type_checker_reads_the_lines_that_load_names():
    tree = ast.parse((ROOT / "spinglass" / "__init__.pyi").read_text())
    lines = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert {alias.name: node.module for node in lines for alias in node.names} == sg._HOME
    assert all(alias.asname == alias.name for node in lines for alias in node.names), "from .. import x as x"
    for name, home in sg._HOME.items():
        module = import_module(home)
        thing = import_module(f"{home}.{name}") if home == "spinglass" else getattr(module, name)
        assert thing is getattr(sg, name), f"__init__.pyi takes {name} from {home}"


def test_type_checkers_find_the_package_typed():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    shipped = re.split(r"[,\s]+", setup["options.package_data"]["spinglass"])
    for name in ("py.typed", "__init__.pyi", "references.bib"):
        assert (ROOT / "spinglass" / name).exists()
        assert any(fnmatch.fnmatch(name, pattern) for pattern in shipped), f"a wheel would not contain {name}"


def test_version_is_the_same_everywhere():
    version = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    assert version is not None
    assert version[1] == sg.__version__


GAN = sg.gan(p=3, q=2, sigma_z=0.5, kappa=0.9)
BY_HAND = sg.SphericalGame(GAN.fractions, [dict(xi) for xi in GAN.fields], GAN.losses, GAN.players)
GENERAL_SUM = sg.SphericalGame([0.5, 0.5], [{(2, 1): 1}, {(1, 2): 1}], [[1, 0.3], [0.3, 1]], [[0], [1]])


class Result:
    model = sg.pure(3)


@pytest.mark.parametrize(
    ("thing", "keys"),
    [
        (sg.pure(3), ["auffinger2013", "crisanti1992"]),
        (sg.mixed({4: 2.0}), ["auffinger2013", "crisanti1992"]),
        (sg.mixed({3: 0.5, 4: 0.5}), ["auffinger2013mixed"]),
        (sg.mixed({1: 0.5, 3: 0.5}), ["auffinger2013mixed", "fyodorov2013"]),
        (sg.SphericalGame([1], [{2: 1}, {3: 1}], [[1, 2]], [[0]]), ["auffinger2013mixed"]),
        (sg.bipartite(2, 3, kappa=0.4), ["mckenna2024", "auffinger2014"]),
        (GAN, ["baskerville2022gan"]),
        (BY_HAND, ["baskerville2022gan"]),
        (GENERAL_SUM, []),
        (Result(), ["auffinger2013", "crisanti1992"]),
        ("gan", ["baskerville2022gan"]),
        (sg.gan, ["baskerville2022gan"]),
        (sg.complexity(sg.mixed({3: 0.5, 4: 0.5}), "quenched"), ["auffinger2013mixed", "kentdobias2023"]),
        (sg.spiked(3, 1.0), ["benarous2019"]),
        (sg.parabolic(0.5), ["fyodorov2004", "fyodorov2007"]),
        (sg.real_eigenpairs, ["breiding2017", "breiding2019", "auffinger2013"]),
        (sg.spectra.outlier, ["baik2005", "capitaine2011", "belinschi2017", "baskerville2022universal"]),
        (sg.spectra.spacing_ratios, ["oganesyan2007", "atas2013"]),
        (sg.spectra.Semicircle(), ["wigner1955", "voiculescu1986"]),
        ("MarchenkoPastur", ["marchenko1967"]),
        (
            sg.spectra.MarchenkoPastur(0.5) + sg.spectra.MarchenkoPastur(0.2),
            ["voiculescu1986", "bercovici1993", "biane1997"],
        ),
        ("spinglass", []),
    ],
)
def test_cite_names_the_papers_of_a_thing(thing, keys):
    found = re.findall(r"^@\w+\{(\w+),$", sg.cite(thing), re.MULTILINE)
    assert found == [*keys, "spinglass"]


@pytest.mark.parametrize("room", [sg, sg.spectra, sg.goe], ids=lambda room: room.__name__)
def test_cite_gives_what_the_references_of_a_page_name(room):
    missing = {"rigidity": {"1975"}}  # an article without an entry
    seen = 0
    for name in room.__all__:
        text = inspect.getdoc(thing := getattr(room, name)) or ""
        section = re.search(r"^References\n-+\n(.*?)(?=^\w+\n-+$|\Z)", text, re.S | re.M)
        if section and callable(thing):
            years = set(re.findall(r"\((\d{4})\)", section[1])) - missing.get(name, set())
            assert years <= set(re.findall(r"^  year = \{(\d{4})\}", sg.cite(thing), re.M)), name
            seen += 1
    assert seen > 4


def test_cite_gives_balanced_ascii_entries():
    from spinglass.references import FUNCTIONS, bibliography

    assert {key for keys in FUNCTIONS.values() for key in keys} <= set(bibliography())
    for key, entry in bibliography().items():
        assert f"{{{key}," in entry
        assert entry.isascii() and entry.count("{") == entry.count("}")
        assert re.search(r"^  title = ", entry, re.MULTILINE) and re.search(r"^  year = ", entry, re.MULTILINE)


def test_cite_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="'no_such_model'"):
        sg.cite("no_such_model")
    with pytest.raises(ValueError, match="try 'spiked'"):
        sg.cite("spikd")
    with pytest.raises(TypeError, match="expected a model, a result or the name of a function, got 3"):
        sg.cite(3)
