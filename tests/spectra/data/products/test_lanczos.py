"""Spectra from matrix-vector products, against eigenvalues of dense matrices and against laws in closed form."""

import threading
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from scipy import sparse
from scipy.linalg import eigh_tridiagonal
from scipy.sparse.linalg import LinearOperator
from scipy.special import gammaln
from scipy.stats import norm

import spinglass as sg
from spinglass.networks import Network
from spinglass.networks.perceptron import parameter_count, random_parameters
from spinglass.running.streams import Streams
from spinglass.spectra.data.products.lanczos import _Probes
from spinglass.spectra.data.products.operators import symmetric_operator
from spinglass.spectra.data.products.quadrature import gauss
from spinglass.spectra.data.products.recurrence import tridiagonal


def symmetric(n, seed, outliers=()):
    """Return a Wishart plus a Wigner matrix with outliers, and its eigenvalues."""
    law = sg.spectra.MarchenkoPastur(0.5) + sg.spectra.Semicircle(0.1)
    matrix, rng = law.sample(n, rng=seed), np.random.default_rng(seed)
    for size in outliers:
        u = rng.standard_normal(n)
        matrix = matrix + size * np.outer(u, u) / (u @ u)
    return matrix, np.linalg.eigvalsh(matrix)


@pytest.fixture(scope="module")
def bulk():
    return symmetric(400, 1)


@pytest.fixture(scope="module")
def spiked():
    return symmetric(300, 2, (9.0, 20.0))


def ring(n):
    """Return the adjacency of a ring, whose eigenvalues are 2 cos(2 pi j/n)."""
    return LinearOperator((n, n), matvec=lambda v: np.roll(v, 1) + np.roll(v, -1), dtype=float)


# -- one probe -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reorthogonalise", [True, False])
def test_a_rule_is_exact_to_twice_its_steps(bulk, reorthogonalise):
    matrix, eigenvalues = bulk
    operator, _ = symmetric_operator(matrix)
    v = np.random.default_rng(3).standard_normal(len(matrix))
    v /= np.linalg.norm(v)
    seen = (np.linalg.eigh(matrix)[1].T @ v) ** 2
    steps, scale = 4, np.abs(eigenvalues).max()
    rule = gauss(*tridiagonal(operator, v, steps, reorthogonalise))

    def off(k):
        return abs(rule.mean(lambda x: (x / scale) ** k) - seen @ (eigenvalues / scale) ** k)

    assert max(off(k) for k in range(2 * steps)) < 1e-14
    assert off(2 * steps) > 1e-9


def test_all_steps_give_all_eigenvalues_with_the_weights_of_the_vector():
    matrix, eigenvalues = symmetric(60, 4)
    operator, _ = symmetric_operator(matrix)
    v = np.full(60, 60**-0.5)
    rule = gauss(*tridiagonal(operator, v, 60, True))
    np.testing.assert_allclose(rule.nodes, eigenvalues, atol=1e-13)
    np.testing.assert_allclose(rule.weights, (np.linalg.eigh(matrix)[1].T @ v) ** 2, atol=1e-12)
    assert rule.closed and not rule.residuals.any()


def test_residuals_bound_the_distance_to_an_eigenvalue(spiked):
    matrix, eigenvalues = spiked
    found = sg.spectra.lanczos(matrix, probes=3, steps=40, rng=1)
    for rule in found.rules:
        off = np.abs(rule.nodes[:, None] - eigenvalues).min(axis=1)
        assert np.all(off <= rule.residuals + 1e-13)
        assert rule.residuals.min() < 1e-9 < rule.residuals.max()  # outliers have converged, the bulk has not


def test_probes_are_vectors_of_their_kind():
    operator, _ = symmetric_operator(np.eye(1000))
    signs = _Probes(operator, 1, "rademacher", True)._vector(Streams(1)(0))
    sphere = _Probes(operator, 1, "sphere", True)._vector(Streams(1)(0))
    assert set(np.round(signs * 1000**0.5, 12)) == {-1.0, 1.0} and abs(signs.sum()) < 4
    assert abs(sphere @ sphere - 1) < 1e-13 and len(set(sphere)) == 1000


