"""The Hessians of networks: critical energies and the index, derived anew by sympy and by the roots of polynomials."""

import fractions

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg
from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.surfaces.network_hessian import (
    critical_energy,
    index_amplitude,
    minimiser_energy,
    negative_fraction,
    network_hessian,
)

PHI = [fractions.Fraction(1, 4), fractions.Fraction(1, 2), fractions.Fraction(3, 4)]
either = pytest.mark.parametrize("activation", ["linear", "relu"])
ratios, excess = st.floats(0.01, 0.99), st.floats(1e-3, 100)


def r_transform(activation, g, phi, energy, sigma):
    """Write the R-transform of the model as it is defined."""
    grows = 2 * energy * g if activation == "linear" else energy * phi * g / (2 - energy * phi**2 * g**2)
    return sigma / (1 - sigma * phi * g) + grows


def published(activation, phi, sqrt=np.sqrt):
    """Return the critical energy as it is published, for sigma = 1."""
    if activation == "linear":
        return (1 - 20 * phi - 8 * phi**2 + sqrt(1 + 8 * phi) ** 3) / 16
    chi = 1 + 16 * phi - 8 * phi**2
    return (27 - 18 * chi - chi**2 + 8 * sqrt(chi) ** 3) / (32 * phi * (1 - phi) ** 3)


@either
def test_critical_energy_solves_its_equations(activation):
    """Where z(g) and dz/dg vanish together: all is rational in A = |g|/(1 + phi|g|)."""
    g, energy, phi = sympy.symbols("g epsilon phi")
    size = sympy.Symbol("A", positive=True)
    z = 1 / g + r_transform(activation, g, phi, energy, 1)
    quadratic = size**2 if activation == "linear" else 3 * size**2 - 4 * size + 2
    ratio = (2 - size) / quadratic
    place = {g: -size / (1 - phi * size)}
    # z = 0 is linear in the energy
    solved = sympy.solve(sympy.numer(sympy.together(z.subs(place))), energy)[0].subs(phi, ratio)
    slope = sympy.diff(z, g).subs(place).subs({phi: ratio, energy: solved})
    assert sympy.simplify(slope) == 0
    for value in (sympy.Rational(11, 10), sympy.Rational(3, 2), sympy.Rational(19, 10)):
        ours = critical_energy(ratio.subs(size, value), activation, arithmetic=sg.symbols)
        assert sympy.simplify(ours - solved.subs(size, value)) == 0


@either
def test_critical_energy_is_the_published_one(activation):
    digits = sg.mp(40)
    for phi in [*PHI, fractions.Fraction(1, 100), fractions.Fraction(99, 100)]:
        ours = critical_energy(phi, activation, arithmetic=digits)
        theirs = published(activation, digits.number(phi), digits.sqrt)
        assert abs(ours - theirs) < 1e-33 * abs(ours)
        assert critical_energy(float(phi), activation) == pytest.approx(float(ours), rel=1e-14)
        ball = critical_energy(phi, activation, arithmetic=sg.balls(30))
        with sg.balls(60).precision():
            assert ball.contains(sg.balls(60).number(str(critical_energy(phi, activation, arithmetic=sg.mp(60)))))
        assert float(ball.rad()) < 1e-28
    assert critical_energy(fractions.Fraction(1, 3), "relu", arithmetic=sg.mp(30)) == 0.3125


def test_verified_numbers():
    np.testing.assert_allclose(critical_energy([0.25, 0.5, 0.75]), [0.04350953, 0.01127124, 0.00126620], atol=5.1e-9)
    np.testing.assert_allclose(index_amplitude([0.25, 0.5, 0.75]), [0.074833, 0.033501, 0.012677], atol=5.1e-7)


@either
def test_amplitude_follows_from_the_square_root_at_the_edge(activation):
    g, e = sympy.symbols("g e")
    for phi in PHI:
        phi = sympy.Rational(phi.numerator, phi.denominator)
        z = 1 / g + r_transform(activation, g, phi, e, 1)
        energy = sympy.N(critical_energy(phi, activation, arithmetic=sg.symbols), 30)
        # the critical point: the real double root nearest to 0 from below
        roots = sympy.Poly(sympy.numer(sympy.together(sympy.diff(z, g).subs(e, energy))), g).nroots(n=30)
        point = max(root for root in roots if root.is_real and root < 0 and abs(z.subs({g: root, e: energy})) < 1e-9)
        values = [f.subs({g: point, e: energy}) for f in (sympy.diff(z, g, 2), sympy.diff(z, e))]
        curvature, drift = (abs(float(value)) for value in values)
        expected = 2 / (3 * np.pi) * np.sqrt(2 / curvature) * (drift * float(energy)) ** 1.5
        assert index_amplitude(float(phi), activation) == pytest.approx(expected, rel=1e-12)


