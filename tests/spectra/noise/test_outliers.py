"""Outliers: closed forms, sampled matrices, the edge they vanish at, and the two-cumulant fit."""

import numpy as np
import pytest

from spinglass.spectra.free.inverse import Outside
from spinglass.spectra.law import Law
from spinglass.spectra.laws.percolated import PercolatedWigner
from spinglass.spectra.laws.products import WignerProduct, WishartProduct
from spinglass.spectra.noise.batch_outliers import batch_outlier, fit_outliers
from spinglass.spectra.noise.outliers import outlier, outlier_overlap
from spinglass.spectra.semicircle import Semicircle


def test_semicircle_noise_in_closed_form():
    theta = np.array([-5.0, -1.2, 0.9, 1.5, 40.0])
    np.testing.assert_allclose(outlier(theta, Semicircle(), scale=0.8), theta + 0.64 / theta, rtol=1e-14)
    np.testing.assert_allclose(outlier_overlap(theta, Semicircle(), scale=0.8), 1 - 0.64 / theta**2, rtol=1e-12)


def test_semicircle_bulk_under_semicircle_noise_is_one_semicircle():
    # a spike of B = A + sX over variance v: theta -> theta + s^2 g; g of the semicircle in closed form
    bulk, theta = Semicircle(0.5), np.array([1.8, -2.5])
    g = theta - np.sign(theta) * np.sqrt(theta**2 - 2)
    np.testing.assert_allclose(outlier(theta, Semicircle(), bulk, 0.7), theta + 0.49 * g, rtol=1e-13)
    # none inside: the edge of the sum, of variance 0.5 + 0.49
    np.testing.assert_allclose(
        outlier([1.45, 0.3, -1.45], Semicircle(), bulk, 0.7), np.sqrt(0.99) * np.array([2, 2, -2]), rtol=1e-9
    )
    assert np.all(outlier_overlap([1.45, 0.3, -1.45], Semicircle(), bulk, 0.7) == 0)


def test_r_transform_of_marchenko_pastur_by_inversion():
    law = WishartProduct(0.4)
    for g in (-3.0, -0.5, 1e-3, 0.3, 0.9):
        assert law.r_transform(g) == pytest.approx(1 / (1 - 0.4 * g), abs=1e-11)
        assert law.stieltjes(Outside.of(law).inverse(np.array([g]))[0]).real == pytest.approx(g, rel=1e-12)
    assert law.r_transform(0.0) == pytest.approx(1.0, abs=1e-12)
    with pytest.raises(ValueError, match="g: expected a value of G beyond the support"):
        law.r_transform(5.0)


def test_a_law_may_know_its_r_transform():
    class Known(Semicircle):
        def r_transform(self, g):
            return self.mean + self.variance * g

    theta = [1.3, 0.2, -4.0]
    np.testing.assert_allclose(outlier(theta, Known(2.0)), outlier(theta, Semicircle(2.0)), rtol=1e-12)
    np.testing.assert_allclose(outlier_overlap(theta, Known(2.0)), outlier_overlap(theta, Semicircle(2.0)), atol=1e-9)


def test_a_law_with_an_atom_at_its_end_is_noise_as_well():
    # Marchenko-Pastur with R = 1/(1 - 3g): its atom at 0 lies below the bulk, where G has no bound
    theta, bulk = -1.0, Semicircle(0.1)
    expected = theta + 1 / (1 - 3 * bulk.stieltjes(theta).real)
    assert outlier(theta, WishartProduct(3.0), bulk) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("noise", "bulk", "scale", "spikes"),
    [
        (Semicircle(), None, 1.0, [2.5, -1.8]),
        (WishartProduct(0.5), Semicircle(0.3), 0.8, [3.0, -1.8]),
        (WignerProduct(0.6), WishartProduct(0.4), 0.9, [5.0, -1.5]),
        (PercolatedWigner(0.5), Semicircle(0.2), 1.0, [2.0, -2.0]),
    ],
    ids=str,
)
def test_sampled_matrices(noise, bulk, scale, spikes):
    n, rng = 700, np.random.default_rng(1)
    places, overlaps = [], []
    for _ in range(4):
        matrix = np.zeros((n, n))
        matrix[2:, 2:] = 0 if bulk is None else bulk.sample(n - 2, rng)
        matrix[:2, :2] = np.diag(spikes)
        rotation = np.linalg.qr(rng.standard_normal((n, 2)))[0]
        # a random plane for the spikes: noise with zero rows is not in general position to unit vectors
        reflection = np.linalg.qr(np.c_[rotation, rng.standard_normal((n, n - 2))])[0]
        values, vectors = np.linalg.eigh(reflection @ matrix @ reflection.T + scale * noise.sample(n, rng))
        spike_vectors = reflection[:, :2]
        places.append(values[[-1, 0]])
        overlaps.append([(vectors[:, -1] @ spike_vectors[:, 0]) ** 2, (vectors[:, 0] @ spike_vectors[:, 1]) ** 2])
    np.testing.assert_allclose(np.mean(places, axis=0), outlier(spikes, noise, bulk, scale), atol=0.06)
    np.testing.assert_allclose(np.mean(overlaps, axis=0), outlier_overlap(spikes, noise, bulk, scale), atol=0.04)


