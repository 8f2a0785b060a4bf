r"""Figure 1: place and eigenvector of an outlier against its spike, for three laws of the noise.

All three have mean 0 and variance 1, so that :math:`\Omega = \theta + 1/\theta + \kappa_3/\theta^2 + \dots` differs by
their skewness.  Of a Wigner or a Wishart matrix the entries are drawn; the third noise is given by its eigenvalues,
skewed to the left, and random orthogonal eigenvectors.  A sample holds all spikes at once: the j-th largest eigenvalue
belongs to the j-th spike, and without an outlier it lies a little below the edge of the bulk.
"""

import functools

import numpy as np
from scipy.sparse.linalg import eigsh

from spinglass.plotting.style import COLOURS, GREY, frame, line
from spinglass.spectra import MarchenkoPastur, Semicircle
from spinglass.spectra.laws.products import WishartProduct
from spinglass.spectra.noise.outliers import outlier, outlier_overlap

SIZE = 800
SPIKES = np.array([4.0, 3.0, 2.25, 1.75, 1.25, 0.75])
NOISES = {
    "centred Wishart": MarchenkoPastur(0.5, 2**0.5) - 2**0.5,
    "Wigner": Semicircle(),
    "skewed to the left": 1.0 - 1.0 * WishartProduct((0.5, 0.5)),
}
MARKERS = "osD"


def noise(name, n, rng):
    """Draw a noise matrix of size n."""
    law = NOISES[name]
    if name != "skewed to the left":
        return law.sample(n, rng)
    vectors, triangle = np.linalg.qr(rng.standard_normal((n, n)))
    vectors *= np.sign(np.diag(triangle))  # makes them uniform on the orthogonal group
    return (vectors * law.quantile((np.arange(n) + 0.5) / n)) @ vectors.T


def sampled(name, draws):
    """Return the largest eigenvalues and the squared overlaps with their spikes, shape (2, draws, spikes)."""
    rows = []
    for stream in np.random.SeedSequence(2022).spawn(draws):
        rng = np.random.default_rng(stream)
        matrix = noise(name, SIZE, rng)
        place = np.arange(len(SPIKES))
        matrix[place, place] += SPIKES
        values, vectors = eigsh(matrix, k=len(SPIKES), which="LA", v0=rng.standard_normal(SIZE))
        order = np.argsort(values)[::-1]
        rows.append((values[order], vectors[place, order] ** 2))
    return np.moveaxis(np.array(rows), 0, 1)


def outliers(quick):
    """Return outliers and overlaps against the spike: formulas and samples."""
    theta = np.linspace(0.3, 4.2, 79 if quick else 391)
    data: dict = {"theta": theta, "theta sampled": SPIKES}
    for name, law in NOISES.items():
        data[f"outlier {name}"] = functools.partial(outlier, theta, law)
        data[f"overlap {name}"] = functools.partial(outlier_overlap, theta, law)
        data[f"sampled {name}"] = functools.partial(sampled, name, 4 if quick else 40)
    return data


def draw_outliers(data, axes):
    """Draw places on the left, overlaps on the right."""
    left, right = (frame(ax) for ax in axes[0])
    for i, name in enumerate(NOISES):
        marks = {"fmt": MARKERS[i], "color": COLOURS[1 + i], "markersize": 5, "elinewidth": 0.8, "capsize": 2}
        for ax, quantity, drawn in zip(axes[0], ("outlier", "overlap"), data[f"sampled {name}"], strict=True):
            ax.plot(data["theta"], data[f"{quantity} {name}"], label=name, **line(1 + i))
            ax.errorbar(data["theta sampled"], drawn.mean(axis=0), drawn.std(axis=0, ddof=1), **marks)
    left.plot(data["theta"], data["theta"], color=GREY, linewidth=0.8, label="no noise")
    left.set(ylim=(0, None), ylabel=r"largest eigenvalue $\Omega(\theta)$")
    left.set_title(rf"formula (lines), samples of size {SIZE} (marks)", fontsize="medium")
    right.set(ylim=(-0.03, 1), ylabel=r"overlap with the spike's vector $|\langle v, u\rangle|^2$")
    right.set_title("no overlap: the outlier has reached the bulk", fontsize="medium")
    for ax in (left, right):
        ax.set(xlim=(data["theta"][0], data["theta"][-1]), xlabel=r"spike $\theta$ (standard deviations of the noise)")
        ax.legend(frameon=False, loc="lower right")
