"""How kernels are compiled: without the lock of the interpreter, and kept on disk where there is a place for it."""

from contextlib import suppress

from numba import njit, types
from numba.extending import register_jitable

from spinglass.running.kernel_cache import KernelCache

#: Options of ``numba.njit``.  Never ``fastmath``: numba compiles complex division and the like once in a process, with
#: the flags of whoever asks first, so that the bits of all kernels would depend on the order of their compilation.
OPTIONS = {"nogil": True, "error_model": "numpy"}


def _kept(**options):
    """Return a decorator that compiles functions of the package when they are called and keeps them on disk."""

    def compiled(function):
        dispatcher = njit(**OPTIONS, **options)(function)
        with suppress(OSError, ValueError):  # without sources, or of another package: not kept
            if dispatcher is not function:  # as it is where NUMBA_DISABLE_JIT is set
                dispatcher._cache = KernelCache(function)
        return dispatcher

    return compiled


def decorators(**options):
    """Return the decorators of kernels, which Python calls, and of their parts, with further options of ``numba.njit``.

    A part is compiled into kernels only; called by Python it is the Python that it is written in.  It is compiled for
    every literal int among its arguments: one that differs from call to call is written ``np.int64(n)``.
    """
    options = {"no_cfunc_wrapper": True, **options}
    return _kept(**options), register_jitable(error_model="numpy", **options)


kernel, part = decorators()

#: The decorator of functions that kernels take as arguments, see :class:`Handed`.
handed = _kept()


class Handed:
    """A compiled function as an argument of kernels, which call it by its address.

    What a kernel calls by name is compiled into it, and with it once more into all that call the kernel.  A function
    that is handed over is compiled once, and so is the kernel that takes it, whichever function it gets.  It must not
    raise.

    Parameters
    ----------
    function : callable
        Decorated by ``handed``.
    arguments : sequence of numba types
        What it takes.

    Examples
    --------
    >>> from numba import float64
    >>> from numba import njit
    >>> from spinglass.running.compiled import Handed
    >>> twice = njit(lambda f, x: f(f(x)))
    >>> twice(Handed(njit(lambda x: x / 2), (float64,)), 6.0)
    1.5
    """

    def __init__(self, function, arguments):
        function.compile(arguments)
        result = function.overloads[arguments]
        self._numba_type_ = types.FunctionType(result.signature)
        self._result = result  # holds the code that the address points to
        self._address = result.library.get_pointer_to_function(result.fndesc.llvm_cfunc_wrapper_name)

    def __wrapper_address__(self):
        return self._address
