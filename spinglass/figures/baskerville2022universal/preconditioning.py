r"""Figure 4: effective damping and best step of a preconditioner that is a noisy Hessian.

The Hessian A has a Marchenko-Pastur bulk and three outliers; the preconditioner is :math:`B = A + sX + \delta` with
Wigner noise X and :math:`s = b^{-1/2}` for a batch of b; the gradient is that of a quadratic loss at a random
distance from its minimum.  Formulas that do not know of the noise take :math:`\delta` for
:math:`\delta_{\mathrm{eff}}` and A for its noisy copy.
"""

import functools

import numpy as np
from scipy.optimize import brentq

from spinglass.plotting.style import COLOURS, GREY, SAMPLED, THEORY, frame, line
from spinglass.spectra import MarchenkoPastur, Semicircle
from spinglass.spectra.noise.damping import effective_damping, expected_best_step

SIZE = 200
OUTLIERS = (4.0, 6.0, 9.0)
BATCHES = (8, 16, 32, 64, 128, 256, 512)
SHOWN = (8, 32, 128)
LEAST, MOST = 0.6, 3.0
DELTAS = np.linspace(LEAST, MOST, 7)
MARKERS = "osD"


@functools.lru_cache(maxsize=1)
def problem():
    """Return the eigenvalues of A and the gradient in its eigenbasis."""
    bulk = MarchenkoPastur(0.5).quantile((np.arange(SIZE - len(OUTLIERS)) + 0.5) / (SIZE - len(OUTLIERS)))
    eigenvalues = np.concatenate([bulk, OUTLIERS])
    return eigenvalues, eigenvalues * np.random.default_rng(2022).standard_normal(SIZE) / np.sqrt(SIZE)


def blind_step(deltas):
    """Return the best step of the preconditioner without noise."""
    eigenvalues, gradient = problem()
    inverse = 1 / (eigenvalues + np.asarray(deltas)[..., None])
    return (inverse @ gradient**2) / ((eigenvalues * inverse**2) @ gradient**2)


def formulas(deltas, batches):
    """Return effective damping and expected best step for pairs of damping and batch, one row each."""
    eigenvalues, gradient = problem()
    pairs = [(float(d), float(b) ** -0.5) for d, b in np.broadcast(deltas, batches)]
    noise, hessian = Semicircle(), np.diag(eigenvalues)
    return np.array(
        [
            [float(effective_damping(d, noise, bulk=eigenvalues, scale=s)) for d, s in pairs],
            [float(expected_best_step(gradient, hessian, d, noise, s)) for d, s in pairs],
        ]
    )


def sampled(batch, draws):
    """Return effective damping and best step at DELTAS, shape (2, draws, dampings).

    The damping is the one at which (A + damping)^{-1} has the trace of the inverse of the noisy preconditioner.
    """
    eigenvalues, gradient = problem()
    rows = []
    for stream in np.random.SeedSequence([2022, batch]).spawn(draws):
        noisy = np.diag(eigenvalues) + batch**-0.5 * Semicircle().sample(SIZE, np.random.default_rng(stream))
        values, vectors = np.linalg.eigh(noisy)
        inverse = 1 / (values + DELTAS[:, None])
        traces = inverse.mean(axis=1)
        found = [brentq(lambda d, t=t: np.mean(1 / (eigenvalues + d)) - t, 0.0, 100.0) for t in traces]
        directions = (inverse * (vectors.T @ gradient)) @ vectors.T
        rows.append((found, (directions @ gradient) / (directions**2 @ eigenvalues)))
    return np.moveaxis(np.array(rows), 0, 1)


def damping(quick):
    """Return effective damping and best step against the damping and against the batch size."""
    points = 41 if quick else 97
    deltas, fine = np.geomspace(LEAST, MOST, points), np.geomspace(BATCHES[0], BATCHES[-1], points)
    data: dict = {"delta": deltas, "b": fine, "delta sampled": DELTAS, "b sampled": np.array(BATCHES)}
    for name, places in (("delta", deltas), ("delta sampled", DELTAS), ("b", np.full(points, LEAST))):
        data[f"blind by {name}"] = np.array([places, blind_step(places)])
    data["formula by b"] = functools.partial(formulas, LEAST, fine)
    for batch in SHOWN:
        data[f"formula {batch}"] = functools.partial(formulas, deltas, batch)
    for batch in BATCHES:
        data[f"sampled {batch}"] = functools.partial(sampled, batch, 10 if quick else 200)
    return data


NAMES = (
    (r"effective damping $\delta_{\mathrm{eff}}$", r"$\delta_{\mathrm{eff}}$ / damping $\delta$"),
    (r"best step $\eta^*$", r"best step $\eta^*$ / noise-blind best step"),
)


def draw_damping(data, axes):
    """Draw the two quantities as rows: relative to noise-blind against damping, and against batch size."""
    blind = {"color": GREY, "linewidth": 1.6, "linestyle": ":", "label": "noise-blind"}
    marks = {"markersize": 5, "elinewidth": 0.8, "capsize": 2}
    for row, (left, right) in enumerate(axes):
        frame(left).plot(data["delta"], np.ones(data["delta"].shape), **blind)
        for i, batch in enumerate(SHOWN):
            relative = data[f"formula {batch}"][row] / data["blind by delta"][row]
            left.plot(data["delta"], relative, label=f"$b = {batch}$", **line(1 + i))
            drawn = data[f"sampled {batch}"][row] / data["blind by delta sampled"][row]
            style = marks | {"fmt": MARKERS[i], "color": COLOURS[1 + i]}
            left.errorbar(data["delta sampled"], drawn.mean(axis=0), drawn.std(axis=0, ddof=1), **style)
        frame(right).plot(data["b"], data["blind by b"][row], **blind)
        right.plot(data["b"], data["formula by b"][row], label="formula", color=THEORY)
        first = np.array([data[f"sampled {batch}"][row][:, 0] for batch in data["b sampled"]])
        style = marks | {"fmt": "^", "color": SAMPLED, "label": "sampled"}
        right.errorbar(data["b sampled"], first.mean(axis=1), first.std(axis=1, ddof=1), **style)
        left.set(xlabel=r"damping $\delta$", ylabel=NAMES[row][1])
        right.set(xscale="log", xlabel="batch size $b$", ylabel=NAMES[row][0])
        right.set_xticks(data["b sampled"], [str(b) for b in data["b sampled"]])
        right.set_xticks([], minor=True)
        left.set_title("formula (lines), sampled (marks)", fontsize="medium")
        right.set_title(rf"damping $\delta = {LEAST:g}$", fontsize="medium")
        for ax in (left, right):
            ax.legend(frameon=False, loc="lower right")
