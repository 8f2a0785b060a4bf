"""Figure 1: spacings and ratios of spacings of batch Hessians, beside the GOE and independent levels."""

import functools

import numpy as np

from spinglass import networks
from spinglass.figures.baskerville2021rmt.common import (
    BARS,
    RATIO_BINS,
    SPACING_BINS,
    draw_reference,
    histogram,
    legend_below,
    mean_and_error,
)
from spinglass.plotting.style import frame
from spinglass.spectra.levels.ensembles import ratio_density, ratio_test, spacing_test, wigner_surmise
from spinglass.spectra.levels.spacings import spacing_ratios, spacings

#: Distances are those of Kolmogorov and Smirnov, sup |F - F_n|.
SUMMARY = ("mean ratio", "standard error", "spacings from GOE", "ratios from GOE", "ratios from independent")
BATCH = 64
#: Name: kind of network, trained or not, matrix.  Without a hidden layer the Hessian is the Gauss-Newton matrix.
MATRICES = {
    "logistic, trained": ("logistic", True, "hessian"),
    "logistic, untrained": ("logistic", False, "hessian"),
    "perceptron, trained": ("mlp", True, "hessian"),
    "perceptron, untrained": ("mlp", False, "hessian"),
    "perceptron, Gauss-Newton": ("mlp", True, "gauss_newton"),
}


def local_statistics(kind, trained, matrix, count):
    """Return the histograms of spacings and of ratios and the numbers of SUMMARY, in one row."""
    network = networks.digits(kind)
    network = network if trained else network.untrained()
    levels = networks.unfolded(networks.batch_spectra(network, BATCH, count, matrix))
    steps = np.concatenate([spacings(one) for one in levels])
    ratios = np.concatenate([spacing_ratios(one) for one in levels])
    tests = spacing_test(steps), ratio_test(ratios), ratio_test(ratios, "poisson")
    summary = [*mean_and_error(levels), *(test.statistic for test in tests)]
    return np.concatenate([histogram(steps / steps.mean(), SPACING_BINS), histogram(ratios, RATIO_BINS), summary])


def of_networks(quick):
    """Return the statistics of every matrix."""
    data: dict = {"spacing edges": SPACING_BINS, "ratio edges": RATIO_BINS}
    for name, (kind, trained, matrix) in MATRICES.items():
        data[name] = functools.partial(local_statistics, kind, trained, matrix, 16 if quick else 120)
    return data


def split(row):
    """Return the histogram of spacings, that of ratios, and the summary as a dict."""
    first, second = len(SPACING_BINS) - 1, len(RATIO_BINS) - 1
    spacing, ratio, summary = np.split(row, [first, first + second])
    return spacing, ratio, dict(zip(SUMMARY, summary, strict=True))


def draw_of_networks(data, axes):
    """Draw spacings above, ratios below, one column per matrix."""
    s, r = np.linspace(0, 3.5, 281), np.linspace(0, 1, 201)
    for (top, bottom), name in zip(axes.T, MATRICES, strict=True):
        spacing, ratio, summary = split(data[name])
        frame(top).stairs(spacing, data["spacing edges"], label=f"Hessians of batches of {BATCH} digits", **BARS)
        draw_reference(top, s, wigner_surmise(s), np.exp(-s))
        top.set(xlim=(0, 3.5), ylim=(0, 1.05), xlabel="unfolded spacing $s$")
        top.set_title(name, fontsize="medium")
        frame(bottom).stairs(ratio, data["ratio edges"], **BARS)
        draw_reference(bottom, r, ratio_density(r), ratio_density(r, "poisson"))
        bottom.set(xlim=(0, 1), ylim=(0, 2.1), xlabel="ratio of spacings $r$")
        mean, error = summary["mean ratio"], summary["standard error"]
        bottom.set_title(rf"mean ratio ${mean:.3f} \pm {error:.3f}$", fontsize="medium")
    for row, name in zip(axes, ("spacings", "ratios"), strict=True):
        row[0].set_ylabel(f"density of {name}")
    legend_below(axes[0, 0])
