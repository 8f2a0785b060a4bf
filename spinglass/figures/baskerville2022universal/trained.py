r"""Figure 6: effective damping and best step where curvature and noise are those of a network in training.

The curvature A is the Gauss-Newton matrix of all examples, the preconditioner that of a batch, its diagonal, or the
root of its mean squared gradients, :math:`B = M + N` with :math:`M = A`, its diagonal or the root of all.  With
:math:`E N_{ij}^2 = S_{ij}/b'` in the eigenbasis of M, independent entries have :math:`E(B + \delta)^{-1} = G` and

.. math::  \frac1{G_i} = M_i + \delta - \frac1{b'}\sum_j S_{ij}G_j , \qquad
           E\frac1{B + \delta}A\frac1{B + \delta} = GAG + GYG , \quad
           Y_i = \frac1{b'}\sum_j S_{ij}(A_{jj} + Y_j)\,G_j^2 ,

Y diagonal.  With all :math:`S_{ij} = \kappa_2/P` (flat) these are the formulas of figure 4, for noise in general
position; the measured S (profile) is the alternative that knows where the noise is.
"""

import functools

import numpy as np
from scipy.optimize import brentq

from spinglass import networks
from spinglass.figures.baskerville2022universal.noise import effective
from spinglass.networks.criteria import CRITERIA
from spinglass.plotting.style import COLOURS, GREY, MARKERS, frame
from spinglass.spectra import Semicircle

BATCHES = (16, 64, 256)
UNITS = np.geomspace(0.125, 4.0, 6)  # dampings over the largest eigenvalue of M
SHOWN = 1, 0.5  # along the training: place in BATCHES, damping over the largest eigenvalue
KINDS = ("Gauss-Newton", "its diagonal", "root of squares")
STATES = ("start", "SGD early", "SGD late", "Adam early", "Adam late", "minimum")
SWEPT = "SGD late"  # where all dampings are drawn
STEPS = {"early": 100, "late": 1000}
RULES = {"SGD": networks.SGD(), "Adam": networks.Adam()}
QUICK = {"early": 20, "late": 100}


def trained(state, quick):
    """Return a network of layers at a point of its training."""
    data = networks.data.digits()
    if state == "minimum":
        return networks.mlp(data, hidden=(9,)).at(networks.digits().parameters)
    start = networks.mlp(data, hidden=(2 if quick else 6,), rng=0)
    if state == "start":
        return start
    rule, when = state.split()
    return networks.train(start, (QUICK if quick else STEPS)[when], 64, RULES[rule], rng=1).network


def roots(network):
    """Return R, shape (examples, outputs, P): the Gauss-Newton matrix of an example is R^T R."""
    root = CRITERIA[network.criterion][2](network.outputs())
    return root.swapaxes(1, 2) @ network.jacobian()


def equivalent(mean, spread, curvature, gradient, delta):
    """Return G and the best step of the preconditioner of this mean and variances S/b', nan where there is none."""
    g = 1 / (mean + delta)
    for _ in range(1000):
        below = mean + delta - spread @ g
        if np.any(below <= 0):
            return np.full_like(g, np.nan), np.nan
        before, g = g, 0.5 * (g + 1 / below)
        if np.max(np.abs(g - before) / g) < 1e-11:
            break
    else:
        return np.full_like(g, np.nan), np.nan
    y = np.linalg.solve(np.eye(len(g)) - spread * g**2, spread @ (g**2 * curvature.diagonal()))
    u = g * gradient
    return g, (gradient @ u) / (u @ curvature @ u + y @ u**2)


def damping_of(mean, trace):
    """Return the damping at which (M + damping)^-1 has this mean on the diagonal; nan for one that is not positive."""
    if not trace > 0:
        return np.nan
    # between the dampings that the smallest of n eigenvalues would need by itself, and all with it
    least = mean.min()
    return brentq(lambda d: np.mean(1 / (mean + d)) - trace, 1 / (len(mean) * trace) - least, 1 / trace - least)


def answers(mean, curvature, gradient, samples, deltas):
    """Return effective damping and best step of sampled preconditioners, shape (2, samples, dampings).

    ``samples`` are pairs of B and its noise to first order, of mean 0, matrices or the diagonals of such.  What is of
    first order in the noise is taken off: it changes no mean, and is most of what scatters.
    """
    found = []
    for b, noise in samples:
        values, vectors = np.linalg.eigh(b) if b.ndim == 2 else (b, None)
        inverse = 1 / np.where(values.min() + deltas > 0, (values + deltas[:, None]).T, np.nan).T  # no minimum: no step
        turned = gradient if vectors is None else gradient @ vectors
        u = inverse * turned if vectors is None else (inverse * turned) @ vectors.T
        dampings = np.array([damping_of(mean, trace) for trace in inverse.mean(axis=1)])
        steps = (u @ gradient) / np.einsum("di,ij,dj->d", u, curvature, u, optimize=True)
        diagonal = noise.diagonal() if noise.ndim == 2 else noise
        pi = 1 / (mean + deltas[:, None])
        dampings -= pi**2 @ diagonal / (pi**2).sum(axis=1)
        p = pi * gradient
        below = np.einsum("di,ij,dj->d", p, curvature, p, optimize=True)
        q = 2 * (p @ gradient / below)[:, None] * pi * (p @ curvature) - p
        steps -= np.sum(q * (p @ noise if noise.ndim == 2 else p * noise), axis=1) / below
        found.append((dampings, steps))
    return np.moveaxis(np.array(found), 0, 1)


