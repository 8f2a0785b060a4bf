"""``latex(obj)``: one LaTeX formula of anything this package has a formula for."""

from __future__ import annotations

import math
import numbers

import sympy

from spinglass.complexity.api import Complexity
from spinglass.complexity.further.parabola import Parabolic
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.inputs.checks import instance, shown
from spinglass.models import SphericalGame
from spinglass.symbolic.constructors import in_decimals
from spinglass.symbolic.decimals import as_it_is, decimal_of, written_derived, written_typed
from spinglass.symbolic.further import model_formulas, rate_formulas
from spinglass.symbolic.printing import write, write_page
from spinglass.symbolic.sigma import complexity
from spinglass.symbolic.step import Step, formula

SEPARATOR = r",\quad "


def latex(obj: object, environments: bool = False) -> str:
    r"""Return the LaTeX of a model, a step of its derivation, a complexity or a sympy expression.

    Parameters
    ----------
    obj : SphericalGame, Spiked, Parabolic, step of spinglass.symbolic, spinglass complexity, sympy object or number
        A step with several formulas gives them in one line; ``obj.formulas()`` gives them one by one.

        A float of a model is written as the decimal that was typed, and so are the finite decimals that follow from
        it (17 digits at most); integers, fractions and expressions stay exact.

    environments : bool
        Write cases and matrices as environments, for LaTeX and MathJax.

    Returns
    -------
    str
        Without dollars, and by default without environments, so that LaTeX, MathJax and matplotlib read it.

    Raises
    ------
    TypeError
        For anything else.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.latex(sg.pure(3)))
    \xi_{1} = q_{1}^{3},\quad L_{1} = f_{1}
    >>> print(sg.latex(sg.mixed({3: .1, 4: 1})))
    \xi_{1} = q_{1}^{4} + 0.1 q_{1}^{3},\quad L_{1} = f_{1}
    >>> print(sg.latex(sg.complexity(sg.pure(3)).total(arithmetic=sg.symbols)))
    \frac{\log{\left(2 \right)}}{2}
    >>> print(sg.latex(sg.spiked(3, .9)))
    f = \lambda \langle u, s \rangle^{3} + \frac{1}{\sqrt{2 n}} W[s^{3}],\quad \lambda = 0.9
    """
    writer = write_page if instance("environments", environments, bool, "True or False") else write
    if isinstance(obj, (Spiked, Parabolic)):
        return SEPARATOR.join(model_formulas(obj, latex))
    if isinstance(obj, Complexity) and isinstance(obj.model, (Spiked, Parabolic)):
        return SEPARATOR.join(rate_formulas(obj.model, latex, writer))
    if isinstance(obj, SphericalGame):
        game, decimals = in_decimals(obj)
        return _joined(game, lambda x: written_typed(x, decimals), writer)
    if isinstance(obj, Complexity):
        game, decimals = in_decimals(obj.model)
        rate, form = complexity(game), written_derived if decimals else as_it_is
        return rf"\Sigma(u) = {writer(form(rate))}" if isinstance(rate, sympy.Expr) else _joined(rate, form, writer)
    if isinstance(obj, Step):
        return _joined(obj, as_it_is, writer)
    if isinstance(obj, float) and math.isfinite(obj):
        return decimal_of(obj)
    if isinstance(obj, numbers.Real) and not isinstance(obj, bool):
        obj = sympy.sympify(obj)
    if isinstance(obj, (sympy.Basic, sympy.MatrixBase)):
        return writer(obj)
    raise TypeError(f"obj: expected a model, a step of spinglass.symbolic or a sympy expression, got {shown(obj)}")


def _joined(step, form, writer):
    """Return the formulas of a step in one line, every expression in a form."""
    return SEPARATOR.join(formula(left, form(right), writer) for left, right in step.statements())
