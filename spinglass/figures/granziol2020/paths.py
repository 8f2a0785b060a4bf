r"""Figure 5: ways of low loss between two minima, and the kernel of the Hessian at them.

Two trainings from different starts end at w and w'.  Hidden units of tanh can be permuted and their signs turned
without any change of the outputs: the alignment of w' to w that makes :math:`|w - w'|` smallest is an assignment
problem.  A quadratic Bezier curve :math:`(1-t)^2 w + 2t(1-t)c + t^2w'` has one free point c, found by a descent of its
mean loss.  The loss is that which the training lowers, cross-entropy and :math:`\tfrac{\lambda}{2}|w|^2`, so that the
ends are minima of it; the barrier is the largest loss on the way above the larger one of the ends.
"""

import functools

import numpy as np
from scipy.optimize import linear_sum_assignment, minimize

from spinglass.networks import Network, split
from spinglass.networks.perceptron import random_parameters
from spinglass.networks.training.descent import minimise
from spinglass.plotting.style import COLOURS, frame, line

WIDTHS = (2, 3, 5, 9, 16, 30)
WAYS = ("straight", "aligned", "curved")
DECAY = 1e-3
PLACES = np.linspace(0, 1, 21)
KERNEL = 1e-4  # eigenvalues below this share of the largest count as flat


def minimum(hidden, seed, examples, steps):
    """Return a perceptron trained on some of the digits, the same for every seed."""
    pixels, labels = (one[:examples] for one in split(0)[0])
    start = random_parameters(pixels.shape[1], hidden, labels.shape[1], bias=True, rng=seed)
    return minimise(Network(start, pixels, labels, hidden, criterion="entropy", bias=True), DECAY, steps)


def aligned(network, other):
    """Return the parameters of ``other`` with its hidden units so ordered and signed as is nearest to ``network``."""
    mine, theirs = units(network), units(other)
    products = mine @ theirs.T
    rows, columns = linear_sum_assignment(-np.abs(products))
    turned = np.sign(products[rows, columns])[:, None] * theirs[columns]
    inputs = network.inputs.shape[1] + 1
    outer = other.parameters[network.hidden * inputs :].reshape(-1, network.hidden + 1)[:, -1]
    last = np.column_stack([turned[:, inputs:].T, outer])
    return np.concatenate([turned[:, :inputs].ravel(), last.ravel()])


def units(network):
    """Return the weights into and out of every hidden unit, one row each."""
    inputs = network.inputs.shape[1] + 1
    first = network.parameters[: network.hidden * inputs].reshape(network.hidden, inputs)
    last = network.parameters[network.hidden * inputs :].reshape(-1, network.hidden + 1)
    return np.hstack([first, last[:, :-1].T])


def loss_and_gradient(network, w):
    """Return what the training lowers."""
    loss, gradient = network.at(w).loss_and_gradient()
    return loss + DECAY / 2 * (w @ w), gradient + DECAY * w


def losses(network, curve):
    """Return the loss at PLACES of a curve."""
    return np.array([loss_and_gradient(network, curve(t))[0] for t in PLACES])


def bezier(network, start, end, steps):
    """Return the quadratic Bezier curve of least mean loss, from the straight one on."""
    inner = PLACES[2:-1:4]

    def point(middle, t):
        return (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end

    def mean(middle):
        found = [(loss_and_gradient(network, point(middle, t)), 2 * t * (1 - t)) for t in inner]
        return np.mean([one[0] for one, _ in found]), np.mean([share * one[1] for one, share in found], axis=0)

    middle = minimize(mean, (start + end) / 2, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x
    return functools.partial(point, middle)


def pair(hidden, seed, examples, steps, bends):
    """Return the losses along WAYS (one row each), and the flat share of the Hessian at one end, in a last row."""
    one, other = (minimum(hidden, 2 * seed + k, examples, steps) for k in range(2))
    start, end, near = one.parameters, other.parameters, aligned(one, other)

    def straight(t, goal):
        return (1 - t) * start + t * goal

    curves = (lambda t: straight(t, end), lambda t: straight(t, near), bezier(one, start, near, bends))
    eigenvalues = one.eigenvalues()
    flat = np.mean(np.abs(eigenvalues) < KERNEL * eigenvalues[-1])
    return np.vstack([*(losses(one, curve) for curve in curves), np.full(len(PLACES), flat)])


def paths(quick):
    """Return losses along ways between pairs of minima, by the number of hidden units."""
    widths, pairs, sizes = (WIDTHS[::2], 1, (200, 60, 15)) if quick else (WIDTHS, 6, (1347, 1000, 100))
    data: dict = {"widths": np.array(widths), "t": PLACES, "pairs": pairs}
    for width in widths:
        for seed in range(pairs):
            data[f"{width} {seed}"] = functools.partial(pair, width, seed, *sizes)
    return data


def barriers(data):
    """Return barriers by way, shape (ways, widths, pairs), and flat shares, shape (widths, pairs)."""
    rows = np.array([[data[f"{width} {seed}"] for seed in range(data["pairs"])] for width in data["widths"]])
    ways = rows[:, :, :-1]
    high = ways.max(axis=-1) - np.maximum(ways[..., 0], ways[..., -1])
    return np.moveaxis(high, -1, 0), rows[:, :, -1, 0]


def draw_paths(data, axes):
    """Draw losses along the ways of one pair, barriers against width and against the flat share."""
    left, middle, right = (frame(ax) for ax in axes[0])
    width = data["widths"][len(data["widths"]) // 2]
    for i, (way, row) in enumerate(zip(WAYS, data[f"{width} 0"], strict=False)):
        left.plot(data["t"], row, label=way, **line(1 + i))
    left.set(xlabel="place on the way $t$", ylabel="loss (nats)", ylim=(0, None), xlim=(0, 1))
    left.set_title(f"{width} hidden units, one pair", fontsize="medium")
    left.legend(frameon=False)
    high, flat = barriers(data)
    for i, (way, rows) in enumerate(zip(WAYS, high, strict=True)):
        style = {"color": COLOURS[1 + i], "linestyle": "none", "marker": "osD"[i], "markersize": 4}
        middle.plot(data["widths"], np.maximum(rows.mean(axis=1), 1e-4), label=way, **line(1 + i, marker="osD"[i]))
        right.plot(flat.ravel(), np.maximum(rows.ravel(), 1e-4), **style)
    middle.set(xscale="log", yscale="log", xlabel="hidden units", ylabel="barrier (nats)")
    middle.set_xticks(data["widths"], [str(width) for width in data["widths"]])
    middle.set_xticks([], minor=True)
    middle.set_title("mean over pairs", fontsize="medium")
    middle.legend(frameon=False)
    right.set(yscale="log", xlabel=f"share of eigenvalues below {KERNEL:g} of the largest", ylabel="barrier (nats)")
    right.set_title("every pair", fontsize="medium")
