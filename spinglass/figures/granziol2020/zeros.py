"""Eigenvalues that are 0 but for rounding."""

import numpy as np

ZERO = 1e-12  # of the largest |eigenvalue|: what is closer to 0 is 0


def without_rounding(eigenvalues):
    """Return the eigenvalues with those that vanish but for rounding set to 0."""
    return np.where(np.abs(eigenvalues) < ZERO * np.abs(eigenvalues).max(), 0.0, eigenvalues)


def zero_fraction(matrix):
    """Return the fraction of eigenvalues that are 0."""
    return np.mean(without_rounding(np.linalg.eigvalsh(matrix)) == 0)
