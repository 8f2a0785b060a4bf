r"""A point, and a law that is shifted and stretched: :math:`\Phi_{c\mu+b}(z) = \log c + \Phi_\mu((z-b)/c)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import instance, nonzero, one_number, real_points
from spinglass.spectra.free.levy import LevyLaw
from spinglass.spectra.law import Law
from spinglass.spectra.sampling import matrix_size

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed


@dataclass(frozen=True)
class PointMass(LevyLaw):
    r"""All mass at one place, :math:`\Phi(z) = \log(z - a)`: the law of a multiple of the identity.

    Parameters
    ----------
    place : float, optional
        a.

    Raises
    ------
    ValueError, TypeError
        If the place is not one finite number.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.PointMass(2.0).cdf([1.0, 2.0, 3.0])
    array([0., 1., 1.])
    """

    place: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "place", one_number("place", self.place))

    @property
    def _triple(self):
        return self.place, 0.0, (), ()

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return the logarithm of the distance, and its inverse."""
        distance = z - self.place
        on_atom = distance == 0
        distance[on_atom] = 1.0
        phi, stieltjes = np.log(distance), 1 / distance
        phi.real[on_atom], stieltjes.real[on_atom] = -np.inf, np.inf
        return phi, stieltjes

    @property
    def support(self) -> Array:
        """Without intervals: shape (0, 2)."""
        return np.empty((0, 2))

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The place, with weight 1."""
        return ((self.place, 1.0),)

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return the multiple of the identity: nothing is random."""
        return self.place * np.eye(matrix_size(n))


@dataclass(frozen=True)
class Affine(Law):
    r"""The law of :math:`cA + b` where A has a given law.

    Parameters
    ----------
    law : Law
    factor : float
        c, not 0.
    shift : float, optional
        b.

    Raises
    ------
    ValueError, TypeError
        If factor or shift are not of this kind.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> sg.spectra.Affine(Semicircle(), factor=-0.5, shift=3.0).support
    array([[2., 4.]])
    """

    law: Law
    factor: float
    shift: float = 0.0

    def __post_init__(self):
        instance("law", self.law, Law, "a spectral law")
        object.__setattr__(self, "factor", nonzero("factor", self.factor))
        object.__setattr__(self, "shift", one_number("shift", self.shift))

    def _cumulants(self, order):
        cumulants = self.factor ** np.arange(1, order + 1) * self.law._cumulants(order)
        cumulants[0] += self.shift
        return cumulants

    def r_transform(self, g: Numbers) -> Numbers:
        """Return :math:`cR(cg) + b`; as in :meth:`Law.r_transform`."""
        return self.factor * self.law.r_transform(self.factor * real_points("g", g)) + self.shift

    def _r_slope(self, g):
        return self.factor**2 * self.law._r_slope(self.factor * g)

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G from those of the law."""
        phi, stieltjes = self.law.upper(self._there(z))
        if self.factor < 0:  # the half-planes change sides; an atom itself counts from the right
            phi = np.conj(phi) + 1j * np.pi
            for place, weight in self.atoms:
                phi[z == place] -= 1j * np.pi * weight
        return phi + np.log(abs(self.factor)), self._here(stieltjes)

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone, from that of the law."""
        return self._here(self.law.upper_stieltjes(self._there(z)))

    def _there(self, z):
        """Return where the law itself is evaluated, in the upper half-plane; at -c the half-planes change sides."""
        there = (z.real - self.shift) / self.factor + 1j * (z.imag / abs(self.factor))
        # an atom must be met although rounding moves it
        for (here, _), (place, _) in zip(self.atoms, self.law.atoms[:: 1 if self.factor > 0 else -1], strict=True):
            there[z == here] = place
        return there

    def _here(self, stieltjes):
        """Return G/c on the side of z, and plus infinity where G is infinite."""
        infinite = np.isinf(stieltjes)
        divided = np.where(infinite, 1.0, stieltjes if self.factor > 0 else np.conj(stieltjes)) / self.factor
        return np.where(infinite, np.inf, divided)

    @property
    def support(self) -> Array:
        """Intervals of the absolutely continuous part, shape (k, 2)."""
        return np.sort(self.factor * self.law.support.ravel() + self.shift).reshape(-1, 2)

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Pairs (place, weight), ascending in place."""
        return tuple(sorted((self.factor * place + self.shift, weight) for place, weight in self.law.atoms))

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return a sample of the law, stretched and shifted."""
        n = matrix_size(n)
        return self.factor * self.law.sample(n, rng) + self.shift * np.eye(n)
