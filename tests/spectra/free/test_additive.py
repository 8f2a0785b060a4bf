"""Free sums: closed forms against matrices, free cumulants, each other and subordination."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.free.affine import Affine, PointMass
from spinglass.spectra.free.free_sum import FreeSum
from spinglass.spectra.free.freely_divisible import FreeCompoundPoisson, FreelyDivisible, MarchenkoPastur
from spinglass.spectra.semicircle import Semicircle

MP = MarchenkoPastur
TWO_BULKS = BlockGaussian([[1.0, 0.5], [0.5, 1.0]], [0.25, 0.75], [6.0, 0.0])
WITH_ATOM = BlockGaussian([[0.0, 0.5], [0.5, 0.0]], [0.2, 0.8], [-2.0, 2.0])
DIVISIBLE = {
    "square": MP(1.0),
    "tall": MP(4.0, 0.5),
    "narrow": MP(1e-6),
    "cubic": Semicircle(0.5) + MP(0.25),
    "quartic": Semicircle(0.1, 1.0) + FreeCompoundPoisson(2.0, [-1.0, 0.5], [0.3, 0.7]),
    "two bulks": FreelyDivisible(0.5, 0.01, [1.0, 12.0], [1.0, 0.25]),
    "atom inside": FreelyDivisible(1.0, 0.0, [-3.0, 1.0, 12.0], [0.2, 0.2, 0.25]),
    "five bulks": FreelyDivisible(0.0, 1e-6, [-1.0, 1.0, 5.0, 6.0], [0.5, 0.2, 1e-4, 1e-3]),
    "cusp": FreeCompoundPoisson(1.0, [-1.0, 1.0], [0.5, 0.5]),
    "huge": FreelyDivisible(1e150, 1e300, [1e149], [3.0]),
}
GENERAL = {
    "two laws of blocks": TWO_BULKS + (-1.0) * TWO_BULKS,
    "blocks and jumps": TWO_BULKS + MP(4.0),
    "an atom of a sum": WITH_ATOM + 0.1 * MP(4.0) + 1.0,
}
divisible = pytest.mark.parametrize("law", DIVISIBLE.values(), ids=DIVISIBLE)
general = pytest.mark.parametrize("law", GENERAL.values(), ids=GENERAL)


def divisible_law(seed):
    rng = np.random.default_rng(seed)
    k = rng.integers(0, 5)
    variance = rng.choice([1e-4, 0.3, 5.0]) if k == 0 else rng.choice([0.0, 1e-4, 0.3])
    jumps, rates = 3 * rng.normal(size=k), rng.exponential(size=k) * rng.choice([0.05, 1.0, 20.0])
    return FreelyDivisible(rng.normal(), variance, jumps, rates)


divisible_laws = st.builds(divisible_law, st.integers(0, 10**6))


def hull(law):
    places = [*law.support.ravel(), *(place for place, _ in law.atoms)]
    return min(places), max(places)


def around(law, n=101):
    low, high = hull(law)
    return np.linspace(low - 0.3 * (high - low), high + 0.31 * (high - low), n)


def off_edges(law, n=101):
    """Return real places that are not near edges or atoms."""
    x, (low, high) = around(law, n), hull(law)
    marks = np.r_[law.support.ravel(), [place for place, _ in law.atoms]]
    return x[np.abs(x[:, None] - marks).min(1) > 1e-3 * (high - low)]


def mass(law, nodes):
    """Return the mass by the midpoint rule in the angle, exact to rounding where edges are square roots."""
    total = sum(weight for _, weight in law.atoms)
    angle = (np.arange(nodes) + 0.5) * np.pi / nodes
    for low, high in law.support:
        x = (low + high) / 2 - (high - low) / 2 * np.cos(angle)
        total += (law.density(x) * np.sin(angle)).sum() * (high - low) / 2 * np.pi / nodes
    return total


def moments(law, order):
    """Return the moments up to an order, in widths about the middle, by G on a circle."""
    low, high = hull(law)
    turn = np.exp(1j * np.pi * (np.arange(64) + 0.5) / 64)
    g = law.stieltjes((low + high) / 2 + (high - low) * turn) * (high - low)
    return [(g * turn ** (n + 1)).real.mean() for n in range(order + 1)]


def moments_of_cumulants(kappa):
    """Return moments by the recursion over non-crossing partitions: the block of 1 has s elements and s gaps."""
    m = [1.0]
    for n in range(1, len(kappa) + 1):
        total = 0.0
        for s in range(1, n + 1):
            gaps = np.polynomial.polynomial.polypow(m, s)
            total += kappa[s - 1] * (gaps[n - s] if n - s < len(gaps) else 0.0)
        m.append(total)
    return m


def slopes(law, z):
    """Return Phi' by Cauchy's formula on circles of a quarter of Im z."""
    radius, turn = z.imag[:, None] / 4, np.exp(2j * np.pi * np.arange(24) / 24)
    return (law.potential(z[:, None] + radius * turn) / (radius * turn)).mean(1)


def distance_to_spectrum(law, n, seed):
    """Return the Kolmogorov-Smirnov distance to one sampled matrix; an atom's eigenvalues may round apart."""
    values = np.linalg.eigvalsh(law.sample(n, rng=seed))
    low, high = hull(law)
    values = np.unique(values.round(9 - math.ceil(np.log10(high - low))), return_counts=True)
    shift = 1e-8 * (high - low)
    return np.abs(law.cdf(values[0] + shift) - np.cumsum(values[1]) / n).max()


