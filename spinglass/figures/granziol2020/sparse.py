"""Figure 3: the atom of a sparse matrix is what the largest matching of its graph leaves out."""

import functools

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import structural_rank

from spinglass.figures.granziol2020.zeros import zero_fraction
from spinglass.plotting.style import GREY, frame, line
from spinglass.spectra.laws.sparse import SparseWigner, SparseWishart

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
