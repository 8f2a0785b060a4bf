"""Products and percolated matrices: atoms are ranks, and the layers of the index end where an atom or no edge is."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from spinglass import figures
from spinglass.figures.granziol2020 import layers, network, products, sparse
from spinglass.spectra import Semicircle

sys.path.insert(0, str(Path(__file__).parent))
pictures = import_module("_pictures")

NAMES = figures.names("granziol2020")


@pytest.fixture(scope="module")
def computed():
    """Return the drawn numbers of all figures in quick mode."""
    return {name: figures.data(name, quick=True) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_readable(computed, name):
    pictures.assert_readable(figures.recipe(name), computed[name])


def test_distances_of_known_pairs():
    # quantiles of the semicircle are as near as 500 eigenvalues can be; a shift moves all mass by as much
    law = Semicircle()
    values = law.quantile((np.arange(500) + 0.5) / 500)
    kolmogorov, wasserstein = network.distances(values, law)
    assert kolmogorov == pytest.approx(1 / 1000, abs=1e-9) and wasserstein == pytest.approx(4 / 2000, rel=0.01)
    shifted = network.distances(values + 1.5, law)
    assert shifted[1] == pytest.approx(1.5, abs=1e-3)
    # zeros against the atom of a law with as many
    law = products.product("1-fold", 0.5)
    values = np.r_[np.zeros(250), law.quantile(0.5 + (np.arange(250) + 0.5) / 500)]
    assert network.distances(values, law)[0] == pytest.approx(1 / 1000, abs=1e-9)


def test_a_product_is_nearer_to_a_network_than_a_semicircle(computed):
    data = computed["granziol2020-1"]
    eigenvalues, edges = data["eigenvalues"], data["edges"]
    middle, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    for name in network.NAMES[:4]:  # the moments are matched
        mass = data[f"density {name}"] * width
        assert mass.sum() == pytest.approx(1, abs=1e-9)
        assert mass @ middle == pytest.approx(eigenvalues.mean(), abs=width / 4)
        assert mass @ middle**2 == pytest.approx((eigenvalues**2).mean(), rel=0.02)
    _, wasserstein = np.array([data[f"distances {name}"] for name in network.NAMES]).T
    semicircle, poisson, two, three, wigner = wasserstein / data["deviation"]
    assert three < two < poisson < semicircle and three < 0.2 < 0.6 < semicircle
    assert poisson < wigner < semicircle
    kolmogorov = np.array([data[f"distances {name}"][0] for name in network.NAMES])
    assert kolmogorov.argmin() == 0  # a network has many small eigenvalues, but few zeros: no atom fits


def test_the_narrowest_factor_is_the_rank(computed):
    data = computed["granziol2020-2"]
    expected = np.maximum(1 - data["narrow"], 0)
    for fold in products.FOLDS:
        np.testing.assert_allclose(data[f"atom {fold}"], [expected, expected], atol=1e-12)
    for kind, regular in (("logistic", 32), ("mlp", 64)):
        bound = 1 - 9 * data["batch"] / data[f"parameters {kind}"]
        full_rank = data["batch"] <= regular
        np.testing.assert_allclose(data[f"zeros {kind}"][full_rank], bound[full_rank], atol=1e-12)
        assert np.all(data[f"zeros {kind}"] >= bound - 1e-12) and np.all(np.diff(data[f"zeros {kind}"]) <= 0)


def test_the_atom_of_a_sparse_matrix_is_what_no_matching_covers(computed):
    data = computed["granziol2020-3"]
    for name in sparse.RATIOS:
        curve = data[f"atom {name}"]
        assert np.all(np.diff(curve) < 0) and np.all(curve >= np.exp(-data["c"]))
        places = np.interp(data["c sampled"], data["c"], curve)
        assert np.all(np.abs(data[f"matching {name}"] - places) < 4 * 0.5 / np.sqrt(20_000))
        assert np.all(np.abs(data[f"zeros {name}"][0] - places) < 4 * 0.5 / np.sqrt(4 * 200))
    np.testing.assert_allclose(data["atom Wigner"], data["atom Wishart 1"], atol=1e-12)
    assert data["atom Wishart 2"][-1] == pytest.approx(0.5, abs=1e-4)


def test_layers_need_an_edge_and_no_atom(computed):
    data = computed["granziol2020-4"]
    (zero,) = np.flatnonzero(data["t"] == 0)
    for name, jump in (("semicircle", 0), ("product", 0.5), ("percolated", 0.5)):
        curve = data[f"index {name}"]
        assert data[f"atom {name}"] == jump and np.all(np.diff(curve) <= 1e-12)
        assert curve[zero] == pytest.approx(0.5 - jump / 2, abs=1e-12)
        assert curve[zero - 1] > 0.5 + jump / 2
        slope = np.diff(np.log(data[f"growth {name}"])) / np.diff(np.log(data["distance"]))
        assert slope[0] == pytest.approx(1.5, abs=2e-3)
        mean, error = data[f"lowest {name}"]
        assert data[f"edge {name}"] - 4 * error[-1] < mean[-1] < mean[0]  # towards the edge, from inside
    ratio = data["growth semicircle"] / (2 / (3 * np.pi) * data["distance"] ** 1.5)
    assert ratio[0] == pytest.approx(1, abs=1e-3)
    for name in layers.LAYERED:
        at = np.interp(data["t sampled"], data["t"], data[f"index {name}"])
        assert np.all(np.abs(data[f"sampled {name}"] - at) < 0.05)
    mean, error = data["lowest sparse"]
    assert mean[1] - mean[-1] > 5 * np.hypot(error[1], error[-1])  # without an edge
