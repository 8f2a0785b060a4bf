"""Figure 4: the surface Theta(u_D, u_G), by the published constants and by the exact law."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from spinglass.complexity.api import complexity
from spinglass.figures.baskerville2021gan import published
from spinglass.figures.families import parameters
from spinglass.models import gan
from spinglass.plotting.style import GREY, frame

SHARES = (-0.8, -0.4, 0.0, 0.4)  # values of u_G of the slices, in units of the largest
TITLES = {"published": "published constants", "exact": "exact law"}


def surface(quick):
    """Return Theta on a grid and along slices by the published constants and the exact law, and what it adds to them.

    The "excess" is Theta minus the smaller of its two marginals, at most 0: it is 0 where one of the two conditions
    says nothing.
    """
    exact = complexity(gan(**published.MODEL))
    rates = {"published": lambda d, g: published.below(**published.MODEL, u_d=d, u_g=g), "exact": exact.below}
    span = 1.3 * abs(exact.lowest_energy(loss=0))
    u, fine = (np.linspace(-span, span, n) for n in ((121, 601) if quick else (301, 1501)))
    data = {"u": u, "u fine": fine, "u_G": span * np.array(SHARES)}
    for name, rate in rates.items():
        data[f"theta {name}"] = rate(u[:, None], u[None, :])
        data[f"slices {name}"] = rate(fine[:, None], data["u_G"][None, :])
        smaller = np.minimum(rate(u, np.inf)[:, None], rate(np.inf, u)[None, :])
        data[f"excess {name}"] = data[f"theta {name}"] - smaller
    return data


def draw_surface(data, axes):
    """Draw contour, slices and difference from the smaller marginal; published above, exact below."""
    u = data["u"]
    for row, (name, title) in zip(axes, TITLES.items(), strict=True):
        theta = data[f"theta {name}"]
        top = theta.max()
        floor = -2 * top  # far below, Theta falls like a square: the interest lies around zero
        levels = MaxNLocator(12).tick_values(floor, top)
        drawn = row[0].contourf(u, u, theta.T, levels=levels, extend="min", cmap="viridis")
        row[0].contour(u, u, theta.T, levels=[0.0], colors="white", linewidths=1.5)
        row[0].figure.colorbar(drawn, ax=row[0]).set_label(r"$\Theta$ (nats per dimension)")
        row[0].set_title(f"{title}: " r"$\Theta(u_D, u_G)$", fontsize="medium")
        frame(row[1])
        for i, style in enumerate(parameters(len(SHARES))):
            row[1].plot(data["u fine"], data[f"slices {name}"][:, i], label=f"$u_G = {data['u_G'][i]:.1f}$", **style)
        row[1].axhline(0, color=GREY, linewidth=0.8)
        row[1].set(xlim=(u[0], u[-1]), ylim=(floor, 1.7 * top), ylabel=r"$\Theta$ (nats per dimension)")
        row[1].set_title(f"{title}: slices", fontsize="medium")
        row[1].legend(frameon=False, loc="upper center", ncols=2)
        levels = MaxNLocator(12).tick_values(floor, 0)
        drawn = row[2].contourf(u, u, data[f"excess {name}"].T, levels=levels, extend="min", cmap="cividis")
        row[2].contour(u, u, data[f"excess {name}"].T, levels=[-1e-6], colors="white", linewidths=1.2, linestyles="--")
        row[2].figure.colorbar(drawn, ax=row[2]).set_label("difference (nats per dimension)")
        row[2].set_title(f"{title}: " r"$\Theta$ $-$ smaller marginal", fontsize="medium")
        for ax in row:
            ax.set_xlabel("energy density $u_D$")
        for ax in row[::2]:
            ax.set_ylabel("energy density $u_G$")
