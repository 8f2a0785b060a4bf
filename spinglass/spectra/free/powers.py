r"""Free powers and corners of laws, each by the simplest law that is exact.

The R-transform takes a factor t.  Freely infinitely divisible laws have all powers t > 0: their drifts, variances and
rates take the factor.  A product of Gaussian matrices of ratios c, whose :math:`y = gR` solves
:math:`y = g\prod_l(1 + c_ly)^{e_l}`, becomes t times one of ratios c/t.  Others have powers from 1 on
(:class:`FreePower`).
"""

from __future__ import annotations

from spinglass.inputs.checks import positive
from spinglass.spectra.free.addition import add, simplest, stretch
from spinglass.spectra.free.affine import Affine
from spinglass.spectra.free.free_power import FreePower
from spinglass.spectra.free.free_sum import FreeSum
from spinglass.spectra.free.levy import LevyLaw
from spinglass.spectra.law import Law
from spinglass.spectra.laws.products import WignerProduct, WishartProduct


def free_power(law: Law, t: float) -> Law:
    """Return the law whose R-transform is t times that of a law: :meth:`Law.free_power`.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.free.powers import free_power
    >>> free_power(sg.spectra.WishartProduct((0.5, 1.0)), 2.0)
    Affine(law=WishartProduct(ratios=(0.25, 0.5)), factor=2.0, shift=0.0)
    """
    t = positive("t", t)
    if t == 1:
        return law
    if isinstance(law, LevyLaw):
        drift, variance, jumps, rates = law._triple
        return simplest(t * drift, t * variance, jumps, [t * rate for rate in rates])
    if isinstance(law, WishartProduct):
        return stretch(_power_of_layers(law, t), t)
    if isinstance(law, WignerProduct):
        return WignerProduct(t * law.ratio)
    if isinstance(law, Affine):
        return add(stretch(free_power(law.law, t), law.factor), t * law.shift)
    if isinstance(law, FreeSum):
        return add(free_power(law.first, t), free_power(law.second, t))
    base, exponent = (law.law, t * law.exponent) if isinstance(law, FreePower) else (law, t)
    if exponent < 1:
        raise ValueError(f"t: expected at least {t / exponent:g} for {law}, which may have no smaller powers, got {t}")
    return base if exponent == 1 else FreePower(base, exponent)


def _power_of_layers(law, t):
    """Return the product of ratios c/t, if there is one: where the largest is above 1 its exponents must suffice."""
    largest = max(law.ratios)
    exponents = sum(e for c, e in zip(law.ratios, law.exponents, strict=True) if c == largest)
    if exponents < 1 and t < largest:
        raise ValueError(f"t: expected at least {largest:g} for {law}, which has no smaller powers, got {t}")
    return WishartProduct(tuple(ratio / t for ratio in law.ratios), law.exponents)


def compression(law: Law, keep: float) -> Law:
    """Return the law of a corner of a randomly rotated matrix.

    Parameters
    ----------
    law : Law
    keep : float
        The fraction of rows and columns, above 0 and up to 1.

    Raises
    ------
    ValueError
        If the fraction is not of this kind.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.free.powers import compression
    >>> compression(sg.spectra.Semicircle(variance=1.0, mean=2.0), 0.25)
    Semicircle(variance=0.25, mean=2.0)
    """
    keep = positive("keep", keep)
    if keep > 1:
        raise ValueError(f"keep: expected a fraction up to 1, got {keep}")
    return law if keep == 1 else stretch(free_power(law, 1 / keep), keep)
