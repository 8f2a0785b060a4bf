"""How long does a whole surface of GAN complexities take, against maximising point by point with scipy?"""

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, brute, fmin, minimize

import spinglass as sg

SIDE = 200
FEW = 6
LIMIT = 3.0


@pytest.fixture(scope="module")
def game():
    return sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9)


@pytest.fixture(scope="module")
def grid():
    return np.meshgrid(np.linspace(-3.0, 1.0, SIDE), np.linspace(-3.0, 3.0, SIDE), indexing="ij")


class PlainSigma:
    """Sigma(g) of a two-species game in plain numpy: the quartic by numpy.roots, the branch by its definition."""

    def __init__(self, game):
        self.law = law = game.local_law()
        self.constant = 0.5 - 0.5 * np.sum(law.fractions * np.log(law.fractions * law.gradient_variance))

    def psi(self, shifts):
        law = self.law
        a1, a2 = law.signs * shifts
        k1, k2 = law.fractions
        (v1, c), (_, v2) = law.jacobian_variance
        square = np.array([1.0, -a1, v1 * k1])
        quartic = np.polyadd(v2 * np.polymul(square, square), np.polymul([a2 * c, -c * c * k1], square))
        w = np.roots(np.polyadd(quartic, [k2 * c * c, 0.0, 0.0]))
        x1 = k1 / w
        x2 = (a1 - v1 * x1 - w) / c
        bulk = (x1.imag > 1e-9 * abs(x1)) & (x2.imag > 1e-9 * abs(x2))
        j1, j2 = (k1 / x1**2).real - v1, (k2 / x2**2).real - v2
        stable = (abs(x1.imag) < 1e-6 * abs(x1)) & (j1 > 0) & (j2 > 0) & (j1 * j2 > c * c)
        best = np.argmax(bulk) if bulk.any() else np.argmax(stable)
        x1, x2 = x1[best], x2[best]
        phi = a1 * x1 + a2 * x2 - k1 * np.log(x1) - k2 * np.log(x2) - 1 - (v1 * x1**2 + v2 * x2**2) / 2 - c * x1 * x2
        return phi.real + k1 * np.log(k1) + k2 * np.log(k2)

    def __call__(self, g):
        return self.constant + self.psi(self.law.shifts @ g) - g @ g / 2

    def at(self, u):
        """Return the supremum at energies u: one free direction, sampled and then refined."""
        rows = self.law.losses
        origin = np.linalg.lstsq(rows, u, rcond=None)[0]
        free = np.linalg.svd(rows)[2][-1]
        best = brute(lambda z: -self(origin + z[0] * free), [(-3.0, 3.0)], Ns=25, full_output=True, finish=fmin)
        return -best[1]

    def below(self, u):
        """Return the supremum over energies up to u: SLSQP from a few feasible places."""
        rows = self.law.losses
        condition = LinearConstraint(rows, -np.inf, u)
        corner = np.linalg.lstsq(rows, np.minimum(u, 0.0), rcond=None)[0]
        free = np.linalg.svd(rows)[2][-1]
        runs = (
            minimize(lambda g: -self(g), corner + z * free, method="SLSQP", constraints=condition) for z in (-1, 0, 1)
        )
        return max(-run.fun for run in runs)


@pytest.mark.parametrize("question", ["at", "below"])
def test_surface(median, baseline, report, game, grid, question):
    c = sg.complexity(game)
    ours = c if question == "at" else c.below
    plain = getattr(PlainSigma(game), question)
    energies = np.column_stack([x.ravel() for x in grid])
    energies = energies[np.linspace(0.2 * len(energies), 0.9 * len(energies), FEW).astype(int)]
    np.testing.assert_allclose([plain(u) for u in energies], ours(*energies.T), rtol=0, atol=1e-5)
    point = baseline(lambda: [plain(u) for u in energies], rounds=3) / FEW
    row = report(
        question="c(u_D, u_G), a surface" if question == "at" else "c.below(u_D, u_G), a surface",
        size=f"{SIDE} x {SIDE}",
        ours=median(lambda: ours(*grid), rounds=5),
        baseline=point * SIDE**2,
        against=f"scipy at {FEW} points, extrapolated",
        limit=f"{LIMIT:g} s",
    )
    assert row.ours <= LIMIT
