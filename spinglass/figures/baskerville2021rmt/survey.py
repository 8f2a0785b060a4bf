r"""Figure 6: the ratios of spacings of many networks on many data, trained and not, beside the GOE.

Every matrix is that of a batch, the batches of a row are disjoint, so that its error is the scatter of independent
matrices.  Levels count above CUT of the largest eigenvalue, well above rounding (figure 5).
"""

import functools
from collections.abc import Callable

import numpy as np

from spinglass import networks
from spinglass.figures.baskerville2021rmt.common import mean_and_error
from spinglass.networks.training.descent import minimise
from spinglass.plotting.style import COLOURS, GREY, MARKERS, frame
from spinglass.spectra.levels.ensembles import MEAN_RATIO

CUT = 1e-6
GUE = 0.5996  # Atas, Bogomolny, Giraud, Roux (2013)
BATCH, DECAY, STEPS = 64, 0.01, 300
#: Architectures by name, of given data and width.
NETWORKS: dict[str, Callable] = {
    "regression": lambda data, width: networks.mlp(data, hidden=(), rng=1),
    "perceptron": lambda data, width: networks.mlp(data, hidden=(width,), rng=1),
    "three layers": lambda data, width: networks.mlp(data, hidden=(width // 2 + 4,) * 2, rng=1),
    "residual": lambda data, width: networks.residual(data, width=8, rng=1),
    "convolutional": lambda data, width: networks.convolutional(data, rng=1),
}
DATA: dict[str, Callable] = {
    "digits": networks.data.digits,
    "photographs": networks.data.photographs,
    "cells": networks.data.breast_cancer,
    "diabetes": networks.data.diabetes,
}
#: Hidden units: more for fewer inputs, so that there are some hundred parameters.
WIDTHS = {"digits": 9, "photographs": 30, "cells": 18, "diabetes": 45}
#: Name: trained, matrix, on which examples.
KINDS = {
    "Hessian, trained": (True, "hessian", "train"),
    "Hessian, untrained": (False, "hessian", "train"),
    "Hessian, trained, test examples": (True, "hessian", "test"),
    "Gauss-Newton, trained": (True, "gauss_newton", "train"),
}
ROWS = [(data, network) for data in DATA for network in NETWORKS if network != "convolutional" or data == "digits"]
FEW = [("digits", "regression"), ("photographs", "residual"), ("diabetes", "three layers")]


@functools.lru_cache(maxsize=2)
def pair(data, network):
    """Return a network before and after training, and the data."""
    chosen = DATA[data]()
    start = NETWORKS[network](chosen, WIDTHS[data])
    return start, minimise(start, DECAY, STEPS), chosen


def levels(values):
    """Return the eigenvalues above the cut."""
    return values[values > CUT * values.max()]


def statistics(data, network, most):
    """Return mean ratio, error, batches and levels in a spectrum of every kind of matrix, one row each."""
    start, end, chosen = pair(data, network)
    rows = []
    for trained, matrix, examples in KINDS.values():
        one = (end if trained else start).on(*getattr(chosen, examples))
        count = min(len(one.inputs) // BATCH, most)
        batches = np.random.default_rng(6).permutation(len(one.inputs))[: count * BATCH].reshape(count, BATCH)
        spectra = [levels(one.eigenvalues(matrix, batch)) for batch in batches]
        spectra = [spectrum for spectrum in spectra if len(spectrum) > 4]
        found = mean_and_error(spectra) if len(spectra) > 1 else (np.nan, np.nan)
        rows.append((*found, len(spectra), np.mean([len(spectrum) for spectrum in spectra] or [0])))
    return np.array(rows)


def survey(quick):
    """Return the statistics of all pairs of data and network."""
    rows, most = (FEW, 3) if quick else (ROWS, 40)
    data: dict = {"data": np.array([row[0] for row in rows]), "network": np.array([row[1] for row in rows])}
    return data | {"/".join(row): functools.partial(statistics, *row, most) for row in rows}


def table(data):
    """Return the statistics as an array (rows, kinds, 4)."""
    return np.array([data[f"{one}/{other}"] for one, other in zip(data["data"], data["network"], strict=True)])


def draw_survey(data, axes):
    """Draw one row for each pair of data and network, one kind of mark for each kind of matrix."""
    ax, found = frame(axes[0, 0]), table(data)
    rows = np.arange(len(found))
    for k, kind in enumerate(KINDS):
        bars = {"fmt": MARKERS[k], "color": COLOURS[1 + k], "markersize": 4, "capsize": 2, "elinewidth": 0.8}
        ax.errorbar(found[:, k, 0], rows + 0.15 * (k - 1.5), xerr=2 * found[:, k, 1], label=kind, **bars)
    for ratio in (*MEAN_RATIO.values(), GUE):
        ax.axvline(ratio, color=GREY, linewidth=0.8, linestyle="--")
    ax.set_yticks(rows, [f"{one}: {other}" for one, other in zip(data["data"], data["network"], strict=True)])
    ax.set(
        ylim=(len(rows) - 0.4, -0.6),
        xlim=(0.33, 0.63),
        xlabel="mean ratio of spacings (bars: 2 errors)",
        ylabel="data: network",
    )
    ax.set_title("dashed: independent levels, GOE, GUE", fontsize="medium")
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
