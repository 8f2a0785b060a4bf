"""``python -m spinglass count``: mean numbers of points at finite N."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

from spinglass.arithmetic import balls, mp
from spinglass.command_line.command import Command
from spinglass.command_line.options import MODELS, add_digits, add_model, model_of, number

EPILOG = (
    f"{MODELS}\n"
    "examples: python -m spinglass count --pure 3 -n 8\n"
    "          python -m spinglass count --gan 3 2 .5 .6 -n 20 --method montecarlo --seed 1 --store run.sqlite"
)


def add(sub):
    """Add the arguments."""
    add_model(sub)
    sub.add_argument("-n", nargs="+", type=int, required=True, metavar="N", help="dimension, or one per sphere")
    sub.add_argument("--window", nargs="+", type=number, metavar="U", help="LO HI for every loss")
    sub.add_argument("--index", nargs="+", type=int, metavar="K", help="negative eigenvalues, one number per player")
    sub.add_argument("--method", choices=("exact", "montecarlo"), default="exact", help="default: exact (one sphere)")
    sub.add_argument("--samples", type=int, default=100_000, metavar="M", help="default: 100000")
    sub.add_argument("--seed", type=int, metavar="S", help="the same seed gives the same numbers")
    sub.add_argument("--store", metavar="FILE", help="SQLite file that keeps finished work; run again to go on")
    sub.add_argument("--workers", type=int, metavar="W", help="threads (default: as many as cores)")
    sub.add_argument("--progress", action="store_true", help="show a bar")
    add_digits(sub)
    sub.add_argument("--proof", action="store_true", help="an enclosure with proof; needs --digits")


def run(arguments):
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


COMMAND = Command("mean number of points at finite N, exact or by Monte Carlo", EPILOG, add, run)
