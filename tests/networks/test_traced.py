"""Functions of jax as networks, an independent check of the derivatives of layers."""

import sys

import numpy as np
import pytest

from spinglass import networks
from spinglass.networks import Data
from spinglass.networks.layers import Activation, Dense, MeanPool, Patches, Reshape
from spinglass.networks.mean_loss import MATRICES

draw = np.random.default_rng(1)
INPUTS = draw.standard_normal((40, 16))
DATA = {
    "squares": Data((INPUTS, draw.standard_normal((40, 3))), image=(4, 4, 1)),
    "entropy": Data((INPUTS, draw.dirichlet(np.ones(3), 40)), criterion="entropy", image=(4, 4, 1)),
}
MADE = {
    "mlp": lambda data: networks.mlp(data, (4, 3), "softplus", rng=2),
    "convolutional": lambda data: networks.convolutional(data, (2, 2), rng=2),
    "residual": lambda data: networks.residual(data, 3, 2, rng=2),
}


def function_of(layers):
    """Return the function of jax that layers are, written by what jax itself has for each."""
    import jax
    import jax.numpy as jnp

    def one(layer, w, x):
        if isinstance(layer, Dense):
            matrix = w.reshape(layer.outputs, -1)
            return jnp.einsum("...i,oi->...o", x, matrix[:, : layer.inputs]) + matrix[:, -1]
        if isinstance(layer, Activation):
            return {"tanh": jnp.tanh, "softplus": jax.nn.softplus}[layer.name](x)
        if isinstance(layer, Reshape):
            return x.reshape(len(x), *layer.after)
        if isinstance(layer, Patches):
            size, pad = (layer.width,) * 2, ((layer.padding,) * 2,) * 2
            found = jax.lax.conv_general_dilated_patches(x.transpose(0, 3, 1, 2), size, (1, 1), pad)
            high, wide = found.shape[2:]  # channels come first here, pixels of the square there
            found = found.reshape(len(x), x.shape[-1], -1, high, wide).transpose(0, 3, 4, 2, 1)
            return found.reshape(len(x), high, wide, -1)
        assert isinstance(layer, MeanPool)
        window = (1, layer.width, layer.width, 1)
        return jax.lax.reduce_window(x, 0.0, jax.lax.add, window, window, "valid") / layer.width**2

    def function(w, x):
        values, start = [x], 0
        for i, layer in enumerate(layers):
            if layer.skip:
                values.append(values[i] + values[i - layer.skip])
            else:
                values.append(one(layer, w[start : start + layer.size], values[i]))
            start += layer.size
        return values[-1]

    return function


# jax compiles for seconds: each architecture and each criterion once
@pytest.mark.parametrize("name, criterion", [("mlp", "squares"), ("convolutional", "entropy"), ("residual", "entropy")])
def test_layers_have_the_derivatives_of_their_function(name, criterion):
    pytest.importorskip("jax", reason="pip install jax for the check of derivatives by another way")
    network = MADE[name](DATA[criterion])
    network = network.at(network.parameters + np.random.default_rng(3).standard_normal(network.size) / 3)
    other = networks.traced(DATA[criterion], function_of(network.layers), network.parameters)
    assert other.loss() == pytest.approx(network.loss(), rel=1e-14)
    for what in ("outputs", "gradient", "gradients", "jacobian", *MATRICES):
        np.testing.assert_allclose(getattr(other, what)(), getattr(network, what)(), rtol=0, atol=1e-13)
    batch, v = [0, 5, 9], np.random.default_rng(4).standard_normal(network.size)
    for matrix in MATRICES:
        found = other.operator(matrix, batch) @ v
        np.testing.assert_allclose(found, network.operator(matrix, batch) @ v, rtol=0, atol=1e-13)


def test_a_function_is_trained_as_layers_are():
    pytest.importorskip("jax", reason="pip install jax for networks that are functions")
    network = networks.mlp(DATA["squares"], (4,), rng=2)
    other = networks.traced(DATA["squares"], function_of(network.layers), network.parameters)
    ways = [networks.train(start, 20, 10, networks.Adam(), rng=1).parameters for start in (network, other)]
    np.testing.assert_allclose(*ways, atol=1e-10)
    ends = [networks.minimise(start, decay=0.1).loss() for start in (network, other)]
    assert ends[0] == pytest.approx(ends[1], rel=1e-8)


def test_outputs_of_another_shape_are_refused():
    pytest.importorskip("jax", reason="pip install jax for networks that are functions")
    with pytest.raises(ValueError, match=r"function: expected outputs of shape \(40, 3\), as targets, got \(40, 16\)"):
        networks.traced(DATA["squares"], lambda w, x: x * w, np.ones(16))


def test_missing_jax_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ImportError, match=r"traced: expected jax, .*pip install jax .*spinglass\[jax\]"):
        networks.traced(DATA["squares"], lambda w, x: x, np.ones(3))