# -- means and their errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["rademacher", "sphere"])
def test_errors_are_those_that_seeds_show(bulk, kind):
    matrix, eigenvalues = bulk
    seeds, probes, orders = 60, 10, (1, 2, 3, 6)
    found = [sg.spectra.lanczos(matrix, probes, 6, rng=seed, kind=kind) for seed in range(seeds)]
    truth = [np.mean(eigenvalues**k) for k in orders]
    z = np.array([[(f.moment(k) - x) / f.moment_error(k) for k, x in zip(orders, truth, strict=True)] for f in found])
    u = norm.cdf(z)
    assert np.all(np.abs(u.mean(axis=0) - 0.5) < 4 / np.sqrt(12 * seeds))
    assert np.all(np.abs((np.abs(u - 0.5) < 0.25).mean(axis=0) - 0.5) < 4 * 0.5 / np.sqrt(seeds))


def test_the_error_of_vectors_on_the_sphere_is_the_one_in_closed_form(bulk):
    matrix, eigenvalues = bulk
    found = sg.spectra.lanczos(matrix, 300, 4, rng=5, kind="sphere")
    exact = np.sqrt(2 / (len(matrix) + 2) * np.var(eigenvalues**2) / 300)
    scatter = np.std([rule.mean(np.square) for rule in found.rules], ddof=1) / 300**0.5
    assert abs(scatter / exact - 1) < 4 / np.sqrt(2 * 300)  # of the values of a normal law
    assert found.moment_error(2) == pytest.approx(exact, rel=0.02)


def test_signs_have_no_error_on_a_diagonal():
    diagonal = np.random.default_rng(6).standard_normal(500)
    found = sg.spectra.lanczos(sparse.diags_array(diagonal), 4, 20, rng=1)
    for k in range(1, 9):
        assert (
            abs(found.moment(k) - np.mean(diagonal**k))
            < 20 * found.moment_error(k)
            < 1e-11 * np.mean(np.abs(diagonal) ** k)
        )


def test_traces_of_functions(bulk):
    matrix, eigenvalues = bulk
    found = sg.spectra.lanczos(matrix, 40, 60, rng=2)

    def log(x):
        return np.log(x + 2.0)

    assert abs(found.trace(log) - np.linalg.slogdet(matrix + 2 * np.eye(len(matrix)))[1]) < 4 * found.trace_error(log)
    assert found.trace_error(log) < 0.02 * abs(found.trace(log))
    assert found.trace(log) == len(matrix) * found.mean(log)
    rough = sg.spectra.lanczos(matrix, 40, 3, rng=2)  # three steps do not see a cosine of many waves
    assert abs(rough.mean(lambda x: np.cos(9 * x)) - np.mean(np.cos(9 * eigenvalues))) < 4 * rough.mean_error(
        lambda x: np.cos(9 * x)
    )


def test_the_smoothed_density_is_that_of_the_eigenvalues(bulk):
    matrix, eigenvalues = bulk
    found = sg.spectra.lanczos(matrix, 30, 60, rng=3)
    x, w = np.linspace(-1.5, 4, 45), found.width
    assert 0.6 < w / (np.ptp(eigenvalues) / 60) < 1.5
    smooth = np.exp(-0.5 * ((x[:, None] - eigenvalues) / w) ** 2).mean(axis=1) / np.sqrt(2 * np.pi) / w
    z = (found.density(x) - smooth) / (found.density_error(x) + 1e-12)
    assert np.abs(z).max() < 4.5 and np.sqrt(np.mean(z[smooth > 1e-3] ** 2)) < 1.6
    grid = np.linspace(-3, 6, 4000)
    assert abs(np.sum(found.density(grid)) * (grid[1] - grid[0]) - 1) < 1e-9


def test_errors_of_all_steps_are_those_of_all_eigenvalues():
    matrix, eigenvalues = symmetric(30, 5, (9.0,))
    found = sg.spectra.lanczos(matrix, 150, 30, rng=2, kind="sphere")

    def exact(values):
        return np.sqrt(2 * np.var(values, axis=-1) / 32 / 150)

    assert found.mean_error(np.cos) == pytest.approx(exact(np.cos(eigenvalues)), rel=1e-9)
    assert found.moment_error(5) == pytest.approx(exact(eigenvalues**5), rel=1e-9)
    x = np.linspace(-1, 10, 23)[:, None]
    bumps = np.exp(-0.5 * ((x - eigenvalues) / 0.2) ** 2) / np.sqrt(2 * np.pi) / 0.2
    np.testing.assert_allclose(found.density_error(x.ravel(), 0.2), exact(bumps), atol=1e-10)
    np.testing.assert_allclose(found.cdf_error(x.ravel()), exact(eigenvalues <= x), atol=1e-9)  # roots of rounding


