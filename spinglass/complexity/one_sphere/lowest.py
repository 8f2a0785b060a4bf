r"""The lowest energy of one sphere in every arithmetic; with balls, proved by a change of sign.

Sigma_k rises from -inf to its maximum at the typical energy, so that its lowest zero is the only one there: the joint
supremum over energy and shift is concave below it, and for all indices together both parts of Sigma rise while u < 0,
the parabola and minus the cost of leaving the bulk.  The zero lies at or above that of the parabola
:math:`\Sigma_k \le \tfrac12\log(x_2/x_1) - \beta u^2/(2v_0)`, for all indices together on it if that is inside the
bulk; where x2 <= x1 the only points are the two extremes at :math:`\mp\sqrt{x_1}`.
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from spinglass.arithmetic import float64, mp

STEPS = 1000  # of a bracketed Newton's method: doubled digits after a few, halved brackets at worst
FLAT = 1e-200  # bends that may have lost digits already to the smallest floats
STEEPEST = -1e300  # in place of -inf, which tells a root finder nothing


def lowest_energy(sphere, weight, index):
    """Return the lowest (weight > 0) or minus the highest energy with Sigma_k >= 0, +inf if there is none."""
    if weight < 0 and index is not None:
        return sphere.ar.number(float(weight)) * sphere.highest(index)
    weight = abs(weight)  # for all indices together energies are distributed evenly around zero
    return sphere.ar.number(float(weight)) * _lowest(sphere, index, sphere.ar)


def _lowest(sphere, index, ar):
    if sphere.trivial:
        some = not index or sphere.x1 == sphere.x2
        return -sphere.root(sphere.x1) if some else ar.infinity
    if index is None and (low := parabola_zero(sphere)) is not None:
        return low
    if ar.vectorised:
        return _float(sphere, index)
    if ar.exact:
        raise NotImplementedError("sg.symbols: the zero of a transcendental function has no closed form; try sg.mp")
    return _proved(sphere, index, ar) if ar.proves else _newton(sphere, index, ar)


def _outermost(sphere):
    """Return the zero of the parabola, below which the complexity is negative."""
    ar, bend = sphere.ar, sphere.bend
    if ar.vectorised and bend < FLAT:  # level / bend tends to a limit
        return -sphere.root(sphere.v0 * (2 * sphere.x2 - sphere.conditional_variance) / sphere.x1)
    return -ar.sqrt(sphere.level / bend) / sphere.per_energy


def parabola_zero(sphere):
    """Return the zero of the parabola, which is that of all points, if it lies inside the bulk."""
    low, threshold = _outermost(sphere), sphere.threshold_energy
    if low >= threshold:
        return low
    if low < threshold:
        return None
    raise ArithmeticError(f"cannot decide whether {low} is above the threshold energy {threshold}: try more digits")


def _bracket(sphere, index):
    """Return energies at which Sigma_k is negative and positive, but for rounding.

    At the threshold Sigma_k is the parabola; where that is negative points of an index lie up to their typical energy.
    """
    low, threshold = _outermost(sphere), sphere.threshold_energy
    if index is None or sphere.single_degree or sphere.parabola(threshold) > 0:
        return low, threshold
    return threshold, sphere.total(index)[1]


def _float(sphere, index):
    low, high = _bracket(sphere, index)

    def rate(u):  # at the upper end rounding of u may hide the sign: the shift hardly varies in a nearly pure mixture
        return max(float(sphere.at(u, index)), STEEPEST) if u < high else 1.0

    with np.errstate(over="ignore"):
        if not low < high or rate(low) >= 0:
            return low
        return float64.number(brentq(rate, low, high, xtol=1e-300, rtol=8.9e-16, maxiter=STEPS))


def _newton(sphere, index, ar):
    """Find the zero by Newton's method, or by halving the bracket where a step leaves it."""
    low, high = _bracket(sphere, index)
    u = ar.number(_float(replace(sphere, ar=float64), index))
    u = u if low < u < high else (low + high) / 2
    for _ in range(STEPS):
        rate, slope = sphere.at(u, index), sphere.slope(u, index)
        low, high = (low, u) if rate > 0 else (u, high)
        move = -rate / slope if slope > 0 else high - low
        if min(abs(move), high - low) <= ar.epsilon * abs(u):
            return min(max(u + move, low), high)
        u = u + move if low < u + move < high else (low + high) / 2
    raise ArithmeticError(f"Newton's method did not converge to {ar.digits} digits")


def _proved(sphere, index, ar):
    """Enclose the zero: Sigma is certainly negative at the lower end and certainly positive at the upper end."""
    finer = mp(ar.digits + 5)
    middle = _newton(replace(sphere, ar=finer), index, finer)
    centre = ar.number(middle)
    radius = abs(centre) * ar.number(10) ** (-ar.digits - 2)
    return ar.zero_near(lambda u: sphere.at(u, index), centre, radius)
