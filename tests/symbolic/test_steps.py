"""Covariances, local law, Dyson equations and polynomials of the symbolic derivation against numbers."""

import math
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass import symbolic
from spinglass.spectra.dyson.elliptic import solve_elliptic
from spinglass.spectra.dyson.log_determinant import LogDeterminant

sys.path.append(str(Path(__file__).parent))
games = import_module("_games")
NUMBERS = games.NUMBERS
array = games.array
general_game = games.general_game
put_in = games.put_in
resolvents = games.resolvents


@pytest.fixture(scope="module")
def gan():
    """The GAN's steps: law, Dyson equations, quartics."""
    law = symbolic.local_law(symbolic.gan())
    system = symbolic.dyson(law)
    return law, system, symbolic.elimination(system), symbolic.mean_field(system)


# -- step 1 and 2: covariances and local law ------------------------------------------------------------------------


def test_covariances_are_those_of_an_explicit_random_polynomial():
    """On two circles, a sum of independent normals times monomials has covariance q_1^2 q_2: differentiate these."""
    s, t = angles = sympy.symbols("theta phi")
    x, y = (sympy.cos(s), sympy.sin(s)), (sympy.cos(t), sympy.sin(t))
    monomials = [sympy.sqrt(math.comb(2, i)) * x[0] ** i * x[1] ** (2 - i) * y[j] for i in range(3) for j in range(2)]
    at = dict(zip(angles, (sympy.Rational(7, 10), sympy.Rational(-3, 10)), strict=True))

    def covariance(left, right):
        def derived(monomial, variables):
            for variable in variables:
                monomial = monomial.diff(variable)
            return float(monomial.subs(at))

        return sum(derived(m, left) * derived(m, right) for m in monomials)

    cases = {
        "value": ((), ()),
        "gradient": ((s,), (s,)),
        "gradient_other": ((s,), (t,)),
        "gradient_hessian": ((s,), (s, s)),
        "value_hessian": ((), (s, s)),
        "hessian_diagonal": ((s, s), (s, s)),
    }
    values, table = {"xi": 1, "xi_s": 2, "xi_t": 1, "xi_ss": 2, "xi_st": 2, "xi_tt": 0}, symbolic.covariance_table()
    for name, (left, right) in cases.items():
        assert covariance(left, right) == pytest.approx(float(table[name].subs(values)), abs=1e-12), name
    assert covariance((s, t), (s, t)) == pytest.approx(float(table["hessian_between"].subs(values)), abs=1e-12)


def test_the_flat_hessian_is_independent_of_all_scalars():
    table = symbolic.covariance_table()
    assert all(table[name] == 0 for name in ("flat_value", "flat_radial", "flat_radial_other", "flat_two_diagonal"))
    assert table["flat_diagonal"] == 2 * table["hessian_off"]
    assert all(table[name] == 0 for name in ("value_gradient", "gradient_hessian", "gradient_radial"))


def same_law(law, numeric, **numbers):
    close = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(array([law.gradient_variance], **numbers)[0], numeric.gradient_variance, **close)
    np.testing.assert_allclose(array(law.jacobian_variance, **numbers), numeric.jacobian_variance, **close)
    np.testing.assert_allclose(array(law.jacobian_covariance, **numbers), numeric.jacobian_covariance, **close)
    scalars = np.vstack([numeric.losses, numeric.shifts])
    size = np.abs(scalars @ scalars.T).max()
    np.testing.assert_allclose(array(law.scalar_covariance, **numbers) / size, scalars @ scalars.T / size, atol=1e-12)
    maps = array(sympy.Matrix.vstack(law.losses, law.shifts), **numbers)
    np.testing.assert_allclose(maps @ maps.T / size, scalars @ scalars.T / size, atol=1e-12)
    assert law.signs == numeric.signs


@pytest.mark.parametrize(("p", "q", "sigma_z", "kappa"), [(2, 1, 0.25, 0.375), (3, 3, 1.0, 0.9), (5, 2, 1.7, 0.11)])
def test_local_law_of_the_gan(gan, p, q, sigma_z, kappa):
    same_law(gan[0], sg.gan(p, q, sigma_z, kappa).local_law(), p=p, q=q, sigma_z=sigma_z, kappa=kappa)


@pytest.mark.parametrize(("p", "q"), [(1, 2), (3, 1), (2, 5)])
def test_local_law_of_the_others(p, q):
    same_law(symbolic.local_law(symbolic.bipartite()), sg.bipartite(p, q, 0.3).local_law(), p=p, q=q, kappa=0.3)
    game = sg.mixed({p: 0.25, q + 1: 1.5, 6: 2})
    same_law(symbolic.local_law(game), game.local_law())
    same_law(symbolic.local_law(general_game()), general_game().local_law())


# -- step 3 and 4: Dyson equations and polynomials ------------------------------------------------------------------


SHIFTS = (1.25, -2.5)


