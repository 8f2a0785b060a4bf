r"""The complexity: one expression for one sphere, an expression and its Dyson equations for several.

With losses V w and shifts D w as linear maps of the normals w of the local law,

.. math:: \Sigma(w) = \tfrac12 - \tfrac12\sum_s\kappa_s\log(\kappa_s V_s) + \Psi(Dw) - \tfrac12|w|^2 ,

to be maximised under V w = u (at given energies) or without condition (total).  For one sphere the maximum is
closed: :class:`spinglass.complexity.one_sphere.sphere.OneSphere` in the arithmetic of symbols.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy

from spinglass.arithmetic import symbols
from spinglass.complexity.one_sphere.sphere import OneSphere
from spinglass.models.local_law import constant_of
from spinglass.models.selection import AnyIndex, GivenIndex, selected
from spinglass.spectra.semicircle import deviation
from spinglass.symbolic.dyson import DysonSystem, dyson, spectral_symbol
from spinglass.symbolic.local import SymbolicLaw, local_law
from spinglass.symbolic.step import Step

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Index
    from spinglass.models.game import SphericalGame
    from spinglass.symbolic.game import SymbolicGame

ENERGY = sympy.Symbol("u", real=True)


@dataclass(frozen=True)
class ComplexitySystem(Step):
    """The complexity of several species: an expression in normals and resolvents, and what they satisfy.

    Attributes
    ----------
    dyson : DysonSystem
    rate : sympy expression
        Sigma in the normals w_1 .. w_m and the unknowns of the Dyson system, in the game's own parameters.
    equations : tuple of sympy.Eq
        The Dyson equations at z = 0 with the shifts put in.
    losses, shifts : tuple of expressions
        u_a and d_s in the normals.
    conditions : tuple of sympy relations
        What the asked index demands of the normals.
    """

    dyson: DysonSystem
    rate: sympy.Expr
    equations: tuple
    losses: tuple
    shifts: tuple
    conditions: tuple

    @property
    def normals(self) -> tuple[sympy.Symbol, ...]:
        """The symbols (w_1, .., w_m)."""
        return self.dyson.law.normals

    @property
    def unknowns(self) -> tuple[sympy.Symbol, ...]:
        """The unknowns of the Dyson system."""
        return self.dyson.unknowns

    def statements(self) -> list[tuple[str, Any]]:
        """Return losses, shifts, equations, conditions and the rate, the profile by its symbols."""
        lines = [(f"u_{{{a + 1}}}", x) for a, x in enumerate(self.losses)]
        lines += [(f"d_{{{s + 1}}}", x) for s, x in enumerate(self.shifts)]
        lines += [("", equation.subs(spectral_symbol(), 0)) for equation in self.dyson.equations]
        return [*lines, *(("", c) for c in self.conditions), (r"\Sigma", self.outline)]

    @property
    def outline(self) -> dict[str, Any]:
        """Sigma in the symbols of the profile, the gradient variances V_s and the shifts d_s (without index terms)."""
        law, names = self.dyson.law, {symbol.name: symbol for symbol, _ in self.dyson.values}
        k = [names[f"kappa_{s + 1}"] for s in range(len(law.fractions))]
        v = sympy.symbols(f"V_1:{len(k) + 1}", positive=True)
        potential = self.dyson.potential.subs(spectral_symbol(), 0)
        if law.signs is not None:
            potential = sympy.re(potential, evaluate=False)
        return constant_of(k, v, symbols) + potential - sum(x**2 for x in self.normals) / 2


def sphere(model: SphericalGame | SymbolicGame | SymbolicLaw) -> OneSphere:
    """Return the numbers v0, x1, x2 of a game on one sphere as OneSphere in the arithmetic of symbols.

    Parameters
    ----------
    model : SymbolicGame, SphericalGame or SymbolicLaw
        With one species.

    Returns
    -------
    OneSphere

    Raises
    ------
    ValueError
        For several species, or for a linear function.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.constructors import pure
    >>> sg.symbolic.sphere(pure()).x2
    p*(p - 1)
    """
    law = model if isinstance(model, SymbolicLaw) else local_law(model)
    if len(law.fractions) != 1:
        raise ValueError(f"model: expected one species, got {len(law.fractions)}")
    v0, x1, x2 = law.scalar_covariance[0, 0], law.gradient_variance[0], law.jacobian_variance[0, 0]
    if x2 == 0:
        raise ValueError("model: expected a term of degree 2 or more: a linear function has no complexity")
    single = sympy.simplify(v0 * (x1 + x2) - x1**2) == 0
    return OneSphere(v0, x1, x2, single, symbols)


def complexity(model: SphericalGame | SymbolicGame | SymbolicLaw, index: Index | sympy.Symbol = None) -> Any:
    r"""Return the complexity of a game as an expression or, for several species, as a system.

    Parameters
    ----------
    model : SymbolicGame, SphericalGame or SymbolicLaw
    index : None, int, sympy symbol (one sphere) or tuple with one entry per player
        Number of negative eigenvalues, as in spinglass.complexity.

    Returns
    -------
    sympy expression
        One sphere: :math:`\Sigma(u)` as a Piecewise in the real symbol u, nats per dimension.
    ComplexitySystem
        Several species.

    Raises
    ------
    TypeError, ValueError
        If the model is no game or the index is none of its.
    NotImplementedError
        For an index of a player who moves several species.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Theorems 2.5-2.8; Baskerville, Keating, Mezzadri, Najnudel (2022).

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.sigma import ENERGY
    >>> sigma = sg.symbolic.complexity(sg.pure(3))
    >>> print(sigma.subs(ENERGY, -1))
    -1/8 + log(2)/2
    """
    law = model if isinstance(model, SymbolicLaw) else local_law(model)
    if len(law.fractions) == 1:
        symbol = isinstance(index, sympy.Symbol)
        (k,) = (_index_symbol(index),) if symbol else _index_of(selected(1, index), 1)
        return in_short(sympy.piecewise_fold(sphere(law).at(ENERGY, k)))
    players = len(law.game.players)
    return _system(law, _index_of(selected(players, index), players))


def in_short(rate):
    r"""Return a Piecewise as one writes it: :math:`\sqrt{a^2 - 1}`, reduced fractions, conditions :math:`|u| > c`.

    Examples
    --------
    >>> import sympy
    >>> from spinglass.symbolic.sigma import in_short
    >>> a = sympy.Abs(sympy.Symbol("a", real=True))
    >>> print(in_short(sympy.Piecewise((sympy.sqrt(a - 1) * sympy.sqrt(a + 1), a - 1 > 0), (0, True))))
    Piecewise((sqrt(a**2 - 1), Abs(a) > 1), (0, True))
    """
    if not isinstance(rate, sympy.Piecewise):
        return _value_in_short(rate)
    return sympy.Piecewise(*((_value_in_short(x), _condition_in_short(c)) for x, c in rate.args))


def _value_in_short(x):
    """Return a sum with the square roots of every product as one, and its fractions reduced."""
    x = x.replace(lambda e: isinstance(e, sympy.Mul), lambda e: _one_root(e.as_ordered_factors()))
    x = x.replace(_is_root, lambda e: sympy.sqrt(sympy.expand(e.base)))
    terms = (
        sympy.factor(t) if t.free_symbols and t.is_rational_function(*t.free_symbols) else t
        for t in sympy.Add.make_args(x)
    )
    return sympy.Add(*terms)


def _one_root(factors):
    """Return a product, with roots of what is (a - 1) (a + 1) as one: both are positive wherever the branch holds."""
    roots = [e for e in factors if _is_root(e)]
    others = [e for e in factors if not _is_root(e)]
    if len(roots) < 2 or (roots[0].base - roots[1].base).free_symbols:
        return sympy.Mul(*factors)
    return sympy.Mul(*others, *roots[2:], sympy.sqrt(sympy.expand(roots[0].base * roots[1].base)))


def _is_root(e):
    return isinstance(e, sympy.Pow) and e.exp == sympy.Rational(1, 2) and e.base.has(sympy.Abs)


def _condition_in_short(condition):
    """Return |u| > c for a condition that is linear in |u|, any other as it is."""
    sizes = condition.atoms(sympy.Abs)
    if len(sizes) != 1 or not isinstance(condition, sympy.StrictGreaterThan):
        return condition
    (size,) = sizes
    place = sympy.Dummy(positive=True)
    line = sympy.expand((condition.lhs - condition.rhs).subs(size, place))
    slope, rest = line.coeff(place, 1), line.coeff(place, 0)
    if not slope.is_positive or sympy.expand(line - slope * place - rest) != 0:
        return condition
    return sympy.Gt(size, sympy.simplify(-rest / slope))


def _index_of(selection, players):
    """Return one index or None per player: the one place where formulas read which equilibria are meant."""
    match selection:
        case AnyIndex():
            return (None,) * players
        case GivenIndex(index=index):
            return index
    raise selection.refused("symbolic.complexity", "an index")


def _index_symbol(index):
    """Return a symbol that can stand for an index."""
    if not index.is_integer or index.is_negative:
        raise ValueError(f"index: expected a non-negative integer symbol, got {index}")
    return index


def _system(law, index):
    """Return the complexity of several species."""
    system, z = dyson(law), spectral_symbol()
    w = sympy.Matrix(law.normals)
    losses, shifts = tuple(law.losses * w), tuple(law.shifts * w)
    place = dict(zip(system.shifts, shifts, strict=True)) | {z: 0}
    potential = system.specialise(system.potential.subs(place))
    if law.signs is not None:
        potential = sympy.re(potential, evaluate=False)
    cost, conditions = _index_terms(law, index, shifts)
    return ComplexitySystem(
        dyson=system,
        rate=law.constant + potential - sum(x**2 for x in w) / 2 - cost,
        equations=tuple(system.specialise(equation.subs(place)) for equation in system.equations),
        losses=losses,
        shifts=shifts,
        conditions=conditions,
    )


def _index_terms(law, index, shifts):
    """Return the cost of negative eigenvalues and the demand that each counted block lie above its bulk."""
    cost, conditions = sympy.Integer(0), []
    for k, moved in zip(index, law.game.players, strict=True):
        if k is None:
            continue
        if len(moved) > 1:
            raise NotImplementedError(f"index: a player who moves {len(moved)} species has no formula; use None")
        s = moved[0]
        edge = law.edges[s]
        conditions.append(sympy.Ge(shifts[s], edge))
        if k:
            cost += k * law.fractions[s] * deviation(shifts[s] / edge, symbols)
    return cost, tuple(conditions)
