"""Brute force over many draws against exact values, and a table that says when routes disagree."""

import dataclasses

import numpy as np
import pytest

import spinglass as sg
from spinglass.agreement import Row, _row, agreement, table
from spinglass.landscape import critical_points

EXACT = {3: 10.5523597411976, 4: 18.7902338010302, 5: 31.496914209436}  # pure 3: twice the real eigenpairs


def indices(model, sizes, draws, seed):
    """Enumerate the points of some draws and return the index arrays, one row per point."""
    seeds = np.random.SeedSequence(seed).spawn(draws)
    found = [critical_points(model.draw(sizes, rng=s), proof=False) for s in seeds]
    assert all(f.complete for f in found)
    return [f.index.reshape(f.count, -1) for f in found]


@pytest.mark.parametrize(("n", "draws"), [(3, 1000), (4, 300), (5, 150)])
def test_counts_of_draws_have_the_exact_means_by_index(n, draws):
    found = indices(sg.pure(3), n, draws, seed=n)
    for k in [None, *range(n)]:
        counts = np.array([len(f) if k is None else np.sum(f == k) for f in found])
        exact = sg.mean_count(sg.pure(3), n, index=k).mean
        assert abs(counts.mean() - exact) < 3 * counts.std(ddof=1) / np.sqrt(draws)
        assert k is not None or abs(exact - EXACT[n]) < 1e-7


def test_equilibria_of_two_circles_have_the_means_of_monte_carlo():
    game, draws = sg.gan(2, 1, 0.5, 0.5), 200
    found = indices(game, (2, 2), draws, seed=1)
    for index in (None, (0, 0), (0, 1), (1, 0), (1, 1)):
        counts = np.array([len(f) if index is None else np.sum(np.all(f == index, axis=1)) for f in found])
        estimate = sg.mean_count(game, (2, 2), index=index, method="montecarlo", samples=8_000, rng=1)
        error = np.hypot(counts.std(ddof=1) / np.sqrt(draws), estimate.mean * estimate.stderr)
        assert abs(counts.mean() - estimate.mean) < 3 * error


def test_a_wrong_route_is_seen():
    (row,) = agreement(draws=30, samples=2000, cases=[("pure 3", sg.pure(3), (3,), (None,))])
    assert row.agrees
    assert "all 1 rows agree" in table([row])
    wrong = Row(row.model, row.sizes, row.index, row.theory, row.exact, row.sampled, row.sampled_error, 14.0, 0.4)
    assert not wrong.agrees
    assert "1 of 1 rows disagree" in table([wrong])


@pytest.mark.parametrize(("exact", "deviations"), [(np.nan, (np.nan, -4.0)), (10.0, (3.0, 1.5))])
def test_deviations_are_in_the_errors_of_both_sides(exact, deviations):
    """Without an exact value both routes scatter: 3-4-5."""
    if np.isnan(exact):
        row = Row("made up", (2, 2), None, 1.0, exact, 12.0, 0.3, 10.0, 0.4)
    else:
        row = Row("made up", (4,), None, 1.0, exact, 10.9, 0.3, 10.6, 0.4)
    np.testing.assert_allclose(row.scores, deviations, rtol=1e-12)
    assert row.agrees
    assert not dataclasses.replace(row, sampled=14.0).agrees


def test_the_error_of_counted_points_is_that_of_a_sample():
    """Two draws with 2 and 4 points: the variance of the population is 2, that of the mean 1."""
    row = _row("pure 3", sg.pure(3), (3,), None, np.array([2, 4]), 200, 1)
    assert row.counted == 3 and row.counted_error == pytest.approx(1.0, rel=1e-15)
    estimate = sg.mean_count(sg.pure(3), (3,), method="montecarlo", samples=200, rng=1)
    assert row.sampled == estimate.mean and row.sampled_error == estimate.mean * estimate.stderr


def test_points_of_all_indices_are_all_points():
    """On two circles every player has the index 0 or 1."""
    pairs = ((0, 0), (0, 1), (1, 0), (1, 1))
    rows = agreement(draws=6, samples=4000, cases=[("GAN", sg.gan(2, 1, 0.5, 0.5), (2, 2), (None, *pairs))])
    counted = {row.index: row.counted for row in rows}
    assert counted[None] == pytest.approx(sum(counted[pair] for pair in pairs), rel=1e-12) and counted[None] >= 4


def test_two_draws_are_needed():
    with pytest.raises(ValueError, match="at least 2"):
        agreement(draws=1)
