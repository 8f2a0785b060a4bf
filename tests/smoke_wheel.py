"""Install a wheel into a new environment and use it from another folder: python tests/smoke_wheel.py dist/*.whl.

It takes the interpreter that runs it, and the network for what the package requires.  pytest does not collect it; the
workflow runs it for every version of Python that the package knows.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PROGRAM = """
import sys, warnings
warnings.simplefilter("error")
import numpy as np, spinglass as sg
from importlib.metadata import metadata
from pathlib import Path

assert "site-packages" in sg.__file__ and metadata("spinglass")["Version"] == sg.__version__
close = lambda a, b: abs(a - b) < 1e-9 * abs(b)
assert close(sg.complexity(sg.gan(2, 2, .5, .5)).total(), .5131602876185292)            # compiled
assert close(sg.mean_count(sg.pure(3), 10, index=0).mean, 6.080387188)                  # exact
assert str(sg.complexity(sg.pure(3)).lowest_energy(index=1, arithmetic=sg.mp(20))).startswith("-1.652873198103043")
assert str(sg.complexity(sg.mixed({3: 1})).total(arithmetic=sg.symbols)) == "log(2)/2"
points = sg.critical_points(sg.pure(3).draw(4, rng=1))
assert points.proven and points.morse_sum() == 0                                        # python-flint
assert sg.cite(sg.pure(3)).startswith("@article{auffinger2013")                         # data of the package
assert (Path(sg.__file__).parent / "py.typed").exists()
import matplotlib; matplotlib.use("agg")
sg.plotting.complexity(sg.complexity(sg.pure(3))).figure.savefig("picture.png")
print("fine on", sys.version.split()[0], "with numpy", np.__version__, "in", Path.cwd())
"""

COMMANDS = (
    ["-m", "spinglass", "thresholds", "--pure", "3", "--digits", "30"],
    ["-m", "spinglass", "count", "--pure", "3", "-n", "8", "--digits", "20", "--proof"],
    ["-m", "spinglass", "figures", "auffinger2013-1", "--quick", "--out", "figures"],
)


def smoke(wheel):
    """Raise CalledProcessError where something does not work."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(Path(folder) / "new", with_pip=True)
        bin, end = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
        python = Path(folder) / "new" / bin / f"python{end}"
        variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "NUMBA_CACHE_DIR")}
        variables |= {"SPINGLASS_CACHE": str(Path(folder) / "cache")}

        def run(*words):
            subprocess.run([str(python), *words], cwd=folder, env=variables, check=True)

        run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{Path(wheel).resolve()}[certify]")
        run("-c", PROGRAM)
        for words in COMMANDS:
            run(*words)
        console = python.with_name(f"spinglass{end}")
        subprocess.run([str(console), "--version"], cwd=folder, env=variables, check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("expected the path of one wheel: python tests/smoke_wheel.py dist/spinglass-0.1.0-py3-none-any.whl")
    smoke(sys.argv[1])
