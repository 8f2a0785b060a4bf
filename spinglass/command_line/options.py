"""What several commands take: a model, a number of digits; and how numbers are read."""

from argparse import ArgumentTypeError
from collections.abc import Callable

from spinglass.arithmetic import float64, mp
from spinglass.inputs.checks import shown, written
from spinglass.models import bipartite, gan, mixed, pure

MODELS = """models (one of):
  --pure P                     xi(q) = q^P
  --mixed P:C,P:C,..           xi(q) = sum C q^P; a term 1:S is a random field
  --bipartite P Q KAPPA        xi = q1^P q2^Q, a fraction KAPPA of the dimensions on the first sphere
  --gan P Q SIGMA_Z KAPPA      two coupled glasses, discriminator and generator
Energies are densities (H/N), complexities natural logarithms per dimension."""


def number(text):
    """Read a decimal or a fraction exactly; inf is a float."""
    return written("", text)


def add_model(sub):
    """Add the options that name a model."""
    sub.add_argument("--pure", type=number, metavar="P", help="degree of the pure p-spin")
    sub.add_argument("--mixed", metavar="P:C,..", help="degrees and coefficients of a mixture")
    sub.add_argument("--bipartite", nargs=3, type=number, metavar=("P", "Q", "KAPPA"), help="bipartite model")
    sub.add_argument("--gan", nargs=4, type=number, metavar=("P", "Q", "SIGMA_Z", "KAPPA"), help="coupled glasses")


def add_digits(sub):
    """Add the option of digits."""
    sub.add_argument("--digits", type=int, metavar="D", help="number of decimal digits (default: double precision)")


def model_of(arguments):
    """Build the one model the arguments name."""
    named = [name for name in ("pure", "mixed", "bipartite", "gan") if getattr(arguments, name) is not None]
    if len(named) != 1:
        raise ValueError(f"expected exactly one of --pure, --mixed, --bipartite, --gan, got {len(named)}; see --help")
    value = getattr(arguments, named[0])
    if named[0] == "mixed":
        value = [mixture(value)]
    elif named[0] == "pure":
        value = [value]
    make: dict[str, Callable] = {"pure": pure, "mixed": mixed, "bipartite": bipartite, "gan": gan}
    try:
        return make[named[0]](*value)
    except (ValueError, TypeError) as error:
        raise type(error)(f"--{named[0]}: {error}") from None


def mixture(text):
    """Read the degrees and coefficients of a mixture."""
    terms: dict = {}
    try:
        for degree, coefficient in (term.split(":") for term in text.split(",")):
            if int(degree) in terms:
                raise ValueError(f"--mixed: expected every degree once, got {int(degree)} again; add its coefficients")
            terms[int(degree)] = number(coefficient)
    except ValueError as error:
        if str(error).startswith("--mixed"):
            raise
        raise ValueError(f"--mixed: expected P:C,P:C,.. such as 3:.5,4:.5, got {shown(text)}") from None
    return terms


def arithmetic_of(arguments):
    """Return the arithmetic the arguments ask for."""
    return float64 if arguments.digits is None else mp(arguments.digits)


def integer(least):
    """Return a reader of integers that are large enough."""

    def read(text):
        try:
            found = int(text)
        except ValueError:
            found = None
        if found is None or found < least:
            raise ArgumentTypeError(f"expected an integer of at least {least}, got {shown(text)}")
        return found

    return read
