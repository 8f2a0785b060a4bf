"""``python -m benchmarks [--quick] [--cache FOLDER]`` measures everything and writes the tables of README.md anew."""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import growth, neighbours
from benchmarks.table import FOLDER, HEAD, keep_reference, loaded, markdown, rewrite

PACKAGES = ("numpy", "scipy", "numba", "mpmath", "python-flint", "dask", "distributed")


def machine():
    """Return where and with what this was measured, in one paragraph."""
    name, info = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        name = names[0] if names else name
    load = f", load average {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    found = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"no {package}")
    return f"Measured on {date.today()}: {name}, {os.cpu_count()} cores{load}; {platform.system()}, {', '.join(found)}."


def questions(quick):
    """Run the benchmarks; return their rows and pytest's status."""
    with tempfile.TemporaryDirectory() as scratch:
        rows = Path(scratch) / "rows.json"
        command = [sys.executable, "-m", "pytest", FOLDER.name, f"--rows={rows}", *(["--quick"] if quick else [])]
        status = subprocess.run(command, cwd=FOLDER.parent).returncode
        return loaded(rows) if rows.exists() else [], status


def write(where, rows, near, lines, fits, costs):
    """Write all tables."""
    limits = [row for row in rows if row.question.startswith("limit: ")]
    rewrite("machine", where)
    rewrite("questions", markdown(HEAD, [row.cells() for row in rows if row not in limits]))
    share = [(row.question.removeprefix("limit: "), *row.cells()[1:5], f"{100 * row.ratio:.3g} %") for row in limits]
    rewrite("limits", markdown((*HEAD[:3], "limit", "which is", "share reached"), share))
    answers = "\n".join(f"* {line}" for line in lines)
    rewrite("neighbours", f"{markdown(HEAD[:6], [row.cells()[:6] for row in near])}\n\n{answers}")
    rewrite("growth", markdown(*growth.table(fits)))
    rewrite("plans", markdown(*growth.plans(fits, costs)))


def main():
    """Measure everything; return pytest's status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="few rounds, no slow benchmarks")
    parser.add_argument("--cache", type=Path, default=neighbours.default_cache(), help="environments of the neighbours")
    parser.add_argument("--keep-reference", action="store_true", help="make the ratios the reference of --compare")
    parser.add_argument("--dry-run", action="store_true", help="leave the files alone")
    arguments = parser.parse_args()
    start, where = time.perf_counter(), machine()
    rows, status = questions(arguments.quick)
    near, lines = neighbours.compare(arguments.cache, quick=arguments.quick)
    fits = growth.measure(arguments.quick)
    if not arguments.dry_run:
        where += f" Everything took {(time.perf_counter() - start) / 60:.1f} minutes."
        write(where, rows, near, lines, fits, growth.costs_of_a_chunk())
        growth.draw(fits, growth.PLOT)
    if arguments.keep_reference:
        keep_reference(rows)
    return status


if __name__ == "__main__":
    sys.exit(main())
