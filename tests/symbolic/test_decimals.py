"""A float is written as the decimal that was typed; fractions and expressions stay exact."""

import re
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

import spinglass as sg
from spinglass import symbolic
from spinglass.symbolic.constructors import in_decimals
from spinglass.symbolic.decimals import Written, decimal_of, written_binary, written_derived, written_typed

Q = sympy.Symbol("q")
ODD = sg.SphericalGame([0.4, 0.6], [{(2, 1): 1.0, (1, 0): 0.5}, {(1, 2): 2.0}], [[1.0, -1.0], [0.25, -2.0]], [[0], [1]])


def values(expression):
    """Return an expression with the numbers that its decimals are written for."""
    return expression.xreplace({written: written.value for written in expression.atoms(Written)})


@pytest.mark.parametrize(
    ("model", "latex"),
    [
        (sg.mixed({3: 0.1}), r"\xi_{1} = 0.1 q_{1}^{3},\quad L_{1} = f_{1}"),
        (sg.mixed({3: 0.5, 4: 0.25}), r"\xi_{1} = 0.25 q_{1}^{4} + 0.5 q_{1}^{3},\quad L_{1} = f_{1}"),
        (sg.mixed({3: 0.1 + 0.2}), r"\xi_{1} = 0.30000000000000004 q_{1}^{3},\quad L_{1} = f_{1}"),
        (sg.mixed({3: np.float64(0.7)}), r"\xi_{1} = 0.7 q_{1}^{3},\quad L_{1} = f_{1}"),
        (
            sg.mixed({3: Fraction(1, 10), 4: 0.25}),
            r"\xi_{1} = 0.25 q_{1}^{4} + \frac{q_{1}^{3}}{10},\quad L_{1} = f_{1}",
        ),
        (sg.mixed({3: sympy.Rational(1, 3), 4: 1}), r"\xi_{1} = q_{1}^{4} + \frac{q_{1}^{3}}{3},\quad L_{1} = f_{1}"),
        (sg.mixed({3: 2.0, 4: 1e22}), r"\xi_{1} = 10^{22} q_{1}^{4} + 2 q_{1}^{3},\quad L_{1} = f_{1}"),
        (sg.mixed({3: 1.5e-20}), r"\xi_{1} = 1.5 \cdot 10^{-20} q_{1}^{3},\quad L_{1} = f_{1}"),
        (sg.mixed(0.1 * (sympy.exp(Q) - 1)), r"\xi_{1} = 0.1 e^{q_{1}} - 0.1,\quad L_{1} = f_{1}"),
    ],
)
def test_coefficients_are_written_as_they_were_typed(model, latex):
    assert sg.latex(model) == latex


def test_kappa_and_sigma_z_are_written_as_they_were_typed():
    assert sg.latex(sg.bipartite(2, 3, kappa=0.3)).endswith(r"\kappa_{1} = 0.3,\quad \kappa_{2} = 0.7")
    gan = sg.latex(sg.gan(3, 3, sigma_z=0.7, kappa=0.9))
    assert r"L_{1} = f_{1} - 0.7 f_{2},\quad L_{2} = 0.7 f_{2},\quad \kappa_{1} = 0.9,\quad \kappa_{2} = 0.1" in gan
    exact = sg.latex(sg.gan(3, 3, sigma_z=Fraction(7, 10), kappa=Fraction(9, 10)))
    assert r"\frac{7 f_{2}}{10},\quad \kappa_{1} = \frac{9}{10}" in exact and "." not in exact
    assert r"L_{1} = f_{1} - f_{2},\quad L_{2} = 0.25 f_{1} - 2 f_{2},\quad \kappa_{1} = 0.4" in sg.latex(ODD)


def test_what_follows_from_decimals_is_exact_in_them():
    gan = sg.latex(sg.complexity(sg.gan(3, 3, sigma_z=0.7, kappa=0.9)))
    assert r"u_{1} = w_{1} - 5.6 w_{2},\quad u_{2} = 5.6 w_{2}" in gan  # 0.7 sqrt(64)
    assert r"d_{1} = - 3 w_{1} + 16.8 w_{2} + 2.8 \sqrt{6} w_{3}" in gan
    typed, exact = (sg.latex(sg.complexity(sg.mixed({3: c}))) for c in (0.1, Fraction(1, 10)))
    assert typed == exact and r"\frac{5 u^{2}}{4}" in typed
    for model in (
        sg.mixed({3: 0.1, 4: 0.9}),
        sg.mixed({3: 0.35}),
        sg.gan(2, 1, 0.123, 0.45),
        sg.bipartite(2, 2, 0.3),
        ODD,
    ):
        assert not re.search(r"\d{13}", sg.latex(model) + sg.latex(sg.complexity(model)))


