"""Histograms with standard errors: filled grey, and on used Axes an outline in the next colour."""

import numpy as np
from matplotlib.patches import StepPatch

from spinglass.inputs.checks import checked_integer
from spinglass.plotting.style import SAMPLED, canvas, increasing, keywords, pens


def checked_bins(bins, most):
    """Return a number of bins, their edges in order, or None."""
    if bins is None:
        return None
    return increasing("bins", bins) if np.ndim(bins) else checked_integer("bins", bins, 1, most)


def histogram(ax, heights, edges, errors, name, kwargs):
    """Draw densities over bins with their standard errors, nan where they are not known; return Axes and bars."""
    ax, kwargs = canvas(ax), keywords(kwargs, StepPatch)
    if not ax.has_data():
        kwargs = {"color": SAMPLED, "fill": True, "alpha": 0.5, "linewidth": 0} | kwargs
    (pen,) = pens(ax, [1], [name], kwargs, StepPatch)
    style = {key: value for key, value in pen.keywords.items() if key != "linestyle" or key in kwargs}
    bars = pen.holds(ax.stairs(heights, edges, **style))
    known = np.isfinite(errors)
    places = ((edges[1:] + edges[:-1]) / 2)[known], heights[known], errors[known]
    ax.errorbar(*places, fmt="none", ecolor="0.35", elinewidth=0.8, label="_nolegend_")
    return ax, bars
