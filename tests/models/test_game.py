"""Spherical games as values, and every refusal in one line."""

import copy
import dataclasses
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg
from spinglass import SphericalGame


def two_players(losses=((1, -0.5), (0, 0.5)), fields=({(2, 0): 1}, {(1, 2): 0.5, (3, 0): 2}), fractions=(0.25, 0.75)):
    return SphericalGame(fractions, fields, losses, [[0], [1]])


GAMES = [
    sg.pure(3),
    sg.mixed({1: Fraction(1, 3), 2: 0.5, 7: 2}),
    sg.bipartite(2, 3, kappa=Fraction(2, 5)),
    sg.gan(p=3, q=2, sigma_z=0.5, kappa=0.6),
    two_players(),
    SphericalGame(
        [0.2, 0.3, 0.5], [{(1, 1, 0): 1, (0, 1, 1): 2}, {(2, 0, 2): 1e-3}], [[1, 1], [0.5, -1]], [[0, 2], [1]]
    ),
]
every_game = pytest.mark.parametrize("game", GAMES, ids=str)

# -- values --------------------------------------------------------------------------------------------------------


@every_game
def test_games_are_equal_by_value(game):
    again = SphericalGame(game.fractions, [dict(xi) for xi in game.fields], game.losses, game.players)
    assert again == game
    assert hash(again) == hash(game)
    assert len({again, game}) == 1
    assert again is not game


def test_different_games_differ():
    assert len(set(GAMES)) == len(GAMES)
    assert sg.pure(3) != sg.pure(4)
    assert two_players() != two_players(losses=((1, -0.5), (0, 0.25)))
    assert sg.pure(3) != "pure(3)"


def test_the_order_of_terms_does_not_matter():
    assert sg.mixed({4: 1, 3: 2}) == sg.mixed({3: 2, 4: 1})
    assert repr(sg.mixed({4: 1, 3: 2})) == repr(sg.mixed({3: 2, 4: 1}))


def test_zero_coefficients_are_no_terms():
    assert sg.mixed({3: 1, 5: 0}) == sg.pure(3)
    assert sg.mixed({3: 1.0}) == sg.pure(3)


def test_one_sphere_takes_plain_exponents():
    assert SphericalGame([1], [{3: 1}], [[1]], [[0]]) == sg.pure(3)
    assert SphericalGame([1], [{(3,): 1}], [[1]], [[0]]) == sg.pure(3)


def test_fields_may_be_pairs_and_sequences_arrays():
    game = SphericalGame(
        np.array([0.25, 0.75]), [[((2, 0), 1)], {(1, 2): 0.5, (3, 0): 2}], np.array([[1, -0.5], [0, 0.5]]), [[0], [1]]
    )
    assert game == two_players()
    assert all(type(x) in (int, float) for x in (*game.fractions, *game.losses[0]))
    assert type(sg.pure(np.int64(3)).fields[0][0][0][0]) is int
    assert sg.pure(3.0) == sg.pure(3)


@every_game
def test_repr_is_a_round_trip(game):
    assert eval(repr(game), {"SphericalGame": SphericalGame, "Fraction": Fraction}) == game
    assert "\n" not in repr(game)


@every_game
def test_games_can_be_copied_and_pickled(game):
    assert pickle.loads(pickle.dumps(game)) == game
    assert copy.deepcopy(game) == game


@every_game
@pytest.mark.parametrize("name", ["fractions", "fields", "losses", "players"])
def test_games_are_frozen(game, name):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(game, name, ())
    assert isinstance(getattr(game, name), tuple)


def test_input_is_copied():
    xi = {(3,): 1}
    game = SphericalGame([1], [xi], [[1]], [[0]])
    xi[(4,)] = 1
    assert game == sg.pure(3)


@pytest.mark.parametrize(
    ("game", "text"),
    [
        (sg.pure(3), "L1 = f1 (moves x);  xi1 = q^3"),
        (sg.mixed({1: 0.5, 2: 2, 3: 1}), "L1 = f1 (moves x);  xi1 = 0.5 q + 2 q^2 + q^3"),
        (sg.bipartite(1, 3, kappa=0.25), "L1 = f1 (moves x1, x2);  xi1 = q1 q2^3;  fractions 0.25, 0.75"),
        (
            sg.gan(p=2, q=1, sigma_z=0.5, kappa=0.9),
            "L1 = f1 - 0.5 f2 (moves x1);  L2 = 0.5 f2 (moves x2);  xi1 = q1^2;  "
            "xi2 = q2^3 + 3 q1 q2^2 + 3 q1^2 q2 + q1^3;  fractions 0.9, 0.09999999999999998",
        ),
        (
            two_players(losses=((-1, -2), (0, -1))),
            "L1 = - f1 - 2 f2 (moves x1);  L2 = - f2 (moves x2);  xi1 = q1^2;  xi2 = 0.5 q1 q2^2 + 2 q1^3;  "
            "fractions 0.25, 0.75",
        ),
    ],
    ids=["pure", "mixed", "bipartite", "gan", "negative weights"],
)
def test_text(game, text):
    assert str(game) == text


