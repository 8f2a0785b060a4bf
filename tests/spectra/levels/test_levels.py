"""Local statistics: GOE, Poisson and picket fences, degenerate spectra, outliers, and what may not be unfolded."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from spinglass.spectra.levels import rigidity as rigidities
from spinglass.spectra.levels.ensembles import MEAN_RATIO, ratio_density, ratio_test, spacing_test, wigner_surmise
from spinglass.spectra.levels.rigidity import number_variance, rigidity
from spinglass.spectra.levels.spacings import distinct, spacing_ratios, spacings
from spinglass.spectra.levels.unfolding import unfold
from spinglass.spectra.semicircle import Semicircle

LENGTHS = np.array([3.0, 6.0, 12.0])


@pytest.fixture(scope="module")
def spectra():
    return [np.linalg.eigvalsh(Semicircle().sample(300, rng=seed)) for seed in range(16)]


@pytest.fixture(scope="module")
def independent():
    rng = np.random.default_rng(1)
    return [np.sort(rng.uniform(0, 1500, 1500)) for _ in range(16)]


def test_densities_are_normalised_and_have_their_means():
    assert quad(wigner_surmise, 0, np.inf)[0] == pytest.approx(1)
    assert quad(lambda s: s * wigner_surmise(s), 0, np.inf)[0] == pytest.approx(1)
    for ensemble, mean in (("goe", 4 - 2 * np.sqrt(3)), ("poisson", 2 * np.log(2) - 1)):
        assert quad(ratio_density, 0, 1, args=(ensemble,))[0] == pytest.approx(1)
        assert quad(lambda r, e=ensemble: r * ratio_density(r, e), 0, 1)[0] == pytest.approx(mean)
    np.testing.assert_array_equal(ratio_density([-0.1, 1.1]), 0)
    assert wigner_surmise(-1.0) == 0


def test_ratios_tell_goe_from_independent_levels(spectra, independent):
    for ensemble, other, draws in (("goe", "poisson", spectra), ("poisson", "goe", independent)):
        ratios = np.concatenate([spacing_ratios(one) for one in draws])
        error = ratios.std() / np.sqrt(ratios.size / 2)  # neighbours share a spacing
        assert abs(ratios.mean() - MEAN_RATIO[ensemble]) < 3.5 * error
        assert ratio_test(ratios[::3], other).pvalue < 1e-6
        assert ratio_test(ratios[::3], ensemble).pvalue > 1e-3


def test_ratio_law_is_exact_for_three_levels():
    rng = np.random.default_rng(2)
    noise = rng.standard_normal((5_000, 3, 3))
    levels = np.linalg.eigvalsh(noise + noise.transpose(0, 2, 1))
    assert ratio_test(np.concatenate([spacing_ratios(three) for three in levels])).pvalue > 1e-3


def test_spacings_unfolded_by_the_law_and_by_other_spectra(spectra, independent):
    for reference in (Semicircle(), None):
        found = []
        for i, one in enumerate(spectra):
            others = reference or np.concatenate(spectra[:i] + spectra[i + 1 :])
            found.append(spacings(unfold(one, others)[20:-20]))
        found = np.concatenate(found)
        assert found.mean() == pytest.approx(1, abs=0.01)
        assert spacing_test(found[::3]).pvalue > 1e-3 > spacing_test(found[::3], "poisson").pvalue
    assert spacing_test(np.concatenate([spacings(one) for one in independent]), "poisson").pvalue > 1e-3


def test_long_range_statistics(spectra, independent):
    gamma = np.euler_gamma
    levels = [unfold(one, Semicircle())[30:-30] for one in spectra]
    variance = 2 / np.pi**2 * (np.log(2 * np.pi * LENGTHS) + gamma + 1 - np.pi**2 / 8)
    stiff = (np.log(2 * np.pi * LENGTHS) + gamma - 5 / 4 - np.pi**2 / 8) / np.pi**2
    np.testing.assert_allclose(number_variance(levels, LENGTHS), variance, rtol=0.1)
    assert rigidity(levels, 12.0) == pytest.approx(stiff[-1], rel=0.1)  # the shorter ones are not asymptotic yet
    np.testing.assert_allclose(number_variance(independent, LENGTHS), LENGTHS, rtol=0.1)
    np.testing.assert_allclose(rigidity(independent, LENGTHS), LENGTHS / 15, rtol=0.1)


def test_rigidity_is_an_integral_of_the_number_variance(spectra):
    # Dyson, Mehta: Delta_3 = 2/L^4 int_0^L (L^3 - 2 L^2 r + r^3) Sigma^2(r) dr
    levels, length = [unfold(one, Semicircle())[30:-30] for one in spectra], 3.0
    x, weight = np.polynomial.legendre.leggauss(8)
    r = length * (x + 1) / 2
    kernel = length**3 - 2 * length**2 * r + r**3
    expected = 2 / length**4 * np.sum(weight * length / 2 * kernel * number_variance(levels, r))
    assert rigidity(levels, length) == pytest.approx(expected, rel=0.02)


def test_rigidity_is_the_best_straight_line():
    levels = np.sort(np.random.default_rng(1).uniform(0, 4, 7))
    levels[0], levels[-1] = 0.0, 4.001
    x = (np.arange(200_000) + 0.5) / 200_000 * 4  # the one interval (0, 4] that fits
    stairs = np.searchsorted(levels, x, "right").astype(float)
    rest = stairs - np.polynomial.Polynomial.fit(x, stairs, 1)(x)
    assert rigidity(levels, 4.0) == pytest.approx(np.mean(rest**2), abs=1e-5)


def test_degenerate_eigenvalues_are_left_out():
    values = np.linalg.eigvalsh(Semicircle().sample(60, rng=1))
    rng = np.random.default_rng(1)
    padded = rng.permutation(np.r_[values, 1e-16 * rng.standard_normal(40)])
    np.testing.assert_array_equal(distinct(padded), values)
    np.testing.assert_allclose(spacing_ratios(padded), spacing_ratios(values))
    assert len(spacings(np.r_[1.0, 1.0, 2.0, 4.0])) == 1
    assert distinct([0.0, 1e-3, 1.0, 2.0], tolerance=0.01).tolist() == [1.0, 2.0]


def test_outliers_do_not_disturb_the_bulk(spectra):
    heavy = [np.r_[one, 8.0 + 0.1 * i, 20.0 + 0.3 * i] for i, one in enumerate(spectra)]
    pool = np.concatenate(heavy[1:])
    levels = unfold(heavy[0], pool)
    assert np.all(np.diff(levels) > 0) and np.all(np.isfinite(levels))
    assert spacings(levels[20:-30]).mean() == pytest.approx(1, abs=0.03)
    ratios = np.concatenate([spacing_ratios(one) for one in heavy])
    assert ratios.mean() == pytest.approx(MEAN_RATIO["goe"], abs=0.012)


def test_levels_beyond_the_reference_are_continued():
    pool = np.random.default_rng(1).uniform(-1, 1, 5000)
    levels = unfold([-3.0, 0.0, 3.0], pool, window=1.0)
    np.testing.assert_allclose(levels, [-3.0, 1.5, 6.0], atol=0.1)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=30, unique=True), st.floats(0.1, 10), st.floats(-5, 5))
def test_ratios_do_not_depend_on_scale_and_origin(values, factor, shift):
    values = np.round(np.array(values), 3)
    assume(len(distinct(values)) >= 3 and len(np.unique(values)) == len(values))
    first, second = spacing_ratios(values), spacing_ratios(factor * values + shift, tolerance=1e-9)
    assert len(first) > 0 and np.all((first > 0) & (first <= 1))
    assume(len(first) == len(second))
    np.testing.assert_allclose(second, first, rtol=1e-4)


SPECTRUM = np.linspace(0, 1, 20)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: spacing_ratios([]), ValueError, "eigenvalues: expected a non-empty array"),
        (lambda: spacing_ratios([1.0, 2.0]), ValueError, "at least 3 that do not coincide, got 2"),
        (lambda: spacing_ratios(np.zeros(10)), ValueError, "at least 3 that do not coincide, got 0"),
        (lambda: spacings([1.0]), ValueError, "at least 2 that do not coincide"),
        (lambda: spacing_ratios([1.0, np.nan, 2.0]), ValueError, "eigenvalues: expected finite"),
        (
            lambda: spacing_ratios(np.eye(3)),
            ValueError,
            r"in one dimension, got shape \(3, 3\); try np.linalg.eigvalsh",
        ),
        (lambda: spacing_ratios(["a"]), TypeError, "eigenvalues: expected numbers"),
        (lambda: spacing_ratios([1.0, 2j, 3.0]), TypeError, "real numbers"),
        (lambda: unfold(SPECTRUM, SPECTRUM), ValueError, "the spectrum itself"),
        (lambda: unfold(SPECTRUM, np.r_[SPECTRUM, 3 * SPECTRUM]), ValueError, "the spectrum itself"),
        (lambda: unfold(SPECTRUM, [1.0, 2.0]), ValueError, "reference: expected at least 20"),
        (lambda: unfold(SPECTRUM, np.full(30, 7.0)), ValueError, "eigenvalues that differ"),
        (lambda: unfold(SPECTRUM, SPECTRUM + np.nan), ValueError, "reference: expected finite"),
        (lambda: unfold(SPECTRUM, SPECTRUM + 0.01, window=0), ValueError, "window: expected a positive"),
        (lambda: number_variance(SPECTRUM, 2.0), ValueError, "lengths: expected numbers between 0 and 1"),
        (lambda: ratio_density(0.5, "gue"), ValueError, "ensemble: expected one of goe, poisson"),
        (lambda: spacing_test([]), ValueError, "values: expected a non-empty array"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_rigidity_of_short_intervals_is_that_of_each_level_by_itself():
    levels = np.sort(np.random.default_rng(3).uniform(0, 20_000, 20_000))
    for length in (0.01, 0.3, 3.0, 15.0):
        starts = np.arange(levels[0], levels[-1] - length, 0.25)
        exact = []
        for start in starts[::97]:
            # n counts levels in (start, x]: its distance from straight lines by the moments of both
            x = (levels[(levels > start) & (levels <= start + length)] - start) / length
            heights, ends = np.arange(len(x) + 1), np.r_[0.0, x, 1.0]
            steps, middles = np.diff(ends), (ends[1:] + ends[:-1]) / 2
            mean, slope = heights @ steps, 12 * (heights @ (steps * (middles - 0.5)))
            exact.append(heights**2 @ steps - mean**2 - slope**2 / 12)
        found = rigidities._distances_from_lines(levels - levels.mean(), length)[::97]
        np.testing.assert_allclose(found, exact, atol=1e-9 * (1 + length) ** 2)


@pytest.mark.parametrize("length", [1e-320, 1e-300, 1e-17, 1e-13])
def test_intervals_below_the_rounding_of_the_levels_are_refused(length):
    for statistic in (rigidity, number_variance):
        with pytest.raises(ValueError, match="lengths: expected at least"):
            statistic(np.arange(300.0), length)


def test_levels_of_any_scale_are_answered_or_refused():
    # one interval, from the first level: the staircase rises at its very end
    assert abs(rigidity(np.arange(5.0) * 1e-300, 1e-300)) < 1e-12
    with pytest.raises(ValueError, match="levels: expected unfolded ones"):
        rigidity(np.arange(5.0) * 1e200, 1.5e200)


def test_ensembles_may_be_written_in_capitals():
    ratios = np.linspace(0.05, 0.95, 40)
    assert ratio_density(0.3, "GOE") == ratio_density(0.3, "goe") != ratio_density(0.3, "Poisson")
    assert ratio_test(ratios, "GOE") == ratio_test(ratios) != ratio_test(ratios, "POISSON")
    assert spacing_test(ratios, "Poisson") == spacing_test(ratios, "poisson") != spacing_test(ratios)
