"""What a worker does with one chunk: the task, with BLAS on one thread.

How many threads BLAS takes may belong to the process or to the calling thread, depending on the library.  Where it
belongs to the process, threadpoolctl lets one thread at a time set it, and only that thread can undo it.  Chunks run
side by side in the threads of one process; so a thread of its own, the keeper, pins BLAS when the first one begins and
gives it back when the last one has ended, and every chunk pins it for its own thread as well.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache

import numpy as np


class _Keeper:
    """The pinned state of a process: how many hold it, and the thread that sets it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.holders = 0
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="spinglass-blas")  # starts when it is first used

    def __enter__(self):
        with self.lock:
            if not self.holders:
                self.limit = self.thread.submit(_pin).result()
            self.holders += 1

    def __exit__(self, *error):
        with self.lock:
            self.holders -= 1
            if not self.holders:
                self.thread.submit(self.limit.__exit__, None, None, None).result()


def record_of(task, start, stop, streams, attempt):
    """Do one chunk and return its record; the attempt only makes a repeated call another call.

    Raises
    ------
    TypeError
        If the task returns anything but a 1-D float64 array.
    """
    with one_blas_thread():
        record = task(start, stop, streams)
    if not isinstance(record, np.ndarray) or record.ndim != 1 or record.dtype != np.float64:
        raise TypeError(f"task: expected a 1-D float64 array to be returned, got {record!r}")
    return record.copy()  # a view would keep alive what it views


@contextmanager
def one_blas_thread():
    """Keep BLAS on one thread, in the calling thread and in all of the process."""
    with _keeper, _blas().limit(limits=1, user_api="blas"):
        yield  # the second one is for libraries that count per thread


@lru_cache(maxsize=1)
def _blas():
    import scipy.linalg  # noqa: F401  loads its own BLAS: only what is loaded can be pinned
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _pin():
    return _blas().limit(limits=1, user_api="blas").__enter__()


def _renew():
    global _keeper
    _keeper = _Keeper()


_keeper = _Keeper()
if hasattr(os, "register_at_fork"):  # the threads of a process are not those of its forks
    os.register_at_fork(after_in_child=_renew)
