"""Figure 4: the surface Theta(u_D, u_G), by the published constants and by the exact law."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.api import complexity
from spinglass.figures.baskerville2021gan import published
from spinglass.models import gan
from spinglass.plotting.contours import filled
from spinglass.plotting.style import GREY, frame, line


def surface(quick):
    """Return Theta on a grid by the published constants and by the exact law, with both marginals."""
    count = 61 if quick else 201
    exact = complexity(gan(**published.MODEL))
    data = {}
    span = 1.3 * abs(exact.lowest_energy(loss=0))
    grids = {"published": np.linspace(-span, span, count), "exact": np.linspace(-span, span, count)}
    for name, u in grids.items():

        def rate(u_d, u_g, name=name):
            if name == "published":
                return published.below(**published.MODEL, u_d=u_d, u_g=u_g)
            return exact.below(u_d, u_g)

        data[f"u {name}"] = u
        data[f"theta {name}"] = rate(u[:, None], u[None, :])
        larger = np.maximum(rate(u, np.inf)[:, None], rate(np.inf, u)[None, :])
        data[f"excess {name}"] = data[f"theta {name}"] - larger
    return data


def draw_surface(data, axes):
    """Draw contour, slices and difference from the larger marginal; published above, exact below."""
    titles = {"published": "published constants", "exact": "exact law"}
    for row, (name, title) in zip(axes, titles.items(), strict=True):
        u, theta = data[f"u {name}"], data[f"theta {name}"]
        top = theta.max()
        floor = -2 * top  # far below, Theta falls like a square: the interest lies around zero
        filled(row[0], u, u, theta.T, levels=MaxNLocator(12).tick_values(floor, top))
        row[0].set_title(f"{title}: " r"$\Theta(u_D, u_G)$", fontsize="medium")
        frame(row[1])
        for i, share in enumerate((-0.8, -0.4, 0.0, 0.4)):
            j = int(np.argmin(np.abs(u - share * u[-1])))
            row[1].plot(u, theta[:, j], label=f"$u_G = {u[j]:.1f}$", **line(i))
        row[1].axhline(0, color=GREY, linewidth=0.8)
        row[1].set(xlabel="energy density $u_D$", ylabel=r"$\Theta$ (nats per dimension)")
        row[1].set(xlim=(u[0], u[-1]), ylim=(floor, 1.7 * top))
        row[1].set_title(f"{title}: slices", fontsize="medium")
        row[1].legend(frameon=False, loc="upper center", ncols=2)
        levels = MaxNLocator(12).tick_values(floor, 0)
        filled(row[2], u, u, data[f"excess {name}"].T, levels, "difference (nats per dimension)", cmap="cividis")
        row[2].set_title(f"{title}: " r"$\Theta$ $-$ larger marginal", fontsize="medium")
