r"""Free addition, stretching and shifting of laws, each by the simplest law that is exact.

Freely infinitely divisible laws add their drifts, variances and rates: the sum is algebraic.  All others are solved by
subordination (:class:`FreeSum`).
"""

from __future__ import annotations

import numbers

import numpy as np

from spinglass.inputs.checks import nonzero, one_number
from spinglass.spectra.free.affine import Affine, PointMass
from spinglass.spectra.free.free_sum import FreeSum
from spinglass.spectra.free.freely_divisible import FreelyDivisible
from spinglass.spectra.free.levy import LevyLaw
from spinglass.spectra.law import Law
from spinglass.spectra.semicircle import Semicircle


def add(law: Law, other: Law | float) -> Law:
    """Return the free additive convolution of two laws, or the law shifted by a number.

    Parameters
    ----------
    law : Law
    other : Law or float

    Returns
    -------
    Law
        Algebraic if both are freely infinitely divisible; sums of sums are flattened.

    Raises
    ------
    ValueError
        If the number is not finite.

    References
    ----------
    Voiculescu (1986); Biane (1998) for the subordination.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.free.addition import add
    >>> from spinglass.spectra.free.freely_divisible import MarchenkoPastur
    >>> add(sg.spectra.Semicircle(variance=0.5), MarchenkoPastur(ratio=0.25)).support.round(6)
    array([[-0.663082,  2.832648]])
    """
    if _is_number(other):
        return add(law, PointMass(one_number("shift", other)))
    if isinstance(other, np.ndarray):  # refused here: numpy would add entry by entry, and masked arrays fail
        return add(law, PointMass(one_number("shift", other)))
    if not isinstance(other, Law):
        return NotImplemented
    terms = [*_terms(law), *_terms(other)]
    general = sorted((term for term in terms if not isinstance(term, LevyLaw)), key=repr)
    divisible = simplest(*_total([term._triple for term in terms if isinstance(term, LevyLaw)]))
    if not general:
        return divisible
    total = general[0]
    for term in general[1:]:
        total = FreeSum(total, term)
    if isinstance(divisible, PointMass):
        return _affine(total, 1.0, divisible.place)
    return FreeSum(total, divisible)


def stretch(law: Law, factor: float) -> Law:
    """Return the law of a multiple of the matrix.

    Parameters
    ----------
    law : Law
    factor : float
        Not 0.

    Raises
    ------
    ValueError
        If the factor is 0, nan or inf.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.free.addition import stretch
    >>> stretch(sg.spectra.Semicircle(variance=1.0, mean=1.0), -2.0)
    Semicircle(variance=4.0, mean=-2.0)
    """
    if not _is_number(factor) and not isinstance(factor, np.ndarray):
        return NotImplemented
    c = nonzero("factor", factor)
    if isinstance(law, LevyLaw):
        drift, variance, jumps, rates = law._triple
        return simplest(c * drift, c * c * variance, [c * t for t in jumps], rates)
    if isinstance(law, FreeSum):
        return add(stretch(law.first, c), stretch(law.second, c))
    return _affine(law, c, 0.0)


def _is_number(x):
    return isinstance(x, numbers.Real) and not isinstance(x, (bool, np.bool_))


def _terms(law):
    """Return the laws whose free sum a law is."""
    if isinstance(law, FreeSum):
        return [*_terms(law.first), *_terms(law.second)]
    if isinstance(law, Affine) and law.shift != 0:
        return [*_terms(_affine(law.law, law.factor, 0.0)), PointMass(law.shift)]
    return [law]


def _total(triples):
    """Add R-transforms."""
    jumps = [t for triple in triples for t in triple[2]]
    rates = [r for triple in triples for r in triple[3]]
    return sum(triple[0] for triple in triples), sum(triple[1] for triple in triples), jumps, rates


def simplest(drift, variance, jumps, rates):
    """Return the law with an R-transform, without jumps by its own closed form."""
    if len(jumps):
        return FreelyDivisible(drift, variance, jumps, rates)
    return Semicircle(variance, drift) if variance else PointMass(drift)


def _affine(law, factor, shift):
    """Return factor times a law plus shift, without nesting."""
    if isinstance(law, Affine):
        factor, shift, law = factor * law.factor, factor * law.shift + shift, law.law
    return law if factor == 1 and shift == 0 else Affine(law, factor, shift)
