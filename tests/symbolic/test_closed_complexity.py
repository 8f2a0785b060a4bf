"""Complexities and closed forms of the symbolic derivation against the numeric ones."""

import math
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import sympy
from scipy.integrate import quad

import spinglass as sg
from spinglass import symbolic
from spinglass.complexity.games.supremum import Annealed
from spinglass.spectra.dyson.log_determinant import LogDeterminant
from spinglass.symbolic.sigma import ENERGY

sys.path.append(str(Path(__file__).parent))
games = import_module("_games")
DEGREES = games.DEGREES
NUMBERS = games.NUMBERS
Q = games.Q
general_game = games.general_game
put_in = games.put_in
resolvents = games.resolvents
three_species = games.three_species


# -- step 5: the complexity -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [None, 0, 3])
def test_one_sphere_lambdifies_to_the_numeric_complexity(index):
    u, p = sympy.Symbol("u", real=True), DEGREES["p"]
    pure = sympy.lambdify((u, p), symbolic.complexity(symbolic.pure(), index=index), "mpmath")
    coefficients = {3: 0.25, 4: 0.5, 7: 0.125}
    mixed = sympy.lambdify(u, symbolic.complexity(sg.mixed(coefficients), index=index), "mpmath")
    for energy in (-2.4, -1.7, 0.8):
        for degree in (3, 6):
            expected = sg.complexity(sg.pure(degree))(energy, index=index)
            assert float(pure(energy, degree)) == pytest.approx(expected, abs=1e-12)
        expected = sg.complexity(sg.mixed(coefficients))(energy, index=index)
        assert float(mixed(energy)) == pytest.approx(expected, abs=1e-12)


def test_a_symbolic_index():
    k, u = sympy.Symbol("k", integer=True, nonnegative=True), sympy.Symbol("u", real=True)
    sigma = symbolic.complexity(symbolic.pure(3), index=k)
    assert float(sigma.subs({k: 2, u: sympy.Rational(-9, 5)})) == pytest.approx(
        sg.complexity(sg.pure(3))(-1.8, index=2), abs=1e-12
    )


def rate_at(system, game, w):
    """Evaluate a complexity system at normals w, with the resolvents of the numeric layer."""
    law = game.local_law()
    spectrum = sg.spectra.BlockGaussian(law.jacobian_variance, law.fractions, np.array(law.signs) * (law.shifts @ w))
    g = resolvents(spectrum, 0j)
    known = dict(zip(system.normals, w, strict=True)) | dict(zip(system.unknowns, g, strict=True))
    residuals = [abs(complex(put_in(e.lhs - e.rhs, **NUMBERS).subs(known))) for e in system.equations]
    assert max(residuals) < 1e-9 * max(abs(1 / g))
    arguments = (*system.normals, *system.unknowns)
    rate = sympy.lambdify(arguments, put_in(system.rate, **NUMBERS), "mpmath")(*w, *g)
    return float(rate.real)  # a block on its edge: rounding may leave an imaginary part


@pytest.mark.parametrize("make", [symbolic.gan, symbolic.bipartite, three_species, general_game])
def test_the_outline_is_the_rate_in_other_symbols(make):
    """With kappa_s, V_s and d_s put in, nothing is left of the difference."""
    system = symbolic.complexity(make())
    law = system.dyson.law
    names = sympy.symbols(f"V_1:{len(law.fractions) + 1}", positive=True)
    place = dict(zip(names, law.gradient_variance, strict=True)) | dict(
        zip(system.dyson.shifts, system.shifts, strict=True)
    )
    outline = system.dyson.specialise(system.outline.subs(place))
    assert set(names) <= system.outline.free_symbols and not set(names) & outline.free_symbols
    difference = sympy.lambdify([*system.normals, *system.unknowns], put_in(outline - system.rate, **NUMBERS), "mpmath")
    rng = np.random.default_rng(1)
    for _ in range(3):
        numbers = rng.uniform(0.3, 1.5, len(system.normals) + len(system.unknowns))
        assert abs(difference(*numbers)) < 1e-12


def test_the_system_of_the_gan_gives_the_numeric_complexity():
    game = sg.gan(**NUMBERS)
    system, c = symbolic.complexity(symbolic.gan()), sg.complexity(game)
    w = c.dominant_normals(-0.5, 0.25)
    energies = [float(put_in(x, **NUMBERS).subs(dict(zip(system.normals, w, strict=True)))) for x in system.losses]
    assert energies == pytest.approx([-0.5, 0.25], abs=1e-9)
    assert rate_at(system, game, w) == pytest.approx(c(-0.5, 0.25), abs=1e-9)
    assert rate_at(system, game, c.dominant_normals()) == pytest.approx(c.total(), abs=1e-9)


