r"""Block Gaussian Jacobians, drawn and reduced to log-determinants and inertias by one factorisation each.

Entry (i, j) in block (s, t) of J is

.. math:: J_{ij} = d_s \delta_{ij} + x_{ij}, \qquad E x_{ij}^2 = v_{st} (1 + \delta_{ij}), \qquad
          E x_{ij} x_{ji} = \tau_{st} \quad (i \ne j),

with :math:`\tau_{ss} = v_{ss}`: diagonal blocks are GOE-like.  Nothing is divided by a dimension.  If signs make
:math:`\epsilon J` symmetric, one triangle is drawn and factored by LAPACK's blocked Bunch-Kaufman factorisation
(dsytrf); otherwise J goes through dgetrf.  The number of negative eigenvalues of a player's own block, which is
symmetric, is read from the 1x1 and 2x2 blocks of its LDL^T factorisation (Sylvester's law of inertia): eigenvalues
are never computed.  Only variates that enter are drawn: none for a vanishing variance, one for a fully correlated pair.

LAPACK is the one inside scipy.  Its functions are handed to the compiled code as arguments, because an address
compiled in could not be kept on disk.  The compiled code is serial and releases the global interpreter lock.
"""

import ctypes
from typing import NamedTuple

import numpy as np
from numba.extending import get_cython_function_address
from scipy.linalg import lapack

from spinglass.running.compiled import kernel, part

_CHARS, _INTS, _FLOATS = (ctypes.POINTER(c) for c in (ctypes.c_uint8, ctypes.c_int, ctypes.c_double))


def _lapack(name, *arguments):
    """Return a LAPACK function of scipy as a ctypes function."""
    return ctypes.CFUNCTYPE(None, *arguments)(get_cython_function_address("scipy.linalg.cython_lapack", name))


#: uplo, n, a, lda, ipiv, work, lwork, info; and m, n, a, lda, ipiv, info
DSYTRF = _lapack("dsytrf", _CHARS, _INTS, _FLOATS, _INTS, _INTS, _FLOATS, _INTS, _INTS)
DGETRF = _lapack("dgetrf", _INTS, _INTS, _FLOATS, _INTS, _INTS, _INTS)


class Ensemble(NamedTuple):
    """What is drawn."""

    sizes: np.ndarray  # of the blocks
    signs: np.ndarray  # of their rows
    above: np.ndarray  # deviations above the diagonal
    mirrored: np.ndarray  # the part of such a variate that is found below
    rest: np.ndarray  # deviation of what is added to it there


class Rows(NamedTuple):
    """The rows of player a are ``owned[starts[a] : starts[a + 1]]``; every row has a sign."""

    owned: np.ndarray
    starts: np.ndarray
    signs: np.ndarray


class Room(NamedTuple):
    """Two matrices, J and a player's own block, and what LAPACK needs beside them."""

    matrix: np.ndarray
    block: np.ndarray
    lower: np.ndarray  # uplo
    pivots: np.ndarray
    numbers: np.ndarray  # size, leading dimension, size of the work space, info
    work: np.ndarray


def ensemble(sizes, signs, variance, covariance):
    """Return what is drawn, from variances and covariances.

    A correlation within 1e-14 of one (in the square) is rounding of weights: there is no rest.
    """
    deviation = np.sqrt(variance)
    above, mirrored, rest = np.zeros((3, *variance.shape))
    for s, t in zip(*np.triu_indices(len(variance)), strict=True):
        above[s, t], below = deviation[s, t], deviation[t, s]
        coupled = above[s, t] > 0.0 and below > 0.0  # products of variances may overflow
        correlation = covariance[s, t] / variance[s, t] * (above[s, t] / below) if coupled else 0.0
        missing = 1.0 - correlation * correlation
        mirrored[s, t] = correlation * below
        rest[s, t] = np.sqrt(missing) * below if missing > 1e-14 else 0.0
    return Ensemble(sizes, signs, above, mirrored, rest)


def room(size):
    """Return room for Jacobians of a size."""
    work = int(lapack.dsytrf_lwork(max(size, 1), lower=1)[0])
    numbers = np.array([size, max(size, 1), work, 0], np.int32)
    matrix, block = np.empty((2, size, size))
    return Room(matrix, block, np.full(1, ord("L"), np.uint8), np.empty(size, np.int32), numbers, np.empty(work))


