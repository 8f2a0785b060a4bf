r"""The law of the largest eigenvalue on its own scale, of Tracy and Widom.

.. math:: F_1(s) = F_-(s) , \qquad F_2(s) = F_-(s)F_+(s) , \qquad
          F_4(2^{-2/3}s) = \tfrac12\big(F_-(s) + F_+(s)\big) , \qquad F_\pm(s) = \det(1 \pm B_s)

with the determinants of :mod:`~spinglass.spectra.universal.airy_determinant`.  Their logarithms, and in the right tail
those of 1 - F, are interpolated once; left of s = -2 they come from :mod:`~spinglass.spectra.universal.painleve`.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spinglass.arithmetic import resolve
from spinglass.inputs.checks import checked_integer, in_arithmetic, real_points, shown
from spinglass.spectra.universal.airy_determinant import digits_of, logarithms
from spinglass.spectra.universal.fredholm import nodes
from spinglass.spectra.universal.painleve import LEFT, RIGHT, left_tail
from spinglass.spectra.universal.panels import Panels

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Numbers

BETAS = (1, 2, 4)
LEFT_EDGES = (LEFT, -22.0, -17.0, -13.0, -10.0, -8.0, -6.5, -5.0, -4.0, -3.0, RIGHT)
RIGHT_EDGES = (RIGHT, -1.0, 0.0, 1.0, 2.0, 3.5, 5.0, 7.0, 10.0, 14.0, 20.0, 28.0, 40.0, 64.0)
FAR_EDGES = (80.0, 100.0)  # where only 1 - F_1 is a float still
SMALLEST = 1e-280  # probability whose place is found
STEPS = 40  # of Newton's method, at most
LOWEST = -12.0  # in s, for digits: below, the determinants take minutes


@dataclass(frozen=True)
class TracyWidom:
    r"""The limiting law of the largest eigenvalue of a symmetric, Hermitian or self-dual matrix.

    For the Gaussian ensemble of n distinct eigenvalues whose semicircle has radius 2 (variance 1),
    :math:`n^{2/3}(\lambda_{\max} - 2)` tends to it, for each beta.

    Parameters
    ----------
    beta : {1, 2, 4}, optional
        1: real symmetric matrices (GOE), 2: complex Hermitian (GUE), 4: quaternion self-dual (GSE).

    Raises
    ------
    ValueError, TypeError
        If beta is none of these.

    Notes
    -----
    For beta = 4 other variables are in use.  With x that of this class, :math:`2^{2/3}x` has the distribution function
    :math:`\tfrac12(F_1 + F_2/F_1)`, and :math:`2^{1/6}x` is the variable of Tracy and Widom.

    Accuracy
    --------
    cdf and sf to 1e-14.  Relative to themselves, cdf to 3e-13 down to 1e-36 (against determinants with digits), sf to
    1e-14, 4e-14 and 4e-13 up to s = 2, 20 and 60 (against determinants on twice as many nodes), for beta = 4, where
    more cancels, 1e-13, 5e-12 and 2e-10.  Below about 1e-290 they are 0.  Mean and variance to 1e-13.

    References
    ----------
    Tracy, Widom (1994, 1996); Ferrari, Spohn (2005) for the determinants; Bornemann (2010) for their numerics;
    Ramirez, Rider, Virag (2011) for one scale of all beta.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.TracyWidom()
    >>> law.cdf([-4.0, -1.0, 2.0]).round(9)
    array([0.00756768, 0.5837899 , 0.98959757])
    >>> print(f"{law.mean:.12f} {law.variance:.12f} {law.quantile(0.95):.9f}")
    -1.206533574582 1.607781034581 0.979316053
    """

    beta: int = 1

    def __post_init__(self):
        object.__setattr__(self, "beta", checked_beta(self.beta))

    @property
    def _stretch(self):
        """What x is multiplied by to give s."""
        return 2 ** (2 / 3) if self.beta == 4 else 1.0

    def cdf(self, x: Numbers, arithmetic: Arithmetic | None = None) -> Numbers:
        r"""Return the probability to be at most x.

        Parameters
        ----------
        x : float array of any shape, or one number of the arithmetic
        arithmetic : arithmetic, optional
            float64 by default; with ``sg.mp(digits)`` the determinants themselves, on as many nodes as the digits
            need, for x of at least -12 (-7.5 for beta = 4).

        Raises
        ------
        ValueError, TypeError
            If x is not finite and real, or too low for digits.
        NotImplementedError
            In other arithmetics.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.spectra.TracyWidom(2).cdf(-1, arithmetic=sg.mp(20)))
        0.80721424199928529248
        """
        ar = float_or_digits(resolve(arithmetic))
        if ar.vectorised:
            return self._tails(real_points("x", x))[0]
        return self._digits(x, ar)

    def sf(self, x: Numbers) -> Numbers:
        """Return the probability to be above x, to its own relative accuracy, at a float array of any shape."""
        return self._tails(real_points("x", x))[1]

    def pdf(self, x: Numbers) -> Numbers:
        """Return the density at a float array of any shape, to its own relative accuracy."""
        x = real_points("x", x)
        s, (left, right), (here, there), density, _ = self._halves(x)
        density[:] = 0.0
        for panels, chosen, sign in ((left, here, 1), (right, there, -1)):
            log, slope = panels(s[chosen])
            density[chosen] = sign * self._stretch * slope * np.exp(log)
        return density.reshape(x.shape)[()]

    def quantile(self, alpha: Numbers, arithmetic: Arithmetic | None = None) -> Numbers:
        """Return the place below which the probability is alpha.

        Parameters
        ----------
        alpha : float array of any shape, or one number of the arithmetic
            From 1e-280 to 1, which is excluded.
        arithmetic : arithmetic, optional
            float64 by default, or ``sg.mp(digits)``.

        Raises
        ------
        ValueError, TypeError
            If alpha is not such a number.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.TracyWidom().quantile([0.5, 0.95, 0.99]).round(6)
        array([-1.268575,  0.979316,  2.023449])
        """
        ar = float_or_digits(resolve(arithmetic))
        if ar.vectorised:
            alpha = _probability("alpha", alpha)
            return self._place(np.log(alpha), np.log1p(-alpha))
        return self._quantile_digits(alpha, ar)

    def isf(self, p: Numbers) -> Numbers:
        """Return the place above which the probability is p, as of :meth:`quantile`: the inverse of :meth:`sf`.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.TracyWidom().isf([0.05, 1e-30]).round(6)
        array([ 0.979316, 21.14501 ])
        """
        p = _probability("p", p)
        return self._place(np.log1p(-p), np.log(p))

    @property
    def mean(self) -> float:
        """The first moment."""
        return _moments(self.beta)[0] / self._stretch

    @property
    def variance(self) -> float:
        """The second moment about the mean."""
        return _moments(self.beta)[1] / self._stretch**2

    def _tails(self, x):
        """Return cdf and sf."""
        s, (left, right), (here, there), cdf, sf = self._halves(x)
        log = left(s[here], 1)[0]
        cdf[here], sf[here] = np.exp(log), -np.expm1(log)
        log = right(s[there], 1)[0]
        cdf[there], sf[there] = -np.expm1(log), np.exp(log)
        return cdf.reshape(x.shape)[()], sf.reshape(x.shape)[()]

    def _halves(self, x):
        """Return s, the panels left and right, which places are in them, and cdf and sf as they are beyond."""
        panels, s = _panels(self.beta), self._stretch * x.ravel()
        below = s < RIGHT
        inside = (s >= panels[0].edges[0]) & (s <= panels[1].edges[-1])
        return s, panels, (below & inside, ~below & inside), np.where(below, 0.0, 1.0), np.where(below, 1.0, 0.0)

    def _place(self, log_cdf, log_sf):
        """Return the places of probabilities, given by the logarithms of both tails, by Newton's method."""
        left, right = _panels(self.beta)
        shape = log_cdf.shape
        log_cdf, log_sf = log_cdf.ravel(), log_sf.ravel()
        s = np.empty(log_cdf.shape)
        below = log_cdf < left(np.array([RIGHT]))[0]
        s[below] = _inverse(left, log_cdf[below])
        s[~below] = _inverse(right, log_sf[~below])
        return (s / self._stretch).reshape(shape)[()]

    def _digits(self, x, ar):
        """Return the distribution function at one place in an arithmetic with digits."""
        x = in_arithmetic("x", x, ar)
        s = self._stretch * float(x)
        if s < LOWEST:
            raise ValueError(f"x: expected at least {LOWEST / self._stretch:.3g} for digits, got {float(x):.6g}")
        if s > (3.5 * (ar.digits + 10)) ** (2 / 3):  # 1 - F is below all digits
            return ar.result(ar.number(1))
        lost = 0.0  # digits, in determinants that are small
        if s < RIGHT:
            a, d, _, _ = left_tail()
            lost = float(d(s) - a(s)) / math.log(10)
        finer = ar.of(ar.digits + math.ceil(lost))
        with finer.precision():
            x = finer.number(x)
            if self.beta == 4:
                x = x * finer.exp(finer.log(finer.number(4)) / 3)
            minus, plus = digits_of(x, finer.digits + 2, finer)
            value = {1: minus, 2: minus * plus, 4: (minus + plus) / 2}[self.beta]
        with ar.precision():
            return ar.result(ar.number(value))

    def _quantile_digits(self, alpha, ar):
        """Return the quantile in an arithmetic with digits: chords of the density of float64, 12 digits a step."""
        alpha = in_arithmetic("alpha", alpha, ar)
        x = start = self.quantile(float(alpha))
        slope = self.pdf(start)
        with ar.precision():
            x = ar.number(float(start))
            for _ in range(1 + math.ceil(ar.digits / 12)):
                x = x - (self._digits(x, ar.of(ar.digits + 3)) - alpha) / ar.number(float(slope))
            return ar.result(x)


