"""Samples by the chunk, on any executor, always the same to the last bit.

Sample i depends on the seed and on i only (:mod:`spinglass.running.streams`): not on the chunks, on the executor, on
the number of workers or on the order in which they finish.  At most 1024 chunks are in flight; of a finished one only
its record is kept.
"""

import numbers
import os
import queue
from concurrent.futures import BrokenExecutor, CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext

import numpy as np

from spinglass.inputs.checks import shown
from spinglass.running.store import Store, described, seed_of_run
from spinglass.running.streams import BLOCK, Streams
from spinglass.running.worker import one_blas_thread, record_of

IN_FLIGHT = 1024  # chunks submitted and not finished, at the most
ATTEMPTS = 3  # times that a chunk is submitted when workers die

#: Errors that say that a worker or the way to it was lost; those of dask.distributed by name: it may be missing.
LOST = (BrokenExecutor, CancelledError)
LOST_BY_NAME = {"KilledWorker", "CommClosedError", "CancelledError", "FutureCancelledError"}


def run(
    task,
    samples,
    *,
    parameters,
    rng=None,
    chunk=1024,
    executor=None,
    store=None,
    progress=False,
    block=BLOCK,
    unit="sample",
):
    """Do samples 0 .. samples-1 in chunks and return the record of every chunk, in the order of the samples.

    Parameters
    ----------
    task : callable
        ``task(start, stop, streams)`` does samples start .. stop-1 and returns a 1-D float64 array, small: it is all
        that is kept of them.  It takes sample i from ``streams(i // block)``, after the samples before it in its block
        and whatever stop is.  For other processes it has to be picklable: a function or a dataclass of a module.
    samples : int
        At least 1.
    parameters : dict
        What the result depends on besides seed, chunk and version, but not samples; JSON-able.  A store is told by it.
    rng : int, SeedSequence, Generator or None, optional
        None: that of the store, if there is one, otherwise fresh entropy; call :func:`seed_of` to know it.
    chunk : int, optional
        Samples per chunk, a multiple of block.
    executor : concurrent.futures.Executor, optional
        Where chunks are done; it is left open.  None: threads of this process, as many as cores.
    store : path, optional
        SQLite file that keeps finished chunks.  If it exists, what is missing is done: the rest of a run that was
        stopped or killed, or, with more samples than before, what the longer run adds to the shorter one.
    progress : bool, optional
        Show a bar, in a terminal or a notebook.
    block : int, optional
        Samples that share a stream: 64, or 1 where a sample is much work.
    unit : str, optional
        What a sample is called in the bar and where a run was stopped.

    Returns
    -------
    list of float arrays

    Raises
    ------
    TypeError
        If an argument is of the wrong type, such as an executor without submit.
    ValueError
        If chunk or samples is out of range, or the store is damaged, something else or of another run.
    OSError
        If the store cannot be written; BlockingIOError if another run is using it.
    BrokenExecutor
        If workers died and the executor takes no more work, or took the same chunk three times in vain.
    KeyboardInterrupt
        On Ctrl-C, after pending chunks are cancelled and finished ones kept; it says how to go on.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.running.run import run
    >>> def mean_of_normals(start, stop, streams):
    ...     blocks = range(start // 64, -(-stop // 64))
    ...     normals = np.concatenate([streams(block).standard_normal(64) for block in blocks])
    ...     return np.array([normals[: stop - start].sum()])
    >>> records = run(mean_of_normals, 10_000, parameters={}, rng=1)
    >>> len(records), abs(float(sum(records)[0])) < 300
    (10, True)
    """
    samples, chunk = _count("samples", samples, 1), _count("chunk", chunk, block)
    if chunk % block:
        raise ValueError(f"chunk: expected a multiple of {block}, got {chunk}")
    if not callable(task):
        raise TypeError(f"task: expected a callable of (start, stop, streams), got {task!r}")
    _check_executor(executor)
    seed = seed_of_run(rng, store)
    identity = described(parameters, seed, chunk)
    with nullcontext() if store is None else Store(store, identity) as kept:
        chunks = _Chunks(task, samples, chunk, Streams(seed), kept)
        try:
            with ExitStack() as stack:
                chunks.bar = stack.enter_context(_bar(chunks, progress, unit))
                stack.enter_context(one_blas_thread())
                stack.callback(chunks.rescue)
                chunks.do(stack.enter_context(_pool(executor)))
        except KeyboardInterrupt:
            done = f"stopped with {chunks.done()} of {samples} {unit}s done"
            how = f"store={str(store)!r} keeps them: the same call goes on" if kept else "store=path would keep them"
            raise KeyboardInterrupt(f"{done}; {how}") from None
    return chunks.records


