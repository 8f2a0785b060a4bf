"""sg.mean_count and count_density: arithmetics, curves in the energy, indices, theorems and refusals."""

import itertools
import math
import random

import numpy as np
import pytest
from scipy.integrate import dblquad, quad

import spinglass as sg
from spinglass.counts import count_density
from spinglass.spectra.goe import determinant as goe
from spinglass.spectra.goe.index import mean_abs_det_index

INF = np.inf
PURE, MIXED, NEARLY = sg.pure(3), sg.mixed({3: 0.5, 4: 0.5}), sg.mixed({3: 1.0, 4: 1e-9})
FIELD = sg.mixed({1: 2.0, 3: 1.0})
each_model = pytest.mark.parametrize("model", [PURE, MIXED, FIELD], ids=["pure", "mixed", "in a field"])


def inside(ball, number, digits):
    """Tell whether a ball holds a number that is known to some digits."""
    few = sg.balls(digits + 20)
    with few.precision():
        number = few.number(str(number))
        return abs(ball.mid() - number) <= ball.rad() + abs(number) * few.number(10) ** (1 - digits)


@pytest.mark.parametrize(
    "model, n, mean",
    [
        (PURE, 5, 2 * 15.748457104718),
        (sg.pure(6), 4, 66.75),
        (sg.mixed({3: 1, 1: 0.5}), 2, 4.956957592256421),
        (sg.mixed({3: 1, 1: 10}), 2, 3.088439984597651),
    ],
)
def test_every_arithmetic_gives_the_published_mean(model, n, mean):
    for arithmetic in (None, sg.mp(40), sg.balls(40), sg.symbols):
        estimate = sg.mean_count(model, n, arithmetic=arithmetic)
        assert float(estimate.mean) == pytest.approx(mean, rel=1e-12)
        assert float(estimate.log_mean) == pytest.approx(math.log(mean), rel=1e-12)
        assert estimate.stderr == 0 and "mean" in str(estimate)


def test_digits_that_were_asked_for():
    estimate = sg.mean_count(PURE, 3, arithmetic=sg.mp(60))
    context = sg.mp(70).context
    assert abs(estimate.mean - (2 + 16 * context.sqrt(2) / context.sqrt(7))) < context.mpf(10) ** -58
    assert abs(estimate.log_mean - context.log(context.mpf(estimate.mean))) < context.mpf(10) ** -58
    ball = sg.mean_count(MIXED, 4, (-1.5, -1.2), 0, arithmetic=sg.balls(50))
    assert ball.mean.rad() < 1e-50 and ball.log_mean.rad() < 1e-49
    third = [sg.mean_count(PURE, 4, ("-0.1", "0.2"), arithmetic=ar).mean for ar in (sg.balls(40), sg.mp(80))]
    assert inside(*third, 80)  # decimals keep their digits


def test_small_spheres_against_direct_integrals():
    # N = 2: value f and f'' of sum c cos^p are normals, f'' = -f' x - .. : minima have f'' > 0
    v0, x1, fourth, cross = 1.0, 3.0, 21.0, -3.0

    def given(curvature, value):
        s2 = fourth - cross**2 / v0
        mean = cross / v0 * value
        joint = np.exp(-0.5 * (curvature - mean) ** 2 / s2 - 0.5 * value**2 / v0) / (2 * np.pi * np.sqrt(s2 * v0))
        return abs(curvature) * joint

    front = 2 * np.pi / np.sqrt(2 * np.pi * x1)
    for (low, high), index in (((-1.2, -0.4), 0), ((-0.3, 0.9), 1)):
        ends = (0, 60) if index == 0 else (-60, 0)
        direct = front * dblquad(given, low * np.sqrt(2), high * np.sqrt(2), *ends)[0]
        assert sg.mean_count(PURE, 2, (low, high), index).mean == pytest.approx(direct, rel=1e-8)
        assert float(sg.mean_count(PURE, 2, (low, high), index, arithmetic=sg.mp(20)).mean) == pytest.approx(
            direct, rel=1e-8
        )
    # N = 3: at energy u the Hessian is m + [[a, b], [b, -a]] - p value, of eigenvalues d - r, d + r
    for u in (-1.5, -0.8, 0.4):
        shift, value = -3 * u * np.sqrt(3), u * np.sqrt(3)

        def at(m, k, shift=shift):
            d = m + shift
            ends = ((0, max(d, 0)), (abs(d), abs(d) + 22), (0, max(-d, 0)))[k]
            part = quad(lambda r: abs(d * d - r * r) * r / 6 * np.exp(-r * r / 12), *ends)[0]
            return part * np.exp(-m * m / 12) / np.sqrt(12 * np.pi)

        for k in range(3):
            kink = float(np.clip(-shift, -23, 23))
            mean = sum(quad(at, a, b, args=(k,))[0] for a, b in ((-24, kink), (kink, 24)))
            density = np.exp(-0.5 * value**2) / np.sqrt(2 * np.pi) * np.sqrt(3) * 4 * np.pi / (2 * np.pi * 3) * mean
            assert np.exp(count_density(PURE, 3, u, k)) == pytest.approx(density, rel=1e-7)


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_euler_characteristic_with_proof(n):
    euler = 1 + (-1) ** (n - 1)
    balls = [sg.mean_count(PURE, n, index=k, arithmetic=sg.balls(20)).mean for k in range(n)]
    with sg.balls(60).precision():
        alternating = sum((-1) ** k * ball for k, ball in enumerate(balls))
        assert alternating.contains(euler) and alternating.rad() < 1e-20
        total = sg.mean_count(PURE, n, arithmetic=sg.balls(20)).mean
        assert sum(balls).overlaps(total)
    if n in (2, 5, 8):  # the trapezoidal rule on other nodes, in digits
        digits = [sg.mean_count(PURE, n, index=k, arithmetic=sg.mp(40)).mean for k in range(n)]
        assert abs(sum((-1) ** k * value for k, value in enumerate(digits)) - euler) < 1e-37


