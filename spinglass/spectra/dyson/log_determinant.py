r"""The limit Psi(d) = lim (1/N) log|det J| of a block Gaussian matrix, with gradient and Hessian.

Every block matrix of this package comes here: independent entries of variance :math:`v_{st}/N`, covariance
:math:`\tau_{st}/N` with the transposed entry, shift :math:`d_s` on the diagonal of block s.  Psi is stationary in
the unknowns of its Dyson equation, so that

.. math:: \partial\Psi/\partial d_s = \kappa_s b_s

and an error of the solution enters Psi only squared.  One species is a semicircle, a sign-symmetric pair a
quartic; everything else is followed from far above the real axis.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import complex128, float64

from spinglass.inputs.checks import measured, shown
from spinglass.running.compiled import Handed, kernel
from spinglass.spectra.dyson.meeting import components
from spinglass.spectra.dyson.psi import (
    CURVE,
    SLOPE,
    Z,
    general_psi,
    new_place,
    one_psi,
    pair_psi,
    several_psi,
    together_psi,
)
from spinglass.spectra.dyson.several_species import solve_apart, solve_one, solve_several, solve_two

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers

ONE, PAIR, TOGETHER, SEVERAL, GENERAL = range(5)


class Scaled(NamedTuple):
    """What the compiled code needs of a block matrix, in unknowns of order 1 (x_s = kappa_s g_s / scale_s)."""

    kind: int
    k: np.ndarray  # fractions
    w: np.ndarray  # variances times the scales of row and column
    tau: np.ndarray  # covariances, likewise
    signs: np.ndarray  # row signs that make the matrix symmetric (zeros if there are none)
    parts: np.ndarray  # which species determine each other
    starved: np.ndarray  # species that keep null vectors at shift 0: larger than all they meet, without variance
    scale: np.ndarray
    offset: float  # what the scaling takes from Psi
    rows: np.ndarray  # all of these but the kind in one array, for compiled code; see psi.py


def scaled(fractions, variance, covariance, signs):
    """Return the scaled form of a block matrix given by its profiles."""
    if np.any(variance.sum(0) + variance.sum(1) == 0):
        raise ValueError(
            "the Hessian of a species is not random: expected a term of degree 2 or more that holds every species, got "
            f"variances {variance.tolist()}"
        )
    kind = GENERAL if signs is None else min(len(fractions), 3) - 1
    if kind == PAIR and np.count_nonzero(np.diag(variance)) == 1:
        kind = SEVERAL  # the quartic has no physical root where a shift vanishes
    # influence that does not come back leaves the determinant alone: only strongly connected parts count
    parts = np.array(components(variance > 0))
    if kind == TOGETHER and parts.any():
        kind = SEVERAL
    if kind == GENERAL:
        together = parts[:, None] == parts[None, :]
        variance, covariance = variance * together, covariance * together
    scale = balanced_scale(variance, fractions)
    both = np.outer(scale, scale)
    signs = np.zeros(len(fractions)) if signs is None else np.array(signs, dtype=float)
    starved = (np.diag(variance) == 0) & (fractions > ((variance + variance.T) > 0) @ fractions)
    w, tau = np.ascontiguousarray(variance * both), np.ascontiguousarray(covariance * both)
    offset = float(-np.sum(fractions * np.log(scale / fractions)))
    rows = np.vstack([fractions, scale, signs, parts, starved, np.full(len(fractions), offset), w, tau])
    return Scaled(kind, np.array(fractions, dtype=float), w, tau, signs, parts, starved, scale, offset, rows)


def balanced_scale(variance, fractions):
    """Return s with sum_t v_st s_s s_t kappa_t near 1 in every row, so that all unknowns are of order 1.

    Some profiles with zeros have no such balance (two blocks of very different size that meet only each other):
    their rows are scaled one by one.
    """
    symmetric = 0.5 * (variance + variance.T)
    symmetric[np.diag_indices_from(symmetric)] += symmetric.sum(1) == 0  # a row without randomness needs no scale
    rows = scale = 1 / np.sqrt(symmetric @ fractions)
    for _ in range(30):
        scale = np.sqrt(scale / (symmetric @ (fractions * scale)))
    balance = scale * (symmetric @ (fractions * scale))
    return scale if np.all(np.abs(balance - 1) < 1e-3) else rows


#: The functions that may be needed of a kind, in this order: what the quartic does not solve is followed from above.
FUNCTIONS = {
    ONE: (one_psi,),
    PAIR: (pair_psi, several_psi),
    TOGETHER: (together_psi,),
    SEVERAL: (several_psi,),
    GENERAL: (general_psi,),
}

#: Of symmetric matrices the solvers of the Dyson equation, likewise.
SOLVERS = {
    ONE: (solve_one,),
    PAIR: (solve_two, solve_apart),
    TOGETHER: (solve_several,),
    SEVERAL: (solve_apart,),
}


def psi(law, d, gradient, hessian):
    """Return Psi(d) of the Jacobian with shifts d and fill its gradient and Hessian; nan if it was not found.

    -inf where a fraction of the eigenvalues is 0: a species without a variance of its own, larger than all it meets,
    at shift exactly 0.
    """
    place = new_place(len(d))
    place[Z] = d
    for function in FUNCTIONS[law.kind]:
        value = function(law.rows, place)
        if value == value:
            break
    gradient[:], hessian[:] = place[SLOPE], place[CURVE : CURVE + len(d)]
    return value


def handed_psi(law):
    """Yield the functions that may be needed of a kind, as kernels take them; only what is asked for is compiled."""
    return map(_handed, FUNCTIONS[law.kind])


def handed_solvers(law):
    """Yield, likewise, solvers of the symmetric Dyson equation."""
    return map(_handed, SOLVERS[law.kind])


@functools.lru_cache(maxsize=16)  # there are seven
def _handed(function):
    solves = function in (solve_one, solve_two, solve_several, solve_apart)
    matrix, vector = float64[:, ::1], complex128[::1]
    return Handed(function, (float64[::1], matrix, vector, vector) if solves else (matrix, matrix))


@kernel
def psi_many(psi, law, d, values, gradients, place, again):
    """Fill in Psi and its gradient at every row of d, or, if it is done again, where there is no value yet."""
    for i in range(len(d)):
        if not again or values[i] != values[i]:
            for s in range(d.shape[1]):
                place[Z, s] = d[i, s]
            values[i] = psi(law, place)
            for s in range(d.shape[1]):
                gradients[i, s] = place[SLOPE, s]


class LogDeterminant:
    r"""Psi(d) of the Jacobian of a game, :math:`\lim \frac1N \log|\det J|` with shifts d.

    Parameters
    ----------
    law : LocalLaw
        In float64.

    Examples
    --------
    >>> import spinglass as sg
    >>> psi = sg.spectra.LogDeterminant(sg.pure(3).local_law())
    >>> psi([[0.], [6.]]).round(6)  # semicircle of variance 6: log|d - t| on average
    array([0.39588 , 1.688333])
    """

    def __init__(self, law: Any) -> None:
        if not hasattr(law, "jacobian_variance"):
            raise TypeError(f"law: expected a local law such as model.local_law(), got {shown(law)}")
        self.law = law
        self.scaled = scaled(law.fractions, law.jacobian_variance, law.jacobian_covariance, law.signs)

    def __call__(self, shifts: Numbers) -> Numbers:
        """Return Psi at shifts of shape (..., S)."""
        return self._both(shifts)[0]

    def gradient(self, shifts: Numbers) -> Array:
        """Return the gradient of Psi, shape (..., S)."""
        return self._both(shifts)[1]

    def _both(self, shifts):
        shifts = measured("shifts", shifts)
        if shifts.ndim == 0 or shifts.shape[-1] != len(self.scaled.k):
            raise ValueError(f"shifts: expected shape (..., {len(self.scaled.k)}), got {shifts.shape}")
        flat = np.ascontiguousarray(shifts.reshape(-1, shifts.shape[-1]))
        values, gradients = np.empty(len(flat)), np.empty_like(flat)
        place = new_place(flat.shape[1])
        for again, psi in enumerate(handed_psi(self.scaled)):
            psi_many(psi, self.scaled.rows, flat, values, gradients, place, again > 0)
            if not np.isnan(values).any():
                break
        else:
            raise ArithmeticError(f"no physical solution of the Dyson equation at shifts {flat[np.isnan(values)][0]}")
        return values.reshape(shifts.shape[:-1])[()], gradients.reshape(shifts.shape)
