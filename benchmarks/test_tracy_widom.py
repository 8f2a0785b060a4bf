"""How fast is the Tracy-Widom law at many points, against a Fredholm determinant in numpy for every point?"""

import numpy as np
from scipy.special import airy
from threadpoolctl import threadpool_limits

import spinglass as sg

POINTS, FEW, NODES = 100_000, 20, 40


def by_determinant(places):
    """Return F_1 as Bornemann computes it: one determinant on the nodes of Gauss and Legendre for every place."""
    t, w = np.polynomial.legendre.leggauss(NODES)
    x, root = 8.0 * (t + 1), np.sqrt(8.0 * w)
    together, one = x[:, None] + x, np.eye(NODES)
    return np.array([np.linalg.det(one - root[:, None] * airy(together + s)[0] * root) for s in places])


def test_tracy_widom(race, report):
    law, places = sg.spectra.TracyWidom(), np.random.default_rng(1).uniform(-5, 4, POINTS)
    np.testing.assert_allclose(law.cdf(places[:FEW]), by_determinant(places[:FEW]), rtol=0, atol=1e-12)
    with threadpool_limits(1):
        ours, determinants = race(lambda: law.cdf(places), lambda: by_determinant(places[:FEW]), rounds=7)
    report(
        question="Tracy-Widom F_1, a point",
        size=f"{POINTS} places",
        ours=ours / POINTS,
        baseline=determinants / FEW,
        against=f"numpy determinant of {NODES} nodes",
        most=2e-6,
        least=50,
    )
