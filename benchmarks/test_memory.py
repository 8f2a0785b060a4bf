"""How much memory does a Monte Carlo run of a million samples need?"""

import subprocess
import sys

import pytest

LIMIT = 300e6  # bytes
CODE = """
import sys
from pathlib import Path
import numpy as np
import spinglass as sg
sg.mean_count(sg.pure(3), 20, method="montecarlo", samples=int(sys.argv[1]), rng=1)
lines = Path("/proc/self/status").read_text().splitlines()
print(*(line.split()[1] for line in lines if line.startswith("VmHWM")))  # kB; ru_maxrss would count the parent
"""


def peak(samples):
    """Return the largest resident size of a fresh process that draws so many samples, in bytes."""
    done = subprocess.run([sys.executable, "-c", CODE, str(samples)], capture_output=True, text=True, check=True)
    return 1024 * int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize("samples", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_memory(report, samples):
    few = 1000
    report(
        question="Monte Carlo count, peak memory",
        size=f"{samples} samples",
        ours=peak(samples),
        baseline=peak(few),
        against=f"{few} samples",
        most=LIMIT,
        unit="B",
    )