@either
def test_index_near_the_critical_energy(activation):
    for phi in (0.25, 0.5, 0.75):
        x = np.array([1e-4, 1e-2, 1e-1])
        alpha = negative_fraction(phi, critical_energy(phi, activation) * (1 + x), activation)
        law = index_amplitude(phi, activation) * x**1.5
        assert np.all(np.abs(alpha / law - 1) < [2e-4, 0.011, 0.08])
        assert np.all(np.diff(np.abs(alpha / law - 1) / x) < 0)  # the next term is of first order


def test_index_is_the_published_formula():
    """With the root G of 2 e phi G^3 - 2 e G^2 + (phi - 1) G - 1 below the axis."""
    for phi in (0.1, 0.5, 0.9):
        for energy in (0.3, 1.0, 20.0):
            roots = np.roots([2 * energy * phi, -2 * energy, phi - 1, -1])
            root = roots[np.argmin(roots.imag)]
            inside = np.log(root) - np.log(1 - phi * root) / phi + energy * root**2
            assert negative_fraction(phi, energy) == pytest.approx(1 + inside.imag / np.pi, abs=1e-12)


@either
@settings(max_examples=25, deadline=None, derandomize=True)
@given(ratios, excess, st.floats(0.1, 10))
def test_index_is_the_distribution_function_at_zero(activation, phi, x, sigma):
    threshold = critical_energy(phi, activation, sigma)
    assert threshold == pytest.approx(sigma**2 * critical_energy(phi, activation), rel=1e-14)
    law = network_hessian(phi, threshold * (1 + x), activation, sigma)
    assert negative_fraction(phi, threshold * (1 + x), activation, sigma) == pytest.approx(law.cdf(0.0), abs=1e-12)
    edge = network_hessian(phi, threshold, activation, sigma).support[0, 0]
    assert edge == pytest.approx(0, abs=1e-12 * sigma)
    assert network_hessian(phi, threshold / (1 + x), activation, sigma).support[0, 0] > 0
    np.testing.assert_array_equal(negative_fraction(phi, [0, threshold / (1 + x)], activation, sigma), 0)


@either
def test_the_law_has_the_r_transform_of_the_model(activation):
    law = network_hessian(0.3, 0.7, activation, sigma=1.3)
    g = np.array([0.2 - 0.3j, -0.1 - 0.05j, -0.4])
    np.testing.assert_allclose(law.r_transform(g), r_transform(activation, g, 0.3, 0.7, 1.3), rtol=1e-14)
    assert network_hessian(0.3, 0.0, activation, sigma=1.3) == MarchenkoPastur(0.3, 1.3)


def test_published_quartic():
    phi, energy, sigma = 0.3, 0.7, 1.3
    law = network_hessian(phi, energy, "relu", sigma)
    z = np.linspace(-1, 3, 9) + 0.2j
    g = law.stieltjes(z)
    right = 2 * (z - sigma * (1 - phi)) * g - phi * (2 * sigma * z + energy * (1 - phi)) * g**2
    right += -energy * phi**2 * (z + sigma * (phi - 2)) * g**3 + z * energy * sigma * phi**3 * g**4
    np.testing.assert_allclose(right, 2, atol=1e-13)


@either
def test_index_of_a_matrix(activation):
    law = network_hessian(0.5, 0.5, activation)
    values = np.linalg.eigvalsh(law.sample(600, rng=2))
    assert np.mean(values < 0) == pytest.approx(negative_fraction(0.5, 0.5, activation), abs=0.005)


def test_energy_of_minimisers():
    np.testing.assert_array_equal(minimiser_energy([0.25, 0.5]), [0.28125, 0.125])


def test_shapes():
    assert negative_fraction(0.5, np.ones((2, 3))).shape == (2, 3) and negative_fraction([0.2, 0.5], 1.0).shape == (2,)
    assert critical_energy([[0.5]]).shape == (1, 1) and negative_fraction(0.5, []).shape == (0,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: network_hessian(0.0, 1.0), "phi: expected a positive"),
        (lambda: network_hessian(0.5, -1.0), "energy: expected a number >= 0"),
        (lambda: network_hessian(0.5, np.nan), "energy: expected finite"),
        (lambda: network_hessian(0.5, 1.0, sigma=0.0), "variance: expected a positive"),
        (lambda: network_hessian(0.5, 1.0, "tanh"), "activation: expected one of linear, relu, got 'tanh'"),
        (lambda: critical_energy(1.0), "phi: expected numbers between 0 and 1"),
        (lambda: critical_energy(0.5, sigma=-1.0), "sigma: expected a positive"),
        (lambda: critical_energy(-0.5, arithmetic=sg.mp(20)), "phi: expected numbers between 0 and 1"),
        (lambda: critical_energy(0.5, "tanh"), "activation: expected"),
        (lambda: index_amplitude(2.0), "phi: expected numbers between 0 and 1"),
        (lambda: negative_fraction(0.5, [0.1, -0.1]), "energy: expected numbers >= 0"),
        (lambda: negative_fraction(0.5, 1.0, sigma=0.0), "sigma: expected a positive"),
        (lambda: minimiser_energy(1.5), "phi: expected numbers between 0 and 1"),
    ],
)
def test_bad_values(call, message):
    with pytest.raises(ValueError, match=message):
        call()
