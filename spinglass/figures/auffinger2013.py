"""Complexity of the pure and mixed spherical models.

Auffinger, Ben Arous, Cerny (2013), Random matrices and complexity of spin glasses, CPAM 66; Auffinger, Ben Arous
(2013), Complexity of random smooth functions on the high-dimensional sphere, Ann. Probab. 41.
"""

import functools
import itertools

import numpy as np
from scipy.optimize import brentq

from spinglass.complexity.api import complexity
from spinglass.counts import mean_count
from spinglass.figures.families import parameters, sizes
from spinglass.figures.recipe import Recipe
from spinglass.models import mixed, pure
from spinglass.plotting.style import GREY, MARKERS, SHADE, THEORY, frame, line

INDICES = (0, 1, 2, 5, 10, 100, None)
DEGREES = (2, 3, 4, 16)
SHOWN = (0, 1, 2, 5)  # indices whose lowest energies are drawn against p
SIZES = (5, 7, 10, 14, 20, 30, 50, 70, 100)
CURVES = (5, 10, 20, 50, 100)  # sizes drawn as curves over the energy
ENERGIES = (-1.75, -1.70, None, -1.60, -1.50)  # None: the lowest energy of minima


def number(k):
    """Return the number of the curve of an index: of all together 0, then 1, 2, 3 .. in the order of INDICES."""
    return 0 if k is None else 1 + INDICES.index(k)


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
    # up to the threshold most points are minima: their curve is drawn on that of all
    ax.plot(data["u"], data["total"], label="all indices", **line(0, linewidth=3.0))
    for i, k in enumerate(INDICES[:-1]):
        ax.plot(data["u"], data[f"index {k}"], label=f"$k = {k}$", **line(number(k)))
        if k in (0, 1, 2):
            place = data["lowest"][i]
            ax.plot([place], [0], "o", color=line(number(k))["color"], markersize=4, zorder=3)
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
    energies = {f"E_{k}": np.array([-c.lowest_energy(index=k) for c in objects]) for k in SHOWN}
    return {"p": degrees, **energies, "E_inf": np.array([-c.threshold_energy for c in objects])}


def draw_pure_thresholds(data, axes):
    """Draw E_k against p, and the width of the band E_k - E_inf beside it."""
    for ax, offset in zip(axes[0], (0.0, data["E_inf"]), strict=True):
        frame(ax)
        for i, k in enumerate(SHOWN):
            style = line(number(k), marker=MARKERS[i], markersize=4)
            ax.plot(data["p"], data[f"E_{k}"] - offset, label=f"$E_{k}$", **style)
        ax.set_xlabel("degree $p$")
        ax.set_xticks([3, 5, 10, 15, 20])
    axes[0, 0].plot(data["p"], data["E_inf"], color=GREY, label=r"$E_\infty$")
    axes[0, 0].set_ylabel("energy density (absolute value)")
    axes[0, 0].legend(frameon=False)
    axes[0, 1].set_ylabel(r"$E_k - E_\infty$ (energy density)")
    axes[0, 1].set_ylim(bottom=0)


def mixture(a, b, w):
    """Return the complexity of w q^a + (1 - w) q^b."""
    return complexity(mixed({a: w, b: 1 - w}))


def sign(a, b, w):
    """Return G, twice the complexity of all points at the threshold energy: negative in full mixtures."""
    c = mixture(a, b, w)
    return 2 * c(c.threshold_energy)


def full_mixtures(a, b, weight):
    """Return the intervals of weights where G is negative, one row each, their ends found as zeros of G."""
    values = np.array([sign(a, b, w) for w in weight])
    values[np.abs(values) < 1e-12] = 0.0  # at w = 1 of the pure 2-spin
    changes = np.flatnonzero(values[1:] * values[:-1] < 0)
    zeros = [brentq(lambda w: sign(a, b, w), weight[i], weight[i + 1], xtol=1e-14) for i in changes]
    ends = [0.0, *zeros, 1.0]
    negative = [(lo, hi) for lo, hi in itertools.pairwise(ends) if sign(a, b, 0.5 * (lo + hi)) < 0]
    return np.reshape(negative, (-1, 2))


def mixtures(quick):
    """Totals and minima of w q^a + (1 - w) q^b, and the sign of G, which tells pure-like from full mixtures."""
    weight = 0.5 * (1 - np.cos(np.linspace(0, np.pi, 101 if quick else 401)))  # crowded at the pure models
    data = {"w": weight}
    for a, b in itertools.combinations(DEGREES, 2):
        objects = [mixture(a, b, w) for w in weight]
        data[f"total {a} {b}"] = np.array([c.total() for c in objects])
        data[f"minima {a} {b}"] = np.array([c.total(index=0) for c in objects])
        data[f"G {a} {b}"] = np.array([sign(a, b, w) for w in weight])
        data[f"full {a} {b}"] = full_mixtures(a, b, weight)
    return data


