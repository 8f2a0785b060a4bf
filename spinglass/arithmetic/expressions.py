"""Expressions of sympy in the overlaps: read from a user, and evaluated in every arithmetic.

In float64 an expression becomes a numpy function, in an arithmetic of digits it is evaluated to them whatever cancels
on the way, for symbols it is substituted into, and for enclosures it is walked through.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

from spinglass.arithmetic.exact import exact
from spinglass.arithmetic.series import by_exponentials
from spinglass.inputs.checks import shown

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Number

DOUBLE = 60  # digits that stand for a constant in float64, whatever cancels
FUNCTIONS = ("exp", "log", "sin", "cos", "erf", "erfc", "gamma")  # that every arithmetic has
SPARE = 25  # digits carried beyond those that are returned


def overlaps(species: int) -> tuple[sympy.Symbol, ...]:
    """Return the symbols q, or q1 .. qS of several species."""
    return tuple(sympy.Symbol("q" if species == 1 else f"q{s + 1}", real=True) for s in range(species))


def read(name: str, expression: Any, species: int) -> sympy.Expr:
    """Return an expression in the symbols of :func:`overlaps`, which it may name q, q1 or q_1.

    Examples
    --------
    >>> import sympy
    >>> from spinglass.arithmetic.expressions import read
    >>> q_1, q_2 = sympy.symbols("q_1 q_2")
    >>> read("fields[0]", sympy.exp(q_1 * q_2) - 1, 2)
    exp(q1*q2) - 1
    """
    ours = overlaps(species)
    known = {f"{q}{s + 1}": ours[s] for s in range(species) for q in ("q", "q_")}
    if species == 1:
        known["q"] = ours[0]
    if not hasattr(expression, "as_expr"):
        raise TypeError(f"{name}: expected an expression of sympy, got {shown(expression)}")
    expression = expression.as_expr()
    strange = sorted(str(x) for x in expression.free_symbols if x.name not in known)
    if strange:
        raise ValueError(
            f"{name}: expected an expression in {', '.join(map(str, ours))}, got also {', '.join(strange)}"
        )
    return expression.subs({x: known[x.name] for x in expression.free_symbols})


def terms_of(expression: sympy.Expr, symbols: Sequence[sympy.Symbol]) -> dict[tuple[int, ...], Any] | None:
    """Return {exponents: coefficient} of a polynomial with rational or floating coefficients, None of anything else."""
    if not expression.is_polynomial(*symbols):
        return None
    terms = sympy.Poly(expression, *symbols, domain="EX").terms()
    if not all(c.is_Rational or c.is_Float for _, c in terms):
        return None
    return {tuple(map(int, e)): _plain(c) for e, c in terms}


def _plain(c: sympy.Expr) -> Any:
    value = exact(c)
    if value.denominator == 1:
        return int(value)
    return float(c) if c.is_Float and Fraction(float(c)) == value else value


@functools.lru_cache(maxsize=1024)
def derivative(expression: sympy.Expr, symbols: tuple[sympy.Symbol, ...]) -> sympy.Expr:
    """Return the derivative by some symbols, one after another."""
    for q in symbols:
        expression = sympy.diff(expression, q)
    return expression


@functools.lru_cache(maxsize=1024)
def rational(constant: sympy.Expr, digits: int) -> Fraction:
    """Return a real constant as a Fraction, rounded to so many digits unless it is one."""
    if constant.is_Rational:
        return exact(constant)
    value = sympy.N(constant, digits + SPARE)
    if not (value.is_real and value.is_finite):
        raise ValueError(f"expected a finite real number, got {shown(constant)}")
    return exact(value)


@functools.lru_cache(maxsize=256)
def vectorised(expression: sympy.Expr, symbols: tuple[sympy.Symbol, ...]) -> Callable[..., Any]:
    """Return an expression as a function of numpy arrays, place by place where numpy and scipy lack a part of it."""
    function = sympy.lambdify(symbols, expression, modules=["scipy", "numpy"])
    try:
        function(*(1.0 for _ in symbols))
    except NameError:

        def one(*values: Any) -> float:
            places = (sympy.Rational(exact(x)) for x in values)
            return float(rational(expression.subs(dict(zip(symbols, places, strict=True))), DOUBLE))

        return np.vectorize(one, otypes=[float])
    return function


def constant(value: sympy.Expr, ar: Any) -> Number:
    """Return a constant in the numbers of an arithmetic, with all its digits."""
    if value.is_Rational:
        return ar.number(exact(value))
    if ar.exact:
        return ar.number(value)
    if ar.proves:
        return walked(value, {}, ar)
    return ar.number(rational(value, ar.digits if ar.has_digits else DOUBLE))


def at(expression: sympy.Expr, symbols: tuple[sympy.Symbol, ...], values: Sequence[Number], ar: Any) -> Number:
    """Return an expression at values of its symbols: numbers of the arithmetic, in float64 also arrays."""
    if ar.vectorised:
        return ar.number(vectorised(expression, symbols)(*values)) + 0 * sum(values)
    if ar.proves:
        return walked(expression, dict(zip(symbols, values, strict=True)), ar)
    places = (x if ar.exact else sympy.Rational(exact(x)) for x in values)
    return constant(expression.subs(dict(zip(symbols, places, strict=True))), ar)


def walked(expression: sympy.Expr, values: dict[sympy.Symbol, Number], ar: Arithmetic) -> Number:
    """Return an expression at values (a mapping of its symbols) by the operations and functions of an arithmetic."""
    if expression in values:
        return values[expression]
    if expression.is_Rational:
        return ar.number(exact(expression))
    if expression is sympy.pi:
        return ar.pi
    if expression is sympy.E:
        return ar.exp(ar.number(1))
    name = type(expression).__name__
    if not (expression.is_Add or expression.is_Mul or expression.is_Pow or name in FUNCTIONS):
        plain = by_exponentials(expression)
        if plain is None:
            raise NotImplementedError(f"{ar!r}: {name} is not in this arithmetic; try sg.mp(digits)")
        return walked(plain, values, ar)
    parts = [walked(x, values, ar) for x in expression.args]
    if expression.is_Add:
        return functools.reduce(operator.add, parts)
    if expression.is_Mul:
        return functools.reduce(operator.mul, parts)
    if not expression.is_Pow:
        return getattr(ar, name)(*parts)
    base, power = parts
    if expression.exp.is_Integer:
        return base ** int(expression.exp)
    return ar.sqrt(base) if expression.exp == sympy.Rational(1, 2) else ar.exp(power * ar.log(base))
