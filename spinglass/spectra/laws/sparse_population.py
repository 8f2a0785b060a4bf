r"""The cavity equation of a sparse symmetric matrix on a fixed population: one field per direction of an edge.

With the weights :math:`w_{ij}` of a random graph,

.. math:: g_{i\to j} = \Big(z - \sum_{k\ne j} w_{ik}^2 g_{k\to i}\Big)^{-1} , \qquad
          \Phi = \sum_i\log\Big(z - \sum_k w_{ik}^2 g_{k\to i}\Big)
          - \sum_{(ij)}\log\big(1 - w_{ij}^2 g_{i\to j}g_{j\to i}\big) .

The Bethe expression :math:`\Phi` of the log-determinant is stationary in the fields: its derivative is the sum of the
resolvents at every size of the population, not only in the limit.  For Im z > 0 the iteration contracts the half-plane
of the fields; Anderson's mixing, weighted by the size of a field, makes it fast.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import eigsh
from scipy.special import gammaincinv, pdtr

from spinglass.running.compiled import kernel, part
from spinglass.spectra.dyson.several_species import eliminate

MEMORY = 5  # earlier differences that are mixed
GOOD, FAIR = 1e-11, 1e-7  # relative change of the fields at which the iteration ends, and at which it is accepted
MOST = 1500


class Population(NamedTuple):
    """A random graph of ``size`` vertices: edges first--last with squared weights."""

    first: np.ndarray
    last: np.ndarray
    weights: np.ndarray
    size: int

    def radius(self):
        """Return the largest eigenvalue of the matrix of the weights."""
        if not len(self.weights):
            return 0.0
        matrix = coo_array((np.sqrt(self.weights), (self.first, self.last)), shape=(self.size, self.size))
        start = np.ones(self.size)  # fixed: the result must not depend on any hidden random state
        return float(eigsh((matrix + matrix.T).tocsr(), k=1, which="LA", v0=start, return_eigenvectors=False)[0])


def poisson_degrees(size, mean, rng):
    """Return degrees in random order: quantiles of the Poisson law, which scatter less than draws from it."""
    levels = (np.arange(size) + 0.5) / size
    cumulative = pdtr(np.arange(int(mean + 20 * np.sqrt(mean)) + 40), mean)
    return rng.permutation(np.searchsorted(cumulative, levels))


def one_kind(size, degree, rng):
    """Return the population of a symmetric matrix of second moment 1, and of mean degree ``degree``."""
    degrees = poisson_degrees(size, degree, rng)
    degrees[0] += degrees.sum() % 2
    ends = rng.permutation(np.repeat(np.arange(size), degrees))
    weights = _weights(len(ends) // 2, 0.5 * size, rng)
    return Population(ends[::2].copy(), ends[1::2].copy(), weights, size)


def two_kinds(size, degree, ratio, rng):
    """Return the population of a matrix with ``size`` rows of squared norm 1: rows first, then columns."""
    columns = max(1, round(size / ratio))
    rows, other = poisson_degrees(size, degree, rng), poisson_degrees(columns, degree * ratio, rng)
    for short in (rows, other):  # quantiles miss the mean a little
        missing = max(rows.sum(), other.sum()) - short.sum()
        np.add.at(short, rng.integers(len(short), size=missing), 1)
    first = np.repeat(np.arange(size), rows)
    last = size + rng.permutation(np.repeat(np.arange(columns), other))
    return Population(first, last, _weights(len(first), size, rng), size + columns)


def _weights(edges, total, rng):
    """Return squares of normals in random order, again quantiles, of a given sum."""
    weights = rng.permutation(2 * gammaincinv(0.5, (np.arange(edges) + 0.5) / max(1, edges)))
    return weights * (total / weights.sum()) if edges else weights


class Room(NamedTuple):
    """Where the fields are iterated: all arrays are made outside compiled code."""

    x: np.ndarray  # the fields, and what follows from them
    y: np.ndarray
    r: np.ndarray  # the residual y - x
    old_y: np.ndarray
    old_r: np.ndarray
    dy: np.ndarray  # differences of the last iterates
    dr: np.ndarray
    normal: np.ndarray  # normal equations of the mixing
    right: np.ndarray
    field: np.ndarray  # sums over the neighbours of a vertex


def bethe(first, last, weights, size, z, phi, stieltjes):
    """Fill the sums over vertices at all z, Im z > 0; return the first z whose fields did not converge, or -1."""
    edges, n, m = len(first), 2 * len(first), MEMORY
    shapes = n, n, n, n, n, (m, n), (m, n), (m, m), m, size
    room = Room(*(np.empty(shape, complex) for shape in shapes))
    for i, place in enumerate(z):
        if not iterate(first, last, weights, place, room):
            return i
        inverse = place - room.field
        phi[i] = np.log(inverse).sum() - np.log(1 - weights * room.x[:edges] * room.x[edges:]).sum()
        stieltjes[i] = np.sum(1 / inverse)
    return -1


@part
def vertex_fields(first, last, weights, x, field):
    """Fill the sums of w^2 g over the neighbours; x holds first -> last, then last -> first."""
    edges = len(first)
    for k in range(len(field)):
        field[k] = 0.0
    for e in range(edges):
        field[last[e]] += weights[e] * x[e]
        field[first[e]] += weights[e] * x[edges + e]


@part
def update(first, last, weights, z, x, field, y):
    """Fill y with the fields that follow from x."""
    edges = len(first)
    vertex_fields(first, last, weights, x, field)
    for e in range(edges):
        d = z - field[first[e]] + weights[e] * x[edges + e]
        size = d.real * d.real + d.imag * d.imag
        y[e] = complex(d.real / size, -d.imag / size)
        d = z - field[last[e]] + weights[e] * x[e]
        size = d.real * d.real + d.imag * d.imag
        y[edges + e] = complex(d.real / size, -d.imag / size)


@kernel
def iterate(first, last, weights, z, room):
    """Bring x from -i to the fixed point, and fill in its sums over neighbours; tell whether it got there."""
    x, y, r, old_y, old_r, dy, dr = room.x, room.y, room.r, room.old_y, room.old_r, room.dy, room.dr
    n, miss = len(x), 0.0
    for i in range(n):
        x[i] = -1j
    for count in range(-5, MOST):  # the first steps are plain
        update(first, last, weights, z, x, room.field, y)
        if count < 0:
            for i in range(n):
                x[i] = y[i]
            continue
        miss = 0.0
        for i in range(n):
            r[i] = y[i] - x[i]
            miss = max(miss, (r[i].real ** 2 + r[i].imag ** 2) / (y[i].real ** 2 + y[i].imag ** 2))
        if miss < GOOD * GOOD:
            return True
        if count > 0:
            slot = (count - 1) % MEMORY
            for i in range(n):
                dr[slot, i], dy[slot, i] = r[i] - old_r[i], y[i] - old_y[i]
        for i in range(n):
            old_r[i], old_y[i] = r[i], y[i]
        mix(min(count, MEMORY), room)
    update(first, last, weights, z, x, room.field, y)
    return miss < FAIR * FAIR


@part
def mix(kept, room):
    """Set x to y less the differences that explain the residual r best, relative to the size of each field."""
    x, y, r, dy, dr, normal, right = room.x, room.y, room.r, room.dy, room.dr, room.normal, room.right[:kept]
    n = len(r)
    for j in range(kept):
        right[j] = 0.0
        for k in range(kept):
            normal[j, k] = 0.0
    for i in range(n):
        weight = 1 / (y[i].real ** 2 + y[i].imag ** 2)
        for j in range(kept):
            c = weight * complex(dr[j, i].real, -dr[j, i].imag)
            right[j] += c * r[i]
            for k in range(j + 1):
                normal[j, k] += c * dr[k, i]
    trace = 0.0
    for j in range(kept):
        trace += normal[j, j].real
        for k in range(j):
            normal[k, j] = complex(normal[j, k].real, -normal[j, k].imag)
    for j in range(kept):
        normal[j, j] += 1e-14 * trace
    eliminate(normal, right)
    for i in range(n):
        mixed = y[i]
        for j in range(kept):
            mixed -= right[j] * dy[j, i]
        x[i] = mixed if mixed.imag < 0 else y[i]  # the fields stay in their half-plane
