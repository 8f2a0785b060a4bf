"""What the arithmetics of single values (not arrays) have in common."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spinglass.arithmetic.contract import Arithmetic
from spinglass.arithmetic.exclusive import exclusive

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers


class Scalar(Arithmetic):
    """Branches and precision of an arithmetic whose values come one at a time."""

    def precision(self) -> AbstractContextManager[None]:
        """Compute alone for a block: what keeps digits is shared by all threads."""
        return exclusive()

    def result(self, x: Numbers) -> Any:
        """Return a value as it is handed to the user."""
        return x

    def logarithm(self, x: Fraction) -> Numbers:
        """Return the logarithm of an exact positive number, of one next to 1 with all digits."""
        return self.log1p(self.number(x - 1)) if 2 * abs(x - 1) < 1 else self.log(self.number(x))

    def over_root(self, a: Fraction, b: Fraction) -> tuple[Numbers, Numbers]:
        """Return a/sqrt(b) of exact numbers, b > 0, and what rounding takes off it (here nothing)."""
        return self.number(a) / self.sqrt(self.number(b)), self.number(0)

    def hypot(self, x: Numbers, y: Numbers) -> Numbers:
        """Return sqrt(x^2 + y^2)."""
        return self.sqrt(x * x + y * y)

    def least(self, x: Numbers, y: Numbers) -> Numbers:
        """Return the smaller of two numbers."""
        return min(x, y)

    def positive(self, x: Numbers) -> Any:
        """Tell whether x > 0 (for a symbol: the relation)."""
        return x > 0

    def where(self, condition: Any, value: Callable[[Any], Numbers], otherwise: Numbers) -> Numbers:
        """Return ``value(None)`` if the condition holds, else ``otherwise``."""
        return value(None) if condition else otherwise

    def select(self, x: Numbers, condition: Any) -> Numbers:
        """Return x: there is only one element."""
        return x
