"""Taylor coefficients and their signs against sympy's own series, and expressions in every arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg
from spinglass.arithmetic import expressions
from spinglass.arithmetic.series import falling, rising, taylor

Q, R = sympy.symbols("q1 q2", real=True)
ORDER = 7


def derivatives(x, order):
    """Return the Taylor coefficients of an expression in one variable by repeated differentiation."""
    found = []
    for n in range(order + 1):
        found.append(x.subs(Q, 0) / sympy.factorial(n))
        x = sympy.diff(x, Q)
    return found


EXPRESSIONS = [
    sympy.exp(2 * Q) - Q**2,
    sympy.exp(1 + Q),
    1 / (2 - Q) ** 2,
    (3 - Q) ** sympy.Rational(-1, 2),
    sympy.log(2 - Q),
    sympy.log(1 + Q),
    2**Q,
    sympy.sinh(Q) * sympy.cosh(Q / 2) + sympy.tanh(Q),
    sympy.tan(Q / 2) + sympy.sin(Q),
    sympy.asin(Q / 3),
    (Q + Q**2) ** 3,
    sympy.exp(sympy.exp(Q) - 1),
    sympy.sqrt(2) * Q,
]


@pytest.mark.parametrize("x", EXPRESSIONS, ids=str)
def test_coefficients_of_one_variable(x):
    for n, (part, wanted) in enumerate(zip(taylor(x, [Q], ORDER), derivatives(x, ORDER), strict=True)):
        found = float(part.get((n,), 0))
        assert found == pytest.approx(float(wanted), rel=1e-14, abs=1e-30)
        assert set(part) <= {(n,)}


def test_rational_coefficients_are_exact():
    parts = taylor(1 / (2 - Q) + sympy.exp(Q**2), [Q], 4)
    assert [part.get((n,), 0) for n, part in enumerate(parts)] == [
        Fraction(3, 2),
        Fraction(1, 4),
        Fraction(9, 8),
        Fraction(1, 16),
        Fraction(17, 32),
    ]


@pytest.mark.parametrize(
    "x", [sympy.exp(Q * R) / (2 - Q), sympy.log(3 - Q - 2 * R), (1 + Q + R) ** sympy.Rational(3, 2)]
)
def test_coefficients_of_two_variables(x):
    for n, part in enumerate(taylor(x, [Q, R], 5)):
        for a in range(n + 1):
            wanted = expressions.derivative(x, (Q,) * a + (R,) * (n - a)).subs({Q: 0, R: 0})
            wanted = wanted / (sympy.factorial(a) * sympy.factorial(n - a))
            assert float(part.get((a, n - a), 0)) == pytest.approx(float(wanted), rel=1e-13, abs=1e-30)


@pytest.mark.parametrize("x", [sympy.sqrt(Q), 1 / Q, sympy.log(Q), sympy.Abs(Q), sympy.floor(Q + 1), sympy.I * Q])
def test_what_is_not_analytic_is_refused(x):
    with pytest.raises(ValueError, match=r"is not analytic at 0|is no finite real number"):
        taylor(x, [Q], 4)


number = st.integers(1, 4).map(sympy.Integer)


@st.composite
def forms(draw, depth=2):
    """Expressions with signs of all kinds."""
    if depth == 0:
        return draw(st.sampled_from([Q, Q**2, 1 + Q, 2 - Q, Q - 1, sympy.Integer(2)]))
    inner = draw(forms(depth=depth - 1))
    other = draw(forms(depth=depth - 1))
    kind = draw(st.sampled_from(["sum", "product", "exp", "inverse", "log", "root", "power", "minus", "cosh"]))
    with_number = {
        "sum": lambda: inner + other,
        "product": lambda: inner * other,
        "exp": lambda: sympy.exp(inner),
        "inverse": lambda: 1 / inner,
        "log": lambda: sympy.log(inner),
        "root": lambda: sympy.sqrt(inner),
        "power": lambda: inner ** draw(number),
        "minus": lambda: -inner,
        "cosh": lambda: sympy.cosh(inner),
    }
    return with_number[kind]()


@settings(max_examples=150, deadline=None)
@given(forms())
def test_signs_that_a_form_shows_are_those_of_the_coefficients(x):
    try:
        parts = taylor(x, [Q], ORDER)[1:]
    except (ValueError, TypeError, ZeroDivisionError):
        return
    values = [float(c) for part in parts for c in part.values()]
    if rising(x):
        assert min(values, default=0) >= -1e-60
    if falling(x):
        assert max(values, default=0) <= 1e-60


def test_some_forms_show_their_signs():
    assert rising(sympy.exp(Q) - 3) and rising(-sympy.log(2 - Q)) and rising(1 / (2 - sympy.exp(Q)))
    assert falling(sympy.sqrt(2 - Q)) and falling(-Q * sympy.exp(Q))
    assert not rising(sympy.cos(Q)) and not rising(sympy.exp(-Q)) and not rising(1 / (1 + Q))


@pytest.mark.parametrize(
    "x",
    [
        sympy.exp(Q) + Q**3,
        sympy.log(2 - Q),
        sympy.sqrt(3 - Q),
        Q ** sympy.Rational(3, 2),
        sympy.sinh(Q),
        sympy.erf(Q),
        sympy.cos(Q) * sympy.pi,
        sympy.E * Q,
    ],
)
def test_expressions_in_every_arithmetic(x):
    place = Fraction(1, 3)
    wanted = float(sympy.N(x.subs(Q, sympy.Rational(1, 3)), 30))
    for ar in (sg.float64, sg.mp(30), sg.balls(30), sg.symbols):
        with ar.precision():
            found = expressions.at(x, (Q,), [ar.number(place)], ar)
        assert float(getattr(found, "mid", lambda found=found: found)()) == pytest.approx(wanted, rel=1e-14)
    values = expressions.at(x, (Q,), [np.array([1 / 3, 0.5])], sg.float64)
    assert values.shape == (2,) and values[0] == pytest.approx(wanted, rel=1e-14)


def test_a_constant_has_all_digits_whatever_cancels():
    tiny = sympy.exp(sympy.Rational(1, 10**30)) - 1
    assert float(expressions.constant(tiny, sg.float64)) == pytest.approx(1e-30, rel=1e-15)
    assert abs(expressions.constant(tiny, sg.mp(40)) * 10**30 - 1) < 1e-29
