"""Spectra unfolded by themselves: what is kept over short distances, what is lost over long ones, what is refused."""

import numpy as np
import pytest
from scipy.linalg import eigh_tridiagonal

from spinglass.plotting import spacings as plot_spacings
from spinglass.spectra.data.empirical.own_unfolding import kernel_unfolding, polynomial_unfolding
from spinglass.spectra.levels.rigidity import number_variance
from spinglass.spectra.levels.spacings import spacing_ratios
from spinglass.spectra.levels.unfolding import unfold
from spinglass.spectra.semicircle import Semicircle

SIZE = 500


def goe(seed):
    """Return eigenvalues of a GOE matrix, by its tridiagonal form (Dumitriu, Edelman 2002)."""
    rng = np.random.default_rng(seed)
    above = np.sqrt(rng.chisquare(np.arange(SIZE - 1, 0, -1)) / SIZE)
    return eigh_tridiagonal(rng.standard_normal(SIZE) * np.sqrt(2 / SIZE), above, eigvals_only=True)


@pytest.fixture(scope="module")
def spectra():
    return [goe(seed) for seed in range(40)]


def middles(levels):
    """Return the middle 80 % of levels."""
    return [one[SIZE // 10 : -SIZE // 10] for one in levels]


def compared(spectra, own, lengths):
    """Return number variances by the spectrum's own unfolding over those by the law, and the standard errors."""
    ratios = []
    for part in range(4):
        some = spectra[part::4]
        true = number_variance(middles(unfold(one, Semicircle()) for one in some), lengths)
        ratios.append(number_variance(middles(own(one) for one in some), lengths) / true)
    return np.mean(ratios, 0), np.std(ratios, 0, ddof=1) / 2


def test_over_a_quarter_of_the_bandwidth_little_is_lost_and_beyond_it_all(spectra):
    for bandwidth in (10.0, 20.0):
        ratio, error = compared(
            spectra, lambda one, b=bandwidth: kernel_unfolding(one, b), np.r_[0.25, 1, 2] * bandwidth
        )
        assert abs(ratio[0] - 1) < 0.03 + 3 * error[0]
        assert 0.55 < ratio[1] < 0.75 and ratio[2] < 0.75 * ratio[0]
    ratio, error = compared(spectra, kernel_unfolding, np.array([1.0, 5.0, 20.0]))
    assert np.all(np.abs(ratio - 1) < 0.03 + 3 * error)


def test_a_polynomial_loses_what_is_longer_than_its_swings(spectra):
    ratio, error = compared(spectra, polynomial_unfolding, SIZE / 5 / np.array([16.0, 4.0, 1.0]))
    assert np.all(np.abs(ratio[:2] - 1) < np.array([0.01, 0.03]) + 3 * error[:2])
    assert ratio[2] < 0.85


def test_spacings_and_ratios_are_kept(spectra):
    for own in (kernel_unfolding, polynomial_unfolding):
        levels = middles(own(one) for one in spectra)
        steps = np.concatenate([np.diff(one) for one in levels])
        by_law = np.concatenate([np.diff(one) for one in middles(unfold(one, Semicircle()) for one in spectra)])
        assert steps.mean() == pytest.approx(1, abs=1e-3)
        assert steps.var() == pytest.approx(by_law.var(), abs=2e-3)
        ratios = [spacing_ratios(one).mean() for one in levels]
        assert np.mean(ratios) == pytest.approx(
            np.mean([spacing_ratios(one).mean() for one in middles(spectra)]), abs=1e-3
        )


def test_levels_ascend_whatever_the_order_and_scale(spectra):
    values = spectra[0]
    for own in (kernel_unfolding, polynomial_unfolding):
        levels = own(values)
        assert np.all(np.diff(levels) > 0) and -2 < levels[0] < levels[-1] < SIZE + 2
        np.testing.assert_allclose(own(-3.0 * values[::-1] + 7.0), SIZE - levels[::-1], atol=1e-9 * SIZE)
    exact = np.arange(50.0) + 0.5
    np.testing.assert_allclose(polynomial_unfolding(2 * exact - 9, 3), exact, atol=1e-11)
    np.testing.assert_allclose(kernel_unfolding(2 * exact - 9)[5:-5], exact[5:-5], atol=0.05)


def test_what_coincides_or_stands_alone_is_at_the_middle_of_its_step(spectra):
    values = np.r_[np.random.default_rng(1).uniform(-1e-16, 1e-16, 20), 1.0, 5 + spectra[0]]
    levels = kernel_unfolding(values)
    np.testing.assert_allclose(levels[:20], 10.0, rtol=1e-14)
    assert levels[20] == pytest.approx(20.5)


def test_spacings_are_drawn_by_either(spectra):
    for reference in ("kernel", "polynomial"):
        ax = plot_spacings(spectra[:5], reference=reference)
        assert f"{5 * (SIZE - 1):,} spacings" in ax.get_legend_handles_labels()[1]
        ax.figure.clear()
    with pytest.raises(ValueError, match="reference: expected one of kernel, polynomial, got 'gauss'"):
        plot_spacings(spectra[:5], reference="gauss")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: polynomial_unfolding(np.arange(6.0)), ValueError, "at least 7 that differ for degree 5; try a lower"),
        (lambda: polynomial_unfolding(np.ones(9)), ValueError, "got 1"),
        (lambda: polynomial_unfolding(np.arange(9.0), 0), ValueError, "degree: expected an integer from 1 to 60"),
        (lambda: polynomial_unfolding(np.arange(9.0), 2.5), TypeError, "degree: expected an integer"),
        (
            lambda: polynomial_unfolding(np.arange(-20.0, 20) ** 7),
            ValueError,
            "rises from level to level, got one of",
        ),
        (lambda: polynomial_unfolding(np.eye(9)), ValueError, "try np.linalg.eigvalsh"),
        (lambda: kernel_unfolding(np.eye(9)), ValueError, "try np.linalg.eigvalsh"),
        (lambda: kernel_unfolding(np.ones(9)), ValueError, "eigenvalues: expected at least 2 that differ, got 1"),
        (lambda: kernel_unfolding(np.arange(9.0), 0.0), ValueError, "bandwidth: expected a positive number"),
        (lambda: kernel_unfolding([0.0, np.nan]), ValueError, "expected finite numbers, got nan"),
        (lambda: kernel_unfolding([0.0, 1j]), TypeError, "expected real numbers"),
    ],
)
def test_what_cannot_be_unfolded(call, error, message):
    with pytest.raises(error, match=message):
        call()
