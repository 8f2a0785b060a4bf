"""Figure 2: the Hessians of a Gaussian process, of deficient rank and with outliers."""

import functools

import numpy as np

from spinglass.figures.baskerville2021rmt.common import (
    RATIO_BINS,
    draw_reference,
    histogram,
    legend_below,
    mean_and_error,
)
from spinglass.plotting.style import MARKERS, SAMPLED, THEORY, frame
from spinglass.spectra.levels.ensembles import ratio_density
from spinglass.spectra.levels.spacings import spacing_ratios
from spinglass.spectra.surfaces.gaussian_surface import sample_surface_hessian

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
