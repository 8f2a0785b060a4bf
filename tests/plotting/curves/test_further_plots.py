"""Plots of the spiked tensor and the parabola: Axes in, the same Axes out, with the right curves."""

import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.complexity.further.parabola import parabolic
from spinglass.complexity.further.spiked_tensor import spiked
from spinglass.plotting.curves import further
from spinglass.plotting.curves.further import SPIKE


@pytest.fixture
def ax():
    settings = dict(mpl.rcParams)
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)
    assert dict(mpl.rcParams) == settings


def test_spiked_draws_all_points_and_maxima(ax):
    model = spiked(3, 1.0)
    m = np.linspace(-0.9, 0.9, 61)
    assert further.spiked(model, ax, overlaps=m) is ax
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["all points", "maxima", "near the spike", "mirrored minimum"]
    curves = [x for x in ax.lines if len(x.get_xdata()) == len(m)]
    for maxima, curve in zip((False, True), curves, strict=True):
        np.testing.assert_allclose(curve.get_ydata(), model.at_overlap(m, maxima=maxima))
    marked = np.concatenate([x.get_xdata() for x in ax.lines if x.get_marker() in ("o", "*")])
    spike = model.spike_overlap()
    np.testing.assert_allclose(marked, [*model.band(), *model.band(True), spike, -spike])
    np.testing.assert_allclose(model.at_overlap(np.array([spike, -spike])), 0, atol=1e-12)
    assert model.at_overlap(-spike, maxima=True) == -np.inf or model.at_overlap(-spike, maxima=True) < 0
    top = max(curve.get_ydata().max() for curve in curves)  # what is near zero stays in sight, with room above
    assert ax.get_ylim()[0] == pytest.approx(-top) and top < ax.get_ylim()[1] < 1.5 * top


def test_of_an_even_tensor_the_mirror_image_is_a_maximum_as_well(ax):
    model = spiked(4, 1.2)
    further.spiked(model, ax)
    stars = [line for line in ax.lines if line.get_marker() == "*"]
    places = np.array([line.get_xdata()[0] for line in stars])
    np.testing.assert_allclose(places, [model.spike_overlap(), -model.spike_overlap()])
    np.testing.assert_allclose(model.at_overlap(places, maxima=True), 0, atol=1e-12)
    assert [line.get_markerfacecolor() for line in stars] == [SPIKE, SPIKE]


def test_labels_fit_a_row_of_panels():
    figure = Figure(figsize=(12, 3.5), layout="constrained")
    for ax in figure.subplots(1, 3):
        further.spiked(spiked(3, 1.2), ax)
    figure.draw_without_rendering()
    for ax in figure.axes:
        label, box = ax.yaxis.label.get_window_extent(), ax.get_window_extent()
        assert 0 <= label.y0 < label.y1 <= figure.bbox.height and label.x1 < box.x0
        ticks = [tick.label1.get_window_extent() for tick in ax.xaxis.get_major_ticks()]
        inside = sorted((tick.x0, tick.x1) for tick in ticks if box.x0 <= (tick.x0 + tick.x1) / 2 <= box.x1)
        assert len(inside) >= 3 and all(a[1] + 5 < b[0] for a, b in itertools.pairwise(inside))


def test_spiked_by_itself_shows_zero_and_the_ends(ax):
    further.spiked(spiked(4, 0.3), ax, mark=False)
    assert ax.get_ylim()[0] < 0 < ax.get_ylim()[1]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["all points", "maxima"]


@pytest.mark.parametrize(("model", "maxima"), [(spiked(3, 1.0), False), (spiked(3, 1.0), True), (spiked(4, 3), False)])
def test_contour_shows_the_line_of_zero_complexity(ax, model, maxima):
    assert further.spiked_contour(model, ax, maxima=maxima) is ax
    assert len(ax.collections) == 2 and len(ax.lines) == 1
    m, x = ax.lines[0].get_data()
    assert abs(model.rate(m[0], x[0], maxima=maxima)) < 1e-12
    assert ax.get_ylim()[0] < x[0] < ax.get_ylim()[1]
    assert ax.figure.axes[1].get_ylabel().startswith("complexity")
    corners = ax.collections[1].get_paths()[0].vertices
    np.testing.assert_allclose(model.rate(*corners.T)[np.isfinite(model.rate(*corners.T, maxima=maxima))], 0, atol=0.05)


def test_contour_shows_the_values_where_the_complexity_is_above_its_floor(ax):
    model = spiked(3, 4.0)  # whose best values are higher where no points are
    m = np.linspace(-1, 0.75, 101)
    shown = m[model.at_overlap(m) >= further.FLOOR]
    assert 10 < len(shown) < len(m)
    further.spiked_contour(model, ax, overlaps=m)
    top = model.best_value(shown, maxima=True).max() + 0.5
    assert ax.get_ylim() == pytest.approx((-top, top)) and top < model.best_value(m, maxima=True).max()


