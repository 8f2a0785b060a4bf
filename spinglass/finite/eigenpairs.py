r"""Real eigenpairs of a Gaussian symmetric tensor: half the critical points of a pure model.

For a tensor of order d, r = xi''(1)/xi'(1) = d - 1, and

.. math:: E(n,d) = \tfrac12 E\,N_{tot}(n, r = d-1)

has the closed form of :mod:`spinglass.finite.closed_forms`.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from spinglass.arithmetic import mp, resolve
from spinglass.finite.closed_forms import MOST, closed_total
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import as_float, whole_number

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Number

BEYOND = 3000  # sizes from which on float64 has no such large numbers for tensors
EXACT = 120  # sizes up to which float64 rounds the exact number; beyond, the integral is taken in the log domain


def real_eigenpairs(n: int, order: int, arithmetic: Arithmetic | None = None) -> Number:
    r"""Return the mean number of real eigenpairs of a Gaussian symmetric tensor, E(n, d).

    .. math:: E(2,d) = \sqrt{3d-2}, \qquad E(3,d) = 1 + \frac{4(d-1)^{3/2}}{\sqrt{3d-2}}, \qquad E(n,2) = n

    Eigenpairs :math:`T x^{d-1} = \lambda x`, :math:`|x| = 1`, counted up to the sign of x: half the critical points of
    the pure d-spin model on the sphere of :math:`R^n`.

    Parameters
    ----------
    n : int
        Dimension, at least 1.
    order : int
        Order d of the tensor, at least 2; with ``sg.symbols`` also a sympy symbol.
    arithmetic : arithmetic, optional
        float64 by default; ``sg.mp(digits)``, ``sg.balls(digits)``; ``sg.symbols`` for the closed form.

    Returns
    -------
    float, number of the arithmetic, or sympy expression
        In float64 inf beyond its range.

    Raises
    ------
    ValueError, TypeError
        If n or the order is not such an integer.

    Accuracy
    --------
    float64: correctly rounded up to a few units for n up to 120, relative error below 1e-10 up to n = 2000.  mp: all
    digits.  balls: an enclosure.  symbols: exact.

    References
    ----------
    Breiding (2017), The expected number of eigenvalues of a real Gaussian tensor; Auffinger, Ben Arous, Cerny (2013).

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.real_eigenpairs(4, 6), sg.real_eigenpairs(4, 6, sg.symbols)
    (33.375, 267/8)
    >>> sg.real_eigenpairs(3, 3, sg.symbols)
    1 + 8*sqrt(14)/7
    >>> import sympy
    >>> sg.real_eigenpairs(2, sympy.Symbol("d"), sg.symbols)
    sqrt(3*d - 2)
    """
    ar = resolve(arithmetic)
    n = whole_number("n", n, 1)
    if ar.exact and hasattr(order, "free_symbols") and order.free_symbols:
        return closed_total(n, order - 1, ar, half=True)
    order = whole_number("order", order, 2)
    if order == 2:
        return _exactly(n, ar)
    if ar.vectorised:
        return _float(n, order)
    within(f"n in {ar!r}", n, MOST, "try arithmetic=None")
    with ar.precision():
        return ar.result(closed_total(n, Fraction(order - 1), ar, half=True))


def _exactly(n, ar):
    """Return n itself, the number for matrices."""
    if ar.vectorised:
        return as_float(n)
    with ar.precision():
        return ar.result(ar.number(n))


def _float(n, order):
    """Return E(n, d) in float64, by the exact number where that is quick and not too large."""
    if n > BEYOND:  # E(n, d) >= E(n, 3), whose logarithm is 0.347 n
        return math.inf
    if n <= EXACT:
        return float(closed_total(n, Fraction(order - 1), mp(30), half=True))
    from spinglass.finite.count import log_total

    with np.errstate(over="ignore"):
        return float(np.exp(log_total(n, order - 1.0) - math.log(2)))
