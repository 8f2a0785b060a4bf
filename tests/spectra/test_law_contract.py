"""What every law promises: mass 1, potential' = G ~ 1/z, and all parts of one function."""

import fractions
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial.legendre import leggauss
from scipy.integrate import quad_vec

import spinglass as sg
from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.free.affine import Affine
from spinglass.spectra.free.free_power import FreePower
from spinglass.spectra.free.free_sum import FreeSum
from spinglass.spectra.free.freely_divisible import FreelyDivisible, MarchenkoPastur
from spinglass.spectra.free.multiplicative.free_product import FreeProduct
from spinglass.spectra.free.multiplicative.power import MultiplicativePower
from spinglass.spectra.law import Law
from spinglass.spectra.laws.percolated import PercolatedWigner
from spinglass.spectra.laws.products import WignerProduct, WishartProduct
from spinglass.spectra.semicircle import Semicircle

sys.path.append(str(Path(__file__).parent))
laws = import_module("_laws")
Halves, random_law = laws.Halves, laws.random_law
around, integral, width = laws.around, laws.integral, laws.width
any_law = pytest.mark.parametrize("law", laws.LAWS, ids=[f"{type(x).__name__}{i}" for i, x in enumerate(laws.LAWS)])
block_laws = st.builds(random_law, st.integers(0, 10**6), st.integers(1, 4))


def check_mass(law):
    places = [*law.support.ravel(), *(place for place, _ in law.atoms)]
    low, high = min(places) - 1e-6 * width(law), max(places) + 1e-6 * width(law)
    np.testing.assert_allclose(law.cdf([low, high]), [0, 1], atol=1e-12)
    # bulk by bulk: the density against the distribution function, so that a missed bulk or a false gap is seen
    np.testing.assert_allclose(integral(law, lambda x: np.ones_like(x)), 1, atol=1e-10)


def check_derivative(law):
    h = 1e-3 * width(law)
    z = around(law) + 1j * np.geomspace(0.05, 1, 41) * width(law)
    stencil = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
    slope = sum(c * (law.potential(z + m * h) - law.potential(z - m * h)) for m, c in stencil)
    np.testing.assert_allclose(slope / h * width(law), law.stieltjes(z) * width(law), atol=1e-9)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(block_laws)
def test_random_block_laws_keep_the_contract(law):
    check_mass(law)
    check_derivative(law)


@any_law
def test_mass_is_one(law):
    check_mass(law)


@any_law
def test_the_potential_has_the_derivative_g(law):
    check_derivative(law)


def test_two_halves_are_a_block_law_without_coupling():
    law, blocks = Halves(), BlockGaussian(np.eye(2), [0.5, 0.5], [-3.0, 3.0])
    x = around(law)
    for name in ("density", "cdf", "log_potential", "stieltjes"):
        np.testing.assert_allclose(getattr(law, name)(x), getattr(blocks, name)(x), atol=1e-12)
    assert [law.moment(k) for k in range(7)] == pytest.approx([blocks.moment(k) for k in range(7)], rel=1e-13)
    total, expected = law + MarchenkoPastur(0.5), blocks + MarchenkoPastur(0.5)
    np.testing.assert_allclose(total.support, expected.support, atol=1e-11)
    values = np.linalg.eigvalsh(law.sample(200, rng=1))
    np.testing.assert_allclose(values, law.quantile((np.arange(200) + 0.5) / 200), atol=1e-12)
    assert np.any(law.sample(5, rng=1) != law.sample(5, rng=2))


def test_a_law_from_outside_owes_numbers():
    class Broken(Halves):
        def upper(self, z):
            return np.log(z), z * np.nan

    with pytest.raises(ArithmeticError, match="expected the potential and G to be numbers, got nan at"):
        Broken().density(0.5)
    with pytest.raises(TypeError, match="abstract"):
        type("Nothing", (Law,), {})()


@any_law
def test_g_needs_no_potential(law, monkeypatch):
    z = around(law) + 1j * np.geomspace(1e-8, 2, 41)
    expected = law.upper(z)[1]
    np.testing.assert_allclose(law.upper_stieltjes(z), expected, rtol=1e-14)
    if "Halves" in repr(law):  # the one law that leaves G to its potential
        return

    def refuse(self, z):
        raise AssertionError("the potential was computed")

    for kind in (
        BlockGaussian,
        FreePower,
        FreeProduct,
        FreeSum,
        FreelyDivisible,
        MultiplicativePower,
        Semicircle,
        WishartProduct,
        WignerProduct,
        Affine,
    ):
        monkeypatch.setattr(kind, "upper", refuse)
    monkeypatch.setattr(PercolatedWigner.__mro__[1], "upper", refuse)
    law.stieltjes(z)
    law.density(around(law))


