"""Outliers are found at the stated rate, and the bulk they stand outside of is fitted as if they were not there."""

import numpy as np
import pytest

import spinglass as sg
from spinglass.spectra.data.fitting.ensembles import eigenvalues
from spinglass.spectra.data.fitting.expected import expected_modes
from spinglass.spectra.data.fitting.outside.outlier_rule import limits
from spinglass.spectra.data.fitting.outside.planted import planted, strengths
from spinglass.spectra.data.fitting.spectrum import spectrum

S = sg.spectra


def mask_of(row, outliers):
    return np.isin(row, outliers)[None]


def expected_moments(law, bulk, outliers, spikes):
    """Return the expected sums of x and x^2 over the bulk, from T_1 and T_2 of an interval."""
    row = np.sort(np.r_[bulk, outliers])
    data = spectrum(row[None], mask_of(row, outliers))
    low, high = data.interval
    middle, half = (low + high) / 2, (high - low) / 2
    first, second = expected_modes(law, data, spikes)[:2]
    first = middle * bulk.size + half * first
    return first, half**2 * (second + bulk.size) / 2 - middle**2 * bulk.size + 2 * middle * first


@pytest.mark.parametrize("spike", [1.3, 3.0, -2.0])
def test_the_bulk_of_a_spiked_goe_matrix_keeps_the_sum_of_squares(spike):
    """E tr M^2 = n v + theta^2 (and M has the trace theta): what the outlier theta + v/theta has is not in the bulk."""
    n, v = 50, 1.0
    law, place = S.Semicircle(v), spike + v / spike
    trace, squares = expected_moments(law, np.linspace(-2, 2, n - 1), np.array([place]), "additive")
    assert trace == pytest.approx(spike - place, abs=1e-6)
    assert squares == pytest.approx(n * v + spike**2 - place**2, abs=1e-6)


def test_the_bulk_of_a_spiked_covariance_keeps_the_trace():
    n, ratio, spike = 50, 0.5, 3.0
    place = spike * (1 + ratio / (spike - 1))
    law = S.MarchenkoPastur(ratio)
    trace, _ = expected_moments(law, np.linspace(0.1, 2.9, n - 1), np.array([place]), "multiplicative")
    assert trace == pytest.approx(n + spike - 1 - place, abs=1e-6)


def test_two_spikes_take_twice_and_an_atom_loses_one_to_each():
    """Of n eigenvalues with a spike added to a law with an atom, by the trace, which the atom at 0 has no part in."""
    n, law, places = 60, S.MarchenkoPastur(2.0), np.array([7.0, 9.0])
    spikes = strengths(law, places, "additive")
    row = np.r_[np.zeros(28), np.linspace(0.2, 5.8, 30), places]
    data = spectrum(row[None], mask_of(row, places))
    low, high = data.interval
    trace = (low + high) / 2 * 30 + (high - low) / 2 * expected_modes(law, data, "additive")[0]
    assert trace == pytest.approx(n + spikes.sum() - places.sum(), abs=1e-5)


@pytest.mark.parametrize("kind", ["additive", "multiplicative"])
def test_planted_spikes_have_their_outliers_where_they_are_wanted(kind):
    law, places, n = S.MarchenkoPastur(0.5), np.array([5.0, 7.0]), 200
    spikes = strengths(law, places, kind)
    seen = []
    for i in range(10):
        values, mask = planted(law, n, spikes, kind, np.random.default_rng(i), None)
        seen.append(values[mask])
    seen = np.array(seen)
    assert seen.shape == (10, 2)
    assert (np.abs(seen.mean(0) - places) < 4 * seen.std(0) / np.sqrt(10) + 10 / n).all()


@pytest.mark.parametrize(
    ("law", "truth", "spikes"),
    [
        (S.Semicircle, {"variance": 1.0, "mean": 0.0}, [1.8, 2.5, -2.2]),
        (S.MarchenkoPastur, {"ratio": 0.5, "variance": 1.0}, [4.0, 6.0, 9.0]),
    ],
)
def test_outliers_are_found_and_do_not_spoil_the_bulk(law, truth, spikes):
    n, kind = 200, "additive" if law is S.Semicircle else "multiplicative"
    row, mask = planted(law(**truth), n, np.array(spikes), kind, np.random.default_rng(2), None)
    for outliers in (3, "auto"):
        found = S.fit(row, law, outliers, spikes=kind, samples=19, rng=1)
        np.testing.assert_array_equal(found.outliers, row[mask])
        for name, value in truth.items():
            assert abs(found.parameters[name] - value) < 4 * found.errors[name]
        assert found.p_value > 0.01


