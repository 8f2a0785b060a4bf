r"""LaTeX of the spiked tensor and of the parabola, and of their complexities, as functions of their parameters."""

import sympy

from spinglass.arithmetic import symbols
from spinglass.complexity.further.parabola import Parabolic, rate_of_all
from spinglass.complexity.further.spike_rate import shift_per_value, signal
from spinglass.spectra.semicircle import log_potential
from spinglass.symbolic.printing import write
from spinglass.symbolic.sigma import in_short

OVERLAP, VALUE = sympy.symbols("m x", real=True)
STRENGTH = sympy.Symbol("lambda", nonnegative=True)
CONFINEMENT = sympy.Symbol("m", positive=True)


def model_formulas(model, number):
    """Return the formulas of a spiked tensor or a parabola, with its parameter written by ``number``."""
    if isinstance(model, Parabolic):
        return [
            r"H = \frac{\mu}{2} |x|^{2} + V",
            r"\mathrm{E}\, V V' = N f\left(\frac{|x - x'|^{2}}{2 N}\right)",
            rf"m = \frac{{\mu}}{{\sqrt{{f''(0)}}}} = {number(model.m)}",
        ]
    spike = rf"\lambda \langle u, s \rangle^{{{model.k}}}"
    return [rf"f = {spike} + \frac{{1}}{{\sqrt{{2 n}}}} W[s^{{{model.k}}}]", rf"\lambda = {number(model.lambda_)}"]


def rate_formulas(model, number, write=write):
    """Return the formulas of its complexity: of all points, in m, or at overlap m and value x."""
    if isinstance(model, Parabolic):
        return [rf"\Sigma = {write(rate_of_all(CONFINEMENT, symbols))}", f"m = {number(model.m)}"]
    k, t, volume = model.k, sympy.Symbol("t", real=True), 1 - OVERLAP**2
    level = (sympy.log(k - 1) + 1 + sympy.log(volume)) / 2
    surface = level + signal(k, STRENGTH, OVERLAP, VALUE, volume) + sympy.Function("Omega")(t)
    return [
        rf"S(m, x) = {write(surface)}",
        rf"\Omega(t) = {write(in_short(log_potential(t, symbols)))}",
        f"t = {write(shift_per_value(k, symbols) * VALUE)}",
        r"\Sigma(u) = \sup_{m} S\left(m, - \frac{u}{\sqrt{2}}\right)",
        rf"\lambda = {number(model.lambda_)}",
    ]
