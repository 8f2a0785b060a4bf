r"""A random field in a parabola.

With :math:`H = \mu|x|^2/2 + V`, :math:`E V V' = N f(|x-y|^2/2N)` and :math:`m = \mu/\sqrt{f''(0)}`, for m < 1

.. math:: \lim\tfrac1N\log E\,\#\text{points} = \tfrac12(m^2-1) - \log m,\qquad
          \lim\tfrac1N\log E\,\#\text{minima} = \tfrac12(-m^2+4m-3) - \log m,

and 0 for m >= 1 (the topology is trivial).
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

from spinglass.arithmetic import resolve
from spinglass.inputs.checks import checked_number, one_number
from spinglass.inputs.plotted import Plotted

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Number


@dataclass(frozen=True)
class Parabolic(Plotted):
    """A Gaussian random field confined by a parabola; see :func:`parabolic`."""

    _picture = "parabolic"

    m: Real

    def __repr__(self):
        return f"parabolic({self.m!r})"

    def total(self, arithmetic: Arithmetic | None = None) -> Number:
        """Return the growth rate of the mean number of critical points, in nats per dimension.

        Examples
        --------
        >>> from spinglass.complexity.further.parabola import parabolic
        >>> print(round(parabolic(.5).total(), 12))
        0.31814718056
        """
        return self._rate(arithmetic, lambda m: (m - 1) * (m + 1) / 2)

    def minima(self, arithmetic: Arithmetic | None = None) -> Number:
        """Return the growth rate of the mean number of minima, in nats per dimension.

        Examples
        --------
        >>> import spinglass as sg
        >>> from fractions import Fraction
        >>> from spinglass.complexity.further.parabola import parabolic
        >>> print(parabolic(Fraction(1, 2)).minima(arithmetic=sg.symbols))
        -5/8 + log(2)
        """
        return self._rate(arithmetic, lambda m: (m - 1) * (3 - m) / 2)

    def _rate(self, arithmetic, energy):
        ar = resolve(arithmetic)
        with ar.precision():
            m = ar.number(self.m)
            value = energy(m) - ar.log(m) if ar.positive(1 - m) else ar.number(0)
            return ar.result(value)


def parabolic(m: Number) -> Parabolic:
    r"""Parabolic confinement of a stationary Gaussian field, :math:`H = \mu|x|^2/2 + V` in N dimensions.

    Parameters
    ----------
    m : number
        :math:`\mu/\sqrt{f''(0)}` > 0, where :math:`E V(x)V(y) = N f(|x-y|^2/2N)`.

    Returns
    -------
    Parabolic
        With ``.total(arithmetic=None)`` and ``.minima(arithmetic=None)``; the mean count at finite N is
        ``spinglass.complexity.further.parabola_counts.parabolic_mean_count(model, n)``.

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
    >>> from spinglass.complexity.further.parabola import parabolic
    >>> parabolic(2).total()
    0.0
    """
    m = checked_number("m", m)
    one_number("m", m)  # of moderate size
    if m <= 0:
        raise ValueError(f"m: expected a positive number, got {m}: without confinement points are not finite in number")
    return Parabolic(m)
