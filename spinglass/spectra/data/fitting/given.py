"""What comes into a fit: eigenvalues of one or several matrices, and words."""

from __future__ import annotations

import numpy as np

from spinglass.inputs.checks import measured
from spinglass.spectra.data.fitting.spectrum import coincident

SYMMETRIC = 1e-9  # asymmetry of a square array, over its largest entry, that is taken for a matrix's rounding
LARGEST = 1e45  # eigenvalue, whose sixth power is a float
INNER = 0.16  # of the eigenvalues on either side, which do not say how wide the bulk is


def rows_of(eigenvalues):
    """Return eigenvalues as rows, one for each matrix, or say what was expected.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.data.fitting.given import rows_of
    >>> rows_of(np.eye(3))
    Traceback (most recent call last):
    ...
    ValueError: eigenvalues: expected shape (n,) or (matrices, n), got a symmetric matrix; try np.linalg.eigvalsh(..)
    """
    x = measured("eigenvalues", eigenvalues, LARGEST)
    if not x.size or x.ndim not in (1, 2):
        raise ValueError(f"eigenvalues: expected shape (n,) or (matrices, n), got an array of shape {x.shape}")
    rows = np.atleast_2d(x)
    square = rows.shape[0] == rows.shape[1] > 1
    if square and np.abs(rows - rows.T).max() <= SYMMETRIC * np.abs(rows).max():
        raise ValueError(
            "eigenvalues: expected shape (n,) or (matrices, n), got a symmetric matrix; try np.linalg.eigvalsh(..)"
        )
    largest = np.abs(rows).max()
    if 0 < largest < 1 / LARGEST:
        raise ValueError(
            f"eigenvalues: expected the largest to be at least {1 / LARGEST:g} in size, got {largest:g}; "
            "try other units"
        )
    return np.sort(rows, axis=1)


def centre_and_width(rows):
    """Return the median and about the width of the bulk, which outliers and atoms hardly move."""
    values = np.sort(rows.ravel())
    _, on_atom = coincident(values, np.abs(values).max())
    inner = np.quantile(values if on_atom.all() else values[~on_atom], [INNER, 0.5, 1 - INNER])
    width = 2 * (inner[2] - inner[0])
    return float(inner[1]), float(width or abs(inner[1]) or 1.0)
