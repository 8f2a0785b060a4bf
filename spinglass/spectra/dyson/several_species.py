r"""The Dyson equation of any number of species, followed from far above the real axis.

In scaled unknowns, with :math:`\mathrm{Im}\, a_s \le 0`,

.. math:: \kappa_s/x_s = a_s - i\eta - \sum_t w_{st} x_t , \qquad \mathrm{Im}\, x_s > 0 .

For every :math:`\eta > 0` the solution in the upper half-plane is unique; Newton's method follows it from
large :math:`\eta` down to :math:`\eta = 0`, with steps that shrink wherever an iterate would leave the
half-plane or convergence is slow.  Species that do not meet, not even by way of others, are solved apart: at the
centre or at the edge of one group's spectrum the others must not lose digits with it.
"""

import numpy as np

from spinglass.running.compiled import handed, kernel, part
from spinglass.spectra.dyson.two_species import semicircle_branch, solve_pair

SINGULAR = 1e-30  # stands for a vanishing pivot (unknowns are of order 1): steps become long, not undefined
FLOOR = 1e-16  # eta at which the continuation ends: the potential is then off by less than this


@part
def newton_step(x, k, w, a, eta, jacobian, step):
    """Fill ``step`` with the Newton step of the Dyson equation at x; return its relative size, inf if there is none."""
    n = len(k)
    for s in range(n):
        if x[s] * x[s] == 0:  # on its way out of the range of floats
            return np.inf
        rest = a[s] - 1j * eta - k[s] / x[s]
        for t in range(n):
            rest -= w[s, t] * x[t]
            jacobian[s, t] = w[s, t]
        jacobian[s, s] -= k[s] / (x[s] * x[s])
        step[s] = rest
    eliminate(jacobian, step)
    size = 0.0
    for s in range(n):
        size = max(size, abs(step[s]) / abs(x[s]))
    return size


@part
def eliminate(matrix, right):
    """Solve ``matrix @ x = right`` in place (right becomes x): Gaussian elimination with row pivoting."""
    n = len(right)
    for i in range(n):
        best = i
        for j in range(i + 1, n):
            if abs(matrix[j, i]) > abs(matrix[best, i]):
                best = j
        if best != i:
            for j in range(n):
                matrix[i, j], matrix[best, j] = matrix[best, j], matrix[i, j]
            right[i], right[best] = right[best], right[i]
        if matrix[i, i] == 0:
            matrix[i, i] = SINGULAR
        for j in range(i + 1, n):
            factor = matrix[j, i] / matrix[i, i]
            for m in range(i + 1, n):
                matrix[j, m] -= factor * matrix[i, m]
            right[j] -= factor * right[i]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            right[i] -= matrix[i, j] * right[j]
        right[i] /= matrix[i, i]


@part
def newton(x, k, w, a, eta):
    """Iterate Newton's method from x in place; return the relative size of the last step, inf on failure."""
    n = len(k)
    jacobian, step = np.empty((n, n), np.complex128), np.empty(n, np.complex128)
    last = np.inf
    for _ in range(12 if eta > 0.0 else 40):
        size = newton_step(x, k, w, a, eta, jacobian, step)
        if not size < 1.0:
            return np.inf
        if size < 1e-6 and size >= last:
            break
        for s in range(n):
            x[s] += step[s]
        last = size
        if size < 1e-15:
            break
    return last


@part
def in_half_plane(x):
    """Tell whether all components have a positive imaginary part."""
    for s in range(len(x)):
        if not x[s].imag > 0.0:
            return False
    return True


@part
def all_pivots_positive(matrix):
    """Tell whether a matrix with non-positive off-diagonal entries is an M-matrix; destroys it."""
    n = len(matrix)
    for i in range(n):
        if not matrix[i, i] > 0.0:
            return False
        for j in range(i + 1, n):
            factor = matrix[j, i] / matrix[i, i]
            for m in range(i + 1, n):
                matrix[j, m] -= factor * matrix[i, m]
    return True


@part
def is_stable_solution(x, k, w):
    """Tell whether the matrix x_s^2 w_st / kappa_s, similar to g_s^2 v_st kappa_t, has spectral radius below 1."""
    n = len(k)
    matrix = np.empty((n, n))
    for s in range(n):
        for t in range(n):
            matrix[s, t] = -w[s, t]
        matrix[s, s] += k[s] / (x[s].real * x[s].real)
    return all_pivots_positive(matrix)


