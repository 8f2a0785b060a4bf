r"""The bulk of a spectrum that probes know: its modes, and the metric in which they scatter evenly.

With the nodes and weights of p rules, of which those at outliers are left out,

.. math:: \tau_k = \frac np \sum_{q=1}^p \sum_i \tau_{qi}\, T_k(\theta_{qi}) , \qquad
          \mathrm{cov}(\tau_j, \tau_k) = \frac{2n^2}{(n+2)p} \Big[\frac{\bar T_{j+k} + \bar T_{|j-k|}}2
          - \bar T_j\, \bar T_k\Big]

over vectors that are uniform on the sphere, with the mean of T_k over all eigenvalues for the bar.  This is of order
n/p, large beside the O(1) by which the modes of a random matrix scatter: the sum of both is the metric of the fit, in
which it is efficient for few probes as for many.  Atoms need no name: their eigenvalues are in the modes, with the
errors that probes have of their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from scipy.special import chdtri

from spinglass.spectra.data.fitting.spectrum import Spectrum, chebyshev
from spinglass.spectra.data.products.scatter import SURE

MOST = 128  # modes


@dataclass(frozen=True)
class ProbedSpectrum(Spectrum):
    """Nodes of all probes as the bulk, each for so many eigenvalues.

    ``better`` multiplies the variance over probes, ``averages`` are those of T_1, T_2, .. by which it is known: of the
    nodes themselves, twice as many as there are modes, or of a law.
    """

    bent: ClassVar[int] = MOST  # what outliers do to the second order is below the scatter of probes

    numbers: np.ndarray
    probes: int
    better: float = 1.0
    averages: np.ndarray | None = None

    @cached_property
    def modes(self):
        """Return the sums of T_k, shape (K,)."""
        return self._sums(self.orders)

    def _sums(self, orders):
        return chebyshev(self.unit(self.bulk), orders) @ self.numbers

    @property
    def size(self):
        """Number of eigenvalues in the bulk."""
        return self.numbers.sum()

    @cached_property
    def covariance(self):
        """Return the covariance of the weighted modes over probes, shape (K, K)."""
        averages = self._sums(2 * self.orders) / self.size if self.averages is None else self.averages
        k, averages = np.arange(1, self.orders + 1), np.r_[1.0, averages]
        products = (averages[np.add.outer(k, k)] + averages[np.abs(np.subtract.outer(k, k))]) / 2
        products -= np.outer(averages[k], averages[k])
        return self.better * 2 * self.size**2 / (self.size + 2) / self.probes * products * 2 / np.sqrt(np.outer(k, k))

    @cached_property
    def metric(self):
        """Return variances, and in columns directions, of these modes and those of the random matrix, 1, together."""
        variances, directions = np.linalg.eigh(self.covariance)
        return 1 + np.maximum(variances, 0.0), directions

    def whitened(self, modes):
        """Return weighted modes in units in which they scatter like independent normals."""
        variances, directions = self.metric
        return ((directions.T @ modes).T / np.sqrt(variances)).T

    def with_atoms(self, modes, atoms):
        """Return the modes of all eigenvalues: which of them lie on atoms is not counted."""
        for place, count in atoms:
            modes = modes + count * chebyshev(self.unit(np.array([place])), self.orders)[:, 0]
        return modes, ()


def better(spectrum, nodes, shares):
    """Return by how much the variance of signs is smaller for sure than that of the sphere, by the scatter of probes.

    Of signs only entries off the diagonal of a function of the matrix scatter: of a diagonal matrix there are none.
    """
    if len(nodes) < 2:
        return 1.0
    weights = np.sqrt(2 / np.arange(1, spectrum.orders + 1)) * spectrum.numbers.sum()
    each = [chebyshev(spectrum.unit(x), spectrum.orders) @ share for x, share in zip(nodes, shares, strict=True)]
    expected = np.diag(spectrum.covariance)
    ratio = np.mean(np.var(weights * each, axis=0, ddof=1) / len(nodes) / expected)
    alike = spectrum.covariance**2 / np.outer(expected, expected)
    freedom = (len(nodes) - 1) * spectrum.orders**2 / alike.sum()
    return min(1.0, ratio * freedom / chdtri(freedom, SURE))
