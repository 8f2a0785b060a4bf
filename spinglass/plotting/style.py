"""The look and the manners of all plots: colours with one meaning each, and Axes that are left as they were found.

A plot begins with :func:`canvas`, draws with :func:`pens` and ends with :func:`finish`.  What is drawn decides the
limits, as in matplotlib: none are set, so that those that a user has fixed stay and others grow with every call.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cbook import normalize_kwargs
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D

from spinglass.inputs.checks import instance, measured, sequence, shown

if TYPE_CHECKING:
    from matplotlib.artist import Artist

#: Curves by number: 0 is all points together or the law, k + 1 is index k.  The first four are of Okabe and Ito's
#: palette for the colour-blind, as are the roles below; line styles tell curves apart in grey.
COLOURS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#882255", "#999933", "#332288")
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
GREY = "0.55"
SHADE = "0.92"

#: Roles outside the cycle.
THEORY = "#000000"  # a limit law, an exact formula
SAMPLED = "0.6"  # sampled matrices, Monte Carlo
EXACT = "#CC79A7"  # exact at finite N
OBSERVED = "#E69F00"  # brute force on draws, real networks
PUBLISHED = "#56B4E9"  # published constants where they differ from ours

#: A curve on which others may lie: wide and pale below them, so that both are seen.
BENEATH = {"linewidth": 5.0, "linestyle": "-", "alpha": 0.3, "zorder": 1.8, "solid_capstyle": "butt"}

NEAR = 0.25  # distance in RGB below which a foreign colour is taken for one of the cycle
DENSE = 60  # points of a curve beyond which not every one carries its marker

#: Numbers of the curves that were drawn here; those of a cleared Axes are forgotten.
NUMBERS: WeakKeyDictionary[Artist, int] = WeakKeyDictionary()


def axes_or_new(ax):
    """Return ax, or the Axes of a new figure; pyplot is not touched if Axes are given."""
    if ax is not None:
        return instance("ax", ax, Axes, "matplotlib Axes or None")
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(6.0, 4.2), layout="constrained")[1]


def canvas(ax):
    """Return ax as it is if something is drawn on it already, with the frame of this package if not."""
    ax = axes_or_new(ax)
    return ax if ax.has_data() else frame(ax)


def frame(ax):
    """Give an Axes the frame and grid of this package."""
    for side in {"top", "right"} & set(ax.spines):
        ax.spines[side].set_visible(False)
    ax.grid(True, color="0.9", linewidth=0.6)
    ax.set_axisbelow(True)
    return ax


def finish(ax, xlabel, ylabel, legend=True):
    """Label the axes that have no label yet, and gather all labelled curves in a legend."""
    if not ax.get_xlabel():
        ax.set_xlabel(xlabel)
    if not ax.get_ylabel():
        ax.set_ylabel(ylabel)
    if switch("legend", legend) and ax.get_legend_handles_labels()[1]:
        before = ax.get_legend()
        title = before.get_title().get_text() if before else None
        ax.legend(frameon=bool(before and before.get_frame_on()), title=title)
    return ax


def per_dimension(quantity):
    """Return the label of a rate: in two lines, which are no longer than a low picture is high."""
    return f"{quantity}\n(nats per dimension)"


# -- curves ------------------------------------------------------------------------------------------------------------


@dataclass
class Pen:
    """The number of a curve in the cycle, and the keywords of ``ax.plot`` that draw it."""

    number: int
    keywords: dict[str, Any] = field(default_factory=dict)

    @property
    def colour(self):
        """The colour of the curve."""
        return self.keywords["color"]

    def curve(self, ax, x, y):
        """Draw a curve; of many points every twentieth part carries the marker, if one was asked for."""
        keywords = dict(self.keywords)
        if keywords.get("marker", "") not in ("", "None", "none", " ", None) and len(x) > DENSE:
            keywords.setdefault("markevery", max(len(x) // 20, 1))
        (drawn,) = ax.plot(x, y, **keywords)
        return self.holds(drawn)

    def marks(self, ax, x, y, marker="o", **kwargs):
        """Draw places on the curve, without a label."""
        style = {"linestyle": "none", "color": self.colour, "markersize": 4, "zorder": 3} | kwargs
        return self.holds(ax.plot(x, y, marker=marker, **style)[0])

    def holds(self, artist):
        """Remember that an artist belongs to this curve, so that the next call on its Axes takes other colours."""
        NUMBERS[artist] = self.number
        return artist


def pens(ax, numbers, labels, kwargs, kind=Line2D):
    """Return one pen per curve: those of the wanted numbers, or the next ones of the cycle where one is in use.

    ``kwargs`` are the caller's, with matplotlib's aliases (lw, ls, c, ms ..); they hold for every curve.  A ``label``
    of theirs names a single curve, goes before the names of several, or is a sequence of names.
    """
    kwargs = keywords(kwargs, kind)
    labels = _named(labels, kwargs.pop("label", None))
    return [Pen(n, line(n, label=label, **kwargs)) for n, label in zip(free(ax, numbers), labels, strict=True)]


def keywords(kwargs, kind=Line2D):
    """Return keywords under their full names: lw is linewidth, ls linestyle, c color, ms markersize."""
    return normalize_kwargs(kwargs, kind)


def line(i, **kwargs):
    """Return the style of curve number i, overridden by keywords of the caller; seven colours, 49 styles."""
    kwargs = keywords(kwargs)
    turn, place = divmod(i, len(COLOURS))
    kwargs.setdefault("color", COLOURS[place])
    kwargs.setdefault("linestyle", STYLES[(place + turn) % len(STYLES)])
    kwargs.setdefault("linewidth", 1.5)
    return kwargs


def free(ax, numbers):
    """Return the numbers if no curve of the Axes has one of them, else as many after the last that is in use."""
    numbers, taken = list(numbers), _taken(ax)
    if taken.isdisjoint(numbers):
        return numbers
    return list(range(max(taken) + 1, max(taken) + 1 + len(numbers)))


def number_of(index, place=0):
    """Return the number of the curve of an index: 0 for all, k + 1 for k, else that of its place."""
    if index is None:
        return 0
    return index + 1 if isinstance(index, int) else place + 1


def numbers_of(indices):
    """Return the numbers of the curves of indices, those of their places if two indices would share one."""
    numbers = [number_of(index, place) for place, index in enumerate(indices)]
    return numbers if len(set(numbers)) == len(numbers) else list(range(1, len(numbers) + 1))


def _taken(ax):
    """Return the numbers of the curves of this package on an Axes, and those whose colours others use there."""
    artists = [*ax.lines, *ax.patches, *ax.collections]
    found = {NUMBERS[artist] for artist in artists if artist in NUMBERS}
    for artist in artists:
        if artist not in NUMBERS and (colour := _colour(artist, ax)) is not None:
            gaps = [np.linalg.norm(np.subtract(to_rgb(colour), to_rgb(c))) for c in COLOURS]
            found |= {int(np.argmin(gaps))} if min(gaps) < NEAR else set()
    return found


def _colour(artist, ax):
    """Return the one colour of a foreign artist in the coordinates of the data, None if it has none or many."""
    if isinstance(artist, Line2D):
        return artist.get_color() if artist.get_transform() is ax.transData else None
    if getattr(artist, "get_array", lambda: None)() is not None:
        return None
    colours = np.reshape(artist.get_facecolor(), (-1, 4))
    return tuple(colours[0, :3]) if len(colours) == 1 else None


def _named(labels, label):
    """Return the labels of curves under the caller's ``label=``."""
    if label is None:
        return list(labels)
    if not isinstance(label, str):
        given = sequence("label", label)
        if len(given) != len(labels):
            raise ValueError(f"label: expected one label or {len(labels)} (one per curve), got {len(given)}")
        return given
    if len(labels) == 1 or label.startswith("_"):
        return [label] * len(labels)
    return [f"{label}, {own}" for own in labels]


