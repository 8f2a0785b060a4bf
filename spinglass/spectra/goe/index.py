r"""The mean absolute determinant of a shifted GOE matrix, by the number of eigenvalues below the shift, at finite size.

For X_n of the unscaled GOE (matrix density :math:`\propto e^{-\mathrm{tr}\, X^2/2}`) and with n x n matrices A, B, C

.. math::

    \mathrm E\big[\,|\det(x - X_n)|\,;\; k \text{ eigenvalues below } x\,\big]
    = \frac{1}{Z_n}\, [\zeta^k]\, \mathrm{Pf}\big(A + \zeta B + \zeta^2 C\big), \qquad
    Z_n = \prod_{j=1}^n \sqrt 2\, \Gamma(j/2),

    A_{ij} = \iint_{x<a<b} (\varphi_i(a)\varphi_j(b) - \varphi_j(a)\varphi_i(b))\, w\, w, \qquad
    B = c\, a^T - a\, c^T, \qquad a_i = \int_x^\infty \varphi_i w, \quad c_i = \int_{-\infty}^x \varphi_i w,

C like A below x, :math:`w(t) = |x - t| e^{-t^2/2}`, monic polynomials of degree i < n (de Bruijn); for odd n the matrix
is bordered by the column :math:`a + \zeta c`, and then B drops out.  As B has rank two, the even and the odd k are two
polynomials in :math:`y = \zeta^2`: Pfaffians of :math:`A + yC`, bordered by nothing and by (a, c) for even n, by a and
by c for odd n.  One elimination gives the pair.

*Float64*: take the radius R at which the coefficients of k and k + 1, times :math:`R^k` and :math:`R^{k+1}`, are equal
and so the largest.  Polynomials orthonormal for :math:`w^2 (1_{t>x} + R^2 1_{t<x})` then give matrices of moderate
condition, and a few points on :math:`|\zeta| = R` give both coefficients with nothing cancelling; the next R follows.
The polynomials come from the Lanczos process on Gauss-Legendre nodes, the double integrals from Legendre coefficients,
where integration is tridiagonal.  For k = 0 the radius is 0, and Pf A alone is the answer.  *Digits and enclosures*:
powers of t - x, whose integrals are closed forms in erfc and exp, and exact interpolation in y; the digits that cancel
are carried in addition.

Times :math:`e^{-x^2/2} / (\sqrt 2\, \Gamma((n+1)/2))` it is the density of the (k+1)-th smallest eigenvalue of X_{n+1}.

References: de Bruijn (1955), On some multiple integrals involving determinants; Mehta (2004), Random Matrices, ch. 20.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln
from threadpoolctl import threadpool_limits

from spinglass.arithmetic import float64, mp, resolve
from spinglass.inputs.checks import in_arithmetic, real_points, whole_number
from spinglass.spectra.goe.index_digits import MOST, closed_form
from spinglass.spectra.goe.pfaffian import bordered, pfaffians
from spinglass.spectra.semicircle import deviation

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Numbers

ANGLES = 6  # points on a circle in y: they give sums over k, k +- 12, .., of which all but k are below rounding
CHUNK = 40  # points x treated together
REMOTE = 100.0  # from here on k = 0, which is left with little, is computed apart
FAR = 5e4  # from here on the leading terms at infinity are all that float64 can tell


def mean_abs_det_index(n: int, x: Numbers, k: int | None, arithmetic: Arithmetic | None = None) -> Numbers:
    r"""Return the mean of :math:`|\det(x - X_n)|` over the event that exactly k eigenvalues of X_n lie below x.

    .. math:: \mathrm E[\,|\det(x - X_n)|\,;\; \#\{\lambda_i < x\} = k\,]

    Parameters
    ----------
    n : int
        Size of the matrix, at least 0; diagonal variance 1, off-diagonal variance 1/2.
    x : float or array
        The shift, finite.
    k : int
        From 0 to n.
    arithmetic : optional
        None (float64), ``sg.mp(digits)`` or ``sg.balls(digits)``.

    Returns
    -------
    float or array of the shape of x
        Or numbers of the arithmetic.

    Raises
    ------
    TypeError, ValueError
        If n or k is not an integer in its range or x not finite.
    NotImplementedError
        For symbols.
    ArithmeticError
        If a ball x is too wide for an enclosure.

    Notes
    -----
    Accuracy: float64 1e-12 relative for n <= 40 where the value is a normal number (beyond, take the logarithm); mp to
    its digits; balls with proof.

    References
    ----------
    de Bruijn (1955), section 4; Mehta (2004), chapter 20.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.goe.mean_abs_det_index(2, 0.0, 1).round(10))  # 1/sqrt 2
    0.7071067812
    """
    if resolve(arithmetic).vectorised:
        return np.exp(log_mean_abs_det_index(n, x, k))
    n = whole_number("n", n, 0)
    return all_indices(n, x, arithmetic)[..., whole_number("k", k, 0, n)][()]


def log_mean_abs_det_index(n: int, x: Numbers, k: int | None = None) -> Numbers:
    """Return the logarithm of :func:`mean_abs_det_index` in float64; for k = None of :func:`all_indices`.

    Absolute error about 1e-13, relative 1e-15; where a radius leaves the range of float64, mp takes over.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.goe.log_mean_abs_det_index(2, 30.0).round(6))
    [-918.570236 -450.346574    6.801839]
    """
    n = whole_number("n", n, 0)
    return _logarithms(n, x, None) if k is None else _logarithms(n, x, whole_number("k", k, 0, n))[..., k][()]


def all_indices(n, x, arithmetic=None):
    """Return :func:`mean_abs_det_index` for k = 0, .., n at once: an array of shape x.shape + (n + 1,).

    Parameters, errors and accuracy are those of :func:`mean_abs_det_index`.

    Examples
    --------
    >>> from spinglass.spectra.goe.index import all_indices
    >>> print(all_indices(1, 0.0))  # half of E|X| twice
    [0.39894228 0.39894228]
    """
    arithmetic, n = resolve(arithmetic), whole_number("n", n, 0)
    if arithmetic.vectorised:
        return np.exp(_logarithms(n, x, None))
    if not arithmetic.has_digits:
        raise NotImplementedError(f"arithmetic: expected None, sg.mp(digits) or sg.balls(digits), got {arithmetic!r}")
    points = np.asarray(x, dtype=object)
    out = np.empty((points.size, n + 1), dtype=object)
    with arithmetic.precision():
        for row, point in zip(out, points.ravel(), strict=True):
            point = in_arithmetic("x", point, arithmetic)
            row[:] = [arithmetic.result(value) for value in closed_form(n, point, arithmetic)]
    return out.reshape(*points.shape, n + 1)


def _logarithms(n, x, wanted):
    """Return the logarithms for all k, or those on the way to the wanted one (the others nan)."""
    x = real_points("x", x)
    if n == 0:
        return np.zeros((*x.shape, 1))
    flat, logs = x.ravel(), np.empty((x.size, n + 1))
    for side, mirrored in ((flat <= 0, False), (flat > 0, True)):  # D_k(x) = D_(n-k)(-x), and left loses no digits
        k = n - wanted if mirrored and wanted is not None else wanted
        logs[side] = _left(n, -np.abs(flat[side]), k)[:, :: -1 if mirrored else 1]
    return logs.reshape(*x.shape, n + 1)


def _left(n, x, wanted):
    """Return the same for a row of x that are not positive."""
    logs, far = np.full((x.size, n + 1), np.nan), x < -FAR
    logs[far] = _far(n, x[far])
    order = np.argsort(x, kind="stable")
    order = order[~far[order]]
    with threadpool_limits(1, "blas"):  # many small products: threads would only wait for each other
        for part in np.split(order, range(CHUNK, len(order), CHUNK)) if len(order) else ():
            if wanted in (0, n):  # and n eigenvalues are below x where -X has none below -x
                logs[part, wanted] = _none_below(n, x[part] * (1 if wanted == 0 else -1))
            else:
                logs[part] = _walks(n, x[part], wanted)
                if len(remote := part[x[part] < -REMOTE]):
                    logs[remote, 0] = _none_below(n, x[remote])
    needed = slice(None) if wanted is None else slice(wanted, wanted + 1)
    for i in np.flatnonzero(np.isnan(logs[:, needed]).any(axis=1)):
        if n > MOST:
            far = f"expected |x| up to about e^({650 / n:.1f}) for a matrix of size {n} at an index"
            raise ValueError(f"x: {far}, got {abs(x[i]):.6g}; try a smaller n")
        logs[i] = [float(mp(20).log(value)) for value in closed_form(n, x[i], mp(20))]
    return logs


# Float64: pairs (k, k + 1) on circles of adapted radius.


def _walks(n, x, wanted):
    """Go from the likely pair at each x <= 0 to the others, down and up; return the logarithms, nan if not found."""
    anchors = np.array([*range(0, n, 2), *([n - 1] if n % 2 == 0 else [])])
    last = len(anchors) - 1
    start = np.clip(n / 4 + 0.22 * math.sqrt(n) * x, 0, last).astype(int)  # half the count below x, roughly
    goals = (0, last) if wanted is None else (min(wanted // 2, last),) * 2
    logs = np.full((len(x), n + 1), np.nan)
    tilt = np.maximum(4.0, 3 * np.log(np.maximum(-x, 1.0)))  # from one k to the next, as at infinity
    begin = _settle(n, x, anchors[start], _pull(n, -x), tilt, logs, np.arange(len(x)))
    for step, goal in zip((-1, 1), goals, strict=True):
        at, radius, slope = start.copy(), begin.copy(), tilt.copy()
        while len(go := np.flatnonzero(np.isfinite(radius) & ((goal - at) * step > 0))):
            move = anchors[at[go] + step] - anchors[at[go]]
            at[go] += step
            new = _settle(n, x[go], anchors[at[go]], radius[go] + move * slope[go], slope[go], logs, go)
            slope[go] = (new - radius[go]) / move
            radius[go] = new
    return logs - _log_norm(n)


def _none_below(n, x):
    """Return the logarithms for k = 0: the Pfaffian of A, at any x."""
    begin, lengths = _interval(n, x)
    nodes, weights, transform, ladder = _legendre(_size(n, lengths))
    inner = np.multiply.outer(lengths, (1 + nodes) / 2)
    logs, constant = _log_weight(inner, begin, x)
    top = logs.max(axis=1)
    first = np.exp(logs - top[:, None]) * np.sqrt(np.multiply.outer(lengths / 2, weights))
    basis, log_norms = _orthonormal(n, inner, first)
    matrix = np.zeros((len(x), n + 2, n + 2))
    matrix[:, :n, :n], a = _integrals(basis @ transform.T, lengths, ladder)
    value = np.log(pfaffians(bordered(matrix, a, 0 * a), n)[0])
    return log_norms + n * (top + constant) + value - _log_norm(n)


def _far(n, x):
    r"""Return the logarithms for all k at :math:`x\to-\infty`: n - k eigenvalues stay in the bulk, k lie beyond x.

    These are at :math:`x - \tau_i/|x|`, where :math:`e^{-\lambda^2/2}` is :math:`e^{-x^2/2-\tau}`, so that

    .. math:: D_k \to \binom nk\frac{Z_{n-k}}{Z_n}\,|x|^{(n-k)(k+1)-2k-k(k-1)/2}\,e^{-kx^2/2}
              \int\prod_i\tau_i e^{-\tau_i}\prod_{i<j}|\tau_i-\tau_j|\,d\tau ,

    integrals of Mehta and Selberg.
    """
    k, j = np.arange(n + 1), np.arange(n)
    size, kept = np.log(-x)[:, None], n - k
    norms = np.concatenate([[0.0], np.cumsum(0.5 * np.log(2 * np.pi) + gammaln(1.5 + j / 2) - gammaln(1.5))])
    beyond = np.concatenate([[0.0], np.cumsum(gammaln(2 + j / 2) + gammaln(1.5 + j / 2) - gammaln(1.5))])
    constant = gammaln(n + 1) - gammaln(k + 1) - gammaln(kept + 1) + norms[kept] - norms[n] + beyond
    with np.errstate(over="ignore"):
        square = np.square(x)[:, None]
        logs = constant + (kept * (k + 1) - 2 * k - k * (k - 1) / 2) * size - kept * (kept - 1) / (4 * square)
        logs[:, 1:] -= 0.5 * k[1:] * square
    return logs


def _log_norm(n):
    return sum(math.log(2) / 2 + math.lgamma(j / 2) for j in range(1, n + 1))


def _size(n, lengths):
    """Return how many nodes an interval needs."""
    return int(30 + 0.5 * n + (2 + 0.64 * math.sqrt(n)) * lengths.max())


def _settle(n, x, k, radius, slope, logs, rows):
    """Return log R at which k and k + 1 weigh the same (nan if not found) and write their logarithms to the rows."""
    found, low, high = (np.full(len(x), value) for value in (np.nan, -np.inf, np.inf))
    offsets = np.arange(1 - ANGLES, 1 + ANGLES)
    for attempt in range(40):
        todo = np.flatnonzero(np.isnan(found) & np.isfinite(radius))
        if not len(todo):
            break
        scale, weight = _circle(n, x[todo], radius[todo])
        near = k[todo, None] + offsets
        weight = np.take_along_axis(weight, near % (2 * ANGLES), axis=1)
        weight = np.where((near < 0) | (near > n), 0.0, np.maximum(weight, 1e-99))
        share = weight / weight.sum(axis=1, keepdims=True)
        pair = share[:, ANGLES - 1 : ANGLES + 1]
        excess, tilt = share @ offsets - 0.5, np.log(pair[:, 0] / pair[:, 1])
        done = pair.min(axis=1) > 0.03
        found[todo[done]] = (radius[todo] + tilt)[done]
        for i in (0, 1):
            value = scale + np.log(weight[:, ANGLES - 1 + i]) - (k[todo] + i) * radius[todo]
            logs[rows[todo[done]], k[todo[done]] + i] = value[done]
        below = excess < 0
        low[todo[below]], high[todo[~below]] = radius[todo[below]], radius[todo[~below]]
        new = radius[todo] + np.where(pair.min(axis=1) > 1e-11, tilt, -excess * slope[todo] * 1.5**attempt)
        with np.errstate(invalid="ignore"):
            middle = (low[todo] + high[todo]) / 2
        radius[todo] = np.where(np.isfinite(middle) & ((new <= low[todo]) | (new >= high[todo])), middle, new)
    return found


def _circle(n, x, radius):
    """Return s and weights so that the coefficient of k is e^s weight[k mod 12] / R^k, for each x and log R."""
    shifts = np.stack([x, -x])
    begin, lengths = _interval(n, shifts)
    size = _size(n, lengths)
    nodes, weights, transform, ladder = _legendre(size)
    inner = np.multiply.outer(lengths, (1 + nodes) / 2)
    logs, constants = _log_weight(inner, begin, shifts)
    constants[1] += radius
    base = constants.max(axis=0)  # both halves of large numbers that nearly cancel
    logs += (constants - base)[..., None]
    top = logs.max(axis=(0, 2))
    first = np.exp(logs - top[:, None]) * np.sqrt(np.multiply.outer(lengths / 2, weights))
    s = begin[..., None] + inner
    basis, log_norms = _orthonormal(n, np.concatenate([s[0], -s[1]], axis=1), np.concatenate(first, axis=1))
    a_matrix, a = _integrals(basis[..., :size] @ transform.T, lengths[0], ladder)
    c_matrix, c = _integrals(basis[..., size:] @ transform.T, lengths[1], ladder)
    y = np.exp(2j * np.pi * np.arange(ANGLES // 2 + 1) / ANGLES)
    matrix = np.zeros((len(x), len(y), n + 2, n + 2), dtype=complex)
    matrix[..., :n, :n] = a_matrix[:, None] - y[:, None, None] * c_matrix[:, None]  # s < 0 reverses the order
    pairs = pfaffians(bordered(matrix, a[:, None], c[:, None]).reshape(-1, n + 2, n + 2), n)
    values = np.stack(pairs, axis=-1).reshape(len(x), len(y), 2)
    return log_norms + n * (top + base), np.fft.irfft(values.conj(), ANGLES, axis=1).reshape(len(x), -1)


def _interval(n, x):
    """Return where s begins and how long it goes on: what is left out is too small to matter, at any x."""
    reach = _reach(n)
    begin = np.maximum(-x - reach, 0.0)
    return begin, np.maximum(_length(n, x), reach - x) - begin


def _log_weight(inner, begin, x):
    r"""Return :math:`\log s e^{-(s+x)^2/2}` at s = begin + inner, less a constant for each x, and the constants."""
    right, left = np.maximum(x, 0.0), (begin + np.minimum(x, 0.0))[..., None]
    return np.log(begin[..., None] + inner) - 0.5 * (inner + left) ** 2 - inner * right[..., None], -0.5 * right**2


@functools.lru_cache(maxsize=64)
def _reach(n):
    """Return how far from 0 the eigenvalues of X_n are, but for e^-45."""
    low, high = math.sqrt(2 * n), math.sqrt(2 * n) + 14
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if _pull(n, middle) < 45 else (low, middle)
    return high


def _pull(n, t):
    r"""Return :math:`\int\sqrt{t^2-2n}\,dt` from the edge of the bulk to t, what an eigenvalue at t costs; 0 inside."""
    return n * deviation(np.maximum(t / math.sqrt(2 * n), 1.0), float64)


def _length(n, x):
    """Return the s beyond which s^(n+1) e^{-(s+x)^2/2} is too small to matter, even after growth of a polynomial."""
    larger = 0.5 * (np.abs(x) + np.hypot(x, 2.0 * math.sqrt(n + 1)))
    peak = np.where(x > 0, (n + 1) / larger, larger)
    s = np.minimum(np.maximum(3.0 * peak, peak + 6.0), peak + math.sqrt(86 + 4 * n))
    for _ in range(12):
        excess = (n + 1) * np.log(s / peak) - (s - peak) * (s + peak + 2 * x) / 2 + 40 + 0.8 * n
        s = s - excess / ((n + 1) / s - (s + x))
    return s


@functools.lru_cache(maxsize=32)  # tables of 1 megabyte at n = 100
def _legendre(size):
    """Return Gauss-Legendre nodes, weights, the map of root-weighted values to coefficients, the integrals' ladder."""
    nodes, weights = np.polynomial.legendre.leggauss(size)
    odd = 2.0 * np.arange(size) + 1.0
    table = np.polynomial.legendre.legvander(nodes, size - 1).T * np.sqrt(odd / 2)[:, None]
    return nodes, weights, table * np.sqrt(weights), 2.0 / np.sqrt(odd[:-1] * odd[1:])


def _orthonormal(n, nodes, vector):
    """Return the Lanczos vectors of the nodes (x, n, p) and the logarithm of the product of the monic norms."""
    basis, logs = np.empty((len(nodes), n, nodes.shape[1])), np.zeros(len(nodes))
    nodes, vector = nodes[:, None], vector[:, None]
    for j in range(n):
        norm = np.sqrt(vector @ vector.swapaxes(1, 2))
        logs += (n - j) * np.log(norm[:, 0, 0])
        basis[:, j : j + 1] = vector / norm
        vector, known = nodes * basis[:, j : j + 1], basis[:, : j + 1]
        for _ in range(2):  # once is not enough where one half line weighs next to nothing
            vector = vector - (vector @ known.swapaxes(1, 2)) @ known
    return basis, logs


def _integrals(coefficients, length, ladder):
    """Return the integrals of sgn(b - a) f_i(a) f_j(b) and of f_i over [0, length], from Legendre coefficients."""
    half = (coefficients[..., :-1] * ladder) @ coefficients[..., 1:].swapaxes(1, 2)
    return (half - half.swapaxes(1, 2)) * (length / 2)[:, None, None], coefficients[..., 0] * np.sqrt(length)[:, None]
