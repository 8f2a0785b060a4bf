"""The explorer of the site: its JavaScript against the package, and its page, in a headless browser."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import spinglass as sg

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "docs" / "_static" / "explorer"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")


@pytest.fixture
def browse(tmp_path):
    """A function that opens a page and returns what it holds once its scripts have run."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        pytest.skip(f"needs a headless browser: none of {', '.join(BROWSERS)} is installed")
    command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--proxy-server=127.0.0.1:9", "--dump-dom"]

    def run(html, *options):
        page = tmp_path / "page.html"
        page.write_text(f"<!doctype html><meta charset=utf-8>{html}", encoding="utf-8")
        environment = {**os.environ, "HOME": str(tmp_path)}
        done = subprocess.run([*command, *options, page.as_uri()], capture_output=True, timeout=120, env=environment)
        return done.stdout.decode()

    return run


@pytest.fixture
def evaluate(browse):
    """A function that returns the value of an expression of the explorer's formulas; -inf is written as null."""
    formulas = (SCRIPTS / "formulas.js").read_text(encoding="utf-8")

    def value(expression):
        last = f"document.body.textContent = JSON.stringify({expression});"
        text = re.search(r"<body>(.*)</body>", browse(f"<body></body><script>{formulas}{last}</script>"), re.S)[1]
        return json.loads(text.partition("<script>")[0])

    return value


MIXTURES = (
    {3: 1.0},
    {2: 1.0},
    {20: 1.0},
    {3: 0.5, 4: 0.5},
    {3: 0.94, 16: 0.06},
    {2: 0.99, 3: 0.01},
    {1: 0.5, 3: 1.0},
    {1: 5.0, 3: 1.0},
    {1: 6.0, 2: 0.5, 20: 0.5},
)
KINDS = (None, 0, 1, 2)


def test_the_complexities_of_a_sphere_are_those_of_the_package(evaluate):
    u = np.linspace(-5, 1, 61)
    answers = evaluate(
        f"""{json.dumps(MIXTURES)}.map(terms => {{
            const m = formulas.sphere(terms);
            return {{G: formulas.G(m), threshold: m.threshold, kinds: [null, 0, 1, 2].map(k => [
                {u.tolist()}.map(u => formulas.sigma(m, u, k)), {u.tolist()}.map(u => formulas.below(m, u, k)),
                formulas.total(m, k), formulas.lowest(m, k)])}};
        }})"""
    )
    for terms, answer in zip(MIXTURES, answers, strict=True):
        c = sg.complexity(sg.mixed(terms))
        assert answer["G"] == pytest.approx(c.classify().G, abs=1e-13)
        assert answer["threshold"] == pytest.approx(c.threshold_energy, rel=1e-14)
        for k, (at, below, total, lowest) in zip(KINDS, answer["kinds"], strict=True):
            for values, wanted in ((at, c(u, index=k)), (below, c.below(u, index=k))):
                values = np.array([-np.inf if x is None else x for x in values])
                assert np.array_equal(np.isinf(values), np.isinf(wanted)), (terms, k)
                # a curve of a given index is held on the edge inside the bulk: steep in nearly pure mixtures
                some = np.isfinite(wanted) & (wanted > -50)
                np.testing.assert_allclose(values[some], wanted[some], rtol=0, atol=1e-11)
            assert total == pytest.approx(c.total(index=k), abs=1e-14)
            wanted = c.lowest_energy(index=k)
            assert lowest is None if np.isinf(wanted) else lowest == pytest.approx(wanted, rel=2e-13)


def test_the_cost_of_an_eigenvalue_is_continued_by_its_series(evaluate):
    places = [1e-8, 1e-3, 0.0199, 0.02, 0.0201, 1.0, 30.0]
    with sg.mp(30).precision():
        tau = [sg.mp(30).number(x) for x in places]
        wanted = [float(((1 + x) ** 2 - (1 + x) ** -2) / 4 - sg.mp(30).log(1 + x)) for x in tau]
    np.testing.assert_allclose(evaluate(f"{places}.map(formulas.deviation)"), wanted, rtol=3e-11)


def test_the_spectra_are_those_of_the_package(evaluate):
    places = [(phi, epsilon) for phi in (0.02, 0.25, 0.6, 0.98) for epsilon in (0.001, 0.05, 0.5, 3.0)]
    x = [-1.5, -0.2, 0.0, 0.4, 1.9]
    answers = evaluate(
        f"""{json.dumps(places)}.map(([phi, epsilon]) => [formulas.edges(phi, epsilon),
            formulas.negativeFraction(phi, epsilon), formulas.criticalEnergy(phi),
            {x}.map(x => formulas.density(x, phi, epsilon))])"""
    )
    for (phi, epsilon), (edges, negative, critical, density) in zip(places, answers, strict=True):
        law = sg.spectra.network_hessian(phi, epsilon)
        np.testing.assert_allclose(edges, law.support[0], rtol=0, atol=1e-13)
        assert negative == pytest.approx(law.cdf(0.0), abs=1e-14)
        assert critical == pytest.approx(sg.spectra.critical_energy(phi), rel=1e-13)
        np.testing.assert_allclose(density, law.density(x), rtol=0, atol=1e-12)


