"""Numbers of figures that were computed before, kept in a folder of the user.

A file belongs to one figure, one mode, one version of the package and one text of the module that holds the recipe with
its parameters; whatever else is found there is not read.  Files are written whole or not at all and end with a digest
of their key and content: one that is not as it was written counts as missing, whatever happened to it.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spinglass.running.writing import written

if TYPE_CHECKING:
    from spinglass.inputs.annotations import FilePath

DIGEST = hashlib.sha256().digest_size  # bytes at the end of a file, which readers of npz files pass over
WHOLE = "whole"


def cache_folder(cache=None):
    """Return the folder of kept numbers, None for none.

    Parameters
    ----------
    cache : None, False or path
        None: SPINGLASS_CACHE if it is set, otherwise the place where the platform keeps such files; none where it
        has no place that can be written.  False: none.

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
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        if named:
            raise
        return None


def _platform_folder():
    windows = sys.platform == "win32"
    named = os.environ.get("LOCALAPPDATA" if windows else "XDG_CACHE_HOME")
    if named:
        return Path(named)
    return Path.home() / ("AppData/Local" if windows else "Library/Caches" if sys.platform == "darwin" else ".cache")


def writable_folder(folder: FilePath, name: str = "out") -> Path:
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
            found = self._path(key).read_bytes()
            content = found[:-DIGEST]
            if found[-DIGEST:] != _digest(key, content):
                return None
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                return {str(name): file[f"arr_{i}"] for i, name in enumerate(file["names"])}
        except Exception:  # whatever is there, it is not what was kept
            return None

    def store(self, key, arrays):
        """Keep a dict of arrays and tell whether they are kept: when the folder is full or gone they are not."""
        content = io.BytesIO()
        np.savez(content, *arrays.values(), names=np.array(list(arrays)))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with written(self._path(key), "cache") as file:
                file.write(content.getvalue() + _digest(key, content.getvalue()))
        except OSError:
            return False
        return True

    def finish(self, arrays):
        """Keep the whole and drop its parts."""
        if self.store(WHOLE, arrays):
            for file in self.folder.iterdir():
                if file != self._path(WHOLE):
                    with suppress(OSError):
                        file.unlink()

    def _path(self, key):
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.npz"


def _digest(key, content):
    return hashlib.sha256(key.encode() + b"\0" + content).digest()


def _fingerprint(recipe):
    """Return a digest of the version and of the text of the paper's module or folder."""
    digest = hashlib.sha256(sys.modules["spinglass"].__version__.encode())
    file = Path(inspect.getfile(inspect.unwrap(recipe.parts)))
    paper_has_a_folder = file.parent.parent == Path(__file__).parent
    for path in sorted(file.parent.glob("*.py")) if paper_has_a_folder else [file]:
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]
