"""What do the count and log|det| of a GOE matrix cost beyond its variates, and a block Jacobian beyond dsytrf?"""

import numpy as np
import pytest
from numba import njit
from scipy.linalg import eigvalsh_tridiagonal
from scipy.linalg.lapack import dgetrf, dsytrf, dsytrf_lwork
from threadpoolctl import threadpool_limits

from spinglass.montecarlo.blocks import jacobian, jacobian_many
from spinglass.montecarlo.tridiagonal import chi_square, chi_square_constants, goe_scan_many, goe_tridiagonal

DRAWS, DENSE = 10_000, 500
FASTER, VARIATES = 100, 2.0
SIZE, MATRICES = 200, 50
FACTORS, LINEAR = 1.5, 1.2


@pytest.fixture(autouse=True)
def one_blas_thread():
    with threadpool_limits(1):
        yield


@njit(nogil=True)
def library_variates(rng, n, m):
    """Draw the variates of m tridiagonal matrices by the library's functions, and drop them."""
    total = 0.0
    for _ in range(m):
        for degrees in range(n - 1, -1, -1):
            total += rng.standard_normal()
            if degrees:
                total += rng.standard_gamma(0.5 * degrees)
    return total


@njit(nogil=True)
def own_variates(rng, n, m):
    """Draw them as the kernel does."""
    total, constants = 0.0, chi_square_constants(n)
    for _ in range(m):
        for degrees in range(n - 1, -1, -1):
            total += rng.standard_normal()
            if degrees:
                total += chi_square(rng, degrees, constants)
    return total


@njit(nogil=True)
def normals(rng, out):
    """Fill an array with normals."""
    for i in range(len(out)):
        out[i] = rng.standard_normal()


def scan(n, m, seed=1):
    points, counts, logs = np.full((m, 1), 0.3 * np.sqrt(n)), np.zeros((m, 1), np.int64), np.zeros((m, 1))
    goe_scan_many(np.random.default_rng(seed), n, points, counts, logs)
    return counts[:, 0], logs[:, 0]


def goe_table(n, m, rng):
    """Return dense GOE matrices."""
    noise = rng.standard_normal((m, n, n))
    return (noise + noise.transpose(0, 2, 1)) / np.sqrt(2)


def assert_equal_to_dense(n, m):
    rng, counts, logs = np.random.default_rng(1), *scan(n, m)
    pairs = (goe_tridiagonal(rng, n) for _ in range(m))
    matrices = np.array([np.diag(a) + np.diag(b, 1) + np.diag(b, -1) for a, b in pairs])
    distances = np.linalg.eigvalsh(matrices) - 0.3 * np.sqrt(n)
    np.testing.assert_array_equal(counts, (distances < 0).sum(1))
    np.testing.assert_allclose(logs, np.log(abs(distances)).sum(1), rtol=0, atol=1e-9)


def test_scan_against_eigenvalues(race, report):
    assert_equal_to_dense(100, 100)
    matrices = goe_table(100, DENSE, np.random.default_rng(1))
    ours, dense = race(lambda: scan(100, DRAWS), lambda: np.linalg.eigvalsh(matrices), rounds=9)
    report(
        question="GOE n=100, count and log|det|",
        size=f"{DRAWS} draws, each",
        ours=ours / DRAWS,
        baseline=dense / DENSE,
        against=f"eigvalsh of {DENSE}, drawn before",
        least=FASTER,
    )


def test_scan_against_scipy_tridiagonal(race, report):
    """The same tridiagonal matrices, drawn before, by LAPACK's routine for eigenvalues only."""
    assert_equal_to_dense(100, 10)
    rng = np.random.default_rng(1)
    pairs = [goe_tridiagonal(rng, 100) for _ in range(DENSE)]
    ours, tridiagonal = race(lambda: scan(100, DRAWS), lambda: [eigvalsh_tridiagonal(*p) for p in pairs], rounds=9)
    report(
        question="GOE n=100, count and log|det|",
        size=f"{DRAWS} draws, each",
        ours=ours / DRAWS,
        baseline=tridiagonal / DENSE,
        against=f"scipy eigvalsh_tridiagonal of {DENSE}, drawn before",
    )


@pytest.mark.parametrize("draw", [library_variates, own_variates])
def test_scan_against_its_variates(race, report, draw):
    assert_equal_to_dense(100, 10)
    rng = np.random.default_rng(1)
    ours, variates = race(lambda: scan(100, DRAWS), lambda: draw(rng, 100, DRAWS), rounds=15)
    report(
        question="GOE n=100, count and log|det|",
        size=f"{DRAWS} draws, each",
        ours=ours / DRAWS,
        baseline=variates / DRAWS,
        against="its " + draw.__name__.replace("_", " ") + " alone",
        least=1 / VARIATES,
    )


