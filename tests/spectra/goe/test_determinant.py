"""The exact GOE against direct integrals, sampled spectra, many digits and enclosures."""

import itertools

import numpy as np
import pytest
from scipy.integrate import dblquad, quad

import spinglass as sg
from spinglass.spectra.goe import determinant as goe


def normal(x, variance=1.0):
    return np.exp(-0.5 * x * x / variance) / np.sqrt(2 * np.pi * variance)


@pytest.mark.parametrize("x", [0.0, 0.7, -2.5, 6.0])
def test_determinant_of_one_entry(x):
    direct = sum(quad(lambda t: abs(x - t) * normal(t), a, b)[0] for a, b in ((-12, x), (x, 12)))
    assert goe.mean_abs_det(1, x) == pytest.approx(direct, rel=1e-10)


@pytest.mark.parametrize("x", [0.0, 1.3, -4.0])
def test_determinant_of_two_by_two(x):
    # half-trace m and half-gap r: det(x - X) = (x - m)^2 - r^2, m of variance 1/2, r^2 = a^2 + b^2 of variances 1/2
    def inner(r, m):
        return abs((x - m) ** 2 - r * r) * normal(m, 0.5) * 2 * r * np.exp(-r * r)

    def over(m):
        kink = abs(x - m)
        return sum(quad(inner, a, b, args=(m,), epsabs=1e-12)[0] for a, b in ((0, kink), (kink, kink + 8)))

    direct = sum(quad(over, a, b, epsabs=1e-11)[0] for a, b in ((-8, x), (x, 8 + abs(x))))
    assert goe.mean_abs_det(2, x) == pytest.approx(direct, rel=1e-8)


def test_density_of_two_by_two_from_the_joint_law():
    def weight(a, b):
        return abs(a - b) * np.exp(-0.5 * (a * a + b * b))

    mass = dblquad(weight, -9, 9, -9, lambda b: b)[0] * 2
    for x in (0.0, 0.9, 2.2):
        direct = 2 * sum(quad(weight, *ends, args=(x,))[0] for ends in ((-9, x), (x, 9))) / mass
        assert goe.density(2, x) == pytest.approx(direct, rel=1e-7)


@pytest.mark.parametrize("n", [1, 2, 3, 8, 21, 60, 201])
def test_density_has_mass_n_and_is_even(n):
    x = np.linspace(-np.sqrt(2 * n) - 9, np.sqrt(2 * n) + 9, 3001)
    density = goe.density(n, x)
    assert np.sum(density) * (x[1] - x[0]) == pytest.approx(n, rel=1e-12)
    assert np.array_equal(density, goe.density(n, -x))


def test_density_and_determinant_against_sampled_matrices():
    rng, n, draws = np.random.default_rng(5), 5, 40_000
    noise = rng.normal(size=(draws, n, n))
    spectra = np.linalg.eigvalsh((noise + noise.transpose(0, 2, 1)) / 2)  # variances 1 and 1/2
    edges = np.linspace(-4, 4, 9)
    for low, high in itertools.pairwise(edges):
        counts = np.sum((spectra > low) & (spectra < high), axis=1)
        expected = quad(lambda x: goe.density(n, x), low, high)[0]
        assert abs(counts.mean() - expected) < 4.5 * counts.std() / np.sqrt(draws)
    for x in (0.0, 1.5, 5.0):
        values = np.abs(np.prod(x - spectra, axis=1))
        assert abs(values.mean() - goe.mean_abs_det(n, x)) < 4.5 * values.std() / np.sqrt(draws)


def test_float64_agrees_with_forty_digits():
    rng, ar = np.random.default_rng(1), sg.mp(40)
    for _ in range(60):
        n = int(rng.integers(1, 201))
        x = float(rng.uniform(-1, 1) * rng.choice([1, 1.5, 5, 1000]) * np.sqrt(2 * n))
        exact = goe.mean_abs_det(n, x, ar)
        assert abs(float(goe.log_mean_abs_det(n, x) - ar.log(exact))) < 1e-12 * (1 + abs(x) / 1000)
        density = goe.density(n, x)
        if density > 1e-290:
            assert abs(float(density / goe.density(n, x, ar) - 1)) < 1e-12


def test_two_thousand_rows_are_finite_everywhere():
    x = np.array([0.0, 1.0, 40.0, 62.0, 63.2, 64.0, 90.0, 1e3, 1e8, 1e70, 1e140])
    for n in (1999, 2000):
        log_det = goe.log_mean_abs_det(n, x)
        assert np.all(np.isfinite(log_det)) and np.all(np.diff(log_det[1:]) > 0)
        assert log_det[-3:] == pytest.approx(n * np.log(x[-3:]), rel=1e-13)
        assert np.all(np.isfinite(goe.density(n, x)))
    ar = sg.mp(20)
    for place in (62.0, 64.0):
        assert abs(float(goe.log_mean_abs_det(2000, place) - ar.log(goe.mean_abs_det(2000, place, ar)))) < 1e-11
    assert goe.density(2000, 0.0) == pytest.approx(np.sqrt(4000) / np.pi, rel=1e-3)


def test_balls_contain_the_number_and_are_small():
    rng, ar = np.random.default_rng(3), sg.balls(30)
    for _ in range(40):
        n, x = int(rng.integers(1, 60)), float(rng.normal() * 5)
        ball, number = goe.mean_abs_det(n, x, ar), goe.mean_abs_det(n, x, sg.mp(60))
        with sg.balls(60).precision():
            assert abs(ball - sg.balls(60).number(str(number))) < ball.rad() * 2 + abs(ball) * 1e-58
            assert float(ball.rad() / ball.mid()) < 1e-30


def test_symbols_give_the_formula():
    import sympy

    x = sympy.Symbol("x")
    assert sympy.simplify(goe.density(1, x, sg.symbols) - sympy.exp(-x * x / 2) / sympy.sqrt(2 * sympy.pi)) == 0
    assert float(goe.density(4, sympy.Rational(3, 2), sg.symbols)) == pytest.approx(float(goe.density(4, 1.5)))


def test_shapes():
    assert goe.density(3, np.zeros((2, 3))).shape == (2, 3) and goe.log_mean_abs_det(3, np.empty(0)).shape == (0,)
    assert np.ndim(goe.density(3, 0.5)) == 0


@pytest.mark.parametrize("function", [goe.density, goe.mean_abs_det, goe.log_mean_abs_det])
def test_refusals(function):
    with pytest.raises(ValueError, match=r"n \(the size of the matrix\): expected an integer of at least 1"):
        function(0, 1.0)
    with pytest.raises(TypeError, match=r"n \(the size of the matrix\): expected an integer of at least 1"):
        function(2.5, 1.0)
    with pytest.raises(ValueError, match="finite"):
        function(2, np.nan)
