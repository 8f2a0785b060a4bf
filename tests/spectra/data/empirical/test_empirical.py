"""Laws of eigenvalues: against the limits they were drawn from, their own sums, and what no spectrum is."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import eigh_tridiagonal
from scipy.sparse.linalg import aslinearoperator
from scipy.stats import gaussian_kde

import spinglass as sg
from spinglass.spectra.data.empirical.empirical import Empirical
from spinglass.spectra.data.empirical.smoothing import bulks_of, bumps
from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.law import Law
from spinglass.spectra.levels.unfolding import unfold
from spinglass.spectra.semicircle import Semicircle

GOE = np.linalg.eigvalsh(Semicircle().sample(600, rng=1))
SQUARE = np.linalg.eigvalsh(MarchenkoPastur(1.0).sample(400, rng=2))
HALF = np.linalg.eigvalsh(MarchenkoPastur(2.0).sample(400, rng=3))  # half of them are 0


def distance(law, found, trim=0.0):
    """Return the integral of the absolute difference of two densities, over the support of the first."""
    low, high = law.support[0]
    x = low + (high - low) * (1 - np.cos(np.linspace(0, np.pi, 2001)[1:-1])) / 2
    x = x[x > low + trim]
    return np.trapezoid(np.abs(law.density(x) - found.density(x)), x)


def test_densities_are_those_of_the_limits():
    for law, values, most in ((Semicircle(), GOE, 0.024), (MarchenkoPastur(1.0), SQUARE, 0.025)):
        found, plain = Empirical(values), gaussian_kde(values)
        plain.density = plain.pdf
        assert distance(law, found, 1e-3) < most < 0.8 * distance(law, plain, 1e-3)
        x = np.linspace(*law.support[0], 500)
        assert np.abs(found.cdf(x) - law.cdf(x)).max() < 0.006


def test_edges_stand_a_mean_spacing_beyond_the_last_eigenvalue():
    for smoothing in (2.0, 40.0, 100.0):
        low, high = Empirical(GOE, smoothing).support[0]
        first, last = (GOE[4] - GOE[0]) / 4, (GOE[-1] - GOE[-5]) / 4
        assert GOE[0] - low == pytest.approx(first, rel=0.25)
        assert high - GOE[-1] == pytest.approx(last, rel=0.25)
    rng = np.random.default_rng(7)
    off = []
    for _ in range(60):  # the true edge is 2, on average and within the scatter of the largest eigenvalue
        above = np.sqrt(rng.chisquare(np.arange(299, 0, -1)) / 300)
        values = eigh_tridiagonal(rng.standard_normal(300) * np.sqrt(2 / 300), above, eigvals_only=True)
        off.extend((Empirical(values).support[[0, -1], [0, 1]] * [-1, 1] - 2) * 300 ** (2 / 3))
    assert abs(np.mean(off)) < 0.25 + 3 * np.std(off) / 120**0.5 and np.std(off) < 1.8


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(2, 60), st.floats(0.1, 80.0), st.booleans())
def test_mean_and_variance_are_exact(seed, n, smoothing, weighted):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(n) ** rng.integers(1, 4) * 10.0 ** rng.integers(-3, 4)
    weights = rng.uniform(0.2, 1, n) if weighted else np.ones(n)
    weights /= weights.sum()
    law = Empirical(values, smoothing, weights)
    mean = weights @ values
    size = np.abs(values).max()
    assert law.mean == pytest.approx(mean, abs=1e-13 * size)
    assert law.variance == pytest.approx(weights @ (values - mean) ** 2, rel=1e-10)
    assert Law._cumulants(law, 2) == pytest.approx([law.mean, law.variance], abs=1e-12 * max(size, size**2))
    total = sum(law.cdf(high) - law.cdf(low) for low, high in law.support)
    assert total + sum(w for place, w in law.atoms if not _within(place, law.support)) == pytest.approx(1, abs=1e-12)


def _within(place, intervals):
    return any(low <= place <= high for low, high in intervals)


def test_a_bulk_has_no_holes():
    for values in (GOE, SQUARE, np.random.default_rng(4).uniform(size=300)):
        for smoothing in (0.5, 1.0, 3.0, 20.0):
            centres, radii = bumps(np.sort(values), np.ones(len(values)), smoothing)
            reached = np.maximum.accumulate(centres + radii)
            assert np.all((centres - radii)[1:] < reached[:-1])


def test_what_stands_alone_is_an_atom():
    law = Empirical(np.r_[GOE, -4.0, 3.0, 3.2, 9.0])
    assert [place for place, _ in law.atoms] == [-4.0, 3.0, 3.2, 9.0]
    assert len(law.support) == 1 and law.support[0, 1] < 2.1
    two = Empirical(np.r_[GOE, 30 + 10 * GOE[:100]])
    assert len(two.support) == 2 and not two.atoms
    assert bulks_of(np.array([0.0, 1.0])) == [slice(0, 2)]


def test_eigenvalues_that_coincide_are_one_atom():
    law = Empirical(HALF)
    ((place, weight),) = law.atoms
    assert place == 0 and weight == pytest.approx(0.5)
    assert law.cdf(-1e-9) == 0 and law.cdf(0.0) == pytest.approx(0.5) == law.cdf(0.1)
    assert law.quantile(0.3) == 0
    rough = Empirical(HALF.astype(np.float32) + np.float32(1e-8) * np.arange(400, dtype=np.float32) / 400)
    assert [weight for _, weight in rough.atoms] == pytest.approx([0.5])
    assert Empirical([1.0, 1.0 + 1e-9, 5.0, 7.0], tolerance=1e-8).atoms == ((1.0, 0.5),)


def test_without_smoothing_the_measure_is_that_of_the_eigenvalues():
    law = Empirical([3.0, 1.0, 2.0, 2.0], smoothing=0)
    assert law.atoms == ((1.0, 0.25), (2.0, 0.5), (3.0, 0.25)) and law.support.shape == (0, 2)
    z = np.array([0.3, 5.0, 1 + 2j])
    np.testing.assert_allclose(law.stieltjes(z), np.mean(1 / (z[:, None] - [1, 2, 2, 3]), 1), rtol=1e-14)
    np.testing.assert_allclose(law.potential(z[1:]), np.mean(np.log(z[1:, None] - [1, 2, 2, 3]), 1), rtol=1e-14)
    assert [law.moment(k) for k in range(4)] == pytest.approx([1, 2, 4.5, 11])
    assert Empirical([2.0, 2.0], smoothing=0).cdf([1.0, 2.0]).tolist() == [0, 1]
    np.testing.assert_array_equal(law.quantile([0.2, 0.25, 0.3, 0.75, 0.8]), [1, 1, 2, 2, 3])
    raw, smooth = (sg.spectra.outlier(3.0, Semicircle(0.3), bulk=bulk) for bulk in (GOE, Empirical(GOE, 0)))
    assert smooth == pytest.approx(raw, rel=1e-12)


def test_behind_a_hard_edge_the_density_diverges():
    law, true = Empirical(SQUARE, hard_edge=0.0), MarchenkoPastur(1.0)
    assert law.support[0, 0] == 0 and law.mean == pytest.approx(SQUARE.mean(), abs=1e-13)
    x = np.geomspace(1e-6, 3, 50)
    np.testing.assert_allclose(law.density(x), true.density(x), rtol=0.15)
    assert abs(np.mean(law.density(x[:25]) / true.density(x[:25])) - 1) < 0.05
    z = np.r_[-x, x * (1 + 0.5j)]
    step = 1e-4 * np.abs(z)
    slope = (law.potential(z + step) - law.potential(z - step)) / (2 * step)
    np.testing.assert_allclose(slope, law.stieltjes(z), rtol=1e-6, atol=1e-6)
    assert law.density(0.0) == np.inf and law.density(-0.1) == 0 and law.cdf([-1e-9, 0.0]).tolist() == [0, 0]
    assert distance(true, law, 1e-5) < 0.03
    zeros = Empirical(HALF, hard_edge=0.0)
    assert zeros.atoms[0][0] == 0 and zeros.atoms[0][1] == pytest.approx(0.5) and len(zeros.atoms) == 1
    np.testing.assert_allclose(zeros.support, Empirical(HALF).support, rtol=0.05)
    gap = Empirical([4.0, 5.0, 6.0, 6.5, 7.0], hard_edge=-1000.0)
    assert gap.stieltjes(-1000.0) == pytest.approx(np.mean(1 / (-1000 - np.array([4, 5, 6, 6.5, 7]))), rel=1e-5)


def test_a_sum_with_noise_is_the_law_of_the_noisy_matrix():
    rng = np.random.default_rng(5)
    values = np.r_[rng.uniform(-1, 1, 300), 4.0]
    noisy = np.linalg.eigvalsh(np.diag(values) + Semicircle(0.5).sample(301, rng=6))
    law = Empirical(values) + Semicircle(0.5)
    n = len(values)
    assert np.abs(law.cdf(noisy) - (np.arange(n) + 0.5) / n).max() < 3.5 / n
    assert len(law.support) == 2 and _within(noisy[-1], law.support)
    assert law.variance == pytest.approx(values.var() + 0.5)


def test_outliers_are_drawn_as_dots_under_one_name():
    plt.close("all")
    ax = Empirical(np.r_[GOE, 3.0, 3.2, 9.0]).plot()
    assert ax.get_legend_handles_labels()[1] == ["law", "3 atoms of weight 0.00166"]
    dots = ax.lines[-1]
    assert dots.get_marker() == "o" and dots.get_xdata()[::3].tolist() == [3.0, 3.2, 9.0]
    assert sg.plotting.spectrum(Empirical(GOE), GOE).patches
    plt.close("all")


@pytest.mark.parametrize("variance", [0.5, 1e-3, 1e-5])
def test_eigenvalues_that_are_not_smoothed_take_noise(variance):
    values = GOE[::30]
    law = Empirical(values, smoothing=0) + Semicircle(variance)
    u = np.sort(
        np.r_[np.linspace(-4, 4, 40_000), np.add.outer(values, variance**0.5 * np.linspace(-1, 1, 4000)).ravel()]
    )
    apart = u[:, None] - values
    inside = variance * np.mean(1 / apart**2, 1) >= 1  # Biane (1997): where the density is, seen from u
    ends = np.flatnonzero(np.diff(inside))
    expected = (u + variance * np.mean(1 / apart, 1))[ends + ~inside[ends]].reshape(-1, 2)
    np.testing.assert_allclose(law.support, expected, atol=2e-4 * variance**0.5)


def test_eigenvalues_are_noise_and_bulk_of_outliers():
    rng = np.random.default_rng(8)
    direction = rng.standard_normal(600) / 600**0.5
    spiked = np.linalg.eigvalsh(np.diag(GOE) + 3.0 * np.outer(direction, direction))  # in general position
    size = 3.0 * direction @ direction
    place = sg.spectra.outlier(size, Empirical(GOE))
    assert place == pytest.approx(size + 1 / size, abs=5e-3)
    assert spiked[-1] == pytest.approx(place, abs=4 * (2 / 600) ** 0.5)
    assert sg.spectra.outlier_overlap(3.0, Empirical(GOE)) == pytest.approx(1 - 1 / 9, abs=0.01)
    assert sg.spectra.outlier(0.5, Empirical(GOE)) == pytest.approx(Empirical(GOE).support[0, 1], abs=0.01)
    smooth, sharp = (sg.spectra.outlier(2.5, Semicircle(0.3), bulk=bulk) for bulk in (Empirical(GOE), GOE))
    assert smooth == pytest.approx(sharp, abs=1e-4)


def test_weights_count_as_eigenvalues_do():
    values = GOE[::10]
    thrice, weighted = Empirical(np.repeat(values, 3), smoothing=0), Empirical(values, 0, np.full(60, 5.0))
    np.testing.assert_allclose(thrice.atoms, weighted.atoms)
    nodes, weights = np.polynomial.legendre.leggauss(60)  # the uniform law on [-1, 1]
    law = Empirical(nodes, weights=weights)
    np.testing.assert_allclose(law.density(np.linspace(-0.8, 0.8, 50)), 0.5, rtol=0.02)
    assert law.variance == pytest.approx(1 / 3, rel=1e-12)
    assert np.abs(law.support - [-1, 1]).max() < 0.01
    assert Empirical(SimpleNamespace(nodes=nodes, weights=weights)) == law
    np.testing.assert_array_equal(Empirical(GOE).weights, 1 / 600)


def test_laws_of_the_same_eigenvalues_are_equal():
    law = Empirical(GOE)
    assert law == Empirical(GOE[::-1]) and hash(law) == hash(Empirical(GOE[::-1]))
    assert law != Empirical(GOE, 3.0) and law != Empirical(GOE[1:]) and law != Semicircle()
    assert repr(law).startswith("Empirical(600 eigenvalues from -1.9")


def test_a_spectrum_does_not_unfold_itself():
    with pytest.raises(ValueError, match="the spectrum itself among them"):
        unfold(GOE, Empirical(GOE))
    other = np.linalg.eigvalsh(Semicircle().sample(600, rng=2))
    assert np.diff(unfold(GOE, Empirical(other)))[50:-50].mean() == pytest.approx(1, abs=0.01)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(0.1, 10), st.floats(-5, 5))
def test_laws_follow_scale_and_origin(values, factor, shift):
    values = np.round(np.array(values), 3)
    assume(np.ptp(values) > 0)
    first, second = Empirical(values), Empirical(factor * values + shift * np.ptp(values))
    x = np.linspace(values.min() - 1, values.max() + 1, 20)
    x = x[np.abs(x[:, None] - values).min(1) > 1e-6]
    assume(len(first.atoms) == len(second.atoms))
    np.testing.assert_allclose(second.cdf(factor * x + shift * np.ptp(values)), first.cdf(x), atol=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Empirical(np.eye(3)), ValueError, r"got shape \(3, 3\); try np.linalg.eigvalsh\(matrix\)"),
        (
            lambda: Empirical(aslinearoperator(np.eye(3))),
            TypeError,
            r"got an operator; try sg.spectra.lanczos\(operator",
        ),
        (lambda: Empirical([]), ValueError, "eigenvalues: expected a non-empty array"),
        (lambda: Empirical([1.0, np.nan]), ValueError, "eigenvalues: expected finite numbers, got nan"),
        (lambda: Empirical([1.0, 2j]), TypeError, "eigenvalues: expected real numbers, got complex"),
        (lambda: Empirical([1.0]), ValueError, "at least two that differ, got 1 at 1; try smoothing=0"),
        (lambda: Empirical([2.0] * 9), ValueError, "at least two that differ, got 9 at 2; try smoothing=0"),
        (lambda: Empirical(GOE, smoothing=-1.0), ValueError, "smoothing: expected a number of spacings"),
        (lambda: Empirical(GOE, tolerance=-1.0), ValueError, "tolerance: expected a number that is not negative"),
        (
            lambda: Empirical(GOE, weights=[1.0]),
            ValueError,
            r"weights: expected one for each of 600 .* got shape \(1,\)",
        ),
        (lambda: Empirical([1.0, 2.0], weights=[1.0, 0.0]), ValueError, "weights: expected positive numbers, got 0"),
        (lambda: Empirical(GOE, hard_edge=0.0), ValueError, r"hard_edge: expected a place .* got 0 above -1.9"),
    ],
)
def test_what_is_no_spectrum(call, error, message):
    with pytest.raises(error, match=message):
        call()
