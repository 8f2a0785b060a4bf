r"""The law of the GOE determinant by index, to any number of digits and as enclosures.

With s = t - x the weight is :math:`s\,e^{-(s+x)^2/2}` on either half line.  Single and double integrals of powers of s
follow from erfc and exp by recurrences in the powers (integration by parts); what cancels is given more digits.  Far
outside the bulk one more eigenvalue beyond x weighs :math:`e^{-x^2/2}`: with a power of two near :math:`e^{\mp x^2}` as
the unit of y all indices are of one size, and the digits that cancel grow like :math:`\log|x|` only.
Digits are the midpoints of enclosures where python-flint is installed, and else what two precisions agree on.
"""

import math
from fractions import Fraction

import numpy as np

from spinglass import arithmetic as systems
from spinglass.arithmetic import solve
from spinglass.inputs.capacity import within
from spinglass.running.remembered import remembered
from spinglass.spectra.goe.pfaffian import bordered, pfaffians

MOST = 60  # minutes for each x
FAR = 1e5  # the exponential of -x^2/2 is an enclosure of no digits from about here on
LARGE, REMOTE = 10, 1e20  # sizes, and places for smaller ones, beyond which it takes minutes


def closed_form(n, x, arithmetic):
    """Return the values of all k for one number x of float64 or of the arithmetic."""
    if not math.isfinite(float(x)):
        raise ValueError("x: expected finite numbers, got a nan or an infinity")
    within("n: the size of matrices at an index with digits", n, MOST, "try arithmetic=None")
    most = FAR if n > LARGE or arithmetic.proves else REMOTE
    if abs(float(x)) > most:
        expected = f"expected |x| up to {most:g} for matrices of size {n} in {arithmetic!r}"
        raise ValueError(f"x: {expected}, got {abs(float(x)):g}; try arithmetic=None, which has the limit there")
    enclosing = _enclosing(arithmetic) if abs(float(x)) < FAR else None
    if enclosing is None:
        return refined(n, x, arithmetic)
    with enclosing.precision():
        ball = enclosing.number(x if isinstance(x, float) else arithmetic.number(x))
    return tuple(map(arithmetic.number, refined(n, ball, enclosing)))


@remembered(64 * 2**20, lambda values, n, x, arithmetic: len(values) * (200 + arithmetic.digits))  # bytes, roughly
def at_node(n, x, arithmetic):
    """Return the same at a float x, remembered: the nodes of a lattice serve every index, window and covariance."""
    return closed_form(n, x, arithmetic)


def _enclosing(arithmetic):
    """Return balls of the digits of an arithmetic without proof; None with it, and without python-flint."""
    if arithmetic.proves:
        return None
    try:
        return systems.balls(arithmetic.digits + 15)
    except ImportError:
        return None


def lost_digits(n, x):
    """Return about how many digits cancel: a ball x must be narrower by so many."""
    x = abs(x)
    near = min(x * x, 3.0 * n + 12 * math.log10(1 + x)) if x < 1e150 else 3.0 * n + 12 * math.log10(x)
    return 15 + 3 * n + int(0.09 * n * n + 0.4 * n * near)


def refined(n, x, arithmetic):
    """Return the values of all k, with more digits until two runs agree (mp) or the balls are small."""
    before, best = None, -math.inf
    for attempt in range(10):
        more = arithmetic.of(arithmetic.digits + int(lost_digits(n, float(x)) * 1.3**attempt))
        with more.precision():
            values = _coefficients(n, more.number(x), more)
            if not more.proves:
                bound = more.number(10) ** -(arithmetic.digits + 5)
                if before and all(abs(a - b) < bound * a for a, b in zip(values, before, strict=True)):
                    return tuple(values)
            elif (bits := min(map(more.certain_bits, values))) > -math.inf:
                if bits > arithmetic.bits or bits <= best + 1:
                    return tuple(values)
                best = bits
        before = values
    raise ArithmeticError(f"x: no {arithmetic.digits} digits at n = {n}, x = {float(x):g}: try a narrower x")


def _coefficients(n, x, arithmetic):
    """Return the values of all k by polynomials in y = zeta^2, each from its values at 0, .., n // 2."""
    above, a = _power_integrals(n, x, arithmetic)
    below, c = _power_integrals(n, -x, arithmetic)
    sign = (-1) ** np.arange(n)
    unit = arithmetic.number(2) ** _exponent(x)
    y = np.arange(n // 2 + 1).astype(object)
    matrix = np.full((len(y), n + 2, n + 2), 0 * x, dtype=object)
    matrix[:, :n, :n] = above - (y * unit)[:, None, None] * (below * np.multiply.outer(sign, sign))
    pairs = pfaffians(bordered(matrix, a, c * sign), n)
    powers = [[arithmetic.number(i**j) for j in range(len(y))] for i in range(len(y))]
    root = arithmetic.sqrt(2 + 0 * x)
    norm = math.prod(root * arithmetic.gamma((j + 0 * x) / 2) for j in range(1, n + 1))
    scaled = solve(powers, np.stack(pairs, axis=-1)) / unit ** y[:, None]
    return list(scaled.ravel()[: n + 1] / norm)


def _exponent(x):
    """Return the exponent of two nearest to exp(-x |x|): what two eigenvalues beyond a negative x weigh, inverted."""
    x = Fraction(*float(x).as_integer_ratio())
    return round(-x * abs(x) * Fraction(1 / math.log(2)))


def _power_integrals(n, x, arithmetic):
    """Integrate sgn(b - a) a^i b^j g(a) g(b) and s^i g over the half line, g = s e^{-(s+x)^2/2}, by parts."""
    exp, erfc = arithmetic.exp, arithmetic.erfc
    edge = exp(-x * x / 2)
    single = [arithmetic.sqrt(arithmetic.pi / 2) * erfc(x / arithmetic.sqrt(2 + 0 * x))]  # of s^m e^{-(s+x)^2/2}
    square = [arithmetic.sqrt(arithmetic.pi) * erfc(x) / 2]  # of s^m e^{-(s+x)^2}
    single.append(edge - x * single[0])
    square.append(edge * edge / 2 - x * square[0])
    for m in range(1, 2 * n):
        single.append(m * single[m - 1] - x * single[m])
        square.append(m * square[m - 1] / 2 - x * square[m])
    double = np.full((n + 1, n + 1), 0 * x, dtype=object)
    for i in range(n + 1):
        for j in range(i, n):
            below = j * double[i, j - 1] if j else -edge * single[i]
            double[i, j + 1] = 2 * square[i + j] - x * double[i, j] + below
            double[j + 1, i] = -double[i, j + 1]
    return double[1:, 1:], np.array(single[1 : n + 1], dtype=object)
