"""A sampled spectrum drawn by itself, and under a law."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import spinglass as sg

LAW = sg.spectra.Semicircle()
FOUND = sg.montecarlo.sampled_spectrum(LAW, 30, samples=10, bins=12, rng=1)


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_the_histogram_and_its_errors(ax):
    assert FOUND.plot(ax) is ax
    values, edges, _ = ax.patches[0].get_data()
    np.testing.assert_array_equal(values, FOUND.density)
    np.testing.assert_array_equal(edges, FOUND.edges)
    bars = [np.ptp(segment[:, 1]) / 2 for segment in ax.collections[0].get_segments()]
    np.testing.assert_allclose(bars, FOUND.stderr, atol=1e-15)
    assert ax.get_ylim()[0] == 0 or FOUND.density.min() < FOUND.stderr.max()


def test_with_a_law_it_is_the_plot_of_the_law(ax):
    FOUND.plot(ax, law=LAW, c="#123456")
    wanted = sg.plotting.spectrum(LAW, FOUND, Figure().add_subplot())
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), wanted.lines[0].get_xydata())
    assert ax.lines[0].get_color() == "#123456" and len(ax.patches) == len(wanted.patches)


def test_a_second_one_is_an_outline(ax):
    FOUND.plot(ax)
    FOUND.plot(ax, label="again", lw=2)
    first, second = ax.patches
    assert first.get_fill() and not second.get_fill() and second.get_linewidth() == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["10 matrices, n = 30", "again"]


def test_something_else_is_refused():
    with pytest.raises(TypeError, match="found: expected the result of"):
        sg.plotting.sampled(LAW)
    with pytest.raises(TypeError, match="law: expected a spectral law"):
        FOUND.plot(law=3)
