"""Gaussian surfaces: covariances against quadrature over a spectral representation, spectra of the ensembles."""

import itertools

import numpy as np
import pytest

from spinglass.spectra.levels.ensembles import MEAN_RATIO
from spinglass.spectra.levels.spacings import spacing_ratios
from spinglass.spectra.semicircle import Semicircle
from spinglass.spectra.surfaces.gaussian_surface import (
    gradient_correlation,
    gradient_covariance,
    sample_surface_hessian,
)


def frequencies(nodes=40):
    """Return nodes and weights of two independent standard normals.

    L(w) = sqrt 2 cos(omega w + phase) with a random phase has covariance exp(-|u|^2/2), k = exp.
    """
    x, weight = np.polynomial.hermite_e.hermegauss(nodes)
    pairs = np.array(list(itertools.product(x, x)))
    return pairs, np.outer(weight, weight).ravel() / weight.sum() ** 2


def test_gradient_covariance_from_random_waves():
    omega, weight = frequencies()
    for u in (np.zeros(2), np.array([0.7, -0.2]), np.array([1.5, 1.0])):
        expected = np.einsum("n,ni,nj,n->ij", weight, omega, omega, np.cos(omega @ u))
        np.testing.assert_allclose(gradient_covariance(u, np.exp, np.exp), expected, atol=1e-12)


def test_hessian_covariance_from_random_waves():
    # the Hessian of a wave is -omega omega^T times the wave: covariances are fourth moments of omega
    omega, weight = frequencies()
    fourth = np.einsum("n,ni,nj,nk,nl->ijkl", weight, omega, omega, omega, omega)
    rng, draws = np.random.default_rng(1), 4_000
    hessians = np.array([sample_surface_hessian(2, 1.0, rng=rng) for _ in range(draws)])
    sampled = np.einsum("nij,nkl->ijkl", hessians, hessians) / draws
    deviation = np.sqrt(np.einsum("nij,nkl->ijkl", hessians**2, hessians**2) / draws - sampled**2) / np.sqrt(draws)
    assert np.all(np.abs(sampled - fourth) < 4 * deviation)


def test_hessian_at_a_value_of_the_loss_is_that_of_regression():
    # joint covariances of L and H from waves of two lengths: k(s) = (e^s + e^4s)/2, k' = 5/2, k'' = 17/2, k = 1
    omega, weight = frequencies()
    second = np.einsum("n,ni,nj->ij", weight, omega, omega) * (1 + 4) / 2  # -Cov(L, H)
    fourth = np.einsum("n,ni,nj,nk,nl->ijkl", weight, omega, omega, omega, omega) * (1 + 16) / 2
    energy, rng, draws = -1.5, np.random.default_rng(2), 4_000
    hessians = [sample_surface_hessian(2, 8.5, energy=energy, slope=2.5, rng=rng) for _ in range(draws)]
    mean, rest = -second * energy, hessians - np.mean(hessians, axis=0)
    scatter = np.std(hessians, axis=0) / np.sqrt(draws)
    assert np.all(np.abs(np.mean(hessians, axis=0) - mean) < 4 * scatter)
    expected = fourth - np.einsum("ij,kl->ijkl", second, second)
    products = np.einsum("nij,nkl->nijkl", rest, rest)
    assert np.all(np.abs(products.mean(axis=0) - expected) < 4 * products.std(axis=0) / np.sqrt(draws))


def test_gradients_decorrelate_with_distance():
    r = np.linspace(0, 3, 7)
    along, across = gradient_correlation(r, np.exp, np.exp)
    for distance, a, b in zip(r, along, across, strict=True):
        np.testing.assert_allclose(np.diag(gradient_covariance([distance, 0.0], np.exp, np.exp)), [a, b], atol=1e-15)
    assert along.min() < 0 and np.all(np.diff(across) < 0)


@pytest.mark.parametrize("curvature", [1e-4, 10.0])
def test_spectrum_is_a_shifted_semicircle(curvature):
    hessian = sample_surface_hessian(400, curvature, rng=2)
    values = np.linalg.eigvalsh(hessian)
    law = Semicircle(variance=400 * curvature, mean=np.mean(values))
    assert np.abs(law.cdf(values) - (np.arange(400) + 0.5) / 400).max() < 0.015
    assert spacing_ratios(values).mean() == pytest.approx(MEAN_RATIO["goe"], abs=0.04)
    levels = [np.trace(sample_surface_hessian(50, curvature, rng=seed)) / 50 for seed in range(300)]
    # sqrt(k'')(zeta + tr Q/N), of variance k''(1 + 2/N)
    assert np.var(levels) == pytest.approx(curvature * 1.04, rel=0.25)


def test_flat_directions_and_spikes():
    n, flat, curvature = 500, 100, 1e-3
    spikes = np.array([5.0, 8.0, -6.0])
    hessian = sample_surface_hessian(n, curvature, flat=flat, spikes=spikes, rng=3)
    np.testing.assert_array_equal(hessian, hessian.T)
    values = np.linalg.eigvalsh(hessian)
    assert np.sum(np.abs(values) < 1e-12) == flat
    shift = np.median(values[np.abs(values) > 1e-12][1:-2])
    expected = spikes + curvature * (n - flat) / spikes + shift
    np.testing.assert_allclose(values[[-2, -1, 0]], expected, atol=0.2)
    assert spacing_ratios(values).size == n - flat - 2
    assert spacing_ratios(values).mean() == pytest.approx(MEAN_RATIO["goe"], abs=0.04)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: gradient_covariance([[1.0]], np.exp, np.exp), ValueError, "displacement: expected a vector"),
        (lambda: gradient_covariance([np.nan], np.exp, np.exp), ValueError, "displacement: expected finite"),
        (lambda: gradient_correlation(-1.0, np.exp, np.exp), ValueError, "distance: expected non-negative"),
        (lambda: sample_surface_hessian(0), ValueError, "n: expected an integer of at least 1"),
        (lambda: sample_surface_hessian(5, 0.0), ValueError, "curvature: expected a positive"),
        (lambda: sample_surface_hessian(5, flat=5), ValueError, "flat, spikes: expected at most 5"),
        (lambda: sample_surface_hessian(5, flat=3, spikes=[1, 2, 3]), ValueError, "flat, spikes: expected at most 5"),
        (lambda: sample_surface_hessian(5, spikes=[np.inf]), ValueError, "spikes: expected finite"),
        (lambda: sample_surface_hessian(5, 1.0, slope=-1.1), ValueError, "slope: expected at most the root"),
        (lambda: sample_surface_hessian(5, energy=np.nan), ValueError, "energy: expected finite"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
