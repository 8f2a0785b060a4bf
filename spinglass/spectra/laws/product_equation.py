r"""The equation of a product of matrices, solved in compiled code, and its edges.

.. math:: \log z = \sum_{l=0}^L e_l\log(1 + c_l M) - \log M , \qquad \mathrm{Im}\,M \le 0 .

Exponents e are 1 for layers.  Both sides are principal logarithms; the solution in the lower half-plane is unique.
"""

import numpy as np
from scipy.optimize import brentq

from spinglass.running.compiled import kernel, part

STRIDE = 0.5  # of log z in one step of the continuation
SMALLEST = 1e-290  # the distance to 0 to which closer places are moved


def product_edges(ratios, exponents=1.0):
    r"""Return the two edges of the law with :math:`zM = \prod(1+c_lM)^{e_l}`: stationary points of z on the real line.

    :math:`d\log z/d\log M = \sum e_lc_lM/(1+c_lM) - 1` rises on M > 0, which belongs to z above the support, and on
    :math:`-1/c_2 < M < -1/c_1` (c_1, c_2 the two largest), which belongs to 0 < z below the support: one zero each.
    Where the exponents of the largest ratio add up to more than 1 the law begins at 0.

    Parameters
    ----------
    ratios : sequence of floats
        All :math:`c_l`, the 1 included.
    exponents : sequence of floats, or one float
        All :math:`e_l`.

    Returns
    -------
    tuple of two floats

    Examples
    --------
    >>> from spinglass.spectra.laws.product_equation import product_edges
    >>> tuple(round(edge, 12) for edge in product_edges([1.0, 0.25]))  # Marchenko-Pastur: (1 -+ sqrt(c))^2
    (0.25, 2.25)
    """
    c = np.asarray(ratios, dtype=float)
    order = np.argsort(c)[::-1]
    c, e = c[order], np.broadcast_to(exponents, c.shape)[order]
    farthest = 2 * max(1.0, 1 / (np.sum(e) - 1)) / np.min(c)
    high = _stationary(lambda m: np.sum(e * c * m / (1 + c * m)) - 1, 0.0, farthest)
    upper = float(np.prod((1 + c * high) ** e) / high)
    if np.sum(e[c == c[0]]) > 1:
        return 0.0, upper
    # M = -1/c_1 - w: the factors c_l (gap_l - w) are exact where they are small
    gap = (c[0] - c) / (c[0] * c)
    w = _stationary(lambda w: np.sum(e * (1 / c[0] + w) / (gap - w)) + 1, 0.0, np.min(gap[gap > 0]))
    return float(np.prod(np.abs(c * (gap - w)) ** e) / (1 / c[0] + w)), upper


def _stationary(slope, low, high):
    """Return the zero of a monotone function between two places where it may be infinite."""
    inner = 1e-14 * (high - low)
    if slope(low + inner) * slope(high - inner) > 0:
        raise ValueError("ratios: expected numbers within about 1e12 of each other and of 1, got some further apart")
    return brentq(slope, low + inner, high - inner, xtol=1e-300, rtol=1e-15)


def solve_product(z, c, exponents, top, v, near):
    r"""Fill v at all z (Im z >= 0, not 0) and tell where it is M + 1/max c, not M; return the first failure or -1.

    Near 0 the first is known to full relative accuracy, far out the second.  Any solution in the lower half-plane is
    the one, so Newton's method may start anywhere; what it does not reach at once is followed along log z, from a
    near or a far place on the imaginary axis.  The ratios c descend, the 1 is among them; top is the upper edge.
    """
    c, exponents = np.ascontiguousarray(c), np.ascontiguousarray(exponents)  # of one type, compiled for once
    gaps = (c[0] - c) / c[0]
    apart = gaps != 0
    power, constant = np.sum(exponents[~apart]), np.log(c[0]) + np.sum(exponents[apart] * np.log(gaps[apart]))
    far, low = np.log(10 * top), constant + power * np.log(0.1 * np.min(gaps[apart], initial=1.0))
    return solve_all(z, c, exponents, gaps, np.ones(len(c)), power, constant, far, low, v, near)


@kernel
def solve_all(z, c, exponents, gaps, ones, power, constant, far, low, v, near):
    """Do the work of :func:`solve_product`; ``far`` and ``low`` are log z of places far out and near 0."""
    for i in range(len(z)):
        target = upper_log(z[i])
        near[i] = target.real < 0.5 * (far + low)
        origin, offsets = (-1 / c[0], gaps) if near[i] else (0.0, ones)
        # not from a real place, which Newton's method would not leave
        halfway = complex(target.real, 0.5 * target.imag + 0.25 * np.pi)
        start = near_or_far(halfway, near[i], power, constant, c[0])
        v[i], found = newton(target, start, origin, offsets, c, exponents, np.int64(25))
        if found:
            continue
        height = complex(min(target.real, low) if near[i] else max(target.real, far), 0.5 * np.pi)
        middle = complex(target.real, 0.5 * np.pi)
        x = near_or_far(height, near[i], power, constant, c[0])
        for leg in range(2):
            first, last = (height, middle) if leg == 0 else (middle, target)
            steps = int(abs(last - first) / STRIDE) + 1
            for step in range(1, steps + 1):
                x, found = newton(first + (last - first) * step / steps, x, origin, offsets, c, exponents, np.int64(4))
        v[i], found = newton(target, x, origin, offsets, c, exponents, np.int64(60))
        if not found:
            return i
    return -1


@part
def near_or_far(target, near, power, constant, largest):
    """Return v from the asymptotic form of the equation: z = 1/M far out, near 0 a power of v."""
    if near:
        return np.exp((target - 1j * np.pi - constant) / power) / largest
    return np.exp(-target)


@part
def newton(target, v, origin, offsets, c, exponents, most):
    """Solve sum e log(1+cM) - log M = target for log v, in which both ends are linear; tell whether it is solved."""
    for _ in range(most):
        m = origin + v
        if m == 0:
            m = 1e-8 + 0j
        miss, slope = -lower_log(m) - target, -1 / m
        for s in range(len(c)):
            factor = offsets[s] + c[s] * v
            if factor == 0:  # a start on a pole
                factor = 1e-8 + 0j
            miss += exponents[s] * lower_log(factor)
            slope += exponents[s] * c[s] / factor
        if slope == 0:
            slope = 1e-30 + 0j
        step = -miss / (slope * v)
        if abs(step) < 1e-15 or abs(miss) < 2e-16:
            break
        v *= np.exp(step / max(1.0, 2 * abs(step)))
        v = complex(v.real, -abs(v.imag))
    # on the real axis outside the support there is a second real solution, at which M would rise with z
    falls = abs(v.imag) > 1e-9 * abs(v) or slope.real * np.cos(target.imag) < 1e-6 / abs(v)
    return v, abs(miss) < 1e-12 and falls


@part
def upper_log(z):
    """Return the logarithm with an argument between 0 and pi: of z, or of its limit from above."""
    return np.log(np.abs(z)) + 1j * np.arctan2(np.abs(z.imag), z.real)


@part
def lower_log(z):
    """Return the logarithm with an argument between -pi and 0: of z, or of its limit from below."""
    return np.log(np.abs(z)) - 1j * np.arctan2(np.abs(z.imag), z.real)


def stretch(z, least=SMALLEST):
    """Return the factors that move places closer to 0 than least out to it, so that 1/z does not overflow."""
    return np.maximum(1.0, least / np.maximum(np.abs(z), 1e-320))


def x_log_x(z):
    """Return z log z from below, 0 at 0."""
    return z * lower_log(np.where(z == 0, 1.0, z))
