"""Double precision, vectorised: every function takes and returns numpy arrays."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.arithmetic import exact
from spinglass.arithmetic.contract import Arithmetic

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers


def _special(name: str) -> Callable[[Numbers], Numbers]:
    """Return a function of scipy, which waits until one is called."""

    def function(x: Numbers) -> Numbers:
        from scipy import special

        return getattr(special, name)(x)

    return function


class Float64(Arithmetic):
    """The arithmetic of numpy float64 arrays.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.complexity(sg.pure(3)).total(arithmetic=sg.float64))
    0.34657359027997264
    """

    name = "float64"
    vectorised = True
    dtype = float

    pi = np.pi
    infinity = np.inf
    epsilon = 32 * np.finfo(float).eps  # of a few operations
    sqrt: Any = staticmethod(np.sqrt)
    hypot: Any = staticmethod(np.hypot)
    exp: Any = staticmethod(np.exp)
    log: Any = staticmethod(np.log)
    log1p: Any = staticmethod(np.log1p)
    sin: Any = staticmethod(np.sin)
    cos: Any = staticmethod(np.cos)
    logarithm = staticmethod(exact.logarithm)
    over_root = staticmethod(exact.over_root)
    least: Any = staticmethod(np.minimum)
    is_infinite: Any = staticmethod(np.isinf)
    erf: Any = staticmethod(_special("erf"))
    erfc: Any = staticmethod(_special("erfc"))
    gamma: Any = staticmethod(_special("gamma"))

    @staticmethod
    def airy(x: Numbers) -> Numbers:
        """Return Airy's function Ai, which scipy gives with its derivative and its companion."""
        from scipy.special import airy

        return airy(x)[0]

    def __reduce__(self) -> str:
        return "float64"  # the one of its name in this module

    @staticmethod
    def number(x: Any) -> Numbers:
        """Convert a real number or an array of them to float64."""
        return np.asarray(x, dtype=float)[()]

    @staticmethod
    def precision() -> contextlib.AbstractContextManager[None]:
        """Nothing to set up: the precision of float64 is fixed."""
        return contextlib.nullcontext()

    @staticmethod
    def result(x: Numbers) -> Any:
        """Return one number as a float of Python, an array as it is."""
        return x if np.ndim(x) else float(x)

    @staticmethod
    def positive(x: Numbers) -> Any:
        """Tell where x > 0."""
        return x > 0

    @staticmethod
    def where(condition: Any, value: Callable[[Any], Numbers], otherwise: Numbers) -> Numbers:
        """Evaluate ``value()`` where the condition holds and ``otherwise`` elsewhere.

        ``value`` is a function of the selection of its operands, ``condition`` a boolean array and
        ``otherwise`` an array or a number: a branch is computed only where it is valid.
        """
        condition = np.asarray(condition)
        out = np.array(np.broadcast_to(otherwise, condition.shape), dtype=float)
        if condition.any():
            out[condition] = value(condition)
        return out[()]

    @staticmethod
    def select(x: Numbers, condition: Any) -> Numbers:
        """Return the elements of ``x`` (an array or a number) where a condition holds."""
        return np.broadcast_to(x, np.shape(condition))[condition]

    @staticmethod
    def gamma_between(s: Numbers, low: Numbers, high: Numbers) -> Numbers:
        """Return the share of the gamma law of shape s between two numbers: a difference of its smaller tails."""
        from scipy.special import gammainc, gammaincc

        return np.where(low > s, gammaincc(s, low) - gammaincc(s, high), gammainc(s, high) - gammainc(s, low))[()]

    @staticmethod
    @functools.lru_cache(maxsize=16)
    def legendre(order: int) -> tuple[Any, Any]:
        """Return the nodes and the weights of Gauss and Legendre on [-1, 1]."""
        return np.polynomial.legendre.leggauss(order)


float64 = Float64()
