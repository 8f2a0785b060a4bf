r"""Figure 5: the surface by index, and the bands of energies below which only few negative eigenvalues occur.

:math:`\Theta_{k_D,k_G}(u_D, u_G)` falls with both indices, so the largest k_D with positive complexity at or below
given energies is the largest with :math:`\Theta_{k_D,0} > 0`.

By the exact law no equilibria of finite index are left at :math:`\sigma_z = 1`; they are drawn where the coupling is
so small that there are some.
"""

import functools

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.api import complexity
from spinglass.figures.baskerville2021gan import published
from spinglass.models import gan
from spinglass.plotting.style import STYLES, frame, line

PAIRS = tuple((k_d, k_g) for k_d in range(3) for k_g in range(3))
HIGHEST = 29
BANDS = (*np.arange(-0.5, 10), 14.5, 19.5, HIGHEST - 0.5, HIGHEST + 0.5)
LABELS = (*(str(k) for k in range(10)), "10-14", "15-19", f"20-{HIGHEST - 1}", f"$\\geq {HIGHEST}$")
LEGENDS = {"published": "lower right", "exact": "lower left"}
SMALL = {**published.MODEL, "sigma_z": 0.001}
ENERGIES = {"published": ((-3.5, 1.5), (-1.0, 0.15)), "exact": ((-1.568, -1.545), (-0.00445, -0.00425))}
NAMES = {"published": r"published constants, $\sigma_z = 1$", "exact": r"exact law, $\sigma_z = 0.001$"}


def rate(name, u_d, u_g, index):
    """Return the complexity of an index pair at or below energies."""
    if name == "published":
        return published.below(**published.MODEL, u_d=u_d, u_g=u_g, index=index)
    return complexity(gan(**SMALL)).below(u_d, u_g, index=index)


def surface(name, u_d, u_g, index):
    """Return the complexity of an index pair on a grid."""
    return rate(name, u_d[:, None], u_g[None, :], index)


def highest(name, player, u_d, u_g):
    """Return the largest index of a player, at most 29, with positive complexity on a grid; -1 where there is none."""
    best = np.full((len(u_d), len(u_g)), -1)
    for k in range(HIGHEST + 1):
        i, j = np.nonzero(best == k - 1)  # those where the index below is possible
        if not len(i):
            break
        positive = rate(name, u_d[i], u_g[j], (k, 0) if player == 0 else (0, k)) > 0
        best[i[positive], j[positive]] = k
    return best


def by_index(quick):
    """Return surfaces for nine pairs of indices and the largest possible indices, by both laws."""
    data: dict = {}
    for name, ends in ENERGIES.items():
        u_d, u_g = (np.linspace(*pair, 31 if quick else 121) for pair in ends)
        data[f"u_D {name}"], data[f"u_G {name}"] = u_d, u_g
        for k_d, k_g in PAIRS:
            data[f"theta {name} {k_d} {k_g}"] = functools.partial(surface, name, u_d, u_g, (k_d, k_g))
        for player, letter in enumerate("DG"):
            data[f"highest k_{letter} {name}"] = functools.partial(highest, name, player, u_d, u_g)
    return data


def draw_by_index(data, axes):
    """Draw the lines of zero complexity and the largest indices; published above, exact below."""
    for row, (name, title) in zip(axes, NAMES.items(), strict=True):
        u_d, u_g = data[f"u_D {name}"], data[f"u_G {name}"]
        ax = frame(row[0])
        for k_d, k_g in PAIRS:
            style = line(k_d + 1, linestyle=STYLES[k_g], linewidth=1.2 + 0.4 * (2 - k_d))
            color, linestyle, width = style["color"], style["linestyle"], style["linewidth"]
            theta = np.maximum(data[f"theta {name} {k_d} {k_g}"], -1e3)
            ax.contour(u_d, u_g, theta.T, [0.0], colors=color, linestyles=linestyle, linewidths=width)
            ax.plot([], [], color=color, linestyle=linestyle, linewidth=width, label=f"{k_d}, {k_g}")
        ax.set_title(f"{title}: " r"$\Theta_{k_D, k_G} = 0$", fontsize="medium")
        ax.legend(title="$k_D$, $k_G$", frameon=False, loc=LEGENDS[name], fontsize="small")
        for ax, letter in zip(row[1:], "DG", strict=True):
            # bands of 0, 1, 2, .. 9 and of tens: what is far from the edge needs no detail
            indices = np.ma.masked_less(data[f"highest k_{letter} {name}"], 0)
            colours = plt.get_cmap("viridis", len(BANDS) - 1)
            drawn = ax.pcolormesh(u_d, u_g, indices.T, norm=BoundaryNorm(BANDS, colours.N), cmap=colours)
            bar = ax.figure.colorbar(drawn, ax=ax, ticks=0.5 * (np.array(BANDS[1:]) + BANDS[:-1]))
            bar.ax.set_yticklabels(LABELS)
            bar.set_label(f"largest $k_{letter}$ (white: none)")
            ax.set_facecolor("white")
            ax.set_title(f"{title}: largest $k_{letter}$", fontsize="medium")
        for ax in row:
            ax.set(xlim=(u_d[0], u_d[-1]), ylim=(u_g[0], u_g[-1]))
            ax.set(xlabel="energy density $u_D$", ylabel="energy density $u_G$")
            ax.xaxis.set_major_locator(MaxNLocator(4))
