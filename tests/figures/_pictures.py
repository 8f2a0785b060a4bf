"""What makes a drawn figure readable, for the tests of this folder."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np


def assert_readable(recipe, data):
    """Assert that labels are there and inside, no legend covers a mark or a line, and the style is left alone."""
    settings = dict(mpl.rcParams)
    figure = recipe.figure(data)
    assert dict(mpl.rcParams) == settings
    figure.canvas.draw()
    width, height = figure.bbox.size
    for ax in figure.axes:
        assert ax.get_xlabel() and ax.get_ylabel()
        texts = [ax.xaxis.label, ax.yaxis.label, ax.title, *ax.get_legend().get_texts()]
        for box in (text.get_window_extent() for text in texts if text.get_text()):
            assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        frame, inside = ax.get_legend().get_window_extent(), ax.get_window_extent()
        for drawn in ax.lines:
            at = drawn.get_transform().transform(np.column_stack(drawn.get_data()))
            at = at[np.isfinite(at).all(axis=1) & [inside.contains(*place) for place in at]]
            assert not any(frame.contains(*place) for place in at), (recipe.name, drawn)
    plt.close(figure)
