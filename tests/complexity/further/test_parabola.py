"""Parabolic confinement: reference values, independent derivations, arithmetics, errors."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from scipy.integrate import dblquad, quad
from scipy.optimize import minimize_scalar

import spinglass as sg
from spinglass.complexity.further.parabola import parabolic
from spinglass.complexity.further.parabola_counts import parabolic_log_mean_count, parabolic_mean_count

REFERENCE = {
    "N=1 m=.5": "2.878324772641902",
    "N=2 m=.5": "5.249503123621212",
    "N=2 m=1": "1.827379090085145",
    "N=10 m=1": "2.4909450917162",
}


def semicircle_log_potential(t):
    """The mean of log|t - y| over the semicircle on [-2, 2], by quadrature in y = 2 sin(a)."""

    def integrand(a):
        return 2 / np.pi * np.cos(a) ** 2 * np.log(abs(t - 2 * np.sin(a)))

    inner = [float(np.arcsin(t / 2))] if abs(t) < 2 else None
    return quad(integrand, -np.pi / 2, np.pi / 2, points=inner, epsabs=1e-13, limit=400)[0]


@pytest.mark.parametrize(("case", "value"), REFERENCE.items())
def test_parabolic_reference(case, value):
    n, m = (float(part.split("=")[1]) for part in case.split())
    tolerance = 1.01 * 10.0 ** -len(value.split(".")[1])
    assert abs(parabolic_mean_count(parabolic(m), n) - float(value)) <= max(tolerance, 2e-15)
    assert abs(float(parabolic_mean_count(parabolic(Fraction(m)), n, sg.mp(20))) - float(value)) <= max(
        tolerance, 2e-15
    )


@pytest.mark.parametrize("m", [0.2, 0.5, 1.0, 3.0])
def test_parabolic_in_one_dimension_is_kac_rice(m):
    # mu + V'' with V'' of variance 3 f''(0) (N = 1): E|m + sqrt(3) g| / m
    mean = quad(
        lambda g: abs(m + math.sqrt(3) * g) * math.exp(-g * g / 2) / math.sqrt(2 * math.pi),
        -12,
        12,
        points=[-m / math.sqrt(3)],
        epsabs=1e-13,
    )[0]
    assert parabolic_mean_count(parabolic(m), 1) == pytest.approx(mean / m, rel=1e-12)


@pytest.mark.parametrize("m", [0.5, 1.0])
def test_parabolic_in_two_dimensions_is_kac_rice(m):
    # V_ij/sqrt(f'') has E V_ij V_kl = (d_ij d_kl + d_ik d_jl + d_il d_jk)/2: trace of variance 4, and the traceless
    # part (V_11 - V_22)/2 and V_12 of variance 1/2 each, independent: det = (m + s)^2 - w, s ~ N(0, 1), w ~ Exp(1)
    def integrand(w, s):
        return abs((m + s) ** 2 - w) * math.exp(-w - s * s / 2) / math.sqrt(2 * math.pi)

    def split(low, high):
        return dblquad(integrand, -9 - m, 9 - m, low, high, epsabs=1e-10)[0]

    mean = split(0, lambda s: (m + s) ** 2) + split(lambda s: (m + s) ** 2, lambda s: (m + s) ** 2 + 40)
    assert parabolic_mean_count(parabolic(m), 2) == pytest.approx(mean / m**2, rel=1e-9)


@pytest.mark.parametrize("m", [0.3, 0.8])
def test_parabolic_rates_are_suprema_over_the_shift_of_the_hessian(m):
    def rate(s):
        return semicircle_log_potential(s) - (s - m) ** 2 / 2 - math.log(m)

    best = minimize_scalar(lambda s: -rate(s), bounds=(0, 4), method="bounded", options={"xatol": 1e-9})
    assert parabolic(m).total() == pytest.approx(-best.fun, abs=1e-10)
    assert parabolic(m).minima() == pytest.approx(rate(2.0), abs=1e-10)  # it falls beyond the edge
    assert rate(2.01) < rate(2.0)


def test_parabolic_finite_counts_grow_at_the_rate():
    model = parabolic(0.4)
    rates = [(parabolic_log_mean_count(model, 2 * n) - parabolic_log_mean_count(model, n)) / n for n in (100, 1000)]
    errors = [abs(rate - model.total()) for rate in rates]
    assert errors[0] < 1e-2 and errors[1] < 1e-3
    assert parabolic_mean_count(parabolic(2.0), 400) == pytest.approx(1, abs=1e-10)  # one point, the minimum


def test_parabolic_float_agrees_with_digits():
    for n, m in ((1, 0.1), (5, 1.5), (24, 0.7)):
        digits = parabolic_mean_count(parabolic(m), n, sg.mp(25))
        assert abs(parabolic_mean_count(parabolic(m), n) / float(digits) - 1) < 1e-13
    fine, coarse = (parabolic_mean_count(parabolic(0.5), 3, sg.mp(d)) for d in (40, 20))
    assert abs(fine - coarse) < 1e-19


def test_parabolic_arithmetics_agree():
    half = parabolic(Fraction(1, 2))
    for method in (half.total, half.minima):
        exact = method(arithmetic=sg.symbols)
        assert isinstance(exact, sympy.Expr)
        assert abs(method() - float(exact)) < 1e-15
        assert abs(method(arithmetic=sg.mp(30)) - sg.mp(30).number(str(exact.evalf(40)))) < 1e-29
        assert method(arithmetic=sg.balls(30)).overlaps(sg.balls(30).number(str(exact.evalf(40))))
    assert parabolic(1).total() == parabolic(2.5).minima() == 0


def test_parabolic_is_a_value():
    assert repr(parabolic(Fraction(1, 2))) == "parabolic(Fraction(1, 2))"
    assert len({parabolic(1), parabolic(1.0), parabolic(2)}) == 2


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda: parabolic(0), ValueError, "m: expected a positive number, got 0"),
        (lambda: parabolic("a"), TypeError, "m: expected a real number"),
        (lambda: parabolic_mean_count(parabolic(1), 0), ValueError, "n: expected an integer of at least 1, got 0"),
        (lambda: parabolic_mean_count(sg.pure(3), 4), TypeError, "expected a parabolic model"),
        (lambda: parabolic_mean_count(parabolic(0.1), 2000), OverflowError, "parabolic_log_mean_count"),
        (lambda: parabolic_mean_count(parabolic(1), 4, sg.symbols), NotImplementedError, "quadrature"),
    ],
)
def test_bad_input_is_refused_in_one_line(call, error, expected):
    with pytest.raises(error, match=expected) as info:
        call()
    assert "\n" not in str(info.value)
