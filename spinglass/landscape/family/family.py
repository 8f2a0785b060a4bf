r"""The games that differ by the coefficients of their fields only, and the draws as members of such a family.

Which monomials stand in the equations decides which changes of sign keep them, and how many solutions they can have:
a family knows its supports, symmetries, bound and equations before any coefficient is drawn.

Rescaling a field rescales its coefficients: column j of the matrix of losses is divided by its largest entry and the
field multiplied by it, so that games that differ by sizes of couplings share a family.  Multiplying all coefficients by
a number :math:`\gamma` multiplies the multipliers by it and leaves the points alone.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spinglass.landscape.family.root_count import root_count
from spinglass.landscape.family.symmetries import sign_symmetries, supports_of
from spinglass.landscape.family.tables import tables_of
from spinglass.landscape.monomials import monomial_count, monomials
from spinglass.running.remembered import remembered

KEPT = 512 * 2**20  # bytes of all families
BYTES = 50  # of the tables for every variable in a monomial and degree, roughly


@dataclass(frozen=True, eq=False)
class Family:
    """All systems with the monomials of a game; made by :func:`family_of`.  What is costly is made when asked for.

    Attributes
    ----------
    exponents : tuple of tuples
        The terms of every field.
    couplings : float array of shape (players, fields)
        Of the fields to the losses, largest entry 1 in every column.
    players : tuple of tuples of int
        The spheres each player moves.
    sizes : tuple of S ints
    supports : tuple of frozensets
        Exponents in the loss of every sphere; see :func:`supports_of`.
    symmetries : int array of shape (G, n + S)
        Signs that carry solutions to solutions.
    """

    exponents: tuple
    couplings: np.ndarray
    players: tuple
    sizes: tuple
    supports: tuple
    symmetries: np.ndarray

    @cached_property
    def key(self):
        """Equal for games of one family."""
        return self.exponents, tuple(map(tuple, self.couplings.round(12).tolist())), self.players, self.sizes

    @cached_property
    def root_count(self):
        """No member has more isolated solutions than the first; whether a generic one has so many is the second."""
        return root_count([set(support) for support in self.supports], self.sizes)

    @cached_property
    def bound(self):
        """No member has more isolated solutions, images included."""
        return self.root_count[0]

    @cached_property
    def sharp(self):
        """Whether a generic member has exactly that many."""
        return self.root_count[1]

    @cached_property
    def orbits(self):
        """The number of solutions up to symmetries, and so of the paths to all of them."""
        return -(-self.bound // len(self.symmetries))

    @cached_property
    def sphere(self):
        """The sphere of every coordinate, of shape (n,)."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def weights(self):
        """Couplings of the fields to the losses that the coordinates lower, of shape (fields, n)."""
        player = {s: a for a, moved in enumerate(self.players) for s in moved}
        rows = np.array([self.couplings[player[s]] for s in range(len(self.sizes))])
        return np.repeat(rows, self.sizes, axis=0).T.copy()

    @cached_property
    def _monomials(self):
        starts, variables, fields, scales = [np.zeros(1, dtype=np.int64)], [], [], []
        for j, terms in enumerate(self.exponents):
            for e in terms:
                rows, factors = monomials(e, self.sizes)
                variables.append(rows.ravel())
                scales.append(np.sqrt(factors))
                fields.append(np.full(len(rows), j))
                starts.append(starts[-1][-1] + sum(e) * np.arange(1, len(rows) + 1))
        return tuple(np.concatenate(parts) for parts in (starts, variables, fields, scales))

    @cached_property
    def starts(self):
        """Where the monomials begin among the variables; see :mod:`spinglass.landscape.monomials`."""
        return self._monomials[0]

    @cached_property
    def variables(self):
        """The variables of all monomials, one after another."""
        return self._monomials[1]

    @cached_property
    def fields(self):
        """The field of every monomial."""
        return self._monomials[2]

    @cached_property
    def scales(self):
        """Standard deviations of the coefficients with couplings of size 1 and terms of variance 1."""
        return self._monomials[3]

    @cached_property
    def tables(self):
        """The equations; see :func:`spinglass.landscape.family.tables.tables_of`."""
        return tables_of(self.starts, self.variables, self.fields, self.weights, self.sphere)

    def random_member(self, rng):
        """Return complex coefficients of the size of a draw's, with no reality left."""
        shape = (len(self.scales), 2)
        return self.scales * rng.standard_normal(shape).view(complex)[:, 0]

    def linear_terms(self, coefficients):
        """Return the terms of the gradients that do not depend on x."""
        terms = np.zeros(len(self.sphere), dtype=complex)
        of_one = np.flatnonzero(np.diff(self.starts) == 1)
        variables = self.variables[self.starts[of_one]]
        np.add.at(terms, variables, self.weights[self.fields[of_one], variables] * coefficients[of_one])
        return terms

    def representatives(self, solutions):
        """Return of every solution the member of its orbit under the symmetries that is singled out."""
        # a fixed functional without symmetry tells the members apart
        n = len(self.sphere)
        functional = np.exp(1j * np.arange(1, n + 1) ** 2)
        images = (solutions[:, :n] * functional) @ self.symmetries[:, :n].T
        return solutions * self.symmetries[np.argmax(images.real, axis=1)]


def _weight(family, *_):
    """Return about how many bytes a family holds, with the tables that it makes when they are first asked for."""
    terms = [e for exponents in family.exponents for e in exponents]
    return BYTES * sum(monomial_count(e, family.sizes) * sum(e) for e in terms) * max(map(sum, terms))


@remembered(KEPT, _weight)
def family_of(model, sizes):
    """Return the family of a game at given sizes."""
    couplings = np.array(model.losses, dtype=float)
    largest = np.abs(couplings).max(axis=0)
    supports = supports_of(model)
    return Family(
        exponents=tuple(xi.support for xi in model.fields),
        couplings=couplings / np.where(largest > 0, largest, 1),
        players=model.players,
        sizes=tuple(sizes),
        supports=supports,
        symmetries=sign_symmetries(supports, sizes),
    )


def coefficients_of(draw):
    """Return the coefficients of a draw as a member of its family."""
    sizes = np.abs(np.array(draw.game.losses, dtype=float)).max(axis=0)
    return draw.coefficients * sizes[draw.fields]