def test_the_distribution_function_is_within_its_error(spiked):
    matrix, eigenvalues = spiked
    found = sg.spectra.lanczos(matrix, 20, 40, rng=4)
    x = np.linspace(-2, 25, 200)
    truth = np.mean(eigenvalues <= x[:, None], axis=1)
    assert np.mean(np.abs(found.cdf(x) - truth) <= found.cdf_error(x)) > 0.9
    assert np.all(np.abs(found.cdf(x) - truth) <= 3 * found.cdf_error(x))
    assert found.cdf(30.0) == pytest.approx(1.0, abs=1e-13) and found.cdf(-9.0) == 0.0
    assert np.all(np.diff(found.cdf(x)) >= 0) and found.cdf(x.reshape(2, 100)).shape == (2, 100)


def test_inequalities_bound_the_measure_of_a_probe(bulk):
    matrix, eigenvalues = bulk
    vectors = np.linalg.eigh(matrix)[1]
    found = sg.spectra.lanczos(matrix, 2, 25, rng=6)
    task = _Probes(symmetric_operator(matrix)[0], 25, "rademacher", True)
    x = np.linspace(eigenvalues[0] - 0.1, eigenvalues[-1] + 0.1, 333)
    for i, rule in enumerate(found.rules):
        measure = (eigenvalues <= x[:, None]) @ (vectors.T @ task._vector(Streams(6)(i))) ** 2
        below, _, above = found._sums(rule, x)
        assert np.all(below <= measure + 1e-12) and np.all(measure <= above + 1e-12)


@pytest.mark.parametrize("reorthogonalise", [True, False])
def test_nodes_and_weights_are_one_rule_for_all_probes(spiked, reorthogonalise):
    matrix, eigenvalues = spiked
    found = sg.spectra.lanczos(matrix, 5, 30, rng=5, reorthogonalise=reorthogonalise)
    assert found.nodes.shape == found.weights.shape and 25 <= found.nodes.size <= 30
    assert np.diff(found.nodes).min() > 1e-3 and found.weights.min() > 0  # without ghosts
    scale = np.abs(eigenvalues).max()
    for k in range(60):
        assert abs(found.weights @ (found.nodes / scale) ** k - found.moment(k) / scale**k) < 1e-13


def test_nodes_and_weights_make_a_law():
    matrix, eigenvalues = symmetric(1000, 1, (9.0,))
    found = sg.spectra.lanczos(matrix, 20, 60, rng=1)
    law = sg.spectra.Empirical(found)  # as of its nodes and weights
    assert law.mean == pytest.approx(found.moment(1)) and law.moment(2) == pytest.approx(found.moment(2))
    assert law.atoms[-1][0] == pytest.approx(eigenvalues[-1]) and 0.3 < 1000 * law.atoms[-1][1] < 2
    truth = sg.spectra.MarchenkoPastur(0.5) + sg.spectra.Semicircle(0.1)
    x = np.linspace(-0.3, 2.8, 30)
    assert np.abs(law.density(x) - truth.density(x)).max() < 0.06
    assert np.abs(law.support[[0, -1], [0, 1]] - truth.support[0]).max() < 0.1


# -- orthogonality, invariant subspaces ----------------------------------------------------------------------------


