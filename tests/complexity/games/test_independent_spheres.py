"""Games whose spheres do not meet: exact answers by sums and convolutions of one-sphere complexities, written here."""

import itertools
import math

import mpmath
import numpy as np
import pytest
from scipy.optimize import brentq, minimize

import spinglass as sg


class Sphere:
    """Complexity of a mixture {degree: coefficient} at one energy e, for an index (None: all), by its closed form."""

    def __init__(self, xi, weight):
        terms = [(p, weight**2 * c) for p, c in xi.items()]
        self.v0, self.x1, self.x2 = (sum(f(p) * c for p, c in terms) for f in (lambda p: 1, int, lambda p: p * (p - 1)))
        # variance of the shift d at a given energy: x1 + x2 - x1^2/v0 without its cancellation
        pairs = itertools.combinations(terms, 2)
        self.s2 = sum(a * b * (p - q) ** 2 for (p, a), (q, b) in pairs) / self.v0
        self.root, self.edge, self.drift = math.sqrt(self.x2), 2 * math.sqrt(self.x2), -self.x1 / self.v0
        self.pure = self.s2 == 0
        self.threshold = self.edge / self.drift if self.pure else math.inf  # where d = R; a pure index ends there
        self.level = 0.5 * math.log(self.x2 / self.x1)

    def psi(self, d, k):
        """Return the log-determinant (but for a constant) less the cost of k eigenvalues, and its derivative."""
        y = max(abs(d) / self.edge, 1.0)
        root = math.sqrt((y - 1) * (y + 1))
        value = d * d / (4 * self.x2) - (k + 1) * (y * root - math.log(y + root))
        return value, d / (2 * self.x2) - math.copysign((k + 1) * 2 * root / self.edge, d)

    def shift(self, centre, variance, index):
        """Return the best d for a Gaussian of this centre and variance."""
        k, pull = index or 0, abs(centre) if index is None else centre
        a, c = self.x2 + k * variance / 2, self.x2 - variance - k * variance / 2
        square = (pull * self.root) ** 2 - 4 * a * c  # d = root (t + 1/t) with a t^2 - pull root t + c = 0
        t = (pull * self.root + math.sqrt(square)) / (2 * a) if square >= 0 else 0.0
        if t > 1:
            d = self.root * (t + 1 / t)
        elif index is None:
            d = pull * 2 * self.x2 / (2 * self.x2 - variance) if 2 * self.x2 > variance else self.edge
        else:
            d = self.edge
        return d if index is not None or centre >= 0 else -d

    def at(self, e, index):
        """Return Sigma and its derivative at energy e."""
        centre, k = self.drift * e, index or 0
        d = centre if self.pure else self.shift(centre, self.s2, index)
        if index is not None and d < self.edge * (1 - 1e-14):
            return -math.inf, 0.0
        value, slope = self.psi(d, k)
        if not self.pure:
            value, slope = value - (d - centre) ** 2 / (2 * self.s2), (d - centre) / self.s2
        return self.level - e * e / (2 * self.v0) + value, -e / self.v0 + slope * self.drift

    def total(self, index):
        """Return the complexity of all energies, and the lowest of the energies where it is attained."""
        variance = self.x1 + self.x2
        d = self.shift(0.0, variance, index)
        if index is None and self.x1 == self.x2:
            d = self.edge  # the bulk is a plateau
        return self.level + self.psi(d, index or 0)[0] - d * d / (2 * variance), -d * self.x1 / variance


