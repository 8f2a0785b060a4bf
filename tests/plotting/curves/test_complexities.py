"""Curves of complexities: by default they show the physics, on Axes in use they leave what is there."""

import warnings

import numpy as np
import pytest
from matplotlib.figure import Figure

import spinglass as sg

FIELD = sg.SphericalGame([0.4, 0.6], [{(2, 1): 1, (1, 2): 0.5}], [[1]], [[0, 1]])


@pytest.fixture
def ax():
    return Figure().add_subplot()


def curves(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


ONE_LOSS = {
    "pure 2": sg.complexity(sg.pure(2)),
    "pure 3": sg.complexity(sg.pure(3)),
    "pure 10": sg.complexity(sg.pure(10)),
    "3 + 16": sg.complexity(sg.mixed({3: 0.5, 16: 1 / 32})),
    "field": sg.complexity(sg.mixed({3: 1, 1: 1})),
    "trivial": sg.complexity(sg.mixed({3: 1, 1: 3})),
    "field rules": sg.complexity(sg.mixed({3: 1, 1: 5})),
    "2 + 4": sg.complexity(sg.mixed({2: 1, 4: 1})),
    "quenched": sg.complexity(sg.mixed({3: 0.5, 4: 0.5}), "quenched"),
    "quenched 2 + 4": sg.complexity(sg.mixed({2: 1, 4: 1}), "quenched"),
    "bipartite": sg.complexity(sg.bipartite(1, 1, 0.5)),
    "one player": sg.complexity(FIELD),
}


@pytest.mark.parametrize("name", ONE_LOSS)
def test_default_windows_show_the_lowest_energies_and_what_is_positive(ax, name):
    c = ONE_LOSS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sg.plotting.complexity(c, ax)
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    assert bottom < 0 < top or bottom <= 0 == pytest.approx(top, abs=0.1 * (top - bottom))  # zero is in sight
    for label, curve in curves(ax).items():
        index = None if label == "all indices" else int(label.split()[-1])
        u, heights = curve.get_data()
        shown = np.isfinite(heights)
        some = np.flatnonzero(shown)[::6]
        np.testing.assert_array_equal(heights[some], c.below(u[some], index=index))
        total = c.total(index=index)
        if index == 0:
            assert left <= c.typical_energy(index=0) <= right
            assert heights[shown].max() == pytest.approx(total, abs=1e-9)
            rises = np.interp([0.5 * total], heights[shown], u[shown])[0]
            assert total <= 0 or (rises - left) > 0.05 * (right - left)  # the rise takes room
        if total > 1e-9:
            assert heights[shown].max() > 0 and heights[shown].min() >= -1.05 * c.total(index=0)


def test_the_zero_of_every_index_is_in_sight_and_marked(ax):
    c = ONE_LOSS["3 + 16"]
    sg.plotting.complexity(c, ax)
    marked = sorted(line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o")
    np.testing.assert_allclose(marked, sorted(c.lowest_energy(index=k) for k in (0, 1, 2)))
    assert ax.get_xlim()[0] < marked[0]


def test_minima_are_seen_where_they_are_all_there_is(ax):
    c = ONE_LOSS["pure 3"]
    sg.plotting.complexity(c, ax)
    drawn = curves(ax)
    minima, everything = drawn["index 0"], drawn["all indices"]
    below = minima.get_xdata() <= c.threshold_energy
    np.testing.assert_allclose(minima.get_ydata()[below], c.below(minima.get_xdata()[below]), rtol=1e-12)
    assert everything.get_zorder() < minima.get_zorder() and everything.get_alpha() < 0.5
    assert everything.get_linewidth() > 2 * minima.get_linewidth()
    other = Figure().add_subplot()
    sg.plotting.complexity(c, other, indices=(None,))
    sg.plotting.complexity(c, other, indices=(0, None), lw=2, label="again")
    alone, _, asked = curves(other).values()
    assert alone.get_alpha() is None and alone.get_linewidth() == 1.5 and asked.get_linewidth() == 2


@pytest.mark.parametrize("cumulative", [True, False])
def test_tails_run_to_the_frame(ax, cumulative):
    sg.plotting.complexity(sg.complexity(sg.pure(4)), ax, indices=(0, 1, 2, 3, None), cumulative=cumulative)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    ends = [(curve.get_xdata()[0], curve.get_ydata()[0]) for curve in curves(ax).values()]
    gaps = [min((u - left) / (right - left), (height - bottom) / (top - bottom)) for u, height in ends]
    assert np.all(np.abs(gaps) < 1e-3)
    assert sum(u > left + 0.01 * (right - left) for u, _ in ends) == 2  # of index 2 and 3


@pytest.mark.parametrize("name", ["pure 3", "3 + 16", "field", "2 + 4", "field rules"])
def test_above_the_threshold_given_indices_are_one_line_unless_the_landscape_is_trivial(ax, name):
    sg.plotting.complexity(ONE_LOSS[name], ax, energies=ONE_LOSS[name].threshold_energy + np.linspace(0.0, 0.3, 7))
    given = [curves(ax)[f"index {k}"].get_ydata() for k in (0, 1, 2)]
    assert np.allclose(given, given[0], rtol=0, atol=1e-12) == (name != "field rules")


def test_one_curve_may_be_asked_for_by_its_index():
    c = ONE_LOSS["pure 3"]
    for asked in ({"index": 0}, {"indices": 0}, {"indices": np.int64(0)}, {"indices": (0,)}):
        ax = c.plot(Figure().add_subplot(), **asked)
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), c.below(ax.lines[0].get_xdata(), index=0))
        assert list(curves(ax)) == ["index 0"]
    assert list(curves(c.plot(Figure().add_subplot(), index=None))) == ["all indices"]
    game = sg.complexity(sg.gan(2, 1, 0.5, 0.5)).plot(Figure().add_subplot(), index=(0, 0), losses=(0,))
    assert list(curves(game)) == ["player D, index (0, 0)"]
    assert len(curves(sg.complexity(sg.parabolic(0.5)).plot(Figure().add_subplot(), index=0))) == 1
    with pytest.raises(TypeError, match="index: expected it or indices, got both"):
        c.plot(index=0, indices=(0, 1))