@pytest.mark.parametrize("noise", [Semicircle(), WishartProduct(0.3), WignerProduct(0.5)], ids=str)
def test_the_outlier_leaves_the_edge_continuously(noise):
    bulk = Semicircle(0.4)
    theta = np.linspace(bulk.support[0, 1] + 1e-3, 3, 60)
    place, overlap = outlier(theta, noise, bulk), outlier_overlap(theta, noise, bulk)
    assert np.all(np.diff(place) >= -1e-9) and np.all(np.diff(overlap) >= -1e-9)
    assert np.all((overlap >= 0) & (overlap <= 1)) and overlap[0] == 0 < overlap[-1]
    slope = (outlier(2.001, noise, bulk) - outlier(1.999, noise, bulk)) / 0.002
    assert outlier_overlap(2.0, noise, bulk) == pytest.approx(slope, abs=1e-6)


def test_a_multiple_of_the_identity_is_a_shift():
    class Identity(Law):
        support, atoms = np.empty((0, 2)), ((1.0, 1.0),)

        def upper(self, z):
            on = z == 1
            distance = np.where(on, 1.0, z - 1)
            return np.log(distance), np.where(on, np.inf, 1 / distance)

    np.testing.assert_allclose(outlier([3.0, 0.5, -2.5], Identity(), Semicircle(), 2.0), [5.0, 4.0, -0.5], rtol=1e-9)
    np.testing.assert_allclose(outlier_overlap([3.0, 0.5], Identity(), Semicircle(), 2.0), [1, 0])


def test_a_gap_may_hold_an_outlier():
    # eigenvalues of A as a list: two heaps and a spike between
    heaps = np.r_[np.linspace(-5.1, -4.9, 200), np.linspace(4.9, 5.1, 200)]
    assert outlier_overlap(0.5, Semicircle(), heaps, 0.5) > 0.95
    assert outlier(0.5, Semicircle(), heaps, 0.5) == pytest.approx(0.5 + 0.25 * np.mean(1 / (0.5 - heaps)), rel=1e-12)


def test_two_cumulants_are_the_expansion_of_the_outlier():
    noise = WishartProduct(0.3)  # free cumulants 1, 0.3, 0.09; its mean shifts everything
    for batch, theta in ((1e2, 4.0), (1e4, 4.0)):
        exact = outlier(theta, noise, scale=batch**-0.5) - batch**-0.5
        assert batch_outlier(theta, 0.3, 0.09, batch) == pytest.approx(exact, abs=0.03 / batch**2)


def test_fit_recovers_what_was_put_in_within_its_intervals():
    batches, rng = np.repeat([4, 8, 16, 32, 64, 128, 256], 3), np.random.default_rng(3)
    truth = np.array([9.0, 6.0, 4.0, 7.0, -11.0])  # three spikes, kappa2, kappa3
    clean = batch_outlier(truth[:3], truth[3], truth[4], batches[:, None])
    inside = []
    for _ in range(60):
        fit = fit_outliers(batches, clean + 0.05 * rng.standard_normal(clean.shape))
        low, high = fit.intervals(0.9).T
        inside.append((low <= truth) & (truth <= high))
        assert fit.residual == pytest.approx(0.05, rel=0.4)
    coverage = np.mean(inside)  # 300 intervals: 0.9 +- 0.017, correlated within a fit
    assert 0.8 < coverage < 0.97


