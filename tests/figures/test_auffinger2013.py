"""Curves of one sphere vanish, close and cross where they should."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest

import spinglass as sg
from spinglass import figures
from spinglass.figures import auffinger2013


def test_pure_curves_vanish_at_their_thresholds(computed):
    data = computed("auffinger2013-1")
    for i, k in enumerate((0, 1, 2)):
        curve = data[f"index {k}"]
        place = np.interp(0, curve[curve < 0.012], data["u"][curve < 0.012])
        assert place == pytest.approx(data["lowest"][i], abs=1e-6)
    assert np.all(np.diff(data["lowest"][:6]) > 0)  # E_k falls with k
    above = data["u"] > data["threshold"]
    assert np.ptp(data["index 100"][above]) < 1e-15  # no points of finite index above the threshold
    assert np.all(data["total"] >= data["index 0"] - 1e-15)


def test_thresholds_close_on_the_band_edge(computed):
    data = computed("auffinger2013-2")
    assert np.all(data["E_0"] > data["E_1"]) and np.all(data["E_5"] > data["E_inf"])
    np.testing.assert_allclose(data["E_inf"], 2 * np.sqrt((data["p"] - 1) / data["p"]), rtol=1e-14)


def test_mixtures_have_the_published_classes(computed):
    data = computed("auffinger2013-3")
    half = len(data["w"]) // 2
    assert data["G 3 4"][half] == pytest.approx(0.05897408049618, abs=1e-13)
    weight = 16 / 17
    c = sg.complexity(sg.mixed({3: weight, 16: 1 - weight}))
    assert 2 * c(c.threshold_energy) == pytest.approx(-0.065172221015515, abs=1e-13)
    assert np.all(data["G 3 4"] > 0) and np.any(data["G 3 16"] < 0)
    assert np.all(data["total 4 16"] >= data["minima 4 16"])


def test_full_mixtures_end_where_g_vanishes(computed):
    data = computed("auffinger2013-3")
    classes = {(a, b): data[f"full {a} {b}"] for a, b in itertools.combinations(auffinger2013.DEGREES, 2)}
    assert {pair for pair, found in classes.items() if len(found)} == {(2, 4), (2, 16), (3, 16)}
    for (a, b), found in classes.items():
        inside = np.zeros(len(data["w"]), dtype=bool)
        for lo, hi in found:
            inside |= (data["w"] > lo) & (data["w"] < hi)
            for end, outwards in ((lo, -1), (hi, 1)):
                if 0 < end < 1:
                    names = [
                        sg.complexity(sg.mixed({a: w, b: 1 - w})).classify().name
                        for w in (end + 1e-6 * outwards, end - 1e-6 * outwards)
                    ]
                    assert names == ["pure-like", "full"]
        np.testing.assert_array_equal(data[f"G {a} {b}"] < -1e-12, inside)
    assert classes[2, 16][0][1] == 1  # up to the pure 2-spin


def test_minima_at_finite_size_approach_the_limit(computed):
    data = computed("auffinger2013-4")
    limit = np.interp(data["u finite"], data["u"], data["index 0"])
    low = data["u finite"] < data["lowest"]
    gaps = np.array([(limit - data[f"finite {n}"])[low] for n in auffinger2013.CURVES])
    assert np.all(gaps > 0) and np.all(np.diff(gaps, axis=0) < 0)
    sizes = np.array(auffinger2013.SIZES)[:, None]
    gaps = sizes * np.array([np.abs(data[f"at energies {n}"] - data["limits"]) for n in auffinger2013.SIZES])[:, :3]
    powers = np.diff(gaps, axis=0) / np.diff(np.log(sizes), axis=0)
    assert np.all((powers > 0) & (powers < 1))  # the limit leaves out a power of N between 0 and 1


def test_rates_are_drawn_against_one_over_n_with_their_limit_at_zero(computed):
    data = computed("auffinger2013-4")
    figure = figures.recipe("auffinger2013-4").figure(data)
    right = figure.axes[1].lines
    c = sg.complexity(sg.pure(3))
    for u in (-1.75, c.lowest_energy(), -1.5):
        (i,) = np.flatnonzero(data["energies"] == u)
        exact = [sg.mean_count(sg.pure(3), n, energies=(-np.inf, u), index=0).log_mean / n for n in (5, 20, 100)]
        (curve,) = [drawn for drawn in right if drawn.get_label() == ("$u = -E_0$" if i == 2 else f"$u = {u:.2f}$")]
        x, y = curve.get_data()
        np.testing.assert_allclose([y[np.isclose(x, 1 / n)][0] for n in (5, 20, 100)], exact, atol=1e-14)
        assert any(drawn.get_xydata()[0] == pytest.approx([0, c.below(u, index=0)], abs=1e-12) for drawn in right)
    plt.close(figure)
