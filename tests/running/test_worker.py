"""What workers do: BLAS on one thread, whatever else the process is doing."""

import multiprocessing
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from spinglass.running.run import run
from spinglass.running.worker import record_of

sys.path.append(str(Path(__file__).parent))  # worker processes are given this path
tasks = import_module("_tasks")


def threads_in(executor):
    """Return the numbers of BLAS threads in the chunks of a run."""
    records = run(tasks.blas_threads, tasks.SAMPLES, parameters={}, chunk=64, executor=executor)
    return set(np.concatenate(records))


def test_blas_has_one_thread_in_workers_and_its_own_number_afterwards():
    before = tasks.blas_threads(0, 0, None)
    assert threads_in(None) == {1}
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        assert threads_in(processes) == {1}
    assert tasks.blas_threads(0, 0, None) == before


def test_blas_keeps_one_thread_while_any_chunk_of_the_process_runs():
    """The first of two chunks, as of a worker with two threads, ends before the second one."""
    inside, ended = threading.Event(), threading.Event()

    def second(*args):
        inside.set()
        ended.wait(30)
        return tasks.blas_threads(*args)

    def first(*args):
        inside.wait(30)
        return tasks.blas_threads(*args)

    before = tasks.blas_threads(0, 0, None)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(record_of, task, 0, 64, None, 1) for task in (first, second)]
        assert both[0].result() == 1
        ended.set()
        assert both[1].result() == 1
    assert tasks.blas_threads(0, 0, None) == before


def test_blas_has_one_thread_although_the_caller_has_set_another_number():
    with threadpool_limits(2):
        assert threads_in(None) == {1}
        assert tasks.blas_threads(0, 0, None) == 2
