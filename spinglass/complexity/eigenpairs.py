r"""Real eigenpairs of a Gaussian symmetric tensor, and the mean number of all critical points, in closed form.

With r = xi''(1)/xi'(1) (for a tensor of order d it is d - 1) every integral of the mean count on the sphere of R^N is
elementary:

.. math:: E\,N_{tot} = 2\cdot 1\{N\ \mathrm{odd}\} + \frac{4 r^{N/2}}{2^N (N-1)!\,\sqrt{3r+1}}\,
          \sum_k q_{2k} (2k-1)!!\,\Big(\frac{r+1}{3r+1}\Big)^k , \qquad E(n,d) = \tfrac12 E\,N_{tot} ,

.. math:: \sum_k q_{2k} x^{2k} = H_N^2 - H_{N-1}H_{N+1} + H_{N-1}P_N + 1\{N\ \mathrm{even}\}\,e_N A(x) ,

where :math:`\int\tfrac12\mathrm{sgn}(x-t)H_N e^{-t^2/2}dt = P_N e^{-x^2/2} + e_N\sqrt{\pi/2}\,\mathrm{erf}(x/\sqrt2)`
and :math:`(A e^{-cx^2/2})' = -H_{N-1}e^{-cx^2/2}`, c = 2r/(r+1).  Only rational operations and one square root: the
same lines run on fractions, digits, balls and symbols.
"""

import contextlib
import functools
import itertools
import math
import numbers
from fractions import Fraction

import numpy as np

from spinglass.arithmetic import resolve
from spinglass.models.checks import checked_index
from spinglass.spectra.goe import tilted_density

EXACT = 120  # sizes up to which float64 rounds the exact number; beyond, the integral is taken in the log domain


def real_eigenpairs(n, order, arithmetic=None):
    r"""Return the mean number of real eigenpairs of a Gaussian symmetric tensor, E(n, d).

    .. math:: E(2,d) = \sqrt{3d-2}, \qquad E(3,d) = 1 + \frac{4(d-1)^{3/2}}{\sqrt{3d-2}}, \qquad E(n,2) = n

    Eigenpairs :math:`T x^{d-1} = \lambda x`, :math:`|x| = 1`, counted up to the sign of x: half the critical points of
    the pure d-spin model on the sphere of :math:`R^n`.

    Parameters
    ----------
    n : int
        Dimension, at least 1.
    order : int
        Order d of the tensor, at least 2; with ``sg.symbols`` also a sympy symbol.
    arithmetic : arithmetic, optional
        float64 by default; ``sg.mp(digits)``, ``sg.balls(digits)``; ``sg.symbols`` for the closed form.

    Returns
    -------
    float, number of the arithmetic, or sympy expression
        In float64 inf beyond its range.

    Raises
    ------
    ValueError, TypeError
        If n or the order is not such an integer.

    Accuracy
    --------
    float64: correctly rounded up to a few units for n up to 120, relative error below 1e-10 up to n = 2000.  mp: all
    digits.  balls: an enclosure.  symbols: exact.

    References
    ----------
    Breiding (2017), The expected number of eigenvalues of a real Gaussian tensor; Auffinger, Ben Arous, Cerny (2013).

    Examples
    --------
    >>> import spinglass as sg
    >>> real_eigenpairs(4, 6), real_eigenpairs(4, 6, sg.symbols)
    (33.375, 267/8)
    >>> real_eigenpairs(3, 3, sg.symbols)
    1 + 8*sqrt(14)/7
    >>> import sympy
    >>> real_eigenpairs(2, sympy.Symbol("d"), sg.symbols)
    sqrt(3*d - 2)
    """
    ar = resolve(arithmetic)
    n = _checked("n", n, 1)
    if ar.name == "symbols" and hasattr(order, "free_symbols") and order.free_symbols:
        return closed_total(n, order - 1, ar, half=True)
    order = _checked("order", order, 2)
    if ar.name == "float64":
        return _float(n, order)
    with ar.precision():
        return ar.result(closed_total(n, Fraction(order - 1), ar, half=True))


def _float(n, order):
    """Return E(n, d) in float64, by the exact number where that is quick and not too large."""
    if n <= EXACT:
        with contextlib.suppress(OverflowError):
            return float(closed_total(n, Fraction(order - 1), resolve(None), half=True))
    from spinglass.complexity.finite import log_total

    with np.errstate(over="ignore"):
        return float(np.exp(log_total(n, order - 1.0) - math.log(2)))


