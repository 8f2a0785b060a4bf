r"""The integrand of the mean count on one sphere, over the shift x of the Hessian.

.. math:: f(x) = w_k(x)\,P(l < u < h \mid x), \qquad
          w_k(x) = \frac{e^{-x_2x^2/(x_1+x_2)}}{\sqrt2\,\Gamma(N/2)}\,E\big[|\det(x - X_n)|;\ k \text{ below } x\big],
          \quad n = N - 1 ,

and the sum over k, :math:`w = e^{-Bx^2/2}\rho_N`.  The weights and the chances are mixtures of Gaussians
:math:`e^{-C(x-m)^2}` of one width and log-concave at a given k, whence every bound in
:mod:`spinglass.finite.enclosures`.
"""

import functools
import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.special import gammaln, log_ndtr

from spinglass.arithmetic import float64
from spinglass.arithmetic.exact import logarithm
from spinglass.models.table import exact_numbers, exact_table
from spinglass.spectra.goe.determinant import half_gamma, log_tilted_density, tilted_density
from spinglass.spectra.goe.index_digits import at_node, closed_form
from spinglass.spectra.goe.index_table import log_mean_abs_det_curve

LEAST = Fraction("1e-300")  # of xi''(1)/xi'(1): the integrand reaches as far as the inverse of its root
FAR = 1e150  # from here on the logarithm itself is beyond float64


