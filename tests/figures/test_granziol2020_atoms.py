"""Outliers that were planted are removed, laws are found again, and atoms of linear networks are ranks."""

from itertools import pairwise

import numpy as np
import pytest

from spinglass import figures, networks
from spinglass.figures.granziol2020 import bottleneck, outliers
from spinglass.spectra import PercolatedWigner, PercolatedWishart

MIDDLES = (np.arange(2000) + 0.5) / 2000


def quantiles(law):
    """Return eigenvalues as evenly spread as the law, those of its atom at 0."""
    return outliers.without_rounding(law.quantile(MIDDLES))


@pytest.mark.parametrize(("keep", "u"), [(0.3, 0.2), (0.5, 0.7), (1.0, 0.4)])
def test_percolated_laws_are_found_from_moments(keep, u):
    found = outliers.percolated_wishart(quantiles(2.5 * PercolatedWishart(keep, u / keep)))
    law = found.law
    assert law.keep == pytest.approx(keep, rel=0.02) and law.keep * law.ratio == pytest.approx(u, rel=0.05)
    assert found.mean == pytest.approx(2.5 * keep, rel=2e-3)
    wigner = outliers.percolated_wigner(quantiles(PercolatedWigner(keep, 3.0)))
    assert wigner.keep == pytest.approx(keep, rel=0.02) and wigner.entry_variance == pytest.approx(3, rel=0.02)


def test_u_and_its_inverse_are_one_percolated_wishart_law():
    x = np.linspace(-0.1, 6, 50)
    one, other = PercolatedWishart(0.4, 0.5 / 0.4), 0.5 * PercolatedWishart(0.8, 2 / 0.8)
    np.testing.assert_allclose(one.cdf(x), other.cdf(x), atol=1e-12)


def test_more_than_five_quarters_keeps_two_moments():
    values = np.r_[np.zeros(90), np.linspace(0, 1, 9), 5.0]
    first, second, third, _ = outliers.moments(values)
    assert first * third / second**2 > 1.25
    found = outliers.percolated_wishart(values)
    assert found.mean == pytest.approx(first) and found.variance + found.mean**2 == pytest.approx(second)


def test_planted_outliers_are_removed_and_the_bulk_is_its_law():
    bulk = quantiles(2.5 * PercolatedWishart(0.3, 0.5 / 0.3))
    values = np.sort(np.r_[bulk, 40.0, 50.0, 60.0])
    assert outliers.removed(values, 4) == (0, 4, 12, 3)
    found = outliers.judged(values, 3, 200)
    assert found[:, 0, 3].tolist() == [0, 3, 9, 3]
    assert np.all(found[1, -1, :2] < 0.003) and np.all(found[0, -1, :2] > 0.03)
    np.testing.assert_array_equal(found[1], found[3])


def test_intervals_are_those_of_a_mean():
    samples = np.random.default_rng(2).standard_normal((400, 1))
    mean, low, high = outliers.bootstrapped(samples)
    assert mean == pytest.approx(samples.mean(axis=0))
    assert high - low == pytest.approx(2 * 1.96 * samples.std() / 20, rel=0.1)


def test_networks_are_farther_from_laws_than_matrices_of_these_laws():
    data = figures.data("granziol2020-6", quick=True)
    found = outliers.by_network(data)[:, :, 1].mean(axis=(0, 1))
    assert np.all(data["controls"] < 0.1) and np.all(found[:, :2] > 2 * data["controls"])
    wasserstein = dict(zip(outliers.LAWS, found[:, 1], strict=True))
    assert wasserstein["3-fold product"] < wasserstein["percolated Wishart"] < wasserstein["Marchenko-Pastur"]
    assert wasserstein["Marchenko-Pastur"] < wasserstein["percolated Wigner"] < wasserstein["semicircle"]


@pytest.mark.parametrize("widths", [(6, 3, 4), (6, 5, 4), (6, 3, 5, 4), (7, 5, 2, 6, 3), (3, 8, 5)])
def test_the_differential_of_a_product_has_the_rank_of_the_formula(widths):
    rng = np.random.default_rng(3)
    factors = [rng.standard_normal((b, a)) for a, b in pairwise(widths)]
    columns = []
    for i in range(len(factors)):
        before, after = np.eye(widths[0]), np.eye(widths[i + 1])
        for factor in factors[:i]:
            before = factor @ before
        for factor in factors[i + 1 :]:
            after = factor @ after
        columns.append(np.kron(after, before.T))
    differential = np.hstack(columns)
    zeros = 1 - np.linalg.matrix_rank(differential) / differential.shape[1]
    assert bottleneck.exact_atom(widths[1:-1], widths[0], widths[-1]) == pytest.approx(zeros, abs=1e-12)


def test_atoms_of_linear_networks_are_not_those_of_products():
    data = figures.data("granziol2020-7", quick=True)
    for shape in bottleneck.SHAPES:
        exact = [bottleneck.exact_atom(bottleneck.narrow(shape, r)) for r in data["widths"]]
        np.testing.assert_allclose(data[f"linear {shape}"][:, 0], exact, atol=1e-12)
        product = 1 - np.minimum(data["widths"], bottleneck.OUTPUTS) / bottleneck.INPUTS
        np.testing.assert_allclose(data[f"linear {shape}"][:, 1], product, atol=1e-12)
    assert np.all(np.diff(data["linear r"][:, 0]) > 0)  # a product's atom falls
    assert bottleneck.exact_atom((4,)) == pytest.approx(4 / 26)


def test_small_inputs_make_tanh_linear_and_large_ones_leave_no_zeros():
    data = figures.data("granziol2020-7", quick=True)
    np.testing.assert_allclose(data["scaled"][0], bottleneck.exact_atom((4,)), atol=1e-12)
    assert np.all(data["scaled"][-1, 1:] == 0)


def test_inputs_that_do_not_span_leave_more_zeros():
    inputs = np.random.default_rng(5).standard_normal((6, 5)) @ np.eye(5, 9)
    network = networks.mlp(networks.Data((inputs, np.ones((6, 4)))), (2,), "linear", bias=False, rng=1)
    zeros = np.mean(bottleneck.spectrum(network) < bottleneck.ZERO)
    assert zeros == pytest.approx(1 - 2 * (5 + 4 - 2) / network.size, abs=1e-12)
