r"""Figure 9: two trained networks beside the two glasses: lowest losses of both against the latent noise and the sizes.

A discriminator and a generator (:mod:`spinglass.networks.tasks.gan_pair`) are trained on digits at several
:math:`\sigma_z` and shares :math:`\kappa` of the discriminator in all parameters.  Losses and energies have no common
scale, and only their order is compared: with the ranks r of the points of a sweep by the mean loss over seeds, and by
the energy,

.. math:: \rho = \operatorname{corr}(r_{\text{loss}}, r_{\text{energy}}) .

The start of a seed is the same at all points, so that whole seeds are resampled for the interval of :math:`\rho`.
"""

import functools
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from scipy.stats import rankdata

from spinglass.complexity.api import complexity
from spinglass.complexity.games.lowest import Along, lowest_value
from spinglass.figures.baskerville2021gan import published
from spinglass.figures.baskerville2021gan.sweeps import LAWS, LINES, SWEEPS
from spinglass.models import gan
from spinglass.networks.data import digits
from spinglass.networks.tasks.gan_pair import play, players
from spinglass.plotting.style import GREY, OBSERVED, PUBLISHED, THEORY, frame

POWERS = (5, 5)  # p and q of the glasses
PARAMETERS = 1200  # of both networks together
RATE = 3e-3  # of Adam
REST = {"sigma_z": 1.0, "kappa": 0.5}  # the one where the other is varied
PLAYERS = ("D", "G")
#: What is kept of the losses of a run.
MEASURES = ("lowest window", "last window", "lowest step", "step of the lowest window")
COLOURS = {"exact": THEORY, "published": PUBLISHED}


# -- the runs ----------------------------------------------------------------------------------------------------------


def experiment(quick):
    """Return both sweeps: points, the shares that the sizes of the networks give, the runs, and the theory."""
    data: dict = {
        "sigma_z": np.geomspace(1e-5, 1e2, 3 if quick else 13),
        "kappa": np.linspace(0.1, 0.9, 2 if quick else 6),
    }
    data["kappa"] = np.array([share(kappa) for kappa in data["kappa"]])
    steps, window = (60, 20) if quick else (700, 50)
    for name in SWEEPS:
        for i, x in enumerate(data[name]):
            at = {**REST, name: float(x)}
            for seed in range(2 if quick else 8):
                data[f"{name} {i} seed {seed}"] = functools.partial(run, **at, seed=seed, steps=steps, window=window)
        for law in LAWS:
            data[f"{law} {name}"] = functools.partial(energies, law, name, data[name])
    return data


def share(kappa):
    """Return the share of the discriminator in the parameters of the networks that come nearest to one."""
    first, second = (player.size for player in players(kappa, PARAMETERS))
    return first / (first + second)


def run(sigma_z, kappa, seed, steps, window):
    """Train one pair and return the four measures, one row per player; windows do not overlap."""
    images = digits(held_out=0).train[0]
    discriminator, generator = players(kappa, PARAMETERS)
    losses, _ = play(discriminator, generator, images, sigma_z, steps, rng=seed, rate=RATE)
    windows = losses.reshape(-1, window, 2).mean(axis=1)
    return np.transpose([windows.min(axis=0), windows[-1], losses.min(axis=0), window * windows.argmin(axis=0)])


def energies(law, name, points):
    """Return the lowest u_D and u_G at the points of a sweep."""
    rows = []
    for x in points:
        at: dict[str, Any] = {**REST, name: float(x)}
        if law == "exact":
            c = complexity(gan(*POWERS, **at))
            rows.append([c.lowest_energy(loss=player) for player in (0, 1)])
        else:
            annealed = published.Published(*POWERS, **at)
            rows.append([lowest_value(Along(annealed, loss)).level for loss in annealed.local.losses])
    return np.array(rows)


# -- what they say -----------------------------------------------------------------------------------------------------


def runs(data, name):
    """Return the measures of a sweep in an array of shape (points, seeds, players, measures)."""
    found = [key.split() for key in data if key.startswith(f"{name} ") and "seed" in key]
    seeds = 1 + max(int(seed) for *_, seed in found)
    return np.array([[data[f"{name} {i} seed {seed}"] for seed in range(seeds)] for i in range(len(data[name]))])


