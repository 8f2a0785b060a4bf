"""Damping: closed forms, the fixed point against the noisy spectrum, and sampled matrices."""

import numpy as np
import pytest

from spinglass.spectra.laws.products import WignerProduct, WishartProduct
from spinglass.spectra.noise.damping import best_step, effective_damping, expected_best_step
from spinglass.spectra.semicircle import Semicircle

NOISES = [(Semicircle(), 0.3, 1.0), (WishartProduct(0.5), 0.5, 0.3), (WignerProduct(0.7), 0.3, 1.0)]
any_noise = pytest.mark.parametrize(("noise", "scale", "delta"), NOISES, ids=str)


def test_wigner_noise_on_a_semicircle_in_closed_form():
    # A of variance v, B of v + s^2: delta - s^2 |g_B(-delta)|
    delta = np.array([2.5, 3.0, 10.0])
    variance = 0.8 + 0.36
    g = (delta - np.sqrt(delta**2 - 4 * variance)) / (2 * variance)
    from_bulk = effective_damping(delta, Semicircle(), bulk=Semicircle(0.8), scale=0.6)
    from_noisy = effective_damping(delta, Semicircle(), noisy=Semicircle(variance), scale=0.6)
    np.testing.assert_allclose(from_bulk, delta - 0.36 * g, rtol=1e-12)
    np.testing.assert_allclose(from_noisy, delta - 0.36 * g, rtol=1e-12)


@any_noise
def test_bilinear_forms_steps_and_both_ways_to_the_damping(noise, scale, delta):
    n, rng = 500, np.random.default_rng(2)
    bulk = WishartProduct(0.5)
    hessian = bulk.sample(n, rng)
    gradient = hessian @ rng.standard_normal(n) / np.sqrt(n)
    damping = effective_damping(delta, noise, bulk=np.linalg.eigvalsh(hessian), scale=scale)
    assert damping == pytest.approx(effective_damping(delta, noise, bulk=bulk, scale=scale), abs=2e-3)
    forms, steps, seen = [], [], []
    for _ in range(6):
        noisy = hessian + scale * noise.sample(n, rng)
        seen.append(effective_damping(delta, noise, noisy=np.linalg.eigvalsh(noisy), scale=scale))
        matrix = noisy + delta * np.eye(n)
        forms.append(gradient @ np.linalg.solve(matrix, gradient))
        steps.append(best_step(gradient, hessian, matrix))
    assert np.mean(seen) == pytest.approx(damping, abs=2e-3)
    expected = gradient @ np.linalg.solve(hessian + damping * np.eye(n), gradient)
    blind = gradient @ np.linalg.solve(hessian + delta * np.eye(n), gradient)
    assert np.mean(forms) == pytest.approx(expected, rel=0.02)
    assert abs(np.mean(forms) - expected) < 0.5 * abs(np.mean(forms) - blind)
    assert np.mean(steps) == pytest.approx(expected_best_step(gradient, hessian, delta, noise, scale), rel=0.02)


def test_best_step_minimises_a_quadratic_loss():
    rng = np.random.default_rng(1)
    hessian = WishartProduct(0.5).sample(20, rng)
    place, preconditioner = rng.standard_normal(20), hessian + np.eye(20)
    gradient = hessian @ place
    step = best_step(gradient, hessian, preconditioner)

    def loss(eta):
        there = place - eta * np.linalg.solve(preconditioner, gradient)
        return there @ hessian @ there / 2

    assert loss(step) < min(loss(0.999 * step), loss(1.001 * step))


def test_deterministic_step_of_wigner_noise_by_the_written_formula():
    hessian, gradient, delta, s = np.diag([1.0, 2.0, 5.0]), np.array([1.0, -1.0, 2.0]), 1.5, 0.4
    damping = effective_damping(delta, Semicircle(), bulk=[1.0, 2.0, 5.0], scale=s)
    pi = np.linalg.inv(hessian + damping * np.eye(3))
    assert damping == pytest.approx(delta - s**2 * np.trace(pi) / 3, rel=1e-12)
    shift = s**2 * np.trace(pi @ hessian @ pi) / 3 / (1 - s**2 * np.trace(pi @ pi) / 3)
    expected = gradient @ pi @ gradient / (gradient @ (pi @ hessian @ pi + shift * pi @ pi) @ gradient)
    assert expected_best_step(gradient, hessian, delta, Semicircle(), s) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: effective_damping(1.0, Semicircle()), TypeError, "expected exactly one"),
        (lambda: effective_damping(1.0, Semicircle(), bulk=[1.0], noisy=[1.0]), TypeError, "expected exactly one"),
        (lambda: effective_damping(1.0, Semicircle(), bulk=Semicircle()), ValueError, "delta: expected more than 2.8"),
        (lambda: effective_damping(1.0, Semicircle(), noisy=Semicircle()), ValueError, "delta: expected more than 2,"),
        (lambda: effective_damping(np.nan, Semicircle(), bulk=[1.0]), ValueError, "delta: expected finite"),
        (lambda: best_step([1.0], np.eye(2), np.eye(2)), ValueError, "square matrix of its size"),
        (lambda: best_step([1.0, 0.0], np.ones((2, 3)), np.eye(2)), ValueError, "square matrix of its size"),
        (lambda: best_step([1.0, 0.0], [[1.0, 2.0], [0.0, 1.0]], np.eye(2)), ValueError, "symmetric"),
        (lambda: best_step([1.0, 0.0], -np.eye(2), np.eye(2)), ValueError, "the loss rises"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
