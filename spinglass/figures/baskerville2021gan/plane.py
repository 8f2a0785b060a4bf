r"""Figure 3: the exponent over the two shifts of the Hessian, in the domain of energies u_D <= 5, u_G <= 1/2.

The blocks of H are shifted by :math:`-(x + x_1)` and :math:`-x`.  By the published constants the energies are functions
of (x, x_1), and the domain is a part of the plane.  By the exact law they are not: three normals g stand behind two
shifts.  Then the exponent is the supremum of Sigma over the line of g with these shifts,

.. math:: \Sigma(x, x_1) = K + \Psi(d) - \tfrac12\min\{|g|^2 : Dg = d,\ Vg \le u\},

and the domain is drawn where the conditions change nothing.
"""

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.games.supremum import Annealed
from spinglass.figures.baskerville2021gan import published
from spinglass.models import gan
from spinglass.plotting.style import COLOURS, frame, line
from spinglass.spectra import LogDeterminant

BOUNDS = np.array([5.0, 0.5])  # u_D, u_G
RANGES = {"published": ((-50.0, 250.0), (-20.0, 10.0)), "exact": ((-15.0, 25.0), (-40.0, 40.0))}
CUTS = {  # values of x_1, then of x, along which the exponent is drawn
    "published": ((-12.0, -8.0, -4.0, 0.0, 4.0), (-25.0, 0.0, 50.0, 100.0)),
    "exact": ((-30.0, -15.0, 0.0, 15.0, 30.0), (-5.0, 0.0, 5.0, 10.0)),
}
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
    count, data = 121 if quick else 481, {}
    for name, annealed in laws.items():
        x, x1 = (np.linspace(*ends, count) for ends in RANGES[name])
        data[f"x {name}"], data[f"x1 {name}"] = x, x1
        height, room = exponent(annealed, x[:, None], x1[None, :])
        data[f"exponent {name}"], data[f"room {name}"] = height, room
        for cut in CUTS[name][0]:
            data[f"exponent {name} x1={cut:g}"] = exponent(annealed, x, np.array(cut))[0]
        for cut in CUTS[name][1]:
            data[f"exponent {name} x={cut:g}"] = exponent(annealed, np.array(cut), x1)[0]
    return data


def draw_plane(data, axes):
    """Draw the plane with the domain and two families of slices; published above, exact below."""
    for row, (name, title) in zip(axes, NAMES.items(), strict=True):
        x, x1, height = data[f"x {name}"], data[f"x1 {name}"], data[f"exponent {name}"]
        top = height.max()
        levels = MaxNLocator(12).tick_values(-top if name == "published" else -3 * top, top)
        ax = row[0]
        drawn = ax.contourf(x, x1, np.ma.masked_invalid(height).T, levels=levels, extend="min", cmap="viridis")
        ax.contour(x, x1, data[f"room {name}"].T, levels=[0.0], colors=COLOURS[2], linewidths=1.8, linestyles="--")
        ax.figure.colorbar(drawn, ax=ax).set_label("exponent (nats per dimension)")
        ax.set(xlabel="shift $x$", ylabel="shift $x_1$")
        ax.set_title(f"{title}: domain $u_D \\leq 5$, $u_G \\leq 0.5$ (dashed)", fontsize="medium")
        for ax, cuts, fixed, places in ((row[1], CUTS[name][0], "x1", x), (row[2], CUTS[name][1], "x", x1)):
            frame(ax)
            symbol = {"x1": "x_1", "x": "x"}[fixed]
            for i, cut in enumerate(cuts):
                curve = data[f"exponent {name} {fixed}={cut:g}"]
                ax.plot(places, np.where(np.isfinite(curve), curve, np.nan), label=f"${symbol} = {cut:g}$", **line(i))
            ax.set(xlim=(places[0], places[-1]), ylim=(levels[0], top + 0.45 * (top - levels[0])))
            ax.set(xlabel="shift $x$" if fixed == "x1" else "shift $x_1$", ylabel="exponent (nats per dimension)")
            ax.set_title(f"{title}: slices at fixed ${symbol}$", fontsize="medium")
            ax.legend(frameon=False, loc="upper center", ncols=3)
