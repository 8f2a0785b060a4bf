"""Proofs of complete lists of equilibria against games whose solutions are known, and refusals of wrong lists."""

import itertools
import sys
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.polynomial import polynomial

import spinglass as sg
from spinglass.landscape.draw import draw
from spinglass.landscape.family.root_count import root_count
from spinglass.landscape.proof import certificate as module
from spinglass.landscape.proof.certificate import prove
from spinglass.landscape.solutions.homotopy import all_solutions
from spinglass.landscape.system import system

pytest.importorskip("flint")


def equations(sizes, gradients):
    """Make a system of one mapping {exponents: coefficient} per coordinate."""
    exponents = sorted({e for gradient in gradients for e in gradient})
    coefficients = [[gradient.get(e, 0.0) for e in exponents] for gradient in gradients]
    return SimpleNamespace(sizes=sizes, exponents=np.array(exponents), coefficients=np.array(coefficients))


def both_signs(n):
    return np.array([np.ones(n, int), -np.ones(n, int)])


def quadratic(matrix):
    n = len(matrix)
    return SimpleNamespace(sizes=(n,), exponents=np.eye(n, dtype=int), coefficients=matrix)


def random_matrix(n, seed):
    a = np.random.default_rng(seed).normal(size=(n, n))
    return a + a.T


