"""Tracy-Widom: published numbers, other determinants, far tails, digits, and sampled largest eigenvalues."""

import math

import numpy as np
import pytest
from scipy.linalg import eigh_tridiagonal
from scipy.special import airy

import spinglass as sg
from spinglass.spectra.universal.airy_determinant import logarithms, pair
from spinglass.spectra.universal.painleve import LEFT, left_tail

BETAS = (1, 2, 4)
PLACES = np.array([-5.0, -3.3, -2.0, -1.0, 0.0, 1.7, 4.0])
TW = {beta: sg.spectra.TracyWidom(beta) for beta in BETAS}


def by_determinant(kernel, order=80, length=20.0):
    """Return det(1 - K) on the half line, by nodes and weights of numpy."""
    x, w = np.polynomial.legendre.leggauss(order)
    x, root = length * (x + 1) / 2, np.sqrt(length * w / 2)
    return np.linalg.det(np.eye(order) - root[:, None] * kernel(x[:, None], x) * root)


def airy_kernel(x, y):
    a, b = airy(x), airy(y)
    with np.errstate(all="ignore"):
        apart = (a[0] * b[1] - a[1] * b[0]) / (x - y)
    return np.where(x == y, a[1] ** 2 - x * a[0] ** 2, apart)


@pytest.mark.parametrize(
    ("beta", "mean", "variance"),
    [(1, -1.2065335745820, 1.607781034581), (2, -1.771086807411, 0.8131947928329)],
)
def test_mean_and_variance_are_the_published_ones(beta, mean, variance):
    assert TW[beta].mean == pytest.approx(mean, abs=1e-12)
    assert TW[beta].variance == pytest.approx(variance, abs=1e-12)


def test_quantiles_of_real_matrices_are_the_published_ones():
    np.testing.assert_allclose(TW[1].quantile([0.9, 0.95, 0.99]), [0.4501, 0.9793, 2.0234], atol=6e-5)


def test_the_law_of_real_matrices_is_the_determinant_of_ferrari_and_spohn():
    found = [by_determinant(lambda x, y, s=s: airy((x + y) / 2 + s)[0] / 2, 90, 44.0) for s in PLACES]
    np.testing.assert_allclose(TW[1].cdf(PLACES), found, atol=2e-13)


def test_the_law_of_hermitian_matrices_is_the_determinant_of_the_airy_kernel():
    found = [by_determinant(lambda x, y, s=s: airy_kernel(x + s, y + s)) for s in PLACES]
    np.testing.assert_allclose(TW[2].cdf(PLACES), found, atol=2e-13)


def test_the_law_of_self_dual_matrices_is_made_of_the_other_two():
    f1, f2 = TW[1].cdf(PLACES), TW[2].cdf(PLACES)
    np.testing.assert_allclose(TW[4].cdf(PLACES / 2 ** (2 / 3)), (f1 + f2 / f1) / 2, atol=1e-14)


@pytest.fixture(scope="module")
def determinants():
    """Return places and what determinants on 60 nodes are there."""
    s = np.linspace(-2, 12, 90)
    return s, *logarithms(s, 60)


@pytest.mark.parametrize("beta", BETAS)
def test_panels_are_the_determinants(determinants, beta):
    s, a, d, a_slope, d_slope = determinants
    log = {1: a - d, 2: 2 * a, 4: a + np.log(np.cosh(d))}[beta]
    slope = {1: a_slope - d_slope, 2: 2 * a_slope, 4: a_slope + d_slope * np.tanh(d)}[beta]
    stretch = 2 ** (2 / 3) if beta == 4 else 1
    np.testing.assert_allclose(TW[beta].cdf(s / stretch), np.exp(log), rtol=3e-14)
    np.testing.assert_allclose(TW[beta].sf(s / stretch), -np.expm1(log), atol=1e-15, rtol=1e-9 if beta == 4 else 1e-13)
    np.testing.assert_allclose(TW[beta].pdf(s / stretch), stretch * slope * np.exp(log), rtol=1e-9, atol=1e-14)


def test_painleve_goes_on_where_determinants_in_float64_end():
    s = np.array([-2.0, -2.9, -3.7, -4.5])
    for continued, here in zip(left_tail(), logarithms(s, 60), strict=True):
        np.testing.assert_allclose(continued(s), here, atol=3e-12)


def test_the_far_left_tail_is_the_expansion_with_its_constant():
    # log F_2 = -|s|^3/12 - log|s|/8 + log 2/24 + zeta'(-1) + 3/(64 |s|^3) + ..
    slope_of_zeta = (1 - math.log(2 * math.pi) - np.euler_gamma) / 12
    slope_of_zeta += _slope_of_zeta_at_2() / (2 * math.pi**2)
    s = np.array([-13.0, -18.0, -20.0])
    t = -s
    expected = -(t**3) / 12 - np.log(t) / 8 + math.log(2) / 24 + slope_of_zeta + 3 / (64 * t**3)
    np.testing.assert_allclose(np.log(TW[2].cdf(s)), expected, atol=2e-6, rtol=0)
    # the expansion ends at -|s|^-6: what is left falls with that power
    rest = np.abs(np.log(TW[2].cdf(s)) - expected) * t**6
    assert np.ptp(rest) < 0.3 * rest.max()


def _slope_of_zeta_at_2():
    k = np.arange(2, 200_000)
    tail = (np.log(k[-1] + 0.5) + 1) / (k[-1] + 0.5)
    return -(np.sum(np.log(k) / k**2.0) + tail)


