"""The site builds without a warning and works without a network; every notebook and how-to runs, draws and stays quick.

In one file, so that pages are executed once, one after the other.
"""

import ast
import doctest
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zlib
from functools import cache
from html import unescape
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import spinglass as sg

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
THEORY = sorted((ROOT / "docs").glob("theory/*.md"))
HOW_TO = sorted(path for path in (ROOT / "docs").glob("howto/*.md") if path.stem != "index")
ROLE = re.compile(r"\{py:\w+\}`(?:[^`<]*<)?~?([\w.]+)>?`")
NEEDED = ("sphinx", "furo", "numpydoc", "myst_nb", "jupytext", "ipykernel", "ipywidgets", "sphinx_codeautolink")
NEEDED += ("sphinx_copybutton", "sphinx_design", "sphinxcontrib.bibtex", "sphinx-mathjax-offline", "flint")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built from a copy of docs/ as documented, without most figures, which their own tests draw."""
    for package in NEEDED:
        if import_module("importlib.util").find_spec(package) is None:
            pytest.skip(f"needs the extra docs: {package} is missing")
    root = tmp_path_factory.mktemp("site")
    generated = ("_build", "gallery", "notebooks", "api", "*.rst", "data.js", "__pycache__")
    shutil.copytree(ROOT / "docs", root / "docs", ignore=shutil.ignore_patterns(*generated))
    shutil.copytree(ROOT / "docs" / "_templates", root / "docs" / "_templates", dirs_exist_ok=True)
    for name in ("spinglass", "notebooks", "benchmarks"):
        (root / name).symlink_to(ROOT / name)
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"):  # whose links lead to pages of the copy
        shutil.copy(ROOT / name, root / name)
    drawn = ",".join(page.split("/")[1] for page in SEEN if page.startswith("gallery/") and page != "gallery/index")
    options = ["-W", "-q", "-b", "html", "-D", f"gallery_drawn={drawn}"]
    command = [sys.executable, "-m", "sphinx", *options, "docs", "docs/_build/html"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr
    return root / "docs" / "_build" / "html"


class Links:
    """What a page links to, what can be linked to, and its formulas."""

    UNREAD = re.compile(r"(?s)<!--.*?-->|(?<=<script>).*?(?=</script>)|(?<=<style>).*?(?=</style>)")
    TAG = re.compile(r"<[a-zA-Z][^>]*>")
    ATTRIBUTE = re.compile(r'\s(id|href|src|class)="([^"]+)"')

    def __init__(self, path):
        text = self.UNREAD.sub("", path.read_text(encoding="utf-8"))
        found = [(key, unescape(value)) for tag in self.TAG.findall(text) for key, value in self.ATTRIBUTE.findall(tag)]
        self.targets = [value for key, value in found if key in ("href", "src")]
        self.places = {value for key, value in found if key == "id"}
        self.formulas = sum("math" in value.split() for key, value in found if key == "class")


@cache
def found(folder, path):
    """Return the file that a page of a folder links to, None if there is none."""
    there = (folder / unquote(path)).resolve()
    return there if there.exists() else None


def test_every_internal_link_leads_somewhere(site):
    pages = {path: Links(path) for path in site.rglob("*.html")}
    assert len(pages) > 150
    checked = 0
    for page, links in pages.items():
        for target in links.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                assert parts.scheme in ("https", "http", "data"), f"{page.name}: {target}"
                continue
            there = found(page.parent, parts.path) if parts.path else page
            assert there, f"{page.relative_to(site)} links to {target}, which does not exist"
            # viewcode names all of a module after the first name that one of its objects was imported by
            if parts.fragment and there.suffix == ".html" and "_modules" not in page.parts:
                assert unquote(parts.fragment) in pages[there].places, f"{page.relative_to(site)}: {target}"
            checked += 1
    assert checked > 10_000


def test_pages_load_nothing_from_the_network(site):
    assert (site / "index.html").exists()
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|iframe)[^>]* src="(?:\w+:)?//[^"]*', text), path.name
        assert not re.findall(r'<link[^>]* rel="stylesheet"[^>]* href="(?:\w+:)?//[^"]*', text), path.name


def test_no_page_shows_an_error(site):
    assert (site / "index.html").exists()
    for path in site.rglob("*.html"):
        if "_modules" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert "system-message" not in text and "ERROR: " not in text and "Traceback" not in text, path.name


def test_no_page_shows_the_source_of_a_formula(site):
    assert (site / "index.html").exists()
    for path in site.rglob("*.html"):
        text = re.sub(r"(?s)<(pre|code|script|title)\b.*?</\1>", "", path.read_text(encoding="utf-8"))
        assert "$$" not in text and not re.search(r"\$[^$<]*\\[a-z]", text), path.name


def described(site):
    """Return the names that have a description somewhere."""
    inventory = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    return {line.split()[0] for line in zlib.decompress(inventory).decode().splitlines()}


def test_names_in_texts_are_those_of_the_reference(site):
    written = [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts]
    named = {(path.name, name) for path in written for name in ROLE.findall(path.read_text(encoding="utf-8"))}
    known = described(site)
    assert len(named) > 50
    assert {place for place in named if place[1] not in known} == set()


def test_every_public_name_has_a_page(site):
    known = described(site)
    assert "pure" in sg.__all__
    for name in sg.__all__:
        module = getattr(getattr(sg, name), "__name__", "")  # of a public module
        assert f"spinglass.{name}" in known or module in known, f"sg.{name} is on no page of the reference"
        rooms = ("reference", "reference/api")
        pages = [site / room / f"{page}.html" for room in rooms for page in (f"spinglass.{name}", name, module)]
        assert any(page.exists() for page in pages), f"sg.{name} has no page"


def test_plotting_pages_show_their_picture(site):
    assert "complexity" in sg.plotting.__all__
    for name in sg.plotting.__all__:
        text = (site / "reference" / "api" / f"spinglass.plotting.{name}.html").read_text(encoding="utf-8")
        assert re.search(r'<img[^>]* src="[^"]*_images/[^"]*\.png"', text), name


def test_formulas_and_functions_link_to_each_other(site):
    page = (site / "theory" / "one_sphere.html").read_text(encoding="utf-8")
    (place,) = set(re.findall(r'id="(equation-theta-k)"', page))
    assert "api/spinglass.complexity.api.Complexity.html#" in page
    back = (site / "reference" / "api" / "spinglass.complexity.api.Complexity.html").read_text(encoding="utf-8")
    assert f"theory/one_sphere.html#{place}" in back
    assert "howto/digits.html" in (site / "reference" / "api" / "spinglass.balls.html").read_text(encoding="utf-8")


def test_every_figure_has_a_page_with_picture_data_and_code(site):
    index = (site / "gallery" / "index.html").read_text(encoding="utf-8")
    assert len(sg.figures.names()) > 30
    for name in sg.figures.names():
        assert f'href="{name}.html"' in index and f"{name}.png" in index, name
        page = site / "gallery" / f"{name}.html"
        text = unescape(page.read_text(encoding="utf-8"))
        assert f"_images/{name}.png" in text and "figures" in text, name
        (table,) = re.findall(rf'href="(\.\./_downloads/[^"]*{name}\.csv)"', text)
        assert (page.parent / table).read_text().startswith("figure,key,i,j,k,value\n" + name), name


def test_theory_has_formulas_on_every_page(site):
    assert len(THEORY) > 5
    for page in THEORY:
        if page.stem != "index":
            assert Links(site / "theory" / f"{page.stem}.html").formulas > 10, page.stem


@pytest.mark.parametrize("page", THEORY, ids=lambda page: page.stem)
def test_examples_of_the_theory_run(page):
    result = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


# -- in a browser --------------------------------------------------------------------------------------------------

#: Pages to look at: one of each kind, and those with the widest formulas and code.
SEEN = ("index", "howto/index", "howto/hessian", "howto/latex", "howto/cluster", "howto/phase_diagram", "gallery/index")
SEEN += ("gallery/auffinger2013-1", "gallery/baskerville2021gan-6", "reference/complexity", "reference/command_line")
SEEN += ("reference/api/spinglass.complexity", "reference/api/spinglass.plotting.complexity", "bibliography")
SEEN += ("reference/api/spinglass.mean_count", "notebooks/quickstart", "notebooks/your_own_game", "explorer")
SEEN += tuple(f"theory/{path.stem}" for path in THEORY)
WIDTHS = (1280, 400)

#: Runs in every page when its formulas are set: what is cut off, what has no size, what TeX did not understand.
PROBE = """<script>
function measure() {
  const bad = [];
  const name = e => e.tagName.toLowerCase() + '.' + (e.getAttribute('class') || '') + ': ' + e.textContent.slice(0, 60);
  const unseen = 'mjx-assistive-mml, .headerlink, .copybtn, [hidden], details:not([open]), script, style';
  const hidden = e => e.closest(unseen);
  const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowX);
  const article = document.querySelector('article');
  const edge = document.querySelector('.content').getBoundingClientRect().right;  // headings reach into its margin
  for (const e of article.querySelectorAll('*')) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (hidden(e) || box.width < 2 || box.height < 2 || e.parentElement.closest('svg, mjx-container')) continue;
    if (/hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 2) bad.push('cut ' + name(e));
    if (/hidden|clip/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 3) bad.push('low ' + name(e));
    let up = e.parentElement;
    while (up !== article && !scrolls(up)) up = up.parentElement;
    if (up === article && box.right > edge) bad.push('out ' + name(e));
  }
  const formulas = [...document.querySelectorAll('mjx-container')];
  const flat = formulas.filter(m => m.getClientRects().length && m.getBoundingClientRect().width < 2);
  const unset = [...document.querySelectorAll('.math')].filter(m => !m.querySelector('mjx-container'));
  const wrong = [...document.querySelectorAll('mjx-merror')].map(e => e.textContent);
  const waiting = window.MathJax ? unset.length : 0;
  parent.postMessage({page: location.pathname, width: innerWidth, bad, flat: flat.length, wrong, waiting,
                      formulas: formulas.length}, '*');
}
addEventListener('load', () => {
  const ready = window.MathJax && MathJax.startup ? MathJax.startup.promise : Promise.resolve();
  ready.then(() => setTimeout(measure, 50));
});
</script></body>"""

#: Holds the pages in frames of the two widths and writes down what they report.
FRAMES = """<!doctype html><body><script>
const told = [];
addEventListener('message', event => {{
  told.push(event.data);
  document.body.setAttribute('data-told', JSON.stringify(told));
}});
</script>{frames}</body>"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A function that runs a headless browser, which cannot reach a network, and returns what it writes."""
    path = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"needs a headless browser: none of {', '.join(BROWSERS)} is installed")
    home = tmp_path_factory.mktemp("browser")
    command = [path, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home / 'profile'}"]
    # no proxy answers at this port: whatever is not on the disk is missing
    command += ["--proxy-server=127.0.0.1:9", "--virtual-time-budget=20000", "--hide-scrollbars=false"]

    def run(*arguments):
        environment = {**os.environ, "HOME": str(home)}
        done = subprocess.run([*command, *arguments], capture_output=True, timeout=240, env=environment)
        return done.stdout.decode()

    return run


