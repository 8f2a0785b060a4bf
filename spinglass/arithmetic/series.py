r"""Taylor coefficients of an expression in q_1..q_S at 0, and what its form says about their signs.

Series are kept by total degree: with the Euler operator :math:`D = \sum_s q_s\partial_s`, which multiplies the part of
degree n by n, the equations :math:`D e^f = e^f Df`, :math:`f\, D f^r = r f^r Df` and :math:`f\, D\log f = Df` become

.. math:: n E_n = \sum_{k=1}^n k f_k E_{n-k}, \qquad n f_0 P_n = \sum_{k=1}^n (rk - n + k) f_k P_{n-k}, \qquad
          n f_0 L_n = n f_n - \sum_{k=1}^{n-1} k L_k f_{n-k} ,

for any number of variables.  Coefficients are fractions as long as all constants are, else they have 80 digits.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import mpmath
import sympy

Part: TypeAlias = dict[tuple[int, ...], Any]  # of one degree: exponents to coefficients
Series: TypeAlias = list[Part]

DIGITS = 80
NEAR, AGREE = 1 / 64, 1e-6  # how near to its centre a series is compared with its function, and how well it agrees


class _Irrational(Exception):
    """A constant that is no fraction."""


def taylor(expression: sympy.Expr, symbols: Sequence[sympy.Symbol], order: int) -> Series:
    """Return the parts of degree 0, 1, .., order: one mapping of exponents to a Fraction or an mpf for each.

    Raises
    ------
    ValueError
        If the expression is not analytic at 0.

    Examples
    --------
    >>> import sympy
    >>> from spinglass.arithmetic.series import taylor
    >>> q = sympy.Symbol("q")
    >>> taylor(sympy.exp(2 * q), [q], 3)
    [{(0,): Fraction(1, 1)}, {(1,): Fraction(2, 1)}, {(2,): Fraction(2, 1)}, {(3,): Fraction(4, 3)}]
    """
    try:
        return _Series(symbols, order, _fraction)(expression)
    except _Irrational:
        context = mpmath.MPContext()
        context.dps = DIGITS
        return _Series(symbols, order, lambda x: _digits(x, context), context)(expression)


def _fraction(x: sympy.Expr) -> Fraction:
    if not x.is_Rational:
        raise _Irrational
    return Fraction(int(x.p), int(x.q))


def _digits(x: sympy.Expr, context: Any) -> Any:
    value = sympy.Float(x, context.dps) if x.is_Rational else sympy.N(x, context.dps)
    if not (value.is_Float and value.is_finite):
        raise ValueError(f"{x} is no finite real number")
    return context.make_mpf(value._mpf_)


class _Series:
    """Series in given symbols up to an order; ``number`` converts a constant."""

    def __init__(
        self, symbols: Sequence[sympy.Symbol], order: int, number: Callable[[Any], Any], context: Any = None
    ) -> None:
        self.symbols, self.order, self.number, self.context = symbols, order, number, context
        self.none = (0,) * len(symbols)

    def __call__(self, x: sympy.Expr) -> Series:
        """Return the series of an expression."""
        if not x.has(*self.symbols):
            return self._constant(x)
        if x in self.symbols:
            power = tuple(int(x == q) for q in self.symbols)
            return [{}, {power: self.number(sympy.Integer(1))}, *({} for _ in range(self.order - 1))]
        if x.is_Add or x.is_Mul:
            return functools.reduce(self._sum if x.is_Add else self._product, map(self, x.args))
        if x.is_Pow and not x.exp.has(*self.symbols):
            return self._power(self(x.base), x.exp, x)
        if isinstance(x, sympy.exp) or x.is_Pow:
            return self._exponential(self(x.exp if isinstance(x, sympy.exp) else x.exp * sympy.log(x.base)))
        if isinstance(x, sympy.log):
            return self._logarithm(self(x.args[0]), x)
        plain = by_exponentials(x)
        return self._composed(x) if plain is None else self(plain)

    def _constant(self, x: sympy.Expr) -> Series:
        value = self.number(x)
        return [{self.none: value} if value else {}, *({} for _ in range(self.order))]

    @staticmethod
    def _sum(f: Series, g: Series) -> Series:
        return [_added(a, b) for a, b in zip(f, g, strict=True)]

    def _product(self, f: Series, g: Series) -> Series:
        out = [{} for _ in range(self.order + 1)]
        for k, a in enumerate(f):
            for m, b in enumerate(g[: self.order + 1 - k]):
                if a and b:
                    out[k + m] = _added(out[k + m], _times(a, b))
        return out

    def _recursion(self, first: Any, weights: Callable[[int, int], Any], f: Series) -> Series:
        """Return the series with parts ``first`` and P_n = sum_(k=1)^n weights(n, k) f_k P_(n-k)."""
        out = [{self.none: first}]
        for n in range(1, self.order + 1):
            part = {}
            for k in range(1, n + 1):
                if f[k] and out[n - k]:
                    part = _added(part, _times(f[k], out[n - k], weights(n, k)))
            out.append(part)
        return out

    def _power(self, f: Series, r: sympy.Expr, x: sympy.Expr) -> Series:
        origin = f[0].get(self.none, 0)
        if not origin:
            if not (r.is_Integer and r > 0):
                raise ValueError(f"{x} is not analytic at 0")
            out = self._constant(sympy.Integer(1))
            for _ in range(int(r)):
                out = self._product(out, f)
            return out
        power, start = self.number(r), self.number(_sympy(origin) ** r)
        return self._recursion(start, lambda n, k: (power * k - n + k) / (n * origin), f)

    def _exponential(self, f: Series) -> Series:
        start = self.number(sympy.exp(_sympy(f[0].get(self.none, 0))))
        return self._recursion(
            start, lambda n, k: Fraction(k, n) if self.context is None else self.context.mpf(k) / n, f
        )

    def _logarithm(self, f: Series, x: sympy.Expr) -> Series:
        origin = f[0].get(self.none, 0)
        if not origin > 0:
            raise ValueError(f"{x} is not analytic at 0")
        out = self._constant(sympy.log(_sympy(origin)))
        for n in range(1, self.order + 1):
            part = _times(f[n], {self.none: 1 / origin})
            for k in range(1, n):
                if out[k] and f[n - k]:
                    part = _added(part, _times(out[k], f[n - k], -k / (n * origin)))
            out[n] = part
        return out

    def _composed(self, x: sympy.Expr) -> Series:
        """Return the series of a function of one expression, by its derivatives at the value of that one."""
        inner = [a for a in x.args if a.has(*self.symbols)]
        if self.context is None or len(inner) != 1:
            raise _Irrational
        f, t = self(inner[0]), sympy.Dummy()
        outer, context = x.func(*(t if a is inner[0] else a for a in x.args)), self.context
        origin = f[0].get(self.none, context.mpf(0))

        def function(y: Any) -> Any:
            return _digits(outer.subs(t, sympy.Float(y, context.dps)), context)

        coefficients = context.taylor(function, origin, self.order)
        for side in (-NEAR, NEAR):  # a function such as Abs has differences, but no series
            value = function(origin + side)
            if not abs(context.polyval(coefficients[::-1], side) - value) < AGREE * (1 + abs(value)):
                raise ValueError(f"{x} is not analytic at 0")
        step, out = [{}, *f[1:]], [{} for _ in range(self.order + 1)]
        for c in reversed(coefficients):  # Horner
            out = self._product(step, out)
            out[0] = {self.none: c} if c else {}
        return out


def _added(a: Part, b: Part) -> Part:
    out = dict(a)
    for e, c in b.items():
        out[e] = out[e] + c if e in out else c
    return {e: c for e, c in out.items() if c}


def _times(a: Part, b: Part, factor: Any = 1) -> Part:
    out: Part = {}
    for e, c in a.items():
        c = c * factor
        for d, x in b.items():
            key = tuple(i + j for i, j in zip(e, d, strict=True))
            out[key] = out[key] + c * x if key in out else c * x
    return out


def _sympy(x: Any) -> sympy.Expr:
    """Return a coefficient as a sympy number."""
    return sympy.Rational(x.numerator, x.denominator) if isinstance(x, Fraction) else sympy.Float(x, DIGITS)


def by_exponentials(x: sympy.Expr) -> sympy.Expr | None:
    """Return a hyperbolic function by exponentials, None of anything else."""
    if not isinstance(x, (sympy.sinh, sympy.cosh, sympy.tanh)):
        return None
    t = sympy.Dummy()
    return x.func(t).rewrite(sympy.exp).subs(t, x.args[0])


# -- signs -----------------------------------------------------------------------------------------------------------

RISING_FUNCTIONS = (sympy.sinh, sympy.cosh, sympy.tan, sympy.asin, sympy.atanh, sympy.besseli)


def rising(x: sympy.Expr) -> bool:
    """Tell whether the form of an expression shows that its coefficients of all positive degrees are at least 0.

    Such are sums and products of such, exp of one, a power below 0 or minus the logarithm of a number less one.
    """
    if not x.free_symbols or x.is_Symbol:
        return True
    if x.is_Add:
        return all(map(rising, x.args))
    if x.is_Mul:
        number, rest = x.as_coeff_Mul()
        if number != 1:
            return rising(rest) if number > 0 else falling(rest)
        return all(map(_positive, x.args))
    if isinstance(x, sympy.exp):
        return rising(x.args[0])
    if x.is_Pow and x.exp.is_number:
        if x.exp.is_Integer and x.exp > 0:
            return _positive(x.base)
        return bool(x.exp < 0) and falling(x.base) and _origin(x.base) > 0
    if isinstance(x, RISING_FUNCTIONS):
        *order, inner = x.args
        return _positive(inner) and all(n.is_nonnegative for n in order)
    return False


def falling(x: sympy.Expr) -> bool:
    """Tell the same of minus the expression."""
    if not x.free_symbols:
        return True
    if x.is_Add:
        return all(map(falling, x.args))
    if x.is_Mul:
        number, rest = x.as_coeff_Mul()
        return bool(number < 0) and rising(rest)
    if isinstance(x, sympy.log):
        return falling(x.args[0]) and _origin(x.args[0]) > 0
    if x.is_Pow and x.exp.is_number:
        return bool(0 < x.exp < 1) and falling(x.base) and _origin(x.base) > 0
    return False


def _positive(x: sympy.Expr) -> bool:
    return rising(x) and bool(_origin(x) >= 0)


def _origin(x: sympy.Expr) -> sympy.Expr:
    """Return the value at 0, -1 where it is no real number."""
    value = sympy.N(x.subs(dict.fromkeys(x.free_symbols, 0)))
    return value if value.is_real else sympy.Integer(-1)
