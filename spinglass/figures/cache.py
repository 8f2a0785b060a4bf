"""Numbers of figures that were computed before, kept in a folder of the user.

A file belongs to one figure, one mode, one version of the package and one text of the module that holds the recipe with
its parameters; whatever else is found there is not read.  Files are written whole or not at all and end with a digest
of their key and content: one that is not as it was written counts as missing, whatever happened to it.
"""

import hashlib
import inspect
import io
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np

from spinglass.running.sealed import sealed, unsealed

WHOLE = "whole"


class Kept:
    """The kept numbers of one figure in one mode: the whole, or the parts finished so far."""

    def __init__(self, folder, recipe, quick):
        mode = "quick" if quick else "full"
        self.folder = folder / f"{recipe.name}-{mode}-{_fingerprint(recipe)}"

    def load(self, key=WHOLE):
        """Return a dict of arrays, or None."""
        try:
            with np.load(io.BytesIO(unsealed(self._path(key), key) or b""), allow_pickle=False) as file:
                return {str(name): file[f"arr_{i}"] for i, name in enumerate(file["names"])}
        except Exception:  # whatever is there, it is not what was kept
            return None

    def store(self, key, arrays):
        """Keep a dict of arrays and tell whether they are kept: when the folder is full or gone they are not."""
        content = io.BytesIO()
        np.savez(content, *arrays.values(), names=np.array(list(arrays)))
        return sealed(self._path(key), key, content.getvalue())

    def finish(self, arrays):
        """Keep the whole and drop its parts."""
        if self.store(WHOLE, arrays):
            for file in self.folder.iterdir():
                if file != self._path(WHOLE):
                    with suppress(OSError):
                        file.unlink()

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
