"""Kernels: handed to each other by address, each compiled once."""

import os
import subprocess
import sys
from pathlib import Path

from numba import float64, njit

import spinglass
from spinglass.running.compiled import Handed

PACKAGE = Path(spinglass.__file__).parent


def python(code, folder):
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=folder)


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
