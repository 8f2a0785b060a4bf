"""Panels of a recipe in a width: on fewer columns, in smaller letters, with lines broken and legends out of the way."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np

from spinglass.inputs.checks import one_number

NARROWEST, WIDEST = 2.5, 40.0  # inches of a figure
PANEL, SMALL, FEW = 2.3, 1.6, 6  # inches that a panel needs beside others: of few, of more than six without colour bars
LETTERS = (7.8, 10.0)  # points: what matplotlib calls "small" is five sixths of it, and no letter is to be under 6
PAGE = 9.4  # inches
GAP = 2.0  # pixels between two labels that do not touch


def checked_width(width):
    """Return a width in inches, or None.

    Examples
    --------
    >>> from spinglass.figures.layout import checked_width
    >>> checked_width(300)
    Traceback (most recent call last):
    ...
    ValueError: width: expected inches from 2.5 to 40, got 300
    """
    if width is None:
        return None
    number = one_number("width", width)
    if not NARROWEST <= number <= WIDEST:
        raise ValueError(f"width: expected inches from {NARROWEST:g} to {WIDEST:g}, got {number:g}")
    return number


def rooms(recipe, width):
    """Return the inches that a panel may be given, the smallest first."""
    return (SMALL, PANEL) if width is not None and recipe.rows * recipe.columns > FEW else (PANEL,)


def crowded(axes, room):
    """Tell whether panels of this room have colour bars beside them, which need more."""
    return room == SMALL and len(axes[0, 0].figure.axes) > sum(ax.figure is not None for ax in axes.ravel())


def panels(recipe, width, room):
    """Return a figure of a width and the Axes in the shape of the recipe, on as many columns as there is room for."""
    import matplotlib.pyplot as plt

    if width is None:
        return plt.subplots(recipe.rows, recipe.columns, figsize=recipe.size, layout="constrained", squeeze=False)
    columns, count = _columns(recipe, width, room), recipe.rows * recipe.columns
    rows = math.ceil(count / columns)
    shape = recipe.size[1] / recipe.rows / (recipe.size[0] / recipe.columns)
    height = width / columns * min(shape, 1.0)
    height = min(height, max(PAGE / rows, 0.6 * width / columns))
    figure, grid = plt.subplots(rows, columns, figsize=(width, rows * height), layout="constrained", squeeze=False)
    # rows that do not fit side by side become columns, if there are as many
    places = grid.T.ravel() if columns == recipe.rows != recipe.columns else grid.ravel()
    for ax in places[count:]:
        ax.remove()
    return figure, places[:count].reshape(recipe.rows, recipe.columns)


def _columns(recipe, width, room):
    return int(max(1, min(recipe.columns, width // room)))


def letters(recipe, width, room):
    """Return the settings of matplotlib that scale the letters with the panels."""
    if width is None:
        return {}
    columns = _columns(recipe, width, room)
    usual = recipe.size[0] / recipe.columns
    usual = max(usual, 4.2) if width < recipe.size[0] else usual
    size = float(np.clip(10 * (width / columns) / usual, *LETTERS))
    return {
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size,
        "figure.titlesize": size,
        "xtick.labelsize": 0.9 * size,
        "ytick.labelsize": 0.9 * size,
        "legend.fontsize": 0.9 * size,
        "legend.title_fontsize": 0.9 * size,
    }


def settle(figure, axes, size):
    """Move legends, break lines and thin ticks until nothing of a figure lies over anything else."""
    if axes[0, 0].get_subplotspec().get_gridspec().ncols < axes.shape[1]:
        label_each(axes)
    for ax in figure.axes:
        ax.tick_params(which="both", labelsize=0.9 * size)
        for axis in (ax.xaxis, ax.yaxis):
            axis.get_offset_text().set_fontsize(0.9 * size)
        if ax.get_legend() is not None:
            ax.get_legend().set_in_layout(False)  # one wider than its panel would leave no room for the panel
    _arranged(figure)
    for step in (moved_legends, broken_lines, thinned_ticks):
        for _ in range(3):  # each changes the room of the next, and its own
            if not step(figure):
                break
            _arranged(figure)


def _arranged(figure):
    """Give every panel its room: what a drawing begins with, without the drawing."""
    engine = figure.get_layout_engine()
    engine.execute(figure)
    while _grown(figure):
        engine.execute(figure)


def label_each(axes):
    """Label panels that no longer stand in a row or column of which only the first or the last was labelled."""
    for i, row in enumerate(axes):
        for j, ax in enumerate(row):
            if ax.axison:
                ax.set_xlabel(next((a.get_xlabel() for a in axes[i:, j] if a.get_xlabel()), ""))
                ax.set_ylabel(next((a.get_ylabel() for a in row[j::-1] if a.get_ylabel()), ""))


def _grown(figure):
    """Make a figure higher where what is beside the panels left them far less high than wide; tell whether."""
    inner = [ax for ax in figure.axes if ax.get_subplotspec() is not None]
    short = max(0.6 * ax.get_window_extent().width - ax.get_window_extent().height for ax in inner)
    if short <= 1:
        return False
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + inner[0].get_subplotspec().get_gridspec().nrows * short / figure.dpi)
    return True


# -- lines ---------------------------------------------------------------------------------------------------------


def broken_lines(figure):
    """Break titles and labels that are longer than their panel; tell whether there were any."""
    rooms = []
    if figure.get_suptitle():
        rooms.append((figure._suptitle, figure.bbox.width))
    for ax in figure.axes:
        box, (left, right) = ax.get_window_extent(), _cell(figure, ax)
        middle = 0.5 * (box.x0 + box.x1)
        across = max(box.width, 2 * min(middle - left, right - middle) - GAP) if ax.get_subplotspec() else figure.dpi
        rooms += [(ax.title, across), (ax.xaxis.label, across), (ax.yaxis.label, 1.05 * box.height)]
    return any([_broken(text, room) for text, room in rooms])


def _cell(figure, ax):
    """Return the left and the right end of an Axes' column of the figure."""
    place = ax.get_subplotspec()
    if place is None:
        return 0.0, figure.bbox.width
    columns = place.get_gridspec().ncols
    return tuple(figure.bbox.width * x / columns for x in (place.colspan.start, place.colspan.stop))