@any_law
def test_other_arithmetics_are_taken_or_refused(law):
    if not isinstance(law, Semicircle):
        with pytest.raises(NotImplementedError, match="arithmetic: expected float64 for"):
            law.log_potential(0.3, arithmetic=sg.mp(30))
    assert law.log_potential(0.3, arithmetic=None) == law.log_potential(0.3, arithmetic=sg.float64)


@any_law
def test_far_out_it_is_one_point(law):
    z = 1e7 * width(law) * np.exp(1j * np.linspace(0, np.pi, 7))
    np.testing.assert_allclose(law.stieltjes(z) * z, 1, atol=1e-5)
    np.testing.assert_allclose(law.potential(z), np.log(z), atol=1e-5)


@any_law
def test_conjugate_symmetry_and_signs(law):
    z = around(law) + 1j * np.geomspace(1e-8, 2, 41)
    for f in (law.potential, law.stieltjes):
        np.testing.assert_array_equal(f(z.conj()), f(z).conj())
    assert np.all(law.stieltjes(z).imag < 0)
    assert np.all((law.potential(z).imag > 0) & (law.potential(z).imag < np.pi))


@any_law
def test_a_real_argument_means_the_limit_from_above(law):
    x = around(law, 29)
    x = x[np.abs(x[:, None] - law.support.ravel()).min(1) > 0.01 * width(law)]
    np.testing.assert_allclose(law.potential(x), law.potential(x + 1e-10j * width(law)), atol=1e-7)
    np.testing.assert_array_equal(law.potential(x), law.potential(x - 0j))


@any_law
def test_distribution_function(law):
    x = np.sort(np.r_[around(law, 401), law.support.ravel(), [place for place, _ in law.atoms]])
    cdf = law.cdf(x)
    assert np.all(np.diff(cdf) > -1e-13)
    assert np.all((cdf >= 0) & (cdf <= 1))
    assert np.all(law.density(x) >= 0)
    gaps = np.c_[law.support[:-1, 1], law.support[1:, 0]]
    middles = gaps.mean(1)
    assert np.all(law.density(np.r_[middles, x[0], x[-1]]) == 0)
    # quadrature of the density up to a place in the bulk
    for place in law.support @ [0.37, 0.63]:
        low, high = law.support[(law.support[:, 0] < place) & (place < law.support[:, 1])][0]
        if high - low > 1e-3 * width(law):

            def integrand(t, a=low, b=place):
                return law.density(a + (b - a) * t * t) * 2 * t * (b - a)

            below = quad_vec(integrand, 0, 1, epsabs=1e-12)[0]
            atoms = sum(weight for where, weight in law.atoms if low <= where <= place)
            assert law.cdf(place) - law.cdf(low - 1e-9 * width(law)) == pytest.approx(below + atoms, abs=1e-9)


@any_law
def test_far_away_the_log_potential_is_that_of_a_point_to_rounding(law):
    away = 1e8 * width(law)  # the second cumulant is at rounding
    for x in (law.mean - away, law.mean + away):
        assert law.log_potential(x) == pytest.approx(np.log(away), rel=1e-14)


@any_law
def test_log_potential_is_the_integral_of_the_logarithm(law):
    inside = law.support @ [0.3, 0.7]
    outside = np.array([law.support[0, 0] - 0.1 * width(law), law.support[-1, 1] + 0.2 * width(law)])
    assert inside.size and outside.size == 2
    x = np.r_[outside, inside]
    total = sum((weight * np.log(abs(x - place)) for place, weight in law.atoms), np.zeros(x.size))
    for (low, high), middle in zip(law.support, inside, strict=True):
        for a, b in ((low, middle), (middle, high)):

            def f(t, a=a, b=b):
                # a map that is flat at both ends makes edges and the singularity smooth
                place = a + (b - a) * t**3 * (10 - 15 * t + 6 * t * t)
                jacobian = 30 * (b - a) * t * t * (1 - t) ** 2
                distance = np.abs(np.subtract.outer(x, place)) + 1e-300
                return law.density(place) * np.log(distance) * jacobian

            rough, part = (f((t + 1) / 2) @ weights / 2 for t, weights in map(leggauss, (96, 256)))
            if np.abs(rough - part).max() > 1e-8:  # narrow peaks, or jumps
                part = quad_vec(f, 0, 1, epsabs=1e-8, limit=200)[0]
            total += part
    np.testing.assert_allclose(law.log_potential(x), total, rtol=0, atol=1e-6)


