"""The contract of an arithmetic: all four keep it and agree with each other."""

import math
import pickle
import re
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass.arithmetic import Arithmetic, float64, resolve
from spinglass.arithmetic.scalar import Scalar

#: Each with what it is: (vectorised, has_digits, proves, exact).
ARITHMETICS = {
    float64: (True, False, False, False),
    sg.mp(30): (False, True, False, False),
    sg.balls(30): (False, True, True, False),
    sg.symbols: (False, False, False, True),
}
every_arithmetic = pytest.mark.parametrize("ar", ARITHMETICS, ids=[ar.name for ar in ARITHMETICS])

#: Functions of one number and places where they are asked for, extremes among them; all are numbers of float64.
FUNCTIONS = {
    "sqrt": [0.0, 1e-300, 0.5, 2.0, 1e300],
    "exp": [-700.0, -1.0, 0.0, 1e-20, 2.5, 700.0],
    "log": [1e-300, 0.75, 1.0, 3.0, 1e300],
    "log1p": [-0.96875, -1e-20, 0.0, 1e-20, 0.25, 1e15],
    "sin": [-3.0, 0.0, 1e-20, 1.0, 1000.0],
    "cos": [-3.0, 0.0, 1.5, 1000.0],
    "erf": [-30.0, -0.5, 0.0, 1e-20, 1.0, 30.0],
    "erfc": [-30.0, -0.5, 0.0, 1.0, 5.0, 26.0],
    "gamma": [1e-10, 0.5, 1.0, 2.5, 30.0, 170.0],
    "airy": [-1.0, 0.0, 1e-20, 0.5, 2.5, 4.0],
}

INFINITY = math.inf
#: Shapes and ends for the share of a gamma law.
SHARES = [(0.5, 0.0, 1e-20), (0.5, 0.25, 3.0), (2.5, 0.0, INFINITY), (5.0, 100.0, INFINITY), (5.0, 100.0, 101.0)]


def as_float(x):
    """Return the float nearest to a number of any arithmetic."""
    if isinstance(x, flint.arb):
        return float(x.mid())
    return float(sympy.N(x, 20)) if isinstance(x, sympy.Basic) else float(x)


def as_digits(x):
    """Return a number of any arithmetic with its digits."""
    return mpmath.mpf(str(sympy.N(x, 45))) if isinstance(x, sympy.Basic) else mpmath.mpf(x)


def number(x, ar):
    return ar.infinity if x == INFINITY else ar.number(x)


def check(function, rel=2e-15):
    """Compare a function in all arithmetics with its value to many digits."""
    finer, balls = sg.mp(90), sg.balls(90)
    with finer.precision():
        exact = finer.result(function(finer))
    for ar in ARITHMETICS:
        with ar.precision():
            value = ar.result(function(ar))
        if ar.proves:
            with balls.precision():
                assert value.contains(balls.number(exact)), ar
                assert value.rad() <= abs(value.mid()) * balls.number(10) ** -30, ar
        elif ar.has_digits or ar.exact:
            with mpmath.workdps(90):
                assert abs(as_digits(value) - exact) <= 1e-29 * abs(exact), ar
        else:
            assert value == pytest.approx(float(exact), rel=rel, abs=0), ar


# -- what there is ---------------------------------------------------------------------------------------------------


@every_arithmetic
def test_an_arithmetic_keeps_the_whole_contract(ar):
    assert isinstance(ar, Arithmetic) and not type(ar).__abstractmethods__
    for member in Arithmetic.__abstractmethods__:
        assert not getattr(getattr(ar, member), "__isabstractmethod__", False), member
    assert repr(ar) == f"sg.{ar.name}" and isinstance(ar.dtype, type)
    with ar.precision():
        for x in (ar.number(2), ar.pi, ar.infinity, ar.epsilon):
            assert as_float(np.array([x, x], dtype=ar.dtype)[1]) == as_float(x)
        assert 0 <= as_float(ar.epsilon) < 1e-13


@every_arithmetic
def test_the_predicates_of_an_arithmetic(ar):
    assert (ar.vectorised, ar.has_digits, ar.proves, ar.exact) == ARITHMETICS[ar]
    if ar.has_digits:
        assert ar.of(20) is ar.of(20) and ar.of(20).digits == 20 and ar.digits == 30
        assert ar.bits > 30 * math.log2(10)
        assert type(ar.of(20)) is type(ar)


@every_arithmetic
def test_an_arithmetic_is_itself_after_a_journey(ar):
    again = pickle.loads(pickle.dumps(ar))
    assert type(again) is type(ar) and repr(again) == repr(ar) and (again is ar or ar.has_digits)
    assert resolve(ar) is ar


