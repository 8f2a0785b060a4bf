"""Compiled functions on disk: an edit is noticed wherever it is made, and where nothing can be written all is done."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
copies = import_module("_copies")
CALL, KERNEL, PART, PACKAGE = copies.CALL, copies.KERNEL, copies.PART, copies.PACKAGE
copy, environment, python = copies.copy, copies.environment, copies.python

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of other systems")


@pytest.fixture
def place(tmp_path):
    """A folder with a copy of the package."""
    copy(tmp_path)
    return tmp_path


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


def test_an_edit_anywhere_is_noticed_and_one_elsewhere_costs_nothing(place, tmp_path):
    cache = str(tmp_path / "cache")
    assert python(CALL, place, SPINGLASS_CACHE=cache).stdout == "30.0 1 0\n"
    assert [path.suffix for path in kernels(tmp_path / "cache")] == [".kernel"]
    for module, before, after, value in EDITS:
        file = place / "spinglass" / f"{module}.py"
        text = file.read_text()
        file.write_text(text.replace(before, after))
        assert python(CALL, place, SPINGLASS_CACHE=cache).stdout == f"{value} 1 0\n"
        file.write_text(text)
    with (place / "spinglass" / "plotting" / "style.py").open("a") as file:
        file.write("# a remark\n")
    assert python(CALL, place, SPINGLASS_CACHE=cache).stdout == "30.0 0 1\n"  # the state before is still there
    assert not list(place.rglob("*.nbi")) and not (place / "spinglass" / "__pycache__").exists()


def test_what_is_edited_while_a_process_runs_is_not_kept_as_the_new_text(place, tmp_path):
    cache = str(tmp_path / "cache")
    edit = f"open({str(place / 'spinglass' / 'toy_part.py')!r}, 'w').write({PART.replace('10 * x', 'x')!r})"
    late = f"from spinglass.toy import toy; {edit}; print(toy(1.5))"
    assert python(late, place, SPINGLASS_CACHE=cache).stdout == "30.0\n"
    assert python(CALL, place, SPINGLASS_CACHE=cache).stdout == "3.0 1 0\n"


def test_a_damaged_file_is_compiled_anew(place, tmp_path):
    cache = tmp_path / "cache"
    python(CALL, place, SPINGLASS_CACHE=str(cache))
    (file,) = kernels(cache)
    whole = file.read_bytes()
    for damaged in (whole[:-1], whole[:100] + bytes([whole[100] ^ 1]) + whole[101:]):
        file.write_bytes(damaged)
        assert python(CALL, place, SPINGLASS_CACHE=str(cache)).stdout == "30.0 1 0\n"
    assert python(CALL, place, SPINGLASS_CACHE=str(cache)).stdout == "30.0 0 1\n"


def test_processes_that_compile_at_the_same_time_keep_one_file(place, tmp_path):
    variables = environment(place, SPINGLASS_CACHE=str(tmp_path / "cache"))
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": variables, "cwd": place}
    programs = [subprocess.Popen([sys.executable, "-c", CALL], **options) for _ in range(2)]
    ended = [program.communicate(timeout=120) for program in programs]
    assert {out[:5] for out, _ in ended} == {"30.0 "} and not any(err for _, err in ended)
    assert len(kernels(tmp_path / "cache")) == 1
    assert python(CALL, place, SPINGLASS_CACHE=str(tmp_path / "cache")).stdout == "30.0 0 1\n"


def test_states_that_were_not_used_for_longest_go(place, tmp_path):
    from spinglass.running.kernel_cache import STATES

    old = [tmp_path / "cache" / "kernels" / f"toy-{i}" for i in range(STATES + 3)]
    other = tmp_path / "cache" / "kernels" / "toy_part-0"
    for i, folder in enumerate([*old, other]):
        folder.mkdir(parents=True)
        os.utime(folder, (i, i))
    assert python(CALL, place, SPINGLASS_CACHE=str(tmp_path / "cache")).stdout == "30.0 1 0\n"
    assert [folder.exists() for folder in old] == [False] * 4 + [True] * (STATES - 1)
    assert other.exists()


def test_the_folder_of_numba_comes_first_and_stays_numbas(place, tmp_path):
    code = f"{CALL}; import numba; print(numba.config.CACHE_DIR)"
    mine, numbas = str(tmp_path / "cache"), str(tmp_path / "numba")
    done = python(code, place, SPINGLASS_CACHE=mine, NUMBA_CACHE_DIR=numbas)
    assert done.stdout == f"30.0 1 0\n{numbas}\n"
    assert len(kernels(tmp_path / "numba")) == 1 and not (tmp_path / "cache").exists()
    assert python(code, place, SPINGLASS_CACHE=mine).stdout == "30.0 1 0\n\n"  # functions of users go where they went


@posix
@pytest.mark.parametrize("named", [{}, {"SPINGLASS_CACHE": "/dev/null/none", "NUMBA_CACHE_DIR": "/dev/null/none"}])
def test_where_nothing_can_be_written_functions_are_compiled_every_time(nowhere, named):
    done = python(CALL, nowhere, anybody=True, **named)
    assert (done.stdout, done.stderr) == ("30.0 1 0\n", "")
    assert not [path for path in kernels(nowhere) if path.suffix == ".kernel"]


@posix
def test_a_question_is_answered_where_nothing_can_be_written(nowhere):
    code = "import spinglass as sg; psi = sg.spectra.LogDeterminant(sg.gan(2, 2, .5, .5).local_law())"
    code += "; print(round(psi([0., 1.]).item(), 6))"
    done = python(code, nowhere, anybody=True, SPINGLASS_QUIET="")
    assert done.stdout == "0.777816\n", done.stderr
    assert done.stderr.count("\n") == 1 and "every time" in done.stderr and "SPINGLASS_CACHE" in done.stderr
    assert not [path for path in kernels(nowhere) if path.suffix == ".kernel"]


@posix
def test_a_home_is_enough(nowhere, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    try:
        for out in ("30.0 1 0\n", "30.0 0 1\n"):
            assert python(CALL, nowhere, anybody=True, HOME=str(home)).stdout == out
        assert len(kernels(home)) == 1
        folders = [path for path in home.rglob("kernels") if path.is_dir()]
        assert [path.parent.name for path in folders] == ["spinglass"]
        copies.read_only(home)  # what is there is read, as a folder that was filled for many users is
        assert python(CALL, nowhere, anybody=True, HOME=str(home)).stdout == "30.0 0 1\n"
        assert python(CALL, nowhere, anybody=True, SPINGLASS_CACHE=str(next(iter(folders)).parent)).stdout == (
            "30.0 0 1\n"
        )
    finally:
        copies.writable(home)


def test_a_package_that_can_be_written_is_enough(place):
    for out in ("30.0 1 0\n", "30.0 0 1\n"):
        assert python(CALL, place).stdout == out
    assert len(kernels(place / "spinglass" / "__pycache__" / "kernels")) == 1


@posix
def test_a_full_disk_is_no_error(place, tmp_path):
    full = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    full += "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)); "
    done = python(full + CALL, place, SPINGLASS_CACHE=str(tmp_path / "cache"))
    assert (done.stdout, done.stderr) == ("30.0 1 0\n", "")
    assert kernels(tmp_path / "cache") == []


def test_sources_are_not_needed(place, tmp_path):
    code = "import numpy as np; from spinglass.running.compiled import kernel; print(kernel(lambda x: x + 1)(1))"
    assert python(code, place, SPINGLASS_CACHE=str(tmp_path / "cache")).stdout == "2\n"
    assert not (tmp_path / "cache").exists()  # a function of no file is not kept


def test_without_compilation_functions_are_python(place):
    code = "from spinglass.toy import toy; print(toy(1.5), type(toy).__name__)"
    assert python(code, place, NUMBA_DISABLE_JIT="1").stdout == "30.0 function\n"


def test_the_small_function_is_written_as_those_of_the_package_are():
    assert "@kernel" in KERNEL and "@part" in PART
    assert "running.compiled import" in (PACKAGE / "landscape" / "monomials.py").read_text()
