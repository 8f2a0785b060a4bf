"""Psi against many digits, against its own kinds, against an independent solution and against sampled matrices."""

import itertools
import json
from pathlib import Path

import mpmath
import numpy as np
import pytest

import spinglass as sg
from spinglass.spectra import BlockGaussian, LogDeterminant
from spinglass.spectra.dyson.digits import psi_digits
from spinglass.spectra.dyson.log_determinant import GENERAL, PAIR, SEVERAL, psi, scaled
from spinglass.spectra.sampling import block_sizes, sample_blocks

DIGITS = sg.mp(50)
REFERENCE = json.loads((Path(__file__).parents[2] / "data" / "reference.json").read_text())


def random_gan(rng):
    return sg.gan(
        p=int(rng.integers(2, 11)),
        q=int(rng.integers(2, 11)),
        sigma_z=float(10 ** rng.uniform(-5, 2)),
        kappa=float(rng.uniform(0.02, 0.98)),
    )


def random_game(rng, species, general, wide=0.0):
    """Return a game with random exponents; coefficients spread over 2 * wide decades."""
    fractions = rng.dirichlet(np.full(species, 1.5)) * 0.98 + 0.02 / species
    fields = []
    for _ in range(2):
        xi = {}
        for _ in range(4):
            exponents = tuple(int(e) for e in rng.integers(0, 4, species))
            if any(exponents):
                xi[exponents] = float(10 ** rng.uniform(-wide, wide))
        for s in range(species):
            xi[tuple(3 * int(s == t) for t in range(species))] = float(10 ** rng.uniform(-wide, wide))
        fields.append(xi)
    if general:
        return sg.SphericalGame(fractions, fields, rng.normal(size=(species, 2)), [[s] for s in range(species)])
    return sg.SphericalGame(fractions, fields, [rng.normal(size=2)], [range(species)])