@pytest.fixture(scope="module")
def tables():
    """What the site computes for the page when it is built, for some games, and the functions that compute it."""
    pytest.importorskip("sphinx", reason="needs the extra docs")
    sys.path.insert(0, str(ROOT / "docs" / "_ext"))
    try:
        module = import_module("explorer")
    finally:
        sys.path.pop(0)
    return module, module.data(module.KAPPA[:4])


def test_landscapes_are_the_polynomials_that_were_drawn(tables):
    module, data = tables
    for (_, terms, seed), landscape in zip(module.LANDSCAPES, data["draws"], strict=True):
        draw, index = sg.mixed(terms).draw(3, rng=seed), [point["index"] for point in landscape["points"]]
        assert landscape["proven"] and index.count(0) - index.count(1) + index.count(2) == 2
        for point in landscape["points"]:
            coefficients, *powers = np.array(landscape["monomials"]).T
            value = coefficients @ np.prod(np.array(point["x"])[:, None] ** powers, axis=0)
            assert value / np.sqrt(3) == pytest.approx(point["energy"], abs=1e-12)
            assert np.abs(draw.gradient(np.array(point["x"]))).max() < 1e-12


def opened(browse, tables, last="", *options):
    """Return the page, its tables beside it, after some more script has run."""
    blocks = re.findall(r"```\{raw\} html\n(.*?)```", (ROOT / "docs" / "explorer.md").read_text("utf-8"), re.S)
    html = "".join(blocks).replace("_static/explorer/data.js", "data.js")
    html = html.replace("_static/explorer/", f"{SCRIPTS.as_uri()}/")
    data = f"window.spinglassData = {json.dumps(tables[1])}; window.onerror = e => {{ document.title = e; }}"
    html = html.replace('<script src="data.js"></script>', f"<script>{data}</script>")
    page = browse(f"<title>none</title>{html}<script>{last}</script>", *options)
    assert re.search("<title>(.*?)</title>", page)[1] == "none" and 'data-explorer="ready"' in page
    return page


def numbers(page, panel):
    """Return the numbers that a panel shows, by their names."""
    section = re.search(rf'id="{panel}".*?<table class="numbers">(.*?)</table>', page, re.S)[1]
    return dict(re.findall(r'<th>(.*?)</th><td data-value="(.*?)">', section))


def moved(panel, **values):
    """Return a script that puts the sliders of a panel somewhere."""
    steps = [
        f"{panel}.{name}.value = {x}; {panel}.{name}.dispatchEvent(new Event('input'));" for name, x in values.items()
    ]
    return f"{{ const {panel} = document.querySelector('#{panel} form').elements; {''.join(steps)} }}"


def test_the_page_shows_the_numbers_of_the_package(browse, tables):
    script = moved("pure", p=5) + moved("mixture", a=3, b=4, share=0.5) + moved("network", phi=0.5, epsilon=-0.3)
    page = opened(browse, tables, script + moved("games", rho=-0.37, kappa=3) + moved("globe", draw=2))
    pure, mixture = sg.complexity(sg.pure(5)), sg.complexity(sg.mixed({3: 0.5, 4: 0.5}))
    assert float(numbers(page, "pure")["lowest energy, index 2"]) == pytest.approx(
        pure.lowest_energy(index=2), rel=1e-13
    )
    assert numbers(page, "mixture")["class"] == mixture.classify().name
    assert float(numbers(page, "mixture")["complexity of minima"]) == pytest.approx(mixture.total(index=0), abs=1e-13)
    law = sg.spectra.network_hessian(0.5, 10**-0.3)
    assert float(numbers(page, "network")["fraction of negative eigenvalues"]) == pytest.approx(law.cdf(0.0), abs=1e-13)
    game = import_module("spinglass.figures.games").correlated(-0.37)
    found = float(numbers(page, "games")["complexity of local Nash equilibria"])
    assert found == pytest.approx(sg.complexity(game).total(index=(0, 0)), abs=5e-5)  # four digits are shown
    assert int(numbers(page, "globe")["minima \N{MINUS SIGN} saddles + maxima"]) == 2
    assert page.count("<svg") > 4 and "NaN" not in page and "Infinity" not in page


@pytest.mark.parametrize("width", [500, 1280])
def test_nothing_is_wider_than_the_window(browse, tables, width):
    measure = (
        "setTimeout(() => { document.body.dataset.wide = document.documentElement.scrollWidth - innerWidth; }, 500);"
    )
    page = opened(browse, tables, measure, f"--window-size={width},900")
    assert int(re.search(r'data-wide="(-?\d+)"', page)[1]) <= 0
