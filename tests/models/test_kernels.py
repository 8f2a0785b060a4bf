"""Covariances that are no polynomials, against known facts, their own series and each other in every arithmetic."""

import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass.models.covariance import Polynomial

Q, Q1, Q2 = sympy.symbols("q q1 q2")
HALF = sympy.Rational(1, 2)
KERNELS = {
    "exponential": sympy.exp(2 * Q) - 1,
    "rational": 1 / (2 - Q) - HALF,
    "logarithm": sympy.log(2) - sympy.log(2 - Q),
    "hyperbolic": sympy.sinh(Q) + sympy.cosh(Q**2) - 1,
    "root": 1 - sympy.sqrt(1 - Q / 2),
    "product": Q * sympy.exp(Q**2) / (3 - Q),
    "arcsine": sympy.asin(Q / 2) + Q**3,
    "irrational": sympy.sqrt(2) * Q**3 + sympy.exp(sympy.sqrt(3) * Q) - 1,
    "nested": sympy.exp(sympy.exp(Q)) - sympy.E,
    "bessel": sympy.hyper([], [1], Q) - 1,
}
PROVEN = set(KERNELS) - {"bessel"}
every_kernel = pytest.mark.parametrize("name", KERNELS)


def mixed(name):
    return sg.mixed(KERNELS[name])


def close(x):
    return float(getattr(x, "mid", lambda: x)())


# -- facts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(2, 9))
def test_the_exponential_has_two_points_per_dimension(n):
    game = sg.mixed(sympy.exp(Q) - 1)
    assert sg.mean_count(game, n).mean == pytest.approx(2 * n, rel=1e-13)
    assert float(sg.mean_count(game, n, arithmetic=sg.mp(30)).mean) == pytest.approx(2 * n, rel=1e-15)
    assert sg.mean_count(game, n, arithmetic=sg.symbols).mean == 2 * n


def test_the_exponential_has_two_points_per_dimension_by_monte_carlo():
    found = sg.mean_count(sg.mixed(sympy.exp(Q) - 1), 6, method="montecarlo", samples=20_000, rng=2)
    assert abs(found.log_mean - math.log(12)) < 4 * found.stderr


def test_twice_in_the_exponent_has_the_totals_of_the_pure_3_spin():
    game, pure = mixed("exponential"), sg.pure(3)
    for index in (None, 0, 3):
        assert sg.complexity(game).total(index) == pytest.approx(sg.complexity(pure).total(index), rel=1e-14)
        assert sg.mean_count(game, 7, index=index).mean == pytest.approx(sg.mean_count(pure, 7, index=index).mean)
    assert sg.complexity(game).total(arithmetic=sg.symbols) == sympy.log(2) / 2
    assert sg.mean_count(game, 5, arithmetic=sg.symbols).mean == sg.mean_count(pure, 5, arithmetic=sg.symbols).mean


@pytest.mark.parametrize("beta", [Fraction(1, 2), 1, 2, 5])
def test_the_balance_of_exponentials(beta):
    law = sg.mixed(sympy.exp(sympy.Rational(beta) * Q) - 1).local_law(sg.symbols)
    assert sympy.simplify((law.x2 - law.x1) / (law.x2 + law.x1)) == sympy.Rational(beta - 1) / (beta + 1)


# -- every arithmetic ----------------------------------------------------------------------------------------------


