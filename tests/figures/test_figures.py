"""Figures: each shows the fact it is drawn for, is laid out without overlap, and leaves the style alone."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import spinglass as sg
from spinglass import figures
from spinglass.figures import auffinger2013, baskerville2021gan


@pytest.fixture(scope="module")
def drawn():
    """Compute every figure once, in quick mode."""
    settings = dict(mpl.rcParams)
    made = {}
    for name in figures.names():
        recipe = figures.recipe(name)
        data = recipe.compute(True)
        made[name] = data, recipe.figure(data)
    assert dict(mpl.rcParams) == settings
    yield made
    plt.close("all")


@pytest.mark.parametrize("name", figures.names())
def test_axes_are_labelled_and_inside(drawn, name):
    figure = drawn[name][1]
    figure.canvas.draw()
    width, height = figure.bbox.size
    assert all(
        any(f(ax) for ax in figure.axes) for f in (type(figure.axes[0]).get_xlabel, type(figure.axes[0]).get_ylabel)
    )
    for ax in figure.axes:
        for text in [ax.xaxis.label, ax.yaxis.label, ax.title]:
            if text.get_text():
                box = text.get_window_extent()
                assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1


def test_pure_curves_vanish_at_their_thresholds(drawn):
    data = drawn["auffinger2013-1"][0]
    for i, k in enumerate((0, 1, 2)):
        curve = data[f"index {k}"]
        place = np.interp(0, curve[curve < 0.012], data["u"][curve < 0.012])
        assert place == pytest.approx(data["lowest"][i], abs=1e-6)
    assert np.all(np.diff(data["lowest"][:6]) > 0)  # E_k falls with k
    above = data["u"] > data["threshold"]
    assert np.ptp(data["index 100"][above]) < 1e-15  # no points of finite index above the threshold
    assert np.all(data["total"] >= data["index 0"] - 1e-15)


def test_thresholds_close_on_the_band_edge(drawn):
    data = drawn["auffinger2013-2"][0]
    assert np.all(data["E_0"] > data["E_1"]) and np.all(data["E_5"] > data["E_inf"])
    np.testing.assert_allclose(data["E_inf"], 2 * np.sqrt((data["p"] - 1) / data["p"]), rtol=1e-14)


def test_mixtures_have_the_published_classes(drawn):
    data = drawn["auffinger2013-3"][0]
    half = len(data["w"]) // 2
    assert data["G 3 4"][half] == pytest.approx(0.05897408049618, abs=1e-13)
    weight = 16 / 17
    c = sg.complexity(sg.mixed({3: weight, 16: 1 - weight}))
    assert 2 * c(c.threshold_energy) == pytest.approx(-0.065172221015515, abs=1e-13)
    assert np.all(data["G 3 4"] > 0) and np.any(data["G 3 16"] < 0)
    assert np.all(data["total 4 16"] >= data["minima 4 16"])


def test_spectra_are_merged_touching_and_separate(drawn):
    data = drawn["baskerville2021gan-1"][0]
    assert [len(data[f"support {name}"]) for name in ("merged", "touching", "separate")] == [1, 2, 2]
    touching, separate = data["support touching"], data["support separate"]
    assert touching[1, 0] - touching[0, 1] < 0.05 < separate[1, 0] - separate[0, 1]
    law = baskerville2021gan.published_hessian(0.9, 1.0, 0.5, 1.1)
    eigenvalues = np.sort(data["eigenvalues merged"])
    steps = np.arange(1, len(eigenvalues) + 1) / len(eigenvalues)
    assert np.max(np.abs(law.cdf(eigenvalues) - steps)) < 0.01


def test_surface_has_the_reference_total_and_the_published_constant_is_too_large(drawn):
    data = drawn["baskerville2021gan-4"][0]
    assert data["theta exact"].max() == pytest.approx(0.6187414026158, abs=1e-12)
    for name in ("exact", "published"):
        theta = data[f"theta {name}"]
        assert np.all(np.diff(theta, axis=0) >= -1e-11) and np.all(np.diff(theta, axis=1) >= -1e-11)
        assert np.all(data[f"excess {name}"] <= 1e-11)
    assert data["theta published"].max() > 9


def test_published_constant_misses_the_decoupled_limit():
    # sigma_z -> 0, kappa -> 1 leaves the pure p-spin of the discriminator; the published K is too large by 9.38
    value = baskerville2021gan.published_below(3, 3, 1e-6, 1 - 1e-9, np.inf, np.inf)
    assert float(value) - np.log(2) / 2 == pytest.approx(9.3825, abs=2e-3)


def test_published_log_potential_agrees_with_sampled_matrices():
    law = baskerville2021gan.published_hessian(0.9, 1.0, 0.5, 1.1)
    matrix = law.sample(1500, rng=3)
    for x in (-3.5, -1.0, 0.3, 2.0):
        _, logdet = np.linalg.slogdet(matrix - x * np.eye(1500))
        assert logdet / 1500 == pytest.approx(law.log_potential(x), abs=2e-3)


def test_critical_noise_is_where_local_nash_equilibria_vanish(drawn):
    data = drawn["baskerville2021gan-7"][0]
    kappa = 0.9
    critical = baskerville2021gan.critical_noise(3, 3, kappa)
    rate = [baskerville2021gan.nash_complexity(3, 3, s, kappa) for s in (0.9 * critical, critical, 1.1 * critical)]
    assert rate[0] > 0 > rate[2] and rate[1] == pytest.approx(0, abs=1e-10)
    assert baskerville2021gan.nash_complexity(3, 3, 0.001, kappa) == pytest.approx(0.012044601284, abs=1e-12)
    for p, q in baskerville2021gan.PAIRS:
        assert np.all(np.diff(data[f"nash {p} {q}"]) <= 1e-10)  # noise only hurts
        assert np.all(data[f"critical {p} {q}"] > 0)


def test_every_recipe_is_listed_once():
    listed = [r.name for r in (*auffinger2013.RECIPES, *baskerville2021gan.RECIPES)]
    assert listed == figures.names() and len(set(listed)) == len(listed)


def test_a_wrong_name_lists_close_matches():
    with pytest.raises(ValueError, match=r"did you mean .*auffinger2013"):
        figures.names("aufinger2013")


def test_an_unwritable_folder_is_refused_before_any_computation(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setattr(figures.recipe("auffinger2013-1").__class__, "figure", lambda *_: pytest.fail("computed"))
    with pytest.raises(OSError, match="expected a folder"):
        figures.draw_figure("auffinger2013-1", file / "inside", quick=True)
