r"""Decimals in formulas: a float of a model is written as the decimal that was typed, and so is what follows from it.

Formulas are derived exactly.  A float stands in them for the shortest decimal that means it, ``repr(x)``, as a fraction
of integers; where the formula is written, finite decimals are put back.  Steps derived from a float as the binary
fraction that it is are written to the digits that a float has.
"""

from __future__ import annotations

import decimal
import numbers

import sympy

LONGEST = 17  # digits that tell floats apart: longer ones are rounded to so many
DIGITS = 15  # digits of what follows from a binary fraction
BINARY = 2**30  # divides the denominators of floats, and hardly those of fractions that are typed
TYPED = 10**12  # integers up to it may have been typed, or follow from what was
SMALL, LARGE = -4, 16  # powers of ten that are written out


class Written(sympy.Symbol):
    """A positive number that is written in one way: its name is the LaTeX of it."""

    def __new__(cls, text, value):
        """Return the number of a text and of a value, by which terms are sorted."""
        self = super().__new__(cls, text, positive=True)
        self.value = value
        return self

    @classmethod
    def class_key(cls):
        """Return what factors are sorted by: before all others."""
        return (0, 0, cls.__name__)

    def _latex(self, printer):
        return self.name


def typed(x):
    """Return a float as the decimal that Python writes for it; anything else as it is.

    Examples
    --------
    >>> from spinglass.symbolic.decimals import typed
    >>> typed(0.1), typed(1)
    (1/10, 1)
    """
    if isinstance(x, numbers.Rational) or not isinstance(x, (numbers.Real, sympy.Float)):
        return x
    same = float(x) == x
    return sympy.Rational(repr(float(x)) if same else str(x))


def as_it_is(expression):
    """Return an expression, whose numbers are exact, without change."""
    return expression


def written_typed(expression, decimals):
    """Return an expression with the decimals that were typed in it, and no others."""
    return _replaced(expression, lambda x: _text(x) if x in decimals and not _plain(x) else None)


def written_derived(expression):
    """Return an expression that follows from decimals with finite decimals for its fractions.

    Halves, quarters and so on stay, since most belong to the formula; other fractions do as well unless they are long.
    """
    return _replaced(expression, lambda x: _text(x) if (x.q % 5 == 0 and _finite(x.q)) or _long(x) else None, _number)


def written_binary(expression):
    """Return an expression with the digits of a float for fractions that floats have left in it."""
    return _replaced(expression, lambda x: _rounded(x) if x.q % BINARY == 0 else None, _number)


def _replaced(expression, written, irrational=lambda x: None):
    """Return an expression with Written in place of its positive numbers that functions have a text for."""
    if isinstance(expression, sympy.MatrixBase):
        return expression.applyfunc(lambda entry: _replaced(entry, written, irrational))
    if not isinstance(expression, sympy.Basic):
        return expression
    number, rest = _parted(expression)
    text = (written if number.is_Rational else irrational)(abs(number))
    if text is not None:
        return Written(text, abs(number)) * sympy.sign(number) * _replaced(rest, written, irrational)
    if not expression.args:
        return expression
    fixed = expression.is_Pow and expression.exp.is_Rational
    parts = [part if fixed and i else _replaced(part, written, irrational) for i, part in enumerate(expression.args)]
    same = all(a is b for a, b in zip(parts, expression.args, strict=True))
    return expression if same else expression.func(*parts)


def _parted(expression):
    """Return the real number in front of an expression, and the expression without it."""
    if not isinstance(expression, sympy.Expr):
        return sympy.Integer(1), expression
    factors = sympy.Mul.make_args(expression)
    numbers = [x for x in factors if x.is_number and x.is_real]
    return sympy.Mul(*numbers), sympy.Mul(*(x for x in factors if x not in numbers))


def _number(x):
    """Return the LaTeX of a number with a root or logarithm of something long, to the digits of floats."""
    if not any(max(part.p, part.q) >= TYPED for part in abs(x).atoms(sympy.Rational)):
        return None
    value = sympy.N(x, DIGITS)
    return _latex(decimal.Decimal(str(value))) if value.is_Float and value > 0 else None


def _plain(x):
    """Return whether a number is an integer that is written out."""
    return x.is_Integer and x < 10**LARGE


def _finite(q):
    """Return whether a fraction with this denominator is a finite decimal."""
    for factor in (2, 5):
        while q % factor == 0:
            q //= factor
    return q == 1


def _long(x):
    return not x.is_Integer and max(x.p, x.q) >= 10**LONGEST


def _text(x):
    """Return the LaTeX of a positive rational as a decimal."""
    with decimal.localcontext() as context:
        context.prec = LONGEST
        return _latex(decimal.Decimal(x.p) / decimal.Decimal(x.q))


def _rounded(x):
    """Return that of a float, exactly as Python writes it, or of another rational to the digits of floats."""
    if sympy.Rational(float(x)) == x:
        return _latex(decimal.Decimal(repr(float(x))))
    with decimal.localcontext() as context:
        context.prec = DIGITS
        return _latex(decimal.Decimal(x.p) / decimal.Decimal(x.q))


def _latex(number):
    """Return the LaTeX of a positive decimal."""
    _, digits, exponent = number.normalize().as_tuple()
    size = len(digits) + exponent - 1
    if SMALL <= size < LARGE:
        return f"{number.normalize():f}"
    mantissa = "".join(map(str, digits[:1])) + ("." + "".join(map(str, digits[1:])) if len(digits) > 1 else "")
    power = f"10^{{{size}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def decimal_of(x):
    """Return the LaTeX of a float as Python writes it."""
    number = decimal.Decimal(repr(float(x)))
    return ("-" if number < 0 else "") + (_latex(abs(number)) if number else "0")
