r"""Local statistics of the Hessians of networks, and Gaussian processes as loss surfaces.

Baskerville, Granziol, Keating (2022), Appearance of random matrix theory in deep learning, Physica A 590.  Spacings
and ratios of spacings of batch Hessians beside those of the GOE and of independent levels; the Hessians of a Gaussian
process, of deficient rank and with outliers; and the correlation of its gradients at a distance.
"""

import functools

import numpy as np

from spinglass import networks
from spinglass.figures.recipe import Recipe
from spinglass.plotting.complexities import MARKERS
from spinglass.plotting.style import COLOURS, GREY, frame, line
from spinglass.spectra.levels.ensembles import ratio_density, ratio_test, spacing_test, wigner_surmise
from spinglass.spectra.levels.spacings import spacing_ratios, spacings
from spinglass.spectra.surfaces.gaussian_surface import gradient_correlation, sample_surface_hessian

SPACING_BINS = np.linspace(0, 3.5, 29)
RATIO_BINS = np.linspace(0, 1, 21)
#: Distances are those of Kolmogorov and Smirnov, sup |F - F_n|.
SUMMARY = ("mean ratio", "standard error", "spacings from GOE", "ratios from GOE", "ratios from independent")


def histogram(values, bins):
    """Return the density of values in bins, those beyond the bins counted in the norm."""
    return np.histogram(values, bins)[0] / len(values) / np.diff(bins)


def mean_and_error(spectra):
    """Return the mean ratio of spacings and its standard error from the scatter between spectra."""
    means = np.array([spacing_ratios(levels).mean() for levels in spectra])
    return means.mean(), means.std(ddof=1) / np.sqrt(len(means))


# -- 1. batch Hessians of networks -------------------------------------------------------------------------------------

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


def draw_reference(ax, x, goe, poisson):
    """Draw the curves of the GOE and of independent levels."""
    ax.plot(x, goe, label="GOE", **line(1))
    ax.plot(x, poisson, label="independent", **line(2))


def draw_of_networks(data, axes):
    """Draw spacings above, ratios below, one column per matrix."""
    s, r = np.linspace(0, 3.5, 281), np.linspace(0, 1, 201)
    for (top, bottom), name in zip(axes.T, MATRICES, strict=True):
        spacing, ratio, summary = split(data[name])
        frame(top).stairs(spacing, data["spacing edges"], fill=True, color="0.82", label="batches")
        draw_reference(top, s, wigner_surmise(s), np.exp(-s))
        top.set(xlim=(0, 3.5), ylim=(0, 1.05), xlabel="unfolded spacing $s$")
        top.set_title(name, fontsize="medium")
        frame(bottom).stairs(ratio, data["ratio edges"], fill=True, color="0.82", label="batches")
        draw_reference(bottom, r, ratio_density(r), ratio_density(r, "poisson"))
        bottom.set(xlim=(0, 1), ylim=(0, 2.1), xlabel="ratio of spacings $r$")
        mean, error = summary["mean ratio"], summary["standard error"]
        bottom.set_title(rf"mean ratio ${mean:.4f} \pm {error:.4f}$", fontsize="medium")
    for row, name in zip(axes, ("spacings", "ratios"), strict=True):
        row[0].set_ylabel(f"density of {name}")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    labels[0] = f"Hessians of batches of {BATCH} digits"
    axes[0, 0].figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)


# -- 2. Gaussian processes as loss surfaces ----------------------------------------------------------------------------

SPIKES = 20
#: Name: weights, k''(0), flat directions, strength of the weakest spike in units of the critical one.
SURFACES = {
    "k'' = 0.0001": (300, 1e-4, 0, 0.0),
    "k'' = 0.1": (300, 0.1, 0, 0.0),
    "k'' = 10": (300, 10.0, 0, 0.0),
    "100 flat": (500, 1e-3, 100, 0.0),
    "20 spikes, 5": (500, 0.1, 0, 5.0),
    "20 spikes, 10": (500, 0.01, 0, 10.0),
}