@pytest.fixture(scope="module")
def told(site, browser):
    """What the pages report about themselves, by page and width."""
    probes = {}
    for name in SEEN:
        page = site / f"{name}.html"
        probe = page.with_name(f"probe-{page.name}")
        probe.write_text(page.read_text(encoding="utf-8").replace("</body>", PROBE), encoding="utf-8")
        probes[probe.as_uri()] = name
    frames = "".join(f'<iframe src="{uri}" width="{w}" height="900"></iframe>' for uri in probes for w in WIDTHS)
    (site / "frames.html").write_text(FRAMES.format(frames=frames), encoding="utf-8")
    body = re.search(r'<body[^>]* data-told="([^"]*)"', browser("--dump-dom", (site / "frames.html").as_uri()))
    for probe in [*site.rglob("probe-*.html"), site / "frames.html"]:
        probe.unlink()
    assert body is not None, "no page has reported"
    reports = json.loads(unescape(body[1]))
    return {(next(n for uri, n in probes.items() if uri.endswith(r["page"])), r["width"]): r for r in reports}


def test_nothing_is_cut_off_on_wide_and_on_narrow_windows(told):
    assert sorted(told) == sorted((name, width) for name in SEEN for width in WIDTHS)
    assert {place: report["bad"] for place, report in told.items() if report["bad"]} == {}


