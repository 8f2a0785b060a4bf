"""Mean counts by Monte Carlo against exact values, quadrature written here, and themselves on any executor."""

import itertools
import subprocess
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from scipy.special import gammaln

import spinglass as sg
from spinglass.montecarlo.proposal import Mixture, Window, log_interval, truncated_normal

LEVEL = 4.0  # standard errors: one in 16 000 by chance, with fixed seeds


def count(model, n, rng=1, samples=None, **conditions):
    """Estimate by Monte Carlo, with more samples where each is cheap."""
    samples = samples or (4_000 if "index" in conditions or len(model.fractions) > 1 else 10_000)
    return sg.mean_count(model, n, method="montecarlo", samples=samples, rng=rng, **conditions)


EXACT = [  # Auffinger, Ben Arous, Cerny (2013) Lemma 3.1 by quadrature; tensor eigenpairs E Crt = 2 E(n, d)
    (sg.pure(3), 3, {}, 2 * 5.2761798705988),
    (sg.pure(3), 6, {}, 2 * 25.436568258625),
    (sg.pure(6), 4, {}, 2 * 33.375),
    (sg.pure(3), 3, {"index": 0}, 3.13808993529935),
    (sg.pure(3), 3, {"index": 1}, 4.27617987059879),
    (sg.pure(4), 3, {"index": 1}, 6.572670690062),
    (sg.pure(3), 10, {"index": 0}, 6.08038719),
    (sg.pure(3), 10, {"index": 1}, 16.36567418),
    (sg.pure(3), 2, {"index": 0, "energies": (-np.inf, -1.2)}, 0.414073117583937276),
    (sg.pure(3), 2, {"index": 0, "energies": (-np.inf, 0.5)}, 2.54771291296088257),
    (sg.pure(4), 2, {"index": 0, "energies": (-np.inf, -1.2)}, 0.479558265699055043),
    (sg.mixed({3: 1, 1: 0.5}), 2, {}, 4.956957592256421),
    (sg.mixed({3: 1, 1: 10}), 2, {}, 3.088439984597651),
    (sg.mixed({3: 1, 1: 3}), 60, {}, 120.0),  # x1 = x2: exactly 2N at every N
    (sg.pure(2), 50, {}, 100.0),
]


@pytest.mark.parametrize(("model", "n", "conditions", "exact"), EXACT)
def test_one_sphere_agrees_with_exact_values(model, n, conditions, exact):
    estimate = count(model, n, **conditions)
    assert abs(estimate.mean / exact - 1) < LEVEL * estimate.stderr
    assert estimate.stderr < 0.04


def two_circles(game, index=None):
    """Integrate the Kac-Rice formula of a game on two circles (2 x 2 Jacobians) by plain Monte Carlo on 1e6 points."""
    law, rng = game.local_law(), np.random.default_rng(5)
    shifts = rng.standard_normal((1_000_000, law.shifts.shape[1])) @ law.shifts.T
    v, tau = law.jacobian_variance, law.jacobian_covariance
    a, d = (shifts[:, s] + np.sqrt(2 * v[s, s]) * rng.standard_normal(len(shifts)) for s in (0, 1))
    cross = np.linalg.cholesky([[v[0, 1], tau[0, 1]], [tau[0, 1], v[1, 0] * (1 + 1e-12)]])
    b, c = cross @ rng.standard_normal((2, len(shifts)))
    weights = np.abs(a * d - b * c) * np.prod(2 * np.pi / np.sqrt(2 * np.pi * law.gradient_variance))
    if index is not None:
        weights = weights * (((a < 0) == index[0]) & ((d < 0) == index[1]))
    return weights.mean(), weights.std() / np.sqrt(len(weights))


def correlated(rho, fractions=(0.5, 0.5)):
    xi = {(2, 1): 1, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}
    return sg.SphericalGame(fractions, [xi, xi], [[1, 0], [rho, np.sqrt(1 - rho**2)]], [[0], [1]])


@pytest.mark.parametrize(
    ("game", "index"),
    [
        (sg.gan(3, 2, 0.5, 0.5), None),
        (sg.gan(3, 2, 0.5, 0.5), (0, 1)),
        (sg.gan(2, 1, 0.5, 0.5), (0, 0)),
        (correlated(-0.6), None),
        (correlated(-0.6), (1, 0)),
        (correlated(0.3), (1, 1)),
    ],
)
def test_two_circles_agree_with_a_direct_integral(game, index):
    direct, error = two_circles(game, index)
    estimate = count(game, (2, 2), index=index)
    z = (estimate.mean - direct) / np.hypot(error, direct * estimate.stderr)
    assert abs(z) < LEVEL


