r"""Outliers: where an isolated eigenvalue of a matrix goes when noise is added to it.

Let A have the bulk law nu and an eigenvalue theta outside it, and let X be noise of the law mu in general position.  By
subordination the resolvent of :math:`A + sX` is that of A at another place, so

.. math:: \Omega(\theta) = \theta + s R_\mu(s\,g_\nu(\theta)) , \qquad
          |\langle v, u\rangle|^2 = \Omega'(\theta) = 1 + s^2 R_\mu'(s\,g_\nu(\theta))\,g_\nu'(\theta) ,

where v is the outlier's eigenvector and u the spike's.  The outlier exists while the overlap is positive; where it
vanishes the outlier has reached the edge of the bulk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar

from spinglass.inputs.checks import MODERATE, measured, positive, shown
from spinglass.spectra.free.inverse import end_value, hull, stieltjes_slope
from spinglass.spectra.law import Law

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers


def outlier(spike: Numbers, noise: Law, bulk: Law | Numbers | None = None, scale: float = 1.0) -> Numbers:
    r"""Return the place of the outlier of A + s X, :math:`\Omega(\theta) = \theta + sR_\mu(s\,g_\nu(\theta))`.

    Parameters
    ----------
    spike : float array of any shape
        theta, an eigenvalue of A outside its bulk.
    noise : Law
        mu, known by its :meth:`~spinglass.spectra.Law.r_transform`.
    bulk : Law or float array of shape (n,), optional
        nu, or eigenvalues of A; all of A is 0 but the spikes by default.
    scale : float, optional
        s > 0; batch noise has :math:`s = b^{-1/2}`.

    Returns
    -------
    float array of the shape of spike
        Where no outlier exists (:func:`outlier_overlap` is 0): the edge of the spectrum of A + s X on the spike's side
        of the middle of nu, to which the largest eigenvalue sticks.

    Raises
    ------
    ValueError, TypeError
        If an argument is not of this kind.

    Accuracy
    --------
    That of the two laws' G, about 1e-13; edges to 1e-9.  Eigenvalues of matrices of size n scatter by
    :math:`O(n^{-1/2})` around it.

    References
    ----------
    Baik, Ben Arous, Peche (2005); Capitaine, Donati-Martin, Feral, Fevrier (2011), "Free convolution with a
    semi-circular distribution and eigenvalues of spiked deformations of Wigner matrices"; Belinschi, Bercovici,
    Capitaine, Fevrier (2017), "Outliers in the spectrum of large deformed unitarily invariant models".

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> sg.spectra.outlier([3.0, 0.5, -2.0], Semicircle()).round(9)  # theta + 1/theta, from theta = 1 on
    array([ 3.33333333,  2.        , -2.5       ])
    """
    return _evaluate(spike, noise, bulk, scale)[0]


def outlier_overlap(spike: Numbers, noise: Law, bulk: Law | Numbers | None = None, scale: float = 1.0) -> Numbers:
    r"""Return :math:`|\langle v, u\rangle|^2` of the outlier's eigenvector with the spike's; 0 where there is none.

    Parameters and errors as in :func:`outlier`.

    Returns
    -------
    float array of the shape of spike
        :math:`\Omega'(\theta)`.

    Accuracy
    --------
    About 1e-9: two derivatives are taken numerically.

    References
    ----------
    Benaych-Georges, Nadakuditi (2011), "The eigenvalues and eigenvectors of finite, low rank perturbations of large
    random matrices".

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> sg.spectra.outlier_overlap([2.0, 0.5], Semicircle()).round(9)  # 1 - 1/theta^2
    array([0.75, 0.  ])
    """
    return _evaluate(spike, noise, bulk, scale)[1]


def _evaluate(spike, noise, bulk, scale):
    """Return places and overlaps."""
    spike, deformation = measured("spike", spike), Deformation(noise, bulk, scale)
    results = np.array([deformation(theta) for theta in spike.ravel()]).reshape(-1, 2)
    return results[:, 0].reshape(spike.shape)[()], results[:, 1].reshape(spike.shape)[()]


class Deformation:
    r"""The map :math:`\Omega(\theta) = \theta + sR_\mu(s\,g_\nu(\theta))` of one noise, bulk and scale."""

    def __init__(self, noise, bulk, scale):
        if not isinstance(noise, Law):
            raise TypeError(f"noise: expected a spectral law, got {shown(noise)}; try sg.spectra.Semicircle()")
        self.noise, self.scale = noise, positive("scale", scale)
        self.bulk = bulk if isinstance(bulk, Law) else Eigenvalues([0.0] if bulk is None else bulk)
        self.low, self.high = hull(self.bulk)
        self.least, self.most = end_value(noise, -1), end_value(noise, 1)
        self.size = np.ptp(hull(noise)) * self.scale + self.high - self.low or 1.0  # of two points any will do
        self._edges: dict[int, tuple[float, float]] = {}

    def __call__(self, theta):
        """Return the place and the overlap."""
        slope = self.slope(theta)
        if slope > 0:
            return self.image(theta), slope
        return self.edge(1 if theta >= 0.5 * (self.low + self.high) else -1)[1], 0.0

    def inside(self, theta):
        """Tell whether Omega is defined: theta outside the bulk, s g in the domain of the R-transform."""
        return self.distance(theta) > 1 / MODERATE and self.least < self.scale * self.g(theta) < self.most

    def distance(self, theta):
        """Return the distance from the bulk, 0 inside."""
        ends = np.r_[self.bulk.support, [(place, place) for place, _ in self.bulk.atoms] or np.empty((0, 2))]
        return float(np.min(np.maximum(0.0, np.maximum(ends[:, 0] - theta, theta - ends[:, 1]))))

    def g(self, theta):
        """Return g_nu at a place outside the bulk."""
        return float(np.real(self.bulk.stieltjes(theta)))

    def image(self, theta):
        """Return Omega(theta)."""
        return theta + self.scale * float(self.noise.r_transform(self.scale * self.g(theta)))

    def slope(self, theta):
        """Return Omega'(theta), 0 where Omega is not defined."""
        if not self.inside(theta):
            return 0.0
        falls = stieltjes_slope(self.bulk, theta, self.distance(theta))
        return 1 + self.scale**2 * self.noise._r_slope(self.scale * self.g(theta)) * falls

    def beyond(self, side, depth):
        """Return a place above (side 1) or below (-1) the bulk, on a logarithmic scale."""
        return (self.high if side > 0 else self.low) + side * self.size * np.exp(depth)

    def edge(self, side):
        """Return the depth at which Omega is stationary and its value, an outer edge of the law of A + s X."""
        if side not in self._edges:
            self._edges[side] = self._stationary(side)
        return self._edges[side]

    def _stationary(self, side):
        first, last = -30.0, 5.0
        if not self.inside(self.beyond(side, first)):  # where s g reaches the end of the domain of R, Omega begins
            while last - first > 1e-12:
                depth = 0.5 * (first + last)
                first, last = (first, depth) if self.inside(self.beyond(side, depth)) else (depth, last)
            first, last = last, 5.0
        best = minimize_scalar(
            lambda depth: side * self.image(self.beyond(side, depth)),
            bounds=(first, last),
            method="bounded",
            options={"xatol": 1e-9},
        )
        start = side * self.image(self.beyond(side, first))
        return (first, side * start) if start < best.fun else (best.x, side * best.fun)


class Eigenvalues:
    """The law of finitely many eigenvalues, as far as outliers need it."""

    def __init__(self, values, name="bulk"):
        self.values = np.ravel(measured(name, values))
        if not self.values.size:
            raise ValueError(f"{name}: expected a law or a non-empty array of eigenvalues")
        self.support = np.empty((0, 2))
        self.atoms = tuple((float(place), weight) for place, weight in zip(*self._weights(), strict=True))

    def _weights(self):
        places, counts = np.unique(self.values, return_counts=True)
        return places, counts / self.values.size

    def stieltjes(self, z):
        """Return G(z)."""
        with np.errstate(over="ignore", divide="ignore"):
            return np.mean(1 / (np.asarray(z)[..., None] - self.values), axis=-1)
