"""Spectra: matrices are diagonalised, atoms and hard edges do not flatten the bulk, outliers are in sight."""

import warnings

import numpy as np
import pytest
from matplotlib.figure import Figure

import spinglass as sg

S = sg.spectra


@pytest.fixture
def ax():
    return Figure().add_subplot()


def bars(ax):
    return np.array([[p.get_x(), p.get_width(), p.get_height()] for p in ax.patches])


def density(ax, label="law"):
    return next(line for line in ax.lines if line.get_label() == label)


def test_a_matrix_is_diagonalised(ax):
    law = S.Semicircle()
    matrix = law.sample(100, rng=1)
    sg.plotting.spectrum(law, matrix, ax, bins=7)
    other = Figure().add_subplot()
    sg.plotting.spectrum(law, np.linalg.eigvalsh(matrix), other, bins=7)
    np.testing.assert_array_equal(bars(ax), bars(other))


def test_a_stack_of_matrices_is_diagonalised(ax):
    matrices = np.array([[[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]])
    sg.plotting.spectrum(S.Semicircle(), ax, matrices, bins=[-1.5, -0.5, 0.5, 1.5])
    np.testing.assert_allclose(bars(ax)[:, 2], [0.25, 0.0, 0.75])


@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3)])
def test_a_matrix_that_is_not_symmetric_is_refused(ax, shape):
    with pytest.raises(ValueError, match=r"expected symmetric matrices or eigenvalues, got .* not symmetric") as caught:
        sg.plotting.spectrum(S.Semicircle(), np.arange(np.prod(shape), dtype=float).reshape(shape), ax)
    assert "\n" not in str(caught.value) and not ax.has_data()


def test_rows_of_eigenvalues_go_into_one_histogram(ax):
    sg.plotting.spectrum(S.Semicircle(), np.linspace(-1.9, 1.9, 12).reshape(2, 6), ax, bins=[-2, 0, 2])
    np.testing.assert_allclose(bars(ax)[:, 2], 0.25)


@pytest.mark.parametrize("order", [lambda ax, x: (ax, x), lambda ax, x: (x, ax)])
def test_axes_and_eigenvalues_come_in_either_order(ax, order):
    assert sg.plotting.spectrum(S.Semicircle(), *order(ax, [0.1, 0.2, 0.3])) is ax and len(ax.patches)
    assert sg.plotting.spectrum(S.Semicircle(), ax) is ax


@pytest.mark.parametrize("ratio", [2.0, 20.0])
def test_an_atom_does_not_flatten_the_bulk(ax, ratio):
    law = S.MarchenkoPastur(ratio)
    sg.plotting.spectrum(law, ax, law.sample(100, rng=1))
    top = density(ax).get_ydata().max()
    assert top <= ax.get_ylim()[1] < 3 * top
    (stem,) = (line for line in ax.lines if line.get_label().startswith("atom"))
    weight = 1 - 1 / ratio
    assert stem.get_ydata()[1] == pytest.approx(weight)
    ends = stem.get_transform().transform(np.column_stack(stem.get_data()))
    height = np.diff(ax.transAxes.inverted().transform(ends)[:, 1])
    assert height == pytest.approx(weight)  # of the Axes
    left, right = ax.get_xlim()
    assert left < 0 and right > law.support.max()
    (circle,) = (line for line in ax.lines if line.get_marker() == "o")
    assert circle.get_ydata()[0] == pytest.approx(weight)  # the share of the eigenvalues that are 0
    assert (bars(ax)[:, 1] * bars(ax)[:, 2]).sum() == pytest.approx(1 - weight)


@pytest.mark.parametrize("law", [S.MarchenkoPastur(1.0), S.WishartProduct((1.0, 1.0)), S.MarchenkoPastur(0.99)])
def test_a_hard_edge_does_not_flatten_the_bulk(ax, law):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sg.plotting.spectrum(law, law.sample(200, rng=1), ax)
        ax.figure.canvas.draw()
    x, heights = density(ax).get_data()
    shown = np.isfinite(heights)
    np.testing.assert_array_equal(heights[shown], law.density(x[shown]))
    assert law.density(law.mean) > 0.1 * ax.get_ylim()[1]
    assert np.nanmax(heights) == pytest.approx(ax.get_ylim()[1], rel=0.1)  # it leaves the picture at its top