def test_every_formula_is_set(told):
    for place, report in told.items():
        assert report["wrong"] == [] and report["flat"] == report["waiting"] == 0, place
    assert told["theory/finite_n", 400]["formulas"] > 10


def test_the_first_page_is_drawn(site, browser, tmp_path):
    picture = tmp_path / "page.png"
    browser(f"--screenshot={picture}", "--window-size=1200,1600", (site / "index.html").as_uri())
    image = import_module("matplotlib.image").imread(picture)
    assert image.shape[:2] == (1600, 1200) and image[..., :3].std() > 0.05


# -- notebooks and how-to pages ------------------------------------------------------------------------------------

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_how_to = pytest.mark.parametrize("path", HOW_TO, ids=lambda path: path.stem)


def executed(site, path):
    """Return the code cells of a page with the outputs that the build has made."""
    folder = "howto" if path.suffix == ".md" else "notebooks"
    notebook = import_module("nbformat").read(site.parent / "jupyter_execute" / folder / f"{path.stem}.ipynb", 4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def seconds(site):
    """How long each page ran, its kernel's start included, by the name of the page."""
    (folder,) = site.parent.glob("notebooks-*")
    records = import_module("jupyter_cache").get_cache(folder).list_cache_records()
    return {Path(record.uri).stem: record.data["execution_seconds"] for record in records}


def names_of_the_package(code):
    """Return which attributes of ``sg`` code takes: the kernel of a page holds modules that it has not imported."""
    taken = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute)]
    return {node.attr for node in taken if isinstance(node.value, ast.Name) and node.value.id == "sg"}


