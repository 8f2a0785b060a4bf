"""What CONTRIBUTING.md and docs/architecture.md promise: paths exist, a change touches few files, lines suffice."""

import importlib.util
import pkgutil
import re
import shutil
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import spinglass as sg

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
PAGES = ("CONTRIBUTING.md", "docs/architecture.md")

#: Files beside tests and documentation that a change may touch; of a question two ways to answer share a room.
MOST = {"a model": 2, "a law": 3, "a figure": 3, "an arithmetic": 2}


def section(title):
    """Return the text under a heading."""
    return re.search(rf"^## Add {title}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)[1]


def paths(text):
    """Return what looks like a path of the repository between backticks."""
    return {
        p
        for p in re.findall(r"`([\w./-]+)`", text)
        if "/" in p or re.search(r"\.(py|pyi|md|cfg|cff|bib|ya?ml|json)$", p)
    }


def steps(title):
    """Return the text of the numbered steps."""
    return re.findall(r"^\d\. (.*?)(?=^\d\. |^\n|\Z)", section(title) + "\n", re.M | re.S)


def code(title):
    """Return the example of a section, and what it defines."""
    block = re.search(r"^```python\n(.*?)^```", section(title), re.M | re.S)[1]
    names = {"sg": sg, "np": np}
    exec(block, names)
    return block, names


@pytest.mark.parametrize("page", PAGES)
def test_every_path_exists(page):
    text = (ROOT / page).read_text()
    found = paths(text)
    assert len(found) > 10
    for path in found:
        assert (ROOT / path).exists() or (ROOT / "spinglass" / path).exists(), f"{page} names {path}"
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


# -- docs/architecture.md ----------------------------------------------------------------------------------------------

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


def test_the_picture_of_the_layers_is_that_of_the_imports():
    spec = importlib.util.spec_from_file_location("spinglass_layers", ROOT / "tests" / "test_layers.py")
    spec.loader.exec_module(layers := importlib.util.module_from_spec(spec))
    drawn, layer = {}, None
    for line in re.search(r"^```text\n(.*?)^```", ARCHITECTURE, re.M | re.S)[1].splitlines():
        layer = int(line[:3]) if line[:3].strip() else layer
        drawn |= dict.fromkeys(line[3:57].split(), layer)
    assert drawn == layers.LAYERS


def test_every_folder_is_a_row_of_the_table_of_rooms():
    papers = {path.parent for path in (ROOT / "spinglass" / "figures").glob("*/__init__.py")}
    folders = {path.parent for path in (ROOT / "spinglass").rglob("*/__init__.py")} - papers
    rows = re.findall(r"^\| `([\w/]+)/` \|", ARCHITECTURE, re.M)
    assert sorted(rows) == sorted(path.relative_to(ROOT / "spinglass").as_posix() for path in folders)


def entered(call):
    """Return the files of the package in the order in which a call first enters them, in any thread."""
    for module in pkgutil.walk_packages(sg.__path__, "spinglass."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    package, files = str(ROOT / "spinglass"), {}

    def watch(frame, event, _):
        path = frame.f_code.co_filename
        if event == "call" and path.startswith(package):
            files.setdefault(Path(path).relative_to(package).as_posix())

    before = sys.getprofile()
    threading.setprofile(watch)
    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(before)
        threading.setprofile(None)
    return list(files)


WALKS = re.findall(r"^### `([^`\n]*)`\n(.*?)(?=^### |\Z)", ARCHITECTURE, re.M | re.S)


@pytest.mark.parametrize(("call", "text"), WALKS, ids=[call[:40] for call, _ in WALKS])
def test_a_call_walks_the_way_that_is_written(call, text, tmp_path):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    written = re.findall(r"^\d+\. `([\w/.]+)`", text, re.M)
    passed = entered(lambda: eval(call, {"sg": sg, "folder": tmp_path}))
    assert len(written) > 2
    assert [file for file in passed if file in written] == written


# -- CONTRIBUTING.md ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", MOST)
def test_a_change_touches_few_files(title):
    files = [paths(step) for step in steps(title)]
    assert all(files) and len(files) <= MOST[title]


def test_a_question_touches_one_file_of_every_room_that_answers():
    files = set().union(*(paths(step) for step in steps("a question")))
    sources = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "spinglass").rglob("*.py")}
    reading = {file for file, text in sources.items() if re.search(r"^\s+case (Any|Given)Index\(", text, re.M)}
    assert files == reading | {"spinglass/models/selection.py"}
    assert len({Path(file).parent for file in reading}) == len(reading) > 3


