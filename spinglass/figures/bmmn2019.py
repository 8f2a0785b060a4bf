r"""A spike in a random tensor: complexity over the overlap with the spike and the value.

Ben Arous, Mei, Montanari, Nica (2019), The landscape of the spiked tensor model, CPAM 72.  From
:math:`\lambda_c = \sqrt{(k-1)^{k-1}/(2k(k-2)^{k-2})}` on maxima exist near the spike, apart from the band around
overlap 0 where there are exponentially many.
"""

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.further.spiked_tensor import spiked
from spinglass.figures.families import parameters
from spinglass.figures.recipe import Recipe
from spinglass.plotting.style import COLOURS, GREY, frame, line

K = 3
STRENGTHS = (0.5, 1.0, 1.5)  # of the spike: below and above lambda_c = 0.816


def landscape(quick):
    """Return S(m, x) on a grid for three strengths, and the ends of the bands against the strength."""
    m = np.sin(np.linspace(-1.57, 1.57, 241 if quick else 961))
    data = {"m": m, "critical": spiked(K, 1.0).critical_lambda()}
    for lam in STRENGTHS:
        model = spiked(K, lam)
        x = np.linspace(-1.8, 2.2, 161 if quick else 481)
        data["x"] = x
        data[f"rate {lam:g}"] = model.rate(m[:, None], x[None, :])
        if lam > data["critical"]:
            best = model.spike_overlap()
            data[f"optimum {lam:g}"] = np.array([best, model.best_value(best, maxima=True)])
        for maxima in (False, True):
            data[f"at overlap {lam:g} {'maxima' if maxima else 'all'}"] = model.at_overlap(m, maxima=maxima)
    strengths = np.union1d(np.geomspace(0.25, 2.5, 61 if quick else 241), data["critical"])  # there is a corner
    data["lambda"] = strengths
    data["band all"] = np.array([spiked(K, lam).band() for lam in strengths])
    data["band maxima"] = np.array([spiked(K, lam).band(maxima=True) for lam in strengths])
    # the overlap of the optimum leaves the edge like a square root
    near = data["critical"] * (1 + np.geomspace(1e-12, 0.03, 13)[[0, *range(7, 13)]])
    above = np.append(near, strengths[strengths > near[-1]])
    data["lambda above"] = above
    data["spike"] = np.array([spiked(K, lam).spike_overlap() for lam in above])
    return data


def draw_landscape(data, axes):
    """Draw contours above; below suprema over the value, and the bands against the strength."""
    for ax, lam in zip(axes[0], STRENGTHS, strict=True):
        heights = np.ma.masked_invalid(data[f"rate {lam:g}"]).T
        levels = MaxNLocator(10).tick_values(-0.5, 0.35)
        drawn = ax.contourf(data["m"], data["x"], heights, levels=levels, extend="min", cmap="viridis")
        ax.contour(data["m"], data["x"], heights, levels=[0.0], colors="white", linewidths=1.5)
        if f"optimum {lam:g}" in data:
            style = {"markersize": 7, "markeredgecolor": "white", "linestyle": "none", "zorder": 4}
            ax.plot(*data[f"optimum {lam:g}"], "o", color=COLOURS[2], label="optimum near the spike", **style)
            ax.legend(frameon=False, loc="upper left", labelcolor="white", fontsize="small")
        ax.set(xlabel="overlap with the spike $m$", ylabel="value $x$", xlim=(-1, 1), ylim=(-1.8, 2.2))
        ax.set_title(rf"$S(m, x)$ at $\lambda = {lam:g}$", fontsize="medium")
    ax.figure.colorbar(drawn, ax=axes[0, -1]).set_label("complexity (nats per dimension)")
    for ax, kind in zip(axes[1, :2], ("all", "maxima"), strict=True):
        frame(ax)
        for lam, style in zip(STRENGTHS, parameters(len(STRENGTHS)), strict=True):
            curve = data[f"at overlap {lam:g} {kind}"]
            ax.plot(data["m"], np.where(np.isfinite(curve), curve, np.nan), label=rf"$\lambda = {lam:g}$", **style)
            if f"optimum {lam:g}" in data:
                ax.plot([data[f"optimum {lam:g}"][0]], [0], "o", color=COLOURS[2], markersize=5, zorder=4)
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.set(xlim=(-1, 1), ylim=(-0.3, 0.45), xlabel="overlap with the spike $m$")
        ax.set_ylabel(r"$\sup_x S(m, x)$ (nats per dimension)")
        ax.set_title({"all": "all critical points", "maxima": "local maxima"}[kind], fontsize="medium")
        ax.legend(frameon=False, ncols=3, loc="upper center", fontsize="small")
    ax = frame(axes[1, 2])
    for i, (key, label) in enumerate((("band all", "all points: band"), ("band maxima", "maxima: band"))):
        ax.plot(data["lambda"], data[key][:, 0], **line(i))
        ax.plot(data["lambda"], data[key][:, 1], label=label, **line(i))
    ax.plot(data["lambda above"], data["spike"], label="maximum near the spike", **line(2))
    ax.axvline(data["critical"], color=GREY, linewidth=0.8, linestyle="--")
    ax.annotate(r"$\lambda_c$", (data["critical"], -0.95), xytext=(4, 0), textcoords="offset points")
    ax.set(ylim=(-1, 1.9), xlim=(data["lambda"][0], data["lambda"][-1]))
    ax.set(xlabel=r"strength of the spike $\lambda$", ylabel="overlap with the spike $m$")
    ax.set_title("ends of the bands of non-negative complexity", fontsize="medium")
    ax.legend(frameon=False, loc="upper right", fontsize="small")


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "bmmn2019-1",
        "a spike in a random tensor: S(m, x) and its bands",
        landscape,
        draw_landscape,
        2,
        3,
        (13.0, 7.6),
        claim=r"From $\lambda_c$ on a maximum exists near the spike (vermilion), where $\sup_x S(m, x)$ touches 0 from "
        "below, apart from the band around overlap 0 in which there are exponentially many points. The stronger the "
        "spike, the closer the maximum and the narrower the band.",
        parameters=r"$k = 3$; $\lambda = 0.5$ below and 1, 1.5 above $\lambda_c = 0.816$; the optimum lies at "
        r"$m = 0.888$, $x = 1.263$ for $\lambda = 1$ and at $m = 0.959$, $x = 1.670$ for $\lambda = 1.5$.",
        published=r"$S_*(m, x)$ in closed form; $\lambda_c = \sqrt{(k-1)^{k-1} / (2k (k-2)^{k-2})}$.",
        differs="Only the strengths drawn are chosen here.",
    ),
)
