r"""From the Dyson equations to one polynomial: a quadratic for one species, a quartic for two.

The quartic is the resultant of the two equations, cleared of denominators, in the unknown that is dropped.  Its
discriminant vanishes where two roots meet: at the edges of the spectrum, as a curve in the shifts.
"""

from __future__ import annotations

import functools
import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy

from spinglass.inputs.checks import shown
from spinglass.symbolic.dyson import DysonSystem, dyson
from spinglass.symbolic.step import Step

if TYPE_CHECKING:
    from spinglass.models.game import SphericalGame
    from spinglass.symbolic.game import SymbolicGame
    from spinglass.symbolic.local import SymbolicLaw


@dataclass(frozen=True)
class Elimination(Step):
    """A polynomial that one unknown of a Dyson system solves.

    Attributes
    ----------
    system : DysonSystem
    unknown : sympy.Symbol
        g_s, or S for the mean field.
    generic : sympy.Poly
        In the unknown, with coefficients in the symbols of the profile, the shifts and z.
    meaning : sympy expression
        What the unknown is in terms of the resolvents g_1, ...
    """

    system: DysonSystem
    unknown: sympy.Symbol
    generic: sympy.Poly
    meaning: sympy.Expr

    @property
    def polynomial(self) -> sympy.Expr:
        """The polynomial with the profile of this game put in, as an expression."""
        return self.system.specialise(self.generic.as_expr())

    def coefficients(self) -> list[sympy.Expr]:
        """Return the coefficients, highest power first, factored."""
        return [sympy.factor(c) for c in self.generic.all_coeffs()]

    @property
    def discriminant(self) -> sympy.Expr:
        """The discriminant, in the symbols of the profile, the shifts and z (not expanded)."""
        coefficients = self.generic.all_coeffs()
        symbols, formula = _discriminant(len(coefficients) - 1)
        return formula.subs(dict(zip(symbols, coefficients, strict=True)))

    def statements(self) -> list[tuple[str, Any]]:
        """Return the polynomial, coefficient by coefficient, and its discriminant in these."""
        degree = self.generic.degree()
        symbols, formula = _discriminant(degree)
        powers = sum(c * self.unknown ** (degree - i) for i, c in enumerate(symbols))
        lines = [] if self.meaning == self.unknown else [(sympy.latex(self.unknown), self.meaning)]
        lines.append(("", sympy.Eq(powers, 0)))
        lines += [(sympy.latex(c), value) for c, value in zip(symbols, self.coefficients(), strict=True)]
        return [*lines, (r"\mathrm{Disc}", formula)]


@functools.lru_cache(maxsize=8)
def _discriminant(degree):
    """Return symbols of coefficients, highest power first, and the discriminant of their polynomial.

    Of a quartic by its invariants I and J: (4 I^3 - J^2)/27.
    """
    x = sympy.Symbol("x")
    symbols = tuple(sympy.Symbol(f"C_{i}") for i in range(degree, -1, -1))
    if degree != 4:
        return symbols, sympy.discriminant(sum(c * x ** (degree - i) for i, c in enumerate(symbols)), x)
    a, b, c, d, e = symbols
    i = 12 * a * e - 3 * b * d + c**2
    j = 72 * a * c * e + 9 * b * c * d - 27 * a * d**2 - 27 * b**2 * e - 2 * c**3
    return symbols, (4 * i**3 - j**2) / 27


def elimination(model: SphericalGame | SymbolicGame | SymbolicLaw | DysonSystem, species: int = 0) -> Elimination:
    r"""Eliminate all but one resolvent from the Dyson equations.

    Parameters
    ----------
    model : SymbolicGame, SphericalGame, SymbolicLaw or DysonSystem
        With one or two species.
    species : int
        Whose resolvent g_s is kept.

    Returns
    -------
    Elimination

    Raises
    ------
    NotImplementedError
        For three species or more, and for games that no row signs make symmetric.
    ValueError, TypeError
        For a species that does not exist.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.constructors import gan, pure
    >>> sg.symbolic.elimination(pure()).generic.as_expr()
    g_1**2*v_11 + g_1*(-d_1 + z) + 1
    >>> sg.symbolic.elimination(gan()).generic.degree()
    4
    """
    system = _checked(model)
    g = system.unknowns
    if isinstance(species, bool) or not isinstance(species, numbers.Integral):
        raise TypeError(f"species: expected an int, got {shown(species)}")
    species = int(species)
    if not 0 <= species < len(g):
        raise ValueError(f"species: expected a number from 0 to {len(g) - 1}, got {species}")
    equations, kept = _cleared(system), g[species]
    if len(g) == 1 or not equations[species].has(g[1 - species]):
        return Elimination(system, kept, _positive(sympy.Poly(equations[species], kept)), kept)
    return Elimination(system, kept, _resultant(equations, kept, g[1 - species]), kept)


