r"""Two players with correlated losses, from zero sum to common interest; no paper has it.

The losses are :math:`L_1 = f_1`, :math:`L_2 = \rho f_1 + \sqrt{1-\rho^2} f_2`.  The complexity of all equilibria does
not depend on rho.  That of local Nash equilibria, where each player is at a local minimum of its own loss, does and
changes its sign: opponents find no rest, partners do.
"""

import functools

import numpy as np
from scipy.optimize import brentq

from spinglass.complexity.api import complexity
from spinglass.counts import mean_count
from spinglass.figures.recipe import Recipe
from spinglass.landscape import critical_points
from spinglass.models import SphericalGame
from spinglass.plotting.complexities import MARKERS
from spinglass.plotting.style import COLOURS, GREY, frame, line

FIELD = {(2, 1): 1.0, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
KAPPA = 0.4
NASH = (0, 0)
SIZES = (2, 3)  # of the games that are counted by brute force


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


def sampled(rho, n, samples):
    """Return (1/N) log of the mean number of local Nash equilibria and its standard error."""
    estimate = mean_count(correlated(rho), n, index=NASH, method="montecarlo", samples=samples, rng=2021)
    return np.array([estimate.log_mean, estimate.stderr]) / n


def counted(rho, draws):
    """Return the same from the equilibria of drawn games, found one by one."""
    game, n = correlated(rho), sum(SIZES)
    streams = np.random.SeedSequence(2022).spawn(draws)
    points = (critical_points(game.draw(SIZES, rng=s), proof=False) for s in streams)
    counts = np.array([np.sum(np.all(found.index == NASH, axis=1)) for found in points])
    mean, error = counts.mean(), counts.std(ddof=1) / np.sqrt(draws)
    return np.array([np.log(mean), error / mean]) / n


def correlation(quick):
    """Return complexities against rho, their zero against kappa, and finite games beside them."""
    rho, kappa = np.linspace(-1, 1, 41 if quick else 161), np.linspace(0.04, 0.96, 9 if quick else 47)
    sizes = {5: 4000, 8: 16_000} if quick else {5: 50_000, 8: 100_000, 12: 400_000}
    places = np.linspace(-1, 1, 3 if quick else 9)
    data: dict = {"rho": rho, "kappa": kappa, "rho sampled": places, "sizes": np.array(list(sizes))}
    data["rates"] = functools.partial(rates, rho)
    data["critical rho"] = functools.partial(critical_correlations, kappa)
    for i, r in enumerate(places):
        for n, samples in sizes.items():
            data[f"sampled {n} {i}"] = functools.partial(sampled, r, n, samples)
        data[f"counted {i}"] = functools.partial(counted, r, 40 if quick else 400)
    return data


def draw_correlation(data, axes):
    """Draw the curves, the zero and the finite games."""
    left, middle, right = (frame(ax) for ax in axes[0])
    total, nash = data["rates"].T
    left.plot(data["rho"], total, label="all equilibria", **line(0))
    for ax in (left, right):
        ax.plot(data["rho"], nash, label="local Nash, " r"$N = \infty$" if ax is right else "local Nash", **line(1))
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.set_xticks([-1, -0.5, 0, 0.5, 1])
        ax.set(xlabel=r"correlation of the losses $\rho$", ylabel="complexity (nats per dimension)", xlim=(-1.05, 1.05))
    left.set_title(r"complexity at $\kappa = 0.4$", fontsize="medium")
    left.legend(frameon=False, loc="lower right")
    middle.plot(data["kappa"], data["critical rho"], **line(1))
    middle.set(
        xlim=(0, 1), xlabel=r"fraction of dimensions of player 1 $\kappa$", ylabel=r"critical correlation $\rho^*$"
    )
    middle.set_title("local Nash equilibria abound above the curve", fontsize="medium")
    places = data["rho sampled"]
    for j, n in enumerate(data["sizes"]):
        mean, error = np.array([data[f"sampled {n} {i}"] for i in range(len(places))]).T
        style = {"color": COLOURS[2 + j], "marker": MARKERS[j], "linestyle": "none", "markersize": 5}
        right.errorbar(places, mean, error, label=f"Monte Carlo, $N = {n}$", elinewidth=0.8, **style)
    mean, error = np.array([data[f"counted {i}"] for i in range(len(places))]).T
    style = {"color": COLOURS[0], "fmt": "x", "markersize": 7, "elinewidth": 0.8}
    right.errorbar(places, mean, error, label=f"counted, $N = {sum(SIZES)}$", **style)
    right.set_ylabel(r"$\frac{1}{N}\log E\,\#$ (nats per dimension)")
    right.set_title("mean numbers of local Nash equilibria", fontsize="medium")
    right.legend(frameon=False, loc="lower right")


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "games-1", "players with correlated losses: local Nash equilibria", correlation, draw_correlation, 1, 3, (14, 4)
    ),
)
