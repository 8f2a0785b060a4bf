"""An executor without workers: the calling thread does the work, one call after the other."""

from concurrent.futures import Executor, Future


class Inline(Executor):
    """Do every call when it is submitted; for work that must not be done twice at a time.

    Examples
    --------
    >>> from spinglass.running.inline import Inline
    >>> Inline().submit(max, 1, 2).result()
    2
    """

    def submit(self, function, /, *args, **kwargs):
        """Return a future that is done; an error of the call is raised at once."""
        future = Future()
        future.set_result(function(*args, **kwargs))
        return future
