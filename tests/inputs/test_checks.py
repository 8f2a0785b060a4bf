"""The door: what comes in as a number, an array or an object, and what is refused in one line."""

import math
import re
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass.inputs import checks

HUGE, THIRD = 10**400, Fraction(1, 3)
NO_NUMBERS = [
    None,
    "1",
    b"1",
    True,
    np.True_,
    1j,
    np.complex128(1),
    {1: 2},
    {1},
    object(),
    [[1], [1, 2]],
    ["1"],
    [True],
    [1, 1j],
    [1, None],
    np.array("1"),
    np.array([1 + 0j]),
    np.array([1, "2"], dtype=object),
    np.ma.masked_array([1.0, 2.0], [False, True]),
    np.ma.masked,
    np.datetime64("2020"),
    sympy.Symbol("u"),
    sympy.I,
    sympy.zoo,
    mpmath.mpc(1),
    sg.pure(3),
    math,
]
OUT_OF_RANGE = [math.nan, np.float32("nan"), mpmath.mpf("nan"), sympy.nan, [1, math.nan], HUGE, -HUGE]
OUT_OF_RANGE += [Fraction(HUGE, 3), Decimal("1e400"), mpmath.mpf("1e400"), sympy.Integer(HUGE), [0, HUGE], 10**5000]
ONES = [1, 1.0, np.int8(1), np.float32(1), np.longdouble(1), np.array(1), Fraction(1), Decimal(1), mpmath.mpf(1)]
ONES += [sympy.Integer(1), sympy.Float(1, 50), sympy.cos(0)]


def refused(error, function, *arguments, **keywords):
    with pytest.raises(error, match="expected") as caught:
        function(*arguments, **keywords)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
    return str(caught.value)


@pytest.mark.parametrize("one", ONES, ids=repr)
def test_every_kind_of_number_comes_in(one):
    assert checks.real_points("x", one) == checks.real_points("x", [one])[0] == checks.one_number("x", one) == 1.0
    assert checks.complex_points("z", one) == 1.0 and float(checks.checked_number("x", one)) == 1
    for ar in (sg.float64, sg.mp(20), sg.balls(20), sg.symbols):
        assert float(checks.in_arithmetic("x", one, ar)) == 1


@pytest.mark.parametrize("bad", NO_NUMBERS, ids=lambda x: type(x).__name__)
def test_what_is_no_real_number_is_refused(bad):
    assert refused(TypeError, checks.real_points, "x", bad).startswith("x: expected ")
    refused(TypeError, checks.checked_number, "x", bad)
    refused(TypeError, checks.checked_integer, "x", bad, 1)
    refused(TypeError, checks.whole_number, "x", bad, 1)
    for ar in (sg.float64, sg.mp(20), sg.balls(20)):
        refused(TypeError, checks.in_arithmetic, "x", bad, ar)
    if not isinstance(bad, sympy.Symbol):
        refused(TypeError, checks.in_arithmetic, "x", bad, sg.symbols)


@pytest.mark.parametrize("bad", OUT_OF_RANGE, ids=lambda x: type(x).__name__)
def test_nan_and_what_a_float_cannot_hold_are_refused(bad):
    for infinite in (False, True):
        message = refused(ValueError, checks.real_points, "x", bad, infinite)
        assert message.startswith("x: expected") and "inf" not in message
    refused(ValueError, checks.complex_points, "x", bad)
    if not isinstance(bad, list):
        for ar in (sg.float64, sg.mp(20), sg.balls(20), sg.symbols):
            refused(ValueError, checks.in_arithmetic, "x", bad, ar, infinite=True)


def test_infinities_only_where_they_have_a_meaning():
    assert checks.real_points("x", [math.inf, -np.inf], infinite=True).tolist() == [math.inf, -math.inf]
    assert "got -inf" in refused(ValueError, checks.real_points, "x", [1, -math.inf])
    assert "got inf" in refused(ValueError, checks.complex_points, "z", complex(0, math.inf))
    for ar in (sg.mp(20), sg.balls(20), sg.symbols):
        assert checks.in_arithmetic("x", math.inf, ar, infinite=True) == ar.infinity
        refused(ValueError, checks.in_arithmetic, "x", math.inf, ar)


def test_numbers_keep_their_digits():
    root = mpmath.workdps(40)(mpmath.sqrt)(2)
    for exact in (THIRD, sympy.Rational(1, 3), Decimal("0.1"), root, np.longdouble(1) / 3):
        digits, ball = (checks.in_arithmetic("x", exact, ar(30)) for ar in (sg.mp, sg.balls))
        with sg.balls(30).precision():
            assert ball.rad() < 1e-40 and abs(ball - sg.balls(30).number(digits)) < 1e-40
    assert checks.in_arithmetic("x", Decimal("0.1"), sg.symbols) == sympy.Rational(1, 10)
    assert checks.checked_number("x", sympy.Rational(1, 3)) == THIRD


def test_arrays_are_new():
    given = np.ones(3)
    checks.real_points("x", given)[:] = 2
    assert given.tolist() == [1, 1, 1]


def test_text_is_read_only_where_decimals_are_asked_for():
    assert checks.written("x", ("-0.1", "1/3", 2.5)) == [Fraction(-1, 10), THIRD, 2.5]
    assert checks.written("x", "-inf") == -math.inf
    for bad in ("1e1000000000", "-1e-1000000000", "1/0", "one", "", "9" * 5000 + "/7"):
        refused(ValueError, checks.written, "x", bad)


@pytest.mark.parametrize("value", ["a\nb", np.ones((30, 30)), [10**5000], 10**5000, "x" * 1000], ids=lambda x: type(x))
def test_a_value_is_shown_in_one_short_line(value):
    assert "\n" not in checks.shown(value) and len(checks.shown(value)) <= checks.SHOWN