@each_model
def test_indices_and_windows_add_up(model):
    for n in (5, 8):
        cuts = [-INF, -1.6, -1.1, 0.2, INF]
        parts = [[sg.mean_count(model, n, pair, k).log_mean for k in range(n)] for pair in itertools.pairwise(cuts)]
        for pair, row in zip(itertools.pairwise(cuts), parts, strict=True):
            assert np.logaddexp.reduce(row) == pytest.approx(sg.mean_count(model, n, pair).log_mean, abs=1e-12)
        total = sg.mean_count(model, n).log_mean
        assert np.logaddexp.reduce(np.ravel(parts)) == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("model", [PURE, MIXED, FIELD, NEARLY], ids=["pure", "mixed", "in a field", "nearly pure"])
@pytest.mark.parametrize("index", [None, 0, 2])
def test_curves_are_the_windows(model, index):
    n, u = 7, np.array([[-0.9, -INF], [0.3, -1.6], [INF, -1.2]])
    below = count_density(model, n, u, index, cumulative=True)
    for value, end in zip(below.ravel(), u.ravel(), strict=True):
        if end == -INF:
            assert value == -INF
        else:
            single = sg.mean_count(model, n, (-INF, end), index).log_mean
            assert value == pytest.approx(single, abs=1e-12 + 1e-14 * abs(single))
    nodes, weights = np.polynomial.legendre.leggauss(40)
    middle, half = -1.05, 0.35
    area = np.log(np.exp(count_density(model, n, middle + half * nodes, index)) @ weights * half)
    assert area == pytest.approx(sg.mean_count(model, n, (-1.4, -0.7), index).log_mean, abs=1e-11)


@each_model
def test_each_index_of_a_curve(model):
    n, u = 9, np.linspace(-1.8, 1.1, 5)
    for cumulative in (False, True):
        table = count_density(model, n, u, "each", cumulative=cumulative)
        assert table.shape == (5, n)
        for k in (0, 3, n - 1):
            single = count_density(model, n, u, k, cumulative=cumulative)
            assert np.all(abs(table[:, k] - single) < 1e-12 + 5e-15 * abs(single))
        total = count_density(model, n, u, cumulative=cumulative)
        np.testing.assert_allclose(np.logaddexp.reduce(table, axis=1), total, rtol=0, atol=1e-12)
    mirror = count_density(model, n, -u, "each")[:, ::-1]  # -H has the same law
    np.testing.assert_allclose(count_density(model, n, u, "each"), mirror, rtol=1e-14, atol=1e-12)


@each_model
def test_curves_in_other_arithmetics(model):
    for index, cumulative in ((0, False), (None, False), (1, True)):
        ball = count_density(model, 5, -1.3, index, cumulative=cumulative, arithmetic=sg.balls(20))
        digits = count_density(model, 5, -1.3, index, cumulative=cumulative, arithmetic=sg.mp(40))
        assert inside(ball, digits, 40) and ball.rad() < 1e-20
        assert count_density(model, 5, -1.3, index, cumulative=cumulative) == pytest.approx(float(digits), abs=1e-12)
    both = count_density(model, 3, [-1.0, 0.5], "each", arithmetic=sg.mp(15))
    np.testing.assert_allclose(both.astype(float), count_density(model, 3, [-1.0, 0.5], "each"), atol=1e-12)


def test_linear_fields():
    linear = sg.SphericalGame(fractions=[1], fields=[{1: 2.0}], losses=[[1]], players=[[0]])
    u = np.linspace(-9, 0, 4001)
    density = np.exp(count_density(linear, 6, u, 0))
    assert np.trapezoid(density, u) == pytest.approx(1, rel=1e-6)
    u = np.linspace(-9, -1.5, 4001)
    part = np.trapezoid(np.exp(count_density(linear, 6, u, 0)), u)
    assert np.exp(count_density(linear, 6, -1.5, 0, cumulative=True)) == pytest.approx(part, rel=1e-5)
    assert count_density(linear, 6, -1.5, 3) == -INF and count_density(linear, 6, 1.5, 0) == -INF
    assert count_density(linear, 6, 1.5, 5) == count_density(linear, 6, -1.5, 0) > -INF  # the maximum


