r"""Where the integrand of a mean count lives, and panels on which the rule of Gauss and Legendre is exact to rounding.

Off the axis the integrand grows like :math:`e^{ba + ca^2}` at height a; on a panel of length L the ellipse with
:math:`a = \tfrac L4(z - 1/z)` bounds the error of a rule with m nodes by that growth times :math:`z^{-2m}` (Bernstein).
"""

import functools
import itertools
import math

import numpy as np

from spinglass.arithmetic import float64
from spinglass.finite.integrand import Integrand

GRID = 256  # points that look for the integrand
MOST = 100_000  # panels

#: Inside its bulk, of edge sqrt(2n), the square of a Hermite function grows off the axis like e^(2 sqrt(2n) a).  From
#: EDGE times the edge on the semicircle of its zeros gives .18 of that rate; CALM leaves room for small n.  From SMOOTH
#: times the edge on there is no such growth to speak of, but a quadratic one: each zero adds a^2/(x - edge)^2 at most.
EDGE, CALM, SMOOTH = 1.3, 0.4, 2.6
STEEP = 1e6  # log-slope at an end beyond which shorter panels gain nothing
NEAR = 2.0**-30  # share of the interval below which a difference of logarithms is rounding
STRIDE = 1.2  # growth of the steps that go down from a peak
HALVINGS = 60  # of distances from an end of a window, near which the integrand may be narrow
MARGIN = 3  # by which the search goes on below the wanted drop, in logarithms


def pieces_of(integral, window, index, drop, order):
    """Return intervals that carry the integrand with a number of panels each, and whether they are half of it."""
    runs, tilt = support(integral, window, index, drop)
    width, flat = integral.spread / integral.slope, (-math.inf, math.inf)  # flat: where P(window | x) is 1
    if window is not None and width:
        margin = width * math.sqrt(2 * drop)
        flat = float(window[0]) / integral.slope + margin, float(window[1]) / integral.slope - margin
    bulk = math.sqrt(2 * integral.n)
    smooth = SMOOTH * bulk + math.sqrt(2 * drop)
    marks = [EDGE * bulk, *(smooth * 2.0**k for k in range(100))]
    marks = [*marks, *(-x for x in marks), *(x for x in flat if flat[0] < flat[1])]
    pieces = []
    for low, high in runs:
        for a, b in itertools.pairwise(sorted({low, high, *(x for x in marks if low < x < high)})):
            near = min(abs(a), abs(b)) if a * b > 0 else 0.0
            band, curve = 2 * bulk * (CALM if near >= EDGE * bulk else 1.0), 1 + max(integral.balance, 0.0) / 2
            if near >= smooth:  # a Hermite polynomial beyond its zeros, without oscillation
                band, curve = 0.0, integral.rate + 2 * integral.n / (near - bulk) ** 2
            curve += 0.0 if flat[0] <= 0.5 * (a + b) <= flat[1] else 0.5 / width**2
            pieces.append((a, b, math.ceil((b - a) / panel_length(order, band + tilt, curve, drop))))
    if sum(count for _, _, count in pieces) > MOST:
        where = "all energies" if window is None else f"energies from {float(window[0]):g} to {float(window[1]):g}"
        raise ValueError(f"{where}: expected at most {MOST} panels of the integral, too far or too linear a model")
    return pieces, window is None and index is None


