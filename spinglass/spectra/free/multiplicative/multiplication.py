r"""Free multiplication of laws on the half line, by the simplest law that is exact, and the S-transform.

.. math:: S(m) = \frac{1+m}{m\,z(m)} , \quad M(z(m)) = m , \qquad S_{\mu\boxtimes\nu} = S_\mu S_\nu .

Positive points stretch, and laws of Marchenko and Pastur, :math:`S = 1/(\sigma(1+\phi m))`, make products of Gaussian
matrices (:class:`WishartProduct`).  All others are solved by subordination (:class:`FreeProduct`).  Powers take the
S-transform to a power, those of points and products of Gaussian matrices in closed form.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import instance, positive, real_points, shown
from spinglass.spectra.free.addition import stretch
from spinglass.spectra.free.affine import Affine, PointMass
from spinglass.spectra.free.freely_divisible import FreelyDivisible, MarchenkoPastur
from spinglass.spectra.free.multiplicative.factor import Factor, half_line
from spinglass.spectra.free.multiplicative.free_product import FreeProduct
from spinglass.spectra.free.multiplicative.power import MultiplicativePower
from spinglass.spectra.law import Law
from spinglass.spectra.laws.products import WHOLE, WishartProduct

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers

SMALL = 1e-40  # an m that is 0 to all digits


def times(law: Law, other: Law) -> Law:
    """Return the free multiplicative convolution of two laws on the half line.

    Parameters
    ----------
    law, other : Law
        On the half line from 0, neither all at 0.

    Returns
    -------
    Law
        A :class:`WishartProduct` if both are Marchenko-Pastur laws or products of Gaussian matrices, the law itself
        stretched if the other is a point, else a :class:`FreeProduct`; products of products are flattened.

    Raises
    ------
    TypeError
        If an argument is not a law.
    ValueError
        If a law reaches below 0 or is all at 0.

    References
    ----------
    Voiculescu (1987); Bercovici, Voiculescu (1993).

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.free.multiplicative.multiplication import times
    >>> times(sg.spectra.MarchenkoPastur(ratio=0.5), sg.spectra.MarchenkoPastur(ratio=0.8, variance=2.0))
    Affine(law=WishartProduct(ratios=(0.5, 0.8)), factor=2.0, shift=0.0)
    """
    both = [half_line(name, instance(name, x, Law, "a law")) for name, x in (("law", law), ("other", other))]
    for one, rest in (both, both[::-1]):
        if isinstance(one, PointMass):
            return stretch(rest, one.place)
    (c, layers, general), (d, more, others) = map(_factors, both)
    constant, layers = c * d, (*layers, *more)
    factors = sorted((*general, *others), key=repr) + ([WishartProduct(*zip(*layers, strict=True))] if layers else [])
    total = factors[0]
    for factor in factors[1:]:
        total = FreeProduct(total, factor)
    return total if constant == 1 else stretch(total, constant)


def s_transform(law: Law, m: Numbers) -> Numbers:
    r"""Return :math:`S(m) = (1+m)/(mz)` with :math:`M(z) = m`, which multiplies in free products, at real m.

    Parameters
    ----------
    law : Law
        On the half line from 0, not all at 0.
    m : float array of any shape
        Above minus the weight of the law off 0 and up to the value of M = zG - 1 at the upper end of the law.

    Returns
    -------
    float array of the shape of m
        S(0) is one over the mean.

    Raises
    ------
    ValueError
        If the law is not of this kind or M does not take a value m outside the law.

    Examples
    --------
    >>> import numpy as np, spinglass as sg
    >>> from spinglass.spectra.free.multiplicative.multiplication import s_transform
    >>> s_transform(sg.spectra.MarchenkoPastur(ratio=0.5), np.array([-0.5, 0.0, 1.0])).round(12)  # 1/(1 + m/2)
    array([1.33333333, 1.        , 0.66666667])
    """
    m = real_points("m", m)
    if isinstance(law, FreeProduct):
        return s_transform(law.first, m) * s_transform(law.second, m)
    if isinstance(law, MultiplicativePower):
        return s_transform(law.law, m) ** law.exponent
    factor = Factor(half_line("law", law))
    found = np.full(m.shape, 1 / (factor.moments[0] * factor.unit))
    for branch in factor.branches()[:2]:  # left of 0 and beyond the law
        on = (m < -SMALL) & (m > -1) if branch.side < 0 else m > SMALL
        with np.errstate(divide="ignore"):
            u = np.log1p(1 / m[on]) if branch.side > 0 else np.log1p(m[on]) - np.log(-m[on])
        low, high = branch.levels()
        if (u < low - 1e-9).any() or (m <= factor.atom - 1).any():
            edge = 1 / np.expm1(factor.branches()[1].levels()[0])
            raise ValueError(
                f"m: expected numbers above {factor.atom - 1:.6g} and up to {edge:.6g}, values of M outside {law}, "
                f"got {shown(m)}"
            )
        found[on] = np.exp(u - branch.place(np.clip(u, low, high))) / factor.unit
    return found[()]


def multiplicative_power(law: Law, t: float) -> Law:
    """Return the law whose S-transform is that of a law to the power t: :meth:`Law.multiplicative_power`.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.free.multiplicative.multiplication import multiplicative_power
    >>> multiplicative_power(sg.spectra.MarchenkoPastur(ratio=0.5, variance=4.0), 1.5)
    Affine(law=WishartProduct(ratios=(0.5,), exponents=(1.5,)), factor=8.0, shift=0.0)
    """
    law, t = half_line("law", instance("law", law, Law, "a law")), positive("t", t)
    if t == 1:
        return law
    if isinstance(law, PointMass):
        return PointMass(law.place**t)
    constant, layers, general = _factors(law)
    powers = [_general_power(factor, t) for factor in general]
    if layers:
        powers.append(_power_of_layers(WishartProduct(*zip(*layers, strict=True)), t))
    total = functools.reduce(times, powers)
    return total if constant == 1 else stretch(total, constant**t)


def _power_of_layers(law, t):
    """Return the power of a product of Gaussian matrices: the exponents of its largest ratio are to remain enough."""
    c, e = law._descending
    if c[0] > 1:
        least = 1 / np.sum(e[c == c[0]])
        if t < least * (1 - WHOLE):
            raise ValueError(f"t: expected at least {least:g} for {law}, which has no smaller powers, got {t}")
    return WishartProduct(law.ratios, tuple(t * exponent for exponent in law.exponents))


def _general_power(law, t):
    """Return the power of a law that is no product."""
    base, exponent = (law.law, t * law.exponent) if isinstance(law, MultiplicativePower) else (law, t)
    if exponent < 1 - WHOLE:
        raise ValueError(f"t: expected at least {t / exponent:g} for {law}, which may have no smaller powers, got {t}")
    return base if exponent < 1 + WHOLE else MultiplicativePower(base, exponent)


def _factors(law):
    """Return the number, the (ratio, exponent) of Gaussian factors and the other laws whose free product a law is."""
    if isinstance(law, FreeProduct):
        (c, layers, general), (d, more, others) = _factors(law.first), _factors(law.second)
        return c * d, layers + more, general + others
    if isinstance(law, Affine) and law.shift == 0 and law.factor > 0:
        constant, layers, general = _factors(law.law)
        return law.factor * constant, layers, general
    if isinstance(law, WishartProduct):
        return 1.0, tuple(zip(law.ratios, law.exponents, strict=True)), ()
    if isinstance(law, MarchenkoPastur):
        return law.entry_variance, ((law.ratio, 1.0),), ()
    if isinstance(law, FreelyDivisible) and law.drift == law.semicircle == 0 and len(law.jumps) == 1:
        return law.jumps[0] * law.rates[0], ((1 / law.rates[0], 1.0),), ()
    return 1.0, (), (law,)
