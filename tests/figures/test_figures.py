"""Figures: each shows the fact it is drawn for, is laid out without overlap, and leaves the style alone."""

import itertools
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import spinglass as sg
from spinglass import figures
from spinglass.figures import auffinger2013, games
from spinglass.figures.baskerville2021gan import counted, indices, nash, published, sweeps
from spinglass.spectra.dyson.log_determinant import LogDeterminant

sys.path.insert(0, str(Path(__file__).parent))
pictures = import_module("_pictures")

NAMES = figures.names(
    "auffinger2013",
    "baskerville2021gan",
    "baskerville2022universal-3",
    "bmmn2019",
    "fyodorov2013",
    "games",
    "subag2017",
)

#: Figures all of whose numbers are lines, but for these: places, what is marked, what is a map.
CURVES = {
    "auffinger2013-2": ("p",),
    "auffinger2013-3": ("w", *(f"full {a} {b}" for a, b in itertools.combinations((2, 3, 4, 16), 2))),
    "bmmn2019-1": (
        "m",
        "x",
        "critical",
        "lambda",
        "lambda above",
        "rate 0.5",
        "rate 1",
        "rate 1.5",
        "optimum 1",
        "optimum 1.5",
    ),
}


@pytest.fixture(scope="module")
def computed():
    """Return a function that computes a figure in quick mode, once."""
    made = {}

    def data(name):
        if name not in made:
            made[name] = figures.data(name, quick=True)
        return made[name]

    return data


@pytest.mark.parametrize("name", NAMES)
def test_axes_are_labelled_and_inside(computed, name):
    settings = dict(mpl.rcParams)
    figure = figures.recipe(name).figure(computed(name))
    figure.canvas.draw()
    width, height = figure.bbox.size
    panels = [ax for ax in figure.axes if ax.axison]
    assert any(ax.get_xlabel() for ax in panels) and any(ax.get_ylabel() for ax in panels)
    for ax in panels:
        for text in [ax.xaxis.label, ax.yaxis.label, ax.title]:
            if text.get_text():
                box = text.get_window_extent()
                assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text
    assert dict(mpl.rcParams) == settings
    if name in CURVES:
        drawn = [curve.get_ydata() for ax in figure.axes for curve in ax.lines]
        for key, numbers in computed(name).items():
            for series in np.atleast_2d(np.transpose(numbers)):
                assert any(np.array_equal(series, y, equal_nan=True) for y in drawn) or key in CURVES[name], key
    plt.close(figure)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_can_be_read_in_a_column_of_a_journal(computed, name):
    pictures.assert_fits(figures.recipe(name), computed(name))


# -- auffinger2013 -------------------------------------------------------------------------------------------------


def test_pure_curves_vanish_at_their_thresholds(computed):
    data = computed("auffinger2013-1")
    for i, k in enumerate((0, 1, 2)):
        curve = data[f"index {k}"]
        place = np.interp(0, curve[curve < 0.012], data["u"][curve < 0.012])
        assert place == pytest.approx(data["lowest"][i], abs=1e-6)
    assert np.all(np.diff(data["lowest"][:6]) > 0)  # E_k falls with k
    above = data["u"] > data["threshold"]
    assert np.ptp(data["index 100"][above]) < 1e-15  # no points of finite index above the threshold
    assert np.all(data["total"] >= data["index 0"] - 1e-15)


def test_thresholds_close_on_the_band_edge(computed):
    data = computed("auffinger2013-2")
    assert np.all(data["E_0"] > data["E_1"]) and np.all(data["E_5"] > data["E_inf"])
    np.testing.assert_allclose(data["E_inf"], 2 * np.sqrt((data["p"] - 1) / data["p"]), rtol=1e-14)


