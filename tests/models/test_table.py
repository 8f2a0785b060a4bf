"""Covariances between two points of any overlap, against sampled fields, differences and the law of one point."""

import itertools

import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass.models import Table

GAMES = {
    "mixed": sg.mixed({1: 0.3, 2: 1, 3: 0.5}),
    "gan": sg.gan(p=2, q=1, sigma_z=0.7, kappa=0.5),
    "bipartite": sg.bipartite(1, 2, kappa=0.5),
    "general": sg.SphericalGame(
        [0.5, 0.5], [{(2, 1): 1, (0, 2): 1}, {(1, 1): 2, (2, 0): 1}], [[1, 0.5], [-0.3, 1]], [[0], [1]]
    ),
}
PARTS = ("gradient_variance", "jacobian_variance", "jacobian_covariance", "loss_covariance")
SIZE, DRAWS = 4, 800  # of every sphere: two directions are orthogonal to both points


def pair(q):
    """Return two points per sphere of overlap q, in the plane of the first two coordinates."""
    first = [np.array([1.0, 0, 0, 0]) for _ in q]
    return first, [np.array([x, np.sqrt(1 - x * x), 0, 0]) for x in q]


@pytest.mark.parametrize(("name", "q"), [*((name, (-0.6, 0.8)) for name in GAMES), ("general", (0.0, 0.0))])
def test_of_drawn_fields(name, q):
    """Every moment of 800 draws within 4.5 standard errors (of some 300 moments a miss has a chance of 2e-3)."""
    game = GAMES[name]
    species = len(game.fractions)
    table, points = game.local_law(overlaps=q[:species]), pair(q[:species])
    samples = {"L": [], "g": [], "J": []}
    for i in range(DRAWS):
        draw = game.draw((SIZE,) * species, rng=i)
        samples["L"].append([draw.losses(x) for x in points])
        samples["g"].append([[part[2:] for part in draw.gradient(x)] for x in points])
        samples["J"].append([draw.hessian(np.concatenate(x)) for x in points])
    losses, gradient, jacobian = (np.array(samples[name]) for name in "LgJ")

    def check(products, value):
        assert abs(products.mean() - value) <= 4.5 * products.std() / np.sqrt(DRAWS) + 1e-12

    for a, b in itertools.product(range(len(game.losses)), repeat=2):
        check(losses[:, 0, a] * losses[:, 1, b], table.loss_covariance[a, b])
    for s in range(species):
        for i in range(2):
            check(gradient[:, 0, s, i] * gradient[:, 1, s, i], table.gradient_variance[s])
        check(gradient[:, 0, s, 0] * gradient[:, 1, s, 1], 0.0)
        for a in range(len(game.losses)):
            check(losses[:, 0, a] * gradient[:, 1, s, 0], 0.0)
    for s, t in itertools.product(range(species), repeat=2):
        i, j = SIZE * s + 2, SIZE * t + 3
        check(jacobian[:, 0, i, j] * jacobian[:, 1, i, j], table.jacobian_variance[s, t])
        check(jacobian[:, 0, i, j] * jacobian[:, 1, j, i], table.jacobian_covariance[s, t])


@pytest.mark.parametrize("name", GAMES)
def test_derivatives_are_differences(name):
    game, step = GAMES[name], 1e-4
    species = len(game.fractions)
    q, unit = np.array([0.4, -0.7])[:species], np.eye(species) * step
    for xi in game.fields:

        def value(*place, xi=xi):
            return xi.derivative(overlaps=sum(place))

        for s in range(species):
            slope = (value(q, unit[s]) - value(q, -unit[s])) / (2 * step)
            assert xi.derivative(s, overlaps=q) == pytest.approx(slope, abs=1e-7)
            for t in range(species):
                corners = [[value(q, a * unit[s], b * unit[t]) for a in (1, -1)] for b in (1, -1)]
                curve = (corners[0][0] - corners[0][1] - corners[1][0] + corners[1][1]) / (4 * step**2)
                assert xi.derivative(s, t, overlaps=q) == pytest.approx(curve, abs=1e-6)


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("ar", [None, sg.mp(30), sg.balls(30), sg.symbols], ids=["float64", "mp", "balls", "symbols"])
def test_at_overlap_one_it_is_the_law(name, ar):
    game = GAMES[name]
    law, table = game.local_law(ar), game.local_law(ar, overlaps=[1] * len(game.fractions))
    assert type(table) is Table
    for part in ("fractions", *PARTS):
        exact, found = getattr(law, part), getattr(table, part)
        assert found.shape == exact.shape and found.dtype == exact.dtype
        assert all(x == y or abs(x - y) < 1e-25 for x, y in zip(exact.flat, found.flat, strict=True))


def test_overlaps_broadcast():
    game = GAMES["gan"]
    first, second = np.linspace(-1, 1, 5)[:, None], np.array([0.2, 0.5, 0.9])
    table = game.local_law(overlaps=[first, second])
    assert table.gradient_variance.shape == (5, 3, 2)
    assert table.jacobian_variance.shape == table.jacobian_covariance.shape == (5, 3, 2, 2)
    for i, j in np.ndindex(5, 3):
        one = game.local_law(overlaps=[first[i, 0], second[j]])
        for part in PARTS:
            np.testing.assert_allclose(getattr(table, part)[i, j], getattr(one, part), rtol=1e-15)


def test_of_kernels_and_in_every_arithmetic():
    q = sympy.Symbol("q")
    game, x = sg.mixed(sympy.exp(2 * q) - 1), sympy.Rational(1, 3)
    tables = [
        game.local_law(ar, overlaps=[ar.number(x) if ar is not None else 1 / 3]) for ar in (sg.mp(30), sg.symbols)
    ]
    assert tables[1].x1 == 2 * sympy.exp(sympy.Rational(2, 3))
    for table in (*tables, game.local_law(overlaps=[1 / 3])):
        found = [float(getattr(table, name)) for name in ("v0", "x1", "x2")]
        np.testing.assert_allclose(found, [np.exp(2 / 3) - 1, 2 * np.exp(2 / 3), 4 * np.exp(2 / 3)], rtol=1e-14)


@pytest.mark.parametrize(
    ("overlaps", "message"),
    [
        ([0.5], r"overlaps: expected 2 \(one per species\), got 1"),
        ([0.5, 1.5], "overlaps: expected numbers from -1 to 1, got"),
        ([[0.5, 0.5], [0.1, 0.2, 0.3]], "overlaps: expected shapes that broadcast"),
        ([0.5, np.nan], "overlaps: expected finite"),
    ],
)
def test_wrong_overlaps_are_refused_in_one_line(overlaps, message):
    with pytest.raises(ValueError, match=message) as caught:
        GAMES["gan"].local_law(overlaps=overlaps)
    assert "\n" not in str(caught.value)
