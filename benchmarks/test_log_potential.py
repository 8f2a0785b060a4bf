"""How fast is the log-determinant of the GAN's Jacobian, against adaptive quadrature over its spectral density?"""

import numpy as np
import pytest
from scipy.integrate import quad

import spinglass as sg

POINTS = 100_000
FEW = 5
ACCURACY = 1e-5


@pytest.fixture(scope="module")
def game():
    return sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9)


@pytest.fixture(scope="module")
def shifts(game):
    """Shifts as the game itself draws them."""
    local = game.local_law()
    return np.random.default_rng(1).normal(size=(POINTS, local.shifts.shape[1])) @ local.shifts.T


def by_quadrature(law):
    """Return the mean of log|t| over a law, bulk by bulk, with the singularity at 0 as a break point."""

    def integrand(t):
        return np.log(abs(t)) * law.density(t) if t else 0.0

    total = 0.0
    for low, high in law.support:
        points = [0.0] if low < 0 < high else None
        total += quad(integrand, low, high, points=points, epsabs=ACCURACY / 2, epsrel=0, limit=200)[0]
    return total


def test_log_potential(race, report, game, shifts):
    local = game.local_law()
    psi = sg.spectra.LogDeterminant(local)
    laws = [sg.spectra.BlockGaussian(local.jacobian_variance, local.fractions, local.signs * d) for d in shifts[:FEW]]
    # also fills the edges that a law computes once, so that only the quadrature is timed
    np.testing.assert_allclose([by_quadrature(law) for law in laws], psi(shifts[:FEW]), rtol=0, atol=ACCURACY)
    ours, quadrature = race(lambda: psi(shifts), lambda: [by_quadrature(law) for law in laws], rounds=5)
    report(
        question="GAN log-determinant, a point",
        size=f"{POINTS} random shifts",
        ours=ours / POINTS,
        baseline=quadrature / FEW,
        against=f"scipy quad to {ACCURACY:g}, {FEW} points",
        most=2e-6,
        least=1e4,
    )


def test_log_potential_digits(race, report, game, shifts):
    """For information: one point with 50 digits."""
    from spinglass.spectra.dyson.digits import psi_digits

    digits = sg.mp(50)
    local, psi = game.local_law(digits), sg.spectra.LogDeterminant(game.local_law())
    point = [digits.number(float(x)) for x in shifts[0]]
    assert abs(float(psi_digits(psi.scaled, local, point, digits)[0]) - psi(shifts[0])) < 1e-12
    ours, double = race(lambda: psi_digits(psi.scaled, local, point, digits), lambda: psi(shifts[:1]), rounds=20)
    report(
        question="GAN log-determinant, 50 digits",
        size="1 point",
        ours=ours,
        baseline=double,
        against="float64, 1 point a call",
    )