@divisible
def test_the_equation_is_solved_everywhere(law):
    low, high = hull(law)
    for height in (0.0, 1e-30, 1e-8, 1e-3, 0.1, 3.0, 1e5):
        z = off_edges(law, 1001) + 1j * height * (high - low)
        g = law.stieltjes(z)
        np.testing.assert_allclose((1 / g + law.r_transform(g) - z) / (high - low + abs(z)), 0, atol=3e-14)
        assert np.all(g.imag <= 0) and (height == 0 or np.all(g.imag < 0))


@divisible
def test_mass_is_one(law):
    nodes = 4000 if law is DIVISIBLE["cusp"] else 400
    # the density of the cusp is infinite, as x^(-1/3), in the middle
    assert mass(law, nodes) == pytest.approx(1, abs=1e-2 if law is DIVISIBLE["cusp"] else 1e-10)
    low, high = hull(law)
    edges = np.array([low, high]) + np.array([-1e-9, 1e-9]) * (high - low)
    np.testing.assert_allclose(law.cdf(edges), [0, 1], atol=1e-14)


@divisible
def test_the_potential_has_the_derivative_g(law):
    low, high = hull(law)
    z = around(law, 41) + 1j * np.geomspace(0.3, 1, 41) * (high - low)
    np.testing.assert_allclose(slopes(law, z), law.stieltjes(z), rtol=1e-12)


@divisible
def test_moments_are_those_of_the_free_cumulants(law):
    low, high = hull(law)
    middle, width = (low + high) / 2, high - low
    scaled = [(r, t / width) for t, r in zip(law.jumps, law.rates, strict=True)]
    kappa = [sum(r * t**n for r, t in scaled) for n in range(1, 9)]
    kappa[0] += (law.drift - middle) / width
    kappa[1] += law.semicircle / width**2
    np.testing.assert_allclose(moments(law, 8), moments_of_cumulants(kappa), atol=1e-10)


@divisible
def test_parts_of_one_function(law):
    x = around(law, 301)
    np.testing.assert_allclose(law.density(x), -law.stieltjes(x).imag / np.pi, rtol=1e-11, atol=0)
    assert np.all(np.diff(law.cdf(x)) >= -1e-14)
    z = x + 1e-9j
    np.testing.assert_array_equal(law.potential(z.conj()), law.potential(z).conj())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(divisible_laws, divisible_laws, st.floats(-3, 3).filter(lambda c: abs(c) > 0.01))
