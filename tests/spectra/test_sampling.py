"""Random block matrices: their covariances, their symmetry, their seeds and their sizes."""

import numpy as np
import pytest

from spinglass.running.streams import generator
from spinglass.spectra.sampling import block_sizes, sample_blocks

VARIANCE = np.array([[1.0, 2.0], [0.5, 3.0]])
COVARIANCE = np.array([[1.0, -0.6], [-0.6, 0.9]])  # first block symmetric, second correlated 0.3


def entries(draws=4000):
    """Return draws of a 5 x 5 matrix of blocks of 2 and 3, without shifts, times sqrt(n)."""
    rng = generator(7)
    return np.sqrt(5) * np.array([sample_blocks(VARIANCE, COVARIANCE, [0, 0], [2, 3], 5, rng) for _ in range(draws)])


def test_every_pair_of_entries_has_the_covariance_of_the_profile():
    matrices = entries()
    species = np.array([0, 0, 1, 1, 1])
    flat = matrices.reshape(len(matrices), 25)
    expected = np.zeros((25, 25))
    for i in range(5):
        for j in range(5):
            v, tau = VARIANCE[species[i], species[j]], COVARIANCE[species[i], species[j]]
            expected[5 * i + j, 5 * i + j] += v
            expected[5 * i + j, 5 * j + i] += tau  # on the diagonal both: variance v + tau
    size = np.diag(expected)
    deviation = np.sqrt((np.outer(size, size) + expected**2) / len(flat))
    z = (flat.T @ flat / len(flat) - expected) / deviation
    assert np.abs(z).max() < 4.5  # 625 numbers
    assert np.abs(flat.mean(0) / np.sqrt(size / len(flat))).max() < 4


def test_full_covariance_gives_an_exactly_symmetric_matrix():
    v = np.random.default_rng(1).uniform(0.1, 2, (3, 3))
    v = v + v.T
    matrix = sample_blocks(v, v, [1, 2, 3], [5, 7, 9], 21, rng=3)
    np.testing.assert_array_equal(matrix, matrix.T)
    signs = np.array([1, -1, 1])
    mirrored = sample_blocks(v, v * np.outer(signs, signs), [0, 0, 0], [5, 7, 9], 21, rng=3)
    rows = np.repeat(signs, [5, 7, 9])
    np.testing.assert_array_equal(rows[:, None] * mirrored, (rows[:, None] * mirrored).T)


def test_shifts_stand_on_the_diagonal_of_their_blocks():
    v = np.array([[0.0, 1.0], [1.0, 0.0]])
    np.testing.assert_array_equal(np.diag(sample_blocks(v, v, [2, -3], [2, 3], 5, rng=1)), [2, 2, -3, -3, -3])


def test_a_seed_fixes_the_matrix():
    def draw(rng):
        return sample_blocks(VARIANCE, COVARIANCE, [0, 0], [2, 3], 5, rng)

    np.testing.assert_array_equal(draw(4), draw(np.random.SeedSequence(4)))
    np.testing.assert_array_equal(draw(4), draw(np.random.default_rng(4)))
    assert np.all(draw(4) != draw(5))
    assert np.all(draw(None) != draw(None))


@pytest.mark.parametrize(
    ("fractions", "n", "least", "expected"),
    [
        ([0.5, 0.5], 5, 1, [3, 2]),
        ([0.2, 0.3, 0.5], 9, 1, [2, 3, 4]),
        ([1 - 1e-6, 1e-6], 10, 1, [9, 1]),
        ([0.98, 0.01, 0.01], 10, 2, [6, 2, 2]),
        ([1.0], 4, 1, [4]),
    ],
)
def test_block_sizes(fractions, n, least, expected):
    assert block_sizes(fractions, n, least).tolist() == expected


def test_block_sizes_are_within_one_of_their_share_where_nothing_is_tiny():
    rng = np.random.default_rng(2)
    for _ in range(100):
        k = rng.dirichlet([5, 5, 5, 5])
        sizes = block_sizes(k, 200)
        assert sizes.sum() == 200
        assert np.all(np.abs(sizes - 200 * k) < 1)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: generator("a"), TypeError, "rng: expected an int"),
        (lambda: generator(True), TypeError, "rng: expected an int"),
        (lambda: generator(-1), ValueError, "non-negative"),
        (lambda: block_sizes([0.5, 0.5], 1), ValueError, "n: expected at least 2"),
        (lambda: block_sizes([0.5, 0.5], 2.5), TypeError, "n: expected an int"),
        (lambda: sample_blocks([[1.0]], [[1.5]], [0], [2], 2, 1), ValueError, "tau_st"),
        (lambda: sample_blocks([[-1.0]], [[0]], [0], [2], 2, 1), ValueError, "non-negative"),
        (lambda: sample_blocks([[1.0]], [[1.0]], [0], [0], 2, 1), ValueError, "at least one row"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
