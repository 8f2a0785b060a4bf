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

from typing import NamedTuple

import numpy as np

from spinglass.running.compiled import kernel, part

ARRIVED, STUCK = 0, 1
FIRST, SHORTEST = 0.02, 1e-10  # the first step, and the one at which a path is given up
POLISH = 8  # Newton steps at the end, at most
CONVERGED, EPSILON = 1e-9, 1e-14  # relative lengths of the last one: accepted, and good enough to stop


class Room(NamedTuple):
    """Where paths are followed, one after the other: all arrays are made outside compiled code."""

    products: np.ndarray  # one for every product of variables in the tables
    matrix: np.ndarray  # the Jacobian, then its factors
    order: np.ndarray  # of their rows
    value: np.ndarray
    velocity: np.ndarray
    guess: np.ndarray
    first: np.ndarray  # the two Newton steps
    second: np.ndarray
    slope: np.ndarray
    old: np.ndarray  # the point before and its slope
    old_slope: np.ndarray


def room(products, size):
    """Return room for paths of ``size`` unknowns and a number of products."""
    return Room(
        np.empty(products, complex), np.empty((size, size), complex), np.empty(size, int), *np.empty((8, size), complex)
    )


@part
def equations(z, t, tables, segment, room):
    """Fill the value of H, its derivative by t (velocity) and its Jacobian by z at (z, t).

    Parameters
    ----------
    z : complex array of shape (n + S,)
    t : float
    tables : tuple of arrays
        The second derivatives as sparse linear maps; see :class:`spinglass.landscape.family.tables.Tables`.
    segment : tuple of four complex arrays
        Entries of the second derivatives at the start and their change, linear terms of the gradients likewise.
    room : Room
    """
    sphere, parents, factors, rows, columns, shares, row_weights, column_weights, firsts, places = tables
    entries, entry_changes, linear, linear_changes = segment
    products, value, velocity, matrix = room.products, room.value, room.velocity, room.matrix
    n = len(sphere)
    for i in range(len(z)):
        for j in range(len(z)):
            matrix[i, j] = 0.0
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


@part
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


@part
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


@part
def length(z, n):
    """Return the Euclidean norm of x, the first n numbers of z: the multipliers follow from x and have other units."""
    total = 0.0
    for i in range(n):
        total += z[i].real * z[i].real + z[i].imag * z[i].imag
    return np.sqrt(total)


@part
def predict(z, h, step, room):
    """Fill the guess a step beyond z: by the cubic through old and z, h apart, or without old (h = 0) by the tangent.

    Slopes are stored as solved for, H_z^{-1} H_t, the opposite of the velocity.
    """
    slope, old, old_slope, guess = room.slope, room.old, room.old_slope, room.guess
    r = step / h if h > 0.0 else 0.0
    for i in range(len(z)):
        bend = 3.0 * (old[i] - z[i]) - h * (2.0 * slope[i] + old_slope[i])
        twist = 2.0 * (old[i] - z[i]) - h * (slope[i] + old_slope[i])
        guess[i] = z[i] - step * slope[i]
        if h > 0.0:
            guess[i] += r * r * (bend + r * twist)


@part
def newton(z, t, tables, segment, room, correction):
    """Take one Newton step in place; leave the factors and the velocity of the point it started from."""
    equations(z, t, tables, segment, room)
    if not factorise(room.matrix, room.order):
        return False
    solve_factorised(room.matrix, room.order, room.value, correction)
    for i in range(len(z)):
        z[i] -= correction[i]
    return True


@part
def correct(t, tables, segment, room):
    """Take two Newton steps from the guess; return the ratio of their lengths, inf if they do not serve."""
    guess, n = room.guess, len(tables.sphere)
    if not newton(guess, t, tables, segment, room, room.first):
        return np.inf
    scale, one = length(guess, n), length(room.first, n)
    if not (one < 0.1 * scale and newton(guess, t, tables, segment, room, room.second)):
        return np.inf
    return length(room.second, n) / max(one, 1e-7 * scale)


@part
def follow(z, tables, segment, tolerance, room):
    """Follow one solution, in place; return whether it came to the end, and the number of steps."""
    t, h, step, count = 0.0, 0.0, FIRST, 0
    slope, old, old_slope, guess = room.slope, room.old, room.old_slope, room.guess
    equations(z, t, tables, segment, room)
    if not factorise(room.matrix, room.order):
        return False, count
    solve_factorised(room.matrix, room.order, room.velocity, slope)
    while t < 1.0 and step > SHORTEST:
        step = min(step, 1.0 - t)
        count += 1
        predict(z, h, step, room)
        after = 1.0 if step == 1.0 - t else t + step
        ratio = correct(after, tables, segment, room)
        if ratio < 10.0 * tolerance:
            for i in range(len(z)):
                old[i], old_slope[i] = z[i], slope[i]
                z[i] = guess[i]
            solve_factorised(room.matrix, room.order, room.velocity, slope)
            h, t = step, after
            step *= min(2.0, max(0.3, 0.9 * (tolerance / max(ratio, 1e-12)) ** 0.25))
        else:
            step *= 0.4
    return t == 1.0, count


@kernel
def track(points, tables, segment, tolerance, status, steps, room):
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
    room : Room
    """
    n = len(tables.sphere)
    for b in range(len(points)):
        z, status[b] = points[b], STUCK
        there, steps[b] = follow(z, tables, segment, tolerance, room)
        for _ in range(POLISH):
            if not (there and newton(z, 1.0, tables, segment, room, room.first)):
                break
            error = length(room.first, n) / length(z, n)
            if error < CONVERGED:
                status[b] = ARRIVED
            if error < EPSILON:
                break
