"""Kept numbers, tables and pictures: written whole or not at all, read back as they were written or not at all."""

import gc
import os
import sys
import warnings
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest

from spinglass import figures
from spinglass.command_line.program import main
from spinglass.figures.cache import WHOLE, Kept
from spinglass.running.folders import cache_folder
from spinglass.running.sealed import digest
from spinglass.running.writing import check_writable, written

ARRAYS = {"a": np.array([1, -2], dtype=np.int16), "b": np.array(0.1), "c": np.array([True])}


@contextmanager
def full_disk(size=100):
    """Let no file grow beyond so many bytes."""
    resource = pytest.importorskip("resource", reason="limits files as POSIX does")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def kept(laboratory, tmp_path):
    found = Kept(tmp_path, laboratory.recipe(), False)
    assert found.store(WHOLE, ARRAYS)
    return found


def test_whatever_happened_to_a_kept_file_it_counts_as_missing(kept, monkeypatch):
    """Every bit is flipped, every block of 16 bytes zeroed, every end cut off, and it is given to another key."""
    (path,) = kept.folder.iterdir()
    content, tried = path.read_bytes(), 0
    for name, value in kept.load().items():
        np.testing.assert_array_equal(value, ARRAYS[name], strict=True)
    kept._path("part").write_bytes(content)
    assert kept.load("part") is None
    damaged = [content[:size] for size in range(len(content))] + [content + b"\0"]
    for place in range(len(content)):
        for bit in range(8):
            damaged.append(content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :])
    for place in range(0, len(content), 16):
        damaged.append(content[:place] + bytes(len(content[place : place + 16])) + content[place + 16 :])
    monkeypatch.setattr(Kept, "_path", lambda *_: SimpleNamespace(read_bytes=lambda: wrong))
    for wrong in damaged:
        if wrong != content:
            assert kept.load() is None
            tried += 1
    assert tried > 9 * len(content)


def test_what_else_is_in_the_place_of_a_kept_file_counts_as_missing(kept):
    kept._path("part").mkdir()
    assert kept.load("part") is None
    for content in (b"", b"text", np.arange(3).tobytes()):
        kept._path(WHOLE).write_bytes(content + digest(WHOLE, content))
        assert kept.load() is None
    assert kept.store(WHOLE, {"objects": np.array([None])})
    assert kept.load() is None  # objects are not read


def test_a_kept_file_is_read_by_numpy_as_well(kept):
    (path,) = kept.folder.iterdir()
    with np.load(path) as file:
        assert file["names"].tolist() == list(ARRAYS) and file["arr_0"].tolist() == [1, -2]


def test_on_a_full_disk_nothing_is_kept_and_nothing_is_left(laboratory, tmp_path):
    with full_disk():
        numbers = figures.data("paper-1", cache=tmp_path)
    assert numbers["a b"].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_parts_are_dropped_only_when_the_whole_is_kept(laboratory, tmp_path):
    store = Kept.store
    laboratory.broken = {"c/d"}
    with pytest.raises(ArithmeticError):
        figures.data("paper-1", cache=tmp_path)
    laboratory.broken = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kept, "store", lambda self, key, arrays: key != WHOLE and store(self, key, arrays))
        figures.data("paper-1", cache=tmp_path)
    figures.data("paper-1", cache=tmp_path)
    assert laboratory.done == ["a b", "c/d"]
    assert len([*tmp_path.rglob("*.npz")]) == 1


def test_on_a_full_disk_a_table_and_a_picture_stay_what_they_were(laboratory, tmp_path):
    table, picture = tmp_path / "old.csv", tmp_path / "paper-1.png"
    numbers = figures.data("paper-1", cache=False)
    for path in (table, picture):
        path.write_text("old")
    with full_disk(), pytest.raises(OSError, match=r"^data: [^\n]*old\.csv: File too large$"):
        with figures.Table(table) as rows:
            rows.add("paper-1", {"x": np.arange(99)})
    with full_disk(), pytest.raises(OSError, match=r"^out: [^\n]*paper-1\.png: File too large$"):
        figures.save("paper-1", numbers, tmp_path)
    assert table.read_text() == picture.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.csv", "paper-1.png"]
    if os.path.exists("/dev/full"):
        with (
            pytest.raises(OSError, match=r"^data: [^\n]*/dev/full: No space left on device$"),
            figures.Table("/dev/full"),
        ):
            pass


