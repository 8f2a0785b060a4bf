"""Products of random matrices: closed moments, closed densities, sampled matrices, and places where it gets hard."""

import itertools
import sys
from importlib import import_module
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad_vec

from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.laws.products import WignerProduct, WishartProduct, product_edges
from spinglass.spectra.semicircle import Semicircle

sys.path.append(str(Path(__file__).parents[1]))
matrices = import_module("_matrices")

RATIOS = [
    (1.0,),
    (0.3,),
    (3.0,),
    (1.0, 1.0),
    (0.5, 0.7),
    (2.0, 0.5, 1.5),
    (2.0, 2.0),
    (0.9999,),
    (1.0,) * 5,
    (30.0, 0.2),
]
LAWS = [WishartProduct(ratios) for ratios in RATIOS] + [WignerProduct(ratio) for ratio in (0.3, 1.0, 2.5)]
any_law = pytest.mark.parametrize("law", LAWS, ids=str)


def marchenko_pastur(x, c):
    low, high = (1 - np.sqrt(c)) ** 2, (1 + np.sqrt(c)) ** 2
    return np.sqrt(np.maximum((x - low) * (high - x), 0)) / (2 * np.pi * c * x)


@pytest.mark.parametrize("c", [0.1, 1.0, 4.0])
def test_one_factor_is_marchenko_pastur(c):
    law = WishartProduct(c)
    np.testing.assert_allclose(law.support, [[(1 - np.sqrt(c)) ** 2, (1 + np.sqrt(c)) ** 2]], rtol=1e-14, atol=1e-16)
    x = np.linspace(1e-3, 10, 97)
    np.testing.assert_allclose(law.density(x), marchenko_pastur(x, c), atol=1e-13)


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_square_products_have_fuss_catalan_moments(depth):
    law = WishartProduct((1.0,) * depth)
    expected = [comb((depth + 1) * k, k) / (depth * k + 1) for k in range(6)]
    np.testing.assert_allclose(matrices.moments(law, 5), expected, rtol=1e-11)
    np.testing.assert_allclose(law.support, [[0, (depth + 1) ** (depth + 1) / depth**depth]], rtol=1e-14)


@pytest.mark.parametrize("ratios", RATIOS)
def test_first_moments_of_any_product(ratios):
    # free cumulants multiply: m2 = 1 + sum c, m3 = 1 + 3 sum c + sum c^2 + 3 sum_{l<k} c_l c_k
    c, pairs = np.array(ratios), sum(a * b for a, b in itertools.combinations(ratios, 2))
    expected = [1, 1, 1 + c.sum(), 1 + 3 * c.sum() + (c**2).sum() + 3 * pairs]
    np.testing.assert_allclose(matrices.moments(WishartProduct(ratios), 3), expected, rtol=1e-11)


@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.5])
def test_moments_of_a_wigner_matrix_between_factors(ratio):
    # free cumulants lambda m_k(semicircle): kappa_2 = lambda, kappa_4 = 2 lambda
    expected = [1, 0, ratio, 0, 2 * ratio + 2 * ratio**2]
    np.testing.assert_allclose(matrices.moments(WignerProduct(ratio), 4), expected, atol=1e-11)


@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.5])
def test_wigner_product_is_the_compound_poisson_law_over_the_semicircle(ratio):
    law, inner = WignerProduct(ratio), Semicircle()
    for x in (1.3 * law.support[0, 1], 5 * law.support[0, 1]):
        g = law.stieltjes(x).real
        r = quad_vec(lambda t, g=g: t / (1 - t * g) * inner.density(t), -2, 2, epsabs=1e-12)[0]
        assert 1 / g + ratio * r == pytest.approx(x, rel=1e-9)


@any_law
def test_the_equation_holds_and_the_potential_has_the_derivative_g(law):
    z = np.geomspace(1e-3, 30, 15)[:, None] * np.exp(1j * np.linspace(0.05, 3.1, 9))
    g = law.stieltjes(z)
    if isinstance(law, WishartProduct):
        m = z * g - 1
        right = (1 + m) * np.prod([1 + c * m for c in law.ratios], axis=0)
        np.testing.assert_allclose(right, z * m, rtol=1e-9, atol=1e-13)
    h = 0.02 * np.abs(z.imag)
    slope = sum(
        c * (law.potential(z + m * h) - law.potential(z - m * h))
        for m, c in ((1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280))
    )
    np.testing.assert_allclose(slope / h, g, rtol=1e-9)


