r"""How large a part of its Hessian is negative at the points that dominate at an energy.

At the dominant normals g of the local law (those where :math:`\Sigma` is attained at :math:`u_a = u`, every other loss
free) player a has the own Hessian of the block Gaussian law :math:`\mu_a` with variances :math:`v_{st}` and shifts
:math:`d_s = o_s + (Dg)_s` over the species s, t that it moves, and

.. math:: \alpha_a(u) = \mu_a(-\infty, 0) .
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spinglass.complexity.api import Complexity
from spinglass.complexity.games.linear import Linear
from spinglass.inputs.checks import checked_integer, instance, real_points
from spinglass.models import SphericalGame
from spinglass.models.selection import ANY_INDEX
from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.semicircle import Semicircle

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers


def index_fractions(c: Complexity, energies: Numbers, loss: int = 0) -> Array:
    r"""Return the index, as a fraction of the dimensions, of the dominant points at energies of one loss.

    Parameters
    ----------
    c : Complexity
        Annealed.
    energies : float array of shape (n,)
        Energy densities of the loss; the other losses take the values that are most numerous with it.
    loss : int
        Which loss.

    Returns
    -------
    float array of shape (n, A)
        One column per player: the share of negative eigenvalues of its own Hessian.

    Raises
    ------
    TypeError, ValueError, NotImplementedError
        For wrong arguments; for a quenched complexity of a mixture.

    Notes
    -----
    *Accuracy*: that of the dominant normals, about 1e-7 (they are maxima); on one sphere to rounding.

    Examples
    --------
    >>> import spinglass as sg
    >>> c = sg.complexity(sg.pure(3))
    >>> print(sg.index_fractions(c, [-1.64, c.typical_energy(fraction=.1), 0.]).ravel().round(6))
    [0.  0.1 0.5]
    """
    instance("c", c, Complexity, "a complexity such as sg.complexity(sg.pure(3))")
    if not isinstance(c.model, SphericalGame):
        raise NotImplementedError(f"c: expected the complexity of a game on spheres, got that of {c.model!r}")
    energies = real_points("energies", energies)
    if energies.ndim != 1:
        raise ValueError(f"energies: expected numbers in one dimension, got shape {energies.shape}")
    loss = checked_integer("loss", loss, 0, len(c.model.losses) - 1)
    local = c.model.local_law()
    shifts = local.shifts_at(_dominant(c, energies, loss).reshape(len(energies), -1))
    return np.stack([_negative(local, list(moved), shifts) for moved in local.players], axis=1)


def _dominant(c, energies, loss):
    """Return the normals of the dominant points at energies of one loss, of shape (n, m)."""
    if len(c.model.fractions) == 1:
        return np.array([c.dominant_normals(u) for u in energies])
    rates = c._answers.of(ANY_INDEX)
    best = rates.suprema(Linear.equally(rates.losses[[loss]], energies[:, None]))
    if len(energies) and best.values.min() == -np.inf:
        raise ValueError(f"energies: no points exist at {energies[np.argmin(best.values)]:g} of loss {loss}")
    return best.places


def _negative(local, moved, shifts):
    """Return the mass below 0 of the own law of the player of these species, at shifts of shape (n, S)."""
    variances, fractions = local.jacobian_variance[np.ix_(moved, moved)], local.fractions[moved]
    total = fractions.sum()
    scaled, shares, shifts = variances * total, fractions / total, shifts[:, moved]
    random = scaled.any(axis=1)
    still = (shifts[:, ~random] < 0) @ shares[~random]  # species whose own block is a multiple of the identity
    if not random.any():
        return still
    part = shares[random].sum()
    laws = (_law(scaled[np.ix_(random, random)] * part, shares[random] / part, d) for d in shifts[:, random])
    return still + part * np.array([law.cdf(0.0) for law in laws])


def _law(variances, fractions, shifts):
    """Return the law of a player's own Hessian."""
    if len(shifts) == 1:
        return Semicircle(variances[0, 0], shifts[0])
    return BlockGaussian(variances, fractions, shifts)
