r"""Universal characteristics of loss surfaces: outliers, a confined landscape, damping.

Baskerville, Keating, Mezzadri, Najnudel, Granziol (2022), Universal characteristics of deep neural network loss
surfaces from random matrix theory, J. Phys. A 55.  Figure 1: outliers of spiked matrices with three kinds of noise.
2: outliers of the Hessians of batches, with the fit of two cumulants of the noise.  3: Kac-Rice rate in a parabola.
4: what noise does to damping and to the best step of a preconditioned descent.
"""

from spinglass.figures.baskerville2022universal import batches, confinement, preconditioning, spikes
from spinglass.figures.recipe import Recipe


def _recipe(number, title, parts, draw, *layout):
    return Recipe(f"baskerville2022universal-{number}", title, parts, draw, *layout)


RECIPES: tuple[Recipe, ...] = (
    _recipe(1, "outliers with three kinds of noise", spikes.outliers, spikes.draw_outliers, 1, 2, (10.5, 4.4)),
    _recipe(2, "outliers of batch Hessians", batches.outliers, batches.draw_outliers, 1, 2, (10.5, 4.4)),
    _recipe(
        3,
        "critical points of a field in a parabola",
        confinement.confinement,
        confinement.draw_confinement,
        1,
        2,
        (10.0, 4.2),
    ),
    _recipe(
        4, "damping and best step with noise", preconditioning.damping, preconditioning.draw_damping, 2, 2, (10.5, 8.0)
    ),
)