def _broken(text, room):
    words = re.findall(r"(?:\$[^$]*\$|[^\s$])+", text.get_text())
    if len(words) < 2 or _length(text, text.get_text()) <= room:
        return False
    lines = [words[0]]
    for word in words[1:]:
        if _length(text, f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if "\n".join(lines) == text.get_text():
        return False
    text.set_text("\n".join(lines))
    return True


def _length(text, content):
    """Return the length of a content in pixels, along the line."""
    before = text.get_text()
    text.set_text(content)
    box = text.get_window_extent()
    text.set_text(before)
    return box.height if text.get_rotation() == 90 else box.width


# -- ticks ---------------------------------------------------------------------------------------------------------


def thinned_ticks(figure):
    """Drop every other label of an axis as long as labels touch; tell whether any did."""
    return any([_thinned(axis) for ax in figure.axes if ax.axison for axis in (ax.xaxis, ax.yaxis)])


def _thinned(axis):
    both, labels = _labels(axis, minor=True), _labels(axis)
    if len(both) > len(labels) and _touch(both):
        axis.set_minor_formatter("")
        return True
    if not _touch(labels):
        return False
    along = 0 if axis.axis_name == "x" else 1
    axis.set_ticks([text.get_position()[along] for text in labels[::2]], [text.get_text() for text in labels[::2]])
    return True


def _labels(axis, minor=False):
    """Return the labels of an axis that are in view, in order."""
    low, high = sorted(axis.get_view_interval())
    along = 0 if axis.axis_name == "x" else 1
    found = axis.get_majorticklabels() + (axis.get_minorticklabels() if minor else [])
    seen = [text for text in found if text.get_text() and low <= text.get_position()[along] <= high]
    return sorted(seen, key=lambda text: text.get_position()[along])


def _touch(labels):
    boxes = [text.get_window_extent() for text in labels]
    return any(one.padded(GAP).overlaps(two) for one, two in itertools.pairwise(boxes))


# -- legends -------------------------------------------------------------------------------------------------------


def moved_legends(figure):
    """Put legends that cover something above their panel, and narrow those of the figure; tell whether any moved."""
    moved = False
    for ax in figure.axes:
        legend = ax.get_legend()
        if legend is not None and not hasattr(legend, "above") and _covers(ax, legend):
            _put_above(figure, ax, legend)
            moved = True
    for legend in list(figure.legends):
        if legend.get_window_extent().width > figure.bbox.width:
            handles, labels = _entries(figure.axes, legend)
            legend.remove()
            _widest(figure, handles, labels, figure.bbox.width, loc="outside lower center")
            moved = True
    return moved


def _covers(ax, legend):
    """Tell whether a legend leaves its panel or lies over curves, marks or words."""
    frame, inside = legend.get_window_extent(), ax.get_window_extent()
    if not (inside.x0 <= frame.x0 and frame.x1 <= inside.x1 and inside.y0 <= frame.y0 and frame.y1 <= inside.y1):
        return True
    for drawn in ax.lines:
        path = drawn.get_transform().transform_path(drawn.get_path())
        if drawn.get_xydata().size and path.cleaned(simplify=False).intersects_bbox(frame, filled=False):
            return True
    if any(text.get_window_extent().overlaps(frame) for text in ax.texts):
        return True
    return any(patch.get_window_extent().overlaps(frame) for patch in ax.patches if patch.get_label() != "_span")


def _entries(axes, legend):
    """Return what a legend names, as it is drawn, and the names."""
    drawn = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            drawn.setdefault(label, handle)
    labels = [text.get_text() for text in legend.get_texts()]
    return [drawn.get(label, found) for label, found in zip(labels, legend.legend_handles, strict=True)], labels


def _put_above(figure, ax, legend):
    """Draw a legend between a panel and its title."""
    handles, labels = _entries([ax], legend)
    heading = legend.get_title().get_text()
    left, right = _cell(figure, ax)
    box = ax.get_window_extent()
    room = box.width if right - left < figure.bbox.width else box.width + 2 * min(box.x0 - left, right - box.x1)
    new = _widest(
        ax,
        handles,
        labels,
        room,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        borderaxespad=0.2,
        title=heading or None,
    )
    new.above = True
    new.set_in_layout(False)  # the title makes room for its height; beside the panel it takes none
    pad = new.get_window_extent().height * 72 / figure.dpi + 6
    ax.set_title(ax.get_title() or " ", fontsize=ax.title.get_fontsize(), pad=pad)


def _widest(where, handles, labels, room, **keywords):
    """Draw a legend on as few rows as there is room for, of at most four, and those filled."""
    for columns in sorted({math.ceil(len(labels) / math.ceil(len(labels) / most)) for most in (1, 2, 3, 4)})[::-1]:
        legend = where.legend(handles, labels, ncols=columns, frameon=False, columnspacing=1.2, **keywords)
        if columns == 1 or legend.get_window_extent().width <= room:
            return legend
        legend.remove()
    raise AssertionError
