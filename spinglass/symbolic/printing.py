r"""LaTeX of expressions in the small dialect that LaTeX, MathJax and matplotlib's mathtext all read.

No environments: a Piecewise is written in one line, ``[ a if c; b otherwise ]``.
"""

import sympy
from sympy.printing.latex import LatexPrinter

from spinglass.symbolic.decimals import Written


class Printer(LatexPrinter):
    """Sympy's LaTeX without environments."""

    def _as_ordered_terms(self, sum_, order=None):
        """Return terms in the order that they have with numbers for decimals, which are symbols."""
        values = {written: written.value for written in sum_.atoms(Written)}
        terms = {term.xreplace(values): term for term in sympy.Add.make_args(sum_)}
        ordered = super()._as_ordered_terms(sympy.Add(*terms), order) if values else []
        known = len(ordered) == len(terms) and all(term in terms for term in ordered)
        return [terms[term] for term in ordered] if known else super()._as_ordered_terms(sum_, order)

    def _print_Piecewise(self, piecewise):
        parts = []
        for value, condition in piecewise.args:
            where = r"\mathrm{otherwise}" if condition == sympy.true else rf"\mathrm{{if}}\ {self._print(condition)}"
            parts.append(rf"{self._print(value)} \ {where}")
        return r"\left[ " + r" ;\ ".join(parts) + r" \right]"

    def _print_re(self, real, exp=None):
        text = rf"\mathrm{{Re}}\left[ {self._print(real.args[0])} \right]"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _print_MatrixBase(self, matrix):
        rows = (r",\ ".join(self._print(x) for x in matrix.row(i)) for i in range(matrix.rows))
        return r"\left[ " + r" ;\ ".join(rows) + r" \right]"


class PagePrinter(Printer):
    """Sympy's LaTeX with its environments, for LaTeX and MathJax."""

    _print_Piecewise = LatexPrinter._print_Piecewise
    _print_MatrixBase = LatexPrinter._print_MatrixBase


def write_page(expression):
    r"""Return the LaTeX of one sympy expression with environments: a Piecewise as ``cases``, a matrix as one.

    Examples
    --------
    >>> import sympy
    >>> from spinglass.symbolic.printing import write_page
    >>> x = sympy.Symbol("x")
    >>> print(write_page(sympy.Piecewise((x, x > 0), (0, True))))
    \begin{cases} x & \text{for}\: x > 0 \\0 & \text{otherwise} \end{cases}
    """
    return PagePrinter().doprint(expression)


def write(expression):
    r"""Return the LaTeX of one sympy expression.

    Parameters
    ----------
    expression : sympy object

    Returns
    -------
    str
        Without dollars.

    Examples
    --------
    >>> import sympy
    >>> from spinglass.symbolic.printing import write
    >>> print(write(sympy.sqrt(sympy.Symbol("kappa_1")) / 2))
    \frac{\sqrt{\kappa_{1}}}{2}
    """
    return Printer().doprint(expression)
