r"""Mean counts on one sphere as enclosures with proof.

At an index the integrand f is log-concave (Prekopa), and a mixture of :math:`e^{-C(x-m)^2}` of one width, so that

.. math:: |f(x+iy)| \le e^{Cy^2} f(x) .

*Smooth integrands*: the trapezoidal rule on a lattice of step h errs by at most the fraction
:math:`2q/(1-q)`, :math:`q = e^{-\pi^2/(Ch^2)}`; beyond the last nodes log-concavity bounds f by a geometric series.
*A window of a pure model* is one in x: the rule of Gauss and Legendre with m nodes errs on a panel [c-a, c+a] by
at most :math:`\tfrac{64}{15} a M \rho^{-2m}/(1-\rho^{-2})`, M a bound of f in the ellipse with half axes
:math:`A, B = \tfrac a2(\rho\pm\rho^{-1})`: of the Chebyshev polynomials, with coefficients up to :math:`2M\rho^{-k}`,
only those of even :math:`k \ge 2m` are integrated wrongly, by at most 2 + 2/15.  By log-concavity
:math:`f(x) \le f(c)^2/f(c-A)` from c to c + A if f(c-A) is below f(c), and f(x) <= f(c) if not; the same on the left.
One of the two ends is below f(c), so that :math:`M = e^{CB^2}(f(c)^2/f(c-A) + f(c)^2/f(c+A))` will do.
*Any index*: rigorous integration of python-flint, with closed forms for the tails.

References: Trefethen, Weideman (2014), The exponentially convergent trapezoidal rule; Trefethen (2013), Approximation
Theory and Approximation Practice, Theorem 19.3; Prekopa (1973), On logarithmic concave measures and functions.
"""

import math

import numpy as np

from spinglass.finite.closed_forms import closed_total, curvature_ratio
from spinglass.finite.integrand import Integrand, rough
from spinglass.finite.quadrature import lattice_step, support
from spinglass.spectra.goe.determinant import tilted_density
from spinglass.spectra.goe.index_digits import lost_digits

MOST = 20_000  # nodes of a lattice
NODES, NODES_PER_NAT = 12, 0.2  # of a panel's rule: so many, and more for every factor e of accuracy
ELLIPSES = (16.0, 8.0, 5.0, 3.5, 2.5, 2.0, 1.6)  # rho to try; the wide ones suit short panels
PREFACTOR = 20  # above the 64/15 of the panels' bound, and the two terms in it
MORE = 0.25  # panels to add where the bound is not yet met, in parts of those there are
STEP = 0.25  # from an end back inside, over which its decay is measured


def enclosure(model, n, window, index, ar, log_guess):
    """Return a ball that holds the mean in an energy window or at an index; ``log_guess`` is roughly its logarithm."""
    with ar.precision():
        ratio = curvature_ratio(model, ar)
    if not ratio:
        raise NotImplementedError("sg.balls of a linear field: only all energies and indices, or use sg.mp(digits)")
    finer = ar.of(ar.digits + n) if index is None else ar
    with finer.precision():
        part = Integrand.of(model, n, finer)
        ends = numbers_of(window, finer)
        if index is None:
            return _any_index(part, ratio, ends, log_guess)
        if window is None or part.mixing != 0:
            value = lattice_sum(part, ends, index, MOST)
            if value is None:
                raise NotImplementedError("sg.balls at an index: too nearly pure a model; use sg.mp(digits)")
            return value
        low, high = _span(part, ends, index, math.log(10) * ar.digits)
    exact = ar.of(ar.digits + lost_digits(n - 1, 2 + 1.5 * max(abs(low), abs(high))))
    with exact.precision():  # the places must be narrow balls, the values need not be
        slope = Integrand.of(model, n, exact).slope
        places = [end / slope for end in numbers_of(window, exact)]
        low, high = (end if abs(float(end) - x) < 1e-9 else x for end, x in zip(places, (low, high), strict=True))
        return _panels(part, low, high, index, exact, log_guess - rough(part).log_factor)


def numbers_of(window, ar):
    """Return the ends of a window as numbers of an arithmetic; the same one twice if they are equal."""
    if window is None:
        return None
    low = ar.number(window[0])
    return low, low if window[0] == window[1] else ar.number(window[1])


def lattice_sum(part, window, index, most):
    """Return the mean at an index by the trapezoidal rule, in mp or balls; None if it needs too many nodes."""
    ar, drop = part.ar, math.log(10) * part.ar.digits
    width = part.width(window, index)
    step = lattice_step(width, drop)
    low, high = _span(part, window, index, drop)
    first, last = math.floor(low / step), math.ceil(high / step)
    if last - first > most:
        return None
    values = [part.weight(j * step, index) * part.chance(ar.number(j * step), window) for j in range(first, last + 1)]
    total = sum(values, ar.number(0)) * part.factor * ar.number(step)
    if not ar.proves:
        return total
    for end, before in (values[:2], values[:-3:-1]):
        decay = end / before
        if not decay < 1:
            raise ArithmeticError("sg.balls: the integrand does not decay at the end of its lattice: try more digits")
        total += ar.union(part.factor * ar.number(step) * end * decay / (1 - decay), ar.number(0))
    aliased = ar.exp(-((ar.pi / ar.number(step)) ** 2) / width)
    error = 2 * aliased / (1 - aliased)
    return total / ar.union(1 - error, 1 + error)


