"""Every benchmark compares two medians; the table at the end of the run has one row for each."""

import statistics
import time
from dataclasses import dataclass

import pytest

ROWS = pytest.StashKey[list]()
UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Row:
    """One question with its answer; times are seconds for one unit of the size (a point, a call)."""

    question: str
    size: str
    ours: float
    baseline: float
    against: str
    limit: str = ""

    @property
    def ratio(self):
        return self.baseline / self.ours

    def cells(self):
        return (
            self.question,
            self.size,
            text(self.ours),
            text(self.baseline),
            self.against,
            factor(self.ratio),
            self.limit,
        )


def text(seconds):
    """Write a time in the unit that suits it."""
    unit = next((name for name, size in UNITS.items() if abs(seconds) >= size), "ns")
    return f"{seconds / UNITS[unit]:.3g} {unit}"


def factor(ratio):
    """Write how many times faster we are, or slower."""
    return f"{ratio:.3g} x faster" if ratio >= 1 else f"{1 / ratio:.3g} x slower"


def median_time(function, rounds):
    """Return the median seconds of some calls, after one that is not counted."""
    function()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def pytest_configure(config):
    config.stash[ROWS] = []


@pytest.fixture
def median(benchmark):
    """Return a function that times ours by pytest-benchmark: the median seconds of a call."""

    def measure(function, rounds):
        benchmark.pedantic(function, rounds=rounds, warmup_rounds=1)
        # with --benchmark-disable there are no statistics: the table is made all the same
        return median_time(function, rounds) if benchmark.stats is None else benchmark.stats.stats.median

    return measure


@pytest.fixture
def baseline():
    """Return a function that times the baseline in the same way."""
    return median_time


@pytest.fixture
def report(request):
    """Return a function that adds a row to the table, and hands it back."""

    def add(**content):
        row = Row(**content)
        request.config.stash[ROWS].append(row)
        return row

    return add


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash[ROWS]
    if not rows:
        return
    head = ("question", "size", "ours", "baseline", "which is", "ratio", "limit")
    table = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(head))]
    terminalreporter.section("medians")
    for line in table:
        terminalreporter.write_line(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )
