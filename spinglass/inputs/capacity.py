"""What is too large is refused in one line with its size, before time or memory is spent: :func:`within`."""

from spinglass.inputs.checks import shown

MATRIX = 100_000_000  # entries of a dense matrix at most: 0.8 gigabytes, and a calculation holds a few of them


def within(name, size, most, instead):
    """Return a size that is not above ``most``, or say what is possible and what to try.

    Examples
    --------
    >>> from spinglass.inputs.capacity import within
    >>> within("n", 5000, 1000, "try a smaller n")
    Traceback (most recent call last):
    ...
    ValueError: n: expected at most 1000, got 5000; try a smaller n
    """
    if size > most:
        raise ValueError(f"{name}: expected at most {most}, got {shown(size)}; {instead}")
    return size


def dense(rows, columns=None):
    """Refuse a dense matrix (square if only its rows are given) of too many entries."""
    columns = rows if columns is None else columns
    within("n: entries of a dense matrix", rows * columns, MATRIX, f"try a smaller n than {shown(rows)}")
