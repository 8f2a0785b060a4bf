r"""What a limiting spectral law is: one analytic function, its log-determinant potential.

.. math:: \Phi(z) = \int \log(z - t)\, d\mu(t) , \qquad G = \Phi' , \qquad
          \rho(x) = -\tfrac1\pi\,\mathrm{Im}\, G(x + i0) , \qquad
          \mu(-\infty, x] = 1 - \tfrac1\pi\,\mathrm{Im}\,\Phi(x + i0) .

The logarithm is the principal one for Im z >= 0, a real argument means the limit from above, and the lower half-plane
follows by conjugation.  So density, distribution function and log-potential are parts of one function, and a new
law is one method, :meth:`Law._upper`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

import numpy as np
from scipy.optimize.elementwise import find_root

from spinglass.inputs.checks import complex_points, one_number, real_points, shown

FAR = 1e120  # beyond, and far beyond the law, only its mass is seen

#: Nodes of the unit circle in the upper half-plane; the real part of a mean over them is that over all.
CIRCLE = np.exp(1j * np.pi * (np.arange(32) + 0.5) / 32)


class Law(ABC):
    r"""A probability measure on the real line, known through its potential.

    A subclass gives :meth:`_upper`, :attr:`support`, :attr:`atoms` and :meth:`sample`; everything else follows, and
    may be overridden where a closed form is faster.

    Examples
    --------
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> law = Semicircle(variance=1.0)
    >>> float(law.cdf(0.0)), float(law.density(3.0)), law.stieltjes(2.5).round(12)
    (0.5, 0.0, np.complex128(0.5+0j))

    Laws add freely, with each other and with numbers, and are stretched by numbers:

    >>> 2 * law + law - 1.0
    Semicircle(variance=5.0, mean=-1.0)
    """

    __array_ufunc__ = None  # a numpy number on the left leaves the sum to the law

    #: How laws add and stretch.  A sum is a law itself, so these come from above: :mod:`spinglass.spectra` sets them.
    _add: ClassVar[Callable]
    _stretch: ClassVar[Callable]

    @property
    def _triple(self):
        """Drift, variance, jumps and rates of a freely infinitely divisible law that is known by these, or None."""
        return None

    @abstractmethod
    def _upper(self, z):
        """Return Phi and G at a flat complex array with Im z >= 0; on the real axis the limits from above."""

    @property
    @abstractmethod
    def support(self):
        """Intervals of the absolutely continuous part: a float array of shape (k, 2), ascending."""

    @property
    @abstractmethod
    def atoms(self):
        """Pairs (place, weight), ascending in place."""

    @property
    def mean(self):
        """First moment, atoms in."""
        return self._moments()[0]

    @property
    def variance(self):
        """Second moment about the mean, atoms in."""
        return self._moments()[1]

    def _moments(self):
        r"""Return mean and variance by Cauchy's integral :math:`\oint z^k G\,dz/(2\pi i)` around the support."""
        places = [*self.support.ravel(), *(place for place, _ in self.atoms)]
        middle, width = (max(places) + min(places)) / 2, max(places) - min(places)
        point = (width + 1e-6 * max(map(abs, places)) + 1e-300) * CIRCLE
        weight = self.stieltjes(middle + point) * point  # of the places on the circle
        mean = float(np.mean(weight * point).real)
        return middle + mean, float(np.mean(weight * point**2).real) - mean**2

    @abstractmethod
    def sample(self, n, rng=None):
        """Return a symmetric random matrix of shape (n, n) whose spectrum tends to the law."""

    def potential(self, z):
        r"""Return :math:`\Phi(z) = \int\log(z-t)\,d\mu(t)`.

        Parameters
        ----------
        z : complex array of any shape
            Finite.  Real z means the limit from above.

        Returns
        -------
        complex array of the shape of z
            Imaginary part between 0 and pi for Im z >= 0, minus that below; real part -inf on an atom.

        Raises
        ------
        ValueError
            For nan or inf.
        TypeError
            If z is not numeric.
        """
        return self._everywhere(z, 0)

    def stieltjes(self, z):
        r"""Return :math:`G(z) = \int d\mu(t)/(z-t) = \Phi'(z)`; parameters and errors as in :meth:`potential`."""
        return self._everywhere(z, 1)

    def density(self, x):
        r"""Return :math:`-\mathrm{Im}\,G(x+i0)/\pi`, the density of the absolutely continuous part, at real x."""
        return np.maximum(-self.stieltjes(real_points("x", x)).imag / np.pi, 0.0)

    def cdf(self, x):
        r"""Return :math:`\mu(-\infty, x] = 1 - \mathrm{Im}\,\Phi(x+i0)/\pi` at real x: right-continuous, atoms in."""
        return np.clip(1.0 - self.potential(real_points("x", x)).imag / np.pi, 0.0, 1.0)

    def log_potential(self, x):
        r"""Return :math:`\int\log|x-t|\,d\mu(t) = \mathrm{Re}\,\Phi(x)` at real x; -inf on an atom."""
        return self.potential(real_points("x", x)).real

    def quantile(self, alpha):
        r"""Return the place below which a fraction alpha of the law lies, :math:`\inf\{x: \mu(-\infty,x]\ge\alpha\}`.

        Parameters
        ----------
        alpha : float array of any shape
            In the open interval (0, 1).

        Returns
        -------
        float array of the shape of alpha

        Raises
        ------
        ValueError
            If some alpha lies outside (0, 1).

        Accuracy
        --------
        The distribution function there is alpha to rounding.  Where it is constant over a gap at exactly alpha,
        rounding decides on a place in that closed gap.

        Examples
        --------
        >>> from spinglass.spectra.semicircle import Semicircle
        >>> Semicircle(variance=0.25).quantile([0.25, 0.5, 0.75]).round(6) + 0.0
        array([-0.403973,  0.      ,  0.403973])
        """
        alpha = real_points("alpha", alpha)
        if np.any((alpha <= 0) | (alpha >= 1)):
            raise ValueError(f"alpha: expected numbers between 0 and 1, both excluded, got {shown(alpha)}")
        places = [*self.support.ravel(), *(place for place, _ in self.atoms)]
        margin = 1e-6 * (max(np.abs(places)) + 1e-300)
        low, high = np.full(alpha.shape, min(places) - margin), np.full(alpha.shape, max(places) + margin)
        found = np.array(find_root(lambda x, level: self.cdf(x) - level, (low, high), args=(alpha,)).x)
        for place, weight in self.atoms:
            top = self.cdf(place)
            found[(alpha <= top) & (alpha > top - weight)] = place
        return found[()]

    def __add__(self, other):
        """Free additive convolution with a law: the law of A + U B U^T, U a random rotation; with a number a shift."""
        return Law._add(self, other)

    __radd__ = __add__

    def __mul__(self, factor):
        """Law of a multiple of the matrix, by a real number other than 0."""
        return Law._stretch(self, factor)

    __rmul__ = __mul__

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other if isinstance(other, Law) else -one_number("shift", other))

    def __rsub__(self, other):
        return -self + other

    def _everywhere(self, z, part):
        """Evaluate Phi (part 0) or G (part 1) in the closed upper half-plane, and reflect."""
        z = complex_points("z", z)
        below = z.imag < 0
        upper = np.where(below, z.conj(), z.real + 1j * np.abs(z.imag)).ravel()
        value = np.asarray(self._values(upper, part)).reshape(z.shape)
        return np.where(below, value.conj(), value)[()]

    def _values(self, z, part):
        """Return Phi or G, by log z and 1/z where the law looks like a point at 0: squares overflow there."""
        far = np.maximum(np.abs(z.real), np.abs(z.imag)) > FAR
        if not far.any():
            return self._upper(z)[part]
        places = [*self.support.ravel(), *(place for place, _ in self.atoms)]
        far &= np.maximum(np.abs(z.real), np.abs(z.imag)) > 1e20 * max(np.abs(places))
        value = np.empty(z.shape, complex)
        value[far] = np.log(z[far]) if part == 0 else 1 / z[far]
        if not far.all():
            value[~far] = self._upper(z[~far])[part]
        return value
