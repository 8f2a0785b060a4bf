r"""Freely infinitely divisible laws with finitely many jumps: what is known of them from their R-transform alone.

.. math:: R(g) = m + v g + \sum_i \frac{r_i t_i}{1 - t_i g} , \qquad
          \kappa_n = m\,\delta_{n1} + v\,\delta_{n2} + \sum_i r_i t_i^n .

A point, a semicircle and free compound Poisson laws are of this kind, and free sums stay so: the R-transforms add.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import complex_points, shown
from spinglass.spectra.law import Law

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers


class LevyLaw(Law):
    """A law that is known by its drift m, variance v, jumps t and rates r."""

    @property
    @abstractmethod
    def _triple(self):
        """The free Levy triple: drift, variance of the semicircle part, measure of the jumps (places and rates)."""

    def _r(self, g):
        r"""Return R(g) without any check, at a real or complex array."""
        drift, variance, jumps, rates = self._triple
        total = drift + variance * g
        for t, r in zip(jumps, rates, strict=True):
            total = total + r * t / (1 - t * g)
        return total

    def r_transform(self, g: Numbers) -> Numbers:
        r"""Return :math:`R(g)`, whose coefficients are the free cumulants, at real or complex g.

        Parameters
        ----------
        g : complex array of any shape
            None of the poles 1/t.

        Examples
        --------
        >>> from spinglass.spectra.free.freely_divisible import FreelyDivisible
        >>> print(FreelyDivisible(0.5, 2.0, [3.0], [1.0]).r_transform(0.0))
        3.5
        """
        g = complex_points("g", g)
        if any((t * g == 1).any() for t in self._triple[2]):
            raise ValueError(f"g: expected none of the poles 1/jump, got {shown(g)}")
        return self._r(g if g.imag.any() else g.real)[()]

    def _r_slope(self, g):
        _, variance, jumps, rates = self._triple
        return float(variance + sum(r * (t / (1 - t * g)) ** 2 for t, r in zip(jumps, rates, strict=True)))

    def _cumulants(self, order):
        drift, variance, jumps, rates = self._triple
        cumulants, power = np.zeros(order), np.array(rates)
        for n in range(order):  # rates first: squares of jumps alone may leave the floats
            power = power * jumps
            cumulants[n] = power.sum()
        cumulants[:2] += np.array([drift, variance])[:order]
        return cumulants