CODE = "__import__('builtins').CALLED.append(1)"
ASKED = {
    "at": lambda x, ar: sg.complexity(sg.pure(3))(x, arithmetic=ar),
    "below": lambda x, ar: sg.complexity(sg.pure(3)).below(x, arithmetic=ar),
    "quenched": lambda x, ar: sg.complexity(sg.pure(3), "quenched")(x, arithmetic=ar),
    "number": lambda x, _: sg.symbols.number(x),
    "density": lambda x, ar: sg.goe.density(3, x, ar),
    "mean_abs_det": lambda x, ar: sg.goe.mean_abs_det(3, x, ar),
    "critical_energy": lambda x, ar: sg.spectra.critical_energy(x, arithmetic=ar),
    "sigma": lambda x, ar: sg.spectra.critical_energy(0.5, sigma=x, arithmetic=ar),
    "index_amplitude": lambda x, ar: sg.spectra.index_amplitude(x, arithmetic=ar),
    "log_potential": lambda x, ar: sg.spectra.Semicircle().log_potential(x, arithmetic=ar),
    "second_moment": lambda x, ar: sg.second_moment(3, 0.5, x, -1, ar),
    "overlap": lambda x, ar: sg.second_moment(3, x, -1, -1, ar),
    "real_eigenpairs": lambda x, ar: sg.real_eigenpairs(3, x, ar),
    "spiked": lambda x, ar: sg.spiked(3, 1.0).rate(0.5, x, arithmetic=ar),
}


@pytest.mark.parametrize("asked", ASKED)
def test_text_is_never_run_as_code(asked, monkeypatch):
    import builtins

    called = []
    monkeypatch.setattr(builtins, "CALLED", called, raising=False)
    for x in (CODE, CODE.encode(), [CODE], np.array(CODE), np.array(CODE, dtype=object), np.str_(CODE)):
        for ar in (sg.symbols, sg.mp(10), sg.balls(10), None):
            refused(TypeError, ASKED[asked], x, ar)
    assert not called


@pytest.mark.parametrize("asked", ["at", "below", "density", "mean_abs_det", "critical_energy", "real_eigenpairs"])
def test_symbols_of_the_user_stay_symbols(asked):
    u = sympy.Symbol("u", real=True)
    assert ASKED[asked](u, sg.symbols).free_symbols == {u}


@pytest.mark.parametrize("bad", ["-1.6", b"-1.6", True, 1j, np.array([1j]), 10**400, {}, None])
def test_an_energy_is_a_number(bad):
    for model in (sg.pure(3), sg.bipartite(2, 3, kappa=0.5)):
        refused((TypeError, ValueError), sg.complexity(model), bad)


def test_coefficients_a_float_cannot_tell_from_0_or_hold_are_refused():
    for bad in (HUGE, Fraction(1, HUGE), Fraction(HUGE), sympy.Integer(HUGE), Decimal("1e-400"), mpmath.mpf("nan")):
        refused(ValueError, sg.mixed, {3: bad})
        refused(ValueError, sg.gan, 3, 3, bad, 0.5)


def test_keywords_that_do_not_apply_say_what_to_do():
    c, game = sg.complexity(sg.pure(3)), sg.complexity(sg.bipartite(2, 2, kappa=0.5))
    quenched = sg.complexity(sg.mixed({3: 0.5, 4: 0.5}), "quenched")
    assert "leave out index" in refused(ValueError, c, -1.0, index=0, fraction=0.5)
    assert "try index=" in refused(NotImplementedError, game, -1.0, fraction=0.5)
    with pytest.raises(NotImplementedError, match="try index=0 or None"):
        quenched(-1.2, index=1)


def test_an_object_of_the_wrong_kind_says_how_to_come_to_the_right_one():
    model = sg.pure(3)
    draw, c = model.draw(3, rng=1), sg.complexity(model)
    for call, given, way in [
        (lambda: sg.plotting.complexity(model), "SphericalGame", "sg.complexity(model)"),
        (lambda: sg.plotting.finite_size(model), "SphericalGame", "sg.complexity(model)"),
        (lambda: sg.plotting.quenched(c), "Complexity", "its .model"),
        (lambda: sg.mean_count(c, 5), "Complexity", "its .model"),
        (lambda: sg.complexity(draw), "Draw", "its .game"),
        (lambda: sg.critical_points(model), "SphericalGame", "model.draw(n, rng=1)"),
        (lambda: sg.plotting.points(draw), "Draw", "sg.critical_points(draw)"),
    ]:
        with pytest.raises(TypeError, match=rf"got an object of class {given}; try {re.escape(way)}$"):
            call()


def test_an_index_in_the_place_of_a_loss_is_named():
    c = sg.complexity(sg.pure(3))
    with pytest.raises(ValueError, match=r"loss: .* got 1; for an index try index=1$"):
        c.lowest_energy(1)
    with pytest.raises(ValueError, match=r"expected 1 .one per loss., got 2; for an index try index=0$"):
        c.below(-1.6, 0)
    with pytest.raises(ValueError, match=r"loss: expected a number from 0 to 1, got 5$"):
        sg.complexity(sg.gan(3, 3, 1, 0.5)).lowest_energy(5)


def test_a_complexity_is_printed_as_its_model_is():
    model = sg.gan(3, 3, 1, 0.5)
    assert str(sg.complexity(model)) == f"annealed complexity of {model}"
    assert str(sg.complexity(sg.pure(3), "quenched")) == f"quenched complexity of {sg.pure(3)}"
    assert repr(sg.complexity(sg.pure(3), "quenched")).endswith("players=[[0]]), method='quenched')")
