r"""On several spheres, a member of a family and its solutions, by monodromy.

A solution is made up and a member found that it solves, the equations being linear in the coefficients.  As the
coefficients run through closed loops the solutions of a member are permuted, and any of them reaches any other, because
pairs (member, solution) form a vector bundle over the connected product of the complex quadrics
:math:`x_s \cdot x_s = 1` (Duff et al. 2019).  Loops are run until the number of solutions is the generic one.

References
----------
Duff, Hill, Jensen, Lee, Leykin, Sommars (2019), Solving polynomial systems via homotopy continuation and monodromy.
"""

import numpy as np

from spinglass.landscape.solutions.orbits import merge
from spinglass.landscape.solutions.paths import TOLERANCE, follow
from spinglass.running.remembered import remembered

MEMBER_SEED = 2026  # the generic member of a family is the same in every process
MEMBERS = 5  # tried at most until one has all solutions
KEPT = 256 * 2**20  # bytes of solved members: a family of 50,000 solutions on three spheres has about 20 million
EDGES = 40  # loops tried at most
TRIED = 3  # loops in a row without a new solution after which the second member is exchanged
IDLE = 12  # loops in a row without a new solution after which a member whose number is unknown is taken as solved


def _weight(member, *_):
    return sum(array.nbytes for array in member)


@remembered(KEPT, _weight, key=lambda family: family.key)
def solved_member(family):
    """Return the generic member of a family and its solutions, one per orbit of signs, solved when first asked for."""
    best = (np.empty(0), np.empty(0))
    for attempt in range(MEMBERS):
        rng = np.random.default_rng([MEMBER_SEED, attempt])
        member = monodromy_member(family, family.orbits if family.sharp else None, rng, TOLERANCE)
        best = max(best, member, key=lambda one: len(one[1]))
        if len(best[1]) == family.orbits or not family.sharp:
            break
    return best


def made_up_solution(family, rng):
    """Return the coefficients of a member and one solution of it, both as random as they can be."""
    parts = [rng.standard_normal((size, 2)).view(complex)[:, 0] for size in family.sizes]
    x = np.concatenate([part / np.sqrt((part**2).sum()) for part in parts])
    coefficients = family.random_member(rng)
    derivatives = _derivatives(family, x)
    gradient = derivatives @ coefficients
    multipliers = np.array([(x * gradient)[family.sphere == s].sum() for s in range(len(family.sizes))])
    error = multipliers[family.sphere] * x - gradient
    # the smallest change of the coefficients, in their natural units, that makes the equations hold
    change = family.scales * np.linalg.lstsq(derivatives * family.scales, error, rcond=None)[0]
    return coefficients + change, np.concatenate([x, multipliers])[None, :]


def _derivatives(family, x):
    """Return the matrix of the linear map from coefficients to Euclidean gradients at x."""
    degrees = np.diff(family.starts)
    matrix = np.zeros((len(x), len(degrees)), dtype=complex)
    for degree in np.unique(degrees):
        columns = np.flatnonzero(degrees == degree)
        variables = family.variables[family.starts[columns][:, None] + np.arange(degree)]
        for k in range(degree):
            others = np.delete(x[variables], k, axis=1).prod(axis=1)
            rows = variables[:, k]
            np.add.at(matrix, (rows, columns), family.weights[family.fields[columns], rows] * others)
    return matrix


def monodromy_member(family, count, rng, tolerance=0.01):
    """Return the coefficients and solutions of a random member, one per orbit of signs.

    Parameters
    ----------
    family : Family
    count : int or None
        The number of orbits looked for; None if it is unknown.
    rng : Generator
    tolerance : float

    Returns
    -------
    coefficients : complex array
    solutions : complex array of shape (orbits, n + S)
        Fewer orbits than ``count`` if many loops found no more.
    """
    here, solution = made_up_solution(family, rng)
    nowhere = np.empty((0, solution.shape[1]), dtype=complex)
    ends = [(here, family.representatives(solution)), (family.random_member(rng), nowhere)]
    idle = 0
    for _ in range(EDGES):
        before = len(ends[0][1])
        gamma = np.exp(2j * np.pi * rng.random())
        ends = _saturate(family, ends, gamma, count, tolerance)
        if count is not None and max(len(known) for _, known in ends) >= count:
            break
        idle = 0 if len(ends[0][1]) > before else idle + 1
        if idle == IDLE and count is None:
            break
        if idle % TRIED == TRIED - 1:  # loops through one member may not reach all: take another
            ends[1] = (family.random_member(rng), nowhere)
    return max(ends, key=lambda end: len(end[1]))


def _saturate(family, ends, gamma, count, tolerance):
    """Carry all solutions along one edge between two members, there and back, until no new ones turn up.

    The edge is the segment from gamma times the first member to the second.
    """
    n = len(family.sphere)
    turn = np.concatenate([np.ones(n), np.full(len(family.sizes), gamma)])
    sources = (gamma * ends[0][0], ends[1][0])
    known = [ends[0][1], ends[1][1]]
    done = [np.zeros(len(k), dtype=bool) for k in known]
    side = 0
    while not all(d.all() for d in done):
        if done[side].all():
            side = 1 - side
        todo = np.flatnonzero(~done[side])
        done[side][todo] = True
        points = known[side][todo] * (turn if side == 0 else 1)
        moved, arrived, _ = follow(family, points, sources[side], sources[1 - side], tolerance)
        moved = family.representatives(moved[arrived] / (turn if side == 1 else 1))
        other = 1 - side
        known[other], places = merge(known[other], moved, n)
        done[other] = np.concatenate([done[other], np.ones(len(known[other]) - len(done[other]), dtype=bool)])
        done[other][places] = True
        side = other
        if count is not None and len(known[other]) >= count:
            break
    return [(ends[0][0], known[0]), (ends[1][0], known[1])]
