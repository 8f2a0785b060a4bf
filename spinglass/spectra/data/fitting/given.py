"""Eigenvalues of one or several matrices, as a fit asks for them.

:class:`~spinglass.spectra.data.fitting.probes.probed.Probes` answers the same questions for a spectrum that probes
know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spinglass.inputs.checks import measured
from spinglass.spectra.data.fitting import calibration
from spinglass.spectra.data.fitting.outside.outlier_rule import limits
from spinglass.spectra.data.fitting.spectrum import COINCIDE, coincident, spectrum

ENOUGH = 5  # eigenvalues for each parameter
SYMMETRIC = 1e-9  # asymmetry of a square array, over its largest entry, that is taken for a matrix's rounding
LARGEST = 1e45  # eigenvalue, whose sixth power is a float
INNER = 0.16  # of the eigenvalues on either side, which do not say how wide the bulk is
GAP = 2.0  # gaps in units of their median times n^(1/3), which is usual at an edge, that may end a bulk
OUTER = 0.4  # of the eigenvalues on either side, among which such gaps are looked for


@dataclass(frozen=True)
class Eigenvalues:
    """Eigenvalues in ascending rows, one for each matrix: all are known, and each could be an outlier."""

    places: np.ndarray

    @property
    def n(self):
        """Number of rows of a matrix."""
        return self.places.shape[1]

    @property
    def centre(self):
        """The place from which outliers are far."""
        return np.median(self.places)

    @property
    def data(self):
        """What was given, as a Fit keeps it."""
        return self.places

    def centre_and_width(self):
        """Return the median and about the width of the bulk, which outliers and atoms hardly move."""
        values = np.sort(self.places.ravel())
        _, on_atom = coincident(values, np.abs(values).max())
        inner = np.quantile(values if on_atom.all() else values[~on_atom], [INNER, 0.5, 1 - INNER])
        width = 2 * (inner[2] - inner[0])
        return float(inner[1]), float(width or abs(inner[1]) or 1.0)

    def errors(self, word, criterion, ensemble):
        """Return what errors come from, by the word of the user."""
        if word == "probes":
            raise ValueError("errors: expected a spectrum from sg.spectra.lanczos for 'probes', got eigenvalues")
        if word == "matrices" and len(self.places) < 2:
            raise ValueError(
                "errors: expected eigenvalues of shape (matrices, n) for 'matrices', got those of one matrix"
            )
        return "bootstrap" if word == "auto" else word

    def enough(self, names, outliers):
        """Refuse fewer eigenvalues than parameters and outliers ask for."""
        least = ENOUGH * len(names) + outliers
        if self.n < least:
            raise ValueError(
                f"eigenvalues: expected at least {least} for {len(names)} parameters ({', '.join(names)}) and "
                f"{outliers} outliers, got {self.n}; try fixed={{..}}"
            )

    def spectrum(self, outliers, apart):
        """Return the Spectrum of which a mask tells the outliers; coinciding ones may be taken apart from the bulk."""
        return spectrum(self.places, outliers, atoms=apart)

    def place_errors(self, outliers):
        """Return within which distance of its place each outlier is."""
        return np.zeros(outliers.size)

    def starts(self):
        """Yield masks to begin with: nothing outside, and what lies beyond the first or the widest large gap."""
        values = np.sort(self.places.ravel())
        gaps, some = np.diff(values), max(1, int(OUTER * values.size))
        apart = gaps[gaps > COINCIDE * np.abs(values).max()]
        large = (
            gaps > GAP * np.median(apart) * self.places.shape[1] ** (1 / 3) if apart.size else np.zeros(gaps.size, bool)
        )
        right = [i for i in range(values.size - some - 1, values.size - 1) if large[i]]
        left = [i for i in range(some) if large[i]]
        highs, lows = [np.inf], [-np.inf]
        if right:
            highs += [values[right[0]], values[max(right, key=lambda i: gaps[i])]]
        if left:
            lows += [values[left[-1] + 1], values[max(left, key=lambda i: gaps[i]) + 1]]
        for low in lows:
            for high in highs:
                yield (self.places < low) | (self.places > high)

    def limits(self, criterion, found, rate):
        """Return the places beyond which a bulk with the fitted law, which is known, reaches at the rate."""
        return limits(found.law, self.n, rate)

    def refined(self, criterion, found):
        """Return the fit: its first metric is the last."""
        return found

    def calibrated(self, criterion, found, errors, samples, ensemble, seed):
        """Return the Calibration of a fit."""
        return calibration.calibrated(criterion, found, self.places, errors, samples, ensemble, seed)


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
