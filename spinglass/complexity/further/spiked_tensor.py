r"""A spike hidden in a random symmetric tensor, as a landscape on the unit sphere.

.. math:: f(s) = \lambda\langle u, s\rangle^k + (2n)^{-1/2}\,W[s^k],\qquad
          S_*(m, x) = \lim\tfrac1n\log E\,\#\{\text{points with } \langle u, s\rangle \approx m, f(s) \approx x\}.

The closed forms are in :mod:`spinglass.complexity.further.spike_rate`, their zeros in
:mod:`spinglass.complexity.further.spike_roots`.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar

from spinglass.arithmetic import resolve
from spinglass.complexity.further import spike_rate
from spinglass.complexity.further.spike_roots import bulk_edge, critical_square, first_zero, spike_place
from spinglass.complexity.overlaps import checked_overlap
from spinglass.inputs.checks import checked_integer, checked_number, one_number
from spinglass.inputs.plotted import Plotted

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Number, Numbers


@dataclass(frozen=True)
class Spiked(Plotted):
    r"""A random tensor with a spike, as a function on the unit sphere; see :func:`spiked`.

    Its own methods keep the overlap m with the spike.  Whatever the overlap, ``sg.complexity(model)`` answers as for
    any model, at energies :math:`u = -\sqrt2 x`: maxima of the function are minima there, of index 0.

    Examples
    --------
    >>> import spinglass as sg
    >>> for strength in (.8, .9, 1.):  # the values of the highest maxima: near the spike they come on top at last
    ...     u = sg.complexity(sg.spiked(3, strength)).lowest_energy(index=0)
    ...     print(f"u = {u:.6f}, x = {-u / 2**.5:.6f}")
    u = -1.656998, x = 1.171675
    u = -1.694194, x = 1.197976
    u = -1.786743, x = 1.263418
    """

    _picture = "spiked"

    fractions: ClassVar = (1.0,)  # as of any model: one sphere, one loss, one player
    losses: ClassVar = ((1.0,),)
    players: ClassVar = ((0,),)

    k: int
    lambda_: Real

    def __repr__(self):
        return f"spiked({self.k}, {self.lambda_!r})"

    def rate(self, m: Numbers, x: Numbers, maxima: bool = False, arithmetic: Arithmetic | None = None) -> Numbers:
        """Return S_*(m, x): the rate of critical points (or maxima) at overlap m and value x.

        Parameters
        ----------
        m, x : number or array
            Overlap with the spike in [-1, 1] and value of the function; arrays broadcast.
        maxima : bool
            Count local maxima only.
        arithmetic : arithmetic, optional
            float64 by default; sg.mp(digits), sg.balls(digits) and sg.symbols for one point.

        Returns
        -------
        number or array
            Nats per dimension; -inf where nothing exists.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(round(sg.spiked(3, 1.).rate(.2, 1.1), 6), sg.spiked(3, 1.).rate(.2, 1.1, maxima=True))
        0.036591 -inf
        """

        def there(ar, m, x):
            return spike_rate.rate(*self._in(ar), m, spike_rate.shift_per_value(self.k, ar) * x, maxima, ar)

        return self._evaluate(there, arithmetic, m, x)

    def at_overlap(self, m: Numbers, maxima: bool = False, arithmetic: Arithmetic | None = None) -> Numbers:
        """Return the supremum of S_*(m, x) over x; parameters and returns as for :meth:`rate`.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spiked(3, 1.).at_overlap([0., .5, .9]).round(6)
        array([ 0.346574,  0.108983, -0.001045])
        """

        def best(ar, m):
            t = spike_rate.best_shift(*self._in(ar), m, maxima, ar)
            return spike_rate.rate(*self._in(ar), m, t, maxima, ar)

        return self._evaluate(best, arithmetic, m)

    def best_value(self, m: Numbers, maxima: bool = False, arithmetic: Arithmetic | None = None) -> Numbers:
        """Return the value x that attains the supremum over x at overlap m (if two tie, either sign)."""

        def best(ar, m):
            return spike_rate.best_shift(*self._in(ar), m, maxima, ar) / spike_rate.shift_per_value(self.k, ar)

        return self._evaluate(best, arithmetic, m)

    def critical_lambda(self, arithmetic: Arithmetic | None = None) -> Number:
        r"""Return :math:`\lambda_c = \sqrt{(k-1)^{k-1}/(2k(k-2)^{k-2})}`, from which on maxima exist near the spike.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.spiked(3, 1).critical_lambda(arithmetic=sg.symbols))
        sqrt(6)/3
        """
        ar = resolve(arithmetic)
        with ar.precision():
            return ar.result(ar.sqrt(ar.number(critical_square(self.k))))

    def spike_overlap(self, arithmetic: Arithmetic | None = None) -> Number:
        r"""Return the overlap of the maximum near the spike: the larger root of 2 k lambda^2 m^(2k-4) (1-m^2) = 1.

        There :math:`\sup_x S_* = 0`, touched from below.  ValueError for ``lambda_ < lambda_c``.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(round(sg.spiked(3, 1.).spike_overlap(), 12))
        0.888073833977
        """
        return self._root(spike_place, arithmetic)

    def band(self, maxima: bool = False, arithmetic: Arithmetic | None = None) -> tuple[Number, Number]:
        r"""Return the lowest and the highest overlap of the band around m = 0 where the complexity is not negative.

        For all points the band is symmetric; up to lambda_c its edge is :math:`\sqrt{(k-2)/(k-1)}` whatever
        ``lambda_``, beyond it is the only zero of a decreasing function (proved by a change of sign in sg.balls).  For
        maxima the first change of sign on a grid of 4000 overlaps is refined (not in sg.balls, sg.symbols).

        Examples
        --------
        >>> import spinglass as sg
        >>> print("%.6f %.6f" % sg.spiked(3, 1.).band())
        -0.622706 0.622706
        >>> print("%.6f %.6f" % sg.spiked(3, 1.).band(maxima=True))
        -0.125504 0.478623
        """
        if maxima:
            return tuple(self._root(lambda k, lam, ar, s=side: first_zero(self, s, ar), arithmetic) for side in (-1, 1))
        edge = self._root(bulk_edge, arithmetic)
        return -edge, edge

    def _in(self, ar: Arithmetic) -> tuple[int, Any]:
        return self.k, ar.number(self.lambda_)

    def _root(self, find, arithmetic):
        ar = resolve(arithmetic)
        with ar.precision():
            return ar.result(find(self.k, self.lambda_, ar))

    def _evaluate(self, formula, arithmetic, m, *rest):
        ar = resolve(arithmetic)
        with ar.precision():
            return ar.result(formula(ar, *checked_overlap(("m", "x")[: 1 + len(rest)], ar, m, *rest)))


def spiked(k: int, lambda_: Number) -> Spiked:
    r"""The spiked tensor :math:`f(s) = \lambda\langle u, s\rangle^k + (2n)^{-1/2} W[s^k]` on the unit sphere.

    W is a symmetric Gaussian tensor, W[s^k] of unit variance; :math:`m = \langle u, s\rangle` is the overlap.
    At ``lambda_ = 0`` it is the pure k-spin glass with energy density :math:`u = \sqrt2 x`.

    Parameters
    ----------
    k : int
        Order of the tensor, at least 3.
    lambda_ : number
        Signal-to-noise ratio, at least 0.

    Returns
    -------
    Spiked
        A model like others: ``sg.complexity`` answers at energies :math:`u = -\sqrt2 x`, whatever the overlap, and
        ``sg.mean_count`` at finite N, by sampling.

    Raises
    ------
    TypeError, ValueError
        For anything else.

    Notes
    -----
    *Accuracy*: suprema over x are closed forms; float64 to about 1e-15 (1 + :math:`\lambda^2`).

    References
    ----------
    Ben Arous, Mei, Montanari, Nica (2019), The landscape of the spiked tensor model, CPAM.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(round(sg.spiked(4, 2.).critical_lambda(), 12))
    0.918558653544
    """
    k, lambda_ = checked_integer("k", k, 3), checked_number("lambda_", lambda_)
    one_number("lambda_", lambda_)  # of moderate size
    if lambda_ < 0:
        raise ValueError(f"lambda_: expected a number of at least 0, got {lambda_}: turn the spike round instead")
    return Spiked(k, lambda_)
