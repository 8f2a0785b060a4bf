r"""Covariances of fields: :math:`E f(x) f(x') = \xi(q_1, .., q_S)`, :math:`q_s = x_s \cdot x'_s`.

A function of the overlaps is a covariance on spheres of every dimension if and only if its Taylor coefficients are not
negative (Schoenberg 1942).  Everything that is computed from a field at one point or two needs its value and its
derivatives up to the second: a :class:`Polynomial` has them exactly, a :class:`~spinglass.models.kernels.Kernel` is
any other function, written as an expression of sympy.
"""

import math
from abc import ABC, abstractmethod
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np

from spinglass.arithmetic import resolve
from spinglass.arithmetic.exact import RATIONALS, exact
from spinglass.inputs.checks import broadcast, in_arithmetic, sequence, shown

INTEGERS = SimpleNamespace(number=int)


def checked_overlaps(overlaps, species, ar):
    """Return overlaps from -1 to 1 in an arithmetic, one per species (in float64 arrays that broadcast)."""
    q = [in_arithmetic("overlaps", x, ar) for x in sequence("overlaps", overlaps)]
    if len(q) != species:
        raise ValueError(f"overlaps: expected {species} (one per species), got {len(q)}")
    if ar.vectorised:
        broadcast("overlaps", *map(np.asarray, q))
    if not ar.exact and any(np.any(abs(x) > 1) for x in q):
        raise ValueError(f"overlaps: expected numbers from -1 to 1, got {shown(overlaps)}")
    return q


class Covariance(ABC):
    """What every covariance of a field knows."""

    species: int

    @property
    @abstractmethod
    def support(self) -> tuple:
        """Exponents that occur in the Taylor series: all of a polynomial, those of low degree of a kernel."""

    @abstractmethod
    def series(self, tail: float) -> tuple:
        """Return pairs (exponents, coefficient) which leave out less than a share ``tail`` of xi and its derivatives.

        The share is that at q = (1..1), of the value, of every first and of every second derivative.
        """

    @abstractmethod
    def written(self) -> str:
        """Return what makes it again, in Python."""

    @abstractmethod
    def text(self, single: bool) -> str:
        """Write it in q, or in q1, q2, .. of several species."""

    @abstractmethod
    def at(self, ar: Any, *species: int, q: Any = None) -> Any:
        """Return the derivative by some species at q, None for (1..1), in numbers of the arithmetic."""

    def derivative(self, *species: int, overlaps: Any = None, arithmetic: Any = None) -> Any:
        r"""Return :math:`\xi`, a first or a second derivative.

        Parameters
        ----------
        *species : int
            The species s by whose overlaps q_s it is differentiated; none for the value.
        overlaps : sequence of S numbers or float arrays, optional
            (1, .., 1) by default.
        arithmetic : arithmetic, optional
            float64 by default.

        Returns
        -------
        float or float array, or one number of the arithmetic

        Examples
        --------
        >>> import spinglass as sg
        >>> xi = sg.mixed({3: .5, 4: .5}).fields[0]
        >>> print(xi.derivative(), xi.derivative(0), xi.derivative(0, 0, overlaps=[.5]))
        1.0 3.5 3.0
        """
        ar = resolve(arithmetic)
        with ar.precision():
            q = None if overlaps is None else checked_overlaps(overlaps, self.species, ar)
            return self.at(ar, *species, q=q)

    def couples(self, s: int, t: int) -> bool:
        """Tell whether the species s and t meet in a term."""
        return any(e[s] and e[t] for e in self.support)

    def jet(self, ar, q=None):
        """Return the value, the first derivatives and the matrix of the second ones, in numbers of an arithmetic."""
        species = range(self.species)
        below = [[self.at(ar, s, t, q=q) for t in range(s + 1)] for s in species]
        curvature = [[below[max(s, t)][min(s, t)] for t in species] for s in species]
        return self.at(ar, q=q), [self.at(ar, s, q=q) for s in species], curvature

    def scalars(self, ar):
        """Return the covariance of (f, x_1.d_1 f, .., x_S.d_S f), in the numbers of an arithmetic."""
        value, slope, curvature = self.jet(ar)
        rows = [[x + slope[s] if s == t else x for t, x in enumerate(row)] for s, row in enumerate(curvature)]
        return [[value, *slope], *([x, *row] for x, row in zip(slope, rows, strict=True))]


