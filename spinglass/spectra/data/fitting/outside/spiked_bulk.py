r"""What outliers take from the bulk that they stand outside of.

A matrix A with law mu and k spikes in general position has
:math:`\det(z - A - \sum\theta_j u_ju_j^T) \simeq \det(z-A)\prod_j(1-\theta_jG(z))`.  The outlier sits where
:math:`\theta_jG(\lambda_j) = 1`, so that what it leaves in the bulk is known from its place: to the number
:math:`nF(x)` of eigenvalues up to x it adds

.. math:: c_j(x) = -1 - \tfrac1\pi\arg\frac{1 - G(x)/G(\lambda_j)}{x - \lambda_j} ,

one eigenvalue less, taken near the outlier, which repels the others; an atom of A loses one eigenvalue to each spike.
Spikes of a covariance multiply and do not add: then G gives way to :math:`zG - 1`, and zeros stay.  Eigenvalues that
stand apart, those of another block of the matrix, take nothing but their number.  Terms of order :math:`k^2/n` are left
out.

References
----------
Benaych-Georges, Nadakuditi (2011) for the determinant; what it says of the bulk is derived here.
"""

from __future__ import annotations

import numpy as np

SPIKES = ("additive", "multiplicative", "apart")


def size_of_bulk(spectrum, spikes):
    """Return the size of the matrix whose law is meant: without the outliers if these stand apart."""
    return spectrum.n - (spectrum.outliers.size / spectrum.matrices if spikes == "apart" else 0)


def on_atoms(law, spectrum, spikes):
    """Return the places of the atoms of a law and the numbers of eigenvalues that are left on them."""
    size, spiked = size_of_bulk(spectrum, spikes), spectrum.outliers.size / spectrum.matrices
    return [(a, max(size * weight - _lost(a, spikes) * spiked, 0.0)) for a, weight in law.atoms]


def taken(law, x, g, spectrum, spikes):
    """Return the sum of c_j at places x in the bulks; g is G there and at the outliers."""
    places = spectrum.outliers
    if spikes == "apart" or not places.size:
        return np.zeros(x.size)
    if spikes == "multiplicative":
        z = np.r_[x, places]
        g = np.multiply(z, g, out=np.zeros_like(g), where=z != 0) - 1
    at_x, at_places = g[: x.size], g[x.size :]
    clear = (at_places.imag == 0) & (at_places.real != 0) & np.isfinite(at_places)
    number = np.arange(x.size)
    total = np.zeros(x.size)
    for place in places[~clear]:  # inside a bulk: it takes its number
        total -= np.searchsorted(x, place) < number
    argument = np.abs(np.angle(1 - at_x / at_places[clear].real[:, None])) / np.pi
    right = places[clear, None] >= x[-1]
    total += np.where(right, -argument, argument - 1).sum(0)
    for atom, _ in law.atoms:
        total += _lost(atom, spikes) * clear.sum() * (x >= atom)
    return total / spectrum.matrices


def _lost(atom, spikes):
    """Return how many eigenvalues an atom loses to each spike."""
    return int(spikes == "additive" or (spikes == "multiplicative" and atom != 0))
