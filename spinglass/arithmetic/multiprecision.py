"""Any number of digits, by mpmath in a context of its own: no global precision is touched."""

from __future__ import annotations

import functools
import numbers
from fractions import Fraction

import mpmath

from spinglass.arithmetic.exclusive import exclusive
from spinglass.arithmetic.scalar import Scalar
from spinglass.arithmetic.transport import carry_digits
from spinglass.inputs.checks import shown

MOST = 100_000  # digits: beyond, a single logarithm takes minutes
GUARD = 15  # decimal digits carried beyond those that are returned


class Multiprecision(Scalar):
    """The arithmetic of real and complex numbers with a fixed number of decimal digits."""

    def __init__(self, digits):
        self.digits = digits
        self.name = f"mp({digits})"
        self.context = mpmath.MPContext()
        self.context.dps = digits + GUARD
        self._shown = mpmath.MPContext()
        self._shown.dps = digits
        carry_digits(self.context, (_context, (digits, "context")))
        carry_digits(self._shown, (_context, (digits, "_shown")))
        self.sqrt, self.log, self.log1p = self.context.sqrt, self.context.log, self.context.log1p
        with self.precision():
            self.pi = +self.context.pi
        self.infinity = self.context.inf
        self.epsilon = self.context.mpf(10) ** (-digits - GUARD // 2)

    def __repr__(self):
        return f"sg.{self.name}"

    def __reduce__(self):
        return mp, (self.digits,)

    def precision(self):
        """Compute alone for a block, with the precision that the context has, and put it back whatever happens."""
        return exclusive(self.context)

    def of(self, digits):
        """Return the arithmetic of this kind with another number of digits: one object each, so that caches hit."""
        return _make(digits)

    def number(self, x):
        """Convert a number exactly (a float counts as the binary fraction it is, text as its decimals)."""
        if isinstance(x, Fraction):
            return self.context.mpf(x.numerator) / x.denominator
        if isinstance(x, numbers.Integral):
            return self.context.mpf(int(x))
        return self.context.convert(x.item() if hasattr(x, "item") else x)

    def is_infinite(self, x):
        """Tell whether a number is plus or minus infinity."""
        return bool(self.context.isinf(x))

    def result(self, x):
        """Round a value to the digits that were asked for."""
        return +self._shown.convert(x)


@functools.lru_cache(maxsize=64)
def _make(digits):
    return Multiprecision(digits)


def _context(digits, name):
    return getattr(_make(digits), name)


def mp(digits: int) -> Multiprecision:
    """Arithmetic with the given number of decimal digits (mpmath).

    Parameters
    ----------
    digits : int
        Significant decimal digits of the results, at least 1.  Fifteen more are carried inside.

    Returns
    -------
    Multiprecision
        To be passed as ``arithmetic=``.

    Raises
    ------
    TypeError, ValueError
        If digits is not a positive integer.

    Notes
    -----
    Threads that compute with digits take turns; processes do not.  Arithmetics and numbers can be pickled and copied.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.complexity(sg.pure(3)).lowest_energy(arithmetic=sg.mp(30))
    mpf('-1.6569983635274732512228914057807')
    """
    return _make(checked_digits(digits))


def checked_digits(digits):
    """Return digits as an int, or say what was expected."""
    if not isinstance(digits, numbers.Integral) or isinstance(digits, bool):
        raise TypeError(f"digits: expected a positive integer, got {shown(digits)}")
    if int(digits) < 1:
        raise ValueError(f"digits: expected a positive integer, got {shown(digits)}")
    if int(digits) > MOST:
        raise ValueError(f"digits: expected at most {MOST} digits, got {shown(digits)}")
    return int(digits)
