r"""Where a fraction of the semicircle lies below: :math:`\tfrac12 + (q\sqrt{1-q^2} + \arcsin q)/\pi = \alpha`.

With :math:`q = -\cos\theta`: :math:`\theta - \sin\theta\cos\theta = \pi\alpha`.
"""

import functools
import math

from scipy.optimize import brentq

from spinglass.arithmetic import mp
from spinglass.arithmetic.exact import exact

STEPS = 20  # of Newton's method from a float


@functools.lru_cache(maxsize=256)
def semicircle_quantile(fraction, ar):
    """Return q in (-1, 1) of a fraction, to the digits of an arithmetic and some more, as the Fraction that this is."""
    if ar.name != "float64" and not hasattr(ar, "context"):
        raise NotImplementedError(f"fraction: a quantile of the semicircle has no closed form in {ar.name}; try sg.mp")
    digits = getattr(ar, "digits", 30)
    finer = mp(digits + 15)
    with finer.precision():
        return exact(_quantile(finer.number(fraction), finer.context, digits))


def _quantile(fraction, ctx, digits):
    """Return the quantile by Newton's method from its float."""
    alpha = ctx.pi * fraction
    theta = ctx.mpf(brentq(lambda x: x - math.sin(x) * math.cos(x) - float(alpha), 0.0, math.pi, xtol=1e-15))
    for _ in range(STEPS):
        move = (theta - ctx.sin(theta) * ctx.cos(theta) - alpha) / (2 * ctx.sin(theta) ** 2)
        theta = theta - move
        if abs(move) <= ctx.mpf(10) ** (-digits - 10) * theta:
            break
    return -ctx.cos(theta)