class _Chunks:
    """The chunks of a run: finished (a record), in flight, or still to do."""

    def __init__(self, task, samples, chunk, streams, store):
        self.task, self.samples, self.chunk, self.streams, self.store = task, samples, chunk, streams, store
        self.records = [None] * -(-samples // chunk)
        self.flying = {}  # future -> number of the chunk, attempt
        self.landed = queue.SimpleQueue()
        self.bar = None
        for start, stop, record in store.finished() if store else ():
            i = start // chunk
            if i < len(self.records) and (start, stop) == self.span(i):
                self.records[i] = record

    def span(self, i):
        """Return start and stop of chunk i."""
        return i * self.chunk, min((i + 1) * self.chunk, self.samples)

    def done(self):
        """Return the number of samples done."""
        spans = (self.span(i) for i, record in enumerate(self.records) if record is not None)
        return sum(stop - start for start, stop in spans)

    def do(self, pool):
        """Do what is missing; cancel what is pending if that fails."""
        missing = (i for i, record in enumerate(self.records) if record is None)
        i = next(missing, None)
        try:
            while i is not None or self.flying:
                if i is not None and len(self.flying) < IN_FLIGHT and self.landed.empty():
                    self.submit(pool, i, 1)
                    i = next(missing, None)
                else:
                    self.accept(pool, _next(self.landed))
        finally:
            for future in list(self.flying):
                future.cancel()

    def submit(self, pool, i, attempt):
        """Send chunk i off; the attempt is an argument because Dask does a call once only, even one that failed."""
        try:
            future = pool.submit(record_of, self.task, *self.span(i), self.streams, attempt)
        except BrokenExecutor as error:
            raise self.lost(i, error) from error
        self.flying[future] = i, attempt
        future.add_done_callback(self.landed.put)

    def accept(self, pool, future):
        """Take a future that has landed: its record, or its error."""
        i, attempt = self.flying.pop(future)
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            self.finish(i, future.result())
        elif not (isinstance(error, LOST) or type(error).__name__ in LOST_BY_NAME):
            future.result()  # raises the error
        elif attempt < ATTEMPTS:
            self.submit(pool, i, attempt + 1)
        else:
            raise self.lost(i, error) from error

    def finish(self, i, record):
        """Keep the record of chunk i."""
        start, stop = self.span(i)
        if self.store:
            self.store.keep(start, stop, record)
        self.records[i] = record
        if self.bar is not None:
            self.bar.update(stop - start)

    def rescue(self):
        """Keep what landed while the run was being stopped."""
        while not self.landed.empty():
            future = self.landed.get()
            i, _ = self.flying.pop(future, (None, None))
            if i is not None and not future.cancelled() and future.exception() is None:
                self.finish(i, future.result())

    def lost(self, i, error):
        """Return the error for a chunk whose worker died."""
        how = "the same call goes on from its store" if self.store else "with store=path a run can be resumed"
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return BrokenExecutor(f"a worker died at samples {self.span(i)[0]} to {self.span(i)[1]} ({what}); {how}")


def _next(landed):
    while True:
        try:
            return landed.get(timeout=1.0)  # without one Ctrl-C would wait on Windows
        except queue.Empty:
            pass


@contextmanager
def _pool(executor):
    """Give the executor, or threads of our own that end here."""
    if executor is not None:
        yield executor
        return
    pool = ThreadPoolExecutor(cores(), thread_name_prefix="spinglass")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def cores():
    """Return how many cores this process may use."""
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _bar(chunks, progress, unit):
    if not progress:
        return nullcontext()
    from tqdm.auto import tqdm

    return tqdm(total=chunks.samples, initial=chunks.done(), unit=unit, unit_scale=True)


def _count(name, value, least):
    if not isinstance(value, numbers.Integral) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}: expected an int, got {shown(value)}")
    if value < least:
        raise ValueError(f"{name}: expected at least {least}, got {value}")
    return int(value)


def _check_executor(executor):
    if executor is None or (callable(getattr(executor, "submit", None)) and not isinstance(executor, type)):
        if not hasattr(executor, "get_executor"):
            return
        raise TypeError(f"executor: expected an Executor, got {shown(executor)}: use its get_executor()")
    raise TypeError(f"executor: expected a concurrent.futures.Executor, which has submit, got {shown(executor)}")
