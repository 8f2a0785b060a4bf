"""Figures 1 and 2: spectra and log-determinants of H, the law beside sampled matrices."""

import functools

import numpy as np
from scipy.special import logsumexp

from spinglass.figures.baskerville2021gan import published
from spinglass.models import gan
from spinglass.plotting.style import PUBLISHED, SAMPLED, THEORY, frame
from spinglass.spectra import BlockGaussian

SHIFTS = {"touching": 1.5, "merged": 1.1, "separate": 4.0}
BINS = 90

DISPLACEMENTS = (-90, -45, 0, 45, 90)
SIZE = 50
TITLES = {"published": "published constants", "exact": "exact law"}


def eigenvalues(law, size, draws, seed):
    """Return the eigenvalues of sampled matrices, one row per matrix."""
    streams = np.random.SeedSequence(seed).spawn(draws)
    return np.array([np.linalg.eigvalsh(law.sample(size, rng=np.random.default_rng(s))) for s in streams])


def spectra(quick):
    """Return the density of H and sampled eigenvalues for touching, merged and separate bulks."""
    data: dict = {}
    for name, x1 in SHIFTS.items():
        law = published.hessian(0.9, 1.0, 0.5, x1)
        # crowd the points at the edges, where the density is a square root
        x = np.concatenate(
            [0.5 * (lo + hi) - 0.5 * (hi - lo) * np.cos(np.linspace(0, np.pi, 400)) for lo, hi in law.support]
        )
        data[f"eigenvalues {name}"] = functools.partial(eigenvalues, law, 300, 20 if quick else 100, 2021)
        data[f"support {name}"] = law.support
        data[f"lambda {name}"], data[f"density {name}"] = x, law.density(x)
    return data


def draw_spectra(data, axes):
    """Draw law over histogram, one panel per case."""
    for ax, (name, x1) in zip(axes[0], SHIFTS.items(), strict=True):
        frame(ax)
        sampled = data[f"eigenvalues {name}"].ravel()
        ax.hist(sampled, BINS, density=True, color=SAMPLED, alpha=0.5, label="sampled")
        ax.plot(data[f"lambda {name}"], data[f"density {name}"], color=THEORY, linewidth=1.6, label="law")
        ax.set_title(f"{name}: $x_1 = {x1:g}$", fontsize="medium")
        ax.set(ylim=(0, 0.55), xlabel=r"eigenvalue $\lambda$", ylabel="density")
        ax.legend(frameon=False, loc="upper right", ncols=2)


def _laws(x1):
    """Return the published law of H and the exact one at the same displacement of the block of the discriminator."""
    model = published.MODEL
    b, b1, _, _ = published.scales(**model)
    local = gan(**model).local_law()
    return {
        "published": published.hessian(model["kappa"], b, b1, x1),
        "exact": BlockGaussian(local.jacobian_variance, local.fractions, [-x1, 0.0]),
    }


def mean_log_determinant(law, x, draws, seed):
    """Return (1/N) log E|det(H - x)| of sampled matrices and its standard error, one row each."""
    spectrum = eigenvalues(law, SIZE, draws, seed)
    logs = np.log(np.abs(spectrum[:, :, None] - x)).sum(axis=1)
    weights = np.exp(logs - logs.max(axis=0))
    mean = (logsumexp(logs, axis=0) - np.log(draws)) / SIZE
    return np.array([mean, weights.std(axis=0) / weights.mean(axis=0) / np.sqrt(draws) / SIZE])


def determinants(quick):
    """Return the log-potential of H and the sampled log-determinants."""
    x, places = np.linspace(-200, 200, 401), np.linspace(-200, 200, 41)
    data: dict = {"x": x, "x sampled": places}
    for i, x1 in enumerate(DISPLACEMENTS):
        for name, law in _laws(x1).items():
            data[f"potential {name} {x1}"] = law.log_potential(x)
            sample = functools.partial(mean_log_determinant, law, places, 300 if quick else 3000, 50 + i)
            data[f"sampled {name} {x1}"] = sample
    return data


def draw_determinants(data, axes):
    """Draw potentials at N = infinity as lines, samples as crosses; published constants above, the exact law below."""
    for row, (name, title) in zip(axes, TITLES.items(), strict=True):
        for ax, x1 in zip(row, DISPLACEMENTS, strict=True):
            frame(ax)
            mean, error = data[f"sampled {name} {x1}"]
            style = {"fmt": "x", "color": SAMPLED, "markersize": 4, "elinewidth": 0.8}
            ax.errorbar(data["x sampled"], mean, error, label=f"Monte Carlo, $N = {SIZE}$", **style)
            colour = {"published": PUBLISHED, "exact": THEORY}[name]
            ax.plot(data["x"], data[f"potential {name} {x1}"], color=colour, label=TITLES[name])
            ax.set_title(f"{title}, $x_1 = {x1}$", fontsize="medium")
            ax.set(xlim=(-200, 200), ylim=(2.4, 5.8))
        row[0].set_ylabel(r"$\frac{1}{N}\log E|\det(H - x)|$")
    for ax in axes[-1]:
        ax.set_xlabel("shift $x$")
    named = dict(entry for ax in axes[:, 0] for entry in zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    axes[0, 0].figure.legend(named.values(), named, loc="outside lower center", ncols=3, frameon=False)
