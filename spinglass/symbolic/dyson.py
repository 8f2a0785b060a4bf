r"""The Dyson equation of the Jacobian, and its log-determinant as a stationary value.

Sign-symmetric games (rows flipped by signs :math:`\epsilon_s`): one resolvent :math:`g_s` per species,

.. math::
   \frac1{g_s} = \epsilon_s d_s - z - \sum_t v_{st}\kappa_t g_t, \qquad
   \Phi = -\sum_s\kappa_s\log g_s + \sum_s\kappa_s(\epsilon_s d_s - z)g_s - 1 - \tfrac12\sum_{st}\kappa_s\kappa_t
   v_{st}g_sg_t ,

with :math:`\Psi = \mathrm{Re}\,\Phi` at z = 0.  Other games at z = 0: the resolvent of the hermitised Jacobian has
three unknowns per species, :math:`p_s, q_s, b_s`, see :func:`dyson`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy

from spinglass.symbolic.local import SymbolicLaw, local_law
from spinglass.symbolic.step import Step

if TYPE_CHECKING:
    from spinglass.models.game import SphericalGame
    from spinglass.symbolic.game import SymbolicGame


@dataclass(frozen=True)
class DysonSystem(Step):
    """The Dyson equations of a game in the symbols of its profile.

    Attributes
    ----------
    law : SymbolicLaw
    unknowns : tuple of sympy.Symbol
        g_1 .. g_S; for a game without signs p_1 .., q_1 .., b_1 ...
    equations : tuple of sympy.Eq
        As many, in kappa_s, v_st (tau_st), d_s and z.
    potential : sympy expression
        Stationary in the unknowns at the solution; its real part at z = 0 is Psi.
    values : tuple of (symbol, expression)
        What kappa_s, v_st and tau_st are in this game.
    """

    law: SymbolicLaw
    unknowns: tuple
    equations: tuple
    potential: sympy.Expr
    values: tuple

    @property
    def shifts(self) -> tuple[sympy.Symbol, ...]:
        """The symbols (d_1, .., d_S)."""
        return shift_symbols(len(self.law.fractions))

    def specialise(self, expression: sympy.Expr) -> sympy.Expr:
        """Return an expression with the profile of this game put in."""
        return expression.subs(dict(self.values))

    def statements(self) -> list[tuple[str, Any]]:
        """Return the equations and the potential."""
        return [("", equation) for equation in self.equations] + [
            (r"\Phi" if self.law.signs is not None else r"\Psi", self.potential)
        ]


def shift_symbols(species):
    """Return the symbols (d_1, .., d_S)."""
    return sympy.symbols(f"d_1:{species + 1}", real=True)


def spectral_symbol():
    """Return the symbol z of the spectral parameter."""
    return sympy.Symbol("z")


def profile_symbols(law):
    """Return symbols for fractions, variances and covariances (0 and 1 stay numbers), and what they stand for."""
    species = range(len(law.fractions))
    values = {}

    def name(text, value, positive=True):
        if value in (0, 1):
            return sympy.sympify(value)
        symbol = sympy.Symbol(text, positive=True) if positive else sympy.Symbol(text, real=True)
        values[symbol] = value
        return symbol

    k = [name(f"kappa_{s + 1}", law.fractions[s]) for s in species]
    v, tau = law.jacobian_variance, law.jacobian_covariance
    both = sympy.zeros(len(k)), sympy.zeros(len(k))
    for s in species:
        for t in species:
            upper = (s, t) if law.signs is None else (min(s, t), max(s, t))
            both[0][s, t] = name(f"v_{upper[0] + 1}{upper[1] + 1}", v[upper])
            if law.signs is None:
                same = both[0][s, s] if s == t else None
                low, high = min(s, t), max(s, t)
                both[1][s, t] = same if s == t else name(f"tau_{low + 1}{high + 1}", tau[low, high], False)
    return k, *both, tuple(values.items())


def dyson(model: SphericalGame | SymbolicGame | SymbolicLaw) -> DysonSystem:
    r"""Return the Dyson equations of a game; at z = 0 they give its log-determinant.

    A game without row signs has, at z = 0, :math:`P_s = \sum_t v_{st}\kappa_t q_t`, :math:`Q_s = \sum_t
    v_{ts}\kappa_t p_t`, :math:`m_s = d_s - \sum_t\tau_{st}\kappa_t b_t`, :math:`D_s = P_sQ_s + m_s^2` and
    :math:`p_s = Q_s/D_s`, :math:`q_s = P_s/D_s`, :math:`b_s = m_s/D_s`.

    Parameters
    ----------
    model : SymbolicGame, SphericalGame or SymbolicLaw

    Returns
    -------
    DysonSystem

    References
    ----------
    Ajanki, Erdos, Krueger (2017), Singularities of solutions to quadratic vector equations; Baskerville, Keating,
    Mezzadri, Najnudel (2022).

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.constructors import pure
    >>> sg.symbolic.dyson(pure()).equations
    (Eq(1/g_1, d_1 - g_1*v_11 - z),)
    """
    law = model if isinstance(model, SymbolicLaw) else local_law(model)
    k, v, tau, values = profile_symbols(law)
    build = _general if law.signs is None else _symmetric
    unknowns, equations, potential = build(law, k, v, tau)
    return DysonSystem(law, unknowns, equations, potential, values)


def _symmetric(law, k, v, tau):
    species = range(len(k))
    g, d, z = sympy.symbols(f"g_1:{len(k) + 1}"), shift_symbols(len(k)), spectral_symbol()
    a = [law.signs[s] * d[s] - z for s in species]
    equations = tuple(sympy.Eq(1 / g[s], a[s] - sum(v[s, t] * k[t] * g[t] for t in species)) for s in species)
    quadratic = sum(k[s] * k[t] * v[s, t] * g[s] * g[t] for s in species for t in species)
    linear = sum(k[s] * (a[s] * g[s] - sympy.log(g[s])) for s in species)
    return g, equations, linear - 1 - quadratic / 2


def _general(law, k, v, tau):
    n, species = len(k), range(len(k))
    p, q = sympy.symbols(f"p_1:{n + 1}", positive=True), sympy.symbols(f"q_1:{n + 1}", positive=True)
    b, d = sympy.symbols(f"b_1:{n + 1}", real=True), shift_symbols(n)
    rows = [sum(v[s, t] * k[t] * q[t] for t in species) for s in species]
    columns = [sum(v[t, s] * k[t] * p[t] for t in species) for s in species]
    means = [d[s] - sum(tau[s, t] * k[t] * b[t] for t in species) for s in species]
    sizes = [rows[s] * columns[s] + means[s] ** 2 for s in species]
    sides = zip((*p, *q, *b), (*columns, *rows, *means), sizes * 3, strict=True)
    equations = tuple(sympy.Eq(unknown, top / size) for unknown, top, size in sides)
    single = sum(k[s] * (2 * d[s] * b[s] - 2 - sympy.log(p[s] * q[s] + b[s] ** 2)) for s in species)
    double = sum(k[s] * k[t] * (v[s, t] * p[s] * q[t] - tau[s, t] * b[s] * b[t]) for s in species for t in species)
    return (*p, *q, *b), equations, (single + double) / 2
