"""Free products: closed forms, moments, S-transforms, matrices, atoms and edges."""

import itertools
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.free.affine import Affine, PointMass
from spinglass.spectra.free.freely_divisible import FreelyDivisible, MarchenkoPastur
from spinglass.spectra.free.multiplicative.factor import Factor
from spinglass.spectra.free.multiplicative.free_product import FreeProduct
from spinglass.spectra.laws.percolated import PercolatedWigner, PercolatedWishart
from spinglass.spectra.laws.products import WishartProduct
from spinglass.spectra.semicircle import Semicircle

sys.path.append(str(Path(__file__).parents[2]))
matrices, laws = import_module("_matrices"), import_module("_laws")
Points = laws.Points
MP = MarchenkoPastur
BLOCKS = BlockGaussian([[0.01, 0.002], [0.002, 0.02]], [0.6, 0.4], [1.0, 4.0])
GENERAL = {
    "a projection and a semicircle": (Points([0.0, 1.0], [0.4, 0.6]), Semicircle(0.2, 1.0)),
    "an atom of a product": (Points([1.0, 2.0], [0.75, 0.25]), Points([0.1, 1.0, 30.0], [0.2, 0.7, 0.1])),
    "two atoms at 0": (Points([0.0, 1.0], [0.4, 0.6]), Points([0.0, 1.0, 2.0], [0.3, 0.6, 0.1])),
    "far points": (Points([0.1, 1.0, 30.0], [0.2, 0.7, 0.1]), Semicircle(0.2, 1.0)),
    "blocks": (BLOCKS, 1.0 + MP(0.3)),
    "blocks and layers": (BLOCKS, WishartProduct((2.0, 0.5))),
    "layers with an atom": (MP(0.5) + MP(0.3), MP(100.0)),
    "percolated": (PercolatedWishart(0.5, 0.5), Semicircle(0.2, 1.0)),
    "soft at 0": (Semicircle(1.0, 2.0), MP(0.01)),
}
PRODUCTS = {name: a.times(b) for name, (a, b) in GENERAL.items()}
general = pytest.mark.parametrize("name", GENERAL)


@pytest.mark.parametrize(
    ("ratios", "variances"),
    [((0.5, 0.8), (1.0, 1.0)), ((2.0, 0.01, 1.0), (0.5, 3.0, 2.0)), ((100.0, 3.0, 0.2, 1.0), (1.0, 2.0, 0.5, 1.0))],
)
def test_laws_of_marchenko_and_pastur_make_products_of_layers(ratios, variances):
    product = MP(ratios[0], variances[0])
    for ratio, variance in zip(ratios[1:], variances[1:], strict=True):
        product = product.times(MP(ratio, variance))
    closed, factor = WishartProduct(ratios), float(np.prod(variances))
    assert product == (closed if factor == 1 else Affine(closed, factor))
    x = laws.around(closed)
    np.testing.assert_allclose(product.cdf(factor * x), closed.cdf(x), atol=1e-12)
    np.testing.assert_allclose(product.support, factor * closed.support, rtol=1e-12)


@pytest.mark.parametrize(
    ("ratios", "explicit"),
    [
        ((0.5, 0.8), True),
        ((1.0, 1.0), True),
        ((2.0, 2.0), True),
        ((1.0, 1.0), False),
        ((3.0, 0.1), False),
        ((0.01, 100.0), False),
    ],
)
def test_subordination_agrees_with_products_of_layers(ratios, explicit):
    law = FreeProduct(WishartProduct(ratios[:1]), WishartProduct(ratios[1:]) if explicit else MP(ratios[1]))
    closed = WishartProduct(ratios)
    low, high = closed.support[0]
    np.testing.assert_allclose(law.support, closed.support, rtol=1e-12, atol=1e-15 * high)
    assert [w for _, w in law.atoms] == pytest.approx([w for _, w in closed.atoms], abs=1e-15)
    x = np.linspace(low, high, 16)[1:-1]
    np.testing.assert_allclose(law.density(x), closed.density(x), rtol=1e-11)
    x = np.r_[-3 * high, -1e-3 * high, -1e-6, 0.3 * low or -1.0, x, 1.01 * high, 1e6 * high, 1e200]
    for z in (x, x + 0.3j * high, x + 1e-6j * high):
        np.testing.assert_allclose(law.potential(z), closed.potential(z), rtol=1e-14, atol=5e-13)
        np.testing.assert_allclose(law.stieltjes(z), closed.stieltjes(z), rtol=1e-11)
    # the general law of ratio 1 itself is off by 2e-8 at its edge at 0
    assert law.log_potential(0.0) == pytest.approx(closed.log_potential(0.0), abs=1e-12 if explicit else 1e-7)
    assert law.stieltjes(0.0).real == pytest.approx(closed.stieltjes(0.0).real, rel=1e-11)


