"""What a command found, written as text, as a table (csv) or as JSON, to the screen or a file.

JSON is ``{"model": .., .., "rows": [{column: value, ..}, ..]}``; numbers that JSON does not have (-inf where there are
no points) are null, and numbers with digits are strings, so that no digit is lost.
"""

import csv
import io
import json
import math
import sys
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from spinglass.running.writing import written

FORMATS = ("text", "csv", "json")


class Report(NamedTuple):
    """What a command found."""

    facts: dict[str, Any]  # what it belongs to: the model, the sizes, ..
    columns: dict[str, list]  # name -> values
    text: str | None = None  # how it is read on the screen; None: the columns


def add_output(sub):
    """Add the options of output."""
    sub.add_argument("--format", choices=FORMATS, help="default: that of the end of FILE, or text")
    sub.add_argument("--out", metavar="FILE", help="write to a file instead of the screen")


def show(x):
    """Write a number with the digits it has."""
    return repr(float(x)) if isinstance(x, (float, Fraction)) else str(x)


def decimal(x, digits):
    """Write an exact number as a decimal."""
    if not isinstance(x, Fraction):
        return str(x)
    with localcontext() as context:
        context.prec = digits
        return str(Decimal(x.numerator) / Decimal(x.denominator))


def deliver(report, arguments):
    """Write a report where and how the arguments say."""
    suffix = Path(arguments.out).suffix.removeprefix(".").lower() if arguments.out else ""
    form = arguments.format or (suffix if suffix in FORMATS else "text")
    text = {"text": as_text, "csv": as_csv, "json": as_json}[form](report)
    if arguments.out is None:
        sys.stdout.write(text)
        return
    with written(arguments.out, "--out") as file:
        file.write(text.encode())


def as_text(report):
    """Return the lines of a screen."""
    if report.text is not None:
        return f"{report.text}\n"
    columns = [[name, *(show(x) for x in values)] for name, values in report.columns.items()]
    widths = [max(len(cell) for cell in column) for column in columns]
    padded = [[f"{cell:<{width}}" for cell in column] for column, width in zip(columns, widths, strict=True)]
    return "".join("  ".join(row).rstrip() + "\n" for row in zip(*padded, strict=True))


def as_csv(report):
    """Return a table with a line of names."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(report.columns)
    table.writerows([show(x) for x in row] for row in zip(*report.columns.values(), strict=True))
    return text.getvalue()


def as_json(report):
    """Return an object with the facts and one object for each row."""
    rows = [dict(zip(report.columns, row, strict=True)) for row in zip(*report.columns.values(), strict=True)]
    return json.dumps(_plain({**report.facts, "rows": rows}), indent=1) + "\n"


def _plain(x):
    """Return what JSON knows."""
    if isinstance(x, dict):
        return {str(key): _plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [_plain(value) for value in x]
    if x is None or isinstance(x, (bool, int, str)):
        return x
    if isinstance(x, (float, Fraction)):
        return float(x) if math.isfinite(x) else None
    return str(x)  # digits