@any_law
def test_mass_is_one(law):
    low, high = law.support[0]
    x = np.array([min(low, 0.0) - 1e-6 * high, high * (1 + 1e-6)])
    np.testing.assert_allclose(law.cdf(x), [0, 1], atol=1e-13)
    ends = [low, 0.0, high] if low < 0 else [low, high]  # towards 0 the density may diverge, at most like x^(-5/6)

    def part(t, a, b):
        edge, other = (a, b) if abs(a) < abs(b) or a == 0 else (b, a)
        power = 12 if edge == 0 else 2
        # both ends become smooth: a high power at 0, a square at the other edge
        u = t * t * (3 - 2 * t)
        return (
            law.density(edge + (other - edge) * u**power)
            * abs(other - edge)
            * power
            * u ** (power - 1)
            * 6
            * t
            * (1 - t)
        )

    mass = sum(quad_vec(part, 0, 1, args=pair, epsabs=1e-12, limit=300)[0] for pair in itertools.pairwise(ends))
    assert mass + sum(weight for _, weight in law.atoms) == pytest.approx(1, abs=1e-10)


@any_law
def test_one_sampled_matrix_follows_the_law(law):
    values = matrices.eigenvalues(law.sample(600, rng=3))
    assert matrices.distance(law, values) < 0.012
    if law.atoms:
        assert np.mean(values == 0) == pytest.approx(law.atoms[0][1], abs=0.001)


@any_law
def test_potential_is_finite_and_continuous_close_to_zero_and_far_out(law):
    tiny = np.array([5e-324, 1e-300, 1e-150, 1e-20, 1e-9])
    for x in (tiny, -tiny, tiny * 1j):
        phi, g = law.potential(x), law.stieltjes(x)
        assert np.all(np.isfinite(phi)) and np.all(np.isfinite(g))
        if not law.atoms:
            np.testing.assert_allclose(phi[:-1].real, law.log_potential(0.0), atol=1e-2)
    far = np.array([1e9, 1e100, -1e100, 1e100j])
    np.testing.assert_allclose(law.potential(far), np.log(far), rtol=1e-8)
    assert law.log_potential(0.0) == -np.inf if law.atoms else np.isfinite(law.log_potential(0.0))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_random_products(ratios, random):
    law, order = WishartProduct(ratios), random.sample(ratios, len(ratios))
    low, high = law.support[0]
    assert 0 <= low < high
    x = np.geomspace(max(low, 1e-6 * high), high, 12)[1:-1]
    np.testing.assert_allclose(WishartProduct(order).cdf(x), law.cdf(x), atol=1e-12)
    assert np.all(np.diff(law.cdf(x)) > 0) and np.all(law.density(x) > 0)
    outside = np.array([-high, -1e-3, high * 1.01, 0.9 * low or 2 * high])
    assert np.all(law.density(outside) == 0)


def test_edges_where_two_ratios_nearly_agree():
    for gap in (1e-3, 1e-6, 1e-9):
        low = product_edges([1.0, 1.0 - gap])[0]
        assert low == pytest.approx((gap / (1 + np.sqrt(1 - gap))) ** 2, rel=1e-6)


def test_density_at_zero_of_a_wigner_product():
    for ratio in (0.3, 2.5):
        law = WignerProduct(ratio)
        assert law.density(0.0) == pytest.approx(law.density(1e-7), rel=1e-5)
    assert WignerProduct(1.0).density(0.0) == np.inf
    assert WishartProduct([2.0, 1.0]).cdf(0.0) == pytest.approx(0.5, abs=1e-14)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: WishartProduct([]), ValueError, "ratios: expected at least one positive number"),
        (lambda: WishartProduct([1.0, 0.0]), ValueError, "ratios: expected at least one positive"),
        (lambda: WishartProduct([1.0, -2.0]), ValueError, "ratios: expected at least one positive"),
        (lambda: WishartProduct([np.nan]), ValueError, "ratios: expected finite numbers"),
        (lambda: WishartProduct(["a"]), TypeError, "ratios: expected numbers"),
        (lambda: WignerProduct(0.0), ValueError, "ratio: expected a positive number"),
        (lambda: WignerProduct([1.0]), TypeError, "ratio: expected one number"),
        (lambda: WishartProduct([1.0]).sample(0), ValueError, "n: expected an integer of at least 1"),
        (lambda: WishartProduct([1.0]).density(np.nan), ValueError, "expected finite numbers"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("ratio", [5e-324, 1e-300, 1e-30, 1e-14, 1e30, 1e300])
def test_products_too_far_from_square_say_so(ratio):
    with pytest.raises(ValueError, match=r"ratios?: expected"):
        _ = WishartProduct((ratio, ratio, 1.0)).support if ratio < 1 else WishartProduct((ratio,)).support
    with pytest.raises(ValueError, match=r"ratios?: expected"):
        _ = WignerProduct(ratio).support


@pytest.mark.parametrize(("ratio", "x"), [(0.5, -0.5), (2.0, -1.0), (0.25, -0.25), (4.0, -1.0)])
def test_places_at_which_the_first_guess_is_a_pole(ratio, x):
    product, closed = WishartProduct([ratio]), MarchenkoPastur(ratio)
    for method in ("stieltjes", "potential"):
        assert abs(getattr(product, method)(x) - getattr(closed, method)(x)) < 1e-13
