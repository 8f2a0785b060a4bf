r"""The lowest value of a combination of losses with complexity >= 0.

With w the weights, :math:`h(c) = \sup\{\Sigma(g) : w \cdot V g = c\}` is followed from a value so low that a bound
forces h < 0 (:math:`\Psi(d) \le \tfrac12\sum_s\kappa_s\log(d_s^2 + \sum_t v_{st}\kappa_t)`, Hadamard and Jensen)
up to the typical one; the first change of sign brackets the answer.
"""

import numpy as np
from scipy.optimize import brentq

SCAN = 48  # values between the bound and the typical one
LEVEL = 1e-12  # a largest complexity below this in size counts as zero


def lowest_value(annealed, weights, index, joint=None):
    """Return the lowest value c with h(c) >= 0 (+inf if there is none) and the supremum there (None if joint)."""
    row = weights @ annealed.law.losses
    spread = np.linalg.norm(row)
    if spread == 0:
        raise ValueError(f"loss: the combination {weights.tolist()} of losses vanishes identically")
    none = np.empty((0, len(row)))

    def supremum(rows, values):
        if joint is None:
            return annealed.supremum(rows, values, none, np.empty((len(values), 0)), index)
        return None

    def h(values):
        if joint is None:
            return supremum(row[None, :], np.reshape(values, (-1, 1))).values
        return np.array([joint.supremum(row[None, :], [c], none, np.empty(0))[0] for c in np.ravel(values)])

    if joint is None:
        best = supremum(none, np.empty((1, 0)))
        top, place = best.values[0], best.places[0]
    else:
        top, place = joint.supremum(none, np.empty(0), none, np.empty(0))
    if top < -LEVEL:
        return np.inf, None
    slack = 2 * LEVEL if top < LEVEL else 0.0  # touching zero: accept the plateau
    typical = float(row @ place)
    values = np.linspace(-spread * _far(annealed), typical, SCAN)
    heights = h(values[:-1])
    first = next((i for i, height in enumerate(heights) if height + slack >= 0), SCAN - 1)
    if first == 0:
        raise ArithmeticError("the bound on low energies failed; please report this game")

    def signed(c):
        height = h([c])[0]
        return (height if np.isfinite(height) else -1.0) + slack

    # at the typical value itself the supremum is `top`; rounding must not hide its sign
    low, high = values[first - 1], values[first]
    if first == SCAN - 1 and signed(high) <= 0:
        level = float(high)
    else:
        level = float(brentq(signed, low, high, xtol=1e-15 * spread, rtol=8.9e-16))
    return level, supremum(row[None, :], np.array([[level]]))


def _far(annealed):
    """Return a length of g beyond which Sigma is negative, by the bound of the module's text."""
    law = annealed.law
    size = np.linalg.norm(law.shifts, 2) ** 2
    spread = np.max(law.jacobian_variance @ law.fractions)
    length = 2.0
    while annealed.constant + 0.5 * np.log(size * length**2 + spread) - 0.5 * length**2 >= 0:
        length *= 1.25
    return length