@pytest.mark.parametrize("first", [(0.5,), (1.0,), (2.0,)])
def test_close_to_a_strong_divergence_at_0(first):
    law, closed = FreeProduct(WishartProduct(first), WishartProduct((1.0, 1.0))), WishartProduct((*first, 1.0, 1.0))
    x = np.geomspace(1e-60, 1.0, 13)
    for z in (-x, x, 1j * x, (1 + 1j) * x):
        np.testing.assert_allclose(law.stieltjes(z), closed.stieltjes(z), rtol=1e-11)
        np.testing.assert_allclose(law.potential(z), closed.potential(z), rtol=1e-12, atol=1e-12)


@general
def test_mass_and_moments(name):
    law, (a, b) = PRODUCTS[name], GENERAL[name]
    total = sum(weight for _, weight in law.atoms)
    # the rule of tanh and sinh, which edges at which the density diverges do not disturb
    t = np.linspace(-3.3, 3.3, 133)
    part = 1 / (1 + np.exp(-np.pi * np.sinh(t)))
    slope = np.pi * np.cosh(t) * part * (1 - part) * (t[1] - t[0])
    total += sum((high - low) * slope @ law.density(low + (high - low) * part) for low, high in law.support)
    assert total == pytest.approx(1, abs=1e-9)
    m, n = ([law.moment(k) for k in range(4)] for law in (a, b))
    second = m[2] * n[1] ** 2 + m[1] ** 2 * n[2] - m[1] ** 2 * n[1] ** 2
    third = m[3] * n[1] ** 3 + m[1] ** 3 * n[3] + 3 * m[1] * n[1] * m[2] * n[2]
    # kappa_3 of both, as sums over non-crossing partitions and their complements
    third += -3 * m[1] * m[2] * n[1] ** 3 - 3 * m[1] ** 3 * n[1] * n[2] + 2 * m[1] ** 3 * n[1] ** 3
    assert matrices.moments(law, 3) == pytest.approx([1, m[1] * n[1], second, third], rel=1e-10)


@general
def test_s_transforms_multiply(name):
    law, (a, b) = PRODUCTS[name], GENERAL[name]
    z = law.support[-1, 1] * np.array([-30.0, -1.0, -0.01, 1.001, 1.5, 40.0])
    m = z * law.stieltjes(z).real - 1
    np.testing.assert_allclose(a.s_transform(m) * b.s_transform(m), (1 + m) / (m * z), rtol=1e-11)
    np.testing.assert_allclose(law.s_transform(m), (1 + m) / (m * z), rtol=1e-11)
    assert law.s_transform(0.0) == pytest.approx(1 / (a.mean * b.mean), rel=1e-13)


@general
def test_a_sampled_matrix_follows_the_law(name):
    law = PRODUCTS[name]
    values = matrices.eigenvalues(law.sample(300, rng=2))
    values = np.where(values < 1e-12 * values.max(), 0.0, values)
    places = np.array([np.inf, *(place for place, _ in law.atoms)])
    off = values[np.abs(values[:, None] - places).min(1) > 1e-9 * values.max()]
    below = np.searchsorted(np.sort(values), off, "right") / 300
    assert np.abs(law.cdf(off) - below).max() < 0.012
    for place, weight in law.atoms:
        assert np.mean(np.abs(values - place) < 1e-9 * values.max()) == pytest.approx(weight, abs=0.01)


