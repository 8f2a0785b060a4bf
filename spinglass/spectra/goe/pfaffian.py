"""Pfaffians of skew matrices given as arrays, bordered for odd sizes."""

import numpy as np


def bordered(matrix, *columns):
    """Write the last columns of a skew matrix, and the rows."""
    n = columns[0].shape[-1]
    for i, column in enumerate(columns):
        matrix[..., :n, n + i], matrix[..., n + i, :n] = column, -column
    return matrix


def pfaffians(m, n):
    """Return the pair of Pfaffians (even k, odd k) of a stack of bordered matrices, by elimination in place."""
    value, rows = np.ones(len(m), dtype=m.dtype), np.arange(len(m))
    for j in range(0, n - 1, 2):
        pivot = j + 1 + np.argmax(abs(m[:, j, j + 1 : n]), axis=1)
        moved = rows[pivot != j + 1]
        other = pivot[moved]
        m[moved, j + 1], m[moved, other] = m[moved, other], m[moved, j + 1]
        m[moved, :, j + 1], m[moved, :, other] = m[moved, :, other], m[moved, :, j + 1]
        value[moved] *= -1
        value *= m[:, j, j + 1]
        product = (m[:, j + 1, j + 2 :] / m[:, j, j + 1, None])[:, :, None] * m[:, j, None, j + 2 :]
        m[:, j + 2 :, j + 2 :] += product - product.swapaxes(1, 2)
    return (value, value * m[:, n, n + 1]) if n % 2 == 0 else (value * m[:, n - 1, n], value * m[:, n - 1, n + 1])