def test_ghosts_share_the_weight_of_an_eigenvalue(spiked):
    matrix, eigenvalues = spiked
    long = {"probes": 3, "steps": 120, "rng": 7}
    clean, ghosts = (sg.spectra.lanczos(matrix, reorthogonalise=how, **long) for how in (True, False))
    for one, other in zip(clean.rules, ghosts.rules, strict=True):
        near = np.abs(one.nodes - eigenvalues[-1]) < 1e-8, np.abs(other.nodes - eigenvalues[-1]) < 1e-8
        assert near[0].sum() == 1 and near[1].sum() >= 3
        assert one.weights[near[0]].sum() == pytest.approx(other.weights[near[1]].sum(), rel=1e-9)
    for k in (1, 2, 5, 20, 100):
        assert clean.moment(k) == pytest.approx(ghosts.moment(k), rel=1e-11)
    x = np.linspace(-2, 25, 101)
    assert np.all(np.abs(ghosts.cdf(x) - clean.cdf(x)) < 0.5 * clean.cdf_error(x) + 1e-9)
    np.testing.assert_allclose(ghosts.density(x, 0.1), clean.density(x, 0.1), atol=1e-4)
    assert abs(ghosts.extremes.top[0] - eigenvalues[-1]) < ghosts.extremes.top_error[0] < 1e-11


@pytest.mark.parametrize("reorthogonalise", [True, False])
@pytest.mark.parametrize(
    ("matrix", "steps"),
    [
        (np.eye(40), 1),
        (np.zeros((5, 5)), 1),
        (np.diag([2.0] * 30 + [-1.0] * 30), 2),
        (np.outer(np.arange(50.0), np.arange(50.0)), 2),
        (1e-100 * np.diag([1.0, 2.0, 3.0]), 3),
        ([[7]], 1),
    ],
)
def test_an_invariant_subspace_ends_a_probe(matrix, steps, reorthogonalise):
    found = sg.spectra.lanczos(matrix, 3, 30, rng=1, reorthogonalise=reorthogonalise)
    eigenvalues = np.linalg.eigvalsh(matrix)
    assert set(found.lengths) == {steps} and all(rule.closed for rule in found.rules)
    assert np.abs(found.nodes[:, None] - eigenvalues).min(axis=1).max() <= 1e-12 * np.abs(eigenvalues).max()
    assert abs(found.moment(50) - np.mean(eigenvalues**50)) <= 4 * found.moment_error(50)
    assert (
        abs(found.cdf(eigenvalues[0]) - np.mean(eigenvalues <= eigenvalues[0] + 1e-9)) <= 4 * found.cdf_error(0.0) + 1
    )
    assert found.extremes.top[0] == pytest.approx(eigenvalues[-1], abs=1e-12 * max(abs(eigenvalues)))
    assert found.width > 0 and np.isfinite(found.density(0.3))


def test_a_hessian_of_low_rank_has_its_atom():
    factor = np.random.default_rng(8).standard_normal((400, 30)) / 20
    found = sg.spectra.lanczos(LinearOperator((400, 400), matvec=lambda v: factor @ (factor.T @ v)), 40, 60, rng=1)
    assert np.all(found.lengths < 40)  # 31 but for rounding
    assert abs(found.cdf(1e-9) - 370 / 400) < 4 * found.cdf_error(1e-9) < 0.04
    assert found.moment(2) == pytest.approx(np.sum((factor.T @ factor) ** 2) / 400, abs=4 * found.moment_error(2))


# -- the ends ------------------------------------------------------------------------------------------------------


def test_ends_are_known_from_the_nodes(spiked):
    matrix, eigenvalues = spiked
    found = sg.spectra.lanczos(matrix, 4, 30, rng=2)
    bottom, bottom_error, top, top_error = found.extremes
    assert abs(top[0] - eigenvalues[-1]) <= top_error[0] < 1e-9
    assert np.abs(eigenvalues - bottom[0]).min() <= bottom_error[0] and bottom[0] >= eigenvalues[0] - 1e-12


@pytest.mark.parametrize("n", [30, 300])
def test_ends_are_those_of_the_dense_matrix(n):
    matrix, eigenvalues = symmetric(n, 9, (8.0,))
    for operator in (matrix, sparse.csr_array(matrix), LinearOperator((n, n), matvec=lambda v: matrix @ v)):
        found = sg.spectra.lanczos(operator, 2, 5, rng=3, extremes=4).extremes
        np.testing.assert_allclose(found.bottom, eigenvalues[:4], atol=1e-12)
        np.testing.assert_allclose(found.top, eigenvalues[::-1][:4], atol=1e-12)
        assert max(found.top_error.max(), found.bottom_error.max()) < 1e-11
        assert np.all(np.abs(found.top - eigenvalues[::-1][:4]) <= found.top_error)


