r"""Where a fraction of the semicircle lies below: :math:`\tfrac12 + (q\sqrt{1-q^2} + \arcsin q)/\pi = \alpha`.

With :math:`q = -\cos\theta`: :math:`\theta - \sin\theta\cos\theta = \pi\alpha`.
"""

import functools
import math

from scipy.optimize import brentq

from spinglass.arithmetic import mp
from spinglass.arithmetic.exact import exact

FLOAT = 30  # digits of the quantile in float64, rounded once where it is used
STEPS = 20  # of Newton's method from a float


@functools.lru_cache(maxsize=256)
def semicircle_quantile(fraction, ar):
    """Return q in (-1, 1) of a fraction, to the digits of an arithmetic and some more, as the Fraction that this is."""
    if ar.proves or ar.exact:
        raise NotImplementedError(f"fraction: a quantile of the semicircle has no closed form in {ar.name}; try sg.mp")
    digits = ar.digits if ar.has_digits else FLOAT
    finer = mp(digits + 15)
    with finer.precision():
        return exact(_quantile(finer.number(fraction), digits, finer))


def _quantile(fraction, digits, ar):
    """Return the quantile by Newton's method from its float."""
    alpha = ar.pi * fraction
    theta = ar.number(brentq(lambda x: x - math.sin(x) * math.cos(x) - float(alpha), 0.0, math.pi, xtol=1e-15))
    for _ in range(STEPS):
        move = (theta - ar.sin(theta) * ar.cos(theta) - alpha) / (2 * ar.sin(theta) ** 2)
        theta = theta - move
        if abs(move) <= ar.number(10) ** (-digits - 10) * theta:
            break
    return -ar.cos(theta)
