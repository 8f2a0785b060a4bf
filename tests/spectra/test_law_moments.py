"""Moments, free cumulants and R-transforms: against integrals, sampled matrices, closed forms and each other."""

import math
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg
from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.free import cumulants
from spinglass.spectra.free.affine import PointMass
from spinglass.spectra.free.freely_divisible import FreelyDivisible, MarchenkoPastur
from spinglass.spectra.free.inverse import hull
from spinglass.spectra.law import Law
from spinglass.spectra.laws.percolated import PercolatedWigner, PercolatedWishart
from spinglass.spectra.laws.products import WignerProduct, WishartProduct
from spinglass.spectra.semicircle import Semicircle

sys.path.append(str(Path(__file__).parent))
laws = import_module("_laws")
Halves, random_law = laws.Halves, laws.random_law
integral, width = laws.integral, laws.width
any_law = pytest.mark.parametrize("law", laws.LAWS, ids=[f"{type(x).__name__}{i}" for i, x in enumerate(laws.LAWS)])


@any_law
def test_moments_are_those_of_the_density_and_the_atoms(law):
    size = max(abs(x) for x in hull(law))
    *expected, variance = integral(
        law, lambda x: np.stack([*((x / size) ** k for k in range(9)), ((x - law.mean) / size) ** 2])
    )
    np.testing.assert_allclose([law.moment(k) / size**k for k in range(9)], expected, atol=1e-10)
    assert law.mean == pytest.approx(law.moment(1), abs=1e-12 * size)
    assert law.variance == pytest.approx(variance * size**2, rel=1e-9)


@any_law
def test_known_cumulants_are_the_residues_of_g(law):
    scale = width(law) ** np.arange(1, 9)
    np.testing.assert_allclose(law._cumulants(8) / scale, Law._cumulants(law, 8) / scale, rtol=1e-12, atol=1e-12)
    assert (law.mean, law.variance) == (law.free_cumulant(1), law.free_cumulant(2))


@any_law
def test_the_r_transform_inverts_g_and_has_the_free_cumulants(law):
    ends = [law.stieltjes(x).real for x in hull(law)]
    g = np.array([0.9 * end if abs(end) < 1e6 else np.sign(end) / width(law) for end in ends for _ in range(2)])
    g[::2] *= 0.3
    x = law.r_transform(g) + 1 / g
    np.testing.assert_allclose(law.stieltjes(x).real, g, rtol=1e-9)
    np.testing.assert_allclose(law.r_transform(g), Law.r_transform(law, g), atol=1e-11 * width(law))
    small = 1e-3 / width(law) * np.array([-1.0, 0.5])
    series = sum(law.free_cumulant(k) * small ** (k - 1) for k in range(1, 8))
    np.testing.assert_allclose(law.r_transform(small), series, atol=1e-12 * width(law))
    places = np.r_[g, small]
    h = 1e-4 * np.abs(places)
    slopes = (law.r_transform(places + h) - law.r_transform(places - h)) / (2 * h)
    for place, slope in zip(places, slopes, strict=True):
        assert law._r_slope(place) == pytest.approx(slope, rel=1e-5, abs=1e-5 * width(law) ** 2)
        assert law._r_slope(place) == pytest.approx(Law._r_slope(law, place), rel=1e-8, abs=1e-8 * width(law) ** 2)


BLOCKS = BlockGaussian([[0.0, 1.0], [1.0, 0.5]], [0.75, 0.25], [0.0, 1.0])
SAMPLED = [
    Semicircle(0.3, -0.5),
    MarchenkoPastur(0.5, 2.0),
    FreelyDivisible(0.1, 0.5, [-1.0, 0.5], [0.5, 2.0]),
    BLOCKS,
    -0.5 * BLOCKS + 1.0,
    BLOCKS + MarchenkoPastur(0.5),
    WishartProduct((0.5, 2.0)),
    WignerProduct(0.5),
    PercolatedWigner(0.25, 2.0),
    PercolatedWishart(0.5, 0.5),
    sg.spectra.SparseWigner(3.0),
    sg.spectra.SparseWishart(3.0, 0.5),
]


@pytest.mark.parametrize("law", SAMPLED, ids=lambda law: type(law).__name__)
def test_moments_are_those_of_sampled_matrices(law):
    rng = np.random.default_rng(1)

    def traces(n, draws=20):
        spectra = (np.linalg.eigvalsh(law.sample(n, rng)) for _ in range(draws))
        found = np.array([[np.mean(x**k) for k in range(1, 5)] for x in spectra])
        return found.mean(0), found.std(0, ddof=1) / draws**0.5

    (small, small_error), (large, large_error) = traces(80), traces(160)
    # moments at size n differ from their limits by multiples of 1/n: these cancel
    error = np.hypot(small_error, 2 * large_error)
    expected = np.array([law.moment(k) for k in range(1, 5)])
    assert np.all(np.abs(2 * large - small - expected) < 4 * error + 1e-12)


