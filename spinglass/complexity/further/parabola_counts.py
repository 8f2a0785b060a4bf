r"""The mean number of critical points in a parabola at finite dimension N, exactly.

The Hessian of :math:`H = \mu|x|^2/2 + V` over :math:`\sqrt{f''(0)}` is :math:`m + \sqrt{2/N}\,(\tau/\sqrt2 - X)`, X the
unscaled GOE (weight :math:`e^{-x^2/2}`) and :math:`\tau` a standard normal, the same at every point, so that

.. math:: E\,\# = m^{-N} (2/N)^{N/2}\, E_\tau\,E|\det(x - X)|, \qquad x = \sqrt{N/2}\,m + \tau/\sqrt2 .

The integrand over x is entire and decays like a Gaussian: the trapezoid rule converges faster than any power.  It
oscillates at most at the frequency :math:`2\sqrt{2N}` of the density of eigenvalues, which sets the step.

References: Fyodorov (2004), Complexity of random energy landscapes, glass transition, and absolute value of the
spectral determinant of random matrices.
"""

import math

import numpy as np
from scipy.special import logsumexp

from spinglass.arithmetic import mp, resolve
from spinglass.complexity.further.parabola import Parabolic
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer, shown
from spinglass.spectra.goe.determinant import log_mean_abs_det, mean_abs_det
from spinglass.spectra.goe.index_table import log_mean_abs_det_curve

MOST, MOST_DIGITS = 10_000, 200  # dimensions in float64 and with digits: some ten seconds
MOST_INDEX, MOST_STRENGTH = 100, 1000  # dimensions and strengths at an index
FLOAT = 17  # digits of float64


def parabolic_mean_count(model, n, arithmetic=None):
    r"""Return the mean number of critical points of a parabolic model in n dimensions.

    .. math:: E\,\# = m^{-N} (2/N)^{N/2}\, E_\tau\,E|\det(\sqrt{N/2}\,m + \tau/\sqrt2 - X)|

    Parameters
    ----------
    model : Parabolic
        From :func:`spinglass.complexity.further.parabola.parabolic`.
    n : int
        Dimension N, at least 1.
    arithmetic : arithmetic, optional
        float64 by default, or sg.mp(digits).

    Returns
    -------
    number

    Raises
    ------
    TypeError, ValueError
        If model is not parabolic or n is not a positive integer.
    OverflowError
        If the count is beyond float64: take :func:`parabolic_log_mean_count`.
    NotImplementedError
        For arithmetics other than these two.

    Notes
    -----
    *Accuracy*: float64 to about 1e-13 relative for N up to 40, 1e-11 for N up to 2000; sg.mp all digits.

    References
    ----------
    Fyodorov (2004), Complexity of random energy landscapes, glass transition, and absolute value of the spectral
    determinant of random matrices, Phys. Rev. Lett. 92, 240601.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.complexity.further.parabola_counts import parabolic_mean_count
    >>> print(round(parabolic_mean_count(sg.parabolic(.5), 2), 12))
    5.249503123621
    """
    n, ar = _checked(model, n), resolve(arithmetic)
    if not ar.vectorised:
        within(f"n in {ar!r}", n, MOST_DIGITS, "try arithmetic=None")
        with ar.precision():
            return ar.result(_digits(model, n, ar))
    log_mean = parabolic_log_mean_count(model, n)
    if log_mean > math.log(np.finfo(float).max):
        raise OverflowError(f"the count is e^{log_mean:.6g}, beyond float64: take parabolic_log_mean_count")
    return math.exp(log_mean)


def parabolic_log_mean_count(model, n, index=None):
    """Return the logarithm of :func:`parabolic_mean_count` in float64, which never overflows.

    With an index, up to n = 100, of the points with so many negative eigenvalues: of so many eigenvalues of X above x.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.complexity.further.parabola_counts import parabolic_log_mean_count
    >>> print(round(parabolic_log_mean_count(sg.parabolic(.1), 1000) / 1000, 3), round(sg.parabolic(.1).total(), 3))
    1.812 1.808
    """
    n, m = _checked(model, n), float(model.m)
    if index is not None and index > n:
        return -math.inf
    centre, step, points = _grid(n, m, FLOAT)
    if index is None:
        x = centre + step * np.arange(-points, points + 1)
        logs = log_mean_abs_det(n, x)
    else:  # other indices peak anywhere in the bulk
        within("m at an index", model.m, MOST_STRENGTH, "there is a minimum and hardly anything else")
        x = np.arange(-2 * math.sqrt(2 * n) - points * step, centre + math.sqrt(2 * n) + points * step, step)
        logs = log_mean_abs_det_curve(within("n at an index", n, MOST_INDEX, "try index=None"), -x, index)
    logs = logs - (x - math.sqrt(n / 2) * m) ** 2
    return float(logsumexp(logs)) + math.log(step / math.sqrt(math.pi)) + n * (math.log(2 / n) / 2 - math.log(m))


def _digits(model, n, ar):
    """Return the mean count in an arithmetic with digits."""
    if ar.proves or not ar.has_digits:
        raise NotImplementedError(f"{ar!r}: the finite count is a quadrature in float64 or sg.mp(digits) only")
    ar = mp(ar.digits + 5)  # the terms are positive: their rounding does not grow
    m = ar.number(model.m)
    centre, step, points = (ar.number(x) for x in _grid(n, float(model.m), ar.digits))
    start = ar.sqrt(ar.number(n) / 2) * m
    total = ar.number(0)
    for j in range(-int(points), int(points) + 1):
        x = centre + j * step
        total += ar.exp(-((x - start) ** 2)) * ar.number(mean_abs_det(n, x, arithmetic=ar))
    return total * step / ar.sqrt(ar.pi) / m**n * ar.sqrt(ar.number(2) / n) ** n


def _grid(n, m, digits):
    """Return the centre, the step and the number of steps to each side of a trapezoid rule."""
    # at the scale s = x sqrt(2/N) the integrand peaks at 2m inside the semicircle and at m + 1/m outside
    peak = math.sqrt(n / 2) * (2 * m if m < 1 else m + 1 / m)
    # between exp(-x^2/2) (the slowest decay) and exp(-x^2) (the broadest spectrum), times the oscillation
    reach = math.sqrt(2 * digits * math.log(10)) + 2
    step = 2 * math.pi / (2 * math.sqrt(2 * n) + math.sqrt(2) * reach)
    return peak, step, math.ceil(reach / step)


def _checked(model, n):
    if not isinstance(model, Parabolic):
        raise TypeError(f"model: expected a parabolic model such as sg.parabolic(.5), got {shown(model)}")
    return within("n", checked_integer("n", n, 1), MOST, "try sg.parabolic(m).total() for large n")
