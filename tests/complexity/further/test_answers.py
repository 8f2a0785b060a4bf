"""Spiked tensors and the parabola through ``sg.complexity``: against grids, the general algorithm and each other."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

import spinglass as sg

OVERLAPS = np.sin(np.linspace(-math.pi / 2 + 1e-7, math.pi / 2 - 1e-7, 20001))


def over_overlaps(model, u, maxima):
    """Return the largest rate S_*(m, x) at x = -u/sqrt 2 over the overlap m: on a grid, then refined."""
    x = -u / math.sqrt(2)
    rates = model.rate(OVERLAPS, x, maxima=maxima)
    best = int(np.argmax(rates))
    if rates[best] == -np.inf:
        return -np.inf
    ends = OVERLAPS[max(best - 1, 0)], OVERLAPS[min(best + 1, len(OVERLAPS) - 1)]
    found = minimize_scalar(
        lambda m: -max(model.rate(m, x, maxima=maxima), -1e9), bounds=ends, method="bounded", options={"xatol": 1e-12}
    )
    return max(rates[best], -found.fun)


@pytest.mark.parametrize(("k", "strength"), [(3, 0.4), (3, 0.82), (3, 1.0), (3, 4.0), (4, 0.9), (4, 1.5), (7, 2.0)])
@pytest.mark.parametrize("index", [None, 0])
def test_the_spiked_tensor_at_energies_is_the_largest_rate_over_overlaps(k, strength, index):
    model = sg.spiked(k, strength)
    c, grid = sg.complexity(model), np.linspace(-3, 2.5, 45) * max(1, strength)
    want = np.array([over_overlaps(model, u, index == 0) for u in grid])
    np.testing.assert_allclose(c(grid, index=index), want, atol=2e-11)


@pytest.mark.parametrize(("k", "strength"), [(3, 0.6), (3, 1.0), (4, 1.2), (5, 3.0)])
@pytest.mark.parametrize("index", [None, 0])
def test_windows_of_the_spiked_tensor_are_suprema(k, strength, index):
    model = sg.spiked(k, strength)
    c, grid = sg.complexity(model), np.linspace(-4, 4, 4001) * max(1, strength)
    rates, step = c(grid, index=index), grid[1] - grid[0]
    for low, high in np.sort(np.random.default_rng(1).integers(0, len(grid), (40, 2)), axis=1):
        best = rates[low : high + 1].max()
        found = c.within((grid[low], grid[high]), index=index)
        near_threshold = index == 0 and best < found  # of minima a grid misses the place where they end
        assert best <= found + 1e-13 if best > -np.inf else True
        assert found <= best + (2 * step if near_threshold else step**2) or (best == -np.inf and high - low < 3)
        assert c.below(grid[high], index=index) == c.within((-np.inf, grid[high]), index=index)
        assert c.above(grid[low], index=index) == c.within((grid[low], np.inf), index=index)
    assert c.within((-np.inf, np.inf), index=index) == c.total(index=index)


@pytest.mark.parametrize("index", [None, 0, 2])
def test_without_a_spike_it_is_the_pure_glass(index):
    c, one = sg.complexity(sg.spiked(3, 0)), sg.complexity(sg.pure(3))
    u = np.linspace(-2, 2, 31)
    for ask in ("__call__", "below", "above"):
        np.testing.assert_array_equal(getattr(c, ask)(u, index=index), getattr(one, ask)(u, index=index))
    assert c.total(index=index) == one.total(index=index)
    assert c.lowest_energy(index=index) == one.lowest_energy(index=index)
    assert c.threshold_energy == one.threshold_energy and c.typical_energy(index=index) == one.typical_energy(
        index=index
    )


@pytest.mark.parametrize("index", [None, 0])
@pytest.mark.parametrize("strength", [0.5, 0.9, 1.1, 3.0, 1e4])
@pytest.mark.parametrize("k", [3, 4, 9])
def test_the_lowest_energy_with_a_spike(k, strength, index):
    model = sg.spiked(k, strength)
    c = sg.complexity(model)
    lowest = c.lowest_energy(index=index)
    assert abs(c(lowest, index=index)) < 1e-14 * (1 + strength)
    assert np.all(c(lowest * np.linspace(1 + 1e-5, 3, 400), index=index) < 0)
    if strength >= model.critical_lambda():
        near = -math.sqrt(2) * model.best_value(model.spike_overlap(), maxima=True)
        assert lowest == pytest.approx(min(near, sg.complexity(sg.pure(k)).lowest_energy(index=0)), rel=1e-9)
    assert c.total() == pytest.approx(np.max(model.at_overlap(OVERLAPS)), abs=1e-9)
    assert c.total(index=0) == pytest.approx(np.max(model.at_overlap(OVERLAPS, maxima=True)), abs=1e-9)
    highest = c.highest_energy(index=index)
    assert highest == (
        c.threshold_energy if index == 0 else (-lowest if k % 2 else -sg.complexity(sg.pure(k)).lowest_energy())
    )


def test_the_spiked_tensor_with_digits():
    c, ar = sg.complexity(sg.spiked(3, 1)), sg.mp(40)
    for u in (-1.9, -1.7, -1.0):
        assert abs(c(u, arithmetic=ar) - c(u)) < 1e-14
        assert abs(c(u, arithmetic=sg.mp(60)) - c(u, arithmetic=ar)) < 1e-37
    assert abs(c(c.lowest_energy(arithmetic=ar), arithmetic=ar)) < 1e-37
    assert abs(c.within((-3, -1.75), index=0, arithmetic=ar)) < 1e-37  # the maximum near the spike
    assert str(c.total(arithmetic=sg.symbols)) == "log(2)/2"


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 60), st.floats(0, 60), st.floats(-40, 40))
def test_random_spikes(k, strength, u):
    model = sg.spiked(k, strength)
    c = sg.complexity(model)
    assert c(u) >= sg.complexity(sg.pure(k))(u) and c(u) >= c(u, index=0)
    assert c.below(u) >= c(u) and c.above(u) >= c(u)
    assert c(u) >= over_overlaps(model, u, False) - 1e-11 * (1 + strength**2)
    assert c.below(c.lowest_energy() - 1e-3) < 0


@pytest.mark.parametrize("k", [3, 4, 10_000])
@pytest.mark.parametrize("strength", [1e-300, 1e-9, 1e8, 1e100, 1e152])
def test_the_weakest_and_the_strongest_spikes(k, strength):
    c, u = sg.complexity(sg.spiked(k, strength)), np.array([-np.inf, -1e300, -1e153, -1e10, 0.0, 1e200, np.inf])
    for index in (None, 0):
        rates = np.stack([c(u, index=index), c.below(u, index=index), c.above(u, index=index)])
        assert not np.isnan(rates).any() and np.all(rates[1:] >= rates[0])
        assert np.all(rates[1, 1:] >= rates[1, :-1]) and np.all(rates[2, 1:] <= rates[2, :-1])
    if strength > 1:
        assert c.lowest_energy() == pytest.approx(-math.sqrt(2) * strength, rel=1e-12)
    else:
        assert c.lowest_energy() == sg.complexity(sg.pure(k)).lowest_energy()


# -- the parabola ------------------------------------------------------------------------------------------------------


def log_potential(d):
    """Return the mean of log|d - y| over the semicircle on [-2, 2], by quadrature."""
    places = [math.asin(d / 2)] if abs(d) < 2 else None

    def integrand(a):
        return 2 / math.pi * math.cos(a) ** 2 * math.log(abs(d - 2 * math.sin(a)))

    return quad(integrand, -math.pi / 2, math.pi / 2, points=places, epsabs=1e-13, limit=400)[0]


@pytest.mark.parametrize("m", [0.3, 1.0, 1.4, 5.0])
@pytest.mark.parametrize("k", [0, 1, 5])
def test_the_parabola_by_index_is_a_supremum_over_the_shift(m, k):
    def rate(d):
        y = d / 2
        cost = y * math.sqrt(y * y - 1) - math.log(y + math.sqrt(y * y - 1))
        return log_potential(d) - (d - m) ** 2 / 2 - math.log(m) - k * cost

    best = minimize_scalar(lambda d: -rate(d), bounds=(2, 2 + 2 * m), method="bounded", options={"xatol": 1e-10})
    c = sg.complexity(sg.parabolic(m))
    assert c.total(index=k) == pytest.approx(max(-best.fun, rate(2.0)), abs=1e-9)
    assert abs(c.total(index=k, arithmetic=sg.mp(30)) - c.total(index=k)) < 1e-14 * (1 + k * m * m)
    assert c.total(index=k) <= c.total() + 1e-15


@pytest.mark.parametrize("m", [0.3, 0.7, 2.0])
def test_the_parabola_by_fraction_is_a_semicircle_with_a_tied_shift(m):
    c = sg.complexity(sg.parabolic(m))
    for theta in (0.4, 1.2, 2.5):  # the fraction of the semicircle beyond -2 cos theta
        alpha = (theta - math.sin(theta) * math.cos(theta)) / math.pi
        d = 2 * math.cos(theta)
        want = log_potential(d) - (d - m) ** 2 / 2 - math.log(m)
        assert c.total(fraction=alpha) == pytest.approx(want, abs=1e-10)
    if m < 1:
        assert max(c.total(fraction=a) for a in np.linspace(0.01, 0.99, 99)) == pytest.approx(c.total(), abs=1e-3)


def test_the_parabola_is_its_two_rates():
    c, model = sg.complexity(sg.parabolic(0.4)), sg.parabolic(0.4)
    assert (c.total(), c.total(index=0)) == (model.total(), model.minima())
    assert sg.complexity(sg.parabolic(3)).total() == sg.complexity(sg.parabolic(3)).total(index=0) == 0
    assert str(sg.complexity(sg.parabolic(sg.symbols.number(1) / 2)).total(arithmetic=sg.symbols)) == "-3/8 + log(2)"


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda p, s: p(-1.0), NotImplementedError, "energies"),
        (lambda p, s: p.below(-1.0), NotImplementedError, "energies"),
        (lambda p, s: p.within((-1.0, 1.0), arithmetic=sg.mp(20)), NotImplementedError, "energies"),
        (lambda p, s: p.lowest_energy(), NotImplementedError, "loss"),
        (lambda p, s: p.highest_energy(), NotImplementedError, "loss"),
        (lambda p, s: p.typical_energy(), NotImplementedError, "typical_energy"),
        (lambda p, s: p.threshold_energy, NotImplementedError, "threshold_energy"),
        (lambda p, s: p.dominant_normals(), NotImplementedError, "dominant_normals"),
        (lambda p, s: p.total(index=(0, 0)), ValueError, "index"),
        (lambda p, s: p(-1.0, 0.0), ValueError, "energies"),
        (lambda p, s: p.classify(), TypeError, "model"),
        (lambda p, s: s.total(index=1), NotImplementedError, "index"),
        (lambda p, s: s(-1.8, arithmetic=sg.balls(20)), NotImplementedError, "sg.mp"),
        (lambda p, s: s.lowest_energy(arithmetic=sg.symbols), NotImplementedError, "sg.mp"),
        (lambda p, s: s.dominant_normals(-1.8), NotImplementedError, "dominant_normals"),
        (lambda p, s: sg.complexity(s.model, "quenched"), NotImplementedError, "quenched"),
        (lambda p, s: sg.complexity(p.model, "quenched"), NotImplementedError, "quenched"),
    ],
)
def test_what_they_do_not_know_is_refused_in_one_line(call, error, expected):
    with pytest.raises(error, match=expected) as info:
        call(sg.complexity(sg.parabolic(0.5)), sg.complexity(sg.spiked(3, 1.0)))
    assert "\n" not in str(info.value)
