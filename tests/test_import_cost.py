"""Importing spinglass must cost nothing: heavy packages wait until they are used."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAVY = ("sympy", "numba", "matplotlib", "flint", "mpmath", "scipy", "dask", "distributed")


def run(code):
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def loaded_after(code):
    return [name for name in run(f"import sys; {code}; print(*sys.modules)") if name in HEAVY]


def test_importing_and_listing_the_names_loads_no_heavy_package():
    assert loaded_after("import spinglass as sg; dir(sg)") == []


def test_models_and_their_local_laws_load_no_heavy_package():
    models = ("pure(3)", "mixed({1: .1, 3: 1.})", "bipartite(2, 3, kappa=.5)")
    laws = "; ".join(f"sg.{model}.local_law()" for model in models)
    assert loaded_after(f"import spinglass as sg; {laws}") == []


def test_what_has_a_picture_loads_matplotlib_when_it_is_drawn():
    made = "import spinglass as sg; c = sg.complexity(sg.pure(3)); c.total(); law = sg.spectra.Semicircle()"
    asked = "print('matplotlib' in sys.modules)"
    assert run(f"import sys; {made}; {asked}; law.plot(); {asked}") == ["False", "True"]


def test_import_is_fast():
    code = "import numpy, time; start = time.perf_counter(); import spinglass; print(time.perf_counter() - start)"
    assert min(float(run(code)[0]) for _ in range(3)) < 0.1  # seconds; usually about a hundredth of that