def eigenpairs(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return np.column_stack([vectors.T, values])


def binary_form(c):
    """The form sum_k c_k x^k y^(d-k) on a circle: the system and all its solutions, from the roots in t = x/y."""
    d = len(c) - 1
    gradients = [
        {(k - 1, d - k): k * c[k] for k in range(1, d + 1)},
        {(k, d - k - 1): (d - k) * c[k] for k in range(d)},
    ]
    # y L_x - x L_y = 0 with x = t, y = 1
    slope = polynomial.polysub(polynomial.polyder(c), polynomial.polymulx([(d - k) * c[k] for k in range(d)]))
    t = polynomial.polyroots(slope)
    points = np.column_stack([t, np.ones(d)]) / np.sqrt(t**2 + 1 + 0j)[:, None]
    multipliers = d * sum(c[k] * points[:, 0] ** k * points[:, 1] ** (d - k) for k in range(d + 1))
    return equations((2,), gradients), np.column_stack([points, multipliers])


def fold(h):
    """L = x^2/2 - h x on the circle: equilibria at y = 0 and, real for |h| < 1, at x = h."""
    y = np.sqrt(complex((1 - h) * (1 + h)))
    return equations((2,), [{(0, 0): -h, (1, 0): 1.0}, {}]), np.array(
        [[1, 0, 1 - h], [-1, 0, 1 + h], [h, y, 0], [h, -y, 0]]
    )


@pytest.mark.parametrize("n", [2, 3, 8])
def test_eigenvectors_are_all_critical_points_of_a_quadratic_form(n):
    matrix = random_matrix(n, seed=n)
    pairs = eigenpairs(matrix)
    form = (
        [np.eye(n, dtype=int)[i] + np.eye(n, dtype=int)[j] for i in range(n) for j in range(n)],
        [matrix.ravel() / 2],
    )
    proof = prove(quadratic(matrix), pairs, 2 * n, both_signs(n), losses=form)
    assert proof.proven and proof.reason == f"all {2 * n} roots are proven" and proof.count == proof.bound
    assert proof.real.all() and np.all(proof.radii < 1e-12)
    assert proof.index.ravel().tolist() == list(range(n))
    energies = pairs[:, -1] / 2 / np.sqrt(n)
    assert np.abs(proof.energies[:, 0] - energies[:, None]).max() < 1e-12


@pytest.mark.parametrize("d", [3, 4, 5])
@pytest.mark.parametrize("seed", range(4))
def test_all_complex_solutions_of_a_form_on_a_circle(d, seed):
    c = np.random.default_rng(seed).normal(size=d + 1)
    form, solutions = binary_form(c)
    bound, sharp = root_count([[(d,)]], [2])
    proof = prove(form, solutions, bound, both_signs(2))
    assert sharp and proof.proven and proof.isolated.all()
    assert proof.real.tolist() == (np.abs(solutions.imag).max(axis=1) < 1e-9).tolist()
    assert prove(form, np.concatenate([solutions, -solutions * [1, 1, (-1) ** (d + 1)]]), bound).proven  # no group


def test_two_players_that_do_not_see_each_other():
    """L_1 = cos 3 theta on one circle, L_2 = x^2/2 on another: 6 times 4 equilibria at known places."""
    gradients = [{(2, 0, 0, 0): 3.0, (0, 2, 0, 0): -3.0}, {(1, 1, 0, 0): -6.0}, {(0, 0, 1, 0): 1.0}, {}]
    game = equations((2, 2), gradients)
    first = [(np.cos(k * np.pi / 3), np.sin(k * np.pi / 3), 3 * (-1) ** k) for k in range(6)]
    second = [(1, 0, 1), (-1, 0, 1), (0, 1, 0), (0, -1, 0)]
    solutions = [[x, y, u, v, a, b] for (x, y, a), (u, v, b) in itertools.product(first, second)]
    bound, _ = root_count([[(3, 0)], [(0, 2)]], [2, 2])
    proof = prove(game, solutions, bound)
    assert proof.proven and proof.real.all() and bound == 24
    expected = [[(k + 1) % 2, abs(u)] for k, (u, _, _) in itertools.product(range(6), second)]
    assert proof.index.tolist() == expected
    together = prove(game, solutions, bound, players=[[1, 0]])
    assert together.index.ravel().tolist() == np.sum(expected, axis=1).tolist()
    signs = [[s, s, t, t] for s in (1, -1) for t in (1, -1)]
    orbits = [z for z in solutions if (z[0], z[2] + z[3]) > (0, 0) and z[2] + z[3] > 0]
    assert len(orbits) == 6 and prove(game, orbits, bound, signs).proven
    mirrored = [[1, s, t, u] for s in (1, -1) for t in (1, -1) for u in (1, -1)]  # y = 0 is its own mirror image
    images = [z for z in solutions if z[1] >= -1e-9 and z[2] >= 0 and z[3] >= 0]
    assert prove(game, images, bound, mirrored).proven


@pytest.mark.parametrize(
    "game, sizes",
    [
        (sg.pure(3), 7),
        (sg.mixed({1: 0.5, 3: 1.0}), 5),
        (sg.gan(p=2, q=1, sigma_z=0.5, kappa=0.5), (2, 3)),
        (sg.bipartite(2, 1, kappa=0.5), (3, 3)),
    ],
)
def test_every_equilibrium_of_a_draw(game, sizes):
    one = draw(game, sizes, rng=3)
    solutions = all_solutions(one, np.random.default_rng(1))
    proof = prove(system(one), solutions.representatives, solutions.family.bound, players=game.players)
    assert proof.proven
    x = proof.solutions[proof.real, : sum(one.sizes)].real
    assert len(x) and proof.index.tolist() == one.indices(x).tolist()
    if len(game.players) == 1:  # the tangent spaces have even dimension, so that images have indices of one parity
        euler = np.prod([1 + (-1) ** (size - 1) for size in one.sizes])
        assert len(solutions.family.symmetries) * np.sum((-1) ** proof.index) == euler


@pytest.mark.parametrize("seed", range(3))
def test_energies_hold_the_values_at_fifty_digits(seed):
    c = np.random.default_rng(seed).normal(size=4)
    form, solutions = binary_form(c)
    losses = ([(k, 3 - k) for k in range(4)], [c, -2 * c])
    # The coefficients of the gradient are rounded, 3 c among them: the root is that of the rounded ones.
    proof = prove(form, solutions, 6, both_signs(2), losses=losses)
    assert proof.proven and proof.energies.shape == (proof.real.sum(), 2, 2)
    with mpmath.workdps(50):
        for z, bounds in zip(proof.solutions[proof.real].real, proof.energies, strict=True):

            def field(t):
                x = [mpmath.cos(t), mpmath.sin(t)]
                f = [
                    sum(
                        mpmath.mpf(a) * x[0] ** int(i) * x[1] ** int(j)
                        for a, (i, j) in zip(row, form.exponents, strict=True)
                    )
                    for row in form.coefficients
                ]
                return f[1] * x[0] - f[0] * x[1]

            t = mpmath.findroot(field, mpmath.atan2(z[1], z[0]))
            x, y = mpmath.cos(t), mpmath.sin(t)
            value = sum(mpmath.mpf(a) * x**k * y ** (3 - k) for k, a in enumerate(c)) / mpmath.sqrt(2)
            assert bounds[0, 0] <= value <= bounds[0, 1] and bounds[1, 0] <= -2 * value <= bounds[1, 1]
            assert np.all(bounds[:, 1] - bounds[:, 0] < 1e-12)


class TestWrongLists:
    """A form of degree 4 on a circle with real and complex solutions."""

    form, solutions = binary_form(np.random.default_rng(2).normal(size=5))
    real = np.abs(solutions.imag).max(axis=1) < 1e-9

    def prove(self, solutions):
        return prove(self.form, solutions, 8, both_signs(2))

    def test_the_right_list_has_both_kinds(self):
        assert self.prove(self.solutions).proven
        assert self.real.any() and not self.real.all()

    def test_missing(self):
        proof = self.prove(np.delete(self.solutions, np.flatnonzero(self.real)[0], axis=0))
        assert not proof.proven and proof.reason == "6 of 8 roots are proven" and proof.isolated.all()
        assert not self.prove(self.solutions[self.real]).proven

    def test_half_of_a_conjugate_pair_is_enough(self):
        proof = self.prove(np.delete(self.solutions, np.flatnonzero(~self.real)[0], axis=0))
        assert proof.proven

    def test_duplicate(self):
        proof = self.prove(self.solutions[[*range(4), 0]])
        assert not proof.proven and proof.reason == "1 of 5 candidates could not be told from others"
        replaced = self.solutions.copy()
        replaced[np.flatnonzero(self.real)[1]] = -replaced[np.flatnonzero(self.real)[0]] * [1, 1, -1]
        proof = self.prove(replaced)
        assert not proof.proven and proof.count == 6 and "6 of 8 roots" in proof.reason

    def test_false_conjugate(self):
        wrong = self.solutions.copy()
        first, second = np.flatnonzero(~self.real)
        wrong[second] = wrong[first]
        proof = self.prove(wrong)
        assert not proof.proven and "could not be told from others" in proof.reason

    def test_perturbed(self):
        moved = self.solutions.copy()
        near = self.prove(moved * (1 + 1e-4))
        assert near.proven and np.abs(near.solutions - moved).max() < 1e-9
        moved[0] = [0.3, 4.0, -2.0]
        assert not self.prove(moved).proven

    def test_not_a_root(self):
        """Where the Jacobian vanishes nothing can be proven."""
        proof = self.prove([*self.solutions[1:], [0, 0, 0]])
        assert not proof.proven and not proof.isolated[-1] and proof.radii[-1] == np.inf
        assert proof.count == 8 - 2 * int(self.real[0])  # of a pair the other one is left
        assert self.prove([[0, 0, 0], *self.solutions[1:]]).count == proof.count
        assert "1 of 4 candidates could not be proven to be roots" in proof.reason

    @pytest.mark.parametrize("size", [1e20, 1e99])
    def test_far_away(self, size):
        moved = self.solutions.copy()
        moved[0] = [size, 1, size]
        proof = self.prove(moved)
        assert not proof.proven and (not proof.isolated[0] or np.abs(proof.solutions[0]).max() < 10)

    @pytest.mark.parametrize("bound", [6, 10])
    def test_wrong_bound(self, bound):
        proof = prove(self.form, self.solutions, bound, both_signs(2))
        assert not proof.proven and str(bound) in proof.reason


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 16), st.sampled_from([-1, 1]), st.floats(-1e-9, 1e-9), st.integers(0, 10))
@example(12.3125, 1, 0.0, 0)  # decided in smaller boxes
def test_merging_roots_are_proven_or_not_but_never_wrong(digits, side, noise, seed):
    h = 1 - side * 10.0**-digits
    game, solutions = fold(h)
    shaken = solutions + noise * np.random.default_rng(seed).normal(size=solutions.shape)
    proof = prove(game, shaken, 4)
    if proof.proven:
        inside = -1 < h < 1
        assert proof.real.sum() == (4 if inside else 2)
        energies = proof.solutions[proof.real, 0].real
        expected = {True: {1: [1], -1: [1], 0: [0]}, False: {1: [0], -1: [1]}}[inside]
        for x, index in zip(energies, proof.index.tolist(), strict=True):
            place = 1 if x == 1 else -1 if x == -1 else 0
            assert index == expected[place] or (index == [-1] and digits > 13)
    if digits < 12 and h != -1:
        assert proof.proven


