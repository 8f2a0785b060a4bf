"""The spiked tensor: reference values, independent derivations, arithmetics, errors."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

import spinglass as sg
from spinglass.complexity.further import spike_rate
from spinglass.complexity.further.spiked_tensor import spiked

REFERENCE = {"3": "0.816496580927726", "4": "0.9185586535436918"}

MODELS = [spiked(3, 0.5), spiked(3, 1.0), spiked(4, 2.0), spiked(5, 1.1), spiked(10, 6)]


def semicircle_log_potential(t):
    """The mean of log|t - y| over the semicircle on [-2, 2], by quadrature in y = 2 sin(a)."""

    def integrand(a):
        return 2 / np.pi * np.cos(a) ** 2 * np.log(abs(t - 2 * np.sin(a)))

    inner = [float(np.arcsin(t / 2))] if abs(t) < 2 else None
    return quad(integrand, -np.pi / 2, np.pi / 2, points=inner, epsabs=1e-13, limit=400)[0]


@pytest.mark.parametrize(("k", "value"), REFERENCE.items())
def test_spiked_reference(k, value):
    model = spiked(int(k), 1)
    assert abs(model.critical_lambda() - float(value)) < 1e-15
    assert abs(model.critical_lambda(arithmetic=sg.mp(20)) - sg.mp(20).number(value)) < 6e-16


def test_without_spike_it_is_the_pure_model_in_a_band():
    # f has variance 1/(2n), the loss sqrt(n) u of unit variance is sqrt(2n) f: u = sqrt(2) x; volume (1-m^2)^(n/2)
    x = np.linspace(-2.5, 2.5, 41)
    for k in (3, 4, 7):
        c = sg.complexity(sg.pure(k))
        for m in (-0.4, 0.0, 0.9):
            band = 0.5 * np.log(1 - m * m)
            np.testing.assert_allclose(spiked(k, 0).rate(m, x), c(-np.sqrt(2) * x) + band, atol=3e-15)
            maxima = c(-np.sqrt(2) * x, index=0)  # maxima of f are minima of -f
            np.testing.assert_allclose(spiked(k, 0).rate(m, x, maxima=True), maxima + band, atol=3e-15)


@pytest.mark.parametrize("t", [0.0, 1.3, -1.999, 2.0, 2.1, -5.0, 1e3])
def test_log_potential_is_the_integral(t):
    assert spike_rate.log_potential(t, sg.float64) == pytest.approx(semicircle_log_potential(t), abs=1e-11)


@pytest.mark.parametrize("theta", [1.05, 1.7, 4.0])
def test_pull_is_its_integral_and_the_rate_of_a_rank_one_deformation(theta):
    top = theta + 1 / theta
    for t in np.linspace(2, top, 5):
        integral = quad(lambda y: math.sqrt(y * y - 4), top, t, epsabs=1e-14)[0] / 4
        published = integral - theta * (t - top) / 2 + (t * t - top * top) / 8
        assert spike_rate.pull(theta, t, sg.float64) == pytest.approx(published, abs=1e-13)
        # large deviations: the GOE's top eigenvalue against the spherical integral of the spike
        free = quad(lambda y: math.sqrt(y * y - 4), top, t, epsabs=1e-14)[0] / 2
        spherical = (theta * (t - top) - semicircle_log_potential(t) + semicircle_log_potential(top)) / 2
        assert spike_rate.pull(theta, t, sg.float64) == pytest.approx(free - spherical, abs=1e-10)
    assert spike_rate.pull(theta, top + 0.1, sg.float64) == 0
    assert spike_rate.pull(theta, 1.99, sg.float64) == np.inf
    assert spike_rate.pull(0.9, 2.0, sg.float64) == 0


def test_outlier_of_a_spiked_goe_is_where_the_pull_vanishes():
    n, theta, rng = 200, 1.8, np.random.default_rng(5)
    tops = []
    for _ in range(16):
        a = rng.standard_normal((n, n))
        h = (a + a.T) / math.sqrt(2 * n)
        h[0, 0] += theta
        tops.append(np.linalg.eigvalsh(h)[-1])
    assert abs(np.mean(tops) - (theta + 1 / theta)) < 4 * np.std(tops) / 4 + 2 / n


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("maxima", [False, True])
def test_supremum_over_values_is_the_supremum(model, maxima):
    x = np.linspace(-6 - model.lambda_, 6 + model.lambda_, 4001)
    for m in np.linspace(-0.97, 0.97, 15):
        heights = model.rate(m, x, maxima=maxima)
        best = model.at_overlap(m, maxima=maxima)
        assert heights.max() <= best + 1e-12
        i = int(heights.argmax())
        start = x[max(i - 1, 0)]
        if maxima:
            start = max(start, math.sqrt(2 * (model.k - 1) / model.k) * (1 + 1e-15))
        found = minimize_scalar(
            lambda y, m=m: -model.rate(m, y, maxima=maxima),
            bounds=(start, x[i + 1]),
            method="bounded",
            options={"xatol": 1e-11},
        )
        # the bounded search never looks at the ends, where maxima at the edge of the semicircle sit
        assert max(-found.fun, model.rate(m, start, maxima=maxima)) == pytest.approx(best, abs=1e-10)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("maxima", [False, True])
def test_band_is_where_the_complexity_is_not_negative(model, maxima):
    low, high = model.band(maxima)
    inside = np.linspace(low + 1e-9, high - 1e-9, 501)
    assert np.all(model.at_overlap(inside, maxima=maxima) > 0)
    assert np.all(model.at_overlap(np.linspace(high + 1e-9, 0.999999, 501), maxima=maxima) <= 1e-13)
    assert abs(model.at_overlap(high, maxima=maxima)) < 1e-12 > abs(model.at_overlap(low, maxima=maxima))


def test_band_up_to_critical_lambda_does_not_depend_on_it():
    assert spiked(4, 0).band() == spiked(4, 0.9).band() == (-math.sqrt(2 / 3), math.sqrt(2 / 3))
    assert spiked(4, 0.93).band()[1] < math.sqrt(2 / 3) - 1e-3
    just_above = spiked(3, math.sqrt(2 / 3) * (1 + 1e-13))
    assert just_above.band()[1] == pytest.approx(math.sqrt(0.5), abs=1e-10)


@pytest.mark.parametrize("model", [spiked(3, 0.83), spiked(3, 1.0), spiked(4, 2.0), spiked(10, 6)])
def test_complexity_touches_zero_near_the_spike(model):
    m = model.spike_overlap()
    assert 2 * model.k * model.lambda_**2 * m ** (2 * model.k - 4) * (1 - m * m) == pytest.approx(1, abs=1e-10)
    for maxima in (False, True):
        assert abs(model.at_overlap(m, maxima=maxima)) < 1e-13
        assert max(model.at_overlap([m - 1e-4, m + 1e-5], maxima=maxima)) < 0
        value = model.best_value(m, maxima=maxima)
        assert model.rate(m, value, maxima=maxima) == pytest.approx(0, abs=1e-13)
        theta = spike_rate.spike_strength(model.k, model.lambda_, m, sg.float64)
        assert math.sqrt(2 * model.k / (model.k - 1)) * value == pytest.approx(theta + 1 / theta, abs=1e-9)


def test_spiked_arithmetics_agree():
    model = spiked(3, Fraction(5, 4))
    mp, balls = sg.mp(30), sg.balls(30)
    for m, x in (
        (Fraction(1, 5), Fraction(3, 2)),
        (Fraction(1, 2), Fraction(9, 7)),
        (Fraction(-9, 10), Fraction(1, 3)),
    ):
        for maxima in (False, True):
            questions = (
                lambda ar, m=m, x=x, maxima=maxima: model.rate(m, x, maxima, ar),
                lambda ar, m=m, maxima=maxima: model.at_overlap(m, maxima, ar),
            )
            for ask in questions:
                digits = ask(mp)
                assert float(digits) == pytest.approx(ask(None), abs=1e-13)
                if np.isfinite(ask(None)):
                    with balls.precision():
                        assert abs(ask(balls) - balls.number(str(digits))) < 1e-28
                    assert abs(ask(sg.symbols).evalf(30) - sympy.Float(str(digits), 30)) < 1e-27
    for got, proved in (
        (model.spike_overlap(mp), model.spike_overlap(balls)),
        (model.band(arithmetic=mp)[1], model.band(arithmetic=balls)[1]),
    ):
        with balls.precision():
            assert float(proved.rad()) < 1e-30 and abs(proved - balls.number(str(got))) < 1e-28
    assert model.band(True, mp)[1] == pytest.approx(model.band(True)[1], abs=1e-14)


def test_formulas_as_expressions():
    m, x = sympy.symbols("m x", real=True)
    model = spiked(4, 1)
    formula = sympy.lambdify((m, x), model.rate(m, x, maxima=True, arithmetic=sg.symbols), "math")
    for a, b in ((0.3, 1.3), (0.6, 1.5), (0.9, 1.5)):
        assert formula(a, b) == pytest.approx(model.rate(a, b, maxima=True), abs=1e-13)


def test_spiked_is_a_value():
    assert (
        spiked(3, 1) == spiked(3, 1.0) and hash(spiked(3, 1)) == hash(spiked(3, 1.0)) and spiked(3, 1) != spiked(4, 1)
    )
    assert repr(spiked(3, 1.5)) == "spiked(3, 1.5)"


def test_shapes_and_ends():
    model = spiked(3, 1.0)
    assert model.rate(np.zeros((4, 1)), np.ones(3)).shape == (4, 3)
    assert isinstance(model.rate(0.1, 0.2), float)
    assert model.rate(1.0, 0.3) == model.at_overlap(-1, maxima=True) == -np.inf


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda: spiked(2, 1.0), ValueError, "k: expected an integer of at least 3, got 2"),
        (lambda: spiked(3.5, 1.0), ValueError, "k: expected an integer"),
        (lambda: spiked("3", 1.0), TypeError, "k: expected an integer"),
        (lambda: spiked(3, -1.0), ValueError, "lambda_: expected a number of at least 0, got -1.0"),
        (lambda: spiked(3, float("nan")), ValueError, "lambda_: expected a finite number"),
        (lambda: spiked(3, None), TypeError, "lambda_: expected a real number"),
        (lambda: spiked(3, 1.0).rate(1.2, 0.0), ValueError, r"m: expected overlaps in \[-1, 1\], got 1.2"),
        (lambda: spiked(3, 1.0).rate(1.2, 0.0, arithmetic=sg.mp(20)), ValueError, r"in \[-1, 1\], got 1.2"),
        (lambda: spiked(3, 1.0).rate(0.2, np.nan), ValueError, "x: expected finite numbers, got nan"),
        (lambda: spiked(3, 1.0).rate(0.2, np.inf, arithmetic=sg.mp(9)), ValueError, "x: expected a finite number"),
        (lambda: spiked(3, 1.0).rate([0.2, 0.1], [1, 2, 3]), ValueError, "shapes that broadcast"),
        (lambda: spiked(3, 1.0).at_overlap("a"), TypeError, "expected numbers or arrays"),
        (lambda: spiked(3, 0.5).spike_overlap(), ValueError, "at least lambda_c = 0.816497, got 0.5"),
        (lambda: spiked(3, 1.0).band(arithmetic=sg.symbols), NotImplementedError, "no closed form"),
        (lambda: spiked(3, 1.0).band(True, sg.balls(20)), NotImplementedError, "found on a grid"),
    ],
)
def test_bad_input_is_refused_in_one_line(call, error, expected):
    with pytest.raises(error, match=expected) as info:
        call()
    assert "\n" not in str(info.value)
