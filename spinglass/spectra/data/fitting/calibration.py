r"""Errors and p-values by what a fit does to spectra that were sampled from the fitted law.

.. math:: \hat u^* - \hat u = (J^TJ)^{-1}J^T\,(r^* - r_\theta) + O(n^{-2})

One step of Gauss and Newton refits a sampled spectrum: modes fluctuate by O(1), those of a law grow like n, so that
what the step leaves out is of relative order 1/n.  Where spikes are many, what they take at the edge moves with it
and is not linear, and sampled spectra are fitted to the end.  The mean of the steps is the bias, as large as the error
itself for real symmetric matrices (the trace of the square of a GOE matrix is too large by 1/n); it is subtracted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spinglass.running.streams import generator, seed_sequence
from spinglass.spectra.data.fitting.distances import Staircase
from spinglass.spectra.data.fitting.ensembles import eigenvalues, has_ensemble, realised
from spinglass.spectra.data.fitting.planted import planted, strengths, worth_planting
from spinglass.spectra.data.fitting.spectrum import chebyshev

__all__ = ["has_ensemble"]  # for those who calibrate
ROUGHLY = 1e-5  # of the sum of squares, to which sampled spectra are fitted: a small part of their scatter
ERRORS = ("bootstrap", "matrices", "eigenvalues", "gas")


@dataclass(frozen=True)
class Calibration:
    """Steps of the coordinates about the truth, shape (B, P), their bias (P,), and distances of refits, (B, 3)."""

    steps: np.ndarray
    bias: np.ndarray
    distances: np.ndarray | None


def sampled(criterion, coordinates, data, samples, seed, ensemble):
    """Return the Calibration by matrices of the fitted law, as many and as large as those of the data."""
    law, data = criterion.family.law(coordinates), criterion.seen(data)
    spiked = worth_planting(data, criterion.kind)
    size = data if spiked else data.empty(data.n - data.outliers.size // data.matrices)
    spikes = strengths(law, data.outliers, criterion.kind) if spiked else None
    streams = (generator(seed_sequence(seed, "calibration", i)) for i in range(samples))
    drawn = [_draw(criterion, law, data, size.n, spikes, rng, ensemble) for rng in streams]
    inverse, centre = _inverse(criterion, coordinates, data), criterion.predicted(law, size)
    truth = law if ensemble else realised(law, size.n)
    base = inverse @ (criterion.predicted(truth, size) - centre)
    refitted = _descents if spiked else _steps
    steps, distances_at = refitted(criterion, coordinates, drawn, size, inverse, centre)
    bias = steps.mean(0) - base
    return Calibration(steps - base - bias, bias, distances_at(bias))


def _steps(criterion, coordinates, drawn, size, inverse, centre):
    """Return one step of Gauss and Newton for each drawn spectrum, and their distances as a function of the bias."""
    residuals = np.array([criterion.observed(one) - centre for one in drawn])
    steps, slopes = residuals @ inverse.T, criterion.slopes(coordinates, size)
    stairs = Staircase.around(criterion, coordinates, size)

    def distances(bias):
        return np.array(
            [
                (*stairs.distances(one, step), energy(miss - slopes @ step))
                for one, step, miss in zip(drawn, steps - bias, residuals, strict=True)
            ]
        )

    return steps, distances


def _descents(criterion, coordinates, drawn, size, inverse, centre):
    """Return the same by fits to the end: what many spikes take at an edge moves with it, which is not linear."""
    steps = np.array([criterion.minimise(one, coordinates, ROUGHLY)[0] for one in drawn]) - coordinates

    def distances(bias):
        rows = []
        for one, step in zip(drawn, steps - bias, strict=True):
            stairs = Staircase.of(criterion, criterion.family.law(coordinates + step), one)
            miss = criterion.residuals(coordinates + step, one, criterion.observed(one))
            rows.append((*stairs.distances(one), energy(miss)))
        return np.array(rows)

    return steps, distances


def _draw(criterion, law, data, n, spikes, rng, ensemble):
    """Return one sampled Spectrum, with spikes if there are any, shared out evenly over the matrices."""
    if spikes is None:
        return data.of(np.array([eigenvalues(law, n, rng, ensemble) for _ in range(data.matrices)]))
    shares = [spikes[i :: data.matrices] for i in range(data.matrices)]
    rows, masks = zip(*(planted(law, n, one, criterion.kind, rng, ensemble) for one in shares), strict=True)
    return data.of(np.array(rows), np.array(masks))


def over_matrices(criterion, coordinates, data, rows, outliers, samples, rng):
    """Return steps by resampling of matrices."""
    data = criterion.seen(data)
    inverse = _inverse(criterion, coordinates, data)
    single = np.array(
        [criterion.observed(data.of(row[None], out[None])) for row, out in zip(rows, outliers, strict=True)]
    )
    single = (single - single.mean(0)) @ inverse.T
    m = len(rows)
    shares = rng.multinomial(m, np.full(m, 1 / m), size=samples) / m
    return shares @ single * np.sqrt(m / (m - 1))


def over_eigenvalues(criterion, coordinates, data, samples, rng):
    """Return steps by resampling of eigenvalues as if they were independent."""
    data = criterion.seen(data)
    inverse, size = _inverse(criterion, coordinates, data), data.bulk.size
    each = criterion.weights(data.orders)[:, None] * chebyshev(data.unit(data.bulk), data.orders) / data.matrices
    counts = rng.multinomial(size, np.full(size, 1 / size), size=samples) - 1
    return counts @ each.T @ inverse[:, : data.orders].T


def as_gas(criterion, coordinates, data, samples, rng):
    """Return steps of modes that are independent normals, as those of a log gas with one bulk are."""
    data = criterion.seen(data)
    inverse, k = _inverse(criterion, coordinates, data), np.arange(1, data.orders + 1)
    scatter = criterion.weights(data.orders) * np.sqrt(k / 2) / np.sqrt(data.matrices)
    return rng.standard_normal((samples, data.orders)) * scatter @ inverse[:, : data.orders].T


def energy(residuals):
    """Return the sum of squares of the modes."""
    return float(np.sum(residuals[:-1] ** 2))


def _inverse(criterion, coordinates, data):
    """Return what turns residuals into a step of the coordinates."""
    return np.linalg.pinv(criterion.slopes(coordinates, data))