def test_where_an_end_does_not_converge_the_nodes_stay(monkeypatch):
    monkeypatch.setattr("spinglass.spectra.data.products.extremes.RESTARTS", 1)
    eigenvalues = np.concatenate([np.linspace(0, 1, 4000) ** 4, [2.0, 3.0]])
    found = sg.spectra.lanczos(sparse.diags_array(eigenvalues), 3, 30, rng=1, extremes=2, kind="sphere").extremes
    assert len(found.bottom) == len(found.bottom_error) == 2 and found.bottom[0] < found.bottom[1]
    assert np.all(np.abs(eigenvalues - found.bottom[:, None]).min(axis=1) <= found.bottom_error)
    assert found.bottom_error.max() > 1e-8
    np.testing.assert_allclose(found.top, [3.0, 2.0], atol=1e-12)


# -- runs ----------------------------------------------------------------------------------------------------------


def same(one, other):
    return one.alpha.tobytes() == other.alpha.tobytes() and one.beta.tobytes() == other.beta.tobytes()


def test_any_executor_gives_the_same_bits(bulk):
    matrix, _ = bulk
    alone = sg.spectra.lanczos(LinearOperator(matrix.shape, matvec=lambda v: matrix @ v), 5, 20, rng=1)
    with ThreadPoolExecutor(3) as threads, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        for executor in (None, threads, processes):
            assert same(sg.spectra.lanczos(matrix, 5, 20, rng=1, executor=executor), alone)
    assert not same(sg.spectra.lanczos(matrix, 5, 20, rng=2), alone)
    more = sg.spectra.lanczos(matrix, 8, 20, rng=1)
    np.testing.assert_array_equal(more.alpha[:5], alone.alpha)


def test_a_function_that_cannot_be_sent_is_refused():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        with pytest.raises(TypeError, match=r"operator: expected one that can be sent .*; try a ThreadPoolExecutor"):
            sg.spectra.lanczos(ring(9), 2, 3, rng=1, executor=processes)


def test_a_run_that_was_stopped_goes_on(bulk, tmp_path):
    matrix, _ = bulk
    store, asked = tmp_path / "probes.db", 0
    patience = 2 + 3 * 20 + 7  # the test of symmetry, three probes, and a part of the fourth

    def product(v):
        nonlocal asked
        asked += 1
        if asked == patience:
            raise KeyboardInterrupt
        return matrix @ v

    operator = LinearOperator(matrix.shape, matvec=product, dtype=float)
    with pytest.raises(KeyboardInterrupt, match=r"stopped with 3 of 6 probes done; .* the same call goes on"):
        sg.spectra.lanczos(operator, 6, 20, rng=1, store=store)
    resumed = sg.spectra.lanczos(operator, 6, 20, store=store)
    assert asked == patience + 2 + 3 * 20 and resumed.seed == 1
    assert same(resumed, sg.spectra.lanczos(matrix, 6, 20, rng=1))
    with pytest.raises(ValueError, match=r"belongs to another run: expected .*operator.*give another path"):
        sg.spectra.lanczos(matrix + np.eye(len(matrix)), 6, 20, store=store)
    with pytest.raises(ValueError, match=r"belongs to another run: expected .*steps.*give another path"):
        sg.spectra.lanczos(matrix, 6, 21, store=store)


def test_functions_of_the_user_are_asked_by_one_thread():
    threads = set()

    def product(v):
        threads.add(threading.get_ident())
        return 2 * v

    sg.spectra.lanczos(LinearOperator((9, 9), matvec=product, dtype=float), 8, 2, rng=1)
    assert len(threads) == 1


def test_memory_is_three_vectors_and_flat_in_probes():
    n = 100_000

    def peak(probes, reorthogonalise):
        tracemalloc.start()
        sg.spectra.lanczos(ring(n), probes, 20, rng=1, reorthogonalise=reorthogonalise)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size / (8 * n)

    few, many, kept = peak(2, False), peak(8, False), peak(2, True)
    assert many < few + 0.5 < 12  # three vectors, and what the products need
    assert 20 < kept < 32


