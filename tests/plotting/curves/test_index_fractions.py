"""The index fraction against energy: one curve per player, zero below the threshold."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.complexity.index_fractions import index_fractions


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_one_sphere_from_the_lowest_energy_to_the_highest(ax):
    c = sg.complexity(sg.mixed({3: 0.5, 4: 0.5}))
    assert sg.plotting.index_fraction(c, ax) is ax
    u, height = ax.lines[0].get_xydata().T
    assert (u[0], u[-1]) == (c.lowest_energy(), -c.lowest_energy())
    np.testing.assert_allclose(height, index_fractions(c, u)[:, 0])
    below = u < c.threshold_energy
    assert (
        below.any() and np.all(height[below] == 0) and np.all(np.diff(height[~below & (u < -c.threshold_energy)]) > 0)
    )
    assert set(ax.lines[1].get_xdata()) == {c.threshold_energy}
    assert ax.texts[0].get_text() == r"$-E_\infty$"


def test_one_curve_per_player(ax):
    c = sg.complexity(sg.gan(2, 1, 0.5, 0.6))
    u = np.linspace(-2.0, 2.0, 5)
    sg.plotting.index_fraction(c, ax, energies=u, loss=1, label="gan")
    heights = np.stack([line.get_ydata() for line in ax.lines], axis=1)
    np.testing.assert_allclose(heights, index_fractions(c, u, 1))
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["gan, player D", "gan, player G"]
    assert ax.get_xlabel() == "energy density $u_G$"


def test_a_used_axes_is_respected(ax):
    ax.set_xlabel("mine")
    sg.plotting.index_fraction(sg.complexity(sg.pure(3)), ax, energies=[-1.7, 0.0], mark=False)
    sg.plotting.index_fraction(sg.complexity(sg.pure(4)), ax, energies=[-1.7, 0.0], mark=False, c="red")
    assert ax.get_xlabel() == "mine" and ax.lines[1].get_color() == "red" and len(ax.lines) == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sg.plotting.index_fraction(sg.pure(3)), "c: expected a complexity"),
        (lambda: sg.plotting.index_fraction(sg.complexity(sg.pure(3)), energies=[0.0]), "at least two numbers"),
        (lambda: sg.plotting.index_fraction(sg.complexity(sg.pure(3)), loss=1), "loss: expected"),
        (lambda: sg.plotting.index_fraction(sg.complexity(sg.pure(3)), mark="x"), "mark: expected True or False"),
        (lambda: sg.plotting.index_fraction(sg.complexity(sg.mixed({3: 1, 4: 1}), "quenched")), "annealed"),
    ],
)
def test_what_has_no_index_fraction_is_refused(call, message):
    with pytest.raises((TypeError, ValueError, NotImplementedError), match=message):
        call()


def test_thresholds_of_two_models_have_the_colours_of_their_curves(ax):
    for p in (3, 4):
        sg.plotting.index_fraction(sg.complexity(sg.pure(p)), ax)
    assert [text.get_text() for text in ax.texts] == [r"$-E_\infty$"] * 2
    assert ax.texts[1].get_color() == ax.lines[2].get_color() != ax.lines[0].get_color()
