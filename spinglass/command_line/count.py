"""``python -m spinglass count``: mean numbers of points at finite N."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

from spinglass.arithmetic import balls, mp
from spinglass.command_line.command import Command
from spinglass.command_line.options import MODELS, add_digits, add_model, integer, model_of, number
from spinglass.command_line.report import Report, add_output, deliver, show

EPILOG = (
    f"{MODELS}\n"
    "examples: python -m spinglass count --pure 3 -n 8\n"
    "          python -m spinglass count --gan 3 2 .5 .6 -n 20 --method montecarlo --seed 1 --store run.sqlite"
)


SAMPLES = 100_000


def add(sub):
    """Add the arguments."""
    add_model(sub)
    sub.add_argument("-n", nargs="+", type=int, required=True, metavar="N", help="dimension, or one per sphere")
    sub.add_argument("--window", nargs="+", type=number, metavar="U", help="LO HI for every loss")
    sub.add_argument("--index", nargs="+", type=int, metavar="K", help="negative eigenvalues, one number per player")
    sub.add_argument("--method", choices=("exact", "montecarlo"), help="default: exact on one sphere")
    sub.add_argument("--samples", type=int, metavar="M", help=f"of Monte Carlo, default: {SAMPLES}")
    sub.add_argument("--seed", type=integer(0), metavar="S", help="the same seed gives the same numbers")
    sub.add_argument("--store", metavar="FILE", help="SQLite file that keeps finished work; run again to go on")
    sub.add_argument("--workers", type=integer(1), metavar="W", help="threads (default: as many as cores)")
    sub.add_argument("--progress", action="store_true", help="show a bar")
    add_digits(sub)
    add_output(sub)
    sub.add_argument("--proof", action="store_true", help="an enclosure with proof; needs --digits")


def run(arguments):
    """Print an estimate of a mean count."""
    from spinglass.counts import mean_count

    model = model_of(arguments)
    _check_method(arguments, model)
    arithmetic = None if arguments.digits is None else (balls if arguments.proof else mp)(arguments.digits)
    with nullcontext() if arguments.workers is None else ThreadPoolExecutor(arguments.workers) as executor:
        estimate = mean_count(
            model,
            arguments.n[0] if len(arguments.n) == 1 else tuple(arguments.n),
            _windows(arguments, model),
            tuple(arguments.index) if arguments.index else None,
            arguments.method,
            samples=SAMPLES if arguments.samples is None else arguments.samples,
            rng=arguments.seed,
            executor=executor,
            store=arguments.store,
            progress=arguments.progress,
            arithmetic=arithmetic,
        )
    deliver(_report(estimate, model, arguments), arguments)


def _report(estimate, model, arguments):
    """Return what is known of an estimate."""
    windows = None if arguments.window is None else [show(u) for u in arguments.window]
    facts = {"model": str(model), "n": arguments.n, "window": windows, "index": arguments.index}
    facts["method"] = estimate.method
    if arguments.digits is not None:
        shown = (lambda x: x.str(arguments.digits)) if arguments.proof else str
        with (balls if arguments.proof else mp)(arguments.digits).precision():  # in which a ball shows its digits
            columns = {"mean": [shown(estimate.mean)], "log_mean": [shown(estimate.log_mean)]}
        lines = [f"mean              {columns['mean'][0]}", f"log mean          {columns['log_mean'][0]}"]
        return Report(facts, columns, "\n".join(lines))
    columns = {name: [float(getattr(estimate, name))] for name in ("mean", "log_mean", "stderr")}
    lines = [f"mean              {estimate.mean:.10g}"]
    lines.append(f"log mean          {estimate.log_mean:.10g} +- {estimate.stderr:.2g}")
    if estimate.method == "montecarlo":
        columns |= {"effective_samples": [float(estimate.effective_samples)]}
        facts |= {"samples": int(estimate.samples), "seed": str(estimate.seed)}
        lines.append(f"effective samples {estimate.effective_samples:.0f} of {estimate.samples}, seed {estimate.seed}")
    return Report(facts, columns, "\n".join(lines))


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
    if arguments.method != "montecarlo" and len(model.fractions) == 1:
        for name in ("samples", "seed", "store"):
            if getattr(arguments, name) is not None:
                raise ValueError(f"--{name}: an exact count draws nothing; leave it out, or try --method montecarlo")


def _windows(arguments, model):
    """Return the energy windows of a count: none, one pair, or one per loss."""
    ends = arguments.window
    if ends is None:
        return None
    if len(ends) != 2 * len(model.losses):
        raise ValueError(f"--window: expected LO HI for each of {len(model.losses)} losses, got {len(ends)} numbers")
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    return pairs[0] if len(pairs) == 1 else pairs


COMMAND = Command("mean number of points at finite N, exact or by Monte Carlo", EPILOG, add, run)
