r"""A network that is a function written with jax.numpy: its derivatives by jax, whatever its architecture.

With f(w) the outputs, :math:`\partial_v` a derivative along a direction (forward mode) and :math:`\nabla` a gradient
(reverse mode),

.. math:: H v = \partial_v \nabla L, \qquad H_0 v = (\partial f)^T\, C\, \partial_v f, \qquad H_1 = H - H_0 .

It is for architectures that :mod:`spinglass.networks.layers` does not have, and a check of those that it has: jax
shares no formula with them.  Jax rather than torch since its functions are numpy's, derivatives of any order compose,
and float64 can be asked for within a block: the precision of the process is not touched.  It takes 380 megabytes and
some seconds to compile for each network: layers, which need none of it, are what everything else here uses.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from spinglass.inputs.missing import how_to_install
from spinglass.networks.mean_loss import MeanLoss, check_matrix, symmetric

#: Directions that go through the network at once.
AT_ONCE = 16


def traced(data, function, parameters):
    r"""Return a network that is a function of jax, on the examples to train with.

    Parameters
    ----------
    data : Data
    function : callable
        ``function(parameters, inputs)`` returns the outputs, an array (m, K), from arrays (P,) and (m, d).
    parameters : float array of shape (P,)

    Returns
    -------
    TracedNetwork

    Raises
    ------
    ImportError
        Without jax.
    ValueError
        If the outputs do not have the shape of the targets.

    Accuracy
    --------
    All derivatives of perceptrons, convolutional and residual networks of up to 100 parameters, written as functions,
    agree with those of `mlp`, `convolutional` and `residual` to 3e-14, with jax 0.10.

    Notes
    -----
    Such as ``networks.traced(data, lambda w, x: jnp.tanh(x @ w[:, None]), np.zeros(10))`` with ``data.diabetes()`` and
    ``jax.numpy`` as ``jnp``; a function with a name is kept in the store of a training.
    """
    inputs, targets = data.train
    network = TracedNetwork(np.asarray(parameters, dtype=float), inputs, targets, function, criterion=data.criterion)
    if (shape := network.outputs().shape) != np.shape(targets):
        raise ValueError(f"function: expected outputs of shape {np.shape(targets)}, as targets, got {shape}")
    return network


@dataclass(frozen=True)
class TracedNetwork(MeanLoss):
    """A network that is a function of jax; made by `traced`, with the methods of LayeredNetwork."""

    function: Any = None

    @property
    def size(self):
        """Number of parameters P."""
        return len(self.parameters)

    def outputs(self, batch=None):
        """Return f, an array (b, K)."""
        return self._asked("outputs", batch)

    def loss_and_gradient(self, batch=None):
        """Return both from one pass."""
        loss, gradient = self._asked("loss and gradient", batch)
        return float(loss), gradient

    def gradients(self, batch=None):
        """Return the gradient of every example, an array (b, P)."""
        return self._asked("gradients", batch)

    def jacobian(self, batch=None):
        """Return the derivatives of the outputs of every example, an array (b, K, P)."""
        return self._asked("jacobian", batch)

    def gauss_newton(self, batch=None):
        """Return H_0, a symmetric positive semi-definite array (P, P)."""
        return symmetric(self.operator("gauss_newton", batch) @ np.eye(self.size))

    def residual_hessian(self, batch=None):
        """Return H_1 = H - H_0, a symmetric array (P, P)."""
        return self.hessian(batch) - self.gauss_newton(batch)

    def hessian(self, batch=None):
        """Return H = H_0 + H_1, a symmetric array (P, P)."""
        return symmetric(self.operator("hessian", batch) @ np.eye(self.size))

    def operator(self, matrix="hessian", batch=None):
        """Return one of the three matrices as a scipy LinearOperator, which multiplies vectors and is never formed.

        Raises
        ------
        ValueError
            For another matrix.
        """
        check_matrix(matrix)
        if matrix == "residual_hessian":
            return self.operator("hessian", batch) - self.operator("gauss_newton", batch)

        def products(columns):
            return self._asked(matrix, batch, np.asarray(columns, dtype=float).reshape(self.size, -1).T).T

        def product(v):
            return products(v)[:, 0]

        shape = (self.size, self.size)
        return LinearOperator(shape, matvec=product, rmatvec=product, matmat=products, rmatmat=products, dtype=float)

    def _asked(self, what, batch, *directions):
        """Return what a compiled function of the parameters and a batch answers, in float64."""
        jax = _jax()
        inputs = self.inputs if batch is None else self.inputs[batch]
        with jax.enable_x64(True):
            answer = _compiled(self.function, self.criterion)[what](
                self.parameters, inputs, self._targets(batch), *directions
            )
            return jax.tree.map(lambda a: np.array(a, dtype=float), answer)


def _jax():
    """Return jax, or say how to install it."""
    try:
        import jax
    except ImportError:
        how = how_to_install("jax", "jax")
        raise ImportError(f"traced: expected jax, which takes derivatives of a function; {how}") from None
    return jax


@lru_cache(maxsize=32)
def _compiled(function, criterion):
    """Return what can be asked of a network, compiled when it is first asked for shapes."""
    jax = _jax()

    def one_loss(f, y):
        return -(y * jax.nn.log_softmax(f)).sum() if criterion == "entropy" else ((f - y) ** 2).sum() / 2

    def loss_of_outputs(f, y):
        return jax.vmap(one_loss)(f, y).mean()

    def loss(w, x, y):
        return loss_of_outputs(function(w, x), y)

    def alone(w, x, y):
        return loss(w, x[None], y[None])

    def hessian(w, x, y, v):
        return jax.jvp(jax.grad(lambda at: loss(at, x, y)), (w,), (v,))[1]

    def gauss_newton(w, x, y, v):
        f, back = jax.vjp(lambda at: function(at, x), w)
        along = jax.jvp(lambda at: function(at, x), (w,), (v,))[1]
        return back(jax.jvp(jax.grad(lambda at: loss_of_outputs(at, y)), (f,), (along,))[1])[0]

    def each(product):
        return lambda w, x, y, v: jax.lax.map(lambda one: product(w, x, y, one), v, batch_size=AT_ONCE)

    asked = {
        "outputs": lambda w, x, y: function(w, x),
        "loss and gradient": jax.value_and_grad(loss),
        "gradients": jax.vmap(jax.grad(alone), (None, 0, 0)),
        "jacobian": jax.vmap(jax.jacrev(lambda w, x, y: function(w, x[None])[0]), (None, 0, 0)),
        "hessian": each(hessian),
        "gauss_newton": each(gauss_newton),
    }
    return {name: jax.jit(f) for name, f in asked.items()}
