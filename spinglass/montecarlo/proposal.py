r"""Where to sample: a mixture of tilted Gaussians, with losses kept inside their windows.

The normals are rotated so that the losses depend on the first coordinates only, lower triangular:
:math:`L = T y_{1..r}`.  A component draws :math:`y = \mu + \Lambda\epsilon`, :math:`\Lambda` lower triangular,
coordinate by coordinate, each normal :math:`\epsilon_i` cut to the interval that the windows leave; its density is

.. math:: q(y) = \prod_i \frac{\varphi(\epsilon_i)}{\Lambda_{ii}\,(\Phi(b_i) - \Phi(a_i))} .
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

ROUNDS = 15  # of a fit: half or twice as many give the same effective sample sizes up to their scatter
FLOOR = 1e-3  # smallest variance: a component may not collapse onto a lucky point
LIGHT = 1e-3  # a component with less of the mass is dropped: its covariance is that of a few points


@dataclass(frozen=True)
class Window:
    """Bounds of the losses in rotated coordinates: lower <= triangle @ y[:r] <= upper."""

    triangle: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def limits(self, y, i):
        """Return the interval left for coordinate i, given those before it; y has one row per sample."""
        scale = self.triangle[i, i]
        before = y[:, :i] @ self.triangle[i, :i]
        ends = (self.lower[i] - before) / scale, (self.upper[i] - before) / scale
        return ends if scale > 0 else ends[::-1]


@dataclass(frozen=True)
class Mixture:
    """Weights (K,), means (K, m) and lower triangular roots (K, m, m) of the components."""

    weights: np.ndarray
    means: np.ndarray
    roots: np.ndarray

    def sample(self, rng, count, window):
        """Return ``count`` points y, one per row."""
        chosen = np.searchsorted(np.cumsum(self.weights)[:-1], rng.random(count), side="right")
        uniform = rng.random((count, self.means.shape[1]))
        y = np.empty_like(uniform)
        for k in range(len(self.weights)):
            rows = np.flatnonzero(chosen == k)
            y[rows] = self._component(k, uniform[rows], window)
        return y

    def _component(self, k, uniform, window):
        """Map uniform numbers to one component."""
        mean, root = self.means[k], self.roots[k]
        y, eps = np.empty_like(uniform), np.empty_like(uniform)
        for i in range(len(mean)):
            centre = mean[i] + eps[:, :i] @ root[i, :i]
            if i < len(window.lower):
                low, high = window.limits(y, i)
                eps[:, i] = truncated_normal(uniform[:, i], (low - centre) / root[i, i], (high - centre) / root[i, i])
                y[:, i] = np.clip(centre + root[i, i] * eps[:, i], low, high)
            else:
                eps[:, i] = truncated_normal(uniform[:, i], -np.inf, np.inf)
                y[:, i] = centre + root[i, i] * eps[:, i]
        return y

    def log_density(self, y, window):
        """Return log q at the rows of y, which must lie in the window."""
        terms = np.empty((len(self.weights), len(y)))
        for k, weight in enumerate(self.weights):
            mean, root = self.means[k], self.roots[k]
            eps = np.empty_like(y)
            total = np.full(
                len(y), np.log(weight) - 0.5 * y.shape[1] * np.log(2 * np.pi) - np.sum(np.log(np.diag(root)))
            )
            for i in range(len(mean)):
                centre = mean[i] + eps[:, :i] @ root[i, :i]
                eps[:, i] = (y[:, i] - centre) / root[i, i]
                total -= 0.5 * eps[:, i] ** 2
                if i < len(window.lower):
                    low, high = window.limits(y, i)
                    total -= log_interval((low - centre) / root[i, i], (high - centre) / root[i, i])
            terms[k] = total
        return np.logaddexp.reduce(terms, axis=0)


def log_interval(low, high):
    """Return log(Phi(high) - Phi(low)) for low < high without loss in the tails."""
    low, high = np.broadcast_arrays(low, high)
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    outer, inner = log_ndtr(b), log_ndtr(a)
    with np.errstate(divide="ignore"):
        return outer + np.log(-np.expm1(np.minimum(inner - outer, 0.0)))


def truncated_normal(uniform, low, high):
    """Map uniform numbers to standard normals between low and high, in whichever tail they lie."""
    low, high = np.broadcast_arrays(np.asarray(low, dtype=float), np.asarray(high, dtype=float))
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    log_a, log_width = log_ndtr(a), log_interval(a, b)
    with np.errstate(divide="ignore"):
        share = np.log(np.where(flip, 1 - uniform, uniform))
        value = ndtri_exp(np.minimum(np.logaddexp(log_a, share + log_width), 0.0))
    return np.where(flip, -1.0, 1.0) * np.clip(value, a, b)


def broad(scale, m):
    """Return one wide component around the origin."""
    return Mixture(np.ones(1), np.zeros((1, m)), scale * np.eye(m)[None])


def fit(y, weights, start):
    """Fit a mixture to weighted points by expectation and maximisation, from the components of ``start``."""
    weights = weights / weights.sum()
    mixture, none = start, Window(np.zeros((0, 0)), np.zeros(0), np.zeros(0))
    for _ in range(ROUNDS):
        parts = [
            np.log(w) + Mixture(np.ones(1), mean[None], root[None]).log_density(y, none)
            for w, mean, root in zip(mixture.weights, mixture.means, mixture.roots, strict=True)
        ]
        share = np.exp(parts - np.logaddexp.reduce(parts, axis=0)) * weights
        mass = share.sum(axis=1)
        keep = mass > LIGHT
        means, roots = [], []
        for part, total in zip(share[keep], mass[keep], strict=True):
            mean = part @ y / total
            centred = y - mean
            covariance = (part[:, None] * centred).T @ centred / total + FLOOR * np.eye(y.shape[1])
            means.append(mean)
            roots.append(np.linalg.cholesky(covariance))
        mixture = Mixture(mass[keep] / mass[keep].sum(), np.array(means), np.array(roots))
    return mixture