@pytest.mark.parametrize(("kind", "third"), [("Wigner", 0.0), ("Wishart", 2.0)])
def test_fit_returns_the_cumulants_of_sampled_noise_within_its_intervals(kind, third):
    n, batches, rng = 100, np.array([2, 3, 4, 8, 16]), np.random.default_rng(3)
    truth, low_rank = np.array([9.0, 6.0, 2.0, third]), np.diag(np.r_[9.0, 6.0, np.zeros(n - 2)])

    def top(batch):
        if kind == "Wigner":
            half = rng.standard_normal((n, n))
            noise = (half + half.T) / n**0.5
        else:
            half = rng.standard_normal((n, 2 * n))
            noise = half @ half.T / n - 2 * np.eye(n)
        return np.linalg.eigvalsh(low_rank + noise / batch**0.5)[:-3:-1]

    inside, fitted = [], []
    for _ in range(60):
        fit = fit_outliers(batches, [top(b) for b in batches], batches[:, None] ** -0.5)
        low, high = fit.intervals(0.9).T
        inside.append((low <= truth) & (truth <= high))
        fitted.append([*fit.spikes, fit.kappa2, fit.kappa3])
    # 60 intervals of each: 0.9 +- 0.039
    assert np.all(np.mean(inside, axis=0) > 0.78) and np.mean(inside) < 0.98
    assert np.all(np.abs(np.mean(fitted, axis=0) - truth) < 4 * np.std(fitted, axis=0) / 60**0.5)


def test_errors_weigh_what_is_fitted():
    batches = np.array([4, 8, 16, 32, 64, 128])
    measured = batch_outlier([9.0, 6.0], 7.0, -11.0, batches[:, None])
    measured[0] += 0.5
    errors = np.r_[1e6, np.ones(5)][:, None]
    fit = fit_outliers(batches, measured, errors)
    np.testing.assert_allclose([*fit.spikes, fit.kappa2, fit.kappa3], [9, 6, 7, -11], rtol=1e-4)
    tenfold = fit_outliers(batches, measured, 10 * errors)
    np.testing.assert_allclose(tenfold.covariance, fit.covariance, rtol=1e-3)  # a common factor does not matter
    assert tenfold.residual == pytest.approx(fit.residual / 10, rel=1e-3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: outlier(1.0, "wigner"), TypeError, "noise: expected a spectral law"),
        (lambda: outlier(1.0, Semicircle(), scale=0.0), ValueError, "scale: expected a positive"),
        (lambda: outlier(np.nan, Semicircle()), ValueError, "spike: expected finite"),
        (lambda: outlier(1.0, Semicircle(), bulk=[]), ValueError, "bulk: expected a law or a non-empty array"),
        (lambda: outlier(1.0, Semicircle(), bulk=[np.nan]), ValueError, "bulk: expected finite"),
        (lambda: batch_outlier(0.0, 1.0, 1.0, 4), ValueError, "expected spikes other than 0"),
        (lambda: fit_outliers([4, 8], [[1.0], [2.0]]), ValueError, "expected more than 3 numbers"),
        (lambda: fit_outliers([4, 8], [1.0, 2.0, 3.0]), ValueError, "outliers: expected shape"),
        (lambda: fit_outliers([4, -8], np.ones((2, 5))), ValueError, "expected positive batch sizes"),
        (lambda: fit_outliers([4, 8], np.ones((2, 5)), 0.0), ValueError, "errors: expected positive"),
        (lambda: fit_outliers([4, 8], np.ones((2, 5)), np.ones(3)), ValueError, "outliers, errors: expected shapes"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


# -- what no float can hold ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        (2.0, np.nan, 0.5, 4),
        (2.0, 1.0, np.nan, 4),
        (2.0, np.inf, 0.5, 4),
        (2.0, "1", 0.5, 4),
        (1e-200, 1.0, 0.5, 4),
        (2.0, 1.0, 0.5, 1e-300),
        (2.0, 1.0, [0.1, 0.2], [1, 2, 3]),
    ],
)
def test_the_outlier_of_a_batch_is_a_number_or_refused(arguments):
    with pytest.raises((ValueError, TypeError)) as caught:
        batch_outlier(*arguments)
    assert "\n" not in str(caught.value)


def test_a_spike_without_an_outlier_sticks_to_the_edge_on_its_side_of_the_middle():
    """In the bulk [-1, 3], of middle 1, with noise of variance 3: the spectrum ends at -3 and 5."""
    bulk = Semicircle(variance=1.0, mean=1.0)
    spikes = np.array([-0.9, 0.0, 0.9, 1.1, 2.0, 2.9])
    places = outlier(spikes, Semicircle(variance=3.0), bulk)
    np.testing.assert_allclose(places, [-3, -3, -3, 5, 5, 5], atol=1e-7)
    np.testing.assert_array_equal(outlier_overlap(spikes, Semicircle(variance=3.0), bulk), 0)
