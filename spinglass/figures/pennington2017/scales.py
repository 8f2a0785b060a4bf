r"""Figure 8: critical energies and the power of the index, with the scales of both parts measured where they act.

At a critical point :math:`\sigma_0 = \operatorname{tr} H_0/P` is the scale of the positive part and
:math:`v = \operatorname{tr} H_1^2/P` the variance of the other.  Wishart plus Wigner with these two numbers has the
energy :math:`\hat\epsilon = v/2\sigma_0^2` in units in which its formulas are written, and its index is that of
:math:`\hat\epsilon`, not of the loss.
"""

import functools

import numpy as np

from spinglass.figures.pennington2017 import memorising
from spinglass.networks import critical_points, fit_index_power
from spinglass.plotting.style import COLOURS, OBSERVED, PUBLISHED, THEORY, frame, line
from spinglass.spectra import critical_energy, negative_fraction

RATIOS = memorising.RATIOS | {"1/16": 1 / 16}
UNITS = 8
CHUNK = 100
ENOUGH = 30
SMALL = (0.5 / (2 * UNITS**2), 0.03)  # indices of one to three negative eigenvalues: just above the critical energy
COLUMNS = ("energy", "certain_index", "positive", "residual")


def points(phi, attempts, seed):
    """Return COLUMNS of critical points, one row each."""
    found = critical_points(phi, UNITS, attempts, seed)
    return np.stack([found[name] for name in COLUMNS])


def quick_points(phi, attempts):
    """Return the same of the points that figure 6 finds."""
    found = memorising.found(phi, UNITS, attempts)
    return np.stack([found[name] for name in COLUMNS])


def scales(quick):
    """Return critical points by ratio, in chunks that are kept one by one."""
    data: dict = {"phi": np.linspace(0.02, 0.98, 97), "index": np.linspace(0, 0.15, 61)}
    data["theory"] = critical_energy(data["phi"])
    for name, phi in RATIOS.items():
        if quick:
            data[f"points {name} 0"] = functools.partial(quick_points, phi, 8)
            continue
        for chunk in range(15):
            data[f"points {name} {chunk}"] = functools.partial(points, phi, CHUNK, 2017 + 1000 * (1 + chunk))
    return data


def of_ratio(data, name):
    """Return energy, index and scaled energy of all points of a ratio."""
    energy, index, positive, residual = np.hstack([data[key] for key in data if key.startswith(f"points {name} ")])
    return energy, index, residual / (2 * positive**2)


def scaled_critical_energy(data, name):
    """Return the quartiles of the scaled energy of critical points of the smallest positive indices."""
    _, index, scaled = of_ratio(data, name)
    first = scaled[(index > SMALL[0]) & (index <= SMALL[1])]
    return np.quantile(first, [0.25, 0.5, 0.75]) if len(first) else np.full(3, np.nan)


def powers(data, largest=memorising.LARGEST):
    """Return the fits of the power law, with a free exponent, by ratio: of those with ENOUGH points.

    Minima are left out: the power law says of them that they lie below its origin, and no more.
    """
    rows = {name: np.array(of_ratio(data, name)[:2]) for name in RATIOS}
    rows = {name: row[:, (row[1] > 0) & (row[1] <= largest)] for name, row in rows.items()}
    return {name: fit_index_power(row[0], row[1], largest) for name, row in rows.items() if row.shape[1] >= ENOUGH}


def draw_scales(data, axes):
    """Draw index against scaled energy, critical ones beside the formula, and the exponents."""
    left, middle, right = (frame(ax) for ax in axes[0])
    for i, name in enumerate(("1/2", "1/4", "1/8")):
        _, index, scaled = of_ratio(data, name)
        left.plot(scaled, index, "osD"[i], color=COLOURS[1 + i], markersize=2.5, alpha=0.5)
        theory = np.geomspace(1e-4, 1, 121)
        pen = line(1 + i, linestyle="-", linewidth=1.6)
        left.plot(theory, negative_fraction(RATIOS[name], theory), label=rf"$\phi = {name}$", **pen)
    left.set(xscale="log", xlim=(1e-4, 1), ylim=(0, 0.3), xlabel=r"scaled energy $v/2\sigma_0^2$")
    left.set_ylabel(r"fraction of negative eigenvalues $\alpha$")
    left.set_title("networks (marks), Wishart plus Wigner (lines)", fontsize="medium")
    left.legend(frameon=False, loc="upper left")
    ratios = np.array(list(RATIOS.values()))
    seen = np.array([scaled_critical_energy(data, name) for name in RATIOS])
    middle.plot(data["phi"], data["theory"], label=r"$\epsilon_c$, Wishart plus Wigner", color=THEORY)
    reach = np.abs(seen[:, [0, 2]] - seen[:, [1]]).T
    marks = {"color": OBSERVED, "markersize": 5, "elinewidth": 0.8, "capsize": 2}
    middle.errorbar(ratios, seen[:, 1], reach, fmt="D", label="networks, 1 to 3 negative\n(median, quartiles)", **marks)
    middle.set(yscale="log", ylim=(1e-5, 1), xlabel=r"parameters per residual $\phi$", ylabel="scaled energy")
    middle.set_title("where instability begins", fontsize="medium")
    middle.legend(frameon=False, loc="lower left")
    fits = powers(data)
    right.axhline(1.5, color=PUBLISHED, linestyle="--", label="3/2")
    for name, fit in fits.items():
        low, high = fit.interval()
        bars = [[max(fit.exponent - low, 0)], [max(high - fit.exponent, 0)]]
        label = "networks, 95% (bootstrap)" if name == next(iter(fits)) else None
        right.errorbar([RATIOS[name]], [fit.exponent], bars, fmt="D", label=label, **marks)
    if not fits:
        right.text(0.35, 2.2, "quick mode finds too few points to fit", ha="center", color=THEORY)
    right.set(xlim=(0, 0.7), ylim=(0, 3), xlabel=r"parameters per residual $\phi$", ylabel=r"exponent $\gamma$")
    right.set_title(r"$\alpha \propto (\epsilon - \epsilon_c)^\gamma$, $\gamma$ fitted", fontsize="medium")
    right.legend(frameon=False, loc="lower right")