def falling(e, species):
    """Return the factor that derivatives by some species put before the monomial of exponents e."""
    if not species:
        return 1
    if len(species) == 1:
        return e[species[0]]
    s, t = species
    return e[s] * (e[t] - (s == t))


def _power(q, e, species):
    """Return what is left of the monomial of exponents e at q, of positive powers."""
    product = 1
    for s, (x, power) in enumerate(zip(q, e, strict=True)):
        if rest := power - species.count(s):
            product = product * x**rest
    return product


class Polynomial(tuple, Covariance):
    r"""A polynomial :math:`\sum_e c_e q^e` with non-negative coefficients: the tuple of its pairs (exponents, c_e).

    .. math:: \xi = \sum c_e q^e, \qquad \xi_s = \sum c_e e_s q^{e - 1_s}, \qquad
              \xi_{st} = \sum c_e e_s (e_t - \delta_{st}) q^{e - 1_s - 1_t} .
    """

    __slots__ = ()

    @property
    def species(self) -> int:  # type: ignore[override]
        """Number of overlaps."""
        return len(self[0][0])

    @property
    def support(self) -> tuple:
        """The exponents of all terms."""
        return tuple(e for e, _ in self)

    def series(self, tail: float = 0.0) -> tuple:
        """Return all terms."""
        return self

    def at(self, ar: Any, *species: int, q: Any = None) -> Any:
        """Return a sum over the terms."""
        total = ar.number(0)
        for e, c in self:
            if factor := falling(e, species):
                term = ar.number(c) * factor
                total = total + (term if q is None else term * _power(q, e, species))
        return total

    def scalars(self, ar):
        """Return the same by sums of integers over one denominator, which are faster, if fractions are asked for."""
        if ar is not RATIONALS:
            return super().scalars(ar)
        coefficients = [exact(c) for _, c in self]
        whole = math.lcm(*(c.denominator for c in coefficients))
        terms = Polynomial((e, (c * whole).numerator) for (e, _), c in zip(self, coefficients, strict=True))
        return [[Fraction(x, whole) for x in row] for row in Covariance.scalars(terms, INTEGERS)]

    def written(self) -> str:
        """Return the mapping in Python."""
        return "{" + ", ".join(f"{e}: {c!r}" for e, c in self) + "}"

    def text(self, single: bool) -> str:
        """Write the polynomial."""

        def power(s, e):
            return ("q" if single else f"q{s + 1}") + (f"^{e}" if e > 1 else "")

        def term(exponents, coefficient):
            factors = [power(s, e) for s, e in enumerate(exponents) if e]
            return " ".join(([] if coefficient == 1 and factors else [f"{coefficient}"]) + factors)

        return " + ".join(term(e, c) for e, c in self)


def independent_scalars(xi):
    """Return which of (f, x_1.d_1 f, .., x_S.d_S f) form a basis of all of them, and the others in it.

    The monomial of exponents e contributes sqrt(c_e) g_e (1, e_1, .., e_S) to these scalars, so linear
    relations among them are those among the columns of the integer matrix with rows (1, e): an exact
    question, answered over the rationals.

    Returns
    -------
    basis : list of int
        Indices of the independent scalars, greedily from the first.
    combination : list of list of Fraction
        Row i expresses scalar i in the basis.
    """
    columns = list(zip(*[(1, *e) for e in xi.support], strict=True))
    basis, combination, reduced = [], [], []  # reduced: (pivot row, column, its expression in the basis)
    for index, column in enumerate(columns):
        rest = [Fraction(x) for x in column]
        expression = [Fraction(0)] * len(columns)
        for row, vector, source in reduced:
            factor = rest[row] / vector[row]
            rest = [a - factor * b for a, b in zip(rest, vector, strict=True)]
            expression = [a + factor * b for a, b in zip(expression, source, strict=True)]
        pivot = next((i for i, x in enumerate(rest) if x), None)
        if pivot is not None:
            basis.append(index)
            source = [-x for x in expression]
            source[index] += 1
            reduced.append((pivot, rest, source))
            expression = [Fraction(i == index) for i in range(len(columns))]
        combination.append(expression)
    return basis, [[row[i] for i in basis] for row in combination]
