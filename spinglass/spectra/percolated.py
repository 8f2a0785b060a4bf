r"""Percolated matrices: a part of the rows and columns is set to 0, the law is a mixture with a point mass.

With a fraction p of the rows kept,

.. math:: \mu = (1-p)\,\delta_0 + p\,\mu_{\mathrm{kept}} , \qquad \Phi(z) = (1-p)\log z + p\,\Phi_{\mathrm{kept}}(z) .
"""

from dataclasses import dataclass

import numpy as np

from spinglass.arithmetic.checks import one_number, positive, whole_number
from spinglass.spectra.law import Law
from spinglass.spectra.products import WishartProduct, stretch, upper_log
from spinglass.spectra.sampling import generator
from spinglass.spectra.semicircle import Semicircle


class _Percolated(Law):
    """A mixture of a point mass 1 - keep at 0 and the law ``_kept`` of the rows that are kept."""

    keep: float
    _kept: Law

    def _upper(self, z):
        at_zero = z == 0
        place = np.where(at_zero, 1.0, z * stretch(z))
        phi, g = self._kept._upper(z)
        for part in (phi.real, phi.imag, g.real, g.imag):  # a complex product with an infinite part is nan
            part *= self.keep
        phi, g = (1 - self.keep) * upper_log(place) + phi, (1 - self.keep) / place + g
        if self.atoms:
            phi.real[at_zero], g.real[at_zero] = -np.inf, np.inf
        return phi, g

    @property
    def support(self):
        """That of the law of the kept rows, shape (1, 2)."""
        return self._kept.support

    @property
    def atoms(self):
        """The pair (0, weight), or nothing."""
        weight = 1 - self.keep + self.keep * sum(weight for _, weight in self._kept.atoms)
        return ((0.0, weight),) if weight > 0 else ()

    def _mask(self, n, rng):
        """Return a random mask of n rows, round(keep n) of them kept."""
        return rng.permutation(n) < round(self.keep * n)


@dataclass(frozen=True)
class PercolatedWigner(_Percolated):
    r"""The law of D W D: a GOE matrix W of which rows and columns are kept with probability p, the others set to 0.

    An atom of weight 1 - p at 0, and p times the semicircle of variance :math:`p\sigma^2`.  The second moment is
    :math:`p^2\sigma^2`.

    Parameters
    ----------
    keep : float
        p, in (0, 1].
    variance : float, optional
        :math:`\sigma^2 > 0`, of the semicircle of W.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of this kind.

    Accuracy
    --------
    Closed form: rounding of order 1e-15.

    Examples
    --------
    >>> law = PercolatedWigner(keep=0.25)
    >>> law.atoms, law.support.tolist()
    (((0.0, 0.75),), [[-1.0, 1.0]])
    """

    keep: float
    variance: float = 1.0

    def __post_init__(self):
        _check(self, "variance")
        object.__setattr__(self, "_kept", Semicircle(self.keep * self.variance))

    def sample(self, n, rng=None):
        """Return D W D of size n, with round(p n) rows kept: without the scatter of a random number of them.

        Parameters
        ----------
        n : int
            At least 1.
        rng : int, SeedSequence, Generator or None

        Examples
        --------
        >>> int(np.sum(PercolatedWigner(keep=0.25).sample(100, rng=1).any(axis=0)))
        25
        """
        n, rng = whole_number("n", n, 1), generator(rng)
        mask = self._mask(n, rng)
        return Semicircle(self.variance).sample(n, rng) * np.outer(mask, mask)


@dataclass(frozen=True)
class PercolatedWishart(_Percolated):
    r"""The law of :math:`DXX^TD/m`: a Wishart matrix of which rows and columns are kept with probability p.

    The kept rows of the n x m matrix X are a matrix of ratio pn/m: an atom of weight 1 - p at 0, and p times the
    Marchenko-Pastur law of ratio :math:`pc`, :math:`c = n/m`, which has an atom itself where pc > 1.

    Parameters
    ----------
    keep : float
        p, in (0, 1].
    ratio : float
        c = n/m, positive.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of this kind.

    Accuracy
    --------
    That of :class:`~spinglass.spectra.products.WishartProduct`.

    Examples
    --------
    >>> law = PercolatedWishart(keep=0.5, ratio=0.5)
    >>> law.atoms, law.support.round(12).tolist()
    (((0.0, 0.5),), [[0.25, 2.25]])
    """

    keep: float
    ratio: float

    def __post_init__(self):
        _check(self, "ratio")
        object.__setattr__(self, "_kept", WishartProduct((self.keep * self.ratio,)))

    def sample(self, n, rng=None):
        """Return D X X^T D / m of size n, with round(p n) rows kept; m = n/c (at least 1).

        Parameters
        ----------
        n : int
            At least 1.
        rng : int, SeedSequence, Generator or None
        """
        n, rng = whole_number("n", n, 1), generator(rng)
        mask = self._mask(n, rng)
        return WishartProduct((self.ratio,)).sample(n, rng) * np.outer(mask, mask)


def _check(law, name):
    """Make keep and a positive parameter floats, or say what was expected."""
    keep = one_number("keep", law.keep)
    if not 0 < keep <= 1:
        raise ValueError(f"keep: expected a probability in (0, 1], got {keep}")
    object.__setattr__(law, "keep", keep)
    object.__setattr__(law, name, positive(name, getattr(law, name)))
