"""Percolated matrices: mixtures with an atom, against their parts and against sampled matrices."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from spinglass.spectra.laws.percolated import PercolatedWigner, PercolatedWishart
from spinglass.spectra.laws.products import WishartProduct
from spinglass.spectra.semicircle import Semicircle

sys.path.append(str(Path(__file__).parents[1]))
matrices = import_module("_matrices")

LAWS = [
    PercolatedWigner(0.3),
    PercolatedWigner(1.0, 2.0),
    PercolatedWishart(0.5, 0.5),
    PercolatedWishart(0.5, 3.0),
    PercolatedWishart(0.5, 2.0),
]
any_law = pytest.mark.parametrize("law", LAWS, ids=str)


def test_atom_and_semicircle():
    law, x = PercolatedWigner(keep=0.3, variance=2.0), np.linspace(-2, 2, 21)
    assert law.atoms == ((0.0, pytest.approx(0.7)),)
    np.testing.assert_allclose(law.density(x), 0.3 * Semicircle(0.6).density(x), atol=1e-15)
    assert law.cdf(-1e-12) == pytest.approx(0.15) and law.cdf(0.0) == pytest.approx(0.85)
    np.testing.assert_allclose(matrices.moments(law, 4), [1, 0, 0.18, 0, 0.3 * 2 * 0.36], atol=1e-13)


def test_atoms_of_both_kinds_add_up():
    assert PercolatedWishart(0.5, 3.0).atoms[0][1] == pytest.approx(1 - 0.5 * 2 / 3)  # rank m = n/3
    assert PercolatedWishart(1.0, 0.5).atoms == ()
    x = np.linspace(0.1, 6, 13)
    np.testing.assert_allclose(PercolatedWishart(0.5, 1.2).density(x), 0.5 * WishartProduct(0.6).density(x), atol=1e-15)


@any_law
def test_one_sampled_matrix_follows_the_law(law):
    values = matrices.eigenvalues(law.sample(600, rng=2))
    assert matrices.distance(law, values) < 0.012
    assert np.mean(values == 0) == pytest.approx(sum(weight for _, weight in law.atoms), abs=0.001)


@any_law
def test_one_function(law):
    z = np.array([0.3 + 0.2j, -1 + 0.5j, 2 + 0.1j])
    h = 0.01 * z.imag
    slope = sum(
        c * (law.potential(z + m * h) - law.potential(z - m * h)) for m, c in ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
    )
    np.testing.assert_allclose(slope / h, law.stieltjes(z), rtol=1e-9)
    low, high = law.support[0]
    np.testing.assert_allclose(law.cdf([min(low, 0) - 1e-6, high + 1e-6]), [0, 1], atol=1e-14)
    assert (law.log_potential(0.0) == -np.inf) == bool(law.atoms)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: PercolatedWigner(0.0), ValueError, "keep: expected a probability"),
        (lambda: PercolatedWigner(1.1), ValueError, "keep: expected a probability"),
        (lambda: PercolatedWigner(0.5, 0.0), ValueError, "variance: expected a positive"),
        (lambda: PercolatedWishart(0.5, -1.0), ValueError, "ratio: expected a positive"),
        (lambda: PercolatedWigner(np.nan), ValueError, "keep: expected finite numbers"),
        (lambda: PercolatedWigner("half"), TypeError, "keep: expected numbers"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
