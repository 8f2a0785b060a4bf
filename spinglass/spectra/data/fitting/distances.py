r"""Distances of a spectrum from a fitted law, and how they move with its parameters.

.. math:: D = \tfrac1n\sup_x|\Delta(x)| , \qquad W = \tfrac1n\int|\Delta(x)|\,dx , \qquad
          \Delta(x) = \#\{\lambda_i \le x\} - N_\theta(x) ,

the distances of Kolmogorov and Smirnov and of Wasserstein, with the expected number N of
:mod:`~spinglass.spectra.data.fitting.expected`, atoms in.  Near a fit N is linear in the parameters, so that thousands
of spectra are compared with their own fits at the price of a few laws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import PchipInterpolator

from spinglass.spectra.data.fitting.criteria import STEP
from spinglass.spectra.data.fitting.expected import NODES, fejer

DISTANCES = ("kolmogorov", "wasserstein", "energy")
FEWER = 48  # nodes of laws that are fitted by their moments, since they are slow


@dataclass(frozen=True)
class Staircase:
    """The expected number of eigenvalues as a function of place and of small steps of the coordinates."""

    places: np.ndarray
    numbers: np.ndarray
    atoms: list[tuple[float, float]]
    slopes: np.ndarray | None = None
    atom_slopes: np.ndarray | None = None

    @classmethod
    def of(cls, criterion, law, spectrum):
        """Return the staircase of a law."""
        places = _places(criterion, law)
        return cls(places, criterion.counts(law, places, spectrum), criterion.on_atoms(law, spectrum))

    @classmethod
    def around(cls, criterion, coordinates, spectrum):
        """Return the staircase of the law at coordinates, which may take small steps from there."""
        family = criterion.family
        here = cls.of(criterion, family.law(coordinates), spectrum)

        def numbers(law):
            on_atoms = sum(count for _, count in criterion.on_atoms(law, spectrum))
            return np.r_[criterion.counts(law, here.places, spectrum), on_atoms]

        columns = []
        for step in STEP * np.eye(len(coordinates)):
            above, below = (numbers(family.law(coordinates + s)) for s in (step, -step))
            columns.append((above - below) / (2 * STEP))
        slopes = np.reshape(columns, (len(coordinates), here.places.size + 1))
        return replace(here, slopes=slopes[:, :-1], atom_slopes=slopes[:, -1])

    def distances(self, spectrum, step=None):
        """Return both distances of a spectrum from the law at coordinates moved by a step."""
        numbers, on_atoms = self.numbers, 0.0
        if step is not None:
            numbers, on_atoms = numbers + step @ self.slopes, self.atom_slopes @ step
        shared = on_atoms / max(len(self.atoms), 1)
        atoms = [*spectrum.atoms, *((place, -count - shared) for place, count in self.atoms)]
        ends = [self.places[0], self.places[-1], *(place for place, _ in atoms)]
        x = np.sort(np.concatenate([spectrum.bulk, ends]))
        number = PchipInterpolator(self.places, numbers)
        law = number(np.clip(x, self.places[0], self.places[-1]))
        right = np.searchsorted(spectrum.bulk, x, "right") / spectrum.matrices - law
        left = np.searchsorted(spectrum.bulk, x, "left") / spectrum.matrices - law
        for place, count in atoms:
            right, left = right + count * (x >= place), left + count * (x > place)
        between = 0.5 * (np.abs(right[:-1]) + np.abs(left[1:])) * np.diff(x)
        return max(np.abs(right).max(), np.abs(left).max()) / spectrum.n, between.sum() / spectrum.n


def _places(criterion, law):
    """Return places in the bulks of a law between which its staircase is interpolated."""
    nodes = np.r_[-1.0, fejer(FEWER if criterion.name == "moments" else NODES)[0], 1.0]
    bulks = [0.5 * (low + high) + 0.5 * (high - low) * nodes for low, high in law.support]
    return np.unique(np.concatenate(bulks))
