"""Block Jacobians: a plain numpy twin on the same stream, dense eigenvalues, and the covariances of the profile.

Statistics are z-scores with fixed seeds; |z| < 4 is asked of each, 4.5 of the largest of 625.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from spinglass.montecarlo.blocks import jacobian, jacobian_many
from spinglass.montecarlo.tridiagonal import goe_scan_many

LEVEL = 4.0

V3 = np.array([[1.0, 0.5, 2.0], [0.5, 0.0, 0.3], [2.0, 0.3, 1.5]])
ONE = np.array([[2.0]])
SIGNS = np.array([1, -1, 1])
GENERAL_V = np.array([[1.0, 0.6, 2.0], [0.9, 1.3, 0.3], [2.0, 0.8, 0.7]])
GENERAL_TAU = np.array([[1.0, 0.2, 2.0], [0.2, 1.3, -0.4], [2.0, -0.4, 0.7]])
ONE_SIDED_V = np.array([[1.0, 0.0], [0.8, 1.0]])

#: sizes, variance, covariance, signs, players
GAMES = {
    "one sphere": ([40], ONE, ONE, [1], [0]),
    "one sphere of dimension 1": ([1], ONE, ONE, [1], [0]),
    "one sphere of dimension 0": ([0], ONE, ONE, [1], [0]),
    "one player, signs not given": ([40], ONE, ONE, [0], [0]),
    "one player, three species": ([12, 9, 20], V3, V3, [1, 1, 1], [0, 0, 0]),
    "zero-sum": ([30, 25], V3[:2, :2], V3[:2, :2] * [[1, -1], [-1, 1]], [1, -1], [0, 1]),
    "zero-sum, first flipped": ([30, 25], V3[:2, :2], V3[:2, :2] * [[1, -1], [-1, 1]], [-1, 1], [0, 1]),
    "shared species, signs": ([12, 9, 20], V3, V3 * np.outer(SIGNS, SIGNS), SIGNS, [0, 1, 0]),
    "shared species, general": ([12, 9, 20], GENERAL_V, GENERAL_TAU, [0, 0, 0], [0, 1, 0]),
    "three players": ([12, 9, 20], GENERAL_V, GENERAL_TAU, [0, 0, 0], [2, 0, 1]),
    "small and empty blocks": ([1, 0, 2], GENERAL_V, GENERAL_TAU, [0, 0, 0], [0, 1, 2]),
    "one side only": ([7, 8], ONE_SIDED_V, np.eye(2), [0, 0], [0, 1]),
    "blocked LAPACK": ([150, 100], V3[::2, ::2], V3[::2, ::2], [1, 1], [0, 0]),
}


@pytest.fixture(autouse=True, scope="module")
def one_blas_thread():
    with threadpool_limits(1):
        yield


def scan(seed, n, points):
    counts, logs = np.zeros(points.shape, dtype=int), np.zeros(points.shape)
    goe_scan_many(np.random.default_rng(seed), n, points, counts, logs)
    return counts, logs


def plain_jacobian(rng, sizes, variance, covariance, shifts):
    species = np.repeat(np.arange(len(sizes)), sizes)
    matrix = np.diag(np.asarray(shifts, dtype=float)[species])
    for i, s in enumerate(species):
        if variance[s][s]:
            matrix[i, i] += np.sqrt(2 * variance[s][s]) * rng.standard_normal()
        for j in range(i + 1, len(species)):
            t = species[j]
            law = np.array([[variance[s][t], covariance[s][t]], [covariance[s][t], variance[t][s]]])
            if law[0, 0]:
                x = rng.standard_normal()
                matrix[i, j] = np.sqrt(law[0, 0]) * x
                matrix[j, i] = law[0, 1] / np.sqrt(law[0, 0]) * x
                law[1, 1] -= law[0, 1] ** 2 / law[0, 0]
            if law[1, 1] > 1e-12 * variance[t][s]:
                matrix[j, i] += np.sqrt(law[1, 1]) * rng.standard_normal()
    return matrix


def reduce_game(name, m, seed=4, scale=3.0):
    sizes, v, tau, signs, players = GAMES[name]
    shifts = scale * np.random.default_rng(seed + 1).normal(size=(m, len(sizes)))
    logs, dets, inertia = np.full(m, np.nan), np.zeros(m, np.int8), np.full((m, max(players) + 1), -7)
    rng = np.random.default_rng(seed)
    jacobian_many(rng, np.array(sizes), v, tau, np.array(signs), shifts, np.array(players), logs, dets, inertia)
    return shifts, logs, dets, inertia


@pytest.mark.parametrize("name", GAMES)
def test_log_determinant_sign_and_inertia_against_eigenvalues(name):
    sizes, v, tau, _, players = GAMES[name]
    shifts, logs, dets, inertia = reduce_game(name, 30)
    rng = np.random.default_rng(4)
    owner = np.repeat(players, sizes)
    assert len(logs) == 30 and inertia.shape == (30, max(players) + 1)
    for d, log, det, negative in zip(shifts, logs, dets, inertia, strict=True):
        matrix = jacobian(rng, np.array(sizes), v, tau, d)
        sign, exact = np.linalg.slogdet(matrix)
        assert det == sign
        assert log == pytest.approx(exact, abs=1e-9)
        for a in range(max(players) + 1):
            own = matrix[np.ix_(owner == a, owner == a)]
            np.testing.assert_array_equal(own, own.T)
            assert negative[a] == (np.linalg.eigvalsh(own) < 0).sum()


@pytest.mark.parametrize("name", [name for name in GAMES if name != "blocked LAPACK"])
def test_jacobian_is_the_plain_twin_on_the_same_stream(name):
    sizes, v, tau, *_ = GAMES[name]
    shifts = np.arange(1.0, len(sizes) + 1)
    ours, plain = np.random.default_rng(6), np.random.default_rng(6)
    for _ in range(3):
        matrix = jacobian(ours, np.array(sizes), v, tau, shifts)
        np.testing.assert_allclose(matrix, plain_jacobian(plain, sizes, v, tau, shifts), rtol=0, atol=1e-13)
    assert ours.random() == plain.random()  # not one variate more


def test_signs_give_an_exactly_symmetric_matrix_also_after_rounding():
    v = np.random.default_rng(1).uniform(0.1, 2, (3, 3))
    v = v + v.T
    matrix = jacobian(np.random.default_rng(1), np.array([5, 7, 9]), v, v * np.outer(SIGNS, SIGNS), np.ones(3))
    symmetric = np.repeat(SIGNS, [5, 7, 9])[:, None] * matrix
    np.testing.assert_array_equal(symmetric, symmetric.T)


def test_every_pair_of_entries_has_the_covariance_of_the_profile():
    species, draws, rng = np.array([0, 0, 1, 1, 2]), 20000, np.random.default_rng(7)
    sizes = np.array([2, 2, 1])
    flat = np.array([jacobian(rng, sizes, GENERAL_V, GENERAL_TAU, np.zeros(3)).ravel() for _ in range(draws)])
    expected = np.zeros((25, 25))
    for i, s in enumerate(species):
        for j, t in enumerate(species):
            expected[5 * i + j, 5 * i + j] += GENERAL_V[s, t]
            expected[5 * i + j, 5 * j + i] += GENERAL_TAU[s, t]  # on the diagonal both: the variance doubles
    size = np.diag(expected)
    deviation = np.sqrt((np.outer(size, size) + expected**2) / draws)
    assert np.abs((flat.T @ flat / draws - expected) / deviation).max() < LEVEL + 0.5  # 625 numbers
    assert np.abs(flat.mean(0) / np.sqrt(size / draws)).max() < LEVEL


def test_jacobian_and_tridiagonal_kernel_have_one_law():
    n, m, x = 6, 40000, 0.9
    shifts = np.full((m, 1), -np.sqrt(2) * x)
    logs, dets, inertia = np.zeros(m), np.zeros(m, np.int8), np.zeros((m, 1), np.int64)
    jacobian_many(np.random.default_rng(8), [n], ONE, ONE, [1], shifts, [0], logs, dets, inertia)
    counts, values = scan(9, n, np.full((m, 1), x))
    for ours, other in [(inertia[:, 0], counts[:, 0]), (logs - n * np.log(2) / 2, values[:, 0])]:
        assert abs(ours.mean() - other.mean()) < LEVEL * np.sqrt((ours.var() + other.var()) / m)
    np.testing.assert_array_equal(dets, (-1) ** inertia[:, 0])


def test_a_singular_matrix_has_logarithm_minus_infinity_and_sign_zero():
    zero, groups = np.zeros((2, 2)), np.array([0, 1])
    for signs in ([1, -1], [0, 0]):
        logs, dets, inertia = np.ones(2), np.ones(2, np.int8), np.ones((2, 2), np.int64)
        shifts = np.array([[0.0, -1.0], [-2.0, -1.0]])
        jacobian_many(np.random.default_rng(1), [2, 3], zero, zero, signs, shifts, groups, logs, dets, inertia)
        assert logs.tolist() == [-np.inf, pytest.approx(2 * np.log(2))]
        assert dets.tolist() == [0, -1]
        assert inertia.tolist() == [[0, 3], [2, 3]]


def test_large_jacobians_do_not_overflow():
    logs, dets, inertia = np.zeros(1), np.zeros(1, np.int8), np.zeros((1, 1), np.int64)
    shifts = np.full((1, 1), 1e3)
    jacobian_many(np.random.default_rng(1), [1000], ONE, ONE, [1], shifts, [0], logs, dets, inertia)
    assert dets[0] == 1 and inertia[0, 0] == 0 and abs(logs[0] - 1000 * np.log(1e3)) < 10


def test_threads_give_the_same_numbers():
    def one(seed):
        return (*reduce_game("zero-sum", 10, seed)[1:], *scan(seed, 50, np.zeros((20, 1))))

    with ThreadPoolExecutor(4) as pool:
        threaded = [part for parts in pool.map(one, range(8)) for part in parts]
    serial = [part for seed in range(8) for part in one(seed)]
    assert len(threaded) == len(serial) == 40 and all(part.size >= 10 for part in serial)
    for x, y in zip(threaded, serial, strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("name", ["shared species, signs", "shared species, general", "one side only"])
@pytest.mark.parametrize("unit", [2.0**-400, 2.0**400])
def test_determinants_do_not_depend_on_units(name, unit):
    sizes, v, tau, signs, players = GAMES[name]
    logs, dets, inertia = np.zeros((2, 5)), np.zeros((2, 5), np.int8), np.zeros((2, 5, max(players) + 1), np.int64)
    for i, size in enumerate((1.0, unit)):
        scales, rng = (size**2 * v, size**2 * tau), np.random.default_rng(1)
        jacobian_many(
            rng, sizes, *scales, signs, size * np.ones((5, len(sizes))), players, logs[i], dets[i], inertia[i]
        )
    np.testing.assert_allclose(logs[1] - sum(sizes) * np.log(unit), logs[0], rtol=0, atol=1e-10)
    assert (dets[0] == dets[1]).all() and (inertia[0] == inertia[1]).all()
