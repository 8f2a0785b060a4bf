"""Networks of layers: exact derivatives against differences, closed forms and each other, for every architecture."""

import numpy as np
import pytest

from spinglass import networks
from spinglass.networks import Data, LayeredNetwork, Network
from spinglass.networks.layers import Activation, Dense, MeanPool, Patches, Reshape, Skip
from spinglass.networks.mean_loss import MATRICES

draw = np.random.default_rng(1)
INPUTS = draw.standard_normal((70, 16))
VALUES = Data((INPUTS, draw.standard_normal((70, 3))), image=(4, 4, 1))
CLASSES = Data((INPUTS, draw.dirichlet(np.ones(3), 70)), criterion="entropy", image=(4, 4, 1))

MADE = {
    "regression": lambda data: networks.mlp(data, hidden=(), rng=2),
    "no bias": lambda data: networks.mlp(data, hidden=(3, 2), bias=False, rng=2),
    **{name: (lambda data, a=name: networks.mlp(data, (3, 2), a, rng=2)) for name in ("tanh", "relu", "sigmoid")},
    "deep": lambda data: networks.mlp(data, (3, 3, 3), "softplus", rng=2),
    "convolutional": lambda data: networks.convolutional(data, (2, 2), rng=2),
    "residual": lambda data: networks.residual(data, 3, 2, rng=2),
    "mixed": lambda data: networks.of_layers(data, MIXED, rng=2),
}
#: A convolution without padding, and skips one after the other.
MIXED = [
    *(Reshape((16,), (4, 4, 1)), Patches(3), Dense(9, 2), Activation("tanh"), Reshape((2, 2, 2), (8,))),
    *(Dense(8, 4), Activation("softplus"), Dense(4, 4), Skip(2), Skip(2), Reshape((4,), (2, 2, 1)), MeanPool(2)),
    *(Reshape((1, 1, 1), (1,)), Dense(1, 3)),
]


@pytest.fixture(params=MADE)
def made(request):
    """Return a network away from its start, where no bias is 0."""
    network = MADE[request.param](CLASSES if request.param in ("tanh", "residual", "convolutional") else VALUES)
    return network.at(network.parameters + np.random.default_rng(3).standard_normal(network.size) / 3)


BATCH = np.array([0, 3, 4, 7, 11, 20])


def differences(function, network):
    """Return the central differences of a function of networks along every axis, their errors of fourth order."""
    w, step = network.parameters, 3e-5 if Activation("relu") in network.layers else 3e-4

    def slope(e):
        return (function(network.at(w + e)) - function(network.at(w - e))) / (2 * e.sum())

    return np.array([(4 * slope(e) - slope(2 * e)) / 3 for e in step * np.eye(len(w))])


def test_derivatives_agree_with_differences(made):
    np.testing.assert_allclose(made.gradient(BATCH), differences(lambda n: n.loss(BATCH), made), atol=1e-9)
    np.testing.assert_allclose(made.hessian(BATCH), differences(lambda n: n.gradient(BATCH), made), atol=1e-9)
    jacobian = differences(lambda n: n.outputs(BATCH), made).transpose(1, 2, 0)
    np.testing.assert_allclose(made.jacobian(BATCH), jacobian, atol=1e-9)


def test_gauss_newton_is_made_of_jacobians(made):
    f = made.outputs()
    curvature = np.broadcast_to(np.eye(3), (70, 3, 3))
    if made.criterion == "entropy":
        p = np.exp(f) / np.exp(f).sum(axis=1, keepdims=True)
        curvature = np.einsum("ik,kl->ikl", p, np.eye(3)) - p[:, :, None] * p[:, None, :]
    jacobian = made.jacobian()
    expected = np.einsum("ikp,ikl,ilq->pq", jacobian, curvature, jacobian) / 70
    np.testing.assert_allclose(made.gauss_newton(), expected, atol=1e-14)
    np.testing.assert_allclose(made.hessian(), expected + made.residual_hessian(), atol=1e-13)


def test_gradients_of_examples_have_the_mean_of_the_batch(made):
    gradients = made.gradients(BATCH)
    np.testing.assert_allclose(gradients.mean(axis=0), made.gradient(BATCH), atol=1e-15)
    np.testing.assert_allclose(gradients[2], made.gradient(BATCH[2:3]), atol=1e-15)


@pytest.mark.parametrize("matrix", MATRICES)
def test_products_are_those_of_the_matrix(made, matrix):
    # more examples than are taken at once
    dense, operator = getattr(made, matrix)(), made.operator(matrix)
    assert np.array_equal(dense, dense.T)
    columns = np.random.default_rng(4).standard_normal((made.size, 3))
    np.testing.assert_allclose(operator @ columns, dense @ columns, atol=1e-13)
    np.testing.assert_allclose(operator.T @ columns[:, 0], dense @ columns[:, 0], atol=1e-13)


