"""For the whole suite: figures keep their numbers in a folder of this run, and the site is one piece of work."""

import os
import shutil
import tempfile

import pytest

#: Tests that execute notebooks: the first of them keeps what the others need.
SITE = ("test_docs.py", "test_notebooks.py")


def pytest_configure(config):
    """Let this run and its workers share computed figures, never the user's cache."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="spinglass-tests-")
        os.environ["SPINGLASS_CACHE"] = folder
        for library in ("OPENBLAS", "OMP", "MKL"):  # workers of one thread each; read when numpy is first imported
            os.environ.setdefault(f"{library}_NUM_THREADS", "1")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_modifyitems(config, items):
    """With pytest-xdist every file stays on one worker, and all files of the site on the same, after the figures."""
    items.sort(key=lambda item: item.path.name in SITE)
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            group = "site" if item.path.name in SITE else str(item.path)
            item.add_marker(pytest.mark.xdist_group(group))
