"""Arguments checked in one place: what was expected, what came, what to try."""

import math
import numbers


def checked_number(name, x):
    """Return a finite real number as given (numpy scalars as Python's), or say what was expected."""
    if hasattr(x, "item") and getattr(x, "ndim", 1) == 0:
        x = x.item()
    if not isinstance(x, numbers.Real) or isinstance(x, bool):
        raise TypeError(f"{name}: expected a real number, got {x!r}")
    if not math.isfinite(x):
        raise ValueError(f"{name}: expected a finite number, got {x}")
    return x


def checked_integer(name, x, least):
    """Return an integer of at least ``least`` as an int, or say what was expected."""
    if not isinstance(x, numbers.Real) or isinstance(x, bool):
        raise TypeError(f"{name}: expected an integer of at least {least}, got {x!r}")
    if not math.isfinite(x) or x != math.floor(x) or x < least:
        raise ValueError(f"{name}: expected an integer of at least {least}, got {x}")
    return math.floor(x)


def checked_index(index, players):
    """Return None or a tuple with one index (or None) per player; ``players`` is their number."""
    if index is None:
        return None
    if isinstance(index, numbers.Integral) and not isinstance(index, bool):
        if players > 1:
            raise ValueError(f"index: expected a tuple of {players} (one per player), got {index}")
        index = (index,)
    if not isinstance(index, (tuple, list)):
        raise TypeError(f"index: expected None, an int or a tuple of ints, got {index!r}")
    if len(index) != players:
        raise ValueError(f"index: expected {players} entries (one per player), got {len(index)}: {tuple(index)}")
    for k in index:
        if k is not None and (not isinstance(k, numbers.Integral) or isinstance(k, bool)):
            raise TypeError(f"index: expected None or integers, got {k!r}")
        if k is not None and k < 0:
            raise ValueError(f"index: expected integers of at least 0, got {k}")
    return None if all(k is None for k in index) else tuple(None if k is None else int(k) for k in index)
