"""The mean absolute determinant by index: against integrals, sums, symmetry, Monte Carlo, and the other arithmetics."""

import math

import mpmath
import numpy as np
import pytest

import spinglass as sg
from spinglass.montecarlo.tridiagonal import goe_scan_many
from spinglass.spectra.goe import index_digits as goe_index_digits
from spinglass.spectra.goe.determinant import log_mean_abs_det
from spinglass.spectra.goe.index import all_indices, log_mean_abs_det_index, mean_abs_det_index
from spinglass.spectra.goe.index_digits import closed_form, lost_digits
from spinglass.spectra.goe.index_table import log_mean_abs_det_curve

SIGMAS = 4.5


def line(low, high, points=80):
    """Nodes and weights of an interval."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return low + (high - low) * (1 + nodes) / 2, weights * (high - low) / 2


def weight(t, x):
    return abs(t - x) * np.exp(-t * t / 2)


def ordered_integrals(n, x):
    """Integrate the joint density of n <= 3 eigenvalues in any order, by the number below x, cell by cell."""
    out = np.zeros(n + 1)
    (a, wa), (u, wu) = line(x, 14.0), line(0.0, 1.0)
    b, wb = line(-14.0, x)
    up, down = weight(a, x) * wa, weight(b, x) * wb
    norm = math.prod(math.sqrt(2) * math.gamma(j / 2) for j in range(1, n + 1))
    if n == 1:
        return np.array([up.sum(), down.sum()]) / norm

    def pair_above(x, power):  # a first, then its partner between x and a
        s = x + (a[:, None] - x) * u
        return up @ ((a[:, None] - x) * (a[:, None] - s) * weight(s, x) * power(s, a[:, None])) @ wu

    assert n == 2
    out[0] = pair_above(x, lambda s, a: 1.0)
    out[1] = up @ (a[:, None] - b) @ down
    t = x - (x - b[:, None]) * u
    out[2] = down @ ((x - b[:, None]) * (t - b[:, None]) * weight(t, x)) @ wu
    return out / norm


def three_by_entries(x, points=46):
    """Integrate over the three eigenvalues of n = 3 on cells of the ordered chamber."""
    v, wv = np.polynomial.legendre.leggauss(points)
    v, wv = (1 + v) / 2, wv / 2
    length = 13.0
    out = np.zeros(4)
    for k in range(4):  # distances from x of those above (increasing outwards) and below, as nested products
        far = length + abs(x)
        p, q, r = np.meshgrid(v, v, v, indexing="ij")
        volume = wv[:, None, None] * wv[:, None] * wv
        nested = far * p, far * p * q, far * p * q * r
        if k in (0, 3):
            s, jacobian = nested, far**3 * p * p * q
        else:
            s, jacobian = (far * p, far * p * q, -far * r), far**3 * p
        sign = 1 if k < 2 else -1
        t = [x + sign * value for value in s]
        gaps = abs((t[0] - t[1]) * (t[0] - t[2]) * (t[1] - t[2]))
        out[k] = (volume * jacobian * gaps * math.prod(weight(value, x) for value in t)).sum()
    return out / math.prod(math.sqrt(2) * math.gamma(j / 2) for j in range(1, 4))


def density(n, x):
    """The mean density of the GOE of size n by Hermite functions, with mpmath."""
    with mpmath.workdps(30):
        phi = [
            lambda t, j=j: (
                mpmath.hermite(j, t)
                * mpmath.exp(-t * t / 2)
                / mpmath.sqrt(2**j * mpmath.factorial(j) * mpmath.sqrt(mpmath.pi))
            )
            for j in range(n + 1)
        ]
        tail = (
            mpmath.quad(phi[n], np.linspace(0, float(x), 4).tolist())
            if n % 2 == 0
            else (-mpmath.quad(phi[n], [x, x + 2, x + 5, 20]))
        )
        value = sum(phi[j](x) ** 2 for j in range(n)) + mpmath.sqrt(mpmath.mpf(n) / 2) * phi[n - 1](x) * tail
        if n % 2:
            value += phi[n - 1](x) / mpmath.quad(phi[n - 1], [-20, -4, 0, 4, 20])
        return float(value)


def smallest(size, x):
    """Densities of the ordered eigenvalues of the GOE of the given size, from n = size - 1."""
    factor = -x * x / 2 - 0.5 * math.log(2) - math.lgamma(size / 2)
    return np.exp(log_mean_abs_det_index(size - 1, x) + factor[:, None])


def counts(p, size):
    """Mean numbers of critical points of the pure p-spin on the sphere of R^size by index."""
    x, w = line(-(8.0 + math.sqrt(2 * size)), 8.0 + math.sqrt(2 * size), 150)
    integrals = (w * np.exp(-(p - 2) * x * x / (2 * p))) @ smallest(size, x)
    return 2 * math.sqrt(2 / p) * (p - 1) ** (size / 2) * integrals


@pytest.mark.parametrize("x", [-1.3, 0.0, 0.4, 2.5])
def test_sizes_one_two_three_are_the_integrals(x):
    for n in (1, 2):
        np.testing.assert_allclose(all_indices(n, x), ordered_integrals(n, x), rtol=1e-12)
    np.testing.assert_allclose(all_indices(3, x), three_by_entries(x), rtol=1e-9)
    assert all_indices(0, x) == 1.0


@pytest.mark.parametrize("n", [1, 2, 5, 10, 17])
def test_sum_over_k_is_the_density(n):
    for x in (-0.7, 1.9):
        total = math.sqrt(2) * math.gamma((n + 1) / 2) * math.exp(x * x / 2) * density(n + 1, x)
        assert all_indices(n, x).sum() == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("n", [1, 4, 11, 20])
def test_reflection_exchanges_above_and_below(n):
    x = np.array([[-6.0, -0.3], [1.1, 4.0]])
    logs = log_mean_abs_det_index(n, x)
    assert logs.shape == (2, 2, n + 1)
    np.testing.assert_allclose(logs, log_mean_abs_det_index(n, -x)[..., ::-1], rtol=1e-14, atol=5e-13)
    np.testing.assert_allclose(log_mean_abs_det_index(n, x, n // 2), logs[..., n // 2], rtol=1e-14, atol=5e-13)
    np.testing.assert_allclose(mean_abs_det_index(n, x, n), np.exp(logs[..., n]), rtol=1e-12)


@pytest.mark.parametrize(("n", "x"), [(2, 0.5), (5, -1.0), (8, 0.3)])
def test_monte_carlo(n, x):
    samples = 100_000
    points = np.full((samples, 1), x * math.sqrt(2))
    below, logs = np.zeros((samples, 1), dtype=np.int64), np.zeros((samples, 1))
    goe_scan_many(np.random.default_rng(n), n, points, below, logs)
    values = np.exp(logs - n * math.log(2) / 2) * (below == np.arange(n + 1))
    scores = (values.mean(axis=0) - all_indices(n, x)) / (values.std(axis=0) / math.sqrt(samples) + 1e-300)
    often = (values > 0).sum(axis=0) > 200
    assert often.sum() >= 2
    assert (abs(scores[often]) < SIGMAS).all()


@pytest.mark.parametrize(("n", "x"), [(1, 3.0), (3, 8.0), (6, 0.0), (10, -9.0), (13, 1.0), (16, -6.5)])
def test_digits_agree_with_float64(n, x):
    digits = [float(mpmath.log(value)) for value in all_indices(n, x, sg.mp(20))]
    np.testing.assert_allclose(log_mean_abs_det_index(n, x), digits, rtol=1e-14, atol=4e-13)


@pytest.mark.parametrize(("n", "x"), [(1, 0.5), (2, -1.0), (7, 2.0), (12, 0.25)])
def test_balls_contain_the_digits(n, x):
    flint = pytest.importorskip("flint")
    enclosures, values = all_indices(n, x, sg.balls(20)), all_indices(n, x, sg.mp(40))
    assert len(enclosures) == n + 1
    with sg.balls(60).precision():
        for ball, value in zip(enclosures, values, strict=True):
            assert ball.rel_accuracy_bits() > 66
            assert ball.overlaps(flint.arb(str(value), abs(float(value)) * 1e-39))


def test_digits_of_a_simple_case():
    value = mean_abs_det_index(2, 0, 1, sg.mp(50))
    context = sg.mp(60).context
    assert abs(context.mpf(value) - 1 / context.sqrt(2)) < context.mpf(10) ** -49


def test_ordered_eigenvalues_have_mass_one():
    for size in (2, 5, 12):
        x, w = line(-13.0, 13.0, 150)
        np.testing.assert_allclose(w @ smallest(size, x), 1.0, rtol=1e-11)


@pytest.mark.parametrize(
    ("p", "size", "expected"),
    [
        (3, 3, (3.13808993529935, 4.27617987059879)),
        (4, 3, (4.286335345031, 6.572670690062)),
        (3, 10, (6.08038719, 16.36567418)),
    ],
)
def test_reference_counts(p, size, expected):
    np.testing.assert_allclose(counts(p, size)[:2], expected, rtol=1e-9 if size == 10 else 1e-12)


@pytest.mark.parametrize("size", range(4, 13))
def test_euler_characteristic(size):
    values = counts(3, size)
    euler = (values * (-1.0) ** np.arange(size)).sum()
    assert abs(euler - (1 + (-1) ** (size - 1))) < 1e-12 * values.sum()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((2.0, 0.0, 1), TypeError),
        ((-1, 0.0, 0), ValueError),
        ((3, 0.0, 4), ValueError),
        ((3, 0.0, True), TypeError),
        ((3, np.nan, 1), ValueError),
        ((3, np.inf, 1, sg.mp(10)), ValueError),
        ((3, 0.0, 1, sg.symbols), NotImplementedError),
    ],
)
def test_refusals_are_one_line(arguments, error):
    with pytest.raises(error) as caught:
        mean_abs_det_index(*arguments)
    assert "\n" not in str(caught.value)
    assert "expected" in str(caught.value)


@pytest.mark.parametrize("n", [2, 5, 10])
@pytest.mark.parametrize("x", [-40.0, -200.0, 3e3, -4e4, 2e5])
def test_far_outside_the_bulk_float64_agrees_with_digits(n, x):
    digits = [float(sg.mp(30).log(value)) for value in closed_form(n, x, sg.mp(30))]
    np.testing.assert_allclose(log_mean_abs_det_index(n, x), digits, rtol=2e-15, atol=1e-12)


@pytest.mark.parametrize(("n", "x"), [(40, -100.0), (40, -1e3), (20, 1e4), (7, 1e200)])
def test_all_on_one_side_far_away_is_all_that_there_is(n, x):
    k = 0 if x < 0 else n
    assert log_mean_abs_det_index(n, x, k) == pytest.approx(log_mean_abs_det(n, x), abs=2e-12, rel=2e-15)
    assert log_mean_abs_det_index(n, x)[k] == pytest.approx(log_mean_abs_det(n, x), abs=2e-12, rel=2e-15)


def test_far_curves_are_the_same_as_their_points():
    x = np.array([-300.0, -61.0, -59.0, 29.0, 31.0, 47.0, 1e3])
    np.testing.assert_allclose(log_mean_abs_det_curve(6, x), log_mean_abs_det_index(6, x), rtol=3e-15, atol=1e-12)


def test_as_many_digits_cancel_as_the_logarithm_of_the_distance():
    assert lost_digits(4, 1e4) < 2 * lost_digits(4, 1e2) < 400


def test_digits_are_added_until_two_runs_agree(monkeypatch):
    ar = sg.mp(20)
    n, x = 12, ar.number(3) / 7
    expected = goe_index_digits.refined(n, x, ar)
    monkeypatch.setattr(goe_index_digits, "lost_digits", lambda n, x: 4)  # far too few, as an estimate may be
    for value, right in zip(goe_index_digits.refined(n, x, ar), expected, strict=True):
        assert abs(value - right) < ar.number(10) ** -20 * right
