"""Ground states by Parisi's formula against the complexity, published values and full symmetry breaking."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import spinglass as sg


@pytest.mark.parametrize("p", [3, 4, 9])
def test_pure_models_end_where_their_minima_do(p):
    lowest = sg.complexity(sg.pure(p)).lowest_energy(index=0)
    assert sg.ground_state_energy(sg.pure(p)) == pytest.approx(lowest, abs=1e-12)


@pytest.mark.parametrize(
    ("model", "energy"),
    [(sg.mixed({3: 0.5, 4: 0.5}), -1.733069558352188), (sg.mixed({2: 0.5, 3: 0.5}), -1.557094379818689)],
)
def test_mixtures_of_one_step(model, energy):
    assert sg.ground_state_energy(model) == pytest.approx(energy, abs=1e-12)
    assert sg.complexity(model, method="quenched").lowest_energy(index=0) == pytest.approx(energy, abs=1e-12)


def test_one_step_is_the_minimum_over_the_mass():
    xi, x1 = 1.0, 3.5  # q^3/2 + q^4/2

    def energy(m):
        length = 0.5 * (m + np.sqrt(m * m + 4 / x1))
        return 0.5 * (x1 * length - m * (x1 - xi) + np.log(length / (length - m)) / m)

    least = minimize_scalar(energy, bounds=(0.1, 5), options={"xatol": 1e-10}).fun
    assert sg.ground_state_energy(sg.mixed({3: 0.5, 4: 0.5})) == pytest.approx(-least, abs=1e-12)


def test_p_2_is_the_largest_eigenvalue():
    assert sg.ground_state_energy(sg.pure(2)) == pytest.approx(-np.sqrt(2), abs=1e-12)


def test_full_symmetry_breaking_is_reached_by_algorithms():
    model = sg.mixed({2: 1, 4: 0.01})
    assert sg.ground_state_energy(model) == sg.algorithmic_energy(model)
    assert sg.algorithmic_energy(sg.pure(5)) == pytest.approx(sg.complexity(sg.pure(5)).threshold_energy, abs=1e-12)


@pytest.mark.parametrize(
    "model",
    [sg.mixed({2: 0.7, 4: 0.3}), sg.mixed({3: 0.5, 16: 1 / 32}), sg.mixed({1: 1, 3: 1}), sg.bipartite(2, 2, 0.3)],
)
def test_what_has_no_formula_is_refused(model):
    with pytest.raises(NotImplementedError):
        sg.ground_state_energy(model)


def test_a_random_field_is_refused_as_one():
    """A weak one would pass all other conditions: the formulas know no magnetisation."""
    with pytest.raises(NotImplementedError, match="random field"):
        sg.ground_state_energy(sg.mixed({1: 0.01, 3: 1}))


def test_anything_else_is_refused():
    with pytest.raises(TypeError, match="SphericalGame"):
        sg.ground_state_energy(3)


@pytest.mark.parametrize("p", [2, 9, 500, 9999])
def test_the_algorithmic_energy_of_a_pure_model_of_any_degree_is_its_closed_form(p):
    assert sg.algorithmic_energy(sg.pure(p)) == pytest.approx(-2 * ((p - 1) / p) ** 0.5, rel=1e-13)
