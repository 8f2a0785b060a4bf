"""The one lock behind which everything with digits is computed, in any room and any thread.

python-flint has one working precision for the whole process, and mpmath keeps its constants (pi with the digits asked
for last) for all contexts together, in two steps that another thread can come between.  Neither gains anything from
threads, so that they take turns.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LOCK = threading.RLock()

if hasattr(os, "register_at_fork"):  # a process must not be forked within a block of another thread
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release)


@contextmanager
def exclusive(context: Any = None, bits: int | None = None) -> Iterator[None]:
    """Hold the lock for a block; in it a context, of mpmath or python-flint, works with so many bits.

    Parameters
    ----------
    context : object with a precision ``prec``, optional
        Gets back the precision it had, however the block ends.
    bits : int, optional
        By default the context keeps the precision it has.

    Examples
    --------
    >>> import mpmath
    >>> from spinglass.arithmetic.exclusive import exclusive
    >>> context = mpmath.MPContext()
    >>> with exclusive(context, 100):
    ...     print(context.prec)
    100
    >>> print(context.prec)
    53
    """
    with LOCK:
        before = None if context is None else context.prec
        try:
            if bits is not None:
                context.prec = bits
            yield
        finally:
            if context is not None:
                context.prec = before
