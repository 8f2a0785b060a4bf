"""What the arithmetics of single values (not arrays) have in common."""

from collections.abc import Callable
from typing import Any

from spinglass.arithmetic.exclusive import exclusive


class Scalar:
    """Branches and precision of an arithmetic whose values come one at a time."""

    vectorised = False
    number: Callable[..., Any]
    sqrt: Callable[..., Any]
    log: Callable[..., Any]
    log1p: Callable[..., Any]

    def precision(self):
        """Compute alone for a block: what keeps digits is shared by all threads."""
        return exclusive()

    def result(self, x):
        """Return a value as it is handed to the user."""
        return x

    def logarithm(self, x):
        """Return the logarithm of an exact positive number, of one next to 1 with all digits."""
        return self.log1p(self.number(x - 1)) if 2 * abs(x - 1) < 1 else self.log(self.number(x))

    def over_root(self, a, b):
        """Return a/sqrt(b) of exact numbers, b > 0, and what rounding takes off it (here nothing)."""
        return self.number(a) / self.sqrt(self.number(b)), self.number(0)

    def hypot(self, x, y):
        """Return sqrt(x^2 + y^2) (float64: also where the squares overflow)."""
        return self.sqrt(x * x + y * y)

    def least(self, x, y):
        """Return the smaller of two numbers."""
        return min(x, y)

    def positive(self, x):
        """Tell whether x > 0 (for a symbol: the relation)."""
        return x > 0

    def where(self, condition, value, otherwise):
        """Return ``value(None)`` if the condition holds, else ``otherwise``."""
        return value(None) if condition else otherwise

    def select(self, x, condition):
        """Return x: there is only one element."""
        return x
