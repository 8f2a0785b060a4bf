"""The derivation of a complexity as sympy objects and LaTeX, step by step.

>>> from spinglass import symbolic
>>> game = symbolic.pure()  # the degree p is a symbol
>>> print(symbolic.closed_forms(game)["total"])
log(p - 1)/2

Models: :func:`pure`, :func:`mixed`, :func:`bipartite`, :func:`gan`, any :class:`SymbolicGame`, and :func:`of` for a
game of numbers.  Steps, each a small frozen object with ``.formulas()``: :func:`covariance_table`, :func:`local_law`,
:func:`dyson`, :func:`elimination` and :func:`mean_field`, :func:`complexity`, :func:`closed_forms`.
:func:`latex` writes any of them, :func:`derivation` all of them with the words between.
"""

from spinglass.symbolic.closed_forms import ClosedForms, closed_forms
from spinglass.symbolic.constructors import bipartite, gan, mixed, of, pure
from spinglass.symbolic.covariance import CovarianceTable, covariance_table, moment
from spinglass.symbolic.document import derivation
from spinglass.symbolic.dyson import DysonSystem, dyson
from spinglass.symbolic.elimination import Elimination, elimination, mean_field
from spinglass.symbolic.game import SymbolicGame, overlaps
from spinglass.symbolic.local import SymbolicLaw, local_law
from spinglass.symbolic.sigma import ComplexitySystem, complexity, sphere
from spinglass.symbolic.step import Step
from spinglass.symbolic.tex import latex

__all__ = [
    "ClosedForms",
    "ComplexitySystem",
    "CovarianceTable",
    "DysonSystem",
    "Elimination",
    "Step",
    "SymbolicGame",
    "SymbolicLaw",
    "bipartite",
    "closed_forms",
    "complexity",
    "covariance_table",
    "derivation",
    "dyson",
    "elimination",
    "gan",
    "latex",
    "local_law",
    "mean_field",
    "mixed",
    "moment",
    "of",
    "overlaps",
    "pure",
    "sphere",
]
