"""Stores: killed at any moment nothing finished is lost, and nothing wrong is accepted or touched."""

import os
import signal
import sqlite3
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import spinglass
from spinglass.running.run import run
from spinglass.running.store import Store, described, seed_of_run

sys.path.append(str(Path(__file__).parent))
tasks = import_module("_tasks")

posix = pytest.mark.skipif(os.name != "posix", reason="kills by the signals of POSIX")


def do(store, task=tasks.moments, samples=tasks.SAMPLES, **options):
    options = {"parameters": {"p": 3}, "rng": 1, "chunk": 64, "executor": tasks.Inline()} | options
    return run(task, samples, store=store, **options)


def script(code, *arguments):
    return tasks.script("from test_store import do\n" + code, *arguments)


@pytest.fixture(scope="module")
def serial():
    return do(None)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.db"


@pytest.fixture
def half(path):
    do(path, samples=512)
    return path


def test_a_finished_run_is_read_back(path, serial):
    assert tasks.same(do(path), serial)
    assert tasks.same(do(path, tasks.Raising(AssertionError())), serial)
    assert sorted(file.name for file in path.parent.iterdir()) == ["run.db"]


def test_what_the_file_holds(half):
    with closing(sqlite3.connect(half)) as connection:
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        rows = connection.execute("SELECT start, stop, record FROM chunks ORDER BY start").fetchall()
    version = f'"{spinglass.__version__}"'
    assert meta == {"format": "3", "version": version, "seed": "1", "chunk": "64", "parameters": '{"p": 3}'}
    assert [row[:2] for row in rows] == [(i, i + 64) for i in range(0, 512, 64)]
    np.testing.assert_array_equal(np.frombuffer(rows[0][2]), do(None)[0])


def test_a_run_may_become_longer_or_shorter(path, serial):
    for samples in (100, 500, 1000, 70, 1000):
        assert tasks.same(do(path, samples=samples), do(None, samples=samples))
    assert tasks.same(do(path), serial)


def test_without_rng_the_store_knows_the_seed(path):
    first = do(path, rng=None, samples=100)
    assert tasks.same(do(path, rng=None, samples=100), first)
    assert tasks.same(do(None, rng=seed_of_run(None, path), samples=100), first)
    assert not tasks.same(do(None, rng=None, samples=100), first)
    assert seed_of_run(None, path.with_name("none")) != seed_of_run(None, path.with_name("none"))


# -- killed


@posix
def test_killed_and_resumed(path, serial):
    task = tasks.Once(str(path.with_name("flag")))
    code = f"do({str(path)!r}, {task!r})"
    assert tasks.output(script(code))[0] == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (7,)
    assert tasks.same(do(path, executor=None), serial)


@posix
def test_killed_while_its_forked_workers_live_on(path, serial):
    """The lock is free although the orphans have inherited the descriptor of the file."""
    task = tasks.Once(str(path.with_name("flag")), parent=True)
    code = f"""
import multiprocessing as m
from concurrent.futures import ProcessPoolExecutor
do({str(path)!r}, {task!r}, executor=ProcessPoolExecutor(2, mp_context=m.get_context("fork")))
"""
    process = script(code)
    try:
        assert process.wait(60) == -signal.SIGKILL
        assert tasks.same(do(path), serial)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@posix
@pytest.mark.parametrize("before", ["COMMIT", "CREATE"])
def test_killed_within_a_transaction(path, serial, before):
    """A half-written transaction, at the creation of the file or later, is rolled back."""
    if before == "COMMIT":
        do(path, samples=512)
    code = f"""
import os, signal, sqlite3
connection = sqlite3.connect({str(path)!r}, isolation_level=None)
connection.execute("PRAGMA cache_size = 1")  # pages go to the file before the transaction ends
connection.execute("BEGIN EXCLUSIVE")
connection.execute("CREATE TABLE more (x)")
connection.executemany("INSERT INTO more VALUES (zeroblob(?))", [(5000,)] * 100)
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert tasks.output(script(code))[0] == -signal.SIGKILL
    assert os.path.getsize(f"{path}-journal") > 0 and path.stat().st_size > 100_000
    assert seed_of_run(None, path) == 1 or before == "CREATE"
    assert tasks.same(do(path), serial)


@posix
def test_killed_at_any_time(path):
    code = """
signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, float(sys.argv[2]))
do(sys.argv[1], cheap, samples=64 * 1000)
"""
    for seconds in ("0.001", "0.003", "0.01", "0.03", "0.1"):
        assert tasks.output(script(code, str(path), seconds))[0] == -signal.SIGALRM
    assert tasks.same(do(path, tasks.cheap, samples=64 * 1000), do(None, tasks.cheap, samples=64 * 1000))


@posix
def test_a_full_disk(path, serial):
    code = f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
do({str(path)!r}, samples=64 * 1000)
"""
    status, _, err = tasks.output(script(code))
    assert status == 1 and err.splitlines()[-1].startswith("OSError: store: ")
    assert tasks.same(do(path), serial)


# -- two at once


def test_of_two_racing_runs_one_wins(path, serial):
    lost = path.with_name("lost")
    code = f"""
try:
    do({str(path)!r}, Waiting({str(lost)!r}))
except BlockingIOError as error:
    Path({str(lost)!r}).touch()
    sys.exit(str(error))
"""
    outputs = sorted(tasks.output(process) for process in [script(code), script(code)])
    assert [status for status, _, _ in outputs] == [0, 1]
    assert outputs[1][2] == f"store: {str(path)!r} is in use by another run: wait for it or give another path\n"
    assert tasks.same(do(path), serial)


def test_two_runs_of_one_process(path):
    with Store(path, described({"p": 3}, 1, 64)):
        with pytest.raises(BlockingIOError, match="in use by another run"):
            do(path)
        with pytest.raises(BlockingIOError, match="in use by another run"):
            seed_of_run(None, path)
    do(path)


# -- refused, and left as it is


def refused(path, error, message, **options):
    before = path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())
    with pytest.raises(error, match=message) as caught:
        do(path, **options)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())) == before


@pytest.mark.parametrize(
    ("options", "differs"),
    [
        ({"parameters": {"p": 4}}, r'expected \{"p": 4\}, got \{"p": 3\};'),
        ({"rng": 2}, r'expected \{"seed": 2\}, got \{"seed": 1\};'),
        ({"chunk": 128}, r'expected \{"chunk": 128\}, got \{"chunk": 64\};'),
        ({"parameters": {}}, r'expected \{\}, got \{"p": 3\};'),
    ],
)
def test_the_store_of_another_run_tells_what_differs(half, options, differs):
    refused(half, ValueError, f"belongs to another run: {differs}", **options)


def test_the_store_of_another_version(half, monkeypatch):
    monkeypatch.setattr(spinglass, "__version__", "7.0")
    refused(half, ValueError, r'"version": "7.0"\}, got .*"version": "0')


@pytest.mark.parametrize("text", ["x", "not a database", "SQLite format 3", "a" * 10_000])
def test_a_file_of_another_kind(path, text):
    path.write_text(text)
    refused(path, ValueError, "another file|another database|damaged")


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_database_of_another_program(path, mode):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
    refused(path, ValueError, "another database: expected a store of spinglass")


@pytest.mark.parametrize("left", [1, 20, 99, 100, 512, 4095, 4096, 5000, 0.5, -4096, -1])
def test_a_truncated_store(half, left):
    content = half.read_bytes()
    half.write_bytes(content[: int(left * len(content)) if isinstance(left, float) else left])
    refused(half, ValueError, "damaged|another database|another file")


def test_an_empty_file_is_a_new_store(path, serial):
    path.touch()
    assert tasks.same(do(path), serial)


def test_a_wrong_byte_is_noticed_or_harmless(half, serial):
    content = half.read_bytes()
    rng, noticed = np.random.default_rng(1), 0
    used = np.flatnonzero(np.frombuffer(content, dtype=np.uint8))
    for place in [*range(100), *rng.choice(used, size=200, replace=False)]:
        changed = bytearray(content)
        changed[place] ^= 1 << rng.integers(8)
        half.write_bytes(changed)
        try:
            assert tasks.same(do(half), serial)
        except (ValueError, OSError) as error:
            noticed += 1
            assert str(error).startswith("store: ") and half.read_bytes() == changed
    assert noticed > 200


