"""Figures in a width: the same panels on fewer columns, the letters with them, and files of three kinds."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from spinglass import figures
from spinglass.__main__ import main
from spinglass.figures import layout, results


def drawn(rows, columns, size, draw=None):
    def four_lines(data, axes):
        for i, ax in enumerate(axes.ravel()):
            ax.plot([0, 1], [0, 1], label="a curve with a long name")
            ax.plot([0, 1], [1, 0], label="another curve, with a longer name")
            ax.set_title(f"panel {i}: " + "a title that is far longer than its panel is wide, " * 2)
            ax.legend(frameon=False, loc="center")
            ax.set(xticks=[0, 1], yticks=[0, 1])
        for ax in axes[-1]:
            ax.set_xlabel("below")
        for ax in axes[:, 0]:
            ax.set_ylabel("beside")

    return figures.Recipe("paper-1", "", dict, draw or four_lines, rows, columns, size)


@pytest.fixture(autouse=True)
def nothing_stays_open():
    yield
    plt.close("all")


@pytest.mark.parametrize(
    ("width", "grid"), [(None, (2, 3)), (13.0, (2, 3)), (7.0, (2, 3)), (5.0, (3, 2)), (3.4, (6, 1)), (2.5, (6, 1))]
)
def test_panels_stand_on_as_many_columns_as_there_is_room_for(width, grid):
    figure = drawn(2, 3, (13.0, 7.4)).figure({}, width)
    places = [ax.get_subplotspec() for ax in figure.axes]
    found = places[0].get_gridspec()
    assert (found.nrows, found.ncols) == grid and len(places) == 6
    order = sorted(range(6), key=lambda i: int(re.search(r"\d", figure.axes[i].get_title())[0]))
    columns = [places[i].colspan.start for i in order]
    # what was one row is one column where that fits
    assert columns == {(2, 3): [0, 1, 2, 0, 1, 2], (3, 2): [0, 0, 0, 1, 1, 1], (6, 1): [0] * 6}[grid]
    if width is not None:
        assert figure.get_figwidth() == width


def test_many_panels_may_be_small():
    figure = drawn(2, 5, (15.0, 6.0)).figure({}, 3.4)
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == (5, 2)


def test_panels_that_stood_in_a_row_are_labelled_each():
    figure = drawn(2, 3, (13.0, 7.4)).figure({}, 3.4)
    assert all((ax.get_xlabel(), ax.get_ylabel()) == ("below", "beside") for ax in figure.axes)
    wide = drawn(2, 3, (13.0, 7.4)).figure({})
    assert [bool(ax.get_xlabel()) for ax in wide.axes] == [False] * 3 + [True] * 3


def test_a_legend_over_curves_moves_above_its_panel_and_a_long_title_is_broken():
    figure = drawn(1, 1, (6.0, 4.2)).figure({}, 3.4)
    (ax,) = figure.axes
    figure.canvas.draw()
    legend, panel, title = (part.get_window_extent() for part in (ax.get_legend(), ax, ax.title))
    assert panel.y1 <= legend.y0 + 1 and legend.y1 <= title.y0 + 1
    assert next(text.get_text() for text in ax.get_legend().get_texts()) == "a curve with a long name"
    assert ax.get_title().count("\n") > 0 and title.width < figure.bbox.width
    assert ax.get_title().replace("\n", " ").startswith("panel 0: a title that")


def test_a_legend_beside_the_curves_stays():
    def draw(data, axes):
        axes[0, 0].plot([0, 1], [0, 1], label="x")
        axes[0, 0].legend(loc="upper left")

    figure = drawn(1, 1, (6.0, 4.2), draw).figure({}, 3.4)
    (ax,) = figure.axes
    panel, legend = ax.get_window_extent(), ax.get_legend().get_window_extent()
    assert panel.x0 <= legend.x0 and legend.y1 <= panel.y1


def test_labels_of_ticks_that_touch_are_thinned_and_keep_their_places():
    def draw(data, axes):
        axes[0, 0].set_xticks(range(16), [f"number {i}" for i in range(16)])
        axes[0, 0].set_xlim(0, 15)

    (ax,) = drawn(1, 1, (6.0, 4.2), draw).figure({}, 3.4).axes
    labels = [label.get_text() for label in ax.get_xticklabels()]
    places = ax.get_xticks()
    assert 1 < len(labels) < 16 and labels == [f"number {round(x)}" for x in places]
    assert np.ptp(np.diff(places)) == 0


def test_letters_shrink_with_the_panels_but_not_below_six_points():
    sizes = [drawn(1, 1, (6.0, 4.2)).figure({}, width).axes[0].title.get_fontsize() for width in (2.5, 3.4, 5, 6, 12)]
    assert sizes == sorted(sizes) and sizes[0] * 5 / 6 > 6 and sizes[-1] == 10


@pytest.mark.parametrize("wrong", [0, -3.4, 300, np.nan, "3.4", [3.4, 5.0], True])
def test_a_wrong_width_is_refused_in_one_line(wrong, tmp_path, monkeypatch):
    monkeypatch.setattr(results, "data", lambda *_, **__: pytest.fail("computed"))
    for call in (
        lambda: layout.checked_width(wrong),
        lambda: figures.recipe("auffinger2013-2").figure({}, wrong),
        lambda: figures.draw_figure("auffinger2013-2", tmp_path, width=wrong),
    ):
        with pytest.raises((ValueError, TypeError), match=r"^width: [^\n]*$"):
            call()
    assert not plt.get_fignums()


# -- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "begin"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_files_of_three_kinds_are_the_same_whenever_they_are_written(laboratory, tmp_path, kind, begin):
    numbers = figures.data("paper-1", cache=False)
    path = figures.save("paper-1", numbers, tmp_path / "one", format=kind, width=3.4)
    again = figures.save("paper-1", numbers, tmp_path / "two", format=kind, width=3.4)
    assert path == tmp_path / "one" / f"paper-1.{kind}"
    assert path.read_bytes().startswith(begin) and path.read_bytes() == again.read_bytes()
    if kind == "pdf":
        assert b"/MediaBox [ 0 0 244.8 " in path.read_bytes()  # 3.4 inches


def test_another_kind_is_refused_before_any_computation(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "data", lambda *_, **__: pytest.fail("computed"))
    with pytest.raises(ValueError, match="format: expected one of png, pdf, svg, got 'bmp'"):
        figures.draw_figure("auffinger2013-2", tmp_path, format="bmp")


def test_the_command_writes_other_formats_in_other_widths(tmp_path, capsys, monkeypatch):
    words = ["figures", "auffinger2013-2", "--quick", "--out", str(tmp_path), "--format", "pdf"]
    assert main([*words, "--width", "3.4"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "auffinger2013-2.pdf")
    monkeypatch.setattr(figures, "data", lambda *_, **__: pytest.fail("computed"))
    assert main([*words, "--width", "300"]) == 2
    error = capsys.readouterr().err
    assert "width: expected inches from 2.5 to 40, got 300" in error and error.count("\n") == 1
