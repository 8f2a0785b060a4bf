r"""The mean number of equilibria at finite N, by sampling the Kac-Rice formula, which is exact at every N.

.. math:: E\,\# = \prod_s \mathrm{vol}(S^{N_s-1}) (2\pi V_s)^{-n_s/2}\; E_g\,E_J\big[\,|\det J|\;
          1\{\sqrt N u_- \le V g \le \sqrt N u_+\}\; 1\{\text{indices}\}\,\big], \qquad n_s = N_s - 1,

g standard normal, J the block Gaussian Jacobian with shifts D g.  The integrand is of the size exp(N ..), carried by
rare g: g is drawn from a mixture of tilted Gaussians (importance sampling, :mod:`spinglass.montecarlo.pilot`), J
given g is drawn exactly, and the weights are added as logarithms.
"""

import warnings
from dataclasses import dataclass, field

import numpy as np
from scipy.special import gammaln

from spinglass.montecarlo.blocks import jacobian_many
from spinglass.montecarlo.kernels import goe_scan_many
from spinglass.montecarlo.pilot import Pilot, tuned
from spinglass.montecarlo.proposal import Mixture, Window
from spinglass.montecarlo.run import run
from spinglass.montecarlo.streams import BLOCK, seed_of
from spinglass.spectra.sampling import block_sizes

SHARED = 16  # normals g that share one matrix on one sphere


@dataclass(frozen=True)
class Question:
    """A Kac-Rice integral: arrays of the local law, sizes of the spheres, window and indices."""

    sizes: tuple
    variance: np.ndarray
    covariance: np.ndarray
    signs: np.ndarray
    groups: np.ndarray
    shifts: np.ndarray = field(repr=False)  # of rotated coordinates
    window: Window = field(repr=False)
    index: tuple | None

    @property
    def shared(self):
        """How many rows of y share one matrix: a tridiagonal one is read at many shifts for the price of drawing it."""
        return SHARED if len(self.sizes) == 1 else 1

    def determinants(self, rng, y):
        """Draw a Jacobian per ``shared`` rows of y; return log|det J| and every player's index, row by row."""
        shifts = y @ self.shifts.T
        count = len(y)
        logs = np.empty(count)
        if len(self.sizes) == 1:
            n, scale = self.sizes[0] - 1, np.sqrt(self.variance[0, 0])
            points = (-shifts / scale).reshape(-1, self.shared)
            counts, values = np.empty(points.shape, dtype=np.int64), np.empty(points.shape)
            goe_scan_many(rng, n, points, counts, values)
            return values.ravel() + n * np.log(scale), counts.reshape(-1, 1)
        dims = np.array(self.sizes) - 1
        dets, inertia = np.empty(count, dtype=np.int8), np.empty((count, self.groups.max() + 1), dtype=np.int64)
        jacobian_many(rng, dims, self.variance, self.covariance, self.signs, shifts, self.groups, logs, dets, inertia)
        return logs, inertia

    def missed(self, inertia):
        """Return by how much the indices differ from the ones asked for."""
        if self.index is None:
            return np.zeros(len(inertia))
        return sum(np.abs(inertia[:, a] - k) for a, k in enumerate(self.index) if k is not None) + 0.0


