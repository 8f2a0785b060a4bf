"""Shifts that are affine in the normals: confined flows and conditioned games, by the general algorithm."""

import math
from dataclasses import replace

import numpy as np
import pytest

import spinglass as sg
from spinglass.complexity.games.digits import Digits
from spinglass.complexity.games.joint_players import JointSupremum
from spinglass.complexity.games.linear import Linear
from spinglass.complexity.games.lowest import Along, lowest_value
from spinglass.complexity.games.supremum import NONE, Annealed, Outliers
from spinglass.models import LocalLaw


def confined(rates, fractions, variance, correlation, ar=sg.float64):
    r"""Return the law of :math:`x' = -Dx + f(x)`: shifts :math:`D_r + \sqrt{v\tau} s`, constant -sum kappa log D."""
    number, count = ar.number, len(rates)
    rates, fractions = ([number(x) for x in part] for part in (rates, fractions))
    every = [[number(variance)] * count] * count
    own = number(variance) * number(correlation)
    size = ar.sqrt(own)
    parts = {
        "fractions": fractions,
        "gradient_variance": [ar.exp(number(1)) * d * d / k for d, k in zip(rates, fractions, strict=True)],
        "jacobian_variance": every,
        "jacobian_covariance": [[own] * count] * count,
        "losses": [[number(1)]],
        "shifts": [[size]] * count,
        "shift_offset": rates,
    }
    arrays = {name: np.array(part, dtype=ar.dtype) for name, part in parts.items()}
    signs = (1,) * count if correlation == 1 else None
    return LocalLaw(**arrays, signs=signs, players=(tuple(range(count)),), arithmetic=ar)


def total(law, outliers=NONE):
    return Annealed(law).supremum(Linear.free(law.shifts.shape[1]), outliers).values[0]


@pytest.mark.parametrize("m", [0.2, 0.5, 0.9, 0.999, 1.0, 1.5, 4.0])
def test_the_parabola(m):
    law, model = confined([m], [1.0], 1.0, 1.0), sg.parabolic(m)
    assert total(law) == pytest.approx(model.total(), abs=1e-12)
    assert total(law, Outliers((0,), (0,))) == pytest.approx(model.minima(), abs=1e-12)
    assert law.constant == pytest.approx(-math.log(m), abs=1e-15)


@pytest.mark.parametrize("correlation", [1.0, 0.5, 0.3])
@pytest.mark.parametrize(("share", "value"), [(0.9, 0.0), (1.1, 0.0016310534), (1.3, 0.0118791848)])
def test_a_well_of_two_rates(correlation, share, value):
    """Trivial up to v_c = 1.6; the total does not depend on the correlation of the Jacobian with its transpose."""
    assert total(confined([1.0, 2.0], [0.5, 0.5], 1.6 * share, correlation)) == pytest.approx(value, abs=1e-10)


def test_one_rate_as_two_species():
    law = confined([0.6, 0.6], [0.3, 0.7], 1.0, 1.0)
    assert total(law) == pytest.approx(sg.parabolic(0.6).total(), abs=1e-12)
    joint = JointSupremum(Annealed(law), (0,)).supremum(Linear.free(1)).values[0]
    assert joint == pytest.approx(sg.parabolic(0.6).minima(), abs=1e-8)


def test_the_parabola_with_digits():
    ar = sg.mp(30)
    m, annealed = ar.number("0.4"), Annealed(confined([0.4], [1.0], 1.0, 1.0))
    with ar.precision():
        digits = Digits(confined([m], [1], 1, 1, ar), annealed, ar)
        free = annealed.supremum(Linear.free(1))
        rows, values = digits.rows([], NONE, 0)
        value = digits.stationary(rows, values, free.places[0], NONE)[0]
        assert abs(value - ((m * m - 1) / 2 - ar.log(m))) < 1e-29
        edge = Outliers((0,), (0,))
        held = annealed.supremum(Linear.free(1), edge)
        rows, values = digits.rows([], edge, int(held.faces[0]))
        value = digits.stationary(rows, values, held.places[0], edge)[0]
        assert abs(value - ((-m * m + 4 * m - 3) / 2 - ar.log(m))) < 1e-29


# -- a game at given energies has affine shifts --------------------------------------------------------------------

GAMES = {
    "mixed": (sg.mixed({2: 0.5, 3: 1, 5: 0.25}), (None, 0, 2)),
    "gan": (sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9), (None, (0, 0), (1, None))),
    "general": (
        sg.SphericalGame(
            [0.4, 0.6],
            [{(2, 1): 1, (1, 2): 1, (2, 0): 0.5}, {(1, 2): 1, (0, 3): 0.5}],
            [[1, 0.3], [0.2, 1]],
            [[0], [1]],
        ),
        (None, (0, 0)),
    ),
    "joint": (sg.bipartite(2, 2, kappa=0.3), (None,)),
}


def conditioned(law, u):
    """Return the law of a game at given losses, and half the square of the normals that they fix."""
    origin = np.linalg.pinv(law.losses) @ u
    free = np.linalg.svd(law.losses)[2][len(u) :].T
    free = free if free.shape[1] else np.zeros((len(origin), 1))
    moved = {"shifts": law.shifts @ free, "shift_offset": law.shifts @ origin}
    return replace(law, losses=np.ones((1, free.shape[1])), **moved), origin @ origin / 2


@pytest.mark.parametrize("name", GAMES)
def test_a_game_at_given_energies(name):
    game, indices = GAMES[name]
    c, law, rng = sg.complexity(game), game.local_law(), np.random.default_rng(1)
    for index in indices:
        every = tuple(index) if isinstance(index, tuple) else (index,) * len(game.players)
        for _ in range(4):
            u = rng.normal(size=len(law.losses)) * np.sqrt(np.diag(law.loss_covariance))
            affine, square = conditioned(law, u)
            found = total(affine, Annealed(affine).outliers(every)) - square
            assert found == pytest.approx(c(*u, index=index), abs=1e-9) or found == c(*u, index=index)


@pytest.mark.parametrize(("offset", "outliers"), [(-0.5, NONE), (0.5, NONE), (0.5, Outliers((0,), (0,)))])
def test_a_lowest_value_with_an_offset(offset, outliers):
    law = replace(sg.mixed({3: 0.5, 4: 0.5}).local_law(), shift_offset=np.array([offset]))
    annealed = Annealed(law)
    along = Along(annealed, law.losses[0], outliers)
    level = lowest_value(along).level
    assert lowest_value(Along(annealed, law.losses[0], Outliers((0,), (0,)))).level < np.inf or offset < 0
    best = along.suprema([level])
    assert best.values[0] == pytest.approx(0, abs=1e-9)
    assert along.heights([level - 1e-3])[0] < 0
    slope = (along.heights([level + 1e-5])[0] - along.heights([level - 1e-5])[0]) / 2e-5
    found = annealed.slope(law.losses[0], best.places[0], int(best.faces[0]), outliers)
    assert found == pytest.approx(slope, rel=1e-4)


def test_games_have_no_offset():
    for game in (sg.pure(3), sg.gan(p=3, q=1, sigma_z=1.0, kappa=0.5)):
        for ar in (None, sg.mp(20), sg.balls(20), sg.symbols):
            law = game.local_law(ar)
            assert law.shift_offset.dtype == law.fractions.dtype and not any(x != 0 for x in law.shift_offset)
    g = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(game.local_law().shifts_at(g), g @ game.local_law().shifts.T)
