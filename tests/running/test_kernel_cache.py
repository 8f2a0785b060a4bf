"""Compiled functions on disk: an edit is noticed wherever it is made, and where nothing can be written all is done."""

import functools
import os
import subprocess
import sys

import pytest

from . import _copies as copies
from ._copies import CALL, KERNEL, PACKAGE, PART

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of other systems")


@pytest.fixture
def place(tmp_path):
    """A folder with a copy of the package."""
    copies.copy(tmp_path)
    return tmp_path


@pytest.fixture
def python(programs, place):
    """Run a program with the copy."""
    return functools.partial(copies.python, programs, folder=place)


@pytest.fixture
def nowhere(place):
    """A copy that cannot be written."""
    copies.read_only(place)
    yield place
    copies.writable(place)


def kernels(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


EDITS = [
    ("toy", "FACTOR *", "3 +", 18.0),
    ("toy_part", "10 * x", "x - 1", 1.0),  # numba's own cache returns 30 here
    ("toy_part", "FACTOR = 2.0", "FACTOR = 4.0", 60.0),
]


def test_an_edit_anywhere_is_noticed_and_one_elsewhere_costs_nothing(python, place, tmp_path):
    cache = str(tmp_path / "cache")
    assert python(CALL, SPINGLASS_CACHE=cache).stdout == "30.0 1 0\n"
    assert [path.suffix for path in kernels(tmp_path / "cache")] == [".kernel"]
    for module, before, after, value in EDITS:
        file = place / "spinglass" / f"{module}.py"
        text = file.read_text()
        file.write_text(text.replace(before, after))
        assert python(CALL, SPINGLASS_CACHE=cache).stdout == f"{value} 1 0\n"
        file.write_text(text)
    with (place / "spinglass" / "plotting" / "style.py").open("a") as file:
        file.write("# a remark\n")
    assert python(CALL, SPINGLASS_CACHE=cache).stdout == "30.0 0 1\n"  # the state before is still there
    assert not list(place.rglob("*.nbi")) and not (place / "spinglass" / "__pycache__").exists()


def test_what_is_edited_while_a_process_runs_is_not_kept_as_the_new_text(python, place, tmp_path):
    cache = str(tmp_path / "cache")
    edit = f"open({str(place / 'spinglass' / 'toy_part.py')!r}, 'w').write({PART.replace('10 * x', 'x')!r})"
    late = f"from spinglass.toy import toy; {edit}; print(toy(1.5))"
    assert python(late, SPINGLASS_CACHE=cache).stdout == "30.0\n"
    assert python(CALL, SPINGLASS_CACHE=cache).stdout == "3.0 1 0\n"


def test_a_damaged_file_is_compiled_anew(python, tmp_path):
    cache = tmp_path / "cache"
    python(CALL, SPINGLASS_CACHE=str(cache))
    (file,) = kernels(cache)
    whole = file.read_bytes()
    for damaged in (whole[:-1], whole[:100] + bytes([whole[100] ^ 1]) + whole[101:]):
        file.write_bytes(damaged)
        assert python(CALL, SPINGLASS_CACHE=str(cache)).stdout == "30.0 1 0\n"
    assert python(CALL, SPINGLASS_CACHE=str(cache)).stdout == "30.0 0 1\n"


def test_processes_that_compile_at_the_same_time_keep_one_file(python, programs, place, tmp_path):
    ended = programs.run([CALL, CALL], place, copies.environment(place, SPINGLASS_CACHE=str(tmp_path / "cache")))
    assert {done.stdout[:5] for done in ended} == {"30.0 "} and not any(done.stderr for done in ended)
    assert len(kernels(tmp_path / "cache")) == 1
    assert python(CALL, SPINGLASS_CACHE=str(tmp_path / "cache")).stdout == "30.0 0 1\n"


def test_states_that_were_not_used_for_longest_go(python, tmp_path):
    from spinglass.running.kernel_cache import STATES

    old = [tmp_path / "cache" / "kernels" / f"toy-{i}" for i in range(STATES + 3)]
    other = tmp_path / "cache" / "kernels" / "toy_part-0"
    for i, folder in enumerate([*old, other]):
        folder.mkdir(parents=True)
        os.utime(folder, (i, i))
    assert python(CALL, SPINGLASS_CACHE=str(tmp_path / "cache")).stdout == "30.0 1 0\n"
    assert [folder.exists() for folder in old] == [False] * 4 + [True] * (STATES - 1)
    assert other.exists()


def test_the_folder_of_numba_comes_first_and_stays_numbas(python, tmp_path):
    code = f"{CALL}; import numba; print(numba.config.CACHE_DIR)"
    mine, numbas = str(tmp_path / "cache"), str(tmp_path / "numba")
    done = python(code, SPINGLASS_CACHE=mine, NUMBA_CACHE_DIR=numbas)
    assert done.stdout == f"30.0 1 0\n{numbas}\n"
    assert len(kernels(tmp_path / "numba")) == 1 and not (tmp_path / "cache").exists()
    assert python(code, SPINGLASS_CACHE=mine).stdout == "30.0 1 0\n\n"  # functions of users go where they went


@posix
@pytest.mark.parametrize("named", [{}, {"SPINGLASS_CACHE": "/dev/null/none", "NUMBA_CACHE_DIR": "/dev/null/none"}])
def test_where_nothing_can_be_written_functions_are_compiled_every_time(python, nowhere, named):
    done = python(CALL, anybody=True, **named)
    assert (done.stdout, done.stderr) == ("30.0 1 0\n", "")
    assert not [path for path in kernels(nowhere) if path.suffix == ".kernel"]


@posix
def test_a_question_is_answered_where_nothing_can_be_written(nowhere):
    code = "import spinglass as sg; from spinglass.running.kernel_cache import clock; clock.patience = 0.0"
    code += "; print(round(sg.spectra.LogDeterminant(sg.pure(3).local_law())([0.0]).item(), 6))"
    command = [sys.executable, "-c", copies.UNBIND + code if os.geteuid() == 0 else code]
    variables = copies.environment(nowhere, SPINGLASS_QUIET="")
    done = subprocess.run(command, capture_output=True, text=True, env=variables, cwd=nowhere, timeout=300)
    assert done.stdout == "0.39588\n", done.stderr  # (log 6 - 1) / 2
    assert done.stderr.count("\n") == 1 and "every time" in done.stderr and "SPINGLASS_CACHE" in done.stderr
    assert not [path for path in kernels(nowhere) if path.suffix == ".kernel"]


@posix
def test_a_home_is_enough(python, nowhere, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    try:
        for out in ("30.0 1 0\n", "30.0 0 1\n"):
            assert python(CALL, anybody=True, HOME=str(home)).stdout == out
        assert len(kernels(home)) == 1
        folders = [path for path in home.rglob("kernels") if path.is_dir()]
        assert [path.parent.name for path in folders] == ["spinglass"]
        copies.read_only(home)  # what is there is read, as a folder that was filled for many users is
        assert python(CALL, anybody=True, HOME=str(home)).stdout == "30.0 0 1\n"
        assert python(CALL, anybody=True, SPINGLASS_CACHE=str(next(iter(folders)).parent)).stdout == ("30.0 0 1\n")
    finally:
        copies.writable(home)


def test_a_package_that_can_be_written_is_enough(python, place):
    for out in ("30.0 1 0\n", "30.0 0 1\n"):
        assert python(CALL).stdout == out
    assert len(kernels(place / "spinglass" / "__pycache__" / "kernels")) == 1


@posix
def test_a_full_disk_is_no_error(python, tmp_path):
    full = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    full += "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)); "
    done = python(full + CALL, SPINGLASS_CACHE=str(tmp_path / "cache"))
    assert (done.stdout, done.stderr) == ("30.0 1 0\n", "")
    assert kernels(tmp_path / "cache") == []


def test_sources_are_not_needed(python, tmp_path):
    code = "import numpy as np; from spinglass.running.compiled import kernel; print(kernel(lambda x: x + 1)(1))"
    assert python(code, SPINGLASS_CACHE=str(tmp_path / "cache")).stdout == "2\n"
    assert not (tmp_path / "cache").exists()  # a function of no file is not kept


def test_without_compilation_functions_are_python(python):
    code = "from spinglass.toy import toy; print(toy(1.5), type(toy).__name__)"
    assert python(code, NUMBA_DISABLE_JIT="1").stdout == "30.0 function\n"


def test_the_small_function_is_written_as_those_of_the_package_are():
    assert "@kernel" in KERNEL and "@part" in PART
    assert "running.compiled import" in (PACKAGE / "landscape" / "monomials.py").read_text()