def test_mixtures_have_the_published_classes(computed):
    data = computed("auffinger2013-3")
    half = len(data["w"]) // 2
    assert data["G 3 4"][half] == pytest.approx(0.05897408049618, abs=1e-13)
    weight = 16 / 17
    c = sg.complexity(sg.mixed({3: weight, 16: 1 - weight}))
    assert 2 * c(c.threshold_energy) == pytest.approx(-0.065172221015515, abs=1e-13)
    assert np.all(data["G 3 4"] > 0) and np.any(data["G 3 16"] < 0)
    assert np.all(data["total 4 16"] >= data["minima 4 16"])


def test_full_mixtures_end_where_g_vanishes(computed):
    data = computed("auffinger2013-3")
    classes = {(a, b): data[f"full {a} {b}"] for a, b in itertools.combinations(auffinger2013.DEGREES, 2)}
    assert {pair for pair, found in classes.items() if len(found)} == {(2, 4), (2, 16), (3, 16)}
    for (a, b), found in classes.items():
        inside = np.zeros(len(data["w"]), dtype=bool)
        for lo, hi in found:
            inside |= (data["w"] > lo) & (data["w"] < hi)
            for end, outwards in ((lo, -1), (hi, 1)):
                if 0 < end < 1:
                    names = [
                        sg.complexity(sg.mixed({a: w, b: 1 - w})).classify().name
                        for w in (end + 1e-6 * outwards, end - 1e-6 * outwards)
                    ]
                    assert names == ["pure-like", "full"]
        np.testing.assert_array_equal(data[f"G {a} {b}"] < -1e-12, inside)
    assert classes[2, 16][0][1] == 1  # up to the pure 2-spin


def test_minima_at_finite_size_approach_the_limit(computed):
    data = computed("auffinger2013-4")
    limit = np.interp(data["u finite"], data["u"], data["index 0"])
    low = data["u finite"] < data["lowest"]
    gaps = np.array([(limit - data[f"finite {n}"])[low] for n in auffinger2013.CURVES])
    assert np.all(gaps > 0) and np.all(np.diff(gaps, axis=0) < 0)
    sizes = np.array(auffinger2013.SIZES)[:, None]
    gaps = sizes * np.array([np.abs(data[f"at energies {n}"] - data["limits"]) for n in auffinger2013.SIZES])[:, :3]
    powers = np.diff(gaps, axis=0) / np.diff(np.log(sizes), axis=0)
    assert np.all((powers > 0) & (powers < 1))  # the limit leaves out a power of N between 0 and 1


def test_rates_are_drawn_against_one_over_n_with_their_limit_at_zero(computed):
    data = computed("auffinger2013-4")
    figure = figures.recipe("auffinger2013-4").figure(data)
    right = figure.axes[1].lines
    c = sg.complexity(sg.pure(3))
    for u in (-1.75, c.lowest_energy(), -1.5):
        (i,) = np.flatnonzero(data["energies"] == u)
        exact = [sg.mean_count(sg.pure(3), n, energies=(-np.inf, u), index=0).log_mean / n for n in (5, 20, 100)]
        (curve,) = [drawn for drawn in right if drawn.get_label() == ("$u = -E_0$" if i == 2 else f"$u = {u:.2f}$")]
        x, y = curve.get_data()
        np.testing.assert_allclose([y[np.isclose(x, 1 / n)][0] for n in (5, 20, 100)], exact, atol=1e-14)
        assert any(drawn.get_xydata()[0] == pytest.approx([0, c.below(u, index=0)], abs=1e-12) for drawn in right)
    plt.close(figure)


# -- baskerville2021gan --------------------------------------------------------------------------------------------


def test_spectra_are_merged_touching_and_separate(computed):
    data = computed("baskerville2021gan-1")
    assert [len(data[f"support {name}"]) for name in ("merged", "touching", "separate")] == [1, 2, 2]
    touching, separate = data["support touching"], data["support separate"]
    assert touching[1, 0] - touching[0, 1] < 0.05 < separate[1, 0] - separate[0, 1]
    law = published.hessian(0.9, 1.0, 0.5, 1.1)
    eigenvalues = np.sort(data["eigenvalues merged"].ravel())
    steps = np.arange(1, len(eigenvalues) + 1) / len(eigenvalues)
    assert np.max(np.abs(law.cdf(eigenvalues) - steps)) < 0.01


