"""Spacings in the bulk: published variances, the sine kernel itself, small distances, digits, sampled levels."""

import numpy as np
import pytest
from scipy.linalg import eigvalsh_tridiagonal

import spinglass as sg
from spinglass.spectra.universal.sine_determinant import derivatives, pair

BETAS = (1, 2, 4)
LAWS = {beta: sg.spectra.LevelSpacing(beta) for beta in BETAS}
PLACES = np.array([0.05, 0.4, 1.0, 1.7, 2.4])


def sine_kernel(order, length):
    """Return the matrix of the sine kernel on an interval, by nodes and weights of numpy."""
    x, w = np.polynomial.legendre.leggauss(order)
    x, root = length * x / 2, np.sqrt(length * w / 2)
    return root[:, None] * np.sinc(x[:, None] - x) * root


@pytest.mark.parametrize(("beta", "variance"), [(1, 0.28553), (2, 0.17999), (4, 0.10410)])
def test_variances_are_the_published_ones(beta, variance):
    assert LAWS[beta].variance == pytest.approx(variance, abs=6e-6)


def test_gaps_of_hermitian_matrices_are_the_determinant_of_the_sine_kernel():
    found = [np.linalg.det(np.eye(50) - sine_kernel(50, s)) for s in PLACES]
    np.testing.assert_allclose(LAWS[2].gap_probability(PLACES), found, atol=1e-13)


def test_gaps_of_the_others_are_products_over_every_other_eigenvalue():
    for s in PLACES:
        values = np.sort(np.linalg.eigvalsh(sine_kernel(50, s)))[::-1]  # even and odd functions take turns
        even, odd = np.prod(1 - values[::2]), np.prod(1 - values[1::2])
        assert LAWS[1].gap_probability(s) == pytest.approx(even, abs=1e-13)
        assert LAWS[4].gap_probability(s / 2) == pytest.approx((even + odd) / 2, abs=1e-13)


@pytest.mark.parametrize("beta", BETAS)
def test_the_density_has_mass_and_mean_1_and_the_variance(beta):
    x, w = np.polynomial.legendre.leggauss(120)
    s, w = 5 * (x + 1), 5 * w
    density = LAWS[beta].pdf(s)
    assert w @ density == pytest.approx(1, abs=1e-13)
    assert w @ (s * density) == pytest.approx(LAWS[beta].mean, abs=1e-13)
    assert w @ (s * s * density) - 1 == pytest.approx(LAWS[beta].variance, abs=1e-13)


@pytest.mark.parametrize("beta", BETAS)
def test_gap_cdf_and_density_are_derivatives_of_each_other(beta):
    law, h = LAWS[beta], 1e-4
    slope = (law.gap_probability(PLACES + h) - law.gap_probability(PLACES - h)) / (2 * h)
    np.testing.assert_allclose(-slope, law.sf(PLACES), atol=1e-7)
    slope = (law.cdf(PLACES + h) - law.cdf(PLACES - h)) / (2 * h)
    np.testing.assert_allclose(slope, law.pdf(PLACES), atol=1e-7)
    np.testing.assert_allclose(law.cdf(PLACES) + law.sf(PLACES), 1, atol=1e-15)


@pytest.mark.parametrize(("beta", "coefficient"), [(1, np.pi**2 / 6), (2, np.pi**2 / 3), (4, 16 * np.pi**4 / 135)])
def test_levels_repel_with_the_power_beta(beta, coefficient):
    s = np.array([0.02, 0.04])
    ratio = LAWS[beta].pdf(s) / (coefficient * s**beta)
    assert np.all(np.abs(ratio - 1) < 4 * s**2)
    assert (4 * ratio[0] - ratio[1]) / 3 == pytest.approx(1, abs=3e-6)


def test_panels_are_the_determinants():
    s = np.linspace(0, 9.9, 60)
    even, even_1, even_2, odd, odd_1, odd_2 = derivatives(s, 48)
    np.testing.assert_allclose(LAWS[1].gap_probability(s), even, atol=1e-14)
    np.testing.assert_allclose(LAWS[1].sf(s), np.clip(-even_1, 0, 1), atol=1e-14)
    np.testing.assert_allclose(LAWS[1].pdf(s), even_2, atol=1e-14)
    np.testing.assert_allclose(LAWS[2].pdf(s), even_2 * odd + 2 * even_1 * odd_1 + even * odd_2, atol=1e-14)
    np.testing.assert_allclose(LAWS[4].pdf(s / 2), 2 * (even_2 + odd_2), atol=1e-14)


