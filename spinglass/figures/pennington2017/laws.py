r"""Figures 1 and 2: density and index of a Wishart matrix plus a Wigner matrix.

A sample is :math:`X X^T/m + \sqrt{2\epsilon}\,W` with X of size n x m, :math:`\phi = n/m`, and W Wigner with
semicircle on [-2, 2].
"""

import functools

import numpy as np

from spinglass.plotting.style import COLOURS, GREY, frame, line
from spinglass.spectra import (
    MarchenkoPastur,
    Semicircle,
    critical_energy,
    index_amplitude,
    negative_fraction,
    network_hessian,
)

RATIOS = (0.25, 0.5, 0.75)
ENERGIES = (0.0, 0.1, 0.5, 1.0)
BINS = np.linspace(-2.0, 5.0, 71)
MARKERS = "osD^"
RATIO = r"$\phi = {}$"


def sampled_eigenvalues(phi, energies, n, draws):
    """Return eigenvalues (draws, energies, n); one draw has one pair of matrices for all energies."""
    streams = np.random.SeedSequence([2017, round(1000 * phi)]).spawn(draws)
    pairs = []
    for stream in streams:
        rng = np.random.default_rng(stream)
        pairs.append((MarchenkoPastur(phi).sample(n, rng), Semicircle().sample(n, rng)))
    scales = np.sqrt(2 * np.asarray(energies))
    return np.array([[np.linalg.eigvalsh(positive + s * wigner) for s in scales] for positive, wigner in pairs])


def histograms(phi, n, draws):
    """Return the sampled densities on BINS, one row per energy."""
    eigenvalues = sampled_eigenvalues(phi, ENERGIES, n, draws)
    counts = [np.histogram(eigenvalues[:, i], BINS)[0] for i in range(len(ENERGIES))]
    return np.array(counts) / (n * draws * np.diff(BINS))


def densities(quick):
    """Return densities by ratio and energy: the law, and sampled matrices in bins."""
    data: dict = {"lambda sampled": 0.5 * (BINS[1:] + BINS[:-1])}
    for phi in RATIOS:
        for energy in ENERGIES:
            law = network_hessian(phi, energy)
            low, high = law.support.min(), law.support.max()
            # crowd the points at the edges, where the density is a square root
            x = 0.5 * (low + high) - 0.5 * (high - low) * np.cos(np.linspace(0, np.pi, 300))
            data[f"lambda {phi} {energy}"], data[f"density {phi} {energy}"] = x, law.density(x)
        data[f"sampled {phi}"] = functools.partial(histograms, phi, *((300, 8) if quick else (1000, 20)))
    return data


def draw_densities(data, axes):
    """Draw one panel per ratio: laws as lines, samples as marks."""
    for ax, phi in zip(axes[0], RATIOS, strict=True):
        frame(ax)
        for i, energy in enumerate(ENERGIES):
            name = f"{phi} {energy}"
            ax.plot(
                data[f"lambda {name}"],
                data[f"density {name}"],
                label=rf"$\epsilon = {energy:g}$",
                **line(1 + i, linestyle="-", linewidth=1.2),
            )
            sampled = data[f"sampled {phi}"][i]
            marks = sampled > 0
            ax.plot(data["lambda sampled"][marks], sampled[marks], MARKERS[i], color=COLOURS[1 + i], markersize=2.5)
        ax.axvline(0, color=GREY, linewidth=0.8)
        ax.set(xlim=(-2, 5), ylim=(0, 1.6), xlabel=r"eigenvalue $\lambda$", ylabel="density")
        ax.set_title(RATIO.format(f"{phi:g}") + ": law (lines), sampled (marks)", fontsize="medium")
        ax.legend(frameon=False, loc="upper right")


def sampled_indices(phi, energies, n, draws):
    """Return the mean fraction of negative eigenvalues and its standard error, one row each."""
    fractions = (sampled_eigenvalues(phi, energies, n, draws) < 0).mean(axis=2)
    return np.array([fractions.mean(axis=0), fractions.std(axis=0, ddof=1) / np.sqrt(draws)])


def indices(quick):
    """Return the index against the energy up to 1: exact, its power law and sampled."""
    data: dict = {"phi": np.array(RATIOS), "critical": critical_energy(np.array(RATIOS))}
    data["amplitude"] = index_amplitude(data["phi"])
    for phi, critical in zip(RATIOS, data["critical"], strict=True):
        distance = np.geomspace(1e-2, 1 / critical - 1, 121)
        data[f"energy {phi}"] = critical * (1 + distance)
        data[f"index {phi}"] = negative_fraction(phi, data[f"energy {phi}"])
        data[f"power law {phi}"] = index_amplitude(phi) * distance**1.5
        energies = critical * (1 + np.geomspace(1, 1 / critical - 1, 6))
        sizes = (400, 4) if quick else (1000, 40)
        data[f"energy sampled {phi}"] = energies
        data[f"sampled {phi}"] = functools.partial(sampled_indices, phi, energies, *sizes)
    return data


def draw_indices(data, axes):
    """Draw the index against energy, and near the critical energy on logarithmic scales."""
    left, right = (frame(ax) for ax in axes[0])
    for i, (phi, critical) in enumerate(zip(data["phi"], data["critical"], strict=True)):
        energy, places = data[f"energy {phi}"], data[f"energy sampled {phi}"]
        mean, error = data[f"sampled {phi}"]
        marks = {"fmt": MARKERS[i], "color": COLOURS[1 + i], "markersize": 4, "elinewidth": 0.8}
        left.plot(energy, data[f"index {phi}"], label=RATIO.format(f"{phi:g}"), **line(1 + i))
        left.errorbar(places, mean, error, **marks)
        right.plot(energy / critical - 1, data[f"index {phi}"], label=RATIO.format(f"{phi:g}"), **line(1 + i))
        right.errorbar(places / critical - 1, mean, error, **marks)
        name = r"$\alpha_0 x^{3/2}$" if phi == data["phi"][-1] else "_nolegend_"
        right.plot(energy / critical - 1, data[f"power law {phi}"], color=GREY, linewidth=0.9, label=name)
    left.set(
        xlim=(0, 1.02), ylim=(0, None), xlabel=r"energy $\epsilon$", ylabel=r"fraction of negative eigenvalues $\alpha$"
    )
    left.set_title("index: law (lines), sampled (marks)", fontsize="medium")
    right.set(xscale="log", yscale="log", xlim=(1e-2, 1e3), ylim=(1e-5, 1))
    right.set(xlabel=r"$x = (\epsilon - \epsilon_c)/\epsilon_c$", ylabel=r"$\alpha$")
    right.set_title("the 3/2 law holds close to the critical energy", fontsize="medium")
    for ax in (left, right):
        ax.legend(frameon=False, loc="lower right")
