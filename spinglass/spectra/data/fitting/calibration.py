r"""Errors and p-values by what a fit does to spectra that were sampled from the fitted law.

.. math:: \hat u^* - \hat u = (J^TJ)^{-1}J^T\,(r^* - r_\theta) + O(n^{-2})

One step of Gauss and Newton refits a sampled spectrum: modes fluctuate by O(1), those of a law grow like n, so that
what the step leaves out is of relative order 1/n.  The mean of the steps is the bias, as large as the error itself for
real symmetric matrices (the trace of the square of a GOE matrix is too large by 1/n); it is subtracted.

Where spikes are many, they push each other's outliers apart and bend the bulk beyond what is known of first order in
their number.  Then law and spikes are moved until spectra that are sampled from them have, in the mean, the fit and the
outliers that were found, and these are fitted to the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spinglass.running.streams import generator, seed_sequence
from spinglass.spectra.data.fitting.distances import Staircase
from spinglass.spectra.data.fitting.ensembles import checked_ensemble, eigenvalues, has_ensemble, realised
from spinglass.spectra.data.fitting.gas import gas
from spinglass.spectra.data.fitting.outside.planted import planted, strengths, worth_planting
from spinglass.spectra.data.fitting.spectrum import chebyshev

ROUGHLY = 1e-4  # of the sum of squares, to which sampled spectra are fitted: a small part of their scatter
MATCHES = (24, 24)  # spectra by which spikes are found before the others are sampled
PUSH = 1.3  # of what outliers are off, since crowded ones follow their spikes by two thirds only
RESAMPLED = 999  # resamplings of given eigenvalues, which cost nothing


@dataclass(frozen=True)
class Calibration:
    """Steps of the coordinates about the truth, shape (B, P), and their bias (P,).

    With them the distances of the data from the law without bias, (3,), and those of refits, (B, 3).
    """

    steps: np.ndarray | None
    bias: np.ndarray
    distances: np.ndarray
    refits: np.ndarray | None


def calibrated(criterion, found, rows, errors, samples, ensemble, seed):
    """Return the Calibration of a fit to eigenvalues."""
    data, u = criterion.seen(found.data), found.coordinates
    bias, steps, refits = np.zeros(u.size), None, None
    if errors == "bootstrap":
        checked_ensemble(found.law, ensemble)
    if errors is not None and (ensemble or has_ensemble(found.law)):
        steps, bias, refits = sampled(criterion, u, data, samples, seed, ensemble)
    rng = generator(seed_sequence(seed, "calibration", samples))
    if errors == "matrices":
        steps = over_matrices(criterion, u, data, rows, found.mask, RESAMPLED, rng)
    elif errors == "eigenvalues":
        steps = over_eigenvalues(criterion, u, data, RESAMPLED, rng)
    elif errors == "gas":
        steps = as_gas(criterion, u, data, RESAMPLED, rng)
        if refits is None:
            mean = gas(found.law, data, criterion.weights(data.orders))[0]
            bias = _inverse(criterion, u, data)[:, : data.orders] @ mean
    miss = criterion.residuals(u - bias, data, criterion.observed(data))
    stairs = Staircase.of(criterion, criterion.family.law(u - bias), data)
    return Calibration(steps, bias, np.array([*stairs.distances(data), energy(miss)]), refits)


def sampled(criterion, coordinates, data, samples, seed, ensemble):
    """Return steps, bias and distances of refits by matrices of the fitted law, as many and as large as the data's."""
    data = criterion.seen(data)
    streams = [seed_sequence(seed, "calibration", i) for i in range(samples)]
    if worth_planting(data, criterion.kind):
        return _matched(criterion, coordinates, data, streams, ensemble)
    law, size = criterion.family.law(coordinates), data.empty(data.n - data.outliers.size // data.matrices)
    drawn = [_draw(law, data, size.n, generator(stream), ensemble) for stream in streams]
    inverse, centre = _inverse(criterion, coordinates, data), criterion.predicted(law, size)
    base = _rounding(criterion, law, size, inverse, ensemble)
    residuals = np.array([criterion.observed(one) for one in drawn]) - centre
    steps = residuals @ inverse.T
    bias = steps.mean(0) - base
    distances = _distances(criterion, coordinates, size, drawn, steps - bias, residuals)
    distances[:, :2] *= size.n / data.n  # which are given for an eigenvalue of the matrix, outliers in
    return steps - base - bias, bias, distances


def _matched(criterion, coordinates, data, streams, ensemble):
    """Return the same by a law and spikes whose spectra have, in the mean, this fit and these outliers."""
    inverse, truth, places = _inverse(criterion, coordinates, data), coordinates, data.outliers
    for few in (*MATCHES, len(streams)):
        law = criterion.family.law(truth)
        spikes = strengths(law, places, criterion.kind)
        drawn = [_planted(criterion, law, data, spikes, generator(stream), ensemble) for stream in streams[:few]]
        fits = _refits(criterion, coordinates, drawn)
        bias = fits.mean(0) - truth - _rounding(criterion, law, data, inverse, ensemble)
        truth = coordinates - bias
        places = places + PUSH * (data.outliers - np.mean([one.outliers for one in drawn], axis=0))
    return fits - fits.mean(0), bias, _apart(criterion, fits - bias, drawn)


def _refits(criterion, coordinates, drawn):
    """Return fits to the end of drawn spectra."""
    return np.array([criterion.minimise(one, coordinates, ROUGHLY)[0] for one in drawn])


def _apart(criterion, coordinates, drawn):
    """Return the distances of drawn spectra from laws at coordinates of their own."""
    rows = []
    for u, one in zip(coordinates, drawn, strict=True):
        miss = criterion.residuals(u, one, criterion.observed(one))
        rows.append((*Staircase.of(criterion, criterion.family.law(u), one).distances(one), energy(miss)))
    return np.array(rows)


def _distances(criterion, coordinates, size, drawn, steps, residuals):
    """Return the distances of drawn spectra from laws that are small steps away from coordinates."""
    stairs, slopes = Staircase.around(criterion, coordinates, size), criterion.slopes(coordinates, size)
    return np.array(
        [
            (*stairs.distances(one, step), energy(miss - slopes @ step))
            for one, step, miss in zip(drawn, steps, residuals, strict=True)
        ]
    )


def _rounding(criterion, law, size, inverse, ensemble):
    """Return the step from a law to the one that its samples have, by the integer sides of their matrices."""
    truth = law if ensemble else realised(law, size.n)
    return inverse @ (criterion.predicted(truth, size) - criterion.predicted(law, size))


def _draw(law, data, n, rng, ensemble):
    """Return one sampled Spectrum."""
    return data.of(np.array([eigenvalues(law, n, rng, ensemble) for _ in range(data.matrices)]))


def _planted(criterion, law, data, spikes, rng, ensemble):
    """Return one sampled Spectrum with spikes, shared out evenly over the matrices."""
    shares = [spikes[i :: data.matrices] for i in range(data.matrices)]
    rows, masks = zip(*(planted(law, data.n, one, criterion.kind, rng, ensemble) for one in shares), strict=True)
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
