r"""Which eigenvalues stand outside the bulk: none, the k farthest ones, or those that the bulk's edge does not explain.

The rule and the fit of the bulk follow each other until both stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spinglass.spectra.data.criteria import IMPOSSIBLE
from spinglass.spectra.data.spectrum import Spectrum, spectrum
from spinglass.spectra.free.inverse import hull

if TYPE_CHECKING:
    from spinglass.spectra.law import Law

ROUNDS = 20  # of rule and fit


@dataclass(frozen=True)
class Chosen:
    """What was taken for the bulk, a mask of the outliers in the rows of eigenvalues, and the fit of the bulk."""

    data: Spectrum
    mask: np.ndarray
    coordinates: np.ndarray
    cost: float
    law: Law


def chosen(criterion, rows, outliers):
    """Return the bulk and its fit by the rule of ``outliers``, None or a number for each matrix."""
    mask = np.zeros(rows.shape, bool)
    if not outliers:
        return fitted(criterion, rows, mask)
    place = np.median(rows)
    mask, found = farthest(np.abs(rows - place), outliers), None
    for _ in range(ROUNDS):
        found = fitted(criterion, rows, mask, found)
        low, high = hull(found.law)
        again = farthest(np.maximum(low - rows, rows - high), outliers)
        if (again == mask).all():
            break
        mask = again
    return found


def farthest(distances, k):
    """Return a mask of the k largest numbers of every row."""
    mask = np.zeros(distances.shape, bool)
    np.put_along_axis(mask, np.argsort(distances, axis=1, kind="stable")[:, -k:], True, axis=1)
    return mask


def fitted(criterion, rows, mask, before=None):
    """Return the fit of the eigenvalues that are no outliers, started from another fit if there is one."""
    for apart in (True, False):
        data = spectrum(rows, mask, atoms=apart if before is None else before.data.apart)
        if not data.bulk.size:
            raise ValueError(f"eigenvalues: expected numbers that differ, got {rows.size} that coincide")
        starts = criterion.family.candidates() if before is None else before.coordinates
        coordinates, cost = criterion.minimise(data, starts)
        if not cost < IMPOSSIBLE**2:
            raise ValueError(
                f"start: expected parameters {', '.join(criterion.family.names)} at which there is a law, found none "
                f"among {len(starts)}; try start={{...}} or bounds={{...}}"
            )
        law = criterion.family.law(coordinates)
        if before is not None or not data.atoms or law.atoms:
            break  # else the law has no atoms at all, and eigenvalues that coincide do so by chance
    return Chosen(data, mask, coordinates, cost, law)