def test_a_threshold_below_all_points_is_not_marked(ax):
    c = ONE_LOSS["3 + 16"]
    assert c.threshold_energy < c.lowest_energy()
    sg.plotting.complexity(c, ax)
    assert not ax.texts
    sg.plotting.complexity(ONE_LOSS["pure 3"], ax)
    assert [text.get_text() for text in ax.texts] == [r"$-E_\infty$"]


def test_labels_fit_a_low_picture():
    figure = Figure(figsize=(3.4, 2.4), layout="constrained")
    ax = sg.plotting.complexity(ONE_LOSS["pure 3"], figure.add_subplot())
    figure.draw_without_rendering()
    seen = ax.yaxis.label.get_window_extent()
    assert 0 <= seen.y0 < seen.y1 <= figure.bbox.height and ax.get_ylabel().endswith("\n(nats per dimension)")


def test_at_energies_curves_are_shown_until_they_have_fallen(ax):
    c = ONE_LOSS["field"]
    sg.plotting.complexity(c, ax, indices=(0,), cumulative=False)
    heights = curves(ax)["index 0"].get_ydata()
    assert heights[0] < 0 and heights[-1] < 0 and heights.max() == pytest.approx(c.total(index=0), abs=1e-6)


def test_all_indices_at_energies_are_shown_whole(ax):
    sg.plotting.complexity(ONE_LOSS["pure 3"], ax, indices=(None,), cumulative=False)
    u, heights = curves(ax)["all indices"].get_data()
    assert u[0] < -1.657 and u[-1] > 1.657 and heights.max() == pytest.approx(np.log(2) / 2, abs=1e-4)


def test_a_game_has_a_curve_per_player(ax):
    c = sg.complexity(sg.gan(2, 1, 0.5, 0.5))
    sg.plotting.complexity(c, ax)
    assert list(curves(ax)) == ["player D", "player G"] and ax.get_xlabel() == "energy density $u_a$"
    for a, curve in enumerate(curves(ax).values()):
        u, heights = curve.get_data()
        np.testing.assert_allclose(heights, c.below(*((u, np.inf) if a == 0 else (np.inf, u))), atol=1e-12)
        assert heights.max() == pytest.approx(c.total()) and u[0] < c.lowest_energy(a) < u[-1]
        assert heights.min() >= -c.total()


def test_at_energies_of_one_player_the_other_is_free(ax):
    c = sg.complexity(sg.gan(2, 1, 0.5, 0.5))
    sg.plotting.complexity(c, ax, losses=(1,), cumulative=False)
    u, heights = curves(ax)["player G"].get_data()
    middle = np.abs(u) < 1
    others = c(np.linspace(-4, 4, 801)[:, None], u[middle][None, ::9]).max(axis=0)  # the largest over the other loss
    np.testing.assert_allclose(heights[middle][::9], others, atol=1e-3)
    assert heights[0] < 0 and heights[-1] < 0 and ax.get_ylabel().startswith(r"complexity $\Sigma(u_G)$")


def test_players_are_named_and_chosen(ax):
    game = sg.SphericalGame([0.4, 0.6], [{(2, 0): 1, (1, 1): 1}, {(0, 3): 1}], [[1, 0], [0.5, 1]], [[0], [1]])
    sg.plotting.complexity(sg.complexity(game), ax, losses=[1], energies=[-2.0, -1.0, 0.0], mark=False)
    assert list(curves(ax)) == ["player 2"] and ax.get_xlabel() == "energy density $u_2$"


def test_a_negative_index_of_a_game_is_in_sight(ax):
    c = sg.complexity(sg.gan(2, 1, 0.5, 0.5))
    sg.plotting.complexity(c, ax, indices=((0, 0),), losses=(0,))
    heights = curves(ax)["player D, index (0, 0)"].get_ydata()
    assert heights.max() == pytest.approx(c.total(index=(0, 0))) and heights.max() < 0