def surface_eigenvalues(name, draws):
    r"""Return eigenvalues of drawn Hessians, one row each, and the spikes, sorted, one row each.

    Spikes are independent and uniform between one and two times the given strength, in units of
    :math:`\sqrt{k''(0)\,n}`, where outliers leave the bulk.
    """
    n, curvature, flat, strength = SURFACES[name]
    found = []
    for stream in np.random.SeedSequence([2021, list(SURFACES).index(name)]).spawn(draws):
        rng = np.random.default_rng(stream)
        spikes = np.sqrt(curvature * n) * strength * rng.uniform(1, 2, SPIKES if strength else 0)
        hessian = sample_surface_hessian(n, curvature, flat=flat, spikes=spikes, rng=rng)
        found.append(np.concatenate([np.linalg.eigvalsh(hessian), np.sort(spikes)]))
    return np.array(found)


def surfaces(quick):
    """Return the eigenvalues of every ensemble."""
    return {name: functools.partial(surface_eigenvalues, name, 20 if quick else 100) for name in SURFACES}


def parts_of_spectrum(name, rows):
    """Return the spectra, their bulks and their outliers (None without), one row per draw."""
    n, _, _, strength = SURFACES[name]
    spectra = rows[:, :n]
    return (spectra, spectra[:, :-SPIKES], spectra[:, -SPIKES:]) if strength else (spectra, spectra, None)