@every_kernel
@pytest.mark.parametrize("order", [(), (0,), (0, 0)], ids=["value", "slope", "curvature"])
def test_derivatives_agree_in_every_arithmetic(name, order):
    xi, x = mixed(name).fields[0], Fraction(1, 3)
    exact = sympy.diff(xi.expression, *xi.symbols * len(order)) if order else xi.expression
    for q in (None, x):
        wanted = float(sympy.N(exact.subs(xi.symbols[0], 1 if q is None else sympy.Rational(q)), 30))
        for ar in (sg.float64, sg.mp(30), sg.balls(30), sg.symbols):
            if name in ("bessel", "arcsine") and ar.proves:
                continue  # their functions are in no arithmetic of enclosures
            found = xi.derivative(*order, overlaps=None if q is None else [ar.number(q)], arithmetic=ar)
            assert close(found) == pytest.approx(wanted, rel=1e-14)
    values = xi.derivative(*order, overlaps=[np.array([0.25, 1.0])])
    assert values.shape == (2,)
    assert values[1] == pytest.approx(xi.derivative(*order), rel=1e-14)


@every_kernel
def test_the_series_sums_up_to_the_kernel(name):
    game = mixed(name)
    xi, terms = game.fields[0], game.fields[0].series(1e-15)
    assert isinstance(game.truncated(1e-15).fields[0], Polynomial)
    assert all(c > 0 for _, c in terms)
    for order in range(3):
        known = sum(c * math.perm(p, order) for (p,), c in terms)
        assert float(known) == pytest.approx(xi.derivative(*[0] * order), rel=2e-15)
    assert len(xi.series(1e-3)) < len(terms)


def test_signs_that_the_form_shows():
    assert {name for name in KERNELS if mixed(name).fields[0].proven} == PROVEN


@every_kernel
def test_complexities_are_those_of_the_series(name):
    game = mixed(name)
    c, series = sg.complexity(game), sg.complexity(game.truncated(1e-15))
    u = np.linspace(-2, 0.5, 7) * math.sqrt(float(game.local_law().v0))
    for index in (None, 0):
        np.testing.assert_allclose(c(u, index=index), series(u, index=index), rtol=1e-11, atol=1e-11)
    assert c.lowest_energy() == pytest.approx(series.lowest_energy(), rel=1e-10)
    digits = c.lowest_energy(arithmetic=sg.mp(25))
    assert float(digits) == pytest.approx(c.lowest_energy(), rel=1e-12)


def test_counts_as_enclosures_hold_the_digits():
    game = mixed("exponential")
    for question in ({}, {"energies": (-2, -1)}, {"index": 1}, {"index": 0, "energies": (-3, -1)}):
        ball = sg.mean_count(game, 4, arithmetic=sg.balls(20), **question).mean
        digits = sg.mean_count(game, 4, arithmetic=sg.mp(30), **question).mean
        assert abs(close(ball) / float(digits) - 1) < 1e-14
        assert ball.rad() < 1e-15 * ball.mid()
        assert sg.mean_count(game, 4, **question).mean == pytest.approx(float(digits), rel=1e-11)


def test_enclosures_of_rates_hold_the_floats():
    for beta in (8, 2):
        c = sg.complexity(sg.mixed(sympy.exp(Q * 4 / beta) - 1))
        for index in (None, 0, 2):
            for u in (-4, -1):
                assert close(c(u, index=index, arithmetic=sg.balls(20))) == pytest.approx(c(u, index=index), rel=1e-12)
            assert close(c.total(index, arithmetic=sg.balls(20))) == pytest.approx(c.total(index), rel=1e-12)
    with pytest.raises(ArithmeticError, match="cannot decide"):  # x2 = x1 = e: whether they are equal no ball shows
        sg.complexity(sg.mixed(sympy.exp(Q) - 1)).total(arithmetic=sg.balls(20))


def test_quenched_and_ground_state_of_a_kernel():
    game = sg.mixed(sympy.exp(2 * Q) - 1 - 2 * Q - 2 * Q**2)
    series = game.truncated(1e-14)
    assert sg.ground_state_energy(game) == pytest.approx(sg.ground_state_energy(series), rel=1e-12)
    lowest = [sg.complexity(one, "quenched").lowest_energy(index=0) for one in (game, series)]
    assert lowest[0] == pytest.approx(lowest[1], rel=1e-10)


# -- several species -----------------------------------------------------------------------------------------------

