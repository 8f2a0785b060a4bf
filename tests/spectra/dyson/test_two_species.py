"""The quartic of two species: all four roots of polynomials whose roots are known."""

import numpy as np
import pytest

from spinglass.spectra.dyson.two_species import quartic_roots

#: Roots on a circle about a centre: nothing but the quartic's fourth power is left when it is moved there.
CIRCLE = 1.3 * np.exp(0.4j) * np.array([1, 1j, -1, -1j])


@pytest.mark.parametrize(
    "roots",
    [CIRCLE, CIRCLE + 0.8 - 0.5j, CIRCLE - 3, [1, -1, 2, -2], [0.5, 1.5 + 1j, -2, 3j], [1, 1, -2j, 4], [1.5] * 4],
)
def test_all_roots_of_a_quartic_are_found(roots):
    _, b, c, d, e = (complex(x) for x in np.poly(roots))
    found = np.array(quartic_roots(b, c, d, e))
    distances = np.abs(found[:, None] - np.array(roots)[None, :])
    assert max(distances.min(axis=0).max(), distances.min(axis=1).max()) < 1e-6 * np.abs(roots).max()
