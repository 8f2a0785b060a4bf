r"""Products and percolated ensembles: laws with an atom at 0, beside the Hessian of a network.

Granziol (2020), Beyond random matrix theory for deep networks.  The spectra of trained networks have most of their
mass next to 0 and a few large eigenvalues, which no semicircle has.  Matrices of deficient rank do: products of
rectangular matrices, with the atom :math:`1 - \min_l N_l/N_0`, and sparse ones, with the atom of a random graph.  For
the complexity this matters, because the fraction of negative eigenvalues of :math:`M + t` jumps at the atom.
"""

import functools

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import coo_array
from scipy.sparse.csgraph import structural_rank
from scipy.sparse.linalg import eigsh

from spinglass import networks
from spinglass.figures.recipe import Recipe
from spinglass.plotting.style import COLOURS, GREY, MARKERS, OBSERVED, THEORY, frame, line
from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.laws.percolated import PercolatedWigner
from spinglass.spectra.laws.products import WignerProduct, WishartProduct
from spinglass.spectra.laws.sparse import SparseWigner, SparseWishart
from spinglass.spectra.semicircle import Semicircle

ZERO = 1e-12  # of the largest |eigenvalue|: what is closer to 0 is 0


def without_rounding(eigenvalues):
    """Return the eigenvalues with those that vanish but for rounding set to 0."""
    return np.where(np.abs(eigenvalues) < ZERO * np.abs(eigenvalues).max(), 0.0, eigenvalues)


def zero_fraction(matrix):
    """Return the fraction of eigenvalues that are 0."""
    return np.mean(without_rounding(np.linalg.eigvalsh(matrix)) == 0)


# -- 1. laws beside the Hessian of a network ---------------------------------------------------------------------------

NAMES = ("semicircle", "Marchenko-Pastur", "2-fold product", "3-fold product", "sparse Wigner")


def matched(eigenvalues):
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
        np.sqrt(second) * SparseWigner(3 / (fourth / second**2 - 2), population=20_000),
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
    laws = matched(eigenvalues)
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


# -- 2. the atom of a product ------------------------------------------------------------------------------------------

FOLDS = ("1-fold", "2-fold", "3-fold", "Wigner inside")


def product(fold, narrow):
    """Return a law whose narrowest factor has N_l/N_0 = narrow; other factors are wider than N_0."""
    if fold == "Wigner inside":
        return WignerProduct(narrow)
    wider = {"1-fold": (), "2-fold": (0.8,), "3-fold": (0.5, 0.8)}[fold]
    return WishartProduct((*wider, 1 / narrow))


def product_atoms(fold, narrow, size):
    """Return the fraction of zeros of sampled products, and the atoms of the laws."""
    laws = [product(fold, x) for x in narrow]
    sampled = [zero_fraction(law.sample(size, rng=i)) for i, law in enumerate(laws)]
    return np.array([sampled, [sum(weight for _, weight in law.atoms) for law in laws]])


def batch_ranks(kind, sizes):
    """Return the fraction of zeros of the Gauss-Newton matrix of one batch of each size."""
    network = networks.digits(kind)
    return np.array([zero_fraction(network.gauss_newton(network.batches(int(b), 1, rng=0)[0])) for b in sizes])


def parameters(kind):
    """Return the number of parameters of a network."""
    return networks.digits(kind).size


def product_atom(quick):
    """Return zeros of products against the narrowest factor, and of Gauss-Newton matrices against the batch."""
    narrow = np.round(np.linspace(0.1, 1.5, 15), 6)
    sizes = np.array([4, 8, 16, 32, 48, 64, 80, 96, 128] if quick else [*range(2, 98, 4), 112, 128, 160])
    data: dict = {"narrow": narrow, "batch": sizes}
    for fold in FOLDS:
        data[f"atom {fold}"] = functools.partial(product_atoms, fold, narrow, 60 if quick else 400)
    for kind in ("logistic", "mlp"):
        data[f"zeros {kind}"] = functools.partial(batch_ranks, kind, sizes)
        data[f"parameters {kind}"] = functools.partial(parameters, kind)
    return data


def draw_product_atom(data, axes):
    """Draw sampled zeros on the line 1 - x, and those of networks on the line of their batches."""
    left, right = (frame(ax) for ax in axes[0])
    x = np.linspace(0, 1.6, 321)
    left.plot(x, np.maximum(1 - x, 0), label=r"$\max(0, 1 - x)$", color=THEORY)
    for i, fold in enumerate(FOLDS):
        # shown side by side, or they would hide each other
        style = {"markersize": 12 - 2.6 * i, "markerfacecolor": "none", "linestyle": "none"}
        left.plot(
            data["narrow"], data[f"atom {fold}"][0], MARKERS[i], color=COLOURS[1 + i], label=f"sampled, {fold}", **style
        )
    left.set(xlim=(0, 1.6), ylim=(-0.04, 1), xlabel=r"narrowest factor $x = \min_l N_l/N_0$", ylabel="atom at 0")
    left.set_title("products: fraction of zero eigenvalues", fontsize="medium")
    for i, (kind, name) in enumerate((("logistic", "logistic regression"), ("mlp", "perceptron"))):
        size = float(data[f"parameters {kind}"])
        b = np.linspace(0, data["batch"][-1], 401)
        bound = np.maximum(1 - 9 * b / size, 0)
        right.plot(b, bound, label=f"$\\max(0, 1 - 9b/{size:.0f})$", color=THEORY, linestyle="-:"[i])
        marks = {"color": OBSERVED, "linestyle": "none", "markersize": 5}
        right.plot(data["batch"], data[f"zeros {kind}"], MARKERS[i], label=name, **marks)
    right.set(xlim=(0, data["batch"][-1] + 2), ylim=(-0.04, 1), xlabel="batch size $b$", ylabel="fraction of zeros")
    right.set_title("Gauss-Newton matrices of digits, rank at most $9b$", fontsize="medium")
    for ax in (left, right):
        ax.legend(frameon=False, loc="upper right")


