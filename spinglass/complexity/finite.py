r"""The mean number of critical points on one sphere at finite N, exactly: one integral over the shift of the Hessian.

The Hessian at a critical point is :math:`\sqrt{2x_2}\,(X_n - x)`, X_n the unscaled GOE of size n = N - 1, where
:math:`x = R/\sqrt{2x_2}` is a centred normal of variance (x1 + x2)/(2 x2).  With :math:`B = (x_2-x_1)/(x_2+x_1)` and
:math:`\rho_N` the mean density of the GOE of size N,

.. math:: E\,\#\{l < u < h\} = 2\sqrt{1-B}\,\Big(\frac{1+B}{1-B}\Big)^{N/2}\int\rho_N(x)\,e^{-Bx^2/2}\,
          P(l < u < h \mid x)\,dx ,

.. math:: \sqrt N u \mid x \sim N\Big(\frac{x_1\sqrt{2x_2}}{x_1+x_2}x,\; s^2\Big), \qquad
          s^2 = \frac{\sum_{p<q}c_pc_q(p-q)^2}{x_1+x_2} .

For one degree s = 0: the window is one in x.  At index k, rho_N is the part with k eigenvalues of X_n below x of
:math:`\rho_N = e^{-x^2/2}E|\det(x-X_n)|/(\sqrt2\,\Gamma(N/2))`.
"""

import functools
import itertools
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import gammaln, log_ndtr, logsumexp

from spinglass.arithmetic import float64, mp, resolve
from spinglass.complexity import eigenpairs as closed
from spinglass.models.checks import checked_integer
from spinglass.spectra.goe import half_gamma, log_tilted_density, tilted_density
from spinglass.spectra.goe_index import log_mean_abs_det_index, mean_abs_det_index

GRID, DROP, ORDER = 256, 42.0, 24  # points that look for the integrand; e^-DROP of its peak is left out; panels


def exact_log_count(game, n, window=None, index=None, ar=None):
    r"""Return the mean number of critical points on one sphere (its logarithm in float64) in an energy window.

    .. math:: E\,\# = \mathrm{vol}(S^{N-1}) (2\pi x_1)^{-(N-1)/2}\, E\big[|\det J|;\ l < u < h,\ \mathrm{index}\big]

    Parameters
    ----------
    game : SphericalGame of one sphere
    n : int, at least 2
    window : None or (lo, hi) of energy densities :math:`L/\sqrt N`, infinite ends allowed
    index : None or int, the number of negative eigenvalues of the Hessian, 0 .. N-1
    ar : arithmetic, optional
        float64 by default; ``sg.mp(digits)``; without an index ``sg.balls(digits)``, without a window ``sg.symbols``.

    Returns
    -------
    float64: the logarithm of the mean, -inf where there are none.  Otherwise the mean, a number of the arithmetic.

    Raises
    ------
    ValueError, TypeError, NotImplementedError : wrong arguments, several spheres, an arithmetic without a route.

    Accuracy
    --------
    float64: absolute error of the logarithm 1e-12 up to N = 200, 1e-11 at N = 2000, also in windows that hold next to
    nothing.  mp: all digits.  balls: enclosures.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Theorem 2.1; Auffinger, Ben Arous (2013); Fyodorov (2015).

    Examples
    --------
    >>> import spinglass as sg
    >>> print(f"{np.exp(exact_log_count(sg.pure(3), 4)):.10f}")
    18.7902338010
    """
    ar, n = resolve(ar), checked_integer("n", n, 2)
    if len(game.fractions) != 1:
        raise NotImplementedError(f"expected one sphere, got {len(game.fractions)}: use method='montecarlo'")
    window, index = closed.checked_window(window), closed.checked_count(index, n)
    if ar is float64:
        return _log_mean(game, n, window, index)
    if ar.name.startswith("balls") and index is not None:
        raise NotImplementedError("sg.balls at an index: no rigorous quadrature here, use sg.mp(digits) or index=None")
    if window is None and index is None:
        with ar.precision():
            ratio = closed.curvature_ratio(game)
            return ar.result(closed.closed_total(n, ratio, ar) if ratio else ar.number(2))
    if ar.name == "symbols":
        raise NotImplementedError("sg.symbols: only all energies and indices have a closed form, use sg.mp(digits)")
    if ar.name.startswith("balls"):
        guess, finer = _log_mean(game, n, window, None), type(ar)(ar.digits + 20 + n)
        parts = functools.partial(_integral, game, n, finer)
        return closed.enclosure(parts, closed.curvature_ratio(game), window, guess, ar)
    lost = 0 if window is None else max(0.0, -math.log10(max(float(window[1] - window[0]), 1e-300)))
    return ar.result(ar.number(_mean_digits(game, n, window, index, mp(ar.digits + 5 + math.ceil(lost)))))


