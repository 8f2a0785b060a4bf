"""The method ``.plot()``: what the function of the room draws, on the same Axes, by the same keywords."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import spinglass as sg

ESTIMATE = sg.mean_count(sg.pure(3), 3, method="montecarlo", samples=3000, rng=1)


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def lines(ax):
    return [line.get_xydata() for line in ax.lines]


@pytest.mark.parametrize(
    ("thing", "function", "keywords"),
    [
        (sg.complexity(sg.pure(3)), sg.plotting.complexity, {"indices": (0, 1), "cumulative": False}),
        (sg.complexity(sg.mixed({3: 0.5, 4: 0.5}), "quenched"), sg.plotting.complexity, {"energies": [-1.74, -1.7]}),
        (sg.spectra.Semicircle(2.0), sg.plotting.spectrum, {"points": 50}),
        (sg.spectra.MarchenkoPastur(2.0), sg.plotting.spectrum, {"points": 50}),
        (ESTIMATE, sg.plotting.convergence, {"exact": 2.356313}),
        (sg.spiked(3, 1.0), sg.plotting.spiked, {"overlaps": [0.1, 0.2]}),
    ],
)
def test_plot_draws_what_the_function_draws(thing, function, keywords):
    ax = plt.figure().add_subplot()
    assert thing.plot(ax, **keywords) is ax
    wanted = lines(function(thing, **keywords))
    assert len(lines(ax)) == len(wanted) > 0
    for drawn, line in zip(lines(ax), wanted, strict=True):
        np.testing.assert_array_equal(drawn, line)


def test_critical_points_are_drawn_on_the_axes_that_are_given():
    found = sg.critical_points(sg.pure(3).draw(3, rng=1), proof=False)
    ax = plt.figure().add_subplot()
    assert found.plot(ax=ax) is ax
    assert sum(len(c.get_offsets()) for c in ax.collections) == found.count


def test_a_draw_in_three_dimensions_is_a_landscape():
    draw = sg.pure(2).draw(3, rng=1)
    ax = draw.plot(proof=False, colorbar=False)
    assert ax.get_title() == "6 critical points" and len(ax.figure.axes) == 1
    with pytest.raises(ValueError, match="draw: expected one sphere in 3 dimensions"):
        sg.pure(2).draw(4, rng=1).plot()


def test_the_colour_is_handed_on():
    assert sg.spectra.Semicircle().plot(color="#123456").lines[0].get_color() == "#123456"


def test_wrong_axes_are_refused_as_by_the_function():
    with pytest.raises(TypeError, match="ax: expected matplotlib Axes or None, got 'here'"):
        sg.spectra.Semicircle().plot("here")


def test_an_alias_may_have_the_name_of_the_thing():
    assert sg.complexity(sg.pure(3)).plot(c="#123456", indices=[0]).lines[0].get_color() == "#123456"
