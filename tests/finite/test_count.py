"""Exact mean counts on one sphere: published values, direct Kac-Rice integrals, theorems, arithmetics."""

import itertools
import time

import numpy as np
import pytest
from scipy.integrate import dblquad, quad
from scipy.stats import chi as chi_law

import spinglass as sg
from spinglass.finite.count import exact_log_count, log_total
from spinglass.finite.eigenpairs import real_eigenpairs
from spinglass.spectra.goe import determinant as goe

INF = np.inf
TWO_FIELDS = sg.SphericalGame(fractions=[1], fields=[{3: 1.0}, {4: 0.5, 1: 0.2}], losses=[[0.7, -1.3]], players=[[0]])
GAMES = {
    "pure 3": sg.pure(3),
    "mixed": sg.mixed({3: 0.5, 4: 0.5}),
    "in a field": sg.mixed({1: 2.0, 3: 1.0}),
    "far apart": sg.mixed({2: 1.0, 16: 0.25}),
    "nearly pure": sg.mixed({3: 1.0, 4: 1e-9}),
    "two fields": TWO_FIELDS,
}
each_game = pytest.mark.parametrize("game", GAMES.values(), ids=GAMES.keys())


def count(*args):
    return np.exp(exact_log_count(*args))


def normal(x, variance):
    return np.exp(-0.5 * x * x / variance) / np.sqrt(2 * np.pi * variance)


@pytest.mark.parametrize(
    "game, n, published, error",
    [
        (sg.pure(3), 3, 2 * 5.2761798705988, 2e-13),
        (sg.pure(3), 4, 2 * 9.3951169005151, 2e-13),
        (sg.pure(3), 5, 2 * 15.748457104718, 2e-12),
        (sg.pure(3), 6, 2 * 25.436568258625, 2e-12),
        (sg.pure(6), 4, 66.75, 1e-13),
        (sg.mixed({3: 1, 1: 0.5}), 2, 4.956957592256421, 2e-15),
        (sg.mixed({3: 1, 1: 3}), 2, 4, 2e-15),
        (sg.mixed({3: 1, 1: 10}), 2, 3.088439984597651, 2e-15),
    ],
)
def test_published_totals(game, n, published, error):
    assert count(game, n) == pytest.approx(published, abs=error * 4)
    digits = exact_log_count(game, n, ar=sg.mp(30))
    assert float(digits) == pytest.approx(published, abs=error * 4)


@pytest.mark.parametrize("game", [sg.mixed({3: 1.3}), sg.mixed({2: 0.5, 4: 1.0}), sg.mixed({1: 1.5, 3: 0.4})])
@pytest.mark.parametrize("window", [(-INF, INF), (-INF, -0.8), (-0.6, 0.5), (1.0, 1.5)])
def test_circle_against_a_direct_integral(game, window):
    # N = 2: one angle; value and second derivative are normals of a given covariance, independent of the derivative
    terms = game.fields[0]
    v0, x1, x2 = (sum(c * w(e) for (e,), c in terms) for w in (lambda p: 1, lambda p: p, lambda p: p * (p - 1)))
    fourth, cross = 3 * x2 + x1, -x1  # of xi(cos t) at t = 0: E f''^2 and E f f''
    slope, rest = cross / v0, fourth - cross**2 / v0

    def given(value):
        mean, s = slope * value, np.sqrt(max(rest, 1e-300))
        from scipy.special import erf

        return (2 * s * s * normal(mean, s * s) + mean * erf(mean / (s * np.sqrt(2)))) * normal(value, v0)

    low, high = (np.clip(end * np.sqrt(2), -12 * np.sqrt(v0), 12 * np.sqrt(v0)) for end in window)
    cuts = [low, 0.0, high] if low < 0 < high else [low, high]
    area = sum(quad(given, a, b, epsabs=1e-13)[0] for a, b in itertools.pairwise(cuts))
    direct = 2 * np.pi / np.sqrt(2 * np.pi * x1) * area
    assert count(game, 2, window) == pytest.approx(direct, rel=1e-9)


