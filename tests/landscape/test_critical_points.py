"""All critical points of one draw: theorems that hold on every draw, and counts found in other ways."""

import dataclasses
import json
from collections import Counter

import numpy as np
import pytest

import spinglass as sg
from spinglass.landscape import api, critical_points
from spinglass.landscape.family import family
from spinglass.landscape.family.symmetries import loss_signs
from spinglass.landscape.solutions import homotopy
from spinglass.landscape.system import loss_polynomials, system

from ._circles import count_on_circle, equilibria_on_two_circles
from ._games import GAMES, random_points, same_sets, together

games = pytest.mark.parametrize(("game", "sizes"), GAMES.values(), ids=GAMES)


def found(draw, **options):
    return critical_points(draw, proof=False, **options)


@games
def test_theorems_on_every_draw(game, sizes):
    characteristic = int(np.prod([1 + (-1) ** (size - 1) for size in sizes]))
    for seed in range(4):
        draw = game.draw(sizes, rng=seed)
        points = found(draw)
        assert points.complete and points.roots == points.bound
        assert points.morse_sum() == characteristic  # Morse; Poincare and Hopf
        assert points.count % 2 == points.bound % 2 == 0  # complex solutions come in pairs
        if len(game.players) == 1:
            assert np.array_equal(points.signs, (-1) ** points.index)
        for x in draw.gradient(points.points):
            assert np.abs(x).max(initial=0) < 1e-11
        assert points.residual.max(initial=0) < 1e-13
        np.testing.assert_allclose(points.energies * np.sqrt(sum(sizes)), draw.losses(points.points))
        assert np.all(np.diff(points.energies[:, 0]) > -1e-9)
        np.testing.assert_array_equal(points.index.reshape(points.count, -1), draw.indices(points.points))


@games
def test_losses_are_polynomials_that_follow_the_symmetries(game, sizes):
    draw = game.draw(sizes, rng=11)
    x = np.concatenate(random_points(sizes, np.random.default_rng(1), (3,)), axis=-1)
    exponents, coefficients = loss_polynomials(draw)
    assert len(np.unique(exponents, axis=0)) == len(exponents)
    losses = np.prod(x[:, None] ** exponents, axis=-1) @ coefficients.T
    np.testing.assert_allclose(losses, draw.losses(x), atol=1e-12)
    symmetries = system(draw).symmetries
    for image, signs in zip(symmetries, loss_signs(game, symmetries, sizes), strict=True):
        images = draw.losses(x * image[: sum(sizes)])
        for a, sign in enumerate(signs):
            assert np.allclose(images[:, a], sign * losses[:, a]) == (sign != 0)


@games
def test_newton_from_random_points_finds_the_same_points(game, sizes):
    draw = game.draw(sizes, rng=12)
    points, sampled = found(draw), found(draw, search="multistart", starts=600)
    assert not sampled.complete and not sampled.proven and sampled.bound is None
    assert same_sets(together(points), together(sampled))


@pytest.mark.parametrize("n", [2, 5, 12])
def test_pure_2_has_the_eigenvectors_of_a_matrix(n):
    draw = sg.pure(2).draw(n, rng=1)
    points = found(draw)
    assert points.count == points.bound == 2 * n
    # the matrix of the form by polarisation of the loss
    sums = np.eye(n)[:, None] + np.eye(n)
    lengths = np.linalg.norm(sums, axis=-1)
    values = draw.losses(sums / lengths[..., None])[..., 0] * lengths**2
    matrix = values - np.diag(values)[:, None] / 4 - np.diag(values) / 4
    values = np.linalg.eigvalsh(matrix)
    np.testing.assert_allclose(points.energies[:, 0], np.repeat(values / 2, 2) / np.sqrt(n), atol=1e-12)
    np.testing.assert_array_equal(points.index, np.repeat(np.arange(n), 2))


@pytest.mark.parametrize("terms", [{2: 1}, {3: 1}, {5: 1}, {1: 2, 2: 1}, {1: 0.1, 3: 0.5, 4: 0.5}, {2: 1, 6: 0.2}])
def test_counts_on_the_circle_are_those_of_roots_of_polynomials(terms):
    counts = set()
    for seed in range(12):
        draw = sg.mixed(terms).draw(2, rng=seed)
        points = found(draw)
        assert points.count == count_on_circle(draw, max(terms))
        assert points.bound == 2 * max(terms)
        counts.add(points.count)
    assert len(counts) > 1 or terms == {2: 1}


@pytest.mark.parametrize("name", ["gan 2 2", "gan 3 2"])
def test_counts_on_two_circles_are_those_of_sign_changes_on_a_grid(name):
    game, sizes = GAMES[name]
    for seed in range(3):
        draw = game.draw(sizes, rng=seed)
        assert same_sets(together(found(draw)), equilibria_on_two_circles(draw))


@pytest.mark.parametrize(("p", "n", "draws"), [(3, 6, 20), (3, 7, 8), (3, 8, 3), (4, 5, 5), (5, 4, 5)])
def test_pure_draws_have_all_their_complex_eigenpairs(p, n, draws):
    assert draws > 2
    for seed in range(draws):
        points = found(sg.pure(p).draw(n, rng=seed))
        assert points.roots == points.bound == 2 * ((p - 1) ** n - 1) // (p - 2)
        assert points.morse_sum() == 1 + (-1) ** (n - 1)
        x = points.points[0]
        assert same_sets(x, -x)
        np.testing.assert_allclose(np.sort(points.energies[:, 0]), np.sort((-1) ** p * points.energies[:, 0]))