def test_atoms():
    assert PRODUCTS["an atom of a product"].atoms == ((1.0, pytest.approx(0.45)),)
    both = PRODUCTS["two atoms at 0"]
    assert both.atoms == ((0.0, 0.4), (1.0, pytest.approx(0.2)))
    assert both.cdf(0.0) == pytest.approx(0.4, abs=1e-14) and both.cdf(-1e-12) == 0.0
    assert both.cdf(1.0) - both.cdf(1 - 1e-9) == pytest.approx(0.2, abs=1e-6)
    assert both.log_potential(0.0) == both.log_potential(1.0) == -np.inf
    assert both.stieltjes(0.0).real == both.stieltjes(1.0).real == np.inf


def test_two_points_of_equal_weight():
    law = FreeProduct(Points([1.0, 5.0], [0.5, 0.5]), Points([1.0, 5.0], [0.5, 0.5]))
    np.testing.assert_allclose(law.support[[0, -1], [0, 1]], [1.0, 25.0], rtol=1e-12)
    # two halves in general position are 2 x 2 blocks with a uniform angle: determinant 25, traces from 10 to 26
    angle = (np.arange(2000) + 0.5) * np.pi / 4000
    trace = 26 * np.cos(angle) ** 2 + 10 * np.sin(angle) ** 2
    root = np.sqrt(trace**2 / 4 - 25)
    places = np.r_[trace / 2 + root, trace / 2 - root]
    z = np.array([3.0 + 1j, 12.0 + 0.5j, -4.0 + 0j, 40.0 + 0j])
    np.testing.assert_allclose(law.stieltjes(z), (1 / (z[:, None] - places)).mean(1), rtol=1e-10)


def test_two_points_of_unequal_weight_leave_no_gap():
    # blocks of determinant 4, traces from 4 to 4.75: 1 + M of the points is 0 at 1.75, which is no edge
    few = Points([1.0, 2.0], [0.75, 0.25])
    np.testing.assert_allclose(FreeProduct(few, few).support, [np.sort(np.roots([1, -4.75, 4]))], rtol=1e-12)


def test_units_do_not_matter():
    a, b = GENERAL["blocks"]
    expected = a.times(b)
    x = laws.around(expected, 11)
    cdf, density, potential = expected.cdf(x), expected.density(x), expected.log_potential(x)
    for size in 1e-100, 1e100:
        law = (size * a).times((1 / size) * b)
        np.testing.assert_allclose(law.support, expected.support, rtol=1e-11)
        np.testing.assert_allclose(law.cdf(x), cdf, atol=1e-12)
        law = (size * a).times(b)
        np.testing.assert_allclose(law.support / size, expected.support, rtol=1e-11)
        np.testing.assert_allclose(law.density(size * x) * size, density, atol=1e-10)
        np.testing.assert_allclose(law.log_potential(size * x) - np.log(size), potential, atol=1e-11)


@pytest.mark.parametrize("variance", [1e-4, 1e-20, 1e-100])
def test_nearly_a_point_stretches(variance):
    law = BLOCKS.times(Semicircle(variance, 2.0))
    x = np.array([0.9, 1.0, 1.2, 4.0])
    np.testing.assert_allclose(law.cdf(2 * x), BLOCKS.cdf(x), atol=5 * np.sqrt(variance) + 1e-12)


def test_points_and_orders():
    law = BLOCKS.times(MP(0.5))
    assert law.times(PointMass(1.0)) == PointMass(1.0).times(law) == law
    assert PointMass(2.0).times(PointMass(3.0)) == PointMass(6.0)
    assert Semicircle(1.0, 3.0).times(PointMass(2.0)) == Semicircle(4.0, 6.0)
    assert MP(0.5).times(BLOCKS) == law and BLOCKS.times(2 * MP(0.5)) == 2 * law
    assert FreelyDivisible(0.0, 0.0, [0.5], [2.0]).times(BLOCKS) == law
    assert len({law, BLOCKS.times(MP(0.5))}) == 1 and repr(law).startswith("FreeProduct(BlockGaussian")


def test_nested_products_agree_with_flat_ones():
    nested = FreeProduct(FreeProduct(BLOCKS, WishartProduct((0.5,))), WishartProduct((2.0,)))
    flat = BLOCKS.times(MP(0.5)).times(MP(2.0))
    assert flat == FreeProduct(BLOCKS, WishartProduct((0.5, 2.0)))
    np.testing.assert_allclose(nested.support, flat.support, rtol=1e-10)
    x = np.linspace(0.05, 20, 3)
    np.testing.assert_allclose(nested.density(x), flat.density(x), atol=1e-11)
    np.testing.assert_allclose(nested.cdf(x), flat.cdf(x), atol=1e-11)


