r"""A point, and a law that is shifted and stretched: :math:`\Phi_{c\mu+b}(z) = \log c + \Phi_\mu((z-b)/c)`."""

from dataclasses import dataclass

import numpy as np

from spinglass.inputs.checks import instance, nonzero, one_number
from spinglass.spectra.law import Law
from spinglass.spectra.sampling import matrix_size


@dataclass(frozen=True)
class PointMass(Law):
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
    >>> PointMass(2.0).cdf([1.0, 2.0, 3.0])
    array([0., 1., 1.])
    """

    place: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "place", one_number("place", self.place))

    @property
    def _triple(self):
        return self.place, 0.0, (), ()

    def _moments(self):
        return self.place, 0.0

    def _upper(self, z):
        distance = z - self.place
        on_atom = distance == 0
        distance[on_atom] = 1.0
        phi, stieltjes = np.log(distance), 1 / distance
        phi.real[on_atom], stieltjes.real[on_atom] = -np.inf, np.inf
        return phi, stieltjes

    @property
    def support(self):
        """Without intervals: shape (0, 2)."""
        return np.empty((0, 2))

    @property
    def atoms(self):
        """The place, with weight 1."""
        return ((self.place, 1.0),)

    def sample(self, n, rng=None):
        """Return the multiple of the identity; nothing is random.

        Parameters
        ----------
        n : int
            At least 1.
        rng : int, SeedSequence, Generator or None
            Not used.
        """
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
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> Affine(Semicircle(), factor=-0.5, shift=3.0).support
    array([[2., 4.]])
    """

    law: Law
    factor: float
    shift: float = 0.0

    def __post_init__(self):
        instance("law", self.law, Law, "a spectral law")
        object.__setattr__(self, "factor", nonzero("factor", self.factor))
        object.__setattr__(self, "shift", one_number("shift", self.shift))

    def _moments(self):
        return self.factor * self.law.mean + self.shift, self.factor**2 * self.law.variance

    def _upper(self, z):
        there = (z.real - self.shift) / self.factor + 1j * (z.imag / abs(self.factor))
        # an atom must be met although rounding moves it
        for (here, _), (place, _) in zip(self.atoms, self.law.atoms[:: 1 if self.factor > 0 else -1], strict=True):
            there[z == here] = place
        phi, stieltjes = self.law._upper(there)
        if self.factor < 0:  # the half-planes change sides; an atom itself counts from the right
            phi, stieltjes = np.conj(phi) + 1j * np.pi, np.conj(stieltjes)
            for place, weight in self.atoms:
                phi[z == place] -= 1j * np.pi * weight
        return phi + np.log(abs(self.factor)), _signed(stieltjes, self.factor)

    @property
    def support(self):
        """Intervals of the absolutely continuous part, shape (k, 2)."""
        return np.sort(self.factor * self.law.support.ravel() + self.shift).reshape(-1, 2)

    @property
    def atoms(self):
        """Pairs (place, weight), ascending in place."""
        return tuple(sorted((self.factor * place + self.shift, weight) for place, weight in self.law.atoms))

    def sample(self, n, rng=None):
        """Return a sample of the law, stretched and shifted.

        Parameters
        ----------
        n : int
        rng : int, SeedSequence, Generator or None
        """
        n = matrix_size(n)
        return self.factor * self.law.sample(n, rng) + self.shift * np.eye(n)


def _signed(stieltjes, factor):
    """Return G/c, and plus infinity where G is infinite."""
    return np.where(np.isinf(stieltjes), np.inf, np.where(np.isinf(stieltjes), 1.0, stieltjes) / factor)
