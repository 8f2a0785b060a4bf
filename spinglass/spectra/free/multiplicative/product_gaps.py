r"""The gaps in the spectrum of a free product or power: all is real, and a place of the first law is the parameter.

.. math:: \log|z| = \log|z_a| + \log|z_b| - u , \qquad \log|F_a(z_a)| = \log|F_b(z_b)| = u ; \qquad
          \log|z| = t\log|z_a| - (t-1)u .

For every pair of branches of the two laws on which F has one sign, or every branch on which it has the sign of
:math:`z_a`, one gap for every stretch on which z rises with :math:`z_a` (there the fixed point of subordination
attracts), and all gaps are of this kind; edges are the extrema of z.  The negative half line is one gap.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spinglass.spectra.free.gaps import ROUNDS
from spinglass.spectra.free.inverse import falling_root
from spinglass.spectra.free.multiplicative.factor import FAREST, NUMBERS, Branch

NOISE = 1e-13  # a rise of log|z| that rounding makes
SAME = 1e-12  # nodes nearer than this show only rounding
HIGHEST = FAREST - 50  # stands for an infinite logarithm of F, whose place is no further than FAREST
TOUCHING, CLOSE = 1e-11, 1e-13  # gaps nearer, relatively and in units, have no bulk between them


@dataclass(frozen=True)
class Gap:
    """A gap low < z < high, the stretch of log|z_a| that parametrises it and log|z| as a function of that."""

    low: float
    high: float
    first: Branch
    place: Callable
    least: float
    most: float

    def solve(self, s):
        r"""Return :math:`\log|z_a|` at real places log|z| of the gap."""
        turn = -1.0 if self.first.side < 0 < self.high else 1.0
        low, high = (np.full(s.shape, end) for end in (self.least, self.most))
        return falling_root(lambda t, on: turn * (s[on] - self.place(t)), low, high, NUMBERS)


class ProductGaps:
    """All gaps of a free product or power, in the units of the laws.

    Parameters
    ----------
    found : iterable of Gap
    """

    def __init__(self, found):
        self.gaps = sorted(found, key=lambda gap: gap.low)
        self.low = np.array([gap.low for gap in self.gaps])
        self.high = np.maximum.accumulate([gap.high for gap in self.gaps])
        apart = self.low[1:] - self.high[:-1] > TOUCHING * self.low[1:] + CLOSE
        self.bulks = np.column_stack((self.high[:-1], self.low[1:]))[apart]

    def number(self, x):
        """Return the number of the gap that holds a real place other than 0, or -1."""
        after = np.searchsorted(self.low, x, side="right") - 1
        following = np.minimum(after + 1, len(self.low) - 1)
        inside = x <= self.high[after]
        touch = ~inside & (self.low[following] - self.high[after] <= TOUCHING * self.low[following] + CLOSE)
        return np.where(inside | touch, after, -1)

    def solve(self, s, number):
        r"""Return :math:`\log z_a` at real places log|z| in numbered gaps, with an imaginary part of 0 or pi."""
        out, s = np.empty(len(s), complex), np.maximum(s, -FAREST + 5)  # at 0 nothing changes any more
        for i in np.unique(number):
            on = number == i
            gap = self.gaps[i]
            out[on] = gap.solve(s[on]) + 1j * np.pi * (gap.first.side < 0)
        return out

    def inside(self, s):
        """Return logarithms of real places next to an edge moved a little into the bulk, others as they are."""
        x = np.exp(s.real)
        for edges, way in zip(self.bulks.T, (1.0, -1.0), strict=True):
            edge = edges[np.argmin(np.abs(x[:, None] - edges), axis=1)] if len(edges) else np.full(len(x), np.inf)
            margin = TOUCHING * edge + CLOSE
            x = np.where((s.imag == 0) & (np.abs(x - edge) <= margin), edge + way * margin, x)
        return np.where(s.imag == 0, np.log(x), s)


def gaps_of_product(first, second):
    """Return the gaps of a free product of two factors."""
    pairs = ((a, b) for a in first.branches() for b in second.branches())
    return ProductGaps(
        gap for a, b in pairs if a.sign == b.sign and (a.sign, a.side, b.side) != (-1, 1, 1) for gap in _of_pair(a, b)
    )


def gaps_of_power(factor, t, offset):
    """Return the gaps of a free power t of a factor; the offset is that of log|z| by its unit."""
    return ProductGaps(gap for branch in factor.branches() if branch.rises for gap in _of_branch(branch, t, offset))


def _level(branch, s):
    """Return log|F|, at zeros and poles as a number to which the other law's place is still known."""
    u = branch.level(s)
    return np.where(np.isinf(u), np.sign(u) * HIGHEST, np.clip(u, -FAREST, FAREST))


