r"""What a law predicts for the modes of a spectrum: the expected number of eigenvalues, integrated by parts.

.. math:: \int T_k\,dN = [T_k N] - \int N(x)\,T_k'(x)\,dx , \qquad N(x) = nF_\theta(x) + \sum_j c_j(x) .

The distribution function F has only mild singularities at edges, which Fejer's nodes resolve; :math:`c_j` is what an
outlier takes from the bulk (:mod:`~spinglass.spectra.data.fitting.outside.spiked_bulk`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

from spinglass.spectra.data.fitting.outside.spiked_bulk import size_of_bulk, taken
from spinglass.spectra.data.fitting.spectrum import chebyshev, chebyshev_slopes
from spinglass.spectra.free.cumulants import moments_of

NODES = 192  # in every bulk of a law, at least; and at least twice as many as modes
FEW = 6  # modes of a fit of moments: tails do not spoil these, and slow laws know their moments


def expected_modes(law, spectrum, spikes):
    """Return the expected sums of T_k over the bulk of a spectrum."""
    total = np.zeros(spectrum.orders)
    cosines, weights = fejer(max(NODES, 2 * spectrum.orders))
    for low, high in law.support:
        seen = np.clip([low, high], *spectrum.interval)  # beyond, T_k is constant
        half = 0.5 * (seen[1] - seen[0])
        x = np.concatenate([[low], seen.mean() + half * cosines, [high]])  # np.r_ is slow
        y, number = spectrum.unit(x), expected_counts(law, x, spectrum, spikes)
        ends = chebyshev(y[[0, -1]], spectrum.orders)
        integrand = number[1:-1] * weights * (2 * half / spectrum.width)
        total += ends @ (number[[0, -1]] * [-1, 1]) - chebyshev_slopes(y[1:-1], spectrum.orders) @ integrand
    return total


def expected_counts(law, x, spectrum, spikes):
    """Return the expected number of eigenvalues of the bulk up to x, without those on atoms."""
    phi, g = law.upper(np.concatenate([x, spectrum.outliers]).astype(complex))
    share = np.clip(1 - phi.imag / np.pi, 0, 1)[: x.size]
    for place, weight in law.atoms:
        share -= weight * (x >= place)
    return size_of_bulk(spectrum, spikes) * share + taken(law, x, g, spectrum, spikes)


def moment_modes(law, spectrum):
    """Return the expected sums of T_k from the moments of a law, about the middle of the interval."""
    moments = np.r_[1.0, moments_of(law._cumulants(spectrum.orders))]
    total = _from_moments(spectrum.interval, spectrum.orders) @ moments
    for place, weight in law.atoms:
        total -= weight * chebyshev(spectrum.unit(np.array([place])), spectrum.orders)[:, 0]
    return size_of_bulk(spectrum, "apart") * total


@lru_cache(64)
def _from_moments(interval, orders):
    """Return the matrix that takes moments 0, .., K to the means of T_1, .., T_K in an interval."""
    low, high = interval
    unit = Polynomial([-(low + high) / (high - low), 2 / (high - low)])
    rows = [Chebyshev.basis(k).convert(kind=Polynomial)(unit).coef for k in range(1, orders + 1)]
    return np.array([np.pad(row, (0, orders + 1 - row.size)) for row in rows])


@lru_cache(16)
def fejer(nodes):
    """Return the ascending nodes and the weights of Fejer's first rule on [-1, 1]."""
    angle = np.pi * (np.arange(nodes)[::-1] + 0.5) / nodes
    j = np.arange(1, nodes // 2 + 1)[:, None]
    return np.cos(angle), 2 / nodes * (1 - 2 * (np.cos(2 * j * angle) / (4 * j**2 - 1)).sum(0))
