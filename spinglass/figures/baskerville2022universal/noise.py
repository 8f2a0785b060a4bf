r"""Figure 5: what the noise of batch Hessians is, measured, beside the model in which it is free.

A batch of b out of m examples has the Hessian :math:`H + N`, N the mean of b of the matrices
:math:`h_x - H`.  Exactly, with :math:`1/b' = (1/b - 1/m)\,m/(m - 1)` for batches without replacement,

.. math::  E(v_i^T N v_j)^2 = S_{ij}/b', \qquad S_{ij} = \frac1m \sum_x (v_i^T(h_x - H)v_j)^2,

v the eigenvectors of H, and :math:`\operatorname{tr} E N^3 = b^{-2} \operatorname{tr} E (h_x - H)^3` for independent
examples.  The model of one scale, :math:`N = b^{-1/2} X` with X free of H, has all :math:`S_{ij}` equal,
:math:`\kappa_2 = \sum_{ij} S_{ij}/P` and a third moment like :math:`b^{-3/2}`.  The largest eigenvalue is
drawn beside two models without a fit to it: Gaussian noise with all :math:`S_{ij}` equal (flat), with those measured
(profile).
"""

import functools

import numpy as np
from scipy.sparse.linalg import eigsh
from scipy.stats import chi2

from spinglass.networks import digits
from spinglass.plotting.style import COLOURS, GREY, MARKERS, OBSERVED, SAMPLED, THEORY, frame, line

STATES = {"trained": 300, "untrained": 0}
SIZES = (16, 32, 64, 128, 256, 512)
FEW = SIZES[::2]
MODELS = ("profile", "flat")
SQUARES = np.geomspace(0.05, 500, 61)
OVERLAPS = 10  # eigenvectors of H of the largest eigenvalues whose overlaps are counted


def eigenbasis(steps):
    """Return the network, and the eigenvalues and eigenvectors of its Hessian, ascending."""
    network = digits(steps=steps)
    return network, *np.linalg.eigh(network.hessian())


def profile(steps, examples):
    """Return S in the eigenbasis of H, from some of the examples."""
    network, values, vectors = eigenbasis(steps)
    chosen = np.random.default_rng(2022).permutation(len(network.inputs))[:examples]
    total = np.zeros((network.size, network.size))
    for x in chosen:
        turned = vectors.T @ network.hessian([x]) @ vectors
        np.fill_diagonal(turned, turned.diagonal() - values)
        total += turned**2
    return total / len(chosen)


def effective(size, examples):
    """Return b', the number of independent examples that are as noisy as a batch."""
    return (examples - 1) / examples / (1 / size - 1 / examples)


def seen(steps, size, count):
    """Return the largest eigenvalue and two moments of the noise of batches, one row each: top, N^2, N^3."""
    network = digits(steps=steps)
    mean, start = network.hessian(), np.random.default_rng(0).standard_normal(network.size)
    rows = []
    for batch in network.batches(size, count, rng=size):
        hessian = network.hessian(batch)
        noise = hessian - mean
        square = noise @ noise
        top = eigsh(hessian, 1, which="LA", v0=start, return_eigenvectors=False)[0]
        rows.append((top, square.trace() / len(mean), np.sum(square * noise) / len(mean)))
    return np.array(rows).T


def overlaps(steps, size, count):
    """Return the shares of P <q, v>^2 above SQUARES: v the top eigenvectors of H, q all eigenvectors of the noise."""
    network, values, vectors = eigenbasis(steps)
    mean = (vectors * values) @ vectors.T
    shares = []
    for batch in network.batches(size, count, rng=size):
        noisy = np.linalg.eigh(network.hessian(batch) - mean)[1]
        squares = network.size * (noisy.T @ vectors[:, -OVERLAPS:]) ** 2
        shares.append(np.mean(squares.ravel() > SQUARES[:, None], axis=1))
    return np.mean(shares, axis=0)


def modelled(values, spread, size, draws):
    """Return the mean largest eigenvalue of H plus Gaussian noise of variances ``spread``/b', and its error."""
    rng, n = np.random.default_rng(np.random.SeedSequence([2022, round(size)])), len(values)
    scale, start, tops = np.sqrt(spread / size), np.ones(n), []
    for _ in range(draws):
        normal = rng.standard_normal((n, n))
        normal = np.triu(normal) + np.triu(normal, 1).T
        sample = np.diag(values) + scale * normal
        tops.append(eigsh(sample, 1, which="LA", v0=start, return_eigenvectors=False)[0])
    return np.array([np.mean(tops), np.std(tops, ddof=1) / np.sqrt(draws)])


def predicted(steps, examples, sizes, draws):
    """Return the noise along each direction, the largest first, then means and errors of MODELS, in one row."""
    network, values, _ = eigenbasis(steps)
    spread = profile(steps, examples)
    m = len(network.inputs)
    found = [modelled(values, one, effective(b, m), draws) for one in (spread, spread.mean()) for b in sizes]
    return np.concatenate([spread.sum(axis=0)[::-1], np.ravel(found)])


