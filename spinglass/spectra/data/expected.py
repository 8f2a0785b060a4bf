r"""What a law predicts for the modes of a spectrum: the expected number of eigenvalues, integrated by parts.

.. math:: \int T_k\,dN = [T_k N] - \int N(x)\,T_k'(x)\,dx , \qquad N(x) = nF_\theta(x) + \sum_j c_j(x) .

The distribution function F has only mild singularities at edges, which Fejer's nodes resolve.  Spikes that push
eigenvalues out of the bulk change it: a matrix A with law mu and k spikes in general position has
:math:`\det(z - A - \sum\theta_j u_ju_j^T) \simeq \det(z-A)\prod(1-\theta_jG(z))`, the outlier sits where
:math:`\theta_jG(\lambda_j) = 1`, and so what it leaves in the bulk is known from its place,

.. math:: c_j(x) = -1 - \tfrac1\pi\arg\frac{1 - G(x)/G(\lambda_j)}{x - \lambda_j} ,

one eigenvalue less, taken near the outlier, which repels the others.  Spikes of a covariance multiply and do not add:
then G gives way to :math:`zG - 1`.  Eigenvalues that stand apart (another block of the matrix) take nothing but their
number, :math:`c_j = -F`.  Terms of order :math:`k^2/n` are left out.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from spinglass.spectra.data.spectrum import chebyshev, chebyshev_slopes

NODES = 192  # in every bulk of a law
FEW = 6  # modes of a fit of moments: tails do not spoil these, and slow laws know their moments
SPIKES = ("additive", "multiplicative", "apart")


def expected_modes(law, spectrum, spikes, nodes=NODES):
    """Return the expected sums of T_k over the bulk of a spectrum."""
    total = np.zeros(spectrum.orders)
    cosines, weights = fejer(nodes)
    for low, high in law.support:
        half = 0.5 * (high - low)
        x = np.r_[low, 0.5 * (low + high) + half * cosines, high]
        y, number = spectrum.unit(x), expected_counts(law, x, spectrum, spikes)
        ends = chebyshev(y[[0, -1]], spectrum.orders)
        integrand = number[1:-1] * weights * (2 * half / spectrum.width)
        total += ends @ (number[[0, -1]] * [-1, 1]) - chebyshev_slopes(y[1:-1], spectrum.orders) @ integrand
    return total


def expected_counts(law, x, spectrum, spikes):
    """Return the expected number of eigenvalues of the bulk up to x."""
    phi, g = law.upper(np.r_[x, spectrum.outliers].astype(complex))
    share = np.clip(1 - phi.imag / np.pi, 0, 1)[: x.size]
    for place, weight in law.atoms:
        share -= weight * (x >= place)
    number = spectrum.n * share
    if spectrum.outliers.size:
        number += _taken(law, x, g, spectrum, share, spikes) / spectrum.matrices
    return number


def _taken(law, x, g, spectrum, share, spikes):
    """Return the sum of c_j at x, outliers inside the bulk taking nothing but their number."""
    places = spectrum.outliers
    share = share / max(1 - sum(weight for _, weight in law.atoms), 1e-300)
    if spikes == "apart":
        return -places.size * share
    if spikes == "multiplicative":
        g = np.r_[x, places] * g - 1
    bulk, out = g[: x.size], g[x.size :]
    taken = np.zeros(x.size)
    for place, value in zip(places, out, strict=True):
        if value.imag != 0 or value.real == 0 or not np.isfinite(value):
            taken -= share
        else:
            ratio = 1 - bulk / value.real
            argument = np.abs(np.angle(ratio))
            taken += -argument / np.pi if place >= x[-1] else argument / np.pi - 1
    return taken


def moment_modes(law, spectrum):
    """Return the expected sums of T_k from the moments of a law, about the middle of the interval."""
    low, high = spectrum.interval
    shift, half = 0.5 * (low + high), 0.5 * (high - low)
    raw = np.array([law.moment(k) for k in range(spectrum.orders + 1)])
    binomial = np.polynomial.polynomial.Polynomial([-shift / half, 1 / half])
    share = (spectrum.n - spectrum.outliers.size / spectrum.matrices) / spectrum.n
    powers = [(binomial**k).coef @ raw[: k + 1] for k in range(spectrum.orders + 1)]
    total = np.array(
        [np.polynomial.chebyshev.cheb2poly([0] * k + [1]) @ powers[: k + 1] for k in range(1, spectrum.orders + 1)]
    )
    for place, weight in law.atoms:
        total -= weight * chebyshev(spectrum.unit(np.array([place])), spectrum.orders)[:, 0]
    return spectrum.n * share * total


@cache
def fejer(nodes):
    """Return the ascending nodes and the weights of Fejer's first rule on [-1, 1]."""
    angle = np.pi * (np.arange(nodes)[::-1] + 0.5) / nodes
    j = np.arange(1, nodes // 2 + 1)[:, None]
    return np.cos(angle), 2 / nodes * (1 - 2 * (np.cos(2 * j * angle) / (4 * j**2 - 1)).sum(0))
