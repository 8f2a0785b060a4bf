r"""The free power of a law, with t times its R-transform, and the corner of a rotated matrix: subordination.

.. math:: R_t = tR , \qquad z = t\omega - (t-1)F(\omega) , \quad F = \frac1G , \qquad
          G_t(z) = G(\omega) , \qquad \Phi_t(z) = t\,\Phi(\omega) - (t-1)\log F(\omega) .

For a whole number t this is the sum of t free copies.  A corner with a fraction p of the rows and columns of a randomly
rotated matrix has p times the power 1/p, so that powers :math:`t \ge 1` always exist.  In the upper half-plane
:math:`\omega` is the only fixed point of :math:`z/t + (1 - 1/t)F(\cdot)`, a map of the half-plane into itself; gaps are
where z rises with :math:`\omega` on the real line outside the law.
"""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import instance, one_number, real_points
from spinglass.running.streams import generator
from spinglass.spectra.free.gaps import BESIDE, ROUNDS, TOUCHING, occupied
from spinglass.spectra.free.inverse import falling_root, hull, outside_values
from spinglass.spectra.free.subordination import fixed_point
from spinglass.spectra.law import Law
from spinglass.spectra.sampling import matrix_size, rotated

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed

NODES = 141  # places of a stretch at which z is looked at
NOISE = 1e-14  # a rise of z, in scales, that rounding makes


class Powered(Law):
    """A law to a power, in whichever convolution: two of one kind are equal by law and exponent."""

    law: Law
    exponent: float

    def __repr__(self):
        return f"{type(self).__name__}({self.law!r}, {self.exponent})"

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return (self.law, self.exponent) == (other.law, other.exponent)

    def __hash__(self):
        return hash((type(self), self.law, self.exponent))


