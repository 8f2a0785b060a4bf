r"""Figure 5: the surface by index, and the bands of energies below which only few negative eigenvalues occur.

:math:`\Theta_{k_D,k_G}(u_D, u_G)` grows with both energies and falls with both indices.  So the energies at or below
which there are equilibria of an index are bounded by a falling curve, found here as the zero along each of many rising
lines, and the largest k_D is the largest whose curve, at k_G = 0, lies below the given energies.

By the exact law no equilibria of finite index are left at :math:`\sigma_z = 1`; they are drawn where the coupling is
so small that there are some, beside the published constants at the same coupling.
"""

import functools

import matplotlib as mpl
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.api import complexity
from spinglass.figures.baskerville2021gan import published
from spinglass.models import gan
from spinglass.plotting.style import STYLES, frame, line

PAIRS = tuple((k_d, k_g) for k_d in range(3) for k_g in range(3))
HIGHEST = 29
BANDS = (*range(10), 10, 15, 20, HIGHEST)  # indices at which a new colour begins
LABELS = (*(str(k) for k in range(10)), "10-14", "15-19", f"20-{HIGHEST - 1}", f"$\\geq {HIGHEST}$")
SMALL = 0.001  # sigma_z at which the exact law leaves some equilibria of finite index
MARGIN, FAR = 0.25, 10.0  # in units of the window: how far beyond it a boundary is followed, and where it is put then
ROWS = {  # constants, sigma_z, and the ends of u_D and of u_G/sigma_z
    "published": (published.MODEL["sigma_z"], ((-3.5, 1.5), (-1.0, 0.15))),
    "published small": (SMALL, ((-4.0, 1.0), (-1.0, 0.15))),
    "exact small": (SMALL, ((-1.575, -1.545), (-4.46, -4.24))),
}
NAMES = {
    "published": r"published, $\sigma_z = 1$",
    "published small": r"published, $\sigma_z = 0.001$",
    "exact small": r"exact, $\sigma_z = 0.001$",
}


@functools.lru_cache(maxsize=16)
def laws(name):
    """Return a function that gives the complexity at or below two energies for the constants of a row."""
    model = {**published.MODEL, "sigma_z": ROWS[name][0]}
    if name.startswith("published"):
        return lambda u_d, u_g, index: published.below(**model, u_d=u_d, u_g=u_g, index=index)
    return complexity(gan(**model)).below


def rate(name, u_d, u_g, index):
    """Return the complexity of an index pair at or below u_D and u_G, the latter in units of sigma_z."""
    return laws(name)(u_d, u_g * ROWS[name][0], index=index)


def boundary(name, index, count, steps):
    """Return the curve on which the complexity of an index pair vanishes, as points (u_D, u_G/sigma_z).

    One point per rising line, the lines being those that meet the window or pass it closely; far beyond the window
    where the complexity has one sign along a line.
    """
    window = np.array(ROWS[name][1])
    offset = np.linspace(-1 - MARGIN, 1 + MARGIN, count)  # lines (x, x + offset) over the unit square
    low, high = np.maximum(-offset, 0.0) - MARGIN, np.minimum(1 - offset, 1.0) + MARGIN

    def points(x, offset):
        return window[:, 0] + np.ptp(window, axis=1) * np.stack([x, x + offset], axis=1)

    def height(x, offset):  # of the sign of the rate, and of no more than a few units
        u_d, u_g = points(x, offset).T
        return np.arcsinh(np.maximum(rate(name, u_d, u_g, index), -1e6))

    bottom, top = height(low, offset), height(high, offset)
    place = np.where(bottom > 0, low - FAR, high + FAR)
    met = (bottom <= 0) & (top > 0)
    place[met] = zeros(lambda x: height(x, offset[met]), low[met], high[met], bottom[met], top[met], steps)
    return points(place, offset)


def zeros(height, low, high, bottom, top, steps):
    """Return zeros between places where a function is not positive and places where it is, given its values there.

    Regula falsi; the value of an end that stays twice is halved (Illinois).
    """
    before = np.zeros(len(low), dtype=bool), np.zeros(len(low), dtype=bool)  # which end stayed: the low, the high one
    for _ in range(steps):
        middle = high - (high - low) * top / (top - bottom)
        value = height(middle)
        up = value > 0
        bottom = np.where(up, np.where(before[0], 0.5 * bottom, bottom), value)
        top = np.where(up, value, np.where(before[1], 0.5 * top, top))
        low, high, before = np.where(up, low, middle), np.where(up, middle, high), (up, ~up)
    return high - (high - low) * top / (top - bottom)


def by_index(quick):
    """Return the boundaries of nine pairs of indices and of the bands of both players, in each row."""
    indices = [*PAIRS, *((k, 0) for k in BANDS), *((0, k) for k in BANDS)]
    count, steps = (25, 8) if quick else (301, 14)
    return {
        f"boundary {name} {index[0]} {index[1]}": functools.partial(boundary, name, index, count, steps)
        for name in ROWS
        for index in dict.fromkeys(indices)
    }


def draw_by_index(data, axes):
    """Draw the lines of zero complexity and the largest indices, one row per law and sigma_z."""
    for row, name in zip(axes, ROWS, strict=True):
        window = ROWS[name][1]
        draw_pairs(frame(row[0]), data, name)
        for ax, player in zip(row[1:], (0, 1), strict=True):
            draw_bands(ax, data, name, player)
        for ax in row:
            ax.set(xlim=window[0], ylim=window[1])
            ax.set(xlabel="energy density $u_D$", ylabel=r"energy density $u_G/\sigma_z$")
            ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
            ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))


def draw_pairs(ax, data, name):
    """Draw the lines of zero complexity of nine pairs: one colour per k_D, one style per k_G."""
    for k_d, k_g in PAIRS:
        points = data[f"boundary {name} {k_d} {k_g}"]
        style = line(k_d + 1, linestyle=STYLES[k_g], linewidth=1.2 + 0.4 * (2 - k_d))
        ax.plot(*points.T, label=f"{k_d}, {k_g}", **style)
    ax.set_title(rf"{NAMES[name]}: $\Theta_{{k_D, k_G}} = 0$", fontsize="medium")
    place = "lower right" if name.startswith("published") else "lower left"
    ax.legend(title="$k_D$, $k_G$", frameon=False, loc=place, fontsize="small")


def draw_bands(ax, data, name, player):
    """Paint the window in the colour of the largest possible index of a player."""
    colours = mpl.colormaps["viridis"].resampled(len(BANDS))
    for i, k in enumerate(BANDS):
        index = (k, 0) if player == 0 else (0, k)
        points = data[f"boundary {name} {index[0]} {index[1]}"]
        beyond = points + 2 * FAR * np.ptp(ROWS[name][1], axis=1)  # above the boundary, along the same lines
        ax.fill(*np.vstack([points, beyond[::-1]]).T, facecolor=colours(i), edgecolor="none", zorder=0.5 + 0.01 * i)
    letter = "DG"[player]
    norm = BoundaryNorm(np.arange(len(BANDS) + 1), colours.N)
    bar = ax.figure.colorbar(ScalarMappable(norm, colours), ax=ax, ticks=np.arange(len(BANDS)) + 0.5)
    bar.ax.set_yticklabels(LABELS)
    bar.set_label(f"largest $k_{letter}$ (white: none)")
    ax.set_title(f"{NAMES[name]}: largest $k_{letter}$", fontsize="medium")
