"""What must not pass for a proof of a lowest energy: one sign, or a zero that may not be the lowest."""

from fractions import Fraction

import pytest

import spinglass as sg
from spinglass.complexity.one_sphere import lowest as one_sphere_lowest

pytest.importorskip("flint")


@pytest.mark.parametrize("index", [None, 0, 2])
@pytest.mark.parametrize("move", [-1e-6, 1e-6])
def test_a_place_beside_the_zero_is_not_enclosed(monkeypatch, index, move):
    """Both ends on one side: one of the two signs is right, which is no change."""
    newton = one_sphere_lowest._newton
    monkeypatch.setattr(one_sphere_lowest, "_newton", lambda *arguments: newton(*arguments) + move)
    c = sg.complexity(sg.pure(3))
    with pytest.raises(ArithmeticError, match="no change of sign could be proved"):
        c.lowest_energy(index=index, arithmetic=sg.balls(20))
    monkeypatch.undo()
    assert c.lowest_energy(index=index, arithmetic=sg.balls(20)).rad() < 1e-20


@pytest.mark.parametrize("coefficients", [{3: Fraction(16, 17), 16: Fraction(1, 17)}, {2: 1, 4: Fraction(1, 10)}])
def test_a_zero_inside_the_bulk_is_that_of_the_parabola_which_bounds_the_rate(coefficients):
    """Of all points together, in a full mixture: the enclosure needs no change of sign."""
    c = sg.complexity(sg.mixed(coefficients))
    assert c.classify().name == "full" and c.lowest_energy() > c.threshold_energy
    ball, digits = c.lowest_energy(arithmetic=sg.balls(20)), c.lowest_energy(arithmetic=sg.mp(40))
    finer = sg.balls(60)
    with finer.precision():
        assert ball.rad() < 1e-20 and ball.contains(finer.number(digits))
        ends = [finer.number(digits) * (1 + sign * finer.number(10) ** -18) for sign in (1, -1)]
    below, above = (c(end, arithmetic=finer) for end in ends)
    assert below < 0 < above
    assert all(c(x * c.lowest_energy(), arithmetic=finer) < 0 for x in (1.001, 1.01, 1.1, 1.5, 3.0))
    minima = c.lowest_energy(index=0, arithmetic=sg.balls(20))
    assert minima.rad() < 1e-20 and float(minima) == pytest.approx(c.lowest_energy(index=0), abs=1e-12)


def test_a_zero_that_may_be_inside_or_outside_the_bulk_is_not_enclosed():
    c = sg.complexity(sg.mixed({2: 1, 5: Fraction(1, 10**40)}))
    with pytest.raises(ArithmeticError, match=r"cannot decide whether .* is above the threshold energy"):
        c.lowest_energy(arithmetic=sg.balls(20))
    ball, digits = c.lowest_energy(arithmetic=sg.balls(100)), c.lowest_energy(arithmetic=sg.mp(100))
    with sg.balls(150).precision():
        assert abs(ball / sg.balls(150).number(digits) - 1) < 1e-98
