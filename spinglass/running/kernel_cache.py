"""Compiled functions on disk: found again where nothing they are made of has changed, and kept wherever there is room.

A folder belongs to one module in one state, ``psi-`` and digits, which are a digest of its source, of the sources
that it imports and of the versions of what compiles them.  (numba's own cache looks at the file of a function and not
at what the function calls.)  A file belongs to one function, its types and the processor, and is named after them: what
several processes, also of several machines, keep at the same time is the same or beside it.

The first folder that can be written takes what is compiled: that of numba, where ``NUMBA_CACHE_DIR`` is set; that of
the package (:func:`spinglass.running.folders.cache_folder`: ``SPINGLASS_CACHE`` or the user's); one beside the
source.  Where none can, functions are compiled in every process.  All are read, also those that cannot be written.
"""

import functools
import hashlib
import os
import pickle
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import numba
import numpy
import scipy
from numba.core import config
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from spinglass.running.first_time import FirstTime
from spinglass.running.folders import platform_folder, writable_folder
from spinglass.running.sealed import sealed, unsealed
from spinglass.running.source_digest import PACKAGE, source_digest

STATES = 8  # of a module that are kept: those used last

VERSIONS = (sys.version, numba.__version__, numpy.__version__, scipy.__version__)


def places():
    """Return the folders where compiled functions may be, in the order in which they are asked."""
    found = [Path(config.CACHE_DIR) / "spinglass"] if config.CACHE_DIR else []
    named = os.environ.get("SPINGLASS_CACHE")
    with suppress(RuntimeError):  # a user without a home
        found.append((Path(named) if named else platform_folder()) / "kernels")
    return [*found, PACKAGE / "__pycache__" / "kernels"]


def kept_in():
    """Return the folder that takes what is compiled, made and writable, or None.

    Examples
    --------
    >>> from spinglass.running.kernel_cache import kept_in
    >>> folder = kept_in()
    >>> folder is None or folder.is_dir()
    True
    """
    for folder in places():
        with suppress(OSError):
            return writable_folder(folder)
    return None


clock = FirstTime(kept_in)


class KernelCache:
    """What numba asks for a compiled function before it compiles, and gives it afterwards.

    Parameters
    ----------
    function : function
        Of a module of the package.
    """

    def __init__(self, function):
        self._function = function
        file = function.__code__.co_filename
        self._module = ".".join(Path(file).relative_to(PACKAGE).with_suffix("").parts)
        self._state = f"{self._module}-{_state(file)}"  # now: the file may be edited before the first call

    def __repr__(self):
        return f"<KernelCache of {self._function.__qualname__}>"

    @property
    def cache_path(self):
        """The folder that is asked first."""
        return str(places()[0] / self._state)

    def load_overload(self, sig, target_context):
        """Return what was compiled for these types, or None."""
        target_context.refresh()
        key = self._key(sig, target_context.codegen())
        for place in places():
            folder = place / self._state
            content = unsealed(folder / self._name(key), key)
            if content is not None:
                with suppress(Exception):  # whatever it is, it is not what was kept
                    found = CompileResult._rebuild(target_context, *pickle.loads(content))
                    _touch(folder)
                    return found
        clock.begin((self._function, key))
        return None

    def save_overload(self, sig, data):
        """Keep what was compiled for these types."""
        key = self._key(sig, data.codegen)
        clock.end((self._function, key))
        if any(not loop.can_cache for loop in data.lifted) or data.library.has_dynamic_globals:
            return
        with suppress(Exception):  # as what stays in memory serves this process
            content = dumps(data._reduce())
            for place in places():
                if sealed(place / self._state / self._name(key), key, content):
                    _tidy(place, self._module)
                    return

    def enable(self):
        """Do nothing: it is enabled."""

    def disable(self):
        """Do nothing."""

    def flush(self):
        """Do nothing: what changed is not found."""

    def _key(self, sig, codegen):
        code = self._function.__code__
        closure = dumps(tuple(cell.cell_contents for cell in self._function.__closure__ or ()))
        body = hashlib.sha256(code.co_code + closure).hexdigest()
        return repr((self._function.__qualname__, code.co_firstlineno, body, sig, codegen.magic_tuple()))

    def _name(self, key):
        name = self._function.__qualname__.replace("<", "").replace(">", "")
        return f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:24]}.kernel"


@functools.lru_cache(1024)
def _state(file):
    return hashlib.sha256(repr((source_digest(file), VERSIONS)).encode()).hexdigest()[:24]


@functools.lru_cache(1024)
def _touch(folder):
    """Note that a folder is used, once in a process."""
    with suppress(OSError):
        os.utime(folder)


@functools.lru_cache(1024)
def _tidy(place, module):
    """Remove the states of a module that were not used for longest, once in a process."""

    def used(folder):
        with suppress(OSError):
            return folder.stat().st_mtime
        return 0.0

    with suppress(OSError):
        states = [folder for folder in place.glob(f"{module}-*") if folder.is_dir()]
        for folder in sorted(states, key=used, reverse=True)[STATES:]:
            shutil.rmtree(folder, ignore_errors=True)