@pytest.mark.parametrize("n", [1000, 2000])
def test_scan_is_linear_in_the_size(race, report, n):
    assert_equal_to_dense(n, 2)
    ours, half = race(lambda: scan(n, 1000), lambda: scan(n // 2, 2000), rounds=9)
    report(
        question=f"GOE n={n}, time per row",
        size="1000 draws, a row",
        ours=ours / (1000 * n),
        baseline=half / (1000 * n),
        against=f"n={n // 2}, per row",
        least=1 / LINEAR,
    )


# --- block Jacobians: name, sizes, variance, covariance, signs, players ----------------------------------------------

V = np.array([[3.0, 1.0], [1.0, 2.0]])
GAMES = {
    "one sphere": ([SIZE], V[:1, :1], V[:1, :1], [1], [0]),
    "one player, two spheres": ([120, 80], V, V, [1, 1], [0, 0]),
    "zero-sum": ([120, 80], V, V * [[1, -1], [-1, 1]], [1, -1], [0, 1]),
    "general sum": ([120, 80], V, V * [[1, 0.4], [0.4, 1]], [0, 0], [0, 1]),
}


def reduce_game(name, m=MATRICES):
    sizes, v, tau, signs, players = GAMES[name]
    shifts = np.full((m, len(sizes)), 0.5)
    logs, dets, inertia = np.zeros(m), np.zeros(m, np.int8), np.zeros((m, max(players) + 1), np.int64)
    jacobian_many(np.random.default_rng(1), sizes, v, tau, signs, shifts, players, logs, dets, inertia)
    return logs, dets, inertia


def matrices_of(name, count):
    """Return for each draw the matrices that have to be factored: eps J, or J, and the players' own blocks."""
    sizes, v, tau, signs, players = GAMES[name]
    rng, owner, jobs = np.random.default_rng(1), np.repeat(players, sizes), []
    rows = np.repeat(signs, sizes)[:, None] if all(signs) else 1
    for _ in range(count):
        matrix = jacobian(rng, np.array(sizes), v, tau, np.full(len(sizes), 0.5))
        own = [matrix[np.ix_(owner == a, owner == a)] for a in set(players)] if len(set(players)) > 1 else []
        jobs.append([np.asfortranarray(x) for x in [rows * matrix, *own]])
    return jobs


def bare_factorisations(name, jobs):
    """Return a function that draws and factors, every time fresh matrices, overwriting them."""
    symmetric, work = all(GAMES[name][3]), int(dsytrf_lwork(SIZE, lower=1)[0])
    # one normal for a symmetric pair of entries, two for a pair of the block that is not fully correlated
    variates = np.empty(SIZE * (SIZE + 1) // 2 + (0 if symmetric else int(np.prod(GAMES[name][0]))))
    rng, fresh = np.random.default_rng(1), iter(jobs)

    def run():
        for _ in range(MATRICES):
            normals(rng, variates)
            whole, *own = next(fresh)
            if symmetric:
                dsytrf(whole, lower=1, lwork=work, overwrite_a=1)
            else:
                dgetrf(whole, overwrite_a=1)
            for block in own:
                dsytrf(block, lower=1, lwork=work, overwrite_a=1)

    return run


@pytest.mark.parametrize("name", GAMES)
def test_block_jacobian(race, report, name):
    rounds = 9
    jobs = matrices_of(name, (rounds + 5) * MATRICES)
    logs, _, inertia = reduce_game(name)
    np.testing.assert_allclose(logs, [np.linalg.slogdet(x[0])[1] for x in jobs[:MATRICES]], rtol=0, atol=1e-9)
    negative = [[(np.linalg.eigvalsh(x) < 0).sum() for x in (job[1:] or job)] for job in jobs[:MATRICES]]
    np.testing.assert_array_equal(inertia, negative)
    ours, bare = race(lambda: reduce_game(name), bare_factorisations(name, jobs), rounds=rounds)
    report(
        question=f"Jacobian n={SIZE}, {name}",
        size=f"{MATRICES} draws, each",
        ours=ours / MATRICES,
        baseline=bare / MATRICES,
        against="normals and bare LAPACK, same matrices",
        least=1 / FACTORS,
    )