TWO = sg.SphericalGame([0.4, 0.6], [sympy.exp(Q1 * Q2) - 1, {(2, 0): 1, (0, 3): 0.5}], [[1, 0.5]], [[0, 1]])


@pytest.mark.parametrize("ar", [sg.float64, sg.mp(25), sg.balls(25), sg.symbols], ids=["float64", "mp", "balls", "sym"])
def test_the_law_of_a_coupling_by_a_kernel(ar):
    law, series = TWO.local_law(ar), TWO.truncated(1e-16).local_law()
    plain = np.vectorize(close, otypes=[float])
    for part in ("gradient_variance", "jacobian_variance", "jacobian_covariance", "loss_covariance"):
        np.testing.assert_allclose(plain(getattr(law, part)), getattr(series, part), rtol=1e-13)
    scalars = [np.vstack([plain(one.losses), plain(one.shifts)]) for one in (law, series)]
    np.testing.assert_allclose(*(s @ s.T for s in scalars), rtol=1e-12)
    assert law.losses.shape == series.losses.shape  # R_1 = R_2 of the kernel: two normals of its three scalars
    assert law.signs == (1, 1)


def test_complexity_of_a_coupling_by_a_kernel():
    c, series = sg.complexity(TWO), sg.complexity(TWO.truncated(1e-15))
    assert c.total() == pytest.approx(series.total(), rel=1e-10)
    assert c(-1.5) == pytest.approx(series(-1.5), rel=1e-10)
    assert float(c.total(arithmetic=sg.mp(20))) == pytest.approx(c.total(), rel=1e-10)


def test_a_kernel_of_sums_by_series_and_by_recursion():
    xi = sg.SphericalGame([0.5, 0.5], [sympy.exp(Q1 + 2 * Q2) - 1], [[1]], [[0, 1]]).fields[0]
    assert all(c == Fraction(2**b, math.factorial(a) * math.factorial(b)) for (a, b), c in xi.series(1e-6))


# -- draws and symbols ---------------------------------------------------------------------------------------------


def test_draws_state_what_they_leave_out():
    game = mixed("exponential")
    draw = game.draw(3, rng=1)
    assert draw.tail == 1e-6 and sg.pure(3).draw(3, rng=1).tail == 0.0
    whole, kept = game.local_law(), draw.game.local_law()
    for name in ("v0", "x1", "x2"):
        assert 0 <= 1 - getattr(kept, name) / getattr(whole, name) <= 1e-6
    assert sg.pure(3).truncated(0.1) is not None and sg.pure(3).truncated(0.1) == sg.pure(3)
    points = sg.critical_points(sg.mixed(sympy.exp(Q / 4) - 1).draw(2, rng=1))
    assert points.count >= 2


def test_a_slow_series_cannot_be_drawn():
    game = sg.mixed(1 / (sympy.Rational(101, 100) - Q) - sympy.Rational(100, 101))
    assert sg.complexity(game).total() > 0
    with pytest.raises(
        NotImplementedError, match="its Taylor series beyond degree 400 make up more than a share 1e-06"
    ):
        game.draw(3, rng=1)


def test_the_symbolic_room_reads_the_expression():
    law = sg.symbolic.local_law(mixed("exponential"))
    assert sympy.simplify(law.gradient_variance[0] - 2 * sympy.exp(2)) == 0
    sigma = sg.symbolic.complexity(mixed("exponential"))
    energy = next(iter(sigma.free_symbols))
    assert float(sigma.subs(energy, -2)) == pytest.approx(sg.complexity(mixed("exponential"))(-2), rel=1e-12)


# -- values --------------------------------------------------------------------------------------------------------