layers = st.lists(st.floats(0.02, 50), min_size=1, max_size=3)


@settings(max_examples=4, deadline=None, derandomize=True)
@given(layers, layers)
def test_random_layers(first, second):
    closed = WishartProduct((*first, *second))
    law = FreeProduct(WishartProduct(first), WishartProduct(second))
    low, high = closed.support[0]
    np.testing.assert_allclose(law.support, closed.support, rtol=1e-11, atol=1e-14 * high)
    x = np.geomspace(max(low, 1e-6 * high), high, 12)[1:-1]
    np.testing.assert_allclose(law.cdf(x), closed.cdf(x), atol=1e-11)


@settings(max_examples=2, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_random_points(seed):
    rng = np.random.default_rng(seed)
    a, b = (Points(np.sort(rng.exponential(size=k) ** 3), rng.dirichlet(np.ones(k))) for k in rng.integers(2, 5, 2))
    law = FreeProduct(a, b)
    edges = law.support.ravel()
    assert np.all(np.diff(edges) > 0)
    # in the gaps between bulks all is real, in bulks nothing is; the distribution function does not fall
    x = np.r_[edges[1:-1:2] + edges[2::2], edges[::2] + edges[1::2]] / 2
    gaps = len(edges) // 2 - 1
    off = [not any(abs(place - x[i]) < 1e-12 for place, _ in law.atoms) for i in range(gaps)]
    assert np.all(law.stieltjes(x[:gaps])[off].imag == 0) and np.all(law.density(x[gaps:]) > 0)
    assert np.all(np.diff(law.cdf(np.linspace(0, 1.1 * edges[-1], 15))) > -1e-12)
    first, second = ([law.moment(k) for k in range(3)] for law in (a, b))
    expected = first[2] * second[1] ** 2 + first[1] ** 2 * second[2] - first[1] ** 2 * second[1] ** 2
    assert matrices.moments(law, 2)[1:] == pytest.approx([first[1] * second[1], expected], rel=1e-9)


def test_a_branch_gives_back_its_places():
    for law, branch in itertools.chain.from_iterable(
        ((law, branch) for branch in Factor(law).branches()) for pair in GENERAL.values() for law in pair
    ):
        low, high = (np.clip(end, -20, 20) for end in branch.ends)
        s = np.linspace(low, high, 12)[1:-1]
        u = branch.level(s)
        assert np.all(np.diff(u) * (1 if branch.rises else -1) > 0), law
        np.testing.assert_allclose(branch.place(u), s, atol=1e-8)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: MP(0.5).times(Semicircle()),
            ValueError,
            "other: expected a law on the half line from 0.*begins at -2",
        ),
        (lambda: PercolatedWigner(0.5).times(MP(0.5)), ValueError, "law: expected a law on the half line"),
        (lambda: MP(0.5).times(PointMass(0.0)), ValueError, "one that is all at 0"),
        (lambda: MP(0.5).times(PointMass(-1.0)), ValueError, "begins at -1"),
        (lambda: MP(0.5).times(2.0), TypeError, "other: expected a law"),
        (lambda: FreeProduct(1.0, MP(0.5)), TypeError, "first: expected a law"),
        (lambda: Semicircle(1.0).s_transform(0.1), ValueError, "law: expected a law on the half line"),
        (lambda: MP(0.5).s_transform(-1.0), ValueError, "m: expected numbers above -1 and up to 1.414"),
        (lambda: MP(2.0).s_transform(-0.6), ValueError, "m: expected numbers above -0.5"),
        (lambda: MP(0.5).s_transform([0.1, 7.0]), ValueError, "m: expected numbers above -1 and up to 1.414"),
        (lambda: MP(0.5).s_transform("a"), TypeError, "m: expected numbers"),
        (
            lambda: Points([1e99, 1e100], [0.5, 0.5]).times(Points([1e60], [1.0])),
            ValueError,
            "second: .*try other units",
        ),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
