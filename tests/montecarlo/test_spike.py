"""Mean counts with a spike: against exact values without one, brute force on draws, the limit, and themselves."""

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest

import spinglass as sg
from spinglass.montecarlo.spike import Spike
from spinglass.montecarlo.spike_proposal import proposal_of
from spinglass.montecarlo.tridiagonal import spiked_scan_many

LEVEL = 4.0  # standard errors: one in 16 000 by chance, with fixed seeds
INF = np.inf


def count(k, strength, n, energies=None, index=None, samples=8_000, rng=1, **options):
    """Estimate the mean number of points."""
    return sg.mean_count(sg.spiked(k, strength), n, energies, index, samples=samples, rng=rng, **options)


@pytest.mark.parametrize(
    ("k", "n", "energies", "index"),
    [
        (3, 3, None, None),
        (3, 3, None, 0),
        (4, 4, None, 1),
        (5, 8, None, 2),
        (3, 12, None, None),
        (3, 12, (-1.8, -1.5), None),
        (3, 12, (-1.6, -1.4), 0),
        (3, 12, (1.6, 2.0), None),
        (3, 12, (-0.3, 0.4), 5),
        (3, 12, (-9.0, -8.0), None),
        (3, 12, (50.0, INF), None),
        (3, 60, None, None),
        (4, 25, (-INF, -1.4), 0),
    ],
)
def test_without_a_spike_it_is_the_pure_glass(k, n, energies, index):
    estimate = count(k, 0.0, n, energies, index)
    exact = sg.mean_count(sg.pure(k), n, energies, index)
    assert abs(estimate.log_mean - exact.log_mean) < LEVEL * estimate.stderr
    assert estimate.stderr < 0.06 and estimate.method == "montecarlo"


def with_spike(k, strength, n, seed):
    """Return the critical points of one draw: the monomial x_0^k takes the spike."""
    draw = sg.pure(k).draw(n, rng=seed)
    (first,) = np.flatnonzero((draw.variables.reshape(-1, k) == 0).all(axis=1))
    draw.coefficients = draw.coefficients.copy()
    draw.coefficients[first] -= np.sqrt(2 * n) * strength
    return sg.critical_points(draw, proof=False)


QUESTIONS = [(None, None), (None, 0), (None, 1), ((-INF, -1.4), None), ((-1.4, INF), 0)]


def test_all_points_of_draws_with_a_spike():
    k, strength, n, draws = 3, 1.0, 3, 300
    found = []
    for seed in range(draws):
        points = with_spike(k, strength, n, seed)
        u, index = points.energies[:, 0], points.index.reshape(len(points))
        chosen = [(low, high, j) for (low, high), j in ((pair or (-INF, INF), j) for pair, j in QUESTIONS)]
        found.append([np.sum((low < u) & (u < high) & ((index == j) | (j is None))) for low, high, j in chosen])
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(draws)
    for i, (energies, index) in enumerate(QUESTIONS):
        estimate = count(k, strength, n, energies, index)
        both = np.hypot(error[i], estimate.mean * estimate.stderr)
        assert abs(estimate.mean - mean[i]) < LEVEL * both
        assert both < 0.08 * mean[i]
        # and it is the spike that is seen: fewer points in all, more of low energy
        pure = sg.mean_count(sg.pure(k), n, energies, index).mean
        assert (estimate.mean > pure) == (energies == (-INF, -1.4))


@pytest.mark.parametrize(("n", "strength"), [(3, 1.0), (4, 3.0)])
def test_indices_have_the_euler_characteristic_of_the_sphere(n, strength):
    parts = [count(3, strength, n, index=j) for j in range(n)]
    euler = sum((-1) ** j * part.mean for j, part in enumerate(parts))
    error = np.sqrt(sum((part.mean * part.stderr) ** 2 for part in parts))
    assert abs(euler - (1 - (-1) ** n)) < LEVEL * error
    whole = count(3, strength, n, rng=2)
    both = np.hypot(error, whole.mean * whole.stderr)
    assert abs(sum(part.mean for part in parts) - whole.mean) < LEVEL * both


def test_windows_and_indices_add_up_where_the_spike_is_strong():
    cuts = [(-INF, -3.0), (-3.0, -1.5), (-1.5, 0.5), (0.5, INF)]
    parts, whole = [count(3, 4.0, 10, pair) for pair in cuts], count(3, 4.0, 10, rng=5)
    error = np.sqrt(sum((part.mean * part.stderr) ** 2 for part in (*parts, whole)))
    assert abs(sum(part.mean for part in parts) - whole.mean) < LEVEL * error


