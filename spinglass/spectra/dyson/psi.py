r"""Psi with gradient and Hessian in compiled code, one function for each kind of block matrix.

In scaled unknowns Psi is the value of a function at the point where it is stationary, for symmetric matrices of

.. math:: \Phi(x) = \sum_s [a_s x_s - \kappa_s\log x_s - \kappa_s] - \tfrac12\sum_{st} w_{st} x_s x_t ,

so that :math:`\partial\Psi/\partial a_s = x_s` and the Hessian is the inverse of
:math:`w_{st} - \delta_{st}\kappa_s/x_s^2`, but for the signs.  The general matrix has three unknowns per species
(:mod:`spinglass.spectra.dyson.elliptic`).

All functions take the parameters of the matrix (:class:`spinglass.spectra.dyson.log_determinant.Scaled`) as rows of one
array and a place (:func:`new_place`): the shifts in its row Z, with room for the gradient in the row SLOPE and for the
Hessian from the row CURVE on.  They return Psi, nan if it was not found.  -inf stands where a fraction of the
eigenvalues is 0: a species without a variance of its own, larger than all it meets, at shift exactly 0.

The solution at the last shifts is kept in the place: with three species or without symmetry Newton's method, started
there, finds the next one if it is near and of the same kind.  As there is one solution that is positive (or stable,
outside the spectrum), what it finds is the one that would be followed from far above.
"""

import numpy as np

from spinglass.running.compiled import handed, part
from spinglass.spectra.dyson.elliptic import fix_scale, solve_elliptic, stationarity, stays_inside
from spinglass.spectra.dyson.several_species import SINGULAR, eliminate, lands, solve_apart, solve_several
from spinglass.spectra.dyson.two_species import semicircle_branch, solve_pair

Z, SLOPE, CURVE = range(3)  # rows of a place; S rows of the Hessian and the last solution end it
SOLUTION = 3  # rows of the last solution, nan if there is none
K, SCALE, SIGNS, PARTS, STARVED, OFFSET, W = range(7)  # rows of the parameters; S rows of w and S of tau end them


def new_place(species):
    """Return a place of no shifts and no last solution."""
    return np.full((CURVE + species + SOLUTION, species), np.nan)


def dyson_potential(log):
    r"""Return the function Phi(x), stationary at the solution x of the scaled Dyson equation, for one logarithm."""

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


complex_potential = part(dyson_potential(np.log))
real_elliptic_potential = part(elliptic_potential(np.log))


@part
def starves(law, place):
    """Tell whether a species keeps null vectors at these shifts; gradient and Hessian are 0 then."""
    n = place.shape[1]
    for s in range(n):
        if place[Z, s] == 0.0 and law[STARVED, s] != 0.0:
            for i in range(SLOPE, CURVE + n):
                for j in range(n):
                    place[i, j] = 0.0
            return True
    return False


@handed
def one_psi(law, place):
    """Return Psi of one species, a semicircle."""
    k, w, f = law[K, 0], law[W, 0], law[SCALE, 0] * law[SIGNS, 0]
    a = complex(place[Z, 0] * f)
    x = semicircle_branch(a, k, w)
    det = w - k / (x * x)
    place[SLOPE, 0] = x.real * f
    place[CURVE, 0] = (1.0 / (det if det != 0 else SINGULAR + 0j)).real * f * f
    return (a * x - k * np.log(x) - k - w * x * x / 2).real + law[OFFSET, 0]


@handed
def pair_psi(law, place):
    """Return Psi of two species, without arrays on the way; nan if the quartic named no physical solution."""
    if starves(law, place):
        return -np.inf
    k1, k2, w11, w22, c = law[K, 0], law[K, 1], law[W, 0], law[W + 1, 1], law[W, 1]
    f1, f2 = law[SCALE, 0] * law[SIGNS, 0], law[SCALE, 1] * law[SIGNS, 1]
    a1, a2 = complex(place[Z, 0] * f1), complex(place[Z, 1] * f2)
    x1, x2, good = solve_pair(k1, k2, w11, w22, c, a1, a2)
    if not good:
        return np.nan
    place[SLOPE, 0], place[SLOPE, 1] = x1.real * f1, x2.real * f2
    j1, j2 = w11 - k1 / (x1 * x1), w22 - k2 / (x2 * x2)
    if c == 0:  # an edge of the one must not hide the curvature of the other
        h11, h12, h22 = 1 / (j1 if j1 != 0 else SINGULAR + 0j), 0j, 1 / (j2 if j2 != 0 else SINGULAR + 0j)
    else:
        det = j1 * j2 - c * c
        if det == 0:
            det = SINGULAR + 0j
        h11, h12, h22 = j2 / det, -(c / det), j1 / det
    place[CURVE, 0], place[CURVE + 1, 1] = h11.real * f1 * f1, h22.real * f2 * f2
    place[CURVE, 1] = place[CURVE + 1, 0] = h12.real * f1 * f2
    phi = a1 * x1 - k1 * np.log(x1) - k1 + (a2 * x2 - k2 * np.log(x2) - k2)
    phi = phi - w11 * x1 * x1 / 2 - c * x1 * x2 / 2 - c * x2 * x1 / 2 - w22 * x2 * x2 / 2
    return phi.real + law[OFFSET, 0]


