"""Plots: Axes in, the same Axes out, with the curves that were asked for and nothing global touched."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import spinglass as sg


@pytest.fixture
def ax():
    settings = dict(mpl.rcParams)
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)
    assert dict(mpl.rcParams) == settings


def test_complexity_draws_its_curves_on_the_given_axes(ax):
    c = sg.complexity(sg.pure(4))
    assert sg.plotting.complexity(c, ax, indices=(0, 3, None)) is ax
    curve = ax.lines[0]
    np.testing.assert_allclose(curve.get_ydata(), c.below(curve.get_xdata(), index=0))
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["index 0", "index 3", "all indices"]
    assert ax.get_xlabel() and "nats per dimension" in ax.get_ylabel()


@pytest.mark.parametrize(("low", "high"), [(-1.7, -1.6), (-1.655, -1.6), (-1.7, -1.654), (-1.6545, -1.651)])
def test_what_is_marked_lies_inside(ax, low, high):
    """E_0 = 1.6570, E_1 = 1.6529, E_2 = 1.6503, E_inf = 1.6330: each in the colour of its curve."""
    c = sg.complexity(sg.pure(3))
    sg.plotting.complexity(c, ax, energies=np.linspace(low, high, 5), indices=(2, 0, 1))
    curves = {line.get_label(): line.get_color() for line in ax.lines if line.get_label().startswith("index")}
    marks = {(line.get_xdata()[0], line.get_color()) for line in ax.lines if line.get_marker() == "o"}
    lowest = {k: c.lowest_energy(index=k) for k in (0, 1, 2)}
    assert marks == {(u, curves[f"index {k}"]) for k, u in lowest.items() if low <= u <= high} and len(curves) == 3
    dashed = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--" and line.get_color() == "0.55"]
    assert dashed == ([c.threshold_energy] if high > c.threshold_energy else [])


def test_default_curves_are_those_that_are_known(ax):
    for method, more in (("annealed", ["index 1", "index 2"]), ("quenched", [])):
        ax.clear()
        sg.plotting.complexity(sg.complexity(sg.mixed({3: 0.5, 4: 0.5}), method), ax)
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["index 0", *more, "all indices"]


def test_complexity_at_energies_leaves_out_where_nothing_exists(ax):
    u = np.linspace(-1.8, -1.5, 31)
    sg.plotting.complexity(sg.complexity(sg.pure(3)), ax, energies=u, indices=(0,), cumulative=False, mark=False)
    heights = ax.lines[0].get_ydata()
    assert np.all(np.isnan(heights[u > -1.63])) and np.all(np.isfinite(heights[u < -1.64]))


def test_contour_shows_the_line_of_zero_complexity(ax):
    c = sg.complexity(sg.gan(3, 2, 0.5, 0.6))
    u = np.linspace(1.2 * c.lowest_energy(loss=0), 3.0, 25)
    v = np.linspace(1.2 * c.lowest_energy(loss=1), 3.0, 25)
    assert sg.plotting.contour(c, ax, energies=(u, v)) is ax
    assert len(ax.collections) == 2
    assert ax.figure.axes[1].get_ylabel().startswith("complexity")


@pytest.mark.parametrize(
    ("options", "below"), [({}, True), ({"cumulative": True}, True), ({"cumulative": False}, False)]
)
def test_contour_draws_points_below_the_energies_or_at_them(ax, options, below):
    c, u, v = sg.complexity(sg.gan(3, 2, 0.5, 0.6)), np.linspace(-3.0, 4.0, 9), np.linspace(-3.0, 2.0, 7)
    heights = (c.below if below else c)(*np.meshgrid(u, v))
    sg.plotting.contour(c, ax, energies=(u, v), **options)
    assert (ax.collections[0].zmin, ax.collections[0].zmax) == (heights.min(), heights.max())
    assert heights[-1, -1] == pytest.approx((c.below if below else c)(4.0, 2.0)) and abs(heights[-1, -1]) > 0.5


def test_contour_finds_energies_by_itself(ax):
    sg.plotting.contour(sg.complexity(sg.gan(2, 1, 0.5, 0.6)), ax)
    assert ax.get_xlim()[0] < 0 < ax.get_xlim()[1]


def test_spectrum_has_unit_area_and_histogram(ax):
    law = sg.spectra.BlockGaussian([[1.0, 0.5], [0.5, 1.0]], [0.5, 0.5], [-4.0, 4.0])
    assert sg.plotting.spectrum(law, law.sample(200, rng=1), ax) is ax
    areas = [np.trapezoid(line.get_ydata(), line.get_xdata()) for line in ax.lines]
    assert len(areas) == 2 and sum(areas) == pytest.approx(1, abs=1e-4)
    assert sum(p.get_height() * p.get_width() for p in ax.patches) == pytest.approx(1, abs=1e-9)


def test_a_sampled_spectrum_is_drawn_with_its_errors(ax):
    law = sg.spectra.Semicircle()
    sampled = sg.montecarlo.sampled_spectrum(law, 20, samples=8, bins=6, rng=1)
    sg.plotting.spectrum(law, sampled, ax)
    (stairs,) = ax.patches
    np.testing.assert_array_equal(stairs.get_data().values, sampled.density)
    np.testing.assert_array_equal(stairs.get_data().edges, sampled.edges)
    (bars,) = ax.collections
    ends = np.array([segment[:, 1] for segment in bars.get_segments()])
    np.testing.assert_allclose(ends.mean(axis=1), sampled.density, atol=1e-15)
    np.testing.assert_allclose(np.ptp(ends, axis=1), 2 * sampled.stderr, atol=1e-15)


def test_an_atom_is_a_stem_of_its_weight(ax):
    sg.plotting.spectrum(sg.spectra.PercolatedWigner(keep=0.25), ax=ax)
    (stem,) = (line for line in ax.lines if line.get_label().startswith("atom"))
    assert (list(stem.get_xdata()), list(stem.get_ydata())) == ([0, 0], [0, 0.75])
    assert stem.get_label() == "atom of weight 0.75"


def test_thresholds_are_the_energies(ax):
    sg.plotting.thresholds([3, 4], ax, indices=(0,))
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1.65699836352747, 1.79408502817925], rtol=1e-13)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: sg.plotting.contour(sg.complexity(sg.pure(3))), "use sg.plotting.complexity"),
        (lambda: sg.plotting.contour(sg.complexity(sg.gan(3, 3, 1.0, 0.9)), index=(0, 0)), "give energies"),
        (lambda: sg.plotting.spectrum(sg.spectra.Semicircle(), eigenvalues=[np.nan]), "finite numbers"),
    ],
)
def test_wrong_objects_are_refused(call, expected):
    with pytest.raises(ValueError, match=expected):
        call()


def test_ax_must_be_axes():
    with pytest.raises(TypeError, match="Axes or None"):
        sg.plotting.spectrum(sg.spectra.Semicircle(), ax="here")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: sg.plotting.complexity(3),
        lambda: sg.plotting.contour(None),
        lambda: sg.plotting.spectrum("law"),
        lambda: sg.plotting.spectrum(sg.spectra.Semicircle(), ["a", "b"]),
        lambda: sg.plotting.spectrum(sg.spectra.Semicircle(), [1.0, 2.0], bins=1j),
        lambda: sg.plotting.complexity(sg.complexity(sg.pure(3)), energies=()),
        lambda: sg.plotting.complexity(sg.complexity(sg.pure(3)), energies=[1j, 2j]),
        lambda: sg.plotting.complexity(sg.complexity(sg.pure(3)), indices=()),
        lambda: sg.plotting.contour(sg.complexity(sg.gan(2, 1, 0.5, 0.5)), energies=[1.0]),
        lambda: sg.plotting.thresholds(degrees=3),
        lambda: sg.plotting.thresholds(indices=(0, None)),
        lambda: sg.plotting.parabolic(strengths=0.5),
        lambda: sg.plotting.points([]),
        lambda: sg.plotting.spiked(sg.pure(3)),
        lambda: sg.figures.recipe(3),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(draw):
    with pytest.raises((TypeError, ValueError), match="expected") as caught:
        draw()
    assert "\n" not in str(caught.value)