def test_a_second_call_takes_other_colours_and_fixed_limits_stay(ax):
    c, other = ONE_LOSS["pure 3"], sg.complexity(sg.pure(4))
    ax.set(xlim=(-1.7, -1.6), ylim=(-0.01, 0.02), xlabel="mine", title="title")
    sg.plotting.complexity(c, ax, indices=(0, None))
    sg.plotting.complexity(other, ax, indices=(0, None), label="4-spin")
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_xlabel()) == ((-1.7, -1.6), (-0.01, 0.02), "mine")
    assert len({line.get_color() for line in curves(ax).values()}) == 4
    assert list(curves(ax)) == ["index 0", "all indices", "4-spin, index 0", "4-spin, all indices"]
    u = curves(ax)["index 0"].get_xdata()
    assert -1.7 <= u[0] < -1.66 and u[-1] == -1.6  # drawn as far as the limits go


def test_limits_grow_if_they_are_not_fixed(ax):
    sg.plotting.complexity(ONE_LOSS["pure 3"], ax, indices=(0,))
    before = ax.get_xlim()
    sg.plotting.complexity(ONE_LOSS["pure 10"], ax, indices=(0,))
    left, right = ax.get_xlim()
    assert left < -2.13 < before[0] and right == before[1]


def test_keywords_of_matplotlib_hold(ax):
    sg.plotting.complexity(ONE_LOSS["pure 3"], ax, indices=(0,), lw=3, ls=":", c="red", label="minima", legend=False)
    (curve,) = curves(ax).values()
    assert (curve.get_linewidth(), curve.get_linestyle(), curve.get_color()) == (3, ":", "red")
    assert curve.get_label() == "minima" and ax.get_legend() is None


def test_logarithmic_axes(ax):
    ax.set_yscale("log")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sg.plotting.complexity(ONE_LOSS["pure 3"], ax)
        ax.figure.canvas.draw()
    assert 0 < ax.get_ylim()[0] < ax.get_ylim()[1] < 1 and len(curves(ax)) == 4


def test_a_quenched_curve_has_gaps_where_it_has_no_formula(ax):
    c = ONE_LOSS["quenched"]
    sg.plotting.complexity(c, ax, indices=(0,), energies=[-1.7, -1.68, -1.5], cumulative=False)
    heights = curves(ax)["index 0"].get_ydata()
    assert np.isfinite(heights[:2]).all() and np.isnan(heights[2])
    with pytest.raises(NotImplementedError, match="replicas"):
        sg.plotting.complexity(c, ax, indices=(0,), energies=[-1.5, -1.4], cumulative=False)
    with pytest.raises(NotImplementedError, match="no known quenched formula"):
        sg.plotting.complexity(c, ax, indices=(1,))


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"legend": 1}, "legend: expected True or False"),
        ({"cumulative": None}, "cumulative: expected True or False"),
        ({"losses": [1]}, "losses: expected an integer from 0 to 0"),
        ({"losses": []}, "at least one loss"),
        ({"indices": [(0, 1)]}, "index"),
        ({"label": ["a"]}, "expected one label or 4"),
    ],
)
def test_what_cannot_be_asked_is_refused(ax, keywords, expected):
    with pytest.raises((TypeError, ValueError), match=expected):
        sg.plotting.complexity(ONE_LOSS["pure 3"], ax, **keywords)


def test_thresholds_take_keywords_and_other_colours(ax):
    sg.plotting.thresholds([3, 4], ax, indices=(0, 1), lw=2, marker="x")
    sg.plotting.thresholds([5, 6], ax, indices=(0,), label="higher", legend=False)
    drawn = [line for line in ax.lines if line.get_label() not in (r"$E_\infty$", "_nolegend_")]
    assert [line.get_linewidth() for line in drawn[:2]] == [2, 2] and drawn[0].get_marker() == "x"
    assert len({line.get_color() for line in drawn}) == 3 and drawn[2].get_label() == "higher"


@pytest.mark.parametrize("model", [sg.mixed({1: 9.0, 4: 1.17}), sg.mixed({2: 1, 3: 0.01})])
def test_minima_are_in_sight_near_the_onset_of_complexity(ax, model):
    total = sg.complexity(model).total(index=0)
    assert 0 < total < 1e-3
    sg.plotting.complexity(sg.complexity(model), ax)
    bottom, top = ax.get_ylim()
    assert total > 0.1 * (top - bottom) and np.isfinite(curves(ax)["index 0"].get_ydata()).sum() > 50


def test_fixed_limits_are_filled(ax):
    ax.set_ylim(-0.5, 0.5)
    c = ONE_LOSS["pure 3"]
    sg.plotting.complexity(c, ax, indices=(0,))
    u = curves(ax)["index 0"].get_xdata()
    assert u[0] == pytest.approx(c.lowest_energy() - 0.3 * (c.threshold_energy - c.lowest_energy()))
    assert ax.get_ylim() == (-0.5, 0.5) and len(u) > 400
