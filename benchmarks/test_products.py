"""How fast is the density of a free product by subordination, against the roots of its polynomial in numpy?"""

import numpy as np

from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.semicircle import Semicircle

POINTS, MEAN, VARIANCE, RATIO = 1000, 1.0, 0.2, 0.5


def by_roots(x):
    r"""Return the density from the roots M of :math:`z^2M = mz(1+M)(1+cM) + v(1+M)^2(1+cM)^2`.

    Of the roots in the lower half-plane that one is taken of which the semicircle knows.
    """
    layers, circle = np.poly1d([RATIO, 1.0]) * np.poly1d([1.0, 1.0]), Semicircle(VARIANCE, MEAN)
    density = np.zeros(len(x))
    for i, z in enumerate(x):
        m = np.roots((np.poly1d([z * z, 0.0]) - MEAN * z * layers - VARIANCE * layers * layers).c)
        m = m[m.imag < 0]
        place = z / (1 + RATIO * m)
        wrong = np.abs(place * circle.upper_stieltjes(place) - 1 - m)
        density[i] = -m[np.argmin(wrong)].imag / (np.pi * z)
    return density


def test_density(race, report):
    law = Semicircle(VARIANCE, MEAN).times(MarchenkoPastur(RATIO))
    x = np.linspace(*law.support[0], POINTS + 2)[1:-1]
    np.testing.assert_allclose(law.density(x), by_roots(x), rtol=0, atol=1e-10)
    ours, roots = race(lambda: law.density(x), lambda: by_roots(x), rounds=9)
    report(
        question="density of semicircle times Marchenko-Pastur, a point",
        size=f"{POINTS} points",
        ours=ours / POINTS,
        baseline=roots / POINTS,
        against="numpy roots",
        most=5e-5,
    )
