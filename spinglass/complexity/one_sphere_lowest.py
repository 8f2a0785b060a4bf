"""The lowest energy of one sphere in every arithmetic; with balls, proved by a change of sign.

Sigma_k rises from -inf to its maximum at the typical energy (the joint supremum over energy and shift is concave
below it), so that its lowest zero is the only one there.
"""

import math

from scipy.optimize import brentq

from spinglass.arithmetic import float64, mp
from spinglass.complexity.one_sphere import OneSphere

TIE = 1e-12  # a largest complexity below this in size counts as zero in float64
STEPS = 60


def lowest_energy(game, weight, index, ar):
    """Return the lowest (weight > 0) or minus the highest energy with Sigma_k >= 0, +inf if there is none."""
    if weight < 0 and index is not None:
        raise ValueError("loss: the highest energy at a given index has no formula here; use a positive weight")
    weight = abs(weight)  # for all indices together energies are distributed evenly around zero
    if ar is float64:
        return weight * _float(OneSphere.of(game), index)
    if ar.name == "symbols":
        return ar.number(float(weight)) * _symbolic(game, ar)
    if hasattr(ar, "context"):
        return ar.number(float(weight)) * _newton(OneSphere.of(game, ar), game, index, ar)
    return ar.number(float(weight)) * _proved(game, index, ar)


def _float(sphere, index):
    top, typical = (float(x) for x in sphere.total(index))
    if sphere.single_degree:
        typical = min(typical, float(sphere.threshold_energy))
        top = float(sphere.at(typical, index))
    if top < -TIE:
        return math.inf
    if top < TIE:
        return typical
    low = typical - 1.0
    while sphere.at(low, index) >= 0:
        low = typical + 2 * (low - typical)
    return float(brentq(lambda u: float(sphere.at(u, index)), low, typical, xtol=1e-300, rtol=8.9e-16))


def _newton(sphere, game, index, ar):
    """Double the digits of the float64 zero by Newton's method."""
    u = ar.number(_float(OneSphere.of(game), index))
    if not ar.context.isfinite(u):
        return u
    top, typical = sphere.total(index)
    if sphere.single_degree and sphere.x1 == 2 * sphere.v0:
        return sphere.threshold_energy  # p = 2: zero at the edge itself
    if abs(top) < ar.number(TIE):
        return typical
    for _ in range(STEPS):
        move = sphere.at(u, index) / sphere.slope(u, index)
        u = u - move
        if abs(move) <= ar.epsilon * abs(u):
            return u
    raise ArithmeticError(f"Newton's method did not converge to {ar.digits} digits")


def _proved(game, index, ar):
    """Enclose the zero: Sigma is certainly negative at the lower end and certainly positive at the upper end."""
    sphere = OneSphere.of(game, ar)
    if sphere.single_degree and sphere.x1 == 2 * sphere.v0:
        return sphere.threshold_energy
    finer = mp(ar.digits + 5)
    middle = _newton(OneSphere.of(game, finer), game, index, finer)
    if not finer.context.isfinite(middle):
        return ar.infinity
    centre = ar.number(middle)
    radius = ar.number(10) ** (-ar.digits - 2)
    low, high = centre - radius, centre + radius
    # on rays below the zero the complexity has no other one: it rises there, see the module's text; for all indices
    # together this needs the bulk to be empty at these energies, i.e. the supremum to sit outside it
    if not (sphere.at(low, index) < 0 and sphere.at(high, index) > 0):
        raise ArithmeticError(f"no change of sign could be proved around {centre}: try more digits")
    if not high < sphere.threshold_energy and index is None:
        raise ArithmeticError(f"the zero {centre} is not proved to be the lowest: it is above the threshold energy")
    return low.union(high)


def _symbolic(game, ar):
    """Return the exact zero where it has a closed form (p = 2)."""
    sphere = OneSphere.of(game, ar)
    if sphere.single_degree and sphere.x1 == 2 * sphere.v0:
        return sphere.threshold_energy
    raise NotImplementedError("sg.symbols: the zero of a transcendental function has no closed form; try sg.mp(digits)")
