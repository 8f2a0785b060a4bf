"""What may be asked of a complexity: conditions on the energies, and directions, checked and in standard form."""

import math
import numbers
from typing import NamedTuple

import numpy as np

from spinglass.inputs.checks import MODERATE, broadcast, in_arithmetic, measured, real_points, shown


class Conditions(NamedTuple):
    """What is asked of the energies: every loss at a value, or at or below it; nothing if there are no values.

    In float64 the values are arrays, one per loss, which broadcast to ``shape``: as many questions at once.
    """

    equal: tuple = ()
    upper: tuple = ()
    shape: tuple = ()


FREE = Conditions()


def equal_to(energies, losses, ar, spread):
    """Return the condition that every loss has an energy."""
    values, shape = _checked(energies, losses, ar, spread)
    return Conditions(values, (), shape)


def at_most(energies, losses, ar, spread):
    """Return the condition that no loss exceeds its energy."""
    values, shape = _checked(energies, losses, ar, spread)
    return Conditions((), values, shape)


def _checked(energies, losses, ar, spread):
    """Return energies in the arithmetic, one per loss, and their common shape.

    In float64 those beyond 1e150 standard deviations of their loss (``spread``) are infinite: so are their squares.
    """
    if len(energies) != losses:
        raise ValueError(f"energies: expected {losses} (one per loss), got {len(energies)}")
    if not ar.vectorised:
        with ar.precision():
            return tuple(in_arithmetic("energies", u, ar, infinite=True) for u in energies), ()
    arrays = tuple(real_points("energies", u, infinite=True) for u in energies)
    for u, size in zip(arrays, spread, strict=True):
        if (far := np.abs(u) > MODERATE * size).any():
            u[far] = np.copysign(np.inf, u[far])
    if losses == 1:
        return arrays, arrays[0].shape
    return arrays, broadcast("energies", *arrays)


def spread(model):
    """Return the standard deviation of every loss of a model, over sqrt(N)."""
    sizes = [float(xi.derivative()) for xi in model.fields]
    rows = [zip(sizes, map(float, row), strict=True) for row in model.losses]
    return [math.hypot(*(c * math.sqrt(v) for v, c in row if c)) for row in rows]


def checked_weights(loss, losses):
    """Return the weights of a direction in the space of losses."""
    if isinstance(loss, numbers.Integral) and not isinstance(loss, bool):
        if not 0 <= int(loss) < losses:
            raise ValueError(f"loss: expected a number from 0 to {losses - 1}, got {shown(loss)}")
        return np.eye(losses)[int(loss)]
    weights = measured("loss", loss)
    if weights.shape != (losses,) or not weights.any():
        raise ValueError(f"loss: expected an int or {losses} finite weights, not all 0, got {shown(loss)}")
    return weights