def test_records_that_change_places_are_noticed(half):
    """Each with its own checksum, which holds for its samples and for no others."""
    with closing(sqlite3.connect(half)) as connection:
        rows = connection.execute("SELECT record, checksum, start FROM chunks WHERE start IN (64, 128)").fetchall()
        assert len(rows) == 2
        for (record, checksum, _), (_, _, start) in zip(rows, rows[::-1], strict=True):
            connection.execute("UPDATE chunks SET record = ?, checksum = ? WHERE start = ?", (record, checksum, start))
        connection.commit()
    with pytest.raises(ValueError, match=r"damaged .* samples 64 to 128"):
        do(half)


def test_a_wrong_seed_is_noticed_although_it_is_read_from_the_store(half):
    with closing(sqlite3.connect(half)) as connection, connection:
        connection.execute("UPDATE meta SET value = '2' WHERE key = 'seed'")
    refused(half, ValueError, "damaged", rng=None)


@pytest.mark.parametrize("where", [".", "missing/run.db", "/proc/run.db", "/proc/version", "/dev/null", "flag/run.db"])
def test_a_path_that_cannot_be_written(tmp_path, where):
    (tmp_path / "flag").touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises((OSError, ValueError), match=r"^store: ") as caught:
        do(tmp_path / where)
    assert "\n" not in str(caught.value) and sorted(tmp_path.iterdir()) == before


# -- written by somebody else


@pytest.mark.parametrize("rng", [1, None])
def test_a_path_with_a_nul_does_not_lead_to_another_file(half, rng):
    before = half.read_bytes()
    with pytest.raises(ValueError, match=r"^store: expected a path, got .* with a NUL in it$"):
        do(f"{half}\0.db", rng=rng, samples=1024)
    assert half.read_bytes() == before and [*half.parent.iterdir()] == [half]


@pytest.mark.parametrize("wrong", [3, 1.5, ["run.db"], True, object])
def test_what_is_no_path(wrong):
    for rng in (1, None):
        with pytest.raises(TypeError, match=r"^store: expected a path, got [^\n]*$"):
            do(wrong, rng=rng)


def test_paths_of_every_kind(path, serial):
    for given in (str(path), os.fsencode(path), path):
        assert tasks.same(do(given), serial)
    strange = path.with_name("100% ?#&;\u00e9 run.db")
    assert tasks.same(do(strange), serial) and strange.exists()


META = [
    ("seed", None),
    ("seed", b"1"),
    ("seed", ""),
    ("seed", "-1"),
    ("seed", "1.0"),
    ("seed", "true"),
    ("seed", "null"),
    ("seed", '"x"'),
    ("seed", "[1, 2]"),
    ("seed", "{"),
    ("seed", "[" * 100_000),
    ("seed", '{"a":' * 100_000),
    ("seed", "1" * 5000),
    ("seed", "NaN"),
    ("chunk", None),
    ("chunk", b"\xff"),
    ("parameters", "x" * 10**6),
    ("parameters", '{"p":\n3}'),
    ("a\nb", "c\r\nd"),
    (None, "1"),
    (b"\x00", "1"),
    (None, None),
]


@pytest.mark.parametrize("rng", [1, None])
@pytest.mark.parametrize("row", META, ids=range(len(META)))
def test_a_description_by_hand_is_refused_in_one_line(half, row, rng):
    with closing(sqlite3.connect(half)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", row)
    refused(half, ValueError, r"^store: .* (is damaged|belongs to another run)", rng=rng)
    with pytest.raises(ValueError) as caught:
        do(half, rng=rng)
    assert len(str(caught.value)) < 2000


def test_a_description_without_a_seed(half):
    with closing(sqlite3.connect(half)) as connection, connection:
        connection.execute("DELETE FROM meta")
    refused(half, ValueError, "its seed is none", rng=None)
    refused(half, ValueError, "belongs to another run", rng=1)


def test_text_that_is_no_unicode(half):
    with closing(sqlite3.connect(half)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('seed', CAST(x'ff' AS TEXT))")
    for rng in (1, None):
        refused(half, ValueError, "damaged", rng=rng)


@pytest.mark.parametrize("record", [None, "text", 3, b"", b"1234567", b"12345678"])
def test_a_record_by_hand(half, record):
    with closing(sqlite3.connect(half)) as connection, connection:
        connection.execute("UPDATE chunks SET record = ? WHERE start = 64", (record,))
    refused(half, ValueError, "damaged")
