r"""Figures 3 and 4: the two parts of the Hessian of a network of rectified units with random weights and residuals.

The law of :math:`H_1`, :math:`R = \epsilon\phi g/(2 - \epsilon\phi^2g^2)`, is that of the network.  Its peak at 0 has
the width 1/n: the eigenvalues are plus and minus the singular values of n square matrices, one per hidden unit.  A
Marchenko-Pastur law for :math:`H_0` is not: a hidden unit can be scaled against its outgoing weights, which makes n of
the :math:`2n^2` eigenvalues vanish, and the smallest of the others lies far below the edge
:math:`\sigma(1-\sqrt\phi)^2`.
"""

import functools

import numpy as np

from spinglass.networks import relu_spectra
from spinglass.plotting.style import OBSERVED, THEORY, frame
from spinglass.spectra import FreeCompoundPoisson, MarchenkoPastur

UNITS = 16
ENERGY = 50.0
RATIOS = (1 / 16, 1 / 4)
#: 1 / phi
SHARES = (2, 3, 4, 6, 8, 12, 16, 24, 32)
FITTED = 12
ZERO = 1e-10  # relative to the largest eigenvalue


def residual_law(phi, energy=ENERGY):
    """Return the predicted law of H_1."""
    jump = phi * np.sqrt(energy / 2)
    return FreeCompoundPoisson(1 / phi, [-jump, jump], [0.5, 0.5])


def residual_part(quick):
    """Return the law of H_1 and the eigenvalues of networks."""
    data: dict = {"phi": np.array(RATIOS)}
    for phi in RATIOS:
        law = residual_law(phi)
        low, high = law.support.min(), law.support.max()
        x = 0.5 * (low + high) - 0.5 * (high - low) * np.cos(np.linspace(0, np.pi, 401))
        data[f"lambda {phi}"], data[f"density {phi}"] = x, law.density(x)
        data[f"eigenvalues {phi}"] = functools.partial(relu_spectra, UNITS, phi, ENERGY, 10 if quick else 100)
    return data


def draw_residual_part(data, axes):
    """Draw law over histogram, one panel per ratio."""
    for ax, phi in zip(axes[0], data["phi"], strict=True):
        frame(ax)
        eigenvalues = data[f"eigenvalues {phi}"]
        label = f"{len(eigenvalues)} networks, $n = {UNITS}$"
        ax.hist(eigenvalues.ravel(), 80, density=True, color=OBSERVED, alpha=0.45, label=label)
        ax.plot(data[f"lambda {phi}"], data[f"density {phi}"], label="law", color=THEORY)
        ax.set(xlabel=r"eigenvalue $\lambda$ of $H_1$", ylabel="density")
        ax.margins(y=0.2)
        ax.set_title(rf"$\phi = 1/{round(1 / phi)}$, $\epsilon = {ENERGY:g}$", fontsize="medium")
        ax.legend(frameon=False, loc="upper right")


def gaps(share, runs):
    """Return the smallest non-zero eigenvalue over the mean and the number of zeros of H_0, one row per run."""
    spectra = relu_spectra(UNITS, 1 / share, ENERGY, runs, "gauss_newton", seed=share)
    return np.array([(row[row > ZERO * row[-1]][0] / row.mean(), np.sum(row <= ZERO * row[-1])) for row in spectra])


def positive_part(quick):
    """Return the gap of H_0 against 1/phi, Marchenko-Pastur's and the network's, and one distribution function."""
    shares, runs = np.array(SHARES), 3 if quick else 30
    grid = np.geomspace(1.5, 40, 101)
    law, x = MarchenkoPastur(1 / 16), np.linspace(0, 4.5, 226)
    data: dict = {"1/phi": grid, "edge": (1 - grid**-0.5) ** 2, "1/phi networks": shares}
    for share in SHARES:
        data[f"gap and zeros {share}"] = functools.partial(gaps, share, runs)
    data["lambda"], data["cdf"] = x, law.cdf(x)
    data["eigenvalues"] = functools.partial(relu_spectra, UNITS, 1 / 16, ENERGY, runs, "gauss_newton")
    return data


def fitted_scale(data, largest):
    """Return the scale that fits the mean gaps up to 1/phi = ``largest``, its error, chi^2 and degrees of freedom."""
    shares = np.array([share for share in data["1/phi networks"] if share <= largest])
    gap = np.array([data[f"gap and zeros {share}"][:, 0] for share in shares])
    mean, error, edge = gap.mean(axis=1), gap.std(axis=1, ddof=1) / np.sqrt(gap.shape[1]), (1 - shares**-0.5) ** 2
    weight = error**-2.0
    square = np.sum(weight * edge**2)
    scale = np.sum(weight * mean * edge) / square
    return float(scale), float(square**-0.5), float(np.sum(weight * (mean - scale * edge) ** 2)), len(shares) - 1


def draw_positive_part(data, axes):
    """Draw gaps on the left, distribution functions on the right, both in units of the mean eigenvalue."""
    left, right = (frame(ax) for ax in axes[0])
    left.plot(data["1/phi"], data["edge"], label=r"Marchenko-Pastur, $(1 - \sqrt{\phi})^2$", color=THEORY)
    scale = fitted_scale(data, FITTED)[0]
    style = {"color": THEORY, "linestyle": "--", "linewidth": 1.2}
    left.plot(data["1/phi"], scale * data["edge"], label=rf"{scale:.3f} times it (fitted)", **style)
    gap = np.array([data[f"gap and zeros {share}"][:, 0] for share in data["1/phi networks"]])
    middle = np.median(gap, axis=1)
    reach = np.abs(np.array([gap.min(axis=1), gap.max(axis=1)]) - middle)
    marks = {"fmt": "o", "color": OBSERVED, "markersize": 5, "elinewidth": 0.8}
    label = f"networks, $n = {UNITS}$ (median, range)"
    left.errorbar(data["1/phi networks"], middle, reach, label=label, **marks)
    left.set(xscale="log", yscale="log", xlabel=r"residuals per parameter $1/\phi$")
    left.set_xticks([2, 4, 8, 16, 32], ["2", "4", "8", "16", "32"])
    left.set_xticks([], minor=True)
    left.set(ylim=(1e-3, 2), ylabel=r"smallest non-zero eigenvalue of $H_0$ / mean")
    left.set_title("the gap in units of the mean", fontsize="medium")
    left.legend(frameon=False, loc="lower right")
    right.plot(data["lambda"], data["cdf"], label="Marchenko-Pastur", color=THEORY)
    spectra = data["eigenvalues"]
    eigenvalues = np.sort((spectra / spectra.mean(axis=1, keepdims=True)).ravel())
    steps = np.arange(1, eigenvalues.size + 1) / eigenvalues.size
    right.plot(eigenvalues, steps, label=f"networks, $n = {UNITS}$", color=OBSERVED, linewidth=2)
    right.set(xlim=(-0.1, 4.5), ylim=(0, 1.02), xlabel=r"eigenvalue $\lambda$ of $H_0$ / mean")
    right.set(ylabel=r"fraction of eigenvalues $\leq \lambda$")
    right.set_title(r"$\phi = 1/16$: a much wider law than predicted", fontsize="medium")
    right.legend(frameon=False, loc="lower right")
