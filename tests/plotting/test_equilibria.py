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
    assert ax.get_xlabel() == "energy density $u_2$"
    drawn = np.concatenate([c.get_offsets()[:, 0] for c in ax.collections])
    np.testing.assert_array_equal(np.sort(drawn), np.sort(found.energies[:, 1]))
    nash = np.all(found.index == 0, axis=1).sum()
    assert f"local Nash equilibria: {nash}" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_bad_input():
    found = sg.critical_points(sg.pure(3).draw(3, rng=1), proof=False)
    with pytest.raises(TypeError, match="expected the result"):
        sg.plotting.points(3)
    with pytest.raises(ValueError, match="loss: expected"):
        sg.plotting.points(found, loss=1)
