"""Double precision, vectorised: every function takes and returns numpy arrays."""

import contextlib
from dataclasses import dataclass

import numpy as np

from spinglass.arithmetic import exact


@dataclass(frozen=True)
class Float64:
    """The arithmetic of numpy float64 arrays.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.complexity(sg.pure(3)).total(arithmetic=sg.float64))
    0.34657359027997264
    """

    name: str = "float64"
    vectorised = True

    pi = np.pi
    infinity = np.inf
    sqrt = staticmethod(np.sqrt)
    log = staticmethod(np.log)
    log1p = staticmethod(np.log1p)
    logarithm = staticmethod(exact.logarithm)
    over_root = staticmethod(exact.over_root)
    least = staticmethod(np.minimum)
    hypot = staticmethod(np.hypot)
    is_infinite = staticmethod(np.isinf)

    @staticmethod
    def number(x):
        """Convert a real number or an array of them to float64."""
        return np.asarray(x, dtype=float)[()]

    @staticmethod
    def precision():
        """Nothing to set up: the precision of float64 is fixed."""
        return contextlib.nullcontext()

    @staticmethod
    def result(x):
        """Return a value as it is handed to the user."""
        return x

    @staticmethod
    def positive(x):
        """Tell where x > 0."""
        return x > 0

    @staticmethod
    def where(condition, value, otherwise):
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
    def select(x, condition):
        """Return the elements of ``x`` (an array or a number) where a condition holds."""
        return np.broadcast_to(x, np.shape(condition))[condition]


float64 = Float64()
