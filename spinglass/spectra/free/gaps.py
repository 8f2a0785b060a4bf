r"""The gaps in the spectrum of a free sum, where all is real and G = g is the parameter.

.. math:: x(g) = K_a(g) + K_b(g) - 1/g , \qquad G_a(K_a(g)) = G_b(K_b(g)) = g .

For every pair of gaps of the two laws, one gap of the sum for every stretch of g on which x falls (there the fixed
point of subordination attracts), and all gaps are of this kind; edges are the extrema of x.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from spinglass.spectra.free.inverse import falling_root, hull, outside_values
from spinglass.spectra.free.levy import LevyLaw
from spinglass.spectra.law import Law

SCAN = 201  # places of g at which a pair of gaps is looked at
BESIDE = 1e-13  # how near to a law's own edges its gaps are used, in widths of the law
TOUCHING = 1e-12  # gaps nearer than this, in scales, have no bulk between them
TINY = 1e-100  # stands for g = 0, which has no logarithm
ROUNDS = 6  # in the search of an extremum, which is as exact as the square of its place


@dataclass(frozen=True)
class Branch:
    """A real interval outside a law's support, on which G falls and keeps its sign."""

    law: Law
    low: float
    high: float
    sign: int
    hull: tuple

    @property
    def is_outer(self):
        """Whether it reaches to infinity, where g -> 0."""
        return math.isinf(self.low) or math.isinf(self.high)

    def range(self):
        """Return the least and the largest abs(g)."""
        near, far = (self.low, self.high) if self.sign > 0 else (self.high, self.low)
        ends = [0.0 if np.isinf(x) else self.sign * outside_values(self.law, np.array([x]))[0] for x in (far, near)]
        return max(ends[0], 0.0), ends[1]

    def part(self, g):
        """Return K(g), without 1/g if the interval is an outer one."""
        if isinstance(self.law, LevyLaw):
            return self.law._r(g) + (0 if self.is_outer else 1 / g)
        if self.is_outer:
            return self.law.r_transform(g)
        low, high = np.full(g.shape, self.low), np.full(g.shape, self.high)
        return falling_root(lambda x, on: outside_values(self.law, x) - g[on], low, high)

    def place(self, g):
        """Return K(g)."""
        return self.part(g) + self.is_outer / g


