r"""Local minima of a player who moves several species: its whole block law lies at or above zero.

The lower edge e(d) of that law is where the resolvents :math:`g_s > 0` of

.. math:: 1/g_s = d_s - x - \sum_{t \in T} v_{st}\kappa_t g_t

cease to be real.  It is a concave function of the shifts (the smallest eigenvalue is one of the matrix), with
derivative :math:`\sqrt{\kappa_s} g_s w_s` up to normalisation, w the Perron vector of
:math:`\sqrt{\kappa_s} g_s v_{st} g_t \sqrt{\kappa_t}`.  For a single player :math:`\log\det` is concave on positive
matrices as well, so that Sigma has one maximum under :math:`e(Dg) \ge 0`; scipy's SLSQP finds it from a point that
a first phase, which raises e, proves feasible.  Other players, who are asked for no index, leave Sigma several maxima:
the search then also starts from the points nearest to every combination of the centres and edges of their bulks.
"""

import itertools
from typing import Any

import numpy as np
from scipy.optimize import minimize

from spinglass.complexity.games.linear import normalised
from spinglass.complexity.games.supremum import Supremum
from spinglass.running.compiled import kernel, part
from spinglass.spectra.dyson.log_determinant import handed_solvers, psi, scaled

FEASIBLE = 1e-10  # violation that is put down to rounding, relative to the size of the shifts
OPTIONS = {"ftol": 1e-15, "maxiter": 300}
LARGE = 1e6  # stands for minus Sigma where it has no value
PATTERNS = 81  # combinations of bulks from which a search starts, at the most


@part
def lies_above(solver, k, w, scale, d, place, last, a, x):
    """Tell whether the law lies above a place, where x, filled in, is real and positive; -1 if it was not found."""
    for s in range(len(d)):
        a[s] = complex((d[s] - place) * scale[s])
    if not solver(k, w, a, x) and not last:
        return -1
    for s in range(len(d)):
        if x[s].imag != 0.0 or x[s].real <= 0.0:
            return 0
    return 1


@kernel
def bisect_edge(solver, k, w, scale, d, low, high, last, x):
    """Return the largest place below the law between two, by bisection, and fill in x; nan if the solver fails.

    The last solver may fail: such places count as not below.
    """
    a = np.empty(len(d), np.complex128)
    while low < 0.5 * (low + high) < high:
        middle = 0.5 * (low + high)
        above = lies_above(solver, k, w, scale, d, middle, last, a, x)
        if above < 0:
            return np.nan
        if above:
            low = middle
        else:
            high = middle
    return low if lies_above(solver, k, w, scale, d, low, last, a, x) > 0 else np.nan


class LowerEdge:
    """The lower edge of the symmetric block law of some species, as a function of their shifts."""

    def __init__(self, local, species):
        self.species = list(species)
        self.variance = local.jacobian_variance[np.ix_(self.species, self.species)]
        self.fractions = np.ascontiguousarray(local.fractions[self.species])
        self.scaled = scaled(self.fractions, self.variance, self.variance, (1,) * len(self.species))
        self.width = 2 * np.sqrt(np.max(self.variance @ self.fractions))  # of the law without shifts, at most

    def __call__(self, shifts):
        """Return the edge and its gradient by all shifts."""
        d = shifts[self.species]
        low, high = np.min(d) - 1.001 * self.width, np.min(d) + self.width
        law, x, solvers = self.scaled, np.empty(len(d), complex), [*handed_solvers(self.scaled)]
        for solver in solvers:
            edge = bisect_edge(solver, law.k, law.w, law.scale, d, low, high, solver is solvers[-1], x)
            if edge == edge:
                break
        else:
            raise ArithmeticError(f"no lower edge of the block law at shifts {d.tolist()}; please report this game")
        g = x.real * law.scale / self.fractions
        root = np.sqrt(self.fractions) * g
        weight = root * np.abs(np.linalg.eigh(self.variance * np.outer(root, root))[1][:, -1])
        gradient = np.zeros(len(shifts))
        gradient[self.species] = weight / weight.sum()
        return edge, gradient


