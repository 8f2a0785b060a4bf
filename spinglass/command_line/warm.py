"""``python -m spinglass warm``: compile ahead what questions of every kind will call."""

import time
import warnings
from collections.abc import Callable

import spinglass as sg
from spinglass.command_line.command import Command

EPILOG = (
    "Compiled functions are kept in NUMBA_CACHE_DIR if that is set, else in the folder SPINGLASS_CACHE, by default\n"
    "the user's cache folder. One folder may be filled for many users: who can only read it reads it.\n"
    "example: SPINGLASS_CACHE=/opt/spinglass python -m spinglass warm"
)


def add(sub):
    """Add no argument."""


def run(arguments):
    """Ask a small question of every kind, with a bar; say where what was compiled is kept."""
    from tqdm import tqdm

    from spinglass.running.kernel_cache import clock, kept_in

    folder = kept_in()
    if folder is None:
        raise OSError("expected a folder that can be written, found none: set SPINGLASS_CACHE to one")
    clock.said = True  # the bar says it
    start = time.perf_counter()
    with warnings.catch_warnings(), tqdm(QUESTIONS.items(), unit="question") as bar:
        warnings.simplefilter("ignore")  # so few samples tell nothing
        for name, question in bar:
            bar.set_description(name)
            question()
        bar.set_description("compiled")
    seconds = time.perf_counter() - start
    print(f"{clock.functions} functions compiled, all others found; {seconds:.1f} seconds; kept in {folder}")


def three_spheres():
    """Return a model of three spheres, whose log-determinant is that of several species."""
    xi = [{(1, 1, 0): 1}, {(0, 2, 1): 1}, {(1, 0, 2): 1}]
    return sg.SphericalGame(fractions=[0.2, 0.3, 0.5], fields=xi, losses=[[1, 1, 1]], players=[[0, 1, 2]])


def correlated():
    """Return a game whose losses share a field, so that its Jacobian has blocks that are correlated."""
    xi = {(2, 1): 1, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
    losses = [[1, 0], [0.5, 0.75**0.5]]
    return sg.SphericalGame(fractions=[0.4, 0.6], fields=[xi, xi], losses=losses, players=[[0], [1]])


def read(law):
    """Ask a law for all that it has."""
    return law.support, law.density(0.0), law.cdf(0.0), law.log_potential(-1.0)


def sampled(model, n):
    """Ask for mean numbers by Monte Carlo, of all points and of minima."""
    minima = (0,) * len(model.players)
    return [sg.mean_count(model, n, None, index, "montecarlo", samples=64, rng=1) for index in (None, minima)]


def landscape(model, n):
    """Ask for all critical points of a draw."""
    return sg.critical_points(model.draw(n, rng=1), proof=False)


#: Kinds of questions, each with a small one.  What a game compiles depends on the structure of players and spheres.
QUESTIONS: dict[str, Callable] = {
    "GAN": lambda: sg.complexity(sg.gan(2, 2, 0.5, 0.5)).total(index=(0, 0)),
    "bipartite model": lambda: sg.complexity(sg.bipartite(2, 3, kappa=0.5)).total(),
    "three spheres": lambda: sg.complexity(three_spheres()).total(),
    "correlated losses": lambda: sg.complexity(correlated()).total(index=(0, 0)),
    "spectrum of a Hessian": lambda: read(sg.gan(2, 2, 0.5, 0.5).hessian(-1.0, 0.5).law),
    "sum of laws": lambda: read(sg.spectra.Semicircle(0.25) + sg.spectra.MarchenkoPastur(0.5)),
    "sampled count, one sphere": lambda: sampled(sg.pure(3), 6),
    "sampled count, GAN": lambda: sampled(sg.gan(2, 1, 0.5, 0.5), (3, 3)),
    "sampled count, spike": lambda: sampled(sg.spiked(3, 1.0), 6),
    "landscape, one sphere": lambda: landscape(sg.pure(3), 3),
    "landscape, GAN": lambda: landscape(sg.gan(2, 1, 0.5, 0.5), (2, 2)),
}

COMMAND = Command("compile ahead what questions of every kind call, and say where it is kept", EPILOG, add, run)
