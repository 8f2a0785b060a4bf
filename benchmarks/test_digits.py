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


@pytest.mark.parametrize("digits", [50, DIGITS])
def test_digits(median, baseline, report, digits):
    c = sg.complexity(sg.pure(P))

    def ours():
        return c.lowest_energy(index=INDEX, arithmetic=sg.mp(digits))

    with mpmath.workdps(digits):
        # findroot stops when the square of the residual is small: its last digits are not all right
        assert abs(ours() - textbook(digits)) < mpmath.mpf(10) ** (-0.9 * digits)
    row = report(
        question=f"pure E_{INDEX}, {digits} digits",
        size="1 energy",
        ours=median(ours, rounds=15),
        baseline=baseline(lambda: textbook(digits), rounds=15),
        against="mpmath.findroot",
        limit=f"{LIMIT:g} s" if digits == DIGITS else "",
    )
    assert row.ours <= LIMIT


def test_enclosure(median, baseline, report):
    pytest.importorskip("flint")
    c = sg.complexity(sg.pure(P))

    def proof():
        return c.lowest_energy(index=INDEX, arithmetic=sg.balls(50))

    assert proof().rad() < 1e-50
    assert abs(float(proof().mid()) - float(textbook(50))) < 1e-15
    report(
        question=f"pure E_{INDEX}, 50 digits with proof",
        size="1 energy",
        ours=median(proof, rounds=15),
        baseline=baseline(lambda: c.lowest_energy(index=INDEX, arithmetic=sg.mp(50)), rounds=15),
        against="sg.mp(50), no proof",
    )
