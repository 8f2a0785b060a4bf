r"""The two determinants that all Tracy-Widom laws are made of, on the nodes of Gauss and Legendre.

.. math:: F_\pm(s) = \det(1 \pm B_s) , \qquad (B_s f)(x) = \int_0^\infty \mathrm{Ai}(x + y + s)\, f(y)\, dy .

With :math:`A = \tfrac12\log F_+F_-` and :math:`D = \tfrac12\log F_+/F_-`, in the eigenvalues :math:`\lambda` of B

.. math:: A = \tfrac12\sum\log(1 - \lambda^2) , \qquad D = \sum\mathrm{artanh}\,\lambda , \qquad
          A' = -\sum\frac{\lambda\lambda'}{1 - \lambda^2} , \qquad D' = \sum\frac{\lambda'}{1 - \lambda^2} ,

where :math:`\lambda' = v\cdot B'v` for the eigenvector v.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from spinglass.spectra.universal.airy_series import airy_values
from spinglass.spectra.universal.fredholm import converged, nodes, rest, scaled

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Array, Number, Numbers

NODES = 40  # for float64, from s = -5 on
FLOAT_DIGITS = 18


def logarithms(s: Numbers, order: int = NODES) -> tuple[Array, Array, Array, Array]:
    """Return A, D and their derivatives at places of shape (k,), from -5 on.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.universal.airy_determinant import logarithms
    >>> a, d, _, _ = logarithms([-1.0])
    >>> (np.exp(a - d), np.exp(2 * a))  # F_1 and F_2
    (array([0.5837899]), array([0.80721424]))
    """
    from scipy.special import airy

    s = np.asarray(s, dtype=float)[:, None, None]
    x, w = nodes(order)
    length = cut(s, FLOAT_DIGITS)
    kernel, slope, _, _ = airy(length * (x[:, None] + x) + s)
    root = np.sqrt(w[:, None] * w) * length
    value, vector = np.linalg.eigh(root * kernel)
    moved = np.einsum("kia,kia->ka", vector, (root * slope) @ vector)
    beside = (1 - value) * (1 + value)
    a, d = 0.5 * np.log1p(-(value**2)).sum(-1), np.arctanh(value).sum(-1)
    return a, d, -(value * moved / beside).sum(-1), (moved / beside).sum(-1)


def cut(s, digits):
    """Return where the half line ends for so many digits of the determinants.

    What is cut off enters them by its square, so that Ai(x + s) is below half of these digits of Ai(max(s, 0)) there.
    """
    return (1.5 * math.log(10) * (digits / 2 + 1) + np.maximum(s, 0.0) ** 1.5) ** (2 / 3) - s


def pair(s: Number, order: int, digits: float, ar: Arithmetic) -> tuple[Number, Number]:
    """Return F_- and F_+ at one place, on so many nodes, in an arithmetic.

    Examples
    --------
    >>> from spinglass.arithmetic import float64
    >>> from spinglass.spectra.universal.airy_determinant import pair
    >>> minus, plus = pair(-1.0, 30, 16, float64)
    >>> print(f"{minus:.12f} {minus * plus:.12f}")  # F_1 and F_2
    0.583789895520 0.807214241999
    """
    length = ar.number(float(cut(float(s), digits)))
    x, root = scaled(order, length, ar)
    rows, columns = np.tril_indices(order)
    values = airy_values([x[i] + x[j] + s for i, j in zip(rows, columns, strict=True)], ar)
    kernel = [[root[i] * root[j] * values[i * (i + 1) // 2 + j] for j in range(i + 1)] for i in range(order)]
    return rest(kernel), rest([[-entry for entry in row] for row in kernel])


def digits_of(s: Number, digits: int, ar: Arithmetic) -> tuple[Number, Number]:
    """Return F_- and F_+ with so many digits after the point, in an arithmetic that carries as many."""
    order = 10 + math.ceil(digits * (0.9 + 0.1 * min(max(-float(s), 0.0), 2.0)))  # where two orders mostly agree
    return converged(lambda order: pair(s, order, digits, ar), order, digits, ar)
