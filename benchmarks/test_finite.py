"""What do exact counts at finite N cost, beside mpmath's quadrature of the same integral?"""

import mpmath
import numpy as np
import pytest

import spinglass as sg
from spinglass.counts import count_density
from spinglass.finite import closed_forms

N, DIGITS, RATIO = 10, 50, 50
CURVE = 20.0


def printed(n, p, digits):
    """Return the mean number of critical points of the pure p-spin by mpmath.quad, from the printed formula."""
    with mpmath.workdps(digits + 10):

        def phi(j, x):
            norm = mpmath.sqrt(mpmath.mpf(2) ** j * mpmath.factorial(j) * mpmath.sqrt(mpmath.pi))
            return mpmath.hermite(j, x) * mpmath.exp(-x * x / 2) / norm

        def density(x):  # of the eigenvalues of the GOE of even size n
            tail = mpmath.sqrt(mpmath.sqrt(mpmath.pi) / 2) * mpmath.erf(x / mpmath.sqrt(2))
            for j in range(1, n, 2):
                tail = mpmath.sqrt(mpmath.mpf(j) / (j + 1)) * tail - mpmath.sqrt(mpmath.mpf(2) / (j + 1)) * phi(j, x)
            return sum(phi(j, x) ** 2 for j in range(n)) + mpmath.sqrt(mpmath.mpf(n) / 2) * phi(n - 1, x) * tail

        balance = mpmath.mpf(p - 2) / p
        edge = mpmath.sqrt(2 * n) + 12
        area = 2 * mpmath.quad(lambda x: density(x) * mpmath.exp(-balance * x * x / 2), mpmath.linspace(0, edge, 5))
        return 2 * mpmath.sqrt(1 - balance) * mpmath.mpf(p - 1) ** (mpmath.mpf(n) / 2) * area


def forget():
    """Empty the cache of the closed form: a count is timed as it costs when it is first asked for."""
    closed_forms._parts.cache_clear()


def test_total(race, report):
    model = sg.pure(3)

    def ours():
        forget()
        return sg.mean_count(model, N, arithmetic=sg.mp(DIGITS)).mean

    with mpmath.workdps(DIGITS):
        assert abs(ours() / printed(N, 3, DIGITS) - 1) < mpmath.mpf(10) ** (-0.9 * DIGITS)
    seconds, quadrature = race(ours, lambda: printed(N, 3, DIGITS), rounds=3)
    report(
        question=f"mean number of points, N = {N}, {DIGITS} digits",
        size="1 count",
        ours=seconds,
        baseline=quadrature,
        against="mpmath.quad",
        least=RATIO,
    )


def test_hundred_dimensions(race, report):
    model = sg.pure(3)
    ours, double = race(
        lambda: (forget(), sg.mean_count(model, 100, arithmetic=sg.mp(DIGITS))),
        lambda: (forget(), sg.mean_count(model, 2000)),
        rounds=9,
    )
    report(
        question=f"mean number of points, N = 100, {DIGITS} digits",
        size="1 count",
        ours=ours,
        baseline=double,
        against="float64, N = 2000",
        most=5.0,
    )
    assert double < 1


@pytest.mark.parametrize("index", [0, 3])
def test_curve(race, report, index):
    model, u = sg.pure(3), np.linspace(-1.8, -1.4, 200)

    def single():
        return sg.mean_count(model, 30, (-np.inf, u[120]), index).log_mean

    curve = count_density(model, 30, u, index, cumulative=True)
    assert abs(curve[120] - single()) < 1e-11
    ours, window = race(lambda: count_density(model, 30, u, index, cumulative=True), single, rounds=9)
    report(
        question=f"mean number below an energy, N = 30, index {index}",
        size="200 energies, each",
        ours=ours / len(u),
        baseline=window,
        against="sg.mean_count, one window",
        most=CURVE / len(u),
    )
