"""Numbers of figures that were computed before, kept in a folder of the user.

A file belongs to one figure, one mode, one version of the package and one text of the module that holds the recipe with
its parameters; whatever else is found there is not read.  Files are written whole or not at all, and one that cannot
be read counts as missing.
"""

import hashlib
import inspect
import io
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

import numpy as np

#: What reading a damaged npz file can raise.
DAMAGED = (OSError, ValueError, KeyError, EOFError, IndexError, zipfile.BadZipFile, zlib.error)
WHOLE = "whole"


def cache_folder(cache=None):
    """Return the folder of kept numbers, None for none.

    Parameters
    ----------
    cache : None, False or path
        None: SPINGLASS_CACHE if it is set, otherwise the place where the platform keeps such files.  False: none.

    Raises
    ------
    OSError
        If a folder given by name cannot be made and written; the default one is then left alone.

    Examples
    --------
    >>> from spinglass.figures.cache import cache_folder
    >>> cache_folder(False) is None
    True
    """
    if cache is False:
        return None
    named = cache or os.environ.get("SPINGLASS_CACHE")
    try:
        return writable_folder(named or _platform_folder() / "spinglass", "cache")
    except OSError:
        if named:
            raise
        return None


def _platform_folder():
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    default = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or default)


def writable_folder(folder, name="out"):
    """Make a folder if need be and return it, or say in one line why it cannot be used."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"{name}: expected a folder that can be made and written, got {folder}: {error.strerror}"
        ) from None
    if not os.access(folder, os.W_OK):
        raise OSError(f"{name}: expected a folder that can be written, got {folder}: permission denied")
    return folder


class Kept:
    """The kept numbers of one figure in one mode: the whole, or the parts finished so far."""

    def __init__(self, folder, recipe, quick):
        mode = "quick" if quick else "full"
        self.folder = folder / f"{recipe.name}-{mode}-{_fingerprint(recipe)}"

    def load(self, key=WHOLE):
        """Return a dict of arrays, or None."""
        try:
            with np.load(io.BytesIO(self._path(key).read_bytes()), allow_pickle=False) as file:
                return {str(name): file[f"arr_{i}"] for i, name in enumerate(file["names"])}
        except DAMAGED:
            return None

    def store(self, key, arrays):
        """Keep a dict of arrays; when the folder is full or gone the numbers are simply not kept."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".tmp", delete=False) as file:
                np.savez(file, *arrays.values(), names=np.array(list(arrays)))
            os.replace(file.name, self._path(key))
        except OSError:
            return

    def finish(self, arrays):
        """Keep the whole and drop its parts."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.store(WHOLE, arrays)

    def _path(self, key):
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.npz"


def _fingerprint(recipe):
    """Return a digest of the version and of the text of the paper's module or folder."""
    digest = hashlib.sha256(sys.modules["spinglass"].__version__.encode())
    file = Path(inspect.getfile(inspect.unwrap(recipe.parts)))
    paper_has_a_folder = file.parent.parent == Path(__file__).parent
    for path in sorted(file.parent.glob("*.py")) if paper_has_a_folder else [file]:
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]
