r"""Figure 8: mean numbers of equilibria by index in small games, found in three ways.

Brute force solves drawn games; Monte Carlo samples the Kac-Rice formula; on two circles the formula is one integral.
There the Jacobian is :math:`\begin{pmatrix} a & b\\ -b & d\end{pmatrix}` with (a, d) Gaussian, independent of b of
variance v.  With :math:`(a, d) = r\,(\alpha, \delta)` in polar coordinates of independent normals, :math:`r^2/2` is
exponential, and with :math:`h = \alpha\delta`

.. math:: E_{r,b}|r^2 h + b^2| = 2h + v \quad (h \ge 0), \qquad
          v + 2h - 4h\,(1 - v/h)^{-1/2} \quad (h < 0),

which remains to be averaged over the angle, over each quadrant of (a, d) for each pair of indices.
"""

import functools

import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import quad

from spinglass.counts import mean_count
from spinglass.landscape import critical_points
from spinglass.models import gan
from spinglass.plotting.style import EXACT, MARKERS, OBSERVED, SAMPLED, frame

MODEL: dict = {"p": 2, "q": 1, "sigma_z": 0.5, "kappa": 0.6}
CIRCLES, SPHERES = (2, 2), (3, 3)
INDICES = {CIRCLES: ((0, 0), (0, 1), (1, 0), (1, 1)), SPHERES: tuple((i, j) for i in range(3) for j in range(3))}
WAYS = {"counted": "brute force", "sampled": "Monte Carlo", "exact": "exact"}
COLOURS = {"counted": OBSERVED, "sampled": SAMPLED, "exact": EXACT}


def on_two_circles(game):
    """Return the exact mean numbers of equilibria by index on two circles, in the order of INDICES."""
    law = game.local_law()
    spread = np.diag(2 * np.diag(law.jacobian_variance)) + law.shifts @ law.shifts.T  # of (a, d)
    root, v = np.linalg.cholesky(spread), law.jacobian_variance[0, 1]

    def size(angle):
        alpha, delta = root @ [np.cos(angle), np.sin(angle)]
        h = alpha * delta
        return v + 2 * h if h >= 0 else v + 2 * h - 4 * h / np.sqrt(1 - v / h)

    # quadrants begin where a or d changes its sign; the first is that of a, d > 0
    turns = [np.pi / 2, np.arctan2(-root[1, 0], root[1, 1])]  # a = 0, d = 0
    prefactor = np.prod(2 * np.pi / np.sqrt(2 * np.pi * law.gradient_variance)) / (2 * np.pi)
    both = quad(size, turns[1], turns[0])[0] * prefactor
    one = quad(size, turns[0], turns[1] + np.pi)[0] * prefactor
    return np.array([both, one, one, both])


def counted(sizes, draws):
    """Return mean numbers by index in drawn games and their standard errors, one row per pair of indices."""
    streams = np.random.SeedSequence(8).spawn(draws)
    game, found = gan(**MODEL), []
    for stream in streams:
        index = critical_points(game.draw(sizes, rng=stream), proof=False).index
        found.append([np.sum(np.all(index == pair, axis=1)) for pair in INDICES[sizes]])
    table = np.array(found)
    return np.array([table.mean(axis=0), table.std(axis=0, ddof=1) / np.sqrt(draws)]).T


def sampled(sizes, samples):
    """Return mean numbers by index from Monte Carlo and their standard errors."""
    rows = []
    for pair in INDICES[sizes]:
        estimate = mean_count(gan(**MODEL), sizes, index=pair, method="montecarlo", samples=samples, rng=8)
        rows.append((estimate.mean, estimate.mean * estimate.stderr))
    return np.array(rows)


def small_games(quick):
    """Return mean numbers by index on two circles and two spheres."""
    data: dict = {"exact 2": on_two_circles(gan(**MODEL))}
    for sizes in INDICES:
        n = sizes[0]
        data[f"counted {n}"] = functools.partial(counted, sizes, 60 if quick else 600)
        data[f"sampled {n}"] = functools.partial(sampled, sizes, 4000 if quick else 100_000)
    return data


def draw_small_games(data, axes):
    """Draw the numbers and print them."""
    rows = []
    for ax, sizes in zip(axes[0], INDICES, strict=False):
        n = sizes[0]
        frame(ax)
        for j, way in enumerate(WAYS):
            numbers = data.get(f"{way} {n}")
            if numbers is None:
                continue
            mean, error = (numbers, 0 * numbers) if numbers.ndim == 1 else numbers.T
            places = np.arange(len(mean)) + 0.18 * (j - 1)
            style = {"color": COLOURS[way], "fmt": MARKERS[j], "markersize": 5, "elinewidth": 1.2, "capsize": 2}
            ax.errorbar(places, mean, 2 * error, label=f"{WAYS[way]}" + (r" $\pm 2\sigma$" if j < 2 else ""), **style)
        ax.set_xticks(range(len(INDICES[sizes])), [f"{k}, {m}" for k, m in INDICES[sizes]])
        ax.set(xlabel="indices $k_D$, $k_G$", ylabel=r"mean number of equilibria", ylim=(0, None))
        ax.set_title(f"$N_D = N_G = {n}$", fontsize="medium")
        ax.legend(frameon=False, loc="lower center")
        for i, pair in enumerate(INDICES[sizes]):
            cells = ["{:.3f} ({:.3f})".format(*data[f"{way} {n}"][i]) for way in ("counted", "sampled")]
            exact = f"{data[f'exact {n}'][i]:.5f}" if f"exact {n}" in data else ""
            rows.append([f"{n}, {n}", f"{pair[0]}, {pair[1]}", *cells, exact])
    ax = axes[0, -1]
    ax.axis("off")
    table = ax.table(
        rows,
        colLabels=["$N_D, N_G$", "$k_D, k_G$", *WAYS.values()],
        colWidths=[0.14, 0.14, 0.26, 0.26, 0.2],
        bbox=[0.0, 0.0, 1.0, 1.0],
        cellLoc="center",
        edges="horizontal",
    )
    table.auto_set_font_size(False)
    table.set_fontsize(min(9.0, 0.85 * plt.rcParams["font.size"]))
    ax.set_title("means (standard errors)", fontsize="medium")
