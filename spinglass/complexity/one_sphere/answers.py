"""Answers for one sphere: closed forms, in every arithmetic."""

import functools
from abc import abstractmethod

import numpy as np

from spinglass.arithmetic import float64
from spinglass.complexity.answers import Answers, Rates
from spinglass.complexity.one_sphere.lowest import lowest_energy
from spinglass.complexity.one_sphere.sphere import FARTHEST, OneSphere
from spinglass.complexity.questions import spread
from spinglass.models.selection import AnyIndex, GivenIndex, IndexFraction

BLOCK = 65536  # energies evaluated together, so that intermediate arrays stay in the cache


class SphereAnswers(Answers):
    """The complexity of a model with one sphere."""

    def __init__(self, model):
        self.model = model
        self.sphere = OneSphere.of(model)

    @functools.cached_property
    def spread(self):
        """The standard deviation of the energy."""
        return spread(self.model)

    def of(self, selection):
        """Return the rates of all points, of those of an index, or of those of an index fraction."""
        match selection:
            case AnyIndex():
                return IndexRates(self, None)
            case GivenIndex(index=(k,)):
                return IndexRates(self, k)
            case IndexFraction(fraction=fraction):
                return FractionRates(self, fraction)
        raise selection.refused("one sphere", "an index or an index fraction")

    def threshold(self, ar):
        """Return the threshold energy."""
        return self.sphere_in(ar).threshold_energy

    def sphere_in(self, ar):
        """Return the closed forms in an arithmetic."""
        return self.sphere if ar is self.sphere.ar else self._sphere_in(ar)

    @functools.lru_cache(maxsize=8)  # noqa: B019  (a handful of objects and precisions)
    def _sphere_in(self, ar):
        return OneSphere.of(self.model, ar)


class SphereRates(Rates):
    """Closed forms of selected points, at any energies: a long array block by block, the farthest by their limits."""

    answers: SphereAnswers

    @abstractmethod
    def at(self, sphere, u):
        """Return the rate at energies that can be squared."""

    @abstractmethod
    def below(self, sphere, u):
        """Return the rate of all points up to such energies."""

    @abstractmethod
    def above(self, sphere, u):
        """Return the rate of all points from such energies on."""

    @abstractmethod
    def best(self, sphere):
        """Return the rate of all energies together and the energy at which points are most numerous."""

    def supremum(self, conditions, ar):
        """Return the rate at, below or above energies, between two, or of all."""
        sphere = self.answers.sphere_in(ar)
        if conditions.free:
            return self.best(sphere)[0]
        if conditions.equal:
            return self._all(sphere, conditions.equal[0], self.at, 0)
        if not conditions.lower:
            return self._all(sphere, conditions.upper[0], self.below, 1)
        above = self._all(sphere, conditions.lower[0], self.above, -1)
        if not conditions.upper:
            return above
        below = self._all(sphere, conditions.upper[0], self.below, 1)
        # the rate rises up to the typical energy and falls from there on: one end of a window tells
        return self._between(sphere, conditions.lower[0], conditions.upper[0], ar.least(below, above))

    def _between(self, sphere, low, high, value):
        """Return the rate in a window, for the smaller one of those below and above its ends."""
        return value

    def _all(self, sphere, u, closed, side):
        """Answer by a closed form; on one ``side``, 1 or -1, of infinite energies lie all points, or (0) on none."""
        if not sphere.ar.vectorised:
            return self._limit(sphere, u, side) if sphere.ar.is_infinite(u) else closed(sphere, u)
        if u.size <= BLOCK:
            return self._with_limits(sphere, u, closed, side)
        flat, values = u.reshape(-1), np.empty(u.size)
        for start in range(0, u.size, BLOCK):
            part = slice(start, start + BLOCK)
            values[part] = self._with_limits(sphere, flat[part], closed, side)
        return values.reshape(u.shape)

    def _with_limits(self, sphere, u, closed, side):
        """Answer by the closed form, energies too far to be squared by its limits."""
        far = FARTHEST / sphere.per_energy
        with np.errstate(over="ignore", invalid="ignore"):  # a rate below -1e308 is -inf
            if not u.size or (-far < u.min() and u.max() < far):
                return _lower(closed(sphere, u), sphere)
            near = abs(u) < far
            values = _lower(closed(sphere, np.where(near, u, 0.0)), sphere)
            return np.where(near, values, self._limit(sphere, u, side))

    def _limit(self, sphere, u, side):
        """Return the rate at infinite energies: all points lie below plus infinity, none at it."""
        ar = sphere.ar
        if not side:
            return -ar.infinity
        return ar.where(ar.positive(side * u), lambda on: self.best(sphere)[0], -ar.infinity)

    def typical(self, weights):
        """Return the weighted energy at which points are most numerous."""
        return weights[0] * self.best(self.answers.sphere)[1]


