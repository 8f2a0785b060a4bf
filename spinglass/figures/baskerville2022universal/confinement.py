r"""Figure 3: the Kac-Rice rate of a random field in a parabola of strength m, which vanishes for m >= 1.

The rate is Fyodorov's (2004); beside it the exact mean number of points at finite N.
"""

import functools

import numpy as np

from spinglass.complexity.further.parabola import parabolic
from spinglass.complexity.further.parabola_counts import parabolic_log_mean_count
from spinglass.plotting.style import EXACT, GREY, STYLES, frame, line

DIMENSIONS = (2, 5, 10, 50, 200)


def finite(n, strengths):
    """Return (1/N) log of the mean number of critical points for an array of strengths."""
    return np.array([parabolic_log_mean_count(parabolic(m), n) for m in strengths]) / n


def confinement(quick):
    """Return the rates against the strength of the parabola, at finite N and in the limit."""
    strengths = np.linspace(0.2, 1.6, 113 if quick else 281)
    data: dict = {"m": strengths}
    data["total"] = np.array([parabolic(m).total() for m in strengths])
    data["minima"] = np.array([parabolic(m).minima() for m in strengths])
    for n in DIMENSIONS:
        data[f"finite {n}"] = functools.partial(finite, n, strengths)
    return data


def draw_confinement(data, axes):
    """Draw limits and finite N, and how far finite N is from the limit."""
    left, right = (frame(ax) for ax in axes[0])
    left.plot(data["m"], data["total"], label=r"all points, $N = \infty$", **line(0))
    left.plot(data["m"], data["minima"], label=r"minima, $N = \infty$", **line(1))
    for i, n in enumerate(DIMENSIONS):
        style = {"color": EXACT, "linestyle": STYLES[i], "linewidth": 1.2}
        left.plot(data["m"], data[f"finite {n}"], label=f"all points, $N = {n}$", **style)
        right.plot(data["m"], n * (data[f"finite {n}"] - data["total"]), label=f"$N = {n}$", **style)
    left.set(ylim=(-0.02, 1.2), ylabel=r"$\frac{1}{N}\log E\,\#$ (nats per dimension)")
    left.set_title("critical points of a field in a parabola", fontsize="medium")
    right.set(ylim=(-0.05, None), ylabel=r"$\log E\,\#$ $-$ $N \times$ rate (nats)")
    right.set_title("what the limit leaves out", fontsize="medium")
    for ax in (left, right):
        ax.axvline(1, color=GREY, linewidth=0.8, linestyle="--")
        ax.set(xlim=(data["m"][0], data["m"][-1]), xlabel=r"strength of the parabola $m = \mu/\sqrt{f''(0)}$")
        ax.legend(frameon=False, loc="upper right", fontsize="small")
