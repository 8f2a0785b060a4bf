r"""What a spherical game looks like at one point: values, gradients and Jacobian, all Gaussian.

With :math:`c_{sj} = C_{a(s)j}` the weight of field j in the loss of the player of species s, and
derivatives of the covariances taken at q = (1..1):

* the gradient on sphere s has variance :math:`V_s = \sum_j c_{sj}^2 \xi_{j,s}` per component and is
  independent of everything below;
* the scalars :math:`(f_j, R_{j1}, .., R_{jS})`, :math:`R_{js} = x_s \cdot \partial_s f_j`, have covariance
  :math:`\begin{pmatrix}\xi & \xi_s\\ \xi_s & \xi_{st} + \delta_{st}\xi_s\end{pmatrix}`; they are written as
  a linear map of independent standard normals g, so that losses are ``losses @ g`` and the shifts
  :math:`d_s = -\sum_j c_{sj} R_{js}` are ``shifts @ g``;
* the Jacobian has blocks (s, t) of independent entries of variance :math:`v_{st} = \sum_j c_{sj}^2 \xi_{j,st}`
  and covariance :math:`\tau_{st} = \sum_j c_{sj} c_{tj} \xi_{j,st}` with the transposed entry (diagonal blocks
  GOE-like, diagonal variance doubled), plus :math:`d_s` on the diagonal of block s.

If :math:`\tau_{st} = \epsilon_s \epsilon_t v_{st}` with signs, flipping the rows with a minus makes the
Jacobian symmetric: ``signs`` holds them, or None.
"""

import functools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spinglass.arithmetic import eliminated, float64, resolve
from spinglass.inputs.checks import SQUARE
from spinglass.models.covariance import independent_scalars
from spinglass.models.table import Table, exact_numbers, movers, sums


@dataclass(frozen=True, eq=False)
class LocalLaw(Table):
    """The Gaussian law of a game at one point (see the module's text for the formulas).

    Attributes
    ----------
    fractions : (S,) array
        kappa_s, the fraction of the dimensions on sphere s.
    gradient_variance : (S,) array
        V_s.
    jacobian_variance, jacobian_covariance : (S, S) array
        v and tau.
    losses : (A, m) array
        Losses (energies per dimension, times sqrt(N)) as linear maps of m independent standard normals.
    shifts : (S, m) array
        Shifts of the diagonal blocks of the Jacobian as linear maps of the same normals.
    shift_offset : (S,) array
        What is added to them, in units of sqrt(N): with the Jacobian and the normals g scaled by sqrt(N) the shifts are
        ``shift_offset + shifts @ g``.  0 for a game on spheres; for a confined flow, for example, its rates.
    signs : tuple of int, or None
        Row signs that make the Jacobian symmetric.
    players : tuple of tuple of int
        The species each player moves.
    arithmetic : arithmetic
        Of all these numbers; float64 by default.
    edges : (S,) array
        R_s = 2 sqrt(kappa_s v_ss), the radius of the semicircle of species s alone.
    constant : number
        1/2 - 1/2 sum_s kappa_s log(kappa_s V_s), of the spheres and of the density of a vanishing gradient.
    loss_covariance : (A, A) array
        The covariance of the losses; of a law that was written down by hand ``losses @ losses.T``.
    """

    losses: np.ndarray
    shifts: np.ndarray
    signs: tuple | None
    players: tuple
    shift_offset: Any = field(default=None, kw_only=True)
    arithmetic: Any = field(default=float64, kw_only=True)

    def __post_init__(self) -> None:
        if self.loss_covariance is None:
            object.__setattr__(self, "loss_covariance", np.dot(self.losses, self.losses.T))
        if self.shift_offset is None:
            object.__setattr__(self, "shift_offset", 0 * self.fractions)

    def shifts_at(self, normals: Any) -> np.ndarray:
        """Return the shifts at normals of shape (.., m), scaled by sqrt(N): an array of shape (.., S)."""
        return self.shift_offset + np.dot(normals, self.shifts.T)

    @functools.cached_property
    def edges(self) -> np.ndarray:
        """R_s, as an array."""
        own = zip(self.fractions, np.diag(self.jacobian_variance), strict=True)
        with self.arithmetic.precision():
            return np.array([edge_of(k, v, self.arithmetic) for k, v in own], dtype=self.fractions.dtype)

    @functools.cached_property
    def constant(self) -> Any:
        """The part of the complexity that no shift changes."""
        with self.arithmetic.precision():
            return constant_of(self.fractions, self.gradient_variance, self.arithmetic)


