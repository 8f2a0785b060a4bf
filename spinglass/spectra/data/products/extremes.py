r"""The outermost eigenvalues of a symmetric operator, each with a bound on its error.

For a vector x of length 1 and any number :math:`\theta` an eigenvalue lies within :math:`|Ax - \theta x|` of it.  Of a
node of a rule that is :math:`\beta_m |S_{mi}|`, for nothing; what scipy's ``eigsh`` finds is held to it by one more
product each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from spinglass.running.streams import generator, seed_sequence
from spinglass.running.worker import one_blas_thread

SMALL = 64  # rows up to which the matrix is written out
RESTARTS, WIDTH = 60, 40  # of eigsh, and the vectors that it keeps beside those asked for
SHARE = 100  # roundings of the operator to which eigsh goes


class Extremes(NamedTuple):
    """The lowest eigenvalues and the largest, each from outside to inside, and within which distance one is for sure.

    Attributes
    ----------
    bottom, bottom_error, top, top_error : (k,) arrays
    """

    bottom: np.ndarray
    bottom_error: np.ndarray
    top: np.ndarray
    top_error: np.ndarray

    def __repr__(self):
        bottom, top = (f"{x[0]:.6g} +/- {e[0]:.1g}" for x, e in ((self[0], self[1]), (self[2], self[3])))
        return f"Extremes(bottom {bottom}, top {top}, {len(self.top)} at each end)"


def outermost_nodes(rules, rounding, count=1):
    """Return the lowest and the largest nodes of all rules, as many as there are up to ``count``.

    The j-th node from outside never lies beyond the j-th eigenvalue: of all probes the outermost is the nearest.  Of
    nodes at one place, as of ghosts, the error is the smallest.
    """
    nodes, errors = (np.concatenate([getattr(rule, part) for rule in rules]) for part in ("nodes", "residuals"))
    near = SHARE * rounding * np.abs(nodes).max()
    ends = []
    for turn, best in ((1, min), (-1, max)):
        most = min(count, max(len(rule.nodes) for rule in rules))
        places = [best(rule.nodes[::turn][j] for rule in rules if len(rule.nodes) > j) for j in range(most)]
        least = [max(errors[np.abs(nodes - place) <= near].min(), near) for place in places]
        ends += [np.array(places), np.array(least)]
    return Extremes(*ends)


def converged(operator, count, seed, nodes):
    """Return ``count`` eigenvalues at each end by ``eigsh``, with the residuals of their vectors.

    At an end at which they do not converge (they lie close, as at the 0 of a matrix of low rank) the nodes stay.
    """
    ends = []
    with one_blas_thread():
        for which, known in (("SA", nodes[:2]), ("LA", nodes[2:])):
            try:
                vectors = _vectors(operator, count, which, seed)
            except ArpackNoConvergence:
                ends += known
                continue
            values, errors = np.array([_residual(operator, x) for x in vectors.T]).T
            order = np.argsort(values) if which == "SA" else np.argsort(-values)
            ends += [values[order], errors[order]]
    return Extremes(*ends)


def _vectors(operator, count, which, seed):
    """Return eigenvectors of the outermost eigenvalues at one end as columns."""
    n = operator.n
    if n <= SMALL or count + WIDTH >= n:
        matrix = np.stack([operator(row) for row in np.eye(n)])
        vectors = np.linalg.eigh((matrix + matrix.T) / 2)[1]
        return vectors[:, :count] if which == "SA" else vectors[:, -count:]
    start = generator(seed_sequence(seed, "start")).standard_normal(n)
    linear = LinearOperator((n, n), matvec=lambda v: operator(np.ravel(v)), dtype=float)
    how = {"ncv": count + WIDTH, "maxiter": RESTARTS, "tol": SHARE * operator.rounding, "v0": start}
    return eigsh(linear, k=count, which=which, **how)[1]


def _residual(operator, x):
    """Return the best number for an eigenvector and the length of what is left, rounding in."""
    x = x / np.linalg.norm(x)
    image = operator(x)
    value = x @ image
    return value, max(np.linalg.norm(image - value * x), SHARE * operator.rounding * np.linalg.norm(image))
