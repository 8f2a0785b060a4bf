"""How does the cost grow with N, digits, grid, paths and samples, and what would a very large run take?

``python -m benchmarks.growth [--quick] [--plot FILE]`` fits exponents to measured times and plans from them.
"""

import argparse
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import optimize, stats
from threadpoolctl import threadpool_limits

import spinglass as sg
from benchmarks.inline import Inline
from benchmarks.table import FOLDER, columns, in_turn, text
from spinglass.landscape.solutions.homotopy import all_solutions
from spinglass.montecarlo.blocks import jacobian_many
from spinglass.montecarlo.tridiagonal import goe_scan_many

PLOT = FOLDER / "growth.png"
LEVEL = 0.95
CHUNK = 1024  # samples; of sg.mean_count
ROW, DENSE, SAMPLE = "tridiagonal matrix at 16 points", "two-player Jacobian", "Monte Carlo count, N = 20"
CORES = 10_000  # of the cluster planned for


@dataclass(frozen=True)
class Growth:
    """How a time grows: what is measured, in which variable, and how to do it for one value."""

    name: str
    variable: str
    values: tuple
    work: object  # value -> function without arguments
    units: int = 1  # that one call does
    size: object = None  # value -> size that the fit is made in (the value itself)
    powers: tuple = ()  # of the size, whose mixture the time should be: for going far beyond what was measured


@dataclass(frozen=True)
class Fit:
    """Seconds of a unit over sizes, with the line through their logarithms."""

    growth: Growth
    sizes: np.ndarray
    seconds: np.ndarray
    exponent: float
    margin: float  # of the exponent, at LEVEL
    scale: float  # seconds at size 1

    def __call__(self, size):
        """Return the seconds of a unit at a size, by the line."""
        return self.scale * size**self.exponent

    def far(self, size):
        """Return the seconds of a unit at a size by the mixture of powers that fits best, none of them negative."""
        powers = np.array(self.growth.powers, dtype=float)
        terms = self.sizes[:, None] ** powers / self.seconds[:, None]  # relative errors count alike
        return float(optimize.nnls(terms, np.ones(len(self.sizes)))[0] @ size**powers)


def matrices(n, m=200):
    """Draw tridiagonal matrices, and read each at 16 points."""
    arrays = np.full((m, 16), 0.3 * n**0.5), np.zeros((m, 16), np.int64), np.zeros((m, 16))
    return lambda: goe_scan_many(np.random.default_rng(1), n, *arrays)


def jacobians(n, m=4):
    """Draw and reduce Jacobians of a two-player zero-sum game."""
    sizes, v = [n // 2, n - n // 2], np.array([[3.0, 1.0], [1.0, 2.0]])
    arrays = np.zeros(m), np.zeros(m, np.int8), np.zeros((m, 2), np.int64)
    signed, shifts = v * [[1, -1], [-1, 1]], np.full((m, 2), 0.5)
    return lambda: jacobian_many(np.random.default_rng(1), sizes, v, signed, [1, -1], shifts, [0, 1], *arrays)


def samples(count):
    """Sample a count on one sphere in one thread."""
    return lambda: sg.mean_count(sg.pure(3), 20, method="montecarlo", samples=count, rng=1, executor=Inline())


def surface(side):
    """Compute a surface of complexities of a GAN."""
    c = sg.complexity(sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9))
    grid = np.meshgrid(np.linspace(-3.0, 1.0, side), np.linspace(-3.0, 3.0, side), indexing="ij")
    return lambda: c(*grid)


def paths(n):
    """Follow the paths to one draw."""
    draw = sg.pure(3).draw(n, rng=2)
    return lambda: all_solutions(draw, np.random.default_rng(1))


def path_number(n):
    """Return how many paths there are, one per pair of solutions."""
    return 2**n - 1


def threshold(digits):
    """Find E_1 of the pure 3-spin."""
    c, arithmetic = sg.complexity(sg.pure(3)), sg.mp(digits)
    return lambda: c.lowest_energy(index=1, arithmetic=arithmetic)


def exact(n):
    """Integrate the Kac-Rice formula in float64."""
    return lambda: sg.mean_count(sg.pure(3), n)


def exact_digits(digits):
    """Integrate the Kac-Rice formula at N = 10 with digits, below an energy; quadrature nodes are kept."""
    arithmetic = sg.mp(digits)
    return lambda: sg.mean_count(sg.pure(3), 10, (-np.inf, -1.5), arithmetic=arithmetic)


def growths(quick):
    """Return what is measured; the largest sizes show the growth, the smallest ones the overhead."""
    cut = slice(None, -1) if quick else slice(None)
    return [
        Growth(ROW, "N", (100, 200, 400, 800, 1600, 3200)[cut], matrices, 200, None, (0, 1)),
        Growth(DENSE, "N", (100, 200, 300, 400, 600, 800), jacobians, 4, None, (2, 3)),
        Growth(SAMPLE, "samples", (8192, 16384, 32768, 65536)[cut], samples, 1, None, (0, 1)),
        Growth("surface of complexities", "points", (20, 40, 80, 120)[cut], surface, size=lambda m: m * m),
        Growth("critical points, pure 3", "paths", (6, 7, 8, 9, 10)[cut], paths, size=path_number),
        Growth("lowest energy E_1", "digits", (200, 500, 1000, 2000, 5000)[cut], threshold),
        Growth("exact count", "N", (250, 500, 1000, 2000)[cut], exact),
        Growth("exact count below -1.5, N = 10", "digits", (20, 40, 80, 120)[cut], exact_digits),
    ]


