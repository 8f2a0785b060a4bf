r"""Solutions followed while the coefficients of the fields move.

Along the segment :math:`c(t) = c_0 + t (c_1 - c_0)` in the space of all complex coefficients a solution
:math:`z = (x, \lambda)` of

.. math:: H(z, t) = \begin{pmatrix} \partial_s L_{a(s)}(x; c(t)) - \lambda_s x_s \\ \tfrac12 (x_s\cdot x_s - 1)
          \end{pmatrix} = 0

moves with velocity :math:`z' = -H_z^{-1} H_t`.  A step is predicted by the cubic through the last two points and their
velocities, and corrected by two Newton steps, the second of which also factorises the matrix that the next velocity
needs: two factorisations a step in all.

The ratio :math:`\theta = |\delta_2|/|\delta_1|` of the two Newton steps measures the size of the first against the
radius in which Newton's method belongs to this solution and no other, whatever the units; it grows like the fourth
power of the step, which is chosen from it (Deuflhard 2011).  The functions are serial and release the global
interpreter lock.

References
----------
Deuflhard (2011), Newton Methods for Nonlinear Problems, ch. 5.
"""

import numpy as np
from numba import njit

from spinglass.running.compiled import OPTIONS

#: Sums may be reordered and products fused; infinities and nans keep their meaning.
FAST = {**OPTIONS, "fastmath": {"contract", "reassoc", "nsz"}}

ARRIVED, STUCK = 0, 1
FIRST, SHORTEST = 0.02, 1e-10  # the first step, and the one at which a path is given up
POLISH = 8  # Newton steps at the end, at most
CONVERGED, EPSILON = 1e-9, 1e-14  # relative lengths of the last one: accepted, and good enough to stop


@njit(**FAST)
def equations(z, t, tables, segment, products, value, velocity, matrix):
    """Fill the value of H, its derivative by t and its Jacobian by z at (z, t).

    Parameters
    ----------
    z : complex array of shape (n + S,)
    t : float
    tables : tuple of arrays
        The second derivatives as sparse linear maps; see :class:`spinglass.landscape.family.family.Tables`.
    segment : tuple of four complex arrays
        Entries of the second derivatives at the start and their change, linear terms of the gradients likewise.
    products : complex array
        Work space, one for every product of variables in the tables.
    value, velocity : complex arrays of shape (n + S,)
    matrix : complex array of shape (n + S, n + S)
    """
    sphere, parents, factors, rows, columns, shares, row_weights, column_weights, firsts, places = tables
    entries, entry_changes, linear, linear_changes = segment
    n = len(sphere)
    matrix[:] = 0
    for i in range(n):
        value[i] = linear[i] + t * linear_changes[i]
        velocity[i] = linear_changes[i]
    products[0] = 1.0
    for k in range(1, len(parents)):
        products[k] = products[parents[k]] * z[factors[k]]
    for p in range(len(rows)):
        second, drift = 0.0 * z[0], 0.0 * z[0]
        for k in range(firsts[p], firsts[p + 1]):
            second += entries[k] * products[places[k]]
            drift += entry_changes[k] * products[places[k]]
        second += t * drift
        i, j = rows[p], columns[p]
        # a form of degree d has (d - 1) d_i f = sum_j d_i d_j f x_j
        gradient, moved = shares[p] * second, shares[p] * drift
        matrix[i, j] += row_weights[p] * second
        value[i] += row_weights[p] * (gradient * z[j])
        velocity[i] += row_weights[p] * (moved * z[j])
        if i != j:
            matrix[j, i] += column_weights[p] * second
            value[j] += column_weights[p] * (gradient * z[i])
            velocity[j] += column_weights[p] * (moved * z[i])
    for s in range(n, len(z)):
        value[s] = -0.5
        velocity[s] = 0.0
    for i in range(n):
        s = n + sphere[i]
        value[i] -= z[s] * z[i]
        value[s] += 0.5 * z[i] * z[i]
        matrix[i, i] -= z[s]
        matrix[i, s] = -z[i]
        matrix[s, i] = z[i]


@njit(**FAST)
def factorise(matrix, order):
    """Replace a matrix by its LU factors, with inverted pivots on the diagonal; return False if it is singular."""
    n = len(matrix)
    for i in range(n):
        order[i] = i
    for k in range(n):
        best, largest = k, 0.0
        for i in range(k, n):
            size = abs(matrix[i, k].real) + abs(matrix[i, k].imag)
            if size > largest:
                best, largest = i, size
        if not 0.0 < largest < np.inf:
            return False
        if best != k:
            order[k], order[best] = order[best], order[k]
            for j in range(n):
                matrix[k, j], matrix[best, j] = matrix[best, j], matrix[k, j]
        pivot = 1.0 / matrix[k, k]
        matrix[k, k] = pivot
        for i in range(k + 1, n):
            factor = matrix[i, k] * pivot
            matrix[i, k] = factor
            if factor != 0:
                for j in range(k + 1, n):
                    matrix[i, j] -= factor * matrix[k, j]
    return True


