r"""Rates of the spiked tensor, as a landscape whose loss is :math:`L = -\sqrt{2n} f`: the spike lies low.

The energy density of a value x is :math:`u = -\sqrt2 x`, and maxima of f are minima of the loss: without a spike it is
the pure k-spin glass.  With one, more points lie at :math:`t = -2u/E_\infty \ge 2`, at overlaps with the spike
(:mod:`spinglass.complexity.further.spike_branches`); the rate has its maximum where that of the pure glass has it, and
one of value 0 near the spike, beyond :math:`\lambda_c`.
"""

import functools
from fractions import Fraction

import numpy as np

from spinglass.complexity.answers import Rates
from spinglass.complexity.further.spike_branches import largest_beside_zero, near_the_spike
from spinglass.complexity.further.spike_roots import critical_square

FARTHEST = 10**150  # shifts whose squares are still floats
ONE = np.array([1.0])  # the weight of the energy itself


class SpikedRates(Rates):
    """Rates of all points (k is None) or of the minima (k = 0) of a landscape with a spike."""

    def __init__(self, model, k, bulk):
        self.model, self.k, self.bulk = model, k, bulk
        # an odd f has as many points, all indices together, opposite to the spike; an even one has none there
        self.both = k is None and model.k % 2 == 1
        self.summit = Fraction(model.lambda_) ** 2 >= critical_square(model.k)

    def supremum(self, conditions, ar):
        """Return the rate at, below or above energies, between two, or of all."""
        value = self.bulk.supremum(conditions, ar)
        if conditions.free:  # the spike's own maximum is not above 0
            return value
        _only_numbers(ar)
        if conditions.equal:
            return _most(value, self._beside(conditions.equal[0], ar), ar)
        # the rate in a window is that at an end or at a maximum within
        for end in (*conditions.lower, *conditions.upper):
            value = _most(value, self._beside(end, ar), ar)
        for place in self._summits(ar):
            room = [*(place - low for low in conditions.lower), *(high - place for high in conditions.upper)]
            missed = ar.positive(-functools.reduce(ar.least, room))
            value = ar.where(missed, lambda on, value=value: ar.select(value, on), _most(value, ar.number(0), ar))
        return value

    def _summits(self, ar):
        """Return the energies of the maxima of value 0: near the spike, and opposite to it."""
        if not self.summit:
            return ()
        k, lam = self.model.k, ar.number(self.model.lambda_)
        energy = -near_the_spike(k, lam, ar) * self._per_shift(ar)
        return (energy, -energy) if self.both else (energy,)

    def _per_shift(self, ar):
        """Return -u/t."""
        return ar.sqrt(ar.number(self.model.k - 1) / self.model.k)

    def _beside(self, u, ar):
        """Return the rate at energy u of points that have an overlap with the spike, -inf in the bulk and beyond."""
        t = (abs(u) if self.both else -u) / self._per_shift(ar)
        k, lam = self.model.k, ar.number(self.model.lambda_)

        def beyond(on):
            shift = ar.select(t, on)
            return ar.where(
                ar.positive(ar.number(FARTHEST) - shift),
                lambda near: largest_beside_zero(k, lam, ar.select(shift, near), ar),
                -ar.infinity,
            )

        with np.errstate(over="ignore"):  # a rate below -1e308 is -inf
            return ar.where(ar.positive(t - 2), beyond, -ar.infinity)

    def dominant(self, conditions):
        """Refuse: there is no local law of spheres behind it."""
        raise NotImplementedError("dominant_normals: a spiked tensor has no local law; try model.best_value(m)")

    def typical(self, weights):
        """Return the weighted energy at which points are most numerous: that of the pure glass."""
        return self.bulk.typical(weights)

    def lowest(self, weights, ar):
        """Return the lowest weighted energy with rate >= 0: of the pure glass, or near the spike.

        Below that of the pure glass no points beside the maximum near the spike have a positive rate: checked
        numerically for k up to 1000 and lambda up to 1e6 lambda_c, not proved.
        """
        if weights[0] < 0 and not self.both:
            return self.bulk.lowest(weights, ar)
        _only_numbers(ar)
        end = self.bulk.lowest(ONE, ar)
        for summit in self._summits(ar)[:1]:
            end = ar.least(end, summit)
        return ar.number(float(abs(weights[0]))) * end


def _most(x, y, ar):
    return -ar.least(-x, -y)


def _only_numbers(ar):
    if ar.proves or ar.exact:
        raise NotImplementedError(
            f"{ar.name}: overlaps with a spike are zeros without a closed form; try sg.mp(digits)"
        )