class Spheres:
    """A game of independent spheres, one field each: C, one row per player, weighs the fields."""

    def __init__(self, fractions, mixtures, weights, players):
        size = len(fractions)
        fields = [{tuple(p * (t == s) for t in range(size)): c for p, c in mixtures[s].items()} for s in range(size)]
        self.game = sg.SphericalGame(fractions, fields, weights, players)
        self.mover = {s: a for a, moved in enumerate(players) for s in moved}
        self.kappa, self.weights = np.array(fractions), np.array(weights)
        own = np.array([self.weights[self.mover[s], s] for s in range(size)])
        self.spheres = [Sphere(xi, w) for xi, w in zip(mixtures, own, strict=True)]
        self.rows = self.weights / own * np.sqrt(self.kappa)  # losses = rows @ energies of the spheres
        self.scale = np.sqrt([sphere.v0 for sphere in self.spheres])

    def parts(self, index):
        """Return (fraction, sphere, its index) for all spheres."""
        wanted = [None if index is None else index[self.mover[s]] for s in range(len(self.kappa))]
        return list(zip(self.kappa, self.spheres, wanted, strict=True))

    def total(self, index):
        return sum(kappa * sphere.total(k)[0] for kappa, sphere, k in self.parts(index))

    def at(self, e, index):
        """Return Sigma and its gradient at energies e of the spheres."""
        parts = [(kappa, *sphere.at(x, k)) for x, (kappa, sphere, k) in zip(e, self.parts(index), strict=True)]
        return sum(kappa * value for kappa, value, _ in parts), np.array([kappa * slope for kappa, _, slope in parts])

    def supremum(self, u, index, below, rng):
        """Return the supremum over all energies of the spheres with these losses (or losses below), by a search."""
        u, rows = np.array(u), self.rows
        if not below and len(rows) == len(self.kappa):
            return self.at(np.linalg.solve(rows, u), index)[0]
        parts = self.parts(index)
        ends = np.array([sphere.threshold if k is not None else math.inf for _, sphere, k in parts])
        typical = np.array([sphere.total(k)[1] for _, sphere, k in parts])
        signs = list(itertools.product(*[(1, -1) if k is None else (1,) for _, _, k in parts]))
        starts = [typical * sign for sign in signs[:8]] + list(self.scale * rng.normal(size=(3, len(parts))))
        inverse, best = np.linalg.pinv(rows), -math.inf
        rule = {"type": "ineq" if below else "eq", "fun": lambda e: u - rows @ e, "jac": lambda e: -rows}
        for start in starts:
            start = start if below else start + inverse @ (u - rows @ start)
            found = minimize(
                lambda e: tuple(-x for x in self.at(np.minimum(e, ends), index)),
                np.minimum(start, ends),
                jac=True,
                method="SLSQP",
                bounds=[(None, end) for end in ends],
                constraints=[rule],
                options={"ftol": 1e-16, "maxiter": 300},
            )
            e = np.minimum(found.x, ends)
            miss = rows @ e - u if below else np.abs(rows @ e - u)
            if np.all(miss <= 1e-10 * (np.abs(rows) @ self.scale)):
                best = max(best, self.at(e, index)[0])
        return best

    def lowest(self, loss, index):
        """Return the lowest energy: all spheres share one multiplier, so that the slopes are known up to a factor."""
        omega = np.array(loss) @ self.rows
        if self.total(index) < -1e-12:
            return math.inf

        def places(log):
            return np.array(
                [
                    side * _where(sphere, k, side * w / (kappa * math.exp(log)))
                    for w, (kappa, sphere, k) in zip(omega, self.parts(index), strict=True)
                    for side in [-1 if w < 0 and k is None else 1]
                ]
            )

        if self.total(index) < 1e-12 or self.at(places(-40.0), index)[0] > 0:
            return float(omega @ places(300.0 if self.total(index) < 1e-12 else -40.0))
        height = brentq(lambda log: self.at(places(log), index)[0], -40.0, 40.0, xtol=1e-14, rtol=1e-14)
        return float(omega @ places(height))


