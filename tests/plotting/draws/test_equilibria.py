"""The plot of critical points: every point is drawn once, in the class of its stability."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import spinglass as sg


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.mark.parametrize(
    ("model", "n"), [(sg.pure(3), 5), (sg.gan(2, 1, 0.5, 0.5), (2, 2)), (sg.bipartite(2, 1, 0.5), 5)]
)
def test_every_point_is_drawn_once(model, n):
    found = sg.critical_points(model.draw(n, rng=1), proof=False)
    ax = sg.plotting.points(found)
    drawn = np.concatenate([c.get_offsets() for c in ax.collections])
    wanted = np.column_stack([found.energies[:, 0], found.index.reshape(found.count, -1).sum(axis=1)])
    np.testing.assert_array_equal(np.unique(drawn, axis=0), np.unique(wanted, axis=0))
    assert sum(int(t.get_text().split()[-1]) for t in ax.get_legend().get_texts()) == found.count


def test_local_nash_equilibria_are_counted():
    found = sg.critical_points(sg.gan(2, 1, 0.5, 0.5).draw((2, 2), rng=1), proof=False)
    ax = plt.figure().add_subplot()
    assert sg.plotting.points(found, ax, loss=1) is ax
    assert ax.get_xlabel() == "energy density $u_G$"
    drawn = np.concatenate([c.get_offsets()[:, 0] for c in ax.collections])
    np.testing.assert_array_equal(np.sort(drawn), np.sort(found.energies[:, 1]))
    nash = np.all(found.index == 0, axis=1).sum()
    assert f"local Nash equilibria: {nash}" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_a_part_of_the_points_is_drawn_also_an_empty_one():
    found = sg.critical_points(sg.pure(3).draw(4, rng=1), proof=False)
    ax = sg.plotting.points(found[found.index == 0])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["local minima: 3"]
    for none in (found[:0], sg.critical_points(sg.gan(2, 1, 0.5, 0.5).draw((2, 2), rng=1), proof=False)[[]]):
        assert not sg.plotting.points(none).collections


def test_bad_input():
    found = sg.critical_points(sg.pure(3).draw(3, rng=1), proof=False)
    with pytest.raises(TypeError, match="expected the result"):
        sg.plotting.points(3)
    with pytest.raises(ValueError, match="loss: expected"):
        sg.plotting.points(found, loss=1)


def test_two_draws_on_one_axes():
    first, second = (sg.critical_points(sg.pure(3).draw(4, rng=i), proof=False) for i in (1, 2))
    ax = plt.figure().add_subplot()
    ax.set(xlim=(-3, 3), xlabel="mine")
    sg.plotting.points(first, ax, label="first", s=10, lw=2)
    sg.plotting.points(second, ax, label="second", marker="x", c="red", legend=False)
    colours = [tuple(c.get_facecolor()[0][:3]) for c in ax.collections]
    assert len(set(colours[:2])) == 2 and colours[2:] == [(1, 0, 0)] * 2
    assert ax.collections[0].get_sizes() == 10 and ax.collections[0].get_linewidth() == 2
    assert (ax.get_xlim(), ax.get_xlabel()) == ((-3, 3), "mine")
    assert len(ax.get_legend().get_texts()) == 2 and ax.collections[2].get_label().startswith("second, local minima")
    sg.plotting.points(second, ax)
    assert not {tuple(c.get_facecolor()[0][:3]) for c in ax.collections[4:]} & set(colours)