def test_random_compositions(a, b, c):
    law = a + c * b - 0.7
    assert a + b == b + a and a + c * b == c * b + a
    low, high = hull(law)
    z = off_edges(law, 51) + 1j * np.geomspace(1e-9, 1, 51)[: len(off_edges(law, 51))] * (high - low)
    g = law.stieltjes(z)
    np.testing.assert_allclose(1 / g + a.r_transform(g) + c * b.r_transform(c * g) - 0.7, z, atol=1e-12 * (high - low))
    np.testing.assert_allclose(law.cdf([low - 1e-9, high + 1e-9]), [0, 1], atol=1e-13)
    # each bulk: the distribution function grows by what the density holds
    grown = np.diff(law.cdf(law.support + 1e-9 * (high - low) * np.array([-1, 1])), axis=1).sum()
    atoms = sum(w for place, w in law.atoms if np.any((law.support[:, 0] <= place) & (place <= law.support[:, 1])))
    assert grown - atoms + sum(w for _, w in law.atoms) == pytest.approx(1, abs=1e-12)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(divisible_laws, divisible_laws)
def test_subordination_agrees_with_the_closed_form(a, b):
    closed, general = a + b, FreeSum(a, b)
    np.testing.assert_allclose(general.support, closed.support, atol=1e-12 * np.ptp(hull(closed)))
    assert [w for _, w in general.atoms] == pytest.approx([w for _, w in closed.atoms], abs=1e-14)
    for z in (off_edges(closed), off_edges(closed) + 1e-7j, around(closed) + 1j, 1e5 * around(closed)):
        np.testing.assert_allclose(general.stieltjes(z), closed.stieltjes(z), rtol=1e-10)
        np.testing.assert_allclose(general.potential(z), closed.potential(z), atol=1e-11)


def test_semicircles_add_their_variances():
    assert Semicircle(0.5, 1.0) + Semicircle(1.5, 2.0) == Semicircle(2.0, 3.0)
    law = FreelyDivisible(0.3, 0.7, [], [])
    x = around(law)
    np.testing.assert_allclose(law.potential(x), Semicircle(0.7, 0.3).potential(x), atol=1e-14)
    z = x + 0.3j
    np.testing.assert_allclose(law.stieltjes(z), Semicircle(0.7, 0.3).stieltjes(z), rtol=1e-14)
    blocks = FreeSum(BlockGaussian([[0.2]], [1.0], [0.3]), BlockGaussian([[0.5]], [1.0], [0.0]))
    np.testing.assert_allclose(blocks.support, Semicircle(0.7, 0.3).support, atol=1e-12)
    np.testing.assert_allclose(blocks.potential(x), Semicircle(0.7, 0.3).potential(x), atol=1e-12)


@pytest.mark.parametrize("ratio", [0.01, 0.25, 1.0, 4.0])
def test_marchenko_pastur_in_closed_form(ratio):
    law, sigma = MP(ratio, 2.0), 2.0
    low, high = sigma * (1 - ratio**0.5) ** 2, sigma * (1 + ratio**0.5) ** 2
    np.testing.assert_allclose(law.support, [[low, high]], atol=1e-14 * high)
    x = np.linspace(low, high, 300)[1:-1]
    expected = np.sqrt((high - x) * (x - low)) / (2 * np.pi * sigma * ratio * x)
    np.testing.assert_allclose(law.density(x), expected, rtol=1e-12)
    assert law.atoms == (((0.0, 0.75),) if ratio == 4 else ())
    # the mean of log det of a Wishart matrix
    if ratio < 1:
        expected = np.log(sigma) - 1 - (1 - ratio) / ratio * np.log1p(-ratio)
        assert law.log_potential(0.0) == pytest.approx(expected, abs=1e-13)


def test_wishart_matrices_of_one_scale_add_their_columns():
    law = MP(0.5, 1.0) + MP(0.5, 1.0)
    assert law == 2 * MP(0.25)  # n x 4n over 2n
    assert MP(0.5, 3.0) == 3 * MP(0.5) == FreeCompoundPoisson(2.0, [1.5], [1.0])
    assert MP(2.0) + MP(2.0) == MP(1.0, 2.0)


