r"""Jacobians whose own blocks are pushed above 0: local Nash equilibria at the edge of what is possible.

At the dominant shifts of a local Nash equilibrium the edge of a player's own block lies at 0, and the exponent would
still grow beyond.  So the counted points have shifts whose own blocks are positive only because their whole edge was
pushed, which happens with the probability :math:`e^{-|s|^3/24}` of the left tail of Tracy and Widom: nearly all blocks
that are drawn as they come are thrown away.  In tridiagonal form (unscaled: diagonal variance 2, off-diagonal
:math:`\chi_{n-i}`) the push that costs least is a drift of the first rows: with :math:`s = n^{1/6}(2\sqrt n - d)`,

.. math:: a_i \to a_i + \tfrac12\delta_i , \qquad b_i \to \chi_k, \; \sqrt k = \sqrt{n-i} - \tfrac14\delta_i, \qquad
          \delta_i = n^{-1/6}\,(s - i\,n^{-1/3})_+ ,

whose cost :math:`\sum_i \delta_i^2/8 \to s^3/24` is that of the tail: at the scale of the edge the rows
are a particle in a potential that rises linearly, and the drift makes it level up to s.  Every sample is weighted
by the ratio of the two densities, so that the mean does not depend on the push.  Blocks that couple the players are
Gaussian, invariant under rotations of each player's coordinates, and drawn in full.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from spinglass.montecarlo.proposal import Mixture
from spinglass.montecarlo.question import Question

LARGEST = 300  # rows of the Jacobian beyond which a block of samples takes too much memory
LEAST = 0.3  # smallest root of the degrees of freedom of a pushed b


@dataclass(frozen=True)
class Pushed:
    """Normals and Jacobians of a question about local Nash equilibria of players with one sphere each."""

    question: Question
    mixture: Mixture

    @staticmethod
    def suits(question):
        """Tell whether this way of sampling exists."""
        count = len(question.sizes)
        if count < 2 or len(set(question.groups)) < count or np.any(np.diag(question.variance) == 0):
            return False
        if min(question.sizes) < 2 or sum(question.sizes) - count > LARGEST:
            return False
        return len(question.asked) == count and not any(k for _, k in question.asked)

    def log_weights(self, rng, count):
        """Return the logarithms of independent unbiased samples of the integral; -inf where the index is another."""
        y = self.mixture.sample(rng, count, self.question.window)
        weights = -0.5 * np.sum(y * y, axis=1) - 0.5 * y.shape[1] * np.log(2 * np.pi)
        weights -= self.mixture.log_density(y, self.question.window)
        jacobian, ratios, positive = self._own_blocks(rng, self.question.shifts_at(y))
        self._couple(rng, jacobian)
        with np.errstate(divide="ignore"):
            logs = np.linalg.slogdet(jacobian[positive])[1]
        result = np.full(count, -np.inf)
        result[positive] = (weights + ratios)[positive] + logs
        return result

    def _own_blocks(self, rng, shifts):
        """Return Jacobians with own blocks only, their log-ratios of densities, and whether these are positive."""
        dims = np.array(self.question.sizes) - 1
        jacobian = np.zeros((len(shifts), dims.sum(), dims.sum()))
        ratios, positive = np.zeros(len(shifts)), np.ones(len(shifts), dtype=bool)
        first = np.cumsum(dims) - dims
        for s, n in enumerate(dims):
            scale = np.sqrt(self.question.variance[s, s])
            diagonal, off_diagonal, log_ratio = pushed_goe(rng, n, shifts[:, s] / scale)
            diagonal += shifts[:, [s]] / scale
            ratios += log_ratio
            positive &= positive_definite(diagonal, off_diagonal)
            rows = first[s] + np.arange(n)
            jacobian[:, rows, rows] = scale * diagonal
            for i, j in ((rows[:-1], rows[1:]), (rows[1:], rows[:-1])):
                jacobian[:, i, j] = scale * off_diagonal
        return jacobian, ratios, positive

    def _couple(self, rng, jacobian):
        """Draw the blocks that couple two players."""
        v, tau = self.question.variance, self.question.covariance
        ends = np.cumsum(np.array(self.question.sizes) - 1)
        places = [slice(end - m + 1, end) for end, m in zip(ends, self.question.sizes, strict=True)]
        for s, t in zip(*np.triu_indices(len(v), 1), strict=True):
            size = np.sqrt(v[s, t])
            slope = tau[s, t] / size if size > 0 else 0.0
            there, rest = rng.standard_normal((2, len(jacobian), *jacobian[0, places[s], places[t]].shape))
            jacobian[:, places[s], places[t]] = size * there
            back = slope * there + np.sqrt(max(v[t, s] - slope**2, 0.0)) * rest
            jacobian[:, places[t], places[s]] = np.swapaxes(back, 1, 2)


def pushed_goe(rng, n, shifts):
    """Return diagonals (K, n), off-diagonals (K, n - 1) and the log-ratios of the densities, theirs over the drawn.

    X + shift is likely to be positive; X is a GOE matrix of diagonal variance 2 once it is weighted by the ratio.
    """
    i = np.arange(n)
    s = n ** (1 / 6) * (2 * np.sqrt(n) - shifts)
    drift = n ** (-1 / 6) * np.maximum(s[:, None] - i * n ** (-1 / 3), 0.0)
    degrees = n - 1.0 - i[:-1]
    fewer = np.maximum(np.sqrt(degrees) - drift[:, :-1] / 4, LEAST) ** 2
    diagonal = np.sqrt(2) * rng.standard_normal(drift.shape) + drift / 2
    squares = rng.chisquare(fewer)
    log_ratio = np.sum(drift**2 / 16 - diagonal * drift / 4, axis=1)
    powers = (degrees - fewer) / 2
    log_ratio += np.sum(powers * np.log(squares / 2) - gammaln(degrees / 2) + gammaln(fewer / 2), axis=1)
    return diagonal, np.sqrt(squares), log_ratio


def positive_definite(diagonal, off_diagonal):
    """Tell which tridiagonal matrices are positive definite: those whose pivots all are positive."""
    pivot = diagonal[:, 0]
    positive = pivot > 0
    for i in range(1, diagonal.shape[1]):
        pivot = diagonal[:, i] - off_diagonal[:, i - 1] ** 2 / np.where(positive, pivot, 1.0)
        positive = positive & (pivot > 0)
    return positive
