r"""The local law against the fields themselves.

A Gaussian polynomial is written down explicitly,
:math:`f = \sum_e \sqrt{c_e} \langle W_e, x_1^{\otimes e_1} \otimes \dots \rangle` with independent standard normals
W, and differentiated along geodesics of small spheres.  Everything is linear in W, so that the covariance of losses,
gradients and Jacobian is a Gram matrix: no differentiated covariance, no sampling.
"""

import itertools
from fractions import Fraction
from functools import reduce

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg
from spinglass import SphericalGame
from spinglass.models.covariance import independent_scalars
from spinglass.models.table import exact_table

STEP = 0.02  # of the difference formulas, of order 6
TANGENTS = 2  # dimension of every sphere


# -- explicit fields -----------------------------------------------------------------------------------------------


def tensor_power(x, e):
    return reduce(np.multiply.outer, [x] * e, np.array(1.0)).ravel()


def features(xi, points):
    """Return the vector F with f = F . W for one field."""
    parts = []
    for exponents, c in xi:
        factors = [tensor_power(x, e) for x, e in zip(points, exponents, strict=True)]
        parts.append(np.sqrt(float(c)) * reduce(np.multiply.outer, factors).ravel())
    return np.concatenate(parts)


def frames(species):
    """Return one random point and tangent frame per sphere."""
    rng = np.random.default_rng(3)
    return [np.linalg.qr(rng.normal(size=(TANGENTS + 1, TANGENTS + 1)))[0].T for _ in range(species)]


def moved(frame, displacement):
    """Return the end of the geodesic that starts in a direction of the tangent space."""
    length = np.linalg.norm(displacement)
    return frame[0] if length == 0 else np.cos(length) * frame[0] + np.sin(length) / length * displacement @ frame[1:]


def jet(xi, species):
    """Return value (M,), gradient (S n, M) and Riemannian Hessian (S n, S n, M) of one field, as functionals of W."""
    base, size = frames(species), species * TANGENTS

    def at(z):
        return features(xi, [moved(f, d) for f, d in zip(base, z.reshape(species, TANGENTS), strict=True)])

    unit, value = np.eye(size), at(np.zeros(size))
    first = {1: 45 / 60, 2: -9 / 60, 3: 1 / 60}
    second = {1: 270 / 180, 2: -27 / 180, 3: 2 / 180}

    def slope(v):
        return sum(c * (at(k * STEP * v) - at(-k * STEP * v)) for k, c in first.items()) / STEP

    def curvature(v):
        return (
            sum(c * (at(k * STEP * v) + at(-k * STEP * v)) for k, c in second.items()) - 490 / 180 * value
        ) / STEP**2

    gradient = np.array([slope(v) for v in unit])
    hessian = np.empty((size, size, len(value)))
    for i, j in itertools.combinations_with_replacement(range(size), 2):
        if i == j:
            hessian[i, i] = curvature(unit[i])
        else:  # polarisation
            hessian[i, j] = hessian[j, i] = (curvature(unit[i] + unit[j]) - curvature(unit[i] - unit[j])) / 4
    return value, gradient, hessian


def explicit(game):
    """Return losses, gradients and Jacobian of a game as functionals of all its normals."""
    species = len(game.fractions)
    jets = [jet(xi, species) for xi in game.fields]
    mover = {s: a for a, row in enumerate(game.players) for s in row}
    weights = np.array(game.losses, dtype=float)
    own = weights[[mover[s] for s in range(species) for _ in range(TANGENTS)]]
    losses = np.concatenate([np.multiply.outer(weights[:, j], v) for j, (v, _, _) in enumerate(jets)], axis=-1)
    gradient = np.concatenate([own[:, j, None] * g for j, (_, g, _) in enumerate(jets)], axis=-1)
    jacobian = np.concatenate([own[:, j, None, None] * h for j, (_, _, h) in enumerate(jets)], axis=-1)
    return losses, gradient, jacobian


