r"""Figure 7: are the two parts of the Hessian free? The network beside the same parts in general position.

:math:`H_0 + Q H_1 Q^T` with a Haar-distributed rotation Q has the eigenvalues of a free sum, whatever the laws of the
parts are.  The distance of the distribution functions of :math:`H_0 + H_1` and of rotated sums measures the assumption
alone; that of one rotated sum from the others is the noise.
"""

import functools
from collections.abc import Callable

import numpy as np
from scipy.stats import ks_2samp, ortho_group

from spinglass.networks import relu_network, tanh_network
from spinglass.networks.training.descent import minimise
from spinglass.plotting.style import COLOURS, OBSERVED, SAMPLED, THEORY, frame, line

RATIOS = {"1/8": 1 / 8, "1/4": 1 / 4, "1/2": 1 / 2}
#: Networks by name; those of rectified units start at the energy 1/2.
UNITS: dict[str, Callable] = {"tanh": tanh_network, "rectified": functools.partial(relu_network, energy=0.5)}
STEPS = (0, 1, 3, 10, 30, 100, 300, 3000)
FEW = (0, 3, 30, 300)
ROTATIONS = 6
ZERO = 1e-9  # relative to the largest eigenvalue: flat directions have either sign
COLUMNS = ("energy", "distance", "noise", "negative", "negative when free")


def rotated(positive, residual, rng):
    """Return the eigenvalues of sums with ROTATIONS rotations, one row each."""
    turns = ortho_group.rvs(len(positive), ROTATIONS, random_state=rng)
    return np.array([np.linalg.eigvalsh(positive + turn @ residual @ turn.T) for turn in turns])


def distance(one, others):
    """Return the distance of Kolmogorov and Smirnov."""
    return ks_2samp(one, np.ravel(others), method="asymp").statistic


def compared(network, rng):
    """Return COLUMNS of one network, and the eigenvalues of its Hessian and of the rotated sums."""
    positive, residual = network.gauss_newton(), network.residual_hessian()
    seen, free = np.linalg.eigvalsh(positive + residual), rotated(positive, residual, rng)
    noise = np.mean([distance(row, np.delete(free, i, axis=0)) for i, row in enumerate(free)])
    below = -ZERO * seen[-1]
    shares = np.mean(seen < below), np.mean(free < below)
    return np.array([network.loss() / network.targets.shape[1], distance(seen, free), noise, *shares]), seen, free


def along_descents(units, phi, n, steps, draws):
    """Return COLUMNS after some numbers of steps down the loss, shape (draws, len(steps), columns)."""
    found = []
    for stream in np.random.SeedSequence([2017, 7, n, round(1 / phi)]).spawn(draws):
        rng = np.random.default_rng(stream)
        start = UNITS[units](n, phi, rng=rng)
        found.append([compared(minimise(start, steps=count), rng)[0] for count in steps])
    return np.array(found)


def at_minimisers(phi, n, steps, draws):
    """Return eigenvalues over their root mean square at minimisers of tanh networks, seen and free, one row each."""
    rows = []
    for stream in np.random.SeedSequence([2017, 8, n]).spawn(draws):
        rng = np.random.default_rng(stream)
        _, seen, free = compared(minimise(UNITS["tanh"](n, phi, rng=rng), steps=steps), rng)
        rows.append(np.concatenate([seen, free.ravel()]) / np.sqrt(np.mean(seen**2)))
    return np.array(rows)


def freeness(quick):
    """Return distances and shares along descents, and spectra of minimisers."""
    n, steps, draws = (8, FEW, 1) if quick else (16, STEPS, 5)
    data: dict = {"n": n}
    for units in UNITS:
        for name, phi in RATIOS.items():
            data[f"{units} {name}"] = functools.partial(along_descents, units, phi, n, steps, draws)
    data["minimisers"] = functools.partial(at_minimisers, RATIOS["1/4"], n, steps[-1], 2 * draws)
    return data


def draw_freeness(data, axes):
    """Draw distances and shares of negative eigenvalues against energies, and two distribution functions."""
    left, middle, right = (frame(ax) for ax in axes[0])
    pens = [(units, name, i, j) for j, units in enumerate(UNITS) for i, name in enumerate(RATIOS)]
    noise = []
    for units, name, i, j in pens:
        energy, apart, floor, negative, free = data[f"{units} {name}"].mean(axis=0).T
        noise.append(floor.mean())
        face = COLOURS[1 + i] if j == 0 else "white"
        style = line(1 + i, linestyle="-" if j == 0 else "--") | {"marker": "os"[j], "markersize": 4}
        label = rf"{units}, $\phi = {name}$"
        left.plot(energy, apart, label=label, markerfacecolor=face, **style)
        middle.plot(free, negative, markerfacecolor=face, **style)
    left.axhline(np.mean(noise), color=SAMPLED, linewidth=2, label="rotated parts (noise)")
    left.set(xlabel=r"energy $\epsilon$ (loss per output)", ylabel="distance from the free sum", ylim=(0, None))
    left.set_title(f"along descents, $n = {data['n']}$", fontsize="medium")
    left.legend(frameon=False, loc="upper right", fontsize="small")
    middle.plot([0, 0.4], [0, 0.4], color=THEORY, linewidth=1, label="free")
    middle.set(xlabel="share of negative eigenvalues, free sum", ylabel="share of negative eigenvalues, network")
    middle.set_title("minima (lower left) are the least free", fontsize="medium")
    middle.legend(frameon=False, loc="upper left")
    size = 2 * data["n"] ** 2
    for part, label, colour in (
        (data["minimisers"][:, :size], "networks", OBSERVED),
        (data["minimisers"][:, size:], "free sum of their parts", SAMPLED),
    ):
        values = np.sort(part.ravel())
        right.plot(values, (np.arange(values.size) + 0.5) / values.size, label=label, color=colour, linewidth=2)
    right.axvline(0, color=THEORY, linewidth=0.8)
    right.set(xlim=(-0.1, 0.25), ylim=(0, 0.75), xlabel=r"eigenvalue $\lambda$ / root mean square")
    right.set_ylabel(r"fraction of eigenvalues $\leq \lambda$")
    right.set_title(r"tanh minimisers, $\phi = 1/4$", fontsize="medium")
    right.legend(frameon=False, loc="lower right")
