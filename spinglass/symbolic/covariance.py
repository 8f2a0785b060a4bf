r"""Covariances of the value, the gradient and the Hessian of one field at a point, by differentiation.

Around the pole :math:`n_s` of sphere s take polar coordinates: a radius :math:`1 + r_s` and two of the tangent
directions, :math:`y_{s1}, y_{s2}`,

.. math:: x_s = (1 + r_s)\,[(1 - |y_s|^2/2)\, n_s + y_s] + O(|y|^3) .

To second order these are the coordinates of geodesics, so that second derivatives by y at 0 are the Riemannian
Hessian.  The covariance of two derivatives of f is the mixed derivative of :math:`\xi(q_1, .., q_S)` with
:math:`q_s = x_s \cdot x'_s`.  Two spheres s = 1 and t = 2 show all cases; :math:`\xi` enters by its Taylor polynomial
at q = (1, 1), so that the results hold for every covariance.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from spinglass.inputs.checks import instance, shown
from spinglass.symbolic.game import exact, overlaps, sequence
from spinglass.symbolic.step import Step

RADIUS = 0  # the third coordinate of a sphere beside the tangent ones 1 and 2

#: Name of an entry, its LaTeX, and which derivatives it pairs: each a tuple of (sphere, coordinate).
#: f value, D gradient, R radial derivative, H Hessian within sphere s or between the spheres s and t.
ENTRIES = (
    ("value", r"E[f f]", (), ()),
    ("value_gradient", r"E[f\, \partial_{s1} f]", (), ((0, 1),)),
    ("gradient", r"E[(\partial_{s1} f)^2]", ((0, 1),), ((0, 1),)),
    ("gradient_same", r"E[\partial_{s1} f\, \partial_{s2} f]", ((0, 1),), ((0, 2),)),
    ("gradient_other", r"E[\partial_{s1} f\, \partial_{t1} f]", ((0, 1),), ((1, 1),)),
    ("gradient_hessian", r"E[\partial_{s1} f\, H_{s1,s1}]", ((0, 1),), ((0, 1), (0, 1))),
    ("gradient_radial", r"E[\partial_{s1} f\, R_s]", ((0, 1),), ((0, RADIUS),)),
    ("value_radial", r"E[f R_s]", (), ((0, RADIUS),)),
    ("radial", r"E[R_s^2]", ((0, RADIUS),), ((0, RADIUS),)),
    ("radial_other", r"E[R_s R_t]", ((0, RADIUS),), ((1, RADIUS),)),
    ("value_hessian", r"E[f H_{s1,s1}]", (), ((0, 1), (0, 1))),
    ("radial_hessian", r"E[R_s H_{s1,s1}]", ((0, RADIUS),), ((0, 1), (0, 1))),
    ("radial_hessian_other", r"E[R_t H_{s1,s1}]", ((1, RADIUS),), ((0, 1), (0, 1))),
    ("hessian_diagonal", r"E[H_{s1,s1}^2]", ((0, 1), (0, 1)), ((0, 1), (0, 1))),
    ("hessian_two_diagonal", r"E[H_{s1,s1} H_{s2,s2}]", ((0, 1), (0, 1)), ((0, 2), (0, 2))),
    ("hessian_off", r"E[H_{s1,s2}^2]", ((0, 1), (0, 2)), ((0, 1), (0, 2))),
    ("hessian_between", r"E[H_{s1,t2}^2]", ((0, 1), (1, 2)), ((0, 1), (1, 2))),
    ("hessian_between_crossed", r"E[H_{s1,t2} H_{s2,t1}]", ((0, 1), (1, 2)), ((0, 2), (1, 1))),
)


@dataclass(frozen=True)
class CovarianceTable(Step):
    """Covariances of one field and its derivatives at one point of two spheres s and t.

    Attributes
    ----------
    entries : tuple of (name, LaTeX, expression)
        Expressions in xi and its derivatives xi_s, xi_t, xi_ss, xi_st, xi_tt at q = (1, 1).
    flat : tuple of (name, LaTeX, expression)
        Covariances of the Hessian freed of its radial part, F = H + R_s on the diagonal of sphere s.
    """

    entries: tuple
    flat: tuple

    def __getitem__(self, name: str) -> sympy.Expr:
        for known, _, value in self.entries + self.flat:
            if known == name:
                return value
        raise KeyError(f"{name}: expected one of {', '.join(e[0] for e in self.entries + self.flat)}")

    def statements(self) -> list[tuple[str, Any]]:
        """Return the entries as statements."""
        return [(left, value) for _, left, value in self.entries + self.flat]


def taylor_symbols():
    """Return the symbols of xi and its derivatives at q = (1, 1), by the number of derivatives by q_s and by q_t."""
    orders = [order for order in itertools.product(range(5), repeat=2) if sum(order) <= 4]
    return {(m, n): sympy.Symbol("xi" + ("_" + "s" * m + "t" * n if m + n else "")) for m, n in orders}


def moment(
    xi: sympy.Expr, symbols: Sequence[sympy.Symbol], left: Sequence[tuple[int, int]], right: Sequence[tuple[int, int]]
) -> sympy.Expr:
    r"""Return the covariance of one derivative of f with another, at the same point.

    Parameters
    ----------
    xi : sympy expression
        Covariance in the overlaps.
    symbols : sequence of sympy.Symbol
        The overlaps.
    left, right : tuple of (sphere, coordinate)
        Derivatives taken; coordinate 1 or 2 is a tangent direction, 0 the radius.

    Returns
    -------
    sympy expression

    Examples
    --------
    >>> import spinglass as sg
    >>> (q_1,) = sg.symbolic.overlaps(1)
    >>> sg.symbolic.moment(q_1**3, [q_1], left=((0, 1), (0, 2)), right=((0, 1), (0, 2)))  # xi''(1)
    6
    """
    xi, symbols = exact("xi", xi), sequence("symbols", symbols)
    for q in symbols:
        instance("symbols", q, sympy.Symbol, "sympy symbols, one per sphere")
    for name, used in (("left", left), ("right", right)):
        _check_derivatives(name, used, len(symbols))
    here, there = (_coordinates(side, used, len(symbols)) for side, used in (("y", left), ("z", right)))
    for s, q in enumerate(symbols):
        xi = xi.subs(q, _overlap(here[s], there[s]))
    variables = [here[s][i] for s, i in left] + [there[s][i] for s, i in right]
    for variable in variables:
        xi = sympy.diff(xi, variable)
    return sympy.factor(xi.subs(dict.fromkeys(variables, 0)))


def _check_derivatives(name, used, species):
    """Refuse what is no tuple of pairs (sphere, coordinate)."""
    pairs = isinstance(used, (tuple, list)) and all(isinstance(pair, tuple) and len(pair) == 2 for pair in used)
    if not pairs or not all(s in range(species) and i in range(3) for s, i in used):
        raise TypeError(
            f"{name}: expected pairs (sphere, coordinate), spheres from 0 to {species - 1} and coordinates 0, 1, 2, "
            f"got {shown(used)}"
        )


def _coordinates(name, used, species):
    """Return three coordinates per sphere; those that are not differentiated are 0 from the start."""
    return [
        [sympy.Symbol(f"{name}_{s}_{i}") if (s, i) in used else sympy.Integer(0) for i in range(3)]
        for s in range(species)
    ]


def _overlap(y, z):
    """Return x . x' of the points with coordinates y and z (radius, tangent, tangent)."""
    pole = (1 - (y[1] ** 2 + y[2] ** 2) / 2) * (1 - (z[1] ** 2 + z[2] ** 2) / 2)
    return (1 + y[0]) * (1 + z[0]) * (pole + y[1] * z[1] + y[2] * z[2])


