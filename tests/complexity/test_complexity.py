"""The public object: reference values, limits, arithmetics, shapes and errors."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass.complexity.games.linear import Linear
from spinglass.complexity.games.supremum import Annealed

REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "reference.json").read_text())
FIRST, SECOND = {3: 0.5, 4: 0.5}, {3: Fraction(16, 17), 16: Fraction(1, 17)}


def agrees(got, text):
    """Tell whether a number has all the digits of a reference value."""
    digits = len(text.strip("-").split(".")[1])
    return abs(float(got) - float(text)) <= max(1.01 * 10.0**-digits, 2e-13)


def correlated(rho, kappa=0.4):
    xi = {(2, 1): 1.0, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
    return sg.SphericalGame([kappa, 1 - kappa], [xi, xi], [[1.0, 0.0], [rho, (1 - rho**2) ** 0.5]], [[0], [1]])


# -- reference values --------------------------------------------------------------------------------------------------


def test_reference_pure():
    assert REFERENCE["pure.E_inf"].keys() == REFERENCE["pure.E_k (k=0,1,2)"].keys() >= {"3", "4"}
    for p, value in REFERENCE["pure.E_inf"].items():
        assert agrees(-sg.complexity(sg.pure(int(p))).threshold_energy, value)
    for p, values in REFERENCE["pure.E_k (k=0,1,2)"].items():
        c = sg.complexity(sg.pure(int(p)))
        for k, value in zip((0, 1, 2), values, strict=True):
            assert agrees(-c.lowest_energy(index=k), value)
            assert abs(-c.lowest_energy(index=k, arithmetic=sg.mp(30)) - sg.mp(30).number(value)) < 2e-17


def test_reference_mixed():
    for name, coefficients in (("mixed (q^3+q^4)/2", FIRST), ("mixed (16q^3+q^16)/17", SECOND)):
        c, table = sg.complexity(sg.mixed(coefficients)), REFERENCE[name]
        assert agrees(c.total(), table["total"])
        assert agrees(c.total(index=0), table["minima"])
        assert abs(c.total(index=5) - c.total(index=0)) < 1e-14
    c, table = sg.complexity(sg.mixed(FIRST)), REFERENCE["mixed (q^3+q^4)/2"]
    assert agrees(-c.threshold_energy, table["E'_inf"])
    assert agrees(-c.lowest_energy(), table["annealed E0"])


def test_reference_bipartite():
    table = REFERENCE["bipartite q1^p q2^q (p,q,kappa)"]
    first, second = sg.complexity(sg.bipartite(2, 2, kappa=0.3)), sg.complexity(sg.bipartite(2, 3, kappa=0.5))
    assert agrees(first(0.0), table["2,2,.3 Sigma(0)"])
    assert agrees(-first.lowest_energy(), table["2,2,.3 E0"])
    assert agrees(second(0.0), table["2,3,.5 Sigma(0)"])
    assert agrees(second(-1.0), table["2,3,.5 Sigma(-1)"])


@pytest.mark.parametrize("key", REFERENCE["gan local Nash (index 0,0), all energies"])
def test_reference_gan(key):
    p, q, sigma_z, kappa = (float(x) for x in key.split(","))
    c = sg.complexity(sg.gan(int(p), int(q), sigma_z, kappa))
    assert agrees(c.total(index=(0, 0)), REFERENCE["gan local Nash (index 0,0), all energies"][key])
    if key in REFERENCE["gan total (p,q,sigma_z,kappa)"]:
        assert agrees(c.total(), REFERENCE["gan total (p,q,sigma_z,kappa)"][key])
        np.testing.assert_allclose(c.dominant_normals(), 0, atol=1e-7)


def test_reference_general_sum():
    table = dict(REFERENCE["general sum, local Nash (figures.md, games; rho: value)"])
    total = table.pop("total, every rho")
    assert len(table) > 2
    for rho, value in table.items():
        c = sg.complexity(correlated(float(rho)))
        assert agrees(c.total(index=(0, 0)), value)
        assert agrees(c.total(), total)


# -- limits and symmetries ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("p", "q"), [(1, 1), (1, 2), (2, 2), (4, 1)])
def test_bipartite_at_its_own_fraction_is_pure(p, q):
    two, one = sg.complexity(sg.bipartite(p, q, kappa=p / (p + q))), sg.complexity(sg.pure(p + q))
    u = np.linspace(-2.2, 2.2, 45)
    np.testing.assert_allclose(two(u), one(u), atol=1e-11)
    np.testing.assert_allclose(two.below(u), one.below(u), atol=1e-11)
    assert abs(two.total() - one.total()) < 1e-11
    if p + q > 2:
        assert abs(two.lowest_energy() - one.lowest_energy()) < 1e-11
        assert abs(two.lowest_energy(index=0) - one.lowest_energy(index=0)) < 1e-8
        assert abs(two.total(index=0) - one.total(index=0)) < 1e-8
        assert abs(two(-1.9, index=0) - one(-1.9, index=0)) < 1e-9
        assert abs(two.below(-1.8, index=0) - one.below(-1.8, index=0)) < 1e-8


def test_decoupled_gan_is_pure():
    one = sg.complexity(sg.pure(3))
    for small in (1e-4, 1e-6):
        c = sg.complexity(sg.gan(3, 3, sigma_z=small, kappa=1 - small))
        assert abs(c.total() - one.total()) < 30 * small * (1 - np.log(small))
        assert abs(c.lowest_energy() - one.lowest_energy()) < 300 * small * (1 - np.log(small))
        for u in (-1.6, -1.0, 0.5):
            assert abs(c.below(u, np.inf) - one.below(u)) < 100 * small * (1 - np.log(small))


def test_relabelled_species_and_players():
    game = sg.gan(3, 2, 0.5, 0.6)
    fields = [{(b, a): x for (a, b), x in xi} for xi in game.fields]
    other = sg.SphericalGame(game.fractions[::-1], fields, game.losses[::-1], [[0], [1]])
    c, d = sg.complexity(game), sg.complexity(other)
    for u in ((-1.0, 0.3), (0.2, -2.0)):
        assert abs(c(*u) - d(*u[::-1])) < 1e-12
        assert abs(c.below(*u, index=(0, 1)) - d.below(*u[::-1], index=(1, 0))) < 1e-12
    assert abs(c.lowest_energy(loss=1) - d.lowest_energy(loss=0)) < 1e-12


def test_scaled_losses_scale_the_energies():
    game = correlated(0.5)
    other = sg.SphericalGame(
        game.fractions, game.fields, [[3 * x for x in game.losses[0]], game.losses[1]], game.players
    )
    c, d = sg.complexity(game), sg.complexity(other)
    assert abs(c(-0.5, 0.2) - d(-1.5, 0.2)) < 1e-12
    assert abs(c.total(index=(0, 0)) - d.total(index=(0, 0))) < 1e-12
    assert abs(3 * c.lowest_energy() - d.lowest_energy()) < 1e-11


@pytest.mark.parametrize("coefficients", [{3: 1}, FIRST, SECOND, {2: 1, 1: 0.3}, {1: 5.0, 3: 0.1}, {2: 0.01, 9: 4.0}])
@pytest.mark.parametrize("factor", [1e-3, 1.0, 50.0])
def test_the_general_algorithm_agrees_with_the_closed_form(coefficients, factor):
    model = sg.SphericalGame([1], [{(p,): x for p, x in coefficients.items()}], [[factor]], [[0]])
    c, law = sg.complexity(model), model.local_law()
    annealed, free = Annealed(law), Linear.free(law.shifts.shape[1])
    u = np.linspace(-2.5, 2.5, 41)[:, None] * np.linalg.norm(law.losses)
    for index in (None, 0, 3):
        asked = annealed.outliers((index,))
        at = annealed.supremum(Linear.equally(law.losses, u), asked).values
        below = annealed.supremum(Linear.at_most(law.losses, u), asked).values
        total = annealed.supremum(free, asked).values[0]
        np.testing.assert_allclose(c(u[:, 0], index=index), at, atol=1e-11, rtol=1e-12)
        np.testing.assert_allclose(c.below(u[:, 0], index=index), below, atol=1e-11, rtol=1e-12)
        assert abs(c.total(index=index) - total) < 1e-11


def test_quadratic_model():
    c = sg.complexity(sg.pure(2))
    edge = 2**0.5
    assert abs(c.total()) < 1e-15 and abs(c(-1.0)) < 1e-15
    assert c(-1.5) < 0 and c(-1.3, index=0) == -np.inf
    assert abs(c.lowest_energy() + edge) < 1e-12 and abs(c.lowest_energy(index=4) + edge) < 1e-12


def test_a_strong_field_leaves_no_complexity():
    c = sg.complexity(sg.mixed({3: 1, 1: 10}))
    assert abs(c.total()) < 1e-14
    # the two points that are left: one at each end
    assert abs(c.total(index=0)) < 1e-13
    assert abs(c.typical_energy(index=0) - c.lowest_energy(index=0)) < 1e-5
    assert sg.complexity(sg.mixed({3: 1, 1: 2})).total() > 0


# -- shapes ------------------------------------------------------------------------------------------------------------

MODELS = [sg.pure(3), sg.mixed(FIRST), sg.bipartite(2, 3, 0.4), sg.gan(3, 2, 0.5, 0.6), correlated(0.3)]


@pytest.mark.parametrize("model", MODELS)
def test_shapes_and_types(model):
    c = sg.complexity(model)
    rest = [0.1] * (len(model.losses) - 1)
    for ask in (c, c.below):
        assert type(ask(-0.5, *rest)) is float
        assert type(ask(np.float64(-0.5), *rest)) is float
        assert ask(np.array([]), *rest).shape == (0,)
        assert ask(np.zeros((2, 0)), *rest).shape == (2, 0)
        grid = ask(np.linspace(-1, 1, 3)[:, None], *[np.linspace(-1, 1, 2)[None, :] for _ in rest])
        assert grid.shape == (3, 2 if rest else 1)
        assert abs(grid[0, 0] - ask(-1.0, *[-1.0 for _ in rest])) < 1e-12
        assert type(ask(-1, *rest)) is float
    assert type(c.total()) is float
    assert type(c.lowest_energy()) is float
    assert type(c.typical_energy()) is float


@pytest.mark.parametrize("model", MODELS)
def test_infinite_energies(model):
    c = sg.complexity(model)
    n = len(model.losses)
    assert c(*[np.inf] * n) == -np.inf and c(*[-np.inf] * n) == -np.inf
    assert abs(c.below(*[np.inf] * n) - c.total()) < 1e-12
    assert c.below(*[-np.inf] * n) == -np.inf
    first = c.below(np.array([-np.inf, -0.5, np.inf]), *[np.inf] * (n - 1))
    assert first[0] == -np.inf and first[1] <= first[2] + 1e-12


@pytest.mark.parametrize("model", MODELS)
def test_monotone_in_the_energies_and_ordered(model):
    c = sg.complexity(model)
    rng = np.random.default_rng(1)
    size = np.linalg.norm(model.local_law().losses, axis=1)
    u = rng.normal(size=(25, len(size))) * size
    below, at = c.below(*u.T), c(*u.T)
    assert np.all(below >= at - 1e-12) and np.all(below <= c.total() + 1e-12)
    for a in range(len(size)):
        higher = u.copy()
        higher[:, a] += rng.exponential(size=25) * size[a]
        assert np.all(c.below(*higher.T) >= below - 1e-12)
    if len(model.players[0]) == 1:
        for k in (0, 2):
            index = (k,) * len(size)
            assert np.all(c.below(*u.T, index=index) <= below + 1e-12)
            assert np.all(c(*u.T, index=index) <= at + 1e-12)
            assert c.total(index=index) <= c.total() + 1e-12


# -- lowest energies ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "weights"),
    [(sg.gan(3, 2, 0.5, 0.6), weights) for weights in [(1, 0), (0, 1), (1, 1), (1, -2), (-1, 0)]]
    + [(correlated(0.3), weights) for weights in [(0, 1), (1, -2), (-1, 0)]],
)
def test_the_lowest_energy_along_a_direction(model, weights):
    c = sg.complexity(model)
    lowest = c.lowest_energy(loss=weights)
    losses = model.local_law().losses
    spread = np.linalg.norm(weights @ losses)
    # the same by turning the losses so that the direction is a condition on one of them
    annealed, row = Annealed(model.local_law()), (np.array(weights, float) @ losses)[None]
    levels = lowest + spread * np.array([-1e-3, -1e-6, 1e-6, 1e-3])
    rates = annealed.supremum(Linear.equally(row, levels[:, None])).values
    assert np.all((rates >= 0) == [False, False, True, True])
    scan = np.linspace(lowest - 3 * spread, lowest - 1e-6 * spread, 200)
    assert annealed.supremum(Linear.equally(row, scan[:, None])).values.max() < 0
    # and by a scan of the plane of both energies
    count = 61 if len(losses[0]) == 3 else 25  # the general solver is slower
    first, second = (np.linspace(-3, 3, count) * np.linalg.norm(row) for row in losses)
    x, y = np.meshgrid(first, second, indexing="ij")
    where = c(x, y) >= 0
    combined = weights[0] * x + weights[1] * y
    assert 0 <= combined[where].min() - lowest < 15 / count * spread


def test_no_lowest_energy_where_the_complexity_is_negative():
    c = sg.complexity(sg.gan(3, 3, 1.0, 0.9))
    assert c.total(index=(0, 0)) < 0
    assert c.lowest_energy(index=(0, 0)) == np.inf


# -- fractions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coefficients", [FIRST, SECOND, {3: 1, 1: 0.5}])
def test_fraction_of_negative_eigenvalues(coefficients):
    c = sg.complexity(sg.mixed(coefficients))
    for alpha in (1e-6, 0.2, 0.5, 0.9):
        u = np.linspace(-3, 3, 6001)
        rates = c(u, fraction=alpha)
        top = c.typical_energy(fraction=alpha)
        assert abs(c.total(fraction=alpha) - c(top, fraction=alpha)) < 1e-13
        assert c(top, fraction=alpha) >= rates.max() and abs(u[rates.argmax()] - top) <= 0.5001e-3
        np.testing.assert_allclose(
            c.below(u, fraction=alpha), np.maximum.accumulate(rates), atol=1e-5
        )  # a grid of 1e-3
        assert c.total(fraction=alpha) <= c.total() + 1e-14
        assert abs(c.total(fraction=alpha, arithmetic=sg.mp(30)) - c.total(fraction=alpha)) < 1e-13
    assert abs(c.total(fraction=0.5) - c.total()) < 1e-14
    assert abs(c.total(fraction=1e-9) - c.total(index=0)) < 1e-5
    u = -1.2
    alphas = np.linspace(0.001, 0.999, 999)
    best = max(c(u, fraction=a) for a in alphas)
    assert 0 <= c(u) - best < 1e-4


# -- arithmetics -------------------------------------------------------------------------------------------------------

DIGITS = sg.mp(30)


def test_one_sphere_agrees_in_every_arithmetic():
    u, energy = sympy.Symbol("u", real=True), Fraction(-17, 10)
    for model in (sg.pure(3), sg.mixed(FIRST), sg.mixed({2: 1, 1: Fraction(1, 3)})):
        c = sg.complexity(model)
        for index in (None, 0, 2):
            got = c(float(energy), index=index)
            assert abs(c(energy, index=index, arithmetic=DIGITS) - got) < 1e-13
            finer = c(energy, index=index, arithmetic=sg.mp(60))
            ball = c(energy, index=index, arithmetic=sg.balls(30))
            with sg.balls(30).precision():
                assert (ball - sg.balls(30).number(str(finer))).contains(0)
            assert abs(float(c.total(index=index, arithmetic=sg.symbols)) - c.total(index=index)) < 1e-13
            formula = sympy.lambdify(u, c(u, index=index, arithmetic=sg.symbols), "mpmath")
            for x in (-1.75, -1.7, -1.2):
                if c(x, index=index) > -np.inf:
                    assert abs(complex(formula(x)) - c(x, index=index)) < 1e-12


@pytest.mark.parametrize("model", [sg.pure(3), sg.pure(7), sg.mixed(FIRST), sg.mixed(SECOND)])
def test_balls_contain_the_lowest_energies(model):
    c = sg.complexity(model)
    for k in (0, 1, 4):
        ball = c.lowest_energy(index=k, arithmetic=sg.balls(50))
        value = c.lowest_energy(index=k, arithmetic=sg.mp(100))
        finer = sg.balls(90)
        with finer.precision():
            assert ball.contains(finer.number(sg.mp(100).context.nstr(value, 80)))
        assert abs(float(ball) - c.lowest_energy(index=k)) < 1e-13


def random_models():
    rng = np.random.default_rng(8)
    for _ in range(4):
        yield sg.gan(
            int(rng.integers(2, 8)),
            int(rng.integers(2, 8)),
            float(10 ** rng.uniform(-3, 1)),
            float(rng.uniform(0.05, 0.95)),
        )
    yield sg.bipartite(2, 3, 0.3)
    yield sg.bipartite(3, 1, 0.6)
    yield correlated(-0.6)


@pytest.mark.parametrize("model", list(random_models()))
def test_digits_agree_with_float64(model):
    c = sg.complexity(model)
    size = np.linalg.norm(model.local_law().losses, axis=1)
    rng = np.random.default_rng(9)
    for index in [None] if len(size) == 1 else [None, (0, 0), (1, None)]:
        u = -rng.uniform(0.2, 0.9, len(size)) * size
        for ask in (c, c.below):
            got = ask(*u, index=index)
            value = ask(*u, index=index, arithmetic=DIGITS)
            assert got == value or abs(value - got) <= 1e-12 * max(1, abs(got))
        total = c.total(index=index)
        assert abs(c.total(index=index, arithmetic=DIGITS) - total) <= 1e-12 * max(1, abs(total))
        low = c.lowest_energy(index=index)
        assert low == c.lowest_energy(index=index, arithmetic=DIGITS) or (
            abs(c.lowest_energy(index=index, arithmetic=DIGITS) - low) <= 1e-11 * max(1, abs(low))
        )


# -- what is refused ---------------------------------------------------------------------------------------------------

GAN, PURE, GLASS = sg.gan(3, 3, 1.0, 0.9), sg.pure(3), sg.bipartite(2, 2, 0.3)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: sg.complexity(GAN)(-1.0), ValueError),
        (lambda: sg.complexity(GAN)(), ValueError),
        (lambda: sg.complexity(PURE).below(-1.0, 0.5), ValueError),
        (lambda: sg.complexity(PURE)(np.nan), ValueError),
        (lambda: sg.complexity(GAN).below(0.0, [0.1, np.nan]), ValueError),
        (lambda: sg.complexity(GAN)(np.nan, 0.0, arithmetic=DIGITS), ValueError),
        (lambda: sg.complexity(PURE)("low"), TypeError),
        (lambda: sg.complexity(PURE)(1j), TypeError),
        (lambda: sg.complexity(GAN)(0.0, 0.0, index=1), ValueError),
        (lambda: sg.complexity(GAN)(0.0, 0.0, index=(1, 2, 3)), ValueError),
        (lambda: sg.complexity(GAN).total(index=(0,)), ValueError),
        (lambda: sg.complexity(PURE).total(index=-1), ValueError),
        (lambda: sg.complexity(GAN).total(index=(0, -2)), ValueError),
        (lambda: sg.complexity(PURE).total(index=True), TypeError),
        (lambda: sg.complexity(PURE).lowest_energy(index=1.0), TypeError),
        (lambda: sg.complexity(GAN).total(index=(0, 0.5)), TypeError),
        (lambda: sg.complexity(GLASS).total(index=1), NotImplementedError),
        (lambda: sg.complexity(PURE, method="replica"), ValueError),
        (lambda: sg.complexity("pure"), TypeError),
        (lambda: sg.complexity(GAN).lowest_energy(loss=2), ValueError),
        (lambda: sg.complexity(GAN).lowest_energy(loss=-1), ValueError),
        (lambda: sg.complexity(GAN).lowest_energy(loss=(0, 0)), ValueError),
        (lambda: sg.complexity(GAN).lowest_energy(loss=(1, 2, 3)), ValueError),
        (lambda: sg.complexity(GAN).lowest_energy(loss=(1, np.inf)), ValueError),
        (lambda: sg.complexity(GAN).lowest_energy(loss="first"), TypeError),
        (lambda: sg.complexity(GLASS).total(fraction=0.5), NotImplementedError),
        (lambda: sg.complexity(PURE).total(fraction=0.0), ValueError),
        (lambda: sg.complexity(PURE).total(fraction=1.5), ValueError),
        (lambda: sg.complexity(PURE).total(fraction="half"), TypeError),
        (lambda: sg.complexity(PURE).total(fraction=0.5, index=0), ValueError),
        (lambda: sg.complexity(PURE).total(arithmetic=30), TypeError),
        (lambda: sg.complexity(GAN).total(arithmetic=sg.symbols), NotImplementedError),
        (lambda: sg.complexity(GLASS).threshold_energy, NotImplementedError),
        (lambda: sg.complexity(correlated(1.0)).lowest_energy(loss=(1, -1)), ValueError),
    ],
)
def test_errors_are_one_line(call, error):
    with pytest.raises(error) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) > 20
