"""Spherical games with symbols in them: fractions, covariances and losses as sympy expressions.

:class:`spinglass.models.SphericalGame` holds numbers.  A :class:`SymbolicGame` says the same with expressions: the
covariance of field j is an expression in the overlaps q_1 .. q_S whose degrees and coefficients may be symbols, such
as ``q_1**p`` or ``(q_1 + q_2)**(p + q)``.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from spinglass.inputs.checks import plain, sequence, shown, whole_number
from spinglass.symbolic.step import Step


def overlaps(species: int) -> tuple[sympy.Symbol, ...]:
    """Return the overlap symbols (q_1, .., q_S).

    Parameters
    ----------
    species : int
        S, at least 1.

    Returns
    -------
    tuple of sympy.Symbol

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.symbolic.overlaps(2)
    (q_1, q_2)
    """
    return tuple(sympy.Symbol(f"q_{s + 1}", positive=True) for s in range(whole_number("species", species, 1, 1000)))


def exact(name, x):
    """Return a number (a float as the binary fraction it is) or a sympy expression as sympy's, or refuse it."""
    x = x if isinstance(x, sympy.Expr) else plain(x)
    if isinstance(x, bool) or not isinstance(x, (numbers.Real, sympy.Expr)):
        raise TypeError(f"{name}: expected a number or a sympy expression, got {shown(x)}")
    x = sympy.sympify(x)
    if x.has(sympy.nan, sympy.oo, -sympy.oo, sympy.zoo):
        kind = "number" if x.is_Atom else "expression"
        raise ValueError(f"{name}: expected a finite {kind}, got {shown(x)}")
    return sympy.Rational(x) if isinstance(x, sympy.Float) else x


@dataclass(frozen=True, init=False)
class SymbolicGame(Step):
    r"""Players on spheres, each lowering its own Gaussian random loss, written with symbols.

    Fields :math:`f_j` have covariance :math:`\xi_j(q_1, .., q_S)`, losses are :math:`L_a = \sum_j C_{aj} f_j`; see
    :class:`spinglass.models.SphericalGame`, whose arguments these are.

    Parameters
    ----------
    fractions : sequence of S expressions
        kappa_s, of sum 1.
    fields : sequence of expressions
        Covariances, in the symbols q_1 .. q_S (recognised by their names).
    losses : sequence of A sequences of expressions
        C, one row per player, one column per field.
    players : sequence of A sequences of int
        The species player a moves; every species exactly once.

    Raises
    ------
    ValueError, TypeError
        For anything that is not a game, in one line.

    References
    ----------
    Baskerville, Keating, Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of generative
    adversarial networks; McKenna (2024), Complexity of bipartite spherical spin glasses.

    Examples
    --------
    >>> import sympy
    >>> import spinglass as sg
    >>> p = sympy.Symbol("p", integer=True, positive=True)
    >>> (q_1,) = sg.symbolic.overlaps(1)
    >>> sg.symbolic.SymbolicGame([1], [q_1**p], [[1]], [[0]]).covariance(0)
    q_1**p
    """

    fractions: tuple
    fields: tuple
    losses: tuple
    players: tuple

    def __init__(
        self,
        fractions: Sequence[Any],
        fields: Sequence[Any],
        losses: Sequence[Sequence[Any]],
        players: Sequence[Sequence[int]],
    ) -> None:
        fractions = tuple(exact("fractions", x) for x in sequence("fractions", fractions))
        _check_fractions(fractions)
        fields = tuple(_field(j, xi, len(fractions)) for j, xi in enumerate(sequence("fields", fields)))
        if not fields:
            raise ValueError("fields: expected at least one covariance, got none")
        losses = tuple(_loss(a, row, len(fields)) for a, row in enumerate(sequence("losses", losses)))
        players = _players(players, len(losses), len(fractions))
        for name, content in zip(self.__dataclass_fields__, (fractions, fields, losses, players), strict=True):
            object.__setattr__(self, name, content)
        self._check_equations()

    @property
    def overlaps(self) -> tuple[sympy.Symbol, ...]:
        """The symbols (q_1, .., q_S)."""
        return overlaps(len(self.fractions))

    def covariance(self, j: int) -> sympy.Expr:
        """Return the covariance of field j."""
        return self.fields[j]

    def derivative(self, j: int, *species: int) -> sympy.Expr:
        """Return a derivative of the covariance of field j, at q = (1, .., 1); none for its value."""
        xi = self.fields[j]
        for s in species:
            xi = sympy.diff(xi, self.overlaps[s])
        return sympy.powsimp(sympy.factor(xi.subs(dict.fromkeys(self.overlaps, 1))))

    def weight(self, s: int, j: int) -> sympy.Expr:
        """Return c_sj, the weight of field j in the loss of the player who moves species s."""
        mover = next(a for a, moved in enumerate(self.players) if s in moved)
        return self.losses[mover][j]

    def statements(self) -> list[tuple[str, Any]]:
        """Return what defines the game as pairs of a left-hand side in LaTeX and an expression."""
        fields = sympy.symbols(f"f_1:{len(self.fields) + 1}")
        lines = [(rf"\xi_{{{j + 1}}}", xi) for j, xi in enumerate(self.fields)]
        for a, row in enumerate(self.losses):
            lines.append((f"L_{{{a + 1}}}", sum(c * f for c, f in zip(row, fields, strict=True))))
        if len(self.fractions) > 1:
            lines += [(rf"\kappa_{{{s + 1}}}", x) for s, x in enumerate(self.fractions)]
        return lines

    def _check_equations(self):
        for s, q in enumerate(self.overlaps):
            if not any(self.weight(s, j) != 0 and xi.has(q) for j, xi in enumerate(self.fields)):
                raise ValueError(f"losses: the loss of the player who moves species {s} does not depend on it")


