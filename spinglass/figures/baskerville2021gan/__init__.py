r"""Two interacting spin glasses as a model of a GAN.

Baskerville, Keating, Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of generative adversarial
networks, J. Stat. Phys. 186.  The constants of the code published with that paper differ from the exact local law
(:mod:`spinglass.figures.baskerville2021gan.published`).  Figures with them are drawn twice, side by side and labelled
so; everything outside this folder uses the exact law.
"""

from dataclasses import replace

from spinglass.figures.baskerville2021gan import counted, experiment, indices, nash, plane, spectra, surface, sweeps
from spinglass.figures.baskerville2021gan.captions import CAPTIONS
from spinglass.figures.recipe import Recipe


def _recipe(number, title, parts, draw, *layout):
    plain = Recipe(f"baskerville2021gan-{number}", title, parts, draw, *layout)
    return replace(plain, **CAPTIONS[number])  # type: ignore[arg-type]  # all of them are words


RECIPES: tuple[Recipe, ...] = (
    _recipe(1, "spectra of H: law and samples", spectra.spectra, spectra.draw_spectra, 1, 3, (11.0, 3.4)),
    _recipe(
        2, "log-determinant of H: law and samples", spectra.determinants, spectra.draw_determinants, 2, 5, (15.0, 6.0)
    ),
    _recipe(3, "exponent over the shifts of H, and its domain", plane.plane, plane.draw_plane, 2, 3, (13.5, 7.4)),
    _recipe(4, "Theta(u_D, u_G), published and exact", surface.surface, surface.draw_surface, 2, 3, (13.0, 7.4)),
    _recipe(5, "Theta by index, and the bands of indices", indices.by_index, indices.draw_by_index, 3, 3, (13.5, 11.0)),
    _recipe(6, "lowest energies against sigma_z and kappa", sweeps.sweeps, sweeps.draw_sweeps, 2, 4, (15.0, 7.4)),
    _recipe(7, "where local Nash equilibria disappear", nash.nash_phases, nash.draw_nash_phases, 1, 2, (10.0, 4.0)),
    _recipe(
        8,
        "small games: brute force, Monte Carlo, exact",
        counted.small_games,
        counted.draw_small_games,
        1,
        3,
        (15.0, 4.6),
    ),
    _recipe(9, "two trained networks", experiment.experiment, experiment.draw_experiment, 2, 2, (11.0, 7.4)),
)