def test_numbers_shift_and_stretch():
    law = Semicircle(0.25) + 1
    assert law == 1 + Semicircle(0.25) == Semicircle(0.25, 1.0) == np.float64(1) + Semicircle(0.25)
    assert np.float64(2) * law == law * 2 == Semicircle(1.0, 2.0)
    assert 3 - law == -law + 3 == Semicircle(0.25, 2.0)
    assert law - law == Semicircle(0.5)
    assert PointMass(1.0) + PointMass(2.0) - 4 == PointMass(-1.0) == -PointMass(1.0)
    assert MP(2.0) + 0 == MP(2.0)
    moved = -2 * (TWO_BULKS + 1.0) + 3.0
    assert moved == Affine(TWO_BULKS, -2.0, 1.0)
    assert moved + MP(2.0) == MP(2.0) + moved
    assert (moved + MP(2.0)) + Semicircle() == moved + (Semicircle() + MP(2.0))
    assert 2 * (TWO_BULKS + MP(2.0)) == 2 * MP(2.0) + 2 * TWO_BULKS
    np.testing.assert_allclose(moved.support, 1 - 2 * TWO_BULKS.support[::-1, ::-1])


def test_mirror_image():
    law, mirror = DIVISIBLE["atom inside"], -DIVISIBLE["atom inside"]
    affine = Affine(law, -1.0)
    x = np.r_[off_edges(law), -law.atoms[0][0]]
    np.testing.assert_allclose(mirror.density(x), law.density(-x), rtol=1e-11)
    for z in (x, x + 0.1j, x - 0.2j):
        np.testing.assert_allclose(affine.potential(z), mirror.potential(z), atol=1e-13)
        np.testing.assert_allclose(affine.stieltjes(z), mirror.stieltjes(z), rtol=1e-11)
    assert affine.atoms == mirror.atoms


def test_point_mass():
    law = PointMass(2.0)
    np.testing.assert_array_equal(law.cdf([1, 2, 3]), [0, 1, 1])
    assert law.log_potential(2) == -np.inf and law.stieltjes(2).real == np.inf and law.quantile(0.3) == 2
    assert law.potential(1.0) == 1j * np.pi and law.potential(1 - 1j) == pytest.approx(np.log(-1 - 1j))
    np.testing.assert_array_equal(law.sample(3), 2 * np.eye(3))


def test_on_an_atom():
    law = MP(4.0)
    assert law.log_potential(0.0) == -np.inf and law.stieltjes(0.0).real == np.inf
    np.testing.assert_allclose(law.cdf([-1e-12, 0.0, 0.5]), [0, 0.75, 0.75], atol=1e-15)
    total = GENERAL["an atom of a sum"]
    ((place, weight),) = total.atoms
    assert (place, weight) == (3.0, pytest.approx(0.35))
    assert total.log_potential(place) == -np.inf
    assert total.cdf(place) - total.cdf(place - 1e-9) == pytest.approx(weight, abs=1e-10)


@pytest.mark.parametrize("name", ["quartic", "atom inside"])
def test_against_one_matrix(name):
    assert distance_to_spectrum(DIVISIBLE[name], 600, seed=3) < 0.01


@general
def test_general_sums(law):
    assert mass(law, 400) == pytest.approx(1, abs=1e-10)
    low, high = hull(law)
    z = around(law, 31) + 1j * np.geomspace(0.3, 1, 31) * (high - low)
    np.testing.assert_allclose(slopes(law, z), law.stieltjes(z), rtol=1e-12)
    x = np.sort(np.r_[around(law, 61), law.support.ravel()])
    assert np.all(np.diff(law.cdf(x)) >= -1e-12)
    np.testing.assert_allclose(law.cdf([low - 1e-9, high + 1e-9]), [0, 1], atol=1e-12)
    assert np.all(law.density(x[(x < low - 1e-9) | (x > high + 1e-9)]) == 0)
    assert distance_to_spectrum(law, 400, seed=1) < 0.02


@general
def test_moments_of_general_sums(law):
    def cumulants(moment):
        kappa = []
        for n in range(1, len(moment)):
            kappa.append(moment[n] - moments_of_cumulants([*kappa, 0.0])[n])
        return kappa

    def raw(law, order):
        low, high = hull(law)
        scaled, middle, width = moments(law, order), (low + high) / 2, high - low
        return [
            sum(math.comb(n, k) * scaled[k] * width**k * middle ** (n - k) for k in range(n + 1))
            for n in range(order + 1)
        ]

    expected = [a + b for a, b in zip(cumulants(raw(law.first, 5)), cumulants(raw(law.second, 5)), strict=True)]
    np.testing.assert_allclose(cumulants(raw(law, 5)), expected, atol=1e-10 * np.ptp(hull(law)) ** 5)


