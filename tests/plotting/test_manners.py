"""What every plot owes to matplotlib: the Axes that came in, as they were found, and nothing touched elsewhere."""

import inspect

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.container import Container
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import spinglass as sg

PURE, GAN = sg.pure(3), sg.gan(2, 1, 0.5, 0.5)
DRAW = PURE.draw(3, rng=1)
POINTS = sg.critical_points(DRAW, proof=False)
LEVELS = np.linalg.eigvalsh(sg.spectra.Semicircle().sample(60, rng=1))
COMPARISON = sg.spectra.compare(LEVELS, {"Wigner": sg.spectra.Semicircle}, samples=9, rng=1)
FIT = sg.spectra.fit(LEVELS, sg.spectra.Semicircle, outliers=1, samples=9, rng=1)
GRID = np.linspace(-2.5, 1.0, 6)


def estimate():
    return sg.mean_count(PURE, 6, method="montecarlo", samples=200, rng=1)


def share(field, weight):
    return sg.mixed({1: field, 3: 1 - weight, 4: weight})


#: Every plot on Axes, with few points.
PLOTS = {
    "comparison": lambda ax, **k: sg.plotting.comparison(COMPARISON, ax, **k),
    "complexity": lambda ax, **k: sg.plotting.complexity(sg.complexity(PURE), ax, **k),
    "contour": lambda ax, **k: sg.plotting.contour(sg.complexity(GAN), ax, energies=(GRID, GRID), **k),
    "convergence": lambda ax, **k: sg.plotting.convergence(estimate(), ax, **k),
    "counts": lambda ax, **k: sg.plotting.counts(POINTS, ax, model=PURE, **k),
    "finite_size": lambda ax, **k: sg.plotting.finite_size(sg.complexity(PURE), ax, sizes=(4, 6, 8), **k),
    "fit": lambda ax, **k: sg.plotting.fit(FIT, ax, **k),
    "index_fraction": lambda ax, **k: sg.plotting.index_fraction(sg.complexity(PURE), ax, energies=[-1.6, 0.0], **k),
    "parabolic": lambda ax, **k: sg.plotting.parabolic([0.5, 0.9], ax, **k),
    "phase_diagram": lambda ax, **k: sg.plotting.phase_diagram(share, ax, x=[0.1, 1.0, 3.0], y=[0.1, 0.5, 0.9], **k),
    "points": lambda ax, **k: sg.plotting.points(POINTS, ax, **k),
    "quenched": lambda ax, **k: sg.plotting.quenched(sg.mixed({3: 0.5, 4: 0.5}), ax, energies=[-1.73, -1.7], **k),
    "ratios": lambda ax, **k: sg.plotting.ratios(LEVELS, ax, **k),
    "lanczos": lambda ax, **k: sg.plotting.lanczos(sg.spectra.lanczos(np.diag([1.0, 2.0, 2.0]), 3, rng=1), ax, **k),
    "sampled": lambda ax, **k: sg.plotting.sampled(
        sg.montecarlo.sampled_spectrum(sg.spectra.Semicircle(), 20, samples=8, bins=6, rng=1), ax, **k
    ),
    "spacings": lambda ax, **k: sg.plotting.spacings(LEVELS, ax, reference=sg.spectra.Semicircle(), **k),
    "spectrum": lambda ax, **k: sg.plotting.spectrum(sg.spectra.MarchenkoPastur(2.0), ax, LEVELS, **k),
    "sphere": lambda ax, **k: sg.plotting.sphere(DRAW, ax, points=POINTS, **k),
    "spiked": lambda ax, **k: sg.plotting.spiked(sg.spiked(3, 1.0), ax, overlaps=GRID / 3, **k),
    "spiked_contour": lambda ax, **k: sg.plotting.spiked_contour(sg.spiked(3, 1.0), ax, overlaps=GRID / 3, **k),
    "thresholds": lambda ax, **k: sg.plotting.thresholds([3, 4], ax, **k),
}
CURVES = [name for name in PLOTS if name not in ("contour", "spiked_contour", "sphere", "phase_diagram", "points")]


def test_no_plot_is_left_out():
    assert sorted(PLOTS) == sorted(sg.plotting.__all__)


@pytest.mark.parametrize("name", sg.plotting.__all__)
def test_axes_are_the_second_argument(name):
    parameters = list(inspect.signature(getattr(sg.plotting, name)).parameters.values())
    place = 2 if name == "spectrum" else 1  # spectrum(law, eigenvalues): there they come in either order
    assert parameters[place].name == "ax" and parameters[place].default is None
    assert {"legend", "colorbar"} & {p.name for p in parameters}


@pytest.mark.parametrize("name", PLOTS)
def test_axes_come_back_with_the_limits_and_labels_that_were_set(name):
    before = dict(mpl.rcParams), plt.get_fignums()
    ax = Figure().add_subplot()
    ax.set(xlim=(-3.0, 2.5), ylim=(-0.3, 0.7), xlabel="mine", ylabel="my height", title="my title")
    for _ in range(2):
        assert PLOTS[name](ax) is ax
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("mine", "my height", "my title")
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3.0, 2.5), (-0.3, 0.7))
    assert (dict(mpl.rcParams), plt.get_fignums()) == before


@pytest.mark.parametrize("name", CURVES)
def test_a_second_call_takes_other_colours_and_aliases_hold(name):
    ax = Figure().add_subplot()
    PLOTS[name](ax)
    first = _drawn(ax)
    PLOTS[name](ax)
    second = _drawn(ax) - first
    assert _colours(second) - _colours(first), "no new colour"
    PLOTS[name](ax, lw=4.5, label="mine")
    third = _drawn(ax) - first - second
    assert 4.5 in [np.max(_artist(handle).get_linewidth()) for handle in third]
    assert any(handle.get_label().startswith("mine") for handle in third)


@pytest.mark.parametrize("name", PLOTS)
def test_legends_and_bars_can_be_left_out(name):
    function = inspect.signature(getattr(sg.plotting, name))
    ax = Figure().add_subplot()
    PLOTS[name](ax, **{word: False for word in ("legend", "colorbar") if word in function.parameters})
    assert ax.get_legend() is None and len(ax.figure.axes) == 1


def _drawn(ax):
    """Return what the legend would name: lines, patches and collections, of error bars and bars the first."""
    handles, _ = ax.get_legend_handles_labels()
    return set(handles)


def _artist(handle):
    return handle[0] if isinstance(handle, Container) else handle


def _colours(handles):
    artists = [_artist(handle) for handle in handles]
    edges = (a.get_color() if isinstance(a, Line2D) else np.ravel(a.get_edgecolor())[:3] for a in artists)
    return {mpl.colors.to_hex(colour) for colour in edges if len(colour)}
