"""``python -m spinglass warm``: after it, what the README does compiles nothing."""

import os
import subprocess
import sys
from pathlib import Path

from spinglass.command_line import warm

ROOT = Path(__file__).parents[1]

#: Warms, then runs the README; prints what Python called of what is compiled, with the types, before and after.
README = """
import doctest, gc
from numba.core.dispatcher import Dispatcher
from spinglass.command_line.program import main

def called():
    kept = [it for it in gc.get_objects() if isinstance(it, Dispatcher) and hasattr(it._cache, "_state")]
    return {f"{it.py_func.__module__}.{it.py_func.__qualname__} {types}" for it in kept for types in it.signatures}

main(["warm"])
before = called()
done = doctest.testfile("README.md", module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
print([done.failed, done.attempted > 20, len(before) > 10, called() - before])
"""

#: Compiles for one question and prints the bits of its answer.
BITS = """
import hashlib
import spinglass as sg
from spinglass.command_line import warm
from spinglass.command_line.program import main

def landscapes():
    found = [sg.critical_points(sg.pure(3).draw(n, rng=1), proof=False).points[0] for n in (6, 7)]
    print(hashlib.sha256(b"".join(points.tobytes() for points in found)).hexdigest())

warm.QUESTIONS = {"landscapes": landscapes}
main(["warm"])
"""


def python(code, **variables):
    """Run a program and return what it said."""
    command, environment = [sys.executable, "-c", code], {**os.environ, "MPLBACKEND": "agg", **variables}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=600)
    assert done.returncode == 0, done.stderr
    return done


def test_after_it_the_readme_is_true_and_compiles_nothing():
    done = python(README)
    assert done.stdout.splitlines()[-1] == "[0, True, True, set()]", done.stdout


def test_it_says_where_and_how_long_and_compiles_once_to_the_same_bits(tmp_path):
    variables = {"SPINGLASS_CACHE": str(tmp_path), "NUMBA_CACHE_DIR": "", "SPINGLASS_QUIET": ""}
    first, second = (python(BITS, **variables) for _ in range(2))
    files = list(tmp_path.rglob("*.kernel"))
    (bits, line), (again, later) = (done.stdout.splitlines() for done in (first, second))
    assert line.startswith(f"{len(files)} functions compiled") and " seconds; " in line
    assert line.endswith(f"kept in {tmp_path / 'kernels'}") and len(files) > 2
    assert later.startswith("0 functions compiled")
    assert "landscapes" in first.stderr and "spinglass: compiling" not in first.stderr  # the bar says it
    assert bits == again and len(bits) == 64


def test_where_nothing_can_be_written_there_is_no_use(monkeypatch, capsys):
    from spinglass.command_line.program import main

    monkeypatch.setattr("spinglass.running.kernel_cache.places", lambda: [])
    assert main(["warm"]) == 2
    assert "SPINGLASS_CACHE" in capsys.readouterr().err


def test_the_questions_are_of_every_kind():
    assert len(warm.QUESTIONS) >= 10
