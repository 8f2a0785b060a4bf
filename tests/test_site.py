"""The site builds without a warning and works without a network; every notebook runs, draws and stays quick.

In one file, so that notebooks are executed once, one after the other.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
import time
import zlib
from datetime import datetime
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import spinglass as sg

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
PAGES = sorted((ROOT / "docs").glob("theory/*.md"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built from a copy of docs/ with the one documented command."""
    for package in ("sphinx", "furo", "numpydoc", "myst_parser", "nbclient", "jupytext", "ipykernel"):
        if import_module("importlib.util").find_spec(package) is None:
            pytest.skip(f"needs the extra docs: {package} is missing")
    root = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", root / "docs", ignore=shutil.ignore_patterns("_build", "gallery", "__pycache__"))
    for name in ("spinglass", "notebooks", "benchmarks"):
        (root / name).symlink_to(ROOT / name)
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"):  # whose links lead to pages of the copy
        shutil.copy(ROOT / name, root / name)
    executed = tmp_path_factory.getbasetemp() / "notebooks"
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-D", f"notebooks_folder={executed}"]
    command += ["docs", "docs/_build/html"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return root / "docs" / "_build" / "html"


class Links(HTMLParser):
    """What a page links to, what can be linked to, and its formulas."""

    def __init__(self, path):
        super().__init__()
        self.targets, self.places, self.formulas = [], set(), 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.places.add(attributes.get("id"))
        self.formulas += tag == "math"
        self.targets += [attributes[key] for key in ("href", "src") if attributes.get(key)]


def test_every_internal_link_leads_somewhere(site):
    pages = {path: Links(path) for path in site.rglob("*.html")}
    assert len(pages) > 25
    checked = 0
    for page, links in pages.items():
        for target in links.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                assert parts.scheme in ("https", "http", "data"), f"{page.name}: {target}"
                continue
            there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert there.exists(), f"{page.relative_to(site)} links to {target}, which does not exist"
            if parts.fragment and there.suffix == ".html":
                assert unquote(parts.fragment) in pages[there].places, f"{page.relative_to(site)}: {target}"
            checked += 1
    assert checked > 1000


def test_pages_load_nothing_from_the_network(site):
    assert (site / "index.html").exists()
    for path in site.rglob("*.html"):
        loaded = re.findall(r'<(?:script|img|iframe)[^>]* src="(\w+:)?//[^"]*', path.read_text(encoding="utf-8"))
        assert not loaded, path.name


def test_no_page_shows_an_error(site):
    assert (site / "index.html").exists()
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "system-message" not in text and "ERROR: " not in text, path.name


def test_every_public_name_is_in_the_reference(site):
    inventory = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    known = {line.split()[0] for line in zlib.decompress(inventory).decode().splitlines()}
    assert "pure" in sg.__all__
    for name in sg.__all__:
        module = getattr(getattr(sg, name), "__name__", "")  # of a public module
        assert f"spinglass.{name}" in known or module in known, f"sg.{name} is on no page of the reference"


def test_theory_has_formulas_on_every_page(site):
    assert len(PAGES) > 5
    for page in PAGES:
        if page.stem != "index":
            assert Links(site / "theory" / f"{page.stem}.html").formulas > 10, page.stem


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_of_the_theory_run(page):
    result = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


@pytest.mark.parametrize(
    ("tex", "numerator", "denominator"),
    [(r"\tfrac12\log x", "1", "2"), (r"\frac1N", "1", "N"), (r"\frac{27}8", "27", "8"), (r"\frac x2", "x", "2")],
)
def test_digits_are_read_as_tex_reads_them(tex, numerator, denominator):
    pytest.importorskip("sphinx", reason="needs the extra docs")
    sys.path.insert(0, str(ROOT / "docs" / "_ext"))
    try:
        markup = import_module("mathml").mathml(tex)
    finally:
        sys.path.pop(0)
    parts = re.search(r"<mfrac[^>]*><m\w>(\w+)</m\w><m\w>(\w+)</m\w></mfrac>", markup)
    assert parts is not None and parts.groups() == (numerator, denominator)


def test_braces_grow_only_where_asked():
    pytest.importorskip("sphinx", reason="needs the extra docs")
    sys.path.insert(0, str(ROOT / "docs" / "_ext"))
    try:
        mathml = import_module("mathml").mathml
    finally:
        sys.path.pop(0)
    assert mathml(r"1\{x\}").count('<mo stretchy="false">') == 2
    assert 'stretchy="false"' not in mathml(r"\left\{x\right\}") + mathml(r"\Big\{x\Big\}")


#: Writes the size of every formula of a page into its body, for a browser to run.
MEASURE = """<script>
const boxes = [...document.querySelectorAll('math')].map(m => m.getBoundingClientRect());
document.body.setAttribute('data-flat', boxes.filter(b => b.width < 2 || b.height < 4).length);
const inner = [...document.querySelectorAll('mfrac')].map(f => [...f.children].map(c => c.getBoundingClientRect()));
document.body.setAttribute('data-unstacked', inner.filter(([a, b]) => a.bottom > b.top + 3).length);
document.body.setAttribute('data-fractions', inner.length);
</script></body>"""


def test_a_browser_shows_formulas_and_pictures_offline(site, tmp_path):
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        pytest.skip(f"needs a headless browser: none of {', '.join(BROWSERS)} is installed")
    page = site / "theory" / "finite_n.html"
    probe = page.with_name("probe.html")
    probe.write_text(page.read_text(encoding="utf-8").replace("</body>", MEASURE), encoding="utf-8")
    command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    # no proxy answers at this port: whatever is not on the disk is missing
    command += ["--proxy-server=127.0.0.1:9", "--virtual-time-budget=4000"]
    environment = {**os.environ, "HOME": str(tmp_path)}

    def run(*arguments):
        done = subprocess.run([*command, *arguments], capture_output=True, timeout=120, env=environment)
        return done.stdout.decode()

    body = re.search(r"<body[^>]*>", run("--dump-dom", probe.as_uri()))[0]
    probe.unlink()
    measured = {key: int(value) for key, value in re.findall(r'data-(flat|unstacked|fractions)="(\d+)"', body)}
    assert measured["flat"] == measured["unstacked"] == 0 and measured["fractions"] > 10
    picture = tmp_path / "page.png"
    run(f"--screenshot={picture}", "--window-size=1200,1600", (site / "index.html").as_uri())
    image = import_module("matplotlib.image").imread(picture)
    assert image.shape[:2] == (1600, 1200) and image[..., :3].std() > 0.05


# -- notebooks -----------------------------------------------------------------------------------------------------

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def gallery():
    """The extension of the site that executes notebooks."""
    for package in ("jupytext", "nbclient", "ipykernel", "ipywidgets"):
        pytest.importorskip(package, reason="needs the extra notebooks")
    sys.path.insert(0, str(ROOT / "docs" / "_ext"))
    yield import_module("notebooks")
    sys.path.pop(0)


def seconds(cell):
    """Return how long a cell ran, by the clock of its execution."""
    times = cell.metadata["execution"]
    begin, end = (datetime.fromisoformat(times[f"iopub.status.{state}"][:26]) for state in ("busy", "idle"))
    return (end - begin).total_seconds()


@each_notebook
def test_notebook_is_a_percent_script_with_a_heading(path, gallery):
    notebook = gallery.jupytext.read(path)
    assert notebook.metadata["jupytext"]["text_representation"]["format_name"] == "percent"
    assert notebook.cells[0].source.startswith("# ")
    assert all(len(cell.source.splitlines()) <= 30 for cell in notebook.cells)


@each_notebook
@pytest.mark.filterwarnings("default")  # of Jupyter's own packages; the cells run in another process
def test_notebook_runs_within_a_minute(path, gallery, tmp_path_factory):
    notebook = gallery.executed(path, tmp_path_factory.getbasetemp() / "notebooks")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert 0 < sum(seconds(cell) for cell in cells) < 60
    outputs = [output for cell in cells for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    for output in outputs:
        assert "Warning" not in output.get("text", ""), output["text"]


def test_sliders_redraw_fast(gallery):
    """The slider of the quickstart redraws in less than 0.3 s, the first compilation excluded."""
    plt = import_module("matplotlib.pyplot")
    backend = plt.get_backend()
    plt.switch_backend("agg")
    cells = [cell.source for cell in gallery.jupytext.read(ROOT / "notebooks" / "quickstart.py").cells]
    head = next(cell for cell in cells if cell.startswith("import"))
    (definition,) = (cell for cell in cells if cell.startswith("def redraw"))
    names = {}
    with plt.rc_context():
        exec(head + "\n" + definition.removesuffix("redraw()").replace("plt.show()", "pass"), names)
        seconds = []
        for sigma_z in (1.0, 0.9, 0.5, 0.1, 0.01):
            start = time.process_time()
            names["redraw"](sigma_z=sigma_z)
            plt.gcf().canvas.draw()
            seconds.append(time.process_time() - start)
            plt.close("all")
    plt.switch_backend(backend)
    assert min(seconds[1:]) < 0.3
