r"""A product of Gaussian matrices as a factor: there z is an elementary function of M.

.. math:: z = \frac{1+M}M\prod_l(1+c_lM)^{e_l} , \qquad \log z = L + \sum_l e_l\log(1+c_lM) , \qquad
          M = \frac1{e^L-1} .
"""

from dataclasses import dataclass

import numpy as np

from spinglass.spectra.free.multiplicative.factor import FAREST, NODES, Branch, Factor, strip_point

SMALLEST = 1e-14  # log F where M is as large as rounding lets it be


@dataclass(frozen=True)
class Explicit(Branch):
    """A stretch on which log|F| is the parameter and log|z| a formula.

    It reaches a little beyond the edges of the law; no product of laws has a gap there.
    """

    span: tuple = ()

    def levels(self):
        """Return the least and the largest log|F|."""
        return np.clip(self.span, SMALLEST if self.is_outer and self.side > 0 else -FAREST, FAREST)

    def place(self, u):
        """Return log|z| where log|F| = u."""
        with np.errstate(all="ignore"):
            # 1 + cM without cancellation: M = 1/(F - 1), F = e^u or -e^u
            below, power = np.expm1(u) if self.sign > 0 else 1 + np.exp(u), np.exp(u)
            law = self.factor.law
            factors = (np.abs((power - self.sign * (1 - c)) / below) for c in law.ratios)
            return u + sum(e * np.log(factor) for e, factor in zip(law.exponents, factors, strict=True))

    def level_nodes(self):
        """Return values of log|F|, dense at both ends."""
        low, high = self.levels()
        away = np.exp(np.linspace(np.log(1e-14), np.log((high - low) / 2), NODES))
        return np.r_[low + away, high - away]


class WishartFactor(Factor):
    """The law of a product of Gaussian matrices.

    Parameters
    ----------
    law : WishartProduct
    """

    def __init__(self, law):
        self.law, self.unit = law, 1.0
        self.atom, self.atoms = sum(weight for _, weight in law.atoms), []

    def pair(self, s):
        """Return 1 + M and M at log z in the closed strip (flat complex array)."""
        m, _, total, *_ = self.law._solution(strip_point(s))
        return total, m

    def potential(self, s):
        """Return Phi of the law at log z in the closed strip."""
        return self.law.upper(strip_point(s))[0]

    def shift(self, total, m):
        """Return log z - L from 1 + M and M in the lower half-plane."""
        with np.errstate(divide="ignore"):
            pairs = zip(self.law.ratios, self.law.exponents, strict=True)
            return sum(e * _log_one_plus(c, total, m) for c, e in pairs)

    def branches(self):
        """Return all branches: left of 0, between 0 and the law, and beyond it."""
        c, e = self.law._descending
        largest, second = c[0], np.max(c[c < c[0]], initial=0.0)
        with np.errstate(divide="ignore"):
            rank = float(np.log(largest - 1))
            found = [
                Explicit(self, -np.inf, np.inf, -1, -1, (rank, np.inf)),
                Explicit(self, 0.0, np.inf, 1, 1, (0.0, np.inf)),
            ]
            if np.sum(e[c == largest]) > 1:  # it begins at 0
                return found
            if largest > 1:  # -1/M lies between the two largest ratios, the 1 among them
                found.append(Explicit(self, -np.inf, 0.0, 1, -1, (float(np.log(second - 1)), rank)))
            else:
                found.append(Explicit(self, -np.inf, 0.0, 1, 1, (-np.inf, float(np.log(1 - second)))))
        return found


def _log_one_plus(c, total, m):
    """Return log(1 + cM), to all digits also where M is near 0 or -1."""
    near = np.abs(m) < 0.5
    re, im = np.where(near, 1 + c * m.real, (1 - c) + c * total.real), c * m.imag
    size = np.where(near, 0.5 * np.log1p(c * m.real * (2 + c * m.real) + im**2), np.log(np.hypot(re, im)))
    return size + 1j * np.arctan2(im, re)
