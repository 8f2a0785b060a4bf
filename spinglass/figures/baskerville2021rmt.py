r"""Local statistics of the Hessians of networks, and Gaussian processes as loss surfaces.

Baskerville, Granziol, Keating (2022), Appearance of random matrix theory in deep learning, Physica A 590.  Spacings
and ratios of spacings of batch Hessians beside those of the GOE and of independent levels; the Hessians of a Gaussian
process, of deficient rank and with outliers; and the correlation of its gradients at a distance.
"""

import functools

import numpy as np

from spinglass import networks
from spinglass.figures.recipe import Recipe
from spinglass.plotting.style import GREY, MARKERS, OBSERVED, SAMPLED, THEORY, frame, line
from spinglass.spectra.levels.ensembles import ratio_density, ratio_test, spacing_test, wigner_surmise
from spinglass.spectra.levels.spacings import spacing_ratios, spacings
from spinglass.spectra.surfaces.gaussian_surface import gradient_correlation, sample_surface_hessian

SPACING_BINS = np.linspace(0, 3.5, 29)
RATIO_BINS = np.linspace(0, 1, 21)
BARS = {"fill": True, "color": OBSERVED, "alpha": 0.45}  # of networks
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
    ax.plot(x, goe, label="GOE", color=THEORY, linewidth=1.5, zorder=4)
    ax.plot(x, poisson, label="independent levels", color=THEORY, linewidth=1.2, linestyle=":", zorder=4)


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


def unit(name):
    """Return the length in which the semicircle ends at 2."""
    n, curvature, flat, _ = SURFACES[name]
    return np.sqrt(curvature * (n - flat))


def predicted_density(name, x):
    r"""Return the limiting density in that unit: the semicircle, and the outliers of uniform spikes.

    A spike t has its outlier at :math:`x = t + 1/t`; t is uniform between the strength and twice of it.
    """
    n, _, flat, strength = SURFACES[name]
    bulk = np.sqrt(np.maximum(4 - x * x, 0)) / (2 * np.pi)
    if not strength:
        return (1 - flat / n) * bulk
    low, high = strength, 2 * strength
    inside = (x >= low + 1 / low) & (x <= high + 1 / high)
    t = (x + np.sqrt(np.where(inside, x * x - 4, 0.0))) / 2
    share = SPIKES / n
    return (1 - share) * bulk + np.where(inside, share / (high - low) / (1 - 1 / np.where(inside, t, 2.0) ** 2), 0.0)


def ratio_histogram(spectra, bins=RATIO_BINS):
    """Return the mean density of ratios in bins and its standard error from the scatter between spectra."""
    rows = np.array([histogram(spacing_ratios(levels), bins) for levels in spectra])
    return rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(len(rows))


#: What one column of the figure shows: title, ensembles.
COLUMNS = (
    ("no structure", ("k'' = 0.0001", "k'' = 0.1", "k'' = 10")),
    ("100 of 500 weights ignored: atom 0.2", ("100 flat",)),
    ("20 spikes of strength 5", ("20 spikes, 5",)),
    ("20 spikes of strength 10", ("20 spikes, 10",)),
)
SAMPLES = {"color": SAMPLED, "linestyle": "none", "markersize": 3.5, "elinewidth": 0.8}
OUTLIERS = SAMPLES | {"color": "0.35", "marker": "D", "markerfacecolor": "white", "markersize": 5}


def draw_spectrum(ax, name, spectra, marker):
    """Draw sampled densities as marks, the law as a line and an atom as a stem."""
    n, _, flat, strength = SURFACES[name]
    scaled = spectra.ravel() / unit(name)
    width = 0.5 if strength else 0.2
    edges = width * np.arange(np.floor(scaled.min() / width) - 0.5, np.ceil(scaled.max() / width) + 1)
    if flat:
        zero = np.abs(scaled) < width / 1e6
        ax.plot([0, 0], [1e-9, flat / n], color=THEORY, linewidth=1.5, marker="D", markersize=4, markevery=[1])
        ax.plot([0], [zero.mean()], "o", color=SAMPLED, markersize=8, markerfacecolor="none")
        scaled = scaled[~zero]
    density = np.histogram(scaled, edges)[0] / spectra.size / width
    middle = (edges[1:] + edges[:-1]) / 2
    ax.plot(middle[density > 0], density[density > 0], marker, color=SAMPLED, markersize=3.5)
    x = np.concatenate([2 * np.cos(np.linspace(np.pi, 0, 201)), np.linspace(2.001, 2.05 * max(strength, 1.0), 1201)])
    ax.plot(x, predicted_density(name, x), color=THEORY, linewidth=1.2)


