"""Gradients of networks at a distance and controls of local statistics: planted truth comes out of what is drawn."""

import numpy as np
import pytest

from spinglass.figures.baskerville2021rmt import controls, distances
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
    assert counts[centres.index(-0.5)] == 1 and counts[centres.index(-1.5)] == 1  # the negative one counts as none
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