def test_an_old_table_is_there_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("old")
    path.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    for error in (ArithmeticError, KeyboardInterrupt):
        with pytest.raises(error), figures.Table(link) as table:
            assert path.read_text() == "old"
            table.add("paper-1", {"x": np.arange(2)})
            raise error
        assert path.read_text() == "old"
    with figures.Table(link) as table:
        table.add("paper-1", {"x": np.arange(2)})
        assert path.read_text() == "old"
    assert path.read_text().split() == ["figure,key,i,j,k,value", "paper-1,x,0,,,0", "paper-1,x,1,,,1"]
    assert link.is_symlink() and (os.name != "posix" or path.stat().st_mode & 0o777 == 0o640)
    assert len([*tmp_path.iterdir()]) == 2


def test_the_command_leaves_an_old_table_alone_when_it_is_stopped(tmp_path, monkeypatch, capsys):
    def stopped(*_, **__):
        assert path.read_text() == "old"
        raise KeyboardInterrupt

    path = tmp_path / "old.csv"
    path.write_text("old")
    monkeypatch.setattr(figures, "data", stopped)
    assert main(["figures", "auffinger2013-1", "--out", str(tmp_path), "--data", str(path)]) == 130
    assert path.read_text() == "old" and [*tmp_path.iterdir()] == [path]


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with figures.Table(pipe) as table:
        table.add("paper-1", {"x": np.arange(1)})
    assert os.read(reader, 1000).splitlines()[1] == b"paper-1,x,0,,,0"
    with pytest.raises(BrokenPipeError), written(pipe, "data") as file:  # the command ends without a word then
        os.close(reader)
        file.write(b"x")
    assert pipe.is_fifo()


def test_new_files_have_the_permissions_of_new_files(tmp_path):
    with written(tmp_path / "a", "out") as file:
        file.write(b"1")
    (tmp_path / "b").touch()
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


@pytest.mark.parametrize("where", ["no/such/folder.csv", "."])
def test_places_that_cannot_be_written_are_refused_at_once(tmp_path, where):
    with pytest.raises(OSError, match=r"^data: expected a file that can be written, got [^\n]*$"):
        check_writable(tmp_path / where, "data")
    assert not [*tmp_path.iterdir()]


def test_after_an_error_no_file_and_no_figure_stays_open(laboratory, tmp_path):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = figures.Table(tmp_path / "a.csv")
        with pytest.raises(AttributeError):
            table.add("paper-1", 3)
        del table
        with pytest.raises(KeyError, match="a b"):
            figures.save("paper-1", {"x": np.arange(3)}, tmp_path)
        with full_disk(), pytest.raises(OSError):
            figures.save("paper-1", {"x": np.arange(3), "a b": np.arange(3)}, tmp_path)
        gc.collect()
    assert plt.get_fignums() == before
    assert not [warning for warning in caught if issubclass(warning.category, ResourceWarning)]
    assert not [*tmp_path.iterdir()]


def test_without_a_home_the_environment_is_asked_and_then_nothing_is_kept(tmp_path, monkeypatch):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("SPINGLASS_CACHE", raising=False)
    monkeypatch.setattr("pathlib.Path.home", nobody)
    for platform, variable in (("linux", "XDG_CACHE_HOME"), ("darwin", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA")):
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setenv(variable, str(tmp_path / platform))
        assert cache_folder() == tmp_path / platform / "spinglass"
        monkeypatch.delenv(variable)
        assert cache_folder() is None
    assert cache_folder(tmp_path / "given") == tmp_path / "given"
