"""What is too far or too large is answered by the limit or refused with its size; an alarm guards against hangs."""

import contextlib
import signal

import numpy as np
import pytest

import spinglass as sg

MIX = sg.mixed({3: 1, 4: 1})


@contextlib.contextmanager
def alarm(seconds=60):
    """Fail instead of hanging, where the platform has alarms."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_):
        raise AssertionError(f"no answer in {seconds} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("model", [sg.pure(3), MIX])
@pytest.mark.parametrize("index", [None, 1, "each"])
def test_beyond_the_support_of_the_energies_the_number_of_points_is_constant(model, index):
    with alarm():
        far = sg.count_density(model, 5, [10.0, 1e3, 1e6, 1e300, np.inf], index, cumulative=True)
    np.testing.assert_allclose(far, np.broadcast_to(far[-1], far.shape), atol=1e-12)
    assert np.isfinite(far).all()


@pytest.mark.parametrize("model", [sg.pure(3), MIX])
def test_far_energies_do_not_change_the_answers_at_the_others(model):
    near = [-1.9, -1.5, 0.3]
    with alarm():
        alone = sg.count_density(model, 5, near, "each", cumulative=True)
        among = sg.count_density(model, 5, [-1e6, -30.0, *near, 1e6], "each", cumulative=True)
    np.testing.assert_allclose(among[2:5], alone, atol=2e-12)
    assert (np.diff(among, axis=0) >= -1e-12).all()
    assert among[0].max() < -1e11


@pytest.mark.parametrize(("u", "index"), [(-40.0, 0), (-40.0, 2), (300.0, 1), (-1e4, 3), (1e6, 4)])
def test_rare_energies_agree_with_digits(u, index):
    with alarm():
        value = sg.count_density(sg.pure(3), 5, u, index)
        digits = sg.count_density(sg.pure(3), 5, u, index, arithmetic=sg.mp(20))
    assert value == pytest.approx(float(digits), abs=1e-12, rel=2e-15)


@pytest.mark.parametrize("index", [None, 0, "each"])
def test_where_the_logarithm_overflows_there_are_no_points(index):
    assert (sg.count_density(sg.pure(3), 5, [1e300, -1e300], index) == -np.inf).all()
    assert sg.count_density(MIX, 5, -1e300, index, cumulative=True).max() == -np.inf
    assert sg.mean_count(sg.pure(3), 5, (-2e300, -1e300)).mean == 0
    whole = sg.mean_count(MIX, 5, (-1e300, 1e300)).log_mean
    assert whole == pytest.approx(sg.mean_count(MIX, 5).log_mean, abs=1e-12)


def test_a_narrow_window_of_a_nearly_linear_model_needs_few_digits():
    model, window = sg.mixed({3: 5.4e-5, 1: 474, 7: 1.5e-7}), (-21.0, -21.0 + 1e-8)
    with alarm():
        digits = sg.mean_count(model, 3, window, 0, arithmetic=sg.mp(15)).log_mean
        ball = sg.mean_count(model, 3, window, 0, arithmetic=sg.balls(15)).log_mean
    assert sg.mean_count(model, 3, window, 0).log_mean == pytest.approx(float(digits), abs=1e-11)
    assert float(abs(ball - float(digits)).upper()) < 1e-11