def noise_covariance(law, rows, columns):
    """Return what the law says on Cov(J[i, j], J[k, l]), shifts included."""
    (i, j), (k, m) = rows, columns
    s, t = i // TANGENTS, j // TANGENTS
    total = 0.0
    if (i, j) == (k, m):
        total += law.jacobian_variance[s, t]
    if (i, j) == (m, k):
        total += law.jacobian_covariance[s, t]
    if i == j and k == m:
        total += law.shifts[s] @ law.shifts[k // TANGENTS]
    return total


def assert_law_is_that_of_the_fields(game):
    law = game.local_law()
    losses, gradient, jacobian = explicit(game)
    n = len(gradient)
    scale = float(np.max(np.sum(jacobian**2, axis=-1))) + float(np.max(np.sum(losses**2, axis=-1)))
    close = {"rtol": 0, "atol": 2e-7 * scale}
    flat = jacobian.reshape(n * n, -1)
    entries = list(itertools.product(range(n), repeat=2))
    np.testing.assert_allclose(losses @ losses.T, law.losses @ law.losses.T, **close)
    # gradients are independent of each other and of everything else
    variance = np.repeat(law.gradient_variance, TANGENTS)
    np.testing.assert_allclose(np.sum(gradient**2, axis=1), variance, **close)
    np.testing.assert_allclose(gradient @ gradient.T, np.diag(variance), **close)
    np.testing.assert_allclose(gradient @ losses.T, 0, **close)
    np.testing.assert_allclose(gradient @ flat.T, 0, **close)
    expected = [[noise_covariance(law, x, y) for y in entries] for x in entries]
    np.testing.assert_allclose(flat @ flat.T, expected, **close)
    shared = [[row @ law.shifts[i // TANGENTS] if i == j else 0.0 for i, j in entries] for row in law.losses]
    np.testing.assert_allclose(losses @ flat.T, shared, **close)
    assert_signs_are_those_of_the_fields(law, jacobian)


def assert_signs_are_those_of_the_fields(law, jacobian):
    """The Jacobian of every draw is symmetric after flipping rows exactly if the law names such signs."""
    species = len(law.fractions)
    size = np.sqrt(np.max(np.sum(jacobian**2, axis=-1)))

    def symmetric(signs):
        flipped = np.repeat(signs, TANGENTS)[:, None, None] * jacobian
        return np.abs(flipped - flipped.swapaxes(0, 1)).max() < 1e-6 * size

    if law.signs is not None:
        assert law.signs[0] == 1 and set(law.signs) <= {1, -1}
        assert symmetric(law.signs)
        flips = np.outer(law.signs, law.signs)
        np.testing.assert_array_equal(law.jacobian_covariance, flips * law.jacobian_variance)
    else:
        assert not any(symmetric((1, *rest)) for rest in itertools.product((1, -1), repeat=species - 1))


def general_sum(rho, kappa=0.4):
    """Return two players with losses of correlation rho."""
    xi = {(2, 1): 1, (1, 2): 1, (2, 0): 0.5, (0, 3): 0.5}
    return SphericalGame([kappa, 1 - kappa], [xi, xi], [[1, 0], [rho, (1 - rho**2) ** 0.5]], [[0], [1]])


FRUSTRATED = SphericalGame(  # no signs: 0-1 want plus, 1-2 and 0-2 minus, and the reverse
    [0.3, 0.3, 0.4],
    [{(1, 1, 0): 1}, {(0, 1, 1): 1}, {(1, 0, 1): 1}, {(2, 0, 0): 1, (0, 2, 0): 1, (0, 0, 2): 1}],
    [[1, 0, -1, 1], [1, 1, 0, 1], [0, 1, 1, 1]],
    [[0], [1], [2]],
)
GAMES = {
    "pure": sg.pure(3),
    "quadratic": sg.pure(2),
    "mixed": sg.mixed({2: 0.5, 3: 1, 5: 0.25}),
    "random field": sg.mixed({1: 2, 3: 1}),
    "bipartite": sg.bipartite(2, 3, kappa=0.3),
    "linear in one sphere": sg.bipartite(1, 3, kappa=0.3),
    "gan": sg.gan(p=3, q=1, sigma_z=0.5, kappa=0.6),
    "gan of degree 2": sg.gan(p=2, q=1, sigma_z=3, kappa=0.2),
    **{f"general sum {rho}": general_sum(rho) for rho in (-1, -0.3, 0, 1)},
    "three species": SphericalGame(
        [0.2, 0.3, 0.5], [{(1, 1, 1): 1, (2, 1, 0): 0.3}, {(0, 0, 3): 2, (1, 0, 1): 1}], [[1, 0.5]], [[0, 1, 2]]
    ),
    "two against one": SphericalGame(
        [0.2, 0.3, 0.5],
        [{(1, 1, 1): 1, (2, 1, 0): 0.3}, {(0, 0, 3): 2, (1, 2, 0): 1}],
        [[1, 1], [-1, 0.5]],
        [[0, 2], [1]],
    ),
    "frustrated": FRUSTRATED,
    "field without weight": SphericalGame([0.5, 0.5], [{(2, 1): 1}, {(1, 2): 1}], [[1, 0], [-1, 0]], [[0], [1]]),
}


@pytest.mark.parametrize("name", GAMES)
def test_law_is_that_of_explicit_gaussian_polynomials(name):
    assert_law_is_that_of_the_fields(GAMES[name])


number = st.fractions(min_value=Fraction(1, 10), max_value=3, max_denominator=20)
weight = st.sampled_from([-2, -1, -0.5, 0, 0.5, 1, 2])


@st.composite
def small_games(draw):
    """Games of up to three species and degree 4, every player with a field of its own."""
    species = draw(st.integers(1, 3))
    exponents = st.tuples(*[st.integers(0, 3)] * species).filter(lambda e: 1 <= sum(e) <= 4)
    fields = draw(st.lists(st.dictionaries(exponents, number, min_size=1, max_size=2), min_size=1, max_size=2))
    fields.append({tuple(2 * (s == t) for t in range(species)): draw(number) for s in range(species)})
    order = draw(st.permutations(range(species)))
    cut = draw(st.integers(1, species))
    players = [row for row in (order[:cut], order[cut:]) if row]
    losses = [[*(draw(weight) for _ in fields[:-1]), draw(st.sampled_from([-1, 1]))] for _ in players]
    return SphericalGame([Fraction(1, species)] * species, fields, losses, players)


@settings(max_examples=25, deadline=None)
@given(small_games())
def test_law_of_random_games(game):
    assert_law_is_that_of_the_fields(game)


# -- draws ---------------------------------------------------------------------------------------------------------


def test_law_of_drawn_fields():
    """The same by Monte Carlo, every z-score of the 20 second moments below 4 (chance of a miss 1e-3)."""
    game, draws = GAMES["gan"], 40_000
    law = game.local_law()
    losses, gradient, jacobian = explicit(game)
    cross = TANGENTS  # the first row of the other species
    functionals = np.vstack([losses, gradient[[0, cross]], jacobian[0, [0, 1, cross]], jacobian[cross, [0, cross]]])
    sample = np.random.default_rng(11).normal(size=(draws, functionals.shape[1])) @ functionals.T
    v, tau = law.jacobian_variance, law.jacobian_covariance
    names = ["L1", "L2", "g1", "g2", "J11", "J12", "J1,2", "J2,1", "J22"]
    expected = {
        ("L1", "L1"): law.losses[0] @ law.losses[0],
        ("L1", "L2"): law.losses[0] @ law.losses[1],
        ("L2", "L2"): law.losses[1] @ law.losses[1],
        ("g1", "g1"): law.gradient_variance[0],
        ("g2", "g2"): law.gradient_variance[1],
        ("J11", "J11"): 2 * v[0, 0] + law.shifts[0] @ law.shifts[0],
        ("J12", "J12"): v[0, 0],
        ("J1,2", "J1,2"): v[0, 1],
        ("J2,1", "J2,1"): v[1, 0],
        ("J1,2", "J2,1"): tau[0, 1],
        ("J22", "J22"): 2 * v[1, 1] + law.shifts[1] @ law.shifts[1],
        ("J11", "J22"): law.shifts[0] @ law.shifts[1],
        ("L1", "J11"): law.losses[0] @ law.shifts[0],
        ("L1", "J22"): law.losses[0] @ law.shifts[1],
        ("L2", "J11"): law.losses[1] @ law.shifts[0],
        ("L2", "J22"): law.losses[1] @ law.shifts[1],
        ("g1", "L1"): 0.0,
        ("g1", "J11"): 0.0,
        ("J11", "J1,2"): 0.0,
        ("J12", "J1,2"): 0.0,
    }
    for (a, b), value in expected.items():
        product = sample[:, names.index(a)] * sample[:, names.index(b)]
        z = (product.mean() - value) / (product.std() / np.sqrt(draws))
        assert abs(z) < 4, (a, b, z)


# -- symmetries ----------------------------------------------------------------------------------------------------


def relabelled(game, order):
    """Return the game whose species t is species order[t] of the old one."""
    fields = [{tuple(e[s] for s in order): c for e, c in xi} for xi in game.fields]
    players = [[order.index(s) for s in row] for row in game.players]
    return SphericalGame([game.fractions[s] for s in order], fields, game.losses, players)


@settings(max_examples=60, deadline=None)
@given(small_games(), st.randoms(use_true_random=False))
def test_relabelling_the_species_relabels_the_law(game, random):
    order = list(range(len(game.fractions)))
    random.shuffle(order)
    law, other = game.local_law(), relabelled(game, order).local_law()
    table = np.ix_(order, order)
    close = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(other.fractions, law.fractions[order], **close)
    np.testing.assert_allclose(other.gradient_variance, law.gradient_variance[order], **close)
    np.testing.assert_allclose(other.jacobian_variance, law.jacobian_variance[table], **close)
    np.testing.assert_allclose(other.jacobian_covariance, law.jacobian_covariance[table], **close)
    np.testing.assert_allclose(other.losses @ other.losses.T, law.losses @ law.losses.T, **close)
    np.testing.assert_allclose(other.losses @ other.shifts.T, (law.losses @ law.shifts.T)[:, order], **close)
    np.testing.assert_allclose(other.shifts @ other.shifts.T, (law.shifts @ law.shifts.T)[table], **close)
    assert other.losses.shape == law.losses.shape
    assert (other.signs is None) == (law.signs is None)


@settings(max_examples=60, deadline=None)
@given(small_games())
def test_profiles_obey_cauchy_schwarz(game):
    law = game.local_law()
    v, tau = law.jacobian_variance, law.jacobian_covariance
    assert np.all(v >= 0) and np.all(law.gradient_variance > 0)
    np.testing.assert_array_equal(tau, tau.T)
    np.testing.assert_array_equal(np.diag(tau), np.diag(v))
    assert np.all(tau**2 <= v * v.T * (1 + 1e-12))
    assert np.sum(law.fractions) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("factor", [-1, 0.25, 3])
def test_scaling_the_losses(factor):
    game = GAMES["two against one"]
    law = game.local_law()
    other = SphericalGame(
        game.fractions, game.fields, [[factor * c for c in row] for row in game.losses], game.players
    ).local_law()
    np.testing.assert_allclose(other.gradient_variance, factor**2 * law.gradient_variance, rtol=1e-14)
    np.testing.assert_allclose(other.jacobian_covariance, factor**2 * law.jacobian_covariance, rtol=1e-14)
    np.testing.assert_allclose(other.losses, factor * law.losses, rtol=1e-14)
    np.testing.assert_allclose(other.shifts, factor * law.shifts, rtol=1e-14)


# -- signs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("pure", (1,)),
        ("mixed", (1,)),
        ("bipartite", (1, 1)),
        ("three species", (1, 1, 1)),
        ("gan", (1, -1)),
        ("general sum 1", (1, 1)),
        ("general sum -1", (1, -1)),
        ("general sum 0", None),
        ("general sum -0.3", None),
        ("two against one", None),
        ("frustrated", None),
        ("field without weight", (1, -1)),
    ],
)
def test_signs(name, signs):
    assert GAMES[name].local_law().signs == signs


def test_uncoupled_species_have_the_sign_plus():
    game = SphericalGame([0.5, 0.5], [{(3, 0): 1}, {(0, 3): 1}], [[1, 0], [0, -2]], [[0], [1]])
    assert game.local_law().signs == (1, 1)
    assert game.local_law().jacobian_variance[0, 1] == 0


def test_signs_are_decided_without_rounding():
    nearly = 1 - 2**-53
    assert general_sum(1).local_law().signs == (1, 1)
    game = SphericalGame([0.5, 0.5], [{(2, 1): 1}], [[1], [nearly]], [[0], [1]])
    assert game.local_law().signs is None


# -- closed forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "q", "sigma_z", "kappa"), [(3, 3, 1, 0.9), (3, 2, 0.5, 0.6), (5, 5, 1, 0.9), (2, 1, 100, 0.02)]
)
def test_gan_by_hand(p, q, sigma_z, kappa):
    law = sg.gan(p=p, q=q, sigma_z=sigma_z, kappa=kappa).local_law()
    n = p + q
    slope, curvature = n * 2 ** (n - 1) * sigma_z**2, n * (n - 1) * 2 ** (n - 2) * sigma_z**2
    np.testing.assert_allclose(law.fractions, [kappa, 1 - kappa], rtol=1e-15)
    np.testing.assert_allclose(law.gradient_variance, [p + slope, slope], rtol=1e-15)
    own = p * (p - 1)
    np.testing.assert_allclose(law.jacobian_variance, [[own + curvature, curvature], [curvature] * 2], rtol=1e-15)
    np.testing.assert_allclose(
        law.jacobian_covariance, [[own + curvature, -curvature], [-curvature, curvature]], rtol=1e-15
    )
    noise = 2**n * sigma_z**2
    np.testing.assert_allclose(law.losses @ law.losses.T, [[1 + noise, -noise], [-noise, noise]], rtol=1e-14)
    # d_D = -p f_D + sigma_z R_D, d_G = -sigma_z R_G, Cov(R) = [[slope + curvature, curvature], [.., slope + curvature]]
    table = [[p**2 + slope + curvature, -curvature], [-curvature, slope + curvature]]
    np.testing.assert_allclose(law.shifts @ law.shifts.T, table, rtol=1e-13)
    # Cov(L_D, d_D) = -p - slope, Cov(L_D, d_G) = slope, Cov(L_G, d_D) = slope, Cov(L_G, d_G) = -slope
    np.testing.assert_allclose(law.losses @ law.shifts.T, [[-p - slope, slope], [slope, -slope]], rtol=1e-13)
    assert law.losses.shape == (2, 3)


@pytest.mark.parametrize("coefficients", [{3: 1}, {2: 1}, {1: 4}, {1: 0.5, 3: 1}, {2: 0.25, 3: 1, 9: 2}])
def test_one_sphere_by_hand(coefficients):
    game = SphericalGame([1], [coefficients], [[1]], [[0]])
    v0 = sum(coefficients.values())
    x1 = sum(p * c for p, c in coefficients.items())
    x2 = sum(p * (p - 1) * c for p, c in coefficients.items())
    law = game.local_law()
    assert law.gradient_variance == pytest.approx([x1])
    assert law.jacobian_variance == law.jacobian_covariance == pytest.approx(x2)
    scalars = np.vstack([law.losses, law.shifts])
    np.testing.assert_allclose(scalars @ scalars.T, [[v0, -x1], [-x1, x1 + x2]], rtol=1e-14)


def test_a_random_field_moves_the_gradient_only():
    with_field, without = sg.mixed({1: 2, 3: 1}).local_law(), sg.pure(3).local_law()
    assert with_field.jacobian_variance == without.jacobian_variance
    assert with_field.gradient_variance == without.gradient_variance + 2
    assert with_field.losses.shape == (1, 2)
    assert without.losses.shape == (1, 1)


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("ar", [sg.float64, sg.mp(30), sg.balls(30), sg.symbols], ids=["float64", "mp", "balls", "sym"])
def test_the_law_carries_what_follows_from_it(name, ar):
    law = GAMES[name].local_law(ar)
    kappa, gradient, v, u = (
        np.vectorize(lambda x: float(getattr(x, "mid", lambda: x)()), otypes=[float])(getattr(law, part))
        for part in ("fractions", "gradient_variance", "jacobian_variance", "loss_covariance")
    )
    edges, constant = law.edges, law.constant
    assert edges.dtype == law.fractions.dtype
    np.testing.assert_allclose([float(x) for x in edges], 2 * np.sqrt(kappa * np.diag(v)), rtol=1e-14)
    assert float(constant) == pytest.approx(0.5 - 0.5 * kappa @ np.log(kappa * gradient), rel=1e-14, abs=1e-14)
    losses = GAMES[name].local_law().losses
    np.testing.assert_allclose(u, losses @ losses.T, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("coefficients", [{3: 1}, {1: 0.5, 3: 1}, {2: 0.25, 3: 1, 9: 2}, {3: 0.1, 4: 1e-20}])
def test_the_numbers_of_one_sphere(coefficients):
    law, table = sg.mixed(coefficients).local_law(), exact_table(sg.mixed(coefficients))
    c = {p: Fraction(x) for p, x in coefficients.items()}
    v0, x1, x2 = (sum(x * f(p) for p, x in c.items()) for f in (lambda p: 1, lambda p: p, lambda p: p * (p - 1)))
    assert (table.v0, table.x1, table.x2) == (v0, x1, x2)  # fractions: nothing is rounded
    assert table.conditional_variance == sum(c[p] * c[q] * (p - q) ** 2 for p in c for q in c if p < q) / v0
    np.testing.assert_allclose([law.v0, law.x1, law.x2], [float(v0), float(x1), float(x2)], rtol=1e-15)
    gap = law.losses[0] @ law.shifts[0] / law.v0 * law.losses[0] - law.shifts[0]
    assert float(table.conditional_variance) == pytest.approx(gap @ gap, rel=1e-12, abs=1e-30)


# -- rank ----------------------------------------------------------------------------------------------------------


def scalar_rank(xi):
    """Return the rank of the covariance of (f, R_1, .., R_S), by sympy from the polynomial itself."""
    q = sympy.symbols(f"q:{len(xi[0][0])}")
    polynomial = sum(
        sympy.Rational(c) * sympy.prod([x**e for x, e in zip(q, exponents, strict=True)]) for exponents, c in xi
    )
    operators = [lambda f: f] + [lambda f, x=x: x * sympy.diff(f, x) for x in q]
    table = [[a(b(polynomial)) for b in operators] for a in operators]
    return sympy.Matrix(table).subs({x: 1 for x in q}).rank()


@settings(max_examples=60, deadline=None)
@given(small_games())
def test_the_number_of_normals_is_the_rank_of_the_scalars(game):
    law = game.local_law()
    assert law.losses.shape[1] == law.shifts.shape[1] == sum(scalar_rank(xi) for xi in game.fields)


@pytest.mark.parametrize("name", GAMES)
def test_the_number_of_normals(name):
    game = GAMES[name]
    assert game.local_law().losses.shape[1] == sum(scalar_rank(xi) for xi in game.fields)


@settings(max_examples=60, deadline=None)
@given(small_games())
def test_dependent_scalars_are_combinations_of_the_basis(game):
    assert game.fields
    for xi in game.fields:
        basis, combination = independent_scalars(xi)
        rows = np.array([[1, *e] for e, _ in xi], dtype=object)
        assert (np.dot(rows[:, basis], np.array(combination).T) == rows).all()


# -- arithmetics ---------------------------------------------------------------------------------------------------

ARRAYS = ["fractions", "gradient_variance", "jacobian_variance", "jacobian_covariance", "losses", "shifts"]


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("ar", [sg.mp(30), sg.balls(30), sg.symbols], ids=["mp", "balls", "symbols"])
def test_law_agrees_in_every_arithmetic(name, ar):
    law, other = GAMES[name].local_law(), GAMES[name].local_law(ar)
    for array in ARRAYS:
        assert getattr(other, array).dtype == object
        values = np.vectorize(lambda x: float(getattr(x, "mid", lambda: x)()), otypes=[float])(getattr(other, array))
        np.testing.assert_allclose(getattr(law, array), values, rtol=1e-13, atol=1e-13)
    assert (other.signs, other.players) == (law.signs, law.players)


def test_law_is_exact_where_the_input_is():
    game = sg.gan(p=3, q=2, sigma_z=Fraction(1, 3), kappa=Fraction(2, 7))
    law = game.local_law(sg.symbols)
    third = sympy.Rational(1, 3)
    assert list(law.fractions) == [sympy.Rational(2, 7), sympy.Rational(5, 7)]
    assert list(law.gradient_variance) == [3 + 80 * third**2, 80 * third**2]
    noise = sympy.simplify(sympy.Matrix(law.losses) * sympy.Matrix(law.losses).T)
    assert noise == sympy.Matrix([[1 + 32 * third**2, -32 * third**2], [-32 * third**2, 32 * third**2]])


def test_nearly_dependent_scalars_keep_their_own_part_to_rounding():
    rng, ctx = np.random.default_rng(4), sg.mp(200).context
    asked = 0
    for _ in range(60):
        species = int(rng.integers(1, 4))
        terms = {tuple(rng.integers(0, 6, species).tolist()): 10.0 ** rng.uniform(-25, 0) for _ in range(species + 2)}
        terms.pop((0,) * species, None)
        game = SphericalGame(np.full(species, 1 / species), [terms], [[1]], [list(range(species))])
        law = game.local_law()
        if law.shifts.shape[1] < species + 1:
            continue  # some scalars are combinations of others
        rows = [(1, *e) for e in terms]
        covariance = ctx.matrix(species + 1, species + 1)
        for row, c in zip(rows, terms.values(), strict=True):
            for i, j in itertools.product(range(species + 1), repeat=2):
                covariance[i, j] += ctx.mpf(c) * row[i] * row[j]
        root = ctx.cholesky(covariance)
        got = np.vstack([law.losses, -law.shifts])
        for i, j in itertools.product(range(species + 1), repeat=2):
            assert abs(got[i, j] - root[i, j]) <= 4e-16 * abs(root[i, j]), (terms, i, j)
            asked += 1
    assert asked > 300


def test_variances_that_no_float_can_hold_are_refused():
    game = sg.mixed({1: 1e212, 1000: 1e303})
    with pytest.raises(ValueError, match="fields: expected derivatives whose variances a float can hold"):
        game.local_law()
    assert abs(game.local_law(sg.mp(20)).jacobian_variance[0, 0] / sg.mp(20).number(10) ** 303 / 999000 - 1) < 1e-15
    one = np.array([[1.0, 1.0], [1.0, -1.0]])
    with pytest.raises(ValueError, match="fields: expected derivatives"):
        SphericalGame([0.5, 0.5], [{(400, 400): 1e160}] * 2, one * 3e71, [[0], [1]]).local_law()
    with pytest.raises(ValueError, match="fields: expected derivatives whose variances are 0 or at least 1e-306"):
        sg.mixed({1: 1.0, 3: 1e-310}).local_law()
