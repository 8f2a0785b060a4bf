r"""Games of two to five species: exact totals from all stationary points, a search, and bounds that hold for each.

One player, loss of covariance xi: Sigma is stationary where on a set B of species :math:`b_s \ne 0`, and with
:math:`x_s = \kappa_s p_s` (v the second, xi_s the first derivatives, all at 1)

.. math:: \xi_s x_s = \sum_t v_{st} x_t \;(s \in B), \qquad \kappa_s = x_s \sum_t v_{st} x_t \;(s \notin B), \qquad
          b_s^2 = \frac1{\kappa_s\xi_s} - p_s^2 \ge 0 \;(s \in B).

The first are linear, the second then the scaling of a symmetric matrix, which has at most one positive solution: one
stationary value for each of the 2^S sets, and the total is the largest.
"""

import itertools

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize

import spinglass as sg


def glass(fractions, xi):
    return sg.SphericalGame(fractions, [xi], [[1]], [list(range(len(fractions)))])


def derivatives(xi):
    """Return the first and second derivatives of a covariance at 1."""
    exponents, c = np.array(list(xi), dtype=float), np.array(list(xi.values()), dtype=float)
    first = c @ exponents
    return first, (exponents.T * c) @ exponents - np.diag(first)


def symmetric_scaling(w, kappa):
    """Return the x > 0 with x_s (w x)_s = kappa_s, the minimum of a convex function of log x; None if there is none."""
    if np.any(w.sum(1) == 0):
        return None
    y = 0.5 * np.log(kappa / w.sum(1))
    for _ in range(200):
        matrix = w * np.exp(np.add.outer(y, y))
        rest = kappa - matrix.sum(1)
        if np.max(np.abs(rest)) < 1e-15:
            break
        step = np.linalg.lstsq(matrix + np.diag(matrix.sum(1)), rest, rcond=None)[0]
        y = y + step / max(1.0, np.max(np.abs(step)))
        if np.max(np.abs(y)) > 80:
            return None
    return np.exp(y) if np.max(np.abs(rest)) < 1e-11 else None


def stationary_value(kappa, first, second, inside, outside):
    """Return Sigma at the stationary point with these species inside and outside their bulks; -inf if there is none."""
    x = np.zeros(len(kappa))
    matrix = np.diag(first[outside]) - second[np.ix_(outside, outside)]
    lowest = np.min(np.linalg.eigvalsh(matrix), initial=np.inf)
    if inside:
        if lowest <= 1e-13:
            return -np.inf
        back = np.linalg.solve(matrix, second[np.ix_(outside, inside)])
        x_inside = symmetric_scaling(
            second[np.ix_(inside, inside)] + second[np.ix_(inside, outside)] @ back, kappa[inside]
        )
        if x_inside is None:
            return -np.inf
        x[inside], x[outside] = x_inside, back @ x_inside
    elif lowest < -1e-12:
        return -np.inf
    p, b = x / kappa, np.zeros(len(kappa))
    square = (1 / (kappa * first) - p**2)[outside]
    if np.any(square < -1e-12 * p[outside] ** 2):
        return -np.inf
    b[outside] = np.sqrt(np.maximum(square, 0))
    logs = kappa @ np.log(kappa * first * (p**2 + b**2))
    return 0.5 * (np.sum((kappa * b) ** 2 * first) + x @ second @ x - np.sum(kappa) - logs)


def exact_total(fractions, xi):
    """Return the total of one player: the largest stationary value, one part of the game at a time."""
    kappa, (first, second), total = np.array(fractions), derivatives(xi), 0.0
    met = np.linalg.matrix_power((second > 0) | np.eye(len(kappa), dtype=bool), len(kappa))
    for part in {tuple(np.flatnonzero(row)) for row in met}:
        rows, k = np.ix_(part, part), range(len(part))
        total += max(
            stationary_value(
                kappa[list(part)], first[list(part)], second[rows], [s for s in k if s not in out], list(out)
            )
            for size in range(len(part) + 1)
            for out in itertools.combinations(k, size)
        )
    return total


#: fractions, covariance and total of games whose largest maxima lie outside one bulk, away from the origin
NAMED = [
    ([0.1, 0.2, 0.3, 0.4], {(1, 1, 1, 1): 1}, 0.44431801),
    ([0.1, 0.2, 0.3, 0.4], {(3, 0, 0, 0): 1, (1, 1, 1, 0): 1, (0, 0, 1, 2): 1}, 0.28655780),
    ([0.4, 0.3, 0.2, 0.1], {(2, 1, 0, 0): 1, (0, 2, 1, 0): 1, (0, 0, 2, 1): 1}, 0.32351070),
    ([0.25, 0.25, 0.25, 0.25], {(2, 1, 0, 0): 1, (0, 0, 1, 2): 1}, 0.27465307),
    ([0.3047, 0.4166, 0.2787], {(0, 0, 2): 0.932, (1, 1, 0): 1, (1, 0, 1): 0.034}, 0.0),
    (
        [0.2347, 0.2954, 0.095, 0.3749],
        {(0, 0, 2, 0): 1.005, (0, 0, 0, 1): 0.0129, (1, 1, 0, 0): 0.558, (0, 0, 1, 1): 1},
        0,
    ),
]