def quadrature(k, strength, index=None):
    """Integrate the formula on the circle, whose Hessian is one normal number, over angle, loss and that number."""
    angle = (np.arange(60) + 0.5) * np.pi / 30  # 6 digits
    z = np.linspace(-8, 8, 161)
    slope, bend = (
        -2 * strength * f
        for f in (
            -k * np.cos(angle) ** (k - 1) * np.sin(angle),
            k * (k - 1) * np.cos(angle) ** (k - 2) * np.sin(angle) ** 2 - k * np.cos(angle) ** k,
        )
    )
    weight = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    second = (bend[:, None] - k * z)[:, :, None] + np.sqrt(2 * k * (k - 1)) * z
    kept = (second < 0) == (index == 1) if index is not None else np.ones_like(second, dtype=bool)
    inner = np.sum(np.abs(second) * kept * weight, axis=2) * weight
    density = np.exp(-(slope**2) / (2 * k)) / np.sqrt(2 * np.pi * k)
    return float(np.sum(inner * density[:, None]) * np.pi / 30)


@pytest.mark.parametrize(("k", "strength", "index"), [(3, 0.7, None), (3, 0.7, 0), (4, 1.5, 1)])
def test_on_the_circle_it_is_a_quadrature(k, strength, index):
    estimate = count(k, strength, 2, index=index, samples=20_000)
    assert abs(estimate.mean / quadrature(k, strength, index) - 1) < LEVEL * estimate.stderr
    assert estimate.stderr < 0.02


@pytest.mark.parametrize(("k", "strength"), [(3, 1.0), (3, 30.0), (4, 2.0)])
def test_rates_approach_the_complexity(k, strength):
    n = np.array([50.0, 100, 400])
    estimates = [count(k, strength, int(m), samples=10_000) for m in n]
    logs, errors = (np.array([getattr(e, name) for e in estimates]) for name in ("log_mean", "stderr"))
    design = np.stack([n, np.ones_like(n)], axis=1)
    # N Sigma + log N / 2 + constant, as without a spike: the band of overlaps is as wide as the equator
    fit, *_ = np.linalg.lstsq(design / errors[:, None], (logs - 0.5 * np.log(n)) / errors, rcond=None)
    assert abs(fit[0] - sg.complexity(sg.spiked(k, strength)).total()) < 0.004
    assert abs(logs[-1] / n[-1] - sg.complexity(sg.spiked(k, strength)).total()) < 0.012


def test_near_the_spike_one_minimum_is_left():
    # beyond lambda_c the rate near the spike is 0: one minimum there, far below the glass
    low = [count(3, 1.5, n, (-INF, -1.75), 0).mean for n in (30, 100)]
    every = count(3, 1.5, 100, (-INF, -1.75))
    assert abs(low[1] - 1) < 0.1 and abs(low[1] - 1) < abs(low[0] - 1) + 0.02
    assert abs(every.mean - 1) < 0.1
    assert sg.mean_count(sg.pure(3), 100, (-INF, -1.75)).mean < 1e-4


@pytest.mark.parametrize("strength", [100, 1e4])
def test_a_strong_spike_is_found(strength):
    # its minimum; as its Hessian is nearly that of the spike alone, no other point is near it
    for n in (5, 50):
        estimate = count(3, strength, n, (-INF, -1.0 * strength), 0)
        assert abs(estimate.mean - 1) < 5 * estimate.stderr + 1e-3
        assert estimate.stderr < 0.03


def test_the_density_is_one():
    integral = Spike(3, 1.0, 9, (-INF, -4.0), None)
    proposal, rng = proposal_of(integral), np.random.default_rng(1)
    angle, loss, log_density = proposal.sample(rng, 200_000)
    assert np.all((angle > 0) & (angle < np.pi)) and np.all(loss <= -4.0)
    # an integral known beforehand, by this density: of 2 sin^2(angle) / pi times that of an exponential below -4
    known = 2 * np.sin(angle) ** 2 / np.pi * 3 * np.exp(3 * (loss + 4))
    weights = known / np.exp(log_density)
    assert abs(weights.mean() - 1) < LEVEL * weights.std() / np.sqrt(len(weights))
    assert weights.std() < 20


