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

import numpy as np
from numba import njit
from numba.extending import get_cython_function_address

from spinglass.running.compiled import OPTIONS

_CHARS, _INTS, _FLOATS = (ctypes.POINTER(c) for c in (ctypes.c_uint8, ctypes.c_int, ctypes.c_double))


def _lapack(name, *arguments):
    """Return a LAPACK function of scipy as a ctypes function."""
    return ctypes.CFUNCTYPE(None, *arguments)(get_cython_function_address("scipy.linalg.cython_lapack", name))


#: uplo, n, a, lda, ipiv, work, lwork, info; and m, n, a, lda, ipiv, info
DSYTRF = _lapack("dsytrf", _CHARS, _INTS, _FLOATS, _INTS, _INTS, _FLOATS, _INTS, _INTS)
DGETRF = _lapack("dgetrf", _INTS, _INTS, _FLOATS, _INTS, _INTS, _INTS)


@njit(**OPTIONS)
def profile(variance, covariance):
    """Return the deviation above the diagonal, the part of its variate that is mirrored below, and the rest there.

    A correlation within 1e-14 of one (in the square) is rounding of weights: there is no rest.
    """
    species = len(variance)
    above, mirrored, rest = np.zeros((species, species)), np.zeros((species, species)), np.zeros((species, species))
    for s in range(species):
        for t in range(s, species):
            above[s, t], below = np.sqrt(variance[s, t]), np.sqrt(variance[t, s])
            coupled = above[s, t] > 0.0 and below > 0.0  # products of variances may overflow
            correlation = covariance[s, t] / variance[s, t] * (above[s, t] / below) if coupled else 0.0
            missing = 1.0 - correlation * correlation
            mirrored[s, t] = correlation * below
            rest[s, t] = np.sqrt(missing) * below if missing > 1e-14 else 0.0
    return above, mirrored, rest


@njit(**OPTIONS)
def fill(rng, sizes, parts, signs, shifts, both, matrix):
    """Draw eps J: all of it, or its upper triangle only."""
    above, mirrored, rest = parts
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
                if not both and own == 0.0:
                    fill_row(rng, scale, matrix[i, start:stop])
                    continue
                for j in range(start, stop):
                    noise = rng.standard_normal() if scale != 0.0 else 0.0
                    matrix[i, j] = scale * noise
                    matrix[j, i] = mirror * noise
                    if own != 0.0:
                        matrix[j, i] += own * rng.standard_normal()
        first += sizes[s]


@njit(**OPTIONS)
def fill_row(rng, scale, row):
    """Draw a piece of a row of a symmetric matrix."""
    if scale == 0.0:
        row[:] = 0.0
        return
    for j in range(len(row)):
        row[j] = scale * rng.standard_normal()


@njit(**OPTIONS)
def symmetric_factor(dsytrf, matrix, room):
    """Factor a symmetric matrix, given by its upper triangle, in place; return log|det|, sign and negative count.

    Row by row, the upper triangle is the lower one of LAPACK's column by column.
    """
    size = len(matrix)
    if size == 0:
        return 0.0, 1, 0
    lower, pivots, numbers, work = room
    numbers[0], numbers[1] = size, len(work)
    n, lwork, info = numbers[:1].ctypes, numbers[1:2].ctypes, numbers[2:].ctypes
    dsytrf(lower.ctypes, n, matrix.ctypes, n, pivots.ctypes, work.ctypes, lwork, info)
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


@njit(**OPTIONS)
def general_factor(dgetrf, matrix, room):
    """Factor a matrix in place; return log|det| and its sign."""
    size = len(matrix)
    if size == 0:
        return 0.0, 1
    _, pivots, numbers, _ = room
    numbers[0] = size
    n, info = numbers[:1].ctypes, numbers[2:].ctypes
    dgetrf(n, n, matrix.ctypes, n, pivots.ctypes, info)
    log, sign = 0.0, 1
    for i in range(size):
        log += np.log(abs(matrix[i, i]))
        swapped = pivots[i] != i + 1
        sign = 0 if matrix[i, i] == 0.0 else -sign if (matrix[i, i] < 0.0) != swapped else sign
    return log, sign


@njit(**OPTIONS)
def working_room(dsytrf, size):
    """Return what LAPACK needs beside a matrix: uplo, pivots, (n, lwork, info), and the work it asks for."""
    lower, pivots = np.full(1, ord("L"), np.uint8), np.empty(max(size, 1), np.int32)
    numbers, asked = np.array([max(size, 1), -1, 0], np.int32), np.empty(1)
    n, lwork, info = numbers[:1].ctypes, numbers[1:2].ctypes, numbers[2:].ctypes
    dsytrf(lower.ctypes, n, asked.ctypes, n, pivots.ctypes, asked.ctypes, lwork, info)
    return lower, pivots, numbers, np.empty(max(int(asked[0]), 1))


@njit(**OPTIONS)
def own_block(matrix, rows, row_signs, store):
    """Copy the upper triangle of a player's own block of J out of eps J."""
    size = len(rows)
    block = store[: size * size].reshape(size, size)
    for p in range(size):
        i = rows[p]
        for q in range(p, size):
            block[p, q] = row_signs[i] * matrix[i, rows[q]]
    return block


@njit(**OPTIONS)
def reduce_many(dsytrf, dgetrf, rng, sizes, parts, signs, symmetric, shifts, owned, starts, logs, dets, inertia):
    """Do the work of :func:`jacobian_many`; ``owned[starts[a]:starts[a + 1]]`` are the rows of player a."""
    size = len(owned)
    matrix, store = np.empty((size, size)), np.empty(size * size)
    room, row_signs = working_room(dsytrf, size), np.repeat(signs, sizes)
    flip = np.prod(row_signs)
    for k in range(len(shifts)):
        fill(rng, sizes, parts, signs, shifts[k], not symmetric, matrix)
        for a in range(inertia.shape[1]):
            rows = owned[starts[a] : starts[a + 1]]
            if len(rows) < size:
                block = own_block(matrix, rows, row_signs, store)
                inertia[k, a] = symmetric_factor(dsytrf, block, room)[2]
        if symmetric:
            logs[k], sign, negative = symmetric_factor(dsytrf, matrix, room)
            for a in range(inertia.shape[1]):
                if starts[a + 1] - starts[a] == size:
                    inertia[k, a] = negative
        else:
            logs[k], sign = general_factor(dgetrf, matrix, room)
        dets[k] = flip * sign


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
    parts = profile(np.asarray(variance, dtype=float), np.asarray(covariance, dtype=float))
    shifts = np.ascontiguousarray(shifts, dtype=float)
    reduce_many(DSYTRF, DGETRF, rng, sizes, parts, signs, symmetric, shifts, owned, starts, logs, dets, inertia)


@njit(**OPTIONS)
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
    size = sizes.sum()
    matrix = np.empty((size, size))
    fill(rng, sizes, profile(variance, covariance), np.ones(len(sizes), np.int64), shifts, True, matrix)
    return matrix
