"""Curves that differ by a number: one hue for sizes at which something is exact, a colour map for other parameters."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex, to_rgb

from spinglass.plotting.style import EXACT, STYLES

LIGHTEST, DARKEST = 0.25, 0.65  # shares of white and of black at the ends of a hue


def sizes(count, **kwargs):
    """Return the styles of exact curves at growing N: one hue, the darker the larger N; keywords override.

    Examples
    --------
    >>> from spinglass.figures.families import sizes
    >>> [style["color"] for style in sizes(3)]
    ['#d99abd', '#a36186', '#472a3a']
    """
    return [_style(i, _shade(EXACT, share), kwargs) for i, share in enumerate(np.linspace(-LIGHTEST, DARKEST, count))]


def parameters(count, **kwargs):
    """Return the styles of curves at a growing parameter other than N, from dark to light; keywords override."""
    colours = mpl.colormaps["viridis"](np.linspace(0.0, 0.8, count))
    return [_style(i, to_hex(colour), kwargs) for i, colour in enumerate(colours)]


def _style(i, colour, kwargs):
    return {"color": colour, "linestyle": STYLES[i % len(STYLES)], "linewidth": 1.5} | kwargs


def _shade(colour, share):
    """Mix a colour with black, or with white where the share is negative."""
    other = 0.0 if share > 0 else 1.0
    return to_hex((1 - abs(share)) * np.array(to_rgb(colour)) + abs(share) * other)
