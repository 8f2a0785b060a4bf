"""The affine space of a face, rows @ g = values, in coordinates along which the shifts move.

Directions that move no shift only lower Sigma: they are left out.
"""

from typing import NamedTuple

import numpy as np

from spinglass.complexity.games.linear import RANK


class Plane(NamedTuple):
    """The space of some rows, whatever their values: its places are g = inverse @ values + free @ z."""

    inverse: np.ndarray  # (m, k)
    free: np.ndarray  # (m, q), orthonormal
    e: np.ndarray  # (S, q): by how much the shifts move along z
    back: np.ndarray  # (q, S): the pseudoinverse of e


def plane(rows, shifts, units):
    """Return the space of some rows, None if they depend on each other.

    ``units`` are the shifts with every row as large as any: a species of small numbers moves as much as others.
    """
    count, m = rows.shape
    inverse, free = np.empty((m, 0)), np.eye(m)
    if count:
        if count > m:
            return None
        left, size, right = np.linalg.svd(rows)
        if size[-1] <= RANK * size[0]:
            return None
        inverse, free = (right[:count].T / size) @ left.T, right[count:].T
    _, size, right = np.linalg.svd(units @ free, full_matrices=False)
    free = free @ right[size > RANK].T
    e = np.ascontiguousarray(shifts @ free)
    return Plane(inverse, free, e, np.linalg.pinv(e))
