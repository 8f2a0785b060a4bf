"""The command line: ``python -m spinglass complexity | thresholds | count | check | figures``."""

import argparse
import os
import re
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

from spinglass import __version__
from spinglass.arithmetic import balls, float64, mp
from spinglass.inputs.checks import shown, written
from spinglass.models import bipartite, gan, mixed, pure

MODELS = """models (one of):
  --pure P                     xi(q) = q^P
  --mixed P:C,P:C,..           xi(q) = sum C q^P; a term 1:S is a random field
  --bipartite P Q KAPPA        xi = q1^P q2^Q, a fraction KAPPA of the dimensions on the first sphere
  --gan P Q SIGMA_Z KAPPA      two coupled glasses, discriminator and generator
Energies are densities (H/N), complexities natural logarithms per dimension."""

EXAMPLES = {
    "complexity": "example: python -m spinglass complexity --pure 3 --energy -1.65 --index 0 --digits 50",
    "thresholds": "example: python -m spinglass thresholds --pure 3 --digits 50",
    "count": "examples: python -m spinglass count --pure 3 -n 8\n"
    "          python -m spinglass count --gan 3 2 .5 .6 -n 20 --method montecarlo --seed 1 --store run.sqlite",
    "check": "example: python -m spinglass check --draws 50\n"
    "Four routes that share no code but the model; z: deviation in standard errors. Exit code 1 if one is beyond 4.",
    "figures": "examples: python -m spinglass figures --list\n"
    "          python -m spinglass figures auffinger2013 --out figures/ --quick --data figures.csv\n"
    "Numbers are kept in the folder SPINGLASS_CACHE (by default the user's cache folder): a figure computed before is\n"
    "only drawn, a stopped one goes on where it was.",
}


NEGATIVE = re.compile(r"^-(\d|\.\d|inf$)")


def number(text):
    """Read a decimal or a fraction exactly; inf is a float."""
    return written("", text)


