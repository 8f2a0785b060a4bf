"""Real powers in free multiplication: closed forms, whole powers, the semigroup, moments, atoms and matrices."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.special import binom

from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.free.affine import Affine, PointMass
from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.free.multiplicative.free_product import FreeProduct
from spinglass.spectra.free.multiplicative.power import MultiplicativePower
from spinglass.spectra.laws.products import WishartProduct
from spinglass.spectra.semicircle import Semicircle

sys.path.append(str(Path(__file__).parents[2]))
matrices, laws = import_module("_matrices"), import_module("_laws")
Points, MP = laws.Points, MarchenkoPastur
BLOCKS = BlockGaussian([[0.01, 0.002], [0.002, 0.02]], [0.6, 0.4], [1.0, 4.0])
GENERAL = {
    "blocks": BLOCKS,
    "a semicircle that touches 0": Semicircle(1.0, 2.0),
    "a projection": Points([0.0, 1.0], [0.4, 0.6]),
    "atoms and gaps": Points([0.1, 1.0, 30.0], [0.2, 0.7, 0.1]),
    "an atom at 0 and others": Points([0.0, 1.0, 2.0], [0.1, 0.3, 0.6]),
    "an atom and no gap": Points([1.0, 2.0], [0.75, 0.25]),
}
general = pytest.mark.parametrize("law", GENERAL.values(), ids=GENERAL)


def agree(law, expected, accuracy=1e-12):
    high = expected.support[-1, 1]
    np.testing.assert_allclose(law.support, expected.support, rtol=accuracy, atol=1e-14 * high)
    np.testing.assert_allclose(law.atoms, expected.atoms, rtol=1e-14, atol=1e-15)
    inside = np.concatenate([np.linspace(low, high, 6)[1:-1] for low, high in expected.support])
    x = np.r_[-3 * high, -1e-3 * high, 0.3 * expected.support[0, 0] or -1.0, inside, 1.01 * high, 1e6 * high]
    for z in (x, x + 0.3j * high):
        np.testing.assert_allclose(law.potential(z), expected.potential(z), rtol=accuracy, atol=accuracy)
        np.testing.assert_allclose(law.stieltjes(z), expected.stieltjes(z), rtol=30 * accuracy)
    np.testing.assert_allclose(law.cdf(x), expected.cdf(x), atol=accuracy)


@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("t", [1.4, 3.0])
def test_subordination_agrees_with_products_of_layers(ratio, t):
    closed = MP(ratio, 2.0).multiplicative_power(t)
    assert isinstance(closed, Affine) and isinstance(closed.law, WishartProduct)
    agree(MultiplicativePower(MP(ratio, 2.0), t), closed)


@general
def test_the_second_power_is_the_product_of_two(law):
    agree(law.multiplicative_power(2.0), FreeProduct(law, law))


@pytest.mark.parametrize("law", [Semicircle(0.2, 1.0), GENERAL["an atom and no gap"]], ids=["semicircle", "points"])
def test_powers_are_a_semigroup(law):
    agree(MultiplicativePower(MultiplicativePower(law, 1.5), 1.25), MultiplicativePower(law, 1.875), 1e-11)


@pytest.mark.parametrize("t", [1e-3, 0.5, 2.7])
def test_powers_of_square_layers_have_fuss_catalan_moments(t):
    law, k = MP(1.0).multiplicative_power(t), np.arange(1, 8)
    moments = binom((t + 1) * k, k) / (t * k + 1)
    assert [law.moment(n) for n in k] == pytest.approx(moments, rel=1e-12)
    assert matrices.moments(law, 4)[1:] == pytest.approx(moments[:4], rel=1e-11)
    np.testing.assert_allclose(law.support, [[0, (t + 1) ** (t + 1) / t**t]], rtol=1e-14)
    assert law.cdf(law.support[0, 1]) == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize(
    ("ratios", "exponents"),
    [((0.5, 0.8), (0.3, 1.7)), ((3.0, 3.0, 0.5), (0.5, 0.5, 0.3)), ((2.0, 0.5), (1.7, 0.2)), ((1.0, 0.2), (0.4, 3.5))],
)
def test_layers_with_exponents(ratios, exponents):
    law = WishartProduct(ratios, exponents)
    high = law.support[0, 1]
    z = high * np.geomspace(1e-3, 30, 7)[:, None] * np.exp(1j * np.linspace(0.1, 3.0, 5))
    m = z * law.stieltjes(z) - 1
    assert np.all(m.imag < 0)
    right = (1 + m) * np.prod([(1 + c * m) ** e for c, e in zip(ratios, exponents, strict=True)], axis=0)
    np.testing.assert_allclose(z * m, right, rtol=1e-11)
    # edges from the density, mass and mean from its integral, all cumulants from the series
    inside, outside = np.array([1 + 1e-6, 1 - 1e-6]), np.array([1 - 1e-6, 1 + 1e-6])
    edges = law.support[0][law.support[0] > 0]
    assert np.all(law.density(edges * outside[-len(edges) :]) == 0)
    assert np.all(law.density(edges * inside[-len(edges) :]) > 0)
    assert law.cdf(high) == pytest.approx(1, abs=1e-13)
    assert matrices.moments(law, 5) == pytest.approx([law.moment(k) for k in range(6)], rel=1e-10)
    assert law.s_transform(0.3) == pytest.approx(
        np.prod((1 + 0.3 * np.array(ratios)) ** -np.array(exponents)), rel=1e-12
    )
    # as a factor of other products
    one, other = BLOCKS.times(law), FreeProduct(law, BLOCKS)
    np.testing.assert_allclose(one.support, other.support, rtol=1e-11, atol=1e-14 * high)
    np.testing.assert_allclose(one.cdf([0.5, 1.0, 4.0]), other.cdf([0.5, 1.0, 4.0]), atol=1e-12)


@general
@pytest.mark.parametrize("t", [1.05, 2.7])
def test_mass_moments_atoms_and_s_transform(law, t):
    power = law.multiplicative_power(t)
    nodes = np.linspace(-3.3, 3.3, 133)  # the rule of tanh and sinh
    part = 1 / (1 + np.exp(-np.pi * np.sinh(nodes)))
    slope = np.pi * np.cosh(nodes) * part * (1 - part) * (nodes[1] - nodes[0])
    for low, high in power.support:
        within = sum(weight for place, weight in power.atoms if low <= place <= high)
        below, top = power.cdf([np.nextafter(low, -np.inf), high])
        assert (high - low) * slope @ power.density(low + (high - low) * part) + within == pytest.approx(
            top - below, abs=1e-7
        )
    ends = [*power.support.ravel(), *(place for place, _ in power.atoms)]
    assert power.cdf([min(ends) - 1e-9, max(ends)]) == pytest.approx([0, 1], abs=1e-13)
    # S(m)^t to the second order in m
    first, second = law.mean**t, law.variance / law.mean**2
    assert matrices.moments(power, 2)[1:] == pytest.approx([first, first**2 * (1 + t * second)], rel=1e-11)
    z = max(ends) * np.array([-30.0, -1.0, 1.001, 40.0])
    m = z * power.stieltjes(z).real - 1
    np.testing.assert_allclose(law.s_transform(m) ** t, (1 + m) / (m * z), rtol=1e-11)
    np.testing.assert_allclose(power.s_transform(m), (1 + m) / (m * z), rtol=1e-11)


@pytest.mark.parametrize(("name", "t"), [("blocks", 2), ("blocks", 3), ("an atom at 0 and others", 2)])
def test_products_of_rotated_matrices_follow_the_law(name, t):
    law, n, rng = GENERAL[name], 300, np.random.default_rng(1)
    root = np.diag(np.sqrt(law.quantile((np.arange(n) + 0.5) / n)))
    y = root
    for _ in range(t - 1):
        y = y @ np.linalg.qr(rng.standard_normal((n, n)))[0] @ root
    power = law.multiplicative_power(t)
    values = np.sort(np.linalg.svd(y, compute_uv=False) ** 2)
    places = values * (1 + 1e-9) + 1e-9  # those on atoms too
    assert np.abs(power.cdf(places) - np.searchsorted(values, places, "right") / n).max() < 0.012
    assert np.mean(np.diff(power.sample(20, rng=1).ravel()) != 0) > 0.9


def test_the_simplest_law():
    power = BLOCKS.multiplicative_power(1.5)
    assert power == MultiplicativePower(BLOCKS, 1.5) and repr(power).startswith("MultiplicativePower(BlockGaussian")
    assert power.multiplicative_power(2.0) == MultiplicativePower(BLOCKS, 3.0)
    assert power.multiplicative_power(1 / 1.5) == BLOCKS and BLOCKS.multiplicative_power(1) is BLOCKS
    assert len({power, MultiplicativePower(BLOCKS, 1.5), BLOCKS}) == 2
    assert (4.0 * BLOCKS).multiplicative_power(1.5) == 8.0 * power
    assert PointMass(4.0).multiplicative_power(0.5) == PointMass(2.0)
    assert MP(0.5).multiplicative_power(2) == MP(0.5).times(MP(0.5)) == WishartProduct(0.5, 2.0)
    assert MP(0.5).multiplicative_power(1.5).multiplicative_power(2) == WishartProduct((0.5,) * 3)
    assert MP(0.5).multiplicative_power(0.25).times(
        MP(0.5, 2.0).multiplicative_power(0.75)
    ) == 2**0.75 * WishartProduct(0.5)
    assert WishartProduct((2.0, 2.0)).multiplicative_power(0.5) == WishartProduct(2.0)
    assert repr(WishartProduct(0.5, 1.5)) == "WishartProduct(ratios=(0.5,), exponents=(1.5,))"
    assert BLOCKS.times(MP(0.5)).multiplicative_power(1.5) == power.times(WishartProduct(0.5, 1.5))
    assert WishartProduct(0.5, 0.5).free_power(0.5) == 0.5 * WishartProduct(1.0, 0.5)
    mirror = Affine(BlockGaussian([[0.01]], [1.0], [-1.0]), -1.0)
    assert mirror.multiplicative_power(2.0) == MultiplicativePower(mirror, 2.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: BLOCKS.multiplicative_power(0.5), ValueError, "t: expected at least 1 for BlockGaussian"),
        (
            lambda: BLOCKS.multiplicative_power(2).multiplicative_power(0.2),
            ValueError,
            "t: expected at least 0.5 for Mu",
        ),
        (lambda: MP(2.0).multiplicative_power(0.7), ValueError, "t: expected at least 1 for Wishart"),
        (lambda: WishartProduct((2.0, 2.0)).multiplicative_power(0.4), ValueError, "t: expected at least 0.5 for"),
        (lambda: WishartProduct(1.0, 0.5).free_power(0.5), ValueError, "t: expected at least 1 for Wishart"),
        (
            lambda: WishartProduct(2.0, 0.5),
            ValueError,
            "exponents: expected ones of the largest ratio 2 that add up to",
        ),
        (lambda: WishartProduct(1.0, -0.5), ValueError, "exponents: expected one positive number for each of 1"),
        (
            lambda: WishartProduct((1.0, 2.0), (1.0,) * 3),
            ValueError,
            "exponents: expected one positive number for each",
        ),
        (lambda: WishartProduct(1.0, "a"), TypeError, "exponents: expected numbers"),
        (lambda: Semicircle().multiplicative_power(2.0), ValueError, "law: expected a law on the half line"),
        (lambda: PointMass(0.0).multiplicative_power(2.0), ValueError, "one that is all at 0"),
        (lambda: MP(0.5).multiplicative_power(0.0), ValueError, "t: expected a positive number"),
        (lambda: MP(0.5).multiplicative_power("2"), TypeError, "t: expected"),
        (lambda: MultiplicativePower(BLOCKS, 0.5), ValueError, "exponent: expected a number of at least 1"),
        (lambda: MultiplicativePower(1.0, 2.0), TypeError, "law: expected a law"),
        (lambda: MultiplicativePower(1e100 * BLOCKS, 3.0), ValueError, "exponent: .*try other units"),
        (lambda: BLOCKS.multiplicative_power(2.0).s_transform(-1.0), ValueError, "m: expected numbers above -1"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
