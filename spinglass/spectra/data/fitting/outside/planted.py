r"""Matrices of a law with spikes that make outliers at given places: what a fit with many outliers is calibrated by.

.. math:: \theta_j = 1/G(\lambda_j) \quad\text{or}\quad \ell_j = 1 + \frac1{\lambda_jG(\lambda_j) - 1} .

The expected bulk of :mod:`~spinglass.spectra.data.fitting.outside.spiked_bulk` is of first order in the number of
spikes over n.  What it leaves out is the same in spectra with planted spikes, and goes with the bias.
"""

from __future__ import annotations

import numpy as np

from spinglass.spectra.data.fitting.ensembles import eigenvalues
from spinglass.spectra.free.inverse import hull

MANY = 0.05  # squares of the number of spikes over n from which they are planted


def worth_planting(spectrum, spikes):
    """Return whether spikes are so many that their second order is seen."""
    each = spectrum.outliers.size / spectrum.matrices
    return spikes != "apart" and each**2 > MANY * spectrum.n


def strengths(law, places, spikes):
    """Return the spikes of a law that have outliers at these places; those inside the bulk move to the nearer end."""
    low, high = hull(law)
    near = 1e-6 * (high - low)
    nearer = np.where(2 * places < low + high, low - near, high + near)
    places = np.where((places > low - near) & (places < high + near), nearer, places)
    g = np.real(law.stieltjes(places))
    return 1 / g if spikes == "additive" else 1 + 1 / (places * g - 1)


def planted(law, n, spikes, kind, rng, ensemble):
    """Return ascending eigenvalues of a matrix with spikes in random directions, and a mask of as many outliers."""
    bare = eigenvalues(law, n, rng, ensemble)
    frame, r = np.linalg.qr(rng.standard_normal((n, spikes.size)))
    frame *= np.sign(np.diag(r))
    if kind == "additive":
        matrix, right = np.diag(bare) + (frame * spikes) @ frame.T, np.sum(spikes > 0)
    else:
        root = np.eye(n) + (frame * (np.sqrt(np.maximum(spikes, 0)) - 1)) @ frame.T
        matrix, right = (root * bare) @ root, np.sum(spikes > 1)
    values = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    mask = np.zeros(n, bool)
    mask[n - right :] = True
    mask[: spikes.size - right] = True
    return values, mask
