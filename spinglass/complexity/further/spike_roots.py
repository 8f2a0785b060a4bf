r"""Overlaps at which the spiked tensor's complexity vanishes.

With :math:`s = m^2`, :math:`w = 2k\lambda^2 s^{k-2}(1-s)` and :math:`1 + y = (k-1)(1-s)`, the supremum over values
inside the semicircle is :math:`\tfrac12\log(1+y) - \tfrac{(k-1)\,w s y}{2(k-2)(1+y)}`, whose sign on
0 < y < k-2 is that of

.. math:: D(s) = \frac{(1+y)\log(1+y)}{y} - \frac{k-1}{k-2}\,w s.

D decreases from D > 0 at s = 0 to :math:`1 - \lambda^2/\lambda_c^2` at :math:`s = (k-2)/(k-1)`: the band of overlaps
with non-negative complexity ends there for lambda <= lambda_c and at the only zero of D beyond.  (Where the best value
leaves the semicircle D is negative already, as log(1+y)/y < 1 < (k-2)/(k-2-y).)  At the larger root of w = 1 the
complexity is 0 again, with a maximum: t = theta + 1/theta there, theta < 1.  That it is negative at all other overlaps
beyond the band is checked numerically, not proved.

References: Ben Arous, Mei, Montanari, Nica (2019), The landscape of the spiked tensor model.
"""

from fractions import Fraction

import numpy as np

from spinglass.arithmetic import mp
from spinglass.inputs.capacity import within

GRID = 4000
MOST = 10_000  # orders of tensors whose lambda_c^2 is written as a fraction
FLOAT = 20  # digits in which the roots of float64 are found


def critical_square(k):
    """Return lambda_c^2, a rational number."""
    within("k", k, MOST, "lambda_c^2 tends to e/2: try a smaller k")
    return Fraction((k - 1) ** (k - 1), 2 * k * (k - 2) ** (k - 2))


def bulk_edge(k, lam, ar):
    """Return the largest overlap of the band around 0 where the complexity of all points is not negative."""
    if Fraction(lam) ** 2 <= critical_square(k):
        return ar.sqrt(ar.number(Fraction(k - 2, k - 1)))

    def gap(s, ar):
        volume = (k - 1) * (1 - s)
        rise = 2 * (k - 1) * k * ar.number(lam) ** 2 / (k - 2) * s ** (k - 1) * (1 - s)
        return volume * ar.log(volume) / (volume - 1) - rise

    return _square_root_of_zero(gap, 0, k, ar)


def spike_place(k, lam, ar):
    """Return the larger root m of 2 k lambda^2 m^(2k-4) (1-m^2) = 1."""
    critical = critical_square(k)
    if Fraction(lam) ** 2 < critical:
        raise ValueError(
            f"lambda_: expected at least lambda_c = {float(critical) ** 0.5:.6g}, got {lam}: no maxima there"
        )

    def excess(s, ar):
        return 2 * k * ar.number(lam) ** 2 * s ** (k - 2) * (1 - s) - 1

    return _square_root_of_zero(excess, 1, k, ar)


def _square_root_of_zero(function, end, k, ar):
    """Return the square root of the only zero of a falling function between ``end`` (0 or 1) and (k-2)/(k-1)."""
    if ar.exact:
        raise NotImplementedError("sg.symbols: this zero has no closed form; try sg.mp(digits)")
    finer = mp(ar.digits + 5) if ar.has_digits else mp(FLOAT)
    middle = Fraction(k - 2, k - 1)
    with finer.precision():
        # the middle itself is a zero of numerator and denominator: stop short of it by less than the digits can see
        stop = finer.number(middle) * (1 + (2 * end - 1) * finer.epsilon)
        zero = _bracketed(lambda s: function(s, finer), finer.number(end), stop, finer)
    zero = ar.number(zero)
    if ar.proves:  # both functions fall
        zero = ar.zero_near(lambda s: -function(s, ar), zero, ar.number(10) ** (-ar.digits - 2))
    return ar.sqrt(zero)


def _bracketed(function, low, high, ar):
    """Return the zero between two points, by bisection; ``high`` if rounding hides the change of sign there."""
    if function(low) * function(high) >= 0:
        return high
    rising = function(low) < 0
    while abs(high - low) > ar.epsilon * abs(high):
        middle = (low + high) / 2
        low, high = (middle, high) if (function(middle) < 0) == rising else (low, middle)
    return (low + high) / 2


def first_zero(model, side, ar):
    """Return the overlap on a side (-1 or 1) of 0 at which the complexity of maxima first becomes negative."""
    if ar.proves or ar.exact:
        raise NotImplementedError(f"{ar!r}: the band of maxima is found on a grid; try sg.mp(digits)")
    overlaps = side * np.linspace(0, 1, GRID + 1)
    i = int(np.argmax(model.at_overlap(overlaps, maxima=True) < 0))
    finer = ar if ar.has_digits else mp(FLOAT)
    with finer.precision():
        low, high = (finer.number(overlaps[j]) for j in (i - 1, i))
        zero = _bracketed(lambda m: model.at_overlap(m, maxima=True, arithmetic=finer), low, high, finer)
    return ar.number(zero)
