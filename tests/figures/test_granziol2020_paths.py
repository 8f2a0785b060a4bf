"""Ways between minima: what alignment may do, and barriers of planted landscapes."""

import numpy as np
import pytest

from spinglass.figures.granziol2020 import paths
from spinglass.networks import Network, digits
from spinglass.networks.perceptron import random_parameters


@pytest.fixture(scope="module")
def network():
    rng = np.random.default_rng(1)
    weights = random_parameters(6, 5, 3, bias=True, rng=rng) + 0.1 * rng.standard_normal(53)
    labels = np.eye(3)[rng.integers(3, size=20)]
    return Network(weights, rng.standard_normal((20, 6)), labels, criterion="entropy", hidden=5, bias=True)


def turned(network, order, signs):
    """Return the network with its hidden units in another order and with other signs."""
    first = network.parameters[: 5 * 7].reshape(5, 7)
    last = network.parameters[5 * 7 :].reshape(3, 6)
    moved = np.hstack([last[:, :5][:, order] * signs, last[:, 5:]])
    return network.at(np.concatenate([(signs[:, None] * first[order]).ravel(), moved.ravel()]))


def test_alignment_undoes_permutations_and_signs(network):
    other = turned(network, np.array([3, 0, 4, 1, 2]), np.array([1.0, -1.0, 1.0, -1.0, -1.0]))
    np.testing.assert_allclose(other.outputs(), network.outputs(), atol=1e-13)
    assert not np.allclose(other.parameters, network.parameters)
    np.testing.assert_allclose(paths.aligned(network, other), network.parameters, atol=1e-15)


def test_alignment_keeps_the_outputs_and_shortens_the_way(network):
    other = network.at(random_parameters(6, 5, 3, bias=True, rng=7))
    near = paths.aligned(network, other)
    np.testing.assert_allclose(network.at(near).outputs(), other.outputs(), atol=1e-13)
    nearest = np.linalg.norm(near - network.parameters)
    rng = np.random.default_rng(3)
    for _ in range(50):
        some = turned(other, rng.permutation(5), rng.choice([-1.0, 1.0], 5))
        assert nearest <= np.linalg.norm(some.parameters - network.parameters) + 1e-12


def test_gradient_of_what_is_lowered_is_that_of_its_differences(network):
    place, step = network.parameters, 1e-6 * np.random.default_rng(4).standard_normal(network.size)
    up, down = (paths.loss_and_gradient(network, place + sign * step)[0] for sign in (1, -1))
    assert up - down == pytest.approx(2 * paths.loss_and_gradient(network, place)[1] @ step, rel=1e-6)


def test_a_bend_never_raises_the_mean_loss_and_ends_where_it_should():
    start, end = (paths.minimum(3, seed, 100, 30) for seed in (0, 1))
    curve = paths.bezier(start, start.parameters, end.parameters, 10)
    np.testing.assert_array_equal(curve(0.0), start.parameters)
    np.testing.assert_array_equal(curve(1.0), end.parameters)
    straight = paths.bezier(start, start.parameters, end.parameters, 0)
    inner = slice(2, -1, 4)
    assert paths.losses(start, curve)[inner].mean() < paths.losses(start, straight)[inner].mean()


def test_barriers_are_heights_above_the_higher_end():
    t = paths.PLACES
    rows = np.array([t, 2 * t * (1 - t), np.zeros(len(t)), np.full(len(t), 0.25)])
    high, flat = paths.barriers({"widths": [2], "pairs": 1, "2 0": rows})
    assert high.ravel() == pytest.approx([0, 0.5, 0]) and flat.ravel() == [0.25]


def test_the_start_of_a_minimum_is_that_of_its_seed():
    assert digits("mlp", steps=0).size == paths.minimum(9, 0, 50, 0).size
    one, same, other = (paths.minimum(4, seed, 50, 5).parameters for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.allclose(one, other)
