"""Psi to any number of digits: the compiled float64 solution names the branch, Newton's method does the rest."""

import numpy as np

from spinglass.arithmetic import solve
from spinglass.spectra.dyson import elliptic
from spinglass.spectra.dyson.log_determinant import GENERAL
from spinglass.spectra.dyson.psi import dyson_potential, elliptic_potential
from spinglass.spectra.dyson.several_species import solve_group

STEPS = 100  # Newton steps; from a float64 seed seven double the digits up to a thousand


def psi_digits(parameters, law, shifts, ar):
    """Return Psi, its gradient and its Hessian at one point, in an arithmetic with digits.

    Parameters
    ----------
    parameters : Scaled
        The float64 form of the block matrix.
    law : LocalLaw
        The same law in the arithmetic.
    shifts : sequence of S numbers of the arithmetic
    ar : Multiprecision

    Raises
    ------
    ArithmeticError
        If Newton's method does not converge to the physical branch (so near to a spectral edge that float64
        cannot tell the sides).
    """
    scale = np.array([ar.number(s) for s in parameters.scale], dtype=object)
    both = np.outer(scale, scale)
    k, w, tau = law.fractions, law.jacobian_variance * both, law.jacobian_covariance * both
    offset = -sum((f * ar.log(s / f) for f, s in zip(k, scale, strict=True)), ar.number(0))
    signs = np.array(law.signs if law.signs else [1] * len(k), dtype=object)
    a = np.array(shifts, dtype=object) * scale * signs
    value, slope, curve = ar.number(0), np.zeros_like(a), np.zeros_like(w)
    for part in range(parameters.parts.max() + 1):  # species that determine each other
        place = np.flatnonzero(parameters.parts == part)
        block = np.ix_(place, place)
        one = _elliptic if parameters.kind == GENERAL else _dyson
        more, slope[place], curve[block] = one(k[place], w[block], tau[block], a[place], ar)
        value = value + more
    flip = scale * signs
    return value + offset, slope * flip, curve * np.outer(flip, flip)


def _dyson(k, w, tau, a, ar):
    if len(k) == 1:
        return _semicircle(k[0], w[0, 0], a[0], ar)
    x = np.empty(len(k), complex)
    # rounding of `a` to float64 only moves the seed
    solve_group(k.astype(float), w.astype(float), np.array([complex(y) for y in a]), x)
    if np.all(x.imag == 0):
        seed = np.array([ar.number(float(y)) for y in x.real], dtype=object)
    else:
        seed = np.array([ar.number(complex(y)) for y in x], dtype=object)
    solution = _newton_resolvent(seed, k, w, a, ar)
    heights = [_imaginary(y) for y in solution]
    if not all(y > ar.epsilon for y in heights):
        solution = np.array([_real(y) for y in solution], dtype=object)
        if any(abs(y) > ar.epsilon for y in heights) or not _is_stable(solution, k, w):
            raise ArithmeticError(
                f"too near to a spectral edge for a float64 seed at scaled shifts {list(map(float, a))}"
            )
    inverse = solve(w - np.diag(k / solution**2), _identity(len(k), ar))
    value = _real(dyson_potential(ar.log)(solution, k, w, a))
    return value, _reals(solution), _reals(inverse)


def _semicircle(k, w, a, ar):
    """Return Psi, its slope and its curvature for one species; on the edge itself the curvature, infinite, as 0.

    Within rounding of the edge is on it: the root of what rounding leaves would be noise in the slope.
    """
    square = a * a - 4 * w * k
    root = ar.sqrt(abs(square)) if abs(square) > 64 * ar.epsilon * a * a else ar.number(0)
    outside = square > 0
    x = 2 * k / (a + (root if a > 0 else -root)) if outside else a / (2 * w)
    size = x * x if outside else k / w
    value = a * x - k * ar.log(size) / 2 - k - w * (x * x if outside else x * x - root * root / (4 * w * w)) / 2
    curve = (-x * x / (k - w * x * x) if outside else 1 / (2 * w)) if root > 0 else ar.number(0)
    return value, np.array([x], dtype=object), np.array([[curve]], dtype=object)


def _elliptic(k, w, tau, a, ar):
    n = len(k)
    y = np.empty(3 * n)
    side = elliptic.solve_elliptic(*(np.ascontiguousarray(x, dtype=float) for x in (k, w, tau, a)), y)
    seed = np.array([ar.number(x) for x in y], dtype=object)
    if side == 0:
        b = _newton_resolvent(seed[2 * n :], k, tau, a, ar)
        if not _is_stable(b, k, w):
            raise ArithmeticError(
                f"too near to a spectral edge for a float64 seed at scaled shifts {list(map(float, a))}"
            )
        inverse = solve(tau - np.diag(k / b**2), _identity(n, ar))
        zero = np.array([ar.number(0)] * (2 * n), dtype=object)
        return elliptic_potential(ar.log)(np.append(zero, b), k, w, tau, a), b, inverse
    gradient, hessian = np.empty(3 * n, dtype=object), np.empty((3 * n, 3 * n), dtype=object)

    def step(y):
        elliptic.stationarity(k, w, tau, a, ar.number(0), y, gradient, hessian)
        elliptic.fix_scale(y, hessian)
        return -solve(hessian, gradient)

    y = _converge(seed, step, ar)
    step(y)
    inverse = solve(hessian, _identity(3 * n, ar))[2 * n :, 2 * n :]
    return elliptic_potential(ar.log)(y, k, w, tau, a), y[2 * n :], -inverse


def _newton_resolvent(x, k, w, a, ar):
    """Solve k/x = a - w x from a seed."""
    return _converge(x, lambda x: solve(w - np.diag(k / x**2), a - np.dot(w, x) - k / x), ar)


def _converge(x, step, ar):
    """Iterate x += step(x) until the step is below the working precision, relative to the largest component."""
    for _ in range(STEPS):
        move = step(x)
        x = x + move
        if max(map(abs, move)) <= ar.epsilon * max(map(abs, x)):
            return x
    raise ArithmeticError(f"Newton's method did not converge to {ar.digits} digits: a spectral edge is too near")


def _is_stable(x, k, w):
    """Tell whether diag(k/x^2) - w is an M-matrix: the branch outside the spectrum, see several_species.py."""
    matrix = np.diag(k / x**2) - w
    n = len(k)
    for i in range(n):
        if not matrix[i, i] > 0:
            return False
        for j in range(i + 1, n):
            matrix[j] = matrix[j] - matrix[j, i] / matrix[i, i] * matrix[i]
    return True


def _identity(n, ar):
    return np.array([[ar.number(int(i == j)) for j in range(n)] for i in range(n)], dtype=object)


def _real(x):
    return getattr(x, "real", x)


def _imaginary(x):
    return getattr(x, "imag", 0)


def _reals(x):
    return np.vectorize(_real, otypes=[object])(x)
