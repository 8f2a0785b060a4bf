"""How fast, and how far from the true law, is the density of measured eigenvalues, against scipy's gaussian_kde?"""

import numpy as np
import pytest
from scipy.stats import gaussian_kde

from spinglass.spectra.data.empirical.empirical import Empirical
from spinglass.spectra.data.empirical.own_unfolding import kernel_unfolding
from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.semicircle import Semicircle

N, POINTS = 2000, 1000


@pytest.fixture(scope="module", params=["GOE", "Marchenko-Pastur at ratio 1"])
def case(request):
    """Return a name, a law, eigenvalues of one of its matrices, a hard edge, a grid, how many times nearer we are."""
    law, edge, nearer = (Semicircle(), None, 2.0) if request.param == "GOE" else (MarchenkoPastur(1.0), 0.0, 20.0)
    low, high = law.support[0]
    x = low + (high - low) * (1 - np.cos(np.linspace(0, np.pi, POINTS + 2)[1:-1])) / 2
    return request.param, law, np.linalg.eigvalsh(law.sample(N, rng=1)), edge, x, nearer


def test_density(race, report, case):
    name, law, values, edge, x, nearer = case

    def away(density):
        return np.trapezoid(np.abs(density - law.density(x)), x)

    # not equal: nearer to the true law
    assert nearer * away(Empirical(values, hard_edge=edge).density(x)) < away(gaussian_kde(values)(x))
    ours, plain = race(lambda: Empirical(values, hard_edge=edge).density(x), lambda: gaussian_kde(values)(x), rounds=9)
    report(
        question=f"density of eigenvalues, {name}, smoothing included",
        size=f"n = {N}, {POINTS} points",
        ours=ours,
        baseline=plain,
        against=f"scipy gaussian_kde, {nearer:.0f} times farther from the law",
        most=0.1,
    )


@pytest.mark.parametrize("name", ["as they are", "smoothed"])
def test_potential(race, report, name):
    values = np.linalg.eigvalsh(Semicircle().sample(N, rng=1))
    smooth, sharp = Empirical(values), Empirical(values, smoothing=0)
    z = np.linspace(-2.2, 2.2, POINTS) + 0.1j

    def plain():
        return np.log(z[:, None] - values).mean(1), (1 / (z[:, None] - values)).mean(1)

    np.testing.assert_allclose(sharp.upper(z), plain(), rtol=1e-12)
    law = smooth if name == "smoothed" else sharp
    ours, numpy = race(lambda: law.upper(z), plain, rounds=9)
    report(
        question=f"potential and G of eigenvalues, {name}",
        size=f"n = {N}, {POINTS} points",
        ours=ours,
        baseline=numpy,
        against="numpy, sums over eigenvalues as they are",
        most=1.0,
    )


def test_unfolding(race, report):
    values = np.linalg.eigvalsh(Semicircle().sample(N, rng=2))

    def plain():
        kernel = gaussian_kde(values)
        return N * np.array([kernel.integrate_box_1d(-np.inf, x) for x in values])

    middle = slice(N // 10, -N // 10)
    true = N * Semicircle().cdf(values)
    assert 3 * np.std((kernel_unfolding(values) - true)[middle]) < np.std((plain() - true)[middle])
    ours, scipy = race(lambda: kernel_unfolding(values), plain, rounds=5)
    report(
        question="unfolding by the smoothed spectrum itself",
        size=f"n = {N}",
        ours=ours,
        baseline=scipy,
        against="scipy gaussian_kde, integrated level by level, 3 times farther from the law",
        most=0.1,
    )
