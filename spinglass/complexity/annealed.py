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

from spinglass.complexity.maximise import MAXIMA, box_grid, bulk_landmarks, local_maxima
from spinglass.spectra.log_determinant import scaled

RANK = 1e-12  # relative size below which a linear form counts as dependent
SLACK = 1e-11  # by which an inactive inequality may be missed, relative to the size of the forms


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
        fractions = law.fractions
        if constant is None:
            constant = 0.5 - 0.5 * np.sum(fractions * np.log(fractions * law.gradient_variance))
        self.constant = float(constant)
        self.edges = 2 * np.sqrt(fractions * np.diag(law.jacobian_variance))
        self.reach = _slope_bound(self.scaled)

    def index_terms(self, index):
        """Return the species that must lie outside their bulk, and the cost of each species' eigenvalues."""
        costs = np.zeros(len(self.edges))
        species = []
        for k, moved in zip(index or [None] * len(self.law.players), self.law.players, strict=True):
            if k is not None:
                (s,) = moved
                species.append(s)
                costs[s] = k * self.law.fractions[s]
        return species, costs

    def supremum(self, equal_rows, equal, upper_rows, upper, index=None):
        """Return the suprema under linear conditions; ``equal`` and ``upper`` have one row per problem."""
        species, costs = self.index_terms(index)
        n, m = max(len(equal), len(upper)), self.law.shifts.shape[1]
        upper_rows = np.vstack([np.reshape(upper_rows, (-1, m)), -self.law.shifts[species]])
        upper = np.hstack(
            [np.broadcast_to(upper, (n, len(upper_rows) - len(species))), np.tile(-self.edges[species], (n, 1))]
        )
        equal_rows, equal, possible = _consistent(
            np.reshape(equal_rows, (-1, m)), np.broadcast_to(equal, (n, len(equal_rows)))
        )
        conditions = Conditions(equal_rows, equal, upper_rows, upper)
        possible &= ~np.any(upper == -np.inf, axis=1)
        if np.any((costs > 0) & (self.edges == 0)):
            possible[:] = False  # a block without randomness has no isolated eigenvalues
        best = Supremum(np.full(n, -np.inf), np.zeros((n, m)), np.zeros(n, dtype=int))
        faces = [f for size in range(len(upper_rows) + 1) for f in itertools.combinations(range(len(upper_rows)), size)]
        for active in faces:
            self._improve(best, conditions, active, costs, possible)
        return best

    def _improve(self, best, conditions, active, costs, possible):
        """Replace the best candidates by better ones from one face."""
        rows, values = conditions.face(active)
        if len(rows) and np.linalg.matrix_rank(rows, tol=RANK * np.linalg.norm(rows, 2)) < len(rows):
            return
        use = np.flatnonzero(possible & np.all(np.isfinite(values), axis=1))
        if not len(use):
            return
        distinct, which = np.unique(values[use], axis=0, return_inverse=True)
        which = which.reshape(-1)
        heights, places = self._face_maxima(rows, distinct, costs)
        forms = places @ conditions.upper_rows.T
        tolerance = SLACK * np.linalg.norm(conditions.upper_rows, axis=1)
        inactive = [i for i in range(conditions.upper_rows.shape[0]) if i not in active]
        for q in range(heights.shape[1]):
            height, form = heights[which, q], forms[which, q]
            allowed = np.all(form[:, inactive] <= conditions.upper[use][:, inactive] + tolerance[inactive], axis=1)
            better = allowed & (height > best.values[use])
            target = use[better]
            best.values[target] = height[better]
            best.places[target] = places[which[better], q]
            best.faces[target] = sum(1 << i for i in active)

    def _face_maxima(self, rows, values, costs):
        """Return heights (n, q) and places (n, q, m) of all local maxima on the affine spaces rows @ g = values."""
        m = self.law.shifts.shape[1]
        if len(rows):
            _, size, right = np.linalg.svd(rows)
            free = right[len(rows) :].T
            origin = values @ np.linalg.pinv(rows).T
        else:
            free, origin = np.eye(m), np.zeros((len(values), m))
        # directions that move no shift only lower Sigma: leave them out
        _, size, right = np.linalg.svd(self.law.shifts @ free, full_matrices=False)
        scale = np.linalg.norm(self.law.shifts, 2)
        free = free @ right[size > RANK * scale].T
        e = np.ascontiguousarray(self.law.shifts @ free)
        d = np.ascontiguousarray(origin @ self.law.shifts.T)
        grid, neighbours = box_grid(e.shape[1])
        ball = np.sqrt(2 + np.abs(d) @ self.reach)
        radius = np.minimum(self.reach @ np.abs(e), ball[:, None])
        landmarks = np.ascontiguousarray(bulk_landmarks(d, e, 2 / self.scaled.scale))
        heights = np.empty((len(values), MAXIMA))
        places = np.empty((len(values), MAXIMA, e.shape[1]))
        local_maxima(self.scaled, d, radius, landmarks, costs, self.edges, e, grid, neighbours, heights, places)
        if np.isnan(heights).any():
            raise ArithmeticError("the log-determinant was not found at some point; please report this game")
        count = max(1, int(np.max(np.sum(heights > -np.inf, axis=1), initial=1)))
        heights, places = heights[:, :count], places[:, :count]
        heights = heights + self.constant - 0.5 * np.sum(origin**2, axis=1)[:, None]
        return heights, origin[:, None, :] + places @ free.T


def _slope_bound(parameters):
    r"""Return a bound of :math:`|\partial\Psi/\partial d_s| = \kappa_s|b_s| \le \sqrt{\kappa_s/v_{ss}}`.

    Where v_ss vanishes or is tiny the typical size of the unknowns takes its place.
    """
    size = np.maximum(np.diag(parameters.w), 0.04)
    return parameters.scale * np.sqrt(parameters.k / size)


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
