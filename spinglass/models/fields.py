"""The covariance of a field as a user writes it down: in whatever form, checked, in standard form."""

import numpy as np

from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer, checked_number, sequence, shown
from spinglass.models.covariance import Covariance, Polynomial
from spinglass.models.kernels import kernel_of

CONSTANT = "a constant term shifts the loss by the same number everywhere; leave it out"


def covariance_of(name, xi, species):
    """Return the covariance that a user means.

    It may be a mapping of exponents to coefficients or its pairs, on one sphere also a list of coefficients by degree
    or a polynomial of numpy, or an expression of sympy.
    """
    if isinstance(xi, Covariance) and xi.species == species:
        return xi
    if hasattr(xi, "free_symbols"):
        return _of_expression(name, xi, species)
    return polynomial_of(name, _terms(name, xi, species), species)


def _terms(name, xi, species):
    """Return a mapping of exponents to coefficients."""
    if hasattr(xi, "items"):
        return xi
    parts = xi.convert().coef if isinstance(xi, np.polynomial.Polynomial) else xi
    parts = xi.coef[::-1] if isinstance(xi, np.poly1d) else parts
    try:
        parts = list(parts)
        if species == 1 and not isinstance(xi, str) and not any(hasattr(x, "__len__") for x in parts):
            return {p: c for p, c in enumerate(parts) if c}
        return dict(parts)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected a mapping of exponents to coefficients, got {shown(xi)}") from None


def _of_expression(name, expression, species):
    """Return the covariance of an expression: a polynomial if it is one."""
    from spinglass.arithmetic import expressions

    expression = expressions.read(name, expression, species)
    terms = expressions.terms_of(expression, expressions.overlaps(species))
    if terms is not None:
        return polynomial_of(name, terms, species)
    xi, origin = kernel_of(name, expression, species)
    if origin:
        raise ValueError(f"{name}: {CONSTANT}: subtract {origin}")
    return xi


def polynomial_of(name, xi, species):
    """Return the polynomial of a mapping, checked term by term."""
    terms: dict = {}
    for exponents, coefficient in xi.items():
        exponents = tuple(sequence(name, exponents if hasattr(exponents, "__iter__") else [exponents]))
        if len(exponents) != species:
            raise ValueError(f"{name}: expected {species} exponents (one per species), got {exponents}")
        exponents = tuple(checked_integer(f"{name}: exponents", e, 0) for e in exponents)
        within(f"{name}: exponents", max(exponents), 1e100, "their squares are derivatives, which a float must hold")
        coefficient = checked_number(f"{name}: coefficient of {exponents}", coefficient)
        if coefficient < 0:
            raise ValueError(f"{name}: expected non-negative coefficients, got {coefficient} for {exponents}")
        if not any(exponents):
            raise ValueError(f"{name}: {CONSTANT}")
        if coefficient:
            terms[exponents] = terms.get(exponents, 0) + coefficient
    if not terms:
        raise ValueError(f"{name}: expected at least one term with a positive coefficient, got none")
    return Polynomial(sorted(terms.items()))
