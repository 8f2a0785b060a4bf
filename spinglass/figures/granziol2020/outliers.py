r"""Figure 6: laws beside the bulk of Hessians, with the outliers of several networks removed by a declared rule.

The rule: the K largest eigenvalues are outliers, K the number of outputs.  In the Gauss-Newton matrix
:math:`\tfrac1m \sum_i J_i^T C_i J_i` every output has a mean gradient, which all examples share, and these K directions
stand out of the scatter.  Beside it stand no rule, three times as many, and the widest relative gap among the 2K
largest.

Moments of what is left give the parameters.  A percolated Wigner matrix has :math:`m_4/m_2^2 = 2/p`.  Percolated
Wishart matrices of the scale a and :math:`u = pc` have :math:`m_1 = ap,\ m_2/m_1^2 = (1 + u)/p` and

.. math:: \frac{m_1 m_3}{m_2^2} = 1 + \frac{u}{(1 + u)^2} \le \frac54 ,

and u and 1/u are the same law.  Where a spectrum has more than 5/4, u = 1 comes nearest (derived here).
"""

import functools
from dataclasses import replace

import numpy as np

from spinglass import networks
from spinglass.figures.granziol2020.network import NAMES, distances, matched
from spinglass.figures.granziol2020.zeros import without_rounding
from spinglass.networks.training.descent import minimise
from spinglass.plotting.style import COLOURS, GREY, MARKERS, OBSERVED, frame, line
from spinglass.spectra.laws.percolated import PercolatedWigner, PercolatedWishart

LAWS = (*NAMES, "percolated Wigner", "percolated Wishart")
RULES = ("none", "as many as outputs", "three times as many", "widest gap")
DECAY, MORE = 1e-3, 1e-2  # of the weights
SQUARE = 1 - 1e-6  # nearer to 1 the law is the same to 1e-6, and harder to evaluate next to 0
NETWORKS: dict = {
    "perceptron, digits": (functools.partial(networks.mlp, hidden=(10,)), "digits", DECAY),
    "perceptron, more decay": (functools.partial(networks.mlp, hidden=(10,)), "digits", MORE),
    "two hidden layers, digits": (functools.partial(networks.mlp, hidden=(9, 9)), "digits", DECAY),
    "convolutional, digits": (functools.partial(networks.convolutional, channels=(4, 6)), "digits", DECAY),
    "residual, digits": (functools.partial(networks.residual, width=7), "digits", DECAY),
    "perceptron, cells": (functools.partial(networks.mlp, hidden=(16,)), "breast_cancer", DECAY),
    "two hidden layers, photographs": (functools.partial(networks.mlp, hidden=(12, 12)), "photographs", DECAY),
}
NAMED = tuple(NETWORKS)
SHOWN = ("semicircle", "Marchenko-Pastur", "3-fold product", "percolated Wigner", "percolated Wishart")


def moments(values):
    """Return the first four moments."""
    return tuple(np.mean(values**k) for k in (1, 2, 3, 4))


def percolated_wigner(values):
    """Return the percolated Wigner law with the second and the fourth moment of the values."""
    _, second, _, fourth = moments(values)
    keep = min(1.0, 2 * second**2 / fourth)
    return PercolatedWigner(keep, second / keep**2)


def percolated_wishart(values):
    """Return the percolated Wishart law with the first two moments of the values and the third, or what is nearest."""
    first, second, third, _ = moments(values)
    excess = np.clip(first * third / second**2 - 1, 0, 0.25)
    u = min(SQUARE, 4 * excess / (1 + np.sqrt(1 - 4 * excess)) ** 2)
    keep = min(1.0, (1 + u) * first**2 / second)
    return first / keep * PercolatedWishart(keep, u / keep)


def laws(values, population):
    """Return the laws of LAWS by name, each with moments of the values."""
    percolated = percolated_wigner(values), percolated_wishart(values)
    return {**matched(values, population), **dict(zip(LAWS[-2:], percolated, strict=True))}


# -- networks ------------------------------------------------------------------------------------------------------


def trained(name, seed, examples, steps):
    """Return a network of NETWORKS at a minimum of its loss with weight decay."""
    make, data, decay = NETWORKS[name]
    network = make(getattr(networks.data, data)(), rng=seed)
    some = replace(network, inputs=network.inputs[:examples], targets=network.targets[:examples])
    return minimise(some, decay, steps)


def spectrum(name, seed, examples, steps):
    """Return the eigenvalues of the Hessian of the loss alone over the training examples, and the number of outputs."""
    network = trained(name, seed, examples, steps)
    return without_rounding(np.linalg.eigvalsh(network.hessian())), network.targets.shape[1]


def removed(eigenvalues, outputs):
    """Return how many of the largest eigenvalues each of RULES calls outliers."""
    largest = eigenvalues[::-1][: 2 * outputs + 1]
    return 0, outputs, 3 * outputs, 1 + int(np.argmax(largest[:-1] / largest[1:]))


def measured(name, seed, population, *sizes):
    """Return what `judged` says of one network."""
    eigenvalues, outputs = spectrum(name, seed, *sizes)
    return judged(eigenvalues, outputs, population)


def judged(eigenvalues, outputs, population):
    """Return by rule and law: both distances, Wasserstein's in deviations, the law's atom, the number of outliers."""
    found = []
    for count in removed(eigenvalues, outputs):
        bulk = eigenvalues[: len(eigenvalues) - count]
        for law in laws(bulk, population).values():
            kolmogorov, wasserstein = distances(bulk, law)
            found.append([kolmogorov, wasserstein / bulk.std(), sum(weight for _, weight in law.atoms), count])
    return np.reshape(found, (len(RULES), len(LAWS), 4))


