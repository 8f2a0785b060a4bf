"""What is built: a source distribution with all that tests and pages need, a wheel of the package, links that lead."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import spinglass as sg

ROOT = Path(__file__).parents[1]

#: What is in a working copy and not in a commit.
LEFT = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", "_build", "build", "dist", "*.egg-info", ".*_cache", ".hypothesis", "figures-*"
)

#: Folders of documentation that a build of the site leaves.
GENERATED = {"_build", "jupyter_execute", "__pycache__"}

BUILD = "import sys; sys.path.insert(0, '.ci'); import distribution; "
BUILD += "print(distribution.build_sdist('dist'), distribution.build_wheel('dist'))"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The two distributions, built offline from a copy of the sources."""
    pytest.importorskip("setuptools", "70.1", reason="needs the extra test")
    copy = tmp_path_factory.mktemp("sources") / "spinglass"
    shutil.copytree(ROOT, copy, ignore=LEFT)
    done = subprocess.run([sys.executable, "-c", BUILD], cwd=copy, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    source, wheel = done.stdout.splitlines()[-1].split()
    return tarfile.open(copy / "dist" / source), zipfile.ZipFile(copy / "dist" / wheel)


def description(text):
    """Return the description in the metadata."""
    message = Parser().parsestr(text)
    return message["Description"] or message.get_payload()


def metadata(built):
    source, wheel = built
    (inside,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    top = source.getnames()[0].split("/")[0]
    return wheel.read(inside).decode(), source.extractfile(f"{top}/PKG-INFO").read().decode()


def test_the_source_distribution_holds_what_tests_and_pages_need(built):
    names = {name.partition("/")[2] for name in built[0].getnames()}
    for file in ("CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE", "Makefile", "MANIFEST.in", ".ci/run"):
        assert file in names, file
    linked = re.findall(r"\]\(([^)#:]+)[^)]*\)", (ROOT / "README.md").read_text())
    assert len(linked) > 10 and set(linked) <= names
    for folder in ("tests", "docs", "notebooks", "benchmarks", "spinglass"):
        files = [path for path in (ROOT / folder).rglob("*.py*") if path.suffix in (".py", ".pyi")]
        files = [path.relative_to(ROOT).as_posix() for path in files if not GENERATED & set(path.parts)]
        assert files and set(files) <= names, folder
    assert not [name for name in names if name.endswith((".pyc", ".nbi", ".nbc")) or "__pycache__" in name]


def test_the_wheel_holds_the_package_and_nothing_else(built):
    names = set(built[1].namelist())
    inside = {name for name in names if ".dist-info/" not in name}
    files = {path for path in (ROOT / "spinglass").rglob("*") if path.suffix in (".py", ".pyi", ".bib", ".typed")}
    assert inside == {path.relative_to(ROOT).as_posix() for path in files}
    assert [name for name in names if name.endswith("/LICENSE")]
    (entry,) = [name for name in names if name.endswith("entry_points.txt")]
    assert "spinglass = spinglass.command_line.program:main" in built[1].read(entry).decode()


def test_links_of_the_description_are_absolute(built):
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in ROOT.glob("docs/**/*.md")}
    for text in map(description, metadata(built)):
        targets = re.findall(r"\]\(([^)\s]+)\)", text)
        pictures = re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", text)
        assert len(pictures) == (ROOT / "README.md").read_text().count("![") > 0
        assert all(re.match("https://", target) for target in targets), targets
        site = "https://spinglass.readthedocs.io/en/latest/"
        inside = {t.removeprefix(site).partition("#")[0] for t in targets if t.startswith(site)} - {
            t.removeprefix(site) for t in pictures
        }
        assert inside <= pages, inside - pages
        assert all(t.startswith(f"{site}_images/") for t in pictures)


def test_pictures_of_the_description_are_on_the_site():
    """Sphinx serves each picture of a page by its name: the front page holds the README."""
    assert "{include} ../README.md" in (ROOT / "docs" / "index.md").read_text()
    names = re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", (ROOT / "README.md").read_text())
    assert len({Path(name).name for name in names}) == len(names)  # of two with one name one is served as another


def test_metadata_is_that_of_the_package(built):
    for text in metadata(built):
        message = Parser().parsestr(text)
        assert message["Version"] == sg.__version__ and message["Requires-Python"] == ">=3.10"
        classifiers = message.get_all("Classifier")
        assert [f"Programming Language :: Python :: 3.{minor}" in classifiers for minor in range(10, 15)] == [True] * 5


def test_links_are_rewritten_and_nothing_else():
    pytest.importorskip("setuptools", reason="needs the extra test")
    code = "import sys; sys.path.insert(0, '.ci'); from distribution import absolute; print(absolute(sys.argv[1]))"
    text = "![a](docs/b.png) [c](docs/how/d.md#e) [f](LICENSE) [g](https://h.i) [j](#k) `x[0](1)` [l](CHANGELOG.md)"
    done = subprocess.run([sys.executable, "-c", code, text], cwd=ROOT, capture_output=True, text=True, check=True)
    site = "https://spinglass.readthedocs.io/en/latest/"
    expected = f"![a]({site}_images/b.png) [c]({site}how/d.html#e) f [g](https://h.i) [j](#k) `x[0](1)` "
    assert done.stdout.strip() == f"{expected}[l]({site}changelog.html)"
