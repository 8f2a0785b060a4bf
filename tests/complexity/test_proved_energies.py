"""What must not pass for a proof of a lowest energy: one sign, or a zero that may not be the lowest."""

from fractions import Fraction

import pytest

import spinglass as sg
from spinglass.complexity import one_sphere_lowest

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
def test_a_zero_above_the_threshold_is_not_proved_to_be_the_lowest(coefficients):
    """Of all points together, in a full mixture: the bulk reaches zero there and a second zero is not excluded."""
    c = sg.complexity(sg.mixed(coefficients))
    assert c.classify().name == "full" and c.lowest_energy() > c.threshold_energy
    with pytest.raises(ArithmeticError, match="not proved to be the lowest"):
        c.lowest_energy(arithmetic=sg.balls(20))
    minima = c.lowest_energy(index=0, arithmetic=sg.balls(20))
    assert minima.rad() < 1e-20 and float(minima) == pytest.approx(c.lowest_energy(index=0), abs=1e-12)
