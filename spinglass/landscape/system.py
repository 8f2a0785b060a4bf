r"""The equations of the equilibria of one draw, as polynomials in points and multipliers.

On spheres :math:`x_s \cdot x_s = 1` the gradient of a loss vanishes where its Euclidean one is radial: the unknowns are
:math:`(x, \lambda)`, all coordinates and one multiplier per sphere, and the equations

.. math:: \partial_i L_{a(s)}(x) - \lambda_s x_i = 0 \quad (i \in s), \qquad \tfrac12 (x_s \cdot x_s - 1) = 0 .
"""

from dataclasses import dataclass

import numpy as np

from spinglass.inputs.capacity import within
from spinglass.landscape.family.family import family_of

LARGEST = 50_000_000  # exponents kept: half a gigabyte, three times


@dataclass(frozen=True, eq=False)
class System:
    """Equations of equilibrium, one polynomial per coordinate; made by :func:`system`.

    Attributes
    ----------
    sizes : tuple of S ints
        N_s, of sum n.
    exponents : int array of shape (K, n)
        The monomials, every one once.
    coefficients : float array of shape (n, K)
        The partial derivative i of the loss of the player of its sphere is
        ``sum_k coefficients[i, k] * prod(x ** exponents[k])``.
    symmetries : int array of shape (G, n + S)
        Signs: (x, lambda) solves if and only if ``symmetries[g] * (x, lambda)`` does.  The first row is all ones.
    """

    sizes: tuple
    exponents: np.ndarray
    coefficients: np.ndarray
    symmetries: np.ndarray

    def residual(self, solutions):
        """Return the largest equation error at (x, lambda), for arrays of shape (..., n + S)."""
        solutions = np.asarray(solutions)
        n = sum(self.sizes)
        x, multipliers = solutions[..., :n], solutions[..., n:]
        powers = np.prod(x[..., None, :] ** self.exponents, axis=-1)
        error = powers @ self.coefficients.T - np.repeat(multipliers, self.sizes, axis=-1) * x
        parts = np.split(x**2, np.cumsum(self.sizes)[:-1], axis=-1)
        on_sphere = [(part.sum(axis=-1, keepdims=True) - 1) / 2 for part in parts]
        return np.abs(np.concatenate([error, *on_sphere], axis=-1)).max(axis=-1)


def system(draw):
    """Return the equations of the equilibria of a draw.

    Parameters
    ----------
    draw : Draw

    Returns
    -------
    System

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.landscape.system import system
    >>> equations = system(sg.pure(3).draw(2, rng=1))
    >>> equations.exponents.tolist(), equations.symmetries.tolist()
    ([[0, 2], [1, 1], [2, 0]], [[1, 1, 1], [-1, -1, -1]])
    """
    n, degrees = sum(draw.sizes), np.diff(draw.starts)
    within("n: exponents in all equations", n * len(draw.variables), LARGEST, "try smaller sizes or a multistart")
    rows, exponents, values = [], [], []
    for degree in np.unique(degrees):
        of_degree = np.flatnonzero(degrees == degree)
        variables = draw.variables[draw.starts[of_degree][:, None] + np.arange(degree)]
        powers = np.zeros((len(of_degree), n), dtype=np.int64)
        for k in range(degree):
            np.add.at(powers, (np.arange(len(of_degree)), variables[:, k]), 1)
        for k in range(degree):  # the derivative by the variable in place k leaves the product of all others
            lowered = powers.copy()
            lowered[np.arange(len(of_degree)), variables[:, k]] -= 1
            rows.append(variables[:, k])
            exponents.append(lowered)
            values.append(draw.coefficients[of_degree] * draw.weights[draw.fields[of_degree], variables[:, k]])
    unique, places = np.unique(np.concatenate(exponents), axis=0, return_inverse=True)
    coefficients = np.zeros((n, len(unique)))
    np.add.at(coefficients, (np.concatenate(rows), places.ravel()), np.concatenate(values))
    used = coefficients.any(axis=0)
    return System(
        draw.sizes,
        unique[used],
        np.ascontiguousarray(coefficients[:, used]),
        family_of(draw.game, draw.sizes).symmetries,
    )


def loss_polynomials(draw):
    """Return the losses of a draw as polynomials.

    Returns
    -------
    exponents : int array of shape (K, n)
        The monomials, every one once.
    coefficients : float array of shape (players, K)
        ``L_a(x) = sum_k coefficients[a, k] * prod(x ** exponents[k])``.
    """
    count, degrees = len(draw.coefficients), np.diff(draw.starts)
    powers = np.zeros((count, sum(draw.sizes)), dtype=np.int64)
    np.add.at(powers, (np.repeat(np.arange(count), degrees), draw.variables), 1)
    exponents, places = np.unique(powers, axis=0, return_inverse=True)
    couplings = np.array(draw.game.losses, dtype=float)
    coefficients = np.zeros((len(couplings), len(exponents)))
    for row, weights in zip(coefficients, couplings, strict=True):
        np.add.at(row, places.ravel(), weights[draw.fields] * draw.coefficients)
    return exponents, coefficients
