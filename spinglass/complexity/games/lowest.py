r"""The lowest value of a combination of losses with complexity >= 0.

With w the weights, :math:`h(c) = \sup\{\Sigma(g) : w \cdot V g = c\}` is followed from a value so low that a bound
forces h < 0 (:math:`\Psi(d) \le \tfrac12\sum_s\kappa_s\log(d_s^2 + \sum_t v_{st}\kappa_t)`, Hadamard and Jensen)
up to the typical one; the first change of sign brackets the answer.

Where the largest complexity is 0 there is no change of sign: h touches 0, at one place or along a plateau.  A place is
known as well as Newton's method finds it.  The end e of a plateau is the edge of a spectrum, where
:math:`h \sim -(e-c)^{3/2}`: nothing can be read from h there, but its slope, the Lagrange multiplier of the condition,
leaves 0 like a square root, and shows e to twice the digits of h.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, linprog, minimize_scalar

from spinglass.complexity.games.linear import Linear
from spinglass.complexity.games.supremum import NONE

SCAN = 48  # values between the bound and the typical one
CHUNK = 8  # of them are looked at together
LEVEL = 1e-12  # a largest complexity below this in size counts as zero
FLAT = 1e-9  # a slope below this, relative to the size of the form, belongs to a plateau
ASIDE = 1e-7  # how far beside a place where h touches 0 its slope tells the place from a plateau, likewise


@dataclass(frozen=True)
class Lowest:
    """A lowest value, the supremum there (its place and face), and how it is one.

    "crossing": h changes its sign; "bound": h begins above 0, where the conditions of an index can first be met;
    "place" and "plateau": h touches 0; "none": h is negative everywhere.
    """

    level: float
    how: str
    place: np.ndarray | None = None
    face: int = 0


class Along:
    """The supremum h(c) of Sigma on the planes row @ g = c, of a norm ``size``."""

    def __init__(self, annealed, row, outliers=NONE):
        self.annealed, self.row, self.outliers = annealed, row, outliers
        self.size = np.linalg.norm(row)

    def suprema(self, values):
        """Return the suprema at values."""
        return self.annealed.supremum(self._planes(values), self.outliers)

    def top(self):
        """Return the largest h, its place (of several the one with the lowest value) and its face."""
        best = self.annealed.supremum(Linear.free(len(self.row)), self.outliers, prefer=self.row)
        return best.values[0], best.places[0], int(best.faces[0])

    def _planes(self, values):
        return Linear.equally(self.row[None, :], np.reshape(values, (-1, 1)))

    def heights(self, values):
        """Return h at values."""
        return self.suprema(values).values

    def slope(self, value):
        """Return the derivative of h in units of the form's size, None where h does not exist."""
        best = self.suprema([value])
        if best.values[0] == -np.inf:
            return None
        return self.annealed.slope(self.row, best.places[0], best.faces[0], self.outliers) * self.size

    def rises(self, value):
        """Tell whether h rises at a value, or does not exist there."""
        slope = self.slope(value)
        return slope is None or slope > FLAT

    def touching(self, far, place, face):
        """Return the lowest value where the largest h is 0, attained at a place."""
        return _touching(self, far, place, face)

    def crossed(self, level):
        """Return what a change of sign at a level is: a zero of h, or its first value."""
        if self.heights([level - ASIDE * self.size])[0] == -np.inf:
            return _bound(self) or Lowest(level, "crossing")
        best = self.suprema([level])
        return Lowest(level, "crossing", best.places[0], int(best.faces[0]))


class AlongJoint(Along):
    """The same with players of several species that meet at local minima: h is known, but no face."""

    def __init__(self, joint, row):
        super().__init__(joint.annealed, row, joint.others)
        self.joint = joint

    def suprema(self, values):
        """Return the suprema at values."""
        return self.joint.supremum(self._planes(values))

    def top(self):
        """Return the largest h, its place and no face."""
        best = self.joint.supremum(Linear.free(len(self.row)))
        return best.values[0], best.places[0], 0

    def touching(self, far, place, face):
        """Return the lowest value where the largest h is 0: without the joint players, if they are at minima there."""
        free = lowest_value(Along(self.annealed, self.row, self.outliers))
        if free.how in ("place", "plateau") and self.joint.allows(free.place):
            return free
        return self.crossed(crossing(self, far, float(self.row @ place), 2 * LEVEL))

    def crossed(self, level):
        """Return a zero of h."""
        return Lowest(level, "crossing")


