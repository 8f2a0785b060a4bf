"""How near are the kernels to what the machine can do: variates, memory, factorisations, roots of a quartic?

The baseline is the least work that the question needs, done by the fastest means at hand; a kernel at its limit has
the ratio 1.  Nothing here fails: what is far from its limit is explained in the README.
"""

import numpy as np
import pytest
from numba import njit
from scipy.linalg.blas import dgemm
from scipy.linalg.lapack import dsytrf, dsytrf_lwork
from threadpoolctl import threadpool_limits

import spinglass as sg
from benchmarks.inline import Inline
from spinglass.landscape.solutions.homotopy import all_solutions
from spinglass.montecarlo.tridiagonal import chi_square, chi_square_constants, goe_scan_many
from spinglass.spectra.dyson.two_species import quartic_roots
from spinglass.spectra.free.freely_divisible import FreeCompoundPoisson
from spinglass.spectra.semicircle import Semicircle

POINTS = 100_000


@pytest.fixture(autouse=True)
def one_blas_thread():
    with threadpool_limits(1):
        yield


@njit(nogil=True)
def quartics(coefficients):
    """Take the roots of many quartics in closed form, and the three complex logarithms of a potential."""
    total = 0j
    for i in range(len(coefficients)):
        b, c, d, e = coefficients[i]
        roots = quartic_roots(b, c, d, e)
        total += np.log(roots[0]) + np.log(roots[1]) + np.log(roots[2])
    return total


@njit(nogil=True)
def normals(rng, count):
    """Draw normals and drop them."""
    total = 0.0
    for _ in range(count):
        total += rng.standard_normal()
    return total


@njit(nogil=True)
def chi_squares(rng, count, degrees):
    """Draw chi-square variables and drop them."""
    total, constants = 0.0, chi_square_constants(degrees + 1)
    for _ in range(count):
        total += chi_square(rng, degrees, constants)
    return total


def complex_coefficients():
    rng = np.random.default_rng(1)
    return rng.standard_normal((POINTS, 4)) + 1j * rng.standard_normal((POINTS, 4))


def test_log_determinant(race, report):
    local = sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9).local_law()
    psi = sg.spectra.LogDeterminant(local)
    shifts = np.random.default_rng(1).normal(size=(POINTS, local.shifts.shape[1])) @ local.shifts.T
    coefficients = complex_coefficients()
    ours, roots = race(lambda: psi(shifts), lambda: quartics(coefficients), rounds=9)
    report(
        question="limit: GAN log-determinant, a point",
        size=f"{POINTS} points",
        ours=ours / POINTS,
        baseline=roots / POINTS,
        against="closed quartic, 3 logarithms",
    )


def test_density(race, report):
    law = Semicircle(0.5) + FreeCompoundPoisson(4.0, [-1.0, 0.5], [0.3, 0.7])
    x, coefficients = np.linspace(*law.support[0], POINTS), complex_coefficients()
    ours, roots = race(lambda: law.density(x), lambda: quartics(coefficients), rounds=9)
    report(
        question="limit: density of a quartic law, a point",
        size=f"{POINTS} points",
        ours=ours / POINTS,
        baseline=roots / POINTS,
        against="closed quartic, 3 logarithms",
    )


@pytest.mark.parametrize("p", [3, 4])
def test_curve(race, report, p):
    """A curve reads and writes a number a point: it could not be faster than memory."""
    energies = np.linspace(-2.0, -1e-6, 10 * POINTS)
    c, out = sg.complexity(sg.pure(p)), np.empty_like(energies)
    ours, copy = race(lambda: c(energies), lambda: np.copyto(out, energies), rounds=15)
    report(
        question=f"limit: pure {p} c(u), a point",
        size=f"{10 * POINTS} energies",
        ours=ours / len(energies),
        baseline=copy / len(energies),
        against="memory copy",
    )


def test_variates(race, report):
    """A row of a tridiagonal GOE matrix needs a normal and a chi-square variable, which needs a normal at least."""
    n, m, rng = 100, 1000, np.random.default_rng(1)
    arrays = np.full((m, 1), 3.0), np.zeros((m, 1), np.int64), np.zeros((m, 1))
    ours, plain = race(lambda: goe_scan_many(rng, n, *arrays), lambda: normals(rng, 2 * n * m), rounds=15)
    report(
        question="limit: GOE n=100, a row",
        size=f"{m} draws",
        ours=ours / (n * m),
        baseline=plain / (n * m),
        against="two normals",
    )


def test_chi_square(race, report):
    rng = np.random.default_rng(1)
    ours, plain = race(lambda: chi_squares(rng, POINTS, 50), lambda: normals(rng, POINTS), rounds=15)
    report(
        question="limit: chi-square variable",
        size=f"{POINTS} draws",
        ours=ours / POINTS,
        baseline=plain / POINTS,
        against="a normal",
    )


@pytest.mark.parametrize("n", [50, 200])
def test_factorisation(race, report, n):
    """LAPACK's dsytrf beside a matrix product of as many operations: what the dense Jacobians are held up by."""
    rng = np.random.default_rng(1)
    matrix = np.asfortranarray(rng.standard_normal((n, n)))
    matrix, work = np.asfortranarray(matrix + matrix.T), int(dsytrf_lwork(n, lower=1)[0])
    left, right = (np.asfortranarray(rng.standard_normal((n, n))) for _ in range(2))
    count = 20
    ours, product = race(
        lambda: [dsytrf(matrix, lower=1, lwork=work) for _ in range(count)],
        lambda: [dgemm(1.0, left, right) for _ in range(count)],
        rounds=15,
    )
    report(
        question=f"limit: dsytrf n={n}",
        size=f"{n**3 / 3e6:.2g} million operations",
        ours=ours / count,
        baseline=product / count / 6,  # n^3/3 operations beside 2 n^3
        against="dgemm, per operation",
    )


def test_path_steps(race, report):
    """A step along a path factorises two matrices."""
    draw = sg.pure(3).draw(8, rng=2)
    found = all_solutions(draw, np.random.default_rng(1))
    size = sum(draw.sizes) + len(draw.sizes)
    rng = np.random.default_rng(1)
    matrices = rng.standard_normal((found.steps, size, size)) + 1j * rng.standard_normal((found.steps, size, size))
    right = rng.standard_normal((found.steps, size, 1)) + 0j

    def solves():
        np.linalg.solve(matrices, right)
        np.linalg.solve(matrices, right)

    ours, plain = race(lambda: all_solutions(draw, np.random.default_rng(1)), solves, rounds=5)
    report(
        question="limit: a step along a path, pure 3, N = 8",
        size=f"{found.steps} steps on {found.paths} paths",
        ours=ours / found.steps,
        baseline=plain / found.steps,
        against=f"two LAPACK solves of size {size}",
    )


def test_sample(race, report):
    """A sample of a one-sphere count draws a matrix and reads it at 16 points; the rest is choosing the points."""
    n, samples = 100, 20_000
    rng = np.random.default_rng(1)
    points, counts, logs = np.full((samples, 16), 3.0), np.zeros((samples, 16), np.int64), np.zeros((samples, 16))
    ours, kernel = race(
        lambda: sg.mean_count(sg.pure(3), n, method="montecarlo", samples=samples, rng=1, executor=Inline()),
        lambda: goe_scan_many(rng, n - 1, points, counts, logs),
        rounds=5,
    )
    report(
        question=f"limit: Monte Carlo count, pure 3, N = {n}, a sample",
        size=f"{samples} samples",
        ours=ours / samples,
        baseline=kernel / samples,
        against="its matrix at 16 points",
    )