def test_a_bulk_that_has_no_sign_change_of_g():
    # nearly all mass far left: G is positive on both sides of the small bulk
    law = BlockGaussian([[1e-4, 0.0], [0.0, 1e-2]], [0.99, 0.01], [-10.0, 0.0]) + Semicircle(1e-3)
    assert len(law.support) == 2
    gap = law.support[:, 1].min() / 2 + law.support[:, 0].max() / 2
    assert law.stieltjes(np.r_[gap, 1.0]).real.min() > 0
    assert law.cdf(gap) == pytest.approx(0.99, abs=1e-12)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: MP(0.0), "ratio: expected a positive number, got 0.0"),
        (lambda: MP(-1.0), "ratio: expected a positive"),
        (lambda: MP(0.5, -1.0), "variance: expected a positive"),
        (lambda: MP(np.nan), "ratio: expected finite numbers"),
        (lambda: FreeCompoundPoisson(-1.0, [1.0], [1.0]), "rate: expected a positive"),
        (lambda: FreeCompoundPoisson(1.0, [1.0, 2.0], [0.5, 0.4]), "weights: expected positive numbers of sum 1"),
        (lambda: FreeCompoundPoisson(1.0, [1.0, 2.0], [1.5, -0.5]), "weights: expected positive numbers of sum 1"),
        (lambda: FreeCompoundPoisson(1.0, [], []), "weights: expected positive numbers of sum 1"),
        (lambda: FreeCompoundPoisson(1.0, [1.0, 2.0], [1.0]), "jumps: expected one for each of 1 weights"),
        (lambda: FreeCompoundPoisson(1.0, [0.0], [1.0]), "jumps: expected non-zero"),
        (lambda: FreelyDivisible(0.0, -1.0, [], []), "variance: expected a number >= 0"),
        (lambda: FreelyDivisible(0.0, 0.0, [], []), "try PointMass"),
        (lambda: FreelyDivisible(0.0, 1.0, [1.0], [0.0]), "rates: expected positive"),
        (lambda: FreelyDivisible(0.0, 1.0, [1.0], [1.0, 2.0]), "rates: expected one for each of 1 jumps"),
        (lambda: MP(0.5) * 0, "factor: expected a number other than 0"),
        (lambda: MP(0.5) + np.inf, "shift: expected finite"),
        (lambda: PointMass(np.nan), "place: expected finite"),
    ],
)
def test_bad_values(build, message):
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize(
    "build",
    [
        lambda: MP("1"),
        lambda: MP([0.5, 0.5]),
        lambda: MP(0.5) + "1",
        lambda: MP(0.5) + True,
        lambda: MP(0.5) * MP(0.5),
        lambda: MP(0.5) + 1j,
        lambda: FreeSum(MP(0.5), 1.0),
    ],
)
def test_bad_types(build):
    with pytest.raises(TypeError):
        build()


@pytest.mark.parametrize("parameter", [5e-324, 1e-310, 1e-300, 1e-140, 1e-20, 1e-3, 1.0, 1e3, 1e14, 1e16, 1e30, 1e300])
def test_extreme_parameters_of_marchenko_pastur_are_exact_or_refused(parameter):
    for ratio, variance in ((parameter, 1.0), (0.5, parameter), (parameter, parameter)):
        try:
            law = MarchenkoPastur(ratio, variance)
        except ValueError as error:
            assert "\n" not in str(error) and not 1e-70 < parameter < 1e15
            continue
        edges = [variance * (1 - np.sqrt(ratio)) ** 2, variance * (1 + np.sqrt(ratio)) ** 2]
        np.testing.assert_allclose(law.support, [edges], rtol=1e-13, atol=1e-13 * edges[1])
        assert law.variance == pytest.approx(variance**2 * ratio, rel=1e-14)
        place = np.mean(edges)
        assert np.isfinite([law.density(place), law.cdf(place), law.log_potential(place)]).all()