def draw_surfaces(data, axes):
    """Draw spectra above the ratios of their spacings, three ensembles in a row."""
    r = np.linspace(0, 1, 201)
    places = [(axes[2 * (i // 3), i % 3], axes[2 * (i // 3) + 1, i % 3]) for i in range(len(SURFACES))]
    for (top, bottom), name in zip(places, SURFACES, strict=True):
        n, curvature, flat, strength = SURFACES[name]
        spectra, bulk, outliers = parts_of_spectrum(name, data[name])
        unit = np.sqrt(curvature * (n - flat))
        top, bottom = frame(top), frame(bottom)
        scaled = spectra.ravel() / unit
        width = 0.25 if strength else 0.1
        edges = width * np.arange(np.floor(scaled.min() / width) - 0.5, np.ceil(scaled.max() / width) + 1)
        top.stairs(histogram(scaled, edges), edges, fill=True, color="0.72", label="sampled")
        x = np.linspace(-2, 2, 401)
        weight = (n - flat - (SPIKES if strength else 0)) / n
        top.plot(x, weight * np.sqrt(4 - x * x) / (2 * np.pi), label="semicircle", **line(1))
        top.set(
            yscale="log", ylim=(1e-3, 6), xlabel=r"eigenvalue $\lambda/\sqrt{k''\,n_{\mathrm{eff}}}$", ylabel="density"
        )
        more = f", {flat} flat" if flat else f", {SPIKES} spikes from ${strength:g}$" if strength else ""
        top.set_title(f"$n = {n}$, $k'' = {curvature:g}$" + more, fontsize="medium")
        top.legend(frameon=False, loc="upper right")
        ratios = np.concatenate([spacing_ratios(one) for one in bulk])
        bottom.stairs(histogram(ratios, RATIO_BINS), RATIO_BINS, fill=True, color="0.82", label="bulk")
        if outliers is not None:
            other = np.concatenate([spacing_ratios(one) for one in outliers])
            bins = RATIO_BINS[::2]
            bottom.stairs(histogram(other, bins), bins, color=COLOURS[0], linewidth=1.2, label="outliers")
        draw_reference(bottom, r, ratio_density(r), ratio_density(r, "poisson"))
        mean, error = mean_and_error(bulk)
        bottom.set(xlim=(0, 1), ylim=(0, 2.9), xlabel="ratio of spacings $r$", ylabel="density of ratios")
        bottom.set_title(rf"mean ratio, bulk: ${mean:.4f} \pm {error:.4f}$", fontsize="medium")
        bottom.legend(frameon=False, loc="upper right", ncols=2)


# -- 3. gradients at a distance ----------------------------------------------------------------------------------------

WEIGHTS = (2, 10, 100)
TAIL = 2.0  # of the rational kernel


def rational_slope(s):
    """Return k'(s) of k(s) = (1 - s/a)^-a, a = TAIL."""
    return (1 - s / TAIL) ** (-TAIL - 1)


def rational_curvature(s):
    """Return k''(s) of k(s) = (1 - s/a)^-a, a = TAIL."""
    return (TAIL + 1) / TAIL * (1 - s / TAIL) ** (-TAIL - 2)


#: k', k'' of kernels of unit k'(0): the exponential k(s) = e^s, and a mixture of such.
KERNELS: dict[str, tuple] = {"exponential": (np.exp, np.exp), "rational": (rational_slope, rational_curvature)}


def sampled_gradients(kernel, n, distances, draws, features=64):
    r"""Return correlations of gradients of drawn surfaces, along and across, and the mean cosine of their angle.

    A surface is a sum of waves, :math:`\sum_j(a_j\cos\omega_j\cdot w + b_j\sin\omega_j\cdot w)/\sqrt M` with normal a
    and b.  Normal :math:`\omega` give the exponential kernel, :math:`\sqrt\gamma\,\omega` with a gamma variable of
    mean 1 the rational one.  Rows: the three means, then their standard errors.
    """
    rng = np.random.default_rng(np.random.SeedSequence([2021, n, list(KERNELS).index(kernel)]))
    found = np.empty((3, len(distances), draws))
    for i in range(draws):
        waves = rng.standard_normal((features, n))
        if kernel == "rational":
            waves *= np.sqrt(rng.gamma(TAIL, 1 / TAIL, (features, 1)))
        a, b = rng.standard_normal((2, features)) / np.sqrt(features)
        phases = np.outer(distances, waves[:, 0])
        here = b @ waves
        there = (b * np.cos(phases) - a * np.sin(phases)) @ waves
        found[0, :, i] = here[0] * there[:, 0]
        found[1, :, i] = there[:, 1:] @ here[1:] / (n - 1)
        found[2, :, i] = there @ here / np.linalg.norm(here) / np.linalg.norm(there, axis=1)
    return np.concatenate([found.mean(axis=2), found.std(axis=2, ddof=1) / np.sqrt(draws)])


def gradients(quick):
    """Return correlations along and across the displacement, and the cosine of the angle of two gradients."""
    r, places = np.linspace(0, 4, 161), np.linspace(0, 4, 17)
    data: dict = {"distance": r, "distance sampled": places}
    for name, kernel in KERNELS.items():
        data[f"along {name}"], data[f"across {name}"] = gradient_correlation(r, *kernel)
    for name, n in (*((name, 20) for name in KERNELS), *(("exponential", n) for n in WEIGHTS)):
        data[f"sampled {name} {n}"] = functools.partial(sampled_gradients, name, n, places, 1000 if quick else 20_000)
    return data


def draw_gradients(data, axes):
    """Draw both correlations of two kernels, and the cosine for few and many weights."""
    left, right = (frame(ax) for ax in axes[0])
    marks = {"linestyle": "none", "markersize": 5, "elinewidth": 0.8, "markerfacecolor": "none"}
    places, r = data["distance sampled"], data["distance"]
    for i, name in enumerate(KERNELS):
        for j, direction in enumerate(("along", "across")):
            style = line(2 * i + j)
            left.plot(r, data[f"{direction} {name}"], label=f"{name}, {direction} $u$", **style)
            sampled = data[f"sampled {name} 20"]
            left.errorbar(places, sampled[j], sampled[3 + j], marker=MARKERS[2 * i + j], color=style["color"], **marks)
    along, across = data["along exponential"], data["across exponential"]
    for i, n in enumerate(WEIGHTS):
        style, sampled = line(i), data[f"sampled exponential {n}"]
        right.plot(r, (along + (n - 1) * across) / n, label=f"$N = {n}$", **style)
        right.errorbar(places, sampled[2], sampled[5], marker=MARKERS[i], color=style["color"], **marks)
    left.set_ylabel("correlation of gradient components")
    left.set_title("marks: sampled surfaces, $N = 20$", fontsize="medium")
    right.set_ylabel(r"$E\,\nabla L\cdot\nabla L' / E|\nabla L|^2$; marks: mean cosine")
    right.set_title("exponential kernel, angle of two gradients", fontsize="medium")
    for ax in (left, right):
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.set(xlim=(0, 4), xlabel="distance $r = |w - w'|$ (lengths of the kernel)")
        ax.legend(frameon=False, loc="upper right")


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "baskerville2021rmt-1", "spacings and ratios of batch Hessians", of_networks, draw_of_networks, 2, 5, (15, 6.4)
    ),
    Recipe("baskerville2021rmt-2", "Gaussian processes as loss surfaces", surfaces, draw_surfaces, 4, 3, (12, 12.5)),
    Recipe("baskerville2021rmt-3", "gradients at a distance", gradients, draw_gradients, 1, 2, (10.0, 4.2)),
)