# -- 3. the atom of a sparse matrix ------------------------------------------------------------------------------------

RATIOS = {"Wigner": None, "Wishart 1": 1.0, "Wishart 2": 2.0}  # n/m


def sparse_law(name, degree):
    """Return the law of a sparse Wigner matrix, or of a sparse X X^T with the ratio n/m of X."""
    ratio = RATIOS[name]
    return SparseWigner(degree) if ratio is None else SparseWishart(degree, ratio)


def entries(rows, columns, degree, rng):
    """Return rows and columns of the entries of a sparse matrix of mean degree per row, all independent."""
    count = rng.binomial(rows * columns, degree / columns)
    return np.divmod(rng.choice(rows * columns, count, replace=False, shuffle=False), columns)


def graph(name, n, degree, rng):
    """Return a sparse matrix with n rows and normal entries: symmetric for Wigner, X for Wishart."""
    ratio = RATIOS[name]
    m = n if ratio is None else round(n / ratio)
    i, j = entries(n, m, degree, rng)
    if ratio is None:
        i, j = i[i < j], j[i < j]
    weights = rng.standard_normal(len(i)) / np.sqrt(degree)
    matrix = coo_array((weights, (i, j)), shape=(n, m)).tocsr()
    return matrix + matrix.T if ratio is None else matrix


def matched_atoms(name, degrees, n):
    """Return 1 - rank/n of large graphs: the rank at generic weights is the size of the largest matching."""
    ranks = [structural_rank(graph(name, n, c, np.random.default_rng(i))) for i, c in enumerate(degrees)]
    return 1 - np.array(ranks) / n


def sparse_zeros(name, degrees, n, draws):
    """Return the mean fraction of zero eigenvalues of sampled matrices and its standard error, rows."""
    found = [
        [zero_fraction(sparse_law(name, c).sample(n, rng=s)) for s in np.random.SeedSequence(i).spawn(draws)]
        for i, c in enumerate(degrees)
    ]
    return np.array([np.mean(found, axis=1), np.std(found, axis=1, ddof=1) / np.sqrt(draws)])


def sparse_atom(quick):
    """Return atoms against the mean degree: formulas, largest matchings, eigenvalues."""
    c, places = np.linspace(0.1, 6, 119), np.array([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0])
    data: dict = {"c": c, "c sampled": places}
    for name in RATIOS:
        data[f"atom {name}"] = np.array([sum(w for _, w in sparse_law(name, x).atoms) for x in c])
        data[f"matching {name}"] = functools.partial(matched_atoms, name, places, 20_000 if quick else 400_000)
        data[f"zeros {name}"] = functools.partial(sparse_zeros, name, places, 200, 4 if quick else 100)
    return data


def draw_sparse_atom(data, axes):
    """Draw formulas as lines, samples as marks."""
    ax = frame(axes[0, 0])
    labels = ("Wigner", r"Wishart, $n/m = 1$", r"Wishart, $n/m = 2$")
    for i, (name, label) in enumerate(zip(RATIOS, labels, strict=True)):
        ax.plot(data["c"], data[f"atom {name}"], label=label, **line(1 + i))
        ax.plot(data["c sampled"], data[f"matching {name}"], "o", color=line(1 + i)["color"], markersize=4)
        mean, error = data[f"zeros {name}"]
        style = {"fmt": "x", "color": line(1 + i)["color"], "markersize": 8, "elinewidth": 0.8}
        ax.errorbar(data["c sampled"], mean, error, **style)
    ax.plot(data["c"], np.exp(-data["c"]), color=GREY, linewidth=1.0, label=r"empty rows $e^{-c}$")
    ax.plot([np.nan], [np.nan], "o", color=GREY, markersize=4, label="largest matching")
    ax.plot([np.nan], [np.nan], "x", color=GREY, markersize=8, label="eigenvalues, $n = 200$")
    ax.set(xlim=(0, 6), ylim=(0, 1), xlabel="mean degree of a row $c$", ylabel="atom at 0")
    ax.set_title("sparse matrices: fraction of zero eigenvalues", fontsize="medium")
    ax.legend(frameon=False, loc="upper right")


# -- 4. what is left of the layers -------------------------------------------------------------------------------------

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


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "granziol2020-1",
        "laws beside the Hessian of a network",
        beside_a_network,
        draw_beside_a_network,
        2,
        3,
        (13, 7.5),
    ),
    Recipe("granziol2020-2", "atom of a product", product_atom, draw_product_atom, 1, 2, (10.0, 4.2)),
    Recipe("granziol2020-3", "atom of a sparse matrix", sparse_atom, draw_sparse_atom),
    Recipe("granziol2020-4", "index fraction of four laws", layers, draw_layers, 1, 3, (14.0, 4.2)),
)
