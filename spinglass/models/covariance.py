"""Covariance polynomials xi(q_1..q_S) with non-negative coefficients, and their derivatives at q = (1..1).

A polynomial is a mapping from exponents (e_1..e_S) to a coefficient.  At q = (1..1)

    xi = sum c_e,    xi_s = sum c_e e_s,    xi_st = sum c_e e_s (e_t - delta_st),

all exact in whatever arithmetic the coefficients are converted to.
"""

from spinglass.arithmetic.exact import exact


def value(xi, number):
    """Return xi(1..1)."""
    return sum((number(c) for _, c in xi), number(0))


def first(xi, s, number):
    """Return the first derivative by q_s at (1..1)."""
    return sum((number(c) * e[s] for e, c in xi), number(0))


def second(xi, s, t, number):
    """Return the second derivative by q_s and q_t at (1..1)."""
    return sum((number(c) * (e[s] * (e[t] - (s == t))) for e, c in xi), number(0))


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
    from fractions import Fraction

    columns = list(zip(*[(1, *e) for e, _ in xi], strict=True))
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


def text(xi, single):
    """Write a polynomial in q, or in q1, q2, .. for several species."""

    def power(s, e):
        return ("q" if single else f"q{s + 1}") + (f"^{e}" if e > 1 else "")

    def term(exponents, coefficient):
        factors = [power(s, e) for s, e in enumerate(exponents) if e]
        return " ".join(([] if coefficient == 1 and factors else [f"{coefficient}"]) + factors)

    return " + ".join(term(e, c) for e, c in xi)


def terms_of(game):
    """Return {degree: coefficient} of xi of a game with one species, as fractions."""
    terms: dict = {}
    for weight, xi in zip(game.losses[0], game.fields, strict=True):
        for (p,), c in xi:
            if weight:
                terms[p] = terms.get(p, 0) + exact(weight) ** 2 * exact(c)
    return terms
