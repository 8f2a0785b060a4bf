"""Real eigenpairs of Gaussian tensors: closed forms, published numbers, arithmetics against each other."""

import json
from fractions import Fraction

import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass.finite.closed_forms import closed_total
from spinglass.finite.count import exact_log_count
from spinglass.finite.eigenpairs import real_eigenpairs

PUBLISHED = json.loads(
    '{"3,3": "5.2761798705988", "4,3": "9.3951169005151", "5,3": "15.748457104718", "6,3": "25.436568258625"}'
)


@pytest.mark.parametrize("key", PUBLISHED)
def test_published_numbers(key):
    n, order = map(int, key.split(","))
    assert real_eigenpairs(n, order) == pytest.approx(float(PUBLISHED[key]), abs=6e-13 * 10)
    assert float(real_eigenpairs(n, order, sg.symbols)) == pytest.approx(real_eigenpairs(n, order), rel=1e-14)


def test_four_six_is_rational():
    assert real_eigenpairs(4, 6, sg.symbols) == sympy.Rational(267, 8)
    assert real_eigenpairs(4, 6) == 33.375


def test_closed_forms_in_the_order():
    d = sympy.Symbol("d", positive=True)
    root = sympy.sqrt(3 * d - 2)
    forms = {
        1: 1,
        2: root,
        3: 1 + 4 * (d - 1) ** sympy.Rational(3, 2) / root,
        4: (29 * d**3 - 63 * d**2 + 48 * d - 12) / (2 * root**3),
        5: 1 + 2 * (d - 1) ** sympy.Rational(5, 2) * (5 * d - 2) ** 2 / root**5,
    }
    for n, form in forms.items():
        assert sympy.simplify(real_eigenpairs(n, d, sg.symbols) - form) == 0


@pytest.mark.parametrize("n", range(1, 13))
def test_symbol_number_digits_and_ball_agree(n):
    d = sympy.Symbol("d")
    formula = real_eigenpairs(n, d, sg.symbols)
    for order in (2, 3, 7):
        exact = sympy.N(formula.subs(d, order) if n > 1 else formula, 50)
        digits, ball = real_eigenpairs(n, order, sg.mp(40)), real_eigenpairs(n, order, sg.balls(30))
        assert abs(sympy.Float(str(digits), 50) - exact) < 1e-38 * exact
        assert abs(float(real_eigenpairs(n, order) / digits) - 1) < 1e-15
        with sg.balls(60).precision():
            assert sg.balls(60).number(str(exact)) in ball * sg.balls(60).number("1 +/- 1e-44")
            assert float(ball.rad() / ball.mid()) < 1e-30


@pytest.mark.parametrize("n", [1, 2, 3, 8, 33, 120, 150, 151])
def test_matrices_have_n_eigenvectors(n):
    assert real_eigenpairs(n, 2) == pytest.approx(n, rel=1e-13)
    assert closed_total(n, Fraction(1), sg.symbols) == 2 * n


@pytest.mark.parametrize("order", [3, 6])
def test_large_sizes_go_through_the_logarithm(order):
    for n in (60, 130):
        half = np.exp(exact_log_count(sg.pure(order), n)) / 2
        assert real_eigenpairs(n, order) == pytest.approx(half, rel=1e-12)
        assert float(real_eigenpairs(n, order, sg.mp(30))) == pytest.approx(half, rel=1e-12)
    assert real_eigenpairs(2000, 10**9) == np.inf and np.isfinite(real_eigenpairs(50, 10**9))


def test_refusals():
    for bad in ((0, 3), (3, 1)):
        with pytest.raises(ValueError, match="expected an integer of at least"):
            real_eigenpairs(*bad)
    for bad in ((2.5, 3), (3, "x"), (True, 3)):
        with pytest.raises(TypeError, match="expected an integer of at least"):
            real_eigenpairs(*bad)