@part
def fill(rng, drawn, shifts, both, matrix):
    """Draw eps J: all of it, or its upper triangle only."""
    sizes, signs, above, mirrored, rest = drawn
    species, first = len(sizes), 0
    for s in range(species):
        for i in range(first, first + sizes[s]):
            noise = np.sqrt(2.0) * above[s, s] * rng.standard_normal() if above[s, s] > 0.0 else 0.0
            matrix[i, i] = signs[s] * (shifts[s] + noise)
            start, stop = i + 1, first + sizes[s]
            for t in range(s, species):
                if t > s:
                    start, stop = stop, stop + sizes[t]
                scale, mirror, own = signs[s] * above[s, t], signs[t] * mirrored[s, t], signs[t] * rest[s, t]
                for j in range(start, stop):
                    noise = rng.standard_normal() if scale != 0.0 else 0.0
                    matrix[i, j] = scale * noise
                    if both or own != 0.0:
                        matrix[j, i] = mirror * noise
                        if own != 0.0:
                            matrix[j, i] += own * rng.standard_normal()
        first += sizes[s]


@part
def symmetric_factor(dsytrf, matrix, size, room):
    """Factor a symmetric matrix, given by the upper triangle of its first rows, in place.

    Row by row, the upper triangle is the lower one of LAPACK's column by column.  Returns log|det|, its sign and the
    number of negative eigenvalues.
    """
    if size == 0:
        return 0.0, 1, 0
    numbers, pivots = room.numbers, room.pivots
    numbers[0] = size
    n, lda, lwork, info = numbers.ctypes, numbers[1:].ctypes, numbers[2:].ctypes, numbers[3:].ctypes
    dsytrf(room.lower.ctypes, n, matrix.ctypes, lda, pivots.ctypes, room.work.ctypes, lwork, info)
    log, sign, negative, i = 0.0, 1, 0, 0
    while i < size:
        det = matrix[i, i]
        below = 1 if det < 0.0 else 0
        if pivots[i] < 0:  # a 2x2 block: its diagonal product is at most half its off-diagonal square
            det = det * matrix[i + 1, i + 1] - matrix[i, i + 1] ** 2
            below = 1 if det < 0.0 else 2 * below
            i += 1
        i += 1
        log += np.log(abs(det))
        negative += below
        sign = 0 if det == 0.0 else -sign if below == 1 else sign
    return log, sign, negative


@part
def general_factor(dgetrf, matrix, room):
    """Factor a matrix in place; return log|det| and its sign."""
    numbers, pivots, size = room.numbers, room.pivots, len(matrix)
    numbers[0] = size
    n, lda, info = numbers.ctypes, numbers[1:].ctypes, numbers[3:].ctypes
    if size > 0:
        dgetrf(n, n, matrix.ctypes, lda, pivots.ctypes, info)
    log, sign = 0.0, 1
    for i in range(size):
        log += np.log(abs(matrix[i, i]))
        swapped = pivots[i] != i + 1
        sign = 0 if matrix[i, i] == 0.0 else -sign if (matrix[i, i] < 0.0) != swapped else sign
    return log, sign


@part
def own_indices(dsytrf, rows, room, indices):
    """Fill in the numbers of negative eigenvalues of those players who do not own all rows of eps J."""
    owned, starts, signs = rows
    matrix, block = room.matrix, room.block
    for a in range(len(indices)):
        first, size = starts[a], starts[a + 1] - starts[a]
        if size == len(owned):
            continue
        for p in range(size):
            i = owned[first + p]
            for q in range(p, size):
                block[p, q] = signs[i] * matrix[i, owned[first + q]]
        indices[a] = symmetric_factor(dsytrf, block, size, room)[2]


@kernel
def reduce_symmetric(dsytrf, rng, drawn, shifts, rows, room, logs, dets, inertia):
    """Do the work of :func:`jacobian_many` where eps J is symmetric, but for the signs eps in the determinant."""
    owned, starts, _ = rows
    for k in range(len(shifts)):
        fill(rng, drawn, shifts[k], False, room.matrix)
        own_indices(dsytrf, rows, room, inertia[k])
        logs[k], dets[k], negative = symmetric_factor(dsytrf, room.matrix, len(owned), room)
        for a in range(inertia.shape[1]):
            if starts[a + 1] - starts[a] == len(owned):
                inertia[k, a] = negative


