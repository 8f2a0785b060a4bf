"""The GOE kernels against plain numpy twins on the same stream, dense eigenvalues, and exact laws.

Statistics are z-scores with fixed seeds; |z| < 4 is asked of each, p > 1e-3 of each Kolmogorov-Smirnov test.
"""

import numpy as np
import pytest
from numba import njit
from scipy.integrate import quad
from scipy.linalg import eigvalsh_tridiagonal
from scipy.special import eval_hermite, gammaln
from scipy.stats import chi2, kstest

from spinglass.montecarlo.tridiagonal import (
    LARGE,
    POWER,
    absorb_row,
    chi_square,
    chi_square_constants,
    goe_scan,
    goe_scan_many,
    goe_tridiagonal,
)
from spinglass.running.compiled import OPTIONS

LEVEL = 4.0


def scan_many(seed, n, points):
    points = np.array(points, dtype=float, order="C")  # as the package does: compiled for once
    counts, logs = np.full(points.shape, -7), np.full(points.shape, np.nan)
    goe_scan_many(np.random.default_rng(seed), n, points, counts, logs)
    return counts, logs


def z_score(samples, expected):
    return (samples.mean() - expected) / (samples.std(ddof=1) / np.sqrt(len(samples)))


def plain_chi_square(rng, degrees):
    if degrees == 1:
        return rng.standard_normal() ** 2
    if degrees == 2:
        return 2 * rng.standard_exponential()
    shape = degrees / 2
    while True:
        z = rng.standard_normal()
        v = (1 + z / np.sqrt(9 * shape - 3)) ** 3
        if v > 0:
            u = rng.random()
            if np.log(u) < z**2 / 2 + (shape - 1 / 3) * (1 - v + np.log(v)):
                return 2 * (shape - 1 / 3) * v


def plain_goe(rng, n):
    matrix = np.zeros((n, n))
    for i in range(n):
        if i > 0:
            matrix[i, i - 1] = matrix[i - 1, i] = np.sqrt(plain_chi_square(rng, n - i))
        matrix[i, i] = np.sqrt(2) * rng.standard_normal()
    return matrix


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 30, 100])
def test_scan_is_the_plain_twin_on_the_same_stream(n):
    points = np.random.default_rng(n).uniform(-2.2, 2.2, (20, 5)) * np.sqrt(n)
    counts, logs = scan_many(11, n, points)
    rng = np.random.default_rng(11)
    assert counts.shape == logs.shape == (20, 5)
    for x, count, log in zip(points, counts, logs, strict=True):
        distances = np.linalg.eigvalsh(plain_goe(rng, n))[:, None] - x
        np.testing.assert_array_equal(count, (distances < 0).sum(0))
        np.testing.assert_allclose(log, np.log(abs(distances)).sum(0), rtol=0, atol=1e-9)


@pytest.mark.parametrize("n", [500, 2000])
def test_large_sizes_neither_overflow_nor_lose_digits(n):
    points = np.array([-3.0, -2.0, -1.0, 0.0, 0.5, 2.0, 1e3, 1e80]) * np.sqrt(n)
    counts, logs = np.zeros(8, dtype=int), np.zeros(8)
    goe_scan(np.random.default_rng(2), n, points, counts, logs)
    values = eigvalsh_tridiagonal(*goe_tridiagonal(np.random.default_rng(2), n))
    np.testing.assert_array_equal(counts, (values[:, None] < points).sum(0))
    np.testing.assert_allclose(logs, np.log(abs(values[:, None] - points)).sum(0), rtol=1e-13, atol=1e-9)
    assert logs[3] > 0.45 * n * np.log(n) - n  # far beyond the largest float


def test_one_draw_is_the_first_of_many_and_a_point_does_not_feel_the_others():
    points = np.linspace(-9, 9, 7)[None]
    counts, logs = np.zeros(7, dtype=int), np.zeros(7)
    goe_scan(np.random.default_rng(3), 25, points[0], counts, logs)
    np.testing.assert_array_equal(scan_many(3, 25, points), ([counts], [logs]))
    np.testing.assert_array_equal(scan_many(3, 25, points[:, 2:3]), ([counts[2:3]], [logs[2:3]]))


def test_size_zero_and_no_points():
    counts, logs = scan_many(1, 0, [[0.0, 5.0], [1.0, -1.0]])
    assert not counts.any() and not logs.any()
    assert scan_many(1, 5, np.empty((3, 0)))[0].shape == (3, 0)


@njit(**{**OPTIONS, "cache": False})
def sturm(diagonal, squares, points):
    """Feed a given tridiagonal matrix to the recurrence."""
    k = len(points)
    before, minors, powers, counts = np.zeros(k), np.ones(k), np.zeros(k, np.int64), np.zeros(k, np.int64)
    for i in range(len(diagonal)):
        absorb_row(diagonal[i], squares[i], points, before, minors, powers, counts)
    return counts, minors, powers


