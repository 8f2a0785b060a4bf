"""One line on stderr when compilation keeps somebody waiting, once in a process.

The clock runs while functions are compiled and stands while they are loaded, so that nothing is said where they are
kept.  ``SPINGLASS_QUIET=1`` hides the line; processes that were started as workers of another one say nothing.
"""

import multiprocessing
import os
import sys
import threading
import time
from contextlib import suppress

PATIENCE = 1.0  # seconds of compilation that are not worth a line


class FirstTime:
    """The clock of one process.

    Parameters
    ----------
    where : callable
        Returns the folder where compiled functions are kept, or None.

    Examples
    --------
    >>> from spinglass.running.first_time import FirstTime
    >>> clock = FirstTime(lambda: None)
    >>> clock.begin("a function")
    >>> clock.end("a function")
    >>> clock.seconds < 1
    True
    """

    def __init__(self, where, patience=PATIENCE):
        self.where, self.patience = where, patience
        self.seconds = 0.0  # of compilation so far
        self.functions = 0  # compiled so far
        self.said = False
        self._outermost, self._start = None, 0.0
        self._timer = threading.Timer(0.0, self.say)  # never started, as is none once the line is said

    def begin(self, function):
        """Start the clock: this function is compiled, and perhaps others on the way."""
        self.functions += 1
        if self._outermost is not None:
            return
        self._outermost, self._start = function, time.perf_counter()
        if not self.said:
            self._timer = threading.Timer(max(self.patience - self.seconds, 0.0), self.say)
            self._timer.daemon = True
            self._timer.start()

    def end(self, function):
        """Stop it: the function is compiled."""
        if self._outermost == function:
            self._timer.cancel()
            self.seconds += time.perf_counter() - self._start
            self._outermost = None

    def say(self):
        """Print the line."""
        if self.said:
            return
        self.said = True
        if _hidden():
            return
        folder = self.where()
        kept = (
            f"once: they are kept in {folder}, and 'python -m spinglass warm' compiles them ahead"
            if folder
            else "every time, as no folder can be written: set SPINGLASS_CACHE to one that can"
        )
        with suppress(OSError, ValueError):  # closed
            print(f"spinglass: compiling functions, up to half a minute, {kept}", file=sys.stderr, flush=True)


def _hidden():
    quiet = os.environ.get("SPINGLASS_QUIET", "") not in ("", "0")
    return quiet or sys.stderr is None or multiprocessing.parent_process() is not None
