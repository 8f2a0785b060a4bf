"""``python -m spinglass complexity``: one complexity, at energies or in all."""

from spinglass.command_line.command import Command
from spinglass.command_line.options import MODELS, add_digits, add_model, arithmetic_of, model_of, number, show

EPILOG = f"{MODELS}\nexample: python -m spinglass complexity --pure 3 --energy -1.65 --index 0 --digits 50"


def add(sub):
    """Add the arguments."""
    add_model(sub)
    sub.add_argument("--energy", nargs="+", type=number, metavar="U", help="one per loss; without: all energies")
    sub.add_argument("--below", action="store_true", help="points at or below the energies instead of at them")
    sub.add_argument("--index", nargs="+", type=int, metavar="K", help="negative eigenvalues, one number per player")
    sub.add_argument("--quenched", action="store_true", help="mean of the logarithm instead (one sphere)")
    add_digits(sub)


def run(arguments):
    """Print one complexity."""
    from spinglass.complexity.api import complexity

    if arguments.quenched and arguments.digits is not None:
        raise ValueError("--digits: the quenched complexity is computed in double precision; leave it out")
    c = complexity(model_of(arguments), "quenched" if arguments.quenched else "annealed")
    ar = arithmetic_of(arguments)
    index = tuple(arguments.index) if arguments.index else None
    if arguments.energy is None:
        if arguments.below:
            raise ValueError("--below: expected energies with it; try --energy U")
        print(show(c.total(index=index, arithmetic=ar)))
        return
    print(show((c.below if arguments.below else c)(*arguments.energy, index=index, arithmetic=ar)))


COMMAND = Command("print the complexity of a model", EPILOG, add, run)
