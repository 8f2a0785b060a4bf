r"""What a limiting spectral law is: one analytic function, its log-determinant potential.

.. math:: \Phi(z) = \int \log(z - t)\, d\mu(t) , \qquad G = \Phi' , \qquad
          \rho(x) = -\tfrac1\pi\,\mathrm{Im}\, G(x + i0) , \qquad
          \mu(-\infty, x] = 1 - \tfrac1\pi\,\mathrm{Im}\,\Phi(x + i0) .

The logarithm is the principal one for Im z >= 0, a real argument means the limit from above, and the lower half-plane
follows by conjugation.  So density, distribution function and log-potential are parts of one function, and so are the
moments, the coefficients of G in 1/z.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.optimize.elementwise import find_root

from spinglass.arithmetic import resolve
from spinglass.inputs.checks import complex_points, one_number, real_points, shown
from spinglass.inputs.plotted import Plotted
from spinglass.running.streams import generator
from spinglass.spectra.free.inverse import hull
from spinglass.spectra.free.moments import Moments
from spinglass.spectra.sampling import matrix_size, rotated

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Array, Numbers, Seed

FAR = 1e120  # beyond, and far beyond the law, only its mass is seen


class Law(Moments, Plotted, ABC):
    r"""A probability measure on the real line with bounded support, known through its potential.

    A law owes three things: :meth:`upper`, :attr:`support` and :attr:`atoms`.  Everything else follows, to the
    accuracy of these; a law overrides what it knows in closed form (:meth:`upper_stieltjes`, :meth:`density`,
    :meth:`r_transform`, :meth:`sample`).

    Examples
    --------
    Half of one semicircle and half of another, in the lines that a law needs:

    >>> import numpy as np, spinglass as sg
    >>> class Halves(sg.spectra.Law):
    ...     left, right = sg.spectra.Semicircle(mean=-3.0), sg.spectra.Semicircle(mean=3.0)
    ...     support, atoms = np.array([[-5.0, -1.0], [1.0, 5.0]]), ()
    ...
    ...     def upper(self, z):
    ...         return [(a + b) / 2 for a, b in zip(self.left.upper(z), self.right.upper(z))]
    >>> law = Halves()
    >>> law.cdf([0.0, 3.0]), round(law.variance, 12), round(law.moment(4), 9)
    (array([0.5 , 0.75]), 10.0, 137.0)

    Laws add freely, with each other and with numbers, and are stretched by numbers:

    >>> law = sg.spectra.Semicircle(variance=1.0)
    >>> 2 * law + law - 1.0
    Semicircle(variance=5.0, mean=-1.0)
    """

    _picture = "spectrum"
    __array_ufunc__ = None  # a numpy number on the left leaves the sum to the law

    #: How laws add, stretch and multiply.  What they make are laws, so these come from above, set by the room.
    _add: ClassVar[Callable]
    _stretch: ClassVar[Callable]
    _times: ClassVar[Callable]
    _s_transform: ClassVar[Callable]
    _multiplicative_power: ClassVar[Callable]
    _power: ClassVar[Callable]
    _compression: ClassVar[Callable]

    @abstractmethod
    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        r"""Return :math:`\Phi(z)` and :math:`G(z)` in the closed upper half-plane: what a law owes.

        Parameters
        ----------
        z : complex array of shape (n,)
            Im z >= 0, finite; squares of it are.  On the real axis the limits from above are meant.

        Returns
        -------
        two complex arrays of shape (n,)
            :math:`\Phi` with an imaginary part between 0 and pi.  On an atom the real parts are -inf and inf; where G
            has no bound otherwise it is infinite too, not nan.
        """

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return the second part of :meth:`upper` alone; a law overrides it where that is cheaper."""
        return self.upper(z)[1]

    @property
    @abstractmethod
    def support(self) -> Array:
        """Intervals of the absolutely continuous part: a float array of shape (k, 2), ascending."""

    @property
    @abstractmethod
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Pairs (place, weight), ascending in place."""

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return a symmetric random matrix of shape (n, n) whose spectrum tends to the law.

        By default its eigenvalues are the quantiles of (i - 1/2)/n and its basis is uniform on the rotations.

        Parameters
        ----------
        n : int
            At least 1.
        rng : int, SeedSequence, Generator or None

        Examples
        --------
        >>> import numpy as np, spinglass as sg
        >>> matrix = sg.spectra.Semicircle().sample(400, rng=1)
        >>> bool(abs(np.linalg.eigvalsh(matrix)).max() < 2.1)
        True
        """
        n, rng = matrix_size(n), generator(rng)
        return rotated(np.diag(self.quantile((np.arange(n) + 0.5) / n)), rng)

    def potential(self, z: Numbers) -> Numbers:
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
        return self._everywhere(z, lambda z: self.upper(z)[0], np.log)

    def stieltjes(self, z: Numbers) -> Numbers:
        r"""Return :math:`G(z) = \int d\mu(t)/(z-t) = \Phi'(z)`; parameters and errors as in :meth:`potential`."""
        return self._everywhere(z, self.upper_stieltjes, np.reciprocal)

    def density(self, x: Numbers) -> Numbers:
        r"""Return :math:`-\mathrm{Im}\,G(x+i0)/\pi`, the density of the absolutely continuous part, at real x."""
        return np.maximum(-self.stieltjes(real_points("x", x)).imag / np.pi, 0.0)

    def cdf(self, x: Numbers) -> Numbers:
        r"""Return :math:`\mu(-\infty, x] = 1 - \mathrm{Im}\,\Phi(x+i0)/\pi` at real x: right-continuous, atoms in."""
        return np.clip(1.0 - self.potential(real_points("x", x)).imag / np.pi, 0.0, 1.0)

    def log_potential(self, x: Numbers, arithmetic: Arithmetic | None = None) -> Numbers:
        r"""Return :math:`\int\log|x-t|\,d\mu(t) = \mathrm{Re}\,\Phi(x)` at real x; -inf on an atom.

        Parameters
        ----------
        x : float array of any shape, or one number of the arithmetic
        arithmetic : arithmetic, optional
            float64 by default.  A law that is a closed form in every arithmetic takes the others too.

        Raises
        ------
        NotImplementedError
            If the law has no closed form in that arithmetic.
        """
        ar = resolve(arithmetic)
        if not ar.vectorised:
            raise NotImplementedError(f"arithmetic: expected float64 for {self}, got {ar!r}; try Semicircle")
        return self.potential(real_points("x", x)).real

    def quantile(self, alpha: Numbers) -> Numbers:
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
        found, before = np.full(alpha.shape, np.nan), 0.0
        for place, weight in self.atoms:
            top = self.cdf(place)
            found[(alpha <= top) & (alpha > max(top - weight, before))] = place
            before = top  # what an atom before it took is not taken again, whatever the rounding
        rest = np.isnan(found)
        if rest.any():
            low, high = hull(self)
            margin = 1e-6 * (max(abs(low), abs(high)) + 1e-300)
            ends = np.full(alpha[rest].shape, low - margin), np.full(alpha[rest].shape, high + margin)
            found[rest] = find_root(lambda x, level: self.cdf(x) - level, ends, args=(alpha[rest],)).x
        return found[()]

    def __add__(self, other: Law | float) -> Law:
        """Free additive convolution with a law: the law of A + U B U^T, U a random rotation; with a number a shift."""
        return Law._add(self, other)

    __radd__ = __add__

    def __mul__(self, factor: float) -> Law:
        """Law of a multiple of the matrix, by a real number other than 0."""
        return Law._stretch(self, factor)

    __rmul__ = __mul__

    def __neg__(self) -> Law:
        return self * -1.0

    def __sub__(self, other: Law | float) -> Law:
        return self + (-other if isinstance(other, Law) else -one_number("shift", other))

    def __rsub__(self, other: float) -> Law:
        return -self + other

    def times(self, other: Law) -> Law:
        r"""Return the free product with a law: the law of :math:`A^{1/2}UBU^TA^{1/2}`, U a random rotation.

        Parameters
        ----------
        other : Law
            On the half line from 0 and not all at 0, as this law.

        Returns
        -------
        Law
            A :class:`WishartProduct` where both are Marchenko-Pastur laws or products of Gaussian matrices; this law
            stretched where the other is a point; else a :class:`FreeProduct`.

        Raises
        ------
        TypeError
            If the other is no law; a number stretches by ``*``.
        ValueError
            If a law reaches below 0 or is all at 0.

        Accuracy
        --------
        Closed forms as they are, others as :class:`FreeProduct`.

        References
        ----------
        Voiculescu (1987).

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.MarchenkoPastur(0.5).times(sg.spectra.MarchenkoPastur(0.8))
        WishartProduct(ratios=(0.5, 0.8))
        """
        return Law._times(self, other)

    def s_transform(self, m: Numbers) -> Numbers:
        r"""Return the S-transform :math:`S(m) = (1+m)/(mz)`, :math:`zG(z) - 1 = m`, which multiplies in free products.

        Parameters
        ----------
        m : float array of any shape
            Above minus the weight of the law off 0 and up to the value of zG - 1 at the upper end of the law.

        Returns
        -------
        float array of the shape of m
            S(0) is one over the mean.

        Raises
        ------
        ValueError
            If the law reaches below 0 or is all at 0, or if zG - 1 does not take a value m outside the law.

        Accuracy
        --------
        Relative, about 1e-14.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.WishartProduct((1.0, 0.5)).s_transform([0.0, 0.5]).round(9)  # 1/((1 + m)(1 + m/2))
        array([1.        , 0.53333333])
        """
        return Law._s_transform(self, m)

    def multiplicative_power(self, t: float) -> Law:
        """Return the law with the S-transform to the power t: of the free product of t copies, if t is a whole number.

        Parameters
        ----------
        t : float
            At least 1; positive for Marchenko-Pastur laws of ratios up to 1, their products and powers of these.

        Raises
        ------
        ValueError
            If t is not of this kind, or the law reaches below 0 or is all at 0.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.MarchenkoPastur(1.0).multiplicative_power(0.5).support.round(9)  # Fuss-Catalan: 1.5^1.5/0.5^0.5
        array([[0.        , 2.59807621]])
        """
        return Law._multiplicative_power(self, t)

    def free_power(self, t: float) -> Law:
        """Return the law with t times the R-transform: of the sum of t free copies, if t is a whole number.

        Parameters
        ----------
        t : float
            At least 1, or positive where the law is known to be freely infinitely divisible.

        Raises
        ------
        ValueError
            If t is not of this kind.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.Semicircle(variance=1.0, mean=2.0).free_power(0.5)
        Semicircle(variance=0.5, mean=1.0)
        """
        return Law._power(self, t)

    def compression(self, keep: float) -> Law:
        """Return the law of a corner of the rotated matrix, ``keep * law.free_power(1 / keep)``.

        Parameters
        ----------
        keep : float
            The fraction of rows and columns, above 0 and up to 1.

        Raises
        ------
        ValueError
            If the fraction is not of this kind.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.WishartProduct(0.5).compression(0.5)
        WishartProduct(ratios=(0.25,))
        """
        return Law._compression(self, keep)

    def _everywhere(self, z, function, point):
        """Evaluate Phi or G by its function in the closed upper half-plane, that of a point far out, and reflect."""
        z = complex_points("z", z)
        below = z.imag < 0
        upper = np.where(below, z.conj(), z.real + 1j * np.abs(z.imag)).ravel()
        value = np.asarray(self._values(upper, function, point)).reshape(z.shape)
        if np.isnan(value).any():
            raise ArithmeticError(
                f"{self}: expected the potential and G to be numbers, got nan at {z[np.isnan(value)][0]}"
            )
        return np.where(below, value.conj(), value)[()]

    def _values(self, z, function, point):
        """Return function(z), but point(z) where the law looks like a point at 0: squares overflow there."""
        size = np.maximum(np.abs(z.real), np.abs(z.imag))
        far = size > FAR
        if not far.any():
            return function(z)
        far &= size > 1e20 * max(map(abs, hull(self)))
        value = np.empty(z.shape, complex)
        value[far] = point(z[far])
        if not far.all():
            value[~far] = function(z[~far])
        return value
