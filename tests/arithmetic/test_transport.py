"""Arithmetics, their numbers and what holds these go through pickles, copies and processes unchanged."""

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields

import flint
import mpmath
import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass.arithmetic.exclusive import exclusive
from spinglass.arithmetic.transport import _around_zero

DIGITS = (sg.mp(20), sg.balls(20), sg.symbols)
NAMES = [ar.name for ar in DIGITS]


def carried(x):
    """Return what x becomes on all ways."""
    pickles = [pickle.loads(pickle.dumps(x, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    assert len(pickles) > 2
    return [*pickles, copy.copy(x), copy.deepcopy(x)]


def same(x, y):
    """Tell whether two numbers are the same bit by bit, in the same class."""
    if type(x) is not type(y):
        return False
    if isinstance(x, flint.acb):
        return same(x.real, y.real) and same(x.imag, y.imag)
    if isinstance(x, flint.arb):
        with exclusive(flint.ctx, 4000):
            return all(a == b or (a.is_nan() and b.is_nan()) for a, b in ((x.mid(), y.mid()), (x.rad(), y.rad())))
    return repr(x) == repr(y)


@pytest.mark.parametrize("ar", [*DIGITS, sg.float64], ids=[*NAMES, "float64"])
def test_an_arithmetic_stays_itself(ar):
    ar = ar.of(ar.digits) if hasattr(ar, "digits") else ar  # the one in use now
    for other in carried(ar):
        assert other is ar or (ar is sg.float64 and other == ar)


def test_balls_are_the_same_bit_by_bit():
    rng, tried = np.random.default_rng(1), 0
    for bits in (2, 30, 53, 300):
        for _ in range(150):
            with exclusive(flint.ctx, bits):
                x = flint.arb((int(rng.integers(-(2**62), 2**62)), int(rng.integers(-3000, 3000)))) / 3
                wide = flint.arb(0, x.rad()) * flint.arb((1, int(rng.integers(-40, 40))))
                balls = [x, x.mid(), x.rad(), x - x.mid(), x + wide, flint.acb(x, wide) * flint.acb(1, 3)]
            for ball in balls:
                assert all(same(ball, other) for other in carried(ball))
                tried += 1
    assert tried == 3600
    for name in ("nan", "inf", "-inf"):
        assert all(same(flint.arb(name), other) for other in carried(flint.arb(name)))
    assert all(same(flint.arb(3, "inf"), other) for other in carried(flint.arb(3, "inf")))


def test_a_radius_that_cannot_be_hit_is_taken_wider(monkeypatch):
    """Should another python-flint round otherwise, a ball still holds what it held."""
    with exclusive(flint.ctx, 60):
        third = flint.arb(1) / 3
    narrow = _around_zero(flint, 1, -200)
    monkeypatch.setattr("spinglass.arithmetic.transport._around_zero", lambda *_: narrow)
    other = pickle.loads(pickle.dumps(third))
    assert other.mid() == third.mid() and third.rad() < other.rad() < 1.01 * third.rad()


@pytest.mark.parametrize("name", ["_shown", "context"])
def test_digits_keep_their_context(name):
    context = getattr(sg.mp(33), name)
    for x in (context.mpf(1) / 3, context.mpc(1, -2) / 7, context.inf, -context.inf, context.mpf(0), context.nan):
        for other in carried(x):
            assert repr(other) == repr(x) and other.context is context
    assert type(pickle.loads(pickle.dumps(mpmath.mpf(2)))) is mpmath.mpf  # others are left alone


def results():
    """Return results of every kind with digits."""
    c, model = sg.complexity(sg.mixed({3: 1, 4: 1})), sg.pure(3)
    found = {ar.name: [c.total(arithmetic=ar), sg.mean_count(model, 3, arithmetic=ar)] for ar in DIGITS}
    for ar in DIGITS[:2]:
        found[ar.name] += [
            c.lowest_energy(index=0, arithmetic=ar),
            c(-1.5, arithmetic=ar),
            sg.mean_count(model, 3, (-2, -1), 0, arithmetic=ar),
            sg.count_density(model, 3, -1.5, arithmetic=ar),
        ]
    return found


def test_results_and_estimates_are_the_same_afterwards():
    assert results().keys() == set(NAMES)
    for name, values in results().items():
        assert len(values) > 1, name
        for value in values:
            for other in carried(value):
                assert type(other) is type(value)
                if isinstance(value, sg.counts.Estimate):
                    parts = [(getattr(value, f.name), getattr(other, f.name)) for f in fields(value)]
                else:
                    parts = [(value, other)]
                assert all(same(a, b) for a, b in parts)


def test_laws_points_and_complexities_can_be_carried():
    points = sg.critical_points(sg.pure(3).draw(3, rng=1))
    assert points.proven
    for other in carried(points):
        np.testing.assert_array_equal(other.points, points.points)
        np.testing.assert_array_equal(other.energy_bounds, points.energy_bounds)
        assert other.proven and other.seed == points.seed
    for ar in DIGITS:
        law = sg.gan(3, 2, 1, sympy.Rational(1, 2) if ar is sg.symbols else 0.5).local_law(ar)
        for other in carried(law):
            assert all(map(same, law.jacobian_variance.ravel(), other.jacobian_variance.ravel()))
    c = sg.complexity(sg.mixed({3: 1, 4: 1}))
    c.lowest_energy(arithmetic=sg.mp(20))
    for other in carried(c):
        assert repr(other.total(arithmetic=sg.mp(20))) == repr(c.total(arithmetic=sg.mp(20)))


def lowest(ar):
    return sg.complexity(sg.pure(3)).lowest_energy(index=0, arithmetic=ar)


def test_a_process_of_its_own_takes_arithmetics_and_returns_digits():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        for ar, found in zip(DIGITS[:2], pool.map(lowest, DIGITS[:2]), strict=True):
            assert same(found, lowest(ar))
