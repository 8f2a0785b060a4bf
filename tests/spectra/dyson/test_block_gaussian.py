"""The block Gaussian law: its edges against a discriminant in 60 digits, its density against sampled matrices."""

import mpmath
import numpy as np
import pytest

from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.semicircle import Semicircle

mp = mpmath.MPContext()
mp.dps = 60


def discriminant(v, k, d, z):
    """Return the discriminant of the quartic of kappa_1 g_1, whose real zeros in z hold all edges."""
    v11, v12, v22, k1, k2 = mp.mpf(v[0][0]), mp.mpf(v[0][1]), mp.mpf(v[1][1]), mp.mpf(k[0]), mp.mpf(k[1])
    first = [-v11, d[0] - z, -k1]
    second = [-(v12**2) - v22 * first[0], (d[1] - z) * v12 - v22 * first[1], -v22 * first[2]]
    c = [mp.mpf(0)] * 5
    for i in range(3):
        for j in range(3):
            c[i + j] += first[i] * second[j]
    c[2] -= k2 * v12**2
    c4, c3, c2, c1, c0 = c
    d0 = c2**2 - 3 * c3 * c1 + 12 * c4 * c0
    d1 = 2 * c2**3 - 9 * c3 * c2 * c1 + 27 * c3**2 * c0 + 27 * c4 * c1**2 - 72 * c4 * c2 * c0
    return (4 * d0**3 - d1**2) / 27


