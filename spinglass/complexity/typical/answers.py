"""Answers for one sphere by the quenched complexity: the annealed one, and what replica symmetry breaking takes off."""

import numpy as np
from scipy.optimize import brentq

from spinglass.arithmetic import float64
from spinglass.complexity.one_sphere.answers import SphereAnswers
from spinglass.complexity.typical.quenched import OneStep

ONE = np.array([1.0])  # the weight of the energy itself


def quenched_answers(game):
    """Return the answers for a game with one sphere; for a pure model the quenched complexity is the annealed one."""
    if len(game.fractions) > 1:
        raise NotImplementedError(
            "method='quenched': several spheres have no known formula; use method='annealed', an upper bound"
        )
    answers = SphereAnswers(game)
    return answers if answers.sphere.single_degree else QuenchedAnswers(game, answers)


class QuenchedAnswers:
    """Rates, totals and energies of a mixture on one sphere; ``index`` is None or a tuple of one."""

    def __init__(self, game, annealed):
        self.annealed = annealed
        self.step = OneStep(game)

    def rate(self, question, energies, shape, index, fraction, ar):
        """Return the rate "at" or "below" energies, one by one."""
        _only_float64(ar)
        single = self._at if question == "at" else self._below
        flat = [single(float(u), index, fraction) for u in np.ravel(energies[0])]
        return np.array(flat).reshape(shape)

    def _at(self, u, index, fraction):
        return self._dominant(u, index, fraction)[0]

    def _below(self, u, index, fraction):
        total, typical = self._best(index, fraction)
        return self._at(u, index, fraction) if u < typical else total

    def _annealed_at(self, u, index, fraction):
        return float(self.annealed.rate("at", [np.array(u)], (), index, fraction, float64))

    def _dominant(self, u, index, fraction):
        """Return the rate at u, -inf where no points are, and the radial reaction (in units) of those that dominate."""
        _answerable(index, fraction)
        rate = self._annealed_at(u, index, fraction)
        if rate == -np.inf:
            return rate, np.nan
        step, first = self.step, None if index is None else index[0]
        mu, own = (float(f(u, first)) / step.unit for f in (step.sphere.best_shift, step.sphere.own_shift))
        scaled = u / step.unit
        if step.unbroken(scaled, own):
            return rate, mu
        if 2 in step.terms:
            raise NotImplementedError(
                f"method='quenched': at energy {u:.6g} the term of degree 2 breaks the symmetry of replicas "
                "continuously, and one step does not describe it; use method='annealed', an upper bound"
            )
        found = step.solutions(lambda p: (p.u - scaled, step.slope_of_determinant(p.mu) - p.r))
        if first == 0:  # the supremum over mu >= edge may also lie at the edge, where Sigma falls with mu
            found = [p for p in found if p.mu >= step.edge]
            edge = step.solutions(lambda p: (p.u - scaled, p.mu - step.edge))
            found += [p for p in edge if step.slope_of_determinant(p.mu) <= p.r]
        if not found and u > self.annealed.typical(ONE, index, None):
            raise NotImplementedError(
                f"method='quenched': at energy {u:.6g} the symmetry of replicas is broken and one step has no "
                "solution; use method='annealed', an upper bound"
            )
        # without a solution below the most numerous points, the energy is below the ground state
        return min(((float(p.sigma), float(p.mu)) for p in found), default=(-np.inf, np.nan))

    def _best(self, index, fraction):
        r"""Return the largest rate over all energies, and where.

        There the rate is stationary in u, b = 0, and no overlap of replicas raises it: :math:`\log(1-s) + s \le 0`.
        """
        _answerable(index, fraction)
        return float(self.annealed.total(index, fraction, float64)), float(self.annealed.typical(ONE, index, fraction))

    def total(self, index, fraction, ar):
        """Return the rate of all energies together."""
        _only_float64(ar)
        return self._best(index, fraction)[0]

    def typical(self, weights, index, fraction):
        """Return the weighted energy at which points are most numerous."""
        return weights[0] * self._best(index, fraction)[1]

    def lowest(self, weights, index, ar):
        """Return the lowest weighted energy with rate >= 0."""
        _only_float64(ar)
        if weights[0] < 0:
            raise NotImplementedError("loss: the highest energy has no quenched formula here; use method='annealed'")
        return float(weights[0] * self._lowest(index))

    def _lowest(self, index):
        total, typical = self._best(index, None)
        if total < 0:
            return np.inf
        bound = float(self.annealed.lowest(ONE, index, float64))
        if self._at(bound, index, None) == self._annealed_at(bound, index, None):
            return bound  # nothing is broken there
        return brentq(
            lambda u: max(self._at(u, index, None), -1.0), bound, typical, xtol=1e-15 * self.step.unit, rtol=1e-15
        )

    def threshold(self, ar):
        """Return the energy above which dominant points have a positive fraction of negative eigenvalues."""
        _only_float64(ar)
        annealed = float(self.annealed.threshold(float64))
        if abs(self._dominant(annealed, None, None)[1] - self.step.edge) < 1e-9:
            return annealed
        marginal = 1 / np.sqrt(self.step.x2)  # D' at the edge
        found = self.step.solutions(lambda p: (p.mu - self.step.edge, p.r - marginal))
        return self.step.unit * min((float(p.sigma), float(p.u)) for p in found)[1]

    def dominant(self, index, energies):
        """Refuse: with replica symmetry breaking the dominant points are not given by normals of one point."""
        raise NotImplementedError("method='quenched' has no dominant normals: use method='annealed'")


def _answerable(index, fraction):
    if index is not None and index[0]:
        raise NotImplementedError(
            f"index: {index[0]} negative eigenvalues have no known quenched formula; try index=0 or None, or "
            "method='annealed', an upper bound"
        )
    if fraction is not None:
        raise NotImplementedError(
            "fraction: no known quenched formula; leave it out, or use method='annealed', an upper bound"
        )


def _only_float64(ar):
    if ar is not float64:
        raise NotImplementedError("method='quenched' is evaluated in float64 only: leave out arithmetic=")
