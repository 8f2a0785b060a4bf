"""How long does a whole surface of GAN complexities take, against maximising point by point with scipy?"""

import numpy as np
import pytest

import spinglass as sg
from benchmarks.plain_sigma import PlainSigma

SIDE = 200
FEW = 6
LIMIT = 3.0


@pytest.fixture(scope="module")
def game():
    return sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9)


@pytest.fixture(scope="module")
def grid():
    return np.meshgrid(np.linspace(-3.0, 1.0, SIDE), np.linspace(-3.0, 3.0, SIDE), indexing="ij")


@pytest.mark.parametrize("question", ["at", "below"])
def test_surface(race, report, game, grid, question):
    c = sg.complexity(game)
    ours = c if question == "at" else c.below
    plain = getattr(PlainSigma(game), question)
    energies = np.column_stack([x.ravel() for x in grid])
    energies = energies[np.linspace(0.2 * len(energies), 0.9 * len(energies), FEW).astype(int)]
    np.testing.assert_allclose([plain(u) for u in energies], ours(*energies.T), rtol=0, atol=1e-5)
    seconds, point = race(lambda: ours(*grid), lambda: [plain(u) for u in energies], rounds=3)
    report(
        question="c(u_D, u_G), a surface" if question == "at" else "c.below(u_D, u_G), a surface",
        size=f"{SIDE} x {SIDE}",
        ours=seconds,
        baseline=point / FEW * SIDE**2,
        against=f"scipy at {FEW} points, extrapolated",
        most=LIMIT,
    )
