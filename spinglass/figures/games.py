r"""Two players with correlated losses, from zero sum to common interest; no paper has it.

The losses are :math:`L_1 = f_1`, :math:`L_2 = \rho f_1 + \sqrt{1-\rho^2} f_2`.  The complexity of all equilibria does
not depend on rho.  That of local Nash equilibria, where each player is at a local minimum of its own loss, does and
changes its sign: opponents find no rest, partners do.

How fast finite games come to the limit (derived here): the supremum of local Nash equilibria lies where the edge of
each player's own block is 0, and the exponent would still rise, with the slope :math:`\mu_s` of the shift, beyond.
Shifts there are paid for by the left tail of Tracy and Widom, :math:`-\log F = |x|^3/24 + |x|^{3/2}/(3\sqrt2)`, and the
best x gives

.. math:: \log E\,\# = N\Sigma + \sum_s \Big[ \tfrac{4\sqrt2}{3} a_s^{3/2}\sqrt N
          - \tfrac{(8 a_s)^{3/4}}{3\sqrt2} N^{1/4} \Big] + b\log N + c + \dots , \qquad
          a_s = \mu_s\,v_{ss}^{1/2}\kappa_s^{-1/6} .

All equilibria have no such constraint: :math:`\log E\,\# - N\Sigma` tends to a constant.
"""

import functools

import numpy as np
from scipy.optimize import brentq

from spinglass.complexity.api import complexity
from spinglass.counts import mean_count
from spinglass.figures.recipe import Recipe
from spinglass.landscape import critical_points
from spinglass.models import SphericalGame
from spinglass.plotting.style import GREY, OBSERVED, SAMPLED, frame, line
from spinglass.spectra.dyson.log_determinant import LogDeterminant

