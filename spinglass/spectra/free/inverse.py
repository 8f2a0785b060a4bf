r"""What lies outside a law's hull: there G is real and falls, so that it has an inverse K, and the R-transform.

.. math:: G(K(g)) = g , \qquad R(g) = K(g) - 1/g = \sum_n \kappa_{n+1} g^n , \qquad R'(g) = 1/G'(K(g)) + 1/g^2 .

Near g = 0, where 1/g is all of K, the series is summed.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.spectra.free.cumulants import residues

SERIES = 1e-3  # below this g, in widths, R is summed as a series
ORDER = 7  # of the free cumulants in it
EXACT = 3e-16  # relative step that ends a search
ROUNDING = 1e-9  # a g beyond its largest value by less, relatively, is that value
TURN = np.exp(2j * np.pi * (np.arange(64) + 0.5) / 64)  # places on a circle


@dataclass(frozen=True)
class Outside:
    """A law beyond the two ends of its hull: its first free cumulants and the least and the largest value of G."""

    law: object
    low: float
    high: float
    cumulants: np.ndarray
    least: float
    most: float

    @classmethod
    def of(cls, law):
        """Return what lies outside a law."""
        low, high = hull(law)
        return cls(law, low, high, residues(law, (low, high), ORDER), end_value(law, -1), end_value(law, 1))

    def inverse(self, g):
        """Return the places outside the hull, on the side of the sign of g, where G is g (flat array, not 0)."""
        wrong = (g < self.least * (1 + ROUNDING)) | (g > self.most * (1 + ROUNDING)) | (g == 0)
        if wrong.any():
            raise ValueError(
                f"g: expected a value of G beyond the support of {self.law}, between {self.least:.6g} and "
                f"{self.most:.6g} and not 0, got {g[wrong][0]}"
            )
        # all mass lies between the ends: G is between 1/(x - low) and 1/(x - high)
        low, high = self.low + 1 / g, self.high + 1 / g
        low, high = np.where(g > 0, np.maximum(low, self.high), low), np.where(g < 0, np.minimum(high, self.low), high)
        return falling_root(lambda x, on: outside_values(self.law, x) - g[on], low, high)

    def r_transform(self, g):
        """Return R at a flat real array."""
        if self.low == self.high:  # a multiple of the identity
            return np.full(g.shape, self.low)
        out = np.polyval(self.cumulants[::-1], g)
        far = np.abs(g) * (self.high - self.low) > SERIES
        out[far] = self.inverse(g[far]) - 1 / g[far]
        return out

    def r_slope(self, g):
        """Return R' at one real place; infinite where G begins with infinite slope."""
        if self.low == self.high:
            return 0.0
        if abs(g) * (self.high - self.low) <= SERIES:
            return float(np.polyval((self.cumulants[1:] * np.arange(1, ORDER))[::-1], g))
        x = self.inverse(np.array([g]))[0]
        distance = max(self.low - x, x - self.high)
        return 1 / stieltjes_slope(self.law, x, distance) + 1 / g**2 if distance > 0 else np.inf


def hull(law):
    """Return the ends of a law's support, atoms included."""
    places = [*law.support.ravel(), *(place for place, _ in law.atoms)]
    return float(min(places)), float(max(places))


def outside_values(law, x):
    """Return G at a real array outside the support."""
    return law.upper_stieltjes(x + 0j).real


def end_value(law, side):
    """Return G at the upper (side 1) or lower (-1) end of the hull, infinite where it diverges."""
    g = law.stieltjes(hull(law)[0 if side < 0 else 1])
    return float(g.real) if np.isfinite(g) else side * np.inf


def stieltjes_slope(law, x, distance):
    """Return G'(x), its Cauchy integral over a circle of half the distance to the support."""
    point = 0.5 * distance * TURN
    return float(np.mean(law.stieltjes(x + point) / point).real)


def falling_root(f, low, high, scale=0.0):
    """Return zeros of falling functions f(x, which) in brackets (arrays): secants, bisection where these are slow.

    They are exact to rounding of x or, where this is larger, of the scale.
    """
    low, high = low.copy(), high.copy()
    x = 0.5 * (low + high)
    before, value_before, width = x.copy(), np.full(x.shape, np.nan), high - low
    on = np.arange(len(x))
    for turn in range(300):
        here = x[on]
        value = f(here, on)
        right = value > 0
        low[on], high[on] = np.where(right, here, low[on]), np.where(right, high[on], here)
        with np.errstate(all="ignore"):
            new = here - value * (here - before[on]) / (value - value_before[on])
            new[np.isinf(value_before[on])] = np.nan  # no secant
        done = (value == 0) | (np.abs(new - here) <= EXACT * np.maximum(np.abs(here), scale))
        slow = (turn % 3 == 2) & (high[on] - low[on] > 0.5 * width[on])
        if turn % 3 == 2:
            width[on] = high[on] - low[on]
        new = np.where((new > low[on]) & (new < high[on]) & ~slow, new, 0.5 * (low[on] + high[on]))
        done |= (new == low[on]) | (new == high[on])
        before[on], value_before[on], x[on] = here, value, np.where(done, here, new)
        on = on[~done]
        if not len(on):
            break
    return x
