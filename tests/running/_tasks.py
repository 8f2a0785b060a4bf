"""Tasks and executors for the tests of runs; a module of its own so that worker processes can import it."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

SAMPLES = 1000  # 16 chunks of 64, the last one short


def moments(start, stop, streams):
    """Sums of normals and of a product large enough for BLAS to use several threads, if it is let."""
    blocks = [streams(b).standard_normal((64, 5)) for b in range(start // 64, -(-stop // 64))]
    x = np.concatenate(blocks)[: stop - start]
    wide = np.resize(x, (300, 300))
    return np.array([*x.sum(0), *np.exp(x).sum(0), (wide @ wide).sum()])


def values(start, stop, streams):
    """One number per sample."""
    return np.concatenate([streams(b).random(64) for b in range(start // 64, -(-stop // 64))])[: stop - start]


def cheap(start, stop, streams):
    return np.array([float(start), stop - start, streams(start // 64).random()])


def blas_threads(start, stop, streams):
    return np.array([max(lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas")], dtype=float)


@dataclass(frozen=True)
class Once:
    """Send a signal, once, in the chunk of sample ``at``: to the own process or, with ``parent``, to its parent."""

    flag: str
    at: int = 500
    signal: int = int(getattr(signal, "SIGKILL", signal.SIGTERM))
    parent: bool = False

    def __call__(self, start, stop, streams):
        if start <= self.at < stop and not Path(self.flag).exists():
            Path(self.flag).touch()
            os.kill(os.getppid() if self.parent else os.getpid(), self.signal)
            time.sleep(60 if self.parent else 0)
        return moments(start, stop, streams)


@dataclass(frozen=True)
class Waiting:
    """Wait for a file."""

    flag: str

    def __call__(self, start, stop, streams):
        deadline = time.monotonic() + 30
        while not Path(self.flag).exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        return moments(start, stop, streams)


@dataclass(frozen=True)
class Raising:
    """Raise an error in the chunk of sample ``at``."""

    error: BaseException
    at: int = 500

    def __call__(self, start, stop, streams):
        if start <= self.at < stop:
            raise self.error
        return moments(start, stop, streams)


def same(records, others):
    return [record.tobytes() for record in records] == [record.tobytes() for record in others]


def script(code, *arguments):
    """Start a Python process, in a group of its own, that has all of this module."""
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-c", "import sys\nfrom _tasks import *\n" + code, *arguments]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}, **options)


def output(process):
    """Return the exit status and what was written to stdout and stderr."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


class Inline(Executor):
    """Does everything at once, in the thread that submits."""

    def submit(self, call, *args):
        future = Future()
        try:
            future.set_result(call(*args))
        except BaseException as error:
            future.set_exception(error)
        return future


class Late(Inline):
    """Does nothing until ``count`` calls are there, and then all of them, the last one first."""

    def __init__(self, count):
        self.count, self.calls = count, []

    def submit(self, call, *args):
        self.calls.append((call, args, Future()))
        if len(self.calls) == self.count:
            for call, args, future in reversed(self.calls):
                try:
                    future.set_result(call(*args))
                except BaseException as error:
                    future.set_exception(error)
        return self.calls[-1][2]


class Mortal(Inline):
    """Loses the worker in the first ``deaths`` attempts at every chunk."""

    def __init__(self, deaths, error=BrokenExecutor):
        self.deaths, self.error = deaths, error

    def submit(self, call, *args):
        if args[-1] > self.deaths:
            return super().submit(call, *args)
        future = Future()
        future.set_exception(self.error("the worker is dead"))
        return future
