"""Any number of digits, by mpmath in a context of its own: no global precision is touched."""

from __future__ import annotations

import functools
import math
import numbers
from contextlib import AbstractContextManager
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from spinglass.arithmetic.exclusive import exclusive
from spinglass.arithmetic.scalar import Scalar
from spinglass.arithmetic.transport import carry_digits
from spinglass.inputs.checks import shown

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers

MOST = 100_000  # digits: beyond, a single logarithm takes minutes
GUARD = 15  # decimal digits carried beyond those that are returned


class Multiprecision(Scalar):
    """The arithmetic of real and complex numbers with a fixed number of decimal digits."""

    has_digits = True

    # functions of the context, taken from it each time: no call in between
    sqrt: Any = property(attrgetter("context.sqrt"))
    exp: Any = property(attrgetter("context.exp"))
    log: Any = property(attrgetter("context.log"))
    log1p: Any = property(attrgetter("context.log1p"))
    sin: Any = property(attrgetter("context.sin"))
    cos: Any = property(attrgetter("context.cos"))
    erf: Any = property(attrgetter("context.erf"))
    erfc: Any = property(attrgetter("context.erfc"))
    gamma: Any = property(attrgetter("context.gamma"))
    airy: Any = property(attrgetter("context.airyai"))
    infinity: Any = property(attrgetter("context.inf"))

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.name = f"mp({digits})"
        self.context = mpmath.MPContext()
        self.context.dps = digits + GUARD
        self.bits = self.context.prec
        self._shown = mpmath.MPContext()
        self._shown.dps = digits
        carry_digits(self.context, (_context, (digits, "context")))
        carry_digits(self._shown, (_context, (digits, "_shown")))
        with self.precision():
            self._pi = +self.context.pi
        self._epsilon = self.context.mpf(10) ** (-digits - GUARD // 2)

    def __reduce__(self) -> tuple[Any, ...]:
        return mp, (self.digits,)

    def precision(self) -> AbstractContextManager[None]:
        """Compute alone for a block, with the precision that the context has, and put it back whatever happens."""
        return exclusive(self.context)

    def of(self, digits: int) -> Multiprecision:
        """Return the arithmetic of this kind with another number of digits: one object each, so that caches hit."""
        return _make(digits)

    def number(self, x: Any) -> Numbers:
        """Convert a number exactly (a float counts as the binary fraction it is, text as its decimals)."""
        if isinstance(x, Fraction):
            return self.context.mpf(x.numerator) / x.denominator
        if isinstance(x, numbers.Integral):
            return self.context.mpf(int(x))
        if hasattr(x, "mid"):  # a ball by its midpoint, unrounded
            return self.context.ldexp(*map(int, x.mid().man_exp()))
        return self.context.convert(x.item() if hasattr(x, "item") else x)

    @property
    def pi(self) -> Numbers:
        """The circle constant."""
        return self._pi

    @property
    def epsilon(self) -> Numbers:
        """Some digits more than the last that is carried: where an iteration has converged."""
        return self._epsilon

    def is_infinite(self, x: Numbers) -> bool:
        """Tell whether a number is plus or minus infinity."""
        return bool(self.context.isinf(x))

    def result(self, x: Numbers) -> Numbers:
        """Round a value to the digits that were asked for."""
        return +self._shown.convert(x)

    def gamma_between(self, s: Numbers, low: Numbers, high: Numbers) -> Numbers:
        """Return the share of the gamma law of shape s between two numbers."""
        return self.context.gammainc(s, low, high, regularized=True)

    def legendre(self, order: int) -> tuple[Any, Any]:
        """Return the nodes and the weights of Gauss and Legendre: Newton's method from those of float64."""
        return _legendre(order, self)


@functools.lru_cache(maxsize=64)
def _make(digits: int) -> Multiprecision:
    return Multiprecision(digits)


def _context(digits: int, name: str) -> mpmath.MPContext:
    return getattr(_make(digits), name)


@functools.lru_cache(maxsize=16)
def _legendre(order: int, ar: Multiprecision) -> tuple[Any, Any]:
    x = np.array([ar.number(float(node)) for node in np.polynomial.legendre.leggauss(order)[0]], dtype=object)
    for _ in range(2 + math.ceil(math.log2(ar.digits / 6 + 1))):  # each step doubles the digits
        before, here = x**0, x
        for j in range(1, order):
            before, here = here, ((2 * j + 1) * x * here - j * before) / (j + 1)
        slope = order * (x * here - before) / (x * x - 1)
        x = x - here / slope
    return x, 2 / ((1 - x * x) * slope * slope)


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


def checked_digits(digits: Any) -> int:
    """Return digits as an int, or say what was expected."""
    if not isinstance(digits, numbers.Integral) or isinstance(digits, bool):
        raise TypeError(f"digits: expected a positive integer, got {shown(digits)}")
    if int(digits) < 1:
        raise ValueError(f"digits: expected a positive integer, got {shown(digits)}")
    if int(digits) > MOST:
        raise ValueError(f"digits: expected at most {MOST} digits, got {shown(digits)}")
    return int(digits)
