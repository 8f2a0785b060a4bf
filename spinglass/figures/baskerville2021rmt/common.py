"""What the pictures of local statistics share."""

import numpy as np

from spinglass.plotting.style import OBSERVED, THEORY
from spinglass.spectra.levels.spacings import spacing_ratios

SPACING_BINS = np.linspace(0, 3.5, 29)
RATIO_BINS = np.linspace(0, 1, 21)
BARS = {"fill": True, "color": OBSERVED, "alpha": 0.45}  # of networks


def histogram(values, bins):
    """Return the density of values in bins, those beyond the bins counted in the norm."""
    return np.histogram(values, bins)[0] / len(values) / np.diff(bins)


def mean_and_error(spectra):
    """Return the mean ratio of spacings and its standard error from the scatter between spectra."""
    means = np.array([spacing_ratios(levels).mean() for levels in spectra])
    return means.mean(), means.std(ddof=1) / np.sqrt(len(means))


def draw_reference(ax, x, goe, poisson):
    """Draw the curves of the GOE and of independent levels."""
    ax.plot(x, goe, label="GOE", color=THEORY, linewidth=1.5, zorder=4)
    ax.plot(x, poisson, label="independent levels", color=THEORY, linewidth=1.2, linestyle=":", zorder=4)


def legend_below(ax):
    """Name what is drawn on an Axes below the whole figure."""
    handles, labels = ax.get_legend_handles_labels()
    ax.figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