def test_sampled_determinants_lie_on_the_potential(computed):
    data = computed("baskerville2021gan-2")
    for law in ("published", "exact"):
        for x1 in (-90, -45, 0, 45, 90):
            mean, error = data[f"sampled {law} {x1}"]
            gap = mean - np.interp(data["x sampled"], data["x"], data[f"potential {law} {x1}"])
            assert np.all(np.abs(gap) < np.log(50) / 50 + 4 * error)
            assert np.all(np.abs(gap[[0, -1]]) < 0.02)  # outside the spectrum the correction is of order 1/N
        # H(x_1) and -H(-x_1) have the same law
        np.testing.assert_allclose(data[f"potential {law} 90"], data[f"potential {law} -90"][::-1], atol=1e-10)


def test_the_exponent_is_largest_where_the_complexity_says(computed):
    data = computed("baskerville2021gan-3")
    exact = sg.complexity(sg.gan(**published.MODEL)).below(5.0, 0.5)
    assert exact - 0.01 < data["exponent exact"].max() <= exact + 1e-10
    theta = published.below(**published.MODEL, u_d=5.0, u_g=0.5)
    outside = data["x"] > 6 * 2**6 * 0.5
    assert np.all(data["exponent published"][outside] == -np.inf)
    assert data["exponent published"].max() < theta  # whose place, x near -2000, lies outside the drawn plane
    assert np.all((data["room published"] < 0) == (data["exponent published"] == -np.inf))


def test_both_laws_are_drawn_on_the_same_axes(computed):
    figure = figures.recipe("baskerville2021gan-3").figure(computed("baskerville2021gan-3"))
    panels = np.reshape([ax for ax in figure.axes if ax.get_title()], (2, 3))
    for above, below in panels.T:
        assert above.get_xlim() == below.get_xlim() and above.get_ylim() == below.get_ylim()
    plt.close(figure)


def test_surface_has_the_reference_total_and_the_published_constant_is_too_large(computed):
    data = computed("baskerville2021gan-4")
    assert data["theta exact"].max() == pytest.approx(0.6187414026158, abs=1e-12)
    for name in ("exact", "published"):
        theta = data[f"theta {name}"]
        assert np.all(np.diff(theta, axis=0) >= -1e-11) and np.all(np.diff(theta, axis=1) >= -1e-11)
    assert data["theta published"].max() > 9


def test_a_surface_is_its_smaller_marginal_where_a_condition_says_nothing(computed):
    data, c = computed("baskerville2021gan-4"), sg.complexity(sg.gan(**published.MODEL))
    u, excess = data["u"], data["excess exact"]
    assert np.all(excess <= 1e-11) and np.all(data["excess published"] <= 1e-11)
    free = np.abs(excess) < 1e-9
    assert 0.3 < free.mean() < 0.7
    assert np.all(free[-1]) or np.all(free[:, -1])  # where one loss may be anything
    for i, j in ((100, 20), (20, 100), (90, 70)):
        marginals = c.below(u[i], np.inf), c.below(np.inf, u[j])
        assert excess[i, j] == pytest.approx(c.below(u[i], u[j]) - min(marginals), abs=1e-10)


def test_published_constant_misses_the_decoupled_limit():
    # sigma_z -> 0, kappa -> 1 leaves the pure p-spin of the discriminator; the published K is too large by 9.38
    value = published.below(3, 3, 1e-6, 1 - 1e-9, np.inf, np.inf)
    assert float(value) - np.log(2) / 2 == pytest.approx(9.3825, abs=2e-3)


def test_published_log_potential_agrees_with_sampled_matrices():
    law = published.hessian(0.9, 1.0, 0.5, 1.1)
    matrix = law.sample(1500, rng=3)
    for x in (-3.5, -1.0, 0.3, 2.0):
        _, logdet = np.linalg.slogdet(matrix - x * np.eye(1500))
        assert logdet / 1500 == pytest.approx(law.log_potential(x), abs=2e-3)