def checked_beta(beta: int) -> int:
    """Return 1, 2 or 4, or say what was expected."""
    checked = checked_integer("beta", beta, 1)
    if checked not in BETAS:
        raise ValueError(f"beta: expected 1, 2 or 4, got {shown(beta)}")
    return checked


def float_or_digits(ar: Arithmetic) -> Arithmetic:
    """Return float64 or an arithmetic with digits and without proof; refuse others."""
    if not ar.vectorised and (not ar.has_digits or ar.proves):
        raise NotImplementedError(f"arithmetic: expected float64 or sg.mp(digits), got {ar!r}; try sg.mp(30)")
    return ar


@functools.lru_cache(maxsize=32)
def _panels(beta):
    """Return log F with its slope in the left tail, and log(1 - F) with its slope in the right one."""
    left = Panels(LEFT_EDGES, lambda s: np.array(_log_cdf(beta, *(part(s) for part in left_tail()))))
    right = Panels(RIGHT_EDGES + FAR_EDGES * (beta == 1), lambda s: np.array(_log_sf(*_log_cdf(beta, *logarithms(s)))))
    return left, right


def _log_cdf(beta, a, d, a_slope, d_slope):
    """Return log F and its slope from A, D and theirs."""
    if beta == 1:
        return a - d, a_slope - d_slope
    if beta == 2:
        return 2 * a, 2 * a_slope
    return a + np.log1p(2 * np.sinh(d / 2) ** 2), a_slope + d_slope * np.tanh(d)  # log cosh without loss


