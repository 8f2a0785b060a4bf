"""Histograms of spacings and ratios: the right shares in the right bins, under the right laws."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import spinglass as sg

LAW = sg.spectra.Semicircle()
SPECTRA = [np.linalg.eigvalsh(LAW.sample(60, rng=i)) for i in range(8)]


@pytest.fixture
def ax():
    return Figure().add_subplot()


def histogram(ax):
    values, edges, _ = ax.patches[0].get_data()
    return values, edges


def texts(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_spacings_of_all_spectra_are_unfolded_and_pooled(ax):
    assert sg.plotting.spacings(SPECTRA, ax, reference=LAW) is ax
    values, edges = histogram(ax)
    pooled = np.concatenate([np.diff(sg.spectra.unfold(x, LAW)) for x in SPECTRA])
    shares = np.histogram(pooled / pooled.mean(), np.linspace(0, 4, 41))[0] / len(pooled) / 0.1
    np.testing.assert_allclose(values, shares, rtol=1e-12)
    np.testing.assert_allclose(edges, np.linspace(0, 4, 41))
    errors = ax.collections[0].get_segments()
    assert len(errors) == np.count_nonzero(values)
    assert np.ptp(errors[5][:, 1]) == pytest.approx(2 * np.sqrt(values[5] / len(pooled) / 0.1), rel=1e-9)
    assert texts(ax)[0] == f"{len(pooled)} spacings"


def test_the_laws_are_the_exact_one_and_the_exponential(ax):
    sg.plotting.spacings(np.arange(30.0), ax, bins=[0.0, 0.5, 2.0])
    goe, poisson = ax.lines[:2]
    np.testing.assert_allclose(goe.get_ydata(), sg.spectra.LevelSpacing().pdf(goe.get_xdata()))
    np.testing.assert_allclose(poisson.get_ydata(), np.exp(-poisson.get_xdata()))
    values, _ = histogram(ax)
    np.testing.assert_allclose(values, [0, 1 / 1.5])  # a picket fence
    assert goe.get_linestyle() != poisson.get_linestyle()


def test_other_ensembles_and_the_surmise_have_lines_of_their_own(ax):
    sg.plotting.spacings(SPECTRA[0], ax, ensembles=["surmise", "gue", "gse"])
    surmise, gue, gse = ax.lines[:3]
    np.testing.assert_allclose(surmise.get_ydata(), sg.spectra.wigner_surmise(surmise.get_xdata()))
    for line, beta in ((gue, 2), (gse, 4)):
        np.testing.assert_allclose(line.get_ydata(), sg.spectra.LevelSpacing(beta).pdf(line.get_xdata()))
    assert len({line.get_linestyle() for line in (surmise, gue)} | {"-"}) == 3
    with pytest.raises(ValueError, match="ensembles: expected one of goe, poisson"):
        sg.plotting.ratios(SPECTRA, ax, ensembles=["gue"])


def test_ratios_are_pooled_with_their_mean(ax):
    sg.plotting.ratios(SPECTRA, ax, bins=10, ensembles=["goe"])
    pooled = np.concatenate([sg.spectra.spacing_ratios(x) for x in SPECTRA])
    values, _ = histogram(ax)
    np.testing.assert_allclose(values, np.histogram(pooled, 10, (0, 1))[0] / len(pooled) * 10)
    line = ax.lines[0]
    np.testing.assert_allclose(line.get_ydata(), sg.spectra.ratio_density(line.get_xdata()))
    assert texts(ax) == [f"{len(pooled)} ratios, mean {pooled.mean():.3f}", "GOE, mean 0.531"]


@pytest.mark.parametrize("seed", [3, 12, 14, 51])
def test_error_bars_do_not_reach_the_legend(seed):
    figure = Figure(figsize=(4, 3), layout="constrained")
    levels = np.linalg.eigvalsh(LAW.sample(800, rng=seed))
    ax = sg.plotting.ratios(levels, figure.add_subplot())
    figure.draw_without_rendering()
    tops = [ax.transData.transform(segment)[:, 1].max() for segment in ax.collections[0].get_segments()]
    assert max(tops) < ax.get_legend().get_window_extent().y0


def test_a_second_histogram_is_an_outline_and_the_laws_are_drawn_once(ax):
    levels = np.random.default_rng(1).uniform(size=500)
    sg.plotting.ratios(SPECTRA, ax)
    sg.plotting.ratios(levels, ax, label="random", lw=3)
    first, second = ax.patches
    assert first.get_fill() and not second.get_fill() and second.get_linewidth() == 3
    assert first.get_edgecolor() != second.get_edgecolor()
    assert len(ax.lines) == 2 and texts(ax)[-1] == "random"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sg.plotting.spacings(np.eye(4)), "got a symmetric matrix of 4 rows"),
        (lambda: sg.plotting.ratios(np.eye(4)), "try np.linalg.eigvalsh"),
        (lambda: sg.plotting.spacings([1.0]), "at least 2"),
        (lambda: sg.plotting.ratios([[1.0, 2.0, 3.0], [1.0]]), "at least 3"),
        (lambda: sg.plotting.ratios([]), "non-empty"),
        (lambda: sg.plotting.ratios("abc"), "expected"),
        (lambda: sg.plotting.ratios(SPECTRA, bins=[1.0, 0.0]), "bins: expected increasing numbers"),
        (lambda: sg.plotting.ratios(SPECTRA, bins=0), "bins: expected"),
        (lambda: sg.plotting.spacings(SPECTRA, ensembles=["g"]), "expected one of goe, gue, gse, surmise"),
        (lambda: sg.plotting.spacings(SPECTRA, ensembles="goe"), "ensembles: expected a sequence"),
    ],
)
def test_what_is_no_spectrum_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
