"""What does a step of Lanczos cost beyond the product, against a loop in plain numpy and scipy's eigsh?

All are given the same operators, and products are the same work for all of them: the rest is what is compared.
"""

import numpy as np
import pytest
from scipy import sparse
from scipy.linalg import eigh_tridiagonal
from scipy.sparse.linalg import LinearOperator, eigsh

import spinglass as sg
from benchmarks.inline import Inline
from spinglass.running.streams import Streams

STEPS = 100
LEAST = {2000: 1 / 3, 100_000: 1 / 1.5}  # of a small matrix the test of symmetry and the run itself are seen


def ring(n):
    """Return neighbours on a ring with a random potential: a sparse matrix whose products cost little."""
    potential = np.random.default_rng(1).uniform(-2, 2, n)
    ones = np.ones(n - 1)
    return sparse.diags_array([potential, ones, ones, [1.0], [1.0]], offsets=[0, 1, -1, n - 1, 1 - n]).tocsr()


def plain(matrix, v, steps, reorthogonalise):
    """Return nodes and weights by the loop that one writes down."""
    basis = np.zeros((steps, len(v)))
    alpha, beta, before = np.zeros(steps), np.zeros(steps), np.zeros_like(v)
    for j in range(steps):
        w = matrix @ v
        alpha[j] = v @ w
        w = w - alpha[j] * v - (beta[j - 1] if j else 0.0) * before
        if reorthogonalise:
            basis[j] = v
            for _ in range(2):
                w = w - basis[: j + 1].T @ (basis[: j + 1] @ w)
        beta[j] = np.linalg.norm(w)
        before, v = v, w / beta[j]
    nodes, vectors = eigh_tridiagonal(alpha, beta[:-1])
    return nodes, vectors[0] ** 2


def signs(n, seed, probe):
    """Return the vector of a probe."""
    return (2.0 * Streams(seed)(probe).integers(0, 2, n, dtype=np.int8) - 1.0) / np.sqrt(n)


@pytest.mark.parametrize("reorthogonalise", [True, False])
@pytest.mark.parametrize("n", [2000, 100_000])
def test_step(race, report, n, reorthogonalise):
    matrix = ring(n)
    start = signs(n, 1, 0)

    def ours():
        return sg.spectra.lanczos(matrix, 1, STEPS, rng=1, reorthogonalise=reorthogonalise, executor=Inline())

    rule, (nodes, weights) = ours().rules[0], plain(matrix, start, STEPS, reorthogonalise)
    for k in range(1, 40):
        assert abs(rule.weights @ rule.nodes**k - weights @ nodes**k) < 1e-12 * (weights @ np.abs(nodes) ** k)
    mine, loop = race(ours, lambda: plain(matrix, start, STEPS, reorthogonalise), rounds=7)
    report(
        question=f"Lanczos {'with' if reorthogonalise else 'without'} reorthogonalisation, a step",
        size=f"{n} rows, {STEPS} steps",
        ours=mine / STEPS,
        baseline=loop / STEPS,
        against="the loop in plain numpy",
        least=LEAST[n],
    )


def test_ends(race, report):
    n, k = 20_000, 5
    matrix = ring(n)
    operator = LinearOperator(matrix.shape, matvec=lambda v: matrix @ v, dtype=float)
    start = np.random.default_rng(1).standard_normal(n)

    def scipys():
        return [eigsh(operator, k, which=which, v0=start, ncv=45) for which in ("SA", "LA")]

    def ours():
        return sg.spectra.lanczos(matrix, 1, 2, rng=1, extremes=k, executor=Inline()).extremes

    found, ((low, _), (high, _)) = ours(), scipys()
    np.testing.assert_allclose(found.bottom, np.sort(low), atol=1e-10)
    np.testing.assert_allclose(found.top, np.sort(high)[::-1], atol=1e-10)
    assert max(found.top_error.max(), found.bottom_error.max()) < 1e-9
    mine, theirs = race(ours, scipys, rounds=5)
    report(
        question=f"{k} eigenvalues at each end, with bounds",
        size=f"{n} rows",
        ours=mine,
        baseline=theirs,
        against="scipy eigsh, twice, without bounds",
        least=1 / 1.5,
    )


def test_density_of_all_eigenvalues(race, report):
    n = 2000
    matrix = ring(n).toarray()
    x = np.linspace(-4, 4, 50)

    def ours():
        return sg.spectra.lanczos(matrix, 10, 50, rng=1, executor=Inline())

    found, eigenvalues = ours(), np.linalg.eigvalsh(matrix)
    smooth = np.exp(-0.5 * ((x[:, None] - eigenvalues) / found.width) ** 2).mean(axis=1)
    smooth /= np.sqrt(2 * np.pi) * found.width
    assert np.all(np.abs(found.density(x) - smooth) < 4.5 * found.density_error(x) + 1e-6)
    mine, dense = race(ours, lambda: np.linalg.eigvalsh(matrix), rounds=3)
    report(
        question="density of a dense matrix, 10 probes of 50 steps",
        size=f"{n} rows",
        ours=mine,
        baseline=dense,
        against="numpy eigvalsh",
    )
