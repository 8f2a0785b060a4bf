"""Answers for one sphere: closed forms, in every arithmetic."""

import numpy as np

from spinglass.arithmetic import float64
from spinglass.complexity.one_sphere.lowest import lowest_energy
from spinglass.complexity.one_sphere.sphere import FARTHEST, OneSphere

BLOCK = 65536  # energies evaluated together, so that intermediate arrays stay in the cache


class SphereAnswers:
    """Rates, totals and energies of a model with one sphere; ``index`` is None or a tuple of one."""

    def __init__(self, game):
        self.game = game
        self.sphere = OneSphere.of(game)

    def _in(self, ar):
        return self.sphere if ar is float64 else OneSphere.of(self.game, ar)

    def rate(self, question, energies, shape, index, fraction, ar):
        """Return the rate "at" or "below" energies, a long array block by block."""
        u, sphere = energies[0], self._in(ar)
        if ar is not float64:
            if not ar.is_infinite(u):
                return self._closed(sphere, question, u, index, fraction)
            above = question == "below" and bool(u > 0)
            return self.total(index, fraction, ar) if above else -ar.infinity
        if u.size <= BLOCK:
            return self._with_limits(sphere, question, u, index, fraction)
        flat, values = u.reshape(-1), np.empty(u.size)
        for start in range(0, u.size, BLOCK):
            part = slice(start, start + BLOCK)
            values[part] = self._with_limits(sphere, question, flat[part], index, fraction)
        return values.reshape(shape)

    def _with_limits(self, sphere, question, u, index, fraction):
        """Answer by the closed form, energies too far to be squared by its limits."""
        far = FARTHEST / sphere.per_energy
        with np.errstate(over="ignore", invalid="ignore"):  # a rate below -1e308 is -inf
            if not u.size or (-far < u.min() and u.max() < far):
                return _lower(self._closed(sphere, question, u, index, fraction), sphere)
            limit = np.where(u > 0, self.total(index, fraction, float64), -np.inf) if question == "below" else -np.inf
            near = abs(u) < far
            values = self._closed(sphere, question, np.where(near, u, 0.0), index, fraction)
            return np.where(near, _lower(values, sphere), limit)

    @staticmethod
    def _closed(sphere, question, u, index, fraction):
        k, ar = _first(index), sphere.ar
        if fraction is None:
            return sphere.at(u, k) if question == "at" else sphere.below(u, k)
        if question == "at":
            return sphere.at_fraction(u, fraction)
        total, typical = sphere.total_fraction(fraction)
        rising = ar.positive(typical - u)
        return ar.where(rising, lambda on: sphere.at_fraction(ar.select(u, on), fraction), total + 0 * u)

    def _best(self, index, fraction, ar):
        sphere = self._in(ar)
        return sphere.total(_first(index)) if fraction is None else sphere.total_fraction(fraction)

    def total(self, index, fraction, ar):
        """Return the rate of all energies together."""
        return self._best(index, fraction, ar)[0]

    def typical(self, weights, index, fraction):
        """Return the weighted energy at which points are most numerous."""
        return weights[0] * self._best(index, fraction, float64)[1]

    def lowest(self, weights, index, ar):
        """Return the lowest weighted energy with rate >= 0."""
        return lowest_energy(self._in(ar), weights[0], _first(index))

    def threshold(self, ar):
        """Return the threshold energy."""
        return self._in(ar).threshold_energy

    def dominant(self, index, energies):
        """Return the supremum at energies (None: over all) and the normals of the local law where it is attained."""
        k, law, sphere = _first(index), self.game.local_law(), self.sphere
        u = sphere.total(k)[1] if energies is None else energies[0]
        value = sphere.total(k)[0] if energies is None else self.rate("at", [np.array(u)], (), index, None, float64)
        if value == -np.inf:
            return -np.inf, np.zeros(law.shifts.shape[1])
        # the energy moves along the loss; what the shift differs from its mean is along what the loss leaves of it
        loss, size = _direction(law.losses[0])
        place = u / size * loss
        if not sphere.single_degree:
            own, size = _direction(law.shifts[0] - (law.shifts[0] @ loss) * loss)
            place = place + sphere.own_shift(u, k) / size * own
        return float(value), place


def _direction(x):
    """Return a unit vector and the length of x, at any scale."""
    size = np.max(np.abs(x))
    length = np.linalg.norm(x / size)
    return x / size / length, size * length


def _lower(values, sphere):
    """Return rates; where a field rules, one that overflowed as a difference of infinities is -inf."""
    return np.where(np.isnan(values), -np.inf, values)[()] if sphere.trivial else values


def _first(index):
    return None if index is None else index[0]