def draw_ratios(ax, name, spectra, outliers, marker):
    """Draw the ratios of all levels, and of outliers among themselves."""
    middle = (RATIO_BINS[1:] + RATIO_BINS[:-1]) / 2
    mean, error = ratio_histogram(spectra)
    ax.errorbar(middle, mean, error, marker=marker, label="sampled, all levels", **SAMPLES)
    if outliers is not None:
        bins = RATIO_BINS[::4]
        mean, error = ratio_histogram(outliers, bins)
        ax.errorbar((bins[1:] + bins[:-1]) / 2, mean, error, label="sampled, outliers only", **OUTLIERS)


def draw_surfaces(data, axes):
    """Draw spectra above the ratios of their spacings, one column per kind of structure."""
    r = np.linspace(0, 1, 201)
    for (top, bottom), (title, names) in zip(axes.T, COLUMNS, strict=True):
        frame(top), frame(bottom)
        for marker, name in zip(MARKERS, names, strict=False):
            spectra, _, outliers = parts_of_spectrum(name, data[name])
            draw_spectrum(top, name, spectra, marker)
            draw_ratios(bottom, name, spectra, outliers, marker)
        draw_reference(bottom, r, ratio_density(r), ratio_density(r, "poisson"))
        top.set(yscale="log", ylim=(1e-3, 1), xlabel=r"eigenvalue / $\sqrt{k''\,n_{\mathrm{eff}}}$")
        top.set_title(title, fontsize="medium")
        mean, error = np.mean([mean_and_error(parts_of_spectrum(name, data[name])[0]) for name in names], axis=0)
        text = rf"mean ratio ${mean:.3f} \pm {error / len(names) ** 0.5:.3f}$"
        if outliers is not None:
            text += rf", outliers ${mean_and_error(outliers)[0]:.2f}$"
        bottom.set(xlim=(0, 1), ylim=(0, 2.1), xlabel="ratio of spacings $r$")
        bottom.set_title(text, fontsize="medium")
    axes[0, 0].set_ylabel("density of eigenvalues")
    axes[1, 0].set_ylabel("density of ratios")
    legend_below(axes[1, -1])


def legend_below(ax):
    """Name what is drawn on an Axes below the whole figure."""
    handles, labels = ax.get_legend_handles_labels()
    ax.figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)


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
    r"""Return gradients of drawn surfaces compared at distances: products along and across, and as vectors.

    A surface is a sum of waves, :math:`\sum_j(a_j\cos\omega_j\cdot w + b_j\sin\omega_j\cdot w)/\sqrt M` with normal a
    and b.  Normal :math:`\omega` give the exponential kernel, :math:`\sqrt\gamma\,\omega` with a gamma variable of
    mean 1 the rational one.  Every distance has surfaces of its own.  Rows: the means of the products along the
    displacement, across it, and of :math:`\nabla L\cdot\nabla L'/N`, then their standard errors.
    """
    rng = np.random.default_rng(np.random.SeedSequence([2021, n, list(KERNELS).index(kernel)]))
    found = np.empty((3, len(distances), draws))
    for k, distance in enumerate(distances):
        for i in range(draws):
            waves = rng.standard_normal((features, n))
            if kernel == "rational":
                waves *= np.sqrt(rng.gamma(TAIL, 1 / TAIL, (features, 1)))
            a, b = rng.standard_normal((2, features)) / np.sqrt(features)
            phases = distance * waves[:, 0]
            here = b @ waves
            there = (b * np.cos(phases) - a * np.sin(phases)) @ waves
            found[:, k, i] = here[0] * there[0], here[1:] @ there[1:] / (n - 1), here @ there / n
    return np.concatenate([found.mean(axis=2), found.std(axis=2, ddof=1) / np.sqrt(draws)])


def gradients(quick):
    """Return correlations along and across the displacement, and of whole gradients."""
    r, places = np.linspace(0, 4, 161), np.linspace(0, 4, 17)
    data: dict = {"distance": r, "distance sampled": places}
    for name, kernel in KERNELS.items():
        data[f"along {name}"], data[f"across {name}"] = gradient_correlation(r, *kernel)
    for name, n in (*((name, 20) for name in KERNELS), *(("exponential", n) for n in WEIGHTS)):
        data[f"sampled {name} {n}"] = functools.partial(sampled_gradients, name, n, places, 1000 if quick else 20_000)
    return data


