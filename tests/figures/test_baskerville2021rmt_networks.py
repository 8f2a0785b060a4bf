"""Gradients of networks at a distance and controls of local statistics: planted truth comes out of what is drawn."""

import numpy as np
import pytest

from spinglass.figures.baskerville2021rmt import controls, distances, hardness, survey
from spinglass.spectra.levels.ensembles import MEAN_RATIO


class Place:
    """Parameters of no network."""

    def __init__(self, parameters):
        self.parameters = parameters


@pytest.mark.parametrize("r", [0.5, 1.2, 2.5])
def test_gradients_of_gaussian_surfaces_have_the_correlations_of_their_kernel(r):
    # every row is the gradient of a surface of covariance exp(-r^2/2) at two places, sampled from the covariance
    n, draws = 40, 4000
    rho = np.exp(-r * r / 2)
    rng = np.random.default_rng(1)
    here, fresh = rng.standard_normal((2, draws, n))
    share = np.full(n, rho)
    share[0] = rho * (1 - r * r)
    there = share * here + np.sqrt(1 - share**2) * fresh
    other = np.zeros(n)
    other[0] = r
    distance, whole, along = distances.compared(Place(other), Place(np.zeros(n)), here, there)
    assert distance == pytest.approx(r)
    assert whole == pytest.approx(share.mean(), abs=4 / np.sqrt(n * draws))
    assert along == pytest.approx(share[0], abs=4 / np.sqrt(draws))


@pytest.mark.parametrize("kernel", list(distances.KERNELS))
def test_length_of_a_kernel_is_recovered(kernel):
    r = np.linspace(0.1, 9, 40)
    rows = np.array([r, distances.KERNELS[kernel](r / 3.7), r]).T
    found, rest = distances.length({"trainings": 2, "training 0": rows[:20], "training 1": rows[20:]}, kernel)
    assert found == pytest.approx(3.7, rel=1e-6) and rest < 1e-8


def test_levels_of_a_decade_are_those_of_that_size():
    rng = np.random.default_rng(2)
    spectra = [np.concatenate([controls.goe(rng, 60) * 1e-9, [1.0, 0.05, -0.03]]) for _ in range(40)]
    mean, error, counts = controls.by_decade(spectra)
    centres = list((controls.DECADES[1:] + controls.DECADES[:-1]) / 2)
    assert [counts[centres.index(k)] for k in (-0.5, -1.5)] == pytest.approx([1, 1])  # the negative one counts as none
    assert counts.sum() == pytest.approx(32, abs=1) and counts[: centres.index(-11.5)].max() < 1
    place = centres.index(-8.5)  # within the semicircle, which ends at 2e-9
    assert abs(mean[place] - MEAN_RATIO["goe"]) < 5 * error[place] and np.isnan(mean[centres.index(-0.5)])


def test_controls_have_their_ratios():
    found = {name: controls.control(name, 150, 30) for name in controls.CONTROLS}
    for name, expected in (("GOE", "goe"), ("rounding errors", "goe"), ("independent levels", "poisson")):
        mean, error = found[name]
        assert error < 0.01 and abs(mean - MEAN_RATIO[expected]) < 4 * error
    for name in ("GOE in two blocks", "Kronecker product"):
        assert found[name][0] < MEAN_RATIO["goe"] - 6 * found[name][1]


@pytest.mark.parametrize(("law", "rate"), [("exponential", 0.003), ("power law", 0.6)])
def test_a_planted_law_of_the_loss_is_preferred_and_recovered(law, rate):
    t = hardness.budgets(3000).astype(float)
    rng = np.random.default_rng(5)
    values = 0.2 + 1.3 * hardness.LAWS[law](t, rate) + 0.002 * rng.standard_normal(len(t))
    (end, _, found), rest = hardness.fitted(law, t, values)
    assert found == pytest.approx(rate, rel=0.1) and end == pytest.approx(0.2, abs=0.02)
    assert rest / len(t) < 2 * 0.002**2
    assert abs(hardness.preference(t, values)) > 30 and (hardness.preference(t, values) > 0) == (law == "power law")


def test_descents_are_those_of_their_seed_and_go_down():
    for descend, small, _ in hardness.SYSTEMS.values():
        one, same, other = (descend(seed, 60, min(small, 12)) for seed in (1, 1, 2))
        assert np.array_equal(one, same) and not np.allclose(one, other)
        assert np.all(np.diff(one) < 0) and len(one) == len(hardness.budgets(60))


def test_levels_of_the_survey_are_above_the_cut_and_batches_disjoint():
    values = np.array([-1.0, 1e-8, 1e-5, 0.5, 2.0])
    np.testing.assert_array_equal(survey.levels(values), [1e-5, 0.5, 2.0])
    found = survey.statistics("diabetes", "perceptron", 2)
    assert found.shape == (len(survey.KINDS), 4) and np.all(found[[0, 1, 3], 2] == 2)
    assert found[2, 2] <= 1 and np.isnan(found[2, 0])  # the test examples fill one batch: no error, so no mean
    assert np.all(np.abs(found[[0, 1, 3], 0] - 0.5) < 0.15) and np.all(found[[0, 1, 3], 3] > 20)
