"""Free powers and corners: closed forms, free sums, moments, atoms and corners of matrices."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad_vec

from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.free.affine import PointMass
from spinglass.spectra.free.free_power import FreePower
from spinglass.spectra.free.free_sum import FreeSum
from spinglass.spectra.free.freely_divisible import FreelyDivisible, MarchenkoPastur
from spinglass.spectra.laws.products import WignerProduct, WishartProduct
from spinglass.spectra.semicircle import Semicircle

sys.path.append(str(Path(__file__).parents[1]))
matrices, laws = import_module("_matrices"), import_module("_laws")
BLOCKS = BlockGaussian([[0.01, 0.002], [0.002, 0.02]], [0.6, 0.4], [1.0, 4.0])
PROJECTION = laws.Points([0.0, 1.0], [0.4, 0.6])
CLOSED = [
    (Semicircle(0.5, 1.0), 2.5),
    (MarchenkoPastur(4.0), 1.3),
    (MarchenkoPastur(0.25), 7.0),
    (WishartProduct((0.5, 2.0)), 1.7),
    (WignerProduct(0.4), 1.7),
    (BLOCKS + Semicircle(0.1), 1.4),
]
GENERAL = [
    (laws.Points([0.1, 1.0, 30.0], [0.2, 0.7, 0.1]), 1.05),
    (PROJECTION, 1.5),
    (BLOCKS, 1.2),
    (laws.Halves(), 1.1),
]
closed = pytest.mark.parametrize(("law", "t"), CLOSED, ids=lambda x: f"{x}"[:20])
general = pytest.mark.parametrize(("law", "t"), GENERAL, ids=lambda x: f"{x}"[:20])


def agree(law, expected):
    np.testing.assert_allclose(law.support, expected.support, rtol=1e-11, atol=1e-12 * laws.width(expected))
    assert [w for _, w in law.atoms] == pytest.approx([w for _, w in expected.atoms], abs=1e-14)
    x = laws.around(expected, 21)
    for z in (x, x + 0.1j, x + 1e-7j):
        np.testing.assert_allclose(law.potential(z), expected.potential(z), atol=1e-11)
        np.testing.assert_allclose(law.stieltjes(z), expected.stieltjes(z), rtol=1e-8)
    np.testing.assert_allclose(law.density(x), expected.density(x), atol=1e-11)
    assert [law.free_cumulant(k) for k in range(1, 6)] == pytest.approx(
        [expected.free_cumulant(k) for k in range(1, 6)], rel=1e-9
    )


@closed
def test_subordination_agrees_with_closed_forms(law, t):
    power = law.free_power(t)
    assert not isinstance(power, FreePower)
    agree(FreePower(law, t), power)


def test_the_second_power_is_the_sum():
    for law in (BLOCKS, laws.Halves()):
        agree(law.free_power(2.0), FreeSum(law, law))


@general
def test_mass_moments_and_corners(law, t):
    power = law.free_power(t)
    total = sum(weight for _, weight in power.atoms)
    for low, high in power.support:

        def part(angle, middle=(low + high) / 2, radius=(high - low) / 2):
            return power.density(np.array([middle - radius * np.cos(angle)]))[0] * radius * np.sin(angle)

        total += quad_vec(part, 0, np.pi, epsabs=1e-11, limit=100)[0]
    assert total == pytest.approx(1, abs=1e-9)
    expected = [t * law.mean, t * law.variance + (t * law.mean) ** 2]
    assert matrices.moments(power, 2)[1:] == pytest.approx(expected, rel=1e-11, abs=1e-11)
    corner = law.compression(1 / t)
    values = np.sort(np.linalg.eigvalsh(corner.sample(200, rng=1)))
    places = values + 1e-9 * np.abs(values).max()
    assert np.abs(corner.cdf(places) - np.searchsorted(values, places, "right") / 200).max() < 0.015


def test_corners_of_a_projection():
    # two projections in general position: the law of Jacobi matrices
    p, q = 0.6, 0.4
    corner = PROJECTION.compression(q)
    root = np.sqrt(p * (1 - p) * q * (1 - q))
    middle = p * (1 - q) + q * (1 - p)
    np.testing.assert_allclose(corner.support, [[middle - 2 * root, min(middle + 2 * root, 1.0)]], atol=1e-12)
    x = np.linspace(0.1, 0.9, 9)
    density = np.sqrt((x - middle + 2 * root) * (middle + 2 * root - x)) / (2 * np.pi * q * x * (1 - x))
    np.testing.assert_allclose(corner.density(x), density, rtol=1e-10)
    atoms = PROJECTION.compression(0.8).atoms
    assert [place for place, _ in atoms] == [0.0, 1.0]
    assert [weight for _, weight in atoms] == pytest.approx([(0.4 + 0.8 - 1) / 0.8, (0.6 + 0.8 - 1) / 0.8])


def test_a_corner_is_what_a_free_projection_leaves():
    # the product with a projection has the corner, and zeros for the rest
    law, keep = BLOCKS, 0.6
    corner, product = law.compression(keep), laws.Points([0.0, 1.0], [1 - keep, keep]).times(law)
    np.testing.assert_allclose(product.support, corner.support, rtol=1e-11)
    x = np.linspace(0.8, 4.5, 23)
    np.testing.assert_allclose(product.density(x), keep * corner.density(x), atol=1e-11)
    np.testing.assert_allclose(product.cdf(x), 1 - keep + keep * corner.cdf(x), atol=1e-12)


def test_the_simplest_law():
    assert Semicircle(1.0, 2.0).free_power(0.5) == Semicircle(0.5, 1.0)
    assert PointMass(2.0).free_power(3.0) == PointMass(6.0) and PointMass(2.0).compression(0.5) == PointMass(2.0)
    assert FreelyDivisible(1.0, 0.5, [2.0], [3.0]).free_power(0.5) == FreelyDivisible(0.5, 0.25, [2.0], [1.5])
    assert WishartProduct((0.5, 1.0)).compression(0.5) == WishartProduct((0.25, 0.5))
    assert WignerProduct(0.5).free_power(0.1) == WignerProduct(0.05)
    power = BLOCKS.free_power(1.5)
    assert power == FreePower(BLOCKS, 1.5) and power.free_power(2.0) == FreePower(BLOCKS, 3.0)
    assert power.free_power(1 / 1.5) == BLOCKS and BLOCKS.free_power(1) is BLOCKS.compression(1) is BLOCKS
    assert (2.0 * BLOCKS + 1.0).free_power(1.5) == 2.0 * power + 1.5
    assert len({power, FreePower(BLOCKS, 1.5)}) == 1 and repr(power).startswith("FreePower(BlockGaussian")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: BLOCKS.free_power(0.5), ValueError, "t: expected at least 1 for BlockGaussian"),
        (lambda: BLOCKS.free_power(2.0).free_power(0.2), ValueError, "t: expected at least 0.5 for FreePower"),
        (lambda: FreePower(BLOCKS, 0.5), ValueError, "exponent: expected a number of at least 1"),
        (lambda: FreePower(1.0, 2.0), TypeError, "law: expected a law"),
        (lambda: Semicircle().free_power(0.0), ValueError, "t: expected a positive number"),
        (lambda: Semicircle().free_power("2"), TypeError, "t: expected"),
        (lambda: BLOCKS.compression(1.5), ValueError, "keep: expected a fraction up to 1, got 1.5"),
        (lambda: BLOCKS.compression(0.0), ValueError, "keep: expected a positive number"),
        (lambda: BLOCKS.compression([0.5]), TypeError, "keep: expected one number"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