def test_spiked_matrices_have_the_law_of_dense_ones():
    n, m, point, spike = 5, 20_000, 1.3, -4.0
    below, logs = np.empty((m, 1), dtype=np.int64), np.empty((m, 1))
    spiked_scan_many(np.random.default_rng(1), n, np.full((m, 1), point), np.full((m, 1), spike), below, logs)
    noise = np.random.default_rng(2).standard_normal((m, n, n))
    dense = (noise + noise.transpose(0, 2, 1)) / np.sqrt(2)
    dense[:, 0, 0] += spike
    eigenvalues = np.linalg.eigvalsh(dense - point * np.eye(n))
    for ours, theirs in (
        (below[:, 0], np.sum(eigenvalues < 0, axis=1)),
        (logs[:, 0], np.sum(np.log(np.abs(eigenvalues)), axis=1)),
        (np.exp(logs[:, 0]), np.exp(np.sum(np.log(np.abs(eigenvalues)), axis=1))),
    ):
        assert abs(ours.mean() - theirs.mean()) < LEVEL * np.hypot(ours.std(), theirs.std()) / np.sqrt(m)


RUN = {"samples": 5_000, "rng": 7}


def test_any_executor_gives_the_same_bits():
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2) as processes:
        serial, *others = (count(3, 1.2, 12, None, 0, executor=pool, **RUN) for pool in (one, None, threads, processes))
    assert others == [serial] * 3


def test_a_longer_run_goes_on_where_a_shorter_one_ended(tmp_path):
    path = tmp_path / "run.sqlite"
    count(3, 1.2, 12, samples=3_000, rng=7, store=path)
    assert count(3, 1.2, 12, samples=6_000, rng=7, store=path) == count(3, 1.2, 12, samples=6_000, rng=7)
    with pytest.raises(ValueError, match="belongs to another run"):
        count(3, 1.3, 12, samples=6_000, rng=7, store=path)


KILLED = """
import os, threading, time
import spinglass as sg
def watch():
    while not os.path.exists(PATH) or os.path.getsize(PATH) < 1: time.sleep(0.002)
    time.sleep(0.25)
    os.kill(os.getpid(), 9)
threading.Thread(target=watch, daemon=True).start()
sg.mean_count(sg.spiked(3, 1.2), 12, samples=20_000, rng=7, store=PATH)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by the signals of POSIX")
def test_a_killed_run_goes_on_to_the_same_bits(tmp_path):
    path = tmp_path / "run.sqlite"
    done = subprocess.run([sys.executable, "-c", KILLED.replace("PATH", repr(str(path)))], check=False)
    assert done.returncode == -9 and path.exists()
    resumed = count(3, 1.2, 12, samples=20_000, rng=7, store=path)
    assert resumed == count(3, 1.2, 12, samples=20_000, rng=7)


def test_several_questions_are_answered_at_once():
    many = count(3, 1.0, [3, 5], None, [[0], [None]], samples=2_000)
    assert many.mean.shape == (2, 2)
    assert many.log_mean[0, 1] == count(3, 1.0, 5, None, 0, samples=2_000).log_mean
    third = Fraction(1, 3)
    assert count(3, third, 4, samples=500).log_mean == count(3, 1 / 3, 4, samples=500).log_mean


@pytest.mark.parametrize(
    ("n", "keywords", "kind", "expected"),
    [
        (5, {"method": "exact"}, NotImplementedError, "method='exact': .*Monte Carlo only; leave it out"),
        (5, {"arithmetic": sg.mp(20)}, NotImplementedError, "arithmetic: expected None .* leave it out"),
        (5, {"method": "guess"}, ValueError, "exact, montecarlo"),
        (1, {}, ValueError, "n: expected an integer of at least 2, got 1"),
        (5000, {}, ValueError, "n: expected at most 4000"),
        (5, {"energies": (1, 0)}, ValueError, "lo < hi"),
        (5, {"index": -1}, ValueError, "at least 0"),
        (5, {"index": 5}, ValueError, "index: expected at most N - 1 = 4"),
        (5, {"samples": 1}, ValueError, "at least 2"),
        (5, {"energies": (1e30, INF)}, ValueError, r"energies: expected a window that reaches into \+-100000"),
        (5, {"energies": (0.0, 1e-9), "index": 4, "samples": 3}, ArithmeticError, "none of 3 samples met"),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(n, keywords, kind, expected):
    with pytest.raises(kind, match=expected) as caught:
        sg.mean_count(sg.spiked(3, 1.0), n, **{"samples": 500, "rng": 1, **keywords})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("k", "strength"), [(3, 1e9), (10**6, 1.0)])
def test_what_no_grid_resolves_is_refused_in_one_line(k, strength):
    with pytest.raises(ValueError, match="expected at most") as caught:
        count(k, strength, 5)
    assert "\n" not in str(caught.value)


def test_without_a_spike_the_exact_count_is_named():
    with pytest.raises(NotImplementedError, match=r"try sg.pure\(3\)"):
        sg.mean_count(sg.spiked(3, 0), 5, method="exact")
