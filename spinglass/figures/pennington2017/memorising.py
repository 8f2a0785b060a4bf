r"""Figure 6: critical points of tanh networks that memorise noise, their index against their energy.

n inputs, hidden units and outputs; :math:`\phi = 2n/m`.  The power law :math:`\epsilon = \epsilon_c + c\,\alpha^{2/3}`
fits points of small index, and its :math:`\epsilon_c` follows :math:`\frac12(1-\phi)^2`, as the energy of minimisers
does.  Linear regression would end at :math:`\frac12(1-\phi)`.  The critical energy of Wishart plus Wigner is drawn in
units in which the positive part has mean 1 and the other variance :math:`2\epsilon`; figure 8 measures both.
"""

import functools

import numpy as np

from spinglass.networks import critical_points, fit_critical_energy, minimisers
from spinglass.plotting.style import COLOURS, GREY, OBSERVED, PUBLISHED, THEORY, frame, line
from spinglass.spectra import critical_energy, minimiser_energy

#: phi by name
RATIOS = {"2/3": 2 / 3, "1/2": 1 / 2, "1/3": 1 / 3, "1/4": 1 / 4, "1/8": 1 / 8}
MARKERS = "osD^v"
LARGEST = 0.15  # index up to which the power law is fitted


def points(phi, n, attempts):
    """Return energy, index, certain index and squared gradient of critical points, one row each."""
    every = found(phi, n, attempts)
    return np.stack([every[name] for name in ("energy", "index", "certain_index", "gradient")])


def ends(phi, n, descents, steps):
    """Return the energies of minimisers."""
    return _ends(phi, n, descents, steps).copy()


@functools.lru_cache
def found(phi, n, attempts):  # by three figures, none of which changes it
    """Return what `critical_points` tells."""
    return critical_points(phi, n, attempts, seed=2017)


@functools.lru_cache
def _ends(phi, n, descents, steps):
    return minimisers(phi, n, descents, 2018, steps)


def memorising(quick):
    """Return critical points and minimisers of networks, and the two predictions of the critical energy."""
    n, attempts, descents, steps = (8, 8, 2, 1000) if quick else (16, 60, 10, 3000)
    phi = np.linspace(0.02, 0.98, 97)
    data: dict = {"n": n, "phi": phi, "theory": critical_energy(phi), "observed": minimiser_energy(phi)}
    for name, ratio in RATIOS.items():
        data[f"critical points {name}"] = functools.partial(points, ratio, n, attempts)
        data[f"minimisers {name}"] = functools.partial(ends, ratio, n, descents, steps)
    return data


def fits(data):
    """Return the fitted critical energy, its standard error and the amplitude, one row per ratio."""
    rows = (data[f"critical points {name}"] for name in RATIOS)
    return np.array([fit_critical_energy(energy, certain, LARGEST) for energy, _, certain, _ in rows])


def draw_memorising(data, axes):
    """Draw index against energy with fits, and the fitted critical energies beside theory and rule."""
    left, right = (frame(ax) for ax in axes[0])
    fitted, alpha = fits(data), np.linspace(0, LARGEST, 61)
    for i, name in enumerate(RATIOS):
        energy, _, certain, _ = data[f"critical points {name}"]
        critical, _, amplitude = fitted[i]
        left.plot(critical + amplitude * alpha ** (2 / 3), alpha, **line(1 + i, linewidth=1.0))
        left.plot(energy, certain, MARKERS[i], color=COLOURS[1 + i], markersize=4, label=rf"$\phi = {name}$")
    left.set(xlim=(0, None), ylim=(-0.01, None), xlabel=r"energy $\epsilon$ (loss per output)")
    left.set_ylabel(r"fraction of negative eigenvalues $\alpha$")
    left.set_title(
        rf"critical points, $n = {data['n']}$; lines: fits of $\epsilon_c + c\,\alpha^{{2/3}}$", fontsize="medium"
    )
    left.legend(frameon=False, loc="upper left")
    right.plot(data["phi"], data["theory"], label=r"$\epsilon_c$, Wishart plus Wigner", color=THEORY)
    rule = {"color": PUBLISHED, "linestyle": (0, (6, 2)), "label": r"published rule, $\frac{1}{2}(1-\phi)^2$"}
    right.plot(data["phi"], data["observed"], **rule)
    style = {"color": GREY, "linestyle": ":", "label": r"linear regression, $\frac{1}{2}(1-\phi)$"}
    right.plot(data["phi"], (1 - data["phi"]) / 2, **style)
    ratios = np.array(list(RATIOS.values()))
    marks = {"color": OBSERVED, "markersize": 5, "elinewidth": 0.8, "capsize": 2}
    right.errorbar(ratios, fitted[:, 0], fitted[:, 1], fmt="D", label=r"networks, fitted $\epsilon_c$", **marks)
    ends = np.array([data[f"minimisers {name}"].mean() for name in RATIOS])
    right.plot(ratios, ends, "x", color=OBSERVED, markersize=8, label="networks, minimisers")
    right.axhline(0, color=GREY, linewidth=0.8)
    right.set(xlim=(0, 1), ylim=(-0.01, 0.52), xlabel=r"parameters per residual $\phi$", ylabel=r"energy $\epsilon$")
    right.set_title("where negative eigenvalues begin", fontsize="medium")
    right.legend(frameon=False, loc="upper right")