def test_a_large_ring_has_the_law_of_its_symbol():
    found = sg.spectra.lanczos(ring(200_000), 4, 24, rng=1, reorthogonalise=False)
    for k in range(1, 21):  # of 2 cos t: central binomials, and 0
        exact = np.exp(gammaln(k + 1) - 2 * gammaln(k / 2 + 1)) if k % 2 == 0 else 0.0
        assert abs(found.moment(k) - exact) < 4 * found.moment_error(k)
    x = np.linspace(-1.9, 1.9, 21)
    assert np.all(np.abs(found.cdf(x) - (1 - np.arccos(x / 2) / np.pi)) < found.cdf_error(x))


# -- operators of every kind ---------------------------------------------------------------------------------------


class OnlyMatrices(LinearOperator):
    """Knows products with matrices alone."""

    def __init__(self, matrix):
        super().__init__(matrix.dtype, matrix.shape)
        self.matrix = matrix

    def _matmat(self, other):
        return self.matrix @ other


class Bare:
    """Has a shape and products, and is no operator of scipy."""

    def __init__(self, matrix):
        self.matrix, self.shape = matrix, matrix.shape

    def matvec(self, v):
        return self.matrix @ v


class Foreign:
    """Becomes an operator of scipy when it is asked to."""

    def __init__(self, matrix):
        self.matrix = matrix

    def to_scipy(self):
        return OnlyMatrices(self.matrix)


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda m: m.tolist(),
        lambda m: LinearOperator(m.shape, matvec=lambda v: m @ v),  # claims int8, from a test vector
        lambda m: LinearOperator(m.shape, matvec=lambda v: m @ v, dtype=float),
        OnlyMatrices,
        Bare,
        Foreign,
        sparse.coo_array,
        sparse.csr_matrix,
        sparse.lil_array,
        np.asfortranarray,
    ],
)
def test_operators_of_every_kind(wrapped):
    matrix = symmetric(40, 3)[0]
    reference = sg.spectra.lanczos(matrix, 3, 10, rng=1)
    found = sg.spectra.lanczos(wrapped(matrix), 3, 10, rng=1)
    np.testing.assert_allclose(found.alpha, reference.alpha, rtol=1e-9)


def test_integers_are_numbers():
    adjacency = np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    for matrix in (adjacency, adjacency.astype(bool), sparse.csr_array(adjacency), adjacency.astype(np.float16)):
        assert sg.spectra.lanczos(matrix, 2, rng=1).extremes.top[0] == pytest.approx(2**0.5)


def test_single_precision_stays_and_is_in_the_error(bulk):
    matrix, eigenvalues = bulk
    given = []

    def product(v):
        given.append(v.dtype)
        return matrix.astype(np.float32) @ v

    found = sg.spectra.lanczos(LinearOperator(matrix.shape, matvec=product, dtype=np.float32), 3, 80, rng=1)
    assert set(given) == {np.dtype(np.float32)}
    double = sg.spectra.lanczos(matrix, 3, 80, rng=1)
    assert abs(found.moment(3) - double.moment(3)) < 1e-5 and found.rounding > 1e-7
    assert abs(found.extremes.top[0] - eigenvalues[-1]) < found.extremes.top_error[0] < 1e-3
    diagonal = sparse.diags_array(np.linspace(1, 2, 50).astype(np.float32))
    exact = sg.spectra.lanczos(diagonal, 4, 20, rng=1)  # signs have no error there but rounding
    assert abs(exact.moment(2) - np.mean(np.linspace(1, 2, 50) ** 2)) < 4 * exact.moment_error(2) < 1e-5


def test_single_precision_is_noticed_where_it_is_not_said(bulk):
    matrix, eigenvalues = bulk
    narrow = matrix.astype(np.float32)
    silent = LinearOperator(matrix.shape, matvec=lambda v: (narrow @ v.astype(np.float32)).astype(float), dtype=float)
    found = sg.spectra.lanczos(silent, 2, 80, rng=1)
    assert found.rounding > 1e-7 and abs(found.extremes.top[0] - eigenvalues[-1]) < found.extremes.top_error[0]
    assert sg.spectra.lanczos(matrix, 2, 80, rng=1).rounding < 1e-13

    def summed(v):  # of two parts in single precision: no number of float32 any more
        return sum((part @ v.astype(np.float32)).astype(float) for part in (narrow / 3, narrow - narrow / 3))

    assert sg.spectra.lanczos(LinearOperator(matrix.shape, matvec=summed, dtype=float), 2, 20, rng=1).rounding > 1e-9