def _integral(game, n, ar):
    x1, x2, mixing = closed.covariance_sums(game, ar.number)
    return Integral(n, x1, x2, mixing, ar)


def log_total(n, ratio):
    """Return the logarithm of the mean number of all critical points for xi''(1)/xi'(1) = ratio > 0, in float64."""
    return _log_integral(Integral(n, 1.0, float(ratio), 0.0, float64), None, None)


@dataclass(frozen=True)
class Integral:
    """The numbers in the integral: N, xi'(1), xi''(1), sum_(p<q) c_p c_q (p-q)^2 and their arithmetic."""

    n: int
    x1: Any
    x2: Any
    mixing: Any
    ar: Any
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
        put("slope", self.x1 * self.ar.sqrt(2 * self.x2) / (both * root))
        put("spread", self.ar.sqrt(self.mixing / both) / root)
        put("front", 2 * self.ar.sqrt(2 * self.x1 / both))

    def log_weight(self, x, index):
        """Return the logarithm of what is multiplied by P(window | x), less the front factor, in float64."""
        if index is None:
            return log_tilted_density(self.n, x) - self.rate * x * x
        log_det = log_mean_abs_det_index(self.n - 1, x, index)
        return log_det - self.rate * x * x - 0.5 * np.log(2) - gammaln(0.5 * self.n)

    def weight(self, x, index):
        """Return the same in an arithmetic with digits, the exponential itself."""
        ar = self.ar
        if index is None:
            return tilted_density(self.n, x, ar) * ar.context.exp(-self.rate * x * x)
        determinant = mean_abs_det_index(self.n - 1, x, index, ar)
        return determinant * ar.context.exp(-self.rate * x * x) / (ar.sqrt(ar.number(2)) * half_gamma(self.n, ar))

    def log_chance(self, x, window):
        """Return log P(window | x) in float64."""
        if window is None or not self.spread:
            return np.zeros_like(x)
        low, high = ((float(end) - self.slope * x) / self.spread for end in window)
        low, high = np.where(low > -high, -high, low), np.where(low > -high, -low, high)  # mostly below 0
        with np.errstate(divide="ignore"):
            top, bottom = log_ndtr(high), log_ndtr(low)
            both = np.log1p(-np.exp(log_ndtr(-high)) - np.exp(bottom))
            out = np.where(high > 0, both, top + np.log(-np.expm1(bottom - top)))
        narrow = (high - low) * (1 + np.abs(low + high)) < 2
        out[narrow] = _narrow(0.5 * (low + high)[narrow], 0.5 * float(window[1] - window[0]) / self.spread)
        return out

    def chance(self, x, window):
        """Return P(window | x) in an arithmetic with digits."""
        if window is None or not self.spread:
            return 1
        scale = self.spread * self.ar.sqrt(self.ar.number(2))
        low, high = ((end - self.slope * x) / scale for end in window)
        low, high = (-high, -low) if high < 0 else (low, high)
        return (self.ar.context.erfc(low) - self.ar.context.erfc(high)) / 2


