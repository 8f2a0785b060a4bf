"""All complex solutions of a draw: that they solve, that paths lead to them, and what happens to lost paths."""

from types import SimpleNamespace

import numpy as np
import pytest

import spinglass as sg
from spinglass.landscape import critical_points
from spinglass.landscape.family.family import coefficients_of, family_of
from spinglass.landscape.family.root_count import root_count
from spinglass.landscape.solutions import homotopy, paths
from spinglass.landscape.solutions.fermat import fermat_member
from spinglass.landscape.solutions.monodromy import monodromy_member
from spinglass.landscape.solutions.newton import _descend, on_spheres
from spinglass.landscape.solutions.orbits import merge
from spinglass.landscape.system import system

from .._games import GAMES, same_sets, together

games = pytest.mark.parametrize(("game", "sizes"), GAMES.values(), ids=GAMES)


def found(draw):
    return critical_points(draw, proof=False)


@games
def test_solutions_solve_and_come_with_their_images(game, sizes):
    draw = game.draw(sizes, rng=11)
    solutions = homotopy.all_solutions(draw, np.random.default_rng(1))
    equations = system(draw)
    symmetries = solutions.family.symmetries
    np.testing.assert_array_equal(equations.symmetries, symmetries)
    images = (solutions.representatives[:, None] * symmetries).reshape(-1, solutions.representatives.shape[1])
    assert equations.residual(images).max() < 1e-9 * np.abs(images).max() ** max(map(sum, equations.exponents))
    assert len(merge(images[:0], images)[0]) == len(images) == solutions.family.bound
    assert same_sets(images, images.conj())


def test_a_search_that_stops_early_returns_what_has_arrived():
    draw, rng = sg.pure(3).draw(6, rng=1), np.random.default_rng(2)
    starts = on_spheres(draw, rng.standard_normal((200, 6)))
    scale = np.linalg.norm(draw.gradient(starts), axis=1).max()
    counts = []
    for rounds in range(12):
        found = _descend(draw, starts.copy(), rounds)
        counts.append(len(found))
        assert np.linalg.norm(draw.gradient(found), axis=1).max(initial=0) < 1e-8 * scale
    assert counts[0] == 0 and np.all(np.diff(counts) >= 0) and counts[4] < counts[8] and counts[-1] > 150


def test_monodromy_finds_as_many_solutions_as_are_known_on_one_sphere():
    for terms, n in (({3: 1}, 4), ({1: 1, 2: 1}, 4), ({2: 1, 4: 1}, 3)):
        game = sg.mixed(terms)
        family = family_of(game, (n,))
        coefficients, known = fermat_member(family, np.random.default_rng(1))
        member, solutions = monodromy_member(family, None, np.random.default_rng(2))
        bound, sharp = root_count(family.supports, (n,))
        assert (family.bound, family.sharp, family.orbits) == (bound, sharp, len(known))
        assert sharp and len(known) == len(solutions) == bound / len(family.symmetries)
        ends, arrived, _ = paths.follow(family, known, coefficients, member, 0.005)
        assert arrived.all() and same_sets(family.representatives(ends), solutions)


def test_paths_follow_the_solutions():
    """Half way along a segment the solutions are those of the system with the coefficients half way."""
    first, last = (sg.pure(3).draw(4, rng=seed) for seed in (1, 2))
    solutions = homotopy.all_solutions(first, np.random.default_rng(1)).representatives
    family = family_of(first.game, first.sizes)
    middle = np.exp(0.3j) * coefficients_of(first) / 2 + coefficients_of(last) / 2
    solutions = solutions * np.concatenate([np.ones(4), [np.exp(0.3j)]])
    there, arrived, _ = paths.follow(family, solutions, np.exp(0.3j) * coefficients_of(first), middle, 0.005)
    back, returned, _ = paths.follow(family, there, middle, np.exp(0.3j) * coefficients_of(first), 0.005)
    assert arrived.all() and returned.all()
    np.testing.assert_allclose(back, solutions, atol=1e-9)


def test_lost_paths_are_run_again(monkeypatch):
    draw = sg.pure(3).draw(8, rng=3)
    expected = found(draw)
    monkeypatch.setattr(paths, "TOLERANCE", 5.0)  # steps far too long, and longer than the default when repeated
    hasty = found(draw)
    assert hasty.paths > expected.paths == 255 and expected.attempts == 1
    assert same_sets(together(expected), together(hasty))


def test_paths_with_one_end_or_none_are_run_again_with_smaller_steps(monkeypatch):
    asked = []

    def follow(family, solutions, start, end, tolerance):
        """At first path 2 jumps to the end of path 0, and path 3 is lost."""
        asked.append((solutions[:, 0].real.tolist(), tolerance))
        ends, arrived = solutions + 10, np.full(len(solutions), True)
        if tolerance == paths.TOLERANCE:
            ends[2], arrived[3] = ends[0], False
        return ends, arrived, 7

    monkeypatch.setattr(paths, "follow", follow)
    family = SimpleNamespace(representatives=lambda z: z, sphere=np.zeros(2, dtype=int))
    solutions = np.arange(5.0)[:, None] + np.array([0, 1, 2j])
    ends, followed, steps = paths.follow_to_ends_of_their_own(family, solutions, None, None)
    assert asked[0] == ([0, 1, 2, 3, 4], paths.TOLERANCE) and len(asked) == 2
    assert asked[1][0] == [0, 2, 3] and asked[1][1] < paths.TOLERANCE
    np.testing.assert_array_equal(ends, solutions + 10)
    assert (followed, steps) == (8, 14)


def test_a_search_that_missed_roots_says_so(monkeypatch):
    monkeypatch.setattr(paths, "TOLERANCE", 50.0)
    monkeypatch.setattr(homotopy, "ATTEMPTS", 1)
    points = found(sg.pure(3).draw(8, rng=3))
    assert points.roots < points.bound and not points.complete and not points.proven
