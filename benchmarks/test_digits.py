"""What do a thousand digits of a threshold cost, and what a proof?"""

import mpmath
import pytest

import spinglass as sg

DIGITS = 1000
LIMIT = 2.0
P, INDEX = 3, 1


def textbook(digits):
    """Return -E_k of the pure p-spin by mpmath.findroot, from the printed formula."""
    with mpmath.workdps(digits):
        edge = 2 * mpmath.sqrt(mpmath.mpf(P - 1) / P)

        def theta(u):
            root = mpmath.sqrt(u**2 - edge**2)
            rate = -u * root / edge**2 - mpmath.log(-u + root) + mpmath.log(edge)
            return mpmath.log(P - 1) / 2 - mpmath.mpf(P - 2) * u**2 / (4 * (P - 1)) - (INDEX + 1) * rate

        # two starts beside the root: the default second start lies in the bulk, where the formula is complex
        return mpmath.findroot(theta, (mpmath.mpf("-1.6528731981"), mpmath.mpf("-1.6528731982")))


@pytest.mark.parametrize("digits", [50, 200, DIGITS])
def test_digits(race, report, digits):
    c = sg.complexity(sg.pure(P))

    def ours():
        return c.lowest_energy(index=INDEX, arithmetic=sg.mp(digits))

    with mpmath.workdps(digits):
        # findroot stops when the square of the residual is small: its last digits are not all right
        assert abs(ours() - textbook(digits)) < mpmath.mpf(10) ** (-0.9 * digits)
    seconds, root = race(ours, lambda: textbook(digits), rounds=15)
    report(
        question=f"pure E_{INDEX}, {digits} digits",
        size="1 energy",
        ours=seconds,
        baseline=root,
        against="mpmath.findroot",
        most=LIMIT if digits == DIGITS else None,
    )


def test_enclosure(race, report):
    pytest.importorskip("flint")
    c = sg.complexity(sg.pure(P))

    def proof():
        return c.lowest_energy(index=INDEX, arithmetic=sg.balls(50))

    assert proof().rad() < 1e-50
    assert abs(float(proof().mid()) - float(textbook(50))) < 1e-15
    ours, unproven = race(proof, lambda: c.lowest_energy(index=INDEX, arithmetic=sg.mp(50)), rounds=15)
    report(
        question=f"pure E_{INDEX}, 50 digits with proof",
        size="1 energy",
        ours=ours,
        baseline=unproven,
        against="sg.mp(50), no proof",
    )


def test_gan_digits(race, report):
    """The lowest energy of a player at 50 digits, beside float64."""
    c, digits = sg.complexity(sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9)), sg.mp(50)
    assert abs(c.lowest_energy(arithmetic=digits) - c.lowest_energy()) < 1e-10
    ours, double = race(lambda: c.lowest_energy(arithmetic=digits), c.lowest_energy, rounds=5)
    report(
        question="GAN's lowest u_D, 50 digits",
        size="1 energy",
        ours=ours,
        baseline=double,
        against="float64",
    )
