"""Exact expressions, by sympy: ``sg.symbols``."""

import numbers

import sympy

from spinglass.arithmetic.scalar import Scalar


class Symbolic(Scalar):
    """The arithmetic of sympy expressions.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.complexity(sg.mixed({2: 1, 3: 1})).total(arithmetic=sg.symbols))
    log(8/5)/2
    """

    name = "symbols"
    pi = sympy.pi
    infinity = sympy.oo
    sqrt = staticmethod(sympy.sqrt)
    log = staticmethod(sympy.log)
    exp, erf, erfc = staticmethod(sympy.exp), staticmethod(sympy.erf), staticmethod(sympy.erfc)

    def __repr__(self):
        return "sg.symbols"

    def __reduce__(self):
        return "symbols"  # the one of its name in this module

    @staticmethod
    def number(x):
        """Convert a number exactly (a float counts as the binary fraction that it is); text is no number."""
        if isinstance(x, sympy.Expr):
            return x
        if not isinstance(x, numbers.Number):  # sympify would evaluate anything else as code
            raise TypeError(f"expected a number or a sympy expression, got an object of class {type(x).__name__}")
        x = sympy.sympify(x)
        return sympy.Rational(x) if isinstance(x, sympy.Float) else x

    @staticmethod
    def log1p(x):
        """Natural logarithm of 1 + x."""
        return sympy.log(1 + x)

    def logarithm(self, x):
        """Natural logarithm of an exact number."""
        return sympy.log(self.number(x))

    @staticmethod
    def is_infinite(x):
        """Tell whether an expression is plus or minus infinity."""
        return x in (sympy.oo, -sympy.oo)

    def where(self, condition, value, otherwise):
        """Return a Piecewise expression."""
        return sympy.Piecewise((value(None), condition), (otherwise, True))


symbols = Symbolic()