@pytest.mark.parametrize(("fractions", "xi", "total"), NAMED)
def test_totals_of_named_games(fractions, xi, total):
    exact = exact_total(fractions, xi)
    assert abs(exact - total) < 1e-8
    c = sg.complexity(glass(fractions, xi))
    assert abs(c.total() - exact) < 1e-13
    if total == 0:
        assert c.total() == 0.0


def random_fractions(rng, species):
    fractions = np.maximum(rng.dirichlet(np.full(species, rng.choice([0.7, 2.0, 10.0]))), 0.02)
    fractions = np.round(fractions / fractions.sum(), 4)
    fractions[-1] = 1 - fractions[:-1].sum()
    return fractions.tolist()


def random_covariance(rng, species):
    """Return monomials of degree one to four under which every species has a random Hessian."""
    while True:
        xi = {}
        for _ in range(rng.integers(1, 2 * species + 1)):
            degree = rng.integers(1 if rng.random() < 0.3 else 2, 5)
            exponents = np.bincount(rng.integers(0, species, size=degree), minlength=species)
            c = rng.choice([1.0, rng.random() + 0.05, 10 ** rng.uniform(-2, 1.5)])
            xi[tuple(int(e) for e in exponents)] = round(float(c), 4)
        first, second = derivatives(xi)
        if np.all(first > 0) and np.all(second.sum(1) > 0):
            return xi


@pytest.mark.parametrize(("species", "start", "games"), [(2, 0, 60), (3, 0, 25), (4, 260, 15), (5, 0, 3)])
def test_totals_of_random_games(species, start, games):
    for seed in range(start, start + games):
        rng = np.random.default_rng([species, seed])
        fractions, xi = random_fractions(rng, species), random_covariance(rng, species)
        exact, got = exact_total(fractions, xi), sg.complexity(glass(fractions, xi)).total()
        assert abs(got - exact) < 1e-12, (fractions, xi, got, exact)
        assert exact > 1e-12 or got == 0.0, (fractions, xi, got, exact)


def resolvents(kappa, v, d):
    """Return the solution g, Im g > 0, of 1/g_s = d_s - sum_t v_st kappa_t g_t above the real axis."""
    scale = np.sqrt(np.max(v @ kappa))
    eta = 10 * (scale + np.max(np.abs(d)))
    g = 1 / (d - 1j * eta)
    while eta > 1e-14 * scale:
        eta /= 2
        for _ in range(60):
            jacobian = v * kappa - np.diag(1 / g**2)
            step = np.linalg.solve(jacobian, d - 1j * eta - v @ (kappa * g) - 1 / g)
            length = 1.0
            while np.any((g + length * step).imag <= 0):
                length /= 2
            g = g + length * step
            if np.max(np.abs(step / g)) < 1e-12:
                break
    return g


def sigma(law, g):
    """Return Sigma and its gradient at normals g of a game of one player, from the Dyson equation solved above."""
    kappa, v, d = law.fractions, law.jacobian_variance, law.shifts @ g
    r = resolvents(kappa, v, d)
    psi = (-kappa @ np.log(r) + kappa @ (d * r) - 1 - 0.5 * (kappa * r) @ v @ (kappa * r)).real
    constant = 0.5 - 0.5 * kappa @ np.log(kappa * law.gradient_variance)
    return constant + psi - 0.5 * g @ g, (kappa * r.real) @ law.shifts - g


def highest(law, u, rng, starts):
    """Return the largest Sigma on the plane of energy u that climbs from random places meet."""
    row = law.losses[0]
    rule = {"type": "eq", "fun": lambda g: row @ g - u, "jac": lambda g: row}
    best, inverse = -np.inf, np.linalg.pinv(law.shifts)
    for _ in range(starts):
        start = inverse @ (rng.choice([-2.0, 0.0, 2.0], size=len(law.shifts)) * np.sqrt(law.gradient_variance))
        start = start + row * (u - row @ start) / (row @ row)
        found = minimize(
            lambda g: tuple(-x for x in sigma(law, g)), start, jac=True, method="SLSQP", constraints=[rule]
        )
        if abs(row @ found.x - u) < 1e-9 * np.linalg.norm(row):
            best = max(best, -found.fun)
    return best


