"""Typical energies: where points are most numerous, and the lower one where two are."""

import numpy as np
import pytest

import spinglass as sg

TRIVIAL, PURE, MIXED = sg.mixed({3: 1, 1: 10}), sg.pure(3), sg.mixed({3: 0.5, 4: 0.5})


@pytest.mark.parametrize("coefficients", [{3: 1, 1: 10}, {1: 4.0, 3: 1.0}, {2: 1, 1: 3}])
def test_of_two_extremes_the_typical_energy_is_the_lower(coefficients):
    """A strong field leaves two points, one at each end, and as many at -u as at u."""
    c = sg.complexity(sg.mixed(coefficients))
    u = c.typical_energy()
    assert u < 0 and abs(c(u) - c.total()) < 1e-14 and abs(c(-u) - c.total()) < 1e-14
    assert c(0.0) < c.total() - 0.05
    assert c.typical_energy(index=0) == pytest.approx(u, abs=1e-12)


@pytest.mark.parametrize("selection", [{}, {"index": 0}, {"index": 2}, {"fraction": 0.25}])
def test_below_infinity_are_all_points_of_a_kind(selection):
    for model in (PURE, MIXED):
        c = sg.complexity(model)
        total = c.total(**selection)
        assert c.below(np.inf, **selection) == total and c.below(-np.inf, **selection) == -np.inf
        np.testing.assert_array_equal(c.below([-np.inf, 9.0, np.inf], **selection), [-np.inf, total, total])
        np.testing.assert_array_equal(c([-np.inf, np.inf], **selection), -np.inf)


@pytest.mark.parametrize("model", [PURE, MIXED, sg.mixed({1: 0.5, 3: 1.0}), TRIVIAL])
@pytest.mark.parametrize("index", [None, 0, 2])
def test_nowhere_are_points_more_numerous(model, index):
    c = sg.complexity(model)
    u, top = c.typical_energy(index=index), c.total(index=index)
    scan = np.linspace(-5, 5, 2001) * max(1.0, abs(u))
    assert np.max(c(scan, index=index)) <= top + 1e-12
    below = u - 1e-6  # the pure model at an index sits on the boundary of where it lives
    assert top - 1e-4 < c(below, index=index) <= top + 1e-12
    assert c.below(u + 0.01, index=index) == pytest.approx(top, abs=1e-12)
    assert c.below(u - 0.01, index=index) == c(u - 0.01, index=index) < top
