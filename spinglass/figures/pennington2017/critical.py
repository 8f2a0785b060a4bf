r"""Figure 5: the energy below which no eigenvalue is negative: formulas, sampled matrices, networks.

With :math:`H = H_0 + s H_1`, :math:`H_0` positive and :math:`s \propto \sqrt\epsilon`, the lowest eigenvalue is 0 where
:math:`H_1 v = -s^{-1} H_0 v` has its first solution: one generalised eigenvalue of a sampled pair gives its critical
energy.  Networks are those of figure 6: minimisers, and the end of the fit to critical points of small index.
"""

import functools

import numpy as np
from scipy.linalg import eigh

from spinglass.figures.pennington2017.memorising import LARGEST, RATIOS, ends, points
from spinglass.networks import fit_critical_energy
from spinglass.plotting.style import OBSERVED, PUBLISHED, SAMPLED, line
from spinglass.plotting.style import frame as framed
from spinglass.spectra import FreeCompoundPoisson, MarchenkoPastur, Semicircle, critical_energy, minimiser_energy

MODELS = {"linear": "Wishart plus Wigner", "relu": "rectified units"}
PLACES = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9])


def growing_part(model, phi):
    """Return the law of the part of the Hessian that grows with the energy, at energy 1."""
    if model == "linear":
        return Semicircle(2.0)
    jump = phi / np.sqrt(2)
    return FreeCompoundPoisson(1 / phi, [-jump, jump], [0.5, 0.5])


def sampled_energies(model, ratios, n, draws):
    """Return critical energies of sampled matrices: means and standard errors, one row each."""
    found = np.empty((len(ratios), draws))
    for i, phi in enumerate(ratios):
        for j, stream in enumerate(np.random.SeedSequence([2017, i]).spawn(draws)):
            rng = np.random.default_rng(stream)
            positive, growing = MarchenkoPastur(phi).sample(n, rng), growing_part(model, phi).sample(n, rng)
            lowest = eigh(growing, positive, eigvals_only=True, subset_by_index=[0, 0])[0]
            found[i, j] = 1 / lowest**2
    return np.array([found.mean(axis=1), found.std(axis=1, ddof=1) / np.sqrt(draws)])


def observed_energies(phi, n, attempts, descents, steps):
    """Return the fitted critical energy of networks and its error, the mean energy of minimisers and its error."""
    energy, _, certain, _ = points(phi, n, attempts)
    critical, error, _ = fit_critical_energy(energy, certain, LARGEST)
    lowest = ends(phi, n, descents, steps)
    return np.array([critical, error, lowest.mean(), lowest.std(ddof=1) / np.sqrt(descents)])


def energies(quick):
    """Return critical energies against the ratio and against its distance from 1, sampled and observed ones."""
    phi, distance = np.linspace(0.01, 0.99, 99 if quick else 981), np.geomspace(1e-3, 0.99, 241 if quick else 961)
    data: dict = {"phi": phi, "distance": distance, "phi sampled": PLACES, "phi observed": np.array([*RATIOS.values()])}
    for name, ratios in (("phi", phi), ("distance", 1 - distance)):
        for model in MODELS:
            data[f"{model} by {name}"] = critical_energy(ratios, model)
        data[f"minimisers by {name}"] = minimiser_energy(ratios)
    for model in MODELS:
        data[f"sampled {model}"] = functools.partial(
            sampled_energies, model, PLACES, *((150, 6) if quick else (1000, 20))
        )
    sizes = (8, 8, 2, 1000) if quick else (16, 60, 10, 3000)
    for name, ratio in RATIOS.items():
        data[f"observed {name}"] = functools.partial(observed_energies, ratio, *sizes)
    return data


def draw_energies(data, axes):
    """Draw energies against phi, and against 1 - phi on logarithmic scales."""
    marks = {"linestyle": "none", "elinewidth": 0.8, "capsize": 2}
    seen = np.array([data[f"observed {name}"] for name in RATIOS]).T
    left, right = (framed(ax) for ax in axes[0])
    for ax, name in ((left, "phi"), (right, "distance")):
        for i, (model, label) in enumerate(MODELS.items()):
            ax.plot(data[name], data[f"{model} by {name}"], label=rf"$\epsilon_c$, {label}", **line(1 + i))
            mean, error = data[f"sampled {model}"]
            place = data["phi sampled"] if name == "phi" else 1 - data["phi sampled"]
            style = marks | {"marker": "os"[i], "markersize": 4, "color": SAMPLED, "zorder": 3}
            ax.errorbar(place, mean, error, label="sampled matrices" if i == 0 else None, **style)
        rule = {"color": PUBLISHED, "linestyle": (0, (6, 2)), "label": r"published rule, $\frac{1}{2}(1-\phi)^2$"}
        ax.plot(data[name], data[f"minimisers by {name}"], **rule)
        place = data["phi observed"] if name == "phi" else 1 - data["phi observed"]
        style = marks | {"color": OBSERVED, "zorder": 4}
        ax.errorbar(place, seen[0], seen[1], fmt="D", markersize=5, label=r"networks, fitted $\epsilon_c$", **style)
        ax.errorbar(place, seen[2], seen[3], fmt="x", markersize=7, label="networks, minimisers", **style)
        ax.set(yscale="log", ylabel=r"energy $\epsilon$ ($\sigma = 1$)")
    left.set(xlim=(0, 1), ylim=(1e-5, 3e3), xlabel=r"parameters per residual $\phi$")
    left.set_title("energy below which no eigenvalue is negative", fontsize="medium")
    left.legend(frameon=False, loc="upper right", fontsize="small", ncols=2)
    right.set(xscale="log", xlim=(1e-2, 1), ylim=(1e-7, 1e2), xlabel=r"$1 - \phi$")
    right.set_title(r"predictions vanish like $(1 - \phi)^3$", fontsize="medium")
    right.legend(*(entries[:2] for entries in right.get_legend_handles_labels()), frameon=False, loc="lower right")