FIELD = {(2, 1): 1.0, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
KAPPA = 0.4
NASH = (0, 0)
SPHERES = (2, 3)  # dimensions of the games that are counted by brute force
SMALL = sum(SPHERES)
LADDER = (-0.5, 0.0, 1.0)  # correlations at which the size grows
LEAST = 10  # sizes from here on are extrapolated


def correlated(rho, kappa=KAPPA):
    """Return the game of two players whose losses have correlation rho."""
    return SphericalGame([kappa, 1 - kappa], [FIELD, FIELD], [[1.0, 0.0], [rho, np.sqrt(1 - rho * rho)]], [[0], [1]])


def rates(rho):
    """Return the complexities of all and of local Nash equilibria, one row per rho."""
    objects = [complexity(correlated(r)) for r in rho]
    return np.array([(c.total(), c.total(index=NASH)) for c in objects])


def critical_correlation(kappa):
    """Return the rho at which the complexity of local Nash equilibria vanishes, nan if it does not."""

    def nash(rho):
        return complexity(correlated(rho, kappa)).total(index=NASH)

    return float(brentq(nash, -1, 1, xtol=1e-12)) if nash(-1.0) * nash(1.0) < 0 else np.nan


def critical_correlations(kappa):
    """Return the critical rho for an array of kappa."""
    return np.array([critical_correlation(k) for k in kappa])


# -- finite games ------------------------------------------------------------------------------------------------------


def sampled(rho, n, samples, index=NASH):
    """Return the logarithm of the mean number of equilibria and its standard error."""
    estimate = mean_count(correlated(rho), n, index=index, method="montecarlo", samples=samples, rng=2021)
    return np.array([estimate.log_mean, estimate.stderr])


def counted(rho, draws):
    """Return the same of local Nash equilibria from the points of drawn games, found one by one."""
    game = correlated(rho)
    streams = np.random.SeedSequence(2022).spawn(draws)
    points = (critical_points(game.draw(SPHERES, rng=s), proof=False) for s in streams)
    counts = np.array([np.sum(np.all(found.index == NASH, axis=1)) for found in points])
    mean, error = counts.mean(), counts.std(ddof=1) / np.sqrt(draws)
    return np.array([np.log(mean), error / mean])


def edge_powers(rho, step=1e-4):
    r"""Return the coefficients of :math:`\sqrt N` and :math:`N^{1/4}` in the logarithm of local Nash equilibria."""
    local = correlated(rho).local_law()
    psi, edges = LogDeterminant(local), local.edges
    precision = np.linalg.inv(local.shifts @ local.shifts.T)
    shifts = edges + step * np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    exponent = psi(shifts) - 0.5 * np.sum(shifts @ precision * shifts, axis=1)
    slopes = np.maximum((exponent[0] - exponent[1:]) / step, 0.0)
    a = slopes * np.diag(local.jacobian_variance) ** 0.5 * local.fractions ** (-1 / 6)
    return np.array([np.sum(4 * 2**0.5 / 3 * a**1.5), -np.sum((8 * a) ** 0.75) / (3 * 2**0.5)])


def extrapolated(sizes, log_means, errors, powers=(0.0, 0.0)):
    """Fit N Sigma + b log N + c, beyond known powers of N; return (Sigma, b, c) and the error of Sigma."""
    columns = np.stack([sizes, np.log(sizes), np.ones(len(sizes))], axis=1)
    weighted = columns / errors[:, None]
    known = powers[0] * np.sqrt(sizes) + powers[1] * sizes**0.25
    covariance = np.linalg.inv(weighted.T @ weighted)
    return covariance @ weighted.T @ ((log_means - known) / errors), np.sqrt(covariance[0, 0])


def ladder(data, i):
    """Return rho, sizes, log-means and errors, and the known powers, of row i; the row after the last: all."""
    everyone = i == len(LADDER)
    name = "ladder all" if everyone else f"ladder {i}"
    log_means, errors = np.array([data[f"{name} {n}"] for n in data["sizes"]]).T
    powers = np.zeros(2) if everyone else data["powers"][i]
    return 0.0 if everyone else LADDER[i], data["sizes"], log_means, errors, powers


def fitted(data, i):
    """Return (Sigma, b, c) fitted to the sizes from LEAST on of row i, and the error of Sigma."""
    _, sizes, log_means, errors, powers = ladder(data, i)
    large = sizes >= LEAST
    return extrapolated(sizes[large], log_means[large], errors[large], powers)


def correlation(quick):
    """Return complexities against rho, their zero against kappa, and finite games beside them."""
    rho, kappa = np.linspace(-1, 1, 41 if quick else 161), np.linspace(0.04, 0.96, 13 if quick else 93)
    sizes = {5: 3000, 10: 12_000, 20: 6000, 40: 8000}
    if not quick:
        sizes = {5: 40_000, 10: 60_000, 20: 60_000, 30: 60_000, 50: 60_000, 70: 60_000, 100: 60_000}
    places = np.linspace(-1, 1, 5 if quick else 9)
    data: dict = {"rho": rho, "kappa": kappa, "rho counted": places}
    data |= {"sizes": np.array(list(sizes)), "powers": np.array([edge_powers(r) for r in LADDER])}
    data["rates"] = functools.partial(rates, rho)
    data["limits"] = functools.partial(rates, LADDER)
    data["critical rho"] = functools.partial(critical_correlations, kappa)
    for n, samples in reversed(sizes.items()):  # the longest first
        for i, r in enumerate(LADDER):
            data[f"ladder {i} {n}"] = functools.partial(sampled, r, n, samples)
        data[f"ladder all {n}"] = functools.partial(sampled, 0.0, n, samples // 4, None)
    for i, r in enumerate(places):
        data[f"sampled {i}"] = functools.partial(sampled, r, SMALL, sizes[SMALL])
        data[f"counted {i}"] = functools.partial(counted, r, 40 if quick else 400)
    return data


# -- pictures ----------------------------------------------------------------------------------------------------------

LABEL = r"$\frac{1}{N}\log E\,\#$ (nats per dimension)"
MARKS = {"linestyle": "none", "markersize": 5, "elinewidth": 0.8, "zorder": 3}
DRAWN = MARKS | {"color": SAMPLED, "marker": "o"}
FOUND = MARKS | {"color": OBSERVED, "marker": "x", "markersize": 7}


def draw_correlation(data, axes):
    """Draw the curves with small games beside them, the zero, and the approach to the limit."""
    left, middle, right = (frame(ax) for ax in axes[0])
    total, nash = data["rates"].T
    left.plot(data["rho"], total, label=r"all, $N = \infty$", **line(0))
    left.plot(data["rho"], nash, label=r"local Nash, $N = \infty$", **line(1))
    for name, label, style in (("sampled", "Monte Carlo", DRAWN), ("counted", "counted", FOUND)):
        mean, error = np.array([data[f"{name} {i}"] for i in range(len(data["rho counted"]))]).T / SMALL
        left.errorbar(data["rho counted"], mean, error, label=f"local Nash, {label}, $N = {SMALL}$", **style)
    left.set(xlim=(-1.05, 1.05), ylim=(-0.95, 0.45), xlabel=r"correlation of the losses $\rho$", ylabel=LABEL)
    left.set_xticks([-1, -0.5, 0, 0.5, 1])
    left.set_title(r"equilibria at $\kappa = 0.4$", fontsize="medium")
    left.legend(frameon=False, loc="lower right", fontsize="small")
    middle.plot(data["kappa"], data["critical rho"], **line(1))
    middle.set(
        xlim=(0, 1), xlabel=r"share of dimensions of player 1, $\kappa$", ylabel=r"critical correlation $\rho^*$"
    )
    middle.set_title("local Nash equilibria abound above", fontsize="medium")
    draw_ladder(data, right)
    for ax in (left, right):
        ax.axhline(0, color=GREY, linewidth=0.8)


def draw_ladder(data, ax):
    """Draw sampled rates against the root of 1/N, their fits and the limits."""
    n = np.concatenate([np.geomspace(LEAST, 1e3, 100), np.geomspace(1.1e3, 1e9, 60)])
    for i in range(len(LADDER) + 1):
        rho, sizes, log_means, errors, powers = ladder(data, i)
        (sigma, b, c), error = fitted(data, i)
        curve = sigma + powers[0] * n**-0.5 + powers[1] * n**-0.75 + (b * np.log(n) + c) / n
        ax.plot(n**-0.5, curve, color=SAMPLED, linewidth=1.0, zorder=2)
        ax.errorbar(sizes**-0.5, log_means / sizes, errors / sizes, label=None if i else "Monte Carlo, fit", **DRAWN)
        ax.errorbar([0.0], [sigma], [error], **DRAWN | {"marker": "_", "markersize": 9, "capsize": 4})
        everyone = i == len(LADDER)
        limit = data["limits"][0, 0] if everyone else data["limits"][i, 1]
        label = r"all, $N = \infty$" if everyone else None if i else r"local Nash, $N = \infty$"
        ax.plot([0], [limit], "D", color=line(0 if everyone else 1)["color"], markersize=4, label=label, zorder=4)
        name = "all" if everyone else rf"$\rho = {rho:g}$"
        ax.annotate(name, (0, limit), (-8, 0), textcoords="offset points", ha="right", va="center", fontsize="small")
    places = [(r, i) for i, r in enumerate(data["rho counted"]) if r in LADDER]
    for r, i in places:
        mean, error = data[f"counted {i}"] / SMALL
        label = f"counted, $N = {SMALL}$" if r == places[0][0] else None
        ax.errorbar([SMALL**-0.5], [mean], [error], label=label, **FOUND)
    shown = [size for size in (5, 10, 20, 40, 100) if size <= data["sizes"].max()]
    ax.set_xticks([0, *(size**-0.5 for size in shown)], [r"$\infty$", *map(str, shown)])
    ax.set(xlim=(-0.14, 0.49), ylim=(-0.28, 0.98), xlabel=r"size $N$ (scale $N^{-1/2}$)", ylabel=LABEL)
    ax.set_title("finite games and their extrapolation", fontsize="medium")
    ax.legend(frameon=False, loc="upper left", fontsize="small", ncols=2)


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "games-1",
        "players with correlated losses: local Nash equilibria",
        correlation,
        draw_correlation,
        1,
        3,
        (14, 4.2),
        claim=r"The number of all equilibria does not depend on the correlation $\rho$ of the two losses. That of "
        r"local Nash equilibria does, and turns from exponentially small to exponentially large at $\rho^* \approx "
        "-0.035$. Finite games come down to the limit like $N^{-1/2}$: sampled up to $N = 100$ and fitted, they "
        "end within 0.007 of it.",
        parameters=r"$L_1 = f_1$, $L_2 = \rho f_1 + \sqrt{1-\rho^2} f_2$, both fields of covariance $q_1^2q_2 + "
        r".5\,q_1q_2^2 + .3\,q_1^3 + .4\,q_2^3$, $\kappa = 0.4$. Monte Carlo: 60 000 samples a point, 40 000 at $N "
        "= 5$, a quarter for all equilibria (quick: 4000 to 24 000, up to $N = 40$); counted: every equilibrium "
        r"of 400 (quick: 40) draws with spheres of dimensions 2 and 3. Fits from $N = 10$ on, of $\Sigma$, $b \log "
        r"N$ and a constant; the coefficients of $\sqrt N$ and $N^{1/4}$ are computed.",
        differs="No paper has this game. Errors of the fits are statistical: smaller powers of $N$ are left out.",
    ),
)
