"""Whole numbers as users give them: sizes of matrices, numbers of rows, seeds."""

import numbers


def whole_number(value, name, least):
    """Return an integer of at least ``least`` as an int, or say what was expected.

    Examples
    --------
    >>> whole_number(0, "n", 1)
    Traceback (most recent call last):
    ...
    ValueError: n: expected an integer of at least 1, got 0
    """
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise TypeError(f"{name}: expected an integer of at least {least}, got {value!r}")
    if value < least:
        raise ValueError(f"{name}: expected an integer of at least {least}, got {value}")
    return int(value)