def draw_mixtures(data, axes):
    """Draw one panel per segment, each in its own range, full mixtures shaded."""
    shaded = None
    for ax, (a, b) in zip(axes.ravel(), itertools.combinations(DEGREES, 2), strict=True):
        frame(ax)
        ax.plot(data["w"], data[f"total {a} {b}"], label="all critical points", **line(0))
        ax.plot(data["w"], data[f"minima {a} {b}"], label="minima", **line(1))
        ax.plot(data["w"], data[f"G {a} {b}"], label="$G$", **line(4, linewidth=1.0))
        for lo, hi in data[f"full {a} {b}"]:
            shaded = ax.axvspan(lo, hi, color=SHADE, label="full mixture ($G < 0$)", zorder=0)
        ax.axhline(0, color=GREY, linewidth=0.8)
        curves = [data[f"{key} {a} {b}"] for key in ("total", "minima", "G")]
        low, high = np.min(curves), np.max(curves)
        ax.set(xlim=(0, 1), ylim=(low - 0.05 * (high - low), high + 0.05 * (high - low)))
        ax.set_title(rf"$\xi(q) = w\,q^{{{a}}} + (1 - w)\,q^{{{b}}}$", fontsize="medium")
    for ax in axes[-1]:
        ax.set_xlabel("weight $w$")
    for ax in axes[:, 0]:
        ax.set_ylabel("nats per dimension")
    handles = [*axes[0, 0].get_legend_handles_labels()[0][:3], shaded]
    labels = [handle.get_label() for handle in handles]
    axes[0, 0].figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)


def finite_minima(n, u):
    """Return (1/N) log of the exact mean number of minima at or below energies."""
    return np.array([mean_count(pure(3), n, energies=(-np.inf, x), index=0).log_mean for x in u]) / n


def minima(quick):
    """Exact mean numbers of minima of the pure 3-spin at finite N, and Theta_0."""
    c = complexity(pure(3))
    u = np.linspace(-1.8, -1.3, 41 if quick else 201)
    fixed = np.array([c.lowest_energy() if x is None else x for x in ENERGIES])
    data = {f"finite {n}": functools.partial(finite_minima, n, u) for n in CURVES}
    rates = {f"at energies {n}": functools.partial(finite_minima, n, fixed) for n in SIZES}
    # one point at the threshold, where the limit has a corner
    curve = np.union1d(np.linspace(-1.8, -1.3, 501), c.threshold_energy)
    limits = {"u": curve, "index 0": c.below(curve, index=0), "lowest": c.lowest_energy()}
    return {"u finite": u, **data, **limits, "energies": fixed, "limits": c.below(fixed, index=0), **rates}