def compared(mean, spreads, curvature, gradient, samples, deltas):
    """Return, of damping and step, (mean, error, flat, profile) over the noise-blind ones: shape (2, 4, dampings)."""
    seen = answers(mean, curvature, gradient, samples, deltas)
    table = [seen.mean(axis=1), seen.std(axis=1, ddof=1) / seen.shape[1] ** 0.5]
    for spread in spreads:
        formula = [equivalent(mean, spread, curvature, gradient, d) for d in deltas]
        table.append(np.array([[damping_of(mean, g.mean()) for g, _ in formula], [step for _, step in formula]]))
    blind = [deltas, [equivalent(mean, 0 * spreads[0], curvature, gradient, d)[1] for d in deltas]]
    return np.array(table).swapaxes(0, 1) / np.array(blind)[:, None]


def flat(spread):
    """Return variances that are all equal, with the same sum."""
    return np.full(spread.shape, spread.mean())


def full(network, rows, units, count, planted=False):
    """Return `compared` by batch size for Gauss-Newton matrices of batches, or for Wigner noise of one variance."""
    m, size = len(rows), network.size
    values, vectors = np.linalg.eigh(network.gauss_newton())
    values = np.maximum(values, 0.0)  # but for rounding
    rows, gradient = rows @ vectors, vectors.T @ network.gradient()
    spread = sum((row.T @ row) ** 2 for row in rows) / m - np.diag(values**2)
    found = []
    for b in BATCHES:
        scaled = spread / effective(b, m)
        if planted:
            streams = np.random.SeedSequence([2022, b]).spawn(count)
            law = Semicircle(scaled.sum() / size)
            noises = (law.sample(size, np.random.default_rng(stream)) for stream in streams)
        else:
            parts = (rows[batch].reshape(-1, size) for batch in network.batches(b, count, rng=b))
            noises = (part.T @ part / b - np.diag(values) for part in parts)
        samples = ((np.diag(values) + noise, noise) for noise in noises)
        spreads = flat(scaled), scaled
        found.append(compared(values, spreads, np.diag(values), gradient, samples, units * values[-1]))
    return np.array(found)


def diagonal(network, each, power, units, count):
    """Return the same where each parameter is divided by its own number, a mean of ``each`` to some power."""
    mean, curvature, gradient = each.mean(axis=0) ** power, network.gauss_newton(), network.gradient()
    slope = np.divide(power * mean, each.mean(axis=0), out=np.zeros_like(mean), where=mean > 0)
    found = []
    for b in BATCHES:
        moments = [each[batch].mean(axis=0) for batch in network.batches(b, count, rng=b)]
        samples = [(moment**power, (moment - each.mean(axis=0)) * slope) for moment in moments]
        variances = np.diag(np.mean([(values - mean) ** 2 for values, _ in samples], axis=0))
        spreads = flat(variances), variances
        found.append(compared(mean, spreads, curvature, gradient, samples, units * mean.max()))
    return np.array(found)


def measured(state, units, quick):
    """Return `compared` by KINDS and batch size, shape (kinds, batch sizes, 2, 4, dampings), of one network."""
    network, count = trained(state, quick), 3 if quick else 20
    rows = roots(network)
    return np.array(
        [
            full(network, rows, units, count),
            diagonal(network, (rows**2).sum(axis=1), 1.0, units, 4 * count),
            diagonal(network, network.gradients() ** 2, 0.5, units, 4 * count),
        ]
    )


def directed(network):
    """Return the noise along the top eigenvector and along the gradient, over its mean along all directions.

    Along u it is the mean of |(h - A) u|^2, h the Gauss-Newton matrix of an example.
    """
    rows, curvature, gradient = roots(network), network.gauss_newton(), network.gradient()
    u = np.stack([np.linalg.eigh(curvature)[1][:, -1], gradient / np.linalg.norm(gradient)])
    moved = (u @ rows.swapaxes(1, 2)) @ rows
    square = ((rows @ rows.swapaxes(1, 2)) ** 2).sum() / len(rows) - (curvature**2).sum()
    along = (moved**2).sum(axis=2).mean(axis=0) - ((u @ curvature) ** 2).sum(axis=1)
    return along / (square / network.size)


