r"""The local law of a symbolic game, from the table of covariances and the derivatives of its fields.

With :math:`c_{sj}` the weight of field j in the loss of the player who moves species s:

.. math::
   V_s = \sum_j c_{sj}^2 \xi_{j,s}, \qquad v_{st} = \sum_j c_{sj}^2 \xi_{j,st}, \qquad
   \tau_{st} = \sum_j c_{sj} c_{tj} \xi_{j,st}, \qquad d_s = -\sum_j c_{sj} R_{js} .

The scalars :math:`(f_j, R_{j1}, .., R_{jS})` of each field are written as a linear map of independent standard
normals w by Cholesky's method, in which a scalar that depends on earlier ones adds no normal.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import sympy

from spinglass.arithmetic import symbols
from spinglass.models.local_law import constant_of, edge_of, row_signs
from spinglass.symbolic.constructors import of
from spinglass.symbolic.covariance import covariance_table, taylor_symbols
from spinglass.symbolic.game import SymbolicGame
from spinglass.symbolic.step import Step

if TYPE_CHECKING:
    from spinglass.models.game import SphericalGame


def tidy(x):
    """Return the shortest of an expression, its factored form and its form with powers gathered."""
    x = sympy.sympify(x)
    gathered = sympy.powsimp(x)
    factored = sympy.factor(gathered)
    forms = [gathered, factored, sympy.powsimp(factored), sympy.powsimp(sympy.expand_power_base(factored))]
    return min(forms, key=lambda form: (sympy.count_ops(form), str(form)))


def total(terms):
    """Return a sum, each term tidied first."""
    return tidy(sum(tidy(term) for term in terms))


@dataclass(frozen=True)
class SymbolicLaw(Step):
    """The Gaussian law of a game at one point; the names are those of spinglass.models.LocalLaw.

    Attributes
    ----------
    game : SymbolicGame
    fractions, gradient_variance : tuple of S expressions
    jacobian_variance, jacobian_covariance : ImmutableMatrix, S x S
        v and tau.
    losses, shifts : ImmutableMatrix, A x m and S x m
        Losses and shifts as linear maps of m independent standard normals.
    scalar_covariance : ImmutableMatrix, (A + S) x (A + S)
        Covariance of (u_1, .., u_A, d_1, .., d_S), which does not depend on the choice of the normals.
    signs : tuple of int, or None
        Row signs that make the Jacobian symmetric.
    """

    game: SymbolicGame
    fractions: tuple
    gradient_variance: tuple
    jacobian_variance: sympy.ImmutableMatrix
    jacobian_covariance: sympy.ImmutableMatrix
    losses: sympy.ImmutableMatrix
    shifts: sympy.ImmutableMatrix
    scalar_covariance: sympy.ImmutableMatrix
    signs: tuple | None

    @property
    def normals(self) -> tuple[sympy.Symbol, ...]:
        """The symbols (w_1, .., w_m) of the independent normals."""
        return sympy.symbols(f"w_1:{self.losses.cols + 1}", real=True)

    @property
    def edges(self) -> tuple[Any, ...]:
        """R_s = 2 sqrt(kappa_s v_ss)."""
        return tuple(edge_of(k, self.jacobian_variance[s, s], symbols) for s, k in enumerate(self.fractions))

    @property
    def constant(self) -> Any:
        """1/2 - 1/2 sum_s kappa_s log(kappa_s V_s)."""
        return constant_of(self.fractions, self.gradient_variance, symbols)

    def statements(self) -> list[tuple[str, Any]]:
        """Return variances, profiles, losses and shifts as statements."""
        species, w = range(len(self.fractions)), sympy.Matrix(self.normals)
        lines = [(f"V_{{{s + 1}}}", self.gradient_variance[s]) for s in species]
        pairs = [(s, t) for s in species for t in species if self.signs is None or s <= t]
        lines += [(f"v_{{{s + 1}{t + 1}}}", self.jacobian_variance[s, t]) for s, t in pairs]
        if self.signs is None or -1 in self.signs:
            lines += [
                (rf"\tau_{{{s + 1}{t + 1}}}", self.jacobian_covariance[s, t]) for s in species for t in species if s < t
            ]
        lines += [(f"u_{{{a + 1}}}", x) for a, x in enumerate(self.losses * w)]
        return lines + [(f"d_{{{s + 1}}}", x) for s, x in enumerate(self.shifts * w)]


def local_law(model: SphericalGame | SymbolicGame) -> SymbolicLaw:
    r"""Derive the law of losses, gradients and Jacobian of a game at one point.

    Parameters
    ----------
    model : SymbolicGame or SphericalGame

    Returns
    -------
    SymbolicLaw

    Raises
    ------
    TypeError
        If it is no game.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Lemma 3.2; McKenna (2024), Complexity of bipartite spherical spin glasses.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.constructors import bipartite
    >>> law = sg.symbolic.local_law(bipartite())
    >>> law.jacobian_variance
    Matrix([
    [p*(p - 1),       p*q],
    [      p*q, q*(q - 1)]])
    >>> law.shifts
    Matrix([
    [-p],
    [-q]])
    """
    return _derive(of(model))


@functools.lru_cache(maxsize=64)
def _derive(game):
    """Derive the law of a game; every later step of the same game starts from it."""
    table = covariance_table()
    species = range(len(game.fractions))
    fields = range(len(game.fields))
    entry = [[[_entries(game, table, j, s, t) for t in species] for s in species] for j in fields]

    def profile(same, other, weight):
        return sympy.ImmutableMatrix(
            len(species),
            len(species),
            lambda s, t: total(weight(j, s, t) * entry[j][s][t][same if s == t else other] for j in fields),
        )

    def own(j, s, t):
        return game.weight(s, j) ** 2

    def both(j, s, t):
        return game.weight(s, j) * game.weight(t, j)

    gradient = tuple(total(own(j, s, s) * entry[j][s][s]["gradient"] for j in fields) for s in species)
    losses, shifts = _scalar_maps(game, entry)
    scalars = sympy.Matrix.vstack(losses, shifts)
    return SymbolicLaw(
        game=game,
        fractions=game.fractions,
        gradient_variance=gradient,
        jacobian_variance=profile("hessian_off", "hessian_between", own),
        jacobian_covariance=profile("hessian_off", "hessian_between", both),
        losses=losses,
        shifts=shifts,
        scalar_covariance=(scalars * scalars.T).applyfunc(tidy).as_immutable(),
        signs=_signs(game),
    )


def _entries(game, table, j, s, t):
    """Return the table for field j with its derivatives by q_s and q_t put in."""
    values = {}
    for (m, n), symbol in taylor_symbols().items():
        if m + n <= 2:
            values[symbol] = game.derivative(j, *[s] * m, *[t] * n)
    return {name: value.subs(values) for name, _, value in table.entries}


def _scalar_maps(game, entry):
    """Return losses and shifts as linear maps of independent normals, field by field."""
    species = range(len(game.fractions))
    losses, shifts = [[] for _ in game.losses], [[] for _ in species]
    for j in range(len(game.fields)):
        cells = entry[j]
        rows = [[cells[0][0]["value"], *(cells[s][s]["value_radial"] for s in species)]]
        for s in species:
            radial = [cells[s][t]["radial" if s == t else "radial_other"] for t in species]
            rows.append([rows[0][1 + s], *radial])
        root = factor_covariance(rows)
        for a, row in enumerate(losses):
            row.extend(tidy(game.losses[a][j] * x) for x in root[0])
        for s, row in enumerate(shifts):
            row.extend(tidy(-game.weight(s, j) * x) for x in root[1 + s])
    return sympy.ImmutableMatrix(losses), sympy.ImmutableMatrix(shifts)


def factor_covariance(rows):
    """Return L with L @ L.T = rows, with one column per independent scalar (greedily from the first)."""
    roots, pivots = [], []
    for i, row in enumerate(rows):
        new = []
        for k, pivot in enumerate(pivots):
            new.append(tidy((row[pivot] - sum(new[c] * roots[pivot][c] for c in range(k))) / roots[pivot][k]))
        rest = sympy.simplify(row[i] - sum(x**2 for x in new))
        if rest.is_negative:
            raise ValueError(f"fields: a scalar of variance {rest} given the others: the field is no covariance")
        if rest != 0:
            pivots.append(i)
            new.append(sympy.sqrt(tidy(rest)))
        roots.append(new)
    return [row + [sympy.Integer(0)] * (len(pivots) - len(row)) for row in roots]


def _signs(game):
    """Return row signs that make the Jacobian symmetric, or None, by comparing the weights of coupling fields."""

    def couples(j):
        return lambda s, t: game.derivative(j, s, t) != 0

    fields = [SimpleNamespace(couples=couples(j)) for j in range(len(game.fields))]
    losses = [[sympy.expand(c) for c in row] for row in game.losses]
    mover = {s: a for a, moved in enumerate(game.players) for s in moved}
    return row_signs(SimpleNamespace(fractions=game.fractions, fields=fields, losses=losses), mover)
