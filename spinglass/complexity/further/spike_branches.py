r"""The spiked tensor at a given value: which overlaps with the spike its points have.

Outside the semicircle, at :math:`t = cx = \tau + 1/\tau`, :math:`\tau \ge 1`, the rate :math:`S_*(m, x)` is stationary
in the overlap m where the spike in the Hessian has its outlier at 0,

.. math:: \partial_m S_* = -\frac{m\,\theta}{1-m^2}\Big(\theta + \frac1\theta - t\Big) = 0 ,\qquad
          \theta = \sqrt{2k(k-1)}\,\lambda\,m^{k-2}(1-m^2) ,

that is at m = 0, where it is that of the pure k-spin glass, or where :math:`\theta` is :math:`\tau` or :math:`1/\tau`.
Its maxima in m are m = 0, the place where :math:`\theta` rises through :math:`\tau` and that where it falls through
:math:`1/\tau`.  At all three the cost L of maxima is 0, and it only grows where :math:`S_*` falls,

.. math:: \partial_m (S_* - L) = -\frac{(k-2)\,\theta}{2m}\Big(\theta + \frac1\theta - t\Big)
          \qquad (\theta > 1,\; t < \theta + 1/\theta) ,

so that at given t >= 2 maxima are as many as all points together; for t < 2 there are none, and of all points most lie
at m = 0.  Over x and m together the only other maximum is that near the spike, where :math:`2k\lambda^2 m^{2k-4}(1-m^2)
= 1`, :math:`\theta^2 = (k-1)(1-m^2) < 1`, and the rate is 0.  (Derived here.)
"""

import numpy as np

from spinglass.complexity.further.spike_rate import shift_per_value, signal
from spinglass.spectra.semicircle import log_potential

STEPS = 400  # of Newton's method, which halves its distance at worst


def largest_beside_zero(k, lam, t, ar):
    """Return the largest stationary rate at overlaps other than 0, at shifts t >= 2; -inf where there is none."""
    size = ar.log(ar.number(2 * k * (k - 1))) / 2 + ar.log(lam)
    tau = ar.log((t + ar.sqrt((t - 2) * (t + 2))) / 2)  # its logarithm
    # log theta at the overlap where it is largest, m^2 = (k-2)/k
    most = size + ar.log(ar.number(k - 2) / k) * (k - 2) / 2 + ar.log(ar.number(2) / k)

    def rising(on):  # s = m^2 solves (k-2)/2 log s + log(1-s) = log theta
        s = ar.exp(_root(ar.number(2) / (k - 2), 2 * (ar.select(tau, on) - size) / (k - 2), ar))
        return _rate(k, lam, s, 1 - s, ar.select(t, on), ar)

    def falling(on):  # v = 1 - m^2 solves log v + (k-2)/2 log(1-v) = log theta
        v = ar.exp(_root(ar.number(k - 2) / 2, -ar.select(tau, on) - size, ar))
        return _rate(k, lam, 1 - v, v, ar.select(t, on), ar)

    low = ar.where(ar.positive(most + tau), falling, -ar.infinity + 0 * t)
    high = ar.where(ar.positive(most - tau), rising, -ar.infinity + 0 * t)
    return -ar.least(-low, -high)


def near_the_spike(k, lam, ar):
    """Return the shift t of the maximum near the spike, for lambda >= lambda_c."""
    target = -ar.log(ar.number(2 * k)) - 2 * ar.log(lam)
    volume = ar.exp(_root(ar.number(k - 2), target, ar))
    theta = ar.sqrt((k - 1) * volume)
    return theta + 1 / theta


def _root(power, target, ar):
    """Return the lowest solution z of z + power log(1 - e^z) = target, concave and rising up to e^z = 1/(1+power)."""
    z, top = target + 0 * power, -ar.log(1 + power)
    for _ in range(STEPS):  # from below, so that no step goes too far
        size = ar.exp(z)
        slope = 1 - power * size / (1 - size)
        step = (target - z - power * ar.log1p(-size)) / slope
        step = ar.where(ar.positive(ar.least(step, slope)), lambda on, step=step: ar.select(step, on), 0 * z)
        new = ar.least(z + step, top + 0 * z)
        moved = np.any(ar.positive(abs(new - z) - ar.epsilon * (1 + abs(z)) / 8))
        z = new
        if not moved:
            break
    return z


def _rate(k, lam, square, volume, t, ar):
    """Return S_* at the overlap m with square m^2 and volume 1 - m^2, neither of which is a difference here."""
    x, m = t / shift_per_value(k, ar), ar.sqrt(square)
    level = (ar.log(ar.number(k - 1)) + 1 + ar.log(volume)) / 2
    return level + signal(k, lam, m, x, volume) + log_potential(t, ar)