#: What may be asked, and who cannot answer.
REFUSED = {
    "of": (lambda ar: ar.of(20), lambda ar: not ar.has_digits),
    "legendre": (lambda ar: ar.legendre(5), lambda ar: ar.exact),
    "union": (lambda ar: ar.union(ar.number(1), ar.number(2)), lambda ar: not ar.proves),
    "certain_bits": (lambda ar: ar.certain_bits(ar.number(1)), lambda ar: not ar.proves),
    "zero_near": (lambda ar: ar.zero_near(ar.sin, ar.number(0), ar.number(1)), lambda ar: not ar.proves),
    "integral": (lambda ar: ar.integral(ar.exp, 0, 1, 1e-20), lambda ar: not ar.proves),
}


@pytest.mark.parametrize(("question", "cannot"), REFUSED.values(), ids=REFUSED)
@every_arithmetic
def test_what_an_arithmetic_cannot_give_it_refuses_in_one_line(ar, question, cannot):
    with ar.precision():
        if not cannot(ar):
            question(ar)
            return
        with pytest.raises(NotImplementedError, match=rf"^sg\.{re.escape(ar.name)}: .*; try sg\.\w+\(digits\)$"):
            question(ar)


# -- all agree ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "x"), [(name, x) for name, places in FUNCTIONS.items() for x in places])
def test_functions_agree(name, x):
    check(lambda ar: getattr(ar, name)(ar.number(x)))


@pytest.mark.parametrize(("s", "low", "high"), SHARES)
def test_shares_of_a_gamma_law_agree(s, low, high):
    check(lambda ar: ar.gamma_between(ar.number(s), number(low, ar), number(high, ar)), rel=2e-14)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "log1p"])
def test_float64_takes_arrays(name):
    places = np.array(FUNCTIONS[name])
    one_by_one = [getattr(float64, name)(float64.number(x)) for x in places]
    np.testing.assert_allclose(getattr(float64, name)(places), one_by_one, rtol=1e-15)


def test_float64_takes_arrays_of_shares():
    s, low, high = np.array(SHARES).T
    one_by_one = [float64.gamma_between(*row) for row in SHARES]
    np.testing.assert_allclose(float64.gamma_between(s, low, high), one_by_one, rtol=1e-15)


def test_erfc_is_the_rest_of_erf_and_gamma_a_factorial():
    for ar in ARITHMETICS:
        with ar.precision():
            for x in (-1, 0, Fraction(1, 3), 2):
                assert as_float(ar.erf(ar.number(x)) + ar.erfc(ar.number(x))) == pytest.approx(1, rel=1e-15)
            assert as_float(ar.gamma(ar.number(6))) == pytest.approx(120, rel=1e-15)


@pytest.mark.parametrize("order", [1, 2, 7, 24])
def test_nodes_of_quadrature_agree_and_integrate_polynomials(order):
    digits, enclosures = sg.mp(30), sg.balls(30)
    expected = np.polynomial.legendre.leggauss(order)
    for ar in (float64, digits, enclosures):
        with ar.precision():
            nodes, weights = ar.legendre(order)
            pairs = sorted((as_float(x), as_float(w)) for x, w in zip(nodes, weights, strict=True))
            np.testing.assert_allclose(np.array(pairs).T, expected, rtol=0, atol=4e-15)
            power = 2 * order - 2
            total = sum((w * x**power for x, w in zip(nodes, weights, strict=True)), ar.number(0))
            exact = ar.number(Fraction(2, power + 1))
            error = abs(total - exact)
            assert total.contains(exact) if ar.proves else error < (1e-38 if ar.has_digits else 4e-15)


def test_integration_with_proof_holds_the_integral():
    ar = sg.balls(30)
    with ar.precision():
        area = ar.integral(lambda x: ar.exp(-x * x), ar.number(-1), ar.number(2), ar.number(10) ** -35)
        exact = ar.sqrt(ar.pi) * (ar.erf(ar.number(2)) + ar.erf(ar.number(1))) / 2
        assert area.overlaps(exact) and area.rad() < 1e-33


def test_a_zero_is_proved_by_a_change_of_sign():
    ar = sg.balls(30)
    with ar.precision():
        radius = ar.number(10) ** -20
        zero = ar.zero_near(lambda x: -ar.cos(x), ar.number(math.pi / 2), ar.number(1e-15))
        assert zero.contains(ar.pi / 2) and zero.rad() < 1e-14
        for lost in (ar.cos, lambda x: -ar.cos(x)):  # a radius that misses the zero
            with pytest.raises(ArithmeticError, match=r"no change of sign could be proved around .*: try more"):
                ar.zero_near(lost, ar.number(math.pi / 2), radius)
        with pytest.raises(ArithmeticError, match="no change of sign"):
            ar.zero_near(ar.cos, ar.number(math.pi / 2), ar.number(1e-15))