@each_notebook
def test_notebook_is_a_percent_script_with_a_heading(path):
    notebook = pytest.importorskip("jupytext", reason="needs the extra notebooks").read(path)
    assert notebook.metadata["jupytext"]["text_representation"]["format_name"] == "percent"
    assert notebook.cells[0].source.startswith("# ")
    assert all(len(cell.source.splitlines()) <= 30 for cell in notebook.cells)
    assert names_of_the_package(path.read_text(encoding="utf-8")) <= {*sg.__all__, "__version__"}


@each_notebook
@pytest.mark.filterwarnings("default")  # of Jupyter's own packages
def test_notebook_runs_within_a_minute(path, site, seconds):
    assert 0 < seconds[path.stem] < 60
    outputs = [output for cell in executed(site, path) for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    for output in outputs:
        assert "Warning" not in output.get("text", ""), output["text"]


@each_how_to
@pytest.mark.filterwarnings("default")
def test_how_to_runs_quickly_and_says_something(path, site, seconds):
    assert 0 < seconds[path.stem] < 30
    outputs = [output for cell in executed(site, path) for output in cell.outputs]
    assert outputs
    for output in outputs:
        assert "Warning" not in output.get("text", ""), output["text"]


@each_how_to
def test_how_to_pastes(path):
    """Its cells, put together, are a program that imports what it uses; what is not executed is Python at least."""
    text = path.read_text(encoding="utf-8")
    cells = "".join(re.findall(r"^```\{code-cell\}\n(.*?)^```", text, re.M | re.S))
    names = [alias for node in ast.walk(ast.parse(cells)) for alias in getattr(node, "names", ())]
    imported = {alias.asname or alias.name for alias in names}
    assert "sg" in imported
    for block in re.findall(r"^```(?:\{code-cell\}|python|sh)\n(.*?)^```", text, re.M | re.S):
        assert max(map(len, block.splitlines())) <= 96, "longer than a page is wide"
    for block in (cells, *re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)):
        assert names_of_the_package(block) <= {*sg.__all__, "__version__"}


def test_sliders_redraw_fast():
    """The sliders of the quickstart are made, and redraw in less than 0.3 s, the first compilation excluded."""
    jupytext = pytest.importorskip("jupytext", reason="needs the extra notebooks")
    pytest.importorskip("ipywidgets", reason="needs the extra notebooks")
    plt = import_module("matplotlib.pyplot")
    backend = plt.get_backend()
    plt.switch_backend("agg")
    cells = [cell.source for cell in jupytext.read(ROOT / "notebooks" / "quickstart.py").cells]
    head = next(cell for cell in cells if cell.startswith("import"))
    (definition,) = (cell for cell in cells if cell.startswith("def redraw"))
    names = {}
    with plt.rc_context():
        exec(head + "\n" + definition.removesuffix("redraw()").replace("plt.show()", "pass"), names)
        exec(cells[-1], names)
        assert [box.value for box in names["sliders"].widget.children[:-1]] == [3, 3, 1.0, 0.9]
        seconds = []
        for sigma_z in (1.0, 0.9, 0.5, 0.1, 0.01):
            start = time.process_time()
            names["redraw"](sigma_z=sigma_z)
            plt.gcf().canvas.draw()
            seconds.append(time.process_time() - start)
            plt.close("all")
    plt.switch_backend(backend)
    assert min(seconds[1:]) < 0.3
