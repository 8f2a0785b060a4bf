r"""On one sphere, a member of a family that is solved by hand.

With b random and d the largest degree, the equations :math:`b_i x_i^{d-1} = \lambda x_i` of Fermat's form
:math:`L = \sum_i b_i x_i^d / d` have for d >= 3, up to length, the solutions :math:`x_i = b_i^{-1/(d-2)} \omega_i` with
:math:`\omega_i^{d-2} = 1` or :math:`x_i = 0`: there are :math:`\sum_{i<N} (d-1)^i` such lines, each with two points
:math:`x \cdot x = 1`, as many as any member can have.

References
----------
Cartwright, Sturmfels (2013), The number of eigenvalues of a tensor.
"""

from itertools import product

import numpy as np


def fermat_member(family, rng):
    """Return the coefficients and all solutions of the diagonal member of one sphere, one per orbit of signs.

    Returns
    -------
    coefficients : complex array of shape (count,)
    solutions : complex array of shape (orbits, n + 1)
    """
    (n,), degree = family.sizes, max(e for (e,) in family.supports[0])
    lengths = np.diff(family.starts)
    # monomials are sorted lists of variables: a power of one variable begins as it ends
    powers = (lengths == degree) & (family.variables[family.starts[:-1]] == family.variables[family.starts[1:] - 1])
    powers &= family.weights[family.fields, 0] != 0
    places = np.flatnonzero(powers & (family.fields == family.fields[powers][0]))
    # as long as the gradient of a draw is
    b = np.sqrt(n) * degree * np.exp(2j * np.pi * rng.random(n))
    coefficients = np.zeros(len(lengths), dtype=complex)
    coefficients[places] = b / (degree * family.weights[family.fields[places], 0])
    x = _diagonal_points(b, degree)
    x = x / np.sqrt((x**2).sum(axis=1, keepdims=True))
    radial = (b * x**degree).sum(axis=1, keepdims=True)
    solutions = np.hstack([x, radial])
    if len(family.symmetries) == 1:
        solutions = np.vstack([solutions, np.hstack([-x, (-1) ** degree * radial])])
    return coefficients, solutions


def _diagonal_points(b, degree):
    """Return one point on every line of solutions of b_i x_i^(degree - 1) = lambda x_i."""
    n = len(b)
    if degree == 1:
        return b[None, :]
    if degree == 2:
        return np.eye(n, dtype=complex)
    roots = np.exp(2j * np.pi * np.arange(degree - 2) / (degree - 2))
    choices = np.concatenate([[0], roots])
    rows = []
    for first in range(n):  # the first coordinate that is not zero is taken with omega = 1
        free = n - 1 - first
        rest = np.array(list(product(choices, repeat=free)), dtype=complex).reshape(len(choices) ** free, free)
        rows.append(np.hstack([np.zeros((len(rest), first)), np.ones((len(rest), 1)), rest]))
    return np.concatenate(rows) * b ** (-1.0 / (degree - 2))
