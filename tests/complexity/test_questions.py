"""Energies as they are asked for: those beyond all floats, and losses in any units."""

import numpy as np
import pytest

import spinglass as sg


@pytest.mark.parametrize("u", [1e200, 1e308, np.array([-1e300, 1e250])])
def test_energies_whose_squares_are_no_floats_count_as_infinite(u):
    for model in (sg.pure(3), sg.mixed({1: 0.1, 3: 1.0}), sg.bipartite(2, 3, kappa=0.5)):
        c = sg.complexity(model)
        for index in (None, 0):
            np.testing.assert_array_equal(c(u, index=index), c(np.sign(u) * np.inf, index=index))
            np.testing.assert_array_equal(c.below(u, index=index), c.below(np.sign(u) * np.inf, index=index))


def test_the_largest_weights_change_only_the_unit():
    small, large = (sg.complexity(sg.SphericalGame([1], [{2: 1, 3: 1}], [[c]], [[0]])) for c in (1.0, 2.0**500))
    assert large(0.0) == pytest.approx(small(0.0), abs=1e-14)
    assert large(-1.3 * 2.0**500) == pytest.approx(small(-1.3), abs=1e-13)