# -- the named models ----------------------------------------------------------------------------------------------


def test_bipartite_is_one_hamiltonian_on_two_spheres():
    game = sg.bipartite(2, 3, kappa=0.25)
    assert game == SphericalGame([0.25, 0.75], [{(2, 3): 1}], [[1]], [[0, 1]])


def test_gan_couples_two_glasses():
    game = sg.gan(p=2, q=1, sigma_z=2, kappa=0.25)
    generated = {(3, 0): 1, (2, 1): 3, (1, 2): 3, (0, 3): 1}
    assert game == SphericalGame([0.25, 0.75], [{(2, 0): 1}, generated], [[1, -2], [0, 2]], [[0], [1]])


def test_exact_numbers_stay_exact():
    kappa = Fraction(1, 3)
    game = sg.gan(p=3, q=3, sigma_z=Fraction(1, 10), kappa=kappa)
    assert game.fractions == (kappa, Fraction(2, 3))
    assert game.losses[0] == (1, Fraction(-1, 10))


# -- refusals ------------------------------------------------------------------------------------------------------

nan, inf = math.nan, math.inf
xi = [{(2, 1): 1}]
REFUSALS = [
    # degrees
    (lambda: sg.pure(1), ValueError, "p: expected an integer of at least 2, got 1"),
    (lambda: sg.pure(0), ValueError, "p: expected an integer of at least 2, got 0"),
    (lambda: sg.pure(-3), ValueError, "at least 2, got -3"),
    (lambda: sg.pure(2.5), ValueError, "at least 2, got 2.5"),
    (lambda: sg.pure(nan), ValueError, "at least 2, got nan"),
    (lambda: sg.pure(inf), ValueError, "at least 2, got inf"),
    (lambda: sg.pure("3"), TypeError, "p: expected an integer of at least 2, got '3'"),
    (lambda: sg.pure(None), TypeError, "got None"),
    (lambda: sg.pure(True), TypeError, "got True"),
    (lambda: sg.pure(3 + 0j), TypeError, "p: expected an integer"),
    (lambda: sg.bipartite(0, 2, kappa=0.5), ValueError, "p: expected an integer of at least 1, got 0"),
    (lambda: sg.bipartite(2, 1.5, kappa=0.5), ValueError, "q: expected an integer of at least 1, got 1.5"),
    (lambda: sg.gan(p=1, q=3, sigma_z=1.0, kappa=0.5), ValueError, "p: expected an integer of at least 2, got 1"),
    (lambda: sg.gan(p=3, q=0, sigma_z=1.0, kappa=0.5), ValueError, "q: expected an integer of at least 1, got 0"),
    (lambda: sg.gan(p=3, q=2.5, sigma_z=1.0, kappa=0.5), ValueError, "q: expected an integer of at least 1, got 2.5"),
    # kappa
    *(
        (lambda k=k, make=make: make(k), ValueError, rf"kappa: expected a f\w+ .*, got {k}")
        for make in (lambda k: sg.bipartite(2, 3, kappa=k), lambda k: sg.gan(p=3, q=3, sigma_z=1.0, kappa=k))
        for k in (0, 1, -0.1, 1.5, nan, inf)
    ),
    (lambda: sg.bipartite(2, 3, kappa="half"), TypeError, "kappa: expected a real number, got 'half'"),
    (lambda: sg.bipartite(2, 3, kappa=None), TypeError, "kappa: expected a real number, got None"),
    (lambda: sg.bipartite(2, 3, kappa=[0.5]), TypeError, "kappa: expected a real number"),
    # sigma_z
    (lambda: sg.gan(p=3, q=3, sigma_z=0, kappa=0.5), ValueError, "sigma_z: .*, got 0: the generator has no equation"),
    (lambda: sg.gan(p=3, q=3, sigma_z=-1, kappa=0.5), ValueError, "sigma_z: expected a positive number, got -1"),
    (lambda: sg.gan(p=3, q=3, sigma_z=nan, kappa=0.5), ValueError, "sigma_z: expected a finite number, got nan"),
    # mixtures
    (lambda: sg.mixed({}), ValueError, "expected at least one term with a positive coefficient, got none"),
    (lambda: sg.mixed({3: 0}), ValueError, "expected at least one term with a positive coefficient, got none"),
    (lambda: sg.mixed({3: -0.5}), ValueError, "expected non-negative coefficients, got -0.5"),
    (lambda: sg.mixed({3: nan}), ValueError, "expected a finite number, got nan"),
    (lambda: sg.mixed({3: inf}), ValueError, "expected a finite number, got inf"),
    (lambda: sg.mixed({3: "1"}), TypeError, "expected a real number, got '1'"),
    (lambda: sg.mixed({3: 1j}), TypeError, "expected a real number"),
    (lambda: sg.mixed({0: 1, 3: 1}), ValueError, "degree: expected an integer of at least 1, got 0"),
    (lambda: sg.mixed({-3: 1}), ValueError, "degree: expected an integer of at least 1, got -3"),
    (lambda: sg.mixed({2.5: 1}), ValueError, "degree: expected an integer of at least 1, got 2.5"),
    (lambda: sg.mixed({"3": 1}), TypeError, "degree: expected an integer of at least 1, got '3'"),
    (lambda: sg.mixed({1: 1}), ValueError, "expected a term of degree 2 or more.*: a linear function"),
    (lambda: sg.mixed([0.5, 0.5]), ValueError, "a constant term shifts the loss"),
    (lambda: sg.mixed(3), TypeError, "expected a mapping such as"),
    # fractions
    (
        lambda: SphericalGame([0.4, 0.5], xi, [[1]], [[0, 1]]),
        ValueError,
        r"fractions: .* sum 1, got \[0.4, 0.5\] of sum 0.9",
    ),
    (lambda: SphericalGame([1.5, -0.5], xi, [[1]], [[0, 1]]), ValueError, "fractions: expected one positive number"),
    (lambda: SphericalGame([1.0, 0.0], xi, [[1]], [[0, 1]]), ValueError, "fractions: expected one positive number"),
    (
        lambda: SphericalGame([nan, 0.5], xi, [[1]], [[0, 1]]),
        ValueError,
        "fractions: expected a finite number, got nan",
    ),
    (lambda: SphericalGame([], xi, [[1]], [[0]]), ValueError, "fractions: expected one positive number per species"),
    (lambda: SphericalGame(1, xi, [[1]], [[0]]), TypeError, "fractions: expected a sequence, got 1"),
    (lambda: SphericalGame([1e-21, 1.0], xi, [[1]], [[0, 1]]), ValueError, "fractions: .* at least 1e-20, got 1e-21"),
    (lambda: SphericalGame(["a", "b"], xi, [[1]], [[0, 1]]), TypeError, "fractions: expected a real number, got 'a'"),
    # fields
    (lambda: SphericalGame([1], [], [[]], [[0]]), ValueError, "fields: expected at least one covariance"),
    (lambda: SphericalGame([1], [{}], [[1]], [[0]]), ValueError, r"fields\[0\]: expected at least one term"),
    (lambda: SphericalGame([1], [3], [[1]], [[0]]), TypeError, r"fields\[0\]: expected a mapping"),
    (lambda: SphericalGame([1], 3, [[1]], [[0]]), TypeError, "fields: expected a sequence"),
    (lambda: SphericalGame([1], [{(2, 1): 1}], [[1]], [[0]]), ValueError, r"expected 1 exponents .*, got \(2, 1\)"),
    (lambda: SphericalGame([0.5, 0.5], [{3: 1}], [[1]], [[0, 1]]), ValueError, r"expected 2 exponents .*, got \(3,\)"),
    (lambda: SphericalGame([1], [{(0,): 1, (2,): 1}], [[1]], [[0]]), ValueError, "a constant term"),
    (
        lambda: SphericalGame([1], [{(-1,): 1}], [[1]], [[0]]),
        ValueError,
        "exponents: expected an integer of at least 0, got -1",
    ),
    (
        lambda: SphericalGame([0.5, 0.5], [{(2, 1): 1}, {(1, 1.5): 1}], [[1, 1]], [[0, 1]]),
        ValueError,
        r"fields\[1\]: .* got 1.5",
    ),
    # losses
    (lambda: SphericalGame([1], [{2: 1}], [[1, 2]], [[0]]), ValueError, r"losses\[0\]: expected 1 weights .*, got 2"),
    (
        lambda: SphericalGame([1], [{2: 1}], [[nan]], [[0]]),
        ValueError,
        r"losses\[0\]: expected a finite number, got nan",
    ),
    (lambda: SphericalGame([1], [{2: 1}], [["a"]], [[0]]), TypeError, r"losses\[0\]: expected a real number, got 'a'"),
    (lambda: SphericalGame([1], [{2: 1}], [1], [[0]]), TypeError, r"losses\[0\]: expected a sequence, got 1"),
    (
        lambda: SphericalGame([1], [{2: 1}], [[0]], [[0]]),
        ValueError,
        "the loss of player 0 does not depend on species 0",
    ),
    (lambda: SphericalGame([1], [{2: 1}], [[1e154]], [[0]]), ValueError, "from 1e-153 to 1e.153 in size, got 1e.154"),
    (lambda: SphericalGame([1], [{2: 1}], [[1e-154]], [[0]]), ValueError, "from 1e-153 to 1e.153 in size, got 1e-154"),
    (lambda: sg.mixed({3: 1e308}), ValueError, "variance from 1e-306 to 1e.306, got about 1e308 for species 0"),
    (lambda: sg.mixed({3: Fraction("1e-320")}), ValueError, "from 1e-306 to 1e.306, got about 1e-320 for species 0"),
    (lambda: sg.gan(2, 1, 1e-155, 0.5), ValueError, "weights from 1e-153"),
    (
        lambda: SphericalGame([0.5, 0.5], [{(2, 0): 1}, {(0, 2): 1e-100}], [[1, 0], [0, 1e-150]], [[0], [1]]),
        ValueError,
        "got about 1e-400 for species 1; try other units",
    ),
    (lambda: two_players(losses=((1, 1), (1, 0))), ValueError, "the loss of player 1 does not depend on species 1"),
    # players
    (lambda: SphericalGame([1], [{2: 1}], [[1]], []), ValueError, "players: expected 1 lists of species .*, got 0"),
    (
        lambda: SphericalGame([1], [{2: 1}], [[1]], [[0], [0]]),
        ValueError,
        "players: expected 1 lists of species .*, got 2",
    ),
    (
        lambda: SphericalGame([0.5, 0.5], xi, [[1]], [[0]]),
        ValueError,
        "players: expected every species of 0..1 moved by",
    ),
    (lambda: SphericalGame([0.5, 0.5], xi, [[1]], [[0, 0]]), ValueError, "players: expected every species of 0..1"),
    (lambda: SphericalGame([0.5, 0.5], xi, [[1]], [[0, 2]]), ValueError, "players: expected every species of 0..1"),
    (lambda: SphericalGame([0.5, 0.5], xi, [[1], [1]], [[0, 1], []]), ValueError, "no idle player"),
    (
        lambda: SphericalGame([1], [{2: 1}], [[1]], [[-1]]),
        ValueError,
        "players: expected an integer of at least 0, got -1",
    ),
    (lambda: SphericalGame([1], [{2: 1}], [[1]], [0]), TypeError, "players: expected a sequence, got 0"),
]


