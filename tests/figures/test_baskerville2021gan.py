"""The figures of two coupled glasses show the facts that they are drawn for."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.stats import spearmanr

import spinglass as sg
from spinglass import figures
from spinglass.figures.baskerville2021gan import counted, experiment, indices, nash, published, sweeps


def test_spectra_are_merged_touching_and_separate(computed):
    data = computed("baskerville2021gan-1")
    assert [len(data[f"support {name}"]) for name in ("merged", "touching", "separate")] == [1, 2, 2]
    touching, separate = data["support touching"], data["support separate"]
    assert touching[1, 0] - touching[0, 1] < 0.05 < separate[1, 0] - separate[0, 1]
    law = published.hessian(0.9, 1.0, 0.5, 1.1)
    eigenvalues = np.sort(data["eigenvalues merged"].ravel())
    steps = np.arange(1, len(eigenvalues) + 1) / len(eigenvalues)
    assert np.max(np.abs(law.cdf(eigenvalues) - steps)) < 0.01


def test_sampled_determinants_lie_on_the_potential(computed):
    data = computed("baskerville2021gan-2")
    for law in ("published", "exact"):
        for x1 in (-90, -45, 0, 45, 90):
            mean, error = data[f"sampled {law} {x1}"]
            gap = mean - np.interp(data["x sampled"], data["x"], data[f"potential {law} {x1}"])
            assert np.all(np.abs(gap) < np.log(50) / 50 + 4 * error)
            assert np.all(np.abs(gap[[0, -1]]) < 0.02)  # outside the spectrum the correction is of order 1/N
        # H(x_1) and -H(-x_1) have the same law
        np.testing.assert_allclose(data[f"potential {law} 90"], data[f"potential {law} -90"][::-1], atol=1e-10)


def test_the_exponent_is_largest_where_the_complexity_says(computed):
    data = computed("baskerville2021gan-3")
    exact = sg.complexity(sg.gan(**published.MODEL)).below(5.0, 0.5)
    assert exact - 0.01 < data["exponent exact"].max() <= exact + 1e-10
    theta = published.below(**published.MODEL, u_d=5.0, u_g=0.5)
    outside = data["x"] > 6 * 2**6 * 0.5
    assert np.all(data["exponent published"][outside] == -np.inf)
    assert data["exponent published"].max() < theta  # whose place, x near -2000, lies outside the drawn plane
    assert np.all((data["room published"] < 0) == (data["exponent published"] == -np.inf))


def test_both_laws_are_drawn_on_the_same_axes(computed):
    figure = figures.recipe("baskerville2021gan-3").figure(computed("baskerville2021gan-3"))
    panels = np.reshape([ax for ax in figure.axes if ax.get_title()], (2, 3))
    for above, below in panels.T:
        assert above.get_xlim() == below.get_xlim() and above.get_ylim() == below.get_ylim()
    plt.close(figure)


def test_surface_has_the_reference_total_and_the_published_constant_is_too_large(computed):
    data = computed("baskerville2021gan-4")
    assert data["theta exact"].max() == pytest.approx(0.6187414026158, abs=1e-12)
    for name in ("exact", "published"):
        theta = data[f"theta {name}"]
        assert np.all(np.diff(theta, axis=0) >= -1e-11) and np.all(np.diff(theta, axis=1) >= -1e-11)
    assert data["theta published"].max() > 9


def test_a_surface_is_its_smaller_marginal_where_a_condition_says_nothing(computed):
    data, c = computed("baskerville2021gan-4"), sg.complexity(sg.gan(**published.MODEL))
    u, excess = data["u"], data["excess exact"]
    assert np.all(excess <= 1e-11) and np.all(data["excess published"] <= 1e-11)
    free = np.abs(excess) < 1e-9
    assert 0.3 < free.mean() < 0.7
    assert np.all(free[-1]) or np.all(free[:, -1])  # where one loss may be anything
    for i, j in ((100, 20), (20, 100), (90, 70)):
        marginals = c.below(u[i], np.inf), c.below(np.inf, u[j])
        assert excess[i, j] == pytest.approx(c.below(u[i], u[j]) - min(marginals), abs=1e-10)


def test_published_constant_misses_the_decoupled_limit():
    # sigma_z -> 0, kappa -> 1 leaves the pure p-spin of the discriminator; the published K is too large by 9.38
    value = published.below(3, 3, 1e-6, 1 - 1e-9, np.inf, np.inf)
    assert float(value) - np.log(2) / 2 == pytest.approx(9.3825, abs=2e-3)


def test_published_log_potential_agrees_with_sampled_matrices():
    law = published.hessian(0.9, 1.0, 0.5, 1.1)
    matrix = law.sample(1500, rng=3)
    for x in (-3.5, -1.0, 0.3, 2.0):
        _, logdet = np.linalg.slogdet(matrix - x * np.eye(1500))
        assert logdet / 1500 == pytest.approx(law.log_potential(x), abs=2e-3)


def test_boundaries_are_zeros_of_the_complexity_of_their_index(computed):
    data = computed("baskerville2021gan-5")
    for name, (sigma_z, window) in indices.ROWS.items():
        (left, right), (bottom, top) = window
        for index in ((0, 0), (1, 0), (0, 1), (9, 0)):
            points = data[f"boundary {name} {index[0]} {index[1]}"]
            x, y = (points[:, 0] - left) / (right - left), (points[:, 1] - bottom) / (top - bottom)
            seen = (x > 0) & (x < 1) & (y > 0) & (y < 1)
            assert seen.sum() > 5
            assert np.all(np.diff(x[seen]) < 1e-6) and np.all(np.diff(y[seen]) > -1e-6)  # falling, from the lower right
            for shift, positive in ((-0.02, False), (0.02, True)):
                u_d = points[seen, 0] + shift * (right - left)
                u_g = (points[seen, 1] + shift * (top - bottom)) * sigma_z
                if name == "exact small":
                    rates = sg.complexity(sg.gan(3, 3, sigma_z, 0.9)).below(u_d, u_g, index=index)
                else:
                    rates = published.below(3, 3, sigma_z, 0.9, u_d, u_g, index=index)
                assert np.all((rates > 0) == positive)
        # the more indices, the higher the energies
        orders = [data[f"boundary {name} {k} 0"][:, 0] for k in indices.BANDS]
        assert np.all(np.diff(orders, axis=0) >= -0.01 * (right - left))
    coupled = sg.complexity(sg.gan(**published.MODEL))
    assert coupled.total(index=(0, 0)) == pytest.approx(-2.545136243, abs=1e-9)  # none are left to be drawn


def test_zeros_are_found_between_values_of_different_signs():
    roots = np.array([0.2, 0.5, 0.81])

    def height(x):
        return np.arcsinh(20 * (x - roots) * np.exp(-3 * x))

    low, high = np.zeros(3), np.ones(3)
    np.testing.assert_allclose(indices.zeros(height, low, high, height(low), height(high), 14), roots, atol=1e-13)


def test_published_indices_agree_with_the_maximum_on_a_grid():
    # the published code evaluates its exponent on a grid of (x, x_1) and takes the maximum over a domain
    model, index, u_d, u_g = published.MODEL, (1, 2), -1.0, 0.1
    kappa, (b, b1, s, s1) = model["kappa"], published.scales(**model)

    def cost(size):
        y = np.maximum(size, 1)
        return np.where(size >= 1, y * np.sqrt(y * y - 1) - np.arccosh(y), np.inf)

    def exponent(x, x1):
        height = published.constant(**model) - x**2 / (2 * s**2) - x1**2 / (2 * s1**2)
        height += np.array([published.hessian(kappa, b, b1, c).log_potential(x[:, 0]) for c in x1[0]]).T
        height -= index[1] * kappa * cost(np.abs(x) / (np.sqrt(2 * (1 - kappa)) * b))
        height -= index[0] * (1 - kappa) * cost(np.abs(x + x1) / np.sqrt(2 * kappa * (b**2 + b1**2)))
        inside = (x < 6 * 2**6 * u_g) & (x1 > -3 * x / (6 * 2**6) - 3 * u_d)
        return np.where(inside, height, -np.inf)

    centre, reach = np.array([-200.0, 10.0]), np.array([250.0, 20.0])
    for _ in range(8):  # finer and finer round the best point
        axes = [np.linspace(c - r, c + r, 41) for c, r in zip(centre, reach, strict=True)]
        x, x1 = np.meshgrid(*axes, indexing="ij")
        height = exponent(x, x1)
        best = np.unravel_index(np.argmax(height), height.shape)
        centre, reach = np.array([x[best], x1[best]]), reach / 4
    value = published.below(**model, u_d=u_d, u_g=u_g, index=index)
    assert height.max() == pytest.approx(float(value), abs=1e-3)


def test_swept_energies_are_extreme_points_of_the_region_of_positive_complexity(computed):
    data = computed("baskerville2021gan-6")
    for law in sweeps.LAWS:
        for name in sweeps.SWEEPS:
            for p, q in sweeps.PAIRS:
                u_d, u_g, both, apart, _ = data[f"{law} {name} {p} {q}"].T
                assert np.all(both >= u_d + u_g) and np.all(apart <= -u_d - u_g)
                assert np.all(u_d < 0) and np.all(u_g < 0)
    # independent: a grid of energies at which the complexity is not negative
    values = sweeps.extremes("exact", 3, 3, 1.0, 0.9)
    u = np.linspace(-16, 16, 161)
    allowed = sg.complexity(sg.gan(3, 3, 1.0, 0.9))(u[:, None], u[None, :]) >= 0
    i, j = np.nonzero(allowed)
    found = [u[i].min(), u[j].min(), (u[i] + u[j]).min(), np.abs(u[i] - u[j]).max()]
    assert np.all(found[:3] >= values[:3]) and found[3] <= values[3]
    np.testing.assert_allclose(found, values, atol=0.4)  # twice the step


def test_critical_noise_is_where_local_nash_equilibria_vanish(computed):
    data = computed("baskerville2021gan-7")
    kappa = 0.9
    critical = nash.critical_noise(3, 3, kappa)
    rate = [nash.nash_complexity(3, 3, s, kappa) for s in (0.9 * critical, critical, 1.1 * critical)]
    assert rate[0] > 0 > rate[2] and rate[1] == pytest.approx(0, abs=1e-10)
    assert nash.nash_complexity(3, 3, 0.001, kappa) == pytest.approx(0.012044601284, abs=1e-12)
    for p, q in nash.PAIRS:
        assert np.all(np.diff(data[f"nash {p} {q}"]) <= 1e-10)  # noise only hurts
        assert np.all(data[f"critical {p} {q}"] > 0)


def test_three_ways_to_count_agree(computed):
    data = computed("baskerville2021gan-8")
    exact = data["exact 2"]
    for way in ("counted 2", "sampled 2"):
        mean, error = data[way].T
        assert np.all(np.abs(mean - exact) < 4 * error), way
    difference = data["counted 3"] - data["sampled 3"] * [1, 0]
    assert np.all(np.abs(difference[:, 0]) < 4 * np.hypot(data["counted 3"][:, 1], data["sampled 3"][:, 1]))


def test_two_circles_without_a_common_field_are_two_pure_glasses():
    # 2 sqrt(3p - 2) critical points on a circle, half of them minima; the coupling by sigma_z only scales
    game = sg.SphericalGame([0.5, 0.5], [{(3, 0): 1}, {(0, 4): 1}], [[1, 0], [0, 1]], [[0], [1]])
    np.testing.assert_allclose(counted.on_two_circles(game), np.full(4, np.sqrt(7.0 * 10.0)), rtol=1e-9)


def test_measures_of_a_run_are_those_of_its_losses(computed):
    data = computed("baskerville2021gan-9")
    for name in sweeps.SWEEPS:
        lowest, last, step, place = np.moveaxis(experiment.runs(data, name), -1, 0)
        assert lowest.shape == (len(data[name]), 2, 2)
        assert np.all(0 < step) and np.all(step < lowest) and np.all(lowest <= last)
        assert set(np.unique(place)) <= {0, 20, 40}
    # one run by hand, from the losses of its steps
    pair = experiment.players(data["kappa"][1], experiment.PARAMETERS)
    losses, _ = experiment.play(*pair, experiment.digits(held_out=0).train[0], 1.0, 60, rng=1, rate=experiment.RATE)
    windows = [losses[k : k + 20].mean(axis=0) for k in (0, 20, 40)]
    expected = np.transpose([np.min(windows, axis=0), windows[-1], losses.min(axis=0)])
    np.testing.assert_allclose(data["kappa 1 seed 1"][:, :3], expected, rtol=1e-9)


def test_energies_beside_the_experiment_are_those_of_the_sweeps(computed):
    data = computed("baskerville2021gan-9")
    for law in sweeps.LAWS:
        values = sweeps.extremes(law, *experiment.POWERS, sigma_z=1.0, kappa=data["kappa"][0])
        np.testing.assert_allclose(data[f"{law} kappa"][0], values[:2], rtol=1e-12)
        assert np.all(np.diff(data[f"{law} sigma_z"], axis=0) < 0)  # noise lowers both


def test_rank_correlations_find_a_planted_order_and_none_among_shuffled_labels(computed):
    theory, draw = -np.geomspace(1e-5, 1e2, 13), np.random.default_rng(3)
    planted = np.log(-theory)[:, None] + 1e-3 * draw.standard_normal((13, 8))
    np.testing.assert_allclose(experiment.rank_correlation(-planted, theory, 200), [1, 1, 1], rtol=1e-12)
    np.testing.assert_allclose(experiment.rank_correlation(planted, theory, 200), [-1, -1, -1], rtol=1e-12)
    found = np.array(
        [experiment.rank_correlation(draw.permuted(planted, axis=0), theory, 200) for _ in range(200)]
    )  # labels shuffled in every seed by itself
    assert abs(found[:, 0].mean()) < 4 / np.sqrt(12 * 200)  # of 13 ranks the deviation is 1/sqrt(12)
    assert np.mean((found[:, 1] <= 0) & (found[:, 2] >= 0)) > 0.85
    data = computed("baskerville2021gan-9")
    measured = experiment.runs(data, "sigma_z")[..., 0, 2]
    expected = spearmanr(measured.mean(axis=1), data["exact sigma_z"][:, 0]).statistic
    assert experiment.agreement(data, "lowest step")["sigma_z", "D", "exact"][0] == pytest.approx(expected)
    with pytest.raises(ValueError, match="got no order"):
        experiment.rank_correlation(np.ones((3, 2)), theory[:3])