def test_a_bulk_without_hard_edges_is_whole(ax):
    sg.plotting.spectrum(S.MarchenkoPastur(0.9), ax)
    x, heights = density(ax).get_data()
    assert np.trapezoid(heights, x) == pytest.approx(1, abs=1e-3) and ax.get_ylim()[1] > heights.max() > 3


def test_outliers_are_in_sight_at_the_bins_of_the_bulk(ax):
    law = S.Semicircle()
    sg.plotting.spectrum(law, ax, [*np.linspace(-1.9, 1.9, 99), 8.0], bins=10)
    assert ax.get_xlim()[1] > 8 and ax.get_xlim()[0] < -2
    np.testing.assert_allclose(bars(ax)[:, 1], 0.4)
    assert (bars(ax)[:, 1] * bars(ax)[:, 2]).sum() == pytest.approx(1)


def test_two_laws_on_one_axes(ax):
    ax.set(xlim=(-3, 3), ylim=(0, 1), ylabel="mine")
    sg.plotting.spectrum(S.Semicircle(), ax, [0.1, 0.2], label="first", lw=3)
    sg.plotting.spectrum(S.Semicircle(0.5), ax, [0.1, 0.2], label="second", ls=":")
    first, second = density(ax, "first"), density(ax, "second")
    assert first.get_color() == "#000000" != second.get_color()
    assert (first.get_linewidth(), second.get_linestyle()) == (3, ":")
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_ylabel()) == ((-3, 3), (0, 1), "mine")
    assert len({p.get_facecolor() for p in ax.patches}) == 2


def test_bulks_of_one_law_share_colour_and_label(ax):
    law = S.BlockGaussian([[1.0, 0.5], [0.5, 1.0]], [0.5, 0.5], [-4.0, 4.0])
    sg.plotting.spectrum(law, ax, legend=False)
    assert len(ax.lines) == 2 and len({line.get_color() for line in ax.lines}) == 1 and ax.get_legend() is None
    assert [line.get_label() for line in ax.lines] == ["law", "_nolegend_"]


@pytest.mark.parametrize("law", [S.Semicircle(), S.MarchenkoPastur(1.0), S.MarchenkoPastur(2.0)])
def test_logarithmic_axes(ax, law):
    ax.set_yscale("log")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sg.plotting.spectrum(law, ax, law.sample(100, rng=1))
        ax.figure.canvas.draw()
    low, high = ax.get_ylim()
    assert 1e-7 < low < 0.1 < high < 10


def test_an_atom_alone(ax):
    sg.plotting.spectrum(S.PointMass(1.0), ax, [1.0, 1.0])
    assert ax.get_ylim() == (0, 1) and ax.get_xlim()[0] < 1 < ax.get_xlim()[1]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["atom of weight 1"]


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"bins": [1.0, 0.0]}, "increasing"),
        ({"bins": 0}, "bins"),
        ({"legend": "yes"}, "legend: expected True or False"),
        ({"eigenvalues": []}, "non-empty"),
        ({"ax": {1: 2}}, "Axes or None"),
    ],
)
def test_what_cannot_be_drawn_is_refused(keywords, expected):
    with pytest.raises((TypeError, ValueError), match=expected):
        sg.plotting.spectrum(S.Semicircle(), **({"eigenvalues": [1.0, 2.0]} | keywords))


def test_eigenvalues_come_second_and_axes_by_name(ax):
    law = S.Semicircle()
    assert sg.plotting.spectrum(law, law.sample(30, rng=1), ax=ax) is ax and len(ax.patches)
    assert law.plot(ax, eigenvalues=[0.1, 0.2, 0.3]) is ax