def _where(sphere, k, goal):
    """Return the energy where Sigma of one sphere has this slope, on its concave side: rising (> 0) or falling."""
    typical = sphere.total(k)[1]
    low = high = min(typical, sphere.threshold) if k is not None else typical

    def gap(e):
        return sphere.at(e, k)[1] - goal

    if abs(goal) < 1e-15 / sphere.v0**0.5 or (goal > 0 and gap(high) >= 0) or (goal < 0 and gap(low) <= 0):
        return low
    step = sphere.v0**0.5
    while goal > 0 and gap(low) <= 0:
        low, step = low - step, 2 * step
    while goal < 0 and gap(high) >= 0:
        if k is not None and sphere.pure:
            if gap(sphere.threshold) >= 0:
                return sphere.threshold
            high = sphere.threshold
            break
        high, step = high + step, 2 * step
    return brentq(gap, low, high, xtol=1e-15 * sphere.v0**0.5, rtol=8.9e-16)


def random_mixture(rng):
    def coefficient():
        return max(0.01, round(float(rng.choice([rng.random(), 10 ** rng.uniform(-2, 1.3)])), 3))

    xi = {int(p): coefficient() for p in rng.integers(2, 6, size=rng.integers(1, 4))}
    return xi | {1: coefficient()} if rng.random() < 0.5 else xi


def random_spheres(size, seed):
    """Return a random game: with and without fields on the spheres, shared players, cross-weights."""
    rng = np.random.default_rng([size, seed])
    fractions = np.round(0.8 * rng.dirichlet(np.ones(size)) + 0.2 / size, 4)
    fractions[-1] = 1 - fractions[:-1].sum()
    labels = rng.integers(0, size, size=size) if rng.random() < 0.4 else np.arange(size)
    players = [np.flatnonzero(labels == a).tolist() for a in np.unique(labels)]
    away = rng.choice([-1, 1], size=(len(players), size)) * np.round(0.2 + rng.random((len(players), size)), 2)
    cross = np.round(rng.normal(size=away.shape), 2) * (rng.random(away.shape) < rng.choice([0.0, 0.5, 1.0]))
    own = np.array([[s in moved for s in range(size)] for moved in players])
    mixtures = [random_mixture(rng) for _ in range(size)]
    return Spheres(fractions.tolist(), mixtures, np.where(own, away, cross).tolist(), players), rng


def indices(spheres, rng, most):
    """Return None and up to ``most`` choices of an index for every player."""
    choices = itertools.product(*[[None, 0, 1, 2] if len(p) == 1 else [None, 0] for p in spheres.game.players])
    choices = [index for index in choices if any(k is not None for k in index)]
    if len(choices) > most:
        choices = [choices[i] for i in rng.choice(len(choices), most, replace=False)]
    return [None, *choices]


def is_joint(spheres, index):
    """Tell whether the index asks for minima of a player of several species, a search of its own."""
    return any(k is not None and len(p) > 1 for k, p in zip(index or (), spheres.game.players, strict=False))


def close(got, want, tolerance):
    return got == want or abs(got - want) <= tolerance * max(1.0, abs(want))


GAMES = {2: (30, 15), 3: (14, 4), 4: (3, 3), 5: (1, 2)}  # by the number of spheres: games, indices of each


def questions(size, first, games, most):
    """Yield spheres, the complexity of their game, an index and random numbers, for games from a seed on."""
    for seed in range(first, first + games):
        spheres, rng = random_spheres(size, seed)
        c = sg.complexity(spheres.game)
        for index in indices(spheres, rng, most):
            yield spheres, c, index, rng


@pytest.mark.parametrize("size", GAMES)
def test_totals_are_sums(size):
    games, most = GAMES[size]
    tried = 0
    for spheres, c, index, _ in questions(size, 90 if size == 2 else 0, games, most):
        want = spheres.total(index)
        assert close(c.total(index=index), want, 1e-9 if is_joint(spheres, index) else 1e-12), (spheres.game, index)
        tried += 1
    assert tried > 2 * games


