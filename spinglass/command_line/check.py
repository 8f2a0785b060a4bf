"""``python -m spinglass check``: four routes to the same numbers, side by side."""

from spinglass.command_line.command import Command
from spinglass.command_line.options import integer

EPILOG = (
    "example: python -m spinglass check --draws 50\n"
    "Four routes that share no code but the model; z: deviation in standard errors. Exit code 1 if one is beyond 4."
)


def add(sub):
    """Add the arguments."""
    sub.add_argument("--draws", type=int, default=200, metavar="D", help="random landscapes a model (default: 200)")
    sub.add_argument("--samples", type=int, default=20_000, metavar="M", help="Monte Carlo samples (default: 20000)")
    sub.add_argument("--seed", type=integer(0), default=1, metavar="S", help="the same seed gives the same table")


def run(arguments):
    """Print the comparison; return 1 where two routes disagree."""
    from spinglass.agreement import agreement, table

    rows = agreement(arguments.draws, arguments.samples, arguments.seed)
    print(table(rows))
    return int(not all(row.agrees for row in rows))


COMMAND = Command("compare theory, exact finite N, Monte Carlo and brute force in one table", EPILOG, add, run)
