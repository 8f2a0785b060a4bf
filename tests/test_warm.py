"""``python -m spinglass warm``: after it, what the README does compiles nothing."""

import os
import subprocess
import sys
from pathlib import Path

from spinglass.command_line import warm

ROOT = Path(__file__).parents[1]

#: Prints the compiled functions that Python called.
LIST = """
import gc
from numba.core.dispatcher import Dispatcher
for it in gc.get_objects():
    if isinstance(it, Dispatcher) and hasattr(it._cache, "_state"):
        for types in it.signatures:
            print(it.py_func.__module__, it.py_func.__qualname__, types, sep="|")
"""


def called(code, **variables):
    """Run a program and return the compiled functions that it called, with their types, and what it said."""
    command, environment = [sys.executable, "-c", code + LIST], {**os.environ, "MPLBACKEND": "agg", **variables}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=600)
    assert done.returncode == 0, done.stderr
    return {line for line in done.stdout.splitlines() if line.count("|") == 2}, done


def test_after_it_the_readme_compiles_nothing():
    warmed, _ = called("from spinglass.command_line.program import main; main(['warm'])")
    readme, _ = called("import doctest; doctest.testfile('README.md', module_relative=False)")
    assert len(readme) > 10 and not readme - warmed


def test_it_says_where_and_how_long_and_compiles_once(tmp_path):
    name = "sampled count, one sphere"  # compiles little
    one = f"from spinglass.command_line import warm; warm.QUESTIONS = {{{name!r}: warm.QUESTIONS[{name!r}]}}\n"
    run = one + "from spinglass.command_line.program import main; main(['warm'])"
    variables = {"SPINGLASS_CACHE": str(tmp_path), "NUMBA_CACHE_DIR": "", "SPINGLASS_QUIET": ""}
    first, second = (called(run, **variables)[1] for _ in range(2))
    files = list(tmp_path.rglob("*.kernel"))
    line = first.stdout.splitlines()[0]
    assert line.startswith(f"{len(files)} functions compiled") and " seconds; " in line
    assert line.endswith(f"kept in {tmp_path / 'kernels'}") and len(files) > 2
    assert second.stdout.startswith("0 functions compiled")
    assert name in first.stderr and "spinglass: compiling" not in first.stderr  # the bar says it


def test_where_nothing_can_be_written_there_is_no_use(monkeypatch, capsys):
    from spinglass.command_line.program import main

    monkeypatch.setattr("spinglass.running.kernel_cache.places", lambda: [])
    assert main(["warm"]) == 2
    assert "SPINGLASS_CACHE" in capsys.readouterr().err


def test_the_questions_are_of_every_kind():
    assert len(warm.QUESTIONS) >= 10