def _check_fractions(fractions):
    if not fractions or any(x.is_nonpositive for x in fractions):
        raise ValueError(f"fractions: expected one positive expression per species, got {shown(fractions)}")
    total = sympy.simplify(sum(fractions))
    if total != 1 and not (total.is_number and abs(total - 1) < sympy.Rational(1, 10**12)):
        raise ValueError(f"fractions: expected expressions of sum 1, got {shown(fractions)} of sum {shown(total)}")


def _field(j, xi, species):
    xi, ours = exact(f"fields[{j}]", xi), overlaps(species)
    xi = xi.subs({symbol: q for symbol in xi.free_symbols for q in ours if symbol.name == q.name})
    if not xi.has(*ours):
        raise ValueError(f"fields[{j}]: expected an expression in {', '.join(map(str, ours))}, got {xi}")
    stray = {symbol.name for symbol in xi.free_symbols if symbol.name.removeprefix("q_").isdigit()} - {
        q.name for q in ours
    }
    if stray:
        raise ValueError(f"fields[{j}]: expected overlaps q_1 .. q_{species}, got also {', '.join(sorted(stray))}")
    return xi


def _loss(a, row, fields):
    row = tuple(exact(f"losses[{a}]", c) for c in sequence(f"losses[{a}]", row))
    if len(row) != fields:
        raise ValueError(f"losses[{a}]: expected {fields} weights (one per field), got {len(row)}")
    return row


def _players(players, losses, species):
    players = tuple(tuple(sequence("players", row)) for row in sequence("players", players))
    if len(players) != losses:
        raise ValueError(f"players: expected {losses} lists of species (one per loss), got {len(players)}")
    moved = [s for row in players for s in row]
    if not all(isinstance(s, numbers.Integral) for s in moved) or sorted(moved) != list(range(species)):
        raise ValueError(
            f"players: expected every species of 0..{species - 1} moved exactly once, got {shown(players)}"
        )
    return players
