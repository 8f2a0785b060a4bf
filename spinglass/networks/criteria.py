r"""What a network is judged by: the loss of one example, and its derivatives in the outputs f.

.. math:: \ell = \tfrac12 |f - y|^2,\quad r = f - y,\quad C = 1; \qquad
          \ell = -\sum_k y_k \log p_k,\quad r = p - y,\quad C = \mathrm{diag}(p) - p p^T,

with p the softmax of f.  With :math:`s = \sqrt p`, a unit vector, :math:`1 - s s^T` is a projection, so that
:math:`C = A A^T` with :math:`A = \mathrm{diag}(s) (1 - s s^T)`, exactly and without a decomposition.
"""

import numpy as np
from scipy.special import logsumexp, softmax


def _squares(f, y):
    error = f - y
    return (error**2).sum(axis=1) / 2, error


def _unit(f):
    return np.broadcast_to(np.eye(f.shape[1], dtype=f.dtype), (len(f), f.shape[1], f.shape[1]))


def _entropy(f, y):
    logarithm = f - logsumexp(f, axis=1, keepdims=True)
    return -(y * logarithm).sum(axis=1), np.exp(logarithm) - y


def _entropy_curvature(f):
    p = softmax(f, axis=1)
    return p[:, :, None] * (_unit(f) - p[:, None, :])


def _entropy_root(f):
    s = np.sqrt(softmax(f, axis=1))
    return s[:, :, None] * (_unit(f) - s[:, :, None] * s[:, None, :])


#: (l, r), C and A of every example by name: half the squared distance; the cross-entropy of softmax probabilities.
CRITERIA = {"entropy": (_entropy, _entropy_curvature, _entropy_root), "squares": (_squares, _unit, _unit)}
