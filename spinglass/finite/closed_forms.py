r"""Closed forms of mean counts on one sphere.

With r = xi''(1)/xi'(1) every integral of the mean number of all critical points on the sphere of R^N is elementary:

.. math:: E\,N_{tot} = 2\cdot 1\{N\ \mathrm{odd}\} + \frac{4 r^{N/2}}{2^N (N-1)!\,\sqrt{3r+1}}\,
          \sum_k q_{2k} (2k-1)!!\,\Big(\frac{r+1}{3r+1}\Big)^k ,

.. math:: \sum_k q_{2k} x^{2k} = H_N^2 - H_{N-1}H_{N+1} + H_{N-1}P_N + 1\{N\ \mathrm{even}\}\,e_N A(x) ,

where :math:`\int\tfrac12\mathrm{sgn}(x-t)H_N e^{-t^2/2}dt = P_N e^{-x^2/2} + e_N\sqrt{\pi/2}\,\mathrm{erf}(x/\sqrt2)`
and :math:`(A e^{-cx^2/2})' = -H_{N-1}e^{-cx^2/2}`, c = 2r/(r+1).  Only rational operations and one square root: the
same lines run on fractions, digits, balls and symbols.
"""

import functools
import math
from fractions import Fraction

from spinglass.arithmetic import float64
from spinglass.models.table import exact_table

MOST = 1000  # N up to which the closed forms take seconds


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


@functools.lru_cache(maxsize=256)  # fractions of up to some ten kilobytes
def _parts(n, ratio):
    """Return the rational factor, r^[N/2] sum_k q_2k (2k-1)!! ((r+1)/(3r+1))^k / (2^N (N-1)!)."""
    before, here, after, rest = _hermite(n)
    total = _squares(n, before, here, after, rest)
    if n % 2 == 0:
        primitive, share = _primitive(before, (ratio + 1) / (2 * ratio)), 1
        for j in range(1, n, 2):
            share *= 2 * j
        total = [q + share * a for q, a in zip(total, primitive + [0] * (len(total) - len(primitive)), strict=True)]
    value = _horner(total, ratio + 1, 3 * ratio + 1) * ratio ** (n // 2) / (2**n * math.factorial(n - 1))
    return value.factor() if hasattr(value, "factor") else value


def _horner(total, up, down):
    """Return sum_k total_k (2k-1)!! (up/down)^k; a fraction is reduced once, at the end."""
    fraction, common = isinstance(up, Fraction), 1
    if fraction:
        (up, down), common = (up / down).as_integer_ratio(), math.lcm(*(Fraction(q).denominator for q in total))
        total = [int(q * common) for q in total]
    value, power = 0 * up, 1 + 0 * up
    for k in reversed(range(len(total))):  # Horner: (2k-1)!! = (2k-1) (2k-3) ..
        value = total[k] * power + (2 * k + 1) * up * value
        power = power * down
    power = power * common
    return Fraction(down * value, power) if fraction else down * value / power


def _hermite(n):
    """Return the coefficients of H_(n-1), H_n, H_(n+1) and P_n, each by every second power, from its lowest."""
    before, here, rest = [], [1], [0]  # P_j of the parity of n - 1
    for j in range(n + 1):
        if j < n and (j + 1 - n) % 2 == 0:
            padded = rest + [0] * (len(here) - len(rest))
            rest = [2 * j * a - 2 * b for a, b in zip(padded, here, strict=True)]
        raised = [0, *here] if j % 2 else here  # x H_j
        last, before, here = before, here, [2 * a - 2 * j * b for a, b in zip(raised, [*before, 0], strict=True)]
    return last, before, here, rest


def _squares(n, before, here, after, rest):
    """Return the even coefficients of H_n^2 - H_(n-1) H_(n+1) + H_(n-1) P_n."""
    total, even = [0] * (n + 1), 1 - n % 2  # the product of two odd polynomials starts at x^2
    last = [(-1, before, after, even), (1, before, rest, even)]
    for sign, a, b, shift in [(1, here, here, n % 2), *last]:
        for i, x in enumerate(_product(a, b)):
            total[i + shift] += sign * x
    return total


def _product(a, b):
    """Return the coefficients of the product of two integer polynomials: that of their values at a power of 2^8."""
    width = 2 + (max(x.bit_length() for x in a) + max(x.bit_length() for x in b) + len(a).bit_length()) // 8
    length = len(a) + len(b) - 1

    def value(coefficients):
        parts = [b"".join(max(s * x, 0).to_bytes(width, "little") for x in coefficients) for s in (1, -1)]
        return int.from_bytes(parts[0], "little") - int.from_bytes(parts[1], "little")

    half = 1 << (8 * width - 1)  # added to every coefficient: none is negative then
    digits = (value(a) * value(b) + value([half] * length)).to_bytes(width * length + 1, "little")
    return [int.from_bytes(digits[width * i : width * (i + 1)], "little") - half for i in range(length)]


def _primitive(odd, inverse):
    """Return even A with A' - c x A = -sum_k odd_k x^(2k+1), given 1/c."""
    even, above = [0] * len(odd), 0
    for k in reversed(range(len(odd))):
        even[k] = (odd[k] + (2 * k + 2) * above) * inverse
        above = even[k]
    return even


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
        return sum(ar.gamma_between(half, 0, half * end**2 / variance) for end in (low, high))
    low, high = sorted((abs(low), abs(high)))
    return ar.gamma_between(half, half * low**2 / variance, half * high**2 / variance)


def curvature_ratio(model, ar=float64):
    """Return xi''(1)/xi'(1), exactly: a Fraction, of a kernel with as many digits as the arithmetic needs."""
    table = exact_table(model, ar)
    return table.x2 / table.x1
