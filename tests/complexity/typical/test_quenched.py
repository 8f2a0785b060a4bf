"""The quenched complexity: its equations against the functional, published energies, bounds and refusals."""

import mpmath
import numpy as np
import pytest

import spinglass as sg
from spinglass.complexity.typical.quenched import OneStep

HIERARCHICAL = sg.mixed({3: 1 / 2, 16: 1 / 32})


def functional(u, mu, b, r, a, q, x):
    """Return Sigma of the replica calculation for the hierarchical model, for |mu| inside the bulk."""
    f = lambda t: (t**3 + t**16 / 16) / 2  # noqa: E731
    f1, f2 = mpmath.mpf(2), mpmath.mpf(21) / 2
    determinant = mpmath.mpf(1) / 2 + mpmath.log(f2) / 2 + mu**2 / (4 * f2)
    quadratic = b**2 * (f(mpmath.mpf(1)) - (1 - x) * f(q)) + (2 * b * r - a * r**2) * f1 + r**2 * f2
    inner, outer = mpmath.log(1 + a * (1 - q)), mpmath.log(1 + a * (1 - q + x * q))
    entropy = mpmath.log(r**2) + (1 - 1 / x) * inner + outer / x
    return determinant - r * mu + b * u + quadratic / 2 + entropy / 2


@pytest.mark.parametrize(("q", "x"), [(0.8, 0.6), (0.82, 0.7), (0.85, 0.5)])
def test_points_of_the_surface_make_the_functional_stationary(q, x):
    point, t = OneStep(HIERARCHICAL).at(np.array(q), np.array(x)), float(OneStep(HIERARCHICAL).family(np.array(q)))
    assert abs(point.mu) < OneStep(HIERARCHICAL).edge
    b = t / np.sqrt((1 + t) * (3 * q**3 + q**16) / 2) / x
    a = t / (x * q - t * (1 - q))
    with mpmath.workdps(40):
        place = [mpmath.mpf(float(v)) for v in (point.u, point.mu, b, point.r, a, q, x)]
        assert abs(functional(*place) - float(point.sigma)) < 1e-12
        for k in range(2, 7):  # b, r, a, q, x
            slope = mpmath.diff(lambda v, k=k: functional(*place[:k], v, *place[k + 1 :]), place[k])
            assert abs(slope) < 1e-12


def test_lowest_energies_of_the_hierarchical_model():
    c = sg.complexity(HIERARCHICAL, method="quenched")
    assert abs(c.lowest_energy(index=0) - -1.287605530533) < 1e-12
    assert abs(c.lowest_energy() - -1.287605530533) < 1e-12
    edge = OneStep(HIERARCHICAL)
    marginal = edge.solutions(lambda p: (p.sigma, p.mu - edge.edge))  # lowest energy of marginal minima
    assert min(abs(float(p.u) - -1.287605526592) for p in marginal) < 1e-12


def test_between_the_thresholds_minima_dominate():
    c = sg.complexity(HIERARCHICAL, method="quenched")
    lowest, threshold = c.lowest_energy(), c.threshold_energy
    assert lowest < threshold < sg.algorithmic_energy(HIERARCHICAL)
    u = np.array([lowest + 0.3 * (threshold - lowest), threshold + 1e-4])
    minima, all_points = c(u, index=0), c(u)
    assert minima[0] == pytest.approx(all_points[0], abs=1e-12)
    assert minima[1] < all_points[1] - 1e-10


def test_the_quenched_complexity_is_at_most_the_annealed_and_joins_it():
    quenched, annealed = sg.complexity(HIERARCHICAL, method="quenched"), sg.complexity(HIERARCHICAL)
    u = np.linspace(-1.2876, -1.2, 60)
    assert np.all(quenched(u) <= annealed(u))
    assert np.all(quenched(u, index=0) <= annealed(u, index=0))
    assert quenched(u)[0] < annealed(u)[0] - 1e-3
    assert np.all(np.diff(quenched(u)) > 0)  # no jump where the two join
    assert np.max(np.abs(np.diff(quenched(u), 2))) < 2e-4
    assert quenched(-1.5) == -np.inf
    assert quenched.total() == annealed.total()
    assert quenched.below(0.3) == annealed.total()
    assert quenched.below(-1.28) == quenched(-1.28)


@pytest.mark.parametrize("p", [2, 3, 7])
def test_pure_models_are_the_annealed_ones(p):
    quenched, annealed = sg.complexity(sg.pure(p), method="quenched"), sg.complexity(sg.pure(p))
    u = np.linspace(-2, 2, 9)
    np.testing.assert_array_equal(quenched(u, index=0), annealed(u, index=0))
    assert quenched.lowest_energy(index=0) == annealed.lowest_energy(index=0)


@pytest.mark.parametrize(
    "model",
    [HIERARCHICAL, sg.mixed({2: 0.5, 3: 0.5}), sg.mixed({3: 0.97, 12: 0.03}), sg.mixed({3: 0.5, 20: 0.03})],
)
def test_the_lowest_quenched_energy_is_a_better_bound_on_the_ground_state(model):
    quenched = sg.complexity(model, method="quenched").lowest_energy(index=0)
    assert quenched >= sg.complexity(model).lowest_energy(index=0) - 1e-12
    assert quenched <= sg.algorithmic_energy(model) + 1e-9
    try:
        exact = sg.ground_state_energy(model)
    except NotImplementedError:
        return
    assert quenched <= exact + 1e-9


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sg.complexity(sg.bipartite(2, 3, 0.5), method="quenched"),
        lambda: sg.complexity(sg.mixed({1: 0.5, 3: 1}), method="quenched"),
        lambda: sg.complexity(sg.mixed({2: 0.7, 4: 0.3}), method="quenched").lowest_energy(),
        lambda: sg.complexity(HIERARCHICAL, method="quenched")(-0.8, index=0),
        lambda: sg.complexity(HIERARCHICAL, method="quenched")(-1.28, index=1),
        lambda: sg.complexity(HIERARCHICAL, method="quenched")(-1.28, fraction=0.1),
        lambda: sg.complexity(HIERARCHICAL, method="quenched")(-1.28, arithmetic=sg.mp(30)),
        lambda: sg.complexity(HIERARCHICAL, method="quenched").dominant_normals(),
    ],
)
def test_what_has_no_formula_is_refused(ask):
    with pytest.raises(NotImplementedError, match=r"quenched|fraction"):
        ask()
