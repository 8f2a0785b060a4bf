r"""A law on the half line as a factor: on the scale of logarithms products are sums.

.. math:: M(z) = zG(z) - 1 = \int\frac{t}{z-t}\,d\mu(t) , \qquad F = \frac{1+M}M , \qquad
          L(s) = \log F(e^s) .

F maps the upper half-plane into itself and raises arguments, so that L maps the strip :math:`0 < \mathrm{Im} < \pi`
into itself and :math:`\mathrm{Im}\,L(s) \ge \mathrm{Im}\,s`, as F does in free sums.  M does not see an atom at 0; on
the real line outside the rest F is monotone between its zeros and poles, on stretches (:class:`Branch`) where
:math:`u = \log|F|` is the parameter.

References: Bercovici, Voiculescu (1993); Belinschi, Bercovici (2005) for the strip.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from spinglass.spectra.free.gaps import occupied
from spinglass.spectra.free.inverse import falling_root, hull

BESIDE, ROUNDING = 1e-13, 1e-14  # how near to a law's own edges its gaps are used, relatively and in units of it
TOUCHING = 1e-12  # a law that begins closer to 0, in units of it, begins at 0
FAREST = 300.0  # logarithms beyond which nothing changes; squares of such places are floats
NUMBERS = 5.0  # size of logarithms, to whose rounding they are found
NODES = 141  # places of a branch at which a product is looked at
CIRCLE = 64  # places on the circle that shows the moments
ORDER, FAR = 18, 8.0  # M is summed from so many moments beyond this distance in units, and likewise near 0


@dataclass(frozen=True)
class Branch:
    """A real stretch low < log|z| < high outside a factor, on which z and F have a sign each and F is monotone."""

    factor: Any
    low: float
    high: float
    side: int
    sign: int

    @property
    def rises(self):
        """Whether log|F| rises with log|z|."""
        return self.side == self.sign

    @property
    def is_outer(self):
        """Whether it reaches to infinity."""
        return self.high == np.inf

    @property
    def ends(self):
        """Return low and high as numbers."""
        return max(self.low, -FAREST), min(self.high, FAREST)

    def level(self, s):
        """Return log|F| at a real array log|z|."""
        return self.factor.level(s + 1j * np.pi * (self.side < 0)).real

    def levels(self):
        """Return the least and the largest log|F|."""
        return np.clip(np.sort(self.level(np.array(self.ends))), -FAREST, FAREST)

    def place(self, u):
        """Return log|z| where log|F| = u."""
        low, high = (np.full(u.shape, end) for end in self.ends)
        turn = -1.0 if self.rises else 1.0
        return falling_root(lambda s, on: turn * (self.level(s) - u[on]), low, high, NUMBERS)

    def level_nodes(self):
        """Return values of log|F|, dense at both ends."""
        return self.level(self.nodes())

    def nodes(self):
        """Return places log|z|, dense at both ends."""
        low, high = self.ends
        part = 1 / (1 + np.exp(-np.linspace(-32, 32, NODES)))
        if low > -FAREST and high < FAREST:
            return low + (high - low) * part
        # far out nothing happens but the approach of a limit
        away = np.exp(np.linspace(np.log(1e-14), np.log(high - low), NODES))
        if low > -FAREST:
            return low + away
        return high - away if high < FAREST else np.linspace(low, high, 4 * NODES)


class Factor:
    """A law on the half line in units of its largest place.

    Parameters
    ----------
    law : Law
        All of it on the half line, and not all at 0.
    """

    def __init__(self, law):
        self.law, self.unit = law, hull(law)[1]
        self.atom = sum(weight for place, weight in law.atoms if place == 0)
        self.atoms = [(place / self.unit, weight) for place, weight in law.atoms if place > 0]
        self.pieces = np.array([piece for piece in occupied(law) if piece[1] > 0]) / self.unit
        low = self.pieces[0, 0]
        self.low = float(low) if low > TOUCHING else 0.0
        # from zG on circles: M is the sum of the moments over z^n, and where there is a gap at 0 one of powers of z
        self.moments = self._coefficients(2.0, 1.0, -1)
        self.inverses = self._coefficients(low / 2, self.atom, 1) if self.low else np.empty(0)

    def _coefficients(self, radius, constant, sign):
        """Return the coefficients of the powers 1, 2, .. of z or 1/z in zG - constant, from a half of a circle."""
        turn = radius * np.exp(2j * np.pi * (np.arange(CIRCLE // 2) + 0.5) / CIRCLE)
        rest = turn * self.unit * self.law.upper_stieltjes(turn * self.unit) - constant
        return np.array([np.mean(rest * turn ** (-sign * k)).real for k in range(1, ORDER + 1)])

    def pair(self, s):
        """Return 1 + M and M at log z in the closed strip (flat complex array); real z on its two sides."""
        z = strip_point(s)
        total = z * self.unit * self.law.upper_stieltjes(z * self.unit)
        m = total - 1
        far, near = self._series(s)
        if far.any():
            m[far] = np.polyval(np.r_[self.moments[::-1], 0.0], 1 / z[far])
            total[far] = 1 + m[far]
        if near.any():
            rest = np.polyval(np.r_[self.inverses[::-1], 0.0], z[near])
            total[near], m[near] = self.atom + rest, (self.atom - 1) + rest
        return total, m

    def level(self, s):
        """Return L at a flat complex array in the closed strip."""
        return logarithm(*self.pair(s))

    def potential(self, s):
        """Return Phi of the law in units at log z in the closed strip."""
        z = strip_point(s)
        far, near = self._series(s)
        phi = np.empty(len(s), complex)
        rest = ~(far | near)
        phi[rest] = self._phi(z[rest])
        orders = np.arange(1, ORDER + 1)
        phi[far] = s[far] - np.polyval(np.r_[(self.moments / orders)[::-1], 0.0], 1 / z[far])
        if near.any():
            # at a place in between the constant is found
            at = np.array([1j * self.low / FAR])
            part = np.r_[(self.inverses / orders)[::-1], 0.0]
            constant = (self._phi(at) - self.atom * np.log(at) - np.polyval(part, at))[0].real
            phi[near] = self.atom * s[near] + np.polyval(part, z[near]) + complex(constant, np.pi * (1 - self.atom))
        return phi

    def _phi(self, z):
        return self.law.upper(z * self.unit)[0] - np.log(self.unit)

    def _series(self, s):
        """Tell at which log z series about infinity, and about 0, are summed."""
        return s.real > np.log(FAR), s.real < np.log(max(self.low, 1e-300) / FAR)

    def branches(self):
        """Return all branches: left of 0, between 0 and the law, in its gaps and beyond it."""
        edges = self.pieces
        found = [Branch(self, -np.inf, np.inf, -1, -1), Branch(self, np.log1p(BESIDE), np.inf, 1, 1)]
        if self.low:
            found += self._split(-np.inf, np.log(self.low - beside(self.low)))
        for (_, low), (high, _) in itertools.pairwise(edges):
            low, high = low + beside(low), high - beside(high)
            if low < high:
                found += self._split(np.log(low), np.log(high))
        return found

    def _split(self, low, high):
        """Return the branches of a positive gap, which begin and end where F is 0 or infinite."""
        ends = np.clip([low, high], -FAREST, FAREST)
        cuts = [low]
        for part in (1, 0):  # M = 0, then 1 + M = 0: M falls
            first, last = self.pair(ends + 0j)[part].real
            if first > 0 > last:
                root = falling_root(
                    lambda s, on, part=part: self.pair(s + 0j)[part].real, ends[:1].copy(), ends[1:].copy(), NUMBERS
                )
                cuts.append(float(root[0]))
        cuts.append(high)
        found = []
        for a, b in itertools.pairwise(cuts):
            middle = 0.5 * (max(a, -FAREST) + b)
            total, m = self.pair(np.array([middle + 0j]))
            found.append(Branch(self, a, b, 1, 1 if (total[0] * m[0]).real > 0 else -1))
        return found


def strip_point(s):
    """Return e^s, real on both sides of the strip."""
    angle = np.clip(s.imag, 0, np.pi)
    return np.exp(s.real) * np.where(angle == np.pi, -1.0, np.cos(angle) + 1j * np.sin(angle))


def between(s):
    """Return logarithms with an imaginary part from 0 to pi."""
    return s.real + 1j * np.clip(s.imag, 0, np.pi)


def logarithm(total, m):
    """Return the logarithm of F = total/m with an imaginary part from 0 to pi."""
    with np.errstate(all="ignore"):
        value = np.log(total / m)
        large = np.abs(m) > 2
        value[large] = np.log1p(1 / m[large])
    value = value.real + 1j * np.abs(value.imag)
    value[total == 0], value[m == 0] = -np.inf, np.inf
    return value


def beside(place):
    """Return how far from an edge of a law in its units its gap begins."""
    return max(BESIDE * place, ROUNDING)


def half_line(name, law):
    """Return a law that lies on the half line and not all at 0, or say where it lies."""
    low, high = hull(law)
    if low < -TOUCHING * abs(high) or high <= 0:
        where = "is all at 0" if low == high == 0 else f"begins at {low:.6g}"
        raise ValueError(f"{name}: expected a law on the half line from 0 and not all at 0, got one that {where}")
    return law
