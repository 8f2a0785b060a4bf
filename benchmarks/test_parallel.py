"""What do threads, processes and Dask workers gain, and what does a chunk of samples cost beyond its own work?

Processes that share nothing show what the cores of this machine can give together; the limits are shares of that.
"""

import functools
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import numpy as np
import pytest

import spinglass as sg
from benchmarks.inline import Inline
from benchmarks.table import in_turn
from spinglass.running.run import run

WORKERS = 2
SHARE = 0.8  # of the gain of processes that share nothing
BLOCK, CHUNKS = 64, 200
COST = {"threads": 1e-3, "processes": 3e-3, "Dask": 30e-3}  # seconds a chunk
MODELS = {
    "one sphere, N = 1000": (sg.pure(3), 1000, 8192),
    "two spheres, N = 100": (sg.bipartite(2, 3, kappa=0.5), 100, 4096),
}
KINDS = [pytest.param(next(iter(MODELS)), marks=pytest.mark.slow), *list(MODELS)[1:]]


@contextmanager
def threads(workers):
    with ThreadPoolExecutor(workers) as pool:
        yield pool


@contextmanager
def processes(workers):
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield pool


@contextmanager
def dask(workers):
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    )
    with cluster, distributed.Client(cluster) as client, client.get_executor() as pool:
        yield pool


POOLS = {"threads": threads, "processes": processes, "Dask": dask}
NAMES = {"threads": "threads", "processes": "processes", "Dask": "Dask workers"}


def count(kind, samples, executor):
    """Return an estimate; a function of the module, so that other processes find it."""
    model, n, _ = MODELS[kind]
    return sg.mean_count(model, n, method="montecarlo", samples=samples, rng=1, executor=executor).log_mean


def serial(kind, samples, _):
    """Do a whole run in the process that is called."""
    return count(kind, samples, Inline())


@functools.cache
def bare_gain(kind):
    """Return how much faster two processes do two whole runs that share nothing than one process does."""
    samples = MODELS[kind][2]
    with processes(WORKERS) as pool:
        list(pool.map(serial, [kind] * WORKERS, [samples] * WORKERS, range(WORKERS)))
        together, alone = in_turn(
            [
                lambda: list(pool.map(serial, [kind] * WORKERS, [samples] * WORKERS, range(WORKERS))),
                lambda: [pool.submit(serial, kind, samples, 0).result() for _ in range(WORKERS)],
            ],
            3,
        )
    return alone / together


@pytest.mark.parametrize("kind", KINDS)
def test_what_two_processes_can_gain(report, kind):
    gain = bare_gain(kind)
    report(
        question=f"{kind}: two processes that share nothing",
        size="two runs, relative",
        ours=1 / gain,
        baseline=1.0,
        against="one process",
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pool", POOLS)
def test_strong_scaling(race, report, kind, pool):
    samples = MODELS[kind][2]
    with POOLS[pool](WORKERS) as executor:
        assert count(kind, samples, executor) == count(kind, samples, Inline())  # to the last bit
        ours, one = race(lambda: count(kind, samples, executor), lambda: count(kind, samples, Inline()), rounds=5)
    report(
        question=f"{kind}: {WORKERS} {NAMES[pool]}",
        size=f"{samples} samples",
        ours=ours,
        baseline=one,
        against="one worker",
        least=SHARE * bare_gain(kind),
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("pool", POOLS)
def test_weak_scaling(race, report, kind, pool):
    """Twice the work for twice the workers would take the same time on a machine without limits."""
    samples = MODELS[kind][2]
    with POOLS[pool](WORKERS) as executor:
        count(kind, samples, executor)
        twice, one = race(
            lambda: count(kind, WORKERS * samples, executor), lambda: count(kind, samples, Inline()), rounds=3
        )
    report(
        question=f"{kind}: {WORKERS} {NAMES[pool]}, twice the samples",
        size=f"{samples} samples a worker",
        ours=twice,
        baseline=one,
        against="one worker, its samples only",
        least=SHARE * bare_gain(kind) / WORKERS,
    )


def nothing(start, stop, streams):
    """Return the record of a chunk without doing it."""
    return np.zeros(4)


def bare_submissions(executor):
    """Send as many empty calls through the executor itself."""
    futures = [executor.submit(nothing, 0, i, None) for i in range(CHUNKS)]
    return [future.result() for future in futures]


@pytest.mark.parametrize("pool", POOLS)
def test_cost_of_a_chunk(race, report, pool):
    def empty_chunks():
        return run(nothing, CHUNKS * BLOCK, parameters={}, rng=1, chunk=BLOCK, executor=executor)

    with POOLS[pool](WORKERS) as executor:
        assert len(empty_chunks()) == len(bare_submissions(executor))
        ours, bare = race(empty_chunks, lambda: bare_submissions(executor), rounds=5)
    report(
        question=f"a chunk beyond its own work, {pool}",
        size=f"{CHUNKS} empty chunks, each",
        ours=ours / CHUNKS,
        baseline=bare / CHUNKS,
        against="bare executor.submit",
        most=COST[pool],
    )