@dataclass(frozen=True)
class Task:
    """Samples start..stop of a question under one proposal, reduced to (log-scale, sum, sum of squares, hits)."""

    question: Question
    mixture: Mixture

    def __call__(self, start, stop, streams):
        """Return the record of a chunk."""
        parts = []
        for block in range(start // BLOCK, -(-stop // BLOCK)):
            first = block * BLOCK
            weights = self.log_weights(streams(block), BLOCK)
            parts.append(weights[max(start - first, 0) : stop - first])
        return reduced(np.concatenate(parts))

    def log_weights(self, rng, count):
        """Return the logarithms of independent unbiased samples of the integral; -inf where the index is another."""
        shared = self.question.shared
        y = self.mixture.sample(rng, count * shared, self.question.window)
        logs, inertia = self.question.determinants(rng, y)
        weights = logs - 0.5 * np.sum(y * y, axis=1) - 0.5 * y.shape[1] * np.log(2 * np.pi)
        weights -= self.mixture.log_density(y, self.question.window)
        weights = np.where(self.question.missed(inertia) == 0, weights, -np.inf)
        return np.logaddexp.reduce(weights.reshape(count, shared), axis=1) - np.log(shared)


def reduced(weights):
    """Return (largest log-weight, sum and sum of squares relative to it, number of non-zero weights)."""
    top = weights.max(initial=-np.inf)
    if top == -np.inf:
        return np.array([-np.inf, 0.0, 0.0, 0.0])
    relative = np.exp(weights - top)
    return np.array([top, relative.sum(), (relative**2).sum(), np.count_nonzero(relative)])


def joined(a, b):
    """Return the record of two chunks together."""
    top = max(a[0], b[0])
    if top == -np.inf:
        return a
    f, g = np.exp(a[0] - top), np.exp(b[0] - top)
    return np.array([top, a[1] * f + b[1] * g, a[2] * f * f + b[2] * g * g, a[3] + b[3]])


def question_of(game, sizes, energies, index):
    """Return the question and the logarithm of its prefactor."""
    law = game.local_law()
    n, dims = sum(sizes), np.array(sizes) - 1
    prefactor = sum(log_sphere(m) for m in sizes) - 0.5 * dims @ np.log(2 * np.pi * law.gradient_variance)
    rows, lower, upper = law.losses[:0], np.zeros(0), np.zeros(0)
    if energies is not None:
        keep = _independent(law.losses)
        if len(keep) < len(law.losses):
            raise NotImplementedError("energies: windows of losses that determine each other are not available here")
        rows, (lower, upper) = law.losses, np.sqrt(n) * np.array(energies, dtype=float).T
    basis = rotation(rows, law.shifts)
    triangle = rows @ basis[:, : len(rows)]
    groups = np.array([next(a for a, moved in enumerate(law.players) if s in moved) for s in range(len(sizes))])
    question = Question(
        sizes=tuple(int(m) for m in sizes),
        variance=law.jacobian_variance,
        covariance=law.jacobian_covariance,
        signs=np.zeros(len(sizes)) if law.signs is None else np.array(law.signs, dtype=float),
        groups=groups,
        shifts=law.shifts @ basis,
        window=Window(triangle, lower, upper),
        index=index,
    )
    return question, float(prefactor)


def log_sphere(m):
    """Return the logarithm of the area of the unit sphere in R^m."""
    return np.log(2) + 0.5 * m * np.log(np.pi) - gammaln(0.5 * m)


def rotation(rows, shifts):
    """Return orthonormal columns: first those that make the rows lower triangular, then what else moves the shifts."""
    m = shifts.shape[1]
    first = np.linalg.qr(rows.T)[0] if len(rows) else np.empty((m, 0))
    rest = shifts - (shifts @ first) @ first.T
    _, size, right = np.linalg.svd(rest, full_matrices=False)
    return np.hstack([first, right[size > 1e-12 * np.linalg.norm(shifts, 2)].T])


def _independent(rows):
    size = 1e-12 * np.linalg.norm(rows, 2)
    return [i for i in range(len(rows)) if np.linalg.matrix_rank(rows[: i + 1], tol=size) > i]


def sample_mean_count(game, n, energies, index, samples, rng, executor, store, progress):
    """Return (log-mean, its standard error, effective number of samples, seed)."""
    sizes = tuple(n) if isinstance(n, (tuple, list)) else block_sizes(game.local_law().fractions, n, least=2)
    question, prefactor = question_of(game, sizes, energies, index)
    seed = seed_of(rng, store)
    pilot = Pilot(game.local_law(), question)
    task = Task(question, tuned(pilot, question, np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))))
    parameters = {
        "game": repr(game),
        "sizes": [int(m) for m in sizes],
        "energies": None if energies is None else [[float(u) for u in pair] for pair in energies],
        "index": None if index is None else list(index),
    }
    total = np.array([-np.inf, 0.0, 0.0, 0.0])
    for record in run(
        task, samples, parameters=parameters, rng=seed, executor=executor, store=store, progress=progress
    ):
        total = joined(total, record)
    top, first, second, _ = total
    if top == -np.inf:
        raise ArithmeticError(
            f"none of {samples} samples met the conditions: try more samples, a wider window or a lower index"
        )
    effective = first**2 / second
    if effective < 100:
        warnings.warn(
            f"the effective sample size is only {effective:.0f} of {samples}: its error is not to be trusted; "
            "take more samples, or ask where such points are less rare (a smaller n, a wider window, another index)",
            RuntimeWarning,
            stacklevel=3,
        )
    log_mean = prefactor + top + np.log(first / samples)
    return log_mean, float(np.sqrt(max(second / first**2 - 1 / samples, 0.0))), float(effective), seed
