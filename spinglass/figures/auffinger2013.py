"""Complexity of the pure and mixed spherical models.

Auffinger, Ben Arous, Cerny (2013), Random matrices and complexity of spin glasses, CPAM 66; Auffinger, Ben Arous
(2013), Complexity of random smooth functions on the high-dimensional sphere, Ann. Probab. 41.
"""

import functools
import itertools

import numpy as np

from spinglass.complexity.api import complexity
from spinglass.counts import mean_count
from spinglass.figures.recipe import Recipe
from spinglass.models import mixed, pure
from spinglass.plotting import complexities
from spinglass.plotting.style import GREY, SHADE, frame, line

INDICES = (0, 1, 2, 5, 10, 100, None)
DEGREES = (2, 3, 4, 16)


def pure_curves(quick):
    """Theta_k(u) of the pure 3-spin near the threshold, with -E_k and -E_inf."""
    c = complexity(pure(3))
    u = np.linspace(-1.70, -1.60, 201 if quick else 1001)
    names = ["total" if k is None else f"index {k}" for k in INDICES]
    curves = {name: c.below(u, index=k) for name, k in zip(names, INDICES, strict=True)}
    marks = {"lowest": np.array([c.lowest_energy(index=k) for k in INDICES]), "threshold": c.threshold_energy}
    return {"u": u, **curves, **marks}


def draw_pure_curves(data, axes):
    """Draw the curves with their zeros."""
    ax = frame(axes[0, 0])
    for i, k in enumerate(INDICES):
        name = "total" if k is None else f"index {k}"
        label = "all indices" if k is None else f"$k = {k}$"
        ax.plot(data["u"], data[name], label=label, **line(i))
        if k in (0, 1, 2):
            place = data["lowest"][i]
            ax.plot([place], [0], "o", color=line(i)["color"], markersize=4, zorder=3)
            offset = ((-16, 14), (6, -24), (22, -14))[k]
            leader = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6}
            ax.annotate(
                f"$-E_{k}$",
                (place, 0),
                xytext=offset,
                textcoords="offset points",
                ha="center",
                arrowprops=leader,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.axvline(data["threshold"], color=GREY, linewidth=0.8, linestyle="--")
    ax.annotate(r"$-E_\infty$", (data["threshold"], -0.052), xytext=(4, 0), textcoords="offset points")
    ax.set(xlim=(-1.70, -1.60), ylim=(-0.06, 0.03))
    ax.set(xlabel="energy density $u$", ylabel=r"$\Theta_{k}(u)$ (nats per dimension)")
    ax.set_title("pure 3-spin: critical points of index $k$ at or below $u$", fontsize="medium")
    ax.legend(frameon=False, ncols=2)


def pure_thresholds(quick):
    """E_k and E_inf of the pure p-spin, p = 3..20."""
    degrees = np.arange(3, 21)
    objects = [complexity(pure(int(p))) for p in degrees]
    energies = {f"E_{k}": np.array([-c.lowest_energy(index=k) for c in objects]) for k in (0, 1, 2, 5)}
    return {"p": degrees, **energies, "E_inf": np.array([-c.threshold_energy for c in objects])}


def draw_pure_thresholds(data, axes):
    """Draw E_k against p, and the width of the band E_k - E_inf beside it."""
    for ax, offset in zip(axes[0], (0.0, data["E_inf"]), strict=True):
        frame(ax)
        for i, k in enumerate((0, 1, 2, 5)):
            style = line(i, marker=complexities.MARKERS[i], markersize=4)
            ax.plot(data["p"], data[f"E_{k}"] - offset, label=f"$E_{k}$", **style)
        ax.set_xlabel("degree $p$")
        ax.set_xticks([3, 5, 10, 15, 20])
    axes[0, 0].plot(data["p"], data["E_inf"], color=GREY, label=r"$E_\infty$")
    axes[0, 0].set_ylabel("energy density (absolute value)")
    axes[0, 0].legend(frameon=False)
    axes[0, 1].set_ylabel(r"$E_k - E_\infty$ (energy density)")
    axes[0, 1].set_ylim(bottom=0)


def mixtures(quick):
    """Totals and minima of w q^a + (1 - w) q^b, and the sign of G, which tells pure-like from full mixtures."""
    weight = np.linspace(0, 1, 41 if quick else 161)
    data = {"w": weight}
    for a, b in itertools.combinations(DEGREES, 2):
        objects = [complexity(mixed({a: w, b: 1 - w})) for w in weight]
        data[f"total {a} {b}"] = np.array([c.total() for c in objects])
        data[f"minima {a} {b}"] = np.array([c.total(index=0) for c in objects])
        # G is twice the complexity of all points at the threshold energy
        data[f"G {a} {b}"] = np.array([2 * c(c.threshold_energy) for c in objects])
    return data


def draw_mixtures(data, axes):
    """Draw one panel per segment, full mixtures shaded."""
    for ax, (a, b) in zip(axes.ravel(), itertools.combinations(DEGREES, 2), strict=True):
        frame(ax)
        w = data["w"]
        ax.plot(w, data[f"total {a} {b}"], label="all critical points", **line(0))
        ax.plot(w, data[f"minima {a} {b}"], label="minima", **line(1))
        ax.plot(w, data[f"G {a} {b}"], label="$G$", **line(2, linewidth=1.0))
        top = 1.45
        ax.fill_between(w, -0.12, top, where=data[f"G {a} {b}"] < -1e-12, color=SHADE, label="full mixture ($G < 0$)")
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.set(xlim=(0, 1), ylim=(-0.12, top))
        ax.set_title(rf"$\xi(q) = w\,q^{{{a}}} + (1 - w)\,q^{{{b}}}$", fontsize="medium")
    for ax in axes[-1]:
        ax.set_xlabel("weight $w$")
    for ax in axes[:, 0]:
        ax.set_ylabel("nats per dimension")
    handles, labels = next(h for ax in axes.ravel() if len((h := ax.get_legend_handles_labels())[0]) == 4)
    axes[0, 0].figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)


