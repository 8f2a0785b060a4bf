"""What may be asked of a complexity: energies, indices, fractions and directions, checked and in standard form."""

import numbers

import numpy as np

from spinglass.arithmetic import float64
from spinglass.inputs.checks import MODERATE, broadcast, checked_number, in_arithmetic, measured, real_points, shown
from spinglass.models.selection import checked_index


def checked_energies(energies, losses, ar, spread=None):
    """Return energies in the arithmetic, one per loss, and their common shape.

    In float64 those beyond 1e150 standard deviations of their loss (``spread``) are infinite: so are their squares.
    """
    if len(energies) != losses:
        raise ValueError(f"energies: expected {losses} (one per loss), got {len(energies)}")
    if ar is not float64:
        with ar.precision():
            return [in_arithmetic("energies", u, ar, infinite=True) for u in energies], ()
    arrays = [real_points("energies", u, infinite=True) for u in energies]
    if spread is not None:
        for u, size in zip(arrays, spread, strict=True):
            if (far := np.abs(u) > MODERATE * size).any():
                u[far] = np.copysign(np.inf, u[far])
    if losses == 1:
        return arrays, arrays[0].shape
    return arrays, broadcast("energies", *arrays)


def answerable_index(index, players):
    """Return None or a tuple with one index (or None) per player, of those that have a formula."""
    index = checked_index(index, len(players))
    for k, moved in zip(index or (), players, strict=False):
        if k and len(moved) > 1:
            raise NotImplementedError(
                f"index: {k} negative eigenvalues of a player who moves {len(moved)} species have no known formula; "
                "index 0 and None have"
            )
    return index


def checked_fraction(fraction):
    """Return a fraction of negative eigenvalues, strictly between 0 and 1."""
    fraction = checked_number("fraction", fraction)
    if not 0 < float(fraction) < 1:
        raise ValueError(
            f"fraction: expected a number strictly between 0 and 1, got {shown(fraction)}: for the ends use index="
        )
    return fraction


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
