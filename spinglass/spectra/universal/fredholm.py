r"""Determinants of integral operators, on the nodes of Gauss and Legendre.

.. math:: \det(1 - K) \approx \det\big(\delta_{ij} - \sqrt{w_i}\,K(x_i, x_j)\sqrt{w_j}\big)

with nodes x and weights w.  For analytic kernels the error falls exponentially with the number of nodes, as that of the
quadrature does.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Array, Number

GROWTH = 1.25  # of the number of nodes, until digits agree


@functools.lru_cache(maxsize=32)
def nodes(order: int) -> tuple[Array, Array]:
    """Return the nodes and the weights on [0, 1], rounded from more digits: numpy's weights are off by 1e-13.

    Examples
    --------
    >>> from spinglass.spectra.universal.fredholm import nodes
    >>> x, w = nodes(3)
    >>> print(w.sum(), f"{w @ x**5:.15f}")
    1.0 0.166666666666667
    """
    from spinglass.arithmetic import mp  # which loads mpmath

    finer = mp(20)
    with finer.precision():
        x, w = finer.legendre(order)
        return np.array((1 + x) / 2, float), np.array(w / 2, float)


def scaled(order: int, length: Number, ar: Arithmetic) -> tuple[list[Number], list[Number]]:
    """Return the nodes on [0, length] and the roots of their weights in an arithmetic."""
    x, w = ar.legendre(order)
    return [length * (1 + t) / 2 for t in x], [ar.sqrt(length * t / 2) for t in w]


def rest(kernel: list[list[Number]]) -> Number:
    """Return the determinant of 1 - K, positive definite, from the lower triangle of K.

    The last row is eliminated first, so that the triangle only loses rows: a third of the general work.

    Examples
    --------
    >>> from spinglass.spectra.universal.fredholm import rest
    >>> rest([[0.5], [0.25, 0.5]])
    0.1875
    """
    rows = [[(i == j) - entry for j, entry in enumerate(row)] for i, row in enumerate(kernel)]
    product = rows[-1][-1] ** 0
    while rows:
        *last, pivot = rows.pop()
        product = product * pivot
        rows = [
            [a - factor * b for a, b in zip(row, last, strict=False)]
            for row, factor in zip(rows, (b / pivot for b in last), strict=True)
        ]
    return product


def converged(function: Callable[[int], tuple[Any, ...]], order: int, digits: int, ar: Arithmetic) -> tuple[Any, ...]:
    """Return numbers that depend on the number of nodes, with so many digits after the point.

    The error falls at least exponentially: where two numbers of nodes agree to their ratio of the digits, the larger
    one has all of them.
    """
    close = ar.number(10) ** -math.ceil(digits / GROWTH)
    before = function(order)
    while True:
        order = math.ceil(GROWTH * order)
        here = function(order)
        if all(abs(new - old) <= close for new, old in zip(here, before, strict=True)):
            return here
        before = here
