"""Counted points beside predicted ones: every bar, marker and step is a number of the package."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.plotting.style import EXACT, OBSERVED

MODEL = sg.mixed({2: 0.3, 3: 1.0})
FOUND = [sg.critical_points(MODEL.draw(4, rng=i), proof=False) for i in range(100, 130)]
GAN = sg.gan(2, 1, 0.5, 0.5)
OF_GAN = [sg.critical_points(GAN.draw((2, 2), rng=i), proof=False) for i in range(3)]


@pytest.fixture
def ax():
    return Figure().add_subplot()


def heights(ax):
    return np.array([bar.get_height() for bar in ax.patches])


def observed(ax):
    return next(c.lines[0] for c in ax.containers if "draw" in str(c.get_label()))


def test_one_draw_by_index(ax):
    assert sg.plotting.counts(FOUND[0], ax, model=MODEL) is ax
    np.testing.assert_allclose(heights(ax), [sg.mean_count(MODEL, 4, index=k).mean for k in range(4)], rtol=1e-12)
    np.testing.assert_array_equal(observed(ax).get_ydata(), [np.sum(FOUND[0].index == k) for k in range(4)])
    assert observed(ax).get_color() == OBSERVED and ax.patches[0].get_facecolor()[:3] != (0, 0, 0)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["predicted", "one draw"]


def test_the_mean_of_several_draws_has_its_error_and_meets_the_prediction(ax):
    sg.plotting.counts(FOUND, ax, model=MODEL)
    table = np.array([[np.sum(one.index == k) for k in range(4)] for one in FOUND])
    np.testing.assert_allclose(observed(ax).get_ydata(), table.mean(axis=0))
    error = table.std(axis=0, ddof=1) / np.sqrt(len(FOUND))
    bars = [np.ptp(segment[:, 1]) / 2 for segment in ax.collections[0].get_segments()]
    np.testing.assert_allclose(bars, error)
    assert np.all(np.abs(observed(ax).get_ydata() - heights(ax)) < 4 * error)


def test_below_energies(ax):
    sg.plotting.counts(FOUND, ax, model=MODEL, by="energy")
    predicted, steps = ax.lines
    u = predicted.get_xdata()
    np.testing.assert_allclose(predicted.get_ydata(), np.exp(sg.count_density(MODEL, 4, u, cumulative=True)))
    assert predicted.get_color() == EXACT
    places, numbers = steps.get_xydata().T
    wanted = [np.mean([np.sum(one.energies[:, 0] <= x) for one in FOUND]) for x in places]
    np.testing.assert_allclose(numbers, wanted)
    assert numbers[-1] == np.mean([one.count for one in FOUND]) and steps.get_drawstyle() == "steps-post"
    edges = ax.collections[0].get_paths()[0].vertices[:, 1]
    last = np.std([one.count for one in FOUND], ddof=1) / np.sqrt(len(FOUND))
    assert edges.max() == pytest.approx(numbers[-1] + last)


def test_one_draw_below_energies_is_a_staircase(ax):
    sg.plotting.counts(FOUND[1], ax, model=MODEL, by="energy", ls="--")
    steps = ax.lines[1]
    assert np.all(np.diff(steps.get_ydata()) >= 0) and steps.get_ydata()[-1] == FOUND[1].count
    assert steps.get_linestyle() == "--" and not ax.collections


def test_players_are_counted_by_all_their_indices(ax):
    sg.plotting.counts(OF_GAN, ax, model=GAN, samples=2000, rng=1)
    kinds = [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["0, 0", "0, 1", "1, 0", "1, 1"]
    wanted = [sg.mean_count(GAN, (2, 2), index=k, method="montecarlo", samples=2000, rng=1) for k in kinds]
    np.testing.assert_allclose(heights(ax), [e.mean for e in wanted])
    table = [[np.sum(np.all(one.index == k, axis=1)) for k in kinds] for one in OF_GAN]
    np.testing.assert_allclose(observed(ax).get_ydata(), np.mean(table, axis=0))
    errors = [np.ptp(segment[:, 1]) / 2 for segment in ax.collections[0].get_segments()]
    np.testing.assert_allclose(errors, [e.mean * e.stderr for e in wanted])


def test_players_below_energies_are_predicted_by_monte_carlo(ax):
    sg.plotting.counts(OF_GAN[0], ax, model=GAN, by="energy", samples=2000, rng=1)
    predicted = ax.containers[0].lines[0]
    u = predicted.get_xdata()[-1]
    window = [(-np.inf, u), (-np.inf, np.inf)]
    wanted = sg.mean_count(GAN, (2, 2), window, method="montecarlo", samples=2000, rng=1)
    assert predicted.get_ydata()[-1] == pytest.approx(wanted.mean)
    assert ax.get_xlabel() == "energy density $u_D$"


def test_one_player_on_two_spheres(ax):
    model = sg.bipartite(1, 1, kappa=0.5)
    found = sg.critical_points(model.draw((2, 2), rng=1), proof=False)
    sg.plotting.counts(found, ax, model=model, by="energy", samples=500, rng=1)
    predicted = ax.containers[0].lines[0].get_xydata()[-1]
    window = (-np.inf, predicted[0])
    wanted = sg.mean_count(model, (2, 2), window, method="montecarlo", samples=500, rng=1)
    assert predicted[1] == pytest.approx(wanted.mean)


def test_the_model_is_by_default_the_one_that_was_drawn(ax):
    again = Figure().add_subplot()
    sg.plotting.counts(FOUND, ax, model=MODEL)
    sg.plotting.counts(FOUND, again)
    heights = [[bar.get_height() for bar in one.patches] for one in (ax, again)]
    assert heights[0] == heights[1]


def test_proofs_and_lower_bounds_are_named(ax):
    part = FOUND[0][FOUND[0].index == 0]
    sg.plotting.counts(part, ax, model=MODEL)
    assert ax.get_legend().get_texts()[-1].get_text() == "one draw, at least"
    sg.plotting.counts(sg.critical_points(MODEL.draw(2, rng=1)), ax := Figure().add_subplot(), model=MODEL)
    assert ax.get_legend().get_texts()[-1].get_text() == "one draw, proven"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sg.plotting.counts(3, model=MODEL), "pts: expected a sequence"),
        (lambda: sg.plotting.counts([], model=MODEL), "at least one draw"),
        (lambda: sg.plotting.counts([3], model=MODEL), "pts: expected the result of"),
        (lambda: sg.plotting.counts(FOUND[0], model=GAN), "model: expected one with 1 spheres and 1 players"),
        (lambda: sg.plotting.counts(FOUND[0], model=3), "model: expected the SphericalGame"),
        (lambda: sg.plotting.counts([FOUND[0], OF_GAN[0]], model=MODEL), "draws of the same sizes"),
        (
            lambda: sg.plotting.counts(
                [FOUND[0], sg.critical_points(sg.pure(4).draw(FOUND[0].points[0].shape[1], rng=1))]
            ),
            "draws of the same model",
        ),
        (lambda: sg.plotting.counts(FOUND[0], model=MODEL, by="x"), "by: expected one of index, energy"),
    ],
)
def test_what_cannot_be_compared_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
