"""Edges: their coefficient in closed form, sampled extreme eigenvalues, and laws that end otherwise."""

import numpy as np
import pytest
from scipy.linalg import eigh_tridiagonal

import spinglass as sg
from spinglass.spectra import Affine, MarchenkoPastur, Semicircle, WishartProduct, edge
from spinglass.spectra.universal.edge import Edge, square_root_edge
from spinglass.spectra.universal.edge_shift import moved_edge

TW = sg.spectra.TracyWidom()
HARD = sg.spectra.FreeCompoundPoisson(1.0, [1.0, 2.0], [0.5, 0.5])


@pytest.mark.parametrize("variance", [0.25, 1.0, 9.0])
@pytest.mark.parametrize("side", ["right", "left"])
def test_coefficient_of_the_semicircle(variance, side):
    # rho = sqrt(4 v - x^2)/(2 pi v), so that a^(3/2) = v^(-3/4)
    assert square_root_edge(Semicircle(variance, 0.5), side)[1] == pytest.approx(variance**-0.5, rel=1e-11)


@pytest.mark.parametrize(
    ("ratio", "side", "sign"), [(0.1, "right", 1), (0.1, "left", -1), (0.6, "left", -1), (2.0, "right", 1)]
)
def test_coefficient_of_marchenko_and_pastur(ratio, side, sign):
    # rho = sqrt((x+ - x)(x - x-))/(2 pi ratio x)
    low, high = (1 - ratio**0.5) ** 2, (1 + ratio**0.5) ** 2
    place = high if sign == 1 else low
    expected = (np.sqrt(high - low) / (2 * ratio * place)) ** (2 / 3)
    found = square_root_edge(MarchenkoPastur(ratio), side)
    assert found == pytest.approx((place, expected), rel=1e-10)


@pytest.mark.parametrize(
    "law",
    [
        sg.spectra.FreelyDivisible(0.0, 0.01, [1.0, 12.0], [1.0, 0.25]),
        Semicircle(0.3) + WishartProduct((0.5, 0.8)),
        WishartProduct((0.5,)),
    ],
    ids=["divisible", "sum", "product"],
)
def test_coefficient_from_the_inverse_of_g(law):
    # z = R(g) + 1/g has its least value E there, and z - E = z'' (g - g_E)^2/2: a^(3/2) = sqrt(2/z'')
    place, a = square_root_edge(law, "right")
    g, h = law.stieltjes(place).real, 8e-3  # at an edge g is known to the root of rounding: not too near
    at = g * (1 - h * np.array([1, 2, 3, 4]))
    bends = [(law._r_slope(here) - 1 / here**2) / (here - g) for here in at]
    assert a == pytest.approx((2 / (np.array([4, -6, 4, -1]) @ bends)) ** (1 / 3), rel=1e-5)


def test_centre_and_scale_tend_to_the_edge_and_its_coefficient():
    n = 10**7
    for law in (Semicircle(0.7, 1.0), MarchenkoPastur(0.4, 2.0), MarchenkoPastur(3.0)):
        for side in ("right", "left")[: 1 if law.atoms else 2]:
            place, a = square_root_edge(law, side)
            found = edge(law, n, side)
            assert found.centre == pytest.approx(place, abs=3e-6)
            assert found.scale == pytest.approx(n ** (-2 / 3) / a, rel=1e-5)


@pytest.mark.parametrize(
    "law",
    [
        Semicircle(2.0, 1.0),
        MarchenkoPastur(0.3),
        Semicircle(0.5) + MarchenkoPastur(0.5),
        sg.spectra.FreelyDivisible(0.1, 1.0, [1.0, -1.0], [0.5, 0.2]),
    ],
    ids=repr,
)
@pytest.mark.parametrize("side", ["right", "left"])
def test_edges_in_closed_form_are_those_of_the_density(law, side):
    assert moved_edge(law, 10**14, side) == pytest.approx(square_root_edge(law, side), rel=1e-10)


def test_the_shift_of_the_edge_is_half_a_row_and_half_a_column():
    # 2 sqrt(v (1 - 1/2n)), and (sqrt(M - 1/2) +- sqrt(n - 1/2))^2/M to the order 1/n
    assert moved_edge(Semicircle(4.0), 100, "right")[0] == pytest.approx(4 - 2 / 200, rel=1e-12)
    for ratio in (0.2, 0.7, 3.0):
        for side, sign in (("right", 1), ("left", -1)):
            edge_of_law = (1 + sign * ratio**0.5) ** 2
            expected = edge_of_law - ratio * (2 + sign * (ratio**0.5 + ratio**-0.5)) / 200
            assert moved_edge(MarchenkoPastur(ratio), 100, side)[0] == pytest.approx(expected, rel=1e-10)


def test_sampled_sums_lie_at_the_shifted_edge():
    law, n = Semicircle(0.5) + MarchenkoPastur(0.5), 60
    top = np.array([np.linalg.eigvalsh(law.sample(n, rng=seed))[-1] for seed in range(1000)])
    found, (place, _) = edge(law, n), square_root_edge(law, "right")
    noise = np.sqrt(TW.variance / len(top))
    assert abs((top - found.centre).mean() / found.scale - TW.mean) < 3 * noise
    assert abs((top - place).mean() / found.scale - TW.mean) > 3 * noise  # without the shift


