"""Enclosures with proof, by the ball arithmetic of python-flint: ``sg.balls(digits)``.

A ball is a midpoint with a radius; every operation returns a ball that contains all values the exact
operation can take.  python-flint keeps its working precision in a global variable, which is set only
inside ``with arithmetic.precision():``, by one thread at a time, and put back afterwards.
"""

from __future__ import annotations

import functools
import math
import numbers
from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from spinglass.arithmetic.exclusive import exclusive
from spinglass.arithmetic.multiprecision import GUARD, checked_digits
from spinglass.arithmetic.scalar import Scalar
from spinglass.arithmetic.transport import carry_balls
from spinglass.inputs.missing import how_to_install

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers


class Balls(Scalar):
    """The arithmetic of real and complex balls."""

    has_digits = True
    proves = True

    # a ball, real or complex, knows its functions
    sqrt: Any = staticmethod(methodcaller("sqrt"))
    exp: Any = staticmethod(methodcaller("exp"))
    log: Any = staticmethod(methodcaller("log"))
    log1p: Any = staticmethod(methodcaller("log1p"))
    sin: Any = staticmethod(methodcaller("sin"))
    cos: Any = staticmethod(methodcaller("cos"))
    erf: Any = staticmethod(methodcaller("erf"))
    erfc: Any = staticmethod(methodcaller("erfc"))
    gamma: Any = staticmethod(methodcaller("gamma"))
    airy: Any = staticmethod(methodcaller("airy_ai"))

    def __init__(self, digits: int) -> None:
        import flint

        carry_balls(flint)
        self._flint = flint
        self.digits = digits
        self.name = f"balls({digits})"
        self.bits = math.ceil((digits + GUARD) * math.log2(10))

    def __reduce__(self) -> tuple[Any, ...]:
        return balls, (self.digits,)

    def of(self, digits: int) -> Balls:
        """Return the arithmetic of this kind with another number of digits: one object each, so that caches hit."""
        return _make(digits)

    def precision(self) -> AbstractContextManager[None]:
        """Set the working precision of python-flint for a block, alone, and put it back."""
        return exclusive(self._flint.ctx, self.bits)

    def number(self, x: Any) -> Numbers:
        """Convert a number to a ball around it (a float counts as the binary fraction it is, text as its decimals)."""
        if isinstance(x, (self._flint.arb, self._flint.acb)):
            return x
        if isinstance(x, numbers.Integral):
            return self._flint.arb(int(x))
        if isinstance(x, numbers.Rational):
            return self._flint.arb(int(x.numerator)) / int(x.denominator)
        if isinstance(x, float):
            return self._flint.arb(float(x))
        if hasattr(x, "_mpf_"):  # of mpmath and of sympy: a binary fraction as well
            sign, mantissa, exponent, _ = x._mpf_
            if not mantissa:
                return self._flint.arb(float(x))
            return self._flint.arb(-int(mantissa) if sign else int(mantissa)) * self._flint.arb(2) ** int(exponent)
        if isinstance(x, str):
            return self._flint.arb(x)
        if hasattr(x, "as_integer_ratio") and not isinstance(x, type):
            return self.number(Fraction(*x.as_integer_ratio()))
        raise TypeError(f"expected a real number, got an object of class {type(x).__name__}")

    @property
    def pi(self) -> Numbers:
        """The circle constant as a ball."""
        return self._flint.arb.pi()

    @property
    def infinity(self) -> Numbers:
        """The ball that holds plus infinity alone."""
        return self._flint.arb("inf")

    @property
    def epsilon(self) -> Numbers:
        """Zero: rounding is in the radius."""
        return self._flint.arb(0)

    def is_infinite(self, x: Numbers) -> bool:
        """Tell whether a ball holds plus or minus infinity alone."""
        return not x.is_nan() and not x.mid().is_finite() and bool(x.rad().is_finite())

    def least(self, x: Numbers, y: Numbers) -> Numbers:
        """Return a ball that contains the smaller number."""
        return x.min(y)

    def positive(self, x: Numbers) -> bool:
        """Tell whether x > 0, which must be certain: refuse to guess when the ball holds numbers of both kinds."""
        if x > 0:
            return True
        if x <= 0:
            return False
        raise ArithmeticError(f"cannot decide whether {x} is positive: try more digits")

    def gamma_between(self, s: Numbers, low: Numbers, high: Numbers) -> Numbers:
        """Return the share of the gamma law of shape s between two numbers: a difference of its smaller tails."""
        if low > s:
            return self._above(s, low) - self._above(s, high)
        return self._below(s, high) - self._below(s, low)

    def _above(self, s: Numbers, x: Numbers) -> Numbers:
        return self.number(0) if self.is_infinite(x) else x.gamma_upper(s, regularized=True)

    def _below(self, s: Numbers, x: Numbers) -> Numbers:
        return self.number(1) if self.is_infinite(x) else x.gamma_lower(s, regularized=True)

    def legendre(self, order: int) -> tuple[Any, Any]:
        """Return the nodes and the weights of Gauss and Legendre on [-1, 1], as balls."""
        pairs = [self._flint.arb.legendre_p_root(order, i, weight=True) for i in range(order)]
        nodes, weights = zip(*pairs, strict=True)
        return nodes, weights

    @staticmethod
    def union(x: Numbers, y: Numbers) -> Numbers:
        """Return a ball that contains two."""
        return x.union(y)

    @staticmethod
    def certain_bits(x: Numbers) -> float:
        """Return about how many bits of a number are certain: -inf if it may be infinite."""
        return x.rel_accuracy_bits() if x.is_finite() else -math.inf

    @staticmethod
    def zero_near(rising: Callable[[Numbers], Numbers], centre: Numbers, radius: Numbers) -> Numbers:
        """Return a ball around a zero: the function is certainly negative at its lower, positive at its upper end."""
        low, high = centre - radius, centre + radius
        if not (rising(low) < 0 and rising(high) > 0):
            raise ArithmeticError(f"no change of sign could be proved around {centre}: try more digits")
        return low.union(high)

    def integral(self, function: Callable[[Numbers], Numbers], low: Numbers, high: Numbers, error: Numbers) -> Numbers:
        """Return a ball, about ``error`` wide, that holds the integral of a function of complex balls."""
        acb = self._flint.acb
        return acb.integral(lambda x, _: function(x), acb(low), acb(high), abs_tol=error).real


@functools.lru_cache(maxsize=64)
def _make(digits: int) -> Balls:
    try:
        return Balls(digits)
    except ImportError as error:
        how = how_to_install("python-flint", "certify")
        raise ImportError(f"sg.balls needs python-flint, which is not installed: {how}") from error


def balls(digits: int) -> Balls:
    """Arithmetic of enclosures with at least the given number of decimal digits (python-flint).

    Parameters
    ----------
    digits : int
        Decimal digits of the working precision, at least 1.  Fifteen more are carried inside.

    Returns
    -------
    Balls
        To be passed as ``arithmetic=``.

    Raises
    ------
    ImportError
        Without python-flint, which the extra ``certify`` brings: ``pip install python-flint``.
    TypeError, ValueError
        If digits is not a positive integer.

    Notes
    -----
    Threads that compute with digits take turns; processes do not.  Arithmetics and balls can be pickled and copied.

    Examples
    --------
    >>> import spinglass as sg
    >>> enclosure = sg.complexity(sg.pure(3)).lowest_energy(arithmetic=sg.balls(30))
    >>> float(enclosure.rad()) < 1e-30
    True
    """
    return _make(checked_digits(digits))
