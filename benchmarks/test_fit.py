"""How fast and how near to the truth is a fit of Marchenko-Pastur, against scipy's curve_fit of a numpy histogram?"""

import numpy as np
import pytest
from scipy.optimize import curve_fit

import spinglass as sg
from spinglass.spectra.data.fitting.ensembles import eigenvalues

SIZE, SPECTRA, BINS, NEARER = 2000, 20, 50, 3
TRUTH = {"ratio": 0.5, "variance": 0.7}


@pytest.fixture(scope="module")
def spectra():
    law = sg.spectra.MarchenkoPastur(**TRUTH)
    return [eigenvalues(law, SIZE, np.random.default_rng(i)) for i in range(SPECTRA)]


def density(x, ratio, variance):
    """Return the density of Marchenko and Pastur as one writes it by hand, for ratios below 1."""
    low, high = variance * (1 - np.sqrt(ratio)) ** 2, variance * (1 + np.sqrt(ratio)) ** 2
    return np.sqrt(np.clip((high - x) * (x - low), 0, None)) / (2 * np.pi * variance * ratio * x)


def by_hand(values):
    """Return ratio and variance by least squares on a histogram, from mean and variance of the eigenvalues."""
    heights, edges = np.histogram(values, BINS, density=True)
    start = [values.var() / values.mean() ** 2, values.mean()]
    return curve_fit(density, 0.5 * (edges[1:] + edges[:-1]), heights, start)[0]


def ours(values):
    """Return the same by sg.spectra.fit, without errors, which leaves the bias of order 1/n in."""
    return np.array(list(sg.spectra.fit(values, sg.spectra.MarchenkoPastur, errors=None).parameters.values()))


@pytest.mark.parametrize("name", TRUTH)
def test_fit(race, report, spectra, name):
    which, truth = list(TRUTH).index(name), TRUTH[name]
    mine, hand = (np.array([method(values)[which] for values in spectra]) - truth for method in (ours, by_hand))
    print(f"{name}: bias {mine.mean():.2g} and {hand.mean():.2g}, scatter {mine.std():.2g} and {hand.std():.2g}")
    assert np.abs(hand).max() < 0.05 * truth  # the same parameter
    assert NEARER * np.sqrt(np.mean(mine**2)) < np.sqrt(np.mean(hand**2))
    fast, plain = race(lambda: ours(spectra[0]), lambda: by_hand(spectra[0]), rounds=15)
    report(
        question=f"fit of Marchenko-Pastur, {name}",
        size=f"n = {SIZE}",
        ours=fast,
        baseline=plain,
        against=f"numpy histogram, scipy curve_fit, {NEARER} times farther from the truth",
    )
