"""Universal characteristics: outliers, batches, a parabola, damping; each formula against what is sampled."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from spinglass import figures
from spinglass.figures.baskerville2022universal import batches, preconditioning, spikes, trained
from spinglass.spectra.noise.batch_outliers import batch_outlier
from spinglass.spectra.noise.outliers import outlier, outlier_overlap

sys.path.insert(0, str(Path(__file__).parent))
pictures = import_module("_pictures")

NAMES = figures.names("baskerville2022universal")


@pytest.fixture(scope="module")
def computed():
    """Return the drawn numbers of all figures in quick mode."""
    pytest.importorskip("sklearn", reason="needs the images of the digits")
    return {name: figures.data(name, quick=True) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_readable(computed, name):
    pictures.assert_readable(figures.recipe(name), computed[name])


def test_noises_differ_in_skewness_only():
    for name, third in {"centred Wishart": 0.5**0.5, "Wigner": 0.0, "skewed to the left": -1.25}.items():
        values = spikes.NOISES[name].quantile((np.arange(4000) + 0.5) / 4000)
        np.testing.assert_allclose([np.mean(values**k) for k in (1, 2, 3)], [0, 1, third], atol=1e-4)


def test_outliers_are_where_the_noise_sends_them(computed):
    data = computed["baskerville2022universal-1"]
    theta = data["theta"]
    np.testing.assert_allclose(data["outlier Wigner"], np.where(theta > 1, theta + 1 / theta, 2.0), atol=1e-8)
    np.testing.assert_allclose(data["overlap Wigner"], np.maximum(1 - 1 / theta**2, 0), atol=1e-8)
    wishart, wigner, left = (data[f"outlier {name}"] for name in spikes.NOISES)
    assert np.all(wishart > wigner) and np.all(wigner > left) and np.all(left > theta)
    for name, law in spikes.NOISES.items():
        place, overlap = data[f"sampled {name}"].mean(axis=1)
        expected = outlier_overlap(data["theta sampled"], law)
        found = expected > 0.3
        # an outlier scatters by at most sqrt(2/N), its mean over 4 draws by 0.025
        assert np.all(np.abs(place - outlier(data["theta sampled"], law))[found] < 0.075)
        assert np.all(np.abs(overlap - expected)[found] < 0.1)
        assert np.all(overlap[expected == 0] < 0.05)


def test_batches_push_outliers_up_and_the_series_ends(computed):
    data = computed["baskerville2022universal-2"]
    for state in batches.STATES:
        fit = batches.fit(data, state)
        np.testing.assert_allclose(fit.spikes, data[f"all {state}"], rtol=0.12)  # which the fit has not seen
        assert fit.intervals()[-2, 0] > 0 and fit.residual < 0.015
        sums = np.array([data[f"largest {state} {size}"].mean(axis=0).sum() for size in data["batch"]])
        # the sum of the largest eigenvalues is convex: its mean falls to that of all examples
        assert np.all(np.diff(sums) < 0) and sums[-1] > data[f"all {state}"].sum()
    # far below the fitted batches the series in kappa_2/(b theta^2) is of no use
    trained = batches.fit(data, "trained")
    rows, small = data["largest trained 16"], batches.independent(16, data["examples"])
    curve = batch_outlier(trained.spikes, trained.kappa2, trained.kappa3, small)
    assert np.all(trained.kappa2 / (small * trained.spikes**2) > 1)
    assert np.all(rows.mean(axis=0) - curve > 4 * rows.std(axis=0, ddof=1) / len(rows) ** 0.5)


def test_a_parabola_of_strength_one_has_the_reference_numbers(computed):
    data = computed["baskerville2022universal-3"]
    (one,) = np.flatnonzero(np.isclose(data["m"], 1))
    for n, mean in {2: 1.827379090085145, 10: 2.4909450917162}.items():
        assert np.exp(n * data[f"finite {n}"][one]) == pytest.approx(mean, rel=1e-12)
    assert data["total"][one] == 0


def test_batch_noise_reduces_damping_and_best_step(computed):
    data = computed["baskerville2022universal-4"]
    blind = data["blind by delta sampled"]
    for batch in preconditioning.SHOWN:
        expected, drawn = preconditioning.formulas(data["delta sampled"], batch), data[f"sampled {batch}"]
        error = drawn.std(axis=1, ddof=1) / drawn.shape[1] ** 0.5
        assert np.all(expected < blind)
        assert np.all(np.abs(drawn.mean(axis=1) - expected) < 4 * error)
        assert np.all((blind - drawn.mean(axis=1))[0] > 4 * error[0])  # who does not know of the noise is wrong
    reduction = preconditioning.LEAST - data["formula by b"][0]
    slope = np.gradient(np.log(reduction), np.log(data["b"]))
    assert np.all(slope < -1) and slope[-1] == pytest.approx(-1, abs=0.01)  # like 1/b, from below


def test_noise_of_batches_takes_less_damping_than_wigner_noise_of_its_variance(computed):
    data = computed["baskerville2022universal-6"]
    for state in ("start", trained.SWEPT):
        ratio, error = trained.ratios(data, state)[0, :, 0, 1:, 1]  # full, batches of 64 and 256, half the largest
        assert np.all(ratio + 4 * error < 0.8)
    control, error, formula, _ = data["planted"][1:, :, :, 1].transpose(2, 1, 0)
    # three matrices of size 160, and terms of the relative order 1/160
    assert np.all(np.abs(control - formula) < 10 * error + 0.02 * (1 - formula))