@functools.lru_cache(maxsize=1)
def covariance_table() -> CovarianceTable:
    r"""Derive the covariances of value, gradient, radial derivatives and Hessian of a field with any covariance.

    .. math:: E[\partial_a f(x)\, \partial_b f(x)] = \partial_a \partial'_b\, \xi(q_1(x, x'), .., q_S(x, x'))|_{x'=x}

    Returns
    -------
    CovarianceTable

    References
    ----------
    Adler, Taylor (2007), Random Fields and Geometry, (5.5.5); Auffinger, Ben Arous, Cerny (2013), Lemma 3.2.

    Examples
    --------
    >>> import spinglass as sg
    >>> table = sg.symbolic.covariance_table()
    >>> table["gradient"], table["hessian_between"], table["flat_diagonal"]
    (xi_s, xi_st, 2*xi_ss)
    """
    q = overlaps(2)
    xi = sum(
        symbol * (q[0] - 1) ** m * (q[1] - 1) ** n / (sympy.factorial(m) * sympy.factorial(n))
        for (m, n), symbol in taylor_symbols().items()
    )
    entries = tuple((name, tex, sympy.expand(moment(xi, q, a, b))) for name, tex, a, b in ENTRIES)
    raw = {name: value for name, _, value in entries}
    flat = (
        ("flat_value", r"E[f F_{s1,s1}]", raw["value_hessian"] + raw["value_radial"]),
        ("flat_radial", r"E[R_s F_{s1,s1}]", raw["radial_hessian"] + raw["radial"]),
        ("flat_radial_other", r"E[R_t F_{s1,s1}]", raw["radial_hessian_other"] + raw["radial_other"]),
        ("flat_diagonal", r"E[F_{s1,s1}^2]", _flat(raw, "hessian_diagonal")),
        ("flat_two_diagonal", r"E[F_{s1,s1} F_{s2,s2}]", _flat(raw, "hessian_two_diagonal")),
    )
    return CovarianceTable(entries, tuple((name, tex, sympy.expand(value)) for name, tex, value in flat))


def _flat(raw: dict[str, Any], name: str) -> Any:
    """Return the covariance of two diagonal entries to each of which R_s is added."""
    return raw[name] + 2 * raw["radial_hessian"] + raw["radial"]