def test_roots_at_a_distance_of_a_millionth_are_told_apart():
    for h in (1 - 5e-13, 1 + 5e-13):
        game, solutions = fold(h)
        proof = prove(game, solutions, 4)
        assert proof.proven and proof.real.sum() == (4 if h < 1 else 2)


def test_a_complex_pair_near_the_real_points_takes_more_bits():
    game, solutions = fold(1 + 1e-15)
    proof = prove(game, solutions, 4)
    assert proof.proven and proof.real.tolist() == [True, True, False, False]
    assert np.all(proof.index == [[0], [1]])


@pytest.mark.parametrize("guess", [True, False])
def test_what_is_real_does_not_depend_on_the_first_guess(monkeypatch, guess):
    form, solutions = binary_form(np.random.default_rng(2).normal(size=5))
    expected = prove(form, solutions, 8, both_signs(2))
    monkeypatch.setattr(module, "newton", lambda equations, z: (z, np.full(len(z), guess)))
    proof = prove(form, solutions, 8, both_signs(2))
    assert proof.proven and proof.real.tolist() == expected.real.tolist() == [True, False, False, True]
    assert proof.index.tolist() == expected.index.tolist()


def test_a_triple_root_is_not_proven():
    game, solutions = fold(1.0)
    proof = prove(game, solutions, 4)
    assert not proof.proven and proof.isolated.tolist() == [False, True, False, False]


