"""Runs: the same to the last bit on every executor, and nothing wrong is accepted."""

import multiprocessing
import signal
import sys
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import spinglass.running.run as module
from spinglass.running.inline import Inline
from spinglass.running.run import run
from spinglass.running.streams import Streams

HERE = Path(__file__).parent
sys.path.append(str(HERE))  # worker processes are given this path
tasks = import_module("_tasks")


def do(task=tasks.moments, samples=tasks.SAMPLES, **options):
    options = {"parameters": {"p": 3}, "rng": 1, "chunk": 64} | options
    return run(task, samples, **options)


@pytest.fixture(scope="module")
def serial():
    return do(executor=tasks.Inline())


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def script(code):
    """Start a Python process that has ``do`` as it is here, and the tasks."""
    return tasks.script("from test_run import do\n" + code)


# -- the same everywhere


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_threads_give_the_same(serial, workers):
    with ThreadPoolExecutor(workers) as pool:
        assert tasks.same(do(executor=pool), serial)
        assert pool.submit(int).result() == 0  # left open


def test_own_threads_give_the_same(serial):
    assert tasks.same(do(), serial)


def test_processes_give_the_same(serial, processes):
    assert tasks.same(do(executor=processes), serial)


def test_samples_do_not_depend_on_chunks():
    reference = np.concatenate([Streams(1)(b).random(64) for b in range(16)])
    for samples in (1, 63, 64, 65, 1000):
        for chunk in (64, 128, 1024):
            records = do(tasks.values, samples, chunk=chunk)
            assert len(records) == -(-samples // chunk)
            np.testing.assert_array_equal(np.concatenate(records), reference[:samples])


def test_samples_that_are_much_work_are_blocks_by_themselves():
    def one(start, stop, streams):
        return np.concatenate([streams(i).random(2) for i in range(start, stop)])

    reference = [Streams(1)(i).random(2) for i in range(5)]
    assert tasks.same(do(one, 5, chunk=1, block=1), reference)
    assert tasks.same(do(one, 5, chunk=5, block=1), [np.concatenate(reference)])
    with pytest.raises(ValueError, match="chunk: expected a multiple of 2, got 3"):
        do(one, 5, chunk=3, block=2)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_executor_without_workers(serial, error):
    assert tasks.same(do(executor=Inline()), serial)
    with pytest.raises(error):
        do(tasks.Raising(error()), executor=Inline(), unit="draw")


def test_records_come_in_order_whatever_finishes_first(serial):
    assert tasks.same(do(executor=tasks.Late(16)), serial)


def test_a_bounded_number_of_chunks_is_in_flight(monkeypatch, serial):
    flying, most = set(), 0

    class Counting(ThreadPoolExecutor):
        def submit(self, *args):
            nonlocal flying, most
            flying = {future for future in flying if not future.done()}
            most = max(most, len(flying) + 1)
            future = super().submit(*args)
            flying.add(future)
            return future

    monkeypatch.setattr(module, "IN_FLIGHT", 3)
    with Counting(2) as pool:
        assert tasks.same(do(executor=pool), serial)
    assert 1 <= most <= 3


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory of a process from /proc")
@pytest.mark.parametrize(("chunk", "store"), [(1024, "None"), (8192, "sys.argv[1]")])
def test_memory_is_flat(chunk, store, tmp_path):
    code = f"""
from pathlib import Path
records = do(cheap, 10**6, chunk={chunk}, store={store})
assert sum(record[1] for record in records) == 10**6
peak = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(*peak)  # in KB; ru_maxrss would count the process this one was forked from
"""
    status, out, err = tasks.output(tasks.script("from test_run import do\n" + code, str(tmp_path / "run.db")))
    assert (status, err) == (0, "")
    assert int(out) < 300_000


# -- workers that die


@pytest.mark.parametrize("deaths", [1, 2])
def test_chunks_of_dead_workers_are_done_again(serial, deaths):
    assert tasks.same(do(executor=tasks.Mortal(deaths)), serial)


@pytest.mark.parametrize("name", ["KilledWorker", "CommClosedError", "FutureCancelledError"])
def test_errors_of_dask_count_as_a_death(serial, name):
    assert tasks.same(do(executor=tasks.Mortal(2, type(name, (Exception,), {}))), serial)


def test_death_has_a_limit():
    with pytest.raises(BrokenExecutor, match=r"^a worker died at samples 0 to 64 \(.*\); with store=path a run can"):
        do(executor=tasks.Mortal(3))


def test_a_pool_that_broke_says_how_to_go_on(serial, tmp_path):
    store, task = tmp_path / "run.db", tasks.Once(str(tmp_path / "flag"), at=900)
    for _ in range(2):
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            if not Path(task.flag).exists():
                with pytest.raises(BrokenExecutor, match=r"BrokenProcessPool.*the same call goes on from its store$"):
                    do(task, executor=pool, store=store)
            else:
                assert tasks.same(do(task, executor=pool, store=store), serial)


# -- what is stopped


@pytest.mark.parametrize("executor", [None, tasks.Inline()])
@pytest.mark.parametrize("error", [ArithmeticError("no number"), SystemExit(3)])
def test_an_error_of_the_task_is_raised_as_it_is(executor, error):
    with pytest.raises(type(error), match=str(error)):
        do(tasks.Raising(error), executor=executor)


def test_interrupt_keeps_what_is_done_and_says_how_to_go_on(serial, tmp_path):
    store = tmp_path / "run.db"
    with pytest.raises(KeyboardInterrupt, match=r"^stopped with 448 of 1000 samples done; store='.*' keeps them: the "):
        do(tasks.Raising(KeyboardInterrupt()), executor=tasks.Inline(), store=store)
    with pytest.raises(KeyboardInterrupt, match=r"^stopped with 448 of 1000 samples done; store=path would keep them$"):
        do(tasks.Raising(KeyboardInterrupt()), executor=tasks.Inline())
    redone = []

    def counted(start, stop, streams):
        redone.append(start)
        return tasks.moments(start, stop, streams)

    assert tasks.same(do(counted, executor=tasks.Inline(), store=store), serial)
    assert redone == list(range(448, 1000, 64))


def test_interrupt_keeps_what_is_done_but_not_yet_taken(tmp_path):
    with pytest.raises(KeyboardInterrupt, match=r"^stopped with 936 of 1000 samples done; store="):
        do(tasks.Raising(KeyboardInterrupt(), at=900), executor=tasks.Late(16), store=tmp_path / "run.db")


@pytest.mark.skipif(sys.platform == "win32", reason="sends the signals of POSIX")
def test_control_c_stops_a_real_process(serial, tmp_path):
    store, flag = tmp_path / "run.db", str(tmp_path / "flag")
    # a process started in the background ignores SIGINT, and so do its children: listen to it again
    listen = "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    process = script(listen + f"do(Once({flag!r}, signal=signal.SIGINT), store={str(store)!r}, samples=64 * 10**6)")
    status, _, err = tasks.output(process)
    assert status in (1, -signal.SIGINT)
    assert err.splitlines()[-1].startswith("KeyboardInterrupt: stopped with ")
    assert tasks.same(do(store=store), serial)


# -- wrong arguments


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"samples": 0}, ValueError, "samples: expected at least 1, got 0"),
        ({"samples": 1e6}, TypeError, "samples: expected an int"),
        ({"chunk": 0}, ValueError, "chunk: expected at least 64"),
        ({"chunk": 100}, ValueError, "chunk: expected a multiple of 64, got 100"),
        ({"task": 3}, TypeError, "task: expected a callable"),
        ({"executor": 4}, TypeError, "executor: expected a concurrent.futures.Executor, which has submit, got 4"),
        ({"executor": ThreadPoolExecutor}, TypeError, "executor: expected"),
        ({"parameters": {"p": {3}}}, TypeError, "parameters: expected a dict that can be written as JSON"),
        ({"parameters": None}, TypeError, "parameters: expected a dict"),
        ({"store": 3}, TypeError, "store: expected a path, got 3"),
        ({"rng": "x"}, TypeError, "rng: expected"),
        ({"task": lambda *_: 1.0}, TypeError, "task: expected a 1-D float64 array to be returned, got 1.0"),
        ({"task": lambda *_: np.zeros(3, int)}, TypeError, "task: expected a 1-D float64 array"),
        ({"task": lambda *_: np.zeros((1, 1))}, TypeError, "task: expected a 1-D float64 array"),
    ],
)
def test_wrong_arguments(options, error, message):
    with pytest.raises(error, match=message) as caught:
        do(**options)
    assert "\n" not in str(caught.value)


def test_a_client_in_place_of_its_executor():
    class Client(tasks.Inline):
        def get_executor(self):
            return tasks.Inline()

    with pytest.raises(TypeError, match=r"use its get_executor\(\)"):
        do(executor=Client())


def test_progress(capsys, tmp_path):
    do(progress=True, store=tmp_path / "run.db")
    assert "1.00k/1.00k" in capsys.readouterr().err
    do(samples=2000, progress=True, store=tmp_path / "run.db")
    err = capsys.readouterr().err
    assert "960/2.00k" in err and "2.00k/2.00k" in err  # the short chunk at the end is done again in full
    do()
    assert capsys.readouterr().err == ""