@kernel
def reduce_general(dsytrf, dgetrf, rng, drawn, shifts, rows, room, logs, dets, inertia):
    """Do the work of :func:`jacobian_many` where J is not symmetric."""
    for k in range(len(shifts)):
        fill(rng, drawn, shifts[k], True, room.matrix)
        own_indices(dsytrf, rows, room, inertia[k])
        logs[k], dets[k] = general_factor(dgetrf, room.matrix, room)


def jacobian_many(rng, sizes, variance, covariance, signs, shifts, groups, logs, dets, inertia):
    r"""Draw m Jacobians from one stream; fill in log-determinants, signs and inertias.

    Parameters
    ----------
    rng : numpy.random.Generator
    sizes : int array of shape (S,)
        Sizes of the blocks, 0 allowed.
    variance, covariance : float arrays of shape (S, S)
        v, non-negative, and tau, symmetric with :math:`\tau_{st}^2 \le v_{st} v_{ts}` and :math:`\tau_{ss} = v_{ss}`.
    signs : int array of shape (S,)
        Signs with :math:`\tau_{st} = \epsilon_s \epsilon_t v_{st}`, or zeros if there are none.
    shifts : float array of shape (m, S)
        d, for each draw.
    groups : int array of shape (S,)
        The player of each species, from 0.
    logs : float array of shape (m,)
        Filled with log|det J|, -inf if J is singular.
    dets : int8 array of shape (m,)
        Filled with the sign of det J.
    inertia : int array of shape (m, A)
        Filled with the number of negative eigenvalues of each player's own block.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.montecarlo.blocks import jacobian_many
    >>> logs, dets, inertia = np.zeros(2), np.zeros(2, np.int8), np.zeros((2, 2), np.int64)
    >>> v, tau = np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[1.0, -2.0], [-2.0, 1.0]])
    >>> shifts, rng = np.array([[99.0, -99.0], [-99.0, -99.0]]), np.random.default_rng(1)
    >>> jacobian_many(rng, [3, 2], v, tau, [1, -1], shifts, [0, 1], logs, dets, inertia)
    >>> dets.tolist(), inertia.tolist()
    ([1, -1], [[0, 2], [3, 2]])
    """
    sizes, signs = np.asarray(sizes, dtype=np.int64), np.asarray(signs, dtype=np.int64)
    owners = np.repeat(np.asarray(groups, dtype=np.int64), sizes)
    owned, starts = np.argsort(owners, kind="stable"), np.searchsorted(np.sort(owners), range(inertia.shape[1] + 1))
    one_player = bool(np.any(np.diff(starts) == len(owned)))  # whose own block is J, which is then symmetric
    symmetric = one_player or bool(np.all(signs != 0))
    signs = signs if symmetric and not one_player else np.ones_like(signs)
    drawn = ensemble(sizes, signs, np.asarray(variance, dtype=float), np.asarray(covariance, dtype=float))
    rows, work = Rows(owned, starts, np.repeat(signs, sizes)), room(len(owned))
    shifts = np.ascontiguousarray(shifts, dtype=float)
    if symmetric:
        reduce_symmetric(DSYTRF, rng, drawn, shifts, rows, work, logs, dets, inertia)
        dets *= np.prod(rows.signs, dtype=dets.dtype)
    else:
        reduce_general(DSYTRF, DGETRF, rng, drawn, shifts, rows, work, logs, dets, inertia)


def jacobian(rng, sizes, variance, covariance, shifts):
    """Draw one Jacobian, the one that :func:`jacobian_many` would reduce.

    Parameters
    ----------
    rng : numpy.random.Generator
    sizes : int array of shape (S,)
    variance, covariance : float arrays of shape (S, S)
    shifts : float array of shape (S,)

    Returns
    -------
    float array of shape (sum(sizes), sum(sizes))
    """
    matrix = np.empty((sizes.sum(), sizes.sum()))
    draw(rng, ensemble(sizes, np.ones_like(sizes), variance, covariance), shifts, matrix)
    return matrix


@kernel
def draw(rng, drawn, shifts, matrix):
    """Fill one Jacobian."""
    fill(rng, drawn, shifts, True, matrix)
