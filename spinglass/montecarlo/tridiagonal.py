r"""The Gaussian orthogonal ensemble in tridiagonal form, drawn and consumed in one pass.

A GOE matrix X of size n with off-diagonal variance 1 and diagonal variance 2 has the eigenvalues of the symmetric
tridiagonal matrix with independent entries

.. math:: a_i \sim \sqrt 2\, N(0, 1), \qquad b_i \sim \chi_{n-i}, \qquad i = 1, .., n \text{ and } 1, .., n-1

(Dumitriu and Edelman 2002).  The leading minors of X - x obey

.. math:: p_i = (a_i - x)\, p_{i-1} - b_{i-1}^2\, p_{i-2}, \qquad p_0 = 1,\; p_{-1} = 0 ;

the last is :math:`\det(X - x)`, and the number of eigenvalues below x is the number of changes of sign among them
(Sturm).  The minors are kept between :math:`2^{-300}` and :math:`2^{300}`, with the powers of two counted apart: no
division, no logarithm and no overflow on the way.  One draw of n rows serves many points x.

Zero minors: if one vanishes it is replaced by :math:`2^{-300}` times the one before it, as if its diagonal entry had
been larger by a quantity far below rounding.  The sign then changes once in the next row, as it must, and an
eigenvalue equal to x counts as not below x.  The last minor is not touched: if it vanishes the logarithm is -inf.

The compiled functions are serial and release the global interpreter lock; the Generator is the caller's.
"""

import numpy as np
from scipy.linalg import lapack

from spinglass.running.compiled import decorators, kernel, part

#: Inside a loop over rows a call costs as much as its work: the arrays are counted in and out.
inlined, _ = decorators(inline="always")

POWER = 300
LARGE, SMALL = 2.0**POWER, 2.0**-POWER


@part
def chi_square_constants(n):
    """Return for each number of degrees of freedom below n the two constants of :func:`chi_square`."""
    constants = np.zeros((max(n, 1), 2))
    for degrees in range(2, n):
        constants[degrees, 0] = degrees - 2.0 / 3.0
        constants[degrees, 1] = 1.0 / np.sqrt(4.5 * constants[degrees, 0])
    return constants


@inlined
def chi_square(rng, degrees, constants):
    r"""Draw a chi-square variable, exactly in law.

    For d > 2 degrees of freedom, with a normal z and :math:`v = (1 + z/\sqrt{9b})^3`, :math:`b = d/2 - 1/3`, the value
    is :math:`2bv`, accepted with probability :math:`e^{z^2/2 + b(1 - v + \log v)}`.  The constants of all d come from a
    table: a draw then costs a normal, a uniform and no division.

    References
    ----------
    Marsaglia and Tsang (2000), A simple method for generating gamma variables.
    """
    if degrees == 1:
        z = rng.standard_normal()
        return z * z
    if degrees == 2:
        return 2.0 * rng.standard_exponential()
    scale, spread = constants[degrees, 0], constants[degrees, 1]
    while True:
        z = rng.standard_normal()
        v = 1.0 + spread * z
        if v > 0.0:
            v = v * v * v
            square = z * z
            u = rng.random()
            if u < 1.0 - 0.0331 * square * square:  # below the exact bound for every d
                return scale * v
            if np.log(u) < 0.5 * (square + scale * (1.0 - v + np.log(v))):
                return scale * v


@kernel
def goe_tridiagonal(rng, n):
    """Return the diagonal (n) and off-diagonal (n - 1) of one draw, the one that :func:`goe_scan` would consume."""
    constants = chi_square_constants(n)
    diagonal, off_diagonal = np.empty(n), np.empty(max(n - 1, 0))
    for i in range(n):
        if i > 0:
            off_diagonal[i - 1] = np.sqrt(chi_square(rng, n - i, constants))
        diagonal[i] = np.sqrt(2.0) * rng.standard_normal()
    return diagonal, off_diagonal


@inlined
def absorb_row(entry, square, points, before, minors, powers, counts):
    """Advance the minors of X - x by one row, for every point x.

    Parameters
    ----------
    entry, square : float
        The diagonal entry of the row and the squared off-diagonal entry beside it.
    points, before, minors, powers, counts : arrays of shape (k,)
        The points x; the last two minors, over ``2**(POWER * powers)``; the changes of sign so far.
    """
    for j in range(len(points)):
        old, older = minors[j], before[j]
        if old == 0.0:
            old = SMALL * older
        new = (entry - points[j]) * old - square * older
        counts[j] += ((new < 0.0) & (old > 0.0)) | ((new > 0.0) & (old < 0.0))
        size = max(abs(new), abs(old))
        if size > LARGE:
            new *= SMALL
            old *= SMALL
            powers[j] += 1
        elif size < SMALL:
            new *= LARGE
            old *= LARGE
            powers[j] -= 1
        before[j], minors[j] = old, new


