"""The landscape on the sphere: an equal-area map, its colours, and every critical point where it belongs."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.plotting.draws.spheres import projected

DRAW = sg.mixed({2: 0.5, 5: 0.5}).draw(3, rng=2)
POINTS = sg.critical_points(DRAW, proof=False)


@pytest.fixture
def ax():
    return Figure().add_subplot()


def of_kind(ax, kind):
    return [artist for artist in ax.collections if isinstance(artist, kind)]


def inverse(places):
    """Return the points of the sphere that lie at places of the two discs."""
    side = np.where(places[:, 0] < 0, 1.0, -1.0)
    x, y = places[:, 0] + side, places[:, 1]
    square = x * x + y * y
    root = np.sqrt(2 - square)
    return np.stack([side * x * root, y * root, side * (1 - square)], axis=1)


def test_the_map_keeps_points_areas_and_the_meeting_place():
    x = np.random.default_rng(1).standard_normal((4000, 3))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    places = projected(x)
    np.testing.assert_allclose(inverse(places), x, atol=1e-12)
    radii = np.hypot(np.abs(places[:, 0]) - 1, places[:, 1])
    assert radii.max() <= 1
    shares = np.mean(radii[:, None] < np.sqrt([0.25, 0.5, 0.75]), axis=0)  # even in the discs, as on the sphere
    np.testing.assert_allclose(shares, [0.25, 0.5, 0.75], atol=4 * 0.5 / np.sqrt(len(x)))
    np.testing.assert_allclose(projected(np.array([[1.0, 0.0, 1e-12], [1.0, 0.0, -1e-12]])), 0, atol=1e-9)


def test_points_of_every_kind_are_where_they_are(ax):
    assert sg.plotting.sphere(DRAW, ax, points=POINTS) is ax
    kinds = of_kind(ax, PathCollection)
    for k, drawn in enumerate(kinds):
        wanted = POINTS.points[0][POINTS.index == k]
        np.testing.assert_allclose(inverse(np.asarray(drawn.get_offsets())), wanted, atol=1e-9)
    counted = [np.sum(POINTS.index == k) for k in range(3)]
    assert counted[0] - counted[1] + counted[2] == 2
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == [f"{n} {kind}" for n, kind in zip(counted, ("minima", "saddles", "maxima"), strict=True)]
    assert len({drawn.get_paths()[0].vertices.shape for drawn in kinds}) == 3  # by their markers too


def test_colours_are_energies(ax):
    sg.plotting.sphere(DRAW, ax, points=POINTS)
    lows = []
    for mesh in of_kind(ax, QuadMesh):
        places = mesh.get_coordinates()[20:-20, :-1].reshape(-1, 2)
        values = np.asarray(mesh.get_array()).reshape(mesh.get_coordinates().shape[:2])[20:-20, :-1].ravel()
        np.testing.assert_allclose(values, DRAW.energies(inverse(places))[:, 0], atol=1e-9)
        lows.append(mesh.get_clim())
    assert len(lows) == 2 and lows[0] == lows[1]
    low, high = POINTS.energies[[0, -1], 0]
    assert low <= lows[0][0] < low + 0.01 and high - 0.01 < lows[0][1] <= high


def test_the_title_says_what_is_proven(ax):
    sg.plotting.sphere(DRAW, ax, points=POINTS, colorbar=False, legend=False)
    assert ax.get_title() == f"{POINTS.count} critical points" and ax.get_legend() is None
    assert len(ax.figure.axes) == 1
    proven = sg.plotting.sphere(sg.pure(2).draw(3, rng=1), Figure().add_subplot())
    assert proven.get_title() == "6 critical points, proven" and len(proven.figure.axes) == 2
    part = sg.plotting.sphere(DRAW, Figure().add_subplot(), points=POINTS[:3])
    assert part.get_title() == "3 critical points at least"


@pytest.mark.parametrize(
    ("size", "panels", "layout"), [((6, 4.2), 1, "constrained"), ((8, 3), 2, None), ((3.4, 2.4), 1, "constrained")]
)
def test_nothing_covers_the_legend_and_the_bar_is_as_high_as_the_discs(size, panels, layout):
    """In this draw a minimum lies on the lower rim."""
    draw = sg.mixed({2: 0.3, 3: 0.4, 5: 0.3}).draw(3, rng=4)
    found = sg.critical_points(draw, proof=False)
    figure = Figure(figsize=size, layout=layout)
    panels = np.ravel(figure.subplots(1, panels))
    for ax in panels:
        sg.plotting.sphere(draw, ax, points=found)
    figure.draw_without_rendering()
    for ax, bar in zip(panels, figure.axes[len(panels) :], strict=True):
        legend, discs = ax.get_legend().get_window_extent(), ax.transData
        low, high = bar.get_ylim()
        shown = [tick.label2 for tick in bar.yaxis.get_major_ticks() if low <= tick.get_loc() <= high]
        low, high = (discs.transform((0, y))[1] for y in (-1, 1))
        np.testing.assert_allclose([bar.get_window_extent().y0, bar.get_window_extent().y1], [low, high], atol=0.5)
        assert not any(legend.overlaps(part.get_window_extent()) for part in (bar, bar.yaxis.label, *shown))
        assert bar.get_window_extent().x0 > discs.transform((2, 0))[0]
        centre = discs.transform(projected(found.points[0]))[:, 1].min()
        assert legend.y1 < centre - 3 * figure.dpi / 72  # half a marker below


def test_own_titles_and_colours_stay(ax):
    ax.set_title("mine")
    sg.plotting.sphere(DRAW, ax, points=POINTS, cmap="Greys", levels=5)
    assert ax.get_title() == "mine" and {mesh.get_cmap().name for mesh in of_kind(ax, QuadMesh)} == {"Greys"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sg.plotting.sphere(sg.pure(3)), "draw: expected a draw"),
        (lambda: sg.plotting.sphere(sg.pure(3).draw(4, rng=1)), "one sphere in 3 dimensions, got sizes"),
        (lambda: sg.plotting.sphere(DRAW, points=3), "points: expected the result of"),
        (lambda: sg.plotting.sphere(sg.pure(3).draw(3, rng=1), points=POINTS), "points: expected those of the draw"),
        (lambda: sg.plotting.sphere(DRAW, points=POINTS, levels=0), "levels: expected"),
        (lambda: sg.plotting.sphere(DRAW, points=POINTS, legend="x"), "legend: expected True or False"),
    ],
)
def test_what_is_no_landscape_on_the_sphere_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