class IndexRates(SphereRates):
    """Rates of all points (k is None) or of those with k negative eigenvalues."""

    def __init__(self, answers, k):
        self.answers, self.k = answers, k

    def at(self, sphere, u):
        """Return Sigma_k(u)."""
        return sphere.at(u, self.k)

    def below(self, sphere, u):
        """Return the supremum of Sigma_k up to u."""
        return sphere.below(u, self.k)

    def above(self, sphere, u):
        """Return the supremum of Sigma_k from u on."""
        return sphere.above(u, self.k)

    def _between(self, sphere, low, high, value):
        """Return the rate in a window; where a field rules all points peak twice, at +-e, and sink between."""
        if self.k is not None or not sphere.trivial:
            return value
        ar, peak = sphere.ar, -self.best(sphere)[1]

        def most(on):
            return -ar.least(*(-sphere.at(ar.select(u, on), None) for u in (low, high)))

        return ar.where(ar.positive(ar.least(low + peak, peak - high)), most, value)

    def best(self, sphere):
        """Return the supremum of Sigma_k and where it is attained."""
        return sphere.total(self.k)

    def lowest(self, weights, ar):
        """Return the lowest weighted energy with rate >= 0."""
        return lowest_energy(self.answers.sphere_in(ar), weights[0], self.k)

    def dominant(self, conditions):
        """Return the supremum and the normals of the local law where it is attained."""
        local, sphere = self.answers.model.local_law(), self.answers.sphere
        value = self.supremum(conditions, float64)
        if value == -np.inf:
            return -np.inf, np.zeros(local.shifts.shape[1])
        u = float(conditions.equal[0]) if conditions.equal else self.best(sphere)[1]
        # the energy moves along the loss; what the shift differs from its mean is along what the loss leaves of it
        loss, size = _direction(local.losses[0])
        place = u / size * loss
        if not sphere.single_degree:
            own, size = _direction(local.shifts[0] - (local.shifts[0] @ loss) * loss)
            place = place + sphere.own_shift(u, self.k) / size * own
        return float(value), place


class FractionRates(SphereRates):
    """Rates of points with a fraction of negative eigenvalues."""

    def __init__(self, answers, fraction):
        self.answers, self.fraction = answers, fraction

    def at(self, sphere, u):
        """Return the rate at u."""
        return sphere.at_fraction(u, self.fraction)

    def below(self, sphere, u):
        """Return the supremum up to u: the rate rises up to the typical energy."""
        ar = sphere.ar
        total, typical = self.best(sphere)
        rising = ar.positive(typical - u)
        return ar.where(rising, lambda on: sphere.at_fraction(ar.select(u, on), self.fraction), total + 0 * u)

    def above(self, sphere, u):
        """Return the supremum from u on."""
        ar = sphere.ar
        total, typical = self.best(sphere)
        falling = ar.positive(u - typical)
        return ar.where(falling, lambda on: sphere.at_fraction(ar.select(u, on), self.fraction), total + 0 * u)

    def best(self, sphere):
        """Return the rate of all energies together and the typical one."""
        return sphere.total_fraction(self.fraction)

    def lowest(self, weights, ar):
        """Refuse: nothing asks for it."""
        raise NotImplementedError("fraction: expected an index for a lowest energy; try index=0")

    def dominant(self, conditions):
        """Refuse likewise."""
        raise NotImplementedError("fraction: expected an index for dominant normals; try index=0")


def _direction(x):
    """Return a unit vector and the length of x, at any scale."""
    size = np.max(np.abs(x))
    length = np.linalg.norm(x / size)
    return x / size / length, size * length


def _lower(values, sphere):
    """Return rates; where a field rules, one that overflowed as a difference of infinities is -inf."""
    return np.where(np.isnan(values), -np.inf, values)[()] if sphere.trivial else values
