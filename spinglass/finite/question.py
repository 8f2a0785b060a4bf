"""What is asked of an exact count on one sphere: a window of energies, and which points by their index."""

import math
from dataclasses import dataclass

import numpy as np

from spinglass.inputs.checks import plain, shown
from spinglass.models.selection import AnyIndex, GivenIndex, Selection, selected

NARROWEST = 1e-200  # of a window: its digits are carried


@dataclass(frozen=True)
class EachIndex(Selection):
    """Every index 0 .. N-1 for itself, along a last axis of the answer."""

    def __str__(self):
        return "index 'each'"


def checked_window(window):
    """Return None or the two ends of a window as they came; (-inf, inf) is None."""
    if window is None:
        return None
    window = [end for pair in window for end in pair] if np.ndim(window) == 2 else list(window)
    window = [plain(end) for end in window]
    if len(window) != 2:
        raise ValueError(f"energies: expected one window (lo, hi), got {shown(window)}")
    if not window[0] < window[1]:
        raise ValueError(f"energies: expected lo < hi, got ({window[0]}, {window[1]})")
    if 0 < float(window[1]) - float(window[0]) < NARROWEST:
        raise ValueError(f"energies: expected a window of width {NARROWEST:g} at least; try sg.count_density")
    return None if float(window[0]) == -math.inf and float(window[1]) == math.inf else tuple(window)


def counted(index, n, curves=False):
    """Return None for all points, a number of negative eigenvalues, or (of curves) "each": the room reads it here."""
    match selection := selected(1, index):
        case AnyIndex():
            return None
        case GivenIndex(index=(k,)):
            if k > n - 1:
                raise ValueError(f"index: expected at most N - 1 = {n - 1} negative eigenvalues, got {k}")
            return k
        case EachIndex() if curves:
            return "each"
    raise selection.refused("an exact count", "an index")


def each_index(index):
    """Return the selection that a curve means by the word "each"; anything else as it is."""
    if isinstance(index, str):
        if index != "each":
            raise ValueError(f"index: expected None, an integer or 'each', got {shown(index)}")
        return EachIndex()
    return index
