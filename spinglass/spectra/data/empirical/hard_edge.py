r"""Eigenvalues behind a hard edge e, by their square roots :math:`y = \pm\sqrt{x - e}`.

The density of x may diverge like :math:`(x-e)^{-1/2}`, that of y is regular at 0, where its two halves join,

.. math:: \Phi(z) = 2\Phi_y(\sqrt{z - e}) , \qquad G(z) = \frac{G_y(\sqrt{z - e})}{\sqrt{z - e}} .
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spinglass.spectra.data.empirical.mixture import Mixture

BESIDE = 1e-9  # of the largest square root: where G is read off instead of at an edge in a gap


def mirrored(distance, weights, repeated, near):
    """Return square roots of distances from a hard edge with their mirror images; an atom on it has none.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.data.empirical.hard_edge import mirrored
    >>> mirrored(np.array([0.0, 4.0, 9.0]), np.array([0.5, 0.25, 0.25]), np.array([True, False, False]), 1e-12)[:2]
    (array([-3., -2.,  0.,  2.,  3.]), array([0.125, 0.125, 0.5  , 0.125, 0.125]))
    """
    away = distance > near
    on = np.flatnonzero(~away)[:1]
    root = np.sqrt(distance[away])
    places = np.r_[-root[::-1], 0.0 * on, root]
    half = weights[away] / 2
    weights = np.r_[half[::-1], np.full(len(on), weights[~away].sum()), half]
    repeated = np.r_[repeated[away][::-1], np.ones(len(on), bool), repeated[away]]
    return places, weights, repeated


@dataclass(frozen=True)
class HardEdge:
    """A mixture of square roots, seen as the law of their squares; with the interface of a :class:`Mixture`."""

    roots: Mixture
    edge: float

    def upper(self, z):
        """Return Phi and G in the closed upper half-plane."""
        root = self._root(z)
        phi, g = self.roots.upper(root)
        phi *= 2
        phi.imag[(z.imag == 0) & (z.real < self.edge)] = np.pi
        return phi, self._squared(z, root, g)

    def stieltjes(self, z):
        """Return G alone."""
        root = self._root(z)
        return self._squared(z, root, self.roots.stieltjes(root))

    def density(self, x):
        """Return the density of the absolutely continuous part at a flat real array."""
        root = np.sqrt(np.maximum(x - self.edge, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            density = self.roots.density(root) / root
        return np.where((x < self.edge) | np.isnan(density), 0.0, density)

    def cdf(self, x):
        """Return the mass up to a flat real array, atoms in."""
        return np.where(x < self.edge, 0.0, 2 * self.roots.cdf(self._root(x + 0j).real) - 1)

    @property
    def bulks(self):
        """Intervals of the absolutely continuous part, shape (k, 2)."""
        bulks = self.roots.bulks
        return np.maximum(bulks[bulks[:, 1] > 0], 0.0) ** 2 + self.edge

    @cached_property
    def places(self):
        """Places of the atoms, ascending."""
        return self.roots.places[self.roots.places >= 0] ** 2 + self.edge

    @property
    def masses(self):
        """Weights of the atoms."""
        roots = self.roots
        return np.where(roots.places > 0, 2 * roots.masses, roots.masses)[roots.places >= 0]

    @cached_property
    def mean_and_variance(self):
        """First moment, and second about it, from the second and fourth of the square roots."""
        c, v, y = self.roots.centres, self.roots.radii**2 / 6, self.roots.places
        square = self.roots.weights @ (c**2 + v) + self.roots.masses @ y**2
        about = self.roots.weights @ ((c**2 + v - square) ** 2 + v * (4 * c**2 + 1.25 * v))
        return np.array([square + self.edge, about + self.roots.masses @ (y**2 - square) ** 2])

    def _root(self, z):
        """Return the square root of the distance, on an atom exactly its own."""
        root = np.sqrt(z - self.edge)
        if len(self.places):
            at = np.minimum(np.searchsorted(self.places, z.real), len(self.places) - 1)
            on_atom = z == self.places[at]
            root[on_atom] = self.roots.places[self.roots.places >= 0][at[on_atom]]
        return root

    def _squared(self, z, root, g):
        """Return G from that of the square roots: real below the edge, and on it its limit."""
        infinite, on_edge = np.isinf(g), root == 0
        g = np.where(infinite | on_edge, 1.0, g) / np.where(on_edge, 1.0, root)
        g.imag[(z.imag == 0) & (z.real < self.edge)] = 0.0
        g[infinite] = np.inf
        if on_edge.any():
            in_bulk = self.roots.density(np.zeros(1))[0] > 0
            beside = np.array([BESIDE * self.roots.size * 1j])
            limit = 0.0 if in_bulk else (self.roots.stieltjes(beside) / beside).real[0]
            g.real[on_edge] = np.where(infinite[on_edge], np.inf, limit)
            g.imag[on_edge] = -np.inf if in_bulk else 0.0
        return g
