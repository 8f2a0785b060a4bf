r"""A network of layers and its exact derivatives, at the price of a few passes for each direction.

.. math:: H_0 = \frac1b \sum_i J_i^T C_i J_i = \frac1b R^T R, \quad R_i = A_i^T J_i,\ C_i = A_i A_i^T; \qquad
          H = H_0 + H_1 = \frac1b \sum_i \nabla^2 \ell_i .

The Gauss-Newton matrix :math:`H_0` is a product of the rows R, one for each example and output; the columns of H are
products with unit vectors, by :mod:`spinglass.networks.layers.second_derivatives`.
"""

from dataclasses import dataclass, replace

import numpy as np

from spinglass.networks.criteria import CRITERIA
from spinglass.networks.layers.passes import Passes, joined
from spinglass.networks.layers.second_derivatives import Curvature, Products
from spinglass.networks.mean_loss import MeanLoss, check_matrix, symmetric

#: Examples that derivatives are taken of at once: few enough to stay near the processor.
EXAMPLES = 64


@dataclass(frozen=True)
class LayeredNetwork(MeanLoss):
    r"""A network of any layers, the examples it is judged by, and the exact derivatives of its loss.

    Every method takes ``batch``, an int array of examples (all by default), and returns the mean over it, unless it
    returns one thing for each example.  `mlp`, `convolutional`, `residual` and `of_layers` make networks; what all
    networks share, such as ``at(parameters)`` and ``on(inputs, targets)``, is told by
    :class:`spinglass.networks.mean_loss.MeanLoss`.

    Parameters
    ----------
    parameters : float array of shape (P,)
        Those of the layers in their order.
    inputs : float array of shape (m, d)
    targets : float array of shape (m, K)
        Values, or for the cross-entropy probabilities of classes (rows of sum 1).
    layers : tuple of layers
        Of :mod:`spinglass.networks.layers`.
    criterion : {"squares", "entropy"}, optional
        :math:`\tfrac12|f - y|^2`, or :math:`-\sum_k y_k \log p_k` with p the softmax of f.
    start : float array of shape (P,), optional
        Parameters before training; ``parameters`` by default.

    Raises
    ------
    ValueError
        For an unknown criterion or shapes that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.networks import LayeredNetwork
    >>> from spinglass.networks.layers import Activation, Dense
    >>> layers = Dense(2, 3), Activation("tanh"), Dense(3, 1)
    >>> network = LayeredNetwork(np.ones(13), np.eye(2), np.zeros((2, 1)), layers)
    >>> network.hessian().shape, bool(np.allclose(network.operator() @ np.ones(13), network.hessian() @ np.ones(13)))
    ((13, 13), True)
    """

    layers: tuple = ()

    def __post_init__(self):
        super().__post_init__()
        shapes = [np.shape(self.inputs)[1:]]
        for i, layer in enumerate(self.layers):
            if layer.skip and (layer.skip > i or shapes[i] != shapes[i - layer.skip]):
                what = f"{layer} after shapes {shapes}"
                raise ValueError(f"layers: expected a skip over layers that keep the shape, got {what}")
            shapes.append(layer.shape(shapes[-1]))
        if shapes[-1] != np.shape(self.targets)[1:]:
            count = np.shape(self.targets)[1]
            raise ValueError(f"layers: expected {count} outputs, as many as targets, got shape {shapes[-1]}")
        if np.shape(self.parameters) != (self.size,):
            raise ValueError(f"parameters: expected shape ({self.size},), got {np.shape(self.parameters)}")

    @property
    def size(self):
        """Number of parameters P."""
        return sum(layer.size for layer in self.layers)

    def outputs(self, batch=None):
        """Return f, an array (b, K)."""
        return self._passes(batch).outputs

    def loss_and_gradient(self, batch=None):
        """Return both from one pass."""
        passes = self._passes(batch)
        losses, r = CRITERIA[self.criterion][0](passes.outputs, self._targets(batch))
        parts, _ = passes.backward(r[None] / len(r))
        return float(losses.mean()), joined(self.layers, parts, (1, self.size), r.dtype)[0]

    def gradients(self, batch=None):
        """Return the gradient of every example, an array (b, P)."""
        passes = self._passes(batch)
        r = CRITERIA[self.criterion][0](passes.outputs, self._targets(batch))[1]
        return self._of_each(passes, r[None])[0]

    def jacobian(self, batch=None):
        """Return the derivatives of the outputs of every example, an array (b, K, P)."""
        passes = self._passes(batch)
        f = passes.outputs
        unit = np.broadcast_to(np.eye(f.shape[1], dtype=f.dtype)[:, None], (f.shape[1], *f.shape))
        return self._of_each(passes, unit).swapaxes(0, 1)

    def gauss_newton(self, batch=None):
        """Return H_0, a symmetric positive semi-definite array (P, P)."""
        total, count = 0.0, len(self._targets(batch))
        for some in self._some(batch, EXAMPLES):
            passes = self._passes(some)
            rows = self._of_each(passes, CRITERIA[self.criterion][2](passes.outputs).transpose(2, 0, 1))
            rows = rows.reshape(-1, self.size)
            total = total + rows.T @ rows
        return symmetric(total) / count

    def residual_hessian(self, batch=None):
        """Return H_1 = H - H_0, a symmetric array (P, P); 0 if outputs are linear in parameters."""
        return self.operator("residual_hessian", batch).dense()

    def hessian(self, batch=None):
        """Return H = H_0 + H_1, a symmetric array (P, P).

        For "relu" it is the Hessian wherever no unit is exactly at its kink.
        """
        return self.operator("hessian", batch).dense()

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
        >>> from spinglass.networks import Data, mlp
        >>> network = mlp(Data((np.eye(2), np.ones((2, 2)))), hidden=(), bias=False)
        >>> network.operator() @ [1.0, 2.0, 3.0, 4.0]
        array([0.5, 1. , 1.5, 2. ])
        """
        check_matrix(matrix)
        some = self._some(batch, EXAMPLES)
        return Products([Curvature(self._passes(i), self.targets[i], self.criterion, matrix) for i in some])

    def astype(self, dtype):
        """Return the same network in another precision, such as "float32": so is all that it computes."""
        parameters, inputs, targets = (np.asarray(a, dtype) for a in (self.parameters, self.inputs, self.targets))
        start = None if self.start is None else np.asarray(self.start, dtype)
        return replace(self, parameters=parameters, inputs=inputs, targets=targets, start=start)

    def _passes(self, batch):
        return Passes(self.layers, self.parameters, self.inputs if batch is None else self.inputs[batch])

    def _some(self, batch, size):
        """Return the examples of a batch in parts of this size, or of one example."""
        examples = np.arange(len(self.inputs)) if batch is None else np.asarray(batch)
        return np.split(examples, range(max(1, size), len(examples), max(1, size)))

    def _of_each(self, passes, g):
        """Return the cotangents of parameters (D, b, P) for every example."""
        parts, _ = passes.backward(g, each=True)
        return joined(self.layers, parts, (*g.shape[:2], self.size), g.dtype)
