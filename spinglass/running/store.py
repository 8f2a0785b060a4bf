"""The finished chunks of a run in one SQLite file, so that a run that was killed goes on where it stopped.

Table ``meta`` says in JSON what run it is; table ``chunks`` holds one record per finished chunk, each written in a
transaction of its own and read back only if its checksum is right.  While a run writes, its connection keeps SQLite's
exclusive lock.  The operating system drops that lock when the process ends, however it ends, and forked workers do
not inherit it, so that there is no stale lock.  (It is dropped as well when the process closes any other descriptor
of the file: here the file is opened by SQLite only.)
"""

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zlib import crc32

import numpy as np

from spinglass.inputs.checks import shown
from spinglass.running.streams import seed_of

FORMAT = 3  # to be changed with what records hold, or with the samples of a seed
APPLICATION = 0x53474D43  # SQLite's application_id of a store, "SGMC"
PATIENCE = 0.5  # seconds to wait for the lock: of two runs that grasp at it together one has to let go
SCHEMA = (
    "CREATE TABLE chunks (start INTEGER, stop INTEGER, record BLOB, checksum INTEGER, PRIMARY KEY (start, stop))",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)",
)


def described(parameters, seed, chunk):
    """Return what identifies a run, as JSON by key.

    Raises
    ------
    TypeError
        If the parameters cannot be written as JSON.
    """
    run = {"format": FORMAT, "version": sys.modules["spinglass"].__version__, "seed": seed, "chunk": chunk}
    try:
        run["parameters"] = dict(parameters)
        return {key: json.dumps(value, sort_keys=True) for key, value in run.items()}
    except (TypeError, ValueError) as error:
        raise TypeError(f"parameters: expected a dict that can be written as JSON, got {parameters!r}") from error


def seed_of_run(rng=None, store=None):
    """Return the seed that an rng stands for; without one that of the run in a store, if there is any.

    Errors are those of :func:`spinglass.running.streams.seed_of` and of a store.

    Examples
    --------
    >>> from spinglass.running.store import seed_of_run
    >>> seed_of_run(5), seed_of_run(None, "no-such-file.db") != seed_of_run(None, "no-such-file.db")
    (5, True)
    """
    stored = stored_seed(store) if rng is None and store is not None else None
    return seed_of(rng) if stored is None else stored


def stored_seed(path):
    """Return the seed of the run in a store, or None where there is no store yet.

    Raises
    ------
    TypeError, ValueError, OSError
        As for :class:`Store`.
    """
    path = checked_path(path)
    with _plainly(path):
        if _empty(path):
            return None
        _peek(path)
        with closing(_opened(path, "mode=rw" if _journal(path).exists() else "mode=ro")) as connection:
            connection.execute("PRAGMA application_id")  # a transaction cut off by a kill is rolled back here
            if _empty(path):
                return None
            _check_identity(path, connection)
            seed = _read(_meta(path, connection).get("seed", ""))
            if type(seed) is not int or seed < 0:
                raise ValueError(_damaged(path, "its seed is none"))
            return seed


class Store:
    """The file of one run, created if there is none (or an empty one); use it as a context.

    Parameters
    ----------
    path : str or path
    run : dict of str
        What identifies the run, from :func:`described`.

    Raises
    ------
    TypeError
        If the path is none.
    ValueError
        If the file is no store, is damaged, or is the store of another run; it is left as it is.
    BlockingIOError
        If another run is using it.
    OSError
        If it cannot be opened or written.
    """

    def __init__(self, path, run):
        self.path = path = checked_path(path)
        self._salt = _readable(run)
        with _plainly(path):
            _peek(path)
            self._connection = _opened(path, "mode=rwc")
            try:
                self._connection.execute("BEGIN EXCLUSIVE")
                self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # keeps the lock after the transaction
                if _empty(path):
                    self._create(run)
                self._check(run)
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._connection.close()

    def _create(self, run):
        for statement in (f"PRAGMA application_id = {APPLICATION}", *SCHEMA):
            self._connection.execute(statement)
        self._connection.executemany("INSERT INTO meta VALUES (?, ?)", run.items())
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN EXCLUSIVE")

    def _check(self, run):
        """Raise ValueError unless this is an intact store of the run."""
        _check_identity(self.path, self._connection)
        (state,) = _row(self._connection, "PRAGMA integrity_check(1)")
        if state != "ok":
            raise ValueError(_damaged(self.path, state))
        found = _meta(self.path, self._connection)
        if found != run:
            expected, got = (_short(_readable(part)) for part in _differing(run, found))
            raise ValueError(
                f"store: {str(self.path)!r} belongs to another run: expected {expected}, got {got}; give another path"
            )

    def finished(self) -> Iterator[tuple[int, int, np.ndarray]]:
        """Yield start, stop and record of every finished chunk; ValueError if one is damaged."""
        with _plainly(self.path):
            for start, stop, blob, checksum in self._connection.execute("SELECT * FROM chunks ORDER BY start, stop"):
                if not isinstance(blob, bytes) or checksum != self._checksum(start, stop, blob):
                    raise ValueError(_damaged(self.path, f"the chunk of samples {start} to {stop} is wrong"))
                yield start, stop, np.frombuffer(blob, dtype="<f8").astype(float)

    def keep(self, start, stop, record):
        """Write the record of a chunk in one transaction."""
        blob = record.astype("<f8").tobytes()
        with _plainly(self.path):
            row = (start, stop, blob, self._checksum(start, stop, blob))
            self._connection.execute("INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?)", row)

    def _checksum(self, start, stop, blob):
        """Return the checksum of a chunk of this very run."""
        return crc32(blob, crc32(f"{self._salt} {start} {stop}".encode()))