class JointSupremum:
    """Suprema of Sigma when some players of index 0 move several species that meet."""

    def __init__(self, annealed, index):
        self.annealed, self.local = annealed, annealed.local
        asked = [parts for k, parts in zip(index, annealed.groups, strict=True) if k is not None]
        groups = [part for parts in asked for part in parts if len(part) > 1]
        self.edges = [LowerEdge(self.local, part) for part in groups]
        outliers = annealed.outliers(index)
        self.species, self.costs = list(outliers.species), annealed.costs(outliers)
        others = (None if len(moved) > 1 else k for k, moved in zip(index, self.local.players, strict=True))
        self.others = annealed.outliers(others)  # what is asked of the players of one species
        bound = {s for part in groups for s in part} | set(self.species)
        self.free = [s for s in range(len(self.local.fractions)) if s not in bound]
        self.scales = [np.linalg.norm(self.local.shifts[part], 2) for part in groups]
        self.last: tuple[bytes, Any] = b"", None  # SLSQP asks for values and slopes at one place by two calls
        self.possible = not np.any((self.costs > 0) & (annealed.edges == 0))  # an index needs a random block

    def allows(self, g):
        """Tell whether the joint players are at local minima at g."""
        return bool(np.min(self._lowest(g)[0]) >= -FEASIBLE)

    def supremum(self, linear):
        """Return the suprema under linear conditions, one problem after the other."""
        best = Supremum.nothing(linear.problems, self.local.shifts.shape[1])
        linear = linear.above(self.local.shifts[self.species], self.annealed.room(self.species))
        for i in np.flatnonzero(np.all(np.isfinite(linear.equal), axis=1) & ~np.any(linear.upper == -np.inf, axis=1)):
            best.values[i], best.places[i] = self._highest(*self._constraints(linear, i))
        return best

    def _constraints(self, linear, i):
        """Return the linear constraints of one problem for SLSQP, and a point that obeys its equations."""
        finite = np.isfinite(linear.upper[i])
        upper_rows, upper = normalised(linear.upper_rows[finite], linear.upper[i, finite])
        equal_rows, equal = normalised(linear.equal_rows, linear.equal[i])
        both = [
            {"type": "eq", "fun": lambda g: equal_rows @ g - equal, "jac": lambda g: equal_rows},
            {"type": "ineq", "fun": lambda g: upper - upper_rows @ g, "jac": lambda g: -upper_rows},
        ]
        origin = np.zeros(equal_rows.shape[1])
        start = np.linalg.lstsq(equal_rows, equal, rcond=None)[0] if len(equal) else origin
        return [c for c, part in zip(both, (equal, upper), strict=True) if len(part)], start

    def _highest(self, linear, start):
        """Return the largest Sigma under constraints and its place; -inf and zeros if nothing obeys them."""
        nowhere = -np.inf, np.zeros_like(start)
        start = self._feasible(start, linear) if self.possible else None
        if start is None:
            return nowhere
        positive = {"type": "ineq", "fun": lambda g: self._lowest(g)[0], "jac": lambda g: self._lowest(g)[1]}
        conditions = [*linear, positive]
        found = [self._ascend(start, conditions)]
        found += [self._ascend(self._nearest(x, start, conditions), conditions) for x in self._targets(start)]
        held = [x for x in found if x.fun < LARGE and self._violation(x.x, conditions) <= 100 * FEASIBLE]
        if not held:
            raise ArithmeticError(f"SLSQP lost a feasible point of the joint local minima: {found[0].message}")
        best = min(held, key=lambda x: x.fun)
        return -best.fun, best.x

    def _ascend(self, start, conditions):
        """Climb to a maximum of Sigma."""
        return minimize(self._minus_sigma, start, jac=True, constraints=conditions, method="SLSQP", options=OPTIONS)

    def _targets(self, start):
        """Yield places where the shifts of species without a condition cross the centres and edges of their bulks."""
        rows = self.local.shifts[self.free]
        if not len(rows):
            return
        solve = np.linalg.pinv(rows)
        width, offset = 2 / self.annealed.scaled.scale[self.free], self.annealed.offset[self.free]
        for steps in itertools.islice(itertools.product((0.0, -1.0, 1.0), repeat=len(rows)), PATTERNS):
            yield start + solve @ (steps * width - offset - rows @ start)

    def _nearest(self, target, start, conditions):
        """Return a point that obeys the conditions and is near to a target: a convex problem."""

        def distance(g):
            return 0.5 * np.sum((g - target) ** 2), g - target

        options = {"ftol": 1e-6, "maxiter": 50}
        return minimize(distance, start, jac=True, constraints=conditions, method="SLSQP", options=options).x

    def _feasible(self, start, linear):
        """Return a point that obeys all conditions, or None: e is concave, so its largest value decides."""
        for pull in (0.05, 1e-3, 1e-5):  # a weak pull to the origin bounds the search

            def depth(g, pull=pull):
                edges, slopes = self._lowest(g)
                i = np.argmin(edges)
                return 0.5 * pull * g @ g - edges[i], pull * g - slopes[i]

            best = minimize(depth, start, jac=True, constraints=linear, method="SLSQP", options=OPTIONS)
            if np.min(self._lowest(best.x)[0]) >= -FEASIBLE and self._violation(best.x, linear) <= FEASIBLE:
                return best.x
        return None

    def _lowest(self, g):
        """Return the lower edges of the joint players, in units of their shifts, and their gradients by g."""
        place, found = self.last
        if place == g.tobytes():
            return found
        shifts = self.local.shifts_at(g)
        parts = [(*edge(shifts), scale) for edge, scale in zip(self.edges, self.scales, strict=True)]
        found = (
            np.array([e / scale for e, _, scale in parts]),
            np.array([slope @ self.local.shifts / scale for _, slope, scale in parts]),
        )
        self.last = g.tobytes(), found
        return found

    @staticmethod
    def _violation(g, conditions):
        """Return by how much a point misses its conditions."""
        missed = [np.abs(c["fun"](g)) if c["type"] == "eq" else -c["fun"](g) for c in conditions]
        return max((float(np.max(x)) for x in missed), default=0.0)

    def _minus_sigma(self, g):
        shifts = self.local.shifts_at(g)
        slope, curve = np.zeros(len(shifts)), np.zeros((len(shifts), len(shifts)))
        value = psi(self.annealed.scaled, shifts, slope, curve)
        if not np.isfinite(value):  # a place without a value is a bad one
            return LARGE, g
        for s in np.flatnonzero(self.costs):
            edge = self.annealed.edges[s]
            ratio = max(shifts[s] / edge, 1.0)
            root = np.sqrt((ratio - 1) * (ratio + 1))
            value -= self.costs[s] * (ratio * root - np.log(ratio + root))
            slope[s] -= self.costs[s] * 2 * root / edge
        return 0.5 * g @ g - value - self.annealed.constant, g - slope @ self.local.shifts
