r"""A network with at most one hidden layer and its exact derivatives, written out by the chain rule.

With an input x, :math:`h = W_1 x + b_1`, :math:`a = \sigma(h)` and outputs :math:`f = W_2 a + b_2` (:math:`a = x`
without a hidden layer) the loss of a batch is the mean of :math:`\ell(f, y)`.  With the residual
:math:`r = \partial\ell/\partial f` and the curvature :math:`C = \partial^2\ell/\partial f^2` of one example its
Hessian is :math:`H_0 + H_1`, the Gauss-Newton matrix :math:`H_0 = J^T C J`, :math:`J = \partial f/\partial w`, and
:math:`H_1 = \sum_k r_k \nabla^2 f_k`:

.. math::

    \nabla^2_{W_{1,jl} W_{1,j'l'}} &= [(W_2^T C W_2)_{jj'} \sigma'_j \sigma'_{j'}
        + \delta_{jj'} (W_2^T r)_j \sigma''_j]\, x_l x_{l'}, \\
    \nabla^2_{W_{1,jl} W_{2,kj'}} &= [(W_2^T C)_{jk}\, a_{j'} + r_k \delta_{jj'}]\, \sigma'_j x_l, \\
    \nabla^2_{W_{2,kj} W_{2,k'j'}} &= C_{kk'}\, a_j a_{j'},

the terms with r being :math:`H_1`.  A bias is the weight of one more input, or activation, that is always 1.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.networks import products
from spinglass.networks.activations import ACTIVATIONS
from spinglass.networks.criteria import CRITERIA
from spinglass.networks.mean_loss import MeanLoss, check_matrix, symmetric
from spinglass.running.streams import generator


def _weighted(weight, left, right):
    """Return the means of weight_pq left_a right_b over examples as a matrix with rows (p, a), columns (q, b)."""
    count, p, _ = weight.shape
    rows = (left.T @ (weight[:, j, :, None] * right[:, None, :]).reshape(count, -1) for j in range(p))
    return np.concatenate(list(rows)) / count


@dataclass(frozen=True)
class Network(MeanLoss):
    r"""A network, the examples it is judged by, and the exact derivatives of its loss.

    Every method takes ``batch``, an int array of examples (all by default), and returns the mean over it.  What all
    networks share is told by :class:`spinglass.networks.mean_loss.MeanLoss`.

    Parameters
    ----------
    parameters : float array of shape (P,)
        :math:`W_1` (:math:`b_1` as its last column) row by row, then :math:`W_2` likewise.
    inputs : float array of shape (m, d)
    targets : float array of shape (m, K)
        Values, or for the cross-entropy probabilities of classes (rows of sum 1).
    hidden : int, optional
        Units of the hidden layer; 0 for none.
    activation : {"tanh", "relu", "softplus", "sigmoid", "linear"}, optional
    bias : bool, optional
    criterion : {"squares", "entropy"}, optional
        :math:`\tfrac12|f - y|^2`, or :math:`-\sum_k y_k \log p_k` with p the softmax of f.
    start : float array of shape (P,), optional
        Parameters before training; ``parameters`` by default.

    Raises
    ------
    ValueError
        For an unknown name or shapes that do not fit.

    References
    ----------
    Bishop (1992), Exact calculation of the Hessian matrix for the multilayer perceptron.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.networks import Network
    >>> network = Network(np.zeros(4), inputs=np.eye(2), targets=np.ones((2, 2)))
    >>> network.loss(), network.hessian().diagonal().tolist()
    (1.0, [0.5, 0.5, 0.5, 0.5])
    """

    hidden: int = 0
    activation: str = "tanh"
    bias: bool = False

    def __post_init__(self):
        super().__post_init__()
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation: expected one of {', '.join(ACTIVATIONS)}, got {self.activation!r}")
        if np.shape(self.parameters) != (self.size,):
            raise ValueError(f"parameters: expected shape ({self.size},), got {np.shape(self.parameters)}")

    @property
    def size(self):
        """Number of parameters P."""
        return parameter_count(self.inputs.shape[1], self.hidden, self.targets.shape[1], self.bias)

    def outputs(self, batch=None):
        """Return f, an array (b, K)."""
        return self._forward(batch)[-1]

    def loss_and_gradient(self, batch=None):
        """Return both from one pass."""
        x, a, slope, _, second, f = self._forward(batch)
        loss, r = CRITERIA[self.criterion][0](f, self._targets(batch))
        last = (r.T @ a).ravel()
        if self.hidden:
            first = ((r @ second * slope).T @ x).ravel()
            last = np.concatenate([first, last])
        return float(loss.mean()), last / len(f)

    def gauss_newton(self, batch=None):
        """Return H_0, a symmetric positive semi-definite array (P, P)."""
        return self._second_derivative(batch, True, False)

    def residual_hessian(self, batch=None):
        """Return H_1 = H - H_0, a symmetric array (P, P); 0 without a hidden layer."""
        return self._second_derivative(batch, False, True)

    def hessian(self, batch=None):
        """Return H = H_0 + H_1, a symmetric array (P, P).

        For "relu" it is the Hessian wherever no unit is exactly at its kink.
        """
        return self._second_derivative(batch, True, True)

    def operator(self, matrix="hessian", batch=None):
        """Return one of the three matrices as a scipy LinearOperator, which multiplies vectors and is never formed.

        A product costs about two gradients; :func:`spinglass.spectra.lanczos` makes a spectrum of them.

        Raises
        ------
        ValueError
            For another matrix.

        Examples
        --------
        >>> import numpy as np
        >>> from spinglass.networks import Network
        >>> network = Network(np.zeros(4), inputs=np.eye(2), targets=np.ones((2, 2)))
        >>> network.operator() @ [1.0, 2.0, 3.0, 4.0]
        array([0.5, 1. , 1.5, 2. ])
        """
        check_matrix(matrix)
        *forward, f = self._forward(batch)
        residuals, curvature, _ = CRITERIA[self.criterion]
        c = curvature(f) if matrix != "residual_hessian" else None
        r = residuals(f, self._targets(batch))[1] if matrix != "gauss_newton" else None
        return products.operator(forward, c, r, self.size)

    def _forward(self, batch):
        """Return x, a (both with the 1 of a bias), sigma', sigma'', W_2 without its bias, and f."""
        x = _with_one(self.inputs if batch is None else self.inputs[batch], self.bias)
        split = self.hidden * x.shape[1]
        a, slope, bend = x, np.empty((len(x), 0)), np.empty((len(x), 0))
        if self.hidden:
            h = x @ self.parameters[:split].reshape(self.hidden, -1).T
            value, slope, bend = ACTIVATIONS[self.activation](h)
            a = _with_one(value, self.bias)
        weights = self.parameters[split:].reshape(self.targets.shape[1], -1)
        return x, a, slope, bend, weights[:, : self.hidden], a @ weights.T

    def _second_derivative(self, batch, curved, residual):
        """Return the sum of H_0 (if ``curved``) and H_1 (if ``residual``)."""
        x, a, slope, bend, second, f = self._forward(batch)
        residuals, curvature, _ = CRITERIA[self.criterion]
        r, c = residual * residuals(f, self._targets(batch))[1], curved * curvature(f)
        last = _weighted(c, a, a)
        if not self.hidden:
            return symmetric(last)
        back = np.einsum("ikl,kj->ijl", c, second)  # W_2^T C
        weight = (back @ second) * slope[:, :, None] * slope[:, None, :]
        units = np.arange(self.hidden)
        weight[:, units, units] += (r @ second) * bend
        mixed = _weighted(back * slope[:, :, None], x, a)
        # the terms r_k sigma'_j x_l sit at rows (j, l) and columns (k, j)
        places = mixed.reshape(self.hidden, x.shape[1], r.shape[1], a.shape[1])
        places[units, :, :, units] += _weighted(slope[:, :, None], x, r).reshape(self.hidden, x.shape[1], r.shape[1])
        return symmetric(np.block([[_weighted(weight, x, x), mixed], [mixed.T, last]]))