def edge_of(fraction, variance, ar):
    r"""Return :math:`2\sqrt{\kappa v}`, the radius of the semicircle of a block of a fraction of the dimensions."""
    return 2 * ar.sqrt(fraction * variance)


def constant_of(fractions, variances, ar):
    r"""Return :math:`\tfrac12 - \tfrac12\sum_s\kappa_s\log(\kappa_s V_s)`, which every complexity contains."""
    logs = (k * ar.log(k * v) for k, v in zip(fractions, variances, strict=True))
    return ar.number(1) / 2 - sum(logs, ar.number(0)) / 2


def local_law(game, arithmetic=None):
    """Derive the local law of a game from its covariances by exact differentiation."""
    ar = resolve(arithmetic)
    with ar.precision(), np.errstate(over="ignore", invalid="ignore"):
        law = _derived(game, ar)
    moments = (law.gradient_variance, law.jacobian_variance, law.jacobian_covariance)
    if ar.vectorised and not all(np.isfinite(x).all() for x in moments):
        raise ValueError(
            "fields: expected derivatives whose variances a float can hold (up to 1.8e308), got larger ones; try "
            "smaller coefficients, or local_law(sg.mp(digits))"
        )
    if ar.vectorised and any(((x > 0) & (x < 1 / SQUARE)).any() for x in moments):
        raise ValueError(
            f"fields: expected derivatives whose variances are 0 or at least {1 / SQUARE:g}, got smaller ones; leave "
            "them out, or try local_law(sg.mp(digits))"
        )
    return law


def _derived(game, ar):
    number, mover = ar.number, movers(game)
    losses, shifts = [[] for _ in game.losses], [[] for _ in game.fractions]
    numbers = exact_numbers(game, ar)
    for j, xi in enumerate(game.fields):
        scalars = _scalars(xi, numbers, ar)
        for a, row in enumerate(losses):
            row.extend(number(game.losses[a][j]) * x for x in scalars[0])
        for s, row in enumerate(shifts):
            row.extend(-number(game.losses[mover[s]][j]) * x for x in scalars[1 + s])
    return LocalLaw(
        **sums(game, ar),
        losses=np.array(losses, dtype=ar.dtype),
        shifts=np.array(shifts, dtype=ar.dtype),
        signs=row_signs(game, mover),
        players=game.players,
        arithmetic=ar,
    )


def _scalars(xi, numbers, ar):
    """Return the matrix that maps standard normals to (f, R_1, .., R_S) of one field.

    Eliminated in exact numbers: what the scalars of a nearly pure field keep beside f is a small difference.
    """
    table = xi.scalars(numbers)
    basis, combination = independent_scalars(xi)
    lower = eliminated([[table[i][k] for k in basis] for i in basis])
    size = range(len(basis))
    shares = ([numbers.number(x) for x in row] for row in combination)
    rows = ([sum(row[i] * lower[i][k] for i in size) for k in size] for row in shares)
    return [[ar.over_root(x, lower[k][k])[0] for k, x in enumerate(row)] for row in rows]


def row_signs(game, mover):
    """Return signs with tau_st = e_s e_t v_st, or None if there are none.

    By Cauchy-Schwarz the two agree exactly when c_sj = e c_tj, with one sign e, for every field j that
    couples s and t: a comparison of the given weights, without rounding.
    """
    species = range(len(game.fractions))
    signs = dict.fromkeys(species, 0)
    for start in species:
        if signs[start] == 0:
            signs[start], reached = 1, [start]
            for s in reached:
                for t in species:
                    if s == t:
                        continue
                    ratio = _coupling_sign(game, mover, s, t)
                    if ratio is None:
                        return None
                    if ratio and signs[t] == 0:
                        signs[t] = ratio * signs[s]
                        reached.append(t)
                    elif ratio and signs[t] != ratio * signs[s]:
                        return None
    return tuple(signs[s] for s in species)


def _coupling_sign(game, mover, s, t):
    """Return the sign e with c_sj = e c_tj on all fields coupling s and t: 0 if none does, None if no e fits."""
    sign = 0
    for j, xi in enumerate(game.fields):
        if xi.couples(s, t):
            x, y = game.losses[mover[s]][j], game.losses[mover[t]][j]
            if x == 0 and y == 0:
                continue
            this = 1 if x == y else -1 if x == -y else None
            if this is None or sign not in (0, this):
                return None
            sign = this
    return sign