def test_kernels_are_values():
    game = mixed("exponential")
    again = sg.mixed(sympy.exp(2 * sympy.Symbol("q_1", positive=True)) - 1)
    assert again == game and hash(again) == hash(game) and pickle.loads(pickle.dumps(TWO)) == TWO
    assert game != mixed("rational") and game != sg.pure(3)
    assert repr(game) == "SphericalGame(fractions=[1], fields=[exp(2*q) - 1], losses=[[1]], players=[[0]])"
    assert str(game) == "L1 = f1 (moves x);  xi1 = exp(2*q) - 1"
    assert sg.cite(game) == sg.cite(sg.mixed({1: 1, 3: 1}))


@pytest.mark.parametrize(
    "written",
    [
        Q**3 / 2 + Q**4 / 2,
        sympy.Poly(Q**3 / 2 + Q**4 / 2, Q),
        [0, 0, 0, Fraction(1, 2), 0.5],
        np.array([0, 0, 0, 0.5, 0.5]),
        np.polynomial.Polynomial([0, 0, 0, 0.5, 0.5]),
        np.poly1d([0.5, 0.5, 0, 0, 0]),
        {3: 0.5, 4: 0.5},
    ],
    ids=["sympy", "Poly", "list", "array", "numpy", "poly1d", "mapping"],
)
def test_polynomials_come_in_many_forms(written):
    assert sg.mixed(written) == sg.mixed({3: 0.5, 4: 0.5})
    assert sg.SphericalGame([1], [written], [[1]], [[0]]) == sg.mixed({3: 0.5, 4: 0.5})


def test_exact_coefficients_stay_exact():
    field = sg.mixed(Q**2 / 3 + sympy.Float(0.1) * Q**3 + 2 * Q**5).fields[0]
    assert field == (((2,), Fraction(1, 3)), ((3,), 0.1), ((5,), 2))
    assert [type(c) for _, c in field] == [Fraction, float, int]


REFUSALS = [
    (sympy.exp(Q), "a constant term shifts the loss by the same number everywhere; leave it out: subtract 1"),
    (Q**3 + 1, "a constant term shifts the loss"),
    ([0.5, 0.5], "a constant term shifts the loss"),
    (sympy.exp(Q) - 1 - Q**2, r"expected non-negative coefficients, got -0.5 for \(2,\) in"),
    (1 - sympy.cos(Q), r"expected non-negative coefficients, got -0.0416667 for \(4,\)"),
    (sympy.sqrt(Q), r"expected a function analytic at q = 0, got sqrt\(q\)"),
    (sympy.Abs(Q) ** 3, "expected a function analytic at q = 0"),
    (sympy.log(Q), "expected a function analytic at q = 0"),
    (1 / (1 - Q) - 1, "expected finite derivatives at q = 1"),
    (sympy.asin(Q), "expected finite derivatives at q = 1"),
    (sympy.tan(3 * Q), r"expected a Taylor series that converges at q = 1, got tan\(3\*q\), whose derivative"),
    (sympy.exp(sympy.Symbol("beta") * Q) - 1, "expected an expression in q, got also beta"),
    (Q2**2, "expected an expression in q, got also q2"),
    (sympy.I * sympy.exp(Q), "expected a function analytic"),
    (Q, "expected a term of degree 2 or more, got q: a linear function"),
    ([0, 0, -1], "expected non-negative coefficients, got -1"),
]


@pytest.mark.parametrize(("written", "message"), REFUSALS, ids=[str(x) for x, _ in REFUSALS])
def test_what_is_no_covariance_is_refused_in_one_line(written, message):
    with pytest.raises(ValueError, match=message) as caught:
        sg.mixed(written)
    assert "\n" not in str(caught.value)


def test_enclosures_say_which_functions_they_lack():
    with pytest.raises(NotImplementedError, match=r"hyper is not in this arithmetic; try sg.mp"):
        sg.complexity(mixed("bessel")).total(arithmetic=sg.balls(20))
    with pytest.raises(TypeError, match="expected an expression of sympy"):
        sg.mixed(sympy.Eq(Q, 1))
