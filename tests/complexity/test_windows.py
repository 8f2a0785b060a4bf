"""Rates at or above energies and in windows of them, highest energies: against grids, reflections and finite counts."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg

SPHERES = {
    "pure": sg.pure(3),
    "quadratic": sg.pure(2),
    "pure-like": sg.mixed({3: 0.5, 4: 0.5}),
    "full": sg.mixed({3: Fraction(16, 17), 16: Fraction(1, 17)}),
    "field": sg.mixed({1: 0.3, 3: 1.0}),
    "trivial": sg.mixed({1: 5.0, 3: 0.1}),
    "critical": sg.mixed({1: 3.0, 3: 1.0}),
}
GAN = sg.gan(p=3, q=2, sigma_z=0.5, kappa=0.6)
XI = {(2, 1): 1.0, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
CORRELATED = sg.SphericalGame([0.4, 0.6], [XI, XI], [[1.0, 0.0], [0.5, 0.75**0.5]], [[0], [1]])


def size(model):
    return float(np.sqrt(model.local_law().loss_covariance[0, 0]))


@pytest.mark.parametrize("index", [None, 0, 3])
@pytest.mark.parametrize("name", SPHERES)
def test_one_sphere_against_the_largest_rate_on_a_grid(name, index):
    c = sg.complexity(SPHERES[name])
    grid = np.linspace(-3, 3, 3001) * size(SPHERES[name])
    rates = c(grid, index=index)
    peak = c.typical_energy(index=index)
    # the largest rates that a grid shows, with the places where it may be attained between its points
    tops = {e: c(e, index=index) for e in (peak, -peak, c.threshold_energy) if c(e, index=index) > -np.inf}
    for low, high in np.sort(np.random.default_rng(1).choice(grid, (60, 2)), axis=1):
        seen = [rates[(grid >= low) & (grid <= high)].max(), *(h for e, h in tops.items() if low <= e <= high)]
        assert c.within((low, high), index=index) == pytest.approx(max(seen), abs=1e-12)
        assert c.above(low, index=index) == pytest.approx(c.within((low, np.inf), index=index), abs=1e-14)
        assert c.below(high, index=index) == pytest.approx(c.within((-np.inf, high), index=index), abs=1e-14)


@pytest.mark.parametrize("name", SPHERES)
def test_the_limits_of_windows(name):
    c = sg.complexity(SPHERES[name])
    for index in (None, 0, 2):
        assert c.above(-np.inf, index=index) == c.within((-np.inf, np.inf), index=index) == c.total(index=index)
        assert c.above(np.inf, index=index) == c.within((np.inf, np.inf), index=index) == -np.inf
        u = np.linspace(-2, 2, 41) * size(SPHERES[name])
        np.testing.assert_allclose(c.within((u, u), index=index), c(u, index=index), atol=1e-12)
    shape = c.within((u[:, None] - 100, u + 100), index=0).shape
    assert shape == (41, 41)
    pairs = [(-1.8, -1.7), (-1.7, -1.6), (-1.6, -1.5)]  # several windows, as sg.mean_count takes them
    want = [c.within(pair, index=0) for pair in pairs]
    np.testing.assert_array_equal(c.within(pairs, index=0), want)
    np.testing.assert_array_equal(c.within(np.array(pairs), index=0), want)
    np.testing.assert_array_equal(c.within([list(pair) for pair in pairs[:2]], index=0), want[:2])


@pytest.mark.parametrize("name", [name for name in SPHERES if name not in ("pure", "quadratic")])
def test_fractions_from_above_are_those_from_below_turned_round(name):
    c = sg.complexity(SPHERES[name])
    u = np.linspace(-2, 2, 31) * size(SPHERES[name])
    for alpha in (0.1, 0.5, 0.8):
        turned = c.below(-u, fraction=1 - alpha)
        np.testing.assert_allclose(c.above(u, fraction=alpha), turned, atol=1e-12)
        np.testing.assert_allclose(
            c.within((u, u + 0.4), fraction=alpha),
            np.minimum(c.above(u, fraction=alpha), c.below(u + 0.4, fraction=alpha)),
        )


@pytest.mark.parametrize("name", SPHERES)
def test_the_highest_energy_is_where_the_rate_ends(name):
    c, step = sg.complexity(SPHERES[name]), 1e-6 * size(SPHERES[name])
    assert c.highest_energy() == -c.lowest_energy()
    for index in (0, 2):
        highest = c.highest_energy(index=index)
        if highest == -np.inf:
            assert c.total(index=index) < 0 and c.lowest_energy(index=index) == np.inf
            continue
        assert c.lowest_energy(index=index) <= highest + 1e-15
        assert abs(c(highest, index=index)) < 1e-12 or c(highest + step, index=index) == -np.inf
        assert c(highest + step, index=index) < 0
        assert c.lowest_energy(loss=[-2.0], index=index) == -2 * highest


def test_the_highest_minima_are_a_closed_form_in_every_arithmetic():
    model = sg.mixed({3: Fraction(1, 2), 4: Fraction(1, 2)})
    c = sg.complexity(model)
    exact = c.highest_energy(index=0, arithmetic=sg.symbols)
    assert isinstance(exact, sympy.Expr) and c.highest_energy(index=7) == c.highest_energy(index=0)
    assert abs(float(exact.evalf(30)) - c.highest_energy(index=0)) < 1e-15
    digits = c.highest_energy(index=0, arithmetic=sg.mp(90))
    assert abs(digits - sg.mp(90).number(str(exact.evalf(100)))) < 1e-88
    ball = c.highest_energy(index=0, arithmetic=sg.balls(40))
    with sg.balls(80).precision():
        assert ball.contains(sg.balls(80).number(str(digits)))
    assert abs(c(digits, index=0, arithmetic=sg.mp(90))) < 1e-88


def test_a_landscape_upside_down_has_as_many_points_at_finite_n():
    model, n = SPHERES["pure-like"], 7
    for k, window in ((0, (-1.9, -1.5)), (2, (-1.4, -0.9)), (None, (0.3, 1.2))):
        turned = None if k is None else n - 1 - k
        other = sg.mean_count(model, n, energies=(-window[1], -window[0]), index=turned)
        assert sg.mean_count(model, n, energies=window, index=k).log_mean == pytest.approx(other.log_mean, abs=1e-10)


#: An index below the threshold energy, where the rate is reached without edges of spectra in between.
WINDOWS = [(0, (-2.1, -1.9)), (0, (-1.78, -1.74)), (None, (0.4, 0.9)), (None, (1.2, np.inf))]


@pytest.mark.parametrize(("index", "window"), WINDOWS)
def test_exact_counts_in_windows_grow_at_the_rate(index, window):
    c, sizes = sg.complexity(SPHERES["pure-like"]), np.array([25, 50, 100])
    logs = np.array([sg.mean_count(SPHERES["pure-like"], int(n), window, index).log_mean for n in sizes])
    # log E# = N Sigma + b log N + a: solved from three sizes
    rate = np.linalg.solve(np.stack([sizes, np.log(sizes), np.ones(3)], axis=1), logs)[0]
    assert rate == pytest.approx(c.within(window, index=index), abs=1e-2)


@pytest.mark.parametrize("model", [GAN, CORRELATED, sg.bipartite(2, 3, 0.4)])
def test_all_points_of_games_from_above_and_in_windows(model):
    c, n = sg.complexity(model), len(model.losses)
    spread = np.sqrt(np.diag(model.local_law().loss_covariance))
    u = np.random.default_rng(2).normal(size=(n, 12)) * spread[:, None]
    np.testing.assert_allclose(c.above(*u), c.below(*-u), atol=1e-12)
    v = u + np.random.default_rng(3).exponential(size=u.shape) * spread[:, None]
    turned = c.within(*zip(-v, -u, strict=True))
    np.testing.assert_allclose(c.within(*zip(u, v, strict=True)), turned, atol=1e-12)
    np.testing.assert_allclose(c.within(*zip(u, u, strict=True)), c(*u), atol=1e-9)
    assert c.within(*[(-np.inf, np.inf)] * n) == pytest.approx(c.total(), abs=1e-13)
    for loss in range(n):
        assert c.highest_energy(loss) == pytest.approx(-c.lowest_energy(loss), abs=1e-12)


@pytest.mark.parametrize(("model", "index"), [(GAN, None), (GAN, (0, 0)), (CORRELATED, (1, None))])
def test_windows_of_games_against_the_largest_rate_on_a_grid(model, index):
    c = sg.complexity(model)
    spread = np.sqrt(np.diag(model.local_law().loss_covariance))
    rng = np.random.default_rng(4)
    for _ in range(2):
        low = rng.normal(size=2) * spread
        high = low + rng.exponential(size=2) * spread
        first, second = (np.linspace(a, b, 11) for a, b in zip(low, high, strict=True))
        best = -np.inf
        for _ in range(2):  # once more about the best place
            rates = c(first[:, None], second[None, :], index=index)
            best = max(best, rates.max())
            cells = zip((first, second), np.unravel_index(rates.argmax(), rates.shape), strict=True)
            first, second = (np.linspace(x[max(i - 1, 0)], x[min(i + 1, 10)], 11) for x, i in cells)
        rate = c.within((low[0], high[0]), (low[1], high[1]), index=index)
        if best == -np.inf:
            continue
        assert best <= rate + 1e-10
        assert rate <= best + 0.02 * (1 + abs(best))  # the grid is coarse
        assert c.above(*low, index=index) >= rate - 1e-11 and c.below(*high, index=index) >= rate - 1e-11


def test_minima_of_a_player_of_several_species_from_above():
    one, two = sg.complexity(sg.pure(3)), sg.complexity(sg.bipartite(1, 2, kappa=1 / 3))  # the same function
    for u in (-1.64,):
        assert two.above(u, index=0) == pytest.approx(one.above(u, index=0), abs=1e-8)
        assert two.within((u - 0.1, u), index=0) == pytest.approx(one.within((u - 0.1, u), index=0), abs=1e-8)
    assert two.highest_energy(index=0) == pytest.approx(one.highest_energy(index=0), abs=1e-7)


@pytest.mark.parametrize("index", [None, (0, 0), (1, None)])
def test_windows_of_games_with_digits(index):
    c, ar = sg.complexity(GAN), sg.mp(30)
    windows = (-3.0, -1.0), (-0.5, np.inf)
    assert abs(c.within(*windows, index=index, arithmetic=ar) - c.within(*windows, index=index)) < 1e-11
    assert abs(c.above(-1.0, 0.5, index=index, arithmetic=ar) - c.above(-1.0, 0.5, index=index)) < 1e-11
    assert abs(c.highest_energy(1, index=None, arithmetic=ar) - c.highest_energy(1)) < 1e-11


def test_quenched_rates_from_above_and_in_windows():
    model = sg.mixed({3: 0.5, 16: 1 / 32})
    annealed, quenched = sg.complexity(model), sg.complexity(model, "quenched")
    grid = np.linspace(-1.32, -1.1, 23)
    for index in (None, 0):
        rates = quenched(grid, index=index)
        for low, high in ((0, 9), (5, 12), (11, 22)):
            found = quenched.within((grid[low], grid[high]), index=index)
            assert found >= rates[low : high + 1].max() - 1e-13
            assert found == pytest.approx(rates[low : high + 1].max(), abs=2e-3)
            assert found <= annealed.within((grid[low], grid[high]), index=index) + 1e-13
    np.testing.assert_allclose(quenched.above(-grid), quenched.below(grid), atol=1e-14)
    assert quenched.highest_energy() == -quenched.lowest_energy()
    with pytest.raises(NotImplementedError, match="no quenched formula"):
        quenched.highest_energy(index=0)


# -- arrays in every arithmetic ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ar", [sg.mp(30), sg.balls(30), sg.symbols])
def test_arrays_are_answered_one_by_one_in_every_arithmetic(ar):
    c, u = sg.complexity(SPHERES["pure-like"]), np.array([[-1.8, -1.7], [-1.65, 0.25]])
    for ask in (c, c.below, c.above):
        for index in (None, 1):
            got, want = ask(u, index=index, arithmetic=ar), ask(u, index=index)
            assert got.dtype == object and got.shape == u.shape
            np.testing.assert_allclose(got.astype(float) if ar is sg.symbols else _floats(got), want, atol=1e-13)
            one = ask(-1.7, index=index, arithmetic=ar)
            assert not isinstance(one, np.ndarray) and str(one) == str(got[0, 1])
    windows = c.within((u, [0.5, 0.6]), index=None, arithmetic=ar)
    np.testing.assert_allclose(_floats(windows), c.within((u, [0.5, 0.6])), atol=1e-13)
    assert c([], arithmetic=ar).shape == (0,) and c((-1.7,), arithmetic=ar).shape == (1,)


def _floats(array):
    return np.array([float(x) for x in array.flat]).reshape(array.shape)


def test_arrays_of_several_losses_broadcast_with_digits():
    c, ar = sg.complexity(GAN), sg.mp(20)
    u, v = [-1.0, 0.2], np.array([[0.5], [1.0], [np.inf]])
    got = c.below(u, v, arithmetic=ar)
    assert got.shape == (3, 2)
    np.testing.assert_allclose(_floats(got), c.below(u, v), atol=1e-12)
    np.testing.assert_allclose(_floats(c(-1.0, v, arithmetic=ar)), c(-1.0, v), atol=1e-12)


def test_numbers_of_the_arithmetic_keep_their_digits_in_arrays():
    c, ar = sg.complexity(sg.pure(3)), sg.mp(40)
    e = c.lowest_energy(index=0, arithmetic=ar)
    assert max(abs(x) for x in c([e, e], index=0, arithmetic=ar)) < 1e-38
    assert str(c([Fraction(-1, 3)], arithmetic=sg.symbols)[0]) == "-1/72 + log(2)/2"


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda c: c.within(-1.0), ValueError, "pair"),
        (lambda c: c.within((-1.0, -2.0)), ValueError, "lo <= hi"),
        (lambda c: c.within((-1.0, -2.0), arithmetic=sg.mp(20)), ValueError, "lo <= hi"),
        (lambda c: c.within((-1.0, 0.0, 1.0)), ValueError, "pair"),
        (lambda c: c.within(), ValueError, "1 pairs"),
        (lambda c: c.within((np.zeros(2), np.ones(3))), ValueError, "broadcast"),
        (lambda c: c.within(("a", 1.0)), TypeError, "windows"),
        (lambda c: c.within((np.nan, 1.0)), ValueError, "nan"),
        (lambda c: c.above(), ValueError, "expected 1"),
        (lambda c: c([[-1.0], [-1.0, 2.0]], arithmetic=sg.mp(20)), TypeError, "energies"),
        (lambda c: c(["-1.0"], arithmetic=sg.mp(20)), TypeError, "energies"),
        (lambda c: c(np.ma.masked_array([0.1, 0.2], [0, 1]), arithmetic=sg.mp(20)), TypeError, "masked"),
        (lambda c: c.below([0.1, np.nan], arithmetic=sg.mp(20)), ValueError, "nan"),
        (lambda c: c.highest_energy(loss=1), ValueError, "loss"),
        (lambda c: c.highest_energy(index=1.0), TypeError, "index"),
    ],
)
def test_what_makes_no_window_is_refused_in_one_line(call, error, expected):
    with pytest.raises(error, match=expected) as info:
        call(sg.complexity(SPHERES["pure-like"]))
    assert "\n" not in str(info.value)


# -- random models -----------------------------------------------------------------------------------------------------

COEFFICIENTS = st.dictionaries(st.integers(1, 9), st.floats(0.01, 100), min_size=1, max_size=4).filter(
    lambda d: max(d) > 1
)


@settings(max_examples=30, deadline=None)
@given(COEFFICIENTS, st.sampled_from([None, 0, 1, 12]), st.floats(-3, 3), st.floats(0, 3))
def test_windows_of_random_mixtures(coefficients, index, low, width):
    model = sg.mixed(coefficients)
    c = sg.complexity(model)
    low, high = low * size(model), (low + width) * size(model)
    rates = c(np.linspace(low, high, 201), index=index)
    got = c.within((low, high), index=index)
    assert rates.max() <= got + 1e-11 * (1 + abs(got) if got > -np.inf else 1)
    assert got <= min(c.below(high, index=index), c.above(low, index=index))
    lowest, highest = c.lowest_energy(index=index), c.highest_energy(index=index)
    if c.total(index=index) > 1e-10:
        assert lowest < c.typical_energy(index=index) + 1e-12 * size(model)
        assert highest >= c.typical_energy(index=index) - 1e-12 * size(model)
        assert c.below(lowest - 1e-6 * size(model), index=index) < 0
        assert c.above(highest + 1e-6 * size(model), index=index) < 0


TERMS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda e: sum(e) > 0),
    st.floats(0.05, 5),
    min_size=1,
    max_size=4,
)


@settings(max_examples=6, deadline=None)
@given(TERMS, TERMS, st.floats(0.1, 0.9), st.floats(-1, 1), st.integers(0, 10**6))
def test_windows_of_random_games(first, second, kappa, rho, seed):
    try:
        c = sg.complexity(sg.SphericalGame([kappa, 1 - kappa], [first, second], [[1, rho], [0.3, 1]], [[0], [1]]))
    except ValueError:
        return  # a player who moves nothing that its loss feels
    spread = np.sqrt(np.diag(c.model.local_law().loss_covariance))
    u = np.random.default_rng(seed).normal(size=2) * spread
    assert c.above(*u) == pytest.approx(c.below(*-u), abs=1e-10)
    for index in (None, (0, 0)):
        at = c(*u, index=index)
        box = c.within((u[0] - 0.3, u[0] + 0.2), (u[1], u[1] + 1.0), index=index)
        above = c.above(u[0] - 0.3, u[1], index=index)
        assert at <= box + 1e-9 * (1 + abs(at)) if at > -np.inf else True
        assert box <= above + 1e-9 * (1 + abs(box)) if box > -np.inf else True
        assert above <= c.total(index=index) + 1e-9