def fitted(growth, rounds):
    """Measure all sizes in turn and fit a power."""
    sizes = np.array([growth.size(value) if growth.size else value for value in growth.values], dtype=float)
    seconds = np.array(in_turn([growth.work(value) for value in growth.values], rounds)) / growth.units
    line = stats.linregress(np.log(sizes), np.log(seconds))
    margin = line.stderr * stats.t.ppf(0.5 + LEVEL / 2, len(sizes) - 2)
    return Fit(growth, sizes, seconds, float(line.slope), float(margin), float(np.exp(line.intercept)))


def table(fits):
    """Return the lines of the table of exponents."""
    head = ("a", "grows with", "from", "to", "time there", "exponent")
    lines = [
        (
            fit.growth.name,
            fit.growth.variable,
            f"{fit.sizes[0]:g}",
            f"{fit.sizes[-1]:g}",
            f"{text(fit.seconds[0])} to {text(fit.seconds[-1])}",
            f"{fit.exponent:.2f} +- {fit.margin:.2f}",
        )
        for fit in fits
    ]
    return head, lines


@functools.cache
def costs_of_a_chunk():
    """Return the seconds that handing out an empty chunk takes, by executor."""
    from benchmarks.test_parallel import BLOCK, CHUNKS, POOLS, nothing
    from spinglass.running.run import run

    costs = {}
    for name, pool in POOLS.items():
        with pool(2) as executor:
            job = functools.partial(run, nothing, CHUNKS * BLOCK, parameters={}, rng=1, chunk=BLOCK, executor=executor)
            costs[name] = in_turn([job], 3)[0] / CHUNKS
    return costs


def plans(fits, costs):
    """Return the lines of the table of plans: what large runs would take, by the fits."""
    by_name = {fit.growth.name: fit for fit in fits}
    row, dense, sample = by_name[ROW], by_name[DENSE], by_name[SAMPLE]
    beyond = max((sample.far(2.0**17) - sample.far(2.0**16)) / 2**16 - row.far(19), 0.0)  # a sample beside its matrix
    cases = [
        ("one sphere, N = 100, 10^9 samples", row.far(100) + beyond, 1e9),
        ("one sphere, N = 10^4, 10^6 samples", row.far(1e4) + beyond, 1e6),
        ("one sphere, N = 10^4, 10^9 samples", row.far(1e4) + beyond, 1e9),
        ("two players, N = 100, 10^9 samples", dense.far(100), 1e9),
        ("two players, N = 1000, 10^6 samples", dense.far(1000), 1e6),
        ("two players, N = 10^4, 10^4 samples", dense.far(1e4), 1e4),
    ]
    lines = []
    for name, seconds, number in cases:
        times = {chunk: wall(seconds, number, chunk, costs["Dask"]) for chunk in [64 * 2**k for k in range(24)]}
        best = min(times, key=times.get)
        cells = seconds, seconds * number, times[CHUNK]
        lines.append((name, *map(duration, cells), str(best), duration(times[best])))
    head = ("run", "a sample", "one core", f"10^4 cores, chunks of {CHUNK}", "best chunk", "10^4 cores with it")
    return head, lines


def wall(seconds, number, chunk, cost):
    """Return the seconds that samples take on CORES cores: handing out the chunks, or doing them, and the last one."""
    chunk = min(chunk, number)
    chunks = np.ceil(number / chunk)
    return float(max(chunks * cost, np.ceil(chunks / CORES) * chunk * seconds) + chunk * seconds)


def duration(seconds):
    """Write a time from nanoseconds to years."""
    for unit, size in (("years", 3.156e7), ("days", 86400.0), ("hours", 3600.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.2g} {unit}"
    return text(seconds)


def draw(fits, path):
    """Draw times over sizes with the fitted lines."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter

    figure = Figure(figsize=(12, 6), layout="constrained")
    FigureCanvasAgg(figure)
    for ax, fit in zip(figure.subplots(2, -(-len(fits) // 2)).flat, fits, strict=False):
        ax.loglog(fit.sizes, fit.seconds, "o")
        ax.loglog(fit.sizes, fit(fit.sizes), "-")
        ax.set(xlabel=fit.growth.variable, ylabel="seconds")
        ax.set_title(f"{fit.growth.name}\nexponent {fit.exponent:.2f} $\\pm$ {fit.margin:.2f}", fontsize="medium")
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.yaxis.set_minor_formatter(NullFormatter())
    figure.savefig(path, dpi=100)


def measure(quick=False):
    """Return all fits."""
    with threadpool_limits(1):
        return [fitted(growth, 1 if quick else 3) for growth in growths(quick)]


def main():
    """Print the tables and draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], prog="python -m benchmarks.growth")
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    parser.add_argument("--plot", type=Path, default=PLOT, help="where to draw (%(default)s)")
    arguments = parser.parse_args()
    fits = measure(arguments.quick)
    costs = costs_of_a_chunk()
    for head, lines in (table(fits), plans(fits, costs)):
        print(*columns([head, *lines]), "", sep="\n")
    draw(fits, arguments.plot)


if __name__ == "__main__":
    main()
