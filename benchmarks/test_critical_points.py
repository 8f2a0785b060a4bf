"""How fast are all critical points of one draw found, against a batched homotopy in plain numpy?"""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import spinglass as sg
from benchmarks import plain_homotopy

FASTER = 3.0


@pytest.fixture(autouse=True)
def one_blas_thread():
    with threadpool_limits(1):
        yield


def plain_energies(draw, seed):
    """Return the energies of all critical points by the baseline."""
    form = plain_homotopy.tensor(draw)
    points = plain_homotopy.critical_points(form, np.random.default_rng(seed))
    return np.sort(np.einsum("ijk,bi,bj,bk->b", form, points, points, points)) / np.sqrt(len(form))


@pytest.mark.parametrize("n", [6, 7, 8])
def test_all_points(race, report, n):
    draw = sg.pure(3).draw(n, rng=2)
    points = sg.critical_points(draw, proof=False)
    # a baseline that lost a path is run again with another gamma
    seed = next(seed for seed in range(9) if len(plain_energies(draw, seed)) == points.count)
    np.testing.assert_allclose(plain_energies(draw, seed), np.sort(points.energies[:, 0]), rtol=0, atol=1e-8)
    ours, plain = race(lambda: sg.critical_points(draw, proof=False), lambda: plain_energies(draw, seed), rounds=5)
    report(
        question=f"all critical points, pure 3, N = {n}",
        size="1 draw",
        ours=ours,
        baseline=plain,
        against="batched homotopy, numpy",
        least=FASTER if n == 8 else None,
    )


def test_proof(race, report):
    """For information: what the proof adds."""
    pytest.importorskip("flint")
    draw = sg.pure(3).draw(8, rng=2)
    assert sg.critical_points(draw).proven
    ours, unproven = race(lambda: sg.critical_points(draw), lambda: sg.critical_points(draw, proof=False), rounds=5)
    report(
        question="all critical points with proof, pure 3, N = 8",
        size="1 draw",
        ours=ours,
        baseline=unproven,
        against="the same without proof",
    )
