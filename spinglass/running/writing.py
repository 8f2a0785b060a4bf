"""Files written whole or not at all: into a new file beside the old one, which takes its place at the end."""

import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def written(path, name):
    """Open, to write bytes, what becomes the file ``path`` if the block ends well, and else leaves no trace.

    What is no file, such as /dev/stdout, is opened itself.

    Parameters
    ----------
    path : str or path
    name : str
        Of the argument, for the message.

    Raises
    ------
    OSError
        If it cannot be written, in one line with the path.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from spinglass.running.writing import written
    >>> folder = Path(tempfile.mkdtemp())
    >>> with written(folder / "new", "out") as file:
    ...     file.write(b"whole")
    5
    >>> [(path.name, path.read_bytes()) for path in folder.iterdir()]
    [('new', b'whole')]
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                yield file
            return
        target = Path(os.path.realpath(target))  # behind a link, the link stays
        file = _beside(target)
        try:
            with file:
                yield file
            os.replace(file.name, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(f"{name}: expected a file that can be written, got {path}: {error.strerror or error}") from None


def check_writable(path, name):
    """Raise the OSError of :func:`written` at once where nothing can be written; nothing is changed."""
    if Path(path).is_dir():
        raise OSError(f"{name}: expected a file that can be written, got {path}: it is a folder")
    if Path(path).exists() and not Path(path).is_file():
        return
    with suppress(_Undone), written(path, name):
        raise _Undone


class _Undone(Exception):
    pass


def _beside(target):
    """Open a new file beside the target, with its permissions or those of any new file."""
    exists = target.exists()
    if exists and not os.access(target, os.W_OK):
        raise PermissionError(None, "permission denied")
    file = target.with_name(f"{target.name[:100]}.{secrets.token_hex(4)}.tmp").open("xb")
    if exists:
        with suppress(OSError):
            shutil.copymode(target, file.name)
    return file
