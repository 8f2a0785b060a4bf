"""How fast is the density of a free sum, against the roots of its polynomial in numpy, point by point?"""

import functools
import operator

import numpy as np
import pytest

from spinglass.spectra.free.freely_divisible import FreeCompoundPoisson, MarchenkoPastur
from spinglass.spectra.semicircle import Semicircle

LAWS = {
    "semicircle + Marchenko-Pastur": (Semicircle(0.5) + MarchenkoPastur(0.25), 1000, 1e-4),
    "quartic": (Semicircle(0.5) + FreeCompoundPoisson(4.0, [-1.0, 0.5], [0.3, 0.7]), 100_000, 0.2),
}


def by_roots(law, x):
    """Return the density from the roots of gz = 1 + gR(g), multiplied out, with the lowest imaginary part."""
    factors = [np.poly1d([-t, 1.0]) for t in law.jumps]
    common = functools.reduce(operator.mul, factors)
    right = np.poly1d([law.semicircle, law.drift, 1.0]) * common
    for t, r, factor in zip(law.jumps, law.rates, factors, strict=True):
        right += np.poly1d([r * t, 0.0]) * (common / factor)[0]
    left = np.poly1d([1.0, 0.0]) * common
    return np.array([max(0.0, -np.roots((right - left * place).c).imag.min()) for place in x]) / np.pi


@pytest.mark.parametrize("name", LAWS)
def test_density(race, report, name):
    law, points, limit = LAWS[name]
    low, high = law.support[0]
    x = np.linspace(low - 0.1, high + 0.1, points)
    inside = (x > low + 1e-3) & (x < high - 1e-3)
    few = x[inside][:: points // 500]
    np.testing.assert_allclose(law.density(few), by_roots(law, few), rtol=0, atol=1e-12)
    ours, roots = race(lambda: law.density(x), lambda: by_roots(law, few), rounds=9)
    report(
        question=f"density of {name}, a point",
        size=f"{points} points",
        ours=ours / points,
        baseline=roots / len(few),
        against=f"numpy roots, {len(few)} points",
        most=limit / points,
    )
