"""Local statistics: what networks and Gaussian processes share with the GOE, and what they do not."""

import itertools
import sys
from importlib import import_module
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from spinglass import figures
from spinglass.figures.baskerville2021rmt import common, gradients, local, surfaces
from spinglass.spectra.levels.ensembles import MEAN_RATIO, wigner_surmise

sys.path.insert(0, str(Path(__file__).parent))
pictures = import_module("_pictures")

NAMES = figures.names("baskerville2021rmt")


@pytest.fixture(scope="module")
def computed():
    """Return the drawn numbers of all figures in quick mode."""
    return {name: figures.data(name, quick=True) for name in NAMES}


#: Figures with one legend below all panels.
BELOW = ("baskerville2021rmt-1", "baskerville2021rmt-2", "baskerville2021rmt-6")


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BELOW])
def test_picture_is_readable(computed, name):
    pictures.assert_readable(figures.recipe(name), computed[name])


@pytest.mark.parametrize("name", BELOW)
def test_pictures_with_one_legend_are_labelled_inside(computed, name):
    recipe = figures.recipe(name)
    figure = recipe.figure(computed[name])
    figure.canvas.draw()
    width, height = figure.bbox.size
    axes = np.reshape(figure.axes, (recipe.rows, recipe.columns))
    assert all(ax.get_xlabel() and ax.get_title() for ax in axes.ravel()) and all(ax.get_ylabel() for ax in axes[:, 0])
    (legend,) = figure.legends
    texts = [text for ax in axes.ravel() for text in (ax.xaxis.label, ax.yaxis.label, ax.title) if text.get_text()]
    for box in (text.get_window_extent() for text in [*texts, *legend.get_texts()]):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
    for row in axes:
        titles = [ax.title.get_window_extent() for ax in row]
        assert all(one.x1 < other.x0 for one, other in itertools.pairwise(titles))
    plt.close(figure)
    pictures.assert_fits(recipe, computed[name])


def test_levels_of_networks_repel_and_a_trained_perceptron_does_as_the_goe(computed):
    data = computed["baskerville2021rmt-1"]
    found = {name: local.split(data[name]) for name in local.MATRICES}
    z = {}
    for name, (spacing, ratio, summary) in found.items():
        mean, error = summary["mean ratio"], summary["standard error"]
        z[name] = (mean - MEAN_RATIO["goe"]) / error
        assert (mean - MEAN_RATIO["poisson"]) / error > 20
        assert summary["ratios from GOE"] < 0.05 < 0.1 < summary["ratios from independent"]
        assert spacing[0] < 0.3 and ratio[0] < 0.4  # 1 and 2 for independent levels
        assert np.sum(ratio * np.diff(data["ratio edges"])) == pytest.approx(1)
    assert abs(z["perceptron, trained"]) < 3 and abs(z["perceptron, Gauss-Newton"]) < 3
    assert z["logistic, untrained"] < -4  # not every Hessian has the ratios of the GOE
    edges = data["spacing edges"]
    expected = wigner_surmise((edges[1:] + edges[:-1]) / 2)
    assert np.abs(found["perceptron, Gauss-Newton"][0] - expected).max() < 0.15
    assert np.abs(found["logistic, untrained"][0] - expected).max() > 0.3


def test_degeneracy_and_outliers_leave_the_bulk_with_the_goe(computed):
    data = computed["baskerville2021rmt-2"]
    assert len(surfaces.SURFACES) > 2
    for name, (n, curvature, flat, strength) in surfaces.SURFACES.items():
        spectra, bulk, outliers = surfaces.parts_of_spectrum(name, data[name])
        assert spectra.shape[1] == n
        mean, error = common.mean_and_error(bulk)
        assert abs(mean - MEAN_RATIO["goe"]) < 4 * error
        radius = np.sqrt(curvature * (n - flat))
        assert np.all(np.sum(np.abs(spectra) < 1e-10 * radius, axis=1) == flat)
        if strength:
            spikes = data[name][:, n:]
            # moved outwards by the bulk, and with it by the level of the draw, which has mean 0
            misses = (outliers - spikes - radius**2 / spikes).mean(axis=1)
            assert abs(misses.mean()) < 4 * misses.std(ddof=1) / np.sqrt(len(misses))
            assert outliers.min() > bulk.max() + radius
            # independent spikes: their outliers repel at close distance only, the less the farther apart they are
            ratio, spread = common.mean_and_error(outliers)
            assert MEAN_RATIO["poisson"] < ratio - 3 * spread and ratio < mean
            assert strength < 10 or ratio < mean - 4 * spread


def test_all_levels_have_the_ratios_of_bulk_and_outliers_by_their_shares(computed):
    data = computed["baskerville2021rmt-2"]
    assert {name for _, names in surfaces.COLUMNS for name in names} == set(surfaces.SURFACES)
    for name, (n, _, _, strength) in surfaces.SURFACES.items():
        spectra, bulk, outliers = surfaces.parts_of_spectrum(name, data[name])
        every, error = common.mean_and_error(spectra)
        density, spread = surfaces.ratio_histogram(spectra)
        assert density.mean() == pytest.approx(1) and np.all(spread > 0)
        if strength:
            share = surfaces.SPIKES / n
            parts = [common.mean_and_error(part)[0] for part in (bulk, outliers)]
            assert every == pytest.approx(np.dot([1 - share, share], parts), abs=2 / n)  # but for two across the gap
            assert abs(every - MEAN_RATIO["goe"]) < 4 * error + share * (MEAN_RATIO["goe"] - MEAN_RATIO["poisson"])


@pytest.mark.parametrize("name", list(surfaces.SURFACES))
def test_the_predicted_density_is_that_of_samples(computed, name):
    n, _, flat, strength = surfaces.SURFACES[name]
    x = np.linspace(-2.2, 2.2 * max(strength, 1), 40_001)
    density = surfaces.predicted_density(name, x)
    assert np.trapezoid(density, x) == pytest.approx(1 - flat / n, abs=1e-4)
    levels = computed["baskerville2021rmt-2"][name][:, :n] / surfaces.unit(name)
    edges = np.array([-3.0, -1.0, 0.5, 2.5, 1.5 * max(strength, 2), 3 * max(strength, 2)])
    places = levels[np.abs(levels) > 1e-9]
    found = np.histogram(places, edges)[0] / levels.size
    expected = [np.trapezoid(np.where((x >= a) & (x < b), density, 0), x) for a, b in itertools.pairwise(edges)]
    np.testing.assert_allclose(found, expected, atol=0.012)  # moved by the level of the draw, 1/sqrt(n)


def test_gradients_forget_along_the_way_first(computed):
    data = computed["baskerville2021rmt-3"]
    places = data["distance sampled"]
    for name in gradients.KERNELS:
        sampled = data[f"sampled {name} 20"]
        for i, direction in enumerate(("along", "across")):
            formula = np.interp(places, data["distance"], data[f"{direction} {name}"])
            assert np.all(np.abs(sampled[i] - formula) < 4.5 * sampled[3 + i])
        assert np.all(data[f"along {name}"][1:] < data[f"across {name}"][1:])
    assert np.interp(1.0, data["distance"], data["along exponential"]) == pytest.approx(0, abs=1e-12)
    along, across = (data[f"{direction} exponential"] for direction in ("along", "across"))
    for n in gradients.WEIGHTS:
        formula = np.interp(places, data["distance"], (along + (n - 1) * across) / n)
        sampled = data[f"sampled exponential {n}"]
        assert np.all(np.abs(sampled[2] - formula) < 4.5 * sampled[5])
