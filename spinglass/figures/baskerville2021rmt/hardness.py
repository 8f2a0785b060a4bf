r"""Figure 7: the loss of networks and of spin glasses against steps, beside exponential and power laws.

Plain gradient descent of constant rate, from several starts.  Each curve L(T) is fitted by
:math:`a + b\,e^{-cT}` and by :math:`a + b\,T^{-c}` at steps evenly spaced in log T; both have three parameters, so
that Akaike's criterion compares the squares left: :math:`\Delta = n \log(R_{\exp}/R_{\mathrm{power}})` is positive
where the power law is nearer.
"""

import functools

import numpy as np
from scipy.optimize import least_squares

from spinglass import networks
from spinglass.models import pure
from spinglass.plotting.style import COLOURS, THEORY, frame, line

EARLIEST = 20  # before, descents are still choosing their valley
LAWS = {
    "exponential": lambda t, c: np.exp(-c * t),
    "power law": lambda t, c: t**-c,
}


def budgets(steps):
    """Return numbers of steps, evenly spaced in their logarithm."""
    return np.unique(np.geomspace(EARLIEST, steps, 30).astype(int))


def of_network(seed, steps, hidden, rate=1.0):
    """Return the cross-entropy of a perceptron after `budgets` of steps, all digits in every step."""
    network = networks.mlp(networks.data.digits(), hidden=(hidden,), rng=seed)
    found, chosen = [], set(budgets(steps))
    w = network.parameters
    for step in range(steps + 1):
        loss, gradient = network.at(w).loss_and_gradient()
        if step in chosen:
            found.append(loss)
        w = w - rate * gradient
    return np.array(found)


def of_spin_glass(seed, steps, n, rate=0.1):
    """Return the energy density of a pure 3-spin draw after `budgets` of steps on the sphere."""
    draw = pure(3).draw(n, rng=seed)
    x = np.random.default_rng([2021, 7, seed]).standard_normal(n)
    x /= np.linalg.norm(x)
    found, chosen = [], set(budgets(steps))
    for step in range(steps + 1):
        if step in chosen:
            found.append(float(draw.energies(x)[0]))
        x = x - rate / np.sqrt(n) * draw.gradient(x)
        x /= np.linalg.norm(x)
    return np.array(found)


def fitted(law, t, values):
    """Return a, b, c of a + b law(t, c) by least squares, and the sum of squares left.

    For each c the rest is linear: c is looked for on a grid, and then by a descent in its logarithm.
    """

    def linear(logarithm):
        columns = np.stack([np.ones(len(t)), LAWS[law](t, np.exp(logarithm))], axis=1)
        solution = np.linalg.lstsq(columns, values, rcond=None)[0]
        return solution, values - columns @ solution

    low, high = (np.log(0.01), np.log(5.0)) if law == "power law" else (np.log(0.1 / t[-1]), np.log(2.0 / t[0]))
    grid = np.linspace(low, high, 40)
    start = grid[np.argmin([np.sum(linear(place)[1] ** 2) for place in grid])]
    end = least_squares(lambda x: linear(x[0])[1], [start], bounds=([low], [high])).x[0]
    solution, rest = linear(end)
    return (*solution, np.exp(end)), float(rest @ rest)


def preference(t, values):
    """Return the difference of Akaike's criterion, exponential minus power law."""
    rest = [fitted(law, t, values)[1] for law in LAWS]
    return len(t) * np.log(rest[0] / rest[1])


#: Descents by name, and how many hidden units or spins they have: quick, and in full.
SYSTEMS = {"perceptron on digits": (of_network, 4, 9), "pure 3-spin glass": (of_spin_glass, 30, 80)}


def hardness(quick):
    """Return the curves of both systems from several starts."""
    steps, starts = (300, 2) if quick else (10_000, 6)
    data: dict = {"steps": budgets(steps), "starts": starts}
    for name, (descend, small, large) in SYSTEMS.items():
        for seed in range(starts):
            data[f"{name} {seed}"] = functools.partial(descend, seed, steps, small if quick else large)
    return data


def preferences(data, name):
    """Return the differences of all starts."""
    return np.array([preference(data["steps"], data[f"{name} {seed}"]) for seed in range(data["starts"])])


def draw_hardness(data, axes):
    """Draw one panel for each system: curves of all starts, both fits of the first."""
    t = data["steps"].astype(float)
    for ax, name in zip(axes[0], SYSTEMS, strict=True):
        frame(ax)
        for seed in range(data["starts"]):
            marks = {"color": COLOURS[1], "marker": "o", "markersize": 3, "linestyle": "none"}
            ax.plot(t, data[f"{name} {seed}"], label="descents" if seed == 0 else None, **marks)
        for i, law in enumerate(LAWS):
            (a, b, c), _ = fitted(law, t, data[f"{name} 0"])
            label = rf"$a + b\,e^{{-cT}}$, $c = {c:.2g}$" if i == 0 else rf"$a + b\,T^{{-c}}$, $c = {c:.2g}$"
            pen = line(0, linestyle="--" if i == 0 else "-", linewidth=1.3) | {"color": THEORY}
            ax.plot(t, a + b * LAWS[law](t, c), label=label, **pen)
        found = preferences(data, name)
        ax.set(xscale="log", xlabel="steps $T$")
        ax.set_title(rf"{name}: $\Delta$ = {found.min():.0f} to {found.max():.0f}", fontsize="medium")
        ax.legend(frameon=False)
    axes[0, 0].set_ylabel("cross-entropy (nats)")
    axes[0, 1].set_ylabel("energy density $u$")
