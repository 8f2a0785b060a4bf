r"""Where the edge of a real symmetric matrix lies at finite n, for sums of Gaussian and Wishart matrices.

The matrix :math:`m + \sqrt v\,\mathrm{GOE} + \sum_i t_i X_i X_i^T/n` obeys, one order beyond the limit,

.. math:: z = z_0(G) - \frac1n\frac{G'}G S(G) , \qquad z_0(g) = \frac1g + R(g) , \qquad
          S(g) = v + \sum_i\frac{r_i t_i^2}{(1 - t_i g)^3} :

The term with S is what a column x of a real matrix adds to that of a complex one, which has no term of this order: by
Sherman and Morrison each column enters by :math:`t\,x^TGx/(1 - t\,x^TGx)`, and the variance of :math:`x^TGx` is larger
by :math:`-G'/n`.  At an edge :math:`z_0' = 0`; there :math:`S/g = z_0''/2`, so that the most singular term of
:math:`G - G_0` is :math:`1/4n(z - E)` for all these laws, as the Tracy-Widom law wants it, and the next one moves the
edge,

.. math:: a = \Big|\frac2{z_0''}\Big|^{1/3} , \qquad E_n = E + \frac{z_0'''/3 - (S/g)'}{n\,z_0''} .
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spinglass.spectra.free.levy import LevyLaw

STEPS = 8  # of Newton's method for g, from which the density's rounding is removed


def moved_edge(law: LevyLaw, n: int, side: str) -> tuple[float, float] | None:
    r"""Return :math:`E_n` and a of a freely infinitely divisible law, None where its edge is hard.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.universal.edge_shift import moved_edge
    >>> place, a = moved_edge(sg.spectra.Semicircle(), 100, "right")
    >>> print(f"{place:.9f} {a:.9f}")  # 2 - 1/2n
    1.995000000 1.000000000
    """
    _, v, jumps, rates = law._triple
    t, r = np.array(jumps, float), np.array(rates, float)
    g = law.stieltjes(law.support[-1, 1] if side == "right" else law.support[0, 0]).real
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            rest = 1 - t * g
            slope, bend = v + (r * t**2 / rest**2).sum() - 1 / g**2, (2 * r * t**3 / rest**3).sum() + 2 / g**3
            g = g - slope / bend
    if not np.isfinite(g):  # as at a hard edge, where it was infinite
        return None
    rest = 1 - t * g
    bend, third = (2 * r * t**3 / rest**3).sum() + 2 / g**3, (6 * r * t**4 / rest**4).sum() - 6 / g**4
    weight, rise = v + (r * t**2 / rest**3).sum(), (3 * r * t**3 / rest**4).sum()
    place = law.mean - (r * t).sum() + 1 / g + v * g + (r * t / rest).sum()
    shift = (third / 3 - rise / g + weight / g**2) / bend
    return float(place + shift / n), float(np.cbrt(2 / abs(bend)))
