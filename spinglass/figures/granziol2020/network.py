"""Figure 1: laws with the moments of the Hessian of a network, beside it."""

import numpy as np

from spinglass import networks
from spinglass.figures.granziol2020.zeros import without_rounding
from spinglass.plotting.style import OBSERVED, THEORY, frame
from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.laws.products import WishartProduct
from spinglass.spectra.laws.sparse import SparseWigner
from spinglass.spectra.semicircle import Semicircle

NAMES = ("semicircle", "Marchenko-Pastur", "2-fold product", "3-fold product", "sparse Wigner")


def matched(eigenvalues, population=20_000):
    r"""Return the laws by name, each with the first two moments of the eigenvalues; sparse: second and fourth.

    A product of L factors has :math:`m_2/m_1^2 = 1 + \sum c_l`, here with equal :math:`c_l`; a sparse Wigner matrix
    :math:`m_4/m_2^2 = 2 + 3/c` and mean 0.
    """
    mean, second, fourth = (np.mean(eigenvalues**k) for k in (1, 2, 4))
    ratio = second / mean**2 - 1
    laws = (
        Semicircle(second - mean**2, mean),
        mean * MarchenkoPastur(ratio),
        mean * WishartProduct((ratio / 2,) * 2),
        mean * WishartProduct((ratio / 3,) * 3),
        np.sqrt(second) * SparseWigner(3 / (fourth / second**2 - 2), population=population),
    )
    return dict(zip(NAMES, laws, strict=True))


def distances(eigenvalues, law):
    """Return the Kolmogorov-Smirnov and the Wasserstein distance from a law: sup and integral of |F - F_n|."""
    values = np.sort(np.ravel(eigenvalues))
    atoms = dict(law.atoms)
    grid = np.concatenate([np.linspace(low, high, 400) for low, high in law.support])
    x = np.unique(np.concatenate([grid, values, list(atoms)]))
    steps = np.searchsorted(values, x, "right") / len(values)
    before = np.searchsorted(values, x, "left") / len(values)
    at = law.cdf(x)
    left = at - np.array([atoms.get(place, 0.0) for place in x])
    above, below = at - steps, left - before
    # between two places the difference is nearly linear, from a to b, and may change its sign
    a, b = above[:-1], below[1:]
    reach = np.maximum(np.abs(a) + np.abs(b), 1e-300)
    area = np.where(a * b < 0, (a * a + b * b) / reach, reach) / 2
    return np.array([max(np.abs(above).max(), np.abs(below).max()), area @ np.diff(x)])


def hessian_eigenvalues(seed):
    """Return the eigenvalues of the Hessian of a trained perceptron over all training images."""
    return without_rounding(networks.digits("mlp", seed=seed).eigenvalues())


def beside_a_network(quick):
    """Return the histogram of Hessian eigenvalues, that of every matched law, and their distances."""
    eigenvalues = np.array([hessian_eigenvalues(seed) for seed in range(1 if quick else 6)])
    laws = matched(eigenvalues, 8000 if quick else 20_000)
    width = np.ptp(eigenvalues) / 70
    # all but the sparse law, whose tails have no end
    bounded = [law.support for name, law in laws.items() if name != "sparse Wigner"]
    low, high = (pick([pick(eigenvalues), *map(pick, bounded)]) for pick in (np.min, np.max))
    # 0, where atoms are, is the middle of a bin
    edges = width * np.arange(np.floor(low / width) - 0.5, np.ceil(high / width) + 1)
    data = {"edges": edges, "eigenvalues": eigenvalues, "deviation": eigenvalues.std()}
    for name, law in laws.items():
        data[f"density {name}"] = np.diff(law.cdf(edges)) / width
        data[f"atom {name}"] = sum(weight for _, weight in law.atoms)
        data[f"distances {name}"] = distances(eigenvalues, law)
    return data


def draw_beside_a_network(data, axes):
    """Draw one panel per law, averaged over the bins of the histogram, and the distances."""
    edges, eigenvalues = data["edges"], data["eigenvalues"].ravel()
    sampled = np.histogram(eigenvalues, edges)[0] / len(eigenvalues) / np.diff(edges)
    least = 0.5 / data["eigenvalues"].size / np.diff(edges)[0]
    most = 2 * max(sampled.max(), *(data[f"density {name}"].max() for name in NAMES))
    for ax, name in zip(axes.ravel(), NAMES, strict=False):
        frame(ax)
        bars = {"fill": True, "color": OBSERVED, "alpha": 0.45, "label": "Hessian of a network"}
        ax.stairs(np.maximum(sampled, least), edges, baseline=least, **bars)
        law = np.maximum(data[f"density {name}"], least)
        ax.stairs(law, edges, baseline=least, color=THEORY, linewidth=1.2, label="law with its moments")
        atom = data[f"atom {name}"]
        ax.set_title(f"{name}, atom {atom:.2f}" if atom else f"{name}, no atom", fontsize="medium")
        ax.set(yscale="log", ylim=(least, most), xlim=(edges[0], edges[-1]), xlabel=r"eigenvalue $\lambda$")
    for row in axes:
        row[0].set_ylabel("density, mean over a bin")
    axes[0, 0].legend(frameon=False, loc="upper right", fontsize="small")
    draw_distances(data, frame(axes[-1, -1]))


def draw_distances(data, ax):
    """Draw both distances of every law, one row per law with its name above."""
    found = np.array([data[f"distances {name}"] for name in NAMES])
    rows = np.arange(len(NAMES))
    marks = {"linestyle": "none", "color": OBSERVED, "markersize": 6}
    ax.plot(found[:, 0], rows, "o", label="Kolmogorov-Smirnov", **marks)
    ax.plot(
        found[:, 1] / data["deviation"], rows, "D", label="Wasserstein / deviation", markerfacecolor="white", **marks
    )
    for row, name in zip(rows, NAMES, strict=True):
        ax.annotate(name, (0.02, row), (0, 7), textcoords="offset points", fontsize="small")
    ax.set(ylim=(len(NAMES) - 0.4, -1.7), xlim=(0, 1), yticks=[], xlabel="distance of the network from the law")
    ax.set_ylabel("law")
    ax.set_title("products: the deeper, the nearer", fontsize="medium")
    ax.legend(frameon=False, loc="upper right", fontsize="small")