def _narrow(middle, half):
    """Return the logarithm of the normal mass of narrow windows, by 12 nodes."""
    nodes, weights = _legendre(12, float64)
    move = half * nodes
    return (
        np.log(half * (np.exp(-middle[:, None] * move - 0.5 * move**2) @ weights))
        - 0.5 * middle**2
        - 0.5 * np.log(2 * np.pi)
    )


def _log_mean(game, n, window, index):
    integral = _integral(game, n, float64)
    if not integral.x2:
        value = closed.linear_count(n, integral.x1, window, index, mp(30))
        return float(mp(30).log(value)) if value > 0 else -np.inf
    return _log_integral(integral, window, index)


def _log_integral(integral, window, index):
    pieces, folded = _pieces(integral, window, index, DROP, ORDER)
    nodes, weights = _legendre(ORDER, float64)
    ends = np.array([panel for lo, hi, count in pieces for panel in itertools.pairwise(np.linspace(lo, hi, count + 1))])
    half = 0.5 * (ends[:, 1] - ends[:, 0])
    x = (0.5 * (ends[:, 0] + ends[:, 1])[:, None] + half[:, None] * nodes).ravel()
    terms = integral.log_weight(x, index) + integral.log_chance(x, window)
    if window is not None and not integral.spread:  # the width of a narrow window, as it was given
        if (inside := (pieces[0][0], pieces[-1][1])) == tuple(float(end) / integral.slope for end in window):
            half *= float(window[1] - window[0]) / integral.slope / (inside[1] - inside[0])
    total = logsumexp(terms, b=(half[:, None] * weights).ravel())
    total += 0.5 * integral.n * np.log(integral.x2 / integral.x1)
    return float(total + np.log(integral.front) + (np.log(2) if folded else 0.0))


def _mean_digits(game, n, window, index, ar):
    window = None if window is None else tuple(ar.number(end) for end in window)
    integral, order = _integral(game, n, ar), ORDER // 2 + ar.digits
    if not integral.x2:
        return closed.linear_count(n, integral.x1, window, index, ar)
    rough = _integral(game, n, float64)
    pieces, folded = _pieces(rough, window, index, math.log(10) * (ar.digits + 5), order)
    nodes, weights = _legendre(order, ar)
    exact = {} if window is None or integral.spread else {float(end) / rough.slope: end for end in window}
    total = ar.number(0)
    for lo, hi, count in pieces:
        lo, hi = (exact[end] / integral.slope if end in exact else ar.number(end) for end in (lo, hi))
        half = (hi - lo) / (2 * count)
        for i in range(count):
            middle = lo + (2 * i + 1) * half
            for node, share in zip(nodes, weights, strict=True):
                x = middle + half * node
                total += half * share * integral.weight(x, index) * integral.chance(x, window)
    return total * integral.front * ar.sqrt(integral.x2 / integral.x1) ** n * (2 if folded else 1)


def _pieces(integral, window, index, drop, order):
    """Return intervals that carry the integrand with a number of panels each, and whether they are half of it."""
    runs, tilt = _support(integral, window, index, drop)
    width, flat = integral.spread / integral.slope, (-math.inf, math.inf)  # flat: where P(window | x) is 1
    if window is not None and width:
        margin = width * math.sqrt(2 * drop)
        flat = float(window[0]) / integral.slope + margin, float(window[1]) / integral.slope - margin
    bulk = math.sqrt(2 * integral.n)
    smooth = 2.6 * bulk + math.sqrt(2 * drop)
    marks = [1.3 * bulk, *(smooth * 2.0**k for k in range(100))]
    marks = [*marks, *(-x for x in marks), *(x for x in flat if flat[0] < flat[1])]
    pieces = []
    for low, high in runs:
        for a, b in itertools.pairwise(sorted({low, high, *(x for x in marks if low < x < high)})):
            near = min(abs(a), abs(b)) if a * b > 0 else 0.0
            band, curve = 2 * bulk * (0.4 if near >= 1.3 * bulk else 1.0), 1 + max(integral.balance, 0.0) / 2
            if near >= smooth:  # a Hermite polynomial beyond its zeros, without oscillation
                band, curve = 0.0, integral.rate + 2 * integral.n / (near - bulk) ** 2
            curve += 0.0 if flat[0] <= 0.5 * (a + b) <= flat[1] else 0.5 / width**2
            pieces.append((a, b, math.ceil((b - a) / panel_length(order, band + tilt, curve, drop))))
    return pieces, window is None and index is None


