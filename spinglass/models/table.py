r"""The covariances of losses, gradients and Jacobians at two points, read off the covariances of the fields.

With :math:`c_{sj} = C_{a(s)j}` the weight of field j in the loss of the player of species s, at overlaps
:math:`q = (q_1, .., q_S)`,

.. math:: V_s = \sum_j c_{sj}^2\, \xi_{j,s}(q), \qquad v_{st} = \sum_j c_{sj}^2\, \xi_{j,st}(q), \qquad
          \tau_{st} = \sum_j c_{sj} c_{tj}\, \xi_{j,st}(q), \qquad E[L_a L_b'] = \sum_j C_{aj} C_{bj}\, \xi_j(q) .

For unit vectors a on sphere s and b on sphere t that are orthogonal to each other and to both points x and x'

.. math:: V_s = E[\partial_a L_{a(s)}\, \partial_a' L_{a(s)}'], \qquad v_{st} = E[J_{ab} J_{ab}'], \qquad
          \tau_{st} = E[J_{ab} J_{ba}'] , \qquad J_{ab} = \partial_a\partial_b L_{a(s)} .

At q = (1..1) the two points are one.  This is the only place where these sums are taken; with fractions for numbers
they are exact.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spinglass.arithmetic import resolve
from spinglass.arithmetic.exact import RATIONALS, Rationals
from spinglass.models.covariance import Polynomial, checked_overlaps


@dataclass(frozen=True, eq=False)
class Table:
    r"""Covariances of a game between two points of given overlaps (see the module's text for the formulas).

    Of overlaps that are arrays of shape (..), all but the fractions have these axes first.  What belongs to one point
    alone, as the maps of normals to losses and shifts do, is in the :class:`~spinglass.models.local_law.LocalLaw`.

    Attributes
    ----------
    fractions : (S,) array
        kappa_s, the fraction of the dimensions on sphere s.
    gradient_variance : (.., S) array
        V_s.
    jacobian_variance, jacobian_covariance : (.., S, S) array
        v and tau.
    loss_covariance : (.., A, A) array
        E[L_a L_b'], losses as densities times sqrt(N).
    """

    fractions: np.ndarray
    gradient_variance: np.ndarray
    jacobian_variance: np.ndarray
    jacobian_covariance: np.ndarray
    loss_covariance: Any = field(default=None, kw_only=True)

    @property
    def v0(self) -> Any:
        r"""On one sphere :math:`\xi` of the loss."""
        return self.loss_covariance[..., 0, 0][()]

    @property
    def x1(self) -> Any:
        r"""On one sphere :math:`\xi'` of the loss."""
        return self.gradient_variance[..., 0][()]

    @property
    def x2(self) -> Any:
        r"""On one sphere :math:`\xi''` of the loss."""
        return self.jacobian_variance[..., 0, 0][()]

    @property
    def conditional_variance(self) -> Any:
        r"""On one sphere, at overlap 1, the variance :math:`\xi' + \xi'' - \xi'^2/\xi` of the shift at a given loss."""
        return self.x1 + self.x2 - self.x1**2 / self.v0


def movers(game):
    """Return the player that moves each species."""
    return {s: a for a, moved in enumerate(game.players) for s in moved}


def sums(game, ar, q=None):
    """Return the arrays of a table at overlaps q (None: 1), by name, in the numbers of an arithmetic."""
    number, species, players = ar.number, range(len(game.fractions)), range(len(game.losses))
    weight = [[number(c) for c in row] for row in game.losses]
    mover = movers(game)
    c = [weight[mover[s]] for s in species]
    fields = list(enumerate(game.fields))

    fractions = [number(x) for x in game.fractions[:-1]]
    fractions.append(number(1) - sum(fractions, number(0)))
    value, first, second = zip(*(xi.jet(ar, q) for xi in game.fields), strict=True)
    parts = {
        "fractions": fractions,
        "gradient_variance": [sum((c[s][j] ** 2 * first[j][s] for j, _ in fields), number(0)) for s in species],
        "jacobian_variance": [
            [sum(c[s][j] ** 2 * second[j][s][t] for j, _ in fields) for t in species] for s in species
        ],
        "jacobian_covariance": [
            [sum(c[s][j] * c[t][j] * second[j][s][t] for j, _ in fields) for t in species] for s in species
        ],
        "loss_covariance": [
            [sum(weight[a][j] * weight[b][j] * value[j] for j, _ in fields) for b in players] for a in players
        ],
    }
    if q is not None and ar.vectorised and (shape := np.broadcast_shapes(*map(np.shape, q))):
        return {name: _stacked(part, () if name == "fractions" else shape) for name, part in parts.items()}
    return {name: np.array(part, dtype=ar.dtype) for name, part in parts.items()}


def _stacked(part, shape):
    """Return nested lists of numbers and of arrays that broadcast to a shape as one array, that shape's axes first."""
    if isinstance(part[0], list):
        return np.stack([_stacked(row, shape) for row in part], axis=-2)
    return np.stack([np.broadcast_to(x, shape) for x in part], axis=-1)


def table_at(game, overlaps, arithmetic=None):
    """Return the table of a game at given overlaps: numbers of an arithmetic, in float64 also arrays."""
    ar = resolve(arithmetic)
    with ar.precision():
        return Table(**sums(game, ar, checked_overlaps(overlaps, len(game.fractions), ar)))


def exact_numbers(game, ar):
    """Return the numbers in which a game is exact for an arithmetic.

    Fractions for polynomials.  The irrational constants of kernels are fractions with digits to spare for float64 and
    for digits, while enclosures and symbols are exact themselves.
    """
    if all(isinstance(xi, Polynomial) for xi in game.fields):
        return RATIONALS
    if ar.exact or ar.proves:
        return ar
    return Rationals(RATIONALS.digits + (ar.digits if ar.has_digits else 0))


def exact_table(game, arithmetic=None):
    """Return the table of a game at one point in :func:`exact_numbers` for an arithmetic."""
    return _exact_table(game, exact_numbers(game, resolve(arithmetic)))


@functools.lru_cache(maxsize=256)
def _exact_table(game, numbers):
    with numbers.precision():
        return Table(**sums(game, numbers))