def test_boundaries_are_zeros_of_the_complexity_of_their_index(computed):
    data = computed("baskerville2021gan-5")
    for name, (sigma_z, window) in indices.ROWS.items():
        (left, right), (bottom, top) = window
        for index in ((0, 0), (1, 0), (0, 1), (9, 0)):
            points = data[f"boundary {name} {index[0]} {index[1]}"]
            x, y = (points[:, 0] - left) / (right - left), (points[:, 1] - bottom) / (top - bottom)
            seen = (x > 0) & (x < 1) & (y > 0) & (y < 1)
            assert seen.sum() > 5
            assert np.all(np.diff(x[seen]) < 1e-6) and np.all(np.diff(y[seen]) > -1e-6)  # falling, from the lower right
            for shift, positive in ((-0.02, False), (0.02, True)):
                u_d = points[seen, 0] + shift * (right - left)
                u_g = (points[seen, 1] + shift * (top - bottom)) * sigma_z
                if name == "exact small":
                    rates = sg.complexity(sg.gan(3, 3, sigma_z, 0.9)).below(u_d, u_g, index=index)
                else:
                    rates = published.below(3, 3, sigma_z, 0.9, u_d, u_g, index=index)
                assert np.all((rates > 0) == positive)
        # the more indices, the higher the energies
        orders = [data[f"boundary {name} {k} 0"][:, 0] for k in indices.BANDS]
        assert np.all(np.diff(orders, axis=0) >= -0.01 * (right - left))
    coupled = sg.complexity(sg.gan(**published.MODEL))
    assert coupled.total(index=(0, 0)) == pytest.approx(-2.545136243, abs=1e-9)  # none are left to be drawn


def test_zeros_are_found_between_values_of_different_signs():
    roots = np.array([0.2, 0.5, 0.81])

    def height(x):
        return np.arcsinh(20 * (x - roots) * np.exp(-3 * x))

    low, high = np.zeros(3), np.ones(3)
    np.testing.assert_allclose(indices.zeros(height, low, high, height(low), height(high), 14), roots, atol=1e-13)


def test_published_indices_agree_with_the_maximum_on_a_grid():
    # the published code evaluates its exponent on a grid of (x, x_1) and takes the maximum over a domain
    model, index, u_d, u_g = published.MODEL, (1, 2), -1.0, 0.1
    kappa, (b, b1, s, s1) = model["kappa"], published.scales(**model)

    def cost(size):
        y = np.maximum(size, 1)
        return np.where(size >= 1, y * np.sqrt(y * y - 1) - np.arccosh(y), np.inf)

    def exponent(x, x1):
        height = published.constant(**model) - x**2 / (2 * s**2) - x1**2 / (2 * s1**2)
        height += np.array([published.hessian(kappa, b, b1, c).log_potential(x[:, 0]) for c in x1[0]]).T
        height -= index[1] * kappa * cost(np.abs(x) / (np.sqrt(2 * (1 - kappa)) * b))
        height -= index[0] * (1 - kappa) * cost(np.abs(x + x1) / np.sqrt(2 * kappa * (b**2 + b1**2)))
        inside = (x < 6 * 2**6 * u_g) & (x1 > -3 * x / (6 * 2**6) - 3 * u_d)
        return np.where(inside, height, -np.inf)

    centre, reach = np.array([-200.0, 10.0]), np.array([250.0, 20.0])
    for _ in range(8):  # finer and finer round the best point
        axes = [np.linspace(c - r, c + r, 41) for c, r in zip(centre, reach, strict=True)]
        x, x1 = np.meshgrid(*axes, indexing="ij")
        height = exponent(x, x1)
        best = np.unravel_index(np.argmax(height), height.shape)
        centre, reach = np.array([x[best], x1[best]]), reach / 4
    value = published.below(**model, u_d=u_d, u_g=u_g, index=index)
    assert height.max() == pytest.approx(float(value), abs=1e-3)


