r"""Figure 7: the atom at 0 of networks with a bottleneck.

A deep linear network :math:`f(x) = W_L \cdots W_1 x = Ax` of the narrowest width r, those of inputs and outputs among
them, has the Gauss-Newton matrix :math:`D^T (1 \otimes \Sigma) D` for squares, with :math:`\Sigma` the second moments
of the inputs and D the differential of :math:`W \mapsto A`.  If the inputs span their space it has the rank of D.  At
generic weights A is a smooth point of the matrices of rank at most r.  :math:`dW_1` reaches all matrices with the
columns of A, :math:`dW_L` those with the rows of A, and other layers nothing else: together the tangent space,

.. math:: \operatorname{rank} = r (d_0 + d_L - r), \qquad \text{atom} = 1 - \frac{r (d_0 + d_L - r)}{P} ,

which for one narrow hidden layer is :math:`r/(d_0 + d_L)` (derived here).  The atom of a product of random matrices,
:math:`\max(0, 1 - r/d_0)`, is that of :math:`A^T A`, a matrix on inputs and not on parameters.  Without weights to
spare, units of tanh leave no exact zeros; for small inputs they are linear.
"""

import functools
from itertools import pairwise

import numpy as np

from spinglass import networks
from spinglass.networks.training.descent import minimise
from spinglass.plotting.style import COLOURS, GREY, MARKERS, THEORY, frame, line

INPUTS, OUTPUTS, WIDE = 16, 10, 20
SHAPES = {"r": (None,), f"r, {WIDE}": (None, WIDE), f"{WIDE}, r": (WIDE, None)}
CUTS = (1e-2, 1e-4, 1e-6)  # eigenvalues below these shares of the largest are counted
ZERO = 1e-10
SCALES = np.geomspace(1e-3, 3, 8)
DECAY = 1e-3


def narrow(shape, r):
    """Return the widths of hidden layers."""
    return tuple(r if width is None else width for width in SHAPES[shape])


def exact_atom(hidden, d=INPUTS, outputs=OUTPUTS):
    """Return 1 - r (d_0 + d_L - r)/P of a linear network."""
    widths = (d, *hidden, outputs)
    r = min(widths)
    return 1 - r * (d + outputs - r) / sum(a * b for a, b in pairwise(widths))


@functools.lru_cache(maxsize=4)
def whitened(examples, scale=1.0):
    """Return digits reduced to their first principal components, of this deviation each, with squares for a loss."""
    pixels, labels = networks.data.digits().train
    parts, _, _ = np.linalg.svd(pixels[:examples] - pixels[:examples].mean(axis=0), full_matrices=False)
    inputs = scale * np.sqrt(examples) * parts[:, :INPUTS]
    return networks.Data((inputs, labels[:examples] - labels[:examples].mean(axis=0)))


def spectrum(network, matrix="gauss_newton"):
    """Return sizes of the eigenvalues over that of the largest."""
    found = np.abs(np.linalg.eigvalsh(getattr(network, matrix)()))
    return found / found.max()


def product(network):
    """Return the matrix A of a linear network: its outputs are linear in inputs."""
    return np.linalg.lstsq(network.inputs, network.outputs(), rcond=None)[0].T


def linear_atoms(shape, widths, examples):
    """Return by width the fractions of zeros of the Gauss-Newton matrix and of A^T A, at random weights."""
    found = []
    for i, r in enumerate(widths):
        network = networks.mlp(whitened(examples), narrow(shape, r), "linear", bias=False, rng=i)
        singular = np.linalg.svd(product(network), compute_uv=False)
        rank = np.sum(singular > np.sqrt(ZERO) * singular[0])
        found.append([np.mean(spectrum(network) < ZERO), 1 - rank / INPUTS])
    return np.array(found)


def curved(r, seed, examples, steps):
    """Return shares below CUTS of a tanh network: rows untrained and trained, Gauss-Newton matrix and Hessian."""
    start = networks.mlp(whitened(examples), (r,), "tanh", bias=False, rng=seed)
    found = [
        [np.mean(spectrum(network, matrix) < cut) for cut in CUTS]
        for network in (start, minimise(start, DECAY, steps))
        for matrix in ("gauss_newton", "hessian")
    ]
    return np.reshape(found, (2, 2, len(CUTS)))


