r"""Pairs of critical points at a given overlap: where the mean number is the typical one.

Subag (2017), The complexity of spherical p-spin models - a second moment approach, Ann. Probab. 45.  At energies from
:math:`-E_0` to :math:`-E_\infty` the rate :math:`\Psi(r, u, u)` of pairs is largest at r = 0, where it is twice
:math:`\Theta(u)`: the second moment is the square of the mean, at exponential order.
"""

import numpy as np

from spinglass.complexity.api import complexity
from spinglass.complexity.pairs.moments import overlap_supremum, second_moment
from spinglass.figures.families import parameters
from spinglass.figures.recipe import Recipe
from spinglass.models import pure
from spinglass.plotting.style import GREY, THEORY, frame

P = 3


def pairs(quick):
    """Return Psi(r, u, u) against the overlap for energies from -E_0 upwards, and the excess of its supremum."""
    c = complexity(pure(P))
    lowest, threshold = c.lowest_energy(), c.threshold_energy
    energies = np.array([lowest, 0.5 * (lowest + threshold), threshold, -1.5, -1.2])
    r = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 201 if quick else 1001))[1:-1]
    u = np.linspace(1.02 * lowest, 0.97 * threshold, 121 if quick else 601)
    best = [overlap_supremum(P, x).value for x in u]
    return {
        "r": r,
        "u": energies,
        "psi": np.array([second_moment(P, r, x, x) for x in energies]),
        "twice theta": 2 * c(energies),
        "u supremum": u,
        "excess": np.array(best) - 2 * c(u),
        "lowest": lowest,
        "threshold": threshold,
    }


def draw_pairs(data, axes):
    """Draw Psi against r, and what its supremum exceeds twice the complexity by against u."""
    left, right = (frame(ax) for ax in axes[0])
    names = ("-E_0", None, r"-E_\infty", None, None)
    styles = parameters(len(names))
    for u, psi, twice, name, style in zip(data["u"], data["psi"], data["twice theta"], names, styles, strict=True):
        label = f"$u = {u:.4f}$" if name is None else f"$u = {name}$"
        left.plot(data["r"], psi, label=label, **style)
        left.plot([0], [twice], "o", color=style["color"], markersize=4)
    left.set(xlim=(-1, 1), ylim=(-0.25, 0.45), xlabel="overlap $r$", ylabel=r"$\Psi(r, u, u)$ (nats per dimension)")
    left.axhline(0, color=GREY, linewidth=0.8)
    left.set_title(rf"pure {P}-spin: pairs of critical points; dots: $2\Theta(u)$", fontsize="medium")
    left.legend(frameon=False, loc="upper center", ncols=3, fontsize="small")
    right.plot(data["u supremum"], data["excess"], color=THEORY, linewidth=1.5)
    for key, name in (("lowest", "$-E_0$"), ("threshold", r"$-E_\infty$")):
        right.axvline(data[key], color=GREY, linewidth=0.8, linestyle="--")
        place = {"xycoords": ("data", "axes fraction"), "xytext": (4, 0), "textcoords": "offset points"}
        right.annotate(name, (data[key], 0.5), **place)
    right.set(xlabel="energy density $u$", ylabel=r"$\sup_r \Psi(r, u, u) - 2\Theta(u)$ (nats per dimension)")
    right.set_title("the second moment against the square of the mean", fontsize="medium")


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "subag2017-1",
        "pairs of critical points against their overlap",
        pairs,
        draw_pairs,
        1,
        2,
        (10.0, 4.2),
        claim=r"From $-E_0$ to $-E_\infty$ the rate of pairs is largest at overlap 0, where it is $2\Theta(u)$: the "
        "second moment is the square of the mean at exponential order, and the mean number is the typical one. Below "
        "about $-1.6654$ pairs at another overlap take over.",
        parameters=r"Pure 3-spin; $u = -E_0$, half way, $-E_\infty$, $-1.5$, $-1.2$; right: $u$ from $-1.02\,E_0$ to "
        r"$-0.97\,E_\infty$.",
        published=r"$\Psi(r, u, u)$ in closed form, $\Psi(0, u, u) = 2\Theta(u)$.",
        differs="Energies are densities of $H = Nu$.",
    ),
)