@pytest.mark.parametrize(("species", "games"), [(2, 3), (3, 2), (4, 1)])
def test_rates_against_climbs_of_another_program(species, games):
    for seed in range(games):
        rng = np.random.default_rng([17, species, seed])
        xi = random_covariance(rng, species) | {
            tuple([1] * species): 1.0,
            tuple(2 * np.eye(species, dtype=int)[0]): 0.4,
        }
        game = glass(random_fractions(rng, species), xi)
        law = game.local_law()
        u = float(rng.normal() * np.linalg.norm(law.losses))
        got, found = sg.complexity(game)(u), highest(law, u, rng, 6)
        assert -1e-9 < got - found < 1e-6, (game, u, got, found)


def random_game(rng, species):
    """Return a game of one to ``species`` players that share all fields."""
    labels = rng.integers(0, species, size=species)
    players = [np.flatnonzero(labels == a).tolist() for a in np.unique(labels)]
    fields = [random_covariance(rng, species) for _ in range(rng.integers(1, len(players) + 1))]
    size = (len(players), len(fields))
    weights = np.round(rng.choice([-1, 1], size=size) * (0.1 + rng.random(size)), 2)
    return sg.SphericalGame(random_fractions(rng, species), fields, weights.tolist(), players)


@pytest.mark.parametrize(("species", "games"), [(2, 16), (3, 3)])
def test_selections_only_lose(species, games):
    for seed in range(games):
        rng = np.random.default_rng([29, species, seed])
        game = random_game(rng, species)
        c, losses = sg.complexity(game), game.local_law().losses
        points = {2: 7, 3: 3}[species]
        u = losses @ (rng.normal(size=(losses.shape[1], points)) * np.linspace(0.05, 1.2, points))
        rates, total = c(*u), c.total()
        below, slack = c.below(*u), 1e-12 * max(1.0, abs(total))
        assert np.all(rates <= below + slack) and np.all(below <= total + slack), (game, u, rates, below, total)
        index = tuple(int(rng.integers(0, 2)) if len(moved) == 1 else None for moved in game.players)
        if any(k is not None for k in index):
            chosen = c.total(index=index)
            assert chosen <= total + slack, (game, index, chosen, total)
            some = c(*u[:, :3], index=index)
            assert np.all(some <= rates[:3] + slack) and np.all(some <= chosen + slack), (game, index, u, some)


def trivial_game(rng, species, players):
    """Return a game whose fields outweigh what couples the spheres, and the matrix M of the text below."""
    fields = []
    for _ in range(max(players, int(rng.integers(1, 3)))):
        xi = {tuple(row): round(rng.uniform(0.3, 3.3), 2) for row in np.eye(species, dtype=int).tolist()}
        for _ in range(rng.integers(1, 4)):
            exponents = np.bincount(rng.integers(0, species, size=rng.integers(2, 4)), minlength=species)
            xi[tuple(exponents.tolist())] = round(rng.uniform(0.02, 0.4), 2)
        xi.update({tuple(2 * row): round(rng.uniform(0.01, 0.1), 2) for row in np.eye(species, dtype=int)})
        fields.append(xi)
    weights = np.round(rng.choice([-1, 1], size=(players, len(fields))) * (0.1 + rng.random((players, len(fields)))), 2)
    movers = np.arange(species) % players
    fractions = random_fractions(rng, species)
    first, second = (np.array(x) for x in zip(*map(derivatives, fields), strict=True))
    c = weights[movers]
    v, variance = np.einsum("sj,jst->st", c**2, second), np.sum(c**2 * first.T, axis=1)
    assert np.max(np.abs(np.linalg.eigvals(v / variance[:, None]))) < 1
    m = np.einsum("aj,sj,js->as", weights, c, first) * np.sqrt(np.array(fractions) / variance)
    tau, b = np.einsum("sj,tj,jst->st", c, c, second), 1 / np.sqrt(np.array(fractions) * variance)
    shifts = variance * fractions * b + tau @ (fractions * b)
    edges = 2 * np.sqrt(np.array(fractions) * np.diag(v))
    named = [np.flatnonzero(movers == a).tolist() for a in range(players)]
    return sg.SphericalGame(fractions, fields, weights.tolist(), named), m, bool(np.all(shifts > edges))


@pytest.mark.parametrize(("species", "players", "games"), [(2, 1, 15), (2, 2, 3), (3, 1, 1)])
def test_trivial_landscapes_are_exact(species, players, games):
    # outside all bulks Sigma is stationary at b_s = +-1/sqrt(kappa_s V_s) and 0 there, at energies -M (signs); the
    # spectral radius of v_st / V_s below 1 makes these 2^S points physical
    minima = 0
    for seed in range(games):
        game, m, nash = trivial_game(np.random.default_rng([41, species, players, seed]), species, players)
        c = sg.complexity(game)
        assert c.total() == 0.0
        for loss in [*np.eye(players), np.linspace(-1.0, 0.7, players)]:
            lowest = -np.sum(np.abs(loss @ m))
            assert abs(c.lowest_energy(loss.tolist()) - lowest) < 1e-13 * abs(lowest), (game, loss)
            if nash and players == species:
                lowest = -np.sum(loss @ m)
                assert c.total(index=(0,) * players) == 0.0
                got = c.lowest_energy(loss.tolist(), index=(0,) * players)
                assert abs(got - lowest) < 1e-13 * np.sum(np.abs(loss @ m)), (game, loss)
                minima += 1
    assert minima >= (3 if players == species else 0)


