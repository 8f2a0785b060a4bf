"""Figure 2: the atom of a product of random matrices is what its narrowest factor leaves out."""

import functools

import numpy as np

from spinglass import networks
from spinglass.figures.granziol2020.zeros import zero_fraction
from spinglass.plotting.style import COLOURS, MARKERS, OBSERVED, THEORY, frame
from spinglass.spectra.laws.products import WignerProduct, WishartProduct

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
