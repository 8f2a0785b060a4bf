"""Noise of batches: the identities hold for all batches of a small network, and planted noise is recovered."""

from itertools import combinations

import numpy as np
import pytest

from spinglass.figures.baskerville2022universal import noise
from spinglass.networks import Network


@pytest.fixture
def few(monkeypatch):
    """Return a network of 12 parameters with 6 examples, in place of that of the figure."""
    rng = np.random.default_rng(1)
    network = Network(rng.standard_normal(12), rng.standard_normal((6, 3)), rng.standard_normal((6, 1)), 3)
    basis = network, *np.linalg.eigh(network.hessian())
    monkeypatch.setattr(noise, "eigenbasis", lambda steps: basis)
    monkeypatch.setattr(noise, "digits", lambda steps: network)
    return basis


@pytest.mark.parametrize("size", [1, 2, 4])
def test_variances_of_the_noise_over_all_batches_are_those_of_single_examples(few, size):
    network, _, vectors = few
    spread, mean = noise.profile(0, 6), network.hessian()
    batches = [np.array(batch) for batch in combinations(range(6), size)]
    squares = np.mean([(vectors.T @ (network.hessian(batch) - mean) @ vectors) ** 2 for batch in batches], axis=0)
    np.testing.assert_allclose(squares, spread / noise.effective(size, 6), atol=1e-14)


def test_moments_of_seen_batches_are_traces(few):
    network = few[0]
    top, square, cube = noise.seen(0, 2, 5)
    for row, batch in enumerate(network.batches(2, 5, rng=2)):
        spectrum = np.linalg.eigvalsh(network.hessian(batch) - network.hessian())
        assert square[row] == pytest.approx(np.mean(spectrum**2)) and cube[row] == pytest.approx(np.mean(spectrum**3))
        assert top[row] == pytest.approx(network.eigenvalues("hessian", batch)[-1])


def test_model_of_one_variance_has_the_outlier_of_free_noise():
    n, size = 400, 16.0
    values = np.concatenate([np.zeros(n - 1), [3.0]])
    mean, error = noise.modelled(values, np.full((n, n), 4.0 / n * 1.0), size, 20)
    # kappa_2 = 4, s^2 = 1/16: theta + s^2 kappa_2/theta
    assert mean == pytest.approx(3.0 + 4.0 / 16 / 3, abs=4 * error + 0.01) and error < 0.03


def test_exponents_of_planted_powers_are_recovered():
    sizes = np.array(noise.SIZES)
    data = {"b": sizes, "effective": noise.effective(sizes, 1347)}
    rng = np.random.default_rng(2)
    for size, effective in zip(sizes, data["effective"], strict=True):
        scatter = 1 + 0.05 * rng.standard_normal((2, 50))
        data[f"seen trained {size}"] = np.vstack([np.ones(50), scatter * [[3 / effective], [2 * effective**-2.0]]])
    found = noise.exponents(data, "trained")
    assert np.all(np.abs(found[:, 0] - [1, 2]) < 4 * found[:, 1]) and np.all(found[:, 1] < 0.01)