def closed_total(n, ratio, ar, half=False):
    """Return the mean number of all critical points for r = xi''(1)/xi'(1) > 0, a Fraction or a sympy symbol."""
    parts = _parts if isinstance(ratio, Fraction) else _parts.__wrapped__
    rational = parts(n, ratio) * (2 if half else 4)
    if isinstance(ratio, Fraction):
        rational, ratio = ar.number(rational), ar.number(ratio)
    under = 3 * ratio + 1
    if n % 2 == 0:
        return rational / ar.sqrt(under)
    return (1 if half else 2) + rational * ar.sqrt(ratio) / ar.sqrt(under)


@functools.lru_cache(maxsize=256)
def _parts(n, ratio):
    """Return the rational factor, r^[N/2] sum_k q_2k (2k-1)!! ((r+1)/(3r+1))^k / (2^N (N-1)!)."""
    total = _squares(n)
    if n % 2 == 0:
        primitive, share = _primitive(_hermite(n)[n - 1], (ratio + 1) / (2 * ratio)), 1
        for j in range(1, n, 2):
            share *= 2 * j
        total = [q + share * a for q, a in zip(total, primitive + [0] * (len(total) - len(primitive)), strict=True)]
    base, value = (ratio + 1) / (3 * ratio + 1), 0
    for k in reversed(range(len(total))):  # Horner: (2k-1)!! = (2k-1) (2k-3) ..
        value = total[k] + (2 * k + 1) * base * value
    value = value * ratio ** (n // 2) / (2**n * math.factorial(n - 1))
    return value.factor() if hasattr(value, "factor") else value


@functools.lru_cache(maxsize=8)
def _hermite(n):
    """Return the coefficients of H_0 .. H_(n+1), each by every second power, from its lowest."""
    table = [[1], [2]]
    for j in range(1, n + 1):
        raised = [0, *table[j]] if j % 2 else table[j]  # x H_j
        table.append([2 * a - 2 * j * b for a, b in zip(raised, [*table[j - 1], 0], strict=True)])
    return table


def _squares(n):
    """Return the even coefficients of H_n^2 - H_(n-1) H_(n+1) + H_(n-1) P_n."""
    table = _hermite(n)
    rest = [0]  # P_j of the parity of n - 1
    for j in range(n):
        if (j + 1 - n) % 2 == 0:
            padded = rest + [0] * (len(table[j]) - len(rest))
            rest = [2 * j * a - 2 * b for a, b in zip(padded, table[j], strict=True)]
    total, even = [0] * (n + 1), 1 - n % 2  # the product of two odd polynomials starts at x^2
    last = [(-1, table[n - 1], table[n + 1], even), (1, table[n - 1], rest, even)]
    for sign, a, b, shift in [(1, table[n], table[n], n % 2), *last]:
        for i, x in enumerate(a):
            for j, y in enumerate(b):
                total[i + j + shift] += sign * x * y
    return total


def _primitive(odd, inverse):
    """Return even A with A' - c x A = -sum_k odd_k x^(2k+1), given 1/c."""
    even, above = [0] * len(odd), 0
    for k in reversed(range(len(odd))):
        even[k] = (odd[k] + (2 * k + 2) * above) * inverse
        above = even[k]
    return even


def _checked(name, x, least):
    if hasattr(x, "is_Integer") and x.is_Integer:
        x = int(x)
    if not isinstance(x, numbers.Integral) or isinstance(x, (bool, np.bool_)):
        raise TypeError(f"{name}: expected an integer of at least {least}, got {x!r}")
    if x < least:
        raise ValueError(f"{name}: expected an integer of at least {least}, got {x}")
    return int(x)


def checked_window(window):
    """Return None or the two ends of a window as they came; (-inf, inf) is None."""
    if window is None:
        return None
    window = [end for pair in window for end in pair] if np.ndim(window) == 2 else list(window)
    if len(window) != 2:
        raise ValueError(f"energies: expected one window (lo, hi), got {window!r}")
    if not window[0] < window[1]:
        raise ValueError(f"energies: expected lo < hi, got ({window[0]}, {window[1]})")
    return None if float(window[0]) == -math.inf and float(window[1]) == math.inf else tuple(window)


def checked_count(index, n):
    """Return None or the number of negative eigenvalues that is asked for."""
    index = checked_index(index, 1)
    if index is not None and index[0] > n - 1:
        raise ValueError(f"index: expected at most N - 1 = {n - 1} negative eigenvalues, got {index[0]}")
    return None if index is None else index[0]


def linear_count(n, variance, window, index, ar):
    """Return the mean count of a linear field, |density| of its two points: the law of chi_N on both signs of u."""
    low, high = (-ar.infinity, ar.infinity) if window is None else (ar.number(end) for end in window)
    if index is not None:  # the minimum has u < 0, the maximum u > 0, and there is nothing else
        low, high = (low, min(high, 0)) if index == 0 else (max(low, 0), high)
        if index not in (0, n - 1):
            return ar.number(0)
    if low >= high:
        return ar.number(0)
    half = ar.number(n) / 2
    if low < 0 < high:
        return sum(_chi(half, 0, half * end**2 / variance, ar) for end in (low, high))
    low, high = sorted((abs(low), abs(high)))
    return _chi(half, half * low**2 / variance, half * high**2 / variance, ar)


def _chi(half, low, high, ar):
    return ar.context.gammainc(half, low, high, regularized=True)


def covariance_sums(game, number):
    """Return xi'(1), xi''(1) and sum_(p<q) c_p c_q (p-q)^2 of the loss, of all its fields together."""
    terms = {}
    for weight, xi in zip(game.losses[0], game.fields, strict=True):
        for (degree,), c in xi:
            terms[degree] = terms.get(degree, number(0)) + number(weight) ** 2 * number(c)
    first = sum((p * c for p, c in terms.items()), number(0))
    second = sum((p * (p - 1) * c for p, c in terms.items()), number(0))
    pairs = itertools.combinations(terms.items(), 2)
    return first, second, sum((c * d * (p - q) ** 2 for (p, c), (q, d) in pairs), number(0))


def curvature_ratio(game):
    """Return xi''(1)/xi'(1) as the Fraction that it is."""
    first, second, _ = covariance_sums(game, Fraction)
    return second / first


def enclosure(integral, ratio, window, log_mean, ar):
    """Return a ball that holds the mean count in an energy window; ``log_mean`` is a guess of the logarithm."""
    if not ratio:
        raise NotImplementedError("sg.balls in a window of a linear field: use sg.mp(digits), or all energies")
    finer = integral.args[-1]  # integral() makes its numbers, in balls of this precision
    with finer.precision():
        value = _enclosure(integral(), ratio, [finer.number(end) for end in window], log_mean)
    with ar.precision():
        return +value


def _enclosure(part, ratio, window, log_mean):
    """Return the ball of rigorous quadrature and of a bound of the tails.

    With T(B) = int rho_N e^(-B x^2/2), the part beyond X on both sides is at most e^(-t X^2) T(B - 2t): closed forms.
    """
    ar, n = part.ar, part.n
    drop, front = math.log(10) * ar.digits, part.front * ar.sqrt(part.x2 / part.x1) ** n
    balance = (ratio - 1) / (ratio + 1)
    decay, heavy = (1 + balance) / 4, (1 + balance) / (3 - balance)  # t, and r of B - 2t
    bound = front * closed_total(n, heavy, ar) / (2 * ar.sqrt(ar.number(2 / (1 + heavy) * heavy**n)))
    edge = math.sqrt(max(drop - log_mean + math.log(float(bound)), 1.0) / decay)
    edge = ar.number(math.ceil(64 * edge)) / 64
    tail = bound * (-ar.number(decay) * edge**2).exp()
    low, high = -edge, edge
    if part.mixing == 0:
        low, high = (max(-edge, min(edge, end / part.slope)) for end in window)
    acb, tolerance = ar._flint.acb, (ar.number(log_mean - drop) - front.log()).exp()
    area = acb.integral(lambda x, _: _integrand(part, window, x), acb(low), acb(high), abs_tol=tolerance)
    return front * area.real + tail.union(0)


def _integrand(part, window, x):
    """Return the analytic integrand at a complex ball."""
    value = tilted_density(part.n, x, part.ar) * (-part.rate * x * x).exp()
    if part.mixing == 0:
        return value
    scale = part.spread * part.ar.sqrt(part.ar.number(2))
    return value * (_erfc(window[0], part, x, scale) - _erfc(window[1], part, x, scale)) / 2


def _erfc(end, part, x, scale):
    """Return erfc((end - slope x)/scale), 2 or 0 at an infinite end."""
    if not end.is_finite():
        return part.ar.number(0 if end > 0 else 2)
    return ((end - part.slope * x) / scale).erfc()
