r"""What every law knows of its moments, its free cumulants and the R-transform, whose coefficients these are.

.. math:: m_k = \int t^k\,d\mu(t) , \qquad R(g) = \sum_n \kappa_{n+1} g^n .
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import real_points, whole_number
from spinglass.spectra.free.cumulants import last_moment, residues
from spinglass.spectra.free.inverse import Outside, hull

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers

ORDERS = 1000  # of moments, for which the sums take seconds


class Moments:
    """The moments and the R-transform of a law; a law that knows its free cumulants overrides ``_cumulants``."""

    @property
    def mean(self) -> float:
        """First moment, atoms in."""
        return float(self._cumulants(1)[0])

    @property
    def variance(self) -> float:
        """Second moment about the mean, atoms in."""
        return float(self._cumulants(2)[1])

    def moment(self, k: int) -> float:
        r"""Return :math:`\int t^k\,d\mu(t)`, atoms in.

        Parameters
        ----------
        k : int
            From 0 to 1000; to 50 where the law knows no closed form.

        Returns
        -------
        float

        Raises
        ------
        ValueError, TypeError
            If k is not such an integer, or if no float can hold the moment.

        Accuracy
        --------
        Rounding where the law knows its free cumulants; else they are residues of 1/G^n on a circle around the
        support, which against closed forms were off by 1e-14 at k = 12 and 1e-10 at k = 50, in units of the largest
        place to the power k.

        Examples
        --------
        >>> import spinglass as sg
        >>> [sg.spectra.MarchenkoPastur(ratio=1.0).moment(k) for k in range(5)]  # Catalan's numbers
        [1.0, 1.0, 2.0, 5.0, 14.0]
        """
        k = whole_number("k", k, 0, ORDERS)
        return _finite(lambda: last_moment(self._cumulants(k)), k) if k else 1.0

    def free_cumulant(self, k: int) -> float:
        r"""Return :math:`\kappa_k`, the coefficient of :math:`g^{k-1}` in R: in free sums the cumulants add.

        Parameters
        ----------
        k : int
            From 1 to 1000 (50) as of :meth:`moment`; the first is the mean, the second the variance.

        Returns
        -------
        float

        Raises
        ------
        ValueError, TypeError
            As :meth:`moment`.

        Accuracy
        --------
        As :meth:`moment`.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.MarchenkoPastur(ratio=0.5, variance=2.0).free_cumulant(3)  # variance^3 ratio^2
        2.0
        """
        k = whole_number("k", k, 1, ORDERS)
        return _finite(lambda: self._cumulants(k)[-1], k)

    def _cumulants(self, order):
        """Return the free cumulants up to an order."""
        return residues(self, hull(self), order)

    @cached_property
    def _outside(self):
        return Outside.of(self)

    def r_transform(self, g: Numbers) -> Numbers:
        r"""Return the R-transform :math:`R(g) = G^{-1}(g) - 1/g`, which adds in free sums.

        Parameters
        ----------
        g : float array of any shape
            Between the values of G at the two ends of the support, atoms in.

        Returns
        -------
        float array of the shape of g

        Raises
        ------
        ValueError
            If G does not take a value g outside the support.

        Accuracy
        --------
        About 1e-13 of the width of the law.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.WishartProduct(0.5).r_transform([-1.0, 0.0, 0.5]).round(9)  # 1/(1 - g/2)
        array([0.66666667, 1.        , 1.33333333])
        """
        g = real_points("g", g)
        return self._outside.r_transform(g.ravel()).reshape(g.shape)[()]

    def _r_slope(self, g):
        """Return R'(g) at one real g."""
        return self._outside.r_slope(g)


def _finite(number, k):
    """Return a moment as a float, or say that no float can hold it."""
    with np.errstate(all="ignore"):
        value = float(number())
    if not np.isfinite(value):
        raise ValueError(f"k: expected an order whose moment a float can hold, got {k}; try other units")
    return value
