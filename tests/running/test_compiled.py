"""Kernels are compiled where nothing can be written, and kept on disk where something can."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from numba import float64, njit

import spinglass
from spinglass.running.compiled import OPTIONS, Handed, kept_on_disk

PACKAGE = Path(spinglass.__file__).parent


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A package of links in which no folder takes a file of caches, and a user without a place for them."""
    for path in PACKAGE.rglob("*.py*"):
        if "__pycache__" not in path.parts:
            link = tmp_path / path.relative_to(PACKAGE.parent)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
            (link.parent / "__pycache__").touch()  # a file: not even root can write below it
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "/dev/null/none")
    for name in ("NUMBA_CACHE_DIR", "SPINGLASS_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")  # read when numba was imported
    return tmp_path


def python(code, folder):
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=folder)


def test_where_nothing_can_be_written_kernels_are_compiled_every_time(nowhere):
    done = python(
        "import numpy as np\n"
        "from spinglass.running.compiled import OPTIONS\n"
        "from spinglass.landscape.solutions import tracking\n"
        "from spinglass.complexity.games import maximise\n"
        "from spinglass.montecarlo import blocks, tridiagonal\n"
        "from spinglass.spectra.dyson import log_determinant, several_species\n"
        "from spinglass.spectra.laws import products, sparse_population\n"
        "from spinglass.figures.cache import cache_folder\n"
        "found = several_species.solve_one(np.ones(1), np.ones((1, 1)), np.ones(1) + 0j, np.ones(1) + 0j)\n"
        "print(maximise.__file__, OPTIONS['cache'], found != 0, cache_folder())",
        nowhere,
    )
    assert done.stdout == f"{nowhere}/spinglass/complexity/games/maximise.py False True None\n", done.stderr
    assert not done.stderr


def test_one_folder_without_a_place_is_enough_to_do_without(nowhere):
    assert not kept_on_disk(nowhere / "spinglass")
    for marker in (nowhere / "spinglass").glob("**/__pycache__"):
        marker.unlink()
    assert kept_on_disk(nowhere / "spinglass")
    marker = nowhere / "spinglass" / "spectra" / "__pycache__"
    marker.rmdir()
    marker.touch()
    assert not kept_on_disk(nowhere / "spinglass")


def test_kernels_are_kept_on_disk_wherever_they_can_be():
    assert OPTIONS["cache"] is kept_on_disk()
    from spinglass.spectra.dyson import log_determinant

    assert (log_determinant.psi_many.stats.cache_path is not None) == OPTIONS["cache"]


def test_a_kernel_is_compiled_once_for_all_functions_that_it_is_handed():
    doubled, squared = (Handed(njit(f), (float64,)) for f in (lambda x: 2 * x, lambda x: x * x))

    @njit
    def twice(f, x):
        return f(f(x))

    assert (twice(doubled, 3.0), twice(squared, 3.0), len(twice.signatures)) == (12.0, 81.0, 1)


def test_a_game_compiles_its_own_branch_of_the_log_determinant_only():
    done = python(
        "import spinglass as sg\n"
        "sg.complexity(sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9)).total()\n"
        "from spinglass.spectra.dyson import psi\n"
        "print([len(f.signatures) for f in (psi.one_psi, psi.pair_psi, psi.several_psi, psi.general_psi)])",
        PACKAGE.parent,
    )
    assert done.stdout == "[0, 1, 0, 0]\n", done.stderr