@dataclass(frozen=True)
class Integrand:
    """The numbers in the integral: N, xi'(1), xi''(1), sum_(p<q) c_p c_q (p-q)^2, their arithmetic and the unit."""

    n: int
    x1: Any
    x2: Any
    mixing: Any
    ar: Any
    unit: Any = 1.0  # of energies, in whose powers the three sums are
    balance: Any = field(init=False, repr=False)
    rate: Any = field(init=False, repr=False)
    slope: Any = field(init=False, repr=False)
    spread: Any = field(init=False, repr=False)
    front: Any = field(init=False, repr=False)

    def __post_init__(self):
        both, root = self.x1 + self.x2, self.ar.sqrt(self.ar.number(self.n))
        put = functools.partial(object.__setattr__, self)
        put("balance", (self.x2 - self.x1) / both)
        put("rate", self.x2 / both)
        put("slope", self.unit * (self.x1 * self.ar.sqrt(2 * self.x2) / (both * root)))
        put("spread", self.unit * (self.ar.sqrt(self.mixing / both) / root))
        put("front", 2 * self.ar.sqrt(2 * self.x1 / both))

    @classmethod
    def of(cls, model, n, ar):
        """Return the integrand of a game on one sphere."""
        x1, x2 = exact_table(model).x1, exact_table(model).x2
        if x2 and x2 < LEAST * x1:
            size = round(logarithm(x2 / x1) / math.log(10))
            raise ValueError(
                f"fields: expected xi''(1)/xi'(1) to be 0 or at least {float(LEAST):g}, got about 1e{size}"
            )
        unit = 2.0 ** round(logarithm(x1 * (x2 or x1)) / math.log(16))  # mixing <= x1 x2: nothing over- or underflows
        table, square = exact_table(model, ar), exact_numbers(model, ar).number(unit) ** 2
        mixing = table.v0 * table.conditional_variance
        x1, x2, mixing = (ar.number(x) for x in (table.x1 / square, table.x2 / square, mixing / square**2))
        return cls(n, x1, x2, mixing, ar, ar.number(unit))

    @property
    def log_factor(self):
        """The logarithm of what stands before the integral, in float64."""
        return 0.5 * self.n * (np.log(self.x2) - np.log(self.x1)) + np.log(self.front)

    @property
    def factor(self):
        """What stands before the integral, in an arithmetic with digits."""
        return self.front * self.ar.sqrt(self.x2 / self.x1) ** self.n

    def width(self, window, index):
        """Return C: the integrand is a mixture of exp(-C (x - m)^2) over m."""
        kernel = 0 if window is None or self.mixing == 0 else (self.slope / self.spread) ** 2 / 2
        return kernel + self.rate + self.ar.number(self.n - 1) / 2

    def within_reach(self, energies):
        """Return energies, infinite where the logarithm of the number of points is itself beyond float64."""
        most = FAR * (max(self.slope, self.spread) or self.unit)
        return [u if abs(u) < most else np.copysign(np.inf, u) for u in energies]

    @property
    def gradient_variance(self):
        """xi'(1) in energies squared: of a linear field the variance of its values."""
        return self.x1 * self.unit**2

    def log_weight(self, x, index):
        """Return the logarithm of w, of w_k or, along a last axis for the index "each", of all w_k, in float64."""
        if np.abs(x).max(initial=0.0) > FAR:
            near = self.log_weight(np.where(np.abs(x) > FAR, 0.0, x), index)
            last = (..., None) if index == "each" else ...
            return np.where((np.abs(x) > FAR)[last], -np.inf, near)
        if index is None:
            return log_tilted_density(self.n, x) - self.rate * x * x
        constant = 0.5 * np.log(2) + gammaln(0.5 * self.n)
        if index == "each":
            return log_mean_abs_det_curve(self.n - 1, x) - (self.rate * x * x)[..., None] - constant
        return log_mean_abs_det_curve(self.n - 1, x, index) - self.rate * x * x - constant

    def weight(self, x, index):
        """Return the same in an arithmetic with digits, at a float or a number of it."""
        ar = self.ar
        number = ar.number(x)
        gauss = ar.exp(-self.rate * number * number)
        if index is None:
            return tilted_density(self.n, number, ar) * gauss
        determinant = (at_node if isinstance(x, float) else closed_form)(self.n - 1, x, ar)[index]
        return determinant * gauss / (ar.sqrt(ar.number(2)) * half_gamma(self.n, ar))

    def log_chance(self, x, window):
        """Return log P(window | x) in float64; for a window (u, u) the log-density at u."""
        if window is None or not self.spread:
            return np.zeros_like(x)
        low, high = ((float(end) - self.slope * x) / self.spread for end in window)
        if window[0] == window[1]:
            return -0.5 * low * low - 0.5 * np.log(2 * np.pi) - np.log(self.spread)
        low, high = np.where(low > -high, -high, low), np.where(low > -high, -low, high)  # mostly below 0
        with np.errstate(divide="ignore"):
            top, bottom = log_ndtr(high), log_ndtr(low)
            both = np.log1p(-np.exp(log_ndtr(-high)) - np.exp(bottom))
            out = np.where(high > 0, both, top + np.log(-np.expm1(bottom - top)))
        narrow = (high - low) * (1 + np.abs(low + high)) < 2
        out[narrow] = _narrow(0.5 * (low + high)[narrow], 0.5 * float(window[1] - window[0]) / self.spread)
        return out

    def chance(self, x, window):
        """Return P(window | x) in an arithmetic with digits; for a window (u, u) the density at u."""
        if window is None or self.mixing == 0:
            return 1
        ar = self.ar
        scale = self.spread * ar.sqrt(ar.number(2))
        if window[0] is window[1]:
            z = (window[0] - self.slope * x) / scale
            return ar.exp(-z * z) / (scale * ar.sqrt(ar.pi))
        low, high = ((end - self.slope * x) / scale for end in window)
        low, high = (-high, -low) if high < 0 else (low, high)
        return (_erfc(ar, low) - _erfc(ar, high)) / 2


def _erfc(ar, x):
    """Return erfc, 2 or 0 at infinity."""
    if abs(x) == ar.infinity:
        return ar.number(0 if x > 0 else 2)
    return ar.erfc(x)


def _narrow(middle, half):
    """Return the logarithm of the normal mass of narrow windows, by 12 nodes."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    move = half * nodes
    return (
        np.log(half * (np.exp(-middle[:, None] * move - 0.5 * move**2) @ weights))
        - 0.5 * middle**2
        - 0.5 * np.log(2 * np.pi)
    )


def rough(part):
    """Return the same integrand in float64."""
    return Integrand(part.n, float(part.x1), float(part.x2), float(part.mixing), float64, float(part.unit))