@pytest.mark.parametrize(
    ("diagonal", "squares", "below", "log"),
    [
        ([0, 0], [0, 1], 1, 0.0),
        ([0, 0, 0, 0], [0, 1, 4, 9], 2, np.log(9)),
        ([1, 1, -3], [0, 1, 2], 1, np.log(2)),  # the second minor vanishes
        ([0, 0, 0], [0, 1, 1], 1, None),  # eigenvalues -sqrt 2, 0, sqrt 2
        ([0], [0], 0, -np.inf),
        ([-1, 1, 0], [0, 2, 0], 1, -np.inf),
        ([0, -2, 3], [0, 0, 0], 1, None),  # a zero eigenvalue that splits off
        ([0, 0, 0, -1], [0, 0, 0, 0], 1, None),
        ([1e-120, -1e-120, 1e-120, -1e-120], [0, 0, 0, 0], 2, 4 * np.log(1e-120)),
        ([-1e80] * 40, [0] + [1.0] * 39, 40, 40 * np.log(1e80)),
    ],
)
def test_vanishing_and_extreme_minors(diagonal, squares, below, log):
    """No logarithm is given where a determinant vanishes by a minor that was replaced: it must be tiny then."""
    counts, minors, powers = sturm(np.array(diagonal, float), np.array(squares, float), np.zeros(1))
    assert counts.tolist() == [below]
    if log == -np.inf:
        assert minors[0] == 0
    else:
        found = np.log(abs(minors[0])) + powers[0] * np.log(LARGE)
        assert found == pytest.approx(log, abs=1e-9) if log is not None else found < -0.6 * POWER


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 11, 1999])
def test_chi_square_law(degrees):
    constants, rng = chi_square_constants(degrees + 1), np.random.default_rng(degrees)
    draws = np.array([chi_square(rng, degrees, constants) for _ in range(20000)])
    assert kstest(draws, chi2(degrees).cdf).pvalue > 1e-3


def goe_density(n, x):
    """Return the exact mean density of eigenvalues of the unscaled GOE, integral n."""

    def phi(j, t):
        return eval_hermite(j, t) * np.exp(-t * t / 2 - (j * np.log(2) + gammaln(j + 1) + np.log(np.pi) / 2) / 2)

    density = sum(phi(j, x) ** 2 for j in range(n))
    signed = quad(lambda t: phi(n, t), -12, x)[0] - quad(lambda t: phi(n, t), x, 12)[0]
    density += np.sqrt(n / 2) * phi(n - 1, x) * signed / 2
    return density + (phi(n - 1, x) / quad(lambda t: phi(n - 1, t), -12, 12)[0] if n % 2 else 0.0)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6])
def test_mean_determinant_and_mean_count_are_exact(n):
    # the unscaled GOE of the formula has off-diagonal variance 1/2
    points = [0.0, 0.7, 2.5]
    counts, logs = scan_many(n, n, np.broadcast_to(np.sqrt(2) * np.array(points), (200_000, 3)))
    for j, x in enumerate(points):
        exact = np.sqrt(2) * np.exp(gammaln((n + 1) / 2) + x * x / 2) * goe_density(n + 1, x)
        assert abs(z_score(np.exp(logs[:, j] - n * np.log(2) / 2), exact)) < LEVEL
        assert abs(z_score(counts[:, j], quad(lambda t: goe_density(n, t), -9, x)[0])) < LEVEL


def test_exact_density_is_right_itself():
    assert goe_density(1, 0.3) == pytest.approx(np.exp(-0.045) / np.sqrt(2 * np.pi))
    assert quad(lambda t: goe_density(4, t), -9, 9)[0] == pytest.approx(4)


def test_semicircle_and_log_potential_with_their_first_corrections():
    n, draws = 400, 3000
    t = np.array([-1.5, 0.0, 0.8])
    counts, logs = scan_many(5, n, np.broadcast_to(np.sqrt(n) * t, (draws, 3)))
    fraction = 0.5 + t * np.sqrt(4 - t * t) / (4 * np.pi) + np.arcsin(t / 2) / np.pi
    below = n * fraction + 0.25 - (np.arcsin(t / 2) + np.pi / 2) / (2 * np.pi)
    mean_log = n * (np.log(n) / 2 + t * t / 4 - 0.5) + np.log(4 - t * t) / 4
    for j in range(3):
        assert abs(z_score(counts[:, j], below[j])) < LEVEL
        assert abs(z_score(logs[:, j], mean_log[j])) < LEVEL