def test_sphere_against_a_direct_integral():
    # N = 3, xi = q^3/2 + q^2: E|det| of a 2x2 Hessian at shift d by its joint eigenvalue law, conditioned on the value
    game = sg.mixed({3: 0.5, 2: 1.0})
    v0, x1, x2 = 1.5, 3.5, 5.0

    def at_shift(d, value):
        # eigenvalues m + r, m - r plus d: m of variance x2, r Rayleigh with E r^2 = 2 x2
        def over(m):
            kink, top = abs(m + d), abs(m + d) + 9 * np.sqrt(x2)
            return normal(m, x2) * sum(
                quad(lambda r: abs((m + d) ** 2 - r * r) * r / x2 * np.exp(-0.5 * r * r / x2), a, b)[0]
                for a, b in ((0, kink), (kink, top))
            )

        return quad(over, -8 * np.sqrt(x2) - abs(d), 8 * np.sqrt(x2) + abs(d), limit=200, points=[-d])[0]

    shifts = np.linspace(-24, 24, 97)
    table = np.array([at_shift(d, 0.0) for d in shifts[48:]])
    table = np.concatenate([table[:0:-1], table])
    variance = x1 + x2 - x1**2 / v0
    values, weights = np.polynomial.legendre.leggauss(24)
    for window in (-1.9, -1.1), (-0.4, 0.9):
        low, high = (end * np.sqrt(3) for end in window)
        places, lengths = 0.5 * (low + high) + 0.5 * (high - low) * values, 0.5 * (high - low) * weights
        inner = [np.sum(table * normal(shifts + x1 / v0 * v, variance)) * (shifts[1] - shifts[0]) for v in places]
        direct = 4 * np.pi / (2 * np.pi * x1) * np.sum(lengths * normal(places, v0) * inner)
        assert count(game, 3, window) == pytest.approx(direct, rel=1e-6)


def test_a_double_integral_over_value_and_shift():
    game, n, window = GAMES["mixed"], 9, (-1.4, -0.9)
    v0, x1, x2 = 1.0, 3.5, 9.0
    inverse = np.linalg.inv([[v0, x1], [x1, x1 + x2]])
    constant = np.log(2) + 0.5 * n * np.log(np.pi) - sum(np.log(np.arange(0.5, n / 2))) - 0.5 * np.log(np.pi)
    constant += (
        0.5 * (n - 1) * np.log(2 * x2 / (2 * np.pi * x1)) + 0.5 * np.log(np.linalg.det(inverse)) - np.log(2 * np.pi)
    )

    def integrand(r, u):
        f = np.array([u * np.sqrt(n), r])
        return np.exp(constant + goe.log_mean_abs_det(n - 1, r / np.sqrt(2 * x2)) - 0.5 * f @ inverse @ f)

    direct = dblquad(integrand, *window, -24, 12, epsrel=1e-9)[0] * np.sqrt(n)
    assert count(game, n, window) == pytest.approx(direct, rel=1e-8)


@pytest.mark.parametrize("game", [sg.pure(2), sg.mixed({1: 3.0, 3: 1.0})])
@pytest.mark.parametrize("n", [2, 3, 17, 400, 2000])
def test_exactly_two_n_where_both_derivatives_agree(game, n):
    assert exact_log_count(game, n) == pytest.approx(np.log(2 * n), abs=1e-12)
    assert exact_log_count(game, n, ar=sg.mp(25)) == 2 * n if n < 100 else True


def test_topology_trivialises_in_a_strong_field():
    counts = [count(sg.mixed({1: s, 3: 1.0}), 12) for s in (0.1, 1.0, 3.0, 10.0, 30.0, 1e3, 1e6, 1e12)]
    assert np.all(np.diff(counts[:6]) < 0) and counts[-1] == pytest.approx(2, abs=1e-10)
    assert exact_log_count(sg.mixed({1: 30.0, 3: 1.0}), 2000) == pytest.approx(np.log(2), abs=1e-10)
    linear = sg.SphericalGame(fractions=[1], fields=[{1: 2.0}], losses=[[1]], players=[[0]])
    assert count(linear, 5) == pytest.approx(2) and count(linear, 5, (-INF, 0)) == pytest.approx(1)
    assert count(linear, 5, None, 0) == pytest.approx(1) and count(linear, 5, None, 2) == 0
    assert count(linear, 5, (-1.3, 0.4)) == pytest.approx(chi(1.3) + chi(0.4))


