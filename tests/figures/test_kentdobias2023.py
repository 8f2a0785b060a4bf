"""A hierarchical landscape: the mean number of low points is that of rare draws."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from spinglass import figures

sys.path.insert(0, str(Path(__file__).parent))
pictures = import_module("_pictures")

NAME = "kentdobias2023-1"


@pytest.fixture(scope="module")
def data():
    """Return the drawn numbers in quick mode."""
    return figures.data(NAME, quick=True)


def test_picture_is_readable(data):
    pictures.assert_readable(figures.recipe(NAME), data)


def test_energies_are_the_published_ones_in_order(data):
    published = {
        "lowest annealed": -1.287917876650,
        "lowest quenched": -1.287605530533,
        "lowest marginal": -1.287605526592,
        "threshold quenched": -1.287575101,
    }
    for name, energy in published.items():
        assert data[name] == pytest.approx(energy, abs=1e-9 if name == "threshold quenched" else 1e-11)
    chain = ["lowest of all annealed", *published, "algorithmic"]
    assert np.all(np.diff([data[name] for name in chain]) > 0)
    # the lowest typical points of all are minima
    assert data["lowest of all quenched"] == pytest.approx(data["lowest quenched"], abs=1e-11)


def test_the_mean_is_never_below_and_above_some_energy_typical(data):
    for panel in ("overview", "zoom", "gap"):
        for kind in ("all", "minima"):
            annealed, quenched = (data[f"{panel} {method} {kind}"] for method in ("annealed", "quenched"))
            assert np.all(quenched <= annealed + 1e-12)
            high = data[f"u {panel}"] > -1.265
            np.testing.assert_allclose(quenched[high], annealed[high], atol=1e-12)
        quenched = data[f"{panel} quenched all"]
        assert np.all(data[f"{panel} quenched minima"] <= quenched + 1e-9)
    # close to the ground state rare draws add most, and all of what is counted there
    gap = data["gap annealed minima"] - data["gap quenched minima"]
    assert np.all(np.diff(gap) <= 1e-12) and gap[0] > 3e-4 > 1e-4 > data["gap quenched minima"][0] > 0
