r"""The games that differ by the coefficients of their fields only, and the draws as members of such a family.

Rescaling a field rescales its coefficients: column j of the matrix of losses is divided by its largest entry and the
field multiplied by it, so that games that differ by sizes of couplings share a family.  Multiplying all coefficients by
a number :math:`\gamma` multiplies the multipliers by it and leaves the points alone.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from spinglass.landscape.monomials import monomials
from spinglass.landscape.solutions.tracking import ARRIVED, track
from spinglass.landscape.system import sign_symmetries, supports_of
from spinglass.running.remembered import remembered

CHUNK = 32  # paths that a thread takes at a time
WORKERS = 2
FEW = 128  # paths that are not worth a second thread
SAME = 1e-7  # two solutions nearer than this, relative to their length, are one


class Tables(NamedTuple):
    """Second derivatives of the fields, of all degrees from two, as sparse linear maps of products of variables.

    Attributes
    ----------
    sphere : int array of shape (n,)
        The sphere of every coordinate.
    parents, factors : int arrays
        Product k is product parents[k] times x[factors[k]]; product 0 is 1.
    rows, columns : int arrays of shape (pairs,)
        i <= j of a derivative by x_i and x_j, for every field and degree.
    shares : float array of shape (pairs,)
        1 / (degree - 1): the weight in the gradient, by Euler's relation.
    row_weights, column_weights : float arrays of shape (pairs,)
        The couplings of the field to the losses that rows i and j derive.
    firsts : int array of shape (pairs + 1,)
        Where the entries of a pair begin.
    places : int array of shape (entries,)
        The product that an entry multiplies.
    """

    sphere: np.ndarray
    parents: np.ndarray
    factors: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    shares: np.ndarray
    row_weights: np.ndarray
    column_weights: np.ndarray
    firsts: np.ndarray
    places: np.ndarray


@dataclass(frozen=True, eq=False)
class Family:
    """All systems with the monomials of a game; made by :func:`family_of`.

    Attributes
    ----------
    key : tuple
        Equal for games of one family.
    sizes : tuple of S ints
    starts, variables, fields : int arrays
        The monomials of all fields; see :mod:`spinglass.landscape.monomials`.
    scales : float array of shape (count,)
        Standard deviations of the coefficients of a draw with couplings of size 1 and terms of variance 1.
    weights : float array of shape (fields, n)
        Couplings of the fields to the losses, largest entry 1 in every column.
    sphere : int array of shape (n,)
        The sphere of every coordinate.
    supports : tuple of frozensets
        Exponents in the loss of every sphere; see :func:`supports_of`.
    symmetries : int array of shape (G, n + S)
        Signs that carry solutions to solutions.
    """

    key: tuple
    sizes: tuple
    starts: np.ndarray
    variables: np.ndarray
    fields: np.ndarray
    scales: np.ndarray
    weights: np.ndarray
    sphere: np.ndarray
    supports: tuple
    symmetries: np.ndarray

    def random_member(self, rng):
        """Return complex coefficients of the size of a draw's, with no reality left."""
        shape = (len(self.scales), 2)
        return self.scales * rng.standard_normal(shape).view(complex)[:, 0]

    @cached_property
    def tables(self):
        """The tables, the monomial every entry comes from, and the factor of its derivative."""
        products = {(): 0}
        parents, factors = [0], [0]
        pairs = {}
        for m, j in enumerate(self.fields):
            monomial = self.variables[self.starts[m] : self.starts[m + 1]].tolist()
            for i, k in sorted(set(combinations(monomial, 2))):
                rest = list(monomial)
                rest.remove(i)
                power = monomial.count(i) * rest.count(k)
                rest.remove(k)
                for length in range(1, len(rest) + 1):
                    if tuple(rest[:length]) not in products:
                        products[tuple(rest[:length])] = len(parents)
                        parents.append(products[tuple(rest[: length - 1])])
                        factors.append(rest[length - 1])
                pairs.setdefault((j, len(monomial), i, k), []).append((products[tuple(rest)], m, power))
        field, degree, rows, columns = np.array(list(pairs), dtype=np.int64).reshape(-1, 4).T.copy()
        entries = [entry for pair in pairs.values() for entry in pair]
        places, sources, powers = np.array(entries, dtype=np.int64).reshape(-1, 3).T.copy()
        tables = Tables(
            sphere=self.sphere,
            parents=np.array(parents),
            factors=np.array(factors),
            rows=rows,
            columns=columns,
            shares=1.0 / (degree - 1),
            row_weights=self.weights[field, rows],
            column_weights=self.weights[field, columns],
            firsts=np.cumsum([0, *map(len, pairs.values())]),
            places=places,
        )
        return tables, sources, powers

    def _linear(self, coefficients):
        """Return the terms of the gradients that do not depend on x."""
        terms = np.zeros(len(self.sphere), dtype=complex)
        of_one = np.flatnonzero(np.diff(self.starts) == 1)
        variables = self.variables[self.starts[of_one]]
        np.add.at(terms, variables, self.weights[self.fields[of_one], variables] * coefficients[of_one])
        return terms

    def follow(self, solutions, start, end, tolerance):
        """Track solutions (rows) from the coefficients ``start`` to ``end``.

        Returns
        -------
        solutions : complex array of shape (paths, n + S)
        arrived : bool array of shape (paths,)
        steps : int
        """
        points = np.array(solutions, dtype=complex)
        status, steps = np.empty(len(points), dtype=np.int64), np.empty(len(points), dtype=np.int64)
        tables, sources, powers = self.tables
        change = end - start
        segment = (start[sources] * powers, change[sources] * powers, self._linear(start), self._linear(change))

        def chunk(first):
            part = slice(first, first + CHUNK)
            track(points[part], tables, segment, tolerance, status[part], steps[part])

        firsts = range(0, len(points), CHUNK)
        if len(points) > FEW:
            with ThreadPoolExecutor(WORKERS) as threads:
                list(threads.map(chunk, firsts))
        else:
            for first in firsts:
                chunk(first)
        return points, status == ARRIVED, int(steps.sum())

    def representatives(self, solutions):
        """Return of every solution the member of its orbit under the symmetries that is singled out."""
        # a fixed functional without symmetry tells the members apart
        n = len(self.sphere)
        functional = np.exp(1j * np.arange(1, n + 1) ** 2)
        images = (solutions[:, :n] * functional) @ self.symmetries[:, :n].T
        return solutions * self.symmetries[np.argmax(images.real, axis=1)]