def test_thirty_outliers_of_three_hundred_do_not_hide_each_other():
    spikes = 2.0 + 0.1 * np.arange(30.0)
    row, mask = planted(S.Semicircle(), 300, spikes, "additive", np.random.default_rng(1), None)
    found = S.fit(row, S.Semicircle, "auto", errors=None)
    np.testing.assert_array_equal(found.outliers, row[mask])
    assert abs(found.parameters["variance"] - 1) < 0.05 < abs(row.var() - 1)


def test_ten_spikes_of_a_covariance_are_calibrated_by_spectra_with_the_same_outliers():
    """They repel each other by twice their spacing; the errors are those of a bulk without any, .8/n (ratio)."""
    n, law, truth = 120, S.MarchenkoPastur, {"ratio": 0.5, "variance": 0.7}
    spikes = strengths(law(**truth), np.linspace(2.6, 4.4, 10), "multiplicative")
    row, mask = planted(law(**truth), n, spikes, "multiplicative", np.random.default_rng(3), None)
    found = S.fit(row, law, 10, spikes="multiplicative", samples=19, rng=1)
    np.testing.assert_array_equal(found.outliers, row[mask])
    for name, value in truth.items():
        assert abs(found.parameters[name] - value) < 4 * found.errors[name]
        assert 0.4 < n * found.errors[name] < 1.6
    assert found.p_value > 0.01


def test_false_positives_come_at_the_stated_rate():
    """Of 40 spectra with nothing outside, at a rate of 20 percent, at least half of which is used up; four sigma."""
    runs, rate, n = 40, 0.2, 50
    truth = {"variance": 1.0, "mean": 0.0}
    wrong = 0
    for i in range(runs):
        row = eigenvalues(S.Semicircle(), n, np.random.default_rng(i))
        wrong += S.fit(row, S.Semicircle, "auto", false_positives=rate, errors=None, start=truth).outliers.size > 0
    scatter = np.sqrt(runs * rate * (1 - rate))
    assert rate * runs / 2 - 4 * scatter < wrong < rate * runs + 4 * scatter
    assert wrong > 0


def test_limits_widen_with_rarer_false_positives_and_leave_walls_and_atoms_alone():
    for law in (S.Semicircle(), S.MarchenkoPastur(0.5), S.MarchenkoPastur(2.0), S.WishartProduct((1.0, 1.0))):
        ends = [limits(law, 100, rate) for rate in (0.1, 0.01)]
        assert ends[1][0] <= ends[0][0] < law.support[0, 0] + 1e-12
        assert ends[1][1] > ends[0][1] > law.support[-1, 1]
    low, high = limits(S.MarchenkoPastur(4.0), 100, 0.05)
    assert low <= 0 < 9 < high
    law = S.MarchenkoPastur(0.5)
    ends = S.edge(law, 100, "left").quantile(0.025), S.edge(law, 100).quantile(0.975)
    np.testing.assert_allclose(limits(law, 100, 0.05), ends)


def test_outliers_of_several_matrices_are_found_in_each():
    rows = np.array([planted(S.Semicircle(), 80, np.array([3.0]), "additive", np.random.default_rng(i), None)[0]
                     for i in range(4)])  # fmt: skip
    found = S.fit(rows, S.Semicircle, "auto", false_positives=0.01, samples=19, rng=1)
    np.testing.assert_array_equal(found.outliers, np.sort(rows[:, -1]))
    assert abs(found.parameters["variance"] - 1) < 4 * found.errors["variance"]


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"outliers": "all"}, "outliers: expected one of auto"),
        ({"outliers": "auto", "false_positives": 0.0}, "false_positives: expected a probability"),
        ({"spikes": "none"}, "spikes: expected one of additive, multiplicative, apart"),
    ],
)
def test_unknown_rules_are_refused(keywords, message):
    with pytest.raises(ValueError, match=message):
        S.fit(np.linspace(0, 1, 30), S.Semicircle, **keywords)
