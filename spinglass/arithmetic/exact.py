r"""Exact numbers: the fraction a coefficient is, and functions of fractions rounded once to float64.

A closed form whose parameters are fractions cancels nothing before its last step, :math:`a/\sqrt b` is a float and
what that float misses, and no scale is too large: every int, float and Fraction is a rational number.
"""

import contextlib
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

BITS = 120  # of an intermediate square root; a float has 53


def exact(x: Any) -> Any:
    """Return the Fraction that a finite number is; anything but a number (a symbol) as it came."""
    if type(x) is Fraction:
        return x
    if hasattr(x, "_mpf_"):
        sign, mantissa, exponent, _ = x._mpf_
        return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent
    if hasattr(x, "free_symbols"):
        return Fraction(int(x.p), int(x.q)) if x.is_Rational else x
    return Fraction(x)


def over_root(a: Fraction, b: Fraction) -> tuple[float, float]:
    r"""Return :math:`a/\sqrt b` of fractions as a float and the float it misses; b > 0."""
    square = a * a / b
    n, d = square.numerator, square.denominator
    shift = max(0, BITS - (n.bit_length() - d.bit_length()) // 2)
    root = Fraction(math.isqrt((n << 2 * shift) // d), 1 << shift)
    root = -root if a < 0 else root
    high = float(root)
    return high, float(root - Fraction(high))


def logarithm(x: Fraction) -> float:
    """Return the natural logarithm of a positive fraction, accurate next to 1 and for any size."""
    near = x - 1
    if abs(near) < Fraction(1, 2):
        return math.log1p(float(near))
    exponent = x.numerator.bit_length() - x.denominator.bit_length()
    return math.log(float(x / Fraction(2) ** exponent)) + exponent * math.log(2)


@dataclass(frozen=True)
class Rationals:
    """Fractions for numbers, with no function of them: exact, or with ``digits`` where a constant is irrational.

    Examples
    --------
    >>> from spinglass.arithmetic.exact import RATIONALS
    >>> RATIONALS.number(0.5)
    Fraction(1, 2)
    """

    digits: int = 60

    vectorised = exact = proves = False
    has_digits = True
    dtype = object

    @staticmethod
    def number(x: Any) -> Any:
        """Return the Fraction that a number is."""
        return exact(x)

    @staticmethod
    def precision() -> contextlib.AbstractContextManager[None]:
        """Nothing to set up: fractions have no precision."""
        return contextlib.nullcontext()


RATIONALS = Rationals()