# -- lines and limits --------------------------------------------------------------------------------------------------


def zero_line(ax):
    """Draw the line of height 0, once, and not on a logarithmic axis, which has none."""
    grey = to_hex(GREY)
    there = any(list(x.get_ydata()) == [0, 0] and to_hex(x.get_color()) == grey for x in ax.lines)
    if ax.get_yscale() in ("linear", "symlog", "asinh") and not there:
        ax.axhline(0, color=GREY, linewidth=0.8)


def vertical(ax, x, text=None, colour=GREY):
    """Draw a dashed line at x with a name at its foot."""
    ax.axvline(x, color=colour, linewidth=0.8, linestyle="--")
    if text:
        ax.annotate(
            text,
            (x, 0.02),
            xycoords=("data", "axes fraction"),
            xytext=(4, 2),
            textcoords="offset points",
            color="0.35" if colour == GREY else colour,
            annotation_clip=True,
        )


def tight(artist, x=(), y=()):
    """Let the limits end at these places, without a margin, as long as nothing is drawn beyond."""
    artist.sticky_edges.x[:] = list(x)
    artist.sticky_edges.y[:] = list(y)


def fixed(ax, axis):
    """Return the limits of axis "x" or "y" in order if the user has fixed them, else None."""
    on, limits = getattr(ax, f"get_autoscale{axis}_on"), getattr(ax, f"get_{axis}lim")
    return None if on() else tuple(sorted(map(float, limits())))


# -- what comes in -----------------------------------------------------------------------------------------------------


def places(name, x):
    """Return the places of a curve: one row of at least two numbers of moderate size."""
    x = measured(name, x)
    if x.ndim != 1 or x.size < 2:
        raise ValueError(f"{name}: expected at least two numbers in one dimension, got shape {x.shape}")
    return x


def increasing(name, x):
    """Return places in increasing order."""
    x = places(name, x)
    if not np.all(np.diff(x) > 0):
        raise ValueError(f"{name}: expected increasing numbers, got {shown(x)}")
    return x


def switch(name, x):
    """Return True or False; anything else is refused."""
    return bool(instance(name, x, (bool, np.bool_), "True or False"))
