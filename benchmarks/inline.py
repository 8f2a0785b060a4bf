"""An executor without workers: the serial baseline of everything parallel."""

from concurrent.futures import Executor, Future


class Inline(Executor):
    """Do the work in the calling thread."""

    def submit(self, function, *arguments):
        future = Future()
        future.set_result(function(*arguments))
        return future