def _of_branch(branch, t, offset):
    """Yield the gaps of a power that a branch makes."""

    def place(s):
        return t * s - (t - 1) * _level(branch, s) + offset

    if branch.side < 0:
        yield Gap(-np.inf, 0.0, branch, place, *branch.ends)
        return
    yield from _rising(
        branch, place, np.sort(np.r_[branch.ends, branch.nodes()]), branch.low == -np.inf, branch.is_outer
    )


def _of_pair(a, b):
    """Yield the gaps of a product that two branches make."""
    (least_a, most_a), (least_b, most_b) = a.levels(), b.levels()
    least, most = max(least_a, least_b), min(most_a, most_b)
    if not least < most:
        return

    def place(s):
        u = _level(a, s)
        return s + b.place(u) - u

    if a.side < 0 and b.side < 0:
        low, high = a.place(np.array([least, most]))  # where the level is that of an end, rounding may not tell which
        low, high = a.ends[0] if least == least_a else low, a.ends[1] if most == most_a else high
        yield Gap(-np.inf, 0.0, a, place, low, high)
        return
    own, others = a.nodes(), b.level_nodes()
    levels = a.level(own)
    own = own[(levels >= least) & (levels <= most)]
    others = others[(others > least) & (others < most)]
    s = np.sort(np.r_[own, a.place(np.r_[least, others, most])])
    right = a if a.side > 0 else b
    to_zero = right.low == -np.inf and (a.side != b.side or b.low == -np.inf)
    yield from _rising(a, place, s, to_zero, a.is_outer and b.is_outer)


def _rising(branch, place, s, to_zero, to_infinity):
    """Yield a gap for every stretch of ascending log|z_a| on which z rises with z_a.

    The first may begin at 0 and the last reach to infinity.
    """
    apart = np.diff(s) > SAME * np.maximum(1, np.abs(s[1:]))
    s = s[np.r_[True, apart[:-1], True]][:: branch.side]
    x = place(s)
    s, x = s[np.isfinite(x)], x[np.isfinite(x)]
    rises = np.r_[False, np.diff(x) > 0, False].astype(int)
    for start, stop in zip(*(np.flatnonzero(np.diff(rises) == turn) for turn in (1, -1)), strict=True):
        if x[stop] - x[start] < NOISE:
            continue
        s_start, x_start = _extremum(place, s, start, 1)
        s_stop, x_stop = _extremum(place, s, stop, -1)
        if x_stop - x_start < SAME:
            continue
        low = 0.0 if start == 0 and to_zero else np.exp(x_start)
        high = np.inf if stop == len(s) - 1 and to_infinity else np.exp(x_stop)
        yield Gap(low, high, branch, place, *sorted((s_start, s_stop)))


def _extremum(place, s, at, sign):
    """Return the place and the value of the least sign * log|z| near a node; it is stationary, so it is exact."""
    low, high = s[max(at - 1, 0)], s[min(at + 1, len(s) - 1)]
    for _ in range(ROUNDS):  # of the bracket's size a twelfth is left each time
        grid = np.linspace(low, high, 25)
        x = sign * place(grid)
        best = int(np.argmin(x))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, 24)]
    return grid[best], sign * x[best]
