"""Exact expressions, by sympy: ``sg.symbols``."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy

from spinglass.arithmetic.scalar import Scalar

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers


class Symbolic(Scalar):
    """The arithmetic of sympy expressions.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.complexity(sg.mixed({2: 1, 3: 1})).total(arithmetic=sg.symbols))
    log(8/5)/2
    """

    name = "symbols"
    exact = True

    pi = sympy.pi
    infinity = sympy.oo
    epsilon = sympy.Integer(0)
    sqrt = staticmethod(sympy.sqrt)
    exp = staticmethod(sympy.exp)
    log = staticmethod(sympy.log)
    sin = staticmethod(sympy.sin)
    cos = staticmethod(sympy.cos)
    erf = staticmethod(sympy.erf)
    erfc = staticmethod(sympy.erfc)
    gamma = staticmethod(sympy.gamma)
    airy = staticmethod(sympy.airyai)

    def __reduce__(self) -> str:
        return "symbols"  # the one of its name in this module

    @staticmethod
    def number(x: Any) -> Numbers:
        """Convert a number exactly (a float counts as the binary fraction that it is); text is no number."""
        if isinstance(x, sympy.Expr):
            return x
        if not isinstance(x, numbers.Number):  # sympify would evaluate anything else as code
            raise TypeError(f"expected a number or a sympy expression, got an object of class {type(x).__name__}")
        x = sympy.sympify(x)
        return sympy.Rational(x) if isinstance(x, sympy.Float) else x

    @staticmethod
    def log1p(x: Numbers) -> Numbers:
        """Return log(1 + x)."""
        return sympy.log(1 + x)

    def logarithm(self, x: Any) -> Numbers:
        """Return the natural logarithm of an exact number."""
        return sympy.log(self.number(x))

    @staticmethod
    def is_infinite(x: Numbers) -> bool:
        """Tell whether an expression is plus or minus infinity."""
        return x in (sympy.oo, -sympy.oo)

    def where(self, condition: Any, value: Callable[[Any], Numbers], otherwise: Numbers) -> Numbers:
        """Return a Piecewise expression."""
        return sympy.Piecewise((value(None), condition), (otherwise, True))

    @staticmethod
    def gamma_between(s: Numbers, low: Numbers, high: Numbers) -> Numbers:
        """Return the share of the gamma law of shape s between two numbers."""
        return (sympy.uppergamma(s, low) - sympy.uppergamma(s, high)) / sympy.gamma(s)


symbols = Symbolic()