def draw_gradients(data, axes):
    """Draw the correlations of two kernels, along and across, and of whole gradients for few and many weights."""
    left, right = (frame(ax) for ax in axes[0])
    marks = {"linestyle": "none", "markersize": 4.5, "elinewidth": 1.0, "capsize": 2}
    places, r = data["distance sampled"], data["distance"]
    for i, name in enumerate(KERNELS):
        sampled = data[f"sampled {name} 20"]
        for j, (direction, style) in enumerate((("along", "-"), ("across", "--"))):
            pen = line(1 + i, linestyle=style)
            left.plot(r, data[f"{direction} {name}"], label=f"{name}, {direction}", **pen)
            face = {"markerfacecolor": pen["color"] if j == 0 else "white", "color": pen["color"]}
            left.errorbar(places, sampled[j], sampled[3 + j], marker=MARKERS[i], **marks, **face)
    along, across = data["along exponential"], data["across exponential"]
    for i, n in enumerate(WEIGHTS):
        style, sampled = line(3 + i), data[f"sampled exponential {n}"]
        right.plot(r, (along + (n - 1) * across) / n, label=f"$N = {n}$", **style)
        right.errorbar(places, sampled[2], sampled[5], marker=MARKERS[i], color=style["color"], **marks)
    left.set_ylabel("correlation of components")
    left.set_title("formula (lines), sampled at $N = 20$ (marks)", fontsize="medium")
    right.set_ylabel(r"$E\,\nabla L\cdot\nabla L'\, /\, E\,|\nabla L|^2$")
    right.set_title("exponential kernel, whole gradients", fontsize="medium")
    for ax in (left, right):
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.set(xlim=(0, 4), ylim=(-0.55, 1.1), xlabel="distance $r = |w - w'|$ (lengths of the kernel)")
        ax.legend(frameon=False, loc="upper right")


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "baskerville2021rmt-1",
        "spacings and ratios of batch Hessians",
        of_networks,
        draw_of_networks,
        2,
        5,
        (15, 6.4),
        claim="Neighbouring eigenvalues of the Hessians of batches repel in every network drawn: no mean ratio is "
        "near the 0.386 of independent levels. Those of the trained perceptron and of its Gauss-Newton matrix are "
        "within two standard errors of the GOE's 0.531; untrained logistic regression is not.",
        parameters="Logistic regression (650 parameters) and a perceptron (685) on the digits of scikit-learn, 120 "
        "(quick: 16) batches of 64 images, eigenvalues above $10^{-4}$, unfolded by the other batches. Errors: "
        "scatter between batches.",
        differs="Small networks and small images. Batches share images, which makes the errors somewhat too small.",
    ),
    Recipe(
        "baskerville2021rmt-2",
        "Gaussian processes as loss surfaces",
        surfaces,
        draw_surfaces,
        2,
        4,
        (15, 6.8),
        claim="Degenerate zeros leave the ratios of spacings of all levels with the GOE, and 20 outliers among 500 "
        "hardly move them (mean ratio 0.526 or more, GOE 0.531). Outliers of independent spikes, taken by "
        "themselves, lie between the GOE and independent levels (mean ratios of about 0.48 at strength 5 and 0.44 "
        "at 10).",
        parameters="$n = 300$ and $k'' = 10^{-4}, 0.1, 10$; $n = 500$ with 100 ignored weights ($k'' = 0.001$), with "
        "20 spikes of strength 5 ($k'' = 0.1$) and 10 ($k'' = 0.01$); 100 (quick: 20) draws each. Errors: scatter "
        "between draws.",
        published="Sizes, $k''$, degeneracy and outliers are the published ones.",
        differs=r"Spikes are uniform between one and two times the strength in units of $\sqrt{k''n}$: a choice made "
        "here. Zeros that coincide have no spacing and are left out.",
    ),
    Recipe(
        "baskerville2021rmt-3",
        "gradients at a distance",
        gradients,
        draw_gradients,
        1,
        2,
        (10.0, 4.2),
        claim="Gradients of a Gaussian surface forget each other with the distance: along the displacement they turn "
        "against each other first, across it they do not. Sampled surfaces follow the formula within their "
        "errors.",
        parameters="$k(s) = e^s$ and $(1 - s/2)^{-2}$; surfaces are sums of 64 random waves with $N$ weights, 20 000 "
        "(quick: 1000) of them for each of 17 distances.",
        published=r"$\mathrm{Cov}(\partial_i L, \partial_j L') = \delta_{ij} k' - u_i u_j k''$.",
    ),
)
