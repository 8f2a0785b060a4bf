"""Filled contours: the line of complexity 0 is resolved and in sight for any two losses of any game."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.plotting.names import energy_names

XI = {(2, 1, 1): 1, (3, 0, 0): 0.5}
THREE = sg.SphericalGame([0.2, 0.3, 0.5], [XI, {(0, 3, 0): 1}, {(0, 0, 3): 1}], np.eye(3).tolist(), [[0], [1], [2]])


@pytest.fixture
def ax():
    return Figure().add_subplot()


def zero_line(ax):
    return np.concatenate([path.vertices for path in ax.collections[1].get_paths()])


@pytest.mark.parametrize("model", [sg.gan(3, 3, 1.0, 0.9), sg.gan(2, 1, 0.5, 0.5), sg.gan(3, 2, 0.1, 0.5)])
def test_by_default_the_whole_zero_line_is_in_sight(ax, model):
    c = sg.complexity(model)
    sg.plotting.contour(c, ax)
    line = zero_line(ax)
    lowest = [c.lowest_energy(0), c.lowest_energy(1)]
    np.testing.assert_allclose(line.min(axis=0), lowest, atol=0.02 * np.abs(lowest).max())
    assert ax.get_xlim()[0] < lowest[0] and ax.get_ylim()[0] < lowest[1]
    levels = ax.collections[0].levels
    assert levels.max() == pytest.approx(-levels.min()) and c.total() <= levels.max() < 1.5 * c.total()


def test_at_energies_the_zero_line_is_closed(ax):
    c = sg.complexity(sg.gan(2, 1, 0.5, 0.5))
    sg.plotting.contour(c, ax, cumulative=False)
    line = zero_line(ax)
    np.testing.assert_allclose(line[0], line[-1])
    np.testing.assert_allclose(line.min(axis=0), [c.lowest_energy(0), c.lowest_energy(1)], atol=0.05)
    np.testing.assert_allclose(line.max(axis=0), -line.min(axis=0), rtol=0.01)


def test_the_zero_line_is_black_on_white(ax):
    u = np.linspace(-3, 3, 20)
    sg.plotting.contour(sg.complexity(sg.gan(2, 1, 0.5, 0.5)), ax, energies=(u, u), cmap="gray")
    line = ax.collections[1]
    (halo,) = line.get_path_effects()
    assert to_hex(line.get_edgecolor()[0]) == "#000000" and halo._gc["foreground"] == "white"
    assert ax.collections[0].get_cmap().name == "gray"


def test_any_two_losses_by_the_names_of_players(ax):
    c, u, v = sg.complexity(THREE), np.linspace(-1.6, 0.4, 4), np.linspace(-1.5, 0.3, 3)
    sg.plotting.contour(c, ax, energies=(u, v), losses=(2, 0), colorbar=False)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("energy density $u_3$", "energy density $u_1$")
    heights = c.below(v[:, None], np.inf, u[None, :])
    assert (ax.collections[0].zmin, ax.collections[0].zmax) == pytest.approx((heights.min(), heights.max()))
    assert len(ax.figure.axes) == 1


def test_at_energies_other_losses_are_free(ax):
    c, u, v = sg.complexity(THREE), np.linspace(-1.6, 1.0, 4), np.linspace(-1.5, 0.3, 3)
    sg.plotting.contour(c, ax, energies=(u, v), losses=(1, 2), cumulative=False, colorbar=False)
    free = (-np.inf, np.inf)
    heights = [[c.within(free, (x, x), (y, y)) for x in u] for y in v]
    assert (ax.collections[0].zmin, ax.collections[0].zmax) == pytest.approx((np.min(heights), np.max(heights)))


def test_energies_fill_limits_that_are_fixed(ax):
    ax.set(xlim=(-2.5, -0.5), xlabel="mine")
    sg.plotting.contour(sg.complexity(sg.gan(2, 1, 0.5, 0.5)), ax)
    assert ax.get_xlim() == (-2.5, -0.5) and ax.get_xlabel() == "mine"
    np.testing.assert_allclose(zero_line(ax)[:, 0].max(), -0.5)


def test_a_negative_complexity_has_levels_too(ax):
    u = np.linspace(-2, 2, 12)
    c = sg.complexity(sg.gan(2, 1, 0.5, 0.5))
    sg.plotting.contour(c, ax, energies=(u, u), index=(0, 0))
    assert len(ax.collections) == 1 and ax.collections[0].levels.max() >= c.below(2.0, 2.0, index=(0, 0))


def test_players_have_letters_only_in_a_gan():
    swapped = sg.SphericalGame([0.5, 0.5], [{(2, 0): 1}, {(0, 3): 1}], [[1, -1], [0, 1]], [[0], [1]])
    square = {(2, 0): 1, (1, 1): 2, (0, 2): 1}  # no layer is left for the generator
    by_hand = sg.SphericalGame([0.5, 0.5], [{(2, 0): 1}, square], [[1, -1], [0, 1]], [[0], [1]])
    assert energy_names(sg.gan(3, 2, 0.3, 0.4)) == ("u_D", "u_G")
    for model in (swapped, by_hand):
        assert energy_names(model) == ("u_1", "u_2")
    assert energy_names(sg.bipartite(2, 3, 0.5)) == ("u",) and energy_names(THREE) == ("u_1", "u_2", "u_3")


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"losses": (0, 0)}, "two different losses"),
        ({"losses": (0,)}, "two different losses"),
        ({"losses": (0, 3)}, "from 0 to 2"),
        ({"cumulative": 0}, "cumulative: expected True or False"),
        ({"colorbar": "yes"}, "colorbar: expected True or False"),
        ({"levels": 0, "energies": ([-1, 0], [-1, 0])}, "levels"),
    ],
)
def test_what_cannot_be_asked_is_refused(ax, keywords, expected):
    with pytest.raises((TypeError, ValueError), match=expected):
        sg.plotting.contour(sg.complexity(THREE), ax, **keywords)
