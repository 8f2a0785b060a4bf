"""``python -m spinglass thresholds``: lowest energies, the threshold and totals in a table."""

from spinglass.command_line.command import Command
from spinglass.command_line.options import MODELS, add_digits, add_model, arithmetic_of, integer, model_of
from spinglass.command_line.report import Report, add_output, deliver, show

EPILOG = (
    f"{MODELS}\n"
    "examples: python -m spinglass thresholds --pure 3 --digits 50\n"
    "          python -m spinglass thresholds --gan 3 3 1 .9 --format json"
)


def add(sub):
    """Add the arguments."""
    add_model(sub)
    sub.add_argument("--indices", nargs="+", type=integer(0), default=[0, 1, 2], metavar="K", help="of one sphere")
    add_digits(sub)
    add_output(sub)


def run(arguments):
    """Print a table of lowest energies and totals."""
    from spinglass.complexity.api import complexity

    model, ar = model_of(arguments), arithmetic_of(arguments)
    c = complexity(model)
    rows = []
    if len(model.fractions) == 1:
        rows += [(f"lowest energy, index {k}", c.lowest_energy(index=k, arithmetic=ar)) for k in arguments.indices]
        rows.append(("threshold energy", c.threshold(arithmetic=ar)))
    else:
        rows += [
            (f"lowest energy of loss {a + 1}", c.lowest_energy(loss=a, arithmetic=ar)) for a in range(len(model.losses))
        ]
    rows.append(("complexity, all points", c.total(arithmetic=ar)))
    zero = (0,) * len(model.players)
    name = "local minima" if len(zero) == 1 else f"index {zero} (local Nash)"
    if all(len(moved) == 1 for moved in model.players) or ar.vectorised:
        rows.append((f"complexity, {name}", c.total(index=zero, arithmetic=ar)))
    width = max(len(label) for label, _ in rows)
    lines = [str(model), *(f"{label:<{width}}  {show(value)}" for label, value in rows)]
    columns = dict(zip(("quantity", "value"), map(list, zip(*rows, strict=True)), strict=True))
    deliver(Report({"model": str(model)}, columns, "\n".join(lines)), arguments)


COMMAND = Command("print lowest energies, threshold and totals", EPILOG, add, run)
