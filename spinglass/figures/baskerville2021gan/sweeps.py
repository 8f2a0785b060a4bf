r"""Figure 6: what the latent noise and the sizes of the two networks do to the lowest energies.

A linear functional of the energies is lowest on the boundary of :math:`\{\Sigma \ge 0\}`, found by a root search along
it (:mod:`spinglass.complexity.games.lowest`), not on a grid.  At energies g and -g the complexity is the same, so the
largest :math:`|u_D - u_G|` is minus the lowest :math:`u_D - u_G`.  All are energies *at* which there are equilibria.
"""

import functools
import time
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from spinglass.complexity.api import complexity
from spinglass.complexity.games.lowest import Along, lowest_value
from spinglass.figures.baskerville2021gan import published
from spinglass.models import gan
from spinglass.plotting.style import GREY, frame, line

PAIRS = ((5, 5), (3, 3), (3, 5), (5, 3), (3, 7), (7, 3), (7, 5))
WEIGHTS = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0]])
QUANTITIES = ("lowest $u_D$", "lowest $u_G$", "lowest $u_D + u_G$", "largest $|u_D - u_G|$")
SWEEPS = {"sigma_z": r"latent noise $\sigma_z$", "kappa": r"share $\kappa$ of the discriminator"}
LAWS = {"exact": "exact law", "published": "published constants"}
LINES: dict[str, Any] = {"exact": "-", "published": "--"}


def extremes(law, p, q, sigma_z, kappa):
    """Return the four numbers for one game."""
    if law == "exact":
        c = complexity(gan(p, q, sigma_z, kappa))
        values = np.array([c.lowest_energy(loss=w) for w in WEIGHTS])
    else:
        annealed = published.Published(p, q, sigma_z, kappa)
        values = np.array([lowest_value(Along(annealed, w @ annealed.local.losses)).level for w in WEIGHTS])
    return values * [1, 1, 1, -1]


def sweep(law, p, q, name, points):
    """Return the four numbers along a sweep, one row per point, and the seconds of a core that they took."""
    rest, rows = {"sigma_z": 1.0, "kappa": 0.9}, []
    for x in points:
        start = time.thread_time()
        numbers = extremes(law, p, q, **{**rest, name: float(x)})
        rows.append([*numbers, time.thread_time() - start])
    return np.array(rows)


def sweeps(quick):
    """Return all sweeps; the four numbers and the seconds are the columns."""
    points = {"sigma_z": np.geomspace(1e-5, 1e2, 60), "kappa": np.linspace(0.05, 0.95, 50)}
    if quick:  # few points where the curves are straight, at both ends, and where they are flat, in the middle
        points = {
            "sigma_z": np.r_[1e-5, np.geomspace(1e-3, 1.0, 8), 1e2],
            "kappa": 0.5 - 0.45 * np.cos(np.linspace(0, np.pi, 5)),
        }
    data: dict = dict(points)
    for law in LAWS:
        for name, values in points.items():
            for p, q in PAIRS:
                data[f"{law} {name} {p} {q}"] = functools.partial(sweep, law, p, q, name, values)
    return data


def draw_sweeps(data, axes):
    """Draw one column per number, sigma_z above and kappa below; the exact law solid, published constants dashed."""
    for row, name in zip(axes, SWEEPS, strict=True):
        for i, (ax, quantity) in enumerate(zip(row, QUANTITIES, strict=True)):
            frame(ax)
            for j, (p, q) in enumerate(PAIRS):
                for law, style in LINES.items():
                    values = np.abs(data[f"{law} {name} {p} {q}"][:, i])
                    ax.plot(data[name], values, **line(j, linestyle=style, linewidth=1.3))
            ax.set(xlabel=SWEEPS[name], xscale="log" if name == "sigma_z" else "linear")
            ax.set_yscale("linear" if i == 2 else "log")
            ax.set_ylabel(quantity if i == 3 else f"{quantity} (absolute value)")
    points = len(PAIRS) * sum(len(data[name]) for name in SWEEPS)
    axes[0, 0].figure.suptitle(
        f"By the exact law {points} points took {seconds(data):.0f} seconds of one core; "
        "the public code needs about 7000 core-hours for the 770 points of the full sweeps (extrapolated)",
        fontsize="medium",
    )
    handles = [Line2D([], [], color=line(j)["color"], label=f"$p={p},\\ q={q}$") for j, (p, q) in enumerate(PAIRS)]
    handles += [Line2D([], [], color=GREY, linestyle=style, label=LAWS[law]) for law, style in LINES.items()]
    axes[0, 0].figure.legend(handles=handles, loc="outside lower center", ncols=9, frameon=False)


def seconds(data):
    """Return the seconds of one core that the points of the exact law took."""
    return sum(data[f"exact {name} {p} {q}"][:, 4].sum() for name in SWEEPS for p, q in PAIRS)
