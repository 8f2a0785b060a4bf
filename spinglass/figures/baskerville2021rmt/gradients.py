"""Figure 3: the correlation of the gradients of a Gaussian process at a distance."""

import functools

import numpy as np

from spinglass.plotting.style import GREY, MARKERS, frame, line
from spinglass.spectra.surfaces.gaussian_surface import gradient_correlation

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
