r"""The law of the distance between neighbouring levels in the bulk, of Gaudin and Mehta: what the surmise approaches.

The probability that an interval of s mean spacings holds no level is

.. math:: E_1(s) = E_+(s) , \qquad E_2(s) = E_+(s)E_-(s) , \qquad E_4(s) = \tfrac12\big(E_+(2s) + E_-(2s)\big)

with the determinants of :mod:`~spinglass.spectra.universal.sine_determinant`.  A spacing is at most s with probability
:math:`1 + E'(s)`, and has the density :math:`E''(s)`.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize.elementwise import find_root

from spinglass.arithmetic import resolve
from spinglass.inputs.checks import in_arithmetic, real_points, shown
from spinglass.spectra.universal.fredholm import nodes
from spinglass.spectra.universal.panels import Panels
from spinglass.spectra.universal.sine_determinant import derivatives, digits_of
from spinglass.spectra.universal.tracy_widom import checked_beta, float_or_digits

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Numbers

END = 10.0  # of the variable of the determinants: beyond, all is below 1e-17
SMALLEST = 1e-12  # of the levels of quantiles
MOST = 12.0  # in the variable of the determinants, for digits: beyond, they take minutes


@dataclass(frozen=True)
class LevelSpacing:
    r"""The law of spacings of eigenvalues of large random matrices, in units of their mean, exactly.

    Parameters
    ----------
    beta : {1, 2, 4}, optional
        1: real symmetric matrices (GOE), 2: complex Hermitian (GUE), 4: quaternion self-dual (GSE).

    Raises
    ------
    ValueError, TypeError
        If beta is none of these.

    See Also
    --------
    wigner_surmise : the law of 2 x 2 matrices, whose density differs by up to 0.0164, its cdf by up to 0.0066.

    Accuracy
    --------
    Gap probability, cdf and density to 1e-14 absolutely, against determinants on twice as many nodes; variance too.

    References
    ----------
    Gaudin (1961); Mehta (2004), Random Matrices, 6.6, 7.3 and 11.7; Bornemann (2010) for the numerics.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.LevelSpacing()
    >>> law.pdf([0.0, 1.0, 2.0]).round(9) + 0.0
    array([0.        , 0.70182265, 0.13921149])
    >>> print(f"{law.mean} {law.variance:.12f} {law.quantile(0.5):.9f}")
    1.0 0.285530655731 0.932654975
    """

    beta: int = 1

    def __post_init__(self):
        object.__setattr__(self, "beta", checked_beta(self.beta))

    def gap_probability(self, s: Numbers, arithmetic: Arithmetic | None = None) -> Numbers:
        """Return the probability that an interval of s mean spacings holds no level.

        Parameters
        ----------
        s : float array of any shape, or one number of the arithmetic
            1 where s is not positive.
        arithmetic : arithmetic, optional
            float64 by default; with ``sg.mp(digits)`` the determinants themselves, for s up to 12 (6 for beta = 4).

        Raises
        ------
        ValueError, TypeError
            If s is not finite and real, or too large for digits.
        NotImplementedError
            In other arithmetics.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.spectra.LevelSpacing(2).gap_probability(1, arithmetic=sg.mp(25)))
        0.1702174213791852307326531
        """
        ar = float_or_digits(resolve(arithmetic))
        if ar.vectorised:
            return self._derivatives(real_points("s", s))[0]
        return self._digits(s, ar)

    def cdf(self, s: Numbers) -> Numbers:
        """Return the probability of a spacing of at most s, at a float array of any shape."""
        return np.clip(1 + self._derivatives(real_points("s", s))[1], 0.0, 1.0)[()]

    def sf(self, s: Numbers) -> Numbers:
        """Return the probability of a spacing above s, at a float array of any shape."""
        return np.clip(-self._derivatives(real_points("s", s))[1], 0.0, 1.0)[()]

    def pdf(self, s: Numbers) -> Numbers:
        """Return the density of spacings at a float array of any shape."""
        return np.maximum(self._derivatives(real_points("s", s))[2], 0.0)[()]

    def quantile(self, alpha: Numbers) -> Numbers:
        """Return the spacing that is not exceeded with probability alpha.

        Parameters
        ----------
        alpha : float array of any shape
            From 1e-12 to 1, which is excluded.

        Raises
        ------
        ValueError, TypeError
            If alpha is not such a number: below, the distribution function is lost in its rounding.

        Accuracy
        --------
        alpha is met to 1e-14 absolutely; at 1e-12 the spacing has 3 digits.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.LevelSpacing(1).quantile([0.01, 0.5, 0.99]).round(6)
        array([0.110593, 0.932655, 2.477367])
        """
        alpha = real_points("alpha", alpha)
        if np.any((alpha < SMALLEST) | (alpha >= 1)):
            raise ValueError(f"alpha: expected numbers from {SMALLEST:g} to 1, which is excluded, got {shown(alpha)}")
        bracket = np.zeros(alpha.shape), np.full(alpha.shape, END / self._stretch)
        return np.array(find_root(lambda s, level: self.cdf(s) - level, bracket, args=(alpha,)).x)[()]

    @property
    def mean(self) -> float:
        """1: spacings are measured in their mean."""
        return 1.0

    @property
    def variance(self) -> float:
        r"""The second moment about the mean, :math:`2\int_0^\infty E\,ds - 1`."""
        return _variance(self.beta)

    @property
    def _stretch(self):
        """What s is multiplied by in the determinants."""
        return 2.0 if self.beta == 4 else 1.0

    def _derivatives(self, s):
        """Return E, E' and E'' at places of any shape; left of 0, E is 1."""
        c = self._stretch
        t = c * s.ravel()
        here = (t >= 0) & (t <= END)
        even, even_1, even_2, odd, odd_1, odd_2 = _panels()(t[here])
        if self.beta == 1:
            inner = even, even_1, even_2
        elif self.beta == 2:
            inner = even * odd, even_1 * odd + even * odd_1, even_2 * odd + 2 * even_1 * odd_1 + even * odd_2
        else:
            inner = (even + odd) / 2, c * (even_1 + odd_1) / 2, c * c * (even_2 + odd_2) / 2
        out = np.zeros((3, t.size))
        out[0, t < 0], out[1, t < 0] = 1.0, -1.0
        out[:, here] = inner
        return out.reshape(3, *s.shape)

    def _digits(self, s, ar):
        """Return the gap probability at one place in an arithmetic with digits."""
        s = in_arithmetic("s", s, ar)
        t = self._stretch * float(s)
        if t > MOST:
            raise ValueError(f"s: expected at most {MOST / self._stretch:g} for digits, got {float(s):.6g}")
        lost = (np.pi**2 * t**2 / 16 + np.pi * t / 4) * (1 if self.beta == 1 else 2) / math.log(10) if t > 0 else 0.0
        finer = ar.of(ar.digits + math.ceil(lost))
        with finer.precision():
            even, odd = (1, 1) if t <= 0 else digits_of(finer.number(s) * int(self._stretch), finer.digits + 2, finer)
            value = {1: even, 2: even * odd, 4: (even + odd) / finer.number(2)}[self.beta]
        with ar.precision():
            return ar.result(ar.number(value))


@functools.lru_cache(maxsize=32)
def _panels():
    return Panels(np.linspace(0.0, END, 21).tolist(), derivatives)


@functools.lru_cache(maxsize=32)
def _variance(beta):
    """Return the integral of the gap probability, panel by panel, in place of that of the density."""
    law = LevelSpacing(beta)
    t, w = nodes(20)
    edges = _panels().edges / law._stretch
    s = (edges[:-1, None] + np.diff(edges)[:, None] * t).ravel()
    return float(2 * (np.diff(edges)[:, None] * w).ravel() @ law.gap_probability(s) - 1)