@njit(**FAST)
def solve_factorised(matrix, order, right, solution):
    """Solve with the factors of :func:`factorise`."""
    n = len(matrix)
    for i in range(n):
        total = right[order[i]]
        for j in range(i):
            total -= matrix[i, j] * solution[j]
        solution[i] = total
    for i in range(n - 1, -1, -1):
        total = solution[i]
        for j in range(i + 1, n):
            total -= matrix[i, j] * solution[j]
        solution[i] = total * matrix[i, i]


@njit(**FAST)
def length(z, n):
    """Return the Euclidean norm of x, the first n numbers of z: the multipliers follow from x and have other units."""
    total = 0.0
    for i in range(n):
        total += z[i].real * z[i].real + z[i].imag * z[i].imag
    return np.sqrt(total)


@njit(**FAST)
def track(points, tables, segment, tolerance, status, steps):
    """Follow solutions from one end of a segment of coefficients to the other, in place.

    Parameters
    ----------
    points : complex array of shape (paths, n + S)
        Solutions (x, lambda) at the start, overwritten by those at the end.
    tables, segment
        See :func:`equations`.
    tolerance : float
        The ratio theta of the two Newton steps aimed at; a step with ten times as much is repeated.
    status : int array of shape (paths,)
        Filled with ARRIVED or STUCK.
    steps : int array of shape (paths,)
        Filled with the number of steps, repeated ones included.
    """
    size, n = points.shape[1], len(tables[0])
    products = np.empty(len(tables[1]), dtype=np.complex128)
    vectors = np.empty((8, size), dtype=np.complex128)
    value, drift, guess, first, second, slope, old, old_slope = vectors
    matrix, order = np.empty((size, size), dtype=np.complex128), np.empty(size, dtype=np.int64)
    for b in range(len(points)):
        z = points[b]
        status[b], steps[b] = STUCK, 0
        t, h, step = 0.0, 0.0, FIRST
        equations(z, t, tables, segment, products, value, drift, matrix)
        if not factorise(matrix, order):
            continue
        solve_factorised(matrix, order, drift, slope)
        while t < 1.0 and step > SHORTEST:
            step = min(step, 1.0 - t)
            steps[b] += 1
            _predict(z, slope, old, old_slope, h, step, guess)
            after = 1.0 if step == 1.0 - t else t + step
            ratio = np.inf
            if _newton(guess, after, tables, segment, products, value, drift, matrix, order, first):
                scale, one = length(guess, n), length(first, n)
                if one < 0.1 * scale and _newton(
                    guess, after, tables, segment, products, value, drift, matrix, order, second
                ):
                    ratio = length(second, n) / max(one, 1e-7 * scale)
            if ratio < 10.0 * tolerance:
                old[:], old_slope[:] = z, slope
                z[:] = guess
                solve_factorised(matrix, order, drift, slope)
                h, t = step, after
                step *= min(2.0, max(0.3, 0.9 * (tolerance / max(ratio, 1e-12)) ** 0.25))
            else:
                step *= 0.4
        if t < 1.0:
            continue
        for _ in range(POLISH):
            if not _newton(z, 1.0, tables, segment, products, value, drift, matrix, order, first):
                break
            error = length(first, n) / length(z, n)
            if error < CONVERGED:
                status[b] = ARRIVED
            if error < EPSILON:
                break


@njit(**FAST)
def _predict(z, slope, old, old_slope, h, step, guess):
    """Fill the guess a step beyond z: by the cubic through old and z, h apart, or without old (h = 0) by the tangent.

    Slopes are stored as solved for, H_z^{-1} H_t, the opposite of the velocity.
    """
    r = step / h if h > 0.0 else 0.0
    for i in range(len(z)):
        bend = 3.0 * (old[i] - z[i]) - h * (2.0 * slope[i] + old_slope[i])
        twist = 2.0 * (old[i] - z[i]) - h * (slope[i] + old_slope[i])
        guess[i] = z[i] - step * slope[i]
        if h > 0.0:
            guess[i] += r * r * (bend + r * twist)


@njit(**FAST)
def _newton(z, t, tables, segment, products, value, drift, matrix, order, correction):
    """Take one Newton step in place; leave the factors and the drift of the point it started from."""
    equations(z, t, tables, segment, products, value, drift, matrix)
    if not factorise(matrix, order):
        return False
    solve_factorised(matrix, order, value, correction)
    for i in range(len(z)):
        z[i] -= correction[i]
    return True
