"""Folders: where the package keeps what it computed, and folders that can be written.

What is kept are compiled functions (:mod:`spinglass.running.kernel_cache`) and the numbers of figures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spinglass.inputs.annotations import FilePath


def cache_folder(cache=None):
    """Return the folder of what is kept, made and writable; None for none.

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
    >>> from spinglass.running.folders import cache_folder
    >>> cache_folder(False) is None
    True
    """
    if cache is False:
        return None
    named = cache or os.environ.get("SPINGLASS_CACHE")
    try:
        return writable_folder(named or platform_folder(), "cache")
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        if named:
            raise
        return None


def platform_folder():
    r"""Return the folder of the package among those where the platform keeps what can be computed again.

    That is ``~/.cache/spinglass`` or ``XDG_CACHE_HOME/spinglass``, of macOS ``~/Library/Caches/spinglass`` and of
    Windows ``LOCALAPPDATA\spinglass``.

    Raises
    ------
    RuntimeError
        If the user has no home.
    """
    windows = sys.platform == "win32"
    named = os.environ.get("LOCALAPPDATA" if windows else "XDG_CACHE_HOME")
    if named:
        return Path(named) / "spinglass"
    caches = "AppData/Local" if windows else "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path.home() / caches / "spinglass"


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