@handed
def several_psi(law, place):
    """Return Psi of any symmetric block matrix, by groups of species that meet."""
    n = place.shape[1]
    if n == 2:
        value = pair_psi(law, place)
        if value == value:
            return value
    if starves(law, place):
        return -np.inf
    a, x = scaled_shifts(law, place), np.empty(n, np.complex128)
    return at_solution(law, place, a, x) if solve_apart(law[K], law[W : W + n], a, x) else np.nan


@handed
def together_psi(law, place):
    """Return Psi of three species or more that all meet, directly or through others."""
    n = place.shape[1]
    if starves(law, place):
        return -np.inf
    k, w, a, x = law[K], law[W : W + n], scaled_shifts(law, place), np.empty(n, np.complex128)
    last = CURVE + n
    for s in range(n):
        x[s] = complex(place[last, s], place[last + 1, s])
    if not lands(k, w, a, x) and not solve_several(k, w, a, x):
        return np.nan
    for s in range(n):
        place[last, s], place[last + 1, s] = x[s].real, x[s].imag
    return at_solution(law, place, a, x)


@part
def scaled_shifts(law, place):
    """Return a."""
    a = np.empty(place.shape[1], np.complex128)
    for s in range(len(a)):
        a[s] = place[Z, s] * (law[SCALE, s] * law[SIGNS, s])
    return a


@part
def at_solution(law, place, a, x):
    """Return Psi at the solution x of a symmetric Dyson equation, with gradient and Hessian."""
    n = len(x)
    k, w = law[K], law[W : W + n]
    matrix, inverse = np.empty((n, n), np.complex128), np.empty((n, n), np.complex128)
    for s in range(n):
        for t in range(n):
            matrix[s, t] = w[s, t]
        square = x[s] * x[s]
        matrix[s, s] -= k[s] / (square if square != 0 else SINGULAR + 0j)
    invert(matrix, inverse)
    for s in range(n):
        turn = law[SCALE, s] * law[SIGNS, s]
        place[SLOPE, s] = x[s].real * turn
        for t in range(n):
            place[CURVE + s, t] = inverse[s, t].real * turn * (law[SCALE, t] * law[SIGNS, t])
    return complex_potential(x, k, w, a).real + law[OFFSET, 0]


@part
def invert(matrix, inverse):
    """Fill ``inverse`` column by column; destroys nothing."""
    n = len(matrix)
    work, column = np.empty((n, n), matrix.dtype), np.empty(n, matrix.dtype)
    for c in range(n):
        for i in range(n):
            column[i] = 1.0 if i == c else 0.0
            for j in range(n):
                work[i, j] = matrix[i, j]
        eliminate(work, column)
        for i in range(n):
            inverse[i, c] = column[i]


@part
def part_psi(k, w, tau, scale, a, y, gradient, hessian):
    """Return Psi (but for the scaling) of species that determine each other; fill its gradient and Hessian.

    y holds the solution at the last shifts, nan if there is none, and then the one at these.
    """
    n = len(k)
    side = 1 if stays_inside(k, w, tau, a, y) else solve_elliptic(k, w, tau, a, y)
    if side < 0:
        return np.nan
    size, start, sign = (n, 0, 1.0) if side == 0 else (3 * n, 2 * n, -1.0)
    matrix, inverse = np.empty((size, size)), np.empty((size, size))
    if side == 0:
        for s in range(n):
            for t in range(n):
                matrix[s, t] = tau[s, t]
            matrix[s, s] -= k[s] / y[2 * n + s] ** 2
    else:
        stationarity(k, w, tau, a, 0.0, y, np.empty(3 * n), matrix)
        fix_scale(y, matrix)
    invert(matrix, inverse)
    for s in range(n):
        gradient[s] = y[2 * n + s] * scale[s]
        for t in range(n):
            hessian[s, t] = sign * inverse[start + s, start + t] * scale[s] * scale[t]
    value, bound = real_elliptic_potential(y, k, w, tau, a), 1e-6
    for s in range(n):  # Hadamard's inequality and Jensen's
        row = a[s] * a[s]
        for t in range(n):
            row += w[s, t] * k[t] * scale[s] / scale[t]
        bound += k[s] * (0.5 * np.log(row) - np.log(k[s]))
    return value if value <= bound else np.nan


@handed
def general_psi(law, place):
    """Return Psi of any block matrix, part by part."""
    if starves(law, place):
        return -np.inf
    species = place.shape[1]
    last = CURVE + species
    total, part, left, group = law[OFFSET, 0], 0.0, species, np.empty(species, np.int64)
    while left > 0:
        n = 0
        for s in range(species):
            if law[PARTS, s] == part:
                group[n] = s
                n += 1
        k, scale, a, y, slope = np.empty(n), np.empty(n), np.empty(n), np.empty(3 * n), np.empty(n)
        w, tau, curve = np.empty((n, n)), np.empty((n, n)), np.empty((n, n))
        for i in range(n):
            s = group[i]
            k[i], scale[i], a[i] = law[K, s], law[SCALE, s], place[Z, s] * law[SCALE, s]
            for j in range(SOLUTION):
                y[j * n + i] = place[last + j, s]
            for j in range(n):
                w[i, j], tau[i, j] = law[W + s, group[j]], law[W + species + s, group[j]]
        total += part_psi(k, w, tau, scale, a, y, slope, curve)
        for i in range(n):
            s = group[i]
            for j in range(SOLUTION):
                place[last + j, s] = y[j * n + i]
            place[SLOPE, s] = slope[i]
            for t in range(species):
                place[CURVE + s, t] = 0.0
            for j in range(n):
                place[CURVE + s, group[j]] = curve[i, j]
        part, left = part + 1.0, left - n
    return total
