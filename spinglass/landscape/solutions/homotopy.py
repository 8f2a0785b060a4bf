r"""All complex solutions of the equations of one draw.

They are the ends of as many paths as a generic member of the family has solutions, one per orbit of signs, that start
at the solutions of a member solved once and run along a segment turned by a random :math:`\gamma` of modulus 1, which
makes singular points on the way improbable.  Two paths with one end, a path without an end, or an end whose conjugate
is missing give away an error; the paths concerned are run again with smaller steps, then all with another gamma.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.landscape.family.family import coefficients_of, family_of, merge
from spinglass.landscape.family.root_count import root_count
from spinglass.landscape.solutions.starts import fermat_member, monodromy_member
from spinglass.running.remembered import remembered

TOLERANCE = 0.02
ATTEMPTS = 5
MEMBER_SEED = 2026  # the generic member of a family is the same in every process

KEPT = 256 * 2**20  # bytes of solved members: a family of 50,000 solutions on three spheres has about 20 million


@dataclass(frozen=True, eq=False)
class Solutions:
    """All complex solutions found, one per orbit of signs.

    Attributes
    ----------
    representatives : complex array of shape (orbits, n + S)
        (x, lambda).
    symmetries : int array of shape (G, n + S)
        The images ``symmetries[g] * representatives[k]`` are all solutions.
    bound : int
        No draw has more isolated solutions, images included.
    sharp : bool
        Whether a generic member has exactly that many.
    paths : int
        Paths followed, repetitions included.
    steps : int
        Steps taken on them.
    attempts : int
        Values of gamma used.
    """

    representatives: np.ndarray
    symmetries: np.ndarray
    bound: int
    sharp: bool
    paths: int
    steps: int
    attempts: int

    @property
    def count(self):
        """Number of solutions found, images included."""
        return len(self.representatives) * len(self.symmetries)


def path_count(draw, supports, symmetries):
    """Return the bound on the number of solutions, whether it is sharp, and the number of paths it takes."""
    bound, sharp = root_count([set(support) for support in supports], draw.sizes)
    return bound, sharp, -(-bound // len(symmetries))


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
    bound, sharp, orbits = path_count(draw, family.supports, family.symmetries)
    if _is_quadratic(draw.game):
        return Solutions(_eigenvectors(draw), family.symmetries, bound, sharp, 0, 0, 0)
    if len(draw.sizes) == 1:
        start, solutions = fermat_member(family, max(e for (e,) in family.supports[0]), rng)
    else:
        start, solutions = _solved_member(family, orbits, sharp)
    end = coefficients_of(draw)
    n = sum(draw.sizes)
    found = np.empty((0, solutions.shape[1]), dtype=complex)
    paths = steps = attempt = 0
    while len(found) < len(solutions) and attempt < ATTEMPTS:
        attempt += 1
        gamma = np.exp(2j * np.pi * rng.random())
        turned = solutions * np.concatenate([np.ones(n), np.full(len(draw.sizes), gamma)])
        ends, paths_now, steps_now = _run(family, turned, gamma * start, end)
        paths, steps = paths + paths_now, steps + steps_now
        found, _ = merge(found, ends, n)
        found, _ = merge(found, family.representatives(found.conj()), n)
    return Solutions(found, family.symmetries, bound, sharp, paths, steps, attempt)


def _run(family, solutions, start, end):
    """Follow paths; those without an end of their own once more with smaller steps."""
    ends, arrived, steps = family.follow(solutions, start, end, TOLERANCE)
    paths = len(solutions)
    ends = family.representatives(ends)
    places = np.full(paths, -1)
    places[arrived] = merge(ends[:0], ends[arrived], len(family.sphere))[1]
    shared = np.bincount(places[arrived], minlength=paths)[places] > 1
    again = np.flatnonzero(~arrived | shared)
    if len(again):
        ends[again], arrived[again], more = family.follow(solutions[again], start, end, TOLERANCE / 20)
        ends[again] = family.representatives(ends[again])
        steps, paths = steps + more, paths + len(again)
    return ends[arrived], paths, steps


def _weight(member, *_):
    return sum(array.nbytes for array in member)


@remembered(KEPT, _weight, key=lambda family, orbits, sharp: family.key)
def _solved_member(family, orbits, sharp):
    """Return the generic member of a family and its solutions, solved when first asked for."""
    best = (np.empty(0), np.empty(0))
    for attempt in range(ATTEMPTS):
        rng = np.random.default_rng([MEMBER_SEED, attempt])
        member = monodromy_member(family, orbits if sharp else None, rng, TOLERANCE)
        best = max(best, member, key=lambda one: len(one[1]))
        if len(best[1]) == orbits or not sharp:
            break
    return best


def _is_quadratic(game):
    """Tell whether the equations are those of the eigenvectors of one matrix."""
    return len(game.fractions) == 1 and all(e == (2,) for xi in game.fields for e, _ in xi)


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