def parameter_count(inputs, hidden, outputs, bias=False):
    """Return the number of parameters of a network.

    Examples
    --------
    >>> from spinglass.networks.perceptron import parameter_count
    >>> parameter_count(64, 9, 10, bias=True), parameter_count(64, 0, 10, bias=True), parameter_count(16, 16, 16)
    (685, 650, 512)
    """
    one = int(bias)
    return hidden * (inputs + one) + outputs * (hidden + one) if hidden else outputs * (inputs + one)


def random_parameters(inputs, hidden, outputs, bias=False, rng=None):
    """Draw parameters: weights are normal of variance 1 over the number of their layer's inputs, biases are 0.

    Examples
    --------
    >>> from spinglass.networks.perceptron import random_parameters
    >>> print(random_parameters(2, 0, 1, bias=True, rng=0)[2])
    0.0
    """
    draw = generator(rng)
    shapes = [(hidden, inputs), (outputs, hidden)] if hidden else [(outputs, inputs)]
    weights = [draw.standard_normal(shape) / np.sqrt(shape[1]) for shape in shapes]
    zeros = [np.zeros((shape[0], int(bias))) for shape in shapes]
    return np.concatenate([np.hstack(pair).ravel() for pair in zip(weights, zeros, strict=True)])


def _with_one(x, bias):
    return np.hstack([x, np.ones((len(x), 1))]) if bias else x
