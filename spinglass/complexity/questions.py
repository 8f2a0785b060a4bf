"""What may be asked of a complexity: energies, indices, fractions and directions, checked and in standard form."""

import numbers

import numpy as np

from spinglass.arithmetic import float64
from spinglass.models.checks import checked_index


def checked_energies(energies, losses, ar):
    """Return energies in the arithmetic, one per loss, and their common shape."""
    if len(energies) != losses:
        raise ValueError(f"energies: expected {losses} (one per loss), got {len(energies)}")
    if ar is not float64:
        for u in energies:
            if isinstance(u, float) and u != u:
                raise ValueError("energies: expected numbers, got nan")
        with ar.precision():
            return [ar.number(u) for u in energies], ()
    try:
        arrays = [np.asarray(u, dtype=float) for u in energies]
    except (TypeError, ValueError):
        raise TypeError(f"energies: expected numbers or arrays of numbers, got {energies!r}") from None
    if any(np.isnan(u).any() for u in arrays):
        raise ValueError("energies: expected numbers, got nan")
    return arrays, np.broadcast_shapes(*(u.shape for u in arrays))


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
    if not isinstance(fraction, numbers.Real) or isinstance(fraction, bool):
        raise TypeError(f"fraction: expected a number, got {fraction!r}")
    if not 0 < float(fraction) < 1:
        raise ValueError(
            f"fraction: expected a number strictly between 0 and 1, got {fraction}: for the ends use index="
        )
    return fraction


def checked_weights(loss, losses):
    """Return the weights of a direction in the space of losses."""
    if isinstance(loss, numbers.Integral) and not isinstance(loss, bool):
        if not 0 <= int(loss) < losses:
            raise ValueError(f"loss: expected a number from 0 to {losses - 1}, got {loss}")
        return np.eye(losses)[loss]
    try:
        weights = np.asarray(loss, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"loss: expected an int or {losses} weights, got {loss!r}") from None
    if weights.shape != (losses,) or not np.all(np.isfinite(weights)) or not weights.any():
        raise ValueError(f"loss: expected {losses} finite weights, not all 0, got {loss!r}")
    return weights
