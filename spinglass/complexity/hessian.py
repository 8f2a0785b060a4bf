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

    def __init__(self, local, shifts, name="Hessian"):
        self._local, self._name = local, name
        signs = np.ones(len(shifts)) if local.signs is None else np.array(local.signs)
        self.shifts = signs * shifts

    def __repr__(self):
        return self._name

    @property
    def law(self) -> Law:
        """The spectral law; NotImplementedError for a game whose Jacobian no signs make symmetric."""
        local = self._local
        if local.signs is None:
            raise NotImplementedError(
                "law: the Jacobian of this general-sum game is not symmetric under any signs, so it has no real "
                "spectral law; try sample(n) and its complex eigenvalues"
            )
        return BlockGaussian(local.jacobian_variance, local.fractions, self.shifts)

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return one n x n matrix, scaled by sqrt(N); symmetric where signs make it so."""
        local = self._local
        covariance = local.jacobian_covariance if local.signs is None else local.jacobian_variance
        sizes = block_sizes(local.fractions, matrix_size(n))
        return sample_blocks(local.jacobian_variance, covariance, self.shifts, sizes, n, generator(rng))


def hessian(model, *energies):
    """Return the Hessian at the dominant point of given energies, or of all if none are given."""
    c = complexity(model)
    local = model.local_law()
    if energies and len(energies) != len(model.losses):
        raise ValueError(f"energies: expected {len(model.losses)} (one per loss) or none, got {len(energies)}")
    shifts = local.shifts_at(c.dominant_normals(*energies))
    return Hessian(local, shifts, f"{model!r}.hessian({', '.join(repr(float(u)) for u in energies)})")
