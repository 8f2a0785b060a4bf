"""How fast are other packages at the same work, each in an environment of its own, and do they give the same answers?

``python -m benchmarks.neighbours [--cache FOLDER] [--quick] [NAME ...]`` makes the environments by pip where they are
missing.  None of these packages is a dependency, and some cannot be: they pin an older numpy.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

import spinglass as sg
from benchmarks import plain_homotopy
from benchmarks.table import FOLDER, HEAD, Row, columns, seconds
from spinglass.montecarlo.tridiagonal import goe_scan_many
from spinglass.spectra.free.freely_divisible import MarchenkoPastur
from spinglass.spectra.semicircle import Semicircle

PATIENCE = 300  # seconds for pip
FAR = 1e-6  # a difference of densities that is more than rounding
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def default_cache():
    """Return the folder of the environments, where caches belong."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spinglass-benchmarks"


def python_of(name, cache):
    """Return the interpreter of a neighbour's environment, made if it is missing; OSError if pip fails."""
    folder = cache / name
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise OSError(f"pip took more than {PATIENCE} s") from None
        if done.returncode:
            raise OSError((done.stderr.strip().splitlines() or ["pip failed"])[-1])
        (folder / "installed").touch()
    return python


def versions(name, python):
    """Return the versions of a neighbour and of its numpy."""
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    done = subprocess.run([python, "-c", code, name, "numpy"], capture_output=True, text=True, check=True)
    return dict(zip([name, "numpy"], done.stdout.split(), strict=True))


@contextmanager
def worker(python):
    """Give a function that has one job done in a neighbour's environment: the seconds it took and its value."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [python, FOLDER / "neighbour_work.py"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        process = subprocess.Popen(command, cwd=scratch, env={**os.environ, **ONE_THREAD}, **pipes)

        def do(job):
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                raise OSError(f"its process ended with status {process.wait()}")
            answer = json.loads(line)
            return answer["seconds"], answer["value"]

        with process:
            try:
                yield do
            finally:
                process.stdin.close()


@dataclass(frozen=True)
class Question:
    """One piece of work: what we do, the neighbour's job, and how to compare the answers."""

    neighbour: str
    name: str
    size: str
    ours: object  # a function without arguments
    job: dict
    difference: object  # a function of our answer and theirs, in words
    rounds: int = 5


def density(neighbour, work, points=1000):
    """Ask for the density of a semicircle plus a Marchenko-Pastur law."""
    law = Semicircle(0.5) + MarchenkoPastur(0.25)
    low, high = law.support[0]
    grid = [low - 0.1, high + 0.1, points]
    x = np.linspace(*grid)

    def difference(mine, theirs):
        errors = np.abs(mine - theirs)
        far = np.count_nonzero(errors > FAR)
        return f"they differ by {np.median(errors):.1e} in the median, at {far} points by more than {FAR:g}"

    return Question(
        neighbour,
        "density of semicircle + Marchenko-Pastur",
        f"{points} points",
        lambda: law.density(x),
        {"work": work, "variance": 0.5, "ratio": 0.25, "grid": grid},
        difference,
    )


def evaluated(neighbour, name, work, x, ours, **job):
    """Ask for numbers at places or levels."""

    def difference(mine, theirs):
        errors = np.abs(mine - theirs)
        far = np.count_nonzero(errors > FAR)
        size = f"{np.median(errors):.1e} in the median, by {errors.max():.1e} at most"
        return f"they differ by {size}, at {far} points by more than {FAR:g}"

    return Question(
        neighbour, name, f"{len(x)} points", lambda: ours(x), {"work": work, "x": x.tolist(), **job}, difference
    )


