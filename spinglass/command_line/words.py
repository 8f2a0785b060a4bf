"""What the package says of arguments, in the words of the command line."""

import re

#: What a message of the package begins with, and the option that it is about; by command where it differs.
OPTIONS = {
    "energies": "--energy",
    "index": "--index",
    "digits": "--digits",
    "n": "-n",
    "rng": "--seed",
    **{name: f"--{name}" for name in ("samples", "store", "draws", "seed", "out", "data", "width")},
}

OTHERS = {
    "count": {"energies": "--window"},
    "thresholds": {"index": "--indices"},
    "complexity": {},
}

#: What a message may say further on.
PHRASES = (
    (r"\bmethod='quenched'", "--quenched"),
    (r"\b(?:use )?method='annealed', an upper bound", "leave out --quenched for an upper bound"),
    (r"\b(?:use )?method='annealed'", "leave out --quenched"),
    (r"""\bmethod=['"](\w+)['"]""", r"--method \1"),
    (r"\bindex=(\d+) or None", r"--index \1 or none"),
    (r"\bindex (\d+) and None have\b", r"--index \1 and none have"),
    (r"\bindex=", "--index "),
    (r"\bsamples=", "--samples "),
    (r"\brng=", "--seed "),
    (r"\bstore=", "--store "),
    (r"\barithmetic=sg\.(?:mp|balls)\((\d+)\)", r"--digits \1"),
    (r"\bmp\((\d+)\)", r"\1 digits"),
    (r"\bfloat64\b", "double precision"),
    (r"\bsg\.complexity\(model\)", "python -m spinglass complexity"),
    (r"\bsg\.balls\b", "--proof"),
    (r"\bFraction\((-?\d+), 1\)", r"\1"),
    (r"\bFraction\((-?\d+), (\d+)\)", r"\1/\2"),
    (r"\((\d+),\)", r"\1"),
)


def in_options(message, command=""):
    """Return a message of the package about arguments as one about options.

    Examples
    --------
    >>> from spinglass.command_line.words import in_options
    >>> in_options("n in float64: expected at most 10000, got 30000; try method='montecarlo'", "count")
    '-n in double precision: expected at most 10000, got 30000; try --method montecarlo'
    """
    options = {**OPTIONS, **OTHERS.get(command, {})}
    name = re.match(r"(\w+)(?=(?: [^:]*)?:)", message)
    if name and name[1] in options:
        message = options[name[1]] + message[name.end() :]
    for pattern, words in PHRASES:
        message = re.sub(pattern, words, message)
    return message
