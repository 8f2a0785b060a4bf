r"""The mean number of points of a spiked tensor at finite N, by sampling its Kac-Rice formula.

The loss is :math:`L = W[x^k] - \sqrt{2N}\,\lambda m^k`, :math:`m = \langle v, x\rangle = \cos\varphi`.  At a point,
with :math:`S(\varphi)` the mean of L there and e the direction of the spike in the tangent space, W, its gradient and
the rest of its Hessian are independent, and the spike adds to the last two along e only:

.. math:: \nabla L = \sqrt k\,g - \tfrac{k\sin\varphi}{\cos\varphi} S\,e, \qquad
          \nabla^2 L = \sqrt{k(k-1)}\,\big(X + \theta\,ee^T - x\big), \qquad x = \sqrt{\tfrac k{k-1}}\,L, \quad
          \theta = -\sqrt{2Nk(k-1)}\,\lambda\cos^{k-2}\varphi\sin^2\varphi ,

X the GOE of size n = N - 1 with off-diagonal variance 1.  Integrated over the sphere,

.. math:: E\,\# = \mathrm{vol}(S^{N-2})\Big(\frac{k-1}{2\pi}\Big)^{n/2} \int_0^\pi \sin^{N-2}\varphi\;
          e^{-Nk\lambda^2\cos^{2k-2}\varphi\sin^2\varphi}\; E\,|\det(X + \theta\,ee^T - x)|\,d\varphi ,

L a normal of mean S and variance 1, of which a window keeps a part, as an index does of the matrices.  (Derived here.)
"""

from dataclasses import dataclass

import numpy as np

from spinglass.arithmetic import float64
from spinglass.inputs.capacity import within
from spinglass.montecarlo.estimate import estimated
from spinglass.montecarlo.pilot import TAIL, TAIL_SQUARE
from spinglass.montecarlo.question import SHARED, indices_asked, log_sphere
from spinglass.montecarlo.spike_proposal import Proposal, proposal_of
from spinglass.montecarlo.tridiagonal import spiked_scan_many
from spinglass.running.store import seed_of_run
from spinglass.spectra.semicircle import deviation, log_potential

MOST_ORDER, STRONGEST = 1000, 1e4
FARTHEST = 1e5  # energies: the integrand decays within 1 / (N u), which floats near sqrt(N) u have to resolve


@dataclass(frozen=True)
class Spike:
    """The integral over the angle and the loss: order, strength, N, the window of losses, and the index or None."""

    k: int
    strength: float
    size: int
    window: tuple
    index: int | None

    @property
    def n(self):
        """The size of the Hessian."""
        return self.size - 1

    @property
    def per_loss(self):
        """x/L."""
        return np.sqrt(self.k / (self.k - 1))

    @property
    def log_prefactor(self):
        """The logarithm of what stands before the integral."""
        return float(log_sphere(self.n) + 0.5 * self.n * np.log((self.k - 1) / (2 * np.pi)))

    def mean_loss(self, angle):
        """Return S."""
        return -np.sqrt(2 * self.size) * self.strength * np.cos(angle) ** self.k

    def spike(self, angle):
        """Return theta."""
        size = np.sqrt(2.0 * self.size * self.k * (self.k - 1)) * self.strength
        return -size * np.cos(angle) ** (self.k - 2) * np.sin(angle) ** 2

    def log_known(self, angle, loss):
        """Return the logarithm of the integrand without its determinant."""
        m, sine = np.cos(angle), np.sin(angle)
        volume = (self.size - 2) * np.log(sine)
        gradient = self.size * self.k * self.strength**2 * m ** (2 * self.k - 2) * sine**2
        return volume - gradient - 0.5 * (loss - self.mean_loss(angle)) ** 2 - 0.5 * np.log(2 * np.pi)

    def log_target(self, angle, loss):
        """Return the logarithm, roughly, of the integrand: it steers the samples, an estimate does not depend on it."""
        t, theta = (y / np.sqrt(self.n) for y in (self.per_loss * loss, self.spike(angle)))
        value = self.log_known(angle, loss) + self.n * log_potential(t, float64)
        return value if self.index is None else value - self._index_cost(t, theta)

    def mode(self, angle):
        """Return the loss at which the integrand of all points is largest, at large n, by a quadratic equation."""
        root, a = np.sqrt(self.n), self.per_loss
        mean = self.mean_loss(angle)
        pull, rest = abs(mean) / root, a - 1 / a  # g solves rest g^2 + pull g = 1/a, t = g + 1/g
        g = 2 / a / (pull + np.sqrt(pull**2 + 4 * rest / a))
        inside = 2 * (self.k - 1) / (self.k - 2) * abs(mean)
        return np.copysign(np.where(g < 1, (g + 1 / g) * root / a, inside), mean)

    @property
    def spread(self):
        """The largest standard deviation of the loss at a given angle: that inside the semicircle."""
        return np.sqrt(2 * (self.k - 1) / (self.k - 2))

    def _index_cost(self, t, theta):
        """Return minus the logarithm, roughly, of the probability of the index, of shifts and spikes over sqrt(n)."""
        inside = np.clip(t / 2, -1.0, 1.0)
        below = 0.5 + (inside * np.sqrt(1 - inside**2) + np.arcsin(inside)) / np.pi  # of the semicircle
        missed = np.abs(self.n * below - self.index)
        cost = TAIL_SQUARE * missed**2 + TAIL * missed
        theta = np.broadcast_to(theta, t.shape)
        for side, count in ((-1, self.index), (1, self.n - self.index)):
            beyond = side * t > 2
            cost[beyond] = self._cost_beyond(count, side * t[beyond], side * theta[beyond])
        return cost

    def _cost_beyond(self, count, t, theta):
        """Return the cost of so many eigenvalues beyond t > 2, with a spike theta to that side: it may be one."""
        spiked, theta = theta > 1, np.maximum(theta, 1.0)
        top = theta + 1 / theta  # where its eigenvalue stands; moved, it costs as much as one of a matrix without it
        moved = (t - top) * (t + top - 2 * theta) / 4 - (log_potential(t, float64) - log_potential(top, float64)) / 2
        moved, there, one = self.n * moved, spiked & (t < top), self.n * deviation(t / 2, float64)
        if count == 0:
            return np.where(there, moved, 0.0)
        return (count - 1) * one + np.where(spiked, np.where(there, 0.0, moved), one)


