"""A mixture of bumps and atoms: what a law of eigenvalues is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spinglass.spectra.data.empirical.bump_sums import add_atoms, density_sum, mass_below, potential_sum, stieltjes_sum
from spinglass.spectra.data.empirical.smoothing import bulks_of, bumps


def merged(values, weights, near):
    """Return the places of ascending eigenvalues without repetition, their weights, and which are repeated.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.data.empirical.mixture import merged
    >>> merged(np.array([-1e-17, 0.0, 1e-17, 2.0]), np.full(4, 0.25), 1e-12)
    (array([0., 2.]), array([0.75, 0.25]), array([ True, False]))
    """
    first = np.flatnonzero(np.r_[True, np.diff(values) > near])
    count = np.diff(np.r_[first, len(values)])
    places = values[first + (count - 1) // 2]
    repeated = count > 1
    places[repeated & (np.abs(places) <= near)] = 0.0
    return places, np.add.reduceat(weights, first), repeated


@dataclass(frozen=True)
class Mixture:
    """Bumps by centre, radius and weight, and atoms by place and weight; all weights together are 1."""

    centres: np.ndarray
    radii: np.ndarray
    weights: np.ndarray
    places: np.ndarray
    masses: np.ndarray

    @classmethod
    def of(cls, places, weights, repeated, smoothing):
        """Return the mixture for ascending places: the repeated ones, and those that stand alone, are atoms."""
        free = ~repeated
        alone = repeated.copy()
        centres, radii, shares = [np.empty(0)], [np.empty(0)], [np.empty(0)]
        if smoothing != 0:
            here, mass = places[free], weights[free]
            lonely = np.ones(len(here), bool)
            for bulk in bulks_of(here):
                if bulk.stop - bulk.start > 1:
                    moved, radius = bumps(here[bulk], mass[bulk], smoothing)
                    centres, radii, shares = [*centres, moved], [*radii, radius], [*shares, mass[bulk]]
                    lonely[bulk] = False
            alone[free] = lonely
        else:
            alone[:] = True
        together = np.concatenate
        return cls(together(centres), together(radii), together(shares), places[alone], weights[alone])

    def upper(self, z):
        """Return Phi and G in the closed upper half-plane."""
        phi, g = np.empty(z.shape, complex), np.empty(z.shape, complex)
        potential_sum(z, self.centres, self.radii, self.weights, phi)
        stieltjes_sum(z, self.centres, self.radii, self.weights, g)
        add_atoms(z, self.places, self.masses, phi, g)
        return phi, g

    def stieltjes(self, z):
        """Return G alone."""
        g = np.empty(z.shape, complex)
        stieltjes_sum(z, self.centres, self.radii, self.weights, g)
        add_atoms(z, self.places, self.masses, np.empty(z.shape, complex), g)
        return g

    def density(self, x):
        """Return the density of the bumps at a flat real array."""
        density = np.empty(x.shape)
        density_sum(x, self.centres, self.radii, self.weights, density)
        return density

    def cdf(self, x):
        """Return the mass up to a flat real array, atoms in."""
        top = max(self.bulks[:, 1].max(initial=-np.inf), self.places.max(initial=-np.inf))
        return np.where(x >= top, 1.0, self._below(x, "right"))

    def middle_cdf(self, x):
        """Return the same with half of an atom at x."""
        return 0.5 * (self._below(x, "left") + self._below(x, "right"))

    def _below(self, x, side):
        mass = np.empty(x.shape)
        mass_below(np.ascontiguousarray(x), self.centres, self.radii, self.weights, mass)
        return mass + np.r_[0.0, np.cumsum(self.masses)][np.searchsorted(self.places, x, side=side)]

    @cached_property
    def mean_and_variance(self):
        """First moment, and second about it."""
        mean = self.weights @ self.centres + self.masses @ self.places
        spread = self.weights @ ((self.centres - mean) ** 2 + self.radii**2 / 6)
        return np.array([mean, spread + self.masses @ (self.places - mean) ** 2])

    @cached_property
    def bulks(self):
        """Intervals that the bumps cover, shape (k, 2)."""
        order = np.argsort(self.centres - self.radii)
        low, high = (self.centres - self.radii)[order], np.maximum.accumulate((self.centres + self.radii)[order])
        first = np.r_[True, low[1:] > high[:-1]][: len(low)]
        last = np.r_[first[1:], True][: len(low)]
        return np.column_stack((low[first], high[last]))

    @property
    def size(self):
        """The largest size of a place."""
        return float(max(np.abs(self.bulks).max(initial=0.0), np.abs(self.places).max(initial=0.0)))
