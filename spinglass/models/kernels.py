r"""Covariances that are no polynomials: any dot-product kernel, as an expression of sympy in the overlaps.

Large N, exact counts and Monte Carlo read the value and the derivatives of :math:`\xi`, exactly.  What needs the
field's terms one by one, as a draw does, takes so many of its Taylor coefficients that a stated share is left out.
"""

import functools
import itertools
from fractions import Fraction
from typing import Any

from spinglass.arithmetic.exact import RATIONALS, exact
from spinglass.models.covariance import Covariance, falling

CHECKED = {1: 40, 2: 16, 3: 8}  # degrees to which signs are looked at, by the number of species (3: or more)
MOST = {1: 400, 2: 40, 3: 20}  # degrees that a series may need
SIGN = Fraction(1, 10**40)  # of the largest, below which a coefficient is 0
CLOSE = Fraction(1, 10**12)  # relative, by which a sum of positive terms may exceed its limit


class Kernel(Covariance):
    r"""A covariance :math:`\xi(q)` with infinitely many terms.

    Attributes
    ----------
    expression : sympy expression
        In the symbols ``q``, of several species ``q1``, ``q2``, ...
    symbols : tuple of sympy symbols
    proven : bool
        Whether the form of the expression shows that no Taylor coefficient is negative; otherwise this was seen on
        those of low degree (40 on one sphere, 16 on two, else 8).

    Examples
    --------
    >>> import spinglass as sg
    >>> import sympy
    >>> xi = sg.mixed(sympy.exp(2 * sympy.Symbol("q")) - 1).fields[0]
    >>> xi, xi.proven, len(xi.series(1e-6))
    (exp(2*q) - 1, True, 14)
    """

    def __init__(self, expression: Any, symbols: tuple, proven: bool) -> None:
        self.expression, self.symbols, self.proven = expression, symbols, proven

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kernel) and (self.expression, self.symbols) == (other.expression, other.symbols)

    def __hash__(self) -> int:
        return hash((self.expression, self.symbols))

    def __repr__(self) -> str:
        return str(self.expression)

    @property
    def species(self) -> int:  # type: ignore[override]
        """Number of overlaps."""
        return len(self.symbols)

    def written(self) -> str:
        """Return the expression in Python."""
        return str(self.expression)

    def text(self, single: bool) -> str:
        """Write the expression."""
        return str(self.expression).replace("**", "^")

    def at(self, ar: Any, *species: int, q: Any = None) -> Any:
        """Return the derivative of the expression."""
        from spinglass.arithmetic import expressions

        derived = expressions.derivative(self.expression, tuple(self.symbols[s] for s in species))
        if q is None:
            return expressions.constant(derived.subs(dict.fromkeys(self.symbols, 1)), ar)
        return expressions.at(derived, self.symbols, q, ar)

    @property
    def support(self) -> tuple:
        """The exponents of low degree that occur."""
        return tuple(e for e, _ in _taylor(self, _order(CHECKED, self.species)))

    def series(self, tail: float) -> tuple:
        """Return the terms of lowest degrees that leave out less than a share ``tail`` of the derivatives at 1.

        Raises
        ------
        NotImplementedError
            If it takes more than 400 degrees on one sphere, 40 on two or else 20.
        """
        return _series(self, tail)


def kernel_of(name, expression, species):
    """Return an expression in the overlaps as a covariance, and its value at 0, which must be 0."""
    from spinglass.arithmetic import expressions, series

    symbols = expressions.overlaps(species)
    xi = Kernel(expression, symbols, series.rising(expression))
    try:
        terms = _taylor(xi, _order(CHECKED, species))
    except (ValueError, TypeError, ArithmeticError) as error:
        raise ValueError(f"{name}: expected a function analytic at q = 0, got {xi!r}: {error}") from None
    if terms and not any(terms[0][0]):
        return xi, expression.subs(dict.fromkeys(symbols, 0))
    _check_signs(name, xi, terms)
    _check_sums(name, xi, terms)
    return xi, 0


def _check_signs(name, xi, terms):
    """Refuse negative coefficients."""
    for e, c in terms:
        if c < 0:
            raise ValueError(f"{name}: expected non-negative coefficients, got {float(c):g} for {e} in {xi!r}")


def _check_sums(name, xi, terms):
    """Refuse a function that is not finite at q = (1..1), or whose Taylor series sums up to something else there."""
    for order in _orders(xi.species):
        try:
            limit = xi.at(RATIONALS, *order)
        except ValueError as error:
            raise ValueError(f"{name}: expected finite derivatives at q = 1 of {xi!r}: {error}") from None
        known = sum(c * falling(e, order) for e, c in terms)
        if known > limit * (1 + CLOSE):
            raise ValueError(
                f"{name}: expected a Taylor series that converges at q = 1, got {xi!r}, whose derivative of order "
                f"{len(order)} there is {float(limit):g} while that of the series is above {float(known):g}"
            )


def _orders(species):
    """Return the species by which the value and the first and second derivatives are differentiated."""
    both = [(s, t) for s in range(species) for t in range(s + 1)]
    return [(), *((s,) for s in range(species)), *both]


def _order(table, species):
    return table[min(species, 3)]


@functools.lru_cache(maxsize=64)
def _taylor(xi, order):
    """Return the pairs (exponents, coefficient) up to an order, as fractions, by degree."""
    from spinglass.arithmetic import series

    parts = series.taylor(xi.expression, xi.symbols, order)
    terms = [(e, exact(c)) for part in parts for e, c in sorted(part.items())]
    least = SIGN * max((abs(c) for _, c in terms), default=0)
    return tuple((e, c) for e, c in terms if abs(c) > least)


@functools.lru_cache(maxsize=64)
def _series(xi, tail):
    """Return the terms of the lowest degrees that leave out less than a share ``tail``."""
    orders, most, order = _orders(xi.species), _order(MOST, xi.species), 8
    limits = [xi.at(RATIONALS, *order) for order in orders]
    while order < most:
        order = min(2 * order, most)
        rests, kept = limits, []
        for _, group in itertools.groupby(_taylor(xi, order), lambda term: sum(term[0])):
            for e, c in group:
                kept.append((e, c))
                rests = [rest - c * falling(e, o) for rest, o in zip(rests, orders, strict=True)]
            if all(rest <= tail * limit for rest, limit in zip(rests, limits, strict=True)):
                return tuple(kept)
    raise NotImplementedError(
        f"{xi!r}: the terms of its Taylor series beyond degree {most} make up more than a share {tail:g}: too slow to "
        "be used term by term; try a polynomial"
    )