def test_swept_energies_are_extreme_points_of_the_region_of_positive_complexity(computed):
    data = computed("baskerville2021gan-6")
    for law in sweeps.LAWS:
        for name in sweeps.SWEEPS:
            for p, q in sweeps.PAIRS:
                u_d, u_g, both, apart, _ = data[f"{law} {name} {p} {q}"].T
                assert np.all(both >= u_d + u_g) and np.all(apart <= -u_d - u_g)
                assert np.all(u_d < 0) and np.all(u_g < 0)
    # independent: a grid of energies at which the complexity is not negative
    values = sweeps.extremes("exact", 3, 3, 1.0, 0.9)
    u = np.linspace(-16, 16, 161)
    allowed = sg.complexity(sg.gan(3, 3, 1.0, 0.9))(u[:, None], u[None, :]) >= 0
    i, j = np.nonzero(allowed)
    found = [u[i].min(), u[j].min(), (u[i] + u[j]).min(), np.abs(u[i] - u[j]).max()]
    assert np.all(found[:3] >= values[:3]) and found[3] <= values[3]
    np.testing.assert_allclose(found, values, atol=0.4)  # twice the step


def test_critical_noise_is_where_local_nash_equilibria_vanish(computed):
    data = computed("baskerville2021gan-7")
    kappa = 0.9
    critical = nash.critical_noise(3, 3, kappa)
    rate = [nash.nash_complexity(3, 3, s, kappa) for s in (0.9 * critical, critical, 1.1 * critical)]
    assert rate[0] > 0 > rate[2] and rate[1] == pytest.approx(0, abs=1e-10)
    assert nash.nash_complexity(3, 3, 0.001, kappa) == pytest.approx(0.012044601284, abs=1e-12)
    for p, q in nash.PAIRS:
        assert np.all(np.diff(data[f"nash {p} {q}"]) <= 1e-10)  # noise only hurts
        assert np.all(data[f"critical {p} {q}"] > 0)


def test_three_ways_to_count_agree(computed):
    data = computed("baskerville2021gan-8")
    exact = data["exact 2"]
    for way in ("counted 2", "sampled 2"):
        mean, error = data[way].T
        assert np.all(np.abs(mean - exact) < 4 * error), way
    difference = data["counted 3"] - data["sampled 3"] * [1, 0]
    assert np.all(np.abs(difference[:, 0]) < 4 * np.hypot(data["counted 3"][:, 1], data["sampled 3"][:, 1]))


def test_two_circles_without_a_common_field_are_two_pure_glasses():
    # 2 sqrt(3p - 2) critical points on a circle, half of them minima; the coupling by sigma_z only scales
    game = sg.SphericalGame([0.5, 0.5], [{(3, 0): 1}, {(0, 4): 1}], [[1, 0], [0, 1]], [[0], [1]])
    np.testing.assert_allclose(counted.on_two_circles(game), np.full(4, np.sqrt(7.0 * 10.0)), rtol=1e-9)


# -- the other papers ----------------------------------------------------------------------------------------------


def test_opponents_find_no_rest_and_partners_do(computed):
    data = computed("games-1")
    table = {-1: -0.624470132, -0.5: -0.181747226, 0: 0.0088055918, 0.5: 0.1022275072, 1: 0.1585995018}
    total, nash_rates = data["rates"].T
    for rho, value in table.items():
        (i,) = np.flatnonzero(np.isclose(data["rho"], rho))
        assert nash_rates[i] == pytest.approx(value, abs=1e-9)
    np.testing.assert_allclose(total, 0.3354404501615, atol=1e-12)
    for kappa, rho in zip(data["kappa"][::6], data["critical rho"][::6], strict=True):
        assert sg.complexity(games.correlated(rho, kappa)).total(index=(0, 0)) == pytest.approx(0, abs=1e-9)
    assert len(data["rho counted"]) > 3
    for i in range(len(data["rho counted"])):
        (counted_mean, e), (sampled_mean, f) = data[f"counted {i}"], data[f"sampled {i}"]
        assert abs(counted_mean - sampled_mean) < 4 * np.hypot(e, f)