def test_operators_may_return_what_they_were_given_or_the_same_array_every_time():
    buffer = np.empty(50)

    def product(v):
        np.multiply(np.arange(50.0), v, out=buffer)
        return buffer

    found = sg.spectra.lanczos(LinearOperator((50, 50), matvec=product, dtype=float), 3, 9, rng=1)
    assert same(found, sg.spectra.lanczos(sparse.diags_array(np.arange(50.0)), 3, 9, rng=1))
    assert sg.spectra.lanczos(LinearOperator((5, 5), matvec=lambda v: v, dtype=float), 3, rng=1).moment(
        3
    ) == pytest.approx(1)


def noisy(v, rng=np.random.default_rng(1)):  # noqa: B008  one generator for all calls
    return v * (1 + 0.1 * rng.standard_normal(len(v)))


def broken(v):
    raise RuntimeError("out of\nmemory")


def of(function, n=6, dtype=float):
    return LinearOperator((n, n), matvec=function, dtype=dtype)


TRIANGULAR = np.tri(30)
NEARLY = symmetric(300, 1)[0] + 1e-3 * np.eye(300, k=5)


@pytest.mark.parametrize(
    ("operator", "error", "says"),
    [
        (TRIANGULAR, ValueError, "it is not symmetric.*try \\(A \\+ A.T\\)/2"),
        (NEARLY, ValueError, "it is not symmetric"),
        (sparse.csr_array(TRIANGULAR), ValueError, "it is not symmetric"),
        (of(noisy), ValueError, "or another at every call"),
        (of(lambda v: v + np.arange(6)), ValueError, "not linear"),
        (of(lambda v: v * np.abs(v)), ValueError, "not linear"),
        (np.ones((2, 3)), ValueError, "expected a square matrix, got shape \\(2, 3\\)"),
        (np.ones(4), ValueError, "expected a square matrix, got shape \\(4,\\)"),
        (np.ones((2, 2, 2)), ValueError, "expected a square matrix"),
        (np.ones((0, 0)), ValueError, "expected a square matrix"),
        (LinearOperator((2, 3), matvec=lambda v: v[:2], dtype=float), ValueError, "expected a square matrix"),
        (np.eye(3) * 1j, TypeError, "dtype complex128"),
        (sparse.eye_array(3) * 1j, TypeError, "dtype complex128"),
        (of(lambda v: v, dtype=complex), TypeError, "dtype complex128"),
        (of(lambda v: v * 1j), TypeError, "expected products of real numbers, got complex ones"),
        (of(lambda v: np.full(6, np.nan)), ValueError, "expected products of finite numbers, got nan"),
        (of(lambda v: np.where(v > 0, np.inf, v)), ValueError, "expected products of finite numbers, got inf"),
        (np.diag([1.0, np.nan]), ValueError, "got nan"),
        (np.ma.masked_array(np.eye(2), [[0, 1], [1, 0]]), TypeError, "masked"),
        (1e300 * np.eye(3), ValueError, "try other units"),
        (1e-300 * np.eye(3), ValueError, "try other units"),
        (of(lambda v: v[:3]), ValueError, "its product with a vector of 6 numbers failed"),
        (of(lambda v: None), ValueError, "its product with a vector of 6 numbers failed|real numbers"),
        (of(broken), ValueError, "failed \\(RuntimeError: out of memory\\)"),
        (of(lambda v: np.array(["a"] * 6)), TypeError, "expected products of real numbers"),
        (lambda v: v, TypeError, "try scipy.sparse.linalg.LinearOperator\\(\\(n, n\\), matvec=function\\)"),
        ("matrix", TypeError, "expected a real symmetric matrix"),
        (None, TypeError, "expected a real symmetric matrix"),
        (np.array([["a"]]), TypeError, "operator: expected numbers"),
        ([[1.0, 2.0], [2.0]], TypeError, "expected a real symmetric matrix"),
        (sg.spectra.Semicircle(), TypeError, "expected a real symmetric matrix"),
    ],
)
def test_other_operators_are_refused_in_one_line(operator, error, says):
    with pytest.raises(error, match=says) as caught:
        sg.spectra.lanczos(operator, 2, 3, rng=1)
    assert type(caught.value) is error and "\n" not in str(caught.value)


