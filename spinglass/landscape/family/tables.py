r"""The equations of a family as sparse linear maps of coefficients: its second derivatives, from which all follows.

A form of degree d has :math:`(d - 1)\,\partial_i f = \sum_k \partial_i \partial_k f\, x_k` (Euler), so that gradients
and Hessians of all fields come from one list of terms of :math:`\partial_i\partial_k f`, each a coefficient times a
product of variables.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np


class Tables(NamedTuple):
    """Second derivatives of the fields, of all degrees from two, as sparse linear maps of products of variables.

    Attributes
    ----------
    sphere : int array of shape (n,)
        The sphere of every coordinate.
    parents, factors : int arrays
        Product k is product parents[k] times x[factors[k]]; product 0 is 1.
    rows, columns : int arrays of shape (pairs,)
        i <= j of a derivative by x_i and x_j, for every field and degree.
    shares : float array of shape (pairs,)
        1 / (degree - 1): the weight in the gradient, by Euler's relation.
    row_weights, column_weights : float arrays of shape (pairs,)
        The couplings of the field to the losses that rows i and j derive.
    firsts : int array of shape (pairs + 1,)
        Where the entries of a pair begin.
    places : int array of shape (entries,)
        The product that an entry multiplies.
    """

    sphere: np.ndarray
    parents: np.ndarray
    factors: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    shares: np.ndarray
    row_weights: np.ndarray
    column_weights: np.ndarray
    firsts: np.ndarray
    places: np.ndarray


class Products:
    """Products of variables, each an earlier one times a variable; number 0 is the empty one."""

    def __init__(self):
        self.places, self.parents, self.factors = {(): 0}, [0], [0]

    def place(self, variables):
        """Return the number of a product, given by the sorted list of its variables."""
        for length in range(1, len(variables) + 1):
            product = tuple(variables[:length])
            if product not in self.places:
                self.places[product] = len(self.parents)
                self.parents.append(self.places[product[:-1]])
                self.factors.append(product[-1])
        return self.places[tuple(variables)]


def second_derivatives(monomial):
    """Yield (i, k, other variables, factor) for every derivative by x_i and x_k of a product of variables."""
    for i, k in sorted(set(combinations(monomial, 2))):
        rest = list(monomial)
        rest.remove(i)
        power = monomial.count(i) * rest.count(k)
        rest.remove(k)
        yield i, k, rest, power


def tables_of(starts, variables, fields, weights, sphere):
    """Return the tables of a family, the monomial every entry comes from, and the factor of its derivative."""
    products, pairs = Products(), {}
    for m, j in enumerate(fields):
        monomial = variables[starts[m] : starts[m + 1]].tolist()
        for i, k, rest, power in second_derivatives(monomial):
            pairs.setdefault((j, len(monomial), i, k), []).append((products.place(rest), m, power))
    field, degree, rows, columns = np.array(list(pairs), dtype=np.int64).reshape(-1, 4).T.copy()
    entries = [entry for pair in pairs.values() for entry in pair]
    places, sources, powers = np.array(entries, dtype=np.int64).reshape(-1, 3).T.copy()
    tables = Tables(
        sphere=sphere,
        parents=np.array(products.parents),
        factors=np.array(products.factors),
        rows=rows,
        columns=columns,
        shares=1.0 / (degree - 1),
        row_weights=weights[field, rows],
        column_weights=weights[field, columns],
        firsts=np.cumsum([0, *map(len, pairs.values())]),
        places=places,
    )
    return tables, sources, powers
