"""``python -m spinglass complexity``: one complexity, or curves over a range of energies."""

from spinglass.command_line.command import Command
from spinglass.command_line.curves import column, energy_range, index_entry, points, values
from spinglass.command_line.options import MODELS, add_digits, add_model, arithmetic_of, model_of, number
from spinglass.command_line.report import Report, add_output, decimal, deliver, show

EPILOG = (
    f"{MODELS}\n"
    "examples: python -m spinglass complexity --pure 3 --energy -1.65 --index 0 --digits 50\n"
    "          python -m spinglass complexity --pure 3 --energies -1.7:-1.6:50 --index 0 --index 1 --out curves.csv\n"
    "          python -m spinglass complexity --gan 3 3 1 .9 --energies -15:5:30 -15:5:30 --below --format json\n"
    "Where there are no points a complexity is -inf, and null in JSON."
)


def add(sub):
    """Add the arguments."""
    add_model(sub)
    sub.add_argument("--energy", nargs="+", type=number, metavar="U", help="one per loss; without: all energies")
    sub.add_argument(
        "--energies", nargs="+", type=energy_range, metavar="LO:HI:COUNT", help="a range, or a number, per loss"
    )
    sub.add_argument("--below", action="store_true", help="points at or below the energies instead of at them")
    sub.add_argument(
        "--index",
        nargs="+",
        type=index_entry,
        action="append",
        metavar="K",
        help="negative eigenvalues, one number (or 'any') per player; once more for one more column",
    )
    sub.add_argument("--quenched", action="store_true", help="mean of the logarithm instead (one sphere)")
    add_digits(sub)
    add_output(sub)


def run(arguments):
    """Print complexities."""
    from spinglass.complexity.api import complexity

    _check(arguments)
    model, ar = model_of(arguments), arithmetic_of(arguments)
    c = complexity(model, "quenched" if arguments.quenched else "annealed")
    chosen = [tuple(index) for index in arguments.index] if arguments.index else [None]
    kind = "cumulative complexity" if arguments.below else "complexity"
    facts = {"model": str(model), "kind": f"{'quenched' if arguments.quenched else 'annealed'} {kind}"}
    if arguments.energy is None and arguments.energies is None:
        found = {column(index): [c.total(index=index, arithmetic=ar)] for index in chosen}
    else:
        ranges = [[u] for u in arguments.energy] if arguments.energies is None else arguments.energies
        grid = points(ranges, len(model.losses), "--energy" if arguments.energies is None else "--energies")
        question = c.below if arguments.below else c
        found = {f"u{a + 1}": [_energy(point[a], arguments) for point in grid] for a in range(len(model.losses))}
        found |= {column(index): values(question, grid, index, ar) for index in chosen}
    alone = arguments.energies is None and len(chosen) == 1
    deliver(Report(facts, found, show(found[column(chosen[0])][0]) if alone else None), arguments)


def _check(arguments):
    if arguments.energy is not None and arguments.energies is not None:
        raise ValueError("--energies: expected it without --energy")
    if arguments.below and arguments.energy is None and arguments.energies is None:
        raise ValueError("--below: expected energies with it; try --energy U")
    if arguments.quenched and arguments.digits is not None:
        raise ValueError("--digits: the quenched complexity is computed in double precision; leave it out")


def _energy(u, arguments):
    return float(u) if arguments.digits is None else decimal(u, arguments.digits)


COMMAND = Command("print the complexity of a model, at energies or over a range", EPILOG, add, run)
