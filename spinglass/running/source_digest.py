"""What a module computes depends on: its own text and that of all modules of the package that it imports.

Compiled functions contain what they call, so that this, with the versions of what compiled them, is what they are kept
under: an edit is noticed wherever it is made, and recompiles no module but those above it.
"""

import functools
import hashlib
import re
from pathlib import Path

PACKAGE = Path(__file__).parents[1]

#: ``from spinglass.a.b import c, d``, anywhere in a file; a test holds that the package imports itself in no other way.
IMPORT = re.compile(rf"^\s*from ({PACKAGE.name}(?:\.\w+)*) import (\([^)]*\)|[^\n(]*)", re.M)


@functools.lru_cache(1024)
def source_digest(file, package=PACKAGE):
    """Return a digest of the text of a file and of all files of the package that it imports, and those import.

    Parameters
    ----------
    file : path
        In the package.

    Returns
    -------
    str
        32 hexadecimal digits.

    Examples
    --------
    >>> from spinglass.running.source_digest import PACKAGE, source_digest
    >>> len(source_digest(PACKAGE / "spectra" / "dyson" / "psi.py"))
    32
    """
    total = hashlib.sha256()
    for name in sorted(closure(Path(file), package)):
        total.update(name.as_posix().encode() + b"\0" + _bytes(package / name) + b"\0")
    return total.hexdigest()[:32]


def closure(file, package=PACKAGE):
    """Return the paths, from the package, of a file and of all files of the package below it."""
    found, new = set(), {file.relative_to(package)}
    while new:
        found |= new
        new = {other for path in new for other in imported(package / path, package)} - found
    return found


def imported(path, package=PACKAGE):
    """Return the paths, from the package, of the files of the package that a file imports by itself."""
    names = set()
    for module, things in IMPORT.findall(_bytes(path).decode()):
        names |= {module, *(f"{module}.{thing}" for thing in re.findall(r"\w+", things))}
    places = [package.joinpath(*name.split(".")[1:]) for name in names]
    files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
    return {file.relative_to(package) for file in files if file.is_file()}


@functools.lru_cache(1024)
def _bytes(path):
    return path.read_bytes()
