"""Pictures of the papers without a file of their own: laid out without overlap, and the style is left alone."""

import itertools
import sys
from importlib import import_module
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from spinglass import figures

sys.path.insert(0, str(Path(__file__).parent))
pictures = import_module("_pictures")

NAMES = figures.names(
    "auffinger2013",
    "baskerville2021gan",
    "baskerville2022universal-3",
    "bmmn2019",
    "fyodorov2013",
    "games",
    "subag2017",
)

#: Figures all of whose numbers are lines, but for these: places, what is marked, what is a map.
CURVES = {
    "auffinger2013-2": ("p",),
    "auffinger2013-3": ("w", *(f"full {a} {b}" for a, b in itertools.combinations((2, 3, 4, 16), 2))),
    "bmmn2019-1": (
        "m",
        "x",
        "critical",
        "lambda",
        "lambda above",
        "rate 0.5",
        "rate 1",
        "rate 1.5",
        "optimum 1",
        "optimum 1.5",
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_axes_are_labelled_and_inside(computed, name):
    settings = dict(mpl.rcParams)
    figure = figures.recipe(name).figure(computed(name))
    figure.canvas.draw()
    width, height = figure.bbox.size
    panels = [ax for ax in figure.axes if ax.axison]
    assert any(ax.get_xlabel() for ax in panels) and any(ax.get_ylabel() for ax in panels)
    for ax in panels:
        for text in [ax.xaxis.label, ax.yaxis.label, ax.title]:
            if text.get_text():
                box = text.get_window_extent()
                assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text
    assert dict(mpl.rcParams) == settings
    if name in CURVES:
        drawn = [curve.get_ydata() for ax in figure.axes for curve in ax.lines]
        for key, numbers in computed(name).items():
            for series in np.atleast_2d(np.transpose(numbers)):
                assert any(np.array_equal(series, y, equal_nan=True) for y in drawn) or key in CURVES[name], key
    plt.close(figure)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_can_be_read_in_a_column_of_a_journal(computed, name):
    pictures.assert_fits(figures.recipe(name), computed(name))


def test_every_figure_is_drawn_by_a_test():
    rest = {name.rsplit("-", 1)[0] for name in figures.names()} - {name.rsplit("-", 1)[0] for name in NAMES}
    assert rest
    for paper in rest:
        text = (Path(__file__).parent / f"test_{paper}.py").read_text(encoding="utf-8")
        assert f'figures.names("{paper}")' in text or len(figures.names(paper)) == 1, paper
        assert "assert_readable" in text or "assert_fits" in text, paper
