"""The supremum behind every complexity against brute force: random samples and many local searches."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import spinglass as sg
from spinglass.complexity.games.joint_players import JointSupremum
from spinglass.complexity.games.linear import Linear
from spinglass.complexity.games.maximise import is_top
from spinglass.complexity.games.starts import box_samples
from spinglass.complexity.games.supremum import NONE, Annealed
from spinglass.spectra import BlockGaussian, LogDeterminant

QUESTIONS = ("at", "below", "total")


class BruteForce:
    """Sigma(g) of a game from its local law, maximised by sampling and by SLSQP from many starts."""

    def __init__(self, game, index):
        self.law = law = game.local_law()
        self.psi = LogDeterminant(law)
        self.edges = 2 * np.sqrt(law.fractions * np.diag(law.jacobian_variance))
        pairs = zip(index or [None] * len(law.players), law.players, strict=True)
        self.own = [(k, moved[0]) for k, moved in pairs if k is not None]
        self.constant = 0.5 - 0.5 * law.fractions @ np.log(law.fractions * law.gradient_variance)

    def sigma(self, g):
        d = g @ self.law.shifts.T
        value, slope = self.psi(d) - 0.5 * np.sum(g * g, axis=-1) + self.constant, self.psi.gradient(d)
        for k, s in self.own:
            y = np.maximum(d[..., s] / self.edges[s], 1.0)
            value = value - k * self.law.fractions[s] * (y * np.sqrt((y - 1) * (y + 1)) - np.arccosh(y))
            slope[..., s] -= k * self.law.fractions[s] * 2 * np.sqrt((y - 1) * (y + 1)) / self.edges[s]
        return value, slope @ self.law.shifts - g

    def supremum(self, question, u, rng, samples=800, starts=4):
        law, m = self.law, self.law.shifts.shape[1]
        upper, bound = -law.shifts[[s for _, s in self.own]], -self.edges[[s for _, s in self.own]]
        origin, free = np.zeros(m), np.eye(m)
        if question == "at":
            rank = np.linalg.matrix_rank(law.losses, tol=1e-10 * np.linalg.norm(law.losses, 2))
            origin, free = np.linalg.pinv(law.losses) @ u, np.linalg.svd(law.losses)[2][rank:].T
            if np.abs(law.losses @ origin - u).max() > 1e-9 * (1 + np.abs(u).max()):
                return -np.inf
        elif question == "below":
            finite = np.isfinite(u)
            upper, bound = np.vstack([upper, law.losses[finite]]), np.concatenate([bound, u[finite]])
        size = np.linalg.norm(upper, axis=1)
        z = rng.normal(size=(samples, free.shape[1])) * rng.choice([0.3, 1.0, 2.5], size=(samples, 1))
        z[0] = 0
        places = origin + z @ free.T
        inside = np.all(places @ upper.T <= bound + 1e-12 * size, axis=1)
        heights = np.where(inside, self.sigma(places)[0], -np.inf)
        best = heights.max()
        if not free.size:
            return best

        def minus(y):
            value, slope = self.sigma(origin + free @ y)
            return -value, -slope @ free

        walls = {"type": "ineq", "fun": lambda y: bound - upper @ (origin + free @ y), "jac": lambda y: -upper @ free}
        for start in [*z[np.argsort(-heights)[:starts]], *z[:2]]:
            found = minimize(
                minus,
                start,
                jac=True,
                method="SLSQP",
                constraints=[walls] if len(bound) else [],
                options={"ftol": 1e-15},
            )
            place = origin + free @ found.x
            if np.all(upper @ place <= bound + 1e-11 * size):
                best = max(best, self.sigma(place)[0])
        return best


def compare(game, u, index, seed, starts=4, questions=QUESTIONS):
    """Check that no search finds more than the supremum does, and that a search finds it too."""
    annealed, brute = Annealed(game.local_law()), BruteForce(game, index)
    outliers = annealed.outliers(index) if index else NONE
    losses, u = annealed.local.losses, np.array(u, dtype=float)
    linear = {
        "at": Linear.equally(losses, u[None]),
        "below": Linear.at_most(losses, u[None]),
        "total": Linear.free(annealed.local.shifts.shape[1]),
    }
    for question in questions:
        ours = annealed.supremum(linear[question], outliers).values[0]
        other = brute.supremum(question, u, np.random.default_rng(seed), starts=starts)
        size = 0 if ours == other else max(1, abs(other))  # both may be -inf
        told = (question, game, u, index, ours, other)
        assert ours == other or (ours > -np.inf and other <= ours + 1e-9 * size), told
        assert ours <= other + 1e-6 * size, told


def rotated(rho):
    xi = {(2, 1): 1.0, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
    return sg.SphericalGame([0.4, 0.6], [xi, xi], [[1.0, 0.0], [rho, (1 - rho**2) ** 0.5]], [[0], [1]])


THREE = sg.SphericalGame(
    [0.2, 0.3, 0.5],
    [
        {(1, 1, 1): 1.0, (3, 0, 0): 0.4, (0, 2, 0): 5.0, (0, 0, 3): 0.3},
        {(1, 0, 2): 2.0, (0, 3, 0): 0.2, (1, 0, 0): 1.0},
    ],
    [[1.0, 0.3], [0.5, -1.0], [0.0, 1.0]],
    [[0], [1], [2]],
)
GLASS = sg.SphericalGame(
    [0.2, 0.3, 0.5], [{(1, 2, 0): 1.0, (0, 1, 1): 0.3, (2, 0, 2): 0.7, (0, 0, 3): 0.1}], [[1]], [[0, 1, 2]]
)

CASES = {
    "gan": (sg.gan(3, 3, 1.0, 0.9), [-1.0, 0.5], [(0, 0), (1, 2), (None, 3)]),
    "weakly coupled gan": (sg.gan(3, 2, 1e-4, 0.6), [-1.5, 1e-4], [(0, 0), (0, None)]),
    "strongly coupled gan": (sg.gan(2, 5, 80.0, 0.1), [-100.0, 50.0], [(0, 1)]),
    "gan of extreme fraction": (sg.gan(4, 2, 0.3, 1 - 1e-6), [-0.5, -0.5], [(0, 0)]),
    "bipartite": (sg.bipartite(2, 2, 0.3), [-0.7], []),
    "bipartite mixture": (sg.SphericalGame([0.3, 0.7], [{(2, 1): 1.0, (1, 3): 0.5}], [[1]], [[0, 1]]), [-0.9], []),
    "random fields": (
        sg.SphericalGame([0.3, 0.7], [{(2, 1): 1.0, (1, 0): 4.0, (0, 1): 0.1, (0, 2): 0.2}], [[1]], [[0, 1]]),
        [-1.5],
        [],
    ),
    "three players": (THREE, [-0.5, 0.3, -0.2], [(0, 0, 0)]),
    "three species": (GLASS, [-0.6], []),
}
for rho in (-1.0, -0.5, 0.0, 0.9, 1.0):
    CASES[f"correlation {rho}"] = (rotated(rho), [-0.4, -0.4 if rho == 1 else 0.4], [(0, 0), (2, None)])


@pytest.mark.parametrize("name", CASES)
def test_no_search_finds_a_higher_point(name):
    game, u, indices = CASES[name]
    for index in (None, *indices):
        compare(game, u, index, seed=1)


@pytest.mark.parametrize("degrees", [(1, 1), (1, 3), (2, 1), (3, 1)])
@pytest.mark.parametrize("kappa", [0.05, 0.5, 0.95])
def test_species_without_own_variance(degrees, kappa):
    # rows of such a Hessian cannot always be balanced, and at shift 0 it may be singular
    game = sg.bipartite(*degrees, kappa=kappa)
    c = sg.complexity(game)
    u = np.linspace(-3, 3, 6001)
    rates = c(u)
    assert not np.isnan(rates).any()
    assert c.total() >= rates.max() - 1e-12
    assert abs(c.total() - rates.max()) < 1e-5
    np.testing.assert_allclose(c.below(u), np.maximum.accumulate(rates), atol=2e-5)
    first = u[np.flatnonzero(rates >= 0)[0]] if (rates >= 0).any() else None
    if first is not None and c.total() > 1e-9:
        assert first - 1e-3 - 1e-9 <= c.lowest_energy() <= first + 1e-9


def test_singular_value_problem_has_no_complexity():
    for kappa in (0.2, 0.5, 0.8):  # 2 min(N_1, N_2) critical points
        assert abs(sg.complexity(sg.bipartite(1, 1, kappa=kappa)).total()) < 1e-12


numbers = st.floats(-1, 1)
decades = st.floats(-1.5, 1.5).map(lambda x: round(10**x, 6))


@st.composite
def games(draw):
    kappa = draw(st.floats(0.05, 0.95))
    exponents = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any)
    fields = [
        {(3, 0): draw(decades), (0, 2): draw(decades)} | draw(st.dictionaries(exponents, decades, max_size=3))
        for _ in range(2)
    ]
    away = numbers.map(lambda x: round(x + np.copysign(0.1, x), 6))
    if draw(st.booleans()):
        return sg.SphericalGame([kappa, 1 - kappa], fields, [[draw(away), draw(away)]], [[0, 1]])
    weights = [[draw(away), draw(away)] for _ in range(2)]
    return sg.SphericalGame([kappa, 1 - kappa], fields, weights, [[0], [1]])


@settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(games(), numbers, numbers, st.sampled_from([None, (0, 0), (None, 1), (3, 0)]))
def test_no_search_finds_a_higher_point_on_random_games(game, first, second, index):
    size = np.linalg.norm(game.local_law().losses, axis=1)
    u = 1.5 * np.array([first, second])[: len(size)] * size
    compare(game, u, index if len(size) == 2 else None, seed=3)


def test_a_dense_grid_over_the_normals_is_never_higher():
    for game in (sg.SphericalGame([0.3, 0.7], [{(2, 1): 1.0, (1, 3): 0.5}], [[1]], [[0, 1]]), sg.bipartite(2, 3, 0.2)):
        brute = BruteForce(game, None)
        m = brute.law.shifts.shape[1]
        axis = np.linspace(-4, 4, 161)
        grid = np.stack(np.meshgrid(*[axis] * m, indexing="ij"), axis=-1).reshape(-1, m)
        heights, energies = brute.sigma(grid)[0], grid @ brute.law.losses[0]
        c = sg.complexity(game)
        assert 0 <= c.total() - heights.max() < 5e-3
        for u in (-1.2, -0.4, 0.3):
            assert 0 <= c.below(u) - heights[energies <= u].max() < 0.1


def test_dependent_equations():
    game = rotated(1.0)  # one loss, written twice
    c = sg.complexity(game)
    assert c(-0.5, -0.5) > 0
    assert c(-0.5, -0.4) == -np.inf
    np.testing.assert_array_equal(np.isfinite(c([-1.0, -0.2], [-1.0, 0.2])), [True, False])
    assert abs(c.below(-0.5, -0.4) - c.below(-0.5, np.inf)) < 1e-12
    opposite = sg.complexity(rotated(-1.0))
    assert opposite(-0.5, 0.5) > 0
    assert opposite(-0.5, -0.5) == -np.inf
    assert opposite.below(-0.5, -0.5) == -np.inf
    assert abs(opposite.below(-0.5, 0.5) - opposite(-0.5, 0.5)) < 1e-12
    assert abs(opposite.below(0.1, 0.2) - opposite.total()) < 1e-12


def test_nothing_exists():
    c = sg.complexity(sg.gan(3, 3, 1.0, 0.9))
    assert c.below(-np.inf, 1.0) == -np.inf
    assert c(np.inf, 1.0) == -np.inf
    linear = sg.SphericalGame([0.5, 0.5], [{(1, 1): 1, (2, 0): 1}], [[1]], [[0, 1]])
    assert sg.complexity(linear).total() > -np.inf
    # a species whose own Hessian is not random has no isolated eigenvalues at an index above 0
    flat = sg.SphericalGame([0.5, 0.5], [{(1, 1): 1, (2, 0): 1}, {(1, 1): 1}], [[1, 0], [0, 1]], [[0], [1]])
    assert sg.complexity(flat).total(index=(None, 1)) == -np.inf
    assert sg.complexity(flat).total(index=(None, 0)) > -np.inf


def test_joint_minima_of_a_bipartite_glass_against_a_scan():
    for degrees, kappa in (((2, 3), 0.5), ((1, 3), 0.4)):
        game = sg.bipartite(*degrees, kappa=kappa)
        law = game.local_law()
        c = sg.complexity(game)
        u = np.linspace(-3, 0, 3001)
        minimum = np.array(
            [
                BlockGaussian(law.jacobian_variance, law.fractions, law.shifts[:, 0] * law.losses[0, 0] * x).support[
                    0, 0
                ]
                for x in (-2.5, 0.0)
            ]
        )
        assert minimum[0] > 0 > minimum[1]  # minima far down, none at 0
        low, high = -2.5, 0.0
        for _ in range(50):
            middle = 0.5 * (low + high)
            edge = BlockGaussian(law.jacobian_variance, law.fractions, law.shifts[:, 0] * middle).support[0, 0]
            low, high = (middle, high) if edge > 0 else (low, middle)
        rates = np.where(u <= low, c(u), -np.inf)
        assert abs(c.total(index=0) - max(rates.max(), c(low))) < 1e-8
        assert abs(c.below(-2.0, index=0) - c(-2.0)) < 1e-9
        assert c(low + 1e-3, index=0) == -np.inf
        assert abs(c(low - 1e-3, index=0) - c(low - 1e-3)) < 1e-9


def test_joint_minima_of_a_mixture_against_a_dense_grid():
    game = sg.SphericalGame([0.4, 0.6], [{(2, 2): 1.0, (3, 1): 0.5}], [[1]], [[0, 1]])
    law = game.local_law()
    brute = BruteForce(game, None)
    m = law.shifts.shape[1]
    edge = JointSupremum(Annealed(law), (0,)).edges[0]
    c = sg.complexity(game)
    for bound, ours in ((np.inf, c.total(index=0)), (-2.0, c.below(-2.0, index=0))):
        centre, width, best = np.zeros(m), 4.0, -np.inf
        for _ in range(4):  # zoom in
            axes = [x + np.linspace(-width, width, 33) for x in centre]
            grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, m)
            shifts = grid @ law.shifts.T
            likely = np.flatnonzero(np.all(shifts > 0, axis=1) & (grid @ law.losses[0] <= bound))
            heights = brute.sigma(grid[likely])[0]
            for i in likely[np.argsort(-heights)]:
                if edge(shifts[i])[0] >= 0:
                    break
            support = BlockGaussian(law.jacobian_variance, law.fractions, shifts[i]).support
            assert support[0, 0] > -1e-9
            best, centre, width = max(best, brute.sigma(grid[i])[0]), grid[i], width / 6
        assert -1e-9 <= ours - best < 2e-3


def test_a_sample_is_compared_with_samples_only():
    """One normal: samples in order, of which the last has one neighbour, whatever follows it in memory."""
    heights = np.array([0.0, 2.0, 1.0, 3.0, 9.0])
    samples, inside, neighbours = heights[:4], np.full(5, True)[:4], box_samples(1)[1]
    assert [bool(is_top(i, samples, inside, neighbours, 1)) for i in range(4)] == [False, True, False, True]
    inside[3] = False  # what the index forbids does not hide what it allows
    assert is_top(1, samples, inside, neighbours, 1) and not is_top(2, samples, inside, neighbours, 1)
