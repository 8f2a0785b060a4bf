"""The two parts of a Hessian: rotated ones are free, and scales are those of planted matrices."""

import numpy as np
import pytest

from spinglass import figures
from spinglass.figures.pennington2017 import freeness, parts, scales
from spinglass.networks.tasks import random_data
from spinglass.spectra import MarchenkoPastur, Semicircle, critical_energy, negative_fraction


def test_matrices_in_general_position_are_at_the_distance_of_the_noise():
    rng = np.random.default_rng(1)
    positive, growing = MarchenkoPastur(0.5).sample(100, rng), Semicircle(0.5).sample(100, rng)
    free = freeness.rotated(positive, growing, rng)
    noise = [freeness.distance(row, np.delete(free, i, axis=0)) for i, row in enumerate(free)]
    seen = freeness.distance(np.linalg.eigvalsh(positive + growing), free)
    assert seen < 1.5 * max(noise) and np.mean(noise) < 0.03
    # two that share their eigenvectors are far from it
    vectors = np.linalg.eigh(positive)[1]
    same = (vectors * np.linalg.eigvalsh(growing)[::-1]) @ vectors.T
    assert freeness.distance(np.linalg.eigvalsh(positive + same), free) > 4 * max(noise)


def test_rotated_sums_have_the_moments_of_free_ones():
    rng = np.random.default_rng(2)
    positive, growing = np.diag(rng.uniform(0, 2, 80)), np.diag(rng.standard_normal(80))
    free = freeness.rotated(positive, growing, rng)
    assert free.mean() == pytest.approx((positive.trace() + growing.trace()) / 80)
    expected = np.mean(positive.diagonal() ** 2) + np.mean(growing.diagonal() ** 2)
    mixed = 2 * positive.diagonal().mean() * growing.diagonal().mean()
    assert np.mean(free**2) == pytest.approx(expected + mixed, abs=0.05)


def test_networks_are_less_free_the_lower_they_are():
    data = figures.data("pennington2017-7", quick=True)
    for units in freeness.UNITS:
        for name in freeness.RATIOS:
            energy, apart, noise, negative, free = data[f"{units} {name}"].mean(axis=0).T
            assert np.all(np.diff(energy) < 0) and apart[-1] > 3 * noise[-1] and apart[-1] > apart[0]
            assert negative[-1] < free[-1] / 1.5


def test_scaled_energy_of_wishart_plus_wigner_is_its_energy():
    phi, energy, scale, n = 0.5, 0.3, 2.5, 600
    rng = np.random.default_rng(3)
    positive = scale * MarchenkoPastur(phi).sample(n, rng)
    residual = scale * np.sqrt(2 * energy) * Semicircle().sample(n, rng)
    index = np.mean(np.linalg.eigvalsh(positive + residual) < 0)
    row = np.array([[0.7], [index], [positive.trace() / n], [np.sum(residual**2) / n]])
    _, _, (scaled,) = scales.of_ratio({"points 1/2 0": row}, "1/2")
    assert scaled == pytest.approx(energy, rel=0.02)
    assert index == pytest.approx(negative_fraction(phi, scaled), abs=0.01)


def test_networks_lose_stability_far_below_the_scaled_critical_energy():
    # three runs, each of which keeps its points: the scales differ between points by orders of magnitude
    found = random_data.critical_points(1 / 4, 6, 12, seed=1)
    data = {"points 1/4 0": np.stack([found[name] for name in scales.COLUMNS])}
    _, index, scaled = scales.of_ratio(data, "1/4")
    unstable = index > 0
    assert unstable.any() and np.median(scaled[unstable & (index < 0.1)]) < critical_energy(1 / 4) / 2


def test_a_planted_scale_of_the_gap_is_fitted_and_a_wrong_law_refused():
    shares, rng = np.array(parts.SHARES), np.random.default_rng(4)
    data: dict = {"1/phi networks": shares}
    for share in shares:
        edge = (1 - share**-0.5) ** 2 if share <= 12 else 0.4
        data[f"gap and zeros {share}"] = edge * (0.1 + 0.02 * rng.standard_normal((200, 2)))
    scale, error, rest, free = parts.fitted_scale(data, 12)
    assert abs(scale - 0.1) < 4 * error and error < 0.002 and free == 5 and rest < 20.5  # one in a thousand
    assert parts.fitted_scale(data, 32)[2] > 100
