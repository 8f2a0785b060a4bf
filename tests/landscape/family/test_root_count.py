"""The number of complex equilibria against mixed volumes, resultants, eigenvectors and theorems."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from spinglass.landscape.family import root_count as module
from spinglass.landscape.family.root_count import linearity_cones, root_count

GENERATED = [(a, 3 - a) for a in range(4)]
EXPONENTS = st.tuples(st.integers(0, 4), st.integers(0, 4))


def two_supports(draw_first, draw_second):
    return [{(a + 1, b) for a, b in draw_first}, {(a, b + 1) for a, b in draw_second}]


def area(points):
    return ConvexHull(points).volume if np.linalg.matrix_rank(points - points[0]) == 2 else 0.0


def reflected(support):
    return np.array([(i * a, j * b) for a, b in support for i in (-1, 1) for j in (-1, 1)])


def mixed_volume(p, q):
    return area((p[:, None] + q[None, :]).reshape(-1, 2)) - area(p) - area(q)


@settings(deadline=None, max_examples=60)
@given(st.sets(EXPONENTS, min_size=1, max_size=4), st.sets(EXPONENTS, min_size=1, max_size=4))
def test_on_two_circles_it_is_the_mixed_volume_of_the_reflected_polygons(first, second):
    supports = two_supports(first, second)
    expected = mixed_volume(*map(reflected, supports))
    assert root_count(supports, [2, 2]) == (round(expected), True)


def laurent(support, rng):
    """Random real function on two circles as {(k, l): coefficient of z^k w^l}: exponents down to reflections."""
    terms = {}
    for a, b in support:
        for k, m in itertools.product(range(a, -1, -2), range(b, -1, -2)):
            for p, q in {(k, m), (k, -m)}:
                c = rng.normal() + 1j * rng.normal()
                terms[p, q] = terms.get((p, q), 0) + c
                terms[-p, -q] = terms.get((-p, -q), 0) + c.conjugate()
    return terms


def derivative(terms, circle):
    return {e: e[circle] * c for e, c in terms.items() if e[circle]}


def resultant_width(f, g):
    """Number of common zeros of Laurent polynomials outside the axes: the width in z of the resultant in w."""

    def polynomial(h, z):
        low, high = min(e[1] for e in h), max(e[1] for e in h)
        coefficients = np.zeros((len(z), high - low + 1), dtype=complex)
        for (k, m), c in h.items():
            coefficients[:, high - m] += c * z**k
        return coefficients

    points = 256
    z = np.exp(2j * np.pi * np.arange(points) / points)
    p, q = polynomial(f, z), polynomial(g, z)
    m, n = p.shape[1] - 1, q.shape[1] - 1
    sylvester = np.zeros((points, m + n, m + n), dtype=complex)
    for i in range(n):
        sylvester[:, i, i : i + m + 1] = p
    for i in range(m):
        sylvester[:, n + i, i : i + n + 1] = q
    coefficients = np.abs(np.fft.fftshift(np.fft.fft(np.linalg.det(sylvester))))
    present = np.flatnonzero(coefficients > 1e-9 * coefficients.max())
    return present[-1] - present[0]


@pytest.mark.parametrize(
    "first, second",
    [
        (GENERATED[1:], GENERATED[:-1]),
        ([(2, 1)], [(1, 2)]),
        ([(2, 1), (1, 3)], [(1, 1), (0, 2)]),
        ([(1, 0)], [(2, 1)]),
        ([(3, 0), (1, 2)], [(0, 4), (3, 1)]),
    ],
)
def test_independent_losses_attain_it(first, second):
    rng = np.random.default_rng(1)
    f, g = derivative(laurent(first, rng), 0), derivative(laurent(second, rng), 1)
    assert resultant_width(f, g) == root_count([first, second], [2, 2])[0]


@pytest.mark.parametrize("support", [[(2, 1)], [(2, 0), (1, 2)], [(3, 0), (1, 1), (0, 2)], GENERATED])
def test_one_hamiltonian_attains_it(support):
    loss = laurent(support, np.random.default_rng(2))
    supports = [[e for e in support if e[s]] for s in range(2)]
    assert resultant_width(derivative(loss, 0), derivative(loss, 1)) == root_count(supports, [2, 2])[0]


@pytest.mark.parametrize("p, n", [(2, 3), (3, 3), (4, 3), (2, 4)])
def test_the_two_players_of_a_gan_attain_it(p, n):
    rng = np.random.default_rng(3)
    generated = laurent([(a, n - a) for a in range(n + 1)], rng)
    data = laurent([(p, 0)], rng)
    loss = {e: data.get(e, 0) - 0.5 * generated.get(e, 0) for e in {*data, *generated}}
    supports = [[(p, 0)] + [(a, n - a) for a in range(1, n + 1)], [(a, n - a) for a in range(n)]]
    width = resultant_width(derivative(loss, 0), derivative(generated, 1))
    assert width == root_count(supports, [2, 2])[0]


@pytest.mark.parametrize("d", range(1, 7))
@pytest.mark.parametrize("size", [1, 2, 3, 7, 30])
def test_one_sphere(d, size):
    expected = 2 * sum((d - 1) ** k for k in range(size))  # the geometric series of the eigenvectors of tensors
    assert root_count([[(d,)]], [size]) == (expected, True)
    assert root_count([[(k,) for k in range(1, d + 1)]], [size]) == (expected, True)


@pytest.mark.parametrize("sizes", [(2, 3), (4, 4), (3, 5)])
def test_singular_vectors(sizes):
    assert root_count([[(1, 1)], [(1, 1)]], sizes) == (4 * min(sizes), True)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.data(),
)
def test_spheres_without_coupling_multiply(degrees, data):
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=len(degrees), max_size=len(degrees)))
    supports = [[tuple(d if t == s else 0 for t in range(len(degrees)))] for s, d in enumerate(degrees)]
    expected = np.prod([root_count([[(d,)]], [size])[0] for d, size in zip(degrees, sizes, strict=True)])
    assert root_count(supports, sizes) == (expected, True)


@settings(deadline=None, max_examples=25)
@given(
    st.sets(EXPONENTS, min_size=1, max_size=4),
    st.sets(EXPONENTS, min_size=1, max_size=4),
    st.tuples(st.integers(2, 4), st.integers(2, 4)),
)
def test_it_grows_with_the_support_up_to_the_box(first, second, sizes):
    supports = two_supports(first, second)
    boxes = [{tuple(map(max, zip(*support, strict=True)))} for support in supports]
    assert 4 <= root_count(supports, sizes)[0] <= root_count(boxes, sizes)[0]
    flipped = [{e[::-1] for e in support} for support in reversed(supports)]
    assert root_count(flipped, sizes[::-1]) == root_count(supports, sizes)


def test_a_third_sphere_without_coupling_is_a_factor():
    """The fan in three dimensions is that of two with a ray added."""
    supports = [[(2, 0), (1, 2)], [(0, 3), (2, 1)]]
    three = [[(*e, 0) for e in support] for support in supports] + [[(0, 0, 3)]]
    middle = [[(a, 0, b) for a, b in supports[0]], [(0, 3, 0)], [(a, 0, b) for a, b in supports[1]]]
    count = root_count(supports, [3, 2])[0]
    assert root_count(three, [3, 2, 3]) == (14 * count, True)
    assert root_count(middle, [3, 3, 2]) == (14 * count, True)


def test_total_degree_on_three_spheres_is_symmetric_and_fills_the_orthant():
    support = [e for e in itertools.product(range(5), repeat=3) if sum(e) == 4]
    supports = [[e for e in support if e[s]] for s in range(3)]
    cones = linearity_cones(supports)
    volume = sum(abs(np.linalg.det(cone)) / np.prod(np.sum(cone, axis=1)) for cone in cones)
    assert volume == pytest.approx(1)  # sections of the cones by x + y + z = 1
    counts = {root_count(supports, sizes) for sizes in itertools.permutations([2, 3, 4])}
    assert len(counts) == 1


def test_a_count_that_takes_too_long_becomes_that_of_the_box(monkeypatch):
    supports = [[(2, 0, 0), (1, 2, 0)], [(0, 3, 0), (2, 1, 0)], [(0, 0, 2)]]
    count, sharp = root_count(supports, [2, 2, 2])
    monkeypatch.setattr(module, "LARGEST_COST", 1)
    bound = root_count([[(2, 2, 0)], [(2, 3, 0)], [(0, 0, 2)]], [2, 2, 2])[0]
    assert sharp and root_count(supports, [2, 2, 2]) == (bound, False) and count < bound


def test_wrong_arguments_are_told():
    with pytest.raises(ValueError, match=r"supports\[0\]: expected multidegrees .* entry 0 is at least 1"):
        root_count([[(0, 2)], [(0, 2)]], [2, 2])
    with pytest.raises(ValueError, match=r"supports\[1\]: expected multidegrees"):
        root_count([[(1, 2)], []], [2, 2])
    with pytest.raises(ValueError, match=r"supports: expected one per sphere \(2\), got 1"):
        root_count([[(1, 2)]], [2, 2])
    with pytest.raises(ValueError, match="sizes"):
        root_count([[(2,)]], [0])
