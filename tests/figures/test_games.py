"""Opponents find no rest and partners do, at every size."""

from types import SimpleNamespace

import numpy as np
import pytest

import spinglass as sg
from spinglass.figures import games
from spinglass.spectra.dyson.log_determinant import LogDeterminant


def test_opponents_find_no_rest_and_partners_do(computed):
    data = computed("games-1")
    table = {-1: -0.624470132, -0.5: -0.181747226, 0: 0.0088055918, 0.5: 0.1022275072, 1: 0.1585995018}
    total, nash_rates = data["rates"].T
    for rho, value in table.items():
        (i,) = np.flatnonzero(np.isclose(data["rho"], rho))
        assert nash_rates[i] == pytest.approx(value, abs=1e-9)
    np.testing.assert_allclose(total, 0.3354404501615, atol=1e-12)
    for kappa, rho in zip(data["kappa"][::3], data["critical rho"][::3], strict=True):
        assert sg.complexity(games.correlated(rho, kappa)).total(index=(0, 0)) == pytest.approx(0, abs=1e-9)
    assert len(data["rho counted"]) > 3
    for i in range(len(data["rho counted"])):
        (counted_mean, e), (sampled_mean, f) = data[f"counted {i}"], data[f"sampled {i}"]
        assert abs(counted_mean - sampled_mean) < 4 * np.hypot(e, f)


def test_finite_games_are_extrapolated_to_their_limit(computed):
    data = computed("games-1")
    limits = [*data["limits"][:, 1], data["limits"][0, 0]]
    assert len(limits) == len(games.LADDER) + 1
    for i, limit in enumerate(limits):
        (sigma, _, _), error = games.fitted(data, i)
        assert abs(sigma - limit) < 4 * error < 0.12
        _, sizes, log_means, errors, _ = games.ladder(data, i)
        rates = log_means / sizes
        if i < len(games.LADDER):
            assert np.all(np.diff(rates[sizes >= games.LEAST]) < 0) and rates[-1] > limit + 0.01
            # without the powers of the edge the fit to opponents misses the limit
            (blind, _, _), spread = games.extrapolated(*(x[sizes >= 10] for x in (sizes, log_means, errors)))
            assert i > 0 or abs(blind - limit) > 4 * spread


@pytest.mark.parametrize("rho", [-1.0, -0.5, 0.0, 1.0])
def test_the_edges_of_both_players_hold_the_supremum(rho):
    """At the edges the exponent is the complexity of local Nash equilibria, and its slopes point beyond."""
    game = games.correlated(rho)
    local = game.local_law()
    shifts, exponent = local.edges, LogDeterminant(local)
    height = exponent(shifts[None])[0] - 0.5 * shifts @ np.linalg.inv(local.shifts @ local.shifts.T) @ shifts
    constant = 0.5 - 0.5 * np.sum(local.fractions * np.log(local.fractions * local.gradient_variance))
    assert height + constant == pytest.approx(sg.complexity(game).total(index=(0, 0)), abs=1e-9)
    root, fourth = games.edge_powers(rho)
    assert root > 0 > fourth


def test_a_fit_finds_the_rate_and_its_error():
    sizes, errors = np.array([10.0, 20, 40, 80]), np.array([0.1, 0.2, 0.1, 0.3])
    powers = (0.7, -0.4)
    exact = 0.25 * sizes + 0.7 * sizes**0.5 - 0.4 * sizes**0.25 + 1.5 * np.log(sizes) - 2
    (sigma, b, c), error = games.extrapolated(sizes, exact, errors, powers)
    np.testing.assert_allclose([sigma, b, c], [0.25, 1.5, -2], atol=1e-11)
    noise = np.random.default_rng(1).standard_normal((4000, 4)) * errors
    found = [games.extrapolated(sizes, exact + e, errors, powers)[0][0] for e in noise]
    assert np.std(found) == pytest.approx(error, rel=0.05)


@pytest.mark.parametrize(("rates", "zero"), [((-1, -0.5), None), ((0.5, 1), None), ((-1, 3), -0.5), ((2, -2), 0.0)])
def test_a_critical_correlation_is_a_change_of_sign(monkeypatch, rates, zero):
    class Linear:
        def __init__(self, game):
            self.rho = game.losses[1][0]

        def total(self, index):
            return rates[0] + (rates[1] - rates[0]) * (self.rho + 1) / 2

    monkeypatch.setattr(games, "complexity", Linear)
    found = games.critical_correlation(0.3)
    assert np.isnan(found) if zero is None else found == pytest.approx(zero, abs=1e-9)


def test_the_error_of_counted_games_is_that_of_a_mean(monkeypatch):
    """One and three local Nash equilibria in two draws: 2 +- 1."""
    tables = iter(([[0, 0], [1, 0]], [[0, 0], [0, 0], [0, 0], [0, 1]]))
    monkeypatch.setattr(games, "critical_points", lambda draw, proof: SimpleNamespace(index=np.array(next(tables))))
    np.testing.assert_allclose(games.counted(0.3, 2), [np.log(2), 0.5], rtol=1e-12)