@pytest.mark.parametrize("n", [2, 5])
def test_a_linear_field_has_its_minimum_below_and_its_maximum_above(n):
    """u is minus or plus the length of a Gaussian vector: the minimum has the index 0, the maximum n - 1."""
    linear = sg.SphericalGame(fractions=[1], fields=[{1: 2.0}], losses=[[1]], players=[[0]])
    size = chi_law(df=n, scale=np.sqrt(2 / n))
    for low, high in ((-INF, INF), (-1.3, 0.4), (-2.0, -0.5), (0.25, 1.5), (-INF, 1.0), (-0.1, INF)):
        sides = {0: (max(-high, 0), max(-low, 0)), n - 1: (max(low, 0), max(high, 0))}
        parts = {k: size.cdf(b) - size.cdf(a) for k, (a, b) in sides.items()}
        window = None if high - low == INF and low + high != low + high else (low, high)
        for k in range(n):
            for value in (count(linear, n, window, k), float(exact_log_count(linear, n, window, k, sg.mp(20)))):
                assert value == pytest.approx(parts.get(k, 0.0), rel=1e-9, abs=0)
        assert count(linear, n, window) == pytest.approx(sum(parts.values()), rel=1e-9)


def chi(u):
    return quad(lambda t: t**4 * np.exp(-0.5 * t * t) * np.sqrt(2 / np.pi) / 3, 0, u * np.sqrt(5 / 2))[0]


@each_game
@pytest.mark.parametrize("n", [2, 7, 40, 200, 1001])
def test_windows_add_up_to_the_closed_total(game, n):
    cuts = [-INF, -1.8, -1.6, -1.0, -0.9999, 0.3, 1.2, INF]
    parts = [exact_log_count(game, n, pair) for pair in itertools.pairwise(cuts)]
    total = exact_log_count(game, n)
    assert np.logaddexp.reduce(parts) == pytest.approx(total, abs=1e-12)
    if n <= 200:
        assert float(sg.mp(30).log(exact_log_count(game, n, ar=sg.mp(30)))) == pytest.approx(total, abs=1e-12)
    if game is GAMES["pure 3"]:
        assert total == pytest.approx(log_total(n, 2.0), abs=1e-12)


@each_game
@pytest.mark.parametrize("window", [(-1.7, -1.6), (-INF, -0.3), (0.2, 0.2 + 1e-6), (4.0, 4.5)])
def test_float64_agrees_with_digits_in_windows(game, window):
    for n in (2, 11, 30) if window[0] == -1.7 else (2, 11):
        digits = sg.mp(25).log(exact_log_count(game, n, window, ar=sg.mp(25)))
        assert exact_log_count(game, n, window) == pytest.approx(
            float(digits), abs=1e-11 if game.fields[0][-1][1] == 1e-9 else 1e-12
        )


def test_two_precisions_agree_to_the_digits_of_the_lower_one():
    for game in (GAMES["pure 3"], GAMES["mixed"]):
        low, high = (exact_log_count(game, 12, (-1.7, 0.4), ar=sg.mp(digits)) for digits in (30, 60))
        assert abs(low / high - 1) < 1e-29


def test_fifty_digits_at_one_hundred_dimensions_in_time():
    start = time.perf_counter()
    below, above = (exact_log_count(sg.pure(3), 100, w, ar=sg.mp(50)) for w in ((-INF, -1.6), (-1.6, INF)))
    total = exact_log_count(sg.pure(3), 100, ar=sg.mp(50))
    assert time.perf_counter() - start < 10
    assert abs((below + above) / total - 1) < 1e-48
    assert abs(total / (2 * real_eigenpairs(100, 3, sg.mp(50))) - 1) < 1e-48


@each_game
def test_balls_contain_the_digits(game):
    for n, window in ((2, (-1.7, -1.5)), (8, (-INF, -0.65)), (7, None)):
        ball = exact_log_count(game, n, window, ar=sg.balls(30))
        number = exact_log_count(game, n, window, ar=sg.mp(60))
        with sg.balls(60).precision():
            assert abs(ball - sg.balls(60).number(str(number))) < ball.rad() * 2 + abs(ball) * 1e-57
            assert float(ball.rad() / ball.mid()) < 1e-30


