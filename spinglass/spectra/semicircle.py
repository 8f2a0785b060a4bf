r"""Wigner's semicircle, the law of one species, in closed form.

With mean m, variance v, :math:`y = (z-m)/(2\sqrt v)` and the small root :math:`q = y - \sqrt{y^2-1}` of
:math:`q + 1/q = 2y`,

.. math:: G(z) = \frac q{\sqrt v} , \qquad \Phi(z) = \tfrac12\log v - \log q + \tfrac12 q^2 .

At real :math:`t = 2y` the real part is :math:`\tfrac12\log v + \Omega(t)`, inside a parabola; what it lacks of that
outside is the cost of pulling one eigenvalue of a GOE matrix out to y edges,

.. math:: \Omega(t) = \tfrac14 t^2 - \tfrac12 - I(|t|/2) , \qquad
          I(y) = 2\int_1^y\sqrt{x^2-1}\,dx = y\sqrt{y^2-1} - \log\big(y + \sqrt{y^2-1}\big) , \quad y > 1 ,

written here once for all arithmetics (a copy in compiled code is in :mod:`~spinglass.complexity.games.maximise`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spinglass.arithmetic import resolve
from spinglass.inputs.checks import MODERATE, SQUARE, in_arithmetic, one_number
from spinglass.running.streams import generator
from spinglass.spectra.free.levy import LevyLaw
from spinglass.spectra.law import FAR
from spinglass.spectra.sampling import matrix_size, sample_blocks

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Array, Numbers, Seed


@dataclass(frozen=True)
class Semicircle(LevyLaw):
    r"""The semicircle law, :math:`\rho(x) = \sqrt{4v - (x-m)^2}/(2\pi v)`.

    Parameters
    ----------
    variance : float, optional
        v > 0; the radius is :math:`2\sqrt v`.
    mean : float, optional
        m, the centre.

    Raises
    ------
    ValueError
        If the variance is not positive, or a parameter is nan or inf.

    Accuracy
    --------
    Closed form: relative rounding of order 1e-15, cdf and potential absolute.

    References
    ----------
    Wigner (1955); Voiculescu (1986) for :math:`R(g) = m + v g`.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.Semicircle(variance=2.25)
    >>> law.support
    array([[-3.,  3.]])
    >>> law.log_potential([0.0, 3.0]).round(6)
    array([-0.094535,  0.905465])
    """

    variance: float = 1.0
    mean: float = 0.0

    def __post_init__(self):
        for name, most in (("variance", SQUARE), ("mean", MODERATE)):
            object.__setattr__(self, name, one_number(name, getattr(self, name), most))
        if self.variance <= 0:
            raise ValueError(f"variance: expected a positive number, got {self.variance}")

    @property
    def _triple(self):
        return self.mean, self.variance, (), ()

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G in closed form."""
        inverse = self._inverse(z)
        q = 1 / inverse
        return np.log(self.variance) / 2 + np.log(inverse) + q**2 / 2, q / np.sqrt(self.variance)

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        return 1 / (self._inverse(z) * np.sqrt(self.variance))

    def _inverse(self, z):
        """Return 1/q: no cancellation, it is at least 1 in size."""
        y = (z - self.mean) / (2 * np.sqrt(self.variance))
        # this product of roots is the branch that behaves like y far out, on both sides of the axis
        return y + np.sqrt(y - 1) * np.sqrt(y + 1)

    def log_potential(self, x: Numbers, arithmetic: Arithmetic | None = None) -> Numbers:
        r"""Return :math:`\int\log|x-t|\,d\mu(t)` at real x, in any arithmetic.

        :math:`\tfrac12\log v + \Omega((x-m)/\sqrt v)`, where nothing cancels.

        Parameters
        ----------
        x : float array of any shape, or one number of the arithmetic
        arithmetic : arithmetic, optional
            float64 by default; ``sg.mp(digits)``, ``sg.balls(digits)`` or ``sg.symbols``.

        Examples
        --------
        >>> import spinglass as sg
        >>> import sympy, spinglass as sg
        >>> sg.spectra.Semicircle().log_potential(sympy.Integer(0), arithmetic=sg.symbols)
        -1/2
        """
        ar = resolve(arithmetic)
        with ar.precision():
            x = in_arithmetic("x", x, ar)
            v = ar.number(self.variance)
            if ar.vectorised and (np.abs(x) > FAR).any():  # where squares overflow
                return super().log_potential(x)
            value = ar.log(v) / 2 + log_potential((x - ar.number(self.mean)) / ar.sqrt(v), ar)
            return value if ar.vectorised else ar.result(value)

    @property
    def support(self) -> Array:
        """The interval, shape (1, 2)."""
        radius = 2 * np.sqrt(self.variance)
        return np.array([[self.mean - radius, self.mean + radius]])

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """None: an empty tuple."""
        return ()

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return a GOE matrix: off-diagonal variance v/n, diagonal 2v/n, plus the mean on the diagonal."""
        n, rng = matrix_size(n), generator(rng)
        return sample_blocks([[self.variance]], [[self.variance]], [self.mean], [n], n, rng)


def log_potential(t, ar):
    r"""Return :math:`\Omega(t)`, the mean of :math:`\log|t - y|` over the semicircle on [-2, 2], in an arithmetic."""

    def outside(on):
        size = ar.select(abs(t), on)
        g = 2 / (size + ar.sqrt((size - 2) * (size + 2)))
        return g**2 / 2 - ar.log(g)

    return ar.where(ar.positive(abs(t) - 2), outside, t * t / 4 - ar.number(1) / 2)


def deviation(y, ar):
    r"""Return I(y), the cost (per dimension of the block) of pulling one GOE eigenvalue to y edges, y >= 1."""
    root = ar.sqrt((y - 1) * (y + 1))
    return y * root - ar.log(y + root)


def deviation_beyond(tau, ar, many=False):
    r"""Return I(y) of y = (t + 1/t)/2, :math:`t = 1 + \tau`; accurate even relative to itself if ``many``."""
    s = ar.log1p(tau)
    if not many:
        return (1 + tau * tau / (2 * (1 + tau))) * (tau * (2 + tau) / (2 * (1 + tau))) - s

    def series(on):  # sinh(2s)/2 - s
        x = ar.select(2 * s, on)
        total = 0 * x
        for j in reversed(range(1, 12)):
            total = (1 + total) * x * x / ((2 * j) * (2 * j + 1))
        return total * x / 2

    return ar.where(ar.positive(ar.number(0.5) - s), series, deviation_beyond(tau, ar))
