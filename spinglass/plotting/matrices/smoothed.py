"""The smoothed density of a spectrum known from matrix-vector products, with its error as a band."""

from __future__ import annotations

import numpy as np

from spinglass.plotting.style import tight

REACH, FINE = 4, 5  # widths beside a node that are drawn, and points in each


def smoothed_name(found, width):
    """Return what the density is called: of so many probes and steps, smoothed by so much."""
    return f"{found.probes} probes of {found.steps} steps, smoothed by {width:.2g}"


def smoothed(ax, found, width, pen, top=np.inf):
    """Draw the density smoothed by a width, with its error as a band; what is higher than the top is left out."""
    x = _places(found.nodes, width)
    density, error = found.density(x, width), found.density_error(x, width)
    seen = density <= top
    drawn = pen.curve(ax, x, np.where(seen, density, np.nan))
    low, high = np.maximum(density - error, 0), np.minimum(density + error, top)
    band = ax.fill_between(x, low, high, where=seen, color=pen.colour, alpha=0.25, linewidth=0)
    for artist in (drawn, band):
        tight(artist, y=[0.0])


def _places(nodes, width):
    """Return places a fifth of the width apart wherever a node is near: nothing is to be seen elsewhere."""
    step = width / FINE
    near = np.arange(-REACH * FINE, REACH * FINE + 1)
    return step * np.unique(np.round(np.unique(np.round(nodes / step))[:, None] + near))
