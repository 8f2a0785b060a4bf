r"""The annealed (Kac-Rice) complexity of any spherical game, as a constrained supremum over Gaussian normals.

With the local law (losses V g, shifts o + D g, g standard normal scaled by sqrt(N)) and the log-determinant Psi,

.. math:: \Sigma(g) = \tfrac12 - \tfrac12\sum_s \kappa_s\log(\kappa_s V_s) + \Psi(o + Dg) - \tfrac12|g|^2 .

The complexity at energies u is its supremum under V g = u, the cumulative one under V g <= u, the total under
no condition.  A finite index of a player who moves the one species s asks for
:math:`d_s \ge R_s = 2\sqrt{\kappa_s v_{ss}}` and costs :math:`k_s\kappa_s I(d_s/R_s)`.

All conditions are linear in g, so the supremum is found face by face: with every subset of the inequalities taken as
equations, the local maxima on that affine space which satisfy the others are candidates, and the best candidate is
the supremum (on the face where it is attained it is such a local maximum).
Faces depend only on the energies that are active on them, so that a grid of energies costs few distinct problems.
"""

import itertools
from typing import NamedTuple

import numpy as np

from spinglass.complexity.games.linear import normalised
from spinglass.complexity.games.maximise import all_maxima, gradient, rows_of_face
from spinglass.complexity.games.plane import plane
from spinglass.complexity.games.starts import Starts, box_samples
from spinglass.spectra.dyson.log_determinant import scaled
from spinglass.spectra.dyson.meeting import components

SLACK = 1e-11  # by which an inactive inequality may be missed, relative to the size of the forms
PLANES = 256  # affine spaces that are remembered, at the most
TIE = 1e-13  # suprema this near to each other count as equal where one of them is to be chosen


class Outliers(NamedTuple):
    """What an index asks for: bulks that lie above 0, by species, and how many eigenvalues of each lie below."""

    species: tuple = ()
    counts: tuple = ()


NONE = Outliers()


class Supremum(NamedTuple):
    """Suprema of n problems: values (-inf where the conditions exclude everything), places g and active faces."""

    values: np.ndarray
    places: np.ndarray
    faces: np.ndarray

    @classmethod
    def nothing(cls, n, m):
        """Return the suprema of n problems in m normals before any place was found."""
        return cls(np.full(n, -np.inf), np.zeros((n, m)), np.zeros(n, dtype=int))