def test_minima_of_a_hundred_dimensions_approach_the_complexity():
    u, c = np.array([-1.9, -1.8]), sg.complexity(PURE)
    excess = [count_density(PURE, n, u, 0) - n * c(u, index=0) for n in (50, 100)]
    assert excess[1] - excess[0] == pytest.approx(0.5 * np.log(2), abs=0.03)  # const sqrt(N) e^(N rate)


def random_question(r):
    """Return a function of an arithmetic: a count, a density, a determinant or a threshold at random arguments."""
    kind = r.choice(["total", "window", "index", "both", "eigenpairs", "density", "det", "det index", "low", "curve"])
    n, x = r.randint(2, 12 if kind in ("total", "density", "det", "eigenpairs") else 5), round(r.gauss(0, 3), 3)
    pure = sg.pure(r.randint(2, 6))
    terms = {r.randint(1, 3): round(r.uniform(0.1, 2), 3), r.randint(4, 7): round(r.uniform(0.01, 1), 3)}
    model, k, low = r.choice([pure, sg.mixed(terms)]), r.randint(0, n - 1), round(r.uniform(-2, 1.5), 4)
    window = r.choice([(low, low + r.choice([1e-6, 0.1, 1.0])), (-INF, low), (low, INF)])
    answers = {
        "total": lambda ar: sg.mean_count(model, n, arithmetic=ar).mean,
        "window": lambda ar: sg.mean_count(model, n, window, arithmetic=ar).mean,
        "index": lambda ar: sg.mean_count(model, n, None, k, arithmetic=ar).mean,
        "both": lambda ar: sg.mean_count(model, n, window, k, arithmetic=ar).mean,
        "eigenpairs": lambda ar: sg.real_eigenpairs(n, k + 2, ar),
        "density": lambda ar: goe.density(n, x, ar),
        "det": lambda ar: goe.mean_abs_det(n, x, ar),
        "det index": lambda ar: mean_abs_det_index(n, x, k, ar),
        "low": lambda ar: sg.complexity(sg.pure(n + 2)).lowest_energy(index=k, arithmetic=ar),
        "curve": lambda ar: count_density(model, n, low, k, arithmetic=ar),
    }
    return answers[kind]


@pytest.mark.parametrize("seed", range(40))  # a thousand seeds hold as well
def test_balls_hold_the_number_of_twice_the_digits(seed):
    answer = random_question(random.Random(seed))
    assert inside(answer(sg.balls(15)), answer(sg.mp(30)), 30)


@pytest.mark.parametrize(
    "arguments, keywords, error, match",
    [
        ((PURE, 4), {"index": 4}, ValueError, "at most N - 1"),
        ((PURE, 4, (1.0, 1.0)), {"arithmetic": "mp"}, TypeError, "arithmetic: expected"),
        ((PURE, 4, (1.0, 1.0)), {"arithmetic": sg.mp(9)}, ValueError, "lo < hi"),
        ((PURE, 4, (1.0, 1.0)), {"method": "montecarlo"}, ValueError, "lo < hi"),
        ((sg.gan(2, 1, 0.5, 0.5), 4, [(-1, 1), (0, 0)]), {"method": "montecarlo"}, ValueError, "lo < hi"),
        ((PURE, 4), {"method": "montecarlo", "arithmetic": sg.mp(9)}, ValueError, "try method='exact'"),
        ((sg.bipartite(2, 2, kappa=0.5), 4), {"arithmetic": sg.mp(9)}, NotImplementedError, "method='montecarlo'"),
        ((PURE, 4, (-1, 1)), {"arithmetic": sg.symbols}, NotImplementedError, "closed form"),
        ((NEARLY, 4, (-1, 1), 0), {"arithmetic": sg.balls(9)}, NotImplementedError, "nearly pure"),
    ],
)
def test_refusals_of_counts(arguments, keywords, error, match):
    with pytest.raises(error, match=match) as caught:
        sg.mean_count(*arguments, **keywords)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "arguments, keywords, error, match",
    [
        ((PURE, 4, 0.0, 4), {}, ValueError, "at most N - 1"),
        ((PURE, 4, 0.0, "all"), {}, ValueError, "'each'"),
        ((PURE, 4, np.nan), {}, ValueError, "nan"),
        ((PURE, 1, 0.0), {}, ValueError, "at least 2"),
        (("pure", 4, 0.0), {}, TypeError, "SphericalGame"),
        ((sg.bipartite(2, 2, kappa=0.5), 4, 0.0), {}, NotImplementedError, "method='montecarlo'"),
        ((PURE, 4, 0.0), {"arithmetic": sg.symbols}, NotImplementedError, "sg.mp"),
    ],
)
def test_refusals_of_curves(arguments, keywords, error, match):
    with pytest.raises(error, match=match):
        count_density(*arguments, **keywords)


def test_digits_below_one_are_refused():
    with pytest.raises(ValueError, match="positive integer"):
        sg.mean_count(PURE, 4, arithmetic=sg.mp(0))