@pytest.mark.parametrize(
    ("index", "counted", "error"),
    [(None, 17.479, 0.09), ((0, 0), 3.96, 0.05), ((0, 1), 4.87, 0.05), ((1, 0), 4.83, 0.05), ((1, 1), 3.91, 0.05)],
)
def test_two_circles_agree_with_equilibria_counted_in_1500_random_games(index, counted, error):
    estimate = count(sg.gan(2, 1, 0.5, 0.5), (2, 2), index=index, samples=10_000)
    assert abs(estimate.mean - counted) < LEVEL * np.hypot(error, estimate.mean * estimate.stderr)


def test_indices_add_up_to_the_total():
    game = correlated(-0.5)
    parts = [count(game, (2, 3), index=index) for index in itertools.product(range(2), range(3))]
    total = count(game, (2, 3), rng=9)
    error = np.sqrt(sum((e.mean * e.stderr) ** 2 for e in [*parts, total]))
    assert abs(sum(e.mean for e in parts) - total.mean) < LEVEL * error


def test_players_in_another_order_than_their_species():
    xi = {(2, 1): 0.3, (1, 2): 0.2, (3, 0): 1.0, (0, 3): 0.4, (0, 2): 0.5}
    losses = [[1.0, 0.0], [0.3, 0.8]]
    game = sg.SphericalGame([0.4, 0.6], [xi, xi], losses, [[0], [1]])
    other = sg.SphericalGame([0.4, 0.6], [xi, xi], losses[::-1], [[1], [0]])
    first, second = count(game, (2, 3), index=(0, None)), count(other, (2, 3), index=(None, 0))
    assert abs(first.log_mean - second.log_mean) < LEVEL * np.hypot(first.stderr, second.stderr)


def test_windows_of_energy_add_up_to_the_total():
    model = sg.mixed({2: 0.3, 3: 1.0})
    cuts = [-np.inf, -1.5, -0.5, 0.2, np.inf]
    parts = [count(model, 12, energies=pair, samples=5_000) for pair in itertools.pairwise(cuts)]
    total = count(model, 12, rng=9, samples=5_000)
    error = np.sqrt(sum((e.mean * e.stderr) ** 2 for e in [*parts, total]))
    assert abs(sum(e.mean for e in parts) - total.mean) < LEVEL * error


def test_windows_of_two_losses():
    game = correlated(0.4)
    cuts = [(-np.inf, -0.4), (-0.4, np.inf)]
    parts = [count(game, (2, 2), energies=list(pairs)) for pairs in itertools.product(cuts, repeat=2)]
    total = count(game, (2, 2), rng=9)
    error = np.sqrt(sum((e.mean * e.stderr) ** 2 for e in [*parts, total]))
    assert abs(sum(e.mean for e in parts) - total.mean) < LEVEL * error


def test_a_joint_player_counts_the_index_of_the_whole_hessian():
    model, sizes = sg.bipartite(2, 1, kappa=0.5), (3, 3)
    parts = [count(model, sizes, index=k, samples=2_000) for k in range(5)]
    euler = sum((-1) ** k * e.mean for k, e in enumerate(parts))
    error = np.sqrt(sum((e.mean * e.stderr) ** 2 for e in parts))
    assert abs(euler - 4) < LEVEL * error  # the Euler characteristic of the product of two 2-spheres


@pytest.mark.parametrize(
    ("model", "sizes", "samples"),
    [(sg.pure(3), (25, 50, 100, 200), 10_000), (sg.gan(3, 2, 0.5, 0.6), (20, 50, 100), 6_000)],
)
def test_rates_approach_the_complexity(model, sizes, samples):
    # log E = N Sigma + c log N + a + error: a power of N goes with the exponential (sqrt N for the pure model)
    estimates = [count(model, n, samples=samples) for n in sizes]
    n, logs = np.array(sizes, dtype=float), np.array([e.log_mean for e in estimates])
    errors = np.array([e.stderr for e in estimates])
    design = np.stack([n, np.log(n), np.ones_like(n)], axis=1) / errors[:, None]
    fit, *_ = np.linalg.lstsq(design, logs / errors, rcond=None)
    slope_error = np.sqrt(np.linalg.inv(design.T @ design)[0, 0])
    assert abs(fit[0] - sg.complexity(model).total()) < LEVEL * slope_error
    assert slope_error < 0.01


