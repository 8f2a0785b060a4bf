"""Every benchmark compares two medians; the table at the end of the run has one row for each."""

import statistics
from pathlib import Path

import pytest

from benchmarks.table import HEAD, Row, columns, in_turn, keep_reference, saved, seconds, worse_than_reference

ROWS = pytest.StashKey[list]()
FEW, SHORT = 3, 0.05  # rounds with --quick of what takes longer than so many seconds a round
BRIEF = 0.005  # seconds: what takes less is called several times a round


def pytest_addoption(parser):
    group = parser.getgroup("medians")
    group.addoption("--quick", action="store_true", help=f"at most {FEW} rounds, and no slow benchmarks")
    group.addoption("--rows", type=Path, metavar="FILE", help="write the table to a JSON file as well")
    group.addoption("--compare", action="store_true", help="exit with 1 if a ratio is worse than its reference")
    group.addoption("--keep-reference", action="store_true", help="make these ratios the reference")


def pytest_configure(config):
    config.stash[ROWS] = []
    config.addinivalue_line("markers", "slow: left out with --quick")


def pytest_collection_modifyitems(config, items):
    if config.getoption("quick"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        items[:] = [item for item in items if item not in slow]
        config.hook.pytest_deselected(items=slow)


@pytest.fixture
def rounds_of(request):
    """Return a function that says how many rounds to take where so many are wanted."""
    return lambda rounds: min(rounds, FEW) if request.config.getoption("quick") else rounds


def repeated(function):
    """Return a function that calls a brief one often enough to be timed, and how often."""
    function()  # compiles, fills caches
    calls = max(1, int(BRIEF / seconds(function)))

    def several():
        for _ in range(calls):
            function()

    return several, calls


@pytest.fixture
def race(benchmark, rounds_of):
    """Return a function that times ours, by pytest-benchmark, and a baseline in turn: the median seconds of each."""

    def measure(ours, baseline, rounds):
        seen, (ours, our_calls), (baseline, its_calls) = [], repeated(ours), repeated(baseline)
        if seconds(ours) + seconds(baseline) > SHORT:
            rounds = rounds_of(rounds)
        benchmark.extra_info["calls"] = our_calls
        benchmark.pedantic(ours, setup=lambda: seen.append(seconds(baseline)), rounds=rounds)
        # with --benchmark-disable there are no statistics: the table is made all the same
        times = in_turn([ours, baseline], rounds) if benchmark.stats is None else None
        ours, baseline = times or (benchmark.stats.stats.median, statistics.median(seen))
        return ours / our_calls, baseline / its_calls

    return measure


@pytest.fixture
def report(request):
    """Return a function that adds a row to the table, holds it to its limits, and hands it back."""

    def add(**content):
        row = Row(**content)
        request.config.stash[ROWS].append(row)
        assert row.used is None or row.used <= 1, f"{row.question}: {row.cells()}"
        return row

    return add


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    config, rows = session.config, session.config.stash[ROWS]
    if config.getoption("rows"):
        saved(rows, config.getoption("rows"))
    if config.getoption("keep_reference"):
        keep_reference(rows)
    elif config.getoption("compare") and worse_than_reference(rows):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash[ROWS]
    if not rows:
        return
    terminalreporter.section("medians")
    for line in columns([HEAD, *(row.cells() for row in rows)]):
        terminalreporter.write_line(line)
    if config.getoption("compare"):
        worse = worse_than_reference(rows)
        terminalreporter.section("compared with the reference")
        for line in worse or ["no ratio is worse by more than the factor allowed"]:
            terminalreporter.write_line(line)