def candidates(law):
    """Return the real zeros of the discriminant: a polynomial in z, interpolated."""
    v, k, d = law.variances, law.fractions, law.shifts
    radius, n = mp.mpf(np.abs(d).max() + 2 * np.sqrt((v @ k).max()) + 1), 14
    nodes = [mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    powers = mp.matrix([[t**j for j in range(n)] for t in nodes])
    values = mp.matrix([discriminant(v, k, d, radius * t) for t in nodes])
    polynomial = list(mp.lu_solve(powers, values))[::-1]
    top = max(abs(c) for c in polynomial)
    while abs(polynomial[0]) < top * mp.mpf(10) ** -40:
        polynomial.pop(0)
    roots = mp.polyroots(polynomial, maxsteps=500, extraprec=300)
    return np.array([float(mp.re(r) * radius) for r in roots if abs(mp.im(r)) < mp.mpf(10) ** -12])


def solution(law, z):
    """Return g at z in the upper half-plane by damped iteration in 40 digits' arithmetic: no branch, no polynomial."""
    ctx = mpmath.MPContext()
    ctx.dps = 30
    v = [[ctx.mpf(x) * ctx.mpf(k) for x, k in zip(row, law.fractions, strict=True)] for row in law.variances]
    g = [ctx.mpc(0, 1)] * len(v)
    for _ in range(4000):
        new = [1 / (d - ctx.mpc(z) - ctx.fdot(row, g)) for d, row in zip(law.shifts, v, strict=True)]
        size = max(abs(a - b) for a, b in zip(new, g, strict=True))
        g = [(a + b) / 2 for a, b in zip(new, g, strict=True)]
        if size < 1e-20:
            break
    return np.array([complex(x) for x in g])


def check_edges(law, bulks=None):
    edges = law.support.ravel()
    assert np.all(np.diff(edges) > 0)
    assert bulks is None or len(law.support) == bulks
    distance = np.abs(candidates(law) - edges[:, None]).min(1)
    assert distance.max() < 1e-10 * (np.ptp(law.shifts) + np.sqrt(law.variances.max()))
    # the edges are edges: masses inside, none between
    masses = law.cdf(law.support[:, 1]) - law.cdf(law.support[:, 0])
    assert masses.sum() + sum(weight for _, weight in law.atoms) == pytest.approx(1, abs=1e-12)


def test_edges_of_random_laws():
    rng = np.random.default_rng(3)
    for i in range(12):
        first = [rng.uniform(0.05, 0.95), 1e-3, 1e-6][i % 3]
        v = rng.uniform(0.01, 1, (2, 2))
        v = v + v.T
        if i % 5 == 0:
            v[0, 0] = 0
        check_edges(BlockGaussian(v, [first, 1 - first], rng.normal(size=2) * [0.5, 2, 5, 100][i % 4]))


V, K, CUSP = [[1.0, 0.3], [0.3, 0.7]], [0.4, 0.6], 2.189617595163594


@pytest.mark.parametrize(("beyond", "width"), [(1e-2, 1.345153e-3), (1e-4, 1.361e-6), (1e-6, 1.37e-9)])
def test_gaps_that_open_at_a_cusp_are_found(beyond, width):
    law = BlockGaussian(V, K, [0, CUSP + beyond])
    check_edges(law, bulks=2)
    assert law.support[1, 0] - law.support[0, 1] == pytest.approx(width, rel=1e-2)
    check_edges(BlockGaussian(V, K, [0, CUSP - beyond]), bulks=1)


@pytest.mark.parametrize("fraction", [1e-3, 1e-9])
@pytest.mark.parametrize("shift", [1.9, 2.0, 100.0])
@pytest.mark.parametrize("own", [0.0, 0.3])
def test_a_tiny_species_has_its_bulk(fraction, shift, own):
    law = BlockGaussian([[1.0, 0.5], [0.5, own]], [1 - fraction, fraction], [0, shift])
    check_edges(law, bulks=2)
    assert law.cdf(law.support[0, 1] + 1e-6) == pytest.approx(1 - fraction, abs=1e-15)


def test_unequal_bipartite_blocks_have_an_atom():
    for k in (0.6, 0.9, 0.999):
        law = BlockGaussian([[0.0, 1.0], [1.0, 0.0]], [k, 1 - k], [0.0, 0.0])
        inner, outer = np.sqrt(k) - np.sqrt(1 - k), np.sqrt(k) + np.sqrt(1 - k)  # Marchenko-Pastur
        np.testing.assert_allclose(law.support, [[-outer, -inner], [inner, outer]], atol=1e-13)
        assert law.atoms == ((0.0, pytest.approx(2 * k - 1)),)
        np.testing.assert_allclose(law.cdf([-1e-9, 0.0, 1e-9]), [1 - k, k, k], atol=1e-13)
        assert law.log_potential(0.0) == -np.inf
        assert law.density(0.0) == pytest.approx(0, abs=1e-6)
    values = np.linalg.eigvalsh(law.sample(500, rng=1))
    assert np.sum(np.abs(values) < 1e-10) == 498


def test_square_bipartite_blocks_have_none():
    law = BlockGaussian([[0.0, 1.0], [1.0, 0.0]], [0.5, 0.5], [0.0, 0.0])
    x = np.linspace(-1.5, 1.5, 13)  # 0 among them
    assert law.atoms == ()
    np.testing.assert_allclose(law.density(x), Semicircle(0.5).density(x), atol=1e-9)
    np.testing.assert_allclose(law.potential(x), Semicircle(0.5).potential(x), atol=1e-12)


def test_one_species_is_a_semicircle():
    law, expected = BlockGaussian([[0.7]], [1.0], [0.2]), Semicircle(0.7, 0.2)
    z = np.linspace(-4, 4, 40) + np.repeat([0, 1e-6, 0.5, -2], 10) * 1j
    np.testing.assert_allclose(law.potential(z), expected.potential(z), atol=1e-13)
    np.testing.assert_allclose(law.stieltjes(z), expected.stieltjes(z), atol=1e-13)
    np.testing.assert_allclose(law.support, expected.support, atol=1e-13)


def test_identical_species_merge():
    two = BlockGaussian([[1.0, 0.4], [0.4, 2.0]], [0.3, 0.7], [0.0, 3.0])
    three = BlockGaussian([[1, 0.4, 0.4], [0.4, 2, 2], [0.4, 2, 2]], [0.3, 0.5, 0.2], [0.0, 3.0, 3.0])
    z = np.linspace(-4, 9, 50) + np.repeat([0, 0.5], 25) * 1j
    np.testing.assert_allclose(three.potential(z), two.potential(z), atol=1e-12)
    np.testing.assert_allclose(three.stieltjes(z), two.stieltjes(z), atol=1e-9)
    np.testing.assert_allclose(three.support, two.support, atol=1e-12)


def test_uncoupled_species_are_a_mixture():
    law = BlockGaussian([[1.0, 0.0], [0.0, 2.0]], [0.3, 0.7], [0.0, 1.0])
    parts = Semicircle(0.3), Semicircle(1.4, 1.0)
    x = np.linspace(-3, 5, 33)
    expected = np.c_[0.3 * parts[0].density(x), 0.7 * parts[1].density(x)]
    np.testing.assert_allclose(law.block_densities(x), expected, atol=1e-14)
    np.testing.assert_allclose(law.cdf(x), 0.3 * parts[0].cdf(x) + 0.7 * parts[1].cdf(x), atol=1e-12)
    far = BlockGaussian([[1.0, 0.0], [0.0, 2.0]], [0.3, 0.7], [0.0, 50.0])
    np.testing.assert_allclose(far.support, np.r_[Semicircle(0.3).support, Semicircle(1.4, 50.0).support], atol=1e-11)


@pytest.mark.parametrize("seed", range(4))
def test_resolvents_agree_with_a_plain_iteration(seed):
    rng = np.random.default_rng(seed)
    v = rng.uniform(0, 1, (seed + 1, seed + 1))
    law = BlockGaussian(v + v.T, rng.dirichlet(np.ones(seed + 1)), 3 * rng.normal(size=seed + 1))
    for z in (0.3 + 0.2j, -2 + 0.1j, 5 + 1j):
        g = solution(law, z)
        assert law.stieltjes(z) == pytest.approx(-law.fractions @ g, abs=1e-13)


def test_block_densities_are_what_eigenvectors_carry():
    law = BlockGaussian([[1.0, 0.5], [0.5, 2.0]], [0.3, 0.7], [2.0, 0.0])
    x = np.linspace(-3, 4, 15).reshape(3, 5)
    assert law.block_densities(x).shape == (3, 5, 2)
    np.testing.assert_allclose(law.block_densities(x).sum(-1), law.density(x), atol=1e-14)
    values, vectors = np.linalg.eigh(law.sample(1000, rng=2))
    for low, high in ((-2.0, 0.0), (0.0, 2.0), (2.0, 3.0)):
        weight = np.sum(vectors[:300, (low < values) & (values < high)] ** 2) / 1000
        places = np.linspace(low, high, 401)
        assert np.trapezoid(law.block_densities(places)[:, 0], places) == pytest.approx(weight, abs=5e-3)


@pytest.mark.parametrize(
    ("v", "k", "d"),
    [
        ([[1.0, 0.5], [0.5, 1.0]], [0.25, 0.75], [6.0, 0.0]),
        ([[0.0, 2.0, 0.0], [2.0, 0.5, 1.0], [0.0, 1.0, 0.0]], [0.2, 0.5, 0.3], [1.0, 0.0, -2.0]),
        ([[1.0, 0.2, 0.0, 0.0], [0.2, 0.1, 0.3, 0.0], [0, 0.3, 0.1, 3.0], [0, 0, 3.0, 1.0]], [0.25] * 4, [8, 1, 0, -2]),
    ],
)
def test_one_sampled_matrix_follows_the_law(v, k, d):
    law = BlockGaussian(v, k, d)
    matrix = law.sample(1000, rng=4)
    np.testing.assert_array_equal(matrix, matrix.T)
    cdf = law.cdf(np.linalg.eigvalsh(matrix))
    assert max(np.abs(cdf - np.arange(1000) / 1000).max(), np.abs(cdf - np.arange(1, 1001) / 1000).max()) < 0.01


def test_values_are_fixed_and_compared():
    law = BlockGaussian([[1, 0.5], [0.5, 1]], [0.25, 0.75], [6, 0])
    assert law == BlockGaussian(np.array([[1, 0.5], [0.5, 1]]), (0.25, 0.75), [6.0, -0.0])
    assert law != BlockGaussian([[1, 0.5], [0.5, 1]], [0.25, 0.75], [6, 1]) and law != 3
    assert len({law, BlockGaussian([[1, 0.5], [0.5, 1]], [0.25, 0.75], [6, 0])}) == 1
    assert eval(repr(law)) == law
    assert law.support is law.support
    with pytest.raises(AttributeError, match="fixed"):
        law.shifts = [0, 0]
    for array in (law.variances, law.support):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("v", "k", "d", "message"),
    [
        ([[1.0]], [0.5], [0], "fractions: expected positive numbers of sum 1"),
        ([[1.0, 0], [0, 1.0]], [1.5, -0.5], [0, 0], "fractions: expected positive"),
        ([[1.0]], [], [0], "fractions: expected positive"),
        ([[1.0, 2.0], [1.0, 1.0]], [0.5, 0.5], [0, 0], "variances: expected a symmetric non-negative 2 x 2"),
        ([[1.0, -1.0], [-1.0, 1.0]], [0.5, 0.5], [0, 0], "variances: expected a symmetric"),
        ([[1.0]], [0.5, 0.5], [0, 0], "variances: expected a symmetric"),
        ([[1.0]], [1.0], [0, 0], "shifts: expected 1 numbers"),
        ([[1.0]], [1.0], [np.inf], "shifts: expected finite"),
        ([[np.nan]], [1.0], [0], "variances: expected finite"),
        ([[1.0, 0.0], [0.0, 0.0]], [0.5, 0.5], [0, 0], "variances: expected a positive entry in every row"),
    ],
)
def test_errors(v, k, d, message):
    with pytest.raises(ValueError, match=message):
        BlockGaussian(v, k, d)
