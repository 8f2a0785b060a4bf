"""Answers for one sphere by the quenched complexity: the annealed one, and what replica symmetry breaking takes off."""

import numpy as np
from scipy.optimize import brentq

from spinglass.arithmetic import float64
from spinglass.complexity.answers import Answers, Rates
from spinglass.complexity.one_sphere.answers import SphereAnswers
from spinglass.complexity.questions import FREE, Conditions
from spinglass.complexity.typical.quenched import OneStep
from spinglass.models.selection import ANY_INDEX, AnyIndex, GivenIndex, IndexFraction

ONE = np.array([1.0])  # the weight of the energy itself


def quenched_answers(model):
    """Return the answers for a game with one sphere; for a pure model the quenched complexity is the annealed one."""
    if len(model.fractions) > 1:
        raise NotImplementedError(
            "method='quenched': several spheres have no known formula; use method='annealed', an upper bound"
        )
    answers = SphereAnswers(model)
    return answers if answers.sphere.single_degree else QuenchedAnswers(model, answers)


class QuenchedAnswers(Answers):
    """The quenched complexity of a mixture on one sphere."""

    def __init__(self, model, annealed):
        self.annealed = annealed
        self.step = OneStep(model)

    @property
    def spread(self):
        """The standard deviation of the energy."""
        return self.annealed.spread

    def of(self, selection):
        """Return the rates of all points or of the minima."""
        match selection:
            case AnyIndex():
                return QuenchedRates(self, selection, None)
            case GivenIndex(index=(0,)):
                return QuenchedRates(self, selection, 0)
            case GivenIndex(index=(k,)):
                raise NotImplementedError(
                    f"index: {k} negative eigenvalues have no known quenched formula; try index=0 or None, or "
                    "method='annealed', an upper bound"
                )
            case IndexFraction():
                raise NotImplementedError(
                    "fraction: no known quenched formula; leave it out, or use method='annealed', an upper bound"
                )
        raise selection.refused("method='quenched'", "index 0 or None")

    def threshold(self, ar):
        """Return the energy above which dominant points have a positive fraction of negative eigenvalues."""
        _only_float64(ar)
        annealed = float(self.annealed.threshold(float64))
        if abs(self.of(ANY_INDEX).dominant_at(annealed)[1] - self.step.edge) < 1e-9:
            return annealed
        marginal = 1 / np.sqrt(self.step.x2)  # D' at the edge
        found = self.step.solutions(lambda p: (p.mu - self.step.edge, p.r - marginal))
        return self.step.unit * min((float(p.sigma), float(p.u)) for p in found)[1]


class QuenchedRates(Rates):
    """Quenched rates of all points (k is None) or of the minima (k = 0), one energy after the other."""

    def __init__(self, answers, selection, k):
        self.step, self.k = answers.step, k
        self.annealed = answers.annealed.of(selection)

    def supremum(self, conditions, ar):
        """Return the rate at, below or above energies, between two, or of all."""
        _only_float64(ar)
        if conditions.free:
            return self._best()[0]
        asked = ((conditions.equal, self._at), (conditions.upper, self._below), (conditions.lower, self._above))
        rates = [np.vectorize(single, otypes=[float])(energies[0]) for energies, single in asked if energies]
        return np.minimum(*rates) if len(rates) == 2 else rates[0]

    def _at(self, u):
        return self.dominant_at(u)[0]

    def _below(self, u):
        total, typical = self._best()
        return self._at(u) if u < typical else total

    def _above(self, u):
        if self.k is None:
            return self._below(-u)
        total, typical = self._best()
        return self._at(u) if u > typical else total

    def _best(self):
        r"""Return the largest rate over all energies, and where.

        There the rate is stationary in u, b = 0, and no overlap of replicas raises it: :math:`\log(1-s) + s \le 0`.
        """
        return float(self.annealed.supremum(FREE, float64)), float(self.annealed.typical(ONE))

    def _annealed_at(self, u):
        return float(self.annealed.supremum(Conditions(equal=(np.array(u),)), float64))

    def dominant_at(self, u):
        """Return the rate at u, -inf where no points are, and the radial reaction (in units) of those that dominate."""
        rate, step = self._annealed_at(u), self.step
        if rate == -np.inf:
            return rate, np.nan
        mu, own = (float(f(u, self.k)) / step.unit for f in (step.sphere.best_shift, step.sphere.own_shift))
        if step.unbroken(u / step.unit, own):
            return rate, mu
        if 2 in step.terms:
            raise NotImplementedError(
                f"method='quenched': at energy {u:.6g} the term of degree 2 breaks the symmetry of replicas "
                "continuously, and one step does not describe it; use method='annealed', an upper bound"
            )
        found = self._broken(u / step.unit)
        if not found and u > self.annealed.typical(ONE):
            raise NotImplementedError(
                f"method='quenched': at energy {u:.6g} the symmetry of replicas is broken and one step has no "
                "solution; use method='annealed', an upper bound"
            )
        # without a solution below the most numerous points, the energy is below the ground state
        return min(((float(p.sigma), float(p.mu)) for p in found), default=(-np.inf, np.nan))

    def _broken(self, scaled):
        """Return the solutions with one step of symmetry breaking at an energy in units."""
        step = self.step
        found = step.solutions(lambda p: (p.u - scaled, step.slope_of_determinant(p.mu) - p.r))
        if self.k is None:
            return found
        # at index 0 the supremum over mu >= edge may also lie at the edge, where Sigma falls with mu
        edge = step.solutions(lambda p: (p.u - scaled, p.mu - step.edge))
        inside = [p for p in found if p.mu >= step.edge]
        return inside + [p for p in edge if step.slope_of_determinant(p.mu) <= p.r]

    def typical(self, weights):
        """Return the weighted energy at which points are most numerous."""
        return weights[0] * self._best()[1]

    def lowest(self, weights, ar):
        """Return the lowest weighted energy with rate >= 0."""
        _only_float64(ar)
        if weights[0] < 0 and self.k is not None:  # there one step has no solution
            raise NotImplementedError("loss: the highest minima have no quenched formula; use method='annealed'")
        return float(abs(weights[0]) * self._lowest())

    def _lowest(self):
        total, typical = self._best()
        if total < 0:
            return np.inf
        bound = float(self.annealed.lowest(ONE, float64))
        if self._at(bound) == self._annealed_at(bound):
            return bound  # nothing is broken there
        return brentq(lambda u: max(self._at(u), -1.0), bound, typical, xtol=1e-15 * self.step.unit, rtol=1e-15)

    def dominant(self, conditions):
        """Refuse: with replica symmetry breaking the dominant points are not given by normals of one point."""
        raise NotImplementedError("method='quenched' has no dominant normals: use method='annealed'")


def _only_float64(ar):
    if not ar.vectorised:
        raise NotImplementedError("method='quenched' is evaluated in float64 only: leave out arithmetic=")