@pytest.mark.parametrize("beta", BETAS)
def test_quantiles_invert_the_distribution_function(beta):
    alpha = np.array([1e-9, 0.01, 0.5, 0.99, 1 - 1e-9])
    np.testing.assert_allclose(LAWS[beta].cdf(LAWS[beta].quantile(alpha)), alpha, rtol=0, atol=1e-14)


@pytest.mark.parametrize("beta", BETAS)
def test_outside_all_is_0_or_1(beta):
    s = np.array([-1e300, -1.0, 30.0, 1e300])
    np.testing.assert_array_equal(LAWS[beta].gap_probability(s), [1, 1, 0, 0])
    np.testing.assert_array_equal(LAWS[beta].cdf(s), [0, 0, 1, 1])
    np.testing.assert_array_equal(LAWS[beta].pdf(s), 0)
    grid = np.linspace(0, 12, 3001)
    assert np.all(LAWS[beta].pdf(grid) >= 0) and np.all(np.diff(LAWS[beta].cdf(grid)) > -1e-14)
    assert isinstance(LAWS[beta].pdf(1.0), float) and LAWS[beta].cdf([[1.0, 2.0]]).shape == (1, 2)


def test_digits():
    ar = sg.mp(30)
    found = LAWS[2].gap_probability(3, arithmetic=ar)
    with ar.precision():
        even, odd = pair(ar.number(3), 40, ar)
        assert abs(found / (even * odd) - 1) < ar.number(10) ** -29
    for beta, s in ((1, 0.5), (2, 1.25), (4, 0.75)):
        digits = LAWS[beta].gap_probability(s, arithmetic=sg.mp(20))
        assert float(digits) == pytest.approx(LAWS[beta].gap_probability(s), abs=1e-14)
    assert LAWS[1].gap_probability(-1, arithmetic=ar) == 1


def spacings_in_the_middle(beta, n, samples, rng):
    """Return unfolded spacings of the middle half of tridiagonal Gaussian matrices (Dumitriu and Edelman)."""
    law, found = sg.spectra.Semicircle(), []
    for _ in range(samples):
        diagonal = rng.standard_normal(n) * np.sqrt(2 / beta)
        beside = np.sqrt(rng.chisquare(beta * (n - 1.0 - np.arange(n - 1))) / beta)
        values = eigvalsh_tridiagonal(diagonal, beside)[n // 4 : -(n // 4)]
        found.append(np.diff(n * law.cdf(values / np.sqrt(n))))
    return np.concatenate(found)


@pytest.mark.parametrize("beta", BETAS)
def test_sampled_levels_of_large_matrices(beta):
    rng, law = np.random.default_rng(10 + beta), LAWS[beta]
    found = spacings_in_the_middle(beta, 400, 60, rng)
    # spacings are negatively correlated, so that independent ones would scatter more
    assert abs(found.mean() - 1) < 0.002
    n = len(found)
    for level in (0.1, 0.5, 0.9, 0.99):
        assert abs((found < law.quantile(level)).mean() - level) < 3.5 * np.sqrt(level * (1 - level) / n)
    fourth = np.mean((found - found.mean()) ** 4)
    assert abs(found.var() - law.variance) < 3.5 * np.sqrt((fourth - found.var() ** 2) / n)


def test_sampled_levels_are_likelier_under_the_exact_law_than_under_the_surmise():
    found = spacings_in_the_middle(1, 200, 1200, np.random.default_rng(5))
    gain = np.log(LAWS[1].pdf(found) / sg.spectra.wigner_surmise(found))
    assert gain.mean() > 3 * gain.std() / np.sqrt(len(found))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: sg.spectra.LevelSpacing(0), ValueError, "beta: expected an integer of at least 1"),
        (lambda: sg.spectra.LevelSpacing(3), ValueError, "beta: expected 1, 2 or 4"),
        (lambda: LAWS[1].pdf(np.inf), ValueError, "s: expected finite numbers"),
        (lambda: LAWS[1].quantile(1.0), ValueError, "alpha: expected numbers from 1e-12 to 1"),
        (lambda: LAWS[2].quantile(1e-100), ValueError, "alpha: expected numbers from 1e-12 to 1"),
        (
            lambda: LAWS[4].gap_probability(7, arithmetic=sg.mp(20)),
            ValueError,
            "s: expected at most 6 for digits, got 7",
        ),
        (lambda: LAWS[4].gap_probability(1, arithmetic=sg.symbols), NotImplementedError, "got sg.symbols; try sg.mp"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
