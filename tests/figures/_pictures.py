"""What makes a drawn figure readable, for the tests of this folder."""

import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.text import Text
from matplotlib.transforms import Bbox

COLUMN = 3.4  # inches: a column of a journal


def assert_fits(recipe, data, width=COLUMN):
    """Assert that in a column of a journal every word can be read: no small, hidden or overlapping letters."""
    settings = dict(mpl.rcParams)
    figure = recipe.figure(data, width)
    assert dict(mpl.rcParams) == settings and figure.get_figwidth() == width
    figure.canvas.draw()
    paper = figure.bbox.padded(1)
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    panels = [ax for ax in figure.axes if ax.axison]
    labels = [label for ax in panels for axis in (ax.xaxis, ax.yaxis) for label in _labels(axis)]
    every = [axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)]  # also of axes that are switched off
    ticks = {label for axis in every for label in axis.get_ticklabels(which="both")}
    words = [text for text in texts if text not in ticks and _alive(text)] + labels
    assert len(words) > 5
    for text in words:
        assert text.get_fontsize() >= 6, (recipe.name, text)
        box = text.get_window_extent()
        assert paper.contains(box.x0, box.y0) and paper.contains(box.x1, box.y1), (recipe.name, text)
    for ax in panels:
        for axis in (ax.xaxis, ax.yaxis):
            boxes = [label.get_window_extent() for label in _labels(axis)]
            assert not any(a.overlaps(b) for a, b in itertools.pairwise(boxes)), (recipe.name, ax)
    outside = [a for ax in panels for a in (ax.title, ax.xaxis.label, ax.yaxis.label) if a.get_text().strip()]
    boxes = [text.get_window_extent().padded(-1) for text in [*outside, *labels]]
    for i, box in enumerate(boxes[: len(outside)]):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :]), (recipe.name, outside[i])
    legends = [ax.get_legend() for ax in panels if ax.get_legend()] + figure.legends
    for legend in legends:
        frame = legend.get_window_extent().padded(-2)
        assert paper.contains(frame.x0, frame.y0) and paper.contains(frame.x1, frame.y1), (recipe.name, legend)
        assert not any(frame.overlaps(box) for box in boxes), (recipe.name, legend)
        for ax in panels:
            inside = ax.get_window_extent()
            shared = Bbox.intersection(frame, inside)
            apart = shared is None or shared.width < 1 or shared.height < 1
            assert apart or np.allclose(shared.extents, frame.extents), (recipe.name, legend)
            assert apart or not any(_passes(drawn, frame, inside) for drawn in ax.lines), (recipe.name, legend)
    plt.close(figure)


def _labels(axis):
    """Return the labels of an axis that are drawn."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    along = 0 if axis.axis_name == "x" else 1
    labels = [label for label in axis.get_ticklabels(which="both") if label.get_visible() and label.get_text()]
    labels = [label for label in labels if low - slack <= label.get_position()[along] <= high + slack]
    return sorted(labels, key=lambda label: label.get_position()[along])


def _alive(text):
    """Tell whether a text is drawn: not one of a hidden panel or of an axis that is switched off."""
    return text.axes is None or text.axes.axison or text in (text.axes.title, *text.axes.texts)


def _passes(drawn, frame, inside):
    """Tell whether a curve or a mark within a panel lies under a frame."""
    path = drawn.get_transform().transform_path(drawn.get_path()).cleaned(simplify=False)
    if drawn.get_linestyle() != "None":
        seen = Bbox.intersection(frame, inside)
        return seen is not None and path.intersects_bbox(seen, filled=False)
    at = drawn.get_transform().transform(np.column_stack(drawn.get_data()))
    at = at[np.isfinite(at).all(axis=1)]
    return any(frame.contains(*place) and inside.contains(*place) for place in at)


def assert_readable(recipe, data):
    """Assert that labels are there and inside, no legend covers a mark or a line, and the style is left alone."""
    settings = dict(mpl.rcParams)
    figure = recipe.figure(data)
    assert dict(mpl.rcParams) == settings
    figure.canvas.draw()
    width, height = figure.bbox.size
    assert any(ax.get_legend() for ax in figure.axes)
    for ax in figure.axes:
        legend, beside_another = ax.get_legend(), ax.get_subplotspec().colspan.start > 0
        assert ax.get_xlabel() and (ax.get_ylabel() or beside_another)
        texts = [ax.xaxis.label, ax.yaxis.label, ax.title, *(legend.get_texts() if legend else ())]
        for box in (text.get_window_extent() for text in texts if text.get_text()):
            assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        if legend:
            frame, inside = legend.get_window_extent(), ax.get_window_extent()
            assert not any(_passes(drawn, frame, inside) for drawn in ax.lines), recipe.name
    plt.close(figure)
    assert_fits(recipe, data)
