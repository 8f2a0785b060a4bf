"""For the whole suite: figures are kept for this run, compiled functions for the next; libraries take one thread."""

import os
import shutil
import sys
import tempfile
import warnings

import pytest

from spinglass.running.folders import cache_folder

from ._programs import Programs

WHOLE = 1000  # tests: more make it a run of more than a room

#: Programs, run by test_trials.py; no modules with examples.
collect_ignore = ["trials"]


def pytest_configure(config):
    """Let this run and its workers share computed figures, never the user's cache."""
    if not hasattr(config, "workerinput"):
        kernels = cache_folder()
        if kernels:  # as the folder of this run is thrown away with all that is in it
            os.environ.setdefault("NUMBA_CACHE_DIR", str(kernels / "tests"))
        os.environ["SPINGLASS_QUIET"] = "1"
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a hundred processes import the same modules
        folder = tempfile.mkdtemp(prefix="spinglass-tests-")
        os.environ["SPINGLASS_CACHE"] = folder
        for library in ("OPENBLAS", "OMP", "MKL"):  # workers of one thread each; read when numpy is first imported
            os.environ.setdefault(f"{library}_NUM_THREADS", "1")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_modifyitems(items):
    """Run every example of a docstring as a reader pastes it: in a namespace that holds nothing."""
    for item in items:
        if isinstance(item, pytest.DoctestItem):
            item.dtest.globs = {"__name__": "__main__"}
            item.runtest = closing_figures(item.runtest)


def pytest_collection_finish(session):
    """Share among the workers of a whole run what is compiled, nearly all of which each would compile."""
    worker = getattr(session.config, "workerinput", None)
    if worker and len(session.items) > WHOLE:
        from spinglass.command_line.warm import QUESTIONS

        questions, k, workers = list(QUESTIONS.values()), int(worker["workerid"][2:]), worker["workercount"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # so few samples tell nothing
            for question in questions[k * len(questions) // workers : (k + 1) * len(questions) // workers]:
                question()


def closing_figures(run):
    """Return a call after which no figure stays open: matplotlib warns of more than twenty."""

    def run_and_close():
        try:
            run()
        finally:
            close_figures()

    return run_and_close


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """Close the figures of a test as well."""
    yield
    close_figures()


def close_figures():
    """Close all figures, if any can be open."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


@pytest.fixture(scope="session")
def programs():
    """Programs in processes of their own that do not each load numba."""
    programs = Programs()
    yield programs
    programs.close()