def test_certain_bits_and_the_union_of_balls():
    ar = sg.balls(30)
    with ar.precision():
        one, wide = ar.number(1), flint.arb(1, 2**-20)
        assert ar.certain_bits(one) > ar.bits > 20 >= ar.certain_bits(wide) > 15
        assert ar.certain_bits(ar.infinity) == -math.inf
        both = ar.union(one, ar.number(3))
        assert all(both.contains(ar.number(x)) for x in (1, 2, 3)) and not both.contains(ar.number(0))


def test_a_number_with_digits_is_the_midpoint_of_a_ball():
    finer, ar = sg.balls(60), sg.mp(20)
    with finer.precision():
        third = flint.arb(finer.number(1) / 3, 1e-30)
    with sg.mp(80).precision():
        exact = sg.mp(80).number(ar.number(third))
        assert abs(3 * exact - 1) < 1e-58  # not rounded to the digits
    with finer.precision():
        assert finer.number(ar.number(third)) == third.mid()
        assert third.contains(finer.number(ar.number(third)))


# -- an arithmetic of one's own --------------------------------------------------------------------------------------


class Plain(Scalar):
    """Floats of Python, one at a time."""

    name = "plain"
    pi, infinity, epsilon = math.pi, math.inf, 1e-14
    number = staticmethod(float)
    is_infinite = staticmethod(math.isinf)
    sqrt, exp, log, log1p = map(staticmethod, (math.sqrt, math.exp, math.log, math.log1p))
    sin, cos, erf, erfc = map(staticmethod, (math.sin, math.cos, math.erf, math.erfc))
    gamma = staticmethod(math.gamma)
    gamma_between = staticmethod(float64.gamma_between)


QUESTIONS = {
    "rate": lambda ar: sg.complexity(sg.pure(3))(-1.64, index=0, arithmetic=ar),
    "mixture": lambda ar: sg.complexity(sg.mixed({3: 0.5, 4: 0.5})).below(-1.6, arithmetic=ar),
    "total": lambda ar: sg.complexity(sg.mixed({3: 0.5, 4: 0.5})).total(index=1, arithmetic=ar),
    "lowest": lambda ar: sg.complexity(sg.mixed({3: 0.5, 4: 0.5})).lowest_energy(index=1, arithmetic=ar),
    "fraction": lambda ar: sg.complexity(sg.mixed({3: 0.5, 4: 0.5})).total(fraction=0.25, arithmetic=ar),
    "class": lambda ar: sg.complexity(sg.mixed({3: 0.5, 4: 0.5})).classify(arithmetic=ar).G,
    "count": lambda ar: sg.mean_count(sg.pure(3), 7, arithmetic=ar).mean,
    "pairs": lambda ar: sg.second_moment(3, 0.3, -1.64, -1.6, arithmetic=ar),
    "spike": lambda ar: sg.spiked(3, 1.0).spike_overlap(arithmetic=ar),
    "band": lambda ar: sg.spiked(3, 1.0).band(maxima=True, arithmetic=ar)[1],
    "parabola": lambda ar: sg.parabolic(0.5).minima(arithmetic=ar),
    "goe": lambda ar: sg.goe.density(4, 0.5, ar),
    "potential": lambda ar: sg.spectra.Semicircle(2.0).log_potential(3.5, arithmetic=ar),
    "law": lambda ar: sg.gan(3, 3, 1.0, 0.9).local_law(ar).shifts[1, 1],
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_an_arithmetic_of_ones_own_answers(question):
    assert question(Plain()) == pytest.approx(float(question(None)), rel=1e-13)


@pytest.mark.parametrize(
    "question",
    [
        lambda ar: sg.mean_count(sg.pure(3), 7, (-2, -1), arithmetic=ar),
        lambda ar: sg.count_density(sg.pure(3), 7, -1.5, arithmetic=ar),
        lambda ar: sg.goe.mean_abs_det_index(3, 0.5, 1, ar),
        lambda ar: sg.complexity(sg.bipartite(2, 3, kappa=0.5)).total(arithmetic=ar),
    ],
)
def test_what_needs_digits_is_refused_in_one_line(question):
    with pytest.raises(NotImplementedError, match=r"^.*\bplain\b.*$"):
        question(Plain())


@pytest.mark.parametrize("member", sorted(Arithmetic.__abstractmethods__))
def test_what_is_missing_in_an_arithmetic_is_said_when_it_is_made(member):
    kept = {name: getattr(Plain(), name) for name in Arithmetic.__abstractmethods__ - {member}}
    with pytest.raises(TypeError, match=f"'?{member}'?"):
        type("Lacking", (Arithmetic,), {"name": "lacking", **kept})()
