"""Rows of a table: a question, two times, their ratio, its limit; and what they are compared with."""

import json
import re
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
README, REFERENCE = FOLDER / "README.md", FOLDER / "reference.json"
UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
BYTES = {"GB": 1e9, "MB": 1e6, "kB": 1e3}
HEAD = ("question", "size", "ours", "baseline", "which is", "ratio", "limit", "used of it")
WORSE = 1.5  # how much worse than its reference a ratio may be


@dataclass(frozen=True)
class Row:
    """One question with its answer.

    Attributes
    ----------
    question, size, against : str
        Together they name the row; ``against`` says what the baseline is.
    ours, baseline : float
        Seconds for one unit of the size (a point, a call), or bytes, as ``unit`` says.
    most : float or None
        Limit on ours.
    least : float or None
        Limit on the ratio, baseline over ours.
    unit : {"s", "B"}
        Seconds or bytes.
    """

    question: str
    size: str
    ours: float
    baseline: float
    against: str
    most: float | None = None
    least: float | None = None
    unit: str = "s"

    @property
    def name(self):
        return f"{self.question} | {self.size} | {self.against}"

    @property
    def ratio(self):
        return self.baseline / self.ours

    @property
    def used(self):
        """How much of its limit the row takes, of the tightest if there are two; None without one."""
        shares = []
        if self.most is not None:
            shares.append(self.ours / self.most)
        if self.least is not None:
            shares.append(self.least / self.ratio)
        return max(shares, default=None)

    def cells(self):
        limits = []
        if self.most is not None:
            limits.append(text(self.most, self.unit))
        if self.least is not None:
            limits.append(factor(self.least, self.unit))
        used = "" if self.used is None else f"{100 * self.used:.3g} %"
        sizes = text(self.ours, self.unit), text(self.baseline, self.unit)
        return self.question, self.size, *sizes, self.against, factor(self.ratio, self.unit), ", ".join(limits), used


def text(value, unit="s"):
    """Write a time, or a number of bytes, in the unit that suits it."""
    units = UNITS if unit == "s" else BYTES
    name = next((name for name, size in units.items() if abs(value) >= size), list(units)[-1])
    return f"{value / units[name]:.3g} {name}"


def factor(ratio, unit="s"):
    """Write how many times faster (smaller) we are, or slower (larger)."""
    better, worse = ("faster", "slower") if unit == "s" else ("smaller", "larger")
    return f"{ratio:.3g} x {better}" if ratio >= 1 else f"{1 / ratio:.3g} x {worse}"


def in_turn(functions, rounds):
    """Return the median seconds of a call of each function: in every round each is called once, the first uncounted."""
    times = [[seconds(function) for function in functions] for _ in range(rounds + 1)]
    return [statistics.median(seen) for seen in zip(*times[1:], strict=True)]


def seconds(function):
    """Return the seconds of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def columns(lines):
    """Yield the lines of a table with cells padded to columns."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def markdown(head, lines):
    """Return a table in Markdown."""
    rows = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in line] for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def rewrite(name, content, path=README):
    """Replace what stands between the markers of a name in a Markdown file."""
    marks = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    whole, block = path.read_text(encoding="utf-8"), "\n".join([marks[0], content.strip("\n"), marks[1]])
    changed, found = re.subn(f"{marks[0]}.*?{marks[1]}", lambda _: block, whole, flags=re.DOTALL)
    if found != 1:
        raise ValueError(f"{path}: expected the markers {marks[0]} and {marks[1]} once, found them {found} times")
    path.write_text(changed, encoding="utf-8")


def saved(rows, path):
    """Write rows to a JSON file."""
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def loaded(path):
    """Read rows from a JSON file."""
    return [Row(**content) for content in json.loads(path.read_text(encoding="utf-8"))]


def keep_reference(rows, path=REFERENCE):
    """Write the ratios of rows to the reference; rows that were not measured keep theirs."""
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    ratios = old | {row.name: float(f"{row.ratio:.4g}") for row in rows}
    path.write_text(json.dumps(dict(sorted(ratios.items())), indent=1) + "\n", encoding="utf-8")


def worse_than_reference(rows, path=REFERENCE):
    """Return a line for every row whose ratio is worse than its reference by more than a factor WORSE."""
    reference = json.loads(path.read_text(encoding="utf-8"))
    return [
        f"{row.name}: {factor(row.ratio, row.unit)}, reference {factor(reference[row.name], row.unit)}"
        for row in rows
        if row.name in reference and row.ratio * WORSE < reference[row.name]
    ]