def support(integral, window, index, drop):
    """Return intervals outside which the integrand is below e^-drop of its peak; its log-slope if that is at an end."""
    ends = (-math.inf, math.inf) if window is None else tuple(float(end) for end in window)
    extra = [end / integral.slope for end in ends if abs(end) < math.inf]
    low, high, log_weight = (
        _by_index(integral, window, index, drop) if index is not None else _any(integral, ends, drop)
    )
    if window is None and index is None:
        low = 0.0
    elif not integral.spread:
        low, high = (min(max(end / integral.slope, low), high) for end in ends)
    reach = max(abs(low), abs(high))
    extra = [x + side * reach * 2.0**-k for x in extra for side in (-1, 1) for k in range(HALVINGS)] + extra
    for _ in range(4):
        x = np.unique(np.clip([*np.linspace(low, high, GRID), *extra], low, high))
        f = log_weight(x) + integral.log_chance(x, window)
        live = np.flatnonzero(f >= f.max() - drop - MARGIN)
        low, high = x[max(live[0] - 1, 0)], x[min(live[-1] + 1, len(x) - 1)]
    best = int(np.argmax(f))
    tilt = 0.0
    if best in (0, len(x) - 1):  # a peak at an end: its slope towards the nearest place that rounding tells from it
        inside = min(np.flatnonzero(abs(x - x[best]) >= NEAR * (x[-1] - x[0])), key=lambda i: abs(x[i] - x[best]))
        tilt = min(abs((f[inside] - f[best]) / (x[inside] - x[best])), STEEP)
    runs = [part[[0, -1]] + [-1, 1] for part in np.split(live, np.flatnonzero(np.diff(live) > 2) + 1)]
    return [tuple(x[np.clip(run, 0, len(x) - 1)].tolist()) for run in runs], float(tilt)


def _any(integral, ends, drop):
    """Return an interval outside which nothing is, whatever the index, and the logarithm of the weight, roughly."""
    reach = 2 * (math.sqrt(integral.n) + math.sqrt(drop) + 2) / math.sqrt(2 * integral.rate)
    if ends[0] > -math.inf or ends[1] < math.inf:
        nearest = min(max(0.0, ends[0]), ends[1])
        reach += abs(nearest) * integral.slope / (integral.slope**2 + 2 * integral.rate * integral.spread**2)
    reach = 2 ** (math.ceil(2 * math.log2(reach)) / 2)
    return -reach, reach, lambda x: np.interp(x, *_table(integral.n, reach)) - integral.rate * x * x


@functools.lru_cache(maxsize=64)
def _table(n, reach):
    """Return places and the logarithm of the determinant there, up to a constant: only to find the integrand."""
    x = np.linspace(-reach, reach, GRID + 1)
    unit = Integrand(n, 1.0, 1.0, 0.0, float64)  # balance 0, rate 1/2
    return x, unit.log_weight(x, None) + 0.5 * x * x


def _by_index(integral, window, index, drop):
    """Return the same at an index, where the integrand is log-concave: go down from its peak on both sides."""

    def log_weight(x):
        return integral.log_weight(x, index)

    low, high = -math.inf, math.inf
    if window is not None and not integral.spread:
        low, high = (float(end) / integral.slope for end in window)
    start = math.sqrt(2 * integral.n) * ((2 * index + 1) / integral.n - 1)
    if window is not None:
        start = min(max(start, float(window[0]) / integral.slope), float(window[1]) / integral.slope)
    found, best = [start, start], -math.inf
    for side, end, step in ((1, high, 1.0), (0, low, -1.0)):
        while found[side] != end:
            x = np.linspace(found[side], min(max(found[side] + step, low), high), 9)
            f = log_weight(x) + integral.log_chance(x, window)
            found[side], best, step = x[-1], max(best, f.max()), STRIDE * step
            if f[-1] < best - drop - MARGIN:
                break
    return *found, log_weight


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


def lattice_step(width, drop):
    r"""Return a step h, a float of few bits, for the trapezoidal rule: its relative error is below e^-drop.

    The Fourier transform of a mixture of :math:`e^{-C(x-m)^2}` is at most its integral times
    :math:`e^{-\omega^2/(4C)}`, so that by Poisson's summation formula the rule errs by at most the fraction
    :math:`2\sum_{m\ge1} q^{m^2}`, :math:`q = e^{-\pi^2/(Ch^2)}`, whatever the mixture.
    """
    mantissa, exponent = math.frexp(math.pi / math.sqrt(float(width) * (drop + 1)))
    return math.floor(64 * mantissa) / 64 * 2.0**exponent
