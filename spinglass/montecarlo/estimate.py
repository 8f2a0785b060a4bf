r"""The mean number of equilibria at finite N, by sampling the Kac-Rice formula, which is exact at every N.

.. math:: E\,\# = \prod_s \mathrm{vol}(S^{N_s-1}) (2\pi V_s)^{-n_s/2}\; E_g\,E_J\big[\,|\det J|\;
          1\{\sqrt N u_- \le V g \le \sqrt N u_+\}\; 1\{\text{indices}\}\,\big], \qquad n_s = N_s - 1,

g standard normal, J the block Gaussian Jacobian with shifts D g (plus sqrt(N) times the offset of a law that has one).
The integrand is of the size exp(N ..), carried by rare g: g is drawn from a mixture of tilted Gaussians (importance
sampling, :mod:`spinglass.montecarlo.pilot`), J given g is drawn exactly, and the weights are added as logarithms.
"""

import warnings
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from spinglass.montecarlo.chosen_spectra import Spectral
from spinglass.montecarlo.pilot import Pilot, tuned
from spinglass.montecarlo.proposal import Mixture
from spinglass.montecarlo.pushed_spectra import Pushed
from spinglass.montecarlo.question import Question, question_of
from spinglass.running.run import run
from spinglass.running.store import seed_of_run
from spinglass.running.streams import BLOCK, generator, seed_sequence

NOTHING = np.array([-np.inf, 0.0, 0.0, 0.0])  # the record of no samples
CHUNK = 1024  # samples between two rows of a history, if there are not too many of them
ROWS = 400  # of a history, at most
FEW = 100  # effective samples: the scatter of so few heavy weights tells little of their error


@dataclass(frozen=True)
class Plain:
    """Normals from a mixture, Jacobians as they come."""

    question: Question
    mixture: Mixture

    def log_weights(self, rng, count):
        """Return the logarithms of independent unbiased samples of the integral; -inf where the index is another."""
        shared = self.question.shared
        y = self.mixture.sample(rng, count * shared, self.question.window)
        logs, inertia = self.question.determinants(rng, y)
        weights = logs - 0.5 * np.sum(y * y, axis=1) - 0.5 * y.shape[1] * np.log(2 * np.pi)
        weights -= self.mixture.log_density(y, self.question.window)
        weights = np.where(self.question.missed(inertia) == 0, weights, -np.inf)
        return np.logaddexp.reduce(weights.reshape(count, shared), axis=1) - np.log(shared)


@dataclass(frozen=True)
class Task:
    """Samples start..stop of a sampler, reduced to (log-scale, sum, sum of squares, hits)."""

    sampler: Any

    def __call__(self, start, stop, streams):
        """Return the record of a chunk."""
        parts = []
        for block in range(start // BLOCK, -(-stop // BLOCK)):
            first = block * BLOCK
            weights = self.sampler.log_weights(streams(block), BLOCK)
            parts.append(weights[max(start - first, 0) : stop - first])
        return reduced(np.concatenate(parts))


def reduced(weights):
    """Return (largest log-weight, sum and sum of squares relative to it, number of non-zero weights)."""
    top = weights.max(initial=-np.inf)
    if top == -np.inf:
        return NOTHING
    relative = np.exp(weights - top)
    return np.array([top, relative.sum(), (relative**2).sum(), np.count_nonzero(relative)])


def joined(a, b):
    """Return the record of two chunks together."""
    top = max(a[0], b[0])
    if top == -np.inf:
        return a
    f, g = np.exp(a[0] - top), np.exp(b[0] - top)
    return np.array([top, a[1] * f + b[1] * g, a[2] * f * f + b[2] * g * g, a[3] + b[3]])


def sample_mean_count(model, sizes, energies, index, *, samples, rng, executor, store, progress):
    """Return (log-mean, its standard error, effective number of samples, seed, history)."""
    local = model.local_law()
    question, prefactor = question_of(local, sizes, energies, index)
    seed = seed_of_run(rng, store)
    pilot = Pilot(local, question)
    mixture = tuned(pilot, question, generator(seed_sequence(seed, "pilot")))
    way = next((way for way in (Spectral, Pushed) if way.suits(question)), Plain)
    parameters = {
        "game": repr(model),
        "sizes": [int(m) for m in sizes],
        "energies": None if energies is None else [[float(u) for u in pair] for pair in energies],
        "index": [dict(question.asked).get(a) for a in range(len(model.players))] if question.asked else None,
    }
    how = {"executor": executor, "store": store, "progress": progress}
    return estimated(way(question, mixture), parameters, prefactor, samples=samples, seed=seed, **how)


def estimated(sampler, parameters, prefactor, *, samples, seed, executor, store, progress):
    """Run a sampler; return (log-mean, its standard error, effective number of samples, seed, history)."""
    how = {"chunk": CHUNK, "executor": executor, "store": store, "progress": progress}
    running = run(Task(sampler), samples, parameters=parameters, rng=seed, **how)
    records = list(accumulate(running, joined, initial=NOTHING))
    log_mean, stderr, effective = averaged(records[-1], samples, prefactor)
    if effective < FEW:
        asked = ", ".join(f"{name} {value}" for name, value in parameters.items() if name != "game" and value)
        warnings.warn(
            f"the effective sample size is only {effective:.0f} of {samples} ({asked}): "
            "its error is not to be trusted; take more samples, or ask where such points are less rare "
            "(a smaller n, a wider window, another index)",
            RuntimeWarning,
            stacklevel=5,
        )
    return log_mean, stderr, effective, seed, history(records[1:], samples, prefactor)


def averaged(record, samples, prefactor):
    """Return the logarithm of prefactor and mean weight, its standard error, and the effective number of samples."""
    top, first, second, _ = record
    if top == -np.inf:
        raise ArithmeticError(
            f"none of {samples} samples met the conditions: try more samples, a wider window or a lower index"
        )
    stderr = np.sqrt(max(second / first**2 - 1 / samples, 0.0))
    return prefactor + top + np.log(first / samples), float(stderr), float(first**2 / second)


def history(running, samples, prefactor):
    """Return what was known after ever more samples: rows of samples, log-mean, standard error, effective samples.

    ``running`` are the records of all samples up to the end of every chunk.  Rows before the first sample that met the
    conditions are left out; of more than 400 chunks those at numbers in geometric progression are kept.
    """
    kept = np.unique(np.geomspace(1, len(running), ROWS).round().astype(int))
    done = [(min(int(k) * CHUNK, samples), running[k - 1]) for k in kept]
    rows = [(m, *averaged(record, m, prefactor)) for m, record in done if record[0] > -np.inf]
    return np.array(rows, dtype=float)