def rank_correlation(values, theory, samples=4000, level=0.95, rng=0):
    r"""Return the rank correlation of means over seeds with a theory, and its interval over resampled seeds.

    Parameters
    ----------
    values : float array of shape (points, seeds)
    theory : float array of shape (points,)
    samples : int, optional
        Number of times that as many seeds are drawn with replacement, the same at all points.
    level : float, optional
        Share of them within the interval.
    rng : int, optional

    Returns
    -------
    float array of shape (3,)
        :math:`\rho` and both ends.  The points stand as they are: the interval is about other seeds, not other points.

    Raises
    ------
    ValueError
        If all means, or all of the theory, are equal: then nothing has a rank.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.figures.baskerville2021gan.experiment import rank_correlation
    >>> rank_correlation([[1.0, 1.1], [2.0, 2.1], [3.0, 3.1]], [-3.0, -2.0, -1.0], samples=100).tolist()
    [1.0, 1.0, 1.0]
    """
    values, theory = np.asarray(values, dtype=float), np.asarray(theory, dtype=float)
    if np.ptp(theory) == 0 or np.ptp(values.mean(axis=1)) == 0:
        raise ValueError("rank_correlation: expected values and a theory that are not all equal, got no order")
    draws = np.random.default_rng(rng).integers(values.shape[1], size=(samples, values.shape[1]))
    means = np.concatenate([values.mean(axis=1)[None], values[:, draws].mean(axis=2).T])
    ranks, order = rankdata(means, axis=1), rankdata(theory)
    ranks, order = ranks - ranks.mean(axis=1, keepdims=True), order - order.mean()
    size = np.sqrt((ranks**2).sum(axis=1) * (order**2).sum())
    found = np.clip(np.divide(ranks @ order, size, out=np.zeros_like(size), where=size > 0), -1.0, 1.0)
    return np.array([found[0], *np.quantile(found[1:], [0.5 - level / 2, 0.5 + level / 2])])


def agreement(data, measure="lowest window"):
    """Return the rank correlations of a measure with the lowest energies, by sweep, player and law.

    Returns
    -------
    dict of (str, str, str) to array of shape (3,)
        Such as ``("sigma_z", "D", "exact")``: the correlation and its interval over seeds.
    """
    found = {}
    for name in SWEEPS:
        measured = runs(data, name)[..., MEASURES.index(measure)]
        for i, player in enumerate(PLAYERS):
            for law in LAWS:
                found[name, player, law] = rank_correlation(measured[..., i], data[f"{law} {name}"][:, i])
    return found


# -- the picture -------------------------------------------------------------------------------------------------------


def draw_experiment(data, axes):
    """Draw a row per sweep and a column per player: losses on the left axis, lowest energies on the right one."""
    correlations = agreement(data)
    for row, name in zip(axes, SWEEPS, strict=True):
        for i, (ax, player) in enumerate(zip(row, PLAYERS, strict=True)):
            draw_losses(frame(ax), data[name], runs(data, name)[:, :, i])
            other = ax.twinx()
            draw_energies(other, name, player, data[name], {law: data[f"{law} {name}"][:, i] for law in LAWS})
            ax.set(xlabel=SWEEPS[name], xscale="log" if name == "sigma_z" else "linear", yscale="log")
            ax.set_ylabel(f"loss $L_{player}$")
            ax.set_title(title(*(correlations[name, player, law] for law in LAWS)), fontsize="medium")
    mark: dict[str, Any] = {"linestyle": "none", "color": OBSERVED, "markersize": 5}
    handles = [
        Line2D([], [], marker="o", label="lowest window of a training", **mark),
        Line2D([], [], marker="o", label="last window", markerfacecolor="white", **mark),
        *(
            Line2D([], [], color=COLOURS[law], linestyle=LINES[law], label=f"lowest energy, {LAWS[law]}")
            for law in LAWS
        ),
    ]
    axes[0, 0].figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)


def draw_losses(ax, points, measured):
    """Draw means over seeds and two standard errors: of the lowest window, and small of the last."""
    for k, style in ((1, {"markerfacecolor": "white", "markersize": 4}), (0, {"markersize": 5})):
        values = measured[..., k]
        error = 2 * values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
        low = np.minimum(error, 0.9 * values.mean(axis=1))  # bars on a logarithmic axis end above 0
        ax.errorbar(points, values.mean(axis=1), (low, error), color=OBSERVED, marker="o", linestyle="none", **style)


def draw_energies(ax, name, player, points, lowest):
    """Draw lowest energies, the lower the lower: sizes on a logarithmic axis upside down, or shares of the largest."""
    for law, values in lowest.items():
        shown = np.abs(values) if name == "sigma_z" else values / np.abs(values).max()
        ax.plot(points, shown, color=COLOURS[law], linestyle=LINES[law], linewidth=1.5, marker=".")
    for side in ("top", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["right"].set_color(GREY)
    if name == "sigma_z":
        ax.set_yscale("log")
        ax.invert_yaxis()
        ax.set_ylabel(rf"$|$lowest $u_{player}|$, downwards")
    else:
        ax.set_ylabel(rf"lowest $u_{player}$ / largest $|u_{player}|$")


def title(exact, published_):
    """Return the rank correlations with both laws in words; they are one where both laws order the points alike."""
    words = [f"{rho:.2f} [{low:.2f}, {high:.2f}]" for rho, low, high in (exact, published_)]
    if words[0] == words[1]:
        return f"rank correlation {words[0]}, both laws"
    return f"rank correlation {words[0]} exact, {words[1]} published"
