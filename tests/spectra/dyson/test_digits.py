"""Psi in many digits, part by part: a block that nothing acts on, and where Newton's method ends."""

import numpy as np
import pytest

import spinglass as sg
from spinglass.spectra import LogDeterminant
from spinglass.spectra.dyson.digits import _converge, psi_digits

DIGITS = sg.mp(40)


@pytest.mark.parametrize("shift", [-30.0, -2.0, -0.3, 0.0, 0.7, 2.5, 400.0])
def test_one_species_is_a_semicircle_on_both_sides_of_its_edges(shift):
    game = sg.pure(3)
    ours = LogDeterminant(game.local_law())
    edge = 2 * float(np.sqrt(ours.law.jacobian_variance[0, 0]))
    at = [DIGITS.number(shift * edge)]
    value, slope, curve = psi_digits(ours.scaled, game.local_law(DIGITS), at, DIGITS)
    law = sg.spectra.Semicircle(variance=edge**2 / 4)
    assert float(value) == pytest.approx(float(law.log_potential(shift * edge)), rel=1e-14, abs=1e-14)
    assert float(slope[0]) == pytest.approx(float(law.stieltjes(shift * edge).real), rel=1e-13, abs=1e-15)
    step = DIGITS.number(1e-10)
    ahead, behind = (psi_digits(ours.scaled, game.local_law(DIGITS), [at[0] + s * step], DIGITS)[1][0] for s in (1, -1))
    assert float((ahead - behind) / (2 * step)) == pytest.approx(float(curve[0, 0]), rel=1e-12)


def test_newton_goes_on_until_all_components_rest():
    def step(x):  # of x = 1 and x^2 = 2: the first is solved at once
        return np.array([1 - x[0], (2 - x[1] ** 2) / (2 * x[1])])

    one, root = _converge(np.array([DIGITS.number(1), DIGITS.number(1.5)]), step, DIGITS)
    assert one == 1 and abs(root**2 - 2) < 10 * DIGITS.epsilon