def lowest_value(along):
    """Return the lowest value c with h(c) >= 0 (+inf if there is none)."""
    top, place, face = along.top()
    if top < -LEVEL:
        return Lowest(np.inf, "none")
    far = -along.size * _far(along.annealed)
    if top > LEVEL:
        return along.crossed(crossing(along, far, float(along.row @ place)))
    return along.touching(far, place, face)


def typical_value(along):
    """Return the lowest value c at which h is largest; None where h exists nowhere."""
    top, place, _ = along.top()
    if top == -np.inf:
        return None
    if along.size > 0 and abs(top) <= LEVEL:
        return lowest_value(along).level
    return float(along.row @ place)


def crossing(along, far, typical, slack=0.0):
    """Return the first value between ``far`` and ``typical`` at which h + slack changes its sign."""

    def signed(c):
        height = along.heights([c])[0]
        return (height if np.isfinite(height) else -1.0) + slack

    low, high = _bracket(along, signed, np.linspace(far, typical, SCAN), slack)
    # at the typical value itself the supremum is the top; rounding must not hide its sign
    if high == typical and signed(high) <= 0:
        return float(high)
    return float(brentq(signed, low, high, xtol=1e-15 * along.size, rtol=8.9e-16))


def _bracket(along, signed, values, slack):
    """Return two of many values, or a summit beside one, between which h + slack first rises to 0."""
    heights = []
    for i in range(SCAN - 1):
        if i + 1 >= len(heights):  # the first rise is often early: not all heights are needed
            more = values[: SCAN - 1][len(heights) : len(heights) + CHUNK]
            heights.extend(along.heights(more) + slack if len(more) else [])
        if heights[i] >= 0 and i == 0:
            raise ArithmeticError("the bound on low energies failed; please report this game")
        if heights[i] >= 0:
            return values[i - 1], values[i]
        if 0 < i < SCAN - 2 and -np.inf < heights[i] and heights[i - 1] <= heights[i] >= heights[i + 1]:
            # a summit between two values may reach 0 although they do not
            summit = minimize_scalar(lambda c: -signed(c), bounds=(values[i - 1], values[i + 1]), method="bounded")
            if -summit.fun > 0:
                return values[i - 1], summit.x
    return values[-2], values[-1]


def _bound(along):
    """Return the least value of ``row @ g`` with all shifts of an index at the edges of their bulks or beyond.

    By the duality of linear programs it is the largest sum of edges whose weights, none negative, make the row of the
    shifts; None if they do not make it.
    """
    species, local = list(along.outliers.species), along.annealed.local
    size = np.linalg.norm(local.shifts[species], axis=1)
    shifts, edges = local.shifts[species] / size[:, None], along.annealed.room(species) / size
    dual = linprog(-edges, A_eq=shifts.T, b_eq=along.row / along.size)
    if dual.x is None:
        return None
    active = dual.x > 1e-9 * np.max(dual.x)
    share = np.linalg.lstsq(shifts[active].T, along.row, rcond=None)[0]
    return Lowest(float(share @ edges[active]), "bound", face=sum(1 << int(i) for i in np.flatnonzero(active)))


def _touching(along, far, place, face):
    """Return the first value at which h, nowhere above 0, is 0: a place, or the end of a plateau."""
    level = float(along.row @ place)
    values = np.linspace(far, level - ASIDE * along.size, SCAN)
    heights = along.heights(values)
    flat = next((i for i, h in enumerate(heights) if h >= -LEVEL and not along.rises(values[i])), None)
    if flat is None:
        beyond = along.slope(level + ASIDE * along.size)
        if beyond is None or beyond < -FLAT:
            return Lowest(level, "place", place, face)
        low, high = values[-1], level
    else:
        low, high = values[flat - 1], values[flat]
    while True:
        middle = 0.5 * (low + high)
        if not low < middle < high:
            best = along.suprema([high])
            return Lowest(float(high), "plateau", best.places[0], int(best.faces[0]))
        low, high = (middle, high) if along.rises(middle) else (low, middle)


def _far(annealed):
    """Return a length of g beyond which Sigma is negative, by the bound of the module's text."""
    local = annealed.local
    size, offset = np.linalg.norm(local.shifts, 2), np.linalg.norm(local.shift_offset)
    spread = np.max(local.jacobian_variance @ local.fractions)
    length = 2.0
    while annealed.constant + 0.5 * np.log((offset + size * length) ** 2 + spread) - 0.5 * length**2 >= 0:
        length *= 1.25
    return length
