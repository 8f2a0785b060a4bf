r"""The free sum of two laws that are known through their Stieltjes transforms: subordination.

.. math:: G(z) = G_a(\omega_a) = G_b(\omega_b) = 1/F , \qquad \omega_a + \omega_b = z + F , \qquad
          \Phi(z) = \Phi_a(\omega_a) + \Phi_b(\omega_b) - \log F .

In the upper half-plane :math:`\omega_a` is the only fixed point of :math:`z + h_b(z + h_a(\cdot))` with
:math:`h = F - \mathrm{id}`, a map of the half-plane into itself; the potential is stationary in both unknowns.  In the
gaps of the spectrum everything is real and G is the parameter: :math:`z = K_a(G) + K_b(G) - 1/G`, K the inverse of G.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import instance, real_points
from spinglass.running.streams import generator
from spinglass.spectra.free.gaps import Gaps
from spinglass.spectra.free.subordination import fixed_point, image
from spinglass.spectra.law import Law
from spinglass.spectra.sampling import matrix_size, rotated

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed


class FreeSum(Law):
    r"""The free additive convolution of two laws, the law of :math:`A + UBU^T` with a random rotation U.

    Usually written ``a + b``, which returns a closed form where there is one.

    Parameters
    ----------
    first, second : Law

    Raises
    ------
    TypeError
        If an argument is not a law.
    ArithmeticError
        At evaluation, if the iteration fails.

    Accuracy
    --------
    Ten times that of the two laws, away from edges; edges to 1e-12 of the width.  Gaps are looked for at 201 values of
    G for each pair of gaps of the two laws; a narrower one may be missed.  Sums of three or more laws that are not
    freely infinitely divisible nest this iteration and take seconds.

    References
    ----------
    Biane (1998); Belinschi, Bercovici (2007); Bercovici, Voiculescu (1998) for the atoms.

    Examples
    --------
    >>> import math
    >>> import spinglass as sg
    >>> law = sg.spectra.BlockGaussian([[0.5]], [1.0], [1.0]) + sg.spectra.Semicircle(variance=0.5)
    >>> print(law.support.round(9), f"{law.density(1.0):.9f} {1 / math.pi:.9f}")
    [[-1.  3.]] 0.318309886 0.318309886
    """

    def __init__(self, first: Law, second: Law) -> None:
        for name, law in (("first", first), ("second", second)):
            instance(name, law, Law, "a law")
        self.first, self.second = first, second

    def __repr__(self):
        return f"FreeSum({self.first!r}, {self.second!r})"

    def __eq__(self, other):
        if not isinstance(other, FreeSum):
            return NotImplemented
        return (self.first, self.second) == (other.first, other.second)

    def __hash__(self):
        return hash((self.first, self.second))

    @cached_property
    def _gaps(self):
        return Gaps(self.first, self.second)

    def _cumulants(self, order):
        return self.first._cumulants(order) + self.second._cumulants(order)

    def r_transform(self, g: Numbers) -> Numbers:
        """Return :math:`R_a(g) + R_b(g)`; as in :meth:`Law.r_transform`."""
        return self.first.r_transform(g) + self.second.r_transform(g)

    def _r_slope(self, g):
        return self.first._r_slope(g) + self.second._r_slope(g)

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G by subordination; in the gaps by the parameter G."""
        first, second, stieltjes, on_atom = self._solution(z)
        phi = self.first.upper(first)[0] + self.second.upper(second)[0] + _log_below(stieltjes)
        phi.real[on_atom], stieltjes[on_atom] = -np.inf, np.inf
        return phi, stieltjes

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        _, _, stieltjes, on_atom = self._solution(z)
        stieltjes[on_atom] = np.inf
        return stieltjes

    def density(self, x: Numbers) -> Numbers:
        r"""Return :math:`-\mathrm{Im}\,G(x+i0)/\pi` at real x, without asking for G in the gaps."""
        x = real_points("x", x)
        density, inside = np.zeros(x.shape), self._gaps.piece(x) < 0
        density[inside] = super().density(x[inside])
        return density[()]

    def _solution(self, z):
        """Return both subordination functions, G, and where z is an atom (there, the values right beside it)."""
        on_atom = np.isin(z.real, [place for place, _ in self.atoms]) & (z.imag == 0)
        z = np.where(on_atom, z + 1e-12 * self._gaps.scale, z)
        first, stieltjes = np.empty(len(z), complex), np.empty(len(z), complex)
        piece = np.where(z.imag == 0, self._gaps.piece(z.real), -1)
        real = piece >= 0
        first[real], second_real, stieltjes[real] = self._gaps.solve(z.real[real], piece[real])
        scale = self._gaps.scale
        first[~real] = fixed_point(self._step, z[~real], z[~real] + 1j * scale, scale)
        stieltjes[~real] = self.first.upper_stieltjes(first[~real])
        second = z + 1 / stieltjes - first
        second[real] = second_real
        return first, second, stieltjes, on_atom

    def _step(self, z, omega, _):
        return image(self.first, self.second, z, omega)

    @property
    def support(self) -> Array:
        """Intervals of the absolutely continuous part, shape (k, 2)."""
        return self._gaps.bulks

    @cached_property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Pairs (place, weight): a + b with the sum of both weights minus 1, where that is positive."""
        pairs = ((a + b, weight + mass - 1) for a, weight in self.first.atoms for b, mass in self.second.atoms)
        return tuple(sorted((place, weight) for place, weight in pairs if weight > 1e-12))

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return a sample of the first law plus a randomly rotated one of the second."""
        n, rng = matrix_size(n), generator(rng)
        first, second = self.first.sample(n, rng), self.second.sample(n, rng)
        return first + rotated(second, rng)


def _log_below(g):
    """Return log G with an imaginary part between -pi and 0, also where G is real."""
    return np.log(g.real + 1j * np.abs(g.imag)).conj()
