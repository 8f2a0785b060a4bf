r"""The left tail of the Tracy-Widom laws, where determinants are lost in rounding: the second Painleve equation.

.. math:: q'' = sq + 2q^3 , \qquad q = -2D' , \qquad q^2 = -2A'' ,

with A and D of :mod:`~spinglass.spectra.universal.airy_determinant`.  At the right end q and A' are taken from the
determinants, at the left end from

.. math:: q = \sqrt{-s/2}\,\Big(1 + \frac1{8s^3} - \frac{73}{128 s^6} + \frac{10657}{1024 s^9} - \dots\Big) .

The unknown is :math:`q''`, a Chebyshev series that is integrated twice, so that Newton's method solves a linear
equation of the second kind, whose rounding does not grow with the degree.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import Chebyshev, chebyshev

from spinglass.spectra.universal.airy_determinant import logarithms

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array

LEFT, RIGHT = -28.0, -2.0  # below LEFT all three laws are below the smallest float
DEGREE = 64
STEPS = 30  # of Newton's method, which needs six


@functools.lru_cache(maxsize=32)
def left_tail() -> tuple[Callable[[Array], Array], ...]:
    """Return A, D, A' and D' between LEFT and RIGHT as functions.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.universal.painleve import left_tail
    >>> a, _, _, _ = left_tail()
    >>> print(f"{np.exp(2 * a(-8.0)):.9e}")  # F_2(-8), of which a determinant in float64 knows nothing
    1.985900426e-19
    """
    a, d, a_slope, d_slope = (float(part[0]) for part in logarithms([RIGHT]))
    q = hastings_mcleod(-2 * d_slope)
    minus_a = (q * q / 2).integ(lbnd=RIGHT)  # A' falls by q^2/2
    slope = a_slope - minus_a
    return a + slope.integ(lbnd=RIGHT), d - (q / 2).integ(lbnd=RIGHT), slope, -q / 2


def hastings_mcleod(right: float) -> Chebyshev:
    """Return q on [LEFT, RIGHT] from its value at the right end."""
    x = chebyshev.chebpts2(DEGREE + 1)
    half = (RIGHT - LEFT) / 2
    s = LEFT + half * (1 + x)
    to_series = np.linalg.inv(chebyshev.chebvander(x, DEGREE))
    twice = half**2 * chebyshev.chebint(np.eye(DEGREE + 1), 2)  # series of double integrals
    values = chebyshev.chebvander(x, DEGREE + 2) @ twice @ to_series
    straight = np.array([(1 - x) / 2, (1 + x) / 2]).T
    green = values - straight @ values[[0, -1]]  # 0 at both ends
    ends = straight @ [_far_left(LEFT), right]
    bend = np.zeros(DEGREE + 1)
    q = _far_left(s)
    for _ in range(STEPS):
        residual = bend - s * q - 2 * q**3
        step = np.linalg.solve(np.eye(DEGREE + 1) - (s + 6 * q * q)[:, None] * green, residual)
        bend = bend - step
        q = ends + green @ bend
    return Chebyshev(to_series @ q, domain=[LEFT, RIGHT])


def _far_left(s):
    """Return the expansion of q for s towards minus infinity."""
    t = 1 / s**3
    return np.sqrt(-s / 2) * (1 + t / 8 - 73 * t**2 / 128 + 10657 * t**3 / 1024)