@pytest.mark.parametrize("beta", BETAS)
def test_the_density_is_normalised_and_the_slope_of_both_tails(beta):
    law = TW[beta]
    x, w = np.polynomial.legendre.leggauss(200)
    x, w = -10 + 12 * (x + 1), 12 * w
    density = law.pdf(x)
    assert w @ density == pytest.approx(1, abs=1e-12)
    assert w @ (x * density) == pytest.approx(law.mean, abs=1e-12)
    assert w @ ((x - law.mean) ** 2 * density) == pytest.approx(law.variance, abs=1e-12)
    places, h = np.array([-4.0, -2.0, 0.0, 2.0]), 1e-4
    np.testing.assert_allclose(
        (law.cdf(places + h) - law.cdf(places - h)) / (2 * h), law.pdf(places), rtol=1e-6, atol=1e-11
    )


@pytest.mark.parametrize("beta", BETAS)
def test_quantiles_invert_both_tails(beta):
    p = np.array([1e-280, 1e-60, 1e-9, 0.01, 0.3, 0.5, 0.83, 0.99])
    np.testing.assert_allclose(TW[beta].cdf(TW[beta].quantile(p)), p, rtol=3e-12)
    np.testing.assert_allclose(TW[beta].sf(TW[beta].isf(p)), p, rtol=1e-9 if beta == 4 else 3e-12)
    assert TW[beta].quantile(0.25) == pytest.approx(TW[beta].isf(0.75), abs=1e-14)


@pytest.mark.parametrize("beta", BETAS)
def test_beyond_all_floats_tails_are_0_and_1(beta):
    x = np.array([-1e300, LEFT - 1, 200.0, 1e300])
    np.testing.assert_array_equal(TW[beta].cdf(x), [0, 0, 1, 1])
    np.testing.assert_array_equal(TW[beta].sf(x), [1, 1, 0, 0])
    np.testing.assert_array_equal(TW[beta].pdf(x), 0)
    grid = np.linspace(-30, 110, 2001)
    assert np.all(np.diff(TW[beta].cdf(grid)) >= 0) and np.all(np.diff(TW[beta].sf(grid)) <= 0)


def test_shapes():
    assert isinstance(TW[1].cdf(0.5), float) and TW[1].sf([[0.5, 1.0]]).shape == (1, 2)
    assert TW[1].quantile([]).shape == (0,) and isinstance(TW[1].isf(0.5), float)


@pytest.mark.parametrize(("beta", "x"), [(1, -3.5), (2, -1.0), (4, 0.25)])
def test_digits_agree_with_float64_and_with_more_digits(beta, x):
    few = TW[beta].cdf(x, arithmetic=sg.mp(12))
    assert float(few) == pytest.approx(TW[beta].cdf(x), rel=1e-12)


def test_thirty_digits_of_two_numbers_of_nodes():
    ar = sg.mp(30)
    found = TW[2].cdf(1, arithmetic=ar)
    with ar.precision():
        minus, plus = pair(ar.number(1), 62, 40.0, ar)
        assert abs(found / (minus * plus) - 1) < ar.number(10) ** -29
    assert float(found) == pytest.approx(TW[2].cdf(1.0), rel=1e-14)


def test_digits_of_a_quantile():
    ar = sg.mp(14)
    place = TW[2].quantile(0.5, arithmetic=ar)
    assert float(place) == pytest.approx(TW[2].quantile(0.5), abs=1e-14)
    assert float(TW[2].cdf(place, arithmetic=ar)) == pytest.approx(0.5, abs=1e-13)


@pytest.mark.parametrize("beta", BETAS)
def test_sampled_largest_eigenvalues(beta):
    # Dumitriu and Edelman's tridiagonal form of the Gaussian ensemble, of which the largest eigenvalue sees the corner
    n, corner, samples = 400, 120, 2500
    rng = np.random.default_rng(beta)
    shifted = n + 0.5 - 1 / beta
    z = np.empty(samples)
    for i in range(samples):
        diagonal = rng.standard_normal(corner) * np.sqrt(2 / beta)
        beside = np.sqrt(rng.chisquare(beta * (n - 1.0 - np.arange(corner - 1))) / beta)
        top = eigh_tridiagonal(diagonal, beside, True, select="i", select_range=(corner - 1,) * 2)[0]
        z[i] = (top - 2 * np.sqrt(shifted)) * shifted ** (1 / 6)
    law = TW[beta]
    assert abs(z.mean() - law.mean) < 4 * np.sqrt(law.variance / samples)
    for p in (0.1, 0.5, 0.9, 0.99):
        assert abs((z < law.quantile(p)).mean() - p) < 4 * np.sqrt(p * (1 - p) / samples)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: sg.spectra.TracyWidom(3), ValueError, "beta: expected 1, 2 or 4, got 3"),
        (lambda: sg.spectra.TracyWidom("goe"), TypeError, "beta: expected an integer"),
        (lambda: TW[1].cdf(np.nan), ValueError, "x: expected finite numbers, got nan"),
        (lambda: TW[1].sf([1j]), TypeError, "x: expected real numbers"),
        (lambda: TW[1].quantile([0.5, 1.0]), ValueError, "alpha: expected numbers from 1e-280 to 1"),
        (lambda: TW[1].isf(0.0), ValueError, "p: expected numbers from 1e-280 to 1"),
        (lambda: TW[1].cdf(-20, arithmetic=sg.mp(20)), ValueError, "x: expected at least -12 for digits, got -20"),
        (lambda: TW[1].cdf(0, arithmetic=sg.balls(20)), NotImplementedError, r"sg.balls\(20\); try sg.mp"),
        (lambda: TW[1].quantile(0, arithmetic=sg.mp(20)), ValueError, "alpha: expected numbers from"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
