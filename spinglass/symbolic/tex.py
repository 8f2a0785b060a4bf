"""``latex(obj)``: one LaTeX formula of anything this package has a formula for."""

from __future__ import annotations

import numbers

import sympy

from spinglass.complexity.api import Complexity
from spinglass.inputs.checks import shown
from spinglass.models import SphericalGame
from spinglass.symbolic.constructors import of
from spinglass.symbolic.printing import write
from spinglass.symbolic.sigma import complexity
from spinglass.symbolic.step import Step

SEPARATOR = r",\quad "


def latex(obj: object) -> str:
    r"""Return the LaTeX of a model, a step of its derivation, a complexity or a sympy expression.

    Parameters
    ----------
    obj : SphericalGame, step of spinglass.symbolic, spinglass complexity, sympy object or number
        A step with several formulas gives them in one line; ``obj.formulas()`` gives them one by one.

    Returns
    -------
    str
        Without dollars and without environments, so that LaTeX, MathJax and matplotlib read it.

    Raises
    ------
    TypeError
        For anything else.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.latex(sg.pure(3)))
    \xi_{1} = q_{1}^{3},\quad L_{1} = f_{1}
    >>> print(sg.latex(sg.complexity(sg.pure(3)).total(arithmetic=sg.symbols)))
    \frac{\log{\left(2 \right)}}{2}
    """
    if isinstance(obj, SphericalGame):
        obj = of(obj)
    if isinstance(obj, Complexity):
        obj = complexity(obj.model)
        if isinstance(obj, sympy.Expr):
            return rf"\Sigma(u) = {write(obj)}"
    if isinstance(obj, Step):
        return SEPARATOR.join(obj.formulas())
    if isinstance(obj, numbers.Real) and not isinstance(obj, bool):
        obj = sympy.sympify(obj)
    if isinstance(obj, (sympy.Basic, sympy.MatrixBase)):
        return write(obj)
    raise TypeError(f"obj: expected a model, a step of spinglass.symbolic or a sympy expression, got {shown(obj)}")