@pytest.mark.parametrize(("make", "kind", "message"), REFUSALS, ids=[message for *_, message in REFUSALS])
def test_what_is_not_a_game_is_refused_in_one_line(make, kind, message):
    with pytest.raises((ValueError, TypeError), match=message) as error:
        make()
    assert type(error.value) is kind
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_fractions_may_miss_one_by_rounding():
    thirds = SphericalGame(
        [0.1] * 10, [{tuple(2 * (s == t) for t in range(10)): 1 for s in range(10)}], [[1]], [range(10)]
    )
    assert sum(thirds.fractions) != 1
    assert float(sum(thirds.local_law().fractions)) == pytest.approx(1, abs=1e-15)


# -- random games --------------------------------------------------------------------------------------------------


@st.composite
def games(draw):
    species = draw(st.integers(1, 3))
    parts = draw(st.lists(st.integers(1, 9), min_size=species, max_size=species))
    exponents = st.tuples(*[st.integers(0, 4)] * species).filter(any)
    number = st.one_of(st.integers(1, 9), st.floats(1e-3, 1e3), st.fractions(min_value=Fraction(1, 9), max_value=9))
    fields = draw(st.lists(st.dictionaries(exponents, number, min_size=1, max_size=3), min_size=1, max_size=3))
    fields.append({tuple(1 for _ in range(species)): draw(number)})
    order = draw(st.permutations(range(species)))
    cut = draw(st.integers(1, species))
    players = [row for row in (order[:cut], order[cut:]) if row]
    weights = st.one_of(st.integers(-3, 3), st.floats(-9, 9).filter(lambda c: not 0 < abs(c) < 1e-150))
    rows = st.lists(weights, min_size=len(fields) - 1, max_size=len(fields) - 1)
    losses = [[*draw(rows), draw(st.sampled_from([-1, 1, 0.5]))] for _ in players]
    return SphericalGame([Fraction(x, sum(parts)) for x in parts], fields, losses, players)


@settings(max_examples=60, deadline=None)
@given(games())
def test_random_games_are_values(game):
    again = eval(repr(game), {"SphericalGame": SphericalGame, "Fraction": Fraction})
    assert again == game
    assert hash(again) == hash(game)
    assert pickle.loads(pickle.dumps(game)) == game
    assert "\n" not in str(game)
    assert game != SphericalGame(
        game.fractions, [dict(xi) for xi in game.fields], [[2 * c for c in row] for row in game.losses], game.players
    )