SIZES = (5, 10, 20, 50, 100)


def finite_minima(n, u):
    """Return (1/N) log of the exact mean number of minima at or below energies."""
    return np.array([mean_count(pure(3), n, energies=(-np.inf, x), index=0).log_mean for x in u]) / n


def minima(quick):
    """Exact mean numbers of minima of the pure 3-spin at finite N, and Theta_0."""
    u = np.linspace(-1.8, -1.3, 21 if quick else 101)
    data = {f"finite {n}": functools.partial(finite_minima, n, u) for n in SIZES}
    c = complexity(pure(3))
    curve = np.linspace(-1.8, -1.3, 501)
    return {"u finite": u, **data, "u": curve, "index 0": c.below(curve, index=0), "lowest": c.lowest_energy()}


def draw_minima(data, axes):
    """Draw finite N approaching the limit, and what is left of it."""
    left, right = (frame(ax) for ax in axes[0])
    limit = np.interp(data["u finite"], data["u"], data["index 0"])
    for i, n in enumerate(SIZES):
        curve = data[f"finite {n}"]
        left.plot(data["u finite"], curve, label=f"$N = {n}$", **line(1 + i, linewidth=1.2))
        right.plot(data["u finite"], n * (curve - limit), label=f"$N = {n}$", **line(1 + i))
    left.plot(data["u"], data["index 0"], label=r"$\Theta_0(u)$, $N = \infty$", **line(0))
    left.axhline(0, color=GREY, linewidth=0.8)
    left.set(ylim=(-0.3, 0.22), ylabel=r"$\frac{1}{N}\log E\,\mathrm{Crt}_{N,0}(u)$ (nats per dimension)")
    left.set_title("pure 3-spin: minima at or below $u$", fontsize="medium")
    right.set(ylabel=r"$\log E\,\mathrm{Crt}_{N,0}(u) - N\,\Theta_0(u)$ (nats)")
    right.set_title("what the limit leaves out", fontsize="medium")
    for ax in (left, right):
        ax.set(xlim=(-1.8, -1.3), xlabel="energy density $u$")
        ax.axvline(data["lowest"], color=GREY, linewidth=0.8, linestyle="--")
    left.legend(frameon=False, loc="upper left")
    right.legend(frameon=False, loc="lower right", ncols=2)
    left.annotate("$-E_0$", (data["lowest"], -0.29), xytext=(4, 0), textcoords="offset points")


RECIPES: tuple[Recipe, ...] = (
    Recipe("auffinger2013-1", "Theta_k(u) of the pure 3-spin", pure_curves, draw_pure_curves),
    Recipe("auffinger2013-2", "E_k and E_inf against p", pure_thresholds, draw_pure_thresholds, 1, 2, (9.0, 3.8)),
    Recipe(
        "auffinger2013-3", "mixtures: totals, minima, pure-like or full", mixtures, draw_mixtures, 2, 3, (10.0, 6.2)
    ),
    Recipe("auffinger2013-4", "minima at finite N approach Theta_0", minima, draw_minima, 1, 2, (10.0, 4.2)),
)
