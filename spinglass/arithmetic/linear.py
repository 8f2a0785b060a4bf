"""Small dense linear algebra by field operations only, so that it runs in every arithmetic."""

from typing import Any

import numpy as np


def _pivoted(matrix: Any, right: Any) -> tuple[list[list[Any]], int]:
    """Eliminate below the diagonal of [matrix | right]; return rows and the sign of the row exchanges."""
    rows = [list(a) + list(b) for a, b in zip(matrix, right, strict=True)]
    n, sign = len(rows), 1
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: _size(rows[i][k]))
        if pivot != k:
            rows[k], rows[pivot], sign = rows[pivot], rows[k], -sign
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
    return rows, sign


def _size(x: Any) -> float:
    """Return a float that orders pivots; for a symbol only whether it is zero counts."""
    try:
        return abs(complex(x))
    except (TypeError, ValueError):
        return float(x != 0)


def solve(matrix: Any, right: Any) -> np.ndarray:
    """Solve ``matrix @ x = right`` (a vector or columns) by Gaussian elimination with pivoting."""
    right = np.asarray(right, dtype=object)
    columns = right.reshape(len(right), -1)
    n = len(columns)
    rows, _ = _pivoted(matrix, columns)
    x = np.empty_like(columns)
    for i in reversed(range(n)):
        for c in range(columns.shape[1]):
            rest = sum((rows[i][j] * x[j, c] for j in range(i + 1, n)), 0 * rows[i][i])
            x[i, c] = (rows[i][n + c] - rest) / rows[i][i]
    return x.reshape(right.shape)


def determinant(matrix: Any) -> Any:
    """Return the determinant of a square matrix."""
    rows, sign = _pivoted(matrix, [[]] * len(matrix))
    product = sign
    for i, row in enumerate(rows):
        product = product * row[i]
    return product


def eliminated(matrix: Any) -> list[list[Any]]:
    """Return the lower triangular C with ``C @ inv(D) @ C.T == matrix``, D its diagonal, of a positive definite matrix.

    No roots: with fractions it is exact.  C[i][k]/sqrt(C[k][k]) is Cholesky's factor.
    """
    n, zero = len(matrix), 0 * matrix[0][0]
    lower = [[zero] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            lower[i][j] = matrix[i][j] - sum((lower[i][k] * lower[j][k] / lower[k][k] for k in range(j)), zero)
    return lower