def test_errors_are_calibrated():
    # z-scores of 40 seeds against an exact value: 40 values have a standard deviation within 1 +- 0.3 (99.3 %)
    z = []
    for seed in range(40):
        estimate = count(sg.pure(3), 6, rng=seed, samples=1_000)
        z.append((estimate.mean / (2 * 25.436568258625) - 1) / estimate.stderr)
    assert abs(np.mean(z)) < 0.5 and 0.7 < np.std(z) < 1.3


RUN = {"samples": 5_000, "rng": 7}


@pytest.mark.parametrize("model", [sg.pure(3), sg.gan(3, 2, 0.5, 0.6)], ids=["pure", "gan"])
def test_any_executor_gives_the_same_bits(model):
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2) as processes:
        serial, *others = (count(model, 12, executor=pool, **RUN) for pool in (one, None, threads, processes))
    assert others == [serial] * 3


KILLED = """
import os, threading, time
import spinglass as sg
def watch():
    while not os.path.exists(PATH) or os.path.getsize(PATH) < 1: time.sleep(0.002)
    time.sleep(0.25)
    os.kill(os.getpid(), 9)
threading.Thread(target=watch, daemon=True).start()
sg.mean_count(sg.pure(3), 12, method="montecarlo", samples=30_000, rng=7, store=PATH)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by the signals of POSIX")
def test_a_killed_run_goes_on_to_the_same_bits(tmp_path):
    path = tmp_path / "run.sqlite"
    done = subprocess.run([sys.executable, "-c", KILLED.replace("PATH", repr(str(path)))], check=False)
    assert done.returncode == -9 and path.exists()
    whole = sg.mean_count(sg.pure(3), 12, method="montecarlo", samples=30_000, rng=7)
    resumed = sg.mean_count(sg.pure(3), 12, method="montecarlo", samples=30_000, rng=7, store=path)
    assert resumed == whole


def test_a_store_of_another_model_is_refused_with_both_shown(tmp_path):
    path = tmp_path / "run.sqlite"
    count(sg.pure(3), 6, samples=200, store=path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"\(4,\): 1.*\(3,\): 1|\(3,\): 1.*\(4,\): 1") as caught:
        count(sg.pure(4), 6, samples=200, store=path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_few_effective_samples_are_reported():
    with pytest.warns(RuntimeWarning, match="effective sample size is only"):
        count(sg.gan(3, 2, 0.5, 0.6), 40, samples=200)


@pytest.mark.parametrize(
    ("arguments", "kind", "expected"),
    [
        ((sg.pure(3), 1), ValueError, "n: expected an integer of at least 2, got 1"),
        ((sg.gan(3, 2, 0.5, 0.6), 3), ValueError, "2 spheres.: expected an integer of at least 4, got 3"),
        ((sg.gan(3, 2, 0.5, 0.6), (2, 1)), ValueError, "sizes of the spheres.: expected an integer of at least 2"),
        ((sg.gan(3, 2, 0.5, 0.6), (2, 2, 2)), ValueError, r"2 sizes \(one per sphere\)"),
        ((sg.pure(3), 2.5), TypeError, "expected an integer"),
        (("pure", 3), TypeError, "SphericalGame"),
        ((sg.pure(3), 5, (1, -1)), ValueError, "lo < hi"),
        ((sg.pure(3), 5, (0, np.nan)), ValueError, "energies: expected numbers, got nan"),
        ((sg.gan(3, 2, 0.5, 0.6), 8, (-1, 1)), ValueError, "2 pairs"),
        ((sg.pure(3), 5, None, -1), ValueError, "at least 0"),
        ((sg.pure(3), 5, None, (0, 0)), ValueError, "1 entries"),
        ((sg.pure(3), 5, None, 1.5), TypeError, "int"),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(arguments, kind, expected):
    with pytest.raises(kind, match=expected) as caught:
        sg.mean_count(*arguments, method="montecarlo")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("keywords", "kind", "expected"),
    [
        ({"samples": 1}, ValueError, "at least 2"),
        ({"samples": 2.5}, ValueError, "at least 2"),
        ({"rng": "seed"}, TypeError, "rng"),
        ({"executor": 4}, TypeError, "submit"),
        ({"method": "guess"}, ValueError, "exact, montecarlo"),
        ({"store": "/proc/nothing/run.sqlite"}, OSError, "store"),
    ],
)
def test_wrong_settings_are_refused_in_one_line(keywords, kind, expected):
    with pytest.raises(kind, match=expected) as caught:
        sg.mean_count(sg.pure(3), 5, **{"method": "montecarlo", **keywords})
    assert "\n" not in str(caught.value)


def test_an_index_beyond_the_dimension_is_never_met():
    with pytest.raises(ArithmeticError, match="none of 300 samples"), warnings.catch_warnings():
        count(sg.pure(3), 4, samples=300, index=7)


def test_truncated_normals_keep_their_precision_in_the_tails():
    u = (np.arange(1000) + 0.5) / 1000
    for low, high in [(-1.0, 2.0), (9.0, 9.1), (-40.0, -39.5), (30.0, np.inf), (-np.inf, -12.0)]:
        x = truncated_normal(u, low, high)
        assert np.all((x >= low) & (x <= high)) and np.all(np.diff(x) >= 0)
        share = np.exp(log_interval(np.full_like(x, low), np.maximum(x, low + 1e-12)) - log_interval(low, high))
        np.testing.assert_allclose(share, u, atol=2e-6)


def test_a_mixture_in_a_window_has_the_density_it_says():
    window = Window(np.array([[2.0, 0.0], [0.5, -1.0]]), np.array([-1.0, -np.inf]), np.array([1.5, 0.3]))
    roots = np.array([[[1.0, 0, 0], [0.4, 0.7, 0], [0.1, -0.3, 1.2]], [[0.5, 0, 0], [0, 2.0, 0], [1.0, 0, 0.8]]])
    mixture = Mixture(np.array([0.3, 0.7]), np.array([[0.0, 1.0, -1.0], [3.0, -2.0, 0.5]]), roots)
    y = mixture.sample(np.random.default_rng(1), 200_000, window)
    losses = y[:, :2] @ window.triangle.T
    assert np.all(losses >= window.lower - 1e-12) and np.all(losses <= window.upper + 1e-12)
    # the mean of exp(-|y|^2) / q over samples is the integral of exp(-|y|^2) over the window
    weights = np.exp(-np.sum(y * y, axis=1) - mixture.log_density(y, window))
    grid = np.linspace(-5, 5, 801)
    first, second = np.meshgrid(grid[:-1] + 0.00625, grid[:-1] + 0.00625, indexing="ij")
    inside = (np.abs(2 * first - 0.25) < 1.25) & (0.5 * first - second < 0.3)
    exact = np.sum(np.exp(-(first**2) - second**2)[inside]) * 0.0125**2 * np.sqrt(np.pi)
    assert abs(weights.mean() - exact) < LEVEL * weights.std() / np.sqrt(len(y)) + 2e-3


def test_sampled_spectrum_agrees_with_the_law():
    hessian = sg.gan(3, 2, 0.5, 0.6).hessian(-1.0, 0.5)
    law = hessian.law
    sampled = sg.montecarlo.sampled_spectrum(hessian, 200, samples=64, bins=20, rng=3)
    expected = np.diff(law.cdf(sampled.edges)) / np.diff(sampled.edges)
    inner = slice(2, -2)  # the first and last bins feel the finite size at the edges
    z = (sampled.density - expected)[inner] / sampled.stderr[inner]
    assert np.max(np.abs(z)) < 6  # corrections of order 1/n beside the standard error
    assert np.sum(sampled.density * np.diff(sampled.edges)) == pytest.approx(1, abs=1e-6)
    assert sampled.mean_log_det == pytest.approx(law.log_potential(0.0), abs=0.02)
    ax = sg.plotting.spectrum(law, sampled)
    assert len(ax.containers) == 1


def test_prefactor_is_the_volume_of_spheres():
    from spinglass.montecarlo.question import log_sphere

    assert log_sphere(2) == pytest.approx(np.log(2 * np.pi))
    assert log_sphere(3) == pytest.approx(np.log(4 * np.pi))
    assert log_sphere(300) == pytest.approx(np.log(2) + 150 * np.log(np.pi) - gammaln(150))
