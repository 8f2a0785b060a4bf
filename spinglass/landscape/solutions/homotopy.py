r"""All complex solutions of the equations of one draw.

They are the ends of as many paths as a generic member of the family has solutions, one per orbit of signs, that start
at the solutions of a member solved once and run along a segment turned by a random :math:`\gamma` of modulus 1, which
makes singular points on the way improbable.  Two paths with one end, a path without an end, or an end whose conjugate
is missing give away an error; the paths concerned are run again with smaller steps, then all with another gamma.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.landscape.family.family import Family, coefficients_of, family_of
from spinglass.landscape.solutions.fermat import fermat_member
from spinglass.landscape.solutions.monodromy import solved_member
from spinglass.landscape.solutions.orbits import merge
from spinglass.landscape.solutions.paths import follow_to_ends_of_their_own

ATTEMPTS = 5  # values of gamma


@dataclass(frozen=True, eq=False)
class Solutions:
    """All complex solutions found, one per orbit of signs.

    Attributes
    ----------
    family : Family
        The images ``family.symmetries[g] * representatives[k]`` are all solutions, of which there are at most
        ``family.bound``.
    representatives : complex array of shape (orbits, n + S)
        (x, lambda).
    paths : int
        Paths followed, repetitions included.
    steps : int
        Steps taken on them.
    attempts : int
        Values of gamma used.
    """

    family: Family
    representatives: np.ndarray
    paths: int
    steps: int
    attempts: int

    @property
    def count(self):
        """Number of solutions found, images included."""
        return len(self.representatives) * len(self.family.symmetries)

    @property
    def complete(self):
        """Whether there are as many as a generic member has."""
        return self.family.sharp and self.count == self.family.bound


def all_solutions(draw, rng):
    """Follow all paths to a draw.

    Parameters
    ----------
    draw : Draw
    rng : Generator
        For gamma, and on one sphere for the member started from.

    Returns
    -------
    Solutions
    """
    family = family_of(draw.game, draw.sizes)
    if _is_quadratic(family):
        return Solutions(family, _eigenvectors(draw), 0, 0, 0)
    start, solutions = fermat_member(family, rng) if len(family.sizes) == 1 else solved_member(family)
    end = coefficients_of(draw)
    n = len(family.sphere)
    found = np.empty((0, solutions.shape[1]), dtype=complex)
    paths = steps = attempt = 0
    while len(found) < len(solutions) and attempt < ATTEMPTS:
        attempt += 1
        gamma = np.exp(2j * np.pi * rng.random())
        turned = solutions * np.concatenate([np.ones(n), np.full(len(family.sizes), gamma)])
        ends, paths_now, steps_now = follow_to_ends_of_their_own(family, turned, gamma * start, end)
        paths, steps = paths + paths_now, steps + steps_now
        found, _ = merge(found, ends, n)
        found, _ = merge(found, family.representatives(found.conj()), n)
    return Solutions(family, found, paths, steps, attempt)


def _is_quadratic(family):
    """Tell whether the equations are those of the eigenvectors of one matrix."""
    return len(family.sizes) == 1 and all(e == (2,) for terms in family.exponents for e in terms)


def _eigenvectors(draw):
    """Return (x, lambda) for every eigenvector of a quadratic form on one sphere."""
    (n,) = draw.sizes
    matrix = np.zeros((n, n))
    i, j = draw.variables.reshape(-1, 2).T
    entries = draw.coefficients * draw.weights[draw.fields, i]
    np.add.at(matrix, (i, j), entries)
    np.add.at(matrix, (j, i), entries)
    values, vectors = np.linalg.eigh(matrix)
    return np.hstack([vectors.T, values[:, None]]).astype(complex)
