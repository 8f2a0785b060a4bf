"""Number systems a formula can be evaluated in.

A closed form in this package is a function of its arguments *and* of an arithmetic.  The same lines then
give vectorised float64, any number of digits (:func:`mp`), enclosures with proof (:func:`balls`) and sympy
expressions (:data:`symbols`).
"""

from typing import Any

from spinglass.arithmetic.contract import Arithmetic
from spinglass.arithmetic.float64 import Float64, float64
from spinglass.arithmetic.linear import determinant, eliminated, solve
from spinglass.inputs.checks import shown

__all__ = [
    "Arithmetic",
    "Float64",
    "balls",
    "determinant",
    "eliminated",
    "float64",
    "mp",
    "resolve",
    "solve",
    "symbols",
]


def __getattr__(name: str) -> Any:
    """Load mpmath, sympy and python-flint only when they are asked for."""
    if name == "mp":
        from spinglass.arithmetic.multiprecision import mp

        return mp
    if name == "balls":
        from spinglass.arithmetic.ball import balls

        return balls
    if name == "symbols":
        from spinglass.arithmetic.symbolic import symbols

        return symbols
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def resolve(arithmetic: Arithmetic | None) -> Arithmetic:
    """Return the arithmetic itself, float64 for None; refuse anything else in one line."""
    if arithmetic is None:
        return float64
    if not isinstance(arithmetic, Arithmetic):
        raise TypeError(
            f"arithmetic: expected sg.mp(digits), sg.balls(digits), sg.symbols or None, got {shown(arithmetic)}"
        )
    return arithmetic