class Annealed:
    """The function Sigma(g) of a local law and its suprema."""

    def __init__(self, local, constant=None):
        self.local = local
        self.scaled = scaled(local.fractions, local.jacobian_variance, local.jacobian_covariance, local.signs)
        self.constant = float(local.constant if constant is None else constant)
        self.edges = local.edges.copy()
        self.offset = np.array(local.shift_offset, dtype=float)
        self.units = normalised(local.shifts, self.edges)[0]
        self.planes: dict = {}
        self.starts = Starts(self.scaled, local)
        self.groups = [_meeting(local.jacobian_variance, moved) for moved in local.players]

    def outliers(self, index):
        """Return what an index, one number or None per player, asks of species that meet no other of their player.

        A player of index 0 whose species do not meet needs every one of them outside its own bulk; species that do
        meet are the work of :mod:`spinglass.complexity.games.joint_players`.
        """
        pairs = zip(index, self.groups, strict=True)
        alone = [(part[0], k) for k, groups in pairs if k is not None for part in groups if len(part) == 1]
        return Outliers(tuple(s for s, _ in alone), tuple(k for _, k in alone))

    def costs(self, outliers):
        """Return the cost c_s of the eigenvalues of each species that lie below 0, in units of I."""
        costs = np.zeros(len(self.edges))
        for s, k in zip(*outliers, strict=True):
            costs[s] = k * self.local.fractions[s]
        return costs

    def room(self, species):
        """Return what the linear part of the shifts of some species must reach for their bulks to lie above 0."""
        return self.edges[species] - self.offset[species]

    def supremum(self, linear, outliers=NONE, prefer=None):
        """Return the suprema under linear conditions, for given eigenvalues outside the bulks.

        Of several places where a supremum is attained the one with the lowest ``prefer @ g`` is returned, if asked for.
        """
        species, costs = list(outliers.species), self.costs(outliers)
        rows, edges = self.local.shifts[species], self.edges[species]
        least = np.full(len(self.edges), -np.inf)
        least[species] = edges - SLACK * np.linalg.norm(rows, axis=1)
        conditions, possible = linear.above(rows, self.room(species)).normalised().consistent()
        if np.any((costs > 0) & (self.edges == 0)):
            possible[:] = False  # a block without randomness has no isolated eigenvalues
        best = Supremum.nothing(linear.problems, self.local.shifts.shape[1])
        count = len(conditions.upper_rows)
        for active in itertools.chain.from_iterable(itertools.combinations(range(count), k) for k in range(count + 1)):
            self._improve(best, conditions, active, (costs, least), possible, prefer)
        return best

    def slope(self, row, place, active, outliers):
        """Return the derivative of the supremum by the value of ``row @ g``: its Lagrange multiplier at the place."""
        face = rows_of_face(self.costs(outliers), self.edges, self.edges, self.local.shifts)
        slope = gradient(self.scaled, face, self.offset, place)
        rows = [row, *(self.local.shifts[s] for i, s in enumerate(outliers.species) if active >> i & 1)]
        return np.linalg.lstsq(np.array(rows).T, slope, rcond=None)[0][0]

    def _improve(self, best, conditions, active, limits, possible, prefer):
        """Replace the best candidates by better ones from one face."""
        rows, values = conditions.face(active)
        use = np.flatnonzero(possible & np.all(np.isfinite(values), axis=1))
        space = self._plane(rows) if len(use) else None
        if space is None:
            return
        distinct, which = _distinct(values[use])
        heights, places = self._face_maxima(space, distinct, limits)
        heights, places = heights[which], places[which]
        inactive = [i for i in range(len(conditions.upper_rows)) if i not in active]
        if inactive:
            forms, bounds = places @ conditions.upper_rows[inactive].T, conditions.upper[use][:, inactive] + SLACK
            heights = np.where(np.all(forms <= bounds[:, None], axis=2), heights, -np.inf)
        if prefer is None:
            highest = np.arange(len(use)), np.argmax(heights, axis=1)
            heights, places = heights[highest][:, None], places[highest][:, None]
        for q in range(heights.shape[1]):
            height, place = heights[:, q], places[:, q]
            better = height > best.values[use]
            if prefer is not None:
                better = _preferred(height, place @ prefer, best.values[use], best.places[use] @ prefer, prefer)
            target = use[better]
            best.values[target] = np.maximum(best.values[target], height[better])
            best.places[target] = place[better]
            best.faces[target] = sum(1 << i for i in active)

    def _plane(self, rows):
        """Return the affine space of some rows, made once."""
        key = rows.tobytes()
        if key not in self.planes:
            if len(self.planes) >= PLANES:
                self.planes.clear()
            self.planes[key] = plane(rows, self.local.shifts, self.units)
        return self.planes[key]

    def _face_maxima(self, space, values, limits):
        """Return heights (n, q) and places (n, q, m) of all local maxima on the affine spaces of some values."""
        origin, e = values @ space.inverse.T, space.e
        d = np.ascontiguousarray(self.local.shifts_at(origin))
        grid, neighbours = box_samples(e.shape[1])
        radius, landmarks = self.starts(d, space)
        costs, least = limits
        face = rows_of_face(costs, self.edges, least, e)
        heights, places = all_maxima(self.scaled, face, d, radius, landmarks, grid, neighbours)
        if np.isnan(heights).any():
            raise ArithmeticError("the log-determinant was not found at some point; please report this game")
        count = max(1, int(np.max(np.sum(heights > -np.inf, axis=1), initial=1)))
        heights, places = heights[:, :count], places[:, :count]
        heights = heights + self.constant - 0.5 * np.sum(origin**2, axis=1)[:, None]
        return heights, origin[:, None, :] + places @ space.free.T


def _distinct(values):
    """Return the distinct rows, and which of them every row is."""
    if not values.shape[1]:
        return values[:1], np.zeros(len(values), dtype=int)
    order = np.lexsort(values.T)
    new = np.append(True, np.any(np.diff(values[order], axis=0) != 0, axis=1))
    which = np.empty(len(values), dtype=int)
    which[order] = np.cumsum(new) - 1
    return values[order[new]], which


def _preferred(height, form, best, best_form, prefer):
    """Tell where a height is above the best one, or ties with it at a form that is clearly lower.

    Near to each other the higher one counts: it is the one that converged.
    """
    floor = np.maximum(best, -1e300)  # not -inf: differences are taken
    tied = np.abs(np.maximum(height, -1e300) - floor) <= TIE * (1 + np.abs(floor))
    apart = np.abs(form - best_form) > 1e-6 * np.linalg.norm(prefer)
    return np.where(tied & apart & (height > -np.inf), form < best_form, height > best)


def _meeting(variance, moved):
    """Return the species of a player in groups that meet in its own Hessian."""
    meets = variance[np.ix_(moved, moved)] > 0
    labels = components(meets | meets.T)
    return [[s for s, label in zip(moved, labels, strict=True) if label == part] for part in range(max(labels) + 1)]
