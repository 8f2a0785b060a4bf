r"""A random field in a parabola.

With :math:`H = \mu|x|^2/2 + V`, :math:`E V V' = N f(|x-y|^2/2N)` and :math:`m = \mu/\sqrt{f''(0)}`, for m < 1

.. math:: \lim\tfrac1N\log E\,\#\text{points} = \tfrac12(m^2-1) - \log m,\qquad
          \lim\tfrac1N\log E\,\#\text{minima} = \tfrac12(-m^2+4m-3) - \log m,

and 0 for m >= 1 (the topology is trivial).  Both are suprema over the shift d of the Hessian, whose semicircle has
radius 2: at index k, with :math:`d = t + 1/t \ge 2`, :math:`I = \tfrac14(t^2 - t^{-2}) - \log t`,

.. math:: \Sigma_k = \sup_{t \ge 1}\Big[\frac1{2t^2} + \log t - kI - \tfrac12(t + 1/t - m)^2\Big] - \log m,\qquad
          t = \max\Big(1, \frac{m + \sqrt{m^2 + k(k+2)}}{k+2}\Big),

the same for all k if m <= 1; with a fraction of negative eigenvalues d is fixed, inside the semicircle (derived here).
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, ClassVar

from spinglass.arithmetic import resolve
from spinglass.complexity.one_sphere.quantile import semicircle_quantile
from spinglass.inputs.checks import checked_number, one_number
from spinglass.inputs.plotted import Plotted
from spinglass.spectra.semicircle import deviation_beyond

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Number


@dataclass(frozen=True)
class Parabolic(Plotted):
    """A Gaussian random field confined by a parabola; see :func:`parabolic`."""

    _picture = "parabolic"

    m: Real

    fractions: ClassVar = (1.0,)  # as of any model: one space, one loss, one player
    losses: ClassVar = ((1.0,),)
    players: ClassVar = ((0,),)

    def __repr__(self):
        return f"parabolic({self.m!r})"

    def total(self, arithmetic: Arithmetic | None = None) -> Number:
        """Return the growth rate of the mean number of critical points, in nats per dimension.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(round(sg.parabolic(.5).total(), 12))
        0.31814718056
        """
        return self._rate(arithmetic, lambda ar: rate_of_all(self.m, ar))

    def minima(self, arithmetic: Arithmetic | None = None) -> Number:
        """Return the growth rate of the mean number of minima, in nats per dimension.

        Examples
        --------
        >>> import spinglass as sg
        >>> from fractions import Fraction
        >>> print(sg.parabolic(Fraction(1, 2)).minima(arithmetic=sg.symbols))
        -5/8 + log(2)
        """
        return self._rate(arithmetic, lambda ar: rate_of_index(self.m, 0, ar))

    def _rate(self, arithmetic, formula):
        ar = resolve(arithmetic)
        with ar.precision():
            return ar.result(formula(ar))


def rate_of_all(m, ar):
    """Return the rate of all points, in an arithmetic."""
    m = ar.number(m)
    return ar.where(ar.positive(1 - m), lambda on: (m - 1) * (m + 1) / 2 - ar.log(m), ar.number(0))


def rate_of_index(m, k, ar):
    """Return the rate of the points with k negative eigenvalues, in an arithmetic."""
    m = ar.number(m)

    def beyond(on):
        t = (m + ar.sqrt(m * m + k * (k + 2))) / (k + 2)
        outlier = k * deviation_beyond(t - 1, ar)
        pulled = (t - m) + 1 / t
        return 1 / (2 * t * t) + ar.log(t / m) - outlier - pulled * pulled / 2

    other = ar.where(ar.positive(m - 1), beyond, ar.number(0)) if k else ar.number(0)
    return ar.where(ar.positive(1 - m), lambda on: (m - 1) * (3 - m) / 2 - ar.log(m), other)


def rate_of_fraction(m, fraction, ar):
    """Return the rate of the points with a fraction of negative eigenvalues, in an arithmetic."""
    m, y = ar.number(m), -ar.number(semicircle_quantile(fraction, ar))  # half the shift
    pulled = 2 * y - m
    return y * y - ar.number(1) / 2 - pulled * pulled / 2 - ar.log(m)


def parabolic(m: Number) -> Parabolic:
    r"""Parabolic confinement of a stationary Gaussian field, :math:`H = \mu|x|^2/2 + V` in N dimensions.

    Parameters
    ----------
    m : number
        :math:`\mu/\sqrt{f''(0)}` > 0, where :math:`E V(x)V(y) = N f(|x-y|^2/2N)`.

    Returns
    -------
    Parabolic
        A model like others: ``sg.complexity`` answers for totals, indices and index fractions (not for energies, which
        m does not fix), ``sg.mean_count`` for finite N; ``.total()`` and ``.minima()`` are two of these rates.

    Raises
    ------
    TypeError, ValueError
        If m is not a positive finite number.

    Notes
    -----
    *Accuracy*: closed forms, float64 to rounding.

    References
    ----------
    Fyodorov (2004), Complexity of random energy landscapes, glass transition, and absolute value of the spectral
    determinant of random matrices; Fyodorov, Williams (2007), Replica symmetry breaking condition exposed by random
    matrix calculation of landscape complexity (minima).

    Examples
    --------
    >>> import spinglass as sg
    >>> c = sg.complexity(sg.parabolic(.5))
    >>> print(f"{c.total():.6f} {c.total(index=0):.6f} {c.total(fraction=.3):.6f}")
    0.318147 0.068147 0.285636
    >>> print(f"{sg.mean_count(sg.parabolic(.5), 10).mean:.6f}")
    146.231258
    """
    m = checked_number("m", m)
    one_number("m", m)  # of moderate size
    if m <= 0:
        raise ValueError(f"m: expected a positive number, got {m}: without confinement points are not finite in number")
    return Parabolic(m)