def controls(name, population, draws, *sizes):
    """Return both distances of matrices sampled from each law, as large as the network, from their own law."""
    eigenvalues, outputs = spectrum(name, 0, *sizes)
    bulk = eigenvalues[:-outputs]
    found = [
        [own_distances(law, len(bulk), bulk.std(), rng) for rng in range(draws)]
        for law in laws(bulk, population).values()
    ]
    return np.mean(found, axis=1)


def own_distances(law, n, deviation, rng):
    """Return both distances of a sampled matrix from its law."""
    values = without_rounding(np.linalg.eigvalsh(law.sample(n, rng=rng)))
    return distances(values, law) / (1, deviation)


def curves(name, population, *sizes):
    """Return places over the deviation, and the distribution functions there of one bulk and of SHOWN."""
    eigenvalues, outputs = spectrum(name, 0, *sizes)
    bulk = eigenvalues[:-outputs]
    x = np.concatenate([-np.geomspace(3, 1e-3, 120), [0.0], np.geomspace(1e-3, 20, 150)])
    at = x * bulk.std()
    rows = [law.cdf(at) for law_name, law in laws(bulk, population).items() if law_name in SHOWN]
    return np.vstack([x, np.searchsorted(bulk, at, "right") / len(bulk), *rows])


def outliers(quick):
    """Return distances of the bulks of all networks, seed by seed, controls, and one bulk beside its laws."""
    names, seeds, population, draws = (NAMED[-2:], 2, 100, 1) if quick else (NAMED, 3, 4000, 3)
    sizes = (150, 40) if quick else (700, 200)
    data: dict = {"networks": np.array(names), "seeds": seeds}
    for name in names:
        for seed in range(seeds):
            data[f"{name} {seed}"] = functools.partial(measured, name, seed, population, *sizes)
    data["controls"] = functools.partial(controls, names[0], population, draws, *sizes)
    data["curves"] = functools.partial(curves, names[0], population, *sizes)
    return data


# -- what it says --------------------------------------------------------------------------------------------------


def by_network(data):
    """Return what was measured, shape (networks, seeds, rules, laws, 4)."""
    return np.array([[data[f"{name} {seed}"] for seed in range(data["seeds"])] for name in data["networks"]])


def bootstrapped(samples, draws=2000):
    """Return the mean over the first axis and the ends of its 95% interval, by drawing it again with replacement."""
    rng = np.random.default_rng(0)
    means = samples[rng.integers(len(samples), size=(draws, len(samples)))].mean(axis=1)
    return samples.mean(axis=0), *np.quantile(means, (0.025, 0.975), axis=0)


def draw_outliers(data, axes):
    """Draw one bulk beside its laws, both distances law by law, and what the rule changes."""
    (first, second), (third, fourth) = axes
    draw_curves(data, frame(first))
    found = by_network(data)
    draw_laws(data, found[:, :, 1, :, 0], 0, frame(second))
    draw_laws(data, found[:, :, 1, :, 1], 1, frame(third))
    second.set(xlim=(0, 1), xlabel="Kolmogorov-Smirnov distance of the bulk from the law")
    third.set(xlim=(0, 1.15), xlabel="Wasserstein distance / deviation of the bulk")
    third.legend(frameon=False, loc="lower right", fontsize="small")
    ax, rows = frame(fourth), np.arange(len(LAWS))
    for i, rule in enumerate(RULES):
        mean = found[:, :, i, :, 0].mean(axis=(0, 1))
        ax.plot(mean, rows, MARKERS[i], color=COLOURS[1 + i], markerfacecolor="none", markersize=7 - i, label=rule)
    name_rows(ax)
    ax.set(xlim=(0, 1), xlabel="Kolmogorov-Smirnov distance, mean of networks")
    ax.legend(frameon=False, loc="lower left", fontsize="small", title="outliers")


def draw_curves(data, ax):
    """Draw the distribution functions of one bulk and of its laws."""
    x, bulk, *rows = data["curves"]
    for i, (name, row) in enumerate(zip(SHOWN, rows, strict=True)):
        ax.plot(x, row, label=name, **line(1 + i, linewidth=1.2))
    ax.plot(x, bulk, color=OBSERVED, linewidth=2.2, label=str(data["networks"][0]))
    ax.set_xscale("symlog", linthresh=1e-2)
    ax.set(ylim=(0, 1.02), xlim=(x[0], x[-1]), ylabel="distribution function")
    ax.set_xticks([-1, -0.01, 0, 0.01, 0.1, 1, 10], ["-1", "-0.01", "0", "0.01", "0.1", "1", "10"])
    ax.set_xlabel("eigenvalue / deviation of the bulk")
    ax.legend(frameon=False, loc="upper left", fontsize="small")


def draw_laws(data, samples, measure, ax):
    """Draw one row per law with the networks as marks, above them samples of the law itself."""
    rows, count = np.arange(len(LAWS)), len(samples)
    for i, (name, one) in enumerate(zip(data["networks"], samples, strict=True)):
        mean, low, high = bootstrapped(one)
        style = {"marker": MARKERS[i], "color": COLOURS[(1 + i) % len(COLOURS)], "linestyle": "none", "markersize": 4}
        place = rows + 0.5 * ((i + 0.5) / count - 0.5)
        ax.errorbar(mean, place, xerr=(mean - low, high - mean), elinewidth=0.8, label=str(name), **style)
    own = data["controls"][:, measure]
    ax.plot(own, rows, "x", color=GREY, markersize=6, label="matrix from the law")
    name_rows(ax)


def name_rows(ax):
    """Write the names of the laws beside their rows."""
    ax.set_yticks(np.arange(len(LAWS)), LAWS)
    ax.set(ylim=(len(LAWS) - 0.5, -0.5), ylabel="law")
