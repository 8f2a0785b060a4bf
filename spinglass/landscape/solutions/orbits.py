"""Which solutions are the same: up to rounding."""

import numpy as np
from scipy.spatial import cKDTree

SAME = 1e-7  # two solutions nearer than this, relative to their length, are one


def merge(known, new, columns=None):
    """Append those rows of ``new`` that are not among ``known`` or each other.

    Parameters
    ----------
    known, new : arrays with rows of one length
    columns : int, optional
        Compare so many numbers from the left; the rest follows from them.

    Returns
    -------
    rows : array
    places : int array
        Where each row of ``new`` stands.
    """
    rows = np.concatenate([known, new])
    keys = np.ascontiguousarray(rows[:, :columns])
    keys = keys.view(float) / (1 + np.linalg.norm(keys, axis=1, keepdims=True))
    first = np.arange(len(rows))
    for i, j in sorted(cKDTree(keys).query_pairs(SAME)):  # i < j
        first[j] = min(first[j], first[i])
    kept = first == np.arange(len(rows))
    position = np.cumsum(kept) - 1
    return rows[kept], position[first[len(known) :]]


def nearly_real(points):
    """Tell which rows are their own conjugates: x and its conjugate are one solution, not two."""
    return np.abs(points.imag).max(axis=1, initial=0) < SAME * (1 + np.linalg.norm(points, axis=1))
