r"""Products of a network's Hessian with vectors, at the cost of a few passes through the network.

Along a direction v of the parameters let :math:`\dot h = V_1 x`, :math:`\dot a = \sigma'(h)\,\dot h` and
:math:`\dot f = V_2 a + W_2 \dot a` be what the activations and outputs do at first order, and
:math:`\dot r = C \dot f`.  The gradient is :math:`(\delta\, x^T, r a^T)` with :math:`\delta = \sigma'\, W_2^T r`, so

.. math:: H_0 v = (\sigma' W_2^T \dot r\, x^T,\ \dot r\, a^T) , \qquad
          H_1 v = ([\sigma' V_2^T r + \sigma''\dot h\, W_2^T r]\, x^T,\ r\, \dot a^T) .
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator


def operator(forward, curvature, residual, size):
    """Return the sum of H_0 v (by the curvature C) and H_1 v (by the residual r), each unless it is None.

    Parameters
    ----------
    forward : tuple
        x, a, sigma', sigma'' of the examples, and W_2 without its bias.
    curvature : float array of shape (b, K, K), or None
    residual : float array of shape (b, K), or None
    size : int
        Number of parameters.
    """
    x, a, slope, bend, second = forward
    hidden, outputs = slope.shape[1], second.shape[0]
    split = hidden * x.shape[1]

    def product(v):
        first, last = np.zeros((hidden, x.shape[1])), np.zeros((outputs, a.shape[1]))
        v_last = v[split:].reshape(outputs, -1)
        h_dot = x @ v[:split].reshape(hidden, -1).T if hidden else np.empty((len(x), 0))
        a_dot = slope * h_dot
        if curvature is not None:
            r_dot = np.einsum("ikl,il->ik", curvature, a @ v_last.T + a_dot @ second.T)
            first += (slope * (r_dot @ second)).T @ x
            last += r_dot.T @ a
        if residual is not None and hidden:
            first += (slope * (residual @ v_last[:, :hidden]) + bend * h_dot * (residual @ second)).T @ x
            last[:, :hidden] += residual.T @ a_dot
        return np.concatenate([first.ravel(), last.ravel()]) / len(x)

    return LinearOperator((size, size), matvec=lambda v: product(np.ravel(v)), rmatvec=product, dtype=float)