def test_a_whole_circle_of_solutions_is_not_proven():
    matrix = np.diag([1.0, 1.0, 2.0])
    proof = prove(quadratic(matrix), eigenpairs(matrix), 6, both_signs(3))
    assert not proof.proven and proof.isolated.tolist() == [False, False, True]
    assert not prove(quadratic(matrix), np.empty((0, 4)), 6).proven


def test_an_index_that_cannot_be_decided_is_not_given():
    """L_1 = -L_2 = x u: where both cosines vanish so do the players' own Hessians, yet the equilibrium is isolated."""
    game = equations((2, 2), [{(0, 0, 1, 0): 1.0}, {}, {(1, 0, 0, 0): -1.0}, {}])
    signs = list(itertools.product((1, -1), repeat=2))
    flat = [[0, s, 0, t, 0, 0] for s, t in signs]
    steep = [[s, 0, t, 0, s * t, -s * t] for s, t in signs]
    proof = prove(game, flat + steep, root_count([[(1, 1)], [(1, 1)]], [2, 2])[0])
    assert proof.proven and proof.real.all()
    assert proof.index[:4].tolist() == [[-1, -1]] * 4
    assert proof.index[4:].tolist() == [[int(s * t > 0), int(s * t < 0)] for s, t in signs]


def test_wrong_arguments_are_told(monkeypatch):
    matrix = random_matrix(3, seed=1)
    form, pairs = quadratic(matrix), eigenpairs(matrix)
    with pytest.raises(ValueError, match=r"solutions: expected numbers below 1e\+100 of shape \(m, 4\)"):
        prove(form, pairs[:, :3], 6)
    for factor in (np.nan, np.inf, 1e200):
        with pytest.raises(ValueError, match="solutions: expected numbers below"):
            prove(form, pairs * factor, 6)
    with pytest.raises(ValueError, match="signs: expected changes of sign that keep the equations"):
        prove(form, pairs, 6, [[1, 1, 1], [1, -1, 1]])
    with pytest.raises(ValueError, match=r"signs: expected \[1\] for the multipliers"):
        prove(form, pairs, 6, [[-1, -1, -1, -1]])
    with pytest.raises(ValueError, match="signs: expected rows of 3 signs"):
        prove(form, pairs, 6, [[1, 1, 2]])
    with pytest.raises(ValueError, match="players: expected every sphere"):
        prove(form, pairs, 6, players=[[0], [1]])
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(ImportError, match="pip install python-flint"):
        prove(form, pairs, 6)