def test_a_model_from_outside_has_every_answer():
    block, names = code("a model")
    assert len(block.splitlines()) == 4
    model = names["ring"](2)
    assert 0 < sg.complexity(model).total() < 5
    assert sg.mean_count(model, (2, 2, 2), method="montecarlo", samples=1000, rng=1).mean > 0
    assert len(model.draw((2, 2, 2), rng=1).losses(np.ones((6,)) / 2**0.5)) == 1
    assert "q_{1}^{2}" in sg.latex(model)


def test_a_law_from_outside_has_every_part():
    block, names = code("a law")
    assert len(block.splitlines()) <= 8
    law = names["KestenMcKay"]()
    assert np.allclose(
        law.density(0.0), 8**0.5 * 3 / (2 * np.pi * 9), atol=1e-14
    )  # d sqrt(4(d-1) - x^2) / (2 pi (d^2 - x^2))
    assert law.cdf(0.0) == pytest.approx(0.5)
    assert law.quantile(0.5) == pytest.approx(0.0, abs=1e-9)
    assert [round(law.moment(k), 9) for k in range(7)] == [1, 0, 3, 0, 15, 0, 87]  # closed walks on the tree
    total = law + sg.spectra.Semicircle(2.0)
    assert total.variance == pytest.approx(5.0) and total.cdf(0.0) == pytest.approx(0.5)
    assert np.linalg.eigvalsh(law.sample(200, rng=1)).max() == pytest.approx(8**0.5, rel=0.02)


def test_the_files_that_are_named_suffice(tmp_path):
    """In a copy of the package a model and a law become names of it by the files that their sections list."""
    package = tmp_path / "spinglass"
    shutil.copytree(ROOT / "spinglass", package, ignore=shutil.ignore_patterns("__pycache__"))

    def add(file, text):
        with (package / file).open("a") as lines:
            lines.write(f"\n\n{text}\n")

    add("models/constructors.py", code("a model")[0].replace("sg.", ""))
    add("__init__.pyi", "from spinglass.models.constructors import ring as ring")
    add(
        "spectra/laws/trees.py",
        f'"""Trees."""\nimport numpy as np\nfrom spinglass.spectra.law import Law\n{code("a law")[0]}'.replace(
            "sg.spectra.", ""
        ),
    )
    add("spectra/__init__.py", "from spinglass.spectra.laws.trees import KestenMcKay\n__all__ += ['KestenMcKay']")
    script = "import spinglass as sg; print(len(sg.ring(2).local_law().fractions), sg.spectra.KestenMcKay().cdf(0.))"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout == "3 0.5\n", done.stderr


def test_a_figure_from_outside_is_computed_and_drawn():
    (recipe,) = code("a figure")[1]["RECIPES"]
    data = recipe.compute(quick=True)
    assert data["total"] == pytest.approx(np.log(data["p"] - 1) / 2)
    figure = recipe.figure(data)
    assert len(figure.axes[0].lines) == 1


def test_workflows_and_hooks_are_yaml_that_runs_the_checks():
    yaml = pytest.importorskip("yaml", reason="needs the extra docs")
    files = [*ROOT.glob(".github/workflows/*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / ".readthedocs.yaml"]
    loaded = {path.name: yaml.safe_load(path.read_text()) for path in files}
    ran = [step.get("run", "") for step in loaded["tests.yml"]["jobs"]["lint"]["steps"]]
    ran += [step.get("run", "") for step in loaded["tests.yml"]["jobs"]["tests"]["steps"]]
    check = re.search(r"^check:\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M)[1]
    for command in re.findall(r"\$\(PYTHON\) (.*)", check):
        assert f"python {command}" in ran, f"make check runs {command}, the workflow does not"
    hooks = {hook["id"] for repo in loaded[".pre-commit-config.yaml"]["repos"] for hook in repo["hooks"]}
    assert hooks == {"ruff", "ruff-format", "mypy"}
    assert (ROOT / loaded[".readthedocs.yaml"]["sphinx"]["configuration"]).exists()
    assert loaded["release.yml"]["jobs"]["publish"]["permissions"] == {"id-token": "write"}
