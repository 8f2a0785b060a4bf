"""What do exact counts at finite N cost, beside mpmath's quadrature of the same integral?"""

import mpmath
import numpy as np
import pytest

import spinglass as sg
from spinglass.counts import count_density

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


def test_total(median, baseline, report):
    model = sg.pure(3)

    def ours():
        return sg.mean_count(model, N, arithmetic=sg.mp(DIGITS)).mean

    with mpmath.workdps(DIGITS):
        assert abs(ours() / printed(N, 3, DIGITS) - 1) < mpmath.mpf(10) ** (-0.9 * DIGITS)
    row = report(
        question=f"mean number of points, N = {N}, {DIGITS} digits",
        size="1 count",
        ours=median(ours, rounds=9),
        baseline=baseline(lambda: printed(N, 3, DIGITS), rounds=1),
        against="mpmath.quad",
        limit=f"{RATIO} x",
    )
    assert row.ratio >= RATIO


def test_hundred_dimensions(median, baseline, report):
    model = sg.pure(3)
    row = report(
        question=f"mean number of points, N = 100, {DIGITS} digits",
        size="1 count",
        ours=median(lambda: sg.mean_count(model, 100, arithmetic=sg.mp(DIGITS)), rounds=5),
        baseline=baseline(lambda: sg.mean_count(model, 2000), rounds=5),
        against="float64, N = 2000",
        limit="5 s",
    )
    assert row.ours < 5 and row.baseline < 1


@pytest.mark.parametrize("index", [0, 3])
def test_curve(median, baseline, report, index):
    model, u = sg.pure(3), np.linspace(-1.8, -1.4, 200)

    def single():
        return sg.mean_count(model, 30, (-np.inf, u[120]), index).log_mean

    curve = count_density(model, 30, u, index, cumulative=True)
    assert abs(curve[120] - single()) < 1e-11
    row = report(
        question=f"mean number below an energy, N = 30, index {index}",
        size="200 energies",
        ours=median(lambda: count_density(model, 30, u, index, cumulative=True), rounds=5) / len(u),
        baseline=baseline(single, rounds=5),
        against="sg.mean_count, one window",
        limit=f"{CURVE:g} s",
    )
    assert row.ours * len(u) < CURVE
