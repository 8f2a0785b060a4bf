r"""The recurrence of Lanczos: an orthonormal basis in which a symmetric matrix is tridiagonal.

.. math:: \beta_j v_{j+1} = A v_j - \alpha_j v_j - \beta_{j-1} v_{j-1}, \qquad
          \alpha_j = v_j \cdot A v_j, \qquad |v_{j+1}| = 1 .

In floats the basis loses its orthogonality as soon as an eigenvalue has converged, and the recurrence finds it again: a
ghost.  Reorthogonalisation takes from every new vector what it has in common with all before it; that holds all of
them in memory.  If some beta is 0 the vectors span an invariant subspace: nothing is left to be found from this start.
"""

import numpy as np
from scipy.linalg.blas import daxpy, dgemv, dnrm2

ENOUGH = 0.7  # of its length that a vector keeps where one pass of orthogonalisation was enough
INVARIANT = 32  # roundings of the largest coefficient below which beta is 0


def tridiagonal(operator, start, steps, reorthogonalise):
    """Return alpha and beta of the steps that were done, fewer than asked for where the last beta is 0.

    Parameters
    ----------
    operator : SymmetricOperator
    start : float array of shape (n,)
        Of length 1.
    steps : int
    reorthogonalise : bool
        True keeps ``steps`` vectors, False three.
    """
    basis = np.empty((steps, start.size)) if reorthogonalise else None
    alpha, beta = np.zeros(steps), np.zeros(steps)
    before, v, largest = np.zeros_like(start), start, 0.0
    for j in range(steps):
        w = operator(v)
        alpha[j] = operator.finite(w, v @ w)
        w = daxpy(v, w, a=-alpha[j])
        w = daxpy(before, w, a=-beta[j - 1]) if j else w
        if basis is not None:
            basis[j] = v
            w = orthogonal(w, basis[: j + 1].T)
        beta[j] = dnrm2(w)
        largest = max(largest, abs(alpha[j]), beta[j])
        if beta[j] <= INVARIANT * operator.rounding * largest or (basis is not None and j + 1 == start.size):
            beta[j] = 0.0
            return alpha[: j + 1], beta[: j + 1]
        before, v = v, w / beta[j]
    return alpha, beta


def orthogonal(w, basis):
    """Return w without its components along the columns of a basis; one pass, or two where w lost much of its length.

    A pass leaves rounding of the length that w had before it; after the second that is small beside what is left, or w
    is rounding altogether.
    """
    for _ in range(2):
        length = dnrm2(w)
        w = dgemv(-1.0, basis, dgemv(1.0, basis, w, trans=1), beta=1.0, y=w, overwrite_y=1)
        if dnrm2(w) > ENOUGH * length:
            break
    return w