def laws():
    """Ask for laws that neighbours know as well: Marchenko-Pastur, three square layers, Tracy-Widom."""
    flat, layers = sg.spectra.MarchenkoPastur(0.5), sg.spectra.WishartProduct((1.0,) * 3)
    x, levels = np.linspace(*flat.support[0], 100_002)[1:-1], np.linspace(0, 1, 52)[1:-1]
    density, deep = "density of Marchenko-Pastur", np.linspace(0, layers.support[0, 1], 1002)[1:-1]
    yield evaluated("freealg", density, "freealg_law", x, flat.density, law="MarchenkoPastur", parameters=[0.5])
    name = "density of three square layers"
    yield evaluated("freealg", name, "freealg_law", deep, layers.density, law="FussCatalan", parameters=[3])

    def scikit_rmt(name, x, ours, method, law, **parameters):
        job = {"law": f"{law}Distribution", "parameters": parameters, "method": method}
        return evaluated("scikit-rmt", name, "scikit_rmt_law", x, ours, **job)

    yield scikit_rmt(density, x, flat.density, "pdf", "MarchenkoPastur", ratio=0.5)
    yield scikit_rmt("cdf of Marchenko-Pastur", x, flat.cdf, "cdf", "MarchenkoPastur", ratio=0.5)
    yield scikit_rmt("quantiles of Marchenko-Pastur", levels, flat.quantile, "ppf", "MarchenkoPastur", ratio=0.5)
    edge, places = sg.spectra.TracyWidom(), np.linspace(-6, 5, 100_000)
    yield scikit_rmt("Tracy-Widom F_1", places, edge.cdf, "cdf", "TracyWidom", beta=1)
    yield scikit_rmt("Tracy-Widom density, beta = 1", places, edge.pdf, "pdf", "TracyWidom", beta=1)
    yield scikit_rmt("Tracy-Widom quantiles, beta = 1", levels, edge.quantile, "ppf", "TracyWidom", beta=1)
    yield edge_draws(edge)


def edge_draws(edge, size=100):
    """Ask for draws of the law of the largest eigenvalue."""
    rng = np.random.default_rng(1)

    def difference(mine, theirs):
        error = (edge.variance / size) ** 0.5
        scores = ((np.mean(draws) - edge.mean) / error for draws in (mine, theirs))
        return "z-scores of the mean: ours {:.1f}, theirs {:.1f}".format(*scores)

    job = {"work": "scikit_rmt_law", "law": "TracyWidomDistribution", "parameters": {"beta": 1}}
    job |= {"method": "rvs", "size": size}

    def ours():
        return edge.quantile(rng.uniform(size=size))

    return Question("scikit-rmt", "draws of Tracy-Widom, beta = 1", f"{size} draws", ours, job, difference)


def measured(n=1000, points=200):
    """Ask for the density of measured eigenvalues, and for that of a matrix of which theirs is a corner."""
    corner, whole = sg.spectra.MarchenkoPastur(0.125), sg.spectra.MarchenkoPastur(0.25)
    values = np.linalg.eigvalsh(corner.sample(n, rng=1))

    def smoothed(x):
        return sg.spectra.Empirical(values).density(x)

    def decompressed(x):
        found = sg.spectra.fit(values, sg.spectra.MarchenkoPastur, errors=None)
        return (2 * found.law.free_power(0.5)).density(x)

    for name, law, ours, size in (
        ("density of eigenvalues, smoothing included", corner, smoothed, n),
        ("density of a matrix twice as large as its corner", whole, decompressed, 2 * n),
    ):
        x = np.linspace(*law.support[0], points + 2)[1:-1]

        def difference(mine, theirs, law=law, x=x):
            away = (np.trapezoid(np.abs(density - law.density(x)), x) for density in (mine, np.array(theirs)))
            return "total distance from the true law: ours {:.1e}, theirs {:.1e}".format(*away)

        job = {"work": "freealg_form", "eigenvalues": values.tolist(), "x": x.tolist(), "size": size}
        size = f"{n} eigenvalues, {points} points"
        yield Question("freealg", name, size, lambda ours=ours, x=x: ours(x), job, difference)


