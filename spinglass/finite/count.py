r"""The mean number of critical points on one sphere at finite N, exactly: one integral over the shift of the Hessian.

The Hessian at a critical point is :math:`\sqrt{2x_2}\,(X_n - x)`, X_n the unscaled GOE of size n = N - 1, where
:math:`x = R/\sqrt{2x_2}` is a centred normal of variance (x1 + x2)/(2 x2).  With :math:`B = (x_2-x_1)/(x_2+x_1)` and
:math:`\rho_N` the mean density of the GOE of size N,

.. math:: E\,\#\{l < u < h\} = 2\sqrt{1-B}\,\Big(\frac{1+B}{1-B}\Big)^{N/2}\int\rho_N(x)\,e^{-Bx^2/2}\,
          P(l < u < h \mid x)\,dx ,

.. math:: \sqrt N u \mid x \sim N\Big(\frac{x_1\sqrt{2x_2}}{x_1+x_2}x,\; s^2\Big), \qquad
          s^2 = \frac{\sum_{p<q}c_pc_q(p-q)^2}{x_1+x_2} .

For one degree s = 0: the window is one in x.  At index k, rho_N is the part with k eigenvalues of X_n below x of
:math:`\rho_N = e^{-x^2/2}E|\det(x-X_n)|/(\sqrt2\,\Gamma(N/2))`.
"""

import itertools
import math

import numpy as np
from scipy.special import logsumexp

from spinglass.arithmetic import float64, mp, resolve
from spinglass.finite import closed_forms as closed
from spinglass.finite.enclosures import enclosure, lattice_sum, numbers_of
from spinglass.finite.integrand import Integrand, rough
from spinglass.finite.quadrature import pieces_of
from spinglass.finite.question import checked_window, counted
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer

DROP, ORDER = 42.0, 24  # e^-DROP of the peak is left out; nodes of a panel
MOST, MOST_INDEX = 10_000, 100  # dimensions in float64, of all indices and at an index: some ten seconds
MOST_DIGITS, MOST_DIGITS_INDEX = 600, 30  # the same with digits, in windows and at an index
PURE = 1e-12  # a width in the shift, from which on floats tell where its panels are
LATTICE = 4000  # nodes up to which the trapezoidal rule is preferred to panels


def exact_log_count(model, n, window=None, index=None, ar=None):
    r"""Return the mean number of critical points on one sphere (its logarithm in float64) in an energy window.

    .. math:: E\,\# = \mathrm{vol}(S^{N-1}) (2\pi x_1)^{-(N-1)/2}\, E\big[|\det J|;\ l < u < h,\ \mathrm{index}\big]

    Parameters
    ----------
    game : SphericalGame of one sphere
    n : int, at least 2
    window : None or (lo, hi) of energy densities :math:`L/\sqrt N`, infinite ends allowed
    index : None or int, the number of negative eigenvalues of the Hessian, 0 .. N-1
    ar : arithmetic, optional
        float64 by default; ``sg.mp(digits)``, ``sg.balls(digits)``; without window and index ``sg.symbols``.

    Returns
    -------
    float64: the logarithm of the mean, -inf where there are none.  Otherwise the mean, a number of the arithmetic.

    Raises
    ------
    ValueError, TypeError, NotImplementedError : wrong arguments, several spheres, an arithmetic without a route; N
        beyond 10000 (100 at an index), with digits 1000 (600 in a window, 30 at an index).

    Accuracy
    --------
    float64: absolute error of the logarithm 1e-12 up to N = 200, 1e-11 at N = 2000, also in windows that hold next to
    nothing; at an index 1e-12 + 2e-15 of the logarithm up to N = 40.  mp: all digits.  balls: enclosures.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Theorem 2.1; Auffinger, Ben Arous (2013); Fyodorov (2015).

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> from spinglass.finite.count import exact_log_count
    >>> print(f"{np.exp(exact_log_count(sg.pure(3), 4)):.10f}")
    18.7902338010
    """
    ar, n = resolve(ar), checked_integer("n", n, 2)
    if len(model.fractions) != 1:
        raise NotImplementedError(f"expected one sphere, got {len(model.fractions)}: use method='montecarlo'")
    window, index = checked_window(window), counted(index, n)
    possible(n, window, index, ar)
    if window is not None and not ar.vectorised:
        window = _within_reach(model, n, window, ar)
    if ar.vectorised:
        return log_mean(Integrand.of(model, n, float64), window, index)
    if window is None and index is None:
        with ar.precision():
            ratio = closed.curvature_ratio(model, ar)
            return ar.result(closed.closed_total(n, ratio, ar) if ratio else ar.number(2))
    if not ar.has_digits:
        raise NotImplementedError(f"{ar!r}: only all energies and indices have a closed form, use sg.mp(digits)")
    return mean_digits(model, n, window, index, ar)


