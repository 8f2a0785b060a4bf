"""Exact expressions, by sympy: ``sg.symbols``."""

import contextlib

import sympy


class Symbolic:
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
    sqrt = staticmethod(sympy.sqrt)
    log = staticmethod(sympy.log)

    def __repr__(self):
        return "sg.symbols"

    @staticmethod
    def number(x):
        """Convert a number exactly (a float counts as the binary fraction that it is)."""
        if isinstance(x, float) and x not in (float("inf"), float("-inf")):
            return sympy.Rational(x)
        return sympy.sympify(x)

    @staticmethod
    def precision():
        """Nothing to set up: expressions are exact."""
        return contextlib.nullcontext()

    @staticmethod
    def result(x):
        """Return the expression as it stands; simplify it if you like."""
        return x

    @staticmethod
    def positive(x):
        """Return the relation x > 0."""
        return x > 0

    @staticmethod
    def where(condition, value, otherwise):
        """Return a Piecewise expression."""
        return sympy.Piecewise((value(None), condition), (otherwise, True))

    @staticmethod
    def select(x, condition):
        """Return x: there is only one element."""
        return x


symbols = Symbolic()
