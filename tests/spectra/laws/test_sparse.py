"""Sparse matrices: exact atoms against maximum matchings, the Bethe potential, moments, and sampled matrices."""

import dataclasses
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import structural_rank

from spinglass.spectra.laws.sparse import SparseWigner, SparseWishart
from spinglass.spectra.laws.sparse_population import bethe
from spinglass.spectra.semicircle import Semicircle

sys.path.append(str(Path(__file__).parents[1]))
matrices = import_module("_matrices")

SMALL = {"population": 300, "resolution": 0.01}
LAWS = [
    SparseWigner(3.0, **SMALL),
    SparseWigner(1.0, **SMALL),
    SparseWishart(3.0, 2.0, **SMALL),
    SparseWishart(4.0, 0.5, **SMALL),
]
any_law = pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{type(law).__name__}{law.degree}")


def weight(law):
    return sum(w for _, w in law.atoms)


@pytest.mark.parametrize("degree", [0.5, 1.0, 2.0, 4.0])
def test_atom_is_the_unmatched_part_of_a_graph(degree):
    # with continuous weights the rank is that of the best matching (structural rank)
    rng, n = np.random.default_rng(1), 30_000
    u, v = rng.integers(n, size=(2, rng.poisson(degree * n / 2)))
    graph = coo_array((np.ones(2 * u.size), (np.r_[u, v], np.r_[v, u])), shape=(n, n)).tocsr()
    assert 1 - structural_rank(graph) / n == pytest.approx(weight(SparseWigner(degree)), abs=0.008)


@pytest.mark.parametrize(("degree", "ratio"), [(3.0, 2.0), (4.0, 0.5), (1.5, 0.3), (3.0, 1.0), (8.0, 0.9)])
def test_atom_of_the_bipartite_graph(degree, ratio):
    rng, n = np.random.default_rng(2), 30_000
    m, edges = round(n / ratio), rng.poisson(degree * n)
    graph = coo_array(
        (np.ones(edges), (rng.integers(n, size=edges), rng.integers(m, size=edges))), shape=(n, m)
    ).tocsr()
    assert 1 - structural_rank(graph) / n == pytest.approx(weight(SparseWishart(degree, ratio)), abs=0.008)


def test_equal_sides_have_the_atom_of_one_kind():
    for degree in (0.7, 2.0, 5.0):
        assert weight(SparseWishart(degree, 1.0)) == pytest.approx(weight(SparseWigner(degree)), abs=1e-12)


def test_bethe_is_exact_on_a_tree():
    first, last = np.array([0, 0, 1, 1, 4]), np.array([1, 2, 3, 4, 5])
    weights = np.array([0.5, 2.0, 1.0, 0.1, 3.0])
    matrix = np.zeros((6, 6))
    matrix[first, last] = matrix[last, first] = np.sqrt(weights)
    z = np.array([0.3 + 0.1j, -1 + 1e-3j, 4 + 2j])
    phi, g = np.empty(3, complex), np.empty(3, complex)
    assert bethe(first, last, weights, 6, z, phi, g) == -1
    values = np.linalg.eigvalsh(matrix)
    np.testing.assert_allclose(phi, np.log(z[:, None] - values).sum(1), rtol=1e-9)
    np.testing.assert_allclose(g, (1 / (z[:, None] - values)).sum(1), rtol=1e-9)


@any_law
def test_the_potential_has_the_derivative_g(law):
    z = np.array([0.5 + 0.3j, -0.7 + 0.1j, 2 + 0.2j])
    h = 0.02 * z.imag
    slope = sum(
        c * (law.potential(z + m * h) - law.potential(z - m * h)) for m, c in ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
    )
    np.testing.assert_allclose(slope / h, law.stieltjes(z), rtol=1e-6)