@dataclass(frozen=True)
class SpikedSampler:
    """Angles and losses from a proposal, matrices as they come: each serves several angles and losses."""

    integral: Spike
    proposal: Proposal

    def log_weights(self, rng, count):
        """Return the logarithms of independent unbiased samples of the integral; -inf where the index is another."""
        integral, shape = self.integral, (count, SHARED)
        angle, loss, density = self.proposal.sample(rng, count * SHARED)
        points, spikes = integral.per_loss * loss.reshape(shape), integral.spike(angle).reshape(shape)
        below, logs = np.empty(shape, dtype=np.int64), np.empty(shape)
        spiked_scan_many(rng, integral.n, points, spikes, below, logs)
        weights = logs + (integral.log_known(angle, loss) - density).reshape(shape)
        if integral.index is not None:
            weights = np.where(below == integral.index, weights, -np.inf)
        return np.logaddexp.reduce(weights, axis=1) - np.log(SHARED)


def sample_spiked_count(model, sizes, energies, index, *, samples, rng, executor, store, progress):
    """Return (log-mean, its standard error, effective number of samples, seed, history) of a tensor with a spike."""
    integral = integral_of(model, sizes[0], energies, index)
    parameters = {
        "game": repr(model),
        "sizes": [integral.size],
        "energies": None if energies is None else [[float(u) for u in pair] for pair in energies],
        "index": None if integral.index is None else [int(integral.index)],
    }
    sampler = SpikedSampler(integral, proposal_of(integral))
    how = {"samples": samples, "executor": executor, "store": store, "progress": progress}
    return estimated(sampler, parameters, integral.log_prefactor, seed=seed_of_run(rng, store), **how)


def integral_of(model, size, energies, index):
    """Return the integral that a question puts, if it is one that floats resolve."""
    k = within("k", model.k, MOST_ORDER, "a spike in a tensor of higher order is counted at large N only")
    strength = within("lambda_", float(model.lambda_), STRONGEST, "there is hardly anything but the spike")
    asked = dict(indices_asked(index)).get(0)
    if asked is not None and asked >= size:
        raise ValueError(f"index: expected at most N - 1 = {size - 1} negative eigenvalues, got {asked}")
    low, high = (-np.inf, np.inf) if energies is None else np.array(energies[0], dtype=float)
    if low > FARTHEST or high < -FARTHEST:
        raise ValueError(f"energies: expected a window that reaches into +-{FARTHEST:g}, got ({low:g}, {high:g})")
    root = np.sqrt(size)
    return Spike(k, strength, int(size), (float(root * low), float(root * high)), asked)
