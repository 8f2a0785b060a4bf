"""Answers for one sphere: closed forms, in every arithmetic."""

import numpy as np

from spinglass.arithmetic import float64
from spinglass.complexity.one_sphere import OneSphere
from spinglass.complexity.one_sphere_lowest import lowest_energy

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
            return self._closed(sphere, question, u, index, fraction)
        if u.size <= BLOCK:
            return self._with_limits(sphere, question, u, index, fraction)
        flat, values = u.reshape(-1), np.empty(u.size)
        for start in range(0, u.size, BLOCK):
            part = slice(start, start + BLOCK)
            values[part] = self._with_limits(sphere, question, flat[part], index, fraction)
        return values.reshape(shape)

    def _with_limits(self, sphere, question, u, index, fraction):
        """Answer by the closed form, infinite energies by its limits."""
        finite = np.isfinite(u)
        if np.all(finite):
            return self._closed(sphere, question, u, index, fraction)
        limit = np.where(u > 0, self.total(index, fraction, float64), -np.inf) if question == "below" else -np.inf
        return np.where(finite, self._closed(sphere, question, np.where(finite, u, 0.0), index, fraction), limit)

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
        return lowest_energy(self.game, weights[0], _first(index), ar)

    def threshold(self, ar):
        """Return the threshold energy."""
        return self._in(ar).threshold_energy

    def dominant(self, index, energies):
        """Return the supremum at energies (None: over all) and the normals of the local law where it is attained."""
        k, law = _first(index), self.game.local_law()
        if energies is None:
            value, u = self.sphere.total(k)
            d = self.sphere.total_shift(k)
        else:
            u = energies[0]
            value, d = (self.sphere.at(u, k), self.sphere.best_shift(u, k)) if np.isfinite(u) else (-np.inf, 0.0)
        # (u, d) fixes the normals up to directions that move neither: take the smallest
        place = np.linalg.lstsq(np.vstack([law.losses, law.shifts]), np.array([u, d]), rcond=None)[0]
        return float(value), place


def _first(index):
    return None if index is None else index[0]
