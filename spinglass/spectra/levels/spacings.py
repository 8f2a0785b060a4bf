r"""Spacings of neighbouring levels and their ratios :math:`r_i = \min(s_i, s_{i+1})/\max(s_i, s_{i+1})`.

Ratios need no unfolding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import MODERATE, measured, one_number

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers

COINCIDE = 1e-12  # of the largest |eigenvalue|: closer eigenvalues are one degenerate one


def distinct(eigenvalues: Numbers, tolerance: float | None = None) -> Array:
    r"""Return the eigenvalues that stand alone, ascending.

    Eigenvalues that coincide, such as the zeros of a matrix without full rank, do not repel: all of them are dropped,
    so that the others are compared across the place where they were.

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
    tolerance : float, optional
        Neighbours at most this far apart coincide; by default 1e-12 of the largest size.

    Returns
    -------
    float array of shape (m,)

    Raises
    ------
    ValueError, TypeError
        If there are no eigenvalues, or they are not finite real numbers in one dimension.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.distinct([3.0, 0.0, 1e-17, 1.0, -2.0])
    array([-2.,  1.,  3.])
    """
    values = np.sort(checked_spectrum(eigenvalues))
    least = COINCIDE * np.abs(values).max() if tolerance is None else one_number("tolerance", tolerance)
    apart = np.r_[True, np.diff(values) > least, True]
    return values[apart[1:] & apart[:-1]]


def spacings(eigenvalues: Numbers, tolerance: float | None = None) -> Array:
    r"""Return the differences of neighbours; of unfolded eigenvalues their mean is 1.

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
        In any order.
    tolerance : float, optional
        As in :func:`distinct`: eigenvalues that coincide are left out.

    Returns
    -------
    float array of shape (n - 1,), shorter for degenerate spectra

    Raises
    ------
    ValueError, TypeError
        If fewer than two eigenvalues are left, or they are not finite real numbers.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.spacings([3.0, 0.0, 1.0])
    array([1., 2.])
    """
    values = distinct(eigenvalues, tolerance)
    if len(values) < 2:
        raise ValueError(f"eigenvalues: expected at least 2 that do not coincide, got {len(values)}")
    return np.diff(values)


def spacing_ratios(eigenvalues: Numbers, tolerance: float | None = None) -> Array:
    r"""Return :math:`\min(s_i, s_{i+1})/\max(s_i, s_{i+1})` of neighbouring spacings, which need no unfolding.

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
        In any order.
    tolerance : float, optional
        As in :func:`distinct`: eigenvalues that coincide are left out.

    Returns
    -------
    float array of shape (n - 2,), shorter for degenerate spectra
        Between 0 and 1; mean 0.5307 for GOE, 0.3863 for independent eigenvalues.

    Raises
    ------
    ValueError, TypeError
        If fewer than three eigenvalues are left, or they are not finite real numbers.

    References
    ----------
    Oganesyan, Huse (2007); Atas, Bogomolny, Giraud, Roux (2013), Phys. Rev. Lett. 110, 084101.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> sg.spectra.spacing_ratios([0.0, 1.0, 3.0, 7.0])
    array([0.5, 0.5])
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> bool(abs(sg.spectra.spacing_ratios(np.linalg.eigvalsh(Semicircle().sample(500, rng=1))).mean() - 0.5307) < 0.03)
    True
    """
    values = distinct(eigenvalues, tolerance)
    if len(values) < 3:
        raise ValueError(f"eigenvalues: expected at least 3 that do not coincide, got {len(values)}")
    steps = np.diff(values)
    return np.minimum(steps[1:], steps[:-1]) / np.maximum(steps[1:], steps[:-1])


def checked_spectrum(values, name="eigenvalues", most=MODERATE):
    """Return a non-empty float array of shape (n,), or say what was expected."""
    values = measured(name, values, most)
    if values.ndim != 1 or not values.size:
        square = name == "eigenvalues" and values.ndim == 2 and values.shape[0] == values.shape[1]
        advice = "; try np.linalg.eigvalsh(matrix)" if square and values.size else ""
        raise ValueError(f"{name}: expected a non-empty array in one dimension, got shape {values.shape}{advice}")
    return values