@part
def start_above(k, w, a, x):
    """Fill x with the solution far above the real axis, roughly; return the height eta."""
    n, eta = len(k), 1.0
    for s in range(n):
        row = abs(a[s])
        for t in range(n):
            row += w[s, t]
        eta = max(eta, 4.0 * row)
    for s in range(n):
        x[s] = k[s] / (a[s] - 1j * eta)
    for _ in range(30):  # averaged fixed-point steps converge quickly up here
        for s in range(n):
            rest = a[s] - 1j * eta
            for t in range(n):
                rest -= w[s, t] * x[t]
            x[s] = 0.5 * (x[s] + k[s] / rest)
    return eta


@part
def follow_down(k, w, a, eta, x, trial):
    """Follow the solution x from the height eta down to FLOOR, in place; return whether it was not lost."""
    ratio = 0.2
    while eta > FLOOR:
        target = eta * ratio
        for s in range(len(k)):
            trial[s] = x[s]
        if newton(trial, k, w, a, target) < 1e-6 and in_half_plane(trial):
            for s in range(len(k)):
                x[s] = trial[s]
            eta = target
            ratio = max(ratio * 0.5, 0.02)
        else:
            ratio = np.sqrt(ratio)
            if ratio > 0.999:
                return False
    return True


@part
def lands(k, w, a, trial):
    """Bring a solution from FLOOR to the height 0, in place; return whether it is physical there."""
    on_axis, bulk, regular = True, True, True
    for s in range(len(k)):
        on_axis = on_axis and a[s].imag == 0.0
    if not newton(trial, k, w, a, 0.0) < 1e-7:
        return False
    for s in range(len(k)):
        bulk = bulk and trial[s].imag > (1e-13 * abs(trial[s]) if on_axis else 0.0)
    if bulk or not on_axis:
        return bulk
    for s in range(len(k)):  # a component at the centre of its own bulk has no real part to start from
        trial[s] = trial[s].real
        regular = regular and trial[s] != 0
    return regular and newton(trial, k, w, a, 0.0) < 1e-7 and is_stable_solution(trial, k, w)


@handed
def solve_several(k, w, a, x):
    """Fill x with the physical solution of the Dyson equation; return whether it was found."""
    trial = np.empty(len(k), np.complex128)
    if not follow_down(k, w, a, start_above(k, w, a, x), x, trial):
        return False
    for s in range(len(k)):
        trial[s] = x[s]
    if lands(k, w, a, trial):
        for s in range(len(k)):
            x[s] = trial[s]
    return True  # at an edge the solution at the last eta serves: the potential is stationary in x


@part
def first_group(w, left, group):
    """Move the species that meet the first one left, directly or through others, to ``group``; return their number."""
    found = 0
    for s in range(len(left)):
        if left[s]:
            group[0], left[s], found = s, False, 1
            break
    reached = 0
    while reached < found:
        for t in range(len(left)):
            if left[t] and w[group[reached], t] != 0.0:
                group[found], left[t] = t, False
                found += 1
        reached += 1
    return found


@handed
def solve_one(k, w, a, x):
    """Fill x with the physical solution of one species, a semicircle."""
    x[0] = semicircle_branch(a[0], k[0], w[0, 0])
    return True


@handed
def solve_two(k, w, a, x):
    """Fill x with the physical solution of two species; return whether the quartic named it."""
    x[0], x[1], good = solve_pair(k[0], k[1], w[0, 0], w[1, 1], w[0, 1], a[0], a[1])
    return good


@kernel
def solve_group(k, w, a, x):
    """Fill x with the physical solution of species that meet: a semicircle, a quartic, or followed from above."""
    if len(k) == 1:
        return solve_one(k, w, a, x)
    return (len(k) == 2 and solve_two(k, w, a, x)) or solve_several(k, w, a, x)


@handed
def solve_apart(k, w, a, x):
    """Fill x with the physical solution of the Dyson equation, group by group; return whether all were found."""
    n = len(k)
    left, group = np.empty(n, np.bool_), np.empty(n, np.int64)
    good, solved = True, 0
    for s in range(n):
        left[s] = True
    while solved < n:
        found = first_group(w, left, group)
        if found == n:
            return solve_group(k, w, a, x)
        own_k, own_w = np.empty(found), np.empty((found, found))
        own_a, y = np.empty(found, np.complex128), np.empty(found, np.complex128)
        for i in range(found):
            own_k[i], own_a[i] = k[group[i]], a[group[i]]
            for j in range(found):
                own_w[i, j] = w[group[i], group[j]]
        good = solve_group(own_k, own_w, own_a, y) and good
        for i in range(found):
            x[group[i]] = y[i]
        solved += found
    return good