def _log_sf(log, slope):
    """Return log(1 - F) and its slope from those of F."""
    rest = -np.expm1(log)
    return np.log(rest), -slope * np.exp(log) / rest


def _inverse(panels, target):
    """Return where the first function of panels, monotone and concave, takes values."""
    known, places = panels(panels.edges)[0], panels.edges
    known, places = np.r_[known, panels.values[0]], np.r_[places, panels.places]
    order = np.argsort(known)
    s = np.interp(target, known[order], places[order])
    for _ in range(STEPS):
        value, slope = panels(s)
        step = (value - target) / slope
        s = np.clip(s - step, panels.edges[0], panels.edges[-1])
        if np.all(np.abs(step) <= 4e-16 * np.maximum(1.0, np.abs(s))):
            break
    return s


@functools.lru_cache(maxsize=32)
def _moments(beta):
    """Return mean and variance of s from the tails about the place where they meet."""
    left, right = _panels(beta)
    first = second = 0.0
    for panels, sign in ((left, -1), (right, 1)):
        t, w = nodes(20)
        width = 2 * panels.half[:, None]
        s = (panels.edges[:-1, None] + width * t).ravel()
        tail = (width * w).ravel() * np.exp(panels(s)[0])
        first += sign * tail.sum()
        second += 2 * sign * (tail * (s - RIGHT)).sum()
    return float(RIGHT + first), float(second - first**2)


def _probability(name, alpha):
    """Return numbers in (0, 1), or say what was expected."""
    alpha = real_points(name, alpha)
    if np.any((alpha < SMALLEST) | (alpha >= 1)):
        raise ValueError(f"{name}: expected numbers from {SMALLEST:g} to 1, which is excluded, got {shown(alpha)}")
    return alpha
