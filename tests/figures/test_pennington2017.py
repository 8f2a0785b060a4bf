"""Wishart plus Wigner: the laws have their published constants, and networks share the power but not the energy."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from spinglass import figures
from spinglass.figures.pennington2017 import critical as thresholds
from spinglass.figures.pennington2017 import laws, memorising, parts
from spinglass.spectra import MarchenkoPastur, Semicircle, critical_energy, negative_fraction, network_hessian

sys.path.insert(0, str(Path(__file__).parent))
pictures = import_module("_pictures")

NAMES = figures.names("pennington2017")


@pytest.fixture(scope="module")
def computed():
    """Return the drawn numbers of all figures in quick mode."""
    return {name: figures.data(name, quick=True) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_readable(computed, name):
    pictures.assert_readable(figures.recipe(name), computed[name])


def test_sampled_matrices_have_the_density_of_the_law(computed):
    data = computed["pennington2017-1"]
    assert len(laws.RATIOS) > 1 and len(laws.ENERGIES) > 1 and len(laws.BINS) > 10
    for phi in laws.RATIOS:
        for i, energy in enumerate(laws.ENERGIES):
            x, density = data[f"lambda {phi} {energy}"], data[f"density {phi} {energy}"]
            assert np.trapezoid(density, x) == pytest.approx(1, abs=2e-3)
            if energy == 0:
                assert x[0] == pytest.approx((1 - phi**0.5) ** 2, abs=1e-12)
            else:
                assert x[0] < 0  # all energies drawn are above the critical one
            expected = np.diff(network_hessian(phi, energy).cdf(laws.BINS))
            share = data[f"sampled {phi}"][i] * np.diff(laws.BINS)
            # 8 x 300 eigenvalues; they repel, so that their numbers scatter less than independent ones
            assert np.all(np.abs(share - expected) < 4 * np.sqrt((expected + 1e-3) / 2400))


def test_index_has_the_published_power_close_to_the_critical_energy(computed):
    data = computed["pennington2017-2"]
    np.testing.assert_allclose(data["critical"], [0.04350953, 0.01127124, 0.00126620], atol=5e-9)
    np.testing.assert_allclose(data["amplitude"], [0.074833, 0.033501, 0.012677], atol=5e-7)
    for phi, critical in zip(data["phi"], data["critical"], strict=True):
        x = data[f"energy {phi}"] / critical - 1
        excess = np.interp([0.01, 0.1, 1], x, data[f"power law {phi}"] / data[f"index {phi}"]) - 1
        assert 0 < excess[0] < 0.011 and 0.05 < excess[1] < 0.08 and 0.6 < excess[2] < 0.85
        mean, error = data[f"sampled {phi}"]
        law = negative_fraction(phi, data[f"energy sampled {phi}"])
        assert np.all(np.abs(mean - law) < 4 * np.maximum(error, 1 / 800))  # counts of 400 come in steps
    assert np.all(np.diff([data[f"index {phi}"][-1] for phi in data["phi"]]) > 0)


def test_error_of_a_sampled_index_is_that_of_the_mean_of_the_draws():
    phi, energies, draws = 0.5, [0.2, 0.6], 9
    fractions = np.array([np.mean(draw < 0, axis=1) for draw in laws.sampled_eigenvalues(phi, energies, 12, draws)])
    without_one = (fractions.sum(axis=0) - fractions) / (draws - 1)
    jackknife = np.sqrt((draws - 1) * np.mean((without_one - fractions.mean(axis=0)) ** 2, axis=0))
    mean, error = laws.sampled_indices(phi, energies, 12, draws)
    assert np.all(jackknife > 0)
    np.testing.assert_allclose(mean, fractions.mean(axis=0))
    np.testing.assert_allclose(error, jackknife)


def test_residual_part_of_a_network_has_the_law_and_no_semicircle(computed):
    data = computed["pennington2017-3"]
    assert 1 / 4 in parts.RATIOS
    for phi in parts.RATIOS:
        spectra = data[f"eigenvalues {phi}"]
        np.testing.assert_allclose(spectra, -spectra[:, ::-1], atol=1e-10)
        eigenvalues = np.sort(spectra.ravel())
        steps = (np.arange(eigenvalues.size) + 0.5) / eigenvalues.size
        variance = parts.ENERGY * phi / 2
        assert eigenvalues.var() == pytest.approx(variance, rel=0.02)
        distance = np.abs(parts.residual_law(phi).cdf(eigenvalues) - steps).max()
        assert distance < 0.02
        if phi == 1 / 4:
            assert np.abs(Semicircle(variance).cdf(eigenvalues) - steps).max() > 2 * distance


def test_gap_of_the_positive_part_is_far_below_the_edge(computed):
    data = computed["pennington2017-4"]
    for share in parts.SHARES:
        gap, zeros = data[f"gap and zeros {share}"].T
        assert np.all(zeros == parts.UNITS)  # one scaling of each hidden unit
        edge = np.interp(share, data["1/phi"], data["edge"])
        assert np.all((gap > 0) & (gap < edge / 4))
    spectra = data["eigenvalues"] / data["eigenvalues"].mean(axis=1, keepdims=True)
    assert np.all(spectra[:, -1] > 2 * (1 + 1 / 4) ** 2)  # nor does it end at the upper edge


def test_predicted_energies_vanish_faster_than_those_of_minimisers(computed):
    data = computed["pennington2017-5"]
    for name, power in (("linear", 3), ("relu", 3), ("minimisers", 2)):
        slope = np.gradient(np.log(data[f"{name} by distance"]), np.log(data["distance"]))
        assert slope[1] == pytest.approx(power, abs=0.01)
    small = data["phi"][0]
    assert data["linear by phi"][0] == pytest.approx(1 / 8, abs=small)
    assert small * data["relu by phi"][0] == pytest.approx(1 / 2, abs=4 * small)
    assert np.all(data["linear by phi"] < np.minimum(data["relu by phi"], data["minimisers by phi"]))
    above = data["relu by phi"] > data["minimisers by phi"]
    crossing = data["phi"][above].max()
    assert np.all(above == (data["phi"] <= crossing)) and 0.35 < crossing < 0.45
    np.testing.assert_allclose(critical_energy([0.25, 0.5, 0.75]), [0.04350953, 0.01127124, 0.00126620], atol=5e-9)


@pytest.mark.parametrize("model", list(thresholds.MODELS))
def test_a_sampled_pair_is_singular_at_its_critical_energy_and_positive_below(model):
    phi, n = 0.4, 30
    (mean,), (error,) = thresholds.sampled_energies(model, [phi], n, 2)
    found = []
    for stream in np.random.SeedSequence([2017, 0]).spawn(2):
        rng = np.random.default_rng(stream)
        positive, growing = MarchenkoPastur(phi).sample(n, rng), thresholds.growing_part(model, phi).sample(n, rng)

        def lowest(energy, positive=positive, growing=growing):
            return np.linalg.eigvalsh(positive + np.sqrt(energy) * growing)[0]

        found.append(brentq(lowest, 0.0, 100.0, xtol=1e-14))
    assert mean == pytest.approx(np.mean(found), rel=1e-9)
    assert error == pytest.approx(abs(found[0] - found[1]) / 2, rel=1e-6)  # the scatter of two, over the root of two


def test_the_part_that_grows_is_that_of_the_law_of_the_model():
    for model in thresholds.MODELS:
        whole = network_hessian(0.3, 2.5, model)
        part = MarchenkoPastur(0.3) + np.sqrt(2.5) * thresholds.growing_part(model, 0.3)
        np.testing.assert_allclose(part.support, whole.support, atol=1e-9)


def test_sampled_matrices_are_critical_where_the_formulas_say_and_networks_are_observed(computed):
    data, experiment = computed["pennington2017-5"], computed["pennington2017-6"]
    for model in thresholds.MODELS:
        mean, error = data[f"sampled {model}"]
        formula = critical_energy(data["phi sampled"], model)
        excess = (mean / formula)[data["phi sampled"] <= 0.5] - 1
        assert np.all(mean > formula - 3 * error) and np.all(excess < 0.4)  # small matrices have narrower spectra
    for name, fit in zip(memorising.RATIOS, memorising.fits(experiment), strict=True):
        critical_, error, ends, spread = data[f"observed {name}"]
        assert (critical_, error) == pytest.approx(fit[:2])
        assert ends == pytest.approx(experiment[f"minimisers {name}"].mean())
        assert 0 < spread < 0.05
    # the linear prediction is several times too low for every network, and the other crosses them
    observed = np.array([data[f"observed {name}"][0] for name in memorising.RATIOS])
    assert np.all(observed > 3 * critical_energy(data["phi observed"]))
    above = critical_energy(data["phi observed"], "relu") > observed
    assert above.any() and not above.all()


def test_networks_become_unstable_far_above_the_theory(computed):
    data = computed["pennington2017-6"]
    ratios = np.array(list(memorising.RATIOS.values()))
    critical, error, amplitude = memorising.fits(data).T
    observed = (1 - ratios) ** 2 / 2
    assert np.all(np.abs(critical - observed) < 4 * error) and np.all(error < 0.02)
    assert np.all(critical > 4 * critical_energy(ratios))
    assert np.all(amplitude > 0)
    for name, rule in zip(memorising.RATIOS, observed, strict=True):
        energy, index, certain, gradient = data[f"critical points {name}"]
        assert np.all(gradient <= 1e-6) and np.all(certain <= index)
        assert np.corrcoef(energy, certain)[0, 1] > 0.7  # higher critical points have more unstable directions
        # the mean of two descents, which scatter by 0.015
        assert data[f"minimisers {name}"].mean() == pytest.approx(rule, abs=0.04)


def test_numbers_of_two_figures_are_computed_once_and_not_shared(monkeypatch):
    runs = []

    def found(phi, n, descents, seed, steps):
        runs.append(phi)
        return np.zeros(descents)

    monkeypatch.setattr(memorising, "minimisers", found)
    memorising._ends.cache_clear()
    memorising.ends(0.5, 2, 3, 1)[:] = 7.0
    assert not memorising.ends(0.5, 2, 3, 1).any() and runs == [0.5]
    memorising._ends.cache_clear()
