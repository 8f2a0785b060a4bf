"""Energies over ranges, and the complexity there: a column for each index."""

import itertools
from argparse import ArgumentTypeError
from fractions import Fraction

import numpy as np

from spinglass.inputs.checks import shown, written

MOST = 1_000_000  # points of a grid


def energy_range(text):
    """Read LO:HI:COUNT, ends included, or one number, as exact numbers.

    Examples
    --------
    >>> from spinglass.command_line.curves import energy_range
    >>> [float(u) for u in energy_range("-1.7:-1.6:3")]
    [-1.7, -1.65, -1.6]
    """
    try:
        *ends, count = text.split(":") if ":" in text else (text, text, "1")
        low, high, count = *(Fraction(written("", end)) for end in ends), int(count)
        if count != 1 if ":" not in text else not (2 <= count <= MOST and low < high):
            raise ValueError(text)
    except (ValueError, TypeError, OverflowError):
        raise ArgumentTypeError(
            f"expected LO:HI:COUNT with LO below HI and 2 to {MOST} points, such as -1.7:-1.6:50, or one number, "
            f"got {shown(text)}"
        ) from None
    return [low + (high - low) * i / max(count - 1, 1) for i in range(count)]


def points(ranges, losses, option):
    """Return all points of the grid of ranges, the last one fastest."""
    if len(ranges) != losses:
        raise ValueError(f"{option}: expected {losses} (one per loss), got {len(ranges)}")
    size = int(np.prod([len(one) for one in ranges]))
    if size > MOST:
        raise ValueError(f"{option}: expected at most {MOST} points in all, got {size}")
    for u in itertools.chain(*ranges):
        try:
            float(u)
        except OverflowError:
            raise ValueError(f"{option}: expected numbers that a float can hold, got {shown(u)}") from None
    return list(itertools.product(*ranges))


def index_entry(text):
    """Read a number of negative eigenvalues, or any."""
    if text == "any":
        return None
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"expected an integer or 'any', got {shown(text)}") from None


def column(index):
    """Return the name of the column of an index."""
    if index is None:
        return "all"
    return f"index {','.join('any' if k is None else str(k) for k in index)}"


def values(question, grid, index, ar):
    """Return the answer to a question, a function of energies and index, at every point."""
    if ar.vectorised:
        energies = np.array(grid, float).T
        return np.broadcast_to(question(*energies, index=index), len(grid)).tolist()
    return [question(*point, index=index, arithmetic=ar) for point in grid]