def test_large_dimensions_in_time_and_near_the_rate():
    for name, rate in (("pure 3", 0.5 * np.log(2)), ("mixed", 0.47223080442043)):
        start = time.perf_counter()
        values = np.array([exact_log_count(GAMES[name], n) for n in (500, 1000, 2000)])
        assert time.perf_counter() - start < 3
        errors = values - rate * np.array([500, 1000, 2000])
        assert np.diff(errors) == pytest.approx(0.5 * np.log(2), abs=2e-3)  # the count is const sqrt(N) e^(N rate)
    complexity = sg.complexity(sg.pure(3))
    values = [exact_log_count(sg.pure(3), n, (-INF, -1.7)) / n - complexity.below(-1.7) for n in (500, 1000, 2000)]
    assert abs(values[2]) < 0.01 and abs(values[1] / values[2]) == pytest.approx(2, rel=0.25)
    assert np.isfinite(exact_log_count(GAMES["mixed"], 2000, (-50, -40)))


@pytest.mark.parametrize("name", ["pure 3", "mixed"])
def test_indices_add_up(name):
    pytest.importorskip("spinglass.spectra.goe.index")
    for n, window in ((3, None), (4, (-1.5, 0.2)), (6, (-INF, -0.9))):
        parts = [exact_log_count(GAMES[name], n, window, k) for k in range(n)]
        assert np.logaddexp.reduce(parts) == pytest.approx(exact_log_count(GAMES[name], n, window), abs=1e-12)


def test_by_index_published():
    pytest.importorskip("spinglass.spectra.goe.index")
    for p, values in ((3, (3.13808993529935, 4.27617987059879)), (4, (4.286335345031, 6.572670690062))):
        for k, value in enumerate(values):
            assert count(sg.pure(p), 3, None, k) == pytest.approx(value, rel=1e-12)
    for p, u, value in (
        (3, -1.2, 0.414073117583937276),
        (3, -0.3, 1.77856609896940126),
        (3, 0.5, 2.54771291296088257),
        (4, -1.2, 0.479558265699055043),
    ):
        assert count(sg.pure(p), 2, (-INF, u), 0) == pytest.approx(value, rel=1e-13)


def test_symbols_give_the_exact_total():
    import sympy

    assert exact_log_count(sg.pure(6), 4, ar=sg.symbols) == sympy.Rational(267, 4)
    with pytest.raises(NotImplementedError, match="closed form"):
        exact_log_count(sg.pure(3), 4, (-1, 1), ar=sg.symbols)


@pytest.mark.parametrize("index", [None, 1, "each"])
@pytest.mark.parametrize("small", [1e-12, 1e-20, 1e-32, 1e-100, 1e-300])
def test_densities_of_nearly_pure_mixtures_meet_those_of_the_pure_model(small, index):
    u = [-1.5, -1.0, -0.5, 0.3]
    got, pure = (sg.count_density(model, 5, u, index) for model in (sg.mixed({3: 1.0, 4: small}), sg.pure(3)))
    np.testing.assert_allclose(got, pure, rtol=0, atol=1e-12 + 100 * small)  # the models differ by some 40 small
    if small > 1e-30 and index is None:
        expected = sg.count_density(sg.mixed({3: 1.0, 4: small}), 5, u[1], arithmetic=sg.mp(20))
        assert got[1] == pytest.approx(float(expected), abs=1e-13)
    elif small < 1e-30:
        with pytest.raises(ValueError, match="arithmetic: expected None for the density of a mixture this nearly pure"):
            sg.count_density(sg.mixed({3: 1.0, 4: small}), 5, u[1], index, arithmetic=sg.mp(20))