def mean_field(model: SphericalGame | SymbolicGame | SymbolicLaw | DysonSystem) -> Elimination:
    r"""Eliminate both resolvents in favour of :math:`S = v_{12}(\kappa_1 g_1 + \kappa_2 g_2)`.

    Where the profile is flat but for its first entry, :math:`v_{12} = v_{22}`, as in the GAN, the second equation
    is :math:`g_2 = 1/(\epsilon_2 d_2 - z - S)` and S solves a quartic of its own,

    .. math:: K\,[(\epsilon_1 d_1 - z - S) A - (v_{11} - v_{12}) K] = \kappa_1 A^2, \qquad
              A = \epsilon_2 d_2 - z - S, \quad K = S A/v_{12} - \kappa_2 .

    Parameters
    ----------
    model : SymbolicGame, SphericalGame, SymbolicLaw or DysonSystem

    Returns
    -------
    Elimination

    Raises
    ------
    NotImplementedError
        For other than two species or without row signs.
    ValueError
        If v_12 and v_22 differ or vanish.

    References
    ----------
    Baskerville, Keating, Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of generative
    adversarial networks.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.constructors import gan
    >>> sg.symbolic.mean_field(gan()).generic.degree()
    4
    """
    system = _checked(model)
    v = system.law.jacobian_variance
    if len(system.unknowns) != 2 or v[0, 1] == 0 or sympy.simplify(v[0, 1] - v[1, 1]) != 0:
        raise ValueError(f"model: expected two species with v_12 = v_22 > 0, got v = {v.tolist()}")
    (g_1, g_2), S, names = system.unknowns, sympy.Symbol("S"), {symbol.name: symbol for symbol, _ in system.values}
    k_1, k_2 = names["kappa_1"], names["kappa_2"]
    v_12, v_22 = names.get("v_12", sympy.Integer(1)), names.get("v_22", sympy.Integer(1))
    equations = [e.subs(v_22, v_12).subs(g_1, (S / v_12 - k_2 * g_2) / k_1) for e in _cleared(system)]
    equations = [sympy.numer(sympy.together(sympy.expand(e))) for e in equations]
    return Elimination(system, S, _resultant(equations, S, g_2), v_12 * (k_1 * g_1 + k_2 * g_2))


def _checked(model):
    system = model if isinstance(model, DysonSystem) else dyson(model)
    if system.law.signs is None:
        raise NotImplementedError("no row signs make this Jacobian symmetric: only symmetric ones are eliminated")
    if len(system.unknowns) > 2:
        raise NotImplementedError(
            f"{len(system.unknowns)} species: elimination is done for one and two; solve the Dyson equations instead"
        )
    return system


def _cleared(system):
    """Return the equations 0 = g_s (right-hand side) - 1 without denominators."""
    return [g * equation.rhs - 1 for g, equation in zip(system.unknowns, system.equations, strict=True)]


def _resultant(equations, kept, dropped):
    """Return the resultant of two equations as a polynomial in the kept unknown, without factors free of it."""
    result = sympy.resultant(*(sympy.expand(e) for e in equations), dropped)
    parts = [(base, power) for base, power in sympy.factor_list(result)[1] if base.has(kept) and base != kept]
    return _positive(sympy.Poly(sympy.prod(base for base, _ in parts), kept))


def _positive(polynomial):
    """Return a polynomial or its negative, without a minus in front of the leading coefficient."""
    return -polynomial if sympy.factor(polynomial.LC()).could_extract_minus_sign() else polynomial
