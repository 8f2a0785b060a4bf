"""Own blocks pushed above 0: the same means as without a push, also where nearly no block is positive by itself."""

import math

import numpy as np
import pytest
from scipy.stats import norm

import spinglass as sg
from spinglass.montecarlo.estimate import Plain
from spinglass.montecarlo.pilot import Pilot, tuned
from spinglass.montecarlo.pushed_spectra import Pushed, positive_definite, pushed_goe
from spinglass.montecarlo.question import question_of

XI = {(2, 1): 1.0, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
NASH = (0, 0)


def opponents(rho):
    """Return a game of two players whose losses have correlation rho."""
    return sg.SphericalGame([0.4, 0.6], [XI, XI], [[1, 0], [rho, math.sqrt(1 - rho * rho)]], [[0], [1]])


def mean_and_error(weights):
    """Return the logarithm of the mean weight, its standard error, and the share of weights that count."""
    top = weights.max()
    relative = np.exp(weights - top)
    error = relative.std() / relative.mean() / math.sqrt(len(weights))
    return top + math.log(relative.mean()), error, np.mean(relative > 0)


def sampled(game, sizes, way, samples=8192, index=None):
    """Return the logarithm of the mean number of local Nash equilibria, its error and the share that count."""
    law = game.local_law()
    question, prefactor = question_of(law, sizes, None, (0,) * len(sizes) if index is None else index)
    assert Pushed.suits(question)
    rng = np.random.default_rng(3)
    weights = way(question, tuned(Pilot(law, question), question, rng)).log_weights(rng, samples)
    log_mean, error, share = mean_and_error(weights)
    return prefactor + log_mean, error, share


@pytest.mark.parametrize("shift", [-1.5, 0.0, 1.0])
def test_one_entry_is_positive_as_often_as_a_normal(shift):
    rng, count = np.random.default_rng(1), 40_000
    diagonal, off_diagonal, log_ratio = pushed_goe(rng, 1, np.full(count, shift))
    assert off_diagonal.shape == (count, 0)
    weights = np.exp(log_ratio) * positive_definite(diagonal + shift, off_diagonal)
    error = weights.std() / math.sqrt(count)
    assert abs(weights.mean() - norm.cdf(shift / math.sqrt(2))) < 4 * error < 0.02


@pytest.mark.parametrize("n", [2, 6, 25])
def test_the_weighted_entries_are_those_of_the_goe(n):
    rng, count = np.random.default_rng(2), 100_000
    shift = 2 * math.sqrt(n) - n ** (-1 / 6)  # a push of s = 1
    diagonal, off_diagonal, log_ratio = pushed_goe(rng, n, np.full(count, shift))
    weights = np.exp(log_ratio)
    for values, mean in ((np.ones(count), 1.0), (diagonal[:, 0], 0.0), (off_diagonal[:, 0] ** 2, n - 1.0)):
        found = weights * values
        assert abs(found.mean() - mean) < 4 * found.std() / math.sqrt(count)
    # the push is there: before they are weighted the first entries lie higher, and the coupling lower
    assert diagonal[:, 0].mean() > 0.1 * n ** (-1 / 6) and (off_diagonal[:, 0] ** 2).mean() < n - 1


def test_pivots_tell_positive_matrices():
    rng = np.random.default_rng(4)
    diagonal, off_diagonal = 2 + rng.standard_normal((500, 5)), rng.standard_normal((500, 4))
    matrices = np.zeros((500, 5, 5))
    i = np.arange(5)
    matrices[:, i, i] = diagonal
    matrices[:, i[1:], i[:-1]] = off_diagonal  # eigvalsh reads the lower triangle
    expected = np.linalg.eigvalsh(matrices)[:, 0] > 0
    assert 50 < expected.sum() < 450
    np.testing.assert_array_equal(positive_definite(diagonal, off_diagonal), expected)


@pytest.mark.parametrize("sizes", [(2, 2), (5, 4), (14, 11)])
def test_two_players_who_do_not_meet_are_two_pure_glasses(sizes):
    game = sg.SphericalGame([0.5, 0.5], [{(3, 0): 1}, {(0, 4): 1}], [[1, 0], [0, 1]], [[0], [1]])
    log_mean, error, _ = sampled(game, sizes, Pushed)
    exact = sum(sg.mean_count(sg.pure(p), n, index=0).log_mean for p, n in zip((3, 4), sizes, strict=True))
    assert abs(log_mean - exact) < 4 * error < 0.6


@pytest.mark.parametrize("rho", [-1.0, 0.3, 1.0])
def test_two_coupled_players_have_the_mean_of_plain_samples(rho):
    plain, e, _ = sampled(opponents(rho), (3, 4), Plain, 32_768)
    pushed, f, _ = sampled(opponents(rho), (3, 4), Pushed)
    assert abs(plain - pushed) < 4 * math.hypot(e, f) < 0.7


def test_three_coupled_players_have_the_mean_of_plain_samples():
    xi = [{(2, 1, 0): 1}, {(0, 2, 1): 1}, {(1, 0, 2): 1}]
    game = sg.SphericalGame([0.3, 0.3, 0.4], xi, [[1, 0.5, 0], [0, 1, 0.5], [0.5, 0, 1]], [[0], [1], [2]])
    plain, e, _ = sampled(game, (2, 3, 3), Plain, 32_768)
    pushed, f, _ = sampled(game, (2, 3, 3), Pushed)
    assert abs(plain - pushed) < 4 * math.hypot(e, f) < 0.7


def test_many_more_samples_count_where_blocks_are_rarely_positive():
    _, _, plain = sampled(opponents(-1.0), (16, 24), Plain, 2048)
    _, _, pushed = sampled(opponents(-1.0), (16, 24), Pushed, 2048)
    assert pushed > 5 * plain > 0


def test_only_local_nash_equilibria_of_players_with_one_sphere_are_pushed():
    def suits(game, sizes, index):
        return Pushed.suits(question_of(game.local_law(), sizes, None, index)[0])

    game = opponents(0.0)
    assert suits(game, (4, 6), NASH)
    for sizes, index in (((4, 6), (0, 1)), ((4, 6), (0, None)), ((4, 6), None), ((1, 6), NASH), ((150, 300), NASH)):
        assert not suits(game, sizes, index)
    one_player = sg.SphericalGame([0.4, 0.6], [XI], [[1]], [[0, 1]])
    assert not suits(one_player, (4, 6), (0,)) and not suits(sg.pure(3), (8,), (0,))
