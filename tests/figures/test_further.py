"""Figures of several papers with one each show the facts that they are drawn for."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import spinglass as sg
from spinglass import figures


def test_growth_rates_are_those_beyond_the_two_points_that_always_are(computed):
    data = computed("fyodorov2013-1")
    figure = figures.recipe("fyodorov2013-1").figure(data)
    left, right = ({line.get_label(): line for line in ax.lines} for ax in figure.axes[:2])
    for n in (2, 3, 5, 10, 20, 50):
        logs = data[f"log count {n}"]
        np.testing.assert_allclose(left[f"$N = {n}$"].get_ydata(), np.exp(logs))
        np.testing.assert_allclose(right[f"$N = {n}$"].get_ydata(), (logs - np.log(2)) / n, atol=1e-15)
        assert right[f"$N = {n}$"].get_ydata()[-1] < 0.05
    np.testing.assert_array_equal(right[r"$N = \infty$"].get_ydata(), data["complexity"])
    plt.close(figure)


def test_a_balanced_field_leaves_twice_as_many_points_as_dimensions(computed):
    data = computed("fyodorov2013-1")
    (balanced,) = np.flatnonzero(data["s"] == 3)
    for n in (2, 3, 5, 10, 20, 50):
        logs = data[f"log count {n}"]
        assert logs[balanced] == pytest.approx(np.log(2 * n), abs=1e-12)
        assert np.all(np.diff(logs) <= 1e-12) and np.all(logs >= np.log(2) - 1e-12)
    assert np.all(np.abs(data["complexity"][data["s"] >= 3]) < 1e-14) and np.all(data["complexity"][data["s"] < 3] > 0)


def test_a_spike_is_found_from_the_critical_strength_on(computed):
    data = computed("bmmn2019-1")
    assert data["critical"] == pytest.approx(0.816496580927726, abs=1e-14)
    assert np.log(2) / 2 - 1e-3 < data["rate 0.5"].max() <= np.log(2) / 2 + 1e-12
    weak = data["lambda"] < data["critical"]
    np.testing.assert_allclose(data["band all"][weak, 1], np.sqrt(0.5), rtol=1e-12)
    assert data["spike"][0] == pytest.approx(np.sqrt(0.5), abs=1e-5)  # born at the edge of the band
    edge = np.interp(data["lambda above"], data["lambda"], data["band all"][:, 1])
    assert np.all(data["spike"][1:] > edge[1:])  # and apart from it then


def test_the_marked_optimum_is_a_maximum_of_the_rate_of_maxima(computed):
    data = computed("bmmn2019-1")
    assert "optimum 0.5" not in data
    for lam in (1.0, 1.5):
        m, x = data[f"optimum {lam:g}"]
        model = sg.spiked(3, lam)
        assert model.rate(m, x, maxima=True) == pytest.approx(0, abs=1e-12)
        around = [(m + 1e-3, x), (m - 1e-3, x), (m, x + 1e-3), (m, x - 1e-3)]
        assert all(model.rate(*place, maxima=True) < 0 for place in around)
        assert data["band maxima"][:, 1].max() < m


def test_pairs_are_independent_between_the_ground_state_and_the_threshold(computed):
    data = computed("subag2017-1")
    middle = len(data["r"]) // 2
    np.testing.assert_allclose(data["psi"][:, middle], data["twice theta"], atol=1e-12)
    assert sg.second_moment(3, 0.3, -1.64, -1.64) == pytest.approx(0.009651489093424395, abs=1e-15)
    u = data["u supremum"]
    assert np.all(np.abs(data["excess"][(u > data["lowest"]) & (u < data["threshold"])]) < 1e-14)
    assert data["excess"][0] > 0.005  # below the ground state the mean is not typical


def test_a_strong_parabola_leaves_one_point(computed):
    data = computed("baskerville2022universal-3")
    strong = data["m"] >= 1
    assert np.all(data["total"][strong] == 0) and np.all(data["total"][~strong] > data["minima"][~strong])
    (half,) = np.flatnonzero(np.isclose(data["m"], 0.5))
    assert np.exp(2 * data["finite 2"][half]) == pytest.approx(5.249503123621212, rel=1e-12)
    gaps = np.array([data[f"finite {n}"] - data["total"] for n in (2, 5, 10, 50, 200)])
    assert np.all(gaps > 0) and np.all(np.diff(gaps, axis=0) < 0)
