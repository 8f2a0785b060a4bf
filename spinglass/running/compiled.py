"""How kernels are compiled: without the lock of the interpreter, and kept on disk where there is a place for it."""

from pathlib import Path
from types import FunctionType

from numba import njit


def kept_on_disk(package=Path(__file__).parents[1]):
    """Tell whether numba finds a place for compiled kernels of every room: beside them, or in the user's cache folder.

    Examples
    --------
    >>> kept_on_disk() in (True, False)
    True
    """
    for file in package.glob("*/**/__init__.py"):
        beside = _nothing.__code__.replace(co_filename=str(file))
        try:
            njit(cache=True)(FunctionType(beside, {}))
        except RuntimeError:  # "no locator available": there is nowhere to write
            return False
    return True


def _nothing():
    pass


#: Options of ``numba.njit``.
OPTIONS = {"cache": kept_on_disk(), "nogil": True, "error_model": "numpy"}
