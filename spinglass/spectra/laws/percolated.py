r"""Percolated matrices: a part of the rows and columns is set to 0, the law is a mixture with a point mass.

With a fraction p of the rows kept,

.. math:: \mu = (1-p)\,\delta_0 + p\,\mu_{\mathrm{kept}} , \qquad \Phi(z) = (1-p)\log z + p\,\Phi_{\mathrm{kept}}(z) .
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import one_number, positive
from spinglass.running.streams import generator
from spinglass.spectra.free.cumulants import cumulants_of, moments_of
from spinglass.spectra.law import Law
from spinglass.spectra.laws.product_equation import stretch, upper_log
from spinglass.spectra.laws.products import WishartProduct
from spinglass.spectra.sampling import matrix_size
from spinglass.spectra.semicircle import Semicircle

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed


class _Percolated(Law):
    """A mixture of a point mass 1 - keep at 0 and the law ``_kept`` of the rows that are kept."""

    keep: float
    _kept: Law

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G of the mixture."""
        phi, g = self._kept.upper(z)
        for part in (phi.real, phi.imag):  # a complex product with an infinite part is nan
            part *= self.keep
        at_zero, place = self._off_zero(z)
        phi = (1 - self.keep) * upper_log(place) + phi
        if self.atoms:
            phi.real[at_zero] = -np.inf
        return phi, self._mixed(g, place, at_zero)

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        at_zero, place = self._off_zero(z)
        return self._mixed(self._kept.upper_stieltjes(z), place, at_zero)

    def _off_zero(self, z):
        """Return where z is 0, and z moved off it."""
        return z == 0, np.where(z == 0, 1.0, z * stretch(z))

    def _mixed(self, g, place, at_zero):
        """Return (1 - p)/z + p G, infinite on the atom."""
        for part in (g.real, g.imag):
            part *= self.keep
        g = (1 - self.keep) / place + g
        if self.atoms:
            g.real[at_zero] = np.inf
        return g

    def _cumulants(self, order):
        return cumulants_of(self.keep * moments_of(self._kept._cumulants(order)))

    @property
    def support(self) -> Array:
        """That of the law of the kept rows, shape (1, 2)."""
        return self._kept.support

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The pair (0, weight), or nothing."""
        weight = 1 - self.keep + self.keep * sum(weight for _, weight in self._kept.atoms)
        return ((0.0, weight),) if weight > 0 else ()

    def _mask(self, n, rng):
        """Return a random mask of n rows, round(keep n) of them kept."""
        return rng.permutation(n) < round(self.keep * n)


@dataclass(frozen=True, init=False, repr=False)
class PercolatedWigner(_Percolated):
    r"""The law of D W D: a GOE matrix W of which rows and columns are kept with probability p, the others set to 0.

    An atom of weight 1 - p at 0, and p times the semicircle of variance :math:`p\sigma^2`.  The law's own variance is
    :math:`p^2\sigma^2`.

    Parameters
    ----------
    keep : float
        p, in (0, 1].
    variance : float, optional
        :math:`\sigma^2 > 0`, of the semicircle of W, kept as ``entry_variance``.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of this kind.

    Accuracy
    --------
    Closed form: rounding of order 1e-15.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.PercolatedWigner(keep=0.25)
    >>> law.atoms, law.support.tolist()
    (((0.0, 0.75),), [[-1.0, 1.0]])
    """

    keep: float
    entry_variance: float

    def __init__(self, keep: float, variance: float = 1.0) -> None:
        object.__setattr__(self, "keep", _probability(keep))
        object.__setattr__(self, "entry_variance", positive("variance", variance))
        object.__setattr__(self, "_kept", Semicircle(self.keep * self.entry_variance))

    def __repr__(self):
        return f"{type(self).__name__}(keep={self.keep}, variance={self.entry_variance})"

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return D W D of size n, with round(p n) rows kept: without the scatter of a random number of them.

        Examples
        --------
        >>> import numpy as np
        >>> import spinglass as sg
        >>> int(np.sum(sg.spectra.PercolatedWigner(keep=0.25).sample(100, rng=1).any(axis=0)))
        25
        """
        n, rng = matrix_size(n), generator(rng)
        mask = self._mask(n, rng)
        return Semicircle(self.entry_variance).sample(n, rng) * np.outer(mask, mask)


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
    That of :class:`~spinglass.spectra.laws.products.WishartProduct`.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.PercolatedWishart(keep=0.5, ratio=0.5)
    >>> law.atoms, law.support.round(12).tolist()
    (((0.0, 0.5),), [[0.25, 2.25]])
    """

    keep: float
    ratio: float

    def __post_init__(self):
        object.__setattr__(self, "keep", _probability(self.keep))
        object.__setattr__(self, "ratio", positive("ratio", self.ratio))
        object.__setattr__(self, "_kept", WishartProduct((self.keep * self.ratio,)))

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return D X X^T D / m of size n, with round(p n) rows kept; m = n/c (at least 1)."""
        n, rng = matrix_size(n), generator(rng)
        mask = self._mask(n, rng)
        return WishartProduct((self.ratio,)).sample(n, rng) * np.outer(mask, mask)


def _probability(keep):
    """Return the part that is kept as a float, or say what was expected."""
    keep = one_number("keep", keep)
    if not 0 < keep <= 1:
        raise ValueError(f"keep: expected a probability in (0, 1], got {keep}")
    return keep