def _within_reach(model, n, window, ar):
    """Return a window, None if it holds all energies; refuse ends that no enclosure knows to be infinite."""
    reached = Integrand.of(model, n, float64).within_reach(window)
    if ar.proves and any(abs(end) == np.inf != abs(given) for end, given in zip(reached, window, strict=True)):
        raise ValueError(f"energies: expected moderate or infinite ends for {ar!r}, got {tuple(map(float, window))}")
    return None if tuple(reached) == (-np.inf, np.inf) else window


def possible(n, window, index, ar):
    """Refuse a dimension whose count would take minutes or gigabytes."""
    if ar.vectorised:
        most = MOST if index is None else MOST_INDEX
    else:
        most = closed.MOST if window is None and index is None else MOST_DIGITS if index is None else MOST_DIGITS_INDEX
    where = "" if index is None else " at an index"
    within(f"n{where} in {ar.name}", n, most, "try sg.complexity(model) for large N or method='montecarlo'")


def log_total(n, ratio):
    """Return the logarithm of the mean number of all critical points for xi''(1)/xi'(1) = ratio > 0, in float64."""
    return log_mean(Integrand(n, 1.0, float(ratio), 0.0, float64), None, None)


def log_mean(integrand, window, index):
    """Return the logarithm of the mean in float64, by panels; for a window (u, u) of a mixture the log-density."""
    if not integrand.x2:
        with mp(30).precision():
            value = closed.linear_count(integrand.n, integrand.gradient_variance, window, index, mp(30))
            return float(mp(30).log(value)) if value > 0 else -np.inf
    if window is not None:
        window = tuple(integrand.within_reach(window))
        if window[0] == window[1] and abs(window[0]) == np.inf:
            return -np.inf
        window = None if window == (-np.inf, np.inf) else window
    pieces, folded = pieces_of(integrand, window, index, DROP, ORDER)
    nodes, weights = float64.legendre(ORDER)
    ends = np.array([panel for lo, hi, count in pieces for panel in itertools.pairwise(np.linspace(lo, hi, count + 1))])
    half = 0.5 * (ends[:, 1] - ends[:, 0])
    x = (0.5 * (ends[:, 0] + ends[:, 1])[:, None] + half[:, None] * nodes).ravel()
    terms = integrand.log_weight(x, index) + integrand.log_chance(x, window)
    if window is not None and not integrand.spread:  # the width of a narrow window, as it was given
        if (inside := (pieces[0][0], pieces[-1][1])) == tuple(float(end) / integrand.slope for end in window):
            half *= float(window[1] - window[0]) / integrand.slope / (inside[1] - inside[0])
    total = logsumexp(terms, b=(half[:, None] * weights).ravel()) + integrand.log_factor
    return float(total + (np.log(2) if folded else 0.0))


def mean_digits(model, n, window, index, ar):
    """Return the mean (for a window (u, u) of a mixture the density in the energy) in mp or balls."""
    seen = Integrand.of(model, n, float64)
    if window is not None:
        reached = seen.within_reach(window)
        if reached[0] == reached[1] and abs(reached[0]) == np.inf:
            raise ValueError(f"energies: {ar!r} has no numbers as small as there are points at {window[0]}")
        window = window if ar.proves else reached
    narrow = window is not None and window[0] != window[1]
    lost = max(0.0, -math.log10(max(float(window[1] - window[0]) / seen.unit, 1e-300))) if narrow else 0.0
    finer = ar.of(ar.digits + 10 + math.ceil(lost))
    if ar.proves:
        ends = None if window is None else tuple(map(float, window))
        value = enclosure(model, n, window, index, finer, log_mean(seen, ends, index))
    elif window is not None and not narrow and 0 < seen.spread < PURE * seen.slope:
        raise ValueError(f"arithmetic: expected None for the density of a mixture this nearly pure, got {ar!r}")
    else:
        with finer.precision():
            part, ends = Integrand.of(model, n, finer), numbers_of(window, finer)
            smooth = index is not None and (window is None or part.mixing)
            value = lattice_sum(part, ends, index, LATTICE) if smooth and part.x2 else None
            value = _panels(part, ends, index) if value is None else value
    with ar.precision():
        return ar.result(+value)


def _panels(part, window, index):
    """Return the mean in mp by the rule of Gauss and Legendre."""
    ar, coarse = part.ar, rough(part)
    if not part.x2:
        return closed.linear_count(part.n, part.gradient_variance, window, index, ar)
    order = ORDER // 2 + ar.digits
    pieces, folded = pieces_of(coarse, window, index, math.log(10) * (ar.digits + 5), order)
    nodes, weights = ar.legendre(order)
    exact = {} if window is None or part.mixing else {float(end) / coarse.slope: end for end in window}
    total = ar.number(0)
    for lo, hi, count in pieces:
        lo, hi = (exact[end] / part.slope if end in exact else ar.number(end) for end in (lo, hi))
        half = (hi - lo) / (2 * count)
        for i in range(count):
            middle = lo + (2 * i + 1) * half
            for node, share in zip(nodes, weights, strict=True):
                x = middle + half * node
                total += half * share * part.weight(x, index) * part.chance(x, window)
    return total * part.factor * (2 if folded else 1)
