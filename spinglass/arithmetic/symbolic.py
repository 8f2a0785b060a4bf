"""Exact expressions, by sympy: ``sg.symbols``."""

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

    def __repr__(self):
        return "sg.symbols"

    def __reduce__(self):
        return "symbols"  # the one of its name in this module

    @staticmethod
    def number(x):
        """Convert a number exactly (a float counts as the binary fraction that it is)."""
        if isinstance(x, float) and x not in (float("inf"), float("-inf")):
            return sympy.Rational(x)
        return sympy.sympify(x)

    def where(self, condition, value, otherwise):
        """Return a Piecewise expression."""
        return sympy.Piecewise((value(None), condition), (otherwise, True))


symbols = Symbolic()
