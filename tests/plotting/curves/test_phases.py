"""Phase diagrams: the line lies where the rate vanishes, the region where it is positive."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.plotting.curves.signs import Region, chained


@pytest.fixture
def ax():
    return Figure().add_subplot()


def region(ax):
    return [path.vertices for path in ax.collections[0].get_paths()]


def line(ax):
    return ax.collections[1].get_segments()


def area(polygons):
    def one(p):
        x, y = p.T
        return 0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))

    return sum(one(p) for p in polygons)


def test_a_circle(ax):
    def inside(a, b):
        return 1 - a * a - b * b

    grid = np.linspace(-1.5, 1.5, 40)
    assert sg.plotting.phase_diagram(inside, ax, x=grid, y=grid, tolerance=1e-9) is ax
    (circle,) = line(ax)
    np.testing.assert_allclose(np.linalg.norm(circle, axis=1), 1, atol=1e-9)
    np.testing.assert_array_equal(circle[0], circle[-1])
    assert area(region(ax)) == pytest.approx(np.pi, rel=2e-3)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")
    assert ax.get_xlim() == ax.get_ylim() == (-1.5, 1.5)


def test_models_are_asked_for_their_total_complexity(ax):
    """All points of a mixture with a field: none but two where xi'(1) >= xi''(1), the trivial phase."""

    def glass(field, share):
        return sg.mixed({1: field, 3: 1 - share, 4: share})

    y = np.linspace(0.01, 0.99, 6)
    sg.plotting.phase_diagram(glass, ax, x=np.linspace(0.5, 14, 9), y=y, tolerance=1e-8)
    (edge,) = line(ax)
    field, share = edge.T  # field + 3 (1 - share) + 4 share = 6 (1 - share) + 12 share
    np.testing.assert_allclose(field, 3 + 5 * share, atol=1e-6)


def test_an_index_is_asked_for(ax):
    def gan(kappa, sigma_z):
        return sg.gan(3, 3, sigma_z, kappa)

    x, y = np.array([0.4, 0.6]), np.array([1e-4, 0.05])
    sg.plotting.phase_diagram(gan, ax, x=x, y=y, index=(0, 0), tolerance=1e-6)
    (edge,) = line(ax)
    assert len(edge) == 2
    for kappa, sigma_z in edge:
        below, above = (sg.complexity(gan(kappa, sigma_z * (1 + s * 1e-4))).total(index=(0, 0)) for s in (-1, 1))
        assert min(below, above) < 0 < max(below, above)


def test_complexities_and_confined_fields_are_asked_too(ax):
    """The landscape in a parabola is trivial from m = 1 on."""
    sg.plotting.phase_diagram(lambda m, _: sg.parabolic(m), ax, x=[0.5, 0.9, 1.2], y=[0, 1], tolerance=1e-9)
    np.testing.assert_allclose(line(ax)[0][:, 0], 1, atol=2e-8)
    again = Figure().add_subplot()
    x, y = [0.5, 0.9, 1.2], [0, 1]
    sg.plotting.phase_diagram(lambda m, _: sg.complexity(sg.parabolic(m)), again, x=x, y=y, index=0, tolerance=1e-9)
    np.testing.assert_allclose(line(again)[0][:, 0], 1, atol=1e-4)  # where the rate of minima vanishes to third order


def test_saddles_are_cut_as_their_centre_tells():
    corners = {(0.0, 0.0), (1.0, 1.0)}
    for centre in (True, False):

        def holds(a, b, centre=centre):
            return abs(a - b) < 0.4 if centre else any(np.hypot(a - c, b - d) < 0.3 for c, d in corners)

        cut = Region(holds, np.array([0.0, 1.0]), np.array([0.0, 1.0]), 1e-6)
        assert [len(p) for p in cut.polygons] == ([6] if centre else [3, 3])
        assert len(cut.lines) == 2 and all(len(chain) == 2 for chain in cut.lines)
        assert area(cut.polygons) == pytest.approx(1 - 0.6**2 if centre else 0.3**2, rel=1e-4)


def test_islands_and_lines_to_the_border_are_separate_chains():
    def holds(a, b):
        return a < 0.5 or (a - 2) ** 2 + (b - 1) ** 2 < 0.3

    found = Region(holds, np.linspace(0, 3, 31), np.linspace(0, 2, 21), 1e-6).lines
    closed = [np.array_equal(chain[0], chain[-1]) for chain in found]
    assert sorted(closed) == [False, True]
    (border,) = (chain for chain, whole in zip(found, closed, strict=True) if not whole)
    assert sorted(border[[0, -1], 1]) == [0, 2] and len(border) == 21
    np.testing.assert_allclose(border[:, 0], 0.5, atol=1e-6)