@any_law
def test_mass_symmetry_and_zero(law):
    far = 1e12
    np.testing.assert_allclose(law.cdf([-far, far]), [0, 1], atol=1e-7)
    assert law.cdf(0.0) - law.cdf(-1e-12) == pytest.approx(weight(law), abs=1e-6)
    x = np.array([0.3, 1.1])
    if isinstance(law, SparseWigner):
        np.testing.assert_allclose(law.density(-x), law.density(x), rtol=1e-8)
        np.testing.assert_allclose(law.cdf(-x) + law.cdf(x), 1, atol=1e-9)
    else:
        np.testing.assert_allclose(law.cdf([-1.0, -1e-6]), 0, atol=1e-9)
    assert law.log_potential(0.0) == -np.inf


def test_quantiles_stay_in_the_support():
    law = SparseWigner(1.0, **SMALL)
    low, middle, high = law.quantile([1e-6, 0.5, 0.9])
    assert low == pytest.approx(law.support[0, 0], abs=1e-5)
    assert middle == 0 and law.cdf(high) == pytest.approx(0.9, abs=1e-9)


@any_law
def test_moments(law):
    # far from the axis the fields are found for any resolution; a Cauchy law has no moments
    law = dataclasses.replace(law, resolution=1e-12, population=1000)
    z = 3 * law.support[0, 1] * np.exp(1j * np.pi * (np.arange(32) + 0.5) / 32)
    g = law.stieltjes(z)
    found = [np.mean((z ** (k + 1) * g).real) for k in range(5)]
    if isinstance(law, SparseWigner):
        np.testing.assert_allclose(found[:4], [1, 0, 1, 0], atol=1e-9)
        assert found[4] == pytest.approx(2 + 3 / law.degree, rel=0.05)
    else:
        np.testing.assert_allclose(found[:2], [1, 1], atol=1e-9)
        # the square of one entry, pairs in a row, pairs in a column
        assert found[2] == pytest.approx(3 / law.degree + 1 + law.ratio, rel=0.05)


@pytest.mark.parametrize(
    "make", [lambda seed: SparseWigner(2.0, 1000, seed=seed), lambda seed: SparseWishart(2.0, 2.0, 1000, seed=seed)]
)
def test_sampled_matrices_follow_the_law(make):
    values = np.sort(np.concatenate([matrices.eigenvalues(make(0).sample(600, rng=k)) for k in range(10)]))
    x = np.quantile(values, [0.05, 0.15, 0.85, 0.95])
    x = x[np.abs(x) > 0.02]
    sampled = np.searchsorted(values, x, "right") / values.size
    # 0.15/sqrt(1000) each, three of them; 0.002 from the matrices: 3 standard errors
    np.testing.assert_allclose(np.mean([make(seed).cdf(x) for seed in range(3)], axis=0), sampled, atol=0.01)


def test_many_entries_give_the_semicircle():
    x = np.linspace(-1.8, 1.8, 7)
    law = SparseWigner(60.0, population=400, resolution=0.01)
    np.testing.assert_allclose(law.cdf(x), Semicircle().cdf(x), atol=0.01)


def test_hardly_any_entry_leaves_the_atom():
    for law in (SparseWigner(1e-3, population=100), SparseWishart(1e-3, 2.0, population=100)):
        assert law.cdf(0.1) - law.cdf(-0.1) == pytest.approx(1, abs=0.01)
        assert weight(law) == pytest.approx(1 - 1e-3, abs=1e-5)


def test_a_seed_fixes_the_law():
    x = [0.4, 1.0]
    first, again, other = (SparseWigner(3.0, population=300, resolution=0.01, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.density(x), again.density(x))
    assert np.all(first.density(x) != other.density(x))
    assert first == again and first != other


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: SparseWigner(0.0), ValueError, "degree: expected a positive"),
        (lambda: SparseWigner(np.inf), ValueError, "degree: expected finite"),
        (lambda: SparseWigner(3.0, population=5), ValueError, "population: expected an integer of at least 100"),
        (lambda: SparseWigner(3.0, resolution=0.0), ValueError, "resolution: expected a positive"),
        (lambda: SparseWishart(3.0, -1.0), ValueError, "ratio: expected a positive"),
        (lambda: SparseWigner("3"), TypeError, "degree: expected numbers"),
        (lambda: SparseWigner(3.0).quantile(1.0), ValueError, "between 0 and 1"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
