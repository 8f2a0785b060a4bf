r"""Errors and p-values of a fit to probes: what one step of Gauss and Newton does to modes that scatter as they should.

.. math:: \hat u^* - \hat u = (J^TJ)^{-1}J^T\,L^{-1}r^* , \qquad r^* \sim N(0,\ C + E) , \qquad LL^T = C + 1 ,

with slopes J of the whitened modes, C the covariance over probes and E that of a log gas
(:mod:`~spinglass.spectra.data.fitting.gas`), whose mean is the bias.  Means over probes are sums of thousands of small
terms, hence normal; no matrix is sampled.  The residual counts, of which distances are taken, are those that the modes
tell,

.. math:: \Delta(x) = \frac2\pi \sum_k \frac1k \sin(k\arccos x) \int T_k\,d\nu ,

for the staircase of a rule is coarser than that.
"""

from __future__ import annotations

import numpy as np

from spinglass.running.streams import generator, seed_sequence
from spinglass.spectra.data.fitting.calibration import Calibration
from spinglass.spectra.data.fitting.gas import gas

SAMPLES = 1999  # of the modes
BLIND = 1e-6  # of the largest slope: what has less is the rounding of differences
FINE = 4  # places for each mode at which counts are compared


def calibrated(criterion, found, errors, seed):
    """Return the Calibration of a fit to a ProbedSpectrum."""
    data, u = criterion.seen(found.data), found.coordinates
    if errors is None:
        return Calibration(None, np.zeros(u.size), _distances(data, _miss(criterion, u, data)[None])[0], None)
    mean, covariance = gas(found.law, data, criterion.weights(data.orders))
    slopes = criterion.slopes(u, data)[: data.orders]
    inverse, mean = inverted(slopes), data.whitened(mean)
    bias = inverse @ mean
    variances, directions = np.linalg.eigh(data.covariance + covariance)
    rng = generator(seed_sequence(seed, "calibration", 0))
    normal = np.sqrt(np.maximum(variances, 0.0))[:, None] * rng.standard_normal((data.orders, SAMPLES))
    drawn = data.whitened(directions @ normal).T
    steps = drawn @ inverse.T
    miss = _miss(criterion, u - bias, data) - mean
    return Calibration(steps, bias, _distances(data, miss[None])[0], _distances(data, drawn - steps @ slopes.T))


def inverted(slopes):
    """Return what turns whitened modes into a step of the coordinates, 0 in directions that they do not tell."""
    return np.linalg.pinv(slopes, rcond=BLIND)


def _miss(criterion, coordinates, data):
    """Return the whitened modes that a law does not explain."""
    return criterion.residuals(coordinates, data, criterion.observed(data))[: data.orders]


def _distances(spectrum, miss):
    """Return the three distances of whitened modes from zero, shape (B, 3)."""
    orders = np.arange(1, spectrum.orders + 1)
    angles = np.pi * (np.arange(FINE * spectrum.orders) + 0.5) / (FINE * spectrum.orders)
    waves = np.sin(np.outer(orders, angles)) * (2 / np.pi / np.sqrt(2 * orders))[:, None]
    variances, directions = spectrum.metric
    counts = np.abs((miss * np.sqrt(variances)) @ directions.T @ waves)
    lengths = 0.5 * spectrum.width * np.sin(angles) * np.pi / angles.size
    return np.array([counts.max(1) / spectrum.n, counts @ lengths / spectrum.n, np.sum(miss**2, axis=1)]).T