def noise(quick):
    """Return what was measured of batches, and what the models make of it."""
    sizes, examples, count, draws = (FEW, 16, 5, 3) if quick else (SIZES, 1347, 200, 100)
    data: dict = {"b": np.array(sizes), "effective": effective(np.array(sizes), 1347), "squares": SQUARES}
    for state, steps in STATES.items():
        data[f"predicted {state}"] = functools.partial(predicted, steps, examples, sizes, draws)
        data[f"overlaps {state}"] = functools.partial(overlaps, steps, 64, max(count // 10, 1))
        for size in sizes:
            data[f"seen {state} {size}"] = functools.partial(seen, steps, size, count)
    return data


def directions(data, state):
    """Return the noise along the eigenvectors of H, the largest first, and the mean along all: kappa_2."""
    along = data[f"predicted {state}"][: -2 * len(MODELS) * len(data["b"])]
    return along, along.mean()


def tops(data, state):
    """Return means and errors of the largest eigenvalue by batch size, seen and by model, each of shape (sizes, 2)."""
    rows = np.array([data[f"seen {state} {size}"][0] for size in data["b"]])
    models = data[f"predicted {state}"][-2 * len(MODELS) * len(rows) :].reshape(len(MODELS), len(rows), 2)
    seen = np.array([rows.mean(axis=1), rows.std(axis=1, ddof=1) / np.sqrt(rows.shape[1])]).T
    return {"seen": seen, **dict(zip(MODELS, models, strict=True))}


def moments(data, state):
    """Return the mean of tr N^2/P and of tr N^3/P by batch size, and their errors: shape (2, sizes, 2)."""
    rows = np.array([data[f"seen {state} {size}"][1:] for size in data["b"]])
    error = rows.std(axis=2, ddof=1) / np.sqrt(rows.shape[2])
    return np.stack([rows.mean(axis=2), error], axis=-1).swapaxes(0, 1)


def exponents(data, state):
    """Return a of tr N^2 ~ b'^-a and of tr N^3 with standard errors, by weighted least squares of logarithms."""
    found = []
    for mean, error in moments(data, state).transpose(0, 2, 1):
        weight = (mean / error) ** 2
        x = np.log(data["effective"]) - np.average(np.log(data["effective"]), weights=weight)
        scale = np.sum(weight * x * x)
        found.append((-np.sum(weight * x * np.log(mean)) / scale, scale**-0.5))
    return np.array(found)


def draw_noise(data, axes):
    """Draw noise by direction, the largest eigenvalue, overlaps and moments."""
    (along, top), (overlap, moment) = axes
    for i, state in enumerate(STATES):
        rows, mean = directions(data, state)
        frame(along).plot(np.arange(1, len(rows) + 1), rows, label=state, **line(1 + i))
        along.axhline(mean, color=COLOURS[1 + i], linewidth=0.8, linestyle=":")
        frame(overlap).plot(SQUARES, data[f"overlaps {state}"], label=state, **line(1 + i))
        exponent = exponents(data, state)
        for k, values in enumerate(moments(data, state)):
            a, error = exponent[k]
            face = COLOURS[1 + i] if k == 0 else "white"
            label = rf"{state}, $\mathrm{{tr}} N^{k + 2}$: $b'^{{-{a:.2f}({100 * error:.0f})}}$"
            style = {"fmt": MARKERS[i], "color": COLOURS[1 + i], "markerfacecolor": face, "markersize": 5}
            frame(moment).errorbar(data["effective"], *values.T, label=label, **style)
    along.set(xscale="log", yscale="log", ylim=(1e-4, 5), xlabel="eigenvector of $H$ by rank")
    along.set_ylabel(r"$\sum_j S_{ij}$; dotted: mean, $\kappa_2$")
    along.set_title("noise is largest where the curvature is", fontsize="medium")
    found = tops(data, "trained")
    pens = {"seen": ("o", OBSERVED, "batches"), "profile": ("-", THEORY, "measured variances, no fit")}
    pens["flat"] = ("--", GREY, r"one variance: measured $\kappa_2$")
    for name, (mark, colour, label) in pens.items():
        bars = {"markersize": 5, "capsize": 2, "elinewidth": 0.8}
        frame(top).errorbar(data["b"], *found[name].T, fmt=mark, color=colour, label=label, **bars)
    top.set(xscale="log", ylim=(0, None), xlabel="batch size $b$", ylabel="largest eigenvalue of the Hessian")
    top.set_xticks(data["b"], [str(b) for b in data["b"]])
    top.set_xticks([], minor=True)
    top.set_title("trained", fontsize="medium")
    overlap.plot(SQUARES, chi2.sf(SQUARES, 1), color=THEORY, linewidth=1.2, label=r"$\chi^2_1$: free")
    overlap.set(xscale="log", yscale="log", ylim=(1e-6, 1.2), ylabel="share above")
    overlap.set(xlabel=rf"$P\langle q, v\rangle^2$, $v$ the top {OVERLAPS} of $H$, $b = 64$")
    overlap.set_title("eigenvectors of the noise know those of $H$", fontsize="medium")
    steep = data["effective"] ** -2.0
    anchor = moments(data, "trained")[1, 0, 0] / steep[0]
    moment.plot(data["effective"], anchor * steep, color=SAMPLED, linewidth=1.2, label=r"$b'^{-2}$")
    moment.set(xscale="log", yscale="log", xlabel="effective batch size $b'$", ylabel="moments of the noise / $P$")
    for ax in (along, top, overlap, moment):
        ax.legend(frameon=False, fontsize="small", loc="best")
