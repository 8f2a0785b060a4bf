"""The picture of a spectrum from matrix-vector products."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import spinglass as sg

LAW = sg.spectra.MarchenkoPastur(0.5)
MATRIX = LAW.sample(200, rng=1) + np.diag([8.0] + [0.0] * 199)
FOUND = sg.spectra.lanczos(MATRIX, steps=30, rng=1, extremes=2)


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_density_error_and_outermost_eigenvalues_are_drawn():
    ax = sg.plotting.lanczos(FOUND, width=0.1)
    curve, ends = ax.lines
    x, y = curve.get_data()
    np.testing.assert_array_equal(y, FOUND.density(x, 0.1))
    assert np.diff(x).min() > 0.019 and np.abs(x - FOUND.extremes.top[0]).min() < 0.011
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == np.max(y + FOUND.density_error(x, 0.1)) and band[:, 1].min() >= 0
    np.testing.assert_array_equal(ends.get_xdata(), [*FOUND.extremes.bottom, *FOUND.extremes.top])
    assert ax.get_ylim()[0] == 0 and ax.get_ylabel() == "density"


def test_a_law_is_drawn_beside_it_and_the_door_leads_here():
    ax = FOUND.plot(law=LAW, label="my Hessian", color="red")
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["law", "my Hessian", "outermost eigenvalues"] and ax.lines[1].get_color() == "red"
    assert "smoothed by" in sg.plotting.lanczos(FOUND).get_legend().get_texts()[0].get_text()


def test_a_fit_and_a_law_are_drawn_over_what_probes_know():
    fit = sg.spectra.fit(FOUND, sg.spectra.MarchenkoPastur, 1, start={"ratio": 0.5, "variance": 1.0}, rng=1)
    ax = fit.plot()
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels[0].startswith("10 probes of 30 steps, smoothed by") and labels[1].startswith("law: ratio = ")
    assert labels[2] == "1 outlier"
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), FOUND.density(ax.lines[0].get_xdata()))
    same = sg.plotting.spectrum(LAW, plt.subplots()[1], FOUND)  # in either order
    np.testing.assert_array_equal(same.lines[0].get_ydata(), ax.lines[0].get_ydata())
    compared = sg.spectra.compare(FOUND, {"Wigner": sg.spectra.Semicircle}, errors=None).plot()
    assert len(compared.lines) == 2


def test_the_smoothed_height_of_an_atom_leaves_the_picture():
    law = sg.spectra.MarchenkoPastur(ratio=4.0)
    found = sg.spectra.lanczos(law.sample(200, rng=1), steps=20, rng=1)
    smoothed, curve = sg.plotting.spectrum(law, found).lines[:2]
    assert np.nanmax(smoothed.get_ydata()) <= 4 * np.nanmax(curve.get_ydata()) < found.density(0.0)


def test_one_place_can_be_drawn():
    ax = sg.spectra.lanczos(np.eye(4), rng=1).plot()
    assert abs(ax.lines[0].get_xdata()[np.argmax(ax.lines[0].get_ydata())] - 1.0) < 0.01


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        ((MATRIX,), {}, "found: expected the result of sg.spectra.lanczos"),
        ((FOUND,), {"width": 0.0}, "width: expected a positive number"),
        ((FOUND,), {"law": 3.0}, "law: expected a spectral law"),
        ((FOUND,), {"legend": 2}, "legend: expected True or False"),
    ],
)
def test_other_arguments_are_refused(arguments, options, says):
    with pytest.raises((TypeError, ValueError), match=says):
        sg.plotting.lanczos(*arguments, **options)
