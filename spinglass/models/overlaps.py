"""Overlaps of unit vectors and the energies that go with them, checked and in standard form."""

import math

import numpy as np

from spinglass.arithmetic import float64


def checked_overlap(names, ar, overlap, *values):
    """Return an overlap in [-1, 1] and finite values in an arithmetic, as arrays of one shape in float64.

    Parameters
    ----------
    names : sequence of str
        What the user calls the overlap and the values.
    ar : arithmetic
    overlap : number or array
    *values : number or array
        Arrays broadcast with the overlap; other arithmetics take one number each.

    Returns
    -------
    list of numbers or arrays

    Raises
    ------
    TypeError, ValueError
        For anything that is not a number, not finite, or an overlap outside [-1, 1].
    """
    given = (overlap, *values)
    if ar is not float64:
        for name, x in zip(names, given, strict=True):
            if isinstance(x, float) and not math.isfinite(x):
                raise ValueError(f"{name}: expected a finite number, got {x}")
        numbers = [ar.number(x) for x in given]
        if ar.name != "symbols" and ar.positive(abs(numbers[0]) - 1):
            raise ValueError(f"{names[0]}: expected an overlap in [-1, 1], got {overlap}")
        return numbers
    try:
        arrays = [np.asarray(x, dtype=float) for x in given]
    except (TypeError, ValueError):
        raise TypeError(f"{', '.join(names)}: expected numbers or arrays of numbers, got {given!r}") from None
    for name, x in zip(names, arrays, strict=True):
        if not np.isfinite(x).all():
            raise ValueError(f"{name}: expected finite numbers, got {x[~np.isfinite(x)].flat[0]}")
    if np.any(outside := abs(arrays[0]) > 1):
        raise ValueError(f"{names[0]}: expected overlaps in [-1, 1], got {arrays[0][outside].flat[0]}")
    try:
        return [x[()] for x in np.broadcast_arrays(*arrays)]
    except ValueError:
        shapes = ", ".join(str(x.shape) for x in arrays)
        raise ValueError(f"{', '.join(names)}: expected shapes that broadcast, got {shapes}") from None