def correlated_game(rho):
    """Return the two-player game whose losses have correlation rho."""
    xi = {(2, 1): 1.0, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
    return sg.SphericalGame([0.4, 0.6], [xi, xi], [[1.0, 0.0], [rho, (1 - rho**2) ** 0.5]], [[0], [1]])


def radii(law):
    return 2 * np.sqrt(law.jacobian_variance @ law.fractions)


def evaluate(parameters, shifts):
    n = len(parameters.k)
    slope, curve = np.empty(n), np.empty((n, n))
    value = psi(parameters, np.array(shifts, dtype=float), slope, curve)
    return value, slope, curve


def with_digits(game, psi_float, shifts):
    return psi_digits(psi_float.scaled, game.local_law(DIGITS), [DIGITS.number(x) for x in shifts], DIGITS)


def test_random_gans_agree_with_fifty_digits():
    rng = np.random.default_rng(1)
    for i in range(150):
        game = random_gan(rng)
        ours = LogDeterminant(game.local_law())
        size = radii(ours.law) if i % 3 else radii(ours.law).max()
        reach = 0.0 if i % 30 == 0 else 10 ** rng.uniform(-3, 2)
        d = rng.uniform(-1, 1, 2) * reach * size
        value, slope, _ = with_digits(game, ours, d)
        got = ours(d)
        assert abs(float(value - DIGITS.number(got))) <= 1e-12 * max(1, abs(got)), (game, d)
        if reach > 0:
            np.testing.assert_allclose(ours.gradient(d), [float(x) for x in slope], rtol=1e-11, err_msg=str((game, d)))


@pytest.mark.parametrize("offset", [0.0, 1e-15, 1e-12, 1e-6])
def test_near_the_edges_of_the_spectrum_it_agrees_with_fifty_digits(offset):
    rng = np.random.default_rng(2)
    compared = 0
    for _ in range(8):
        game = random_gan(rng)
        law = game.local_law()
        ours = LogDeterminant(law)
        signs = np.array(law.signs)
        d = rng.uniform(-1, 1, 2) * radii(law).max() * 10 ** rng.uniform(-1, 0.5)
        edges = BlockGaussian(law.jacobian_variance, law.fractions, d).support.ravel()
        for edge, side in itertools.product(edges, (-1, 1)):
            shifts = signs * (d - edge + side * offset * np.ptp(edges))
            got = ours(shifts)
            assert np.isfinite(got)
            # at the edge itself fifty digits cannot know the branch: they are taken a little beside it, where Psi
            # differs by less than the slope allows
            beside = shifts if offset >= 1e-9 else signs * (d - edge + side * 1e-12 * np.ptp(edges))
            try:
                value, slope, _ = with_digits(game, ours, beside)
            except ArithmeticError:
                continue  # refused, not wrong: a seed in double precision does not tell the sides apart
            compared += 1
            moved = np.abs([float(x) for x in slope]) @ np.abs(shifts - beside)
            assert abs(float(value) - got) <= 1e-10 * max(1, abs(got)) + 2 * moved, (game, shifts)
    assert compared >= 20


@pytest.mark.parametrize("general", [False, True])
def test_random_games_agree_with_fifty_digits(general):
    rng = np.random.default_rng(3)
    for i in range(12):
        game = random_game(rng, int(rng.integers(2, 5)), general, wide=[0.0, 1.0, 2.0][i % 3])
        ours = LogDeterminant(game.local_law())
        d = rng.uniform(-1, 1, len(ours.scaled.k)) * radii(ours.law) * 10 ** rng.uniform(-1, 1.5)
        value = with_digits(game, ours, d)[0]
        assert abs(float(value) - ours(d)) <= 1e-12 * max(1, abs(ours(d))), (game, d)


def test_all_kinds_of_solver_agree():
    rng = np.random.default_rng(4)
    for i in range(40):
        game = random_gan(rng) if i % 2 else random_game(rng, 2, general=False, wide=1.0)
        law = game.local_law()
        parameters = LogDeterminant(law).scaled
        assert parameters.kind == PAIR
        d = rng.uniform(-1, 1, 2) * radii(law) * 10 ** rng.uniform(-2, 1.5)
        value, slope, curve = evaluate(parameters, d)
        for kind in (SEVERAL, GENERAL):
            other = evaluate(parameters._replace(kind=kind), d)
            assert abs(other[0] - value) <= 1e-10 * max(1, abs(value)), (game, d, kind)
            np.testing.assert_allclose(other[1], slope, atol=1e-6 * np.abs(slope).max(), err_msg=str((game, d, kind)))
            np.testing.assert_allclose(other[2], curve, atol=1e-5 * np.abs(curve).max(), err_msg=str((game, d, kind)))


def independent_psi(k, v, tau, d, digits=24):
    """Solve the hermitised Dyson equation in mpmath from nothing, following eta down; return Psi and its gradient."""
    mp = mpmath.MPContext()
    mp.dps = digits + 30  # along p -> t p, q -> q/t the equations become singular with eta
    n = len(k)
    k, d = [mp.mpf(float(x)) for x in k], [mp.mpf(float(x)) for x in d]
    v, tau = ([[mp.mpf(float(x)) for x in row] for row in table] for table in (v, tau))
    size = max([abs(x) for x in d] + [mp.sqrt(x) for row in v for x in row])
    species = range(n)

    def parts(y, eta):
        p, q, b = y[:n], y[n : 2 * n], y[2 * n :]
        big_p = [eta + sum(v[s][t] * k[t] * q[t] for t in species) for s in species]
        big_q = [eta + sum(v[t][s] * k[t] * p[t] for t in species) for s in species]
        m = [d[s] - sum(tau[s][t] * k[t] * b[t] for t in species) for s in species]
        return big_p, big_q, m, [big_p[s] * big_q[s] + m[s] ** 2 for s in species]

    def image(y, eta):
        big_p, big_q, m, det = parts(y, eta)
        return [x / det[i % n] for i, x in enumerate([*big_q, *big_p, *m])]

    def newton(y, eta):
        for _ in range(80):
            big_p, big_q, m, det = parts(y, eta)
            jacobian = mp.eye(3 * n)
            right = mp.matrix([new - old for new, old in zip(image(y, eta), y, strict=True)])
            for s, t in itertools.product(species, species):
                by = (
                    (n + t, v[s][t] * k[t], big_q[s]),
                    (t, v[t][s] * k[t], big_p[s]),
                    (2 * n + t, -tau[s][t] * k[t], 2 * m[s]),
                )
                for row, top, own in ((s, big_q[s], 1), (n + s, big_p[s], 0), (2 * n + s, m[s], 2)):
                    for which, (column, inner, slope) in enumerate(by):
                        jacobian[row, column] -= inner * ((which == own) / det[s] - top * slope / det[s] ** 2)
            step = mp.lu_solve(jacobian, right)
            cut = min([mp.mpf(1)] + [-y[i] / step[i] * 9 / 10 for i in range(2 * n) if step[i] < 0])
            y = [a + cut * b for a, b in zip(y, step, strict=True)]
            root = [mp.sqrt(y[s] * y[n + s] + y[2 * n + s] ** 2) for s in species]
            if (
                cut == 1
                and max(abs(step[i]) / max(root[i % n], abs(y[i])) for i in range(3 * n)) < mp.mpf(10) ** -digits
            ):
                return y
        raise AssertionError("the independent solution did not converge")

    eta = 8 * size
    y = [1 / eta] * (2 * n) + [x / (eta**2 + x**2) for x in d]
    for _ in range(40):
        y = [(old + new) / 2 for old, new in zip(y, image(y, eta), strict=True)]
    while eta > size * mp.mpf(10) ** -15:
        eta /= 6
        y = newton(y, eta)
    p, q, b = y[:n], y[n : 2 * n], y[2 * n :]
    total = eta * sum(k[s] * (p[s] + q[s]) for s in species)
    total += sum(k[s] * (2 * d[s] * b[s] - 2 - mp.log(p[s] * q[s] + b[s] ** 2)) for s in species)
    total += sum(k[s] * k[t] * (v[s][t] * p[s] * q[t] - tau[s][t] * b[s] * b[t]) for s in species for t in species)
    return float(total / 2), [float(k[s] * b[s]) for s in species]


INDEPENDENT = [
    (sg.pure(4), [0.4]),
    (sg.gan(3, 2, 0.5, 0.6), [3.0, -2.0]),
    (sg.gan(3, 2, 0.5, 0.6), [-60.0, 60.0]),
    (sg.gan(3, 3, 1e-3, 0.9), [5.0, 0.02]),
    (sg.bipartite(1, 3, 0.6), [0.3, -1.5]),
    (correlated_game(0.5), [0.3, -0.7]),
    (correlated_game(-0.3), [5.0, 4.0]),
    (correlated_game(0.0), [0.0, 2.5]),
    (random_game(np.random.default_rng(11), 3, general=True, wide=1.0), [3.0, -4.0, 1.0]),
    (random_game(np.random.default_rng(12), 3, general=False, wide=1.0), [9.0, -3.0, 0.5]),
]


@pytest.mark.parametrize(("game", "shifts"), INDEPENDENT)
def test_an_independent_solution_of_the_dyson_equation_gives_the_same(game, shifts):
    law = game.local_law()
    ours = LogDeterminant(law)
    value, slope = independent_psi(law.fractions, law.jacobian_variance, law.jacobian_covariance, shifts)
    assert abs(ours(shifts) - value) <= 1e-12 * max(1, abs(value))
    np.testing.assert_allclose(ours.gradient(shifts), slope, rtol=1e-9, atol=1e-10)


def test_the_reference_values_of_the_gan():
    table = REFERENCE["gan Re Phi(0) at shifts (d_D,d_G), (p,q,sigma_z,kappa)=(3,2,.5,.6)"]
    law = sg.gan(p=3, q=2, sigma_z=0.5, kappa=0.6).local_law()
    ours = LogDeterminant(law)
    assert len(table) > 2
    for key, value in table.items():
        shifts = np.array(law.signs) * [float(x) for x in key.split(",")]
        assert abs(ours(shifts) - float(value)) < 3e-13 * abs(float(value))


SIZE, DRAWS = 800, 2
NOISE = 4 * np.sqrt(np.log(SIZE) / DRAWS) / SIZE  # four deviations: the variance of log|det| is at most log n


def sampled(v, tau, fractions, shifts, seed):
    """Return log|det|/n of independent matrices."""
    sizes = block_sizes(fractions, SIZE)
    streams = np.random.SeedSequence(seed).spawn(DRAWS)
    draws = [sample_blocks(v, tau, shifts, sizes, SIZE, np.random.default_rng(s)) for s in streams]
    return np.mean([np.linalg.slogdet(m)[1] / SIZE for m in draws])


PROFILES = {
    "one, correlation 1": ([[2.0]], [[2.0]], [1.0]),
    "one, correlation .3": ([[2.0]], [[0.6]], [1.0]),
    "one, correlation -.5": ([[2.0]], [[-1.0]], [1.0]),
    "two, symmetric": ([[1.0, 3.0], [3.0, 0.5]], [[1.0, 3.0], [3.0, 0.5]], [0.3, 0.7]),
    "two, antisymmetric": ([[1.0, 3.0], [3.0, 0.5]], [[1.0, -3.0], [-3.0, 0.5]], [0.3, 0.7]),
    "two, general": ([[1.0, 3.0], [0.4, 0.5]], [[1.0, 0.6], [0.6, 0.5]], [0.3, 0.7]),
    "three, general": (
        [[1.0, 2.0, 0.3], [0.5, 2.0, 1.0], [1.5, 0.2, 0.4]],
        [[1.0, 0.7, -0.5], [0.7, 2.0, 0.1], [-0.5, 0.1, 0.4]],
        [0.2, 0.3, 0.5],
    ),
}


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("reach", [0.3, 1.5])
def test_sampled_matrices_have_this_log_determinant(name, reach):
    v, tau, fractions = (np.array(x) for x in PROFILES[name])
    signs = None
    if name.startswith("one, correlation 1") or name == "two, symmetric":
        signs = (1,) * len(fractions)
    elif name == "two, antisymmetric":
        signs = (1, -1)
    shifts = reach * np.array([2.0, -1.0, 3.0])[: len(fractions)]
    expected = evaluate(scaled(fractions, v, tau, signs), shifts)[0]
    assert abs(sampled(v, tau, fractions, shifts, seed=7) - expected) < NOISE


@pytest.mark.parametrize("rho", [-1.0, -0.5, 0.0, 0.5, 1.0])
def test_sampled_jacobians_of_a_game_of_any_correlation(rho):
    law = correlated_game(rho).local_law()
    assert (law.signs is None) == (abs(rho) < 1)
    for shifts in ([0.5, -0.8], [4.0, 3.0]):
        expected = LogDeterminant(law)(shifts)
        got = sampled(law.jacobian_variance, law.jacobian_covariance, law.fractions, shifts, seed=8)
        assert abs(got - expected) < NOISE


@pytest.mark.parametrize("kind", ["one", "pair", "several", "general"])
def test_gradient_and_hessian_are_the_derivatives(kind):
    rng = np.random.default_rng(5)
    for _ in range(6):
        game = {
            "one": lambda: sg.mixed({2: 0.3, 5: 1.0}),
            "pair": lambda: random_gan(rng),
            "several": lambda: random_game(rng, 3, general=False),
            "general": lambda: random_game(rng, int(rng.integers(2, 4)), general=True),
        }[kind]()
        law = game.local_law()
        parameters = LogDeterminant(law).scaled
        n = len(law.fractions)
        for reach in (0.2, 6.0):  # inside and outside
            d = rng.uniform(0.5, 1, n) * rng.choice([-1, 1], n) * reach * radii(law)
            _, slope, curve = evaluate(parameters, d)
            np.testing.assert_allclose(curve, curve.T, atol=1e-9 * np.abs(curve).max())
            for s in range(n):
                step = np.zeros(n)
                step[s] = 1e-4 * radii(law)[s]
                up, down = evaluate(parameters, d + step), evaluate(parameters, d - step)
                rise = (up[0] - down[0]) / (2 * step[s])
                assert abs(rise - slope[s]) < 1e-6 * np.abs(slope).max() + 1e-11 / step[s], (game, d)
                bend = (up[1] - down[1]) / (2 * step[s])
                np.testing.assert_allclose(bend, curve[s], atol=1e-4 * np.abs(curve).max(), err_msg=str((game, d)))


SHIFTS = [0.0, -0.0, 1e-300, -1e-100, 1e-20, -1e-10, 1e-6, 0.1, -0.5, 1.0, 2.0, -3.0, 1e3, -1e6, 1e6]


@pytest.mark.parametrize("degrees", [(1, 1), (1, 3), (2, 1), (2, 2)])
@pytest.mark.parametrize("kappa", [1e-6, 0.5, 0.7, 1 - 1e-6])
def test_bipartite_shifts_of_every_size_and_sign(degrees, kappa):
    law = sg.bipartite(*degrees, kappa=kappa).local_law()
    pairs = np.array(list(itertools.product(SHIFTS, SHIFTS)))
    values, slopes = LogDeterminant(law)(pairs), LogDeterminant(law).gradient(pairs)
    assert not np.isnan(values).any() and np.isfinite(slopes).all()
    np.testing.assert_allclose(LogDeterminant(law)(-pairs), values, rtol=1e-9)
    # a larger block without a variance of its own keeps null vectors at shift 0 exactly: -inf there and nowhere else
    keeps = [p == 1 and share > 0.5 for p, share in zip(degrees, (kappa, 1 - kappa), strict=True)]
    np.testing.assert_array_equal(np.isneginf(values), np.any((pairs == 0) & keeps, axis=1))


@pytest.mark.parametrize("kappa", [0.2, 0.4999999, 0.5, 0.7])
def test_bilinear_form_has_the_marchenko_pastur_log_determinant(kappa):
    # det [[d1, W], [W^T, d2]] = d1^(n1-n2) det(d1 d2 - W^T W), the larger block keeping its shift
    small, large = sorted((kappa, 1 - kappa))
    low, high = (np.sqrt(large) - np.sqrt(small)) ** 2, (np.sqrt(large) + np.sqrt(small)) ** 2
    t = (np.arange(20000) + 0.5) * np.pi / 20000
    places = 0.5 * (low + high) - 0.5 * (high - low) * np.cos(t)
    weights = (0.5 * (high - low) * np.sin(t)) ** 2 / (2 * places) / 20000
    ours = LogDeterminant(sg.bipartite(1, 1, kappa=kappa).local_law())
    for d1, d2 in itertools.product([-2.0, -1e-6, 1e-10, 0.5, 3.0], [-1.0, 1e-20, 0.1, 0.7, 1e3]):
        own = d1 if kappa > 0.5 else d2
        expected = np.sum(weights * np.log(np.abs(d1 * d2 - places))) + (large - small) * np.log(abs(own))
        assert abs(ours([d1, d2]) - expected) < 1e-3 * max(1, abs(expected)), (d1, d2)


@pytest.mark.parametrize("kappa", [1e-6, 0.5, 1 - 1e-6])
@pytest.mark.parametrize("sigma_z", [1e-5, 1.0, 1e2])
def test_extreme_gans_have_a_finite_log_determinant(kappa, sigma_z):
    game = sg.gan(p=3, q=4, sigma_z=sigma_z, kappa=kappa)
    law = game.local_law()
    ours = LogDeterminant(law)
    assert len(radii(law)) > 0
    for scale in radii(law):
        pairs = scale * np.array(
            list(itertools.product([0.0, 1e-12, 0.5, 1.0, -1.0, 1e6], [0.0, -1e-9, 0.5, 1.0, -2.0, 1e6]))
        )
        values = ours(pairs)
        assert np.isfinite(values).all() and np.isfinite(ours.gradient(pairs)).all()
        away = np.all(np.abs(np.abs(pairs / scale) - 1) > 0.01, axis=1)  # digits need a side of the edge
        for d, value in list(zip(pairs[away], values[away], strict=True))[3::4]:
            assert abs(float(with_digits(game, ours, d)[0]) - value) <= 1e-10 * max(1, abs(value)), (d, value)


@pytest.mark.parametrize("species", [3, 4, 5])
@pytest.mark.parametrize("general", [False, True])
def test_many_species_of_very_different_scales(species, general):
    rng = np.random.default_rng(6)
    for _ in range(3):
        law = random_game(rng, species, general, wide=3.0).local_law()
        size = radii(law)
        rows = [
            0 * size,
            size,
            -size,
            1e6 * size,
            1e-6 * size,
            np.full(species, size.max()),
            np.full(species, size.min()),
        ]
        values = LogDeterminant(law)(rows)
        assert np.isfinite(values).all()
        assert abs(values[3] - np.sum(law.fractions * np.log(1e6 * size))) < 1e-9


@pytest.mark.parametrize("kind", [None, SEVERAL])
def test_uncoupled_species_add_up(kind):
    own = [{(3, 0): 1.0, (0, 2): 0.5}, {(2, 0): 0.1, (0, 4): 2.0}]
    law = sg.SphericalGame([0.3, 0.7], own, [[1.0, 0.2], [0.5, 0.3]], [[0], [1]]).local_law()
    parameters = LogDeterminant(law).scaled
    parameters = parameters if kind is None else parameters._replace(kind=kind)
    for d in itertools.product([-3.0, -1e-9, 0.0, 0.5, 1.0, 40.0], repeat=2):
        parts = [
            k * evaluate(scaled(np.ones(1), np.array([[k * v]]), np.array([[k * v]]), (1,)), [x])[0]
            for k, v, x in zip(law.fractions, np.diag(law.jacobian_variance), d, strict=True)
        ]
        assert abs(evaluate(parameters, d)[0] - sum(parts)) < 1e-10, d


def test_far_away_it_is_the_logarithm_of_the_shifts():
    for game in (sg.pure(3), sg.gan(3, 3, 1.0, 0.9), correlated_game(0.3)):
        law = game.local_law()
        d = np.array([1e7, -3e7])[: len(law.fractions)]
        assert abs(LogDeterminant(law)(d) - law.fractions @ np.log(np.abs(d))) < 1e-9


def test_what_is_not_a_shift_is_refused():
    ours = LogDeterminant(sg.gan(3, 3, 1.0, 0.9).local_law())
    for shifts in ([1.0], 1.0, [np.nan, 0.0], [np.inf, 1.0]):
        with pytest.raises(ValueError, match="shifts: expected"):
            ours(shifts)


def one_way_game():
    """A second player who moves the first but is not moved by it: the determinant factorises."""
    return sg.SphericalGame([0.4, 0.6], [{(2, 1): 1.0, (3, 0): 0.5}, {(0, 3): 1.0}], [[1, 0], [0, 1]], [[0], [1]])


@pytest.mark.parametrize("shifts", [(-3.0, -3.0), (0.0, 0.5), (0.0, 9.0), (7.0, 0.1), (0.0, 0.0)])
def test_influence_that_does_not_come_back_factorises(shifts):
    law = one_way_game().local_law()
    variance = np.diag(law.jacobian_variance)
    parts = [
        fraction * sg.spectra.Semicircle(variance=fraction * v).log_potential(d)
        for fraction, v, d in zip(law.fractions, variance, shifts, strict=True)
    ]
    assert sg.spectra.LogDeterminant(law)(shifts) == pytest.approx(sum(parts), abs=1e-13)


def test_one_way_influence_in_digits():
    c = sg.complexity(one_way_game())
    assert c.total() == pytest.approx(float(c.total(arithmetic=sg.mp(20))), abs=1e-14)


def test_an_eigenvalue_zero_of_positive_weight_is_minus_infinity():
    assert sg.complexity(sg.bipartite(1, 1, 0.3))(0.0) == -np.inf
    assert sg.complexity(sg.bipartite(1, 3, 0.7))(0.0) == -np.inf
    assert np.isfinite(sg.complexity(sg.bipartite(1, 1, 0.3))(1e-18))