def checked_path(path):
    """Return the path as a str, or say in one line what is wrong with it."""
    try:
        path = os.fsdecode(path)
    except TypeError:
        raise TypeError(f"store: expected a path, got {shown(path)}") from None
    if "\0" in path:  # SQLite would stop reading there, and open another file
        raise ValueError(f"store: expected a path, got {path!r} with a NUL in it")
    return path


def _opened(path, mode):
    uri = f"{Path(path).absolute().as_uri()}?{mode}"
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)


def _peek(path):
    """Raise ValueError if the file is no store, without any trace, not even beside it.

    What a kill left in a journal only a writer can read: then it is up to the checks under the lock.
    """
    if not _empty(path) and not _journal(path).exists():
        with closing(_opened(path, "immutable=1")) as connection:
            _check_application(path, connection)


def _empty(path):
    """Tell whether there is nothing: no file, or an empty one, as a run leaves that is killed at its very start."""
    return not os.path.exists(path) or (os.path.isfile(path) and os.path.getsize(path) == 0)


def _journal(path):
    """Return the path of the journal that SQLite keeps during a transaction, and while the lock is held."""
    return Path(f"{os.fspath(path)}-journal")


def _row(connection, statement):
    return connection.execute(statement).fetchone()


def _meta(path, connection):
    """Return the description of the run, text by text; ValueError if it was written by somebody else."""
    rows = connection.execute("SELECT key, value FROM meta").fetchmany(100)
    if not all(isinstance(text, str) for row in rows for text in row):
        raise ValueError(_damaged(path, "its description is not text"))
    return dict(rows)


def _read(text):
    """Return the value of a JSON text, None where it has none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _check_application(path, connection):
    if _row(connection, "PRAGMA application_id") != (APPLICATION,):
        raise ValueError(f"store: {str(path)!r} is another database: expected a store of spinglass or a new path")


def _check_identity(path, connection):
    """Raise ValueError unless the database is a store of this format."""
    _check_application(path, connection)
    tables = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql NOTNULL ORDER BY name")]
    if tuple(tables) != SCHEMA:
        raise ValueError(_damaged(path, "its tables are not those of a store"))


def _readable(run):
    """Return a description on one line, as JSON."""
    return "{" + ", ".join(f'"{key}": {value}' for key, value in sorted(run.items())) + "}"


def _differing(run, found):
    """Return the parts of two descriptions that are not the same, those of the parameters by name."""

    def flat(description):
        outer = {key: value for key, value in description.items() if key != "parameters"}
        try:
            inner = json.loads(description.get("parameters", "{}"))
            return outer | {key: json.dumps(value, sort_keys=True) for key, value in inner.items()}
        except (AttributeError, ValueError):  # somebody else's parameters
            return dict(description)

    run, found = flat(run), flat(found)
    keys = [key for key in run.keys() | found.keys() if run.get(key) != found.get(key)]
    return [{key: part[key] for key in keys if key in part} for part in (run, found)]


def _short(text, most=400):
    """Return a text on one line, cut off where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]} .."


def _damaged(path, how):
    return f"store: {str(path)!r} is damaged ({' '.join(how.split())}): delete it or give another path"


@contextmanager
def _plainly(path):
    """Turn SQLite's errors into one line with the path."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        text, where = str(error), f"store: {str(path)!r}"
        if "locked" in text:
            raise BlockingIOError(f"{where} is in use by another run: wait for it or give another path") from None
        if any(reason in text for reason in ("unable to open", "readonly", "full", "disk I/O", "permission")):
            raise OSError(f"{where} cannot be written ({text}): give the path of a file on a local disk") from None
        if "not a database" in text:
            raise ValueError(f"{where} is another file: expected a store of spinglass or a new path") from None
        raise ValueError(_damaged(path, text)) from error
