"""Shifts with an offset at finite N: a field in a parabola, against its exact count and sampled matrices."""

import math
from dataclasses import replace

import numpy as np
import pytest

import spinglass as sg
from spinglass.complexity.further.parabola_counts import parabolic_log_mean_count
from spinglass.models import LocalLaw
from spinglass.montecarlo.chosen_spectra import Spectral
from spinglass.montecarlo.estimate import Plain
from spinglass.montecarlo.pilot import Pilot, tuned
from spinglass.montecarlo.question import question_of

SAMPLES = 4096


def sampled(law, sizes, index, way):
    """Return the logarithm of the mean of |det J| (at an index) and its standard error."""
    question, _ = question_of(law, sizes, None, index)
    rng = np.random.default_rng(3)
    mixture = tuned(Pilot(law, question), question, rng)
    weights = way(question, mixture).log_weights(rng, SAMPLES)
    top = weights.max()
    relative = np.exp(weights - top)
    return top + math.log(relative.mean()), relative.std() / relative.mean() / math.sqrt(SAMPLES)


def parabola(m, n):
    """Return the law of a point of a field in a parabola in n dimensions, as if they were those of a sphere."""
    one = np.ones((1, 1))
    return LocalLaw(
        fractions=np.ones(1),
        gradient_variance=np.ones(1),
        jacobian_variance=one,
        jacobian_covariance=one,
        losses=one,
        shifts=one,
        shift_offset=np.array([m * math.sqrt(n / (n + 1))]),
        signs=(1,),
        players=((0,),),
    )


@pytest.mark.parametrize("m", [0.3, 0.8, 1.5])
@pytest.mark.parametrize("n", [2, 7])
def test_all_points_of_a_parabola(m, n):
    log_mean, error = sampled(parabola(m, n), (n + 1,), None, Plain)
    exact = parabolic_log_mean_count(sg.parabolic(m), n) + n * math.log(m * math.sqrt(n))
    assert abs(log_mean - exact) < 4 * error < 0.4


@pytest.mark.parametrize("way", [Plain, Spectral])
@pytest.mark.parametrize("index", [(0,), (1,)])
def test_an_index_of_a_parabola_by_two_ways_and_by_matrices(way, index):
    m, n, draws = 0.6, 4, 60_000
    log_mean, error = sampled(parabola(m, n), (n + 1,), index, way)
    rng = np.random.default_rng(5)
    a = rng.normal(size=(draws, n, n))
    shifts = math.sqrt(n) * m + rng.normal(size=(draws, 1))
    values = np.linalg.eigvalsh((a + np.swapaxes(a, 1, 2)) / math.sqrt(2)) + shifts
    counted = np.abs(values.prod(axis=1)) * ((values < 0).sum(axis=1) == index[0])
    spread = counted.std() / counted.mean() / math.sqrt(draws)
    assert abs(log_mean - math.log(counted.mean())) < 4 * math.hypot(error, spread) < 0.4


@pytest.mark.parametrize("way", [Plain, Spectral])
def test_two_players_with_an_offset_by_two_ways_and_by_matrices(way):
    law = replace(sg.gan(p=3, q=1, sigma_z=0.2, kappa=0.5).local_law(), shift_offset=np.array([1.0, -0.3]))
    sizes, draws = (3, 3), 60_000
    log_mean, error = sampled(law, sizes, (0, None), way)
    rng, v, tau = np.random.default_rng(7), law.jacobian_variance, law.jacobian_covariance
    d = math.sqrt(6) * law.shift_offset + rng.normal(size=(draws, law.shifts.shape[1])) @ law.shifts.T
    jacobian = np.zeros((draws, 4, 4))
    for s in (0, 1):
        a, block = rng.normal(size=(draws, 2, 2)), slice(2 * s, 2 * s + 2)
        jacobian[:, block, block] = math.sqrt(v[s, s] / 2) * (a + np.swapaxes(a, 1, 2)) + d[:, s, None, None] * np.eye(
            2
        )
    first, second = rng.normal(size=(2, draws, 2, 2))
    share = tau[0, 1] / math.sqrt(v[0, 1])
    jacobian[:, :2, 2:] = math.sqrt(v[0, 1]) * first
    jacobian[:, 2:, :2] = np.swapaxes(share * first + math.sqrt(max(v[1, 0] - share**2, 0)) * second, 1, 2)
    holds = np.linalg.eigvalsh(jacobian[:, :2, :2])[:, 0] > 0
    counted = np.abs(np.linalg.det(jacobian)) * holds
    spread = counted.std() / counted.mean() / math.sqrt(draws)
    assert abs(log_mean - math.log(counted.mean())) < 4 * math.hypot(error, spread) < 0.4