def test_finite_games_are_extrapolated_to_their_limit(computed):
    data = computed("games-1")
    limits = [*data["limits"][:, 1], data["limits"][0, 0]]
    assert len(limits) == len(games.LADDER) + 1
    for i, limit in enumerate(limits):
        (sigma, _, _), error = games.fitted(data, i)
        assert abs(sigma - limit) < 4 * error < 0.12
        _, sizes, log_means, errors, _ = games.ladder(data, i)
        rates = log_means / sizes
        if i < len(games.LADDER):
            assert np.all(np.diff(rates[sizes >= games.LEAST]) < 0) and rates[-1] > limit + 0.01
            # without the powers of the edge the fit to opponents misses the limit
            (blind, _, _), spread = games.extrapolated(*(x[sizes >= 10] for x in (sizes, log_means, errors)))
            assert i > 0 or abs(blind - limit) > 4 * spread


@pytest.mark.parametrize("rho", [-1.0, -0.5, 0.0, 1.0])
def test_the_edges_of_both_players_hold_the_supremum(rho):
    """At the edges the exponent is the complexity of local Nash equilibria, and its slopes point beyond."""
    game = games.correlated(rho)
    local = game.local_law()
    shifts, exponent = local.edges, LogDeterminant(local)
    height = exponent(shifts[None])[0] - 0.5 * shifts @ np.linalg.inv(local.shifts @ local.shifts.T) @ shifts
    constant = 0.5 - 0.5 * np.sum(local.fractions * np.log(local.fractions * local.gradient_variance))
    assert height + constant == pytest.approx(sg.complexity(game).total(index=(0, 0)), abs=1e-9)
    root, fourth = games.edge_powers(rho)
    assert root > 0 > fourth


def test_a_fit_finds_the_rate_and_its_error():
    sizes, errors = np.array([10.0, 20, 40, 80]), np.array([0.1, 0.2, 0.1, 0.3])
    powers = (0.7, -0.4)
    exact = 0.25 * sizes + 0.7 * sizes**0.5 - 0.4 * sizes**0.25 + 1.5 * np.log(sizes) - 2
    (sigma, b, c), error = games.extrapolated(sizes, exact, errors, powers)
    np.testing.assert_allclose([sigma, b, c], [0.25, 1.5, -2], atol=1e-11)
    noise = np.random.default_rng(1).standard_normal((4000, 4)) * errors
    found = [games.extrapolated(sizes, exact + e, errors, powers)[0][0] for e in noise]
    assert np.std(found) == pytest.approx(error, rel=0.05)


@pytest.mark.parametrize(("rates", "zero"), [((-1, -0.5), None), ((0.5, 1), None), ((-1, 3), -0.5), ((2, -2), 0.0)])
def test_a_critical_correlation_is_a_change_of_sign(monkeypatch, rates, zero):
    class Linear:
        def __init__(self, game):
            self.rho = game.losses[1][0]

        def total(self, index):
            return rates[0] + (rates[1] - rates[0]) * (self.rho + 1) / 2

    monkeypatch.setattr(games, "complexity", Linear)
    found = games.critical_correlation(0.3)
    assert np.isnan(found) if zero is None else found == pytest.approx(zero, abs=1e-9)


def test_the_error_of_counted_games_is_that_of_a_mean(monkeypatch):
    """One and three local Nash equilibria in two draws: 2 +- 1."""
    tables = iter(([[0, 0], [1, 0]], [[0, 0], [0, 0], [0, 0], [0, 1]]))
    monkeypatch.setattr(games, "critical_points", lambda draw, proof: SimpleNamespace(index=np.array(next(tables))))
    np.testing.assert_allclose(games.counted(0.3, 2), [np.log(2), 0.5], rtol=1e-12)


