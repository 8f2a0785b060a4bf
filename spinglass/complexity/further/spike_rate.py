r"""Closed forms of the spiked tensor's complexity, in every arithmetic.

With :math:`c = \sqrt{2k/(k-1)}`, overlap m, value x of the function, :math:`t = c x` (the shift of the Hessian in
units where its semicircle is [-2, 2]) and :math:`\theta = \sqrt{2k(k-1)}\,\lambda m^{k-2}(1-m^2)` (the spike in it),

.. math:: S_*(m, x) = \tfrac12(\log(k-1) + 1) + \tfrac12\log(1-m^2) - k\lambda^2 m^{2k-2}(1-m^2)
          - (x - \lambda m^k)^2 + \Omega(t),

and maxima have :math:`S_* - L(\theta, t)`.  With :math:`g = 2/(|t| + \sqrt{t^2-4})` outside the semicircle

.. math:: \Omega(t) = \int\log|t-y|\,d\sigma(y) = \begin{cases} t^2/4 - 1/2 & |t| \le 2\\
          g^2/2 - \log g & |t| > 2,\end{cases}

and, for :math:`\theta > 1` and :math:`2 \le t < t_0 = \theta + 1/\theta`, the cost of pulling the outlier down,

.. math:: L = \tfrac14\int_{t_0}^t\sqrt{y^2-4}\,dy - \tfrac\theta2(t-t_0) + \tfrac18(t^2-t_0^2)
            = \tfrac14(t-t_0)(t+t_0-2\theta) - \tfrac12(\Omega(t) - \Omega(t_0)),

infinite for t < 2 and 0 otherwise.  Both are concave in t for t >= 2, where stationarity is a quadratic in g: the
supremum over x at a given overlap is a closed form too.

References: Ben Arous, Mei, Montanari, Nica (2019), The landscape of the spiked tensor model.
"""

from spinglass.spectra.semicircle import log_potential


def pull(theta, t, ar):
    """Return L(theta, t), the cost (per dimension) of an outlier of a spike theta at or below t."""

    def below(on):
        spike, x = ar.select(theta, on), ar.select(t, on)
        top = spike + 1 / spike
        # rounding must not make a cost negative beside its zero
        cost = (x - top) * (x + top - 2 * spike) / 4 - (log_potential(x, ar) - log_potential(top, ar)) / 2
        return ar.where(ar.positive(cost), lambda inner: ar.select(cost, inner), 0 * cost)

    # t < theta + 1/theta, multiplied by theta: no division before theta > 1 is known
    spiked = ar.positive(theta - 1)
    held = ar.where(spiked, lambda on: ar.select(theta * (theta - t) + 1, on), 0 * theta * t)
    cost = ar.where(ar.positive(held), below, 0 * held)
    return ar.where(ar.positive(2 - t), lambda on: ar.infinity, cost)


def spike_strength(k, lam, m, ar):
    """Return theta, the size of the spike in the Hessian at overlap m."""
    return ar.sqrt(ar.number(2 * k * (k - 1))) * lam * m ** (k - 2) * (1 - m**2)


def shift_per_value(k, ar):
    """Return c = t/x."""
    return ar.sqrt(ar.number(2 * k) / (k - 1))


def signal(k, lam, m, x, volume):
    """Return what the rate owes to the signal: its gradient, and the distance of x from its value; volume = 1 - m^2."""
    distance = x - lam * m**k  # squares as products: a ball around 0 has no power
    return -k * lam**2 * m ** (2 * k - 2) * volume - distance * distance


def rate(k, lam, m, t, maxima, ar):
    """Return S_* at overlap m and shift t, or that of the maxima; -inf where nothing exists."""
    x, volume = t / shift_per_value(k, ar), 1 - m**2 + 0 * t
    log_volume = ar.where(ar.positive(volume), lambda on: ar.log(ar.select(volume, on)), -ar.infinity + 0 * volume)
    level = (ar.log(ar.number(k - 1)) + 1 + log_volume) / 2
    value = level + signal(k, lam, m, x, volume) + log_potential(t, ar)
    return value - pull(spike_strength(k, lam, m, ar) + 0 * t, t + 0 * m, ar) if maxima else value


def best_shift(k, lam, m, maxima, ar):
    """Return the shift t at which the points (or maxima) of overlap m are most numerous."""
    mean = shift_per_value(k, ar) * lam * m**k
    return _best_maximum(k, mean, spike_strength(k, lam, m, ar), ar) if maxima else _best_point(k, mean, ar)


def _best_point(k, mean, ar):
    """Return the best shift of all points, given the mean of the signal: linear inside the semicircle."""

    def outside(on):
        pulled = ar.select(mean, on)
        g = 2 / (abs(pulled) + ar.sqrt(pulled**2 + ar.number(4) / (k - 1)))
        t = g + 1 / g
        return ar.where(ar.positive(pulled), lambda right: ar.select(t, right), -t)

    edge = ar.number(k - 2) / (k - 1)
    return ar.where(ar.positive(abs(mean) - edge), outside, mean * 2 / edge)


def _best_maximum(k, mean, theta, ar):
    """Return the best shift of the maxima: pulled (below the outlier's natural place), free, or at the edge 2."""
    one = ar.number(1)
    weight = one * (k - 1) / k
    theta = ar.where(ar.positive(theta - 1), lambda on: ar.select(theta, on), one + 0 * theta)
    pulled = _positive_root(one / k, weight * mean + theta / 2, weight + one / 2, ar)
    free = _positive_root(one / k, weight * mean, weight, ar)
    g = ar.where(ar.positive(pulled * theta - 1), lambda on: ar.select(pulled, on), free)
    g = ar.where(ar.positive(1 - g), lambda on: ar.select(g, on), one + 0 * g)
    return g + 1 / g


def _positive_root(a, b, c, ar):
    """Return the positive root of a g^2 + b g - c (a, c > 0) without cancellation."""
    root = ar.sqrt(b**2 + 4 * a * c)
    return ar.where(
        ar.positive(b), lambda on: 2 * c / (ar.select(b, on) + ar.select(root, on)), (root + abs(b)) / (2 * a)
    )
