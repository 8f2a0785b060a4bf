"""From outliers to spikes: the inverse of outlier, closed forms, and errors that matrices have."""

import numpy as np
import pytest

import spinglass as sg

S = sg.spectra


@pytest.mark.parametrize(
    ("noise", "bulk", "scale"),
    [
        (S.Semicircle(0.5), None, 1.0),
        (S.MarchenkoPastur(0.5) - 1.0, None, 0.7),
        (S.Semicircle(), S.Semicircle(0.2), 0.5),
        (S.MarchenkoPastur(0.5) - 1.0, [0.0, 0.5, -0.5], 1.0),
    ],
)
def test_spikes_are_found_from_the_places_of_their_outliers(noise, bulk, scale):
    spikes = np.array([[2.5, 4.0], [-3.0, 7.0]])
    places = S.outlier(spikes, noise, bulk, scale)
    found = S.spike(places, noise, bulk, scale, error=0.1)
    np.testing.assert_allclose(found.values, spikes, rtol=1e-7)
    overlaps = S.outlier_overlap(spikes, noise, bulk, scale)
    np.testing.assert_allclose(found.overlaps, overlaps, rtol=1e-6)
    np.testing.assert_allclose(found.errors, 0.1 / overlaps, rtol=1e-6)


def test_spikes_of_a_covariance_in_closed_form():
    """Baik, Silverstein for the place, Paul for the overlap: l + r l/(l - 1), (1 - r/(l - 1)^2)/(1 + r/(l - 1))."""
    ratio, spikes = 0.5, np.array([2.0, 4.0, 9.0])
    places = spikes * (1 + ratio / (spikes - 1))
    found = S.spike(places, S.MarchenkoPastur(ratio), kind="multiplicative", error=1.0)
    np.testing.assert_allclose(found.values, spikes, rtol=1e-10)
    np.testing.assert_allclose(found.overlaps, (1 - ratio / (spikes - 1) ** 2) / (1 + ratio / (spikes - 1)), rtol=1e-8)
    np.testing.assert_allclose(found.errors, 1 / (1 - ratio / (spikes - 1) ** 2), rtol=1e-8)


@pytest.mark.parametrize(("kind", "truth"), [("additive", 2.0), ("multiplicative", 4.0)])
def test_errors_are_the_scatter_of_matrices(kind, truth):
    n, runs, places = 100, 80, []
    for i in range(runs):
        rng = np.random.default_rng(i)
        if kind == "additive":
            matrix = S.Semicircle().sample(n, rng)
            matrix[0, 0] += truth
        else:
            x = rng.standard_normal((n, 2 * n))
            x[0] *= np.sqrt(truth)
            matrix = x @ x.T / (2 * n)
        places.append(np.linalg.eigvalsh(matrix)[-1])
    noise = S.Semicircle() if kind == "additive" else S.MarchenkoPastur(0.5)
    found = S.spike(places, noise, kind=kind, n=n)
    ratio = found.values.std() / np.sqrt(np.mean(found.errors**2))
    assert abs(np.log(ratio)) < 4 / np.sqrt(2 * runs)
    assert abs(found.values.mean() - truth) < 4 * found.values.std() / np.sqrt(runs) + 5 / n


def test_a_fit_adds_the_errors_of_its_law():
    matrix = S.Semicircle().sample(100, rng=1)
    matrix[0, 0] += 3.0
    found = S.fit(np.linalg.eigvalsh(matrix), S.Semicircle, outliers=1, samples=29, rng=1)
    spikes, alone = found.spikes(), S.spike(found.outliers, found.law, n=100)
    np.testing.assert_array_equal(spikes.values, alone.values)
    assert alone.errors[0] < spikes.errors[0] < 1.5 * alone.errors[0]
    assert abs(spikes.values[0] - 3.0) < 4 * spikes.errors[0]
    apart = S.fit(found.eigenvalues[0], S.Semicircle, outliers=1, errors=None, spikes="apart")
    with pytest.raises(ValueError, match="got apart ones"):
        apart.spikes()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: S.spike(1.0, S.Semicircle()), "outlier: expected a place outside of -2 to 2, got 1"),
        (lambda: S.spike(1.0, S.MarchenkoPastur(0.5), kind="multiplicative"), "expected a place outside"),
        (lambda: S.spike(3.0, "x"), "noise: expected a spectral law"),
        (lambda: S.spike(3.0, S.Semicircle(), S.Semicircle(), n=10), "n: expected a spike without a bulk"),
        (lambda: S.spike(3.0, S.Semicircle(), error=-1.0), "error: expected one number >= 0"),
        (lambda: S.spike(3.0, S.Semicircle(), kind="other"), "kind: expected one of"),
        (lambda: S.spike(9.0, S.MarchenkoPastur(0.5), scale=2.0, kind="multiplicative"), "without bulk and scale"),
        (lambda: S.spike(np.nan, S.Semicircle()), "got nan"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