def test_contour_on_given_axes(ax):
    m, x = np.linspace(-0.5, 0.5, 20), np.linspace(-1, 1, 21)
    further.spiked_contour(spiked(3, 0.2), ax, overlaps=m, values=x, levels=5)
    assert ax.get_xlim() == (-0.5, 0.5) and ax.get_ylim() == (-1, 1) and not len(ax.lines)


def test_parabolic_draws_total_and_minima(ax):
    m = np.linspace(0.3, 1.2, 10)
    assert further.parabolic(m, ax, linewidth=2) is ax
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [parabolic(x).total() for x in m])
    np.testing.assert_allclose(ax.lines[1].get_ydata(), [parabolic(x).minima() for x in m])
    assert ax.lines[0].get_linewidth() == 2 and "nats per dimension" in ax.get_ylabel()


@pytest.mark.parametrize("m", [0.05, 0.5, 3.0])
def test_one_confined_field_is_marked_on_the_curves(ax, m):
    model = parabolic(m)
    assert model.plot(ax) is ax
    marks = [line.get_xydata() for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(np.concatenate(marks), [[m, model.total()], [m, model.minima()]])
    low, high = ax.lines[0].get_xdata()[[0, -1]]
    assert low < m < high and ax.get_xlim() == (low, high)


def test_wrong_objects_are_refused():
    for draw in (further.spiked, further.spiked_contour):
        with pytest.raises(TypeError, match="expected a spiked tensor"):
            draw(sg.pure(3))
    with pytest.raises(TypeError, match="Axes or None"):
        further.parabolic(ax="here")
    with pytest.raises(ValueError, match="m: expected a positive number"):
        further.parabolic([0.0, 1.0])


def test_further_plots_take_keywords_and_leave_axes_in_use(ax):
    ax.set(xlim=(-0.5, 0.5), ylim=(-0.1, 0.2), ylabel="mine")
    further.spiked(spiked(3, 1.0), ax, lw=3, label="first")
    further.spiked(spiked(3, 0.5), ax, label="second", legend=False, mark=False)
    curves = [line for line in ax.lines if line.get_label().startswith(("first", "second"))]
    assert len({line.get_color() for line in curves}) == 4 and curves[0].get_linewidth() == 3
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_ylabel()) == ((-0.5, 0.5), (-0.1, 0.2), "mine")
    further.parabolic([0.3, 0.6], ax, ls=":", legend=False)
    assert ax.lines[-1].get_linestyle() == ":" and not any(line.get_xdata()[0] == 1 for line in ax.lines)


def test_a_contour_without_a_bar(ax):
    further.spiked_contour(spiked(3, 0.2), ax, colorbar=False)
    assert len(ax.figure.axes) == 1
    with pytest.raises(TypeError, match="legend: expected True or False"):
        further.spiked(spiked(3, 0.2), ax, legend="no")


def test_a_spiked_tensor_is_drawn_against_its_energies():
    c = sg.complexity(sg.spiked(3, 1.0))
    ax = sg.plotting.complexity(c)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["index 0", "all indices"]
    curve = next(line for line in ax.lines if line.get_label() == "all indices")
    u, heights = curve.get_data()
    np.testing.assert_allclose(heights, c.below(u), atol=1e-12)
    assert u.min() < c.lowest_energy() < c.threshold_energy < u.max()


@pytest.mark.parametrize("m", [0.5, 1.7])
def test_a_parabola_is_drawn_against_its_strength_with_its_own_marked(m):
    c = sg.complexity(sg.parabolic(m))
    ax = c.plot(indices=(None, 0, 1))
    assert ax.get_xlim()[0] < m < ax.get_xlim()[1] and "strength" in ax.get_xlabel()
    marks = [line.get_data() for line in ax.lines if len(line.get_xdata()) == 1]
    assert [(float(x[0]), float(y[0])) for x, y in marks] == [(m, c.total(index=k)) for k in (None, 0, 1)]
    curves = {line.get_label(): line.get_data() for line in ax.lines if len(line.get_xdata()) > 2}
    strengths, heights = curves["index 1"]
    assert heights[-1] == sg.complexity(sg.parabolic(float(strengths[-1]))).total(index=1)
    with pytest.raises(ValueError, match="energies"):
        c.plot(energies=[-1.0, 0.0])
    with pytest.raises(ValueError, match="indices"):
        c.plot(indices=())
