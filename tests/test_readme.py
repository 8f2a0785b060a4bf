"""What the README shows is true: the calls of its table run, its shell blocks name what exists; examples: test_warm."""

import importlib.util
import re
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

import spinglass as sg

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def blocks(language):
    """Return the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(), re.M | re.S)


def test_first_block_does_the_main_job_and_second_runs_the_tests():
    first, second = blocks("sh")
    assert "-m spinglass figures" in first and "-m spinglass thresholds" in first
    assert "-m pytest" in second.strip().splitlines()[-1]


@pytest.mark.parametrize("line", [line for line in blocks("sh")[0].splitlines() if "-m spinglass" in line])
def test_command_lines_are_understood(line):
    from spinglass.command_line.program import parser

    words = line.split("-m spinglass ")[1].split()
    assert parser().parse_args(words).command == words[0]


def test_pictures_and_links_exist():
    targets = re.findall(r"\]\(([^)#:]+)(#[^)]*)?\)", README.read_text())
    assert len(targets) > 30
    for target, place in targets:
        assert (ROOT / target).exists(), target
        if place:
            headings = re.findall(r"^#+ (.+)$", (ROOT / target).read_text(), re.M)
            slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert place[1:] in slugs, f"{target}{place}"


# -- the table of questions --------------------------------------------------------------------------------------------

SECTION = re.search(r"^## Questions\n(.*?)^## ", README.read_text(), re.M | re.S)[1]
ROWS = re.findall(r"^\| (.+) \| `(.+)` \| (.+) \| !\[.+\]\(docs/pictures/(\w+)\.png\) \|$", SECTION, re.M)


def names():
    """Return what the calls of the table speak of."""
    found = {"sg": sg, "np": np, "u": -1.0, "s": 0.01, "x": 0.5}
    found["H"] = sg.spectra.MarchenkoPastur(0.5).sample(60, rng=1)
    for name, value in re.findall(r"`(\w+) = ([^`]+)`", SECTION.split("\n|")[0]):
        found[name] = eval(value, found)
    return found


def test_the_table_has_a_row_per_line():
    assert 12 <= len(ROWS) == SECTION.count("\n| ") - 1
    assert all("$" in formula and "](docs/" in formula for _, _, formula, _ in ROWS)


@pytest.mark.parametrize(("question", "call"), [row[:2] for row in ROWS], ids=[row[3] for row in ROWS])
def test_a_call_of_the_table_runs(question, call):
    answer = eval(call, names())
    assert question.endswith("?")
    assert np.isfinite(float(answer)) if hasattr(answer, "__float__") else bool(repr(answer))


@pytest.fixture(scope="module")
def pictures():
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "docs" / "_ext" / "pictures.py")
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


def test_every_picture_of_the_table_has_its_function(pictures):
    drawn = [function.__name__ for function in pictures.DRAWN]
    assert sorted(drawn) == sorted(row[3] for row in ROWS)
    assert sorted(path.stem for path in (ROOT / "docs" / "pictures").glob("*.png")) == sorted(drawn)


@pytest.mark.parametrize("name", ["complexity", "threshold", "ratios", "critical_energy"])
def test_a_picture_is_drawn_as_it_is_kept(name, pictures, tmp_path):
    """Alike up to fonts and rasters of another matplotlib."""
    new = matplotlib.image.imread(pictures.save(getattr(pictures, name), tmp_path))
    kept = matplotlib.image.imread(ROOT / "docs" / "pictures" / f"{name}.png")
    assert new.shape == kept.shape
    assert np.abs(new - kept).mean() < 0.02