def test_chains_join_ends():
    assert chained([(1, 2), (3, 4), (2, 3)]) == [[1, 2, 3, 4]]
    assert chained([(1, 2), (2, 3), (3, 1)]) == [[1, 2, 3, 1]]
    assert chained([(5, 6), (1, 2)]) == [[1, 2], [5, 6]]
    assert chained([]) == []


def test_the_legend_says_of_what():
    def glass(field, share):
        return sg.mixed({1: field, 3: 1 - share, 4: share})

    def names(rate, **keywords):
        ax = sg.plotting.phase_diagram(rate, Figure().add_subplot(), x=[0.1, 5], y=[0.1, 0.9], **keywords)
        return [text.get_text() for text in ax.get_legend().get_texts()]

    assert names(glass) == ["complexity > 0", "where it stops"]
    assert names(glass, index=0)[0] == "complexity of index 0 > 0"
    assert names(lambda a, b: 1 - a - b)[0] == "rate > 0"


def test_cells_leave_no_seams():
    """Every pixel well inside the region has one colour."""
    figure = Figure(figsize=(6, 4.2), dpi=100)
    ax = figure.add_subplot()
    grids = {"x": np.linspace(0.5, 12, 13), "y": np.linspace(0.01, 0.99, 8)}
    sg.plotting.phase_diagram(lambda s, a: 3 + 5 * a - s, ax, **grids, legend=False)
    ax.grid(False)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = np.asarray(canvas.buffer_rgba())[::-1]
    x, y = np.meshgrid(np.arange(picture.shape[1]) + 0.5, np.arange(picture.shape[0]) + 0.5)
    s, a = ax.transData.inverted().transform(np.stack([x.ravel(), y.ravel()], axis=-1)).T.reshape(2, *x.shape)
    inside = (s > 0.6) & (a > 0.02) & (a < 0.98) & (s < 2.9 + 5 * a)
    assert inside.sum() > 10_000 and len(np.unique(picture[inside], axis=0)) == 1


def test_nothing_and_minus_infinity(ax):
    sg.plotting.phase_diagram(lambda *_: -np.inf, ax, x=[0, 1, 2], y=[0, 1])
    assert region(ax) == [] and line(ax) == []
    assert (ax.get_xlabel(), ax.get_xlim()) == ("x", (0, 2))


def test_colours_and_labels_of_a_used_axes(ax):
    ax.set_ylabel("mine")
    for shift in (0.5, 1.5):
        sg.plotting.phase_diagram(lambda a, b, s=shift: a - s, ax, x=[0, 1, 2], y=[0, 1], lw=3, label=f"at {shift}")
    first, second = ax.collections[1], ax.collections[3]
    assert not np.array_equal(first.get_color(), second.get_color()) and first.get_linewidth() == [3]
    assert ax.get_ylabel() == "mine" and "at 1.5" in [t.get_text() for t in ax.get_legend().get_texts()]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda draw: draw(3, x=[0, 1], y=[0, 1]), "rate: expected a function"),
        (lambda draw: draw(max, x=[1, 0], y=[0, 1]), "x: expected increasing"),
        (lambda draw: draw(max, x=[0, 1], y=[0]), "y: expected at least two"),
        (lambda draw: draw(max, x=[0, 1], y=[0, 1], tolerance=0), "tolerance: expected a number from"),
        (lambda draw: draw(lambda a, b: np.nan, x=[0, 1], y=[0, 1]), "got nan"),
        (lambda draw: draw(lambda a, b: "x", x=[0, 1], y=[0, 1]), "returns a number or a model, got 'x'"),
    ],
)
def test_what_has_no_phases_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call(sg.plotting.phase_diagram)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("sign", "names"), [(-1.0, ["rate > 0 nowhere"]), (1.0, ["rate > 0"]), (0.0, ["rate > 0", "where it stops"])]
)
def test_the_legend_names_what_is_there(sign, names):
    ax = sg.plotting.phase_diagram(lambda x, y: x + 5 * sign, x=[-1.0, 0.5, 2.0], y=[0.0, 1.0])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == names
