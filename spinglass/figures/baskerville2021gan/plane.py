r"""Figure 3: the exponent over the two shifts of the Hessian, in the domain of energies u_D <= 5, u_G <= 1/2.

The blocks of H are shifted by :math:`-(x + x_1)` and :math:`-x`.  By the published constants the energies are functions
of (x, x_1), and the domain is a part of the plane.  By the exact law they are not: three normals g stand behind two
shifts.  Then the exponent is the supremum of Sigma over the line of g with these shifts,

.. math:: \Sigma(x, x_1) = K + \Psi(d) - \tfrac12\min\{|g|^2 : Dg = d,\ Vg \le u\},

and the domain is drawn where the conditions change nothing.
"""

import numpy as np
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.games.supremum import Annealed
from spinglass.figures.baskerville2021gan import published
from spinglass.figures.families import parameters
from spinglass.models import gan
from spinglass.plotting.style import COLOURS, GREY, frame
from spinglass.spectra import LogDeterminant

BOUNDS = np.array([5.0, 0.5])  # u_D, u_G
X, X1 = (-60.0, 240.0), (-60.0, 60.0)  # the plane that is drawn, of both laws
CUTS = {"x1": (-30.0, -10.0, 0.0, 10.0, 30.0), "x": (-20.0, 0.0, 20.0, 40.0)}  # where the exponent is drawn
NAMES = {"published": "published constants", "exact": "exact law"}


def exponent(annealed, x, x1):
    r"""Return :math:`\Sigma(x, x_1)` with the energies bounded, and how far the likeliest energies keep the bounds.

    The second number is the smallest of u - V g over the losses; where it is not negative the bounds change nothing.
    """
    law = annealed.local
    signs = np.array(law.signs)
    d = signs * np.stack(np.broadcast_arrays(-(x + x1), -x), axis=-1)  # rows of J, not of H
    rest = np.linalg.svd(law.shifts)[2][2:].T  # normals that move no shift
    g = d @ np.linalg.pinv(law.shifts).T
    room = BOUNDS - g @ law.losses.T
    low, high = np.full(g.shape[:-1], -np.inf), np.full(g.shape[:-1], np.inf)
    for bound, slope in zip(np.moveaxis(room, -1, 0), (law.losses @ rest).reshape(2, -1).sum(axis=1), strict=True):
        if abs(slope) < 1e-12 * np.linalg.norm(law.losses):
            low = np.where(bound < 0, np.inf, low)
        elif slope > 0:
            high = np.minimum(high, bound / slope)
        else:
            low = np.maximum(low, bound / slope)
    t = np.clip(0.0, low, high)
    psi = LogDeterminant(law)(d)
    height = annealed.constant + psi - 0.5 * (np.sum(g**2, axis=-1) + np.where(low > high, np.inf, t) ** 2)
    return np.where(low > high, -np.inf, height), room.min(axis=-1)


def plane(quick):
    """Return the exponent on a grid and along lines, by both laws."""
    laws = {
        "published": published.Published(**published.MODEL),
        "exact": Annealed(gan(**published.MODEL).local_law()),
    }
    count, fine = (181, 1201) if quick else (481, 4801)
    x, x1 = np.linspace(*X, count), np.linspace(*X1, count)
    data = {"x": x, "x1": x1, "x fine": np.linspace(*X, fine), "x1 fine": np.linspace(*X1, fine)}
    for name, annealed in laws.items():
        data[f"exponent {name}"], data[f"room {name}"] = exponent(annealed, x[:, None], x1[None, :])
        for cut in CUTS["x1"]:
            data[f"exponent {name} x1={cut:g}"] = exponent(annealed, data["x fine"], np.array(cut))[0]
        for cut in CUTS["x"]:
            data[f"exponent {name} x={cut:g}"] = exponent(annealed, np.array(cut), data["x1 fine"])[0]
    return data


def draw_plane(data, axes):
    """Draw the plane with the domain and two families of slices, on the same axes; published above, exact below."""
    top = max(data[f"exponent {name}"].max() for name in NAMES)
    levels = MaxNLocator(14).tick_values(-top, top)
    for row, (name, title) in zip(axes, NAMES.items(), strict=True):
        ax, height = row[0], np.ma.masked_invalid(data[f"exponent {name}"])
        drawn = ax.contourf(data["x"], data["x1"], height.T, levels=levels, extend="min", cmap="viridis")
        ax.contour(data["x"], data["x1"], height.T, levels=[0.0], colors="white", linewidths=1.5)
        room = data[f"room {name}"].T
        dashes = ax.contour(
            data["x"], data["x1"], room, levels=[0.0], colors=COLOURS[2], linewidths=1.8, linestyles="--"
        )
        dashes.set(path_effects=[withStroke(linewidth=3.0, foreground="white")])  # seen on dark, and in grey
        ax.figure.colorbar(drawn, ax=ax).set_label("exponent (nats per dimension)")
        ax.set(xlabel="shift $x$", ylabel="shift $x_1$")
        ax.set_title(f"{title}: domain $u_D \\leq 5$, $u_G \\leq 0.5$ (dashed)", fontsize="medium")
        draw_slices(frame(row[1]), data, name, "x1", "x")
        draw_slices(frame(row[2]), data, name, "x", "x1")
        for ax in row[1:]:
            ax.axhline(0, color=GREY, linewidth=0.8)
            ax.set(ylim=(-top, 2 * top), ylabel="exponent (nats per dimension)")


def draw_slices(ax, data, name, fixed, along):
    """Draw the exponent along one shift at some values of the other."""
    symbol = {"x1": "x_1", "x": "x"}
    for cut, style in zip(CUTS[fixed], parameters(len(CUTS[fixed])), strict=True):
        curve = data[f"exponent {name} {fixed}={cut:g}"]
        values = np.where(np.isfinite(curve), curve, np.nan)
        ax.plot(data[f"{along} fine"], values, label=f"${symbol[fixed]} = {cut:g}$", **style)
    ax.set(xlim={"x": X, "x1": X1}[along], xlabel=f"shift ${symbol[along]}$")
    ax.set_title(f"{NAMES[name]}: slices at fixed ${symbol[fixed]}$", fontsize="medium")
    ax.legend(frameon=False, loc="upper center", ncols=3)