def test_the_lower_of_two_extremes():
    xi = {(1, 0): 1.89, (0, 1): 2.86, (1, 1): 0.1, (2, 0): 0.05}
    c = sg.complexity(glass([0.52, 0.48], xi))
    want = -np.sqrt(0.52 * (1.89 + 0.1 + 2 * 0.05)) - np.sqrt(0.48 * (2.86 + 0.1))
    for loss in (1.0, -1.0, 0.3):
        assert abs(c.lowest_energy([loss]) - abs(loss) * want) < 1e-14
    assert c.total() == 0.0 and c.total(index=0) == 0.0
    assert str(c.total()) == str(c.total(index=0)) == "0.0"
    with mpmath.workdps(40):
        parts = [(mpmath.mpf(0.52), 1.89, 0.1, 0.05), (1 - mpmath.mpf(0.52), 2.86, 0.1, 0.0)]
        want = -sum(mpmath.sqrt(k * (mpmath.mpf(x) + y + 2 * mpmath.mpf(z))) for k, x, y, z in parts)
        got = mpmath.mpf(str(c.lowest_energy(arithmetic=sg.mp(30))))
        assert abs(got - want) < mpmath.mpf(10) ** -29


@pytest.mark.parametrize("weight", [1.0, -0.3, 7.0])
@pytest.mark.parametrize("coefficient", [1.0, 0.25, 1e4])
def test_largest_singular_value_of_any_size(coefficient, weight):
    # weight x M y with entries of variance coefficient: -|weight| sqrt(coefficient) (sqrt(kappa_1) + sqrt(kappa_2))
    for kappa in (0.5, 0.2, 0.9):
        game = sg.SphericalGame([kappa, 1 - kappa], [{(1, 1): coefficient}], [[weight]], [[0, 1]])
        c = sg.complexity(game)
        want = -abs(weight) * np.sqrt(coefficient) * (np.sqrt(kappa) + np.sqrt(1 - kappa))
        assert c.total() == 0.0
        assert abs(c.lowest_energy() - want) < 1e-15 * abs(want)
        with mpmath.workdps(40):
            roots = mpmath.sqrt(kappa) + mpmath.sqrt(1 - mpmath.mpf(kappa))
            want = -abs(mpmath.mpf(weight)) * mpmath.sqrt(coefficient) * roots
            got = mpmath.mpf(str(c.lowest_energy(arithmetic=sg.mp(25))))
            assert abs(got / want - 1) < mpmath.mpf(10) ** -24


# the place just outside the centre of a species without a variance of its own
CUSPS = [
    ([0.5034, 0.4966], [{(1, 2): 1.0, (1, 3): 0.618507724708854}], [[0.06], [-0.13]], (0, 0), -14.632049478),
    (
        [0.5341, 0.4659],
        [{(2, 1): 8.882603626333596, (3, 0): 0.9530858030653871, (3, 1): 0.354322919810553}],
        [[-1.03], [0.14]],
        (0, 0),
        -2.670526626,
    ),
    (
        [0.537, 0.463],
        [{(1, 2): 21.44524318569046, (1, 1): 0.5447909405766455, (0, 1): 1.0}, {(1, 2): 16.5063536062439}],
        [[0.68, -0.49], [-0.7, 0.55]],
        (0, 0),
        -32.87486943,
    ),
    ([0.6188, 0.3812], [{(0, 2): 1.0, (1, 3): 18.868054988031467}], [[2.02], [-1.03]], (0, 1), -22.725915018),
]


@pytest.mark.parametrize(("fractions", "fields", "weights", "index", "total"), CUSPS)
def test_index_totals_beside_a_cusp(fractions, fields, weights, index, total):
    game = sg.SphericalGame(fractions, fields, weights, [[0], [1]])
    assert abs(sg.complexity(game).total(index=index) - total) < 1e-7


@pytest.mark.parametrize("seed", [0, 6, 17, 19, 20])
def test_trivial_landscapes_of_three_species_and_two_players(seed):
    game, m, _ = trivial_game(np.random.default_rng([41, 3, 2, seed]), 3, 2)
    c = sg.complexity(game)
    assert c.total() == 0.0
    loss = np.array([0.4, -1.0])
    assert abs(c.lowest_energy(loss.tolist()) + np.sum(np.abs(loss @ m))) < 1e-12
