r"""Homogeneous polynomials by their monomials: listed once, evaluated together with all derivatives.

A monomial is kept as the list of its variables with repetition, :math:`x_{v_1} \cdots x_{v_d}` with
:math:`v_1 \le .. \le v_d`, so that its derivatives are

.. math:: \partial_i\; x_{v_1} \cdots x_{v_d} = \sum_{k: v_k = i} \prod_{l \ne k} x_{v_l}, \qquad
          \partial_i \partial_j\; x_{v_1} \cdots x_{v_d} = \sum_{k \ne l: v_k = i, v_l = j} \prod_{m \ne k, l} x_{v_m} :

no powers and no logarithms, and zeros among the variables do no harm.
The lists of all monomials stand one after another in one array (``variables``); ``starts`` says where each begins.
The functions are serial and release the global interpreter lock.
"""

from math import comb

import numpy as np

from spinglass.running.compiled import kernel, part

MANY = 64


def monomial_count(exponents, sizes):
    """Return the number of monomials of degree e_s in the N_s coordinates of every sphere s; 2^MANY if more."""
    count = 1
    for e, size in zip(exponents, sizes, strict=True):
        if min(e, size - 1) > MANY:  # a binomial coefficient is at least 2^k, k the smaller number
            return 2**MANY
        count *= comb(size + e - 1, e)
    return min(count, 2**MANY)


def monomials(exponents, sizes):
    r"""List the monomials of degree e_s in the N_s coordinates of every sphere s.

    Parameters
    ----------
    exponents, sizes : sequences of S ints
        e_s >= 0 and N_s >= 1.

    Returns
    -------
    variables : int32 array of shape (count, sum(exponents))
        Coordinates of all spheres are numbered one after another; every row is sorted.
    weights : float array of shape (count,)
        :math:`\prod_s e_s! / \prod_i \alpha_i!`, alpha_i the power of variable i.

    Examples
    --------
    >>> from spinglass.landscape.monomials import monomials
    >>> variables, weights = monomials((2, 1), (2, 1))
    >>> variables.tolist(), weights.tolist()
    ([[0, 0, 2], [0, 1, 2], [1, 1, 2]], [1.0, 2.0, 1.0])
    """
    first, variables, weights = 0, np.zeros((1, 0), dtype=np.int32), np.ones(1)
    for e, size in zip(exponents, sizes, strict=True):
        rows, factors = _multisets(e, size, comb(size + e - 1, e))
        before = np.repeat(variables, len(rows), axis=0)
        variables = np.hstack([before, np.tile(rows + np.int32(first), (len(variables), 1))])
        weights = np.repeat(weights, len(rows)) * np.tile(factors, len(weights))
        first += size
    return variables, weights


def _multisets(degree, size, count):
    """Return all sorted rows of ``degree`` numbers below ``size`` and their multinomial coefficients."""
    rows, weights = np.zeros((count, degree), dtype=np.int32), np.empty(count)
    list_multisets(size, rows, weights)
    return rows, np.round(weights)


@kernel
def list_multisets(size, rows, weights):
    """Fill in all sorted rows of numbers below ``size``, the first one of zeros, and their multinomial coefficients."""
    degree = rows.shape[1]
    for m in range(len(rows)):
        if m > 0:  # the next row: raise the last number that can be raised, level everything after it
            raised = degree - 1
            while rows[m - 1, raised] == size - 1:
                raised -= 1
            for k in range(degree):
                rows[m, k] = rows[m - 1, k] if k < raised else rows[m - 1, raised] + 1
        weight, run = 1.0, 0
        for k in range(degree):
            run = run + 1 if k > 0 and rows[m, k] == rows[m, k - 1] else 1
            weight *= (k + 1) / run
        weights[m] = weight


@kernel
def values_at(points, starts, variables, coefficients, fields, values):
    """Add to values[b, j] the value of field j at point b.

    Parameters
    ----------
    points : float array of shape (B, n)
    starts : int array of shape (count + 1,)
    variables : int array of shape (starts[-1],)
    coefficients : float array of shape (count,)
    fields : int array of shape (count,)
        The field j a monomial belongs to.
    values : float array of shape (B, fields)
    """
    for b in range(len(points)):
        for m in range(len(coefficients)):
            product = coefficients[m]
            for k in range(starts[m], starts[m + 1]):
                product *= points[b, variables[k]]
            values[b, fields[m]] += product


@part
def highest_degree(starts):
    """Return the largest number of variables of a monomial."""
    highest = 0
    for m in range(len(starts) - 1):
        highest = max(highest, starts[m + 1] - starts[m])
    return highest


@kernel
def gradients_at(points, starts, variables, coefficients, fields, weights, gradients):
    """Add to gradients[b, i] the derivative by x_i of sum_j weights[j, i] f_j at point b; see :func:`jacobians_at`."""
    before = np.empty(highest_degree(starts) + 1)
    for b in range(len(points)):
        x, gradient = points[b], gradients[b]
        for m in range(len(coefficients)):
            first, degree, j = starts[m], starts[m + 1] - starts[m], fields[m]
            before[0] = coefficients[m]
            for k in range(degree):
                before[k + 1] = before[k] * x[variables[first + k]]
            after = 1.0
            for k in range(degree - 1, -1, -1):
                i = variables[first + k]
                gradient[i] += weights[j, i] * (before[k] * after)
                after *= x[i]


@kernel
def jacobians_at(points, starts, variables, coefficients, fields, weights, gradients, jacobians):
    """Add the derivatives of sum_j weights[j, i] f_j by x_i to gradients[b, i], by x_i and x_k to jacobians[b, i, k].

    Parameters
    ----------
    points, starts, variables, coefficients, fields
        As for :func:`values_at`.
    weights : float array of shape (fields, n)
        The weight of field j in the loss whose derivative row i is.
    gradients : float array of shape (B, n)
    jacobians : float array of shape (B, n, n)
    """
    before = np.empty(highest_degree(starts) + 1)
    for b in range(len(points)):
        x, gradient, jacobian = points[b], gradients[b], jacobians[b]
        for m in range(len(coefficients)):
            first, degree, j = starts[m], starts[m + 1] - starts[m], fields[m]
            before[0] = coefficients[m]
            for k in range(degree):
                before[k + 1] = before[k] * x[variables[first + k]]
            after = 1.0
            for k in range(degree - 1, -1, -1):
                i = variables[first + k]
                gradient[i] += weights[j, i] * (before[k] * after)
                rest = after
                for other in range(k - 1, -1, -1):
                    h = variables[first + other]
                    second = before[other] * rest
                    jacobian[i, h] += weights[j, i] * second
                    jacobian[h, i] += weights[j, h] * second
                    rest *= x[h]
                after *= x[i]