def test_the_system_at_an_index():
    game = sg.gan(**NUMBERS)
    system, c = symbolic.complexity(symbolic.gan(), index=(1, 0)), sg.complexity(game)
    w = c.dominant_normals(index=(1, 0))
    place = dict(zip(system.normals, w, strict=True))
    slack = [float(put_in(condition.lhs - condition.rhs, **NUMBERS).subs(place)) for condition in system.conditions]
    assert len(slack) == 2 and min(slack) > -1e-9
    assert rate_at(system, game, w) == pytest.approx(c.total(index=(1, 0)), abs=1e-7)


@pytest.mark.parametrize("index", [(1, 0), (0, 1), (2, 3)])
def test_negative_eigenvalues_cost_as_much_as_outliers_do(index):
    """k_s kappa_s I(d_s / edge_s), I the integral of 2 sqrt(t^2 - 1) from 1: far beyond both edges."""
    game = symbolic.gan()
    free, counted = symbolic.complexity(game), symbolic.complexity(game, index=index)
    law = sg.gan(**NUMBERS).local_law()
    edges = 2 * np.sqrt(law.fractions * np.diag(law.jacobian_variance))
    w = np.linalg.lstsq(law.shifts, edges * [1.5, 2.0], rcond=None)[0]
    costs = [quad(lambda t: 2 * np.sqrt(t * t - 1), 1, end)[0] for end in (1.5, 2.0)]
    place = dict(zip(free.normals, w, strict=True))
    shifts = [float(put_in(x, **NUMBERS).subs(place)) for x in free.shifts]
    assert shifts == pytest.approx((edges * [1.5, 2.0]).tolist(), rel=1e-9)
    for factor in (0.999 / 1.5, 1.001 / 1.5):  # the first shift just inside its bulk, and just outside
        here = {symbol: factor * x for symbol, x in place.items()}
        slack = [float(put_in(c.lhs - c.rhs, **NUMBERS).subs(here)) for c in counted.conditions]
        assert (slack[0] > 0) == (factor > 1 / 1.5) and slack[1] > 0
    difference = float(put_in(free.rate - counted.rate, **NUMBERS).subs(place))
    assert difference == pytest.approx(np.dot(index, law.fractions * costs), rel=1e-9)


# -- step 6: closed forms -------------------------------------------------------------------------------------------


def test_closed_forms_of_the_pure_model():
    p, forms = DEGREES["p"], symbolic.closed_forms(symbolic.pure())
    assert sympy.simplify(forms["threshold"] - 2 * sympy.sqrt((p - 1) / p)) == 0
    assert sympy.simplify(forms["total"] - sympy.log(p - 1) / 2) == 0
    assert sympy.simplify(forms["total_index"] - sympy.log(p - 1) / 2 + (p - 2) / p) == 0
    assert forms["total"].subs(p, 3) == sympy.log(2) / 2


@pytest.mark.parametrize("coefficients", [{3: 0.5, 4: 0.5}, {2: 1, 3: 0.25}, {1: 5, 4: 0.5}, {2: 1, 16: 0.001}])
def test_closed_forms_of_mixtures(coefficients):
    forms, c = symbolic.closed_forms(sg.mixed(coefficients)), sg.complexity(sg.mixed(coefficients))
    assert float(forms["threshold"]) == pytest.approx(-c.threshold_energy, abs=1e-12)
    assert float(forms["total"]) == pytest.approx(c.total(), abs=1e-12)
    assert float(forms["total_index"]) == pytest.approx(c.total(index=0), abs=1e-12)
    assert float(forms["energy_index"]) == pytest.approx(c.typical_energy(index=0), abs=1e-12)


def test_classification_and_totals_with_symbols():
    forms = symbolic.closed_forms(symbolic.mixed())
    c_p, c_s = sympy.symbols("c_p c_s", positive=True)
    p, s = (sympy.Symbol(name, positive=True, integer=True) for name in "ps")
    place = {p: 3, s: 16, c_p: sympy.Rational(1, 2), c_s: sympy.Rational(1, 2)}
    x1, x2 = 19 / 2, 123.0
    expected = math.log(x2 / x1) - (x2 - x1) * (x2 - x1 + x1**2) / (x2 * x1**2)
    assert float(forms["classification"].subs(place)) == pytest.approx(expected, rel=1e-12)
    assert float(forms["total"].subs(place)) == pytest.approx(math.log(x2 / x1) / 2, rel=1e-12)


