r"""Quenched against annealed complexity of the 3+16 model: how to count in a hierarchical landscape.

Kent-Dobias, Kurchan (2023), How to count in hierarchical landscapes: a full solution to mean-field complexity, Phys.
Rev. E 107.  With :math:`\xi(q) = \tfrac12(q^3 + \tfrac1{16}q^{16})` the mean number of points at low energies is that
of rare draws; the typical one comes from one step of replica symmetry breaking.  All energies are those of
:math:`H = Nu`.
"""

import functools

import numpy as np

from spinglass.complexity.api import complexity
from spinglass.complexity.typical.ground_state import algorithmic_energy
from spinglass.complexity.typical.quenched import OneStep
from spinglass.figures.recipe import Recipe
from spinglass.models import mixed
from spinglass.plotting.style import GREY, SHADE, frame, line

MODEL = mixed({3: 1 / 2, 16: 1 / 32})
METHODS = ("annealed", "quenched")
INDICES = {"all": None, "minima": 0}
OVERVIEW = (-1.30, -1.00)
ZOOM = (-1.2880, -1.2870)


def rates(method, index, u):
    """Return the complexity at energies."""
    return complexity(MODEL, method)(u, index=index)


def lowest_marginal():
    """Return the lowest energy of typical marginal minima: complexity 0 with the semicircle's edge at 0."""
    step = OneStep(MODEL)
    found = step.solutions(lambda p: (p.mu - step.edge, p.sigma))
    # of several solutions the lowest complexity counts: the others lie above it, at lower energies
    return np.array(max(float(p.u) for p in found))


def hierarchy(quick):
    """Return both complexities of all points and of minima, from far and near, and the energies that matter."""
    ground = complexity(MODEL, "quenched").lowest_energy(index=0)
    grids = {
        "overview": np.linspace(*OVERVIEW, 41 if quick else 301),
        "gap": ground + np.logspace(-5, -1.5, 22 if quick else 141),
        "zoom": np.linspace(*ZOOM, 25 if quick else 201),
    }
    data: dict = {f"u {name}": u for name, u in grids.items()}
    for name, u in grids.items():
        for method in METHODS:
            for kind, index in INDICES.items():
                data[f"{name} {method} {kind}"] = functools.partial(rates, method, index, u)
    data["lowest quenched"], data["lowest annealed"] = ground, complexity(MODEL).lowest_energy(index=0)
    for method in METHODS:
        c = complexity(MODEL, method)
        data[f"lowest of all {method}"] = c.lowest_energy
        data[f"threshold {method}"] = c.threshold
    data["lowest marginal"] = lowest_marginal
    data["algorithmic"] = algorithmic_energy(MODEL)
    return data


def _finite(values):
    """Return the values with gaps where nothing exists."""
    return np.where(np.isfinite(values), values, np.nan)


def draw_hierarchy(data, axes):
    """Draw the curves from far, near the ground state, and their difference."""
    left, middle, right = (frame(ax) for ax in axes[0])
    for panel, ax in (("overview", left), ("zoom", middle)):
        for i, (kind, name) in enumerate((("all", "all points"), ("minima", "minima"))):
            for j, method in enumerate(METHODS):
                # where both agree the annealed one is seen on either side of the quenched one
                style = line(i, linestyle="-" if j else "--", linewidth=1.5 if j else 2.4)
                ax.plot(
                    data[f"u {panel}"], _finite(data[f"{panel} {method} {kind}"]), label=f"{name}, {method}", **style
                )
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.set(xlabel="energy density $u$", ylabel=r"complexity $\Sigma(u)$ (nats per dimension)")
    left.set(xlim=OVERVIEW, ylim=(-0.03, 0.36))
    left.axvline(data["algorithmic"], color=GREY, linewidth=0.8, linestyle="--")
    left.annotate(
        r"$E_{\mathrm{alg}}$", (data["algorithmic"], 0.17), xytext=(4, 0), textcoords="offset points", fontsize="small"
    )
    left.set_title(r"$\xi(q) = \frac{1}{2}(q^3 + \frac{1}{16} q^{16})$", fontsize="medium")
    middle.axvspan(ZOOM[0], data["lowest quenched"], color=SHADE, zorder=0)
    for name, mark in (("lowest annealed", "s"), ("lowest quenched", "o")):
        middle.plot([data[name]], [0], mark, color=line(1)["color"], markersize=6, zorder=3)
    middle.axvline(data["threshold quenched"], color=GREY, linewidth=0.8, linestyle="--")
    place = {"xytext": (4, 0), "textcoords": "offset points", "fontsize": "small"}
    middle.annotate(r"$E_{\mathrm{th}}$", (data["threshold quenched"], 0.0021), **place)
    middle.set(xlim=ZOOM, ylim=(-0.0014, 0.0026))
    middle.set_xticks([-1.2880, -1.2875, -1.2870])
    middle.set_title("ground states; shaded: typically empty", fontsize="medium")
    for i, (kind, name) in enumerate((("all", "all points"), ("minima", "minima"))):
        gap = _finite(data[f"gap annealed {kind}"] - data[f"gap quenched {kind}"])
        right.plot(data["u gap"] - data["lowest quenched"], np.where(gap > 0, gap, np.nan), label=name, **line(i))
    right.set(xscale="log", yscale="log", xlabel="energy density above the ground state $u - E_0$")
    right.set_ylabel("annealed minus quenched (nats per dimension)")
    right.set_title("what rare draws add to the mean", fontsize="medium")
    left.legend(frameon=False, loc="upper left", bbox_to_anchor=(0.1, 1.0))
    middle.legend(frameon=False, loc="lower right", fontsize="small")
    right.legend(frameon=False, loc="lower left")


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "kentdobias2023-1",
        "quenched against annealed complexity, 3+16",
        hierarchy,
        draw_hierarchy,
        1,
        3,
        (14.0, 4.4),
        claim="From afar the mean and the typical number of points have the same complexity. Near the ground state "
        "they have not: what the mean counts below $E_0$ (shaded) belongs to rare draws, and the difference vanishes "
        "about 0.015 above it.",
        parameters=r"$\xi(q) = \frac12(q^3 + \frac1{16} q^{16})$; one step of replica symmetry breaking. Lowest minima "
        r"$-1.287918$ (annealed) and $E_0 = -1.287606$ (quenched), $E_{\mathrm{th}} = -1.287575$, "
        r"$E_{\mathrm{alg}} = -1.275140$.",
        published="$E_0 = -1.28760553053$; lowest marginal minima at $-1.28760552659$.",
        differs="Energies are densities of $H = Nu$.",
    ),
)