@pytest.mark.parametrize("hidden, activation", [(0, "tanh"), (4, "tanh"), (4, "relu")])
@pytest.mark.parametrize("data", [VALUES, CLASSES], ids=["squares", "entropy"])
@pytest.mark.parametrize("bias", [False, True])
def test_one_hidden_layer_has_the_closed_form(hidden, activation, data, bias):
    network = networks.mlp(data, (hidden,) if hidden else (), activation, bias, rng=5)
    network = network.at(network.parameters + 0.1)
    closed = Network(network.parameters, *data.train, hidden, activation, bias, criterion=data.criterion)
    assert network.loss() == pytest.approx(closed.loss(), rel=1e-14)
    np.testing.assert_allclose(network.gradient(), closed.gradient(), atol=1e-14)
    for matrix in MATRICES:
        np.testing.assert_allclose(getattr(network, matrix)(), getattr(closed, matrix)(), atol=1e-14)


def test_a_convolution_is_the_sum_over_its_square():
    image, weights = np.arange(12.0).reshape(1, 3, 4, 1), np.arange(9.0)
    patches, dense = Patches(3, 1), Dense(9, 1, bias=False)
    found = dense.forward(weights, patches.linear(image))[0][0, :, :, 0]
    around = np.pad(image[0, :, :, 0], 1)
    expected = [[(around[i : i + 3, j : j + 3].ravel() @ weights) for j in range(4)] for i in range(3)]
    np.testing.assert_array_equal(found, expected)


def test_single_precision_computes_in_single_precision():
    network = networks.convolutional(CLASSES, (2, 2), rng=2)
    single = network.astype("float32")
    for matrix in MATRICES:
        rough = getattr(single, matrix)()
        assert rough.dtype == np.float32
        error = np.abs(rough - getattr(network, matrix)()).max()
        assert 1e-10 < error < 1e-6
    assert single.gradients().dtype == single.gradient().dtype == single.jacobian().dtype == np.float32


def test_layers_are_minimised_flattened_and_sampled_as_any_network():
    network = networks.mlp(CLASSES, (2, 2), rng=2)
    lowest = networks.minimise(network, decay=0.1, steps=500)
    assert np.abs(lowest.gradient() + 0.1 * lowest.parameters).max() < 1e-7
    assert lowest.eigenvalues()[0] > -0.1
    critical, norm = networks.flatten(lowest, tolerance=1e-20, steps=30)
    assert norm == critical.gradient() @ critical.gradient() < lowest.gradient() @ lowest.gradient()
    spectra = networks.batch_spectra(critical, 20, 3, rng=1)
    batch = critical.batches(20, 3, rng=1)[1]
    np.testing.assert_array_equal(spectra[1], np.linalg.eigvalsh(critical.hessian(batch)))


def test_relu_scales_are_flat_at_every_depth():
    # w_l -> c w_l, w_{l+1} -> w_{l+1} / c for every unit of every layer
    network = networks.mlp(VALUES, (4, 3), "relu", bias=False, rng=2)
    eigenvalues = network.eigenvalues("gauss_newton")
    assert np.all(np.abs(eigenvalues[:7]) < 1e-14)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: networks.mlp(VALUES, activation="sine"), "activation: expected one of tanh, relu"),
        (lambda: networks.convolutional(Data((INPUTS, INPUTS))), "data: expected images"),
        (lambda: networks.convolutional(VALUES, width=2), "width: expected an odd int"),
        (lambda: networks.convolutional(VALUES, (1, 1, 1)), "layers: expected images of multiples of 2"),
        (lambda: networks.of_layers(VALUES, [Dense(15, 3)]), "layers: expected 15 inputs"),
        (lambda: networks.of_layers(VALUES, [Dense(16, 2)]), "layers: expected 3 outputs"),
        (lambda: networks.of_layers(VALUES, [Reshape((16,), (5,))]), "layers: expected inputs of shape"),
        (lambda: networks.of_layers(VALUES, [Reshape((16,), (4, 4, 1)), Patches(7, 1)]), "layers: expected images of"),
        (lambda: networks.of_layers(VALUES, [Dense(16, 3), Skip(1)]), "layers: expected a skip over layers that keep"),
        (lambda: networks.of_layers(VALUES, [Skip(1), Dense(16, 3)]), "layers: expected a skip over layers that keep"),
        (lambda: LayeredNetwork(np.zeros(3), *VALUES.train, (Dense(16, 3),)), r"parameters: expected shape \(51,\)"),
        (
            lambda: LayeredNetwork(np.zeros(51), *VALUES.train, (Dense(16, 3),), criterion="hinge"),
            "criterion: expected",
        ),
        (lambda: networks.mlp(VALUES).operator("fisher"), "matrix: expected one of"),
        (lambda: Data((INPUTS, INPUTS[:3])), "inputs, targets: expected shapes"),
        (lambda: Data(VALUES.train, criterion="hinge"), "criterion: expected"),
        (lambda: Data(VALUES.train, image=(4, 4)), "image: expected"),
        (lambda: networks.data.digits(held_out=1797), r"held_out: expected an int in 0\.\.1796"),
    ],
)
def test_bad_input_is_one_clear_line(call, message):
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)