def _span(part, window, index, drop):
    """Return the interval that carries the integrand."""
    seen = None if window is None else tuple(map(float, window))
    runs, _ = support(rough(part), seen, index, drop)
    return runs[0][0], runs[-1][1]


def _panels(part, low, high, index, exact, log_guess):
    """Return the mean of a pure model at an index by panels; ends that are floats are cuts."""
    ar, drop, width = part.ar, math.log(10) * part.ar.digits, part.width(None, index)
    cuts = [(end, side) for end, side in ((low, -1), (high, 1)) if isinstance(end, float)]
    tails = (_tail(part, exact.number(end), side, index) for end, side in cuts)
    total = sum((ar.union(tail, ar.number(0)) for tail in tails), ar.number(0))
    ends = exact.number(low), exact.number(high)
    order = NODES + math.ceil(NODES_PER_NAT * drop)
    count, rho = _plan(part, ends, index, order, log_guess - drop)
    half = (ends[1] - ends[0]) / (2 * count)
    nodes, weights = ar.legendre(order)
    reach, height = half * (rho + 1 / rho) / 2, half * (rho - 1 / rho) / 2
    growth = ar.exp(width * height**2) * 64 * rho ** (-2 * order) / (15 * (1 - rho**-2))
    for i in range(count):
        middle = ends[0] + (2 * i + 1) * half
        area = sum(
            (share * part.weight(middle + half * node, index) for node, share in zip(nodes, weights, strict=True)),
            ar.number(0),
        )
        at, left, right = (_bound(part, middle + move, index) for move in (0 * reach, -reach, reach))
        error = growth * at * at * (1 / left + 1 / right)
        total += half * (area + ar.union(-error, error))
    return total * part.factor


def _plan(part, ends, index, order, log_error):
    """Return how many panels hold the bound of the error below a number, and the rho to take, from float64."""
    coarse, (low, high) = rough(part), map(float, ends)
    count = 1
    while True:
        half = (high - low) / (2 * count)
        middle = low + half * (2 * np.arange(count) + 1)
        for rho in ELLIPSES:
            reach, height = half * (rho + 1 / rho) / 2, half * (rho - 1 / rho) / 2
            at, left, right = (coarse.log_weight(middle + move, index) for move in (0.0, -reach, reach))
            top = 2 * at - np.minimum(left, right) + coarse.width(None, index) * height**2
            if top.max() + math.log(PREFACTOR * (high - low)) - 2 * order * math.log(rho) < log_error:
                return count, part.ar.number(rho)
        count += math.ceil(MORE * count)


def _tail(part, end, side, index):
    """Return a bound of the integral beyond an end, where the integrand falls at least exponentially."""
    step = part.ar.number(STEP)
    here, before = _bound(part, end, index), _bound(part, end - side * step, index)
    fall = part.ar.log(before / here) / step
    if not fall > 0:
        raise ArithmeticError("sg.balls: the integrand does not decay at the end of its interval: try more digits")
    return here / fall


def _bound(part, x, index):
    """Return the weight as a ball of few digits."""
    coarse = Integrand(part.n, part.x1, part.x2, part.mixing, part.ar.of(10))
    return coarse.weight(x, index)


def _any_index(part, ratio, window, log_guess):
    """Return the ball of rigorous integration and of a bound of the tails.

    With T(B) = int rho_N e^(-B x^2/2), the part beyond X on both sides is at most e^(-t X^2) T(B - 2t): closed forms.
    """
    ar, n = part.ar, part.n
    drop = math.log(10) * (ar.digits - n)
    balance = (ratio - 1) / (ratio + 1)
    decay, heavy = (1 + balance) / 4, (1 + balance) / (3 - balance)  # t, and r of B - 2t
    top = 1 if window[0] is not window[1] else 1 / (part.spread * ar.sqrt(2 * ar.pi))
    bound = top * part.factor * closed_total(n, heavy, ar) / (2 * ar.sqrt(ar.number(2 / (1 + heavy) * heavy**n)))
    edge = ar.number(_edge(drop - log_guess + float(ar.log(bound)), decay))
    tail = bound * ar.exp(-ar.number(decay) * edge**2)
    low, high = -edge, edge
    if part.mixing == 0:
        low, high = (max(-edge, min(edge, end / part.slope)) for end in window)
    error = ar.exp(ar.number(log_guess - drop) - ar.log(part.factor))
    area = ar.integral(lambda x: _analytic(part, window, x), low, high, error)
    return part.factor * area + ar.union(tail, ar.number(0))


def _edge(drop, decay):
    """Return where e^(-t X^2) has fallen by a factor given by its logarithm, a float of few bits."""
    return math.ceil(64 * math.sqrt(max(drop, 1.0) / float(decay))) / 64


def _analytic(part, window, x):
    """Return the integrand at a complex ball."""
    ar = part.ar
    value = tilted_density(part.n, x, ar) * ar.exp(-part.rate * x * x)
    if part.mixing == 0:
        return value
    scale = part.spread * ar.sqrt(ar.number(2))
    if window[0] is window[1]:
        return value * ar.exp(-(((window[0] - part.slope * x) / scale) ** 2)) / (scale * ar.sqrt(ar.pi))
    return value * (_erfc(window[0], part, x, scale) - _erfc(window[1], part, x, scale)) / 2


def _erfc(end, part, x, scale):
    """Return erfc((end - slope x)/scale), 2 or 0 at an infinite end."""
    if part.ar.is_infinite(end):
        return part.ar.number(0 if end > 0 else 2)
    return part.ar.erfc((end - part.slope * x) / scale)
