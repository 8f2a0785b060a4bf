"""The look of all figures: colours that stay apart in grey and for the colour-blind."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from spinglass.inputs.checks import instance, measured

#: Okabe and Ito's palette in an order of falling contrast on white; line styles tell curves apart in grey.
COLOURS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 2)))
GREY = "0.55"
SHADE = "0.92"


def axes_or_new(ax: Axes | None) -> Axes:
    """Return ax, or the Axes of a new figure."""
    if ax is None:
        return plt.subplots(figsize=(6.0, 4.2), layout="constrained")[1]
    return instance("ax", ax, Axes, "matplotlib Axes or None")


def places(name, x):
    """Return the places of a curve: one row of at least two numbers of moderate size."""
    x = measured(name, x)
    if x.ndim != 1 or x.size < 2:
        raise ValueError(f"{name}: expected at least two numbers in one dimension, got shape {x.shape}")
    return x


def line(i, **kwargs):
    """Return the style of curve number i, overridden by keywords of the caller."""
    kwargs.setdefault("color", COLOURS[i % len(COLOURS)])
    kwargs.setdefault("linestyle", STYLES[i % len(STYLES)])
    kwargs.setdefault("linewidth", 1.5)
    return kwargs


def frame(ax):
    """Give an Axes the frame and grid of this package."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(True, color="0.9", linewidth=0.6)
    ax.set_axisbelow(True)
    return ax
