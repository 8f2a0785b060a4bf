"""Damping and steps on networks: the equivalent is that of free noise where it is flat, and knows a planted profile."""

import numpy as np
import pytest

from spinglass.figures.baskerville2022universal import trained
from spinglass.networks import LayeredNetwork
from spinglass.networks.layers import Activation, Dense
from spinglass.spectra import Semicircle
from spinglass.spectra.noise.damping import effective_damping, expected_best_step

SIZE = 80
VALUES = np.concatenate([np.linspace(0, 1, SIZE - 2), [3.0, 5.0]])
GRADIENT = VALUES * np.random.default_rng(1).standard_normal(SIZE)
DELTAS = np.array([1.0, 3.0])


def test_flat_noise_has_the_formulas_of_free_noise():
    spread, noise = np.full((SIZE, SIZE), 0.15 / SIZE), Semicircle(0.15)
    for delta in DELTAS:
        g, step = trained.equivalent(VALUES, spread, np.diag(VALUES), GRADIENT, delta)
        damping = effective_damping(delta, noise, bulk=VALUES)
        assert trained.damping_of(VALUES, g.mean()) == pytest.approx(damping, rel=1e-9)
        assert step == pytest.approx(expected_best_step(GRADIENT, np.diag(VALUES), delta, noise), rel=1e-9)
    g, step = trained.equivalent(VALUES, spread, np.diag(VALUES), GRADIENT, 0.3)  # below the edge of the noise
    assert np.isnan(g).all() and np.isnan(step)


@pytest.mark.parametrize("planted", ["profile", "flat"])
def test_planted_noise_is_told_by_its_profile(planted):
    rng, strength = np.random.default_rng(2), 0.3 + VALUES
    profile = 0.05 * np.outer(strength, strength) / SIZE
    spreads = trained.flat(profile), profile
    scale = np.sqrt(spreads[planted == "profile"])

    def sample():
        half = np.triu(rng.standard_normal((SIZE, SIZE)))
        noise = scale * (half + np.triu(half, 1).T)
        return np.diag(VALUES) + noise, noise

    samples = [sample() for _ in range(60)]
    table = trained.compared(VALUES, spreads, np.diag(VALUES), GRADIENT, samples, DELTAS)
    found, error, right, wrong = np.moveaxis(table, 1, 0)
    if planted == "profile":
        right, wrong = wrong, right
    # the equivalent leaves out terms of the relative order 1/n
    assert np.all(np.abs(found - right) < 4 * error + 3 * (1 - right) / SIZE)
    assert np.all(np.abs(found - wrong) > 4 * error)


def test_what_is_of_first_order_is_taken_off():
    rng = np.random.default_rng(3)
    half = rng.standard_normal((SIZE, SIZE))
    curvature, deviations = half @ half.T / SIZE, []
    for scale in (1e-3, 1e-4):
        noises = scale * (half + half.T), scale * half[0]  # a full one and a diagonal one
        for base, noise in zip((np.diag(VALUES), VALUES), noises, strict=True):
            found = trained.answers(VALUES, curvature, GRADIENT, [(base + noise, noise)], DELTAS)[:, 0]
            blind = [trained.equivalent(VALUES, np.zeros((SIZE, SIZE)), curvature, GRADIENT, d)[1] for d in DELTAS]
            deviations.append(np.abs(found - [DELTAS, blind]))
    for coarse, fine in zip(deviations[:2], deviations[2:], strict=True):
        np.testing.assert_allclose(coarse / fine, 100, rtol=0.1)


@pytest.fixture
def network():
    """Return one of 39 parameters with 300 examples."""
    rng = np.random.default_rng(4)
    layers, targets = (Dense(5, 4), Activation("tanh"), Dense(4, 3)), np.eye(3)[rng.integers(0, 3, 300)]
    w = rng.standard_normal(39)
    return LayeredNetwork(w, rng.standard_normal((300, 5)), targets, layers, criterion="entropy")


def test_noise_along_a_direction_is_that_of_single_examples(network):
    mean, gradient = network.gauss_newton(), network.gradient()
    noises = np.array([network.gauss_newton([x]) - mean for x in range(300)])
    u = np.linalg.eigh(mean)[1][:, -1], gradient / np.linalg.norm(gradient)
    found = [np.mean(np.sum((noises @ v) ** 2, axis=1)) / (np.mean(np.sum(noises**2, axis=(1, 2))) / 39) for v in u]
    np.testing.assert_allclose(trained.directed(network), found, rtol=1e-10)


def test_diagonal_noise_of_batches_acts_entry_by_entry(network):
    rows = trained.roots(network)
    np.testing.assert_allclose(np.einsum("ikp,ikq->pq", rows, rows) / 300, network.gauss_newton(), atol=1e-14)
    table = trained.diagonal(network, (rows**2).sum(axis=1), 1.0, np.array([2.0]), 100)
    taken, _, flat, profile = 1 - table[1, 0, :, 0]
    assert taken == pytest.approx(profile, rel=0.1) and flat > 1.3 * profile  # the third moment is left out