def scaled(r, examples):
    """Return shares below CUTS of the Gauss-Newton matrix of a tanh network at random weights, by scale of inputs."""
    made = [networks.mlp(whitened(examples, float(scale)), (r,), "tanh", bias=False, rng=0) for scale in SCALES]
    return np.array([[np.mean(spectrum(network) < cut) for cut in CUTS] for network in made])


def bottleneck(quick):
    """Return atoms of linear networks by the width r of the bottleneck, and small eigenvalues of tanh networks."""
    widths = np.array([1, 2, 4, 8, 12]) if quick else np.arange(1, 21)
    curved_widths = np.array([1, 4, 8]) if quick else np.array([1, 2, 4, 6, 8, 10, 14, 20])
    examples, steps, seeds = (60, 40, 1) if quick else (300, 300, 3)
    data: dict = {"widths": widths, "tanh widths": curved_widths, "seeds": seeds}
    for shape in SHAPES:
        data[f"linear {shape}"] = functools.partial(linear_atoms, shape, widths, 60 if quick else 200)
    for r in curved_widths:
        for seed in range(seeds):
            data[f"tanh {r} {seed}"] = functools.partial(curved, int(r), seed, examples, steps)
    data["scaled"] = functools.partial(scaled, 4, examples)
    return data


def by_width(data):
    """Return means over seeds and standard errors, each of shape (widths, trained, matrix, cut)."""
    seeds = int(data["seeds"])
    found = np.array([[data[f"tanh {r} {seed}"] for seed in range(seeds)] for r in data["tanh widths"]])
    return found.mean(axis=1), found.std(axis=1, ddof=int(seeds > 1)) / np.sqrt(seeds)


def draw_bottleneck(data, axes):
    """Draw exact atoms and sampled ones, tanh networks, and how these become linear."""
    left, middle, right = (frame(ax) for ax in axes[0])
    r = np.arange(1, 21)
    for i, shape in enumerate(SHAPES):
        exact = [exact_atom(narrow(shape, one)) for one in r]
        left.plot(r, exact, label=f"hidden widths {shape}", **line(1 + i, linewidth=1.2))
        left.plot(data["widths"], data[f"linear {shape}"][:, 0], MARKERS[i], color=COLOURS[1 + i], markersize=4)
    left.plot(r, 1 - np.minimum(r, OUTPUTS) / INPUTS, color=GREY, linewidth=2, label="atom of a product")
    marks = {"color": GREY, "linestyle": "none", "markersize": 6}
    left.plot(data["widths"], data["linear r"][:, 1], "x", label=r"$A^T A$, on inputs", **marks)
    left.set_title("linear networks; marks: eigenvalues", fontsize="medium")
    draw_curved(data, middle, r)
    for ax in (left, middle):
        ax.set(xlabel="width of the bottleneck $r$", xlim=(0, 20.5), ylim=(-0.02, 1.5))
        ax.set_xticks(np.arange(0, 21, 5))
        ax.set_yticks(np.linspace(0, 1, 6))
    for i, cut in enumerate(CUTS):
        right.plot(SCALES, data["scaled"][:, i], label=below(cut), **line(1 + i, marker=MARKERS[i], markersize=4))
    right.axhline(exact_atom((4,)), color=THEORY, linewidth=1, label="linear, exact")
    right.set(xscale="log", ylim=(-0.01, 0.35), xlabel="deviation of the inputs", ylabel="fraction of eigenvalues")
    right.set_title("tanh, $r = 4$, random weights", fontsize="medium")
    left.set_ylabel("fraction of zero eigenvalues")
    middle.set_ylabel("fraction of eigenvalues")
    for ax in (left, middle, right):
        ax.legend(frameon=False, loc="upper right", fontsize="small")


def draw_curved(data, ax, r):
    """Draw small eigenvalues of Gauss-Newton matrices of tanh networks, untrained and trained."""
    mean, error = by_width(data)
    for i, name in enumerate(("untrained", "trained")):
        for j, cut in enumerate(CUTS[:2]):
            style = line(1 + 2 * i + j, linewidth=1.2, marker=MARKERS[2 * i + j], markersize=4)
            label = f"{name}, {below(cut)}"
            ax.errorbar(data["tanh widths"], mean[:, i, 0, j], error[:, i, 0, j], label=label, **style)
    ax.plot(r, [exact_atom((one,)) for one in r], color=THEORY, linewidth=1, label="linear, exact")
    ax.set_title("tanh networks, one hidden layer", fontsize="medium")


def below(cut):
    """Return words for a cut."""
    return f"below $10^{{{round(np.log10(cut))}}}$"
