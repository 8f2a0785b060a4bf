r"""The annealed (Kac-Rice) complexity of any spherical game, as a constrained supremum over Gaussian normals.

With the local law (losses V g, shifts D g, g standard normal scaled by sqrt(N)) and the log-determinant Psi,

.. math:: \Sigma(g) = \tfrac12 - \tfrac12\sum_s \kappa_s\log(\kappa_s V_s) + \Psi(Dg) - \tfrac12|g|^2 .

The complexity at energies u is its supremum under V g = u, the cumulative one under V g <= u, the total under
no condition.  A finite index of a player who moves the one species s asks for
:math:`d_s \ge R_s = 2\sqrt{\kappa_s v_{ss}}` and costs :math:`k_s\kappa_s I(d_s/R_s)`.

All conditions are linear in g, so the supremum is found face by face: with every subset of the inequalities taken as
equations, the local maxima on that affine space which satisfy the others are candidates, and the best candidate is
the supremum (on the face where it is attained it is such a local maximum).
Faces depend only on the energies that are active on them, so that a grid of energies costs few distinct problems.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from spinglass.complexity.games.maximise import MAXIMA, local_maxima, objective
from spinglass.complexity.games.starts import Starts, box_samples
from spinglass.spectra.dyson.log_determinant import scaled

RANK = 1e-12  # relative size below which a linear form counts as dependent
SLACK = 1e-11  # by which an inactive inequality may be missed, relative to the size of the forms
TIE = 1e-13  # suprema this near to each other count as equal where one of them is to be chosen


@dataclass(frozen=True)
class Conditions:
    """Linear conditions on g: ``equal_rows @ g == equal`` and ``upper_rows @ g <= upper``, for n points at once.

    The active ones of a candidate are named by ``active``, indices into the upper rows.
    """

    equal_rows: np.ndarray
    equal: np.ndarray
    upper_rows: np.ndarray
    upper: np.ndarray

    def face(self, active):
        """Return rows and values of the equations on one face."""
        rows = np.vstack([self.equal_rows, self.upper_rows[list(active)]])
        return rows, np.hstack([self.equal, self.upper[:, list(active)]])


@dataclass
class Supremum:
    """Suprema of n problems: values (-inf where the conditions exclude everything), places g and active faces."""

    values: np.ndarray
    places: np.ndarray
    faces: np.ndarray


class Annealed:
    """The function Sigma(g) of a local law and its suprema."""

    def __init__(self, law, constant=None):
        self.law = law
        self.scaled = scaled(law.fractions, law.jacobian_variance, law.jacobian_covariance, law.signs)
        self.constant = float(law.constant if constant is None else constant)
        self.edges = law.edges.copy()
        self.units = normalised(law.shifts, self.edges)[0]  # a species of small numbers moves as much as others
        self.starts = Starts(self.scaled, law)
        self.groups = [_meeting(law.jacobian_variance, moved) for moved in law.players]

    def index_terms(self, index):
        """Return the species that must lie outside their bulk, and the cost of each species' eigenvalues.

        A player of index 0 whose species do not meet needs every one of them outside its own bulk; species that do
        meet are the work of :mod:`spinglass.complexity.games.joint_players`.
        """
        costs = np.zeros(len(self.edges))
        species = []
        for k, groups in zip(index or [None] * len(self.groups), self.groups, strict=True):
            if k is not None:
                alone = [part[0] for part in groups if len(part) == 1]
                species += alone
                costs[alone] = k * self.law.fractions[alone]
        return species, costs

    def supremum(self, equal_rows, equal, upper_rows, upper, index=None, prefer=None):
        """Return the suprema under linear conditions; ``equal`` and ``upper`` have one row per problem.

        Of several places where a supremum is attained the one with the lowest ``prefer @ g`` is returned, if asked for.
        """
        species, costs = self.index_terms(index)
        n, m = max(len(equal), len(upper)), self.law.shifts.shape[1]
        upper_rows = np.vstack([np.reshape(upper_rows, (-1, m)), -self.law.shifts[species]])
        upper = np.hstack(
            [np.broadcast_to(upper, (n, len(upper_rows) - len(species))), np.tile(-self.edges[species], (n, 1))]
        )
        upper_rows, upper = normalised(upper_rows, upper)
        least = np.full(len(self.edges), -np.inf)
        least[species] = self.edges[species] - SLACK * np.linalg.norm(self.law.shifts[species], axis=1)
        equal_rows, equal, possible = _consistent(
            *normalised(np.reshape(equal_rows, (-1, m)), np.broadcast_to(equal, (n, len(equal_rows))))
        )
        conditions = Conditions(equal_rows, equal, upper_rows, upper)
        possible &= ~np.any(upper == -np.inf, axis=1)
        if np.any((costs > 0) & (self.edges == 0)):
            possible[:] = False  # a block without randomness has no isolated eigenvalues
        best = Supremum(np.full(n, -np.inf), np.zeros((n, m)), np.zeros(n, dtype=int))
        faces = [f for size in range(len(upper_rows) + 1) for f in itertools.combinations(range(len(upper_rows)), size)]
        for active in faces:
            self._improve(best, conditions, active, (costs, least), possible, prefer)
        return best

    def slope(self, row, place, face, index):
        """Return the derivative of the supremum by the value of ``row @ g``: its Lagrange multiplier at the place."""
        species, costs = self.index_terms(index)
        m, n = len(row), len(self.edges)
        gradient, hessian = np.empty(m), np.empty((m, m))
        forms = np.ascontiguousarray(self.law.shifts)
        objective(self.scaled, np.zeros(n), costs, self.edges, forms, place, gradient, hessian, np.empty((2 + n, n)))
        active = [self.law.shifts[s] for i, s in enumerate(species) if face >> i & 1]
        return np.linalg.lstsq(np.array([row, *active]).T, gradient, rcond=None)[0][0]

    def _improve(self, best, conditions, active, limits, possible, prefer):
        """Replace the best candidates by better ones from one face."""
        rows, values = conditions.face(active)
        if len(rows) and np.linalg.matrix_rank(rows, tol=RANK * np.linalg.norm(rows, 2)) < len(rows):
            return
        use = np.flatnonzero(possible & np.all(np.isfinite(values), axis=1))
        if not len(use):
            return
        distinct, which = np.unique(values[use], axis=0, return_inverse=True)
        which = which.reshape(-1)
        heights, places = self._face_maxima(rows, distinct, limits)
        forms = places @ conditions.upper_rows.T
        tolerance = SLACK * np.linalg.norm(conditions.upper_rows, axis=1)
        inactive = [i for i in range(conditions.upper_rows.shape[0]) if i not in active]
        for q in range(heights.shape[1]):
            height, place, form = heights[which, q], places[which, q], forms[which, q]
            allowed = np.all(form[:, inactive] <= conditions.upper[use][:, inactive] + tolerance[inactive], axis=1)
            better = height > best.values[use]
            if prefer is not None:
                better = _preferred(height, place @ prefer, best.values[use], best.places[use] @ prefer, prefer)
            target = use[allowed & better]
            best.values[target] = np.maximum(best.values[target], height[allowed & better])
            best.places[target] = place[allowed & better]
            best.faces[target] = sum(1 << i for i in active)

    def _face_maxima(self, rows, values, limits):
        """Return heights (n, q) and places (n, q, m) of all local maxima on the affine spaces rows @ g = values."""
        origin, free = self._coordinates(rows, values)
        e = np.ascontiguousarray(self.law.shifts @ free)
        d = np.ascontiguousarray(origin @ self.law.shifts.T)
        grid, neighbours = box_samples(e.shape[1])
        radius, landmarks = self.starts(d, e)
        most = MAXIMA.get(e.shape[1], 64)
        heights, places = np.empty((len(values), most)), np.empty((len(values), most, e.shape[1]))
        costs, least = limits
        local_maxima(self.scaled, d, radius, landmarks, costs, self.edges, least, e, grid, neighbours, heights, places)
        if np.isnan(heights).any():
            raise ArithmeticError("the log-determinant was not found at some point; please report this game")
        count = max(1, int(np.max(np.sum(heights > -np.inf, axis=1), initial=1)))
        heights, places = heights[:, :count], places[:, :count]
        heights = heights + self.constant - 0.5 * np.sum(origin**2, axis=1)[:, None]
        return heights, origin[:, None, :] + places @ free.T

    def _coordinates(self, rows, values):
        """Return origins (n, m) and orthonormal directions (m, q) of the affine spaces rows @ g = values.

        Directions that move no shift only lower Sigma: they are left out.
        """
        m = self.law.shifts.shape[1]
        if len(rows):
            free = np.linalg.svd(rows)[2][len(rows) :].T
            origin = values @ np.linalg.pinv(rows).T
        else:
            free, origin = np.eye(m), np.zeros((len(values), m))
        _, size, right = np.linalg.svd(self.units @ free, full_matrices=False)
        return origin, free @ right[size > RANK].T


def normalised(rows, values):
    """Return linear forms scaled to norm 1, and their values (the last axis runs over the forms)."""
    if not len(rows):
        return rows, values
    size = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    size[size == 0] = 1.0
    return rows / size[:, None], values / size


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
    count, labels = connected_components(variance[np.ix_(moved, moved)] > 0, directed=False)
    return [[moved[i] for i in np.flatnonzero(labels == part)] for part in range(count)]


def independent(rows):
    """Return indices of rows that form a basis of their span, greedily from the first."""
    keep: list[int] = []
    for i in range(len(rows)):
        if np.linalg.matrix_rank(rows[[*keep, i]], tol=RANK * np.linalg.norm(rows, 2)) > len(keep):
            keep.append(i)
    return keep


def _consistent(rows, values):
    """Drop dependent equations; return rows, values and where the dropped ones agree with those kept."""
    keep = independent(rows)
    possible = np.all(np.isfinite(values), axis=1)
    for i in sorted(set(range(len(rows))) - set(keep)):
        with np.errstate(invalid="ignore"):
            implied = values[:, keep] @ np.linalg.lstsq(rows[keep].T, rows[i], rcond=None)[0]
            gap = np.abs(values[:, i] - implied)
        possible &= gap <= 1e-12 * (1 + np.abs(values[:, i]))
    return rows[keep], values[:, keep], possible
