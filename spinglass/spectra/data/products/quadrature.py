r"""From the coefficients of a recurrence to the rule of Gauss that they are.

With :math:`T = S\,\mathrm{diag}(\theta)\,S^T` the tridiagonal matrix of alpha and beta that starts at v,

.. math:: v \cdot f(A)\, v = \int f\,d\mu_v \approx \sum_i \tau_i f(\theta_i), \qquad \tau_i = S_{1i}^2,

exactly for polynomials up to degree 2m - 1 after m steps.  Each node is near to an eigenvalue:
:math:`\min_j |\lambda_j - \theta_i| \le \beta_m |S_{mi}|`.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import eigh_tridiagonal

from spinglass.spectra.data.products.recurrence import tridiagonal


@dataclass(frozen=True)
class Rule:
    """Nodes in ascending order, weights of sum 1, distances within which each node has an eigenvalue.

    ``closed`` says that the vectors span an invariant subspace, so that the rule is the measure itself.
    """

    nodes: np.ndarray
    weights: np.ndarray
    residuals: np.ndarray
    closed: bool

    def mean(self, f):
        """Return the sum of weights times f at the nodes."""
        return self.weights @ f(self.nodes)


def gauss(alpha, beta):
    """Return the rule of a recurrence; beta has the length of alpha, its last entry tells how near the nodes are."""
    nodes, vectors = eigh_tridiagonal(alpha, beta[:-1])
    return Rule(nodes, vectors[0] ** 2, beta[-1] * np.abs(vectors[-1]), not beta[-1])


def shorter(alpha, beta):
    """Return the rule of one step less, or the same where there is none or nothing is left to be found."""
    return gauss(alpha[:-1], beta[:-1]) if len(alpha) > 1 and beta[-1] else gauss(alpha, beta)


def merged(nodes, weights, steps, rounding):
    """Return the rule of so many nodes that has the moments of many nodes with weights: their own recurrence."""
    start, size = np.sqrt(weights), np.abs(nodes).max()
    unit = Diagonal(nodes / (size or 1.0), rounding)
    rule = gauss(*tridiagonal(unit, start / np.linalg.norm(start), min(steps, len(nodes)), True))
    seen = rule.weights > rounding
    weights = rule.weights[seen] / rule.weights[seen].sum()
    return replace(rule, nodes=rule.nodes[seen] * size, weights=weights, residuals=rule.residuals[seen] * size)


@dataclass(frozen=True)
class Diagonal:
    """Numbers as a matrix, for a recurrence."""

    entries: np.ndarray
    rounding: float

    def __call__(self, v):
        """Return the product with a vector."""
        return self.entries * v

    def finite(self, product, size):
        """Return the size of a product of finite numbers."""
        return size
