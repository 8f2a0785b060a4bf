"""Copies of the package, with a small compiled function in two modules, and programs that run in them."""

import os
import shutil
import stat
from pathlib import Path

import spinglass

PACKAGE = Path(spinglass.__file__).parent

#: A compiled function, and what it calls in another module.
KERNEL = "from spinglass.running.compiled import kernel\nfrom spinglass.toy_part import FACTOR, scale\n\n\n"
KERNEL += "@kernel\ndef toy(x):\n    return FACTOR * scale(x)\n"
PART = "from spinglass.running.compiled import part\n\nFACTOR = 2.0\n\n\n@part\ndef scale(x):\n    return 10 * x\n"

#: Prints the value, how many functions were compiled, and how many were found on disk.
CALL = "from spinglass.toy import toy; print(toy(1.5), len(toy.stats.cache_misses), len(toy.stats.cache_hits))"


def copy(folder):
    """Copy the package with the small function into a folder."""
    package = folder / "spinglass"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "toy.py").write_text(KERNEL)
    (package / "toy_part.py").write_text(PART)
    return package


def environment(folder, **named):
    """Return the variables of a process that uses the copy, and nobody's cache but what is named."""
    mine = {"NUMBA_CACHE_DIR", "SPINGLASS_CACHE", "SPINGLASS_QUIET", "XDG_CACHE_HOME", "LOCALAPPDATA", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in mine}
    quiet = {"SPINGLASS_QUIET": "1"}  # on a slow machine also a small function takes a second
    own = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/dev/null/none"}
    return {**kept, **own, **quiet, **named}


def python(programs, code, folder, anybody=False, **named):
    """Run a program; without the right of root to write everywhere, where that is asked."""
    bound = UNBIND if anybody and os.geteuid() == 0 else ""
    (done,) = programs.run([bound + code], folder, environment(folder, **named))
    return done


#: Lets permissions hold for root, which gives up its capability to override them (CAP_DAC_OVERRIDE, bit 1).
UNBIND = """
import ctypes
header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert not ctypes.CDLL(None).capget(header, sets)
sets[0], sets[1] = sets[0] & ~2, sets[1] & ~2
assert not ctypes.CDLL(None).capset(header, sets)
"""


def read_only(folder):
    """Take the permission to write from a folder and all in it, and let everybody read."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def writable(folder):
    """Give it back."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
