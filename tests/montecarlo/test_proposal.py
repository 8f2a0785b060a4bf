"""Truncated normals and windows of the proposal: quantiles to fifty digits, in whichever tail they lie."""

import mpmath
import numpy as np
import pytest

from spinglass.montecarlo.proposal import Mixture, Window, log_interval, truncated_normal

INTERVALS = [
    (-1.0, 2.0),
    (0.5, 0.75),
    (-3.0, -0.25),
    (9.0, 9.1),
    (-9.1, -9.0),
    (40.0, 40.5),
    (39.0, np.inf),
    (-np.inf, -12.0),
]
UNIFORM = np.array([1e-12, 1e-3, 0.1, 0.5, 0.8, 0.999, 1 - 2.0**-40])


def mass(low, high):
    """Return the normal mass of an interval, taken in the lower tail where it is small."""
    low, high = (mpmath.mpf(end) for end in ((-high, -low) if low > 0 else (low, high)))
    return (mpmath.erfc(-high / mpmath.sqrt(2)) - mpmath.erfc(-low / mpmath.sqrt(2))) / 2


@pytest.mark.parametrize(("low", "high"), INTERVALS)
def test_a_uniform_number_is_the_share_of_the_mass_below_its_normal(low, high):
    x = truncated_normal(UNIFORM, low, high)
    with mpmath.workdps(50):
        shares = np.array([float(mass(low, float(y)) / mass(low, high)) for y in x])
        rest = np.array([float(mass(float(y), high) / mass(low, high)) for y in x])
        assert log_interval(low, high) == pytest.approx(float(mpmath.log(mass(low, high))), rel=1e-13, abs=1e-14)
    # a float next to a far bound keeps fewer digits of what lies between
    rounding = 2e-14 * (1 + x**2)
    assert np.all(np.abs(shares - UNIFORM) < 1e-10 * UNIFORM + rounding)
    assert np.all(np.abs(rest - (1 - UNIFORM)) < 1e-10 * (1 - UNIFORM) + rounding)
    assert np.all(np.diff(x) > 0)


@pytest.mark.parametrize("scale", [2.0, -2.0])
def test_a_window_leaves_the_interval_in_which_the_loss_is_inside(scale):
    window = Window(np.array([[1.0, 0.0], [0.5, scale]]), np.array([-1.0, -3.0]), np.array([1.0, 5.0]))
    y = np.array([[0.25, 0.0], [-1.0, 0.0]])
    low, high = window.limits(y, 1)
    ends = np.sort([(-3.0 - 0.5 * y[:, 0]) / scale, (5.0 - 0.5 * y[:, 0]) / scale], axis=0)
    assert np.all(low < high)
    np.testing.assert_array_equal([low, high], ends)


def test_components_are_drawn_as_often_as_their_weights_say():
    weights = np.array([0.2, 0.5, 0.3])
    mixture = Mixture(weights, np.array([[-100.0], [0.0], [100.0]]), np.ones((3, 1, 1)))
    y = mixture.sample(np.random.default_rng(1), 20_000, Window(np.zeros((0, 0)), np.zeros(0), np.zeros(0)))
    shares = np.histogram(y[:, 0], [-150, -50, 50, 150])[0] / len(y)
    assert np.all(np.abs(shares - weights) < 4 * np.sqrt(weights * (1 - weights) / len(y)))
