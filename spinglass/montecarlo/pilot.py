r"""Where the integrand of the Kac-Rice formula is large: a smooth stand-in for it, and a mixture fitted to that.

With n = sum n_s and :math:`\log|\det J| \approx n\Psi(d/\sqrt n) + \tfrac n2\log n` the integrand is about

.. math:: \pi(y) = \exp\Big[n\Psi(Dy/\sqrt n) - \tfrac12|y|^2 - \sum_a c_a(Dy)\Big],

where c_a grows with the distance between the number of negative eigenvalues expected of a player's own block and the
index asked for.  It only steers the samples: an estimate does not depend on it, its error does.
"""

from dataclasses import replace

import numpy as np

from spinglass.arithmetic import float64
from spinglass.montecarlo.proposal import Mixture, broad, fit
from spinglass.spectra.dyson.block_gaussian import BlockGaussian, shifted
from spinglass.spectra.dyson.log_determinant import LogDeterminant
from spinglass.spectra.semicircle import Semicircle, deviation

# How the fit is run.  Half or twice as much of anything changes the effective sample size of counts by a tenth, which
# is its scatter from seed to seed, and by half where only a hundred samples in 4000 count.
COMPONENTS = 3  # of the mixture: an integrand symmetric in g has two summits, and one is left for what they miss
POINTS = 3000  # per round: a thousand for every component
FEW = 500  # per round where every point costs the solution of a Dyson equation of its own
COOLING = 3.0  # from one round to the next: deviations fall by its root, so that many points stay where weight is
LAST_ROUNDS = 3  # at T = 1, for the fit to settle

FAR = 1e3  # largest cost: -log of what is as good as impossible
NOWHERE = -1e12  # log pi of what has no finite one: far below all others, and differences of it are still numbers

#: The left tail of the Tracy-Widom law is -log F = |s|^3/24 + |s|^(3/2)/(3 sqrt 2), where s and the number m of
#: eigenvalues expected beyond the point are related by m = (2/(3 pi)) |s|^(3/2): -log F = 3 pi^2/32 m^2 + pi/sqrt(8) m.
TAIL_SQUARE, TAIL = 0.925, 1.11

DISC = Semicircle(variance=0.25)  # of radius 1

SHARP, GUARD = 0.9, 0.1  # shares of the last mixture and of a warm one, which guards against a missed mode
WIDER, GUARD_WIDER = 1.15, 1.3  # factors of their deviations: the stand-in is not exact, and tails must be covered
SPREAD = 1e-3  # added to the variances of all points: they may lie in a plane


class Pilot:
    """The stand-in for the integrand of a question (see :class:`spinglass.montecarlo.question.Question`)."""

    def __init__(self, local, question):
        self.question = question
        self.dims = np.array(question.sizes) - 1
        self.n = self.dims.sum()
        finite = replace(local, fractions=self.dims / self.n)
        self.psi, self.radii = LogDeterminant(finite), finite.edges * np.sqrt(self.n)

    def log_target(self, y):
        """Return log pi at the rows of y."""
        shifts = self.question.shifts_at(y)
        value = self.n * self.psi(shifts / np.sqrt(self.n)) - 0.5 * np.sum(y * y, axis=1)
        for a, k in self.question.asked:
            value = value - self._index_cost(np.flatnonzero(self.question.groups == a), k, shifts)
        return np.maximum(value, NOWHERE)

    def _index_cost(self, species, k, shifts):
        """Return minus the logarithm, roughly, of the probability of index k."""
        if len(species) == 1:
            (s,) = species
            size, radius = self.dims[s], self.radii[s]
            if radius == 0:
                return np.where((shifts[:, s] > 0) == (k == 0), 0.0, FAR)
            y = shifts[:, s] / radius
            expected = size * DISC.cdf(-y)
            out = np.maximum(np.abs(y), 1.0)
            pulled = k if k <= size / 2 else size - k  # eigenvalues outside a bulk that does not cover 0
            cost = np.where(np.abs(y) > 1, pulled * size * deviation(out, float64), 0.0)
        else:
            size, cost = self.dims[species].sum(), np.zeros(len(shifts))
            expected = self._expected(species, shifts)
        missed = np.abs(expected - k)
        return np.minimum(cost + TAIL_SQUARE * missed**2 + TAIL * missed, FAR)

    def _expected(self, species, shifts):
        """Return the expected numbers of negative eigenvalues of the block of several species, one per row."""
        dims = self.dims[species]
        size = dims.sum()
        variance = self.question.variance[np.ix_(species, species)]
        law = BlockGaussian(variance, dims / size, np.zeros(len(species)))
        return np.array([size * shifted(law, d).cdf(0.0) for d in shifts[:, species] / np.sqrt(size)])


def tuned(pilot, question, rng):
    """Return a proposal: rounds of points at falling temperature T, a mixture fitted to pi^(1/T) after each."""
    m = question.shifts.shape[1]
    points = POINTS if all(np.bincount(question.groups) == 1) or not question.asked else FEW
    highest = np.ceil(np.log(1.0 + pilot.n) / np.log(COOLING))  # log pi varies by about n, and g by sqrt(n)
    mixture = wide = broad(np.sqrt(1.0 + pilot.n), m)
    for temperature in [*(COOLING ** np.arange(highest, 0, -1)), *[1.0] * LAST_ROUNDS]:
        y = mixture.sample(rng, points, question.window)
        weights = pilot.log_target(y) / temperature - mixture.log_density(y, question.window)
        weights = np.exp(weights - weights.max())
        wide, mixture = mixture if temperature > 1 else wide, fit(y, weights, _start(y, weights, rng))
    return Mixture(
        np.concatenate([SHARP * mixture.weights, GUARD * wide.weights]),
        np.concatenate([mixture.means, wide.means]),
        np.concatenate([WIDER * mixture.roots, GUARD_WIDER * wide.roots]),
    )


def _start(y, weights, rng):
    """Return components to begin a fit with: centred on points drawn by weight, as wide as all points together."""
    weights = weights / weights.sum()
    chosen = rng.choice(len(y), size=COMPONENTS, p=weights)
    centred = y - weights @ y
    spread = (weights[:, None] * centred).T @ centred + SPREAD * np.eye(y.shape[1])
    roots = np.repeat(np.linalg.cholesky(spread)[None], COMPONENTS, axis=0)
    return Mixture(np.full(COMPONENTS, 1 / COMPONENTS), y[chosen], roots)