def parser():
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m spinglass",
        description="Complexity of spherical spin glasses and random games.",
        epilog="'python -m spinglass COMMAND --help' says all of a command.",
    )
    top.add_argument("--version", action="version", version=f"spinglass {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (text, epilog, add, _) in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=f"{epilog}{EXAMPLES[name]}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub._negative_number_matcher = NEGATIVE  # argparse by itself takes -inf and -1e-3 for options
        add(sub)
    return top


def _add_complexity(sub):
    _add_model(sub)
    sub.add_argument("--energy", nargs="+", type=number, metavar="U", help="one per loss; without: all energies")
    sub.add_argument("--below", action="store_true", help="points at or below the energies instead of at them")
    sub.add_argument("--index", nargs="+", type=int, metavar="K", help="negative eigenvalues, one number per player")
    sub.add_argument("--quenched", action="store_true", help="mean of the logarithm instead (one sphere)")
    _add_digits(sub)


def _add_thresholds(sub):
    _add_model(sub)
    sub.add_argument("--indices", nargs="+", type=int, default=[0, 1, 2], metavar="K", help="one sphere: rows E_K")
    _add_digits(sub)


def _add_count(sub):
    _add_model(sub)
    sub.add_argument("-n", nargs="+", type=int, required=True, metavar="N", help="dimension, or one per sphere")
    sub.add_argument("--window", nargs="+", type=number, metavar="U", help="LO HI for every loss")
    sub.add_argument("--index", nargs="+", type=int, metavar="K", help="negative eigenvalues, one number per player")
    sub.add_argument("--method", choices=("exact", "montecarlo"), default="exact", help="default: exact (one sphere)")
    sub.add_argument("--samples", type=int, default=100_000, metavar="M", help="default: 100000")
    sub.add_argument("--seed", type=int, metavar="S", help="the same seed gives the same numbers")
    sub.add_argument("--store", metavar="FILE", help="SQLite file that keeps finished work; run again to go on")
    sub.add_argument("--workers", type=int, metavar="W", help="threads (default: as many as cores)")
    sub.add_argument("--progress", action="store_true", help="show a bar")
    _add_digits(sub)
    sub.add_argument("--proof", action="store_true", help="an enclosure with proof; needs --digits")


def _add_check(sub):
    sub.add_argument("--draws", type=int, default=200, metavar="D", help="random landscapes a model (default: 200)")
    sub.add_argument("--samples", type=int, default=20_000, metavar="M", help="Monte Carlo samples (default: 20000)")
    sub.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same table")


def _add_figures(sub):
    sub.add_argument("names", nargs="*", metavar="NAME", help="figures or papers; without: all")
    sub.add_argument("--out", default="figures", metavar="FOLDER", help="where to (default: figures)")
    sub.add_argument("--quick", action="store_true", help="coarser, under ten seconds a figure")
    sub.add_argument("--list", action="store_true", help="list the names and stop")
    sub.add_argument("--data", metavar="FILE", help="write every drawn number as csv as well")
    sub.add_argument("--no-cache", action="store_true", help="compute again what was computed before, keep nothing")
    sub.add_argument("--progress", action="store_true", help="show a bar")


def _add_model(sub):
    sub.add_argument("--pure", type=number, metavar="P", help="degree of the pure p-spin")
    sub.add_argument("--mixed", metavar="P:C,..", help="degrees and coefficients of a mixture")
    sub.add_argument("--bipartite", nargs=3, type=number, metavar=("P", "Q", "KAPPA"), help="bipartite model")
    sub.add_argument("--gan", nargs=4, type=number, metavar=("P", "Q", "SIGMA_Z", "KAPPA"), help="coupled glasses")


def _add_digits(sub):
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
    return make[named[0]](*value)


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


def show(x):
    """Write a number with the digits it has."""
    return repr(float(x)) if isinstance(x, float) else str(x)


def run_complexity(arguments):
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


def run_thresholds(arguments):
    """Print a table of lowest energies and totals."""
    from spinglass.complexity.api import complexity

    model, ar = model_of(arguments), arithmetic_of(arguments)
    c = complexity(model)
    print(model)
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
    for label, value in rows:
        print(f"{label:<{width}}  {show(value)}")


def run_count(arguments):
    """Print an estimate of a mean count."""
    from spinglass.counts import mean_count

    model = model_of(arguments)
    _check_method(arguments, model)
    if arguments.workers is not None and arguments.workers < 1:
        raise ValueError(f"--workers: expected at least 1, got {arguments.workers}")
    arithmetic = None if arguments.digits is None else (balls if arguments.proof else mp)(arguments.digits)
    with nullcontext() if arguments.workers is None else ThreadPoolExecutor(arguments.workers) as executor:
        estimate = mean_count(
            model,
            arguments.n[0] if len(arguments.n) == 1 else tuple(arguments.n),
            _windows(arguments, model),
            tuple(arguments.index) if arguments.index else None,
            arguments.method,
            samples=arguments.samples,
            rng=arguments.seed,
            executor=executor,
            store=arguments.store,
            progress=arguments.progress,
            arithmetic=arithmetic,
        )
    if arithmetic is None:
        _print_estimate(estimate, arguments.method)
        return
    with arithmetic.precision():  # in which a ball shows its digits
        shown_number = (lambda x: x.str(arguments.digits)) if arguments.proof else str
        print(f"mean              {shown_number(estimate.mean)}")
        print(f"log mean          {shown_number(estimate.log_mean)}")


def _check_method(arguments, model):
    """Refuse what a method cannot give."""
    if arguments.proof and arguments.digits is None:
        raise ValueError("--proof: expected --digits D with it")
    if arguments.method == "montecarlo" and arguments.digits is not None:
        raise ValueError("--digits: a Monte Carlo estimate has double precision; leave it out, or try --method exact")
    if arguments.method == "exact" and len(model.fractions) > 1:
        raise ValueError(
            f"--method: exact knows one sphere, and this model has {len(model.fractions)}; try --method montecarlo"
        )


def _windows(arguments, model):
    """Return the energy windows of a count: none, one pair, or one per loss."""
    ends = arguments.window
    if ends is None:
        return None
    if len(ends) != 2 * len(model.losses):
        raise ValueError(f"--window: expected LO HI for each of {len(model.losses)} losses, got {ends}")
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    return pairs[0] if len(pairs) == 1 else pairs


def _print_estimate(estimate, method):
    print(f"mean              {estimate.mean:.10g}")
    print(f"log mean          {estimate.log_mean:.10g} +- {estimate.stderr:.2g}")
    if method == "montecarlo":
        print(f"effective samples {estimate.effective_samples:.0f} of {estimate.samples}, seed {estimate.seed}")


def run_check(arguments):
    """Print the comparison; return 1 where two routes disagree."""
    from spinglass.agreement import agreement, table

    rows = agreement(arguments.draws, arguments.samples, arguments.seed)
    print(table(rows))
    return int(not all(row.agrees for row in rows))


def run_figures(arguments):
    """Draw figures into a folder."""
    from spinglass import figures

    chosen = figures.names(*arguments.names)
    if arguments.list:
        for name in chosen:
            print(f"{name:<30}{figures.recipe(name).title}")
        return
    folder = figures.writable_folder(arguments.out)
    cache = False if arguments.no_cache else None
    with figures.Table(arguments.data) if arguments.data else nullcontext() as table:
        for name in chosen:
            try:
                numbers = figures.data(name, arguments.quick, cache=cache, progress=arguments.progress)
            except KeyboardInterrupt:
                kept = (
                    "nothing is kept" if arguments.no_cache else "finished parts are kept, the same call goes on there"
                )
                raise KeyboardInterrupt(f"stopped in {name}; {kept}") from None
            print(figures.save(name, numbers, folder), flush=True)
            if table is not None:
                table.add(name, numbers)


#: What each command is for, what its help says before the examples, the arguments it takes, and what it does.
COMMANDS: dict[str, tuple[str, str, Callable, Callable]] = {
    "complexity": ("print the complexity of a model", f"{MODELS}\n", _add_complexity, run_complexity),
    "thresholds": ("print lowest energies, threshold and totals", f"{MODELS}\n", _add_thresholds, run_thresholds),
    "count": ("mean number of points at finite N, exact or by Monte Carlo", f"{MODELS}\n", _add_count, run_count),
    "check": ("compare theory, exact finite N, Monte Carlo and brute force in one table", "", _add_check, run_check),
    "figures": ("draw the papers' figures", "", _add_figures, run_figures),
}


def main(argv=None):
    """Run the command line; wrong arguments end with one line and exit code 2."""
    command = ""
    try:
        try:
            arguments = parser().parse_args(argv)
            command = f" {arguments.command}"
            return run_command(arguments)
        finally:
            sys.stdout.flush()  # so that a closed pipe shows here
    except BrokenPipeError:  # the reader has seen enough: nothing is to be said, also not when Python flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, TypeError, ArithmeticError, NotImplementedError, OSError, ImportError) as error:
        print(f"python -m spinglass{command}: error: {error}", file=sys.stderr)
        return 2
    except MemoryError as error:
        size = f" ({error})" if str(error) else ""
        print(f"python -m spinglass{command}: error: not enough memory{size}; try smaller sizes", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print(f"python -m spinglass{command}: {str(stop) or 'stopped'}", file=sys.stderr)
        return 130


def run_command(arguments):
    """Run one command; return its exit code."""
    warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
    *_, run = COMMANDS[arguments.command]
    return run(arguments) or 0


if __name__ == "__main__":
    sys.exit(main())
