"""Figure 4: which layers of the index are left for laws other than the semicircle."""

import functools

import numpy as np
from scipy.linalg import eigh
from scipy.sparse.linalg import eigsh

from spinglass.figures.granziol2020.sparse import graph
from spinglass.figures.granziol2020.zeros import without_rounding
from spinglass.plotting.style import GREY, MARKERS, frame, line
from spinglass.spectra.laws.percolated import PercolatedWigner
from spinglass.spectra.laws.products import WignerProduct
from spinglass.spectra.laws.sparse import SparseWigner
from spinglass.spectra.semicircle import Semicircle

DEGREE = 3.0
#: Symmetric laws of second moment 1.
LAYERED = {
    "semicircle": Semicircle(1.0),
    "product": WignerProduct(0.5) * np.sqrt(2),
    "percolated": PercolatedWigner(0.5, 4.0),
    "sparse": SparseWigner(DEGREE),
}


def index_fraction(name, t, population=2000):
    """Return the fraction of negative eigenvalues of M + t, those that are 0 left out."""
    law = SparseWigner(DEGREE, population) if name == "sparse" else LAYERED[name]
    return law.cdf(-t) - np.where(t == 0, sum(weight for _, weight in law.atoms), 0.0)


def lowest_eigenvalues(name, sizes, draws):
    """Return the mean lowest eigenvalue of sampled matrices of each size and its standard error, rows."""
    found = np.empty((len(sizes), draws))
    for i, n in enumerate(sizes):
        for j, stream in enumerate(np.random.SeedSequence(i).spawn(draws)):
            rng = np.random.default_rng(stream)
            if name == "sparse":
                matrix = graph("Wigner", int(n), DEGREE, rng)
                start = rng.standard_normal(n)
                found[i, j] = eigsh(matrix, 1, which="SA", v0=start, return_eigenvectors=False, tol=1e-6)[0]
            else:
                matrix = LAYERED[name].sample(int(n), rng)
                found[i, j] = eigh(matrix, eigvals_only=True, subset_by_index=[0, 0])[0]
    return np.array([found.mean(axis=1), found.std(axis=1, ddof=1) / np.sqrt(draws)])


def sampled_index(name, t, n):
    """Return the fraction of negative eigenvalues of M + t of one sampled matrix."""
    eigenvalues = without_rounding(np.linalg.eigvalsh(LAYERED[name].sample(n, rng=2020)))
    return np.searchsorted(np.sort(eigenvalues), -t, "left") / n


def layers(quick):
    """Return the index fraction against t, its growth at the edge, and lowest eigenvalues against the size."""
    t, places = np.round(np.linspace(-4, 4, 161 if quick else 801), 6), np.round(np.linspace(-3.6, 3.6, 25), 6)
    near, population = np.logspace(-3, 0, 31), 400 if quick else 2000
    data: dict = {"t": t, "t sampled": places, "distance": near}
    for name, law in LAYERED.items():
        data[f"atom {name}"] = sum(weight for _, weight in law.atoms)
        data[f"index {name}"] = functools.partial(index_fraction, name, t, population)
        data[f"sampled {name}"] = functools.partial(sampled_index, name, places, 400 if quick else 2000)
        most, draws = ((7, 16) if quick else (11, 40)) if name == "sparse" else ((4, 6) if quick else (5, 40))
        sizes = 50 * 2 ** np.arange(1, most + 1)
        data[f"sizes {name}"] = sizes
        data[f"lowest {name}"] = functools.partial(lowest_eigenvalues, name, sizes, draws)
        if name != "sparse":
            data[f"edge {name}"] = law.support[0, 0]
            data[f"growth {name}"] = law.cdf(law.support[0, 0] + near)
    return data


def draw_layers(data, axes):
    """Draw the index fraction, its 3/2 law and the edges."""
    left, middle, right = (frame(ax) for ax in axes[0])
    for i, name in enumerate(LAYERED):
        curve = data[f"index {name}"]
        left.plot(data["t"], curve, label=name, **line(1 + i))
        marks = {"color": line(1 + i)["color"], "linestyle": "none", "markersize": 5, "markerfacecolor": "none"}
        left.plot(data["t sampled"], data[f"sampled {name}"], MARKERS[i], **marks)
        mean, error = data[f"lowest {name}"]
        right.errorbar(data[f"sizes {name}"], mean, error, marker=MARKERS[i], label=name, **line(1 + i, linewidth=1.0))
        if name != "sparse":
            middle.plot(data["distance"], data[f"growth {name}"], label=name, **line(1 + i))
            right.axhline(data[f"edge {name}"], color=line(1 + i)["color"], linewidth=0.6)
    law = 2 / (3 * np.pi) * data["distance"] ** 1.5
    middle.plot(
        data["distance"], law, color=GREY, linewidth=4, alpha=0.5, zorder=0, label=r"$\frac{2}{3\pi}(2 - t)^{3/2}$"
    )
    left.set(
        xlim=(-4, 4), ylim=(-0.02, 1.02), xlabel="level $t$", ylabel=r"fraction of negative eigenvalues $\alpha(t)$"
    )
    left.set_title("index of $M + t$; marks: one sampled matrix", fontsize="medium")
    middle.set(xscale="log", yscale="log", xlim=(1e-3, 1), xlabel="distance from the edge")
    middle.set_ylabel(r"fraction of negative eigenvalues $\alpha$")
    middle.set_title("growth of the index at the edge", fontsize="medium")
    right.set(xscale="log", ylim=(-4.6, -1.7), xlabel="size $N$", ylabel=r"mean lowest eigenvalue $\lambda_{\min}$")
    right.set_title("lowest eigenvalue; thin lines: edges of the laws", fontsize="medium")
    left.legend(frameon=False, loc="lower left")
    middle.legend(frameon=False, loc="upper left")
    right.legend(frameon=False, loc="lower left", ncols=2)