@part
def scan(rng, n, constants, first, points, before, minors, powers, counts, logs):
    """Do the work of :func:`goe_scan` in the arrays given; ``first`` are the points seen by the first row."""
    for j in range(len(points)):
        before[j], minors[j], powers[j], counts[j] = 0.0, 1.0, 0, 0
    square = 0.0
    for i in range(n):
        if i > 0:
            square = chi_square(rng, n - i, constants)
        seen = first if i == 0 else points
        absorb_row(np.sqrt(2.0) * rng.standard_normal(), square, seen, before, minors, powers, counts)
    for j in range(len(points)):
        logs[j] = np.log(abs(minors[j])) + powers[j] * (POWER * np.log(2.0))


@kernel
def goe_scan(rng, n, points, counts, logs):
    r"""Draw one GOE matrix X; count its eigenvalues below each point and take :math:`\log|\det(X - x)|`.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
        Size of X, at least 0; off-diagonal variance 1, diagonal variance 2, so the spectrum fills
        :math:`[-2\sqrt n, 2\sqrt n]`.
    points : float array of shape (k,)
        The points x, of size below :math:`2^{300}`.
    counts : int array of shape (k,)
        Filled with the number of eigenvalues below x; :math:`(-1)^{count}` is the sign of :math:`\det(X - x)`.
    logs : float array of shape (k,)
        Filled with :math:`\log|\det(X - x)|`; -inf at an eigenvalue, 0 for n = 0.

    Notes
    -----
    Accuracy: that of a determinant with entries rounded once, a relative error of about n units in the last place
    over the distance to the nearest eigenvalue.

    References
    ----------
    Dumitriu and Edelman (2002), Matrix models for beta ensembles, theorem 2.12.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.montecarlo.tridiagonal import goe_scan
    >>> counts, logs = np.zeros(3, dtype=np.int64), np.zeros(3)
    >>> goe_scan(np.random.default_rng(1), 100, np.array([-30.0, 0.0, 30.0]), counts, logs)
    >>> counts.tolist()
    [0, 52, 100]
    """
    k = len(points)
    constants = chi_square_constants(n)
    scan(rng, n, constants, points, points, np.empty(k), np.empty(k), np.empty(k, np.int64), counts, logs)


@kernel
def goe_scan_many(rng, n, points, counts, logs):
    """Draw m matrices from one stream, the i-th with its own points: :func:`goe_scan` row by row.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    points, counts, logs : arrays of shape (m, k)
        Float, int and float, as in :func:`goe_scan`.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.montecarlo.tridiagonal import goe_scan_many
    >>> points, counts, logs = np.array([[-9.0], [9.0]]), np.zeros((2, 1), dtype=np.int64), np.zeros((2, 1))
    >>> goe_scan_many(np.random.default_rng(1), 3, points, counts, logs)
    >>> counts.tolist()
    [[0], [3]]
    """
    k = points.shape[1]
    constants = chi_square_constants(n)
    before, minors, powers = np.empty(k), np.empty(k), np.empty(k, np.int64)
    for i in range(len(points)):
        scan(rng, n, constants, points[i], points[i], before, minors, powers, counts[i], logs[i])


@kernel
def spiked_scan_many(rng, n, points, spikes, counts, logs):
    r"""Draw m matrices; count eigenvalues of :math:`X + \theta e e^T` below x and take :math:`\log|\det|` there.

    The reflections that make X tridiagonal leave the unit vector e alone if it comes first: the spike stays in the
    first diagonal entry, where adding :math:`\theta` is subtracting it from the point that the first row sees.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
        Size of X, at least 1.
    points, spikes, counts, logs : arrays of shape (m, k)
        x, :math:`\theta`; the others as in :func:`goe_scan_many`.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.montecarlo.tridiagonal import spiked_scan_many
    >>> points, spikes = np.array([[15.0, 15.0]]), np.array([[0.0, 100.0]])
    >>> counts, logs = np.zeros((1, 2), dtype=np.int64), np.zeros((1, 2))
    >>> spiked_scan_many(np.random.default_rng(1), 9, points, spikes, counts, logs)
    >>> counts.tolist()
    [[9, 8]]
    """
    k = points.shape[1]
    constants = chi_square_constants(n)
    before, minors, powers = np.empty(k), np.empty(k), np.empty(k, np.int64)
    for i in range(len(points)):
        first = points[i] - spikes[i]
        scan(rng, n, constants, first, points[i], before, minors, powers, counts[i], logs[i])


def goe_spectra(rng, sizes):
    """Return the sorted eigenvalues of unscaled GOE matrices (diagonal variance 1), one matrix per size.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.montecarlo.tridiagonal import goe_spectra
    >>> [len(eigenvalues) for eigenvalues in goe_spectra(np.random.default_rng(1), [3, 0, 1])]
    [3, 0, 1]
    """
    spectra = []
    for n in sizes:
        eigenvalues, off_diagonal = goe_tridiagonal(rng, n)
        if n > 1:
            eigenvalues, failed = lapack.dsterf(eigenvalues, off_diagonal)
            if failed:
                raise ArithmeticError(f"LAPACK's dsterf did not converge for a matrix of size {n}")
        spectra.append(eigenvalues / np.sqrt(2))
    return spectra