def test_growth_rates_are_those_beyond_the_two_points_that_always_are(computed):
    data = computed("fyodorov2013-1")
    figure = figures.recipe("fyodorov2013-1").figure(data)
    left, right = ({line.get_label(): line for line in ax.lines} for ax in figure.axes[:2])
    for n in (2, 3, 5, 10, 20, 50):
        logs = data[f"log count {n}"]
        np.testing.assert_allclose(left[f"$N = {n}$"].get_ydata(), np.exp(logs))
        np.testing.assert_allclose(right[f"$N = {n}$"].get_ydata(), (logs - np.log(2)) / n, atol=1e-15)
        assert right[f"$N = {n}$"].get_ydata()[-1] < 0.05
    np.testing.assert_array_equal(right[r"$N = \infty$"].get_ydata(), data["complexity"])
    plt.close(figure)


def test_a_balanced_field_leaves_twice_as_many_points_as_dimensions(computed):
    data = computed("fyodorov2013-1")
    (balanced,) = np.flatnonzero(data["s"] == 3)
    for n in (2, 3, 5, 10, 20, 50):
        logs = data[f"log count {n}"]
        assert logs[balanced] == pytest.approx(np.log(2 * n), abs=1e-12)
        assert np.all(np.diff(logs) <= 1e-12) and np.all(logs >= np.log(2) - 1e-12)
    assert np.all(np.abs(data["complexity"][data["s"] >= 3]) < 1e-14) and np.all(data["complexity"][data["s"] < 3] > 0)


def test_a_spike_is_found_from_the_critical_strength_on(computed):
    data = computed("bmmn2019-1")
    assert data["critical"] == pytest.approx(0.816496580927726, abs=1e-14)
    assert np.log(2) / 2 - 1e-3 < data["rate 0.5"].max() <= np.log(2) / 2 + 1e-12
    weak = data["lambda"] < data["critical"]
    np.testing.assert_allclose(data["band all"][weak, 1], np.sqrt(0.5), rtol=1e-12)
    assert data["spike"][0] == pytest.approx(np.sqrt(0.5), abs=1e-5)  # born at the edge of the band
    edge = np.interp(data["lambda above"], data["lambda"], data["band all"][:, 1])
    assert np.all(data["spike"][1:] > edge[1:])  # and apart from it then


def test_the_marked_optimum_is_a_maximum_of_the_rate_of_maxima(computed):
    data = computed("bmmn2019-1")
    assert "optimum 0.5" not in data
    for lam in (1.0, 1.5):
        m, x = data[f"optimum {lam:g}"]
        model = sg.spiked(3, lam)
        assert model.rate(m, x, maxima=True) == pytest.approx(0, abs=1e-12)
        around = [(m + 1e-3, x), (m - 1e-3, x), (m, x + 1e-3), (m, x - 1e-3)]
        assert all(model.rate(*place, maxima=True) < 0 for place in around)
        assert data["band maxima"][:, 1].max() < m


def test_pairs_are_independent_between_the_ground_state_and_the_threshold(computed):
    data = computed("subag2017-1")
    middle = len(data["r"]) // 2
    np.testing.assert_allclose(data["psi"][:, middle], data["twice theta"], atol=1e-12)
    assert sg.second_moment(3, 0.3, -1.64, -1.64) == pytest.approx(0.009651489093424395, abs=1e-15)
    u = data["u supremum"]
    assert np.all(np.abs(data["excess"][(u > data["lowest"]) & (u < data["threshold"])]) < 1e-14)
    assert data["excess"][0] > 0.005  # below the ground state the mean is not typical


def test_a_strong_parabola_leaves_one_point(computed):
    data = computed("baskerville2022universal-3")
    strong = data["m"] >= 1
    assert np.all(data["total"][strong] == 0) and np.all(data["total"][~strong] > data["minima"][~strong])
    (half,) = np.flatnonzero(np.isclose(data["m"], 0.5))
    assert np.exp(2 * data["finite 2"][half]) == pytest.approx(5.249503123621212, rel=1e-12)
    gaps = np.array([data[f"finite {n}"] - data["total"] for n in (2, 5, 10, 50, 200)])
    assert np.all(gaps > 0) and np.all(np.diff(gaps, axis=0) < 0)