def _weight(family, *_):
    """Return about how many bytes a family holds, with the tables that it makes when they are first asked for."""
    return 50 * family.variables.size * np.diff(family.starts).max()


@remembered(512 * 2**20, _weight)
def family_of(game, sizes):
    """Return the family of a game at given sizes."""
    couplings = np.array(game.losses, dtype=float)
    largest = np.abs(couplings).max(axis=0)
    couplings = couplings / np.where(largest > 0, largest, 1)
    player = {s: a for a, moved in enumerate(game.players) for s in moved}
    species = range(len(sizes))
    starts, variables, fields, scales = [np.zeros(1, dtype=np.int64)], [], [], []
    for j, xi in enumerate(game.fields):
        for e, _ in xi:
            rows, factors = monomials(e, sizes)
            variables.append(rows.ravel())
            scales.append(np.sqrt(factors))
            fields.append(np.full(len(rows), j))
            starts.append(starts[-1][-1] + sum(e) * np.arange(1, len(rows) + 1))
    supports = supports_of(game)
    exponents = tuple(tuple(e for e, _ in xi) for xi in game.fields)
    return Family(
        key=(exponents, tuple(map(tuple, couplings.round(12).tolist())), game.players, tuple(sizes)),
        sizes=tuple(sizes),
        starts=np.concatenate(starts),
        variables=np.concatenate(variables),
        fields=np.concatenate(fields),
        scales=np.concatenate(scales),
        weights=np.repeat(np.array([couplings[player[s]] for s in species]), sizes, axis=0).T.copy(),
        sphere=np.repeat(np.arange(len(sizes)), sizes),
        supports=supports,
        symmetries=sign_symmetries(supports, sizes),
    )


def coefficients_of(draw):
    """Return the coefficients of a draw as a member of its family."""
    sizes = np.abs(np.array(draw.game.losses, dtype=float)).max(axis=0)
    return draw.coefficients * sizes[draw.fields]


def merge(known, new, columns=None):
    """Append those rows of ``new`` that are not among ``known`` or each other.

    Parameters
    ----------
    known, new : arrays with rows of one length
    columns : int, optional
        Compare so many numbers from the left; the rest follows from them.

    Returns
    -------
    rows : array
    places : int array
        Where each row of ``new`` stands.
    """
    rows = np.concatenate([known, new])
    keys = np.ascontiguousarray(rows[:, :columns])
    keys = keys.view(float) / (1 + np.linalg.norm(keys, axis=1, keepdims=True))
    first = np.arange(len(rows))
    for i, j in sorted(cKDTree(keys).query_pairs(SAME)):  # i < j
        first[j] = min(first[j], first[i])
    kept = first == np.arange(len(rows))
    position = np.cumsum(kept) - 1
    return rows[kept], position[first[len(known) :]]
