r"""Figure 2: the largest eigenvalues of batch Hessians of a digits network against the batch size.

A batch of b out of m examples, drawn without replacement, is as noisy as one of
:math:`b' = 1/(1/b - 1/m)` independent ones.  Spikes :math:`\theta_j` and two cumulants of the noise are fitted to
:math:`\theta_j + \kappa_2/(b'\theta_j) + \kappa_3/(b'^{3/2}\theta_j^2)`, a series in
:math:`\kappa_2/(b'\theta_j^2)`, at batches from FITTED on; below, the fit is continued to show where it fails.  The
eigenvalues of the Hessian of all examples, which the fit does not see, are what the spikes should be.  After training
they are missed by up to a tenth: at the smallest batches fitted the term of :math:`\kappa_2` is as large as the spike.
"""

import functools

import numpy as np
from scipy.sparse.linalg import eigsh

from spinglass.networks import digits
from spinglass.plotting.style import GREY, OBSERVED, THEORY, frame
from spinglass.spectra.noise.batch_outliers import batch_outlier, fit_outliers

COUNT = 3
FITTED = 64
SIZES = (16, 32, 64, 96, 128, 256, 512)
STATES = {"trained": 300, "untrained": 0}
MARKERS = "osD"


def top(network, batch=None):
    """Return the largest eigenvalues of the Hessian of a batch (of all by default), descending."""
    start = np.random.default_rng(0).standard_normal(network.size)
    return np.sort(eigsh(network.hessian(batch), COUNT, which="LA", v0=start, return_eigenvectors=False))[::-1]


def of_all(steps):
    """Return those of all training examples."""
    return top(digits(steps=steps))


def largest(steps, size, count):
    """Return those of random batches, one row per batch."""
    network = digits(steps=steps)
    return np.array([top(network, batch) for batch in network.batches(size, count, rng=size)])


def outliers(quick):
    """Return the largest eigenvalues of batch Hessians, one array per state and batch size."""
    sizes = np.array(SIZES if quick else (*SIZES, 24, 48, 192, 384))
    data: dict = {"batch": np.sort(sizes), "examples": 1347}
    for state, steps in STATES.items():
        data[f"all {state}"] = functools.partial(of_all, steps)
        for size in data["batch"]:
            part = functools.partial(largest, steps, int(size), 12 if quick else 200)
            data[f"largest {state} {size}"] = part
    return data


def independent(batch, examples):
    """Return the number of independent examples that are as noisy as a batch."""
    return 1 / (1 / batch - 1 / examples)


def fit(data, state):
    """Return the fit of spikes and cumulants to batches from FITTED on."""
    chosen = data["batch"][data["batch"] >= FITTED]
    means = np.array([data[f"largest {state} {size}"].mean(axis=0) for size in chosen])
    return fit_outliers(independent(chosen, data["examples"]), means)


def draw_outliers(data, axes):
    """Draw one panel per state."""
    fine = np.geomspace(data["batch"][0], 0.9 * data["examples"], 200)
    for ax, state in zip(axes[0], STATES, strict=True):
        frame(ax)
        found = fit(data, state)
        for j, spike in enumerate(found.spikes):
            rows = [data[f"largest {state} {size}"][:, j] for size in data["batch"]]
            mean = np.array([row.mean() for row in rows])
            error = np.array([row.std(ddof=1) / len(row) ** 0.5 for row in rows])
            marks = {"fmt": MARKERS[j], "color": OBSERVED, "markersize": 5, "elinewidth": 0.8, "capsize": 2}
            ax.errorbar(data["batch"], mean, error, label=rf"$\lambda_{j + 1}$", **marks)
            curve = batch_outlier(spike, found.kappa2, found.kappa3, independent(fine, data["examples"]))
            for part, style in ((fine >= FITTED, "-"), (fine <= FITTED, ":")):
                ax.plot(fine[part], curve[part], color=THEORY, linewidth=1.2, linestyle=style)
            ax.plot(data["examples"], data[f"all {state}"][j], MARKERS[j], color=OBSERVED, markerfacecolor="none")
        ax.axvline(FITTED, color=GREY, linewidth=0.8, linestyle="--")
        ticks = [16, 32, 64, 128, 256, 512, int(data["examples"])]
        ax.set(xscale="log", xlim=(14, 1700), ylim=(0, None), xlabel="batch size $b$ (last: all examples)")
        ax.set_xticks(ticks, [str(tick) for tick in ticks])
        ax.set_xticks([], minor=True)
        ax.set_ylabel(r"largest eigenvalues of the Hessian")
        low, high = found.intervals()[-2:].T
        ranges = [f"[{a:.2g}, {b:.2g}]" for a, b in zip(low, high, strict=True)]
        title = rf"{state}: $\kappa_2$ in {ranges[0]}, $\kappa_3$ in {ranges[1]} (95%)"
        ax.set_title(title, fontsize="medium")
        ax.legend(frameon=False, loc="upper right", title=f"fit from $b = {FITTED}$ on,\ncontinued below (dotted)")
