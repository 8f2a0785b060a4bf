"""Files that end with a digest of their key and content: one that is not as it was written counts as missing."""

import hashlib
from pathlib import Path

from spinglass.running.writing import written

DIGEST = hashlib.sha256().digest_size  # bytes at the end of a file, which readers of npz files pass over


def unsealed(path, key):
    """Return the content that was written under this key, or None: whatever happened to the file.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from spinglass.running.sealed import sealed, unsealed
    >>> file = Path(tempfile.mkdtemp()) / "kept"
    >>> sealed(file, "a", b"what was computed"), unsealed(file, "a"), unsealed(file, "b")
    (True, b'what was computed', None)
    """
    try:
        found = Path(path).read_bytes()
    except OSError:
        return None
    content = found[:-DIGEST]
    return content if found[-DIGEST:] == digest(key, content) else None


def sealed(path, key, content):
    """Write bytes, whole or not at all, and tell whether they are kept: where nothing can be written they are not."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written(path, "cache") as file:
            file.write(content + digest(key, content))
    except OSError:
        return False
    return True


def digest(key, content):
    """Return what stands at the end of a file."""
    return hashlib.sha256(key.encode() + b"\0" + content).digest()
