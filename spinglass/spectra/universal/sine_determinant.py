r"""The two determinants that all laws of levels in the bulk are made of: the sine kernel on even and odd functions.

.. math:: E_\pm(s) = \det\big(1 - K_\pm\big)_{L^2(0,\,s/2)} , \qquad
          K_\pm(x, y) = S(x - y) \pm S(x + y) , \qquad S(u) = \frac{\sin\pi u}{\pi u} .

On [0, 1] the length s stands in the kernel, whose derivative in s is of rank one: :math:`K_+' = c\,c^T` with
:math:`c = \cos(\pi s x/2)`, and :math:`K_-' = c\,c^T` with the sine.  So with :math:`v = (1 - K)^{-1}c`

.. math:: E' = -E\;c\cdot v , \qquad E'' = -2E\;\partial_s c\cdot v .
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from spinglass.spectra.universal.fredholm import converged, nodes, rest, scaled

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Array, Number, Numbers

NODES = 24  # for float64: 16 suffice up to s = 10


def derivatives(s: Numbers, order: int = NODES) -> Array:
    """Return E_+, E_+', E_+'', E_-, E_-', E_-'' at places of shape (k,): shape (6, k).

    Examples
    --------
    >>> from spinglass.spectra.universal.sine_determinant import derivatives
    >>> derivatives([0.0, 1.0])[:3].round(6) + 0.0
    array([[ 1.      ,  0.214167],
           [-1.      , -0.451827],
           [ 0.      ,  0.701823]])
    """
    s = np.asarray(s, dtype=float)[:, None]
    x, w = nodes(order)
    root, phase = np.sqrt(w), np.pi / 2 * s * x
    apart, together = x[:, None] - x, x[:, None] + x
    half = s[:, :, None] / 2  # of sin(pi s u/2)/(pi u) = s/2 S(s u/2)
    near, far = half * np.sinc(half * apart), half * np.sinc(half * together)
    found = []
    for sign, wave, bend in ((1, np.cos(phase), -np.sin(phase)), (-1, np.sin(phase), np.cos(phase))):
        matrix = np.eye(order) - root[:, None] * (near + sign * far) * root
        c, moved = root * wave, root * (np.pi / 2 * x) * bend
        v = np.linalg.solve(matrix, c[:, :, None])[:, :, 0]
        value = np.linalg.det(matrix)
        found += [value, -value * (c * v).sum(-1), -2 * value * (moved * v).sum(-1)]
    return np.array(found)


def pair(s: Number, order: int, ar: Arithmetic) -> tuple[Number, Number]:
    """Return E_+ and E_- at one place, on so many nodes, in an arithmetic.

    Examples
    --------
    >>> from spinglass.arithmetic import float64
    >>> from spinglass.spectra.universal.sine_determinant import pair
    >>> print("{:.10f} {:.10f}".format(*pair(1.0, 20, float64)))
    0.2141667876 0.7947890673
    """
    x, root = scaled(order, s / 2, ar)

    def wave(u):
        return ar.sin(ar.pi * u) / (ar.pi * u) if u else ar.number(1)

    def kernel(sign):
        return [
            [root[i] * root[j] * (wave(x[i] - x[j]) + sign * wave(x[i] + x[j])) for j in range(i + 1)]
            for i in range(order)
        ]

    return rest(kernel(1)), rest(kernel(-1))


def digits_of(s: Number, digits: int, ar: Arithmetic) -> tuple[Number, Number]:
    """Return E_+ and E_- with so many digits after the point, in an arithmetic that carries as many."""
    order = 6 + math.ceil(0.35 * digits + float(s))
    return converged(lambda order: pair(s, order, ar), order, digits, ar)
