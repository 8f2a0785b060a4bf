"""What does a point of a sweep over GANs cost, against plain numpy and scipy.optimize?"""

import numpy as np

import spinglass as sg
from benchmarks.plain_sigma import PlainSigma

NOISES = np.geomspace(0.1, 3.0, 6)
PLAIN = 2  # of them by the baseline
WEIGHTS = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
LIMIT = 0.5


def game(noise):
    return sg.gan(p=3, q=3, sigma_z=noise, kappa=0.9)


def extremes(noise):
    """Return the lowest u_D, u_G and u_D + u_G."""
    c = sg.complexity(game(noise))
    return np.array([c.lowest_energy(loss=w) for w in WEIGHTS])


def plain_extremes(noise):
    """Return the same by the baseline, from four places."""
    sigma = PlainSigma(game(noise))
    starts = np.random.default_rng(1).normal(size=(4, sigma.law.losses.shape[1]))
    return np.array([sigma.lowest(w, starts) for w in WEIGHTS])


def test_sweep(race, report):
    few = NOISES[:: len(NOISES) // PLAIN]
    for noise in few:
        np.testing.assert_allclose(extremes(noise), plain_extremes(noise), rtol=1e-5)
    ours, plain = race(
        lambda: [extremes(noise) for noise in NOISES], lambda: [plain_extremes(noise) for noise in few], rounds=3
    )
    report(
        question="lowest u_D, u_G, u_D + u_G of a GAN",
        size=f"{len(NOISES)} noises, each",
        ours=ours / len(NOISES),
        baseline=plain / len(few),
        against=f"scipy SLSQP, 4 starts, {len(few)} noises",
        most=LIMIT,
    )
