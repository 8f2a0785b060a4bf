r"""The limit Psi(d) = lim (1/N) log|det J| of a block Gaussian matrix, with gradient and Hessian.

Every block matrix of this package comes here: independent entries of variance :math:`v_{st}/N`, covariance
:math:`\tau_{st}/N` with the transposed entry, shift :math:`d_s` on the diagonal of block s.  Psi is stationary in
the unknowns of its Dyson equation, so that

.. math:: \partial\Psi/\partial d_s = \kappa_s b_s

and an error of the solution enters Psi only squared.  One species is a semicircle, a sign-symmetric pair a
quartic; everything else is followed from far above the real axis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit
from scipy.sparse.csgraph import connected_components

from spinglass.inputs.checks import measured, shown
from spinglass.running.compiled import OPTIONS
from spinglass.spectra.dyson import elliptic
from spinglass.spectra.dyson.several_species import SINGULAR, eliminate, solve_apart, solve_group
from spinglass.spectra.dyson.two_species import semicircle_branch, solve_pair

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers

ONE, PAIR, SEVERAL, GENERAL = range(4)


class Scaled(NamedTuple):
    """What the compiled code needs of a block matrix, in unknowns of order 1 (x_s = kappa_s g_s / scale_s)."""

    kind: int
    k: np.ndarray  # fractions
    w: np.ndarray  # variances times the scales of row and column
    tau: np.ndarray  # covariances, likewise
    signs: np.ndarray  # row signs that make the matrix symmetric (zeros if there are none)
    parts: np.ndarray  # which species determine each other
    starved: np.ndarray  # species that keep null vectors at shift 0: larger than all they meet, without variance
    scale: np.ndarray
    offset: float  # what the scaling takes from Psi


def scaled(fractions, variance, covariance, signs):
    """Return the scaled form of a block matrix given by its profiles."""
    if np.any(variance.sum(0) + variance.sum(1) == 0):
        raise ValueError(
            "the Hessian of a species is not random: expected a term of degree 2 or more that holds every species, got "
            f"variances {variance.tolist()}"
        )
    kind = GENERAL if signs is None else min(len(fractions), 3) - 1
    # influence that does not come back leaves the determinant alone: only strongly connected parts count
    parts = connected_components(variance > 0, connection="strong")[1].astype(np.int64)
    if kind == GENERAL:
        together = parts[:, None] == parts[None, :]
        variance, covariance = variance * together, covariance * together
    scale = balanced_scale(variance, fractions)
    both = np.outer(scale, scale)
    return Scaled(
        kind=kind,
        k=fractions,
        w=np.ascontiguousarray(variance * both),
        tau=np.ascontiguousarray(covariance * both),
        signs=np.zeros(len(fractions)) if signs is None else np.array(signs, dtype=float),
        parts=parts,
        starved=(np.diag(variance) == 0) & (fractions > ((variance + variance.T) > 0) @ fractions),
        scale=scale,
        offset=float(-np.sum(fractions * np.log(scale / fractions))),
    )


def balanced_scale(variance, fractions):
    """Return s with sum_t v_st s_s s_t kappa_t near 1 in every row, so that all unknowns are of order 1.

    Some profiles with zeros have no such balance (two blocks of very different size that meet only each other):
    their rows are scaled one by one.
    """
    symmetric = 0.5 * (variance + variance.T)
    symmetric[np.diag_indices_from(symmetric)] += symmetric.sum(1) == 0  # a row without randomness needs no scale
    rows = scale = 1 / np.sqrt(symmetric @ fractions)
    for _ in range(30):
        scale = np.sqrt(scale / (symmetric @ (fractions * scale)))
    balance = scale * (symmetric @ (fractions * scale))
    return scale if np.all(np.abs(balance - 1) < 1e-3) else rows


def dyson_potential(log):
    r"""Return the function Phi(x), stationary at the solution x of the scaled Dyson equation, for one logarithm.

    :math:`\Phi = \sum_s [a_s x_s - \kappa_s\log x_s - \kappa_s] - \tfrac12\sum_{st} w_{st} x_s x_t`.
    """

    def potential(x, k, w, a):
        total = a[0] * x[0] - k[0] * log(x[0]) - k[0]
        for s in range(1, len(k)):
            total = total + (a[s] * x[s] - k[s] * log(x[s]) - k[s])
        for s in range(len(k)):
            for t in range(len(k)):
                total = total - w[s, t] * x[s] * x[t] / 2
        return total

    return potential


def elliptic_potential(log):
    r"""Return Psi(p, q, b) of :mod:`spinglass.spectra.dyson.elliptic` at :math:`\eta = 0`, for one logarithm."""

    def potential(y, k, w, tau, a):
        n = len(k)
        total = a[0] * y[2 * n] - k[0]
        for s in range(1, n):
            total = total + (a[s] * y[2 * n + s] - k[s])
        for s in range(n):
            total = total - k[s] * log(y[s] * y[n + s] + y[2 * n + s] ** 2) / 2
            for t in range(n):
                total = total + (w[s, t] * y[s] * y[n + t] - tau[s, t] * y[2 * n + s] * y[2 * n + t]) / 2
        return total

    return potential


complex_potential = njit(**OPTIONS)(dyson_potential(np.log))
real_elliptic_potential = njit(**OPTIONS)(elliptic_potential(np.log))


@njit(**OPTIONS)
def solve_dyson(kind, k, w, a, x):
    """Fill x with the physical solution of the scaled symmetric Dyson equation; return whether it was found."""
    if kind == ONE:
        x[0] = semicircle_branch(a[0], k[0], w[0, 0])
        return True
    if kind == PAIR:
        return solve_group(k, w, a, x)
    return solve_apart(k, w, a, x)


@njit(**OPTIONS)
def invert(matrix, inverse):
    """Fill ``inverse`` column by column; destroys nothing."""
    n = len(matrix)
    for c in range(n):
        column = np.zeros(n, matrix.dtype)
        column[c] = 1.0
        eliminate(matrix.copy(), column)
        inverse[:, c] = column


@njit(**OPTIONS)
def pair_psi(law, d, gradient, hessian):
    """Return Psi(d) of two species, without arrays on the way; nan if the quartic named no physical solution."""
    k, w = law.k, law.w
    f1, f2 = law.scale[0] * law.signs[0], law.scale[1] * law.signs[1]
    a1, a2 = complex(d[0] * f1), complex(d[1] * f2)
    x1, x2, good = solve_pair(k[0], k[1], w[0, 0], w[1, 1], w[0, 1], a1, a2)
    if not good:
        return np.nan
    j1, j2 = w[0, 0] - k[0] / (x1 * x1), w[1, 1] - k[1] / (x2 * x2)
    gradient[0], gradient[1] = x1.real * f1, x2.real * f2
    if w[0, 1] == 0:  # an edge of the one must not hide the curvature of the other
        hessian[0, 0] = (1 / (j1 if j1 != 0 else SINGULAR + 0j)).real * f1 * f1
        hessian[1, 1] = (1 / (j2 if j2 != 0 else SINGULAR + 0j)).real * f2 * f2
        hessian[0, 1] = hessian[1, 0] = 0.0
    else:
        det = j1 * j2 - w[0, 1] * w[0, 1]
        if det == 0:
            det = SINGULAR + 0j
        hessian[0, 0] = (j2 / det).real * f1 * f1
        hessian[1, 1] = (j1 / det).real * f2 * f2
        hessian[0, 1] = hessian[1, 0] = -(w[0, 1] / det).real * f1 * f2
    return complex_potential((x1, x2), k, w, (a1, a2)).real + law.offset


@njit(**OPTIONS)
def symmetric_psi(law, d, gradient, hessian):
    """Return Psi(d) of a symmetric block matrix and fill its gradient and Hessian; nan if it was not found."""
    k, w, scale, n = law.k, law.w, law.scale, len(law.k)
    if law.kind == PAIR:
        value = pair_psi(law, d, gradient, hessian)
        if value == value:
            return value
    a, x = np.empty(n, np.complex128), np.empty(n, np.complex128)
    for s in range(n):
        a[s] = d[s] * law.signs[s] * scale[s]
    if not solve_dyson(law.kind, k, w, a, x):
        return np.nan
    for s in range(n):
        gradient[s] = x[s].real * scale[s] * law.signs[s]
    if n == 1:
        det = w[0, 0] - k[0] / (x[0] * x[0])
        hessian[0, 0] = (1.0 / (det if det != 0 else SINGULAR + 0j)).real * scale[0] ** 2
    else:
        matrix, inverse = np.empty((n, n), np.complex128), np.empty((n, n), np.complex128)
        for s in range(n):
            for t in range(n):
                matrix[s, t] = w[s, t]
            square = x[s] * x[s]
            matrix[s, s] -= k[s] / (square if square != 0 else SINGULAR + 0j)
        invert(matrix, inverse)
        for s in range(n):
            for t in range(n):
                hessian[s, t] = inverse[s, t].real * scale[s] * scale[t] * law.signs[s] * law.signs[t]
    return complex_potential(x, k, w, a).real + law.offset


@njit(**OPTIONS)
def part_psi(k, w, tau, scale, d, gradient, hessian):
    """Return Psi (but for the scaling) of species that determine each other; fill its gradient and Hessian."""
    n = len(k)
    a, y = d * scale, np.empty(3 * n)
    side = elliptic.solve_elliptic(k, w, tau, a, y)
    if side < 0:
        return np.nan
    for s in range(n):
        gradient[s] = y[2 * n + s] * scale[s]
    if side == 0:
        matrix, inverse = np.empty((n, n)), np.empty((n, n))
        for s in range(n):
            for t in range(n):
                matrix[s, t] = tau[s, t]
            matrix[s, s] -= k[s] / y[2 * n + s] ** 2
        invert(matrix, inverse)
        start, sign = 0, 1.0
    else:
        matrix, inverse = np.empty((3 * n, 3 * n)), np.empty((3 * n, 3 * n))
        elliptic.stationarity(k, w, tau, a, 0.0, y, np.empty(3 * n), matrix)
        elliptic.fix_scale(y, matrix)
        invert(matrix, inverse)
        start, sign = 2 * n, -1.0
    for s in range(n):
        for t in range(n):
            hessian[s, t] = sign * inverse[start + s, start + t] * scale[s] * scale[t]
    value, bound = real_elliptic_potential(y, k, w, tau, a), 1e-6
    for s in range(n):  # Hadamard's inequality and Jensen's
        row = a[s] * a[s]
        for t in range(n):
            row += w[s, t] * k[t] * scale[s] / scale[t]
        bound += k[s] * (0.5 * np.log(row) - np.log(k[s]))
    return value if value <= bound else np.nan


@njit(**OPTIONS)
def general_psi(law, d, gradient, hessian):
    """Return Psi(d) of any block matrix and fill its gradient and Hessian; nan if it was not found."""
    total = law.offset
    hessian[:] = 0.0
    for part in range(law.parts.max() + 1):
        place = np.flatnonzero(law.parts == part)
        n = len(place)
        w, tau, slope, curve = np.empty((n, n)), np.empty((n, n)), np.empty(n), np.empty((n, n))
        for s in range(n):
            for t in range(n):
                w[s, t] = law.w[place[s], place[t]]
                tau[s, t] = law.tau[place[s], place[t]]
        total += part_psi(law.k[place], w, tau, law.scale[place], d[place], slope, curve)
        for s in range(n):
            gradient[place[s]] = slope[s]
            for t in range(n):
                hessian[place[s], place[t]] = curve[s, t]
    return total


@njit(**OPTIONS)
def psi(law, d, gradient, hessian):
    """Return Psi(d) of the Jacobian with shifts d and fill its gradient and Hessian; nan if it was not found.

    -inf where a fraction of the eigenvalues is 0: a species without a variance of its own, larger than all it meets,
    at shift exactly 0.
    """
    for s in range(len(d)):
        if d[s] == 0.0 and law.starved[s]:
            gradient[:] = 0.0
            hessian[:] = 0.0
            return -np.inf
    if law.kind == GENERAL:
        return general_psi(law, d, gradient, hessian)
    return symmetric_psi(law, d, gradient, hessian)


@njit(**OPTIONS)
def psi_many(law, d, values, gradients):
    """Fill ``values`` and ``gradients`` with Psi and its gradient at every row of d."""
    hessian = np.empty((len(law.k), len(law.k)))
    for i in range(len(d)):
        values[i] = psi(law, d[i], gradients[i], hessian)


class LogDeterminant:
    r"""Psi(d) of the Jacobian of a game, :math:`\lim \frac1N \log|\det J|` with shifts d.

    Parameters
    ----------
    law : LocalLaw
        In float64.

    Examples
    --------
    >>> import spinglass as sg
    >>> psi = sg.spectra.LogDeterminant(sg.pure(3).local_law())
    >>> psi([[0.], [6.]]).round(6)  # semicircle of variance 6: log|d - t| on average
    array([0.39588 , 1.688333])
    """

    def __init__(self, law: Any) -> None:
        if not hasattr(law, "jacobian_variance"):
            raise TypeError(f"law: expected a local law such as model.local_law(), got {shown(law)}")
        self.law = law
        self.scaled = scaled(law.fractions, law.jacobian_variance, law.jacobian_covariance, law.signs)

    def __call__(self, shifts: Numbers) -> Numbers:
        """Return Psi at shifts of shape (..., S)."""
        return self._both(shifts)[0]

    def gradient(self, shifts: Numbers) -> Array:
        """Return the gradient of Psi, shape (..., S)."""
        return self._both(shifts)[1]

    def _both(self, shifts):
        shifts = measured("shifts", shifts)
        if shifts.ndim == 0 or shifts.shape[-1] != len(self.scaled.k):
            raise ValueError(f"shifts: expected shape (..., {len(self.scaled.k)}), got {shifts.shape}")
        flat = np.ascontiguousarray(shifts.reshape(-1, shifts.shape[-1]))
        values, gradients = np.empty(len(flat)), np.empty_like(flat)
        psi_many(self.scaled, flat, values, gradients)
        if np.isnan(values).any():
            raise ArithmeticError(f"no physical solution of the Dyson equation at shifts {flat[np.isnan(values)][0]}")
        return values.reshape(shifts.shape[:-1])[()], gradients.reshape(shifts.shape)
