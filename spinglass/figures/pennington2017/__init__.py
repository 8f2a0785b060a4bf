r"""Hessians of neural networks as a Wishart matrix plus a Wigner matrix.

Pennington, Bahri (2017), Geometry of neural network loss surfaces via random matrix theory, ICML.  With
:math:`\phi` parameters per residual and the energy :math:`\epsilon`, the loss per output,
:math:`H = H_0 + H_1`: figures 1, 2 and 5 draw the laws, 3 and 4 compare them with the two parts of a network's
Hessian, and 6 with the critical points of networks.  The law of :math:`H_1` is that of the network.  That of
:math:`H_0` is not, and the critical energies of the networks are many times the predicted ones: both are drawn.
"""

from spinglass.figures.pennington2017 import critical, laws, memorising, parts
from spinglass.figures.recipe import Recipe


def _recipe(number, title, numbers, draw, *layout):
    return Recipe(f"pennington2017-{number}", title, numbers, draw, *layout)


RECIPES: tuple[Recipe, ...] = (
    _recipe(1, "Wishart plus Wigner: densities", laws.densities, laws.draw_densities, 1, 3, (13.0, 3.8)),
    _recipe(2, "Wishart plus Wigner: index against energy", laws.indices, laws.draw_indices, 1, 2, (10.0, 4.2)),
    _recipe(3, "H_1 of a network of rectified units", parts.residual_part, parts.draw_residual_part, 1, 2, (10.0, 4.0)),
    _recipe(4, "the gap of H_0 of a network", parts.positive_part, parts.draw_positive_part, 1, 2, (10.0, 4.2)),
    _recipe(5, "critical energies of both models", critical.energies, critical.draw_energies, 1, 2, (10.0, 4.2)),
    _recipe(
        6,
        "networks that memorise noise: index and critical energy",
        memorising.memorising,
        memorising.draw_memorising,
        1,
        2,
        (11.0, 4.6),
    ),
)
