"""What may be asked of a complexity: conditions on the energies, and directions, checked and in standard form."""

import math
import numbers
from typing import NamedTuple

import numpy as np

from spinglass.inputs.checks import (
    MODERATE,
    as_float,
    broadcast,
    elements,
    in_arithmetic,
    measured,
    real_points,
    shown,
)


class Conditions(NamedTuple):
    """What is asked of the energies: every loss at a value, at or below it, at or above it, or in a window.

    Nothing is asked if there are no values.  In float64 the values are arrays, one per loss, which broadcast to
    ``shape``: as many questions at once.
    """

    equal: tuple = ()
    upper: tuple = ()
    lower: tuple = ()
    shape: tuple = ()

    @property
    def free(self):
        """Whether nothing is asked."""
        return not (self.equal or self.upper or self.lower)


FREE = Conditions()


def equal_to(values, shape=()):
    """Return the condition that every loss has an energy."""
    return Conditions(equal=values, shape=shape)


def at_most(values, shape=()):
    """Return the condition that no loss exceeds its energy."""
    return Conditions(upper=values, shape=shape)


def at_least(values, shape=()):
    """Return the condition that no loss is below its energy."""
    return Conditions(lower=values, shape=shape)


def between(values, shape=()):
    """Return the condition that every loss lies between two energies, which alternate in ``values``."""
    for low, high in zip(values[::2], values[1::2], strict=True):
        if not any(getattr(u, "free_symbols", None) for u in (low, high)) and np.any(_floats(low) > _floats(high)):
            raise ValueError(f"windows: expected pairs (lo, hi) with lo <= hi, got {shown((low, high))}")
    return Conditions(lower=values[::2], upper=values[1::2], shape=shape)


def _floats(u):
    return u if isinstance(u, np.ndarray) else as_float(u)


def named(condition, given, losses):
    """Return what the user calls the numbers of a condition, and these: one per loss, or the two ends of a window."""
    if condition is not between:
        if len(given) != losses:
            advice = "; for an index try index=0" if len(given) > losses else ""
            raise ValueError(f"energies: expected {losses} (one per loss), got {len(given)}{advice}")
        return "energies", given
    if len(given) != losses:
        raise ValueError(f"windows: expected {losses} pairs (lo, hi), one per loss, got {len(given)}")
    return "windows", tuple(end for window in given for end in _pair(window))


def _pair(window):
    """Return both ends of a window: of a tuple (lo, hi), or of lists and arrays of pairs."""
    if isinstance(window, tuple) and len(window) == 2:
        return window
    pairs = None if isinstance(window, tuple) else elements("windows", window)
    if pairs is None or pairs.shape[-1:] != (2,):
        raise ValueError(f"windows: expected a pair (lo, hi) for every loss, got {shown(window)}")
    return pairs[..., 0], pairs[..., 1]


def standard(name, energies, ar, spread):
    """Return energies in the arithmetic and their common shape.

    In float64 those beyond 1e150 standard deviations of their loss (``spread``) are infinite: so are their squares.
    """
    if not ar.vectorised:
        with ar.precision():
            return tuple(in_arithmetic(name, u, ar, infinite=True) for u in energies), ()
    arrays = tuple(real_points(name, u, infinite=True) for u in energies)
    sizes = spread if len(arrays) == len(spread) else np.repeat(spread, 2)  # both ends of a window
    for u, size in zip(arrays, sizes, strict=True):
        if (far := np.abs(u) > MODERATE * size).any():
            u[far] = np.copysign(np.inf, u[far])
    if len(arrays) == 1:
        return arrays, arrays[0].shape
    return arrays, broadcast(name, *arrays)


def one_by_one(name, energies, ask):
    """Return what is answered at every element of arrays, as an object array; one answer if there are no arrays."""
    arrays = [elements(name, u) for u in energies]
    if all(array is None for array in arrays):
        return ask(*energies)
    arrays = [_cell(u) if array is None else array for u, array in zip(energies, arrays, strict=True)]
    out = np.empty(broadcast(name, *arrays), dtype=object)
    columns = (np.broadcast_to(x, out.shape).flat for x in arrays)
    for i, values in enumerate(zip(*columns, strict=True)):
        out.flat[i] = ask(*values)
    return out


def _cell(x):
    """Return one object as an array without axes."""
    cell = np.empty((), dtype=object)
    cell[()] = x
    return cell


def spread(model):
    """Return the standard deviation of every loss of a model, over sqrt(N)."""
    sizes = [float(xi.derivative()) for xi in model.fields]
    rows = [zip(sizes, map(float, row), strict=True) for row in model.losses]
    return [math.hypot(*(c * math.sqrt(v) for v, c in row if c)) for row in rows]


def checked_weights(loss, losses):
    """Return the weights of a direction in the space of losses."""
    if isinstance(loss, numbers.Integral) and not isinstance(loss, bool):
        if not 0 <= int(loss) < losses:
            advice = f"; for an index try index={shown(loss)}" if losses == 1 and int(loss) > 0 else ""
            raise ValueError(f"loss: expected a number from 0 to {losses - 1}, got {shown(loss)}{advice}")
        return np.eye(losses)[int(loss)]
    weights = measured("loss", loss)
    if weights.shape != (losses,) or not weights.any():
        raise ValueError(f"loss: expected an int or {losses} finite weights, not all 0, got {shown(loss)}")
    return weights
