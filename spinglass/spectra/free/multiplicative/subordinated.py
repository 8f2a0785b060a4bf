r"""What free products and powers of laws on the half line share: one unknown place of a law, in logarithms.

.. math:: M(z) = M_a(z_a) , \qquad L = \log F , \quad F = \frac{1+M}M , \qquad zG = 1 + M = \frac F{F-1} .

With the logarithms s of z, :math:`s_a` of :math:`z_a` is the only fixed point of a map of the strip
:math:`0 < \mathrm{Im} < \pi` into itself, or real in a gap.  M lies in the lower half-plane and all logarithms are
principal.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from spinglass.inputs.checks import real_points
from spinglass.spectra.free.multiplicative.factor import strip_point
from spinglass.spectra.free.subordination import fixed_points
from spinglass.spectra.law import Law

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers

LIKE_A_POINT = 1e20  # how many units away only the mass is seen
SMALLEST = 1e-120  # the distance to 0, in units, to which closer places are moved
BESIDE = 1e-12  # how far beside an atom it is looked at, relatively
REAL = 1e-14  # an angle below which a number counts as real


class Odd(NamedTuple):
    """Which places are too far out, at 0, on another atom, or real and in a gap."""

    far: Array
    zero: Array
    atom: Array
    real: Array


class Subordinated(Law):
    """A law whose M is that of another law at another place.

    It owes what is abstract here beside :attr:`atoms`.
    """

    @property
    @abstractmethod
    def _factor(self):
        """Return the other law as a Factor."""

    @property
    @abstractmethod
    def _unit(self):
        """Return the unit of z."""

    @property
    @abstractmethod
    def _gaps(self):
        """Return the gaps, as ProductGaps."""

    @abstractmethod
    def _step(self, s, first, hurried):
        """Return the image of log z_a under the map whose fixed point it is."""

    @abstractmethod
    def _potential(self, s, first, level, log_m):
        """Return Phi in units from log z, log z_a, log F and log M."""

    @abstractmethod
    def _at_zero(self):
        """Return the log-potential at 0 and G there, None where it has no bound; asked for where no atom is."""

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G by subordination; in the gaps by a place of the first law."""
        s, first, level, odd = self._solution(z)
        with np.errstate(divide="ignore"):
            phi = self._potential(s, first, level, -_log_above(np.expm1(level))) + np.log(self._unit)
        phi[odd.far] = np.log(z[odd.far])
        phi.real[odd.atom] = -np.inf
        if odd.zero.any():
            weight = dict(self.atoms).get(0.0, 0.0)
            phi[odd.zero] = complex(-np.inf if weight else self._at_zero()[0], np.pi * (1 - weight))
        return phi, self._stieltjes(z, s, level, odd)

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        s, _, level, odd = self._solution(z)
        return self._stieltjes(z, s, level, odd)

    def density(self, x: Numbers) -> Numbers:
        r"""Return :math:`-\mathrm{Im}\,G(x+i0)/\pi` at real x, without asking for G in the gaps."""
        x = real_points("x", x)
        density = np.zeros(x.shape)
        inside = np.where(x == 0, self._begins_at_zero, self._gaps.number(x / self._unit) < 0)
        density[inside] = super().density(x[inside])
        return density[()]

    def cdf(self, x: Numbers) -> Numbers:
        r"""Return :math:`\mu(-\infty, x]` at real x: in the gaps, where it is constant, without asking for G there."""
        x = real_points("x", x)
        atoms = [place for place, _ in self.atoms]
        number = np.where((x == 0) | np.isin(x, atoms), -1, self._gaps.number(x / self._unit))
        cdf = np.array(np.append(self._levels, 0.0)[number])
        cdf[number < 0] = super().cdf(x[number < 0])
        return cdf[()]

    @cached_property
    def _levels(self):
        """Return the distribution function in each gap."""
        ends = [(gap.low, min(gap.high, 3 * gap.low or 1.0)) for gap in self._gaps.gaps[1:]]
        return np.r_[0.0, super().cdf(self._unit * np.mean(ends, axis=1))]

    @property
    def _begins_at_zero(self):
        return bool((self._gaps.bulks[:1] == 0).any())

    def _solution(self, z):
        """Return the logarithms of z, z_a and F, and which places are not what they seem."""
        far, zero = np.abs(z) > LIKE_A_POINT * self._unit, z == 0
        atom = np.isin(z.real, [place for place, _ in self.atoms]) & (z.imag == 0) & ~zero
        where = np.where(np.logical_or(far, zero), 1.0, np.where(atom, 1 + BESIDE, 1.0) * z / self._unit)
        s = np.log(np.maximum(np.abs(where), SMALLEST)) + 1j * np.arctan2(np.abs(where.imag), where.real)
        left = s.imag > np.pi / 2
        number = self._gaps.number(np.where(left, -1.0, 1.0) * np.exp(s.real))
        gap = (number >= 0) & (np.minimum(s.imag, np.pi - s.imag) < REAL)
        s.imag[gap] = np.where(left[gap], np.pi, 0.0)
        first = np.empty(len(z), complex)
        first[gap] = self._gaps.solve(s.real[gap], number[gap])
        first[~gap] = self._fixed(s[~gap])
        return s, first, self._factor.level(first), Odd(far, zero, atom, gap)

    def _fixed(self, s):
        """Return log z_a by subordination."""
        first, missing = self._attempt(s)
        if missing.any():  # rounding does not tell these places from edges: a little inside
            first[missing], missing[missing] = self._attempt(self._gaps.inside(s[missing]))
        if missing.any():
            raise ArithmeticError(f"no fixed point of the subordination of {self} at log z = {s[missing][0]}")
        return first

    def _attempt(self, s):
        return fixed_points(self._step, s, self._start(s), 1.0, np.pi, self._late)

    def _start(self, s):
        """Return where log z_a is first looked for."""
        return s.real + 0.5j * (s.imag + np.pi)

    def _late(self, first):
        """Return the rounding of log z_a (laws know places to that of their units) and where M is not real."""
        angle = self._factor.level(first).imag
        return np.minimum(3e-15 * np.exp(-first.real), 1e-3), np.minimum(angle, np.pi - angle) > REAL

    def _stieltjes(self, z, s, level, odd):
        """Return G = (1 + M)/z, at 0 its limit."""
        with np.errstate(all="ignore"):
            total = 1 / -np.expm1(-level)  # F/(F - 1)
        g = (total.real - 1j * np.abs(total.imag)) / (strip_point(s) * self._unit)
        g = g.real - 1j * np.where(odd.real, 0.0, np.abs(g.imag))
        g[odd.far] = 1 / z[odd.far]
        g[odd.atom] = np.inf
        if odd.zero.any():
            g[odd.zero] = self._stieltjes_at_zero()
        return g

    def _stieltjes_at_zero(self):
        """Return minus the mean of 1/x, infinite on an atom and where the density diverges."""
        if dict(self.atoms).get(0.0):
            return complex(np.inf, -np.inf if self._begins_at_zero else 0.0)
        regular = self._at_zero()[1]
        return complex(0.0, -np.inf) if regular is None else complex(regular)

    @property
    def support(self) -> Array:
        """Intervals of the absolutely continuous part, shape (k, 2)."""
        return self._unit * self._gaps.bulks


def _log_above(z):
    """Return log z with an imaginary part between 0 and pi, also where z is real."""
    return np.log(z.real + 1j * np.abs(z.imag))