def shifted(system, expression, z):
    place = dict(zip(system.shifts, map(sympy.Rational, SHIFTS), strict=True))
    return put_in(system.specialise(expression.subs(place | {sympy.Symbol("z"): z})), **NUMBERS)


def gan_spectrum():
    law = sg.gan(**NUMBERS).local_law()
    return sg.spectra.BlockGaussian(law.jacobian_variance, law.fractions, np.array(law.signs) * SHIFTS)


def test_the_numeric_resolvent_solves_every_equation(gan):
    _, system, quartic, mean_field = gan
    spectrum = gan_spectrum()
    for z in (0.3 + 0.2j, -4.0 + 1e-3j, 40.0 + 0j):
        g = resolvents(spectrum, z)
        known = dict(zip(system.unknowns, g, strict=True))
        for equation in system.equations:
            left, right = (complex(shifted(system, x, z).subs(known)) for x in (equation.lhs, equation.rhs))
            assert left == pytest.approx(right, rel=1e-9)
        for result in (quartic, mean_field):
            place = complex(shifted(system, result.meaning, z).subs(known))
            coefficients = [complex(shifted(system, c, z)) for c in result.generic.all_coeffs()]
            terms = [c * place ** (4 - i) for i, c in enumerate(coefficients)]
            assert abs(sum(terms)) < 1e-9 * max(map(abs, terms))


def test_the_resolvent_of_the_second_species_and_of_one_sphere():
    system = symbolic.dyson(symbolic.gan())
    second = symbolic.elimination(system, species=1)
    z = 0.3 + 0.2j
    roots = np.roots([complex(shifted(system, c, z)) for c in second.generic.all_coeffs()])
    assert np.abs(roots - resolvents(gan_spectrum(), z)[1]).min() < 1e-9
    quadratic = symbolic.elimination(symbolic.pure(3))
    d, z = quadratic.system.shifts[0], sympy.Symbol("z")
    assert set(sympy.solve(quadratic.system.specialise(quadratic.discriminant.subs(d, 0)), z)) == {
        -2 * sympy.sqrt(6),
        2 * sympy.sqrt(6),
    }


def test_the_discriminant_vanishes_at_the_edges(gan):
    _, system, quartic, mean_field = gan
    z = sympy.Symbol("z")
    assert len(gan_spectrum().support) > 0
    for result in (quartic, mean_field):
        discriminant = sympy.Poly(shifted(system, result.discriminant, z), z)
        roots = [complex(x) for x in sympy.Poly(discriminant.as_expr(), z).sqf_part().nroots(n=30, maxsteps=200)]
        for edge in gan_spectrum().support.ravel():
            assert min(abs(root - edge) for root in roots) < 1e-7 * abs(edge)


def test_the_discriminant_is_sympys(gan):
    quartic, x = gan[2], gan[2].unknown
    for seed in range(3):
        rng = np.random.default_rng(seed)
        numbers = {s: int(rng.integers(1, 20)) for s in quartic.generic.as_expr().free_symbols - {x}}
        polynomial = quartic.generic.as_expr().subs(numbers)
        assert quartic.discriminant.subs(numbers) == sympy.discriminant(polynomial, x)


def test_the_gan_quartic_is_the_published_one(gan):
    """K ((D - S) A - b_1^2 K) = kappa A^2 with A = d_G - S, K = S A/b^2 - kappa', up to a constant."""
    S, z = sympy.Symbol("S"), sympy.Symbol("z")
    d_1, d_2 = gan[1].shifts
    k, k_2, v_11, v_12 = sympy.symbols("kappa_1 kappa_2 v_11 v_12", positive=True)
    A = -d_2 - z - S
    K = S * A / v_12 - k_2
    stated = K * ((d_1 - z - S) * A - (v_11 - v_12) * K) - k * A**2
    ratio = sympy.cancel(stated / gan[3].generic.as_expr())
    assert ratio.free_symbols <= {v_12} and gan[3].generic.degree() == 4


def test_a_game_without_signs_solves_its_elliptic_equations():
    game = general_game()
    numeric, system = game.local_law(), symbolic.dyson(game)
    assert system.law.signs is None and len(system.equations) == 6
    psi, d = LogDeterminant(numeric), np.array([0.7, -0.4])
    scaled, y = psi.scaled, np.empty(6)
    assert solve_elliptic(scaled.k, scaled.w, scaled.tau, d * scaled.scale, y) == 1
    solution = y.reshape(3, 2) * scaled.scale / scaled.k
    place = dict(zip(system.unknowns, solution.ravel(), strict=True)) | dict(zip(system.shifts, d, strict=True))
    for equation in system.equations:
        left, right = (float(system.specialise(x).subs(place)) for x in (equation.lhs, equation.rhs))
        assert left == pytest.approx(right, rel=1e-9, abs=1e-11)
    assert float(system.specialise(system.potential).subs(place)) == pytest.approx(float(psi(d)), rel=1e-10)
