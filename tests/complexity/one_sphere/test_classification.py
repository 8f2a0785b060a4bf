"""Pure-like, critical, full, trivial: reference values, the threshold identity, arithmetics, errors."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

import spinglass as sg
from spinglass.complexity.one_sphere.classification import Classification, classify

FULL = {3: Fraction(16, 17), 16: Fraction(1, 17)}


def two_terms(weight):
    return sg.mixed({3: 1 - weight, 16: weight})


def test_reference():
    assert classify(sg.mixed({3: 0.5, 4: 0.5})).G == pytest.approx(0.05897408049618, abs=6e-15)
    assert classify(sg.mixed(FULL)).G == pytest.approx(-0.065172221015515, abs=1e-15)
    assert classify(sg.mixed({3: 0.5, 4: 0.5})).name == "pure-like"
    assert classify(sg.mixed(FULL)).name == "full"


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(2, 20), st.floats(0.05, 20), min_size=1, max_size=4))
def test_it_is_twice_the_complexity_at_the_threshold(coefficients):
    game = sg.mixed(coefficients)
    c = sg.complexity(game)
    found = classify(game)
    # the edge is a branch point of the complexity: sqrt of the rounding of the energy enters to the power 3/2
    assert found.G == pytest.approx(2 * c(c.threshold_energy), abs=1e-11)
    scaled = classify(sg.mixed({p: 7 * x for p, x in coefficients.items()}))
    assert scaled.G == pytest.approx(found.G, abs=1e-12) and scaled.name == found.name


def test_lowest_energy_lies_below_the_threshold_exactly_if_pure_like():
    for weight in (0.01, 0.03, 0.06, 0.1, 0.3, 0.8):
        game = two_terms(weight)
        c = sg.complexity(game)
        assert (classify(game).name == "pure-like") == (c(c.threshold_energy) > 0)


@pytest.mark.parametrize("p", range(3, 8))
def test_pure_models_are_pure_like(p):
    c = sg.complexity(sg.pure(p))
    assert classify(sg.pure(p)).name == "pure-like"
    assert c.lowest_energy() < c.threshold_energy


def test_critical_within_rounding_only():
    weight = brentq(lambda x: classify(two_terms(x)).G, 0.1, 0.3, xtol=1e-16, rtol=1e-15)
    assert classify(two_terms(weight)).name == "critical"
    assert classify(two_terms(weight), sg.mp(40)).name in ("pure-like", "full")  # the float is not the root
    names = {classify(two_terms(weight + d)).name for d in (-1e-10, 1e-10)}
    assert names == {"pure-like", "full"}


def test_trivial_without_abundance():
    for game in (sg.pure(2), sg.mixed({1: 5.0, 3: 1.0}), sg.mixed({1: 3, 3: 1})):
        assert classify(game).name == classify(game, sg.symbols).name == "trivial"
    assert classify(sg.pure(2), sg.symbols).G == 0


def test_arithmetics_agree():
    for coefficients in ({3: Fraction(1, 2), 4: Fraction(1, 2)}, FULL, {1: Fraction(1, 3), 3: 1}):
        game = sg.mixed(coefficients)
        exact = classify(game, sg.symbols)
        digits, proved = classify(game, sg.mp(30)), classify(game, sg.balls(30))
        assert len({found.name for found in (exact, digits, proved, classify(game))}) == 1
        assert abs(exact.G.evalf(30) - sympy.Float(str(digits.G), 30)) < 1e-28
        with sg.balls(30).precision():
            assert abs(proved.G - sg.balls(30).number(str(digits.G))) < 1e-29


def test_result_is_a_readable_value():
    found = classify(sg.pure(3))
    assert found == Classification(found.name, found.G) and hash(found) == hash(classify(sg.pure(3)))
    assert repr(found).startswith("Classification(name='pure-like', G=0.0264805")
    assert str(found) == "pure-like (G = 0.0264805)"
    with pytest.raises(AttributeError):
        found.name = "full"


def test_bad_input_is_refused():
    with pytest.raises(TypeError, match="expected a SphericalGame"):
        classify({3: 1})
    with pytest.raises(NotImplementedError, match="one sphere, got 2"):
        classify(sg.gan(3, 3, 1.0, 0.9))
    with pytest.raises(TypeError, match="arithmetic: expected"):
        classify(sg.pure(3), "mp")