def test_what_an_operator_raises_later_is_named_as_well():
    asked = 0

    def product(v):
        nonlocal asked
        asked += 1
        if asked > 10:
            return np.full(6, np.nan)
        return np.arange(6.0) * v

    with pytest.raises(ValueError, match="operator: expected products of finite numbers, got nan"):
        sg.spectra.lanczos(of(product), 5, 4, rng=1)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"probes": 0}, "probes: expected an integer of at least 1, got 0"),
        ({"steps": 0}, "steps: expected an integer of at least 1"),
        ({"steps": 20_000}, "steps: expected at most 10000"),
        ({"kind": "normal"}, "kind: expected one of rademacher, sphere"),
        ({"extremes": 7}, "extremes: expected at most 6"),
        ({"reorthogonalise": 1}, "reorthogonalise: expected True or False"),
    ],
)
def test_arguments_out_of_range(options, says):
    with pytest.raises((ValueError, TypeError), match=says):
        sg.spectra.lanczos(np.eye(6), **options)


def test_too_large_a_basis_is_refused_before_it_is_filled():
    huge = LinearOperator((10**6, 10**6), matvec=lambda v: v, dtype=float)
    with pytest.raises(ValueError, match="try reorthogonalise=False"):
        sg.spectra.lanczos(huge, 2, 9000)


def test_questions_to_a_spectrum_are_checked(bulk):
    found = sg.spectra.lanczos(bulk[0], 3, 5, rng=1)
    for ask, says in (
        (lambda: found.moment(10), "k: expected at most 9, twice the steps less one, got 10; try more steps"),
        (lambda: found.moment(-1), "k: expected an integer"),
        (lambda: found.mean(3.0), "f: expected a function of an array"),
        (lambda: found.mean(lambda x: 1.0), "f: expected an array of shape"),
        (lambda: found.mean(lambda x: np.log(x - 9)), "f: expected finite numbers at all nodes"),
        (lambda: found.mean(lambda x: 1j * x), "f: expected real numbers"),
        (lambda: found.density(0.0, width=-1), "width: expected a positive number"),
        (lambda: found.cdf("a"), "x: expected numbers"),
    ):
        with pytest.raises((ValueError, TypeError), match=says):
            ask()
    assert repr(found).startswith("LanczosSpectrum(n 400, 3 probes of 5 steps, mean ") and "\n" not in repr(found)


# -- a network -----------------------------------------------------------------------------------------------------


def test_products_with_a_hessian_by_differences_of_gradients():
    rng = np.random.default_rng(1)
    inputs, targets = rng.standard_normal((40, 6)), rng.standard_normal((40, 3))
    network = Network(random_parameters(6, 5, 3, rng=1), inputs, targets, hidden=5)
    n, w, h = parameter_count(6, 5, 3), network.parameters, 1e-5
    product = of(lambda v: (network.at(w + h * v).gradient() - network.at(w - h * v).gradient()) / (2 * h), n)
    found, exact = sg.spectra.lanczos(product, 20, n, rng=2), network.eigenvalues()
    for rule in found.rules:
        assert np.abs(rule.nodes - exact).max() < 1e-6  # all steps: all eigenvalues
    assert found.moment(2) == pytest.approx(np.mean(exact**2), abs=4 * found.moment_error(2))


def test_the_recurrence_of_a_tridiagonal_matrix_is_that_matrix():
    alpha, beta = np.array([1.0, -2.0, 0.5, 3.0]), np.array([1.0, 0.25, 2.0])
    matrix = np.diag(alpha) + np.diag(beta, 1) + np.diag(beta, -1)
    found = tridiagonal(symmetric_operator(matrix)[0], np.eye(4)[0], 4, True)
    np.testing.assert_allclose(found[0], alpha, atol=1e-14)
    np.testing.assert_allclose(found[1], [*beta, 0], atol=1e-14)
    vectors = eigh_tridiagonal(alpha, beta)[1]
    np.testing.assert_allclose(gauss(*found).weights, vectors[0] ** 2, atol=1e-14)
