"""What the arithmetics of single values (not arrays) have in common."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any

from spinglass.arithmetic.contract import Arithmetic, Number
from spinglass.arithmetic.exclusive import exclusive


class Scalar(Arithmetic):
    """Branches and precision of an arithmetic whose values come one at a time."""

    def precision(self) -> AbstractContextManager[None]:
        """Compute alone for a block: what keeps digits is shared by all threads."""
        return exclusive()

    def result(self, x: Number) -> Any:
        """Return a value as it is handed to the user."""
        return x

    def logarithm(self, x: Fraction) -> Number:
        """Return the logarithm of an exact positive number, of one next to 1 with all digits."""
        return self.log1p(self.number(x - 1)) if 2 * abs(x - 1) < 1 else self.log(self.number(x))

    def over_root(self, a: Fraction, b: Fraction) -> tuple[Number, Number]:
        """Return a/sqrt(b) of exact numbers, b > 0, and what rounding takes off it (here nothing)."""
        return self.number(a) / self.sqrt(self.number(b)), self.number(0)

    def hypot(self, x: Number, y: Number) -> Number:
        """Return sqrt(x^2 + y^2)."""
        return self.sqrt(x * x + y * y)

    def least(self, x: Number, y: Number) -> Number:
        """Return the smaller of two numbers."""
        return min(x, y)

    def positive(self, x: Number) -> Any:
        """Tell whether x > 0 (for a symbol: the relation)."""
        return x > 0

    def where(self, condition: Any, value: Callable[[Any], Number], otherwise: Number) -> Number:
        """Return ``value(None)`` if the condition holds, else ``otherwise``."""
        return value(None) if condition else otherwise

    def select(self, x: Number, condition: Any) -> Number:
        """Return x: there is only one element."""
        return x
