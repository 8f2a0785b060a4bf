"""What does `import spinglass` add to `import numpy`?"""

import statistics
import subprocess
import sys

LIMIT = 0.1
ROUNDS = 15
CODE = """
import time
start = time.perf_counter()
import numpy
middle = time.perf_counter()
import spinglass
print(middle - start, time.perf_counter() - middle)
"""


def test_import(benchmark, rounds_of, report):
    seen = []

    def fresh_process():
        done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
        seen.append([float(x) for x in done.stdout.split()])

    benchmark.pedantic(fresh_process, rounds=rounds_of(ROUNDS), warmup_rounds=1)
    numpy, ours = (statistics.median(times) for times in zip(*seen, strict=True))
    report(
        question="import spinglass, after numpy",
        size="a fresh process",
        ours=ours,
        baseline=numpy,
        against="import numpy",
        most=LIMIT,
    )