class FreePower(Powered):
    r"""The law whose R-transform is t times that of a law, :math:`t \ge 1`.

    Usually written ``law.free_power(t)``, which returns a closed form where there is one.

    Parameters
    ----------
    law : Law
    exponent : float
        t, at least 1.

    Raises
    ------
    TypeError
        If the law is none, or the exponent no number.
    ValueError
        If the exponent is below 1.
    ArithmeticError
        At evaluation, if the iteration fails.

    Accuracy
    --------
    As of :class:`FreeSum`, of which it is the case of equal laws.

    References
    ----------
    Nica, Speicher (1996); Belinschi, Bercovici (2004); the potential is derived here.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.BlockGaussian([[0.01, 0.0], [0.0, 0.01]], [0.5, 0.5], [-1.0, 1.0])
    >>> sg.spectra.FreePower(law, 1.2).support.round(6)
    array([[-1.339886, -1.063181],
           [-0.88539 ,  0.88539 ],
           [ 1.063181,  1.339886]])
    """

    def __init__(self, law: Law, exponent: float) -> None:
        self.law, self.exponent = instance("law", law, Law, "a law"), one_number("exponent", exponent)
        if self.exponent < 1:
            raise ValueError(f"exponent: expected a number of at least 1, got {self.exponent}")

    def _cumulants(self, order):
        return self.exponent * self.law._cumulants(order)

    def r_transform(self, g: Numbers) -> Numbers:
        """Return t R(g); as in :meth:`Law.r_transform`."""
        return self.exponent * self.law.r_transform(g)

    def _r_slope(self, g):
        return self.exponent * self.law._r_slope(g)

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G by subordination; in the gaps by the place of the law."""
        omega, on_atom = self._solution(z)
        phi, stieltjes = self.law.upper(omega)
        phi = self.exponent * phi + (self.exponent - 1) * np.log(stieltjes.real + 1j * np.abs(stieltjes.imag)).conj()
        phi.real[on_atom], stieltjes[on_atom] = -np.inf, np.inf
        return phi, stieltjes

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        omega, on_atom = self._solution(z)
        stieltjes = self.law.upper_stieltjes(omega)
        stieltjes[on_atom] = np.inf
        return stieltjes

    def density(self, x: Numbers) -> Numbers:
        r"""Return :math:`-\mathrm{Im}\,G(x+i0)/\pi` at real x, without asking for G in the gaps."""
        x = real_points("x", x)
        density, inside = np.zeros(x.shape), self._number(x) < 0
        density[inside] = super().density(x[inside])
        return density[()]

    def _place(self, omega):
        """Return z at real omega outside the law."""
        with np.errstate(divide="ignore"):
            return self.exponent * omega - (self.exponent - 1) / outside_values(self.law, omega)

    @cached_property
    def _scale(self):
        low, high = hull(self.law)
        return self.exponent * (high - low) or abs(high) or 1.0

    @cached_property
    def _gaps(self):
        """Return rows (lowest z, highest z, lowest omega, highest omega) of all gaps, ascending."""
        return np.array(sorted(self._scan()))

    def _scan(self):
        t, (low, high) = self.exponent, hull(self.law)
        beside = BESIDE * (high - low)
        stretches = [(low - self._scale - t * self._scale, low - beside), (high + beside, high + self._scale * (1 + t))]
        for (_, left), (right, _) in itertools.pairwise(occupied(self.law)):
            ends = np.array([left + beside, right - beside])
            if ends[0] < ends[1]:
                g = outside_values(self.law, ends)
                if g[0] > 0 > g[1]:  # towards G = 0 z falls without bound
                    zero = falling_root(lambda x, on: outside_values(self.law, x), ends[:1].copy(), ends[1:].copy())[0]
                    stretches += [(ends[0], zero - beside), (zero + beside, ends[1])]
                else:
                    stretches.append(tuple(ends))
        for number, (left, right) in enumerate(stretches):
            inner = left + (right - left) / (1 + np.exp(-np.linspace(-27, 27, NODES)))  # nearer ones show rounding
            omega = np.r_[left, inner, right]
            z = self._place(omega)
            rises = np.r_[False, np.diff(z) > 0, False].astype(int)
            for start, stop in zip(*(np.flatnonzero(np.diff(rises) == turn) for turn in (1, -1)), strict=True):
                if z[stop] - z[start] < NOISE * self._scale:
                    continue
                first, z_first = (-np.inf, -np.inf) if number == 0 and start == 0 else self._extremum(omega, start, 1)
                last, z_last = self._extremum(omega, stop, -1)
                if number == 1 and stop == len(omega) - 1:
                    last = z_last = np.inf
                yield z_first, z_last, first, last

    def _extremum(self, omega, at, sign):
        """Return the place and the value of the least sign * z near a node; it is stationary, so it is exact."""
        low, high = omega[max(at - 1, 0)], omega[min(at + 1, len(omega) - 1)]
        for _ in range(ROUNDS):
            grid = np.linspace(low, high, 25)
            z = sign * self._place(grid)
            best = int(np.argmin(z))
            low, high = grid[max(best - 1, 0)], grid[min(best + 1, 24)]
        return grid[best], sign * z[best]

    def _number(self, x):
        """Return the number of the gap that holds a real place, or -1."""
        low, high = self._gaps[:, 0], self._gaps[:, 1]
        after = np.searchsorted(low, x, side="right") - 1
        following = np.minimum(after + 1, len(low) - 1)
        touch = low[following] - high[after] <= TOUCHING * self._scale
        return np.where((x <= high[after]) | touch, after, -1)

    def _solution(self, z):
        """Return omega, and where z is an atom (there, right beside it)."""
        t, (low, high) = self.exponent, hull(self.law)
        on_atom = np.isin(z.real, [place for place, _ in self.atoms]) & (z.imag == 0)
        z = np.where(on_atom, z + 1e-12 * self._scale, z)
        number = np.where(z.imag == 0, self._number(z.real), -1)
        omega, real = np.empty(len(z), complex), number >= 0
        x, (_, _, least, most) = z.real[real], self._gaps[number[real]].T
        # F lies between the distances from both ends of the law where that is on one side
        least = np.where(np.isinf(least), x - (t - 1) * high, least)
        most = np.where(np.isinf(most), x - (t - 1) * low, most)
        least, most = np.minimum(least, most), np.maximum(least, most)
        omega[real] = falling_root(lambda w, on: x[on] - self._place(w), least, most)
        omega[~real] = fixed_point(self._step, z[~real], z[~real] + 1j * self._scale, self._scale)
        return omega, on_atom

    def _step(self, z, omega, _):
        return (z + (self.exponent - 1) / self.law.upper_stieltjes(omega)) / self.exponent

    @property
    def support(self) -> Array:
        """Intervals of the absolutely continuous part, shape (k, 2)."""
        bulks = np.column_stack((self._gaps[:-1, 1], self._gaps[1:, 0]))
        return bulks[bulks[:, 1] - bulks[:, 0] > TOUCHING * self._scale]

    @cached_property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Pairs (place, weight): t a with t times the weight of a minus t - 1, where that is positive."""
        t = self.exponent
        pairs = ((t * place, t * weight - (t - 1)) for place, weight in self.law.atoms)
        return tuple((place, weight) for place, weight in pairs if weight > 1e-12)

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return t times the corner of a randomly rotated sample of the law of size t n."""
        n, rng = matrix_size(n), generator(rng)
        whole = self.law.sample(matrix_size(round(self.exponent * n)), rng)
        return self.exponent * rotated(whole, rng)[:n, :n]
