"""The power of the index: planted exponents are recovered, and what cannot be fitted is refused."""

import numpy as np
import pytest

from spinglass import networks


def planted(exponent, seed, points=300, noise=0.01):
    """Return energies above 0.2 and indices out of 128 with a power between them; the energy scatters."""
    rng = np.random.default_rng(seed)
    index = rng.integers(0, 20, points) / 128
    return 0.2 + 0.5 * index ** (1 / exponent) + noise * rng.standard_normal(points), index


@pytest.mark.parametrize("exponent", [1.0, 1.5, 2.5])
def test_intervals_hold_planted_exponents(exponent):
    held = []
    for seed in range(10):
        found = networks.fit_index_power(*planted(exponent, seed), resamples=60, rng=seed)
        low, high = found.interval()
        held.append(low <= exponent <= high)
        assert found.critical == pytest.approx(0.2, abs=0.02)
    assert sum(held) >= 7  # of intervals of 95%: less than one set of seeds in five hundred


def test_without_noise_the_exponent_is_exact():
    found = networks.fit_index_power(*planted(1.7, 1, noise=0.0), resamples=2)
    assert found.exponent == pytest.approx(1.7, abs=1e-4) and found.critical == pytest.approx(0.2, abs=1e-5)
    fixed, error, slope = networks.fit_critical_energy(*planted(1.5, 1, noise=0.0))
    assert (fixed, slope) == pytest.approx((0.2, 0.5)) and error < 1e-10


def test_fit_depends_on_the_points_and_the_seed_only():
    energy, index = planted(1.5, 3)
    one, same = (networks.fit_index_power(energy, index, resamples=10, rng=5) for _ in range(2))
    assert np.array_equal(one.exponents, same.exponents) and len(one.criticals) == 10
    larger = networks.fit_index_power(np.append(energy, 9.0), np.append(index, 0.5), resamples=10, rng=5)
    assert larger.exponent == one.exponent  # points of large index are left out


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ([0.0, 0.1, 0.1], "expected at least 4 points of index 0.15 or less, got 3"),
        ([0.0, 0.1, 0.1, 0.0, 0.5], "expected points of 3 different indices, got only 0, 0.1"),
    ],
)
def test_too_few_indices_are_refused(index, message):
    with pytest.raises(ValueError, match=message):
        networks.fit_index_power(np.arange(len(index)), index)
