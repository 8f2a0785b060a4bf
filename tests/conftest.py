"""For the whole suite: figures are kept for this run, compiled functions for the next; libraries take one thread."""

import os
import shutil
import sys
import tempfile

import pytest

from spinglass.running.folders import cache_folder


def pytest_configure(config):
    """Let this run and its workers share computed figures, never the user's cache."""
    if not hasattr(config, "workerinput"):
        kernels = cache_folder()
        if kernels:  # as the folder of this run is thrown away with all that is in it
            os.environ.setdefault("NUMBA_CACHE_DIR", str(kernels / "tests"))
        os.environ["SPINGLASS_QUIET"] = "1"
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


def closing_figures(run):
    """Return a call that closes the figures of an example: matplotlib warns of more than twenty."""

    def run_and_close():
        try:
            run()
        finally:
            if pyplot := sys.modules.get("matplotlib.pyplot"):
                pyplot.close("all")

    return run_and_close
