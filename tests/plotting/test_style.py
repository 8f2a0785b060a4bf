"""Manners of plots: colours of the cycle, aliases, labels, legends, and Axes left as they were found."""

from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from spinglass.plotting import style


@pytest.fixture
def ax():
    before = dict(mpl.rcParams), plt.get_fignums()
    yield Figure().add_subplot()
    assert (dict(mpl.rcParams), plt.get_fignums()) == before


def draw(ax, numbers=(1, 2), labels=("a", "b"), **kwargs):
    return [pen.curve(ax, [0, 1], [0, 1]) for pen in style.pens(ax, numbers, labels, kwargs)]


def look(artist):
    return artist.get_color(), str(artist.get_linestyle()), str(artist._dash_pattern)


def test_colours_have_one_meaning_each():
    roles = (style.SAMPLED, style.EXACT, style.OBSERVED, style.PUBLISHED, *style.COLOURS)
    distances = [np.linalg.norm(np.subtract(to_rgb(a), to_rgb(b))) for a, b in combinations(roles, 2)]
    assert min(distances) > 0.2 and style.THEORY == style.COLOURS[0]


def test_49_curves_look_different(ax):
    lines = draw(ax, range(49), [str(i) for i in range(49)])
    assert len({look(x) for x in lines}) == 49


def test_a_second_call_takes_the_next_colours(ax):
    first, second = draw(ax), draw(ax)
    assert [x.get_color() for x in first + second] == list(style.COLOURS[1:5])
    assert draw(ax, [0], ["all"])[0].get_color() == style.COLOURS[0]  # free: it keeps its meaning
    ax.clear()
    assert [x.get_color() for x in draw(ax)] == list(style.COLOURS[1:3])


def test_colours_near_to_those_of_others_are_taken(ax):
    ax.plot([0, 1], [1, 0])  # matplotlib's first blue
    ax.axhline(0, color="black")  # no curve
    assert [x.get_color() for x in draw(ax)] == list(style.COLOURS[2:4])
    assert draw(ax, [0], ["all"])[0].get_color() == style.COLOURS[0]


def test_a_histogram_of_others_takes_a_colour(ax):
    ax.hist([1.0, 2.0, 2.0])
    assert draw(ax, [1], ["a"])[0].get_color() == style.COLOURS[2]


@pytest.mark.parametrize(
    ("alias", "value", "read"), [("lw", 3.0, "linewidth"), ("ls", ":", "linestyle"), ("c", "red", "color")]
)
def test_aliases_hold(ax, alias, value, read):
    for drawn in draw(ax, **{alias: value}):
        assert getattr(drawn, f"get_{read}")() == value
    with pytest.raises(TypeError, match="aliases"):
        draw(ax, **{alias: value, read: value})


def test_labels_of_the_caller(ax):
    assert [x.get_label() for x in draw(ax, label="p = 3")] == ["p = 3, a", "p = 3, b"]
    assert [x.get_label() for x in draw(ax, label=["left", "right"])] == ["left", "right"]
    assert [x.get_label() for x in draw(ax, [1], ["a"], label="mine")] == ["mine"]
    assert [x.get_label() for x in draw(ax, label="_nolegend_")] == ["_nolegend_"] * 2
    with pytest.raises(ValueError, match="one label or 2"):
        draw(ax, label=["left"])


def test_markers_are_spread_over_dense_curves(ax):
    (pen,) = style.pens(ax, [1], ["a"], {"marker": "s"})
    dense, few = pen.curve(ax, np.arange(400), np.zeros(400)), pen.curve(ax, [0, 1], [0, 1])
    assert dense.get_markevery() == 20 and few.get_markevery() is None and few.get_marker() == "s"


def test_labels_and_legends_of_a_used_axes_stay(ax):
    ax.set_xlabel("mine")
    draw(ax)
    assert style.finish(ax, "theirs", "height", legend=False) is ax and ax.get_legend() is None
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("mine", "height")
    ax.legend(title="models", frameon=True)
    style.finish(ax, "x", "y")
    legend = ax.get_legend()
    assert legend.get_title().get_text() == "models" and legend.get_frame_on()
    assert ax.get_ylabel() == "height"


def test_no_legend_without_names(ax):
    draw(ax, label="_nolegend_")
    assert style.finish(ax, "x", "y").get_legend() is None


def test_the_frame_belongs_to_new_axes(ax):
    assert style.canvas(ax) is ax and not ax.spines["top"].get_visible()
    ax.clear()
    ax.spines["top"].set_visible(True)
    ax.plot([0, 1], [0, 1])
    assert style.canvas(ax).spines["top"].get_visible()


def test_the_zero_line_is_drawn_once_and_not_on_a_logarithmic_axis(ax):
    style.zero_line(ax)
    style.zero_line(ax)
    assert len(ax.lines) == 1
    ax = ax.figure.add_subplot()
    ax.semilogy([0, 1], [1, 2])
    style.zero_line(ax)
    assert len(ax.lines) == 1


def test_limits(ax):
    (drawn, _) = draw(ax)
    style.tight(drawn, [0, 1], [0])
    low, high = ax.get_ylim()
    assert ax.get_xlim() == (0, 1) and low == 0 and high > 1
    assert style.fixed(ax, "x") is None
    ax.set_xlim(3, 2)
    assert style.fixed(ax, "x") == (2, 3) and style.fixed(ax, "y") is None


def test_numbers_of_indices():
    assert [style.number_of(k, i) for i, k in enumerate([None, 0, 2, (0, 1), "stable"])] == [0, 1, 3, 4, 5]


def test_switches():
    assert style.switch("legend", np.True_) is True
    with pytest.raises(TypeError, match="legend: expected True or False, got 1"):
        style.switch("legend", 1)