@pytest.mark.parametrize("terms", [{3: 1.0}, {3: 1.0, 4: 1.0}, {1: 1.0, 3: 1.0}, {1: 1.0}], ids=str)
def test_counts_do_not_depend_on_the_units_of_energy(terms):
    def counts(unit):
        """Return logarithms of counts, counts with digits, and densities, all in the unit."""
        fields, weight = [{p: float(c * unit) for p, c in terms.items()}], unit**0.5
        game = sg.SphericalGame([1], fields, [[weight]], [[0]])
        windows = [(low * unit, high * unit) for low, high in ((-1.0, -0.3), (-1.0, -0.99))]
        logs = [exact_log_count(game, 4, window, index) for window in windows for index in (None, 0)]
        arithmetics = [sg.mp(20), sg.balls(20)] if terms.keys() != {1} else [sg.mp(20)]
        digits = [exact_log_count(game, 4, window, ar=ar) for window in windows for ar in arithmetics]
        places = np.array([-unit, 0.2 * unit, 1e160 if unit == 1 else 1e306])
        densities = sg.count_density(game, 4, places) + np.log(unit)
        cumulative = sg.count_density(game, 4, places, cumulative=True)
        return [*logs, exact_log_count(game, 4)], digits, densities, cumulative

    logs, digits, densities, cumulative = counts(1.0)
    for power in -500, 500:
        other = counts(2.0**power)
        assert other[0] == pytest.approx(logs, abs=1e-12)
        assert all(abs(got / expected - 1) < 1e-18 for got, expected in zip(other[1], digits, strict=True))
        assert other[2] == pytest.approx(densities, abs=1e-11) and other[3] == pytest.approx(cumulative, abs=1e-11)


@pytest.mark.parametrize(
    "args, error, match",
    [
        ((sg.mixed({1: 1.0, 3: 1e-305}), 4), ValueError, "expected xi''.1./xi'.1. to be 0 or at least 1e-300"),
        ((sg.pure(3), 1), ValueError, "at least 2"),
        ((sg.pure(3), 4, (1.0, -1.0)), ValueError, "lo < hi"),
        ((sg.pure(3), 4, (np.nan, 1.0)), ValueError, "lo < hi"),
        ((sg.pure(3), 4, (1.0, 1.0)), ValueError, "lo < hi"),
        ((sg.pure(3), 4, (1.0, 2.0, 3.0)), ValueError, "one window"),
        ((sg.pure(3), 4, None, 4), ValueError, "at most N - 1"),
        ((sg.pure(3), 4, None, -1), ValueError, "at least 0"),
        ((sg.bipartite(2, 2, kappa=0.5), 4), NotImplementedError, "montecarlo"),
    ],
)
def test_refusals(args, error, match):
    with pytest.raises(error, match=match):
        exact_log_count(*args)


@pytest.mark.parametrize("part", [1e-14, 1e-20, 1e-26])
@pytest.mark.parametrize("window", [(-INF, -3.0), (0.5, 0.7), (-1e3, -50.0)])
def test_windows_of_a_nearly_pure_mixture_are_those_of_the_pure_model(part, window):
    """Beyond an end of the window the integrand lives on a width of sqrt(part), which the search must not step over."""
    for index in (None, 1):
        pure = exact_log_count(sg.pure(3), 10, window, index)
        assert exact_log_count(sg.mixed({3: 1.0, 4: part}), 10, window, index) == pytest.approx(
            pure, rel=1e-8, abs=1e-8
        )


@pytest.mark.parametrize(("arithmetic", "least"), [(None, 1e-15), (sg.mp(20), 1e-30)])
def test_densities_of_nearly_linear_fields_are_right_or_refused(arithmetic, least):
    want = sg.count_density(sg.mixed({1: 1.0, 2: 1e-9}), 5, -1.0)  # the linear field's but for 1e-9
    got = sg.count_density(sg.mixed({1: 1.0, 2: least}), 5, -1.0, arithmetic=arithmetic)
    assert abs(float(got) - want) < 1e-8
    with pytest.raises(ValueError, match="all but linear"):
        sg.count_density(sg.mixed({1: 1.0, 2: least / 10}), 5, -1.0, arithmetic=arithmetic)


@pytest.mark.parametrize("index", [None, 0])
@pytest.mark.parametrize("end", [1e-98, 1e-20, 1e-15])
def test_a_window_may_end_next_to_zero(end, index):
    for window, whole in (((-end, 3.0), (0.0, 3.0)), ((-3.0, end), (-3.0, 0.0))):
        found = sg.mean_count(sg.pure(3), 5, window, index).mean
        assert found == pytest.approx(sg.mean_count(sg.pure(3), 5, whole, index).mean, rel=1e-13, abs=1e-13)