def test_mean_count_agrees_with_the_exact_one():
    counts = np.array([found(sg.pure(3).draw(3, rng=seed)).count for seed in range(200)])
    exact = sg.mean_count(sg.pure(3), 3).mean
    z = (counts.mean() - exact) / (counts.std(ddof=1) / np.sqrt(len(counts)))
    assert abs(z) < 3.5 and set(counts) == {2, 6, 10, 14}


def test_a_strong_random_field_leaves_two_points():
    points = found(sg.mixed({1: 100.0, 3: 1.0}).draw(5, rng=1))
    assert points.count == 2 and points.index.tolist() == [0, 4] and points.roots == 62


def test_the_answer_does_not_depend_on_the_search():
    draw = sg.gan(2, 1, sigma_z=1, kappa=0.5).draw((3, 3), rng=5)
    first, second = found(draw, rng=1), found(draw, rng=2)
    np.testing.assert_allclose(together(first), together(second), atol=1e-12)
    np.testing.assert_array_equal(first.index, second.index)
    again = found(draw, rng=1)
    np.testing.assert_array_equal(together(first), together(again))
    assert (first.seed, found(draw).seed) == (1, 5)


def test_as_many_paths_as_the_limit_are_followed_and_not_one_more():
    draw = sg.pure(3).draw(4, rng=1)
    with pytest.raises(ValueError, match=r"limit: expected at most 14 paths, got 15 .*limit=15"):
        found(draw, limit=14)
    assert found(draw, limit=15).paths == 15


def test_what_a_family_knows_is_derived_once_for_all_its_draws(monkeypatch):
    calls = Counter()

    def counted(name):
        original = getattr(family, name)

        def call(*arguments):
            calls[name] += 1
            return original(*arguments)

        monkeypatch.setattr(family, name, call)

    for name in ("supports_of", "sign_symmetries", "root_count", "tables_of"):
        counted(name)
    game = sg.mixed({3: 1, 4: 0.123})
    for seed in (1, 2):
        assert critical_points(game.draw(3, rng=seed)).complete
    assert set(calls.values()) == {1} and len(calls) == 4, calls


def test_too_many_paths_are_refused_at_once():
    with pytest.raises(ValueError, match=r'got 1048575 at sizes .*limit=1048575, .*search="multistart"'):
        critical_points(sg.pure(3).draw(20, rng=1))
    points = found(sg.pure(3).draw(20, rng=1), search="multistart", starts=20)
    assert 0 < points.count <= 40 and points.residual.max() < 1e-9


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"search": "some"}, ValueError, "search: expected one of all, multistart, got 'some'"),
        ({"limit": 0}, ValueError, "limit: expected an integer of at least 1"),
        ({"starts": "many"}, TypeError, "starts: expected an integer"),
        ({"rng": -1}, ValueError, "rng: expected a non-negative int"),
    ],
)
def test_a_search_refuses(options, error, words):
    with pytest.raises(error, match=words):
        critical_points(sg.pure(3).draw(3, rng=1), **options)
    with pytest.raises(TypeError, match="draw: expected a draw such as"):
        critical_points(sg.pure(3), **options)


def test_results_can_be_read_and_stored():
    points = found(sg.gan(2, 1, sigma_z=1, kappa=0.5).draw((2, 3), rng=1))
    assert [x.shape for x in points.points] == [(points.count, 2), (points.count, 3)]
    assert points.energies.shape == points.index.shape == (points.count, 2)
    content = json.loads(json.dumps(points.to_dict()))
    assert content["count"] == points.count and np.array_equal(content["points"][1], points.points[1])
    assert len(points.table().splitlines()) == points.count + 2
    assert f"CriticalPoints({points.count}, complete: " in repr(points)


def test_without_flint_there_is_no_proof(monkeypatch):
    monkeypatch.setattr(api, "find_spec", lambda name: None)
    points = critical_points(sg.pure(3).draw(3, rng=1))
    assert points.complete and not points.proven and "pip install python-flint" in points.note


@games
def test_every_draw_can_be_proven(game, sizes):
    pytest.importorskip("flint")
    draw = game.draw(sizes, rng=21)
    points, unproven = critical_points(draw), found(draw)
    assert points.proven and points.complete and not unproven.proven
    assert same_sets(together(points), together(unproven))
    assert points.radius.max() < 1e-12 and np.isinf(unproven.radius).all()
    np.testing.assert_array_equal(points.index.reshape(points.count, -1), draw.indices(points.points))
    low, high = np.moveaxis(points.energy_bounds, -1, 0)
    energies = draw.losses(points.points) / np.sqrt(sum(sizes))
    decided = np.isfinite(low)
    assert decided[:, 0].any()
    assert np.all((low <= energies + 1e-14) & (energies <= high + 1e-14))
    assert (high - low)[decided].max() < 1e-11


def test_nothing_is_proven_of_an_incomplete_list(monkeypatch):
    pytest.importorskip("flint")
    draw = sg.pure(3).draw(4, rng=1)
    solutions = homotopy.all_solutions(draw, np.random.default_rng(1))
    cut = dataclasses.replace(solutions, representatives=solutions.representatives[1:])
    monkeypatch.setattr(api, "all_solutions", lambda *_: cut)
    points = critical_points(draw)
    assert not points.proven and not points.complete and points.roots == 28 and points.bound == 30
    assert "at least" in repr(points)


def test_energies_without_a_common_sign_have_no_bounds():
    """Two terms that change differently under a change of sign: the bound of one point says nothing of its image."""
    pytest.importorskip("flint")
    game = sg.SphericalGame([0.5, 0.5], [{(2, 0): 1, (0, 3): 1}], [[1]], [[0, 1]])
    points = critical_points(game.draw((2, 2), rng=1))
    assert points.proven and points.bound == 4 * 6
    assert 0 < np.isfinite(points.energy_bounds).all(axis=(1, 2)).sum() < points.count
