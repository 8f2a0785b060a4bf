"""Overlaps of unit vectors and the energies that go with them, checked and in standard form."""

import numpy as np

from spinglass.inputs.checks import broadcast, in_arithmetic, measured, shown


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
    if not ar.vectorised:
        numbers = [in_arithmetic(name, x, ar) for name, x in zip(names, given, strict=True)]
        if not getattr(numbers[0], "free_symbols", None) and ar.positive(abs(numbers[0]) - 1):
            raise ValueError(f"{names[0]}: expected an overlap in [-1, 1], got {shown(overlap)}")
        return numbers
    arrays = [measured(name, x) for name, x in zip(names, given, strict=True)]
    if np.any(outside := abs(arrays[0]) > 1):
        raise ValueError(f"{names[0]}: expected overlaps in [-1, 1], got {arrays[0][outside].flat[0]}")
    shape = broadcast(", ".join(names), *arrays)
    return [np.broadcast_to(x, shape)[()] for x in arrays]
