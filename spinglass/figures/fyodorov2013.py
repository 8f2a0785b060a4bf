r"""Trivialisation of a landscape on the sphere by a random field.

Fyodorov (2013), High-dimensional random fields and random matrix theory.  With :math:`\xi(q) = q^3 + s q` the mean
number of critical points falls from exponentially many to two as the field grows; where
:math:`\xi'(1) = \xi''(1)`, at s = 3, it is 2N exactly, at every N.
"""

import functools

import numpy as np

from spinglass.complexity.api import complexity
from spinglass.counts import mean_count
from spinglass.figures.families import sizes
from spinglass.figures.recipe import Recipe
from spinglass.models import mixed
from spinglass.plotting.style import GREY, THEORY, frame

DIMENSIONS = (2, 3, 5, 10, 20, 50)
BALANCED = 3.0  # the field at which the first and the second derivative of xi agree


def counts(n, fields):
    """Return the logarithm of the mean number of all critical points for an array of fields."""
    return np.array([mean_count(mixed({1: float(s), 3: 1.0}), n).log_mean for s in fields])


def trivialisation(quick):
    """Return log-counts against the strength of the field, and the complexity beside them."""
    fields = BALANCED * 10 ** np.linspace(-2, 2, 121 if quick else 481)  # balanced in the middle
    data: dict = {"s": fields}
    for n in DIMENSIONS:
        data[f"log count {n}"] = functools.partial(counts, n, fields)
    data["complexity"] = np.array([complexity(mixed({1: float(s), 3: 1.0})).total() for s in fields])
    return data


def draw_trivialisation(data, axes):
    """Draw mean numbers and their growth rates against the field."""
    left, right = (frame(ax) for ax in axes[0])
    balanced = int(np.flatnonzero(data["s"] == BALANCED)[0])
    for n, style in zip(DIMENSIONS, sizes(len(DIMENSIONS)), strict=True):
        logs = data[f"log count {n}"]
        left.plot(data["s"], np.exp(logs), label=f"$N = {n}$", **style)
        left.plot([BALANCED], [np.exp(logs[balanced])], "o", color=style["color"], markersize=4)
        right.plot(data["s"], (logs - np.log(2)) / n, label=f"$N = {n}$", **style)
    right.plot(data["s"], data["complexity"], label=r"$N = \infty$", color=THEORY, linewidth=2)
    left.axhline(2, color=GREY, linewidth=0.8)
    left.set(yscale="log", ylim=(1, 1e4), ylabel=r"mean number of critical points $E\,\#$")
    left.annotate("$2N$", (BALANCED, 100), xytext=(8, 2), textcoords="offset points")
    right.set(ylabel=r"$\frac{1}{N}\log(E\,\#/2)$ (nats per dimension)", ylim=(-0.01, None))
    left.set_title(r"$\xi(q) = q^3 + s\,q$: from many points to two", fontsize="medium")
    right.set_title("growth rate", fontsize="medium")
    for ax in (left, right):
        ax.axvline(BALANCED, color=GREY, linewidth=0.8, linestyle="--")
        ax.set(xscale="log", xlim=(data["s"][0], data["s"][-1]), xlabel="strength of the random field $s$")
        ax.legend(frameon=False, loc="upper right")


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "fyodorov2013-1",
        "trivialisation of a sphere by a random field",
        trivialisation,
        draw_trivialisation,
        1,
        2,
        (10.0, 4.2),
        claim=r"As the field grows, the mean number of critical points falls from exponentially many to two, at every "
        r"$N$; at $s = 3$, where $\xi'(1) = \xi''(1)$, it is $2N$ exactly. The growth rate vanishes there in the limit "
        "and at no finite $N$.",
        parameters=r"$\xi(q) = q^3 + s\,q$, $s$ from 0.03 to 300; $N = 2, 3, 5, 10, 20, 50$ by the exact formula, "
        r"$N = \infty$ by the complexity.",
        published=r"With $B = (\xi'' - \xi')/(\xi'' + \xi')$ at $q = 1$: exponentially many points for $B > 0$, two "
        "for $B < 0$.",
        differs="The mixture drawn is chosen here.",
    ),
)
