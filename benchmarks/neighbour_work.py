"""Work for a neighbour, done in its own environment: a job per line of JSON comes in, a line with the answer goes out.

Imports nothing but the standard library, numpy and the neighbour itself.
"""

import json
import os
import sys
import time

import numpy as np


def semicircle_plus_wishart(job):
    """freealg: the density of a semicircle of given variance plus a Marchenko-Pastur law.

    Evaluated closer to the real axis than by default, which costs no time and is more accurate.
    """
    from freealg.distributions import FreeLevy

    law = FreeLevy([job["ratio"]], [1.0], 1 / job["ratio"], a=0.0, sigma=job["variance"] ** 0.5)
    x = np.linspace(*job["grid"])
    return lambda: law.density(x, eta=1e-8).tolist()


def semicircle_plus_wishart_polynomial(job):
    """rmtool: the same from the polynomial of the law, which is derived before the clock starts."""
    import rmtool
    import sympy

    scale = sympy.sqrt(sympy.Rational(str(job["variance"])))
    law = rmtool.AplusB(rmtool.scaleA(rmtool.wignerpol(), scale), rmtool.wishartpol(sympy.Rational(str(job["ratio"]))))
    x = np.linspace(*job["grid"])
    return lambda: np.ravel(rmtool.Lmz2pdf(law, x).density).tolist()


def freealg_law(job):
    """freealg: the density of a law of its own, closer to the real axis than by default if that is how it is found."""
    from freealg import distributions

    law = getattr(distributions, job["law"])(*job["parameters"])
    x, options = np.array(job["x"]), {} if job["law"] == "MarchenkoPastur" else {"eta": 1e-8}
    return lambda: law.density(x, **options).tolist()


def freealg_form(job):
    """freealg: the density of eigenvalues, or that of a larger matrix of which theirs is a corner."""
    vars(np).setdefault("trapz", np.trapezoid)  # it asks for the old name
    from freealg import FreeForm

    values, x = np.array(job["eigenvalues"]), np.array(job["x"])

    def density():
        form = FreeForm(values)
        # the options of its examples; of its continuations wynn-eps came nearest
        form.fit(method="jacobi", K=20, alpha=0.5, beta=0.5, damp="jackson", continuation="wynn-eps")
        rho = form.decompress(job["size"], x)[0] if job["size"] > len(values) else form.density(x)
        return rho.tolist()

    return density


def scikit_rmt_law(job):
    """scikit-rmt: a method of one of its distributions at places or levels, or draws."""
    from skrmt.ensemble import spectral_law

    law = getattr(spectral_law, job["law"])(**job["parameters"])
    method = getattr(law, job["method"])
    if job["method"] == "rvs":
        return lambda: method(size=job["size"], random_state=1).tolist()
    x = np.array(job["x"])
    return lambda: method(x).tolist()


def spectra_statistics(spectra, point):
    """Return mean and standard error of: eigenvalues below a point, log|det|, and the variance of the trace."""
    distance = spectra - point
    trace = spectra.sum(axis=1)
    table = np.array([(distance < 0).sum(1), np.log(np.abs(distance)).sum(1), (trace - trace.mean()) ** 2])
    return [table.mean(axis=1).tolist(), (table.std(axis=1) / len(spectra) ** 0.5).tolist()]


def goe_by_matrices(job):
    """scikit-rmt: GOE spectra in tridiagonal or dense form, a matrix at a time as its interface wants."""
    from skrmt.ensemble.gaussian_ensemble import GaussianEnsemble

    n, tridiagonal = job["n"], job["tridiagonal"]

    def spectrum():
        return GaussianEnsemble(beta=1, n=n, tridiagonal_form=tridiagonal).eigvals()

    return lambda: spectra_statistics(np.array([spectrum() for _ in range(job["draws"])]), job["point"])


def goe_by_ensemble(job):
    """beta-ensembles: GOE spectra, many at a time."""
    from beta_ensembles import gaussian

    rng = np.random.default_rng(1)
    return lambda: spectra_statistics(gaussian.spectra(1, job["n"], job["draws"], rng=rng, verbose=False), job["point"])


def real_solutions(y):
    """Return the number of different real solutions other than 0."""
    size = np.linalg.norm(y, axis=1)
    y = y[(size > 1e-6) & (size < 1e6) & (np.abs(y.imag).max(axis=1) < 1e-6 * size)].real
    return sum(all(np.abs(v - w).max() > 1e-5 for w in y[:i]) for i, v in enumerate(y))


def quadrics(form):
    """Return for every equation T y y = y its monomials: the exponents' variables and the coefficient."""
    n = len(form)
    pairs = [(j, k) for j in range(n) for k in range(j, n)]
    return [[(j, k, form[i][j][k] * (2 if k > j else 1)) for j, k in pairs] for i in range(n)]


def solve_by_polsys(job):
    """pypolsys: all solutions of T y y = y."""
    import pypolsys

    n = len(job["form"])
    degrees, coefficients, counts = [], [], []
    for i, equation in enumerate(quadrics(job["form"])):
        rows = [[(v == j) + (v == k) for v in range(n)] for j, k, _ in equation] + [[int(v == i) for v in range(n)]]
        degrees += rows
        coefficients += [c for _, _, c in equation] + [-1.0]
        counts.append(len(rows))

    def solve():
        polsys = pypolsys.polsys
        polsys.init_poly(
            n, np.array(counts, np.int32), np.array(coefficients, complex), np.asfortranarray(degrees, dtype=np.int32)
        )
        polsys.init_partition(*pypolsys.utils.make_h_part(n))
        polsys.solve(1e-8, 1e-14, 0.0)
        return real_solutions(np.array(polsys.myroots)[:n].T)

    return solve


def solve_by_bertini(job):
    """bertini2: the same, with its adaptive precision."""
    from bertini.nag_algorithm import ZeroDimSolver
    from bertini.parse import system

    n = len(job["form"])
    sums = [
        " + ".join(f"({c:.17f})*x{j}*x{k}" for j, k, c in equation) + f" - x{i}"
        for i, equation in enumerate(quadrics(job["form"]))
    ]
    lists = ", ".join(f"x{i}" for i in range(n)), ", ".join(f"f{i}" for i in range(n))
    lines = [f"variable_group {lists[0]}", f"function {lists[1]}", *(f"f{i} = {s}" for i, s in enumerate(sums)), ""]

    def solve():
        solver = ZeroDimSolver(system("; ".join(lines)))
        solver.solve()
        # a path that failed leaves an empty vector
        ends = [[complex(c) for c in y] for y in solver.all_solutions()]
        return real_solutions(np.array([y for y in ends if len(y) == n]))

    return solve


WORK = {
    function.__name__: function
    for function in (
        semicircle_plus_wishart,
        semicircle_plus_wishart_polynomial,
        freealg_law,
        freealg_form,
        scikit_rmt_law,
        goe_by_matrices,
        goe_by_ensemble,
        solve_by_polsys,
        solve_by_bertini,
    )
}


def main():
    """Answer every job with the seconds that it took and its value; what else is printed does not get in between."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    ready = {}
    for line in sys.stdin:
        job = json.loads(line)
        if line not in ready:
            ready[line] = WORK[job["work"]](job)
        start = time.perf_counter()
        value = ready[line]()
        answers.write(json.dumps({"seconds": time.perf_counter() - start, "value": value}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
