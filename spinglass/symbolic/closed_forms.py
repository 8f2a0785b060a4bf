r"""Closed forms: threshold energies, totals, the classification of mixtures, and the height at the origin.

One sphere (:math:`v_0 = \xi(1), x_1 = \xi'(1), x_2 = \xi''(1)`): threshold, totals and energies come from
:class:`spinglass.complexity.one_sphere.sphere.OneSphere`, the classification is

.. math:: G = \log\frac{x_2}{x_1} - \frac{v_0(x_2 - x_1)(x_2 - x_1 + x_1^2/v_0)}{x_2 x_1^2} .

Two species at w = 0: the Dyson equations say that :math:`M_{st} = \kappa_s\kappa_t v_{st} p_s q_t` has row and column
sums :math:`\kappa_s`, so that :math:`a = M_{11}` solves :math:`a(\kappa_2 - \kappa_1 + a) = \rho(\kappa_1 - a)^2`,
:math:`\rho = v_{11}v_{22}/(v_{12}v_{21})`, and

.. math:: \Sigma(0) = -\tfrac12\sum_s\kappa_s\log(\kappa_s V_s)
          - \tfrac12\sum_{st} M_{st}\log\frac{M_{st}}{\kappa_s\kappa_t v_{st}} ,

the total complexity wherever no other w is higher, as in the GAN.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy

from spinglass.arithmetic import symbols
from spinglass.complexity.one_sphere.sphere import OneSphere
from spinglass.symbolic.local import SymbolicLaw, local_law, tidy
from spinglass.symbolic.sigma import sphere
from spinglass.symbolic.step import Step

if TYPE_CHECKING:
    from spinglass.models.game import SphericalGame
    from spinglass.symbolic.game import SymbolicGame

X1, X2 = sympy.symbols("x_1 x_2", positive=True)
RATIO, MASS = sympy.symbols("rho a", positive=True)


@dataclass(frozen=True)
class ClosedForms(Step):
    """Named closed forms of a game: ``forms["total"]``.

    Attributes
    ----------
    entries : tuple of (name, LaTeX, expression)
    """

    entries: tuple

    def __getitem__(self, name: str) -> sympy.Expr:
        for known, _, value in self.entries:
            if known == name:
                return value
        raise KeyError(f"{name}: expected one of {', '.join(self.names())}")

    def explicit(self, name: str) -> sympy.Expr:
        """Return an entry with those before it put in for rho and a."""
        known = {n: value for n, _, value in self.entries}
        value = self[name]
        for symbol, source in ((MASS, "mass"), (RATIO, "ratio")):
            value = value.subs(symbol, known[source]) if source in known else value
        return value

    def names(self) -> list[str]:
        """Return the names of the closed forms."""
        return [name for name, _, _ in self.entries]

    def statements(self) -> list[tuple[str, Any]]:
        """Return the closed forms as statements."""
        return [(left, value) for _, left, value in self.entries]


def closed_forms(model: SphericalGame | SymbolicGame | SymbolicLaw | OneSphere) -> ClosedForms:
    """Return the closed forms that a game has.

    Parameters
    ----------
    model : SymbolicGame, SphericalGame, SymbolicLaw or OneSphere
        With one or two species.

    Returns
    -------
    ClosedForms
        One sphere: "threshold" (E_inf, above minus which typical points are saddles of diverging index), "total"
        (log(x2/x1)/2 where x2 >= x1), "total_index" (any given index; index 0 where x2 < x1), "energy_index" (where
        they lie) and, for mixtures, "classification" (G > 0: pure-like, G < 0: full mixture).  Two species: "ratio"
        (rho), "mass" (M_11) and "height" (Sigma at w = 0).

    Raises
    ------
    NotImplementedError
        For three species or more, and for two without enough randomness.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Theorems 2.8 and 2.12; Auffinger, Ben Arous (2013), section 1.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.constructors import pure
    >>> forms = sg.symbolic.closed_forms(pure())
    >>> print(forms["total"], forms["total_index"])
    log(p - 1)/2 log(p - 1)/2 - (p - 2)/p
    """
    if hasattr(model, "threshold_energy") and hasattr(model, "single_degree"):
        return _one(model)
    law = model if isinstance(model, SymbolicLaw) else local_law(model)
    if len(law.fractions) == 1:
        return _one(sphere(law))
    if len(law.fractions) == 2:
        return _two(law)
    raise NotImplementedError(f"{len(law.fractions)} species: closed forms exist for one and two")


def _one(one):
    """Return the closed forms of one sphere."""
    v0, x1, x2 = one.v0, one.x1, one.x2
    settle = _settler(x1 / v0 if one.single_degree else None)
    total, fixed, energy = (settle(form.subs({X1: x1, X2: x2})) for form in generic_totals())
    if one.single_degree:
        fixed = total - _short(total - fixed)
    entries = [
        ("threshold", r"E_\infty", _short(-one.threshold_energy)),
        ("total", r"\Sigma_{\mathrm{total}}", total),
        ("total_index", r"\Sigma_{\mathrm{total}, k}", fixed),
        ("energy_index", r"u_k", _short(energy)),
    ]
    if not one.single_degree:
        gap = x2 - x1
        value = sympy.log(x2 / x1) - v0 * gap * (gap + x1**2 / v0) / (x2 * x1**2)
        entries.append(("classification", "G", value))
    return ClosedForms(tuple(entries))


@functools.lru_cache(maxsize=1)
def generic_totals():
    """Return the totals of any index and of a given one, and the energy of the latter, in the symbols x1 and x2."""
    one = OneSphere(sympy.Symbol("v_0", positive=True), X1, X2, False, symbols)
    level = sympy.log(X2 / X1) / 2
    total, (fixed, energy) = one.total(None)[0], one.total(0)
    return _branches(total, level), _branches(fixed, level), _branches(energy, 0)


def _branches(expression, level):
    """Return a Piecewise in x1 > x2 with each branch in short form, the level kept apart in the second."""
    inner, outer = (value for value, _ in expression.args)
    return sympy.Piecewise((_short(outer), X1 > X2), (level + _short(sympy.simplify(inner - level)), True))


def _short(x):
    return min((x, sympy.simplify(x), sympy.factor(x)), key=sympy.count_ops)


def _settler(degree):
    """Return a function that decides relations which hold for every degree of at least 2."""
    if not isinstance(degree, sympy.Symbol):
        return lambda x: x
    beyond = {degree: sympy.Dummy(integer=True, nonnegative=True) + 2}

    def decide(relation):
        difference = sympy.expand((relation.lhs - relation.rhs).subs(beyond))
        answer = relation.func(difference, 0)
        return answer if answer in (sympy.true, sympy.false) else relation

    return lambda x: sympy.sympify(x).replace(lambda e: e.is_Relational, decide)


def _two(law):
    """Return the height at w = 0 of two species."""
    k, v = law.fractions, law.jacobian_variance
    if v[0, 0] == 0 or v[1, 1] == 0:
        raise NotImplementedError("a species without a variance of its own: no closed form at w = 0")
    constant = law.constant - sympy.Rational(1, 2)
    if v[0, 1] == 0 or v[1, 0] == 0:  # one way or both: the determinant is that of the two blocks
        height = constant + sum(k[s] * sympy.log(k[s] * v[s, s]) for s in range(2)) / 2
        return ClosedForms((("height", r"\Sigma(0)", tidy(height)),))
    linear = k[1] - k[0] + 2 * RATIO * k[0]
    mass = 2 * RATIO * k[0] ** 2 / (linear + sympy.sqrt(linear**2 + 4 * (1 - RATIO) * RATIO * k[0] ** 2))
    masses = [[MASS, k[0] - MASS], [k[0] - MASS, k[1] - k[0] + MASS]]
    cells = [(masses[s][t], k[s] * k[t] * v[s, t]) for s in range(2) for t in range(2)]
    height = constant - sum(m * sympy.log(m / weight) for m, weight in cells) / 2
    return ClosedForms(
        (
            ("ratio", r"\rho", tidy(v[0, 0] * v[1, 1] / (v[0, 1] * v[1, 0]))),
            ("mass", "a", mass),
            ("height", r"\Sigma(0)", height),
        )
    )