def _support(integral, window, index, drop):
    """Return intervals outside which the integrand is below e^-drop of its peak; its log-slope if that is at an end."""
    ends = None if window is None else [float(end) for end in window]
    reach = 2 * (math.sqrt(integral.n) + math.sqrt(drop) + 2) / math.sqrt(2 * integral.rate)
    if ends:
        nearest = min(max(0.0, ends[0]), ends[1])
        reach += abs(nearest) * integral.slope / (integral.slope**2 + 2 * integral.rate * integral.spread**2)
    reach = 2 ** (math.ceil(2 * math.log2(reach)) / 2)
    low, high, extra = 0.0 if window is None and index is None else -reach, reach, []
    if ends:
        extra = [end / integral.slope for end in ends if abs(end) < math.inf]
        extra = [x + side * reach * 2.0**-k for x in extra for side in (-1, 1) for k in range(60)] + extra
        if not integral.spread:
            low, high = (min(max(end / integral.slope, -reach), reach) for end in ends)
    for _ in range(4):
        x = np.unique(np.clip([*np.linspace(low, high, GRID), *extra], low, high))
        f = np.interp(x, *_table(integral.n, index, reach)) - integral.rate * x * x + integral.log_chance(x, window)
        live = np.flatnonzero(f >= f.max() - drop - 3)
        low, high = x[max(live[0] - 1, 0)], x[min(live[-1] + 1, len(x) - 1)]
    best = int(np.argmax(f))
    inside = min(max(best, 1), len(x) - 2)  # the peak's neighbour if it is at an end
    tilt = 0.0 if inside == best else min(abs((f[inside] - f[best]) / (x[inside] - x[best])), 1e6)
    runs = [part[[0, -1]] + [-1, 1] for part in np.split(live, np.flatnonzero(np.diff(live) > 2) + 1)]
    return [tuple(x[np.clip(run, 0, len(x) - 1)].tolist()) for run in runs], float(tilt)


@functools.lru_cache(maxsize=64)
def _table(n, index, reach):
    """Return places and the logarithm of the determinant there, up to a constant: only to find the integrand."""
    x = np.linspace(-reach, reach, GRID + 1)
    unit = Integral(n, 1.0, 1.0, 0.0, float64)  # balance 0, rate 1/2
    return x, np.maximum(unit.log_weight(x, index) + 0.5 * x * x, -1e300)


@functools.lru_cache(maxsize=256)
def panel_length(order, band, curve, drop):
    """Return how long a panel may be for growth like exp(band a + curve a^2) off the axis, by Bernstein's ellipses."""
    z = np.exp(np.linspace(0.02, 8, 400))
    length = 4 * order / (band + math.sqrt(curve))
    while True:
        a = length / 4 * (z - 1 / z)  # the error is the maximum at this height times z^(-2 order)
        if np.min(band * a + curve * a * a - 2 * order * np.log(z)) < -drop:
            return length
        length *= 0.95


@functools.lru_cache(maxsize=16)
def _legendre(order, ar):
    """Return the nodes and the weights of Gauss and Legendre on [-1, 1]: Newton's method from those of float64."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    if ar is float64:
        return nodes, weights
    x = np.array([ar.number(float(node)) for node in nodes], dtype=object)
    for _ in range(2 + math.ceil(math.log2(ar.digits / 6 + 1))):
        before, here = x**0, x
        for j in range(1, order):
            before, here = here, ((2 * j + 1) * x * here - j * before) / (j + 1)
        slope = order * (x * here - before) / (x * x - 1)
        x = x - here / slope
    return x, 2 / ((1 - x * x) * slope * slope)
