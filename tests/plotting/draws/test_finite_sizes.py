"""Mean numbers against 1/N: every point, its error, the limit, and how far the extrapolation is from it."""

import math

import numpy as np
import pytest
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.plotting.draws.finite_sizes import _Approach
from spinglass.plotting.style import EXACT, SAMPLED

SIZES = (10, 20, 30, 50, 80)


@pytest.fixture
def ax():
    return Figure().add_subplot()


def texts(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def labelled(ax, start):
    return next(line for line in ax.lines if str(line.get_label()).startswith(start))


def points(ax):
    return ax.containers[0].lines[0]


def test_exact_counts_and_their_limit(ax):
    model = sg.mixed({3: 0.5, 4: 0.5})
    assert sg.plotting.finite_size(sg.complexity(model), ax, sizes=SIZES) is ax
    x, y = points(ax).get_xydata().T
    np.testing.assert_allclose(x, 1 / np.array(SIZES))
    np.testing.assert_allclose(y, [sg.mean_count(model, n).log_mean / n for n in SIZES], rtol=1e-14)
    assert points(ax).get_color() == EXACT and not ax.collections
    np.testing.assert_array_equal(labelled(ax, "limit").get_xydata(), [[0.0, sg.complexity(model).total()]])
    assert ax.get_xlim()[0] == 0


@pytest.mark.parametrize("model", [sg.pure(3), sg.pure(5), sg.mixed({1: 0.3, 3: 1}), sg.mixed({2: 1, 3: 0.2})])
def test_the_extrapolation_meets_the_limit_within_its_error(ax, model):
    limit = sg.complexity(model).total()
    sg.plotting.finite_size(sg.complexity(model), ax, sizes=(10, 15, 20, 30, 40, 60, 80, 100))
    curve = labelled(ax, "fit")
    value, error = (float(x) for x in curve.get_label().removeprefix("fit: ").split(r" $\pm$ "))
    assert abs(curve.get_ydata()[0] - value) < error and curve.get_xdata()[0] == 0
    assert abs(value - limit) < 2 * error < 0.03
    np.testing.assert_allclose(
        np.interp(points(ax).get_xdata(), *curve.get_xydata().T), points(ax).get_ydata(), atol=1e-3
    )


def test_the_fit_finds_coefficients_and_their_standard_error():
    n, truth = np.array([8.0, 12, 16, 24, 32, 48, 64]), np.array([0.3, 0.5, 1.2, -2.0])
    basis = np.stack([np.ones_like(n), np.log(n) / n, 1 / n, 1 / n**2], axis=1)
    exact = _Approach(n, basis @ truth, np.zeros_like(n))
    np.testing.assert_allclose(exact.fit(4)[0], truth, atol=1e-9)
    assert exact.fit(4)[1] == 0
    error, rng = 0.01 / n, np.random.default_rng(1)
    found = [_Approach(n, basis @ truth + error * rng.standard_normal(len(n)), error).fit(4) for _ in range(400)]
    scatter = np.std([coefficients[0] for coefficients, _ in found])
    assert found[0][1] == pytest.approx(scatter, rel=0.15)
    assert np.mean([coefficients[0] for coefficients, _ in found]) == pytest.approx(0.3, abs=4 * scatter / 20)


def test_monte_carlo_has_error_bars(ax):
    model = sg.gan(2, 1, 0.5, 0.5)
    sg.plotting.finite_size(sg.complexity(model), ax, sizes=(8, 4), samples=2000, rng=1)
    wanted = [sg.mean_count(model, n, method="montecarlo", samples=2000, rng=1) for n in (4, 8)]
    np.testing.assert_allclose(points(ax).get_ydata(), [e.log_mean / n for e, n in zip(wanted, (4, 8), strict=True)])
    heights = [np.ptp(segment[:, 1]) for segment in ax.collections[0].get_segments()]
    np.testing.assert_allclose(heights, [2 * e.stderr / n for e, n in zip(wanted, (4, 8), strict=True)])
    assert points(ax).get_color() == SAMPLED and texts(ax) == [
        f"limit: {sg.complexity(model).total():.4f}",
        "Monte Carlo",
    ]


def test_a_store_is_kept_for_every_size(tmp_path):
    c = sg.complexity(sg.pure(3))
    store = tmp_path / "run-{n}.sqlite"
    sg.plotting.finite_size(
        c, Figure().add_subplot(), sizes=(4, 6), method="montecarlo", samples=200, rng=1, store=store
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run-4.sqlite", "run-6.sqlite"]


def test_below_an_energy_at_an_index(ax):
    c, u = sg.complexity(sg.pure(3)), -1.645
    sg.plotting.finite_size(c, ax, sizes=SIZES, index=0, below=u)
    wanted = [sg.mean_count(sg.pure(3), n, (-math.inf, u), 0).log_mean / n for n in SIZES]
    np.testing.assert_allclose(points(ax).get_ydata(), wanted)
    assert labelled(ax, "limit").get_ydata()[0] == c.below(u, index=0)
    value, error = (float(x) for x in labelled(ax, "fit").get_label().removeprefix("fit: ").split(r" $\pm$ "))
    assert abs(value - c.below(u, index=0)) < 2 * error < 0.02


@pytest.mark.parametrize("index", [0, 1])
def test_at_an_index_what_is_missing_falls_slower_and_nothing_is_extrapolated(ax, index):
    c, sizes = sg.complexity(sg.pure(3)), (10, 20, 40, 60)
    sg.plotting.finite_size(c, ax, sizes=sizes, index=index)
    assert not any(label.startswith("fit") for label in texts(ax))
    missing = points(ax).get_ydata() - c.total(index=index)
    slopes = np.diff(np.log(missing)) / np.diff(np.log(points(ax).get_xdata()))
    assert np.all((slopes > 0.5) & (slopes < 0.75))
    guide = labelled(ax, "guide")
    x, y = guide.get_data()
    assert y[0] == c.total(index=index) and f"$N^{{-{slopes[-1]:.2f}}}$" in guide.get_label()
    np.testing.assert_allclose(np.diff(np.log(y[1:] - y[0])) / np.diff(np.log(x[1:])), 0.5, rtol=1e-9)
    np.testing.assert_allclose(np.interp(points(ax).get_xdata()[-1], x, y), points(ax).get_ydata()[-1], rtol=1e-3)


@pytest.mark.parametrize(
    ("model", "keywords"),
    [
        (sg.mixed({1: 9.0, 3: 1}), {"index": 0}),  # trivial: the minimum is all there is, and away from the edge
        (sg.pure(3), {"index": 0, "fit": False}),
        (sg.pure(3), {"index": 0, "sizes": (10,)}),
        (sg.pure(3), {}),
    ],
)
def test_a_guide_is_drawn_only_where_an_index_costs_complexity(ax, model, keywords):
    sg.plotting.finite_size(sg.complexity(model), ax, **({"sizes": (10, 20)} | keywords))
    assert not any(label.startswith("guide") for label in texts(ax))


def test_the_power_has_its_error(ax):
    n, limit, error = np.array([10.0, 40.0]), 0.1, np.array([0.001, 0.002])
    exact = _Approach(n, limit + 0.5 * n**-0.6, error)
    power, stderr = exact.exponent(limit)
    assert power == pytest.approx(0.6, rel=1e-12)
    rng = np.random.default_rng(1)
    found = [_Approach(n, exact.rate + error * rng.standard_normal(2), error).exponent(limit)[0] for _ in range(2000)]
    assert np.std(found) == pytest.approx(stderr, rel=0.08)
    sg.plotting.finite_size(
        sg.complexity(sg.pure(3)), ax, sizes=(6, 12), index=0, method="montecarlo", samples=2000, rng=1
    )
    assert r"\pm" in labelled(ax, "guide").get_label()


def test_colours_and_aliases(ax):
    c = sg.complexity(sg.pure(3))
    sg.plotting.finite_size(c, ax, sizes=(4, 5), ms=7, legend=False)
    sg.plotting.finite_size(sg.complexity(sg.pure(4)), ax, sizes=(4, 5), c="red", label="p = 4")
    first, second = (container.lines[0] for container in ax.containers)
    assert first.get_markersize() == 7 and second.get_color() == "red" and "p = 4" in texts(ax)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: sg.plotting.finite_size(sg.pure(3)), "c: expected a complexity"),
        (lambda c: sg.plotting.finite_size(sg.complexity(sg.mixed({3: 1, 4: 1}), "quenched")), "annealed"),
        (lambda c: sg.plotting.finite_size(c, sizes=()), "at least one dimension"),
        (lambda c: sg.plotting.finite_size(c, sizes=(1,)), "sizes: expected"),
        (lambda c: sg.plotting.finite_size(c, sizes=5), "sizes: expected a sequence"),
        (lambda c: sg.plotting.finite_size(c, method="brute"), "method: expected one of"),
        (lambda c: sg.plotting.finite_size(c, below=(0, 1)), "below: expected 1 energies"),
        (lambda c: sg.plotting.finite_size(c, fit=1), "fit: expected True or False"),
    ],
)
def test_what_cannot_be_counted_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call(sg.complexity(sg.pure(3)))
    assert "\n" not in str(caught.value)
