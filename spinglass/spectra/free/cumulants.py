r"""Moments and free cumulants of a law: one power series, read from both sides.

With the moments in :math:`M(x) = 1 + \sum_n m_n x^n = G(1/x)/x` and the free cumulants in
:math:`C(g) = 1 + \sum_n\kappa_n g^n = 1 + gR(g)`, Speicher's relation :math:`M(x) = C(xM(x))` says that
:math:`g = xM(x)` and :math:`x = g/C(g)` invert each other, and by Lagrange's formula

.. math:: m_n = \frac{[g^n]\,C(g)^{n+1}}{n+1} , \qquad
          \kappa_1 = m_1 , \quad \kappa_{n+1} = -\frac{[x^{n+1}]\,M(x)^{-n}}{n} = -\frac{[1/z]\,G(z)^{-n}}{n} .

References: Voiculescu (1986); Speicher (1994).
"""

import numpy as np

from spinglass.inputs.capacity import within

NEAR = 8.0  # orders up to which a circle of twice the radius of the hull loses no more than three digits
HIGHEST = 50  # order of which residues know something: 1e-10 of the radius of the hull to this power
DIGITS = 22.0  # half of those, as a natural logarithm, to which the mean over the places is exact


def series_power(series, exponent, order):
    """Return the coefficients up to an order of a power of a series that begins with 1.

    Examples
    --------
    >>> from spinglass.spectra.free.cumulants import series_power
    >>> series_power([1.0, 1.0], 3, 4)
    array([1., 3., 3., 1., 0.])
    >>> series_power([1.0, -1.0], -1, 4)
    array([1., 1., 1., 1., 1.])
    """
    a, power = np.zeros(order + 1), np.zeros(order + 1)
    kept = min(len(series), order + 1)
    a[:kept], power[0] = series[:kept], 1.0
    for n in range(1, order + 1):  # a (a^e)' = e a' a^e
        k = np.arange(1, n + 1)
        power[n] = ((k * exponent - (n - k)) * a[1 : n + 1]) @ power[n - 1 :: -1] / n
    return power


def moments_of(cumulants):
    """Return the moments m_1, m_2, .. of free cumulants.

    Examples
    --------
    >>> from spinglass.spectra.free.cumulants import moments_of
    >>> moments_of([0.0, 1.0, 0.0, 0.0, 0.0, 0.0])  # the semicircle: Catalan's numbers
    array([0., 1., 0., 2., 0., 5.])
    """
    return np.array([last_moment(cumulants[:n]) for n in range(1, len(cumulants) + 1)])


def last_moment(cumulants):
    """Return the moment of the order of the last free cumulant given."""
    n = len(cumulants)
    return series_power(np.r_[1.0, cumulants], n + 1, n)[n] / (n + 1)


def cumulants_of(moments):
    """Return the free cumulants kappa_1, kappa_2, .. of moments.

    Examples
    --------
    >>> from spinglass.spectra.free.cumulants import cumulants_of
    >>> cumulants_of([1.0, 2.0, 5.0, 14.0])  # Marchenko and Pastur at ratio 1
    array([1., 1., 1., 1.])
    """
    series = np.r_[1.0, moments]
    higher = [-series_power(series, -n, n + 1)[n + 1] / n for n in range(1, len(moments))]
    return np.r_[moments[:1], higher]


def residues(law, hull, order):
    r"""Return free cumulants by the residues of :math:`G^{-n}` on a circle around the spectrum.

    Rounding grows as the n-th power of the circle's radius, in radii of the hull: a high order has a near circle.
    """
    within("k", order, HIGHEST, "try a lower order, as rounding is all that is found beyond")
    beyond = min(1.0, NEAR / order)
    middle, radius = 0.5 * (hull[0] + hull[1]), 0.5 * (1 + beyond) * (hull[1] - hull[0])
    radius = radius + 1e-6 * max(map(abs, hull)) + 1e-300  # of a point any will do
    places = order + int(np.ceil(DIGITS / np.log1p(beyond)))
    turn = np.exp(1j * np.pi * (np.arange(places) + 0.5) / places)  # the lower half is the conjugate of this one
    inverse = 1 / (radius * law.upper_stieltjes(middle + radius * turn))
    cumulants = [-(inverse**n * turn).real.mean() / n * radius ** (n + 1) for n in range(1, order)]
    return np.array([middle - radius * inverse.real.mean(), *cumulants][:order])