def spectra(neighbour, work, n=100, draws=500, **options):
    """Ask for counts below a point and log-determinants of GOE matrices of off-diagonal variance 1."""
    point, many = 0.3 * n**0.5, 20 * draws
    points, counts, logs = np.full((many, 1), point), np.zeros((many, 1), np.int64), np.zeros((many, 1))

    def ours():
        goe_scan_many(np.random.default_rng(1), n, points, counts, logs)
        return counts[:, 0], logs[:, 0]

    def difference(mine, theirs):
        means, errors = np.array(theirs)
        z = (means[:2] - [values.mean() for values in mine]) / errors[:2]
        # the eigenvalues add up to the trace, of variance 2n
        off = (means[2] - 2 * n) / errors[2]
        scores = zip(("count", "log-determinant", "variance of the trace"), [*z, off], strict=True)
        return "z-scores: " + ", ".join(f"{what} {score:.1f}" for what, score in scores)

    job = {"work": work, "n": n, "draws": draws, "point": point, **options}
    form = {True: ", tridiagonal", False: ", dense", None: ""}[options.get("tridiagonal")]
    size = f"n = {n}, {many} draws of ours, {draws} of theirs{form}"
    return Question(neighbour, "GOE, count and log-determinant, a draw", size, ours, job, difference)


def solutions(neighbour, work, n, rounds):
    """Ask for all critical points of one draw."""
    draw = sg.pure(3).draw(n, rng=2)

    def difference(mine, theirs):
        return f"we find {mine.count} points, they {2 * theirs}"

    return Question(
        neighbour,
        f"all critical points, pure 3, N = {n}",
        "1 draw",
        lambda: sg.critical_points(draw, proof=False),
        {"work": work, "form": plain_homotopy.tensor(draw).tolist()},
        difference,
        rounds,
    )


def questions(quick):
    """Return all questions."""
    sizes = {"pypolsys": (6,) if quick else (6, 7, 8), "bertini2": (4,) if quick else (4, 6)}
    solvers = {"pypolsys": "solve_by_polsys", "bertini2": "solve_by_bertini"}
    return [
        density("freealg", "semicircle_plus_wishart"),
        *measured(),
        *laws(),
        density("rmtool", "semicircle_plus_wishart_polynomial"),
        spectra("scikit-rmt", "goe_by_matrices", tridiagonal=True),
        spectra("scikit-rmt", "goe_by_matrices", tridiagonal=False),
        spectra("beta-ensembles", "goe_by_ensemble"),
        *(solutions(name, work, n, 3) for name, work in solvers.items() for n in sizes[name]),
    ]


def answered(question, do, release):
    """Return the row of a question and how the answers compare; rounds alternate."""
    value = do(question.job)[1]
    difference = question.difference(question.ours(), value)
    times = [(seconds(question.ours), do(question.job)[0]) for _ in range(question.rounds)]
    mine, theirs = np.median(times, axis=0)
    if "draws" in question.job:
        mine, theirs = mine / (20 * question.job["draws"]), theirs / question.job["draws"]
    return Row(question.name, question.size, float(mine), float(theirs), release), difference


def compare(cache, names=(), quick=False):
    """Return rows, and lines about answers, versions and what does not install."""
    rows, lines = [], []
    asked = [question for question in questions(quick) if not names or question.neighbour in names]
    for name in dict.fromkeys(question.neighbour for question in asked):
        try:
            python = python_of(name, cache)
            release = versions(name, python)
            with worker(python) as do, threadpool_limits(1):
                for question in (q for q in asked if q.neighbour == name):
                    row, difference = answered(question, do, f"{name} {release[name]} (numpy {release['numpy']})")
                    rows.append(row)
                    lines.append(f"{name}, {row.question}, {row.size}: {difference}")
        except (OSError, subprocess.CalledProcessError) as error:
            lines.append(f"{name}: not measured: {error}")
    return rows, lines


def main():
    """Print the table."""
    known = list(dict.fromkeys(question.neighbour for question in questions(True)))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], prog="python -m benchmarks.neighbours")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)} (all)")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="folder of the environments (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="only small sizes")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(known):
        parser.error(f"expected names of {', '.join(known)}, got {', '.join(sorted(unknown))}")
    rows, lines = compare(arguments.cache, arguments.names, arguments.quick)
    if rows:
        print(*columns([HEAD, *(row.cells() for row in rows)]), sep="\n")
    print(*lines, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