class Gaps:
    """All gaps of a free sum: intervals of x and the stretches of g that parametrise them."""

    def __init__(self, first, second):
        branches = branches_of(first), branches_of(second)
        self.scale = sum(b[0].hull[1] - b[0].hull[0] for b in branches)
        branches = _open(branches[0], second), _open(branches[1], first)
        pieces = [piece for a in branches[0] for b in branches[1] if a.sign == b.sign for piece in self._scan(a, b)]
        self.pieces = sorted(pieces, key=lambda piece: piece[0])
        self.low = np.array([piece[0] for piece in self.pieces])
        self.high = np.array([piece[1] for piece in self.pieces])
        apart = self.low[1:] - self.high[:-1] > TOUCHING * self.scale
        self.bulks = np.column_stack((self.high[:-1], self.low[1:]))[apart]
        self.bulks.flags.writeable = False

    def _place(self, a, b, size):
        """Return x at abs(g) = size."""
        g = a.sign * size
        total = a.part(g) + b.part(g)
        outer = a.is_outer + b.is_outer
        return total if outer == 1 else total + (outer - 1) / g

    def _scan(self, a, b):
        """Yield (lowest x, highest x, a, b, least abs(g), largest abs(g)) for the gaps that two gaps make."""
        (least_a, most_a), (least_b, most_b) = a.range(), b.range()
        least, most = max(least_a, least_b, TINY / self.scale), min(most_a, most_b)
        if not least < most:
            return
        sign = a.sign
        ends = np.array([least, most]) * self.scale
        part = ends / (1 + ends)
        angle = np.linspace(0, np.pi, SCAN)
        t = part[0] + (part[1] - part[0]) * 0.5 * (1 - np.cos(angle))
        size = np.clip(t / (1 - t) / self.scale, least, most)
        x = sign * self._place(a, b, size)
        falls = np.r_[False, np.diff(x) < 0, False].astype(int)
        for start, stop in zip(*(np.flatnonzero(np.diff(falls) == s) for s in (1, -1)), strict=True):
            g_start, x_start = self._extremum(a, b, size, start, -sign)
            g_stop, x_stop = self._extremum(a, b, size, stop, sign)
            if a.is_outer and b.is_outer and start == 0:
                x_start = sign * np.inf
            yield (*sorted((x_start, x_stop)), a, b, g_start, g_stop)

    def _extremum(self, a, b, size, at, sign):
        """Return the place and the value of the least sign * x near a node; x is stationary, so it is exact."""
        low, high = size[max(at - 1, 0)], size[min(at + 1, len(size) - 1)]
        for _ in range(ROUNDS):  # of the bracket's size a twelfth is left each time
            grid = np.linspace(low, high, 25)
            x = sign * self._place(a, b, grid)
            best = int(np.argmin(x))
            low, high = grid[max(best - 1, 0)], grid[min(best + 1, 24)]
        return grid[best], sign * x[best]

    def piece(self, x):
        """Return the number of the gap that holds x, or -1."""
        near = TOUCHING * self.scale
        after = np.searchsorted(self.low, x, side="right") - 1
        inside = x <= self.high[after]
        # between gaps that touch, at an atom or where G = 0
        following = np.minimum(after + 1, len(self.low) - 1)
        touch = ~inside & (self.low[following] - self.high[after] <= near)
        return np.where(inside | touch, after, -1)

    def solve(self, x, piece):
        """Return both subordination functions (complex, real in value) and G at real x in gaps."""
        omega = np.empty((2, len(x)), complex)
        g = np.empty(len(x), complex)
        for number in np.unique(piece):
            on = np.flatnonzero(piece == number)
            _, _, a, b, least, most = self.pieces[number]
            if a.is_outer and b.is_outer:  # from where x is farther out
                least = 0.5 / (np.abs(x[on] - a.hull[0] - b.hull[0]) + 2 * self.scale)
            size = self._sizes(a, b, x[on], np.full(len(on), least), np.full(len(on), most))
            g[on] = a.sign * size
            for row, branch in enumerate((a, b)):
                omega[row, on] = branch.place(a.sign * size)
        return omega[0], omega[1], g

    def _sizes(self, a, b, x, least, most):
        """Return abs(g) between two bounds at real x."""
        if not isinstance(b.law, LevyLaw):
            return falling_root(lambda size, on: a.sign * (self._place(a, b, size) - x[on]), least, most)
        # x = u + R_b(G_a(u)) rises with the place u of the first law: G is not inverted at every step
        ends = np.sort((a.place(a.sign * least), a.place(a.sign * most)), axis=0)
        u = falling_root(lambda u, on: x[on] - u - b.law._r(outside_values(a.law, u)), *ends)
        return np.abs(outside_values(a.law, u))


def _open(branches, noise):
    r"""Return branches without gaps that certain noise closes: where :math:`|G'| > 1/v`, v its semicircle part.

    With masses p and q within a width d beside a gap of that width :math:`|G'| \ge (p^{1/3} + q^{1/3})^3/(3d)^2`.
    """
    inner = [branch for branch in branches if not branch.is_outer]
    variance = noise._triple[1] if isinstance(noise, LevyLaw) else 0.0
    if not inner or not variance:
        return branches
    low, high = np.array([(branch.low, branch.high) for branch in inner]).T
    law, d = inner[0].law, high - low
    beside = np.cbrt(law.cdf(low) - law.cdf(low - d)) + np.cbrt(law.cdf(high + d) - law.cdf(high))
    closed = {id(branch) for branch, yes in zip(inner, variance * beside**3 > 9 * d**2, strict=True) if yes}
    return [branch for branch in branches if id(branch) not in closed]


def branches_of(law):
    """Return the branches of G of a law on the real line outside its support."""
    merged = occupied(law)
    ends = hull(law)
    beside = BESIDE * (ends[1] - ends[0])
    found = [(-np.inf, ends[0] - beside, -1), (ends[1] + beside, np.inf, 1)]
    for (_, low), (high, _) in itertools.pairwise(merged):
        low, high = low + beside, high - beside
        at_low, at_high = outside_values(law, np.array([low, high]))
        if at_low > 0 > at_high:
            zero = falling_root(lambda x, on: outside_values(law, x), np.array([low]), np.array([high]))[0]
            found += [(low, zero, 1), (zero, high, -1)]
        elif low < high:
            found.append((low, high, 1 if at_low > 0 else -1))
    return [Branch(law, *interval, ends) for interval in found]


def occupied(law):
    """Return the disjoint intervals that hold a law, atoms among them, ascending."""
    pieces = sorted([*map(tuple, law.support), *((place, place) for place, _ in law.atoms)])
    merged = [pieces[0]]
    for low, high in pieces[1:]:
        if low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return merged