@settings(max_examples=4, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_free_cumulants_add(seed):
    rng = np.random.default_rng(seed)
    kinds = [random_law(seed, 2), Halves(), WishartProduct((0.5, rng.uniform(0.2, 3))), MarchenkoPastur(0.7)]
    first, second = (kinds[i] for i in rng.choice(len(kinds), 2, replace=False))
    total = first - 0.5 * second
    expected = [first.free_cumulant(k) + (-0.5) ** k * second.free_cumulant(k) for k in range(1, 8)]
    np.testing.assert_allclose([total.free_cumulant(k) for k in range(1, 8)], expected, rtol=1e-12, atol=1e-12)
    scale = width(total) ** np.arange(1, 8)
    np.testing.assert_allclose(Law._cumulants(total, 7) / scale, expected / scale, atol=1e-12)


def test_moments_with_names():
    catalan = [1, 0, 1, 0, 2, 0, 5, 0, 14, 0, 42]
    assert [Semicircle().moment(k) for k in range(11)] == pytest.approx(catalan, rel=1e-14)
    for k in range(1, 8):
        narayana = sum(math.comb(k, r) * math.comb(k, r - 1) / k * 0.3 ** (r - 1) for r in range(1, k + 1))
        assert MarchenkoPastur(0.3, 2.0).moment(k) == pytest.approx(2**k * narayana, rel=1e-14)
        assert WishartProduct(0.3).moment(k) == pytest.approx(narayana, rel=1e-14)
        fuss = math.comb(4 * k, k) / (3 * k + 1)
        assert WishartProduct((1.0, 1.0, 1.0)).moment(k) == pytest.approx(fuss, rel=1e-13)
    assert sg.spectra.FreeCompoundPoisson(0.5, [-1.0, 2.0], [0.5, 0.5]).free_cumulant(3) == 0.5 * 0.5 * (8 - 1)
    assert PointMass(-2.0).moment(3) == -8 and PointMass(-2.0).variance == 0
    assert sg.spectra.SparseWigner(2.0).moment(6) == pytest.approx(5 + 18 / 2 + 15 / 4, rel=1e-14)
    exact = sg.spectra.SparseWishart(1e9, 0.3)  # nearly full
    assert exact.moment(4) == pytest.approx(MarchenkoPastur(0.3).moment(4), rel=1e-7)


def test_orders_of_moments():
    law = Semicircle(1e200)
    for wrong in (-1, 1.5, "2", None, True):
        with pytest.raises((TypeError, ValueError), match=r"^k: expected an int"):
            law.moment(wrong)
    with pytest.raises(ValueError, match="k: expected an integer from 1 to 1000, got 0"):
        law.free_cumulant(0)
    assert law.moment(0) == 1
    with pytest.raises(ValueError, match="k: expected an order whose moment a float can hold, got 4"):
        law.moment(4)
    for deep in (Halves(), sg.spectra.SparseWishart(2.0, 0.5)):
        with pytest.raises(ValueError, match="k: expected at most 50, got 51; try a lower order"):
            deep.moment(51)
    assert Semicircle(0.25).moment(300) == pytest.approx(math.comb(300, 150) / 151 / 4**150, rel=1e-12)


@pytest.mark.parametrize(
    "law", [WishartProduct((0.5, 0.8)), WignerProduct(0.6), Semicircle(), PercolatedWigner(0.3)], ids=str
)
def test_high_moments_by_residues(law):
    size = max(abs(x) for x in hull(law))
    for k, accuracy in ((12, 1e-13), (50, 1e-9)):
        by_residues = cumulants.moments_of(Law._cumulants(law, k))[-1]
        assert by_residues / size**k == pytest.approx(law.moment(k) / size**k, abs=accuracy)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_variances_of_random_sums_multiples_and_shifts(seed):
    rng = np.random.default_rng(seed)
    kinds = [
        random_law(seed, 2),
        MarchenkoPastur(rng.uniform(0.2, 3), rng.uniform(0.2, 3)),
        PercolatedWigner(rng.uniform(0.1, 1), rng.uniform(0.2, 3)),
        PercolatedWishart(rng.uniform(0.1, 1), rng.uniform(0.2, 3)),
        WignerProduct(rng.uniform(0.2, 3)),
        Semicircle(rng.uniform(0.2, 3), rng.normal()),
        PointMass(rng.normal()),
    ]
    first, second = (kinds[i] for i in rng.choice(len(kinds), 2, replace=False))
    factor, shift = rng.uniform(-2, 2), rng.normal()
    total = factor * first + second + shift
    if len(total.support):
        assert total.mean == pytest.approx(factor * first.mean + second.mean + shift, abs=1e-12)
        assert total.variance == pytest.approx(factor**2 * first.variance + second.variance, rel=1e-12)
        assert Law._cumulants(total, 2) == pytest.approx((total.mean, total.variance), rel=1e-8, abs=1e-8)