def test_steps_of_a_derivation_are_written_with_the_digits_of_a_float():
    law = symbolic.local_law(sg.gan(3, 3, 0.7, 0.9))
    assert symbolic.latex(law).startswith(r"V_{1} = 97.08,\quad V_{2} = 94.08,\quad v_{11} = 241.2")
    assert sg.latex(symbolic.of(sg.mixed({3: 0.1}))) == sg.latex(sg.mixed({3: 0.1}))
    text = symbolic.derivation(sg.mixed({3: 0.1, 4: 0.9}))
    assert not re.search(r"\d{9}", text) and r"\frac{9 q_{1}^{4}}{10} + \frac{q_{1}^{3}}{10}" in text
    odd = sg.mixed({2: 1 / 3, 3: 1.31})  # roots of long fractions
    for step in (symbolic.local_law(odd), symbolic.closed_forms(odd), symbolic.local_law(sg.mixed({3: 0.1, 4: 0.9}))):
        assert not re.search(r"[1-9]\d{15}|sqrt", symbolic.latex(step))
    assert r"E_\infty = 2.05533191466174" in symbolic.latex(symbolic.closed_forms(odd))
    assert sg.complexity(odd).threshold_energy == pytest.approx(-2.05533191466174, rel=1e-14)
    exact = symbolic.closed_forms(sg.mixed({3: Fraction(1, 3), 4: 2}))
    assert symbolic.latex(exact).startswith(r"E_\infty = \frac{181 \sqrt{26}}{351},\quad")
    # the numbers themselves are the binary fractions as before
    assert (
        symbolic.of(sg.mixed({3: 0.1})).fields[0].coeff(symbolic.overlaps(1)[0], 3) == sympy.Rational(0.1) != 0.1 + 1e-9
    )


@pytest.mark.parametrize(
    ("number", "latex"),
    [
        (0.1, "0.1"),
        (1 / 3, "0.3333333333333333"),
        (-2.5e300, r"-2.5 \cdot 10^{300}"),
        (5e-324, r"5 \cdot 10^{-324}"),
        (0.0, "0"),
        (3.0, "3"),
        (float("inf"), r"\infty"),
        (np.float64(0.7), "0.7"),
        (Fraction(1, 10), r"\frac{1}{10}"),
        (sympy.Rational(0.1), r"\frac{3602879701896397}{36028797018963968}"),
        (sympy.Rational(10**20 + 1, 7), r"\frac{100000000000000000001}{7}"),
        (10**20, "100000000000000000000"),
    ],
)
def test_numbers(number, latex):
    assert sg.latex(number) == latex


@given(st.floats(1e-4, 1e15, allow_subnormal=False) | st.decimals("0.001", "99", places=3).map(float))
@settings(deadline=None, max_examples=40)
def test_any_float_is_read_back_from_its_decimal(x):
    assert float(decimal_of(x)) == x and decimal_of(-x) == "-" + decimal_of(x)
    (field,) = in_decimals(sg.mixed({3: x}))[0].fields
    assert float(field.subs(symbolic.overlaps(1)[0], 1)) == x
    text = sg.latex(sg.mixed({3: x})).split(" q_{1}")[0].removeprefix(r"\xi_{1} = ")
    assert x == 1 or float(text) == x


@settings(deadline=None, max_examples=15)
@given(st.lists(st.fractions(-5, 5, max_denominator=50), min_size=2, max_size=4), st.integers(1, 3))
def test_expressions_keep_their_values(coefficients, power):
    x, y = sympy.symbols("x y", positive=True)
    numbers = [sympy.Rational(c.numerator, c.denominator) for c in coefficients]
    expression = sum(c * x**i for i, c in enumerate(numbers)) ** power + sympy.sqrt(y / 5) * sympy.log(numbers[0] + 6)
    for form in (written_derived, lambda e: written_typed(e, frozenset(map(abs, numbers))), written_binary):
        assert sympy.simplify(values(form(expression)) - expression) == 0
    decimals = written_derived(expression).atoms(Written)
    assert all(written.value.q % 5 == 0 and float(written.name) == float(written.value) for written in decimals)


def test_formulas_with_decimals_parse():
    parser = MathTextParser("path")
    models = [sg.gan(2, 1, 1e-20, 1 / 3), sg.mixed({3: 1e22, 4: 1e-30})]
    for model in [*models, sg.mixed(0.1 * (sympy.exp(Q) - 1))]:
        for thing in (model, sg.complexity(model), symbolic.local_law(model)):
            parser.parse(f"${sg.latex(thing)}$")
    base = written_derived(sympy.Rational(1, 10) ** 25 * Q) ** Q
    assert symbolic.latex(base) == r"\left(10^{-25} q\right)^{q}"
    assert symbolic.latex(Written("10^{-25}", sympy.Rational(1, 10**25)) ** Q) == r"\left(10^{-25}\right)^{q}"
    assert symbolic.latex(written_derived(Q * sympy.Rational(3, 10) ** Q)) == r"0.3^{q} q"
