r"""Spectra by sampling: histograms of eigenvalues with error bars, and mean log-determinants.

Every sample is one matrix of a law or Hessian, diagonalised; with h_i the share of its eigenvalues in a bin divided by
the width of the bin, the density there is the mean of h_i and its standard error that of a mean of independent numbers
(eigenvalues of one matrix repel each other: they are not independent, matrices are).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.capacity import dense, within
from spinglass.inputs.checks import checked_integer, measured, shown
from spinglass.inputs.plotted import Plotted
from spinglass.running.run import run
from spinglass.running.store import seed_of_run
from spinglass.running.streams import BLOCK

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from spinglass.inputs.annotations import FilePath, Numbers, Sampler, Seed

SAMPLES, BINS = 10**9, 10**6


@dataclass(frozen=True)
class SampledSpectrum(Plotted):
    r"""Means over sampled matrices.

    Attributes
    ----------
    edges : (bins + 1,) array
        Of the histogram.
    density, stderr : (bins,) array
        Mean share of eigenvalues per unit length, and its standard error.
    mean_log_det, log_det_stderr : float
        Of :math:`\frac1n\log|\det|`, in nats per dimension.
    n, samples, seed : int
        Size and number of matrices; the seed that gives them again.
    """

    _picture = "sampled"

    edges: np.ndarray
    density: np.ndarray
    stderr: np.ndarray
    mean_log_det: float
    log_det_stderr: float
    n: int
    samples: int
    seed: int


@dataclass(frozen=True)
class _Diagonalise:
    """Sums and sums of squares, over samples start..stop, of the bins and of the mean log of the eigenvalues."""

    source: Any
    n: int
    edges: tuple

    def __call__(self, start, stop, streams):
        """Return the record of a chunk."""
        first, second = np.zeros(len(self.edges)), np.zeros(len(self.edges))
        for block in range(start // BLOCK, -(-stop // BLOCK)):
            rng = streams(block)
            for i in range(block * BLOCK, min((block + 1) * BLOCK, stop)):
                eigenvalues = np.linalg.eigvalsh(self.source.sample(self.n, rng=rng))
                if i >= start:
                    shares = np.histogram(eigenvalues, self.edges)[0] / self.n / np.diff(self.edges)
                    with np.errstate(divide="ignore"):  # a matrix without full rank has the log-determinant -inf
                        row = np.append(shares, np.mean(np.log(np.abs(eigenvalues))))
                    first, second = first + row, second + row * row
        return np.concatenate([first, second])


def sampled_spectrum(
    source: Sampler,
    n: int,
    samples: int = 100,
    bins: int | Numbers = 80,
    *,
    rng: Seed = None,
    executor: Executor | None = None,
    store: FilePath | None = None,
    progress: bool = False,
) -> SampledSpectrum:
    """Return the spectrum of sampled matrices with error bars, and their mean log-determinant.

    Parameters
    ----------
    source : object with ``sample(n, rng=)`` and ``law`` or ``support``
        A spectral law, or ``model.hessian(...)`` of a game whose Hessian is symmetric.
    n : int
        Size of the matrices, at least 2.
    samples : int
        Number of matrices, at least 2.
    bins : int or array
        Number of bins over the support (a little widened), or their edges.
    rng, executor, store, progress
        As for :func:`spinglass.mean_count`.

    Returns
    -------
    SampledSpectrum
        To be drawn by ``.plot(law=law)``.

    Raises
    ------
    ValueError, TypeError
        For wrong arguments.

    Examples
    --------
    >>> import spinglass as sg
    >>> hessian = sg.gan(p=3, q=2, sigma_z=.5, kappa=.6).hessian()
    >>> sampled = sg.montecarlo.sampled_spectrum(hessian, 100, samples=20, bins=10, rng=1)
    >>> print(abs(sampled.mean_log_det - hessian.law.log_potential(0.)) < 5 * sampled.log_det_stderr + 0.02)
    True
    """
    n, samples = checked_integer("n", n, 2), checked_integer("samples", samples, 2)
    within("samples", samples, SAMPLES, "a run of fewer tells the error")
    dense(n)
    if not hasattr(source, "sample"):
        raise TypeError(f"source: expected a law or model.hessian(), got {shown(source)}")
    edges = _edges(source, n, bins)
    seed = seed_of_run(rng, store)
    parameters = {"source": repr(source), "n": n, "edges": [float(x) for x in edges]}
    task = _Diagonalise(source, n, tuple(edges))
    records = run(
        task, samples, parameters=parameters, rng=seed, chunk=BLOCK, executor=executor, store=store, progress=progress
    )
    first, second = np.split(np.sum(records, axis=0), 2)
    mean = first / samples
    known = np.isfinite(mean)  # of an infinite mean no error is known
    spread = second[known] / samples - mean[known] ** 2
    error = np.full(mean.shape, np.inf)
    error[known] = np.sqrt(np.maximum(spread, 0) / (samples - 1))
    return SampledSpectrum(
        edges, mean[:-1], error[:-1], float(mean[-1]), float(error[-1]), n=n, samples=samples, seed=seed
    )


def _edges(source, n, bins):
    """Return the edges of the bins: given, or over the support widened by what finite matrices need."""
    if np.ndim(bins):
        edges = measured("bins", bins)
        if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0):
            raise ValueError(f"bins: expected a number or increasing edges, got {shown(bins)}")
        return edges
    law = getattr(source, "law", source)
    places = [*np.ravel(law.support), *(place for place, _ in law.atoms)]
    low, high = min(places), max(places)
    if low == high:  # all mass in one place
        low, high = low - 0.5, high + 0.5
    margin = (high - low) * n ** (-2 / 3)
    bins = within("bins", checked_integer("bins", bins, 1), BINS, "try fewer")
    return np.linspace(low - margin, high + margin, bins + 1)