@pytest.mark.parametrize("size", [2, 3])
def test_rates_are_convolutions(size):
    tried = 0
    for spheres, c, index, rng in questions(size, 1000, GAMES[size][0] // 2, 3 if size == 2 else 1):
        typical = np.array([sphere.total(k)[1] for _, sphere, k in spheres.parts(index)])
        u = spheres.rows @ (typical + 0.4 * spheres.scale * rng.normal(size=size))
        for below, answer in ((False, c), (True, c.below)):
            got, want = answer(*u, index=index), spheres.supremum(u, index, below, rng)
            assert close(got, want, 1e-8), (spheres.game, u, index, below, got, want)
            tried += 1
    assert tried >= 25


@pytest.mark.parametrize("size", [2, 3])
def test_lowest_energies_share_a_multiplier(size):
    tried = 0
    for spheres, c, index, rng in questions(size, 2000, GAMES[size][0] // 2, 3 if size == 2 else 1):
        if is_joint(spheres, index):
            continue
        loss = np.round(rng.normal(size=len(spheres.weights)), 2) + 0.005
        got, want = c.lowest_energy(loss.tolist(), index=index), spheres.lowest(loss, index)
        size_of_energies = np.abs(loss @ spheres.rows) @ spheres.scale
        assert got == want or abs(got - want) < 1e-10 * size_of_energies, (spheres.game, loss, index, got, want)
        tried += 1
    assert tried >= 12


#: fractions, mixtures, index, and the total that a climb from the edge of a bulk did not reach
EDGES = [
    ([0.72, 0.28], [{1: 0.36, 2: 1.0}, {3: 0.37}], (0, 0), 0.00370727),
    ([0.48, 0.52], [{1: 0.63, 2: 0.29}, {2: 0.9, 4: 0.49, 5: 0.37}], (0, 0), 0.0190841),
    ([0.48, 0.52], [{1: 0.63, 2: 0.29}, {2: 0.9, 4: 0.49, 5: 0.37}], (1, 0), 0.0133163),
]


@pytest.mark.parametrize(("fractions", "mixtures", "index", "total"), EDGES)
def test_a_climb_leaves_the_edge_of_a_bulk(fractions, mixtures, index, total):
    spheres = Spheres(fractions, mixtures, np.eye(2).tolist(), [[0], [1]])
    assert abs(spheres.total(index) - total) < 1e-7
    c = sg.complexity(spheres.game)
    assert abs(c.total(index=index) - spheres.total(index)) < 1e-14
    lowest = c.lowest_energy([0.3, -1.0], index=index)
    assert abs(lowest - spheres.lowest([0.3, -1.0], index)) < 1e-12


def test_fields_cut_and_joined_are_the_same_game():
    # one field per sphere, each cut into two of the same weight, and all in one: the loss has the same covariance
    mixtures = [{1: 0.5, 3: 1.0}, {2: 0.3, 4: 0.8}, {3: 0.7, 1: 0.2}]
    spheres = Spheres([0.3, 0.3, 0.4], mixtures, [[1.0, 1.0, 1.0]], [[0, 1, 2]])
    fields = spheres.game.fields
    halves = [{e: c / 2 for e, c in xi} for xi in fields for _ in range(2)]
    joined = {e: c for xi in fields for e, c in xi}
    c = [
        sg.complexity(sg.SphericalGame(spheres.game.fractions, parts, [[1.0] * len(parts)], [[0, 1, 2]]))
        for parts in (fields, halves, [joined])
    ]
    rng = np.random.default_rng(3)
    for answer in (lambda x: x.total(), lambda x: x(-0.7), lambda x: x.below(-1.2), lambda x: x.lowest_energy()):
        values = [answer(x) for x in c]
        assert max(values) - min(values) < 1e-12
    assert abs(c[2].total() - spheres.total(None)) < 1e-13
    assert abs(c[2](-0.7) - spheres.supremum([-0.7], None, False, rng)) < 1e-9
    assert abs(c[2].lowest_energy() - spheres.lowest([1.0], None)) < 1e-11


def test_sums_with_digits():
    tried = 0
    for seed, index in ((2, (0, 1)), (3, None), (5, (1, None)), (7, (0, 0))):
        rng = np.random.default_rng(seed)
        first, second = random_mixture(rng), random_mixture(rng)
        spheres = Spheres([0.375, 0.625], [first, second], [[1.0, 0.0], [0.5, 1.0]], [[0], [1]])
        with mpmath.workdps(40):
            wanted = zip((0.375, 0.625), (first, second), index or (None, None), strict=True)
            want = sum(
                k * mpmath.mpf(str(sg.complexity(sg.mixed(xi)).total(index=i, arithmetic=sg.mp(30))))
                for k, xi, i in wanted
            )
            got = mpmath.mpf(str(sg.complexity(spheres.game).total(index=index, arithmetic=sg.mp(30))))
            assert abs(got - want) < mpmath.mpf(10) ** -28, (first, second, index)
        tried += 1
    assert tried == 4


LOWEST = [
    ([0.9151, 0.0849], [{2: 0.327}, {1: 14.274, 4: 0.1}], [[-0.43, 0.0], [0.0, 0.7]], [0.0, 1.0], None),
    ([0.2789, 0.7211], [{2: 0.442}, {2: 0.79}], [[1.0, 0.0], [0.0, 1.0]], [0.28, -0.95], (2, 1)),
    (
        [0.9172, 0.0828],
        [{5: 1.251, 3: 0.394}, {1: 0.136, 3: 0.01}],
        [[-1.16, 1.0], [-0.9, 0.8]],
        [0.22, -0.37],
        (None, 0),
    ),
]


@pytest.mark.parametrize(("fractions", "mixtures", "weights", "loss", "index"), LOWEST)
def test_lowest_energies_near_edges(fractions, mixtures, weights, loss, index):
    spheres = Spheres(fractions, mixtures, weights, [[0], [1]])
    got, want = sg.complexity(spheres.game).lowest_energy(loss, index=index), spheres.lowest(loss, index)
    assert abs(got - want) < 1e-11


@pytest.mark.parametrize(
    ("first", "second", "index"),
    [
        ({2: 0.217, 5: 0.01}, {4: 0.767, 2: 0.542}, (None, 0)),
        ({5: 0.013, 2: 0.05}, {3: 5.008, 4: 0.817, 5: 0.039}, (0, 0)),
        ({5: 0.013, 2: 0.05}, {3: 5.008, 4: 0.817, 5: 0.039}, (1, None)),
    ],
)
def test_sums_with_digits_where_bulks_touch_zero(first, second, index):
    spheres = Spheres([0.375, 0.625], [first, second], [[1.0, 0.0], [0.5, 1.0]], [[0], [1]])
    with mpmath.workdps(40):
        wanted = zip((0.375, 0.625), (first, second), index or (None, None), strict=True)
        want = sum(
            k * mpmath.mpf(str(sg.complexity(sg.mixed(xi)).total(index=i, arithmetic=sg.mp(30)))) for k, xi, i in wanted
        )
        got = mpmath.mpf(str(sg.complexity(spheres.game).total(index=index, arithmetic=sg.mp(30))))
        assert abs(got - want) < mpmath.mpf(10) ** -28


def test_a_total_along_a_plateau_has_no_digits_of_its_own():
    spheres = Spheres([0.375, 0.625], [{2: 0.075, 4: 0.38}, {2: 6.945}], [[1.0, 0.0], [0.5, 1.0]], [[0], [1]])
    c = sg.complexity(spheres.game)
    assert abs(c.total() - 0.375 * sg.complexity(sg.mixed({2: 0.075, 4: 0.38})).total()) < 1e-13
    with pytest.raises(ArithmeticError, match="float64"):
        c.total(arithmetic=sg.mp(30))