@any_law
def test_quantile_inverts_the_distribution_function(law):
    alpha = np.array([[1e-4, 0.1, 0.3], [0.5123, 0.9, 0.9999]])
    x = law.quantile(alpha)
    assert x.shape == alpha.shape
    step = 1e-9 * width(law)
    assert np.all(law.cdf(x + step) >= alpha - 1e-12)
    assert np.all(law.cdf(x - step) <= alpha + 1e-12)
    for place, weight in law.atoms:
        top = law.cdf(place)
        alpha = np.array([np.nextafter(1, 0) if top == 1 else top, top - weight / 2, top - (1 - 1e-9) * weight])
        assert np.all(law.quantile(alpha) == place)


@any_law
def test_default_and_override_agree(law):
    x = around(law)
    for name in ("density", "cdf", "log_potential"):
        np.testing.assert_allclose(getattr(law, name)(x), getattr(Law, name)(law, x), atol=1e-13)


@any_law
def test_shapes_are_kept_and_numbers_of_any_kind_taken(law):
    assert law.density(0).shape == () and law.cdf([]).shape == (0,) and law.potential(np.ones((2, 3))).shape == (2, 3)
    assert law.stieltjes(fractions.Fraction(100, 1)) == law.stieltjes(100.0) == law.stieltjes(np.float32(100))


@any_law
@pytest.mark.parametrize("method", ["potential", "stieltjes", "density", "cdf", "log_potential", "quantile"])
def test_bad_arguments(law, method):
    for bad in (np.nan, np.inf, [0.0, -np.inf]):
        with pytest.raises(ValueError, match=r"expected finite numbers, got (nan|inf|-inf)"):
            getattr(law, method)(bad)
    for bad in ("0.5", None, [1, "x"], True):
        with pytest.raises(TypeError, match="expected numbers"):
            getattr(law, method)(bad)
    if method not in ("potential", "stieltjes"):
        with pytest.raises(TypeError, match="expected real numbers"):
            getattr(law, method)(0.5 + 1j)


def test_quantile_outside_the_unit_interval():
    for alpha in (0, 1, 1.5):
        with pytest.raises(ValueError, match="between 0 and 1"):
            Semicircle().quantile(alpha)


def test_semicircle_in_other_arithmetics():
    law = Semicircle(0.7, 0.2)
    for x in (-3.0, -1.0, 0.2, 1.5, 4.0):
        assert float(law.log_potential(x, arithmetic=sg.mp(40))) == pytest.approx(law.log_potential(x), abs=1e-14)
    ball = law.log_potential(4.0, arithmetic=sg.balls(30))
    with sg.balls(60).precision():
        assert ball.contains(sg.balls(60).number(str(law.log_potential(4.0, arithmetic=sg.mp(60)))))
    with pytest.raises(ValueError, match="variance: expected a positive"):
        Semicircle(0.0)
    with pytest.raises(TypeError, match="variance: expected one number"):
        Semicircle([1.0, 2.0])


def test_semicircle_sample():
    law = Semicircle(0.7, 0.2)
    values = np.linalg.eigvalsh(law.sample(800, rng=5))
    assert np.abs(law.cdf(values) - (np.arange(800) + 0.5) / 800).max() < 0.01


@any_law
@pytest.mark.parametrize("z", [1e121, -1e200, 1e300 + 1e308j, -1.7e308 - 1e-300j, 1e150j])
def test_far_away_a_law_is_a_point(law, z):
    z = z * np.ones(2)
    np.testing.assert_allclose(law.stieltjes(z), 1 / z, rtol=1e-14)
    np.testing.assert_allclose(law.potential(z), np.log(z + 0j), rtol=1e-14)
    if np.all(z.imag == 0):
        assert not law.density(z.real).any() and (law.cdf(z.real) == (z.real > 0)).all()
        np.testing.assert_allclose(law.log_potential(z.real), np.log(np.abs(z.real)), rtol=1e-14)


@any_law
def test_what_is_no_number_and_no_law_is_not_added(law):
    masked = np.ma.masked_array([1.0, 2.0], [False, True])
    for wrong in (masked, np.ones(2), np.array(1j), "1", [1.0], None, np.random.default_rng(1)):
        for operation in (lambda x: law + x, lambda x: x + law, lambda x: law - x, lambda x: law * x):
            with pytest.raises(TypeError):
                operation(wrong)


@any_law
def test_a_sample_needs_a_size(law):
    for n in (0, -1, 2.0, None, "2", True, [2], 10**6, 10**400):
        with pytest.raises((TypeError, ValueError), match=r"^n: .*expected"):
            law.sample(n, rng=1)
