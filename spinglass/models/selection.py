"""Which equilibria are meant: the index, one number of negative eigenvalues per player, in standard form."""

import numbers

from spinglass.inputs.checks import shown

MOST = 2**53  # of an index: a float holds it exactly


def checked_index(index, players):
    """Return None or a tuple with one index (or None) per player; ``players`` is their number."""
    if index is None:
        return None
    if isinstance(index, numbers.Integral) and not isinstance(index, bool):
        if players > 1:
            raise ValueError(f"index: expected a tuple of {players} (one per player), got {shown(index)}")
        index = (index,)
    if not isinstance(index, (tuple, list)):
        raise TypeError(f"index: expected None, an int or a tuple of ints, got {shown(index)}")
    if len(index) != players:
        raise ValueError(f"index: expected {players} entries (one per player), got {len(index)}: {shown(tuple(index))}")
    for k in index:
        if k is not None and (not isinstance(k, numbers.Integral) or isinstance(k, bool)):
            raise TypeError(f"index: expected None or integers, got {shown(k)}")
        if k is not None and not 0 <= int(k) <= MOST:
            raise ValueError(f"index: expected integers of at least 0 (and at most {MOST}), got {shown(k)}")
    return None if all(k is None for k in index) else tuple(None if k is None else int(k) for k in index)
