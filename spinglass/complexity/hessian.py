"""The Hessian at the dominant point of given energies: its law at large N and samples of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spinglass.complexity.api import complexity
from spinglass.running.streams import generator
from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.sampling import block_sizes, matrix_size, sample_blocks

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Seed
    from spinglass.spectra.law import Law


class Hessian:
    """The Jacobian of a game at its dominant point, made symmetric by flipping rows where that is possible.

    Attributes
    ----------
    shifts : (S,) array
        Shifts of the diagonal blocks (after flipping rows).
    law : BlockGaussian
        Spectral law at large N, for Hessians scaled by sqrt(N).
    """

    def __init__(self, local_law, shifts, name="Hessian"):
        self._local_law, self._name = local_law, name
        signs = np.ones(len(shifts)) if local_law.signs is None else np.array(local_law.signs)
        self.shifts = signs * shifts

    def __repr__(self):
        return self._name

    @property
    def law(self) -> Law:
        """The spectral law; NotImplementedError for a game whose Jacobian no signs make symmetric."""
        law = self._local_law
        if law.signs is None:
            raise NotImplementedError(
                "law: the Jacobian of this general-sum game is not symmetric under any signs, so it has no real "
                "spectral law; try sample(n) and its complex eigenvalues"
            )
        return BlockGaussian(law.jacobian_variance, law.fractions, self.shifts)

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return one n x n matrix, scaled by sqrt(N); symmetric where signs make it so."""
        law = self._local_law
        covariance = law.jacobian_covariance if law.signs is None else law.jacobian_variance
        sizes = block_sizes(law.fractions, matrix_size(n))
        return sample_blocks(law.jacobian_variance, covariance, self.shifts, sizes, n, generator(rng))


def hessian(game, *energies):
    """Return the Hessian at the dominant point of given energies, or of all if none are given."""
    c = complexity(game)
    law = game.local_law()
    if energies and len(energies) != len(game.losses):
        raise ValueError(f"energies: expected {len(game.losses)} (one per loss) or none, got {len(energies)}")
    shifts = law.shifts_at(c.dominant_normals(*energies))
    return Hessian(law, shifts, f"{game!r}.hessian({', '.join(repr(float(u)) for u in energies)})")
