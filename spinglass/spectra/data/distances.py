r"""Distances of a spectrum from a fitted law, and how they move with its parameters.

.. math:: D = \tfrac1n\sup_x|\Delta(x)| , \qquad W = \tfrac1n\int|\Delta(x)|\,dx , \qquad
          \Delta(x) = \#\{\lambda_i \le x\} - N_\theta(x) ,

the distances of Kolmogorov and Smirnov and of Wasserstein, with the expected number N of
:mod:`~spinglass.spectra.data.expected`, atoms in.  Near a fit N is linear in the parameters, so that thousands of
spectra are compared with their own fits at the price of a few laws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from spinglass.spectra.data.criteria import STEP
from spinglass.spectra.data.expected import NODES, expected_counts, fejer

DISTANCES = ("kolmogorov", "wasserstein", "energy")
FEWER = 48  # nodes of laws that are fitted by their moments, since they are slow


@dataclass(frozen=True)
class Staircase:
    """The expected number of eigenvalues as a function of place and of small steps of the coordinates."""

    places: np.ndarray
    numbers: np.ndarray
    slopes: np.ndarray
    atoms: tuple[tuple[float, float], ...]
    atom_slope: np.ndarray
    n: int

    @classmethod
    def of(cls, criterion, coordinates, spectrum):
        """Return the staircase around coordinates."""
        family = criterion.family
        law = family.law(coordinates)
        nodes = np.r_[-1.0, fejer(FEWER if criterion.name == "moments" else NODES)[0], 1.0]
        places = np.concatenate([0.5 * (low + high) + 0.5 * (high - low) * nodes for low, high in law.support])
        places = np.unique(places)

        def numbers(law):
            return np.r_[expected_counts(law, places, spectrum, criterion.spikes), sum(w for _, w in law.atoms)]

        columns = []
        for step in STEP * np.eye(len(coordinates)):
            above, below = (numbers(family.law(coordinates + s)) for s in (step, -step))
            columns.append((above - below) / (2 * STEP))
        slopes = np.reshape(columns, (len(coordinates), places.size + 1))
        return cls(places, numbers(law)[:-1], slopes[:, :-1], law.atoms, slopes[:, -1], spectrum.n)

    def distances(self, spectrum, step):
        """Return both distances of a spectrum from the law at coordinates moved by a step."""
        atoms = [(place, count) for place, count in spectrum.atoms]
        extra = self.atom_slope @ step / len(self.atoms) if self.atoms else 0.0
        atoms += [(place, -self.n * (weight + extra)) for place, weight in self.atoms]
        inside = [self.places[0], self.places[-1], *(place for place, _ in atoms)]
        x = np.sort(np.concatenate([spectrum.bulk, inside]))
        number = PchipInterpolator(self.places, self.numbers + step @ self.slopes)
        law = number(np.clip(x, self.places[0], self.places[-1]))
        right = np.searchsorted(spectrum.bulk, x, "right") / spectrum.matrices - law
        left = np.searchsorted(spectrum.bulk, x, "left") / spectrum.matrices - law
        for place, count in atoms:
            right, left = right + count * (x >= place), left + count * (x > place)
        between = 0.5 * (np.abs(right[:-1]) + np.abs(left[1:])) * np.diff(x)
        return max(np.abs(right).max(), np.abs(left).max()) / self.n, between.sum() / self.n
