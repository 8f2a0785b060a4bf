"""Runs on a real dask.distributed cluster of two worker processes, which die."""

import multiprocessing
import os
import sys
from importlib import import_module
from pathlib import Path

import pytest

import spinglass as sg
from spinglass.running.run import run

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")
sys.path.append(str(Path(__file__).parent))  # worker processes are given this path
tasks = import_module("_tasks")


def do(task=tasks.moments, **options):
    return run(task, tasks.SAMPLES, **({"parameters": {"p": 3}, "rng": 1, "chunk": 64} | options))


def cluster():
    return distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)


@pytest.fixture(scope="module")
def serial():
    return do(executor=tasks.Inline())


@pytest.fixture(scope="module")
def client():
    quickly = {"distributed.comm.timeouts.connect": "2s"}  # how long a dead worker is asked for what it had done
    with dask.config.set(quickly), cluster() as workers, distributed.Client(workers) as client:
        yield client
    assert multiprocessing.active_children() == []


def pids(client):
    return set(client.run(os.getpid).values())


def test_dask_gives_the_same(client, serial):
    with client.get_executor() as executor:
        assert tasks.same(do(executor=executor), serial)
        assert executor.submit(os.getpid).result() in pids(client)  # left open


def test_a_worker_is_killed_in_the_middle(client, serial, tmp_path):
    before, task = pids(client), tasks.Once(str(tmp_path / "flag"))
    assert tasks.same(do(task, executor=client.get_executor(), store=tmp_path / "run.db"), serial)
    client.wait_for_workers(2)
    assert Path(task.flag).exists() and len(pids(client) - before) == 1  # the nanny has started another one
    assert tasks.same(do(executor=tasks.Inline(), store=tmp_path / "run.db"), serial)


def test_chunks_that_dask_gives_up_are_sent_again(client, serial, tmp_path):
    """With no failures allowed Dask raises KilledWorker for the chunk, and would do so for the same call for ever."""
    client.run_on_scheduler(allow_failures, number=0)
    try:
        assert tasks.same(do(tasks.Once(str(tmp_path / "flag")), executor=client.get_executor()), serial)
    finally:
        client.run_on_scheduler(allow_failures, number=3)


def allow_failures(dask_scheduler, number):
    dask_scheduler.allowed_failures = number


def test_the_client_itself_is_refused(client):
    with pytest.raises(TypeError, match=r"use its get_executor\(\)"):
        do(executor=client)


def test_mean_counts_are_the_same(client):
    model, settings = sg.gan(3, 2, 0.5, 0.6), {"method": "montecarlo", "samples": 3000, "rng": 7}
    on_dask = sg.mean_count(model, 12, executor=client.get_executor(), **settings)
    assert on_dask == sg.mean_count(model, 12, executor=tasks.Inline(), **settings)