def draw_minima(data, axes):
    """Draw finite N approaching the limit over the energy, and at fixed energies against 1/N."""
    left, right = (frame(ax) for ax in axes[0])
    for n, style in zip(CURVES, sizes(len(CURVES)), strict=True):
        left.plot(data["u finite"], data[f"finite {n}"], label=f"$N = {n}$", **style)
    left.plot(data["u"], data["index 0"], label=r"$\Theta_0(u)$, $N = \infty$", color=THEORY, linewidth=2)
    left.set(xlim=(-1.8, -1.3), ylim=(-0.3, 0.2), xlabel="energy density $u$")
    left.set_ylabel(r"$\frac{1}{N}\log E\,\mathrm{Crt}_{N,0}(u)$ (nats per dimension)")
    left.set_title("pure 3-spin: minima at or below $u$", fontsize="medium")
    left.axvline(data["lowest"], color=GREY, linewidth=0.8, linestyle="--")
    left.annotate("$-E_0$", (data["lowest"], -0.29), xytext=(4, 0), textcoords="offset points")
    rates = np.array([data[f"at energies {n}"] for n in SIZES])
    for i, style in enumerate(parameters(len(ENERGIES), marker="o", markersize=3.5)):
        name = "-E_0" if ENERGIES[i] is None else f"{ENERGIES[i]:.2f}"
        right.plot(1 / np.array(SIZES), rates[:, i], label=f"$u = {name}$", **style)
        last = {"color": style["color"], "marker": "s", "markersize": 5, "markevery": [0], "clip_on": False}
        right.plot([0, 1 / SIZES[-1]], [data["limits"][i], rates[-1, i]], linestyle=":", linewidth=1, **last)
    right.plot([], [], "s", color=THEORY, markersize=5, label=r"$\Theta_0(u)$, $N = \infty$")
    right.set(xlim=(0, 0.205), ylim=(-0.65, 0.08), xlabel="$1/N$")
    right.set_ylabel(r"$\frac{1}{N}\log E\,\mathrm{Crt}_{N,0}(u)$ (nats per dimension)")
    right.set_title("the same at fixed energies, against $1/N$", fontsize="medium")
    for ax in (left, right):
        ax.axhline(0, color=GREY, linewidth=0.8)
    left.legend(frameon=False, loc="upper left", ncols=2, fontsize="small")
    right.legend(frameon=False, loc="lower left", fontsize="small")


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "auffinger2013-1",
        "Theta_k(u) of the pure 3-spin",
        pure_curves,
        draw_pure_curves,
        claim="Critical points of index $k$ begin at $-E_k$, in the order of $k$, and all $-E_k$ lie below the "
        r"threshold $-E_\infty$. Above it $\Theta_k$ is constant and the same for every finite $k$; up to it minima "
        "outnumber all other points.",
        parameters=r"Pure $p$-spin, $p = 3$; $k = 0, 1, 2, 5, 10, 100$ and all indices; $u$ from $-1.70$ to $-1.60$. "
        "$E_0 = 1.656998$, $E_1 = 1.652873$, $E_2 = 1.650253$.",
        published=r"$\Theta_k(u) = \frac12\log(p-1) - \frac{p-2}{4(p-1)}u^2 - (k+1)I_1(u)$ for $u \le -E_\infty$, "
        r"constant above; $\Theta_k(-E_k) = 0$, $E_\infty = 2\sqrt{(p-1)/p}$.",
        differs="Energies are densities of $H = Nu$.",
    ),
    Recipe(
        "auffinger2013-2",
        "E_k and E_inf against p",
        pure_thresholds,
        draw_pure_thresholds,
        1,
        2,
        (9.0, 3.8),
        claim=r"All $E_k$ grow with $p$ and stay apart from $E_\infty$, which tends to 2: the band of energies in "
        r"which only points of finite index lie becomes wider with $p$.",
        parameters="Pure $p$-spin, $p = 3, \\dots, 20$; $k = 0, 1, 2, 5$.",
        published=r"$\Theta_k(-E_k) = 0$, $E_\infty = 2\sqrt{(p-1)/p}$.",
    ),
    Recipe(
        "auffinger2013-3",
        "mixtures: totals, minima, pure-like or full",
        mixtures,
        draw_mixtures,
        2,
        3,
        (10.0, 6.2),
        claim="Between two pure models the complexities of all points and of minima change smoothly. Full mixtures "
        "($G < 0$) lie near the model of the lower degree, and only where the degrees are far enough apart: there are "
        "none between $q^2$ and $q^3$, $q^3$ and $q^4$, $q^4$ and $q^{16}$.",
        parameters=r"$\xi(q) = w q^a + (1 - w) q^b$ for $a < b$ of 2, 3, 4, 16; the ends of the shaded intervals are "
        "zeros of $G$, found to $10^{-14}$ in $w$. Each panel has its own range.",
        published=r"A mixture is pure-like for $G > 0$ and full for $G < 0$, "
        r"$G = \log\frac{\xi''}{\xi'} - \frac{(\xi'' - \xi')(\xi'' - \xi' + \xi'^2)}{\xi''\xi'^2}$ at $q = 1$.",
        differs="The segments between the four models are chosen here.",
    ),
    Recipe(
        "auffinger2013-4",
        "minima at finite N approach Theta_0",
        minima,
        draw_minima,
        1,
        2,
        (10.0, 4.2),
        claim=r"The growth rate of the exact mean number of minima approaches $\Theta_0$ from below at low energies "
        r"and overshoots above $-E_\infty$. It does not do so along a line in $1/N$: up to $-E_0$, $N$ times the gap "
        r"still grows, by less than $\log N$, so that the curves bend near $1/N = 0$.",
        parameters=r"Pure 3-spin; $N = 5, 10, 20, 50, 100$ over the energy, and $N = 5$ to 100 at "
        "$u = -1.75, -1.70, -E_0, -1.60, -1.50$. Exact numbers, no sampling.",
        published=r"$\lim \frac1N \log E\,\mathrm{Crt}_{N,0}(u) = \Theta_0(u)$.",
        differs="The paper has the limit; the numbers at finite $N$ are computed here.",
    ),
)