@pytest.mark.parametrize(
    ("game", "total"),
    [
        (sg.gan(3, 3, 1.0, 0.9), 0.61874140),
        (sg.gan(3, 2, 0.5, 0.6), 0.66658973),
        (sg.gan(5, 5, 1.0, 0.9), 0.91449236),
        (sg.bipartite(2, 3, 0.4), math.log(4) / 2),
    ],
)
def test_the_height_at_the_origin_is_the_total(game, total):
    assert float(symbolic.closed_forms(game).explicit("height")) == pytest.approx(total, abs=1e-8)


def test_the_height_of_a_general_game_and_of_decoupled_ones():
    game = general_game()
    numeric = game.local_law()
    expected = Annealed(numeric).constant + LogDeterminant(numeric)(np.zeros(2))
    assert float(symbolic.closed_forms(game).explicit("height")) == pytest.approx(expected, abs=1e-9)
    one_way = sg.SphericalGame([0.4, 0.6], [{(3, 0): 1}, {(2, 2): 2}], [[1, 0], [0, 1]], [[0], [1]])
    numeric = one_way.local_law()
    assert numeric.jacobian_variance[0, 1] == 0 < numeric.jacobian_variance[1, 0]
    expected = Annealed(numeric).constant + LogDeterminant(numeric)(np.zeros(2))
    assert float(symbolic.closed_forms(one_way)["height"]) == pytest.approx(expected, abs=1e-9)
    apart = symbolic.SymbolicGame([0.5, 0.5], [Q[0] ** 3, Q[1] ** 5], [[1, 1]], [[0, 1]])
    assert float(symbolic.closed_forms(apart)["height"]) == pytest.approx((math.log(2) + math.log(4)) / 4)


def test_the_formula_for_a_paper_is_short():
    assert sg.latex(sg.complexity(sg.pure(3))) == (
        r"\Sigma(u) = \left[ - \frac{u^{2}}{8} - \frac{\sqrt{6} \sqrt{\frac{3 u^{2}}{8} - 1} \left|{u}\right|}{4} + "
        r"\log{\left(\sqrt{\frac{3 u^{2}}{8} - 1} + \frac{\sqrt{6} \left|{u}\right|}{4} \right)} + "
        r"\frac{\log{\left(2 \right)}}{2} \ \mathrm{if}\ \left|{u}\right| > \frac{2 \sqrt{6}}{3} ;\ "
        r"- \frac{u^{2}}{8} + \frac{\log{\left(2 \right)}}{2} \ \mathrm{otherwise} \right]"
    )
    (_, edge), (bulk, _) = sg.symbolic.complexity(sg.symbolic.pure()).args
    assert str(bulk) == "-u**2*(p - 2)/(4*(p - 1)) + log(p - 1)/2"
    assert str(edge) == "Abs(u) > 2*sqrt(p - 1)/sqrt(p)"


@pytest.mark.parametrize("mixture", [{5: 2}, {1: 1, 3: 1}, {2: 1, 16: 3}, {2: 1}])
@pytest.mark.parametrize("index", [None, 0, 2])
def test_short_forms_have_the_values_of_the_long_ones(mixture, index):
    model = sg.mixed({p: sympy.Integer(c) for p, c in mixture.items()})
    long, short = sg.symbolic.sphere(model).at(ENERGY, index), sg.symbolic.complexity(model, index)
    for u in np.linspace(-4, 4, 9):
        exact = sympy.Rational(str(u))
        want, got = (sympy.N(form.subs(ENERGY, exact), 30) for form in (long, short))
        assert want == got or abs(want - got) < 1e-25, u


def test_a_page_has_cases_and_all_else_is_the_same():
    c = sg.complexity(sg.pure(3))
    line, page = sg.latex(c), sg.latex(c, environments=True)
    assert page.startswith(r"\Sigma(u) = \begin{cases} ") and page.endswith(r"\text{otherwise} \end{cases}")
    for part in line.removeprefix(r"\Sigma(u) = \left[ ").split(r" \ \mathrm{if}\ ")[0].split(" ;"):
        assert part in page
    for thing in (sg.pure(3), sg.gan(3, 3, 1, 0.5), sg.symbolic.dyson(sg.pure(3)), sg.complexity(sg.spiked(3, 1.0))):
        assert sg.latex(thing, environments=True).count("{cases}") % 2 == 0
    assert sg.latex(sympy.eye(2), environments=True) == sympy.latex(sympy.eye(2))
    with pytest.raises(TypeError, match="environments: expected True or False, got 'cases'"):
        sg.latex(c, environments="cases")