def test_what_laws_become_their_edges_become():
    law = MarchenkoPastur(0.3, 0.5)
    right, left = edge(law, 100), edge(law, 100, "left")
    for other in (-2.0 * law + 1.0, Affine(law, -2.0, 1.0)):
        found = edge(other, 100, "left")
        assert (found.centre, found.scale) == pytest.approx((1 - 2 * right.centre, 2 * right.scale), rel=1e-12)
        found = edge(other, 100, "right")
        assert (found.centre, found.scale) == pytest.approx((1 - 2 * left.centre, 2 * left.scale), rel=1e-12)


@pytest.mark.parametrize("law", [Semicircle(2.0, 1.0), MarchenkoPastur(0.4), 1.0 - MarchenkoPastur(0.4)], ids=repr)
@pytest.mark.parametrize("side", ["right", "left"])
def test_quantiles_and_p_values_belong_together(law, side):
    found, alpha = edge(law, 50, side), np.array([0.001, 0.3, 0.9, 0.999])
    places = found.quantile(alpha)
    assert np.all(np.diff(places) > 0) and places.shape == alpha.shape
    tail = 1 - alpha if side == "right" else alpha
    np.testing.assert_allclose(found.p_value(places), tail, rtol=1e-10)
    assert found.p_value(found.centre) == pytest.approx(TW.sf(0.0), rel=1e-12)
    assert isinstance(found, Edge) and found.n == 50 and found.side == side and found.law == law


def test_no_smallest_eigenvalue_lies_behind_the_wall():
    found = edge(MarchenkoPastur(0.5), 40, "left")
    np.testing.assert_array_equal(found.p_value([-1.0, 0.0]), 0.0)
    assert 0 < found.p_value(1e-3) < 1e-12
    mirrored = edge(-1.0 * MarchenkoPastur(0.5), 40)
    np.testing.assert_allclose(mirrored.p_value([-0.01, 0.0, 1.0]), found.p_value([0.01, 0.0, -1.0]), rtol=1e-12)
    assert edge(MarchenkoPastur(0.5), 40).p_value(-1.0) == 1


def extremes(diagonal, beside, top):
    k = len(diagonal) - 1 if top else 0
    return eigh_tridiagonal(diagonal, beside, True, select="i", select_range=(k, k))[0]


def check(found, sampled):
    """Compare sampled extreme eigenvalues with their law."""
    p = found.p_value(sampled)
    for level in (0.9, 0.5, 0.1, 0.02):
        assert abs((p < level).mean() - level) < 3.5 * np.sqrt(level * (1 - level) / len(p))


@pytest.mark.parametrize("n", [60, 400])
def test_sampled_wigner_matrices(n):
    rng, corner = np.random.default_rng(n), min(n, 120)
    degrees = n - 1.0 - np.arange(corner - 1)
    sampled = [
        extremes(rng.standard_normal(corner) * np.sqrt(2 / n), np.sqrt(rng.chisquare(degrees) / n), True)
        for _ in range(3000)
    ]
    check(edge(Semicircle(), n), np.array(sampled))


@pytest.mark.parametrize(("n", "columns", "side"), [(60, 120, "right"), (60, 90, "left"), (100, 50, "right")])
def test_sampled_wishart_matrices(n, columns, side):
    rng, sampled = np.random.default_rng(n), []
    p, m = min(n, columns), max(n, columns)
    for _ in range(2500):
        a, b = rng.chisquare(m - np.arange(p)), rng.chisquare(p - 1.0 - np.arange(p - 1))
        sampled.append(extremes(a + np.r_[0.0, b], np.sqrt(a[:-1] * b), side == "right") / columns)
    check(edge(MarchenkoPastur(n / columns), n, side), np.array(sampled))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: edge(MarchenkoPastur(1.0), 100, "left"), ValueError, "well above the hard edge of .*, got n = 100"),
        (lambda: square_root_edge(MarchenkoPastur(1.0), "left"), ValueError, "ends as a square root at its left edge"),
        (lambda: edge(HARD, 100, "left"), ValueError, "ends as a square root at its left edge"),
        (lambda: edge(WishartProduct((1.0, 1.0)), 100, "left"), ValueError, "ends as a square root at its left edge"),
        (
            lambda: edge(MarchenkoPastur(2.0), 100, "left"),
            ValueError,
            "got an atom of weight 0.5 at 0; try side='right'",
        ),
        (lambda: edge(sg.spectra.PointMass(1.0), 100), ValueError, "law: expected a law with a density"),
        (lambda: edge(Semicircle(), 1), ValueError, "n: expected an integer from 2 to 9007199254740992, got 1"),
        (lambda: edge(Semicircle(), 10, "top"), ValueError, "side: expected one of right, left"),
        (lambda: edge(np.eye(3), 10), TypeError, "law: expected a spectral law"),
        (lambda: edge(Semicircle(), 10).p_value(np.nan), ValueError, "eigenvalue: expected finite numbers"),
        (lambda: edge(Semicircle(), 10**400), ValueError, "n: expected an integer from 2 to 9007199254740992"),
        (lambda: edge(Semicircle(), 10).quantile(1.0), ValueError, "alpha: expected numbers from"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