def along(states, quick):
    """Return `directed` of networks, one row each."""
    return np.array([directed(trained(state, quick)) for state in states])


def planted(state, units, quick):
    """Return `compared` by batch size for Wigner noise of one variance, that of the batches, on the same matrix."""
    network = trained(state, quick)
    return full(network, roots(network), units, 3 if quick else 20, planted=True)


def damping(quick):
    """Return what preconditioners do along two trajectories and at a minimum, and the control."""
    units, states = (UNITS[::2], STATES[:1]) if quick else (UNITS, STATES)
    data: dict = {"unit": units, "b": np.array(BATCHES)}
    data.update((state, functools.partial(measured, state, units, quick)) for state in (*states, SWEPT))
    data["along"] = functools.partial(along, (*states, SWEPT) if quick else states, quick)
    return data | {"planted": functools.partial(planted, SWEPT, units, quick)}


def ratios(data, state):
    """Return measured over flat, with error, of the damping taken away, the step, and what it is shortened by.

    Shape (3 quantities, 2, kinds, batch sizes, dampings).
    """
    (damping, error, formula, _), (step, step_error, step_formula, _) = np.moveaxis(data[state], (2, 3), (0, 1))
    shortened = [1 - step, step_error] / (1 - step_formula)
    return np.array([[1 - damping, error] / (1 - formula), [step, step_error] / step_formula, shortened])


def draw_damping(data, axes):
    """Draw damping and step against damping, above, and measured over predicted along training, below."""
    marks = {"markersize": 4.5, "elinewidth": 0.8, "capsize": 2}
    at, unit = SHOWN[0], int(np.argmin(np.abs(data["unit"] - SHOWN[1])))
    states = [state for state in STATES if state in data]
    for row, ax in enumerate(axes[0]):
        tables = np.concatenate([data[SWEPT][0, :, row], data["planted"][[at], row]])
        if row == 0:
            tables[:, [0, 2, 3]] = 1 - tables[:, [0, 2, 3]]
        for i, (b, (mean, error, formula, profile)) in enumerate(zip(data["b"], tables, strict=False)):
            style = marks | {"color": COLOURS[1 + i], "fmt": MARKERS[i]}
            frame(ax).errorbar(data["unit"], mean, error, label=f"$b = {b}$", **style)
            ax.plot(data["unit"], formula, "--", color=COLOURS[1 + i], linewidth=1.2)
            ax.plot(data["unit"], profile, "-", color=COLOURS[1 + i], linewidth=1.2)
        control = {"color": COLOURS[1 + at], "markerfacecolor": "none", "label": f"Wigner, $b = {data['b'][at]}$"}
        ax.errorbar(data["unit"], *tables[-1, :2], fmt="D", **marks | control)
        ax.set(xscale="log", xlabel=r"damping $\delta$ / largest eigenvalue")
        ax.set_xticks(data["unit"], [f"{unit:g}" for unit in data["unit"]])
        ax.set_xticks([], minor=True)
        ax.set_title("SGD, late; dashed: flat, solid: profile", fontsize="medium")
    axes[0, 0].set(yscale="log", ylabel=r"damping taken away, $1 - \delta_{\mathrm{eff}}/\delta$")
    axes[0, 1].set(ylim=(0, 1.1), ylabel="best step / noise-blind best step")
    axes[1, 1].plot(data["along"][:, 1], "D", color=GREY, markersize=4.5, label="noise along the gradient / mean")
    for row, ax in zip((0, 2), axes[1], strict=True):
        frame(ax).axhline(1.0, color=GREY, linewidth=0.8)
        values = np.array([ratios(data, state)[row, :, :, at, unit] for state in states])
        for i, label in enumerate(KINDS):
            style = marks | {"color": COLOURS[1 + i], "fmt": MARKERS[i]}
            ax.errorbar(np.arange(len(states)) + 0.12 * (i - 1), *values[:, :, i].T, label=label, **style)
        ax.set_xticks(range(len(states)), [state.replace(" ", "\n") for state in states])
        ax.set(xlim=(-0.5, len(states) - 0.5), xlabel="point of the training")
        ax.set_title(rf"$b = {data['b'][at]}$, $\delta$ half the largest eigenvalue", fontsize="medium")
    axes[1, 0].set(yscale="log", ylim=(0.2, 3), ylabel="damping taken away: measured / flat")
    axes[1, 0].set_yticks([0.2, 0.5, 1, 2], ["0.2", "0.5", "1", "2"])
    axes[1, 0].set_yticks([], minor=True)
    axes[1, 1].set(yscale="log", ylim=(0.1, 100), ylabel="shortening of the best step: measured / flat")
    axes[1, 1].set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    axes[1, 1].set_yticks([], minor=True)
    for ax in axes.ravel():
        ax.legend(frameon=False, fontsize="small", loc="best")
