"""The index at dominant points: closed forms, and the Hessians that models sample there."""

import numpy as np
import pytest

import spinglass as sg
from spinglass.complexity.index_fractions import index_fractions

GENERAL_SUM = sg.SphericalGame([0.4, 0.6], [{(2, 1): 1}, {(1, 2): 1, (0, 3): 0.5}], [[1, 0.3], [0.3, 1]], [[0], [1]])
THREE = sg.SphericalGame(
    [0.2, 0.3, 0.5], [{(2, 1, 1): 1, (1, 2, 0): 0.6}, {(0, 1, 2): 1, (0, 0, 3): 0.2}], [[1, 0.5], [0, 1]], [[0, 1], [2]]
)


@pytest.mark.parametrize("p", [3, 4, 7])
def test_pure_models_are_semicircles_moved_by_the_energy(p):
    u = np.linspace(-1.5, 1.5, 7)
    law = sg.spectra.Semicircle(variance=p * (p - 1))
    np.testing.assert_allclose(index_fractions(sg.complexity(sg.pure(p)), u)[:, 0], law.cdf(p * u), atol=1e-14)


def test_of_one_degree_the_typical_energy_of_a_fraction_has_that_fraction():
    c = sg.complexity(sg.pure(3))
    fractions = np.array([0.05, 0.3, 0.5, 0.8])
    energies = [c.typical_energy(fraction=x) for x in fractions]
    np.testing.assert_allclose(index_fractions(c, energies)[:, 0], fractions, atol=1e-13)


def test_of_mixtures_it_maximises_the_rate_at_the_energy():
    c, u = sg.complexity(sg.mixed({3: 0.5, 6: 0.5})), -0.8
    best = index_fractions(c, [u])[0, 0]
    assert c(u, fraction=best) == pytest.approx(c(u), abs=1e-12)
    assert max(c(u, fraction=best - 0.01), c(u, fraction=best + 0.01)) < c(u) - 1e-7


@pytest.mark.parametrize("model", [sg.bipartite(2, 3, kappa=0.5), sg.bipartite(1, 2, kappa=0.3)])
def test_with_one_player_it_is_the_law_of_the_hessian(model):
    u = np.array([-1.2, -0.4, 0.0, 0.7])
    wanted = [model.hessian(x).law.cdf(0.0) for x in u]
    np.testing.assert_allclose(index_fractions(sg.complexity(model), u)[:, 0], wanted, atol=1e-12)


@pytest.mark.parametrize("model", [sg.gan(3, 3, 1.0, 0.9), GENERAL_SUM, THREE])
@pytest.mark.parametrize("loss", [0, 1])
def test_players_own_blocks_of_sampled_jacobians_have_it(model, loss):
    """The other loss at its most numerous value: then the Jacobian at both losses is that of this one alone."""
    c, u, n = sg.complexity(model), -0.6, 600
    local = model.local_law()
    found = index_fractions(c, [u], loss)[0]
    other = _most_numerous(c, loss, u)
    both = (u, other) if loss == 0 else (other, u)
    normals = c.dominant_normals(*both)
    rng = np.random.default_rng(1)
    for a, moved in enumerate(model.players):
        sizes = [round(n * local.fractions[s]) for s in moved]
        matrix = np.zeros((sum(sizes), sum(sizes)))
        places = np.repeat(np.arange(len(moved)), sizes)
        noise = rng.standard_normal(matrix.shape)
        for i, s in enumerate(moved):
            for j, t in enumerate(moved):
                block = np.ix_(places == i, places == j)
                matrix[block] = np.sqrt(local.jacobian_variance[s, t] / n) * noise[block]
        symmetric = np.triu(matrix, 1) + np.triu(matrix, 1).T + np.diag(np.sqrt(2) * np.diag(matrix))
        shifts = local.shifts_at(normals)[list(moved)][places]
        negative = np.mean(np.linalg.eigvalsh(symmetric + np.diag(shifts)) < 0)
        assert negative == pytest.approx(found[a], abs=4 / sum(sizes))


def _most_numerous(c, loss, u):
    """Return the other energy at which points are most numerous, by a search."""
    from scipy.optimize import minimize_scalar

    reach = abs(c.lowest_energy(loss=1 - loss))
    others = np.linspace(-reach, reach, 401)
    values = c(u, others) if loss == 0 else c(others, u)
    near = others[np.argmax(values)]
    step = others[1] - others[0]
    best = minimize_scalar(
        lambda x: -c(u, x) if loss == 0 else -c(x, u), bounds=(near - step, near + step), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    return float(best.x)


def test_a_player_without_own_randomness_has_all_or_nothing():
    model = sg.SphericalGame([0.5, 0.5], [{(1, 1): 1}, {(1, 0): 1}, {(0, 2): 1}], [[1, 1, 0], [1, 0, 1]], [[0], [1]])
    fractions = index_fractions(sg.complexity(model), [-1.0, 1.0])
    assert set(fractions[:, 0]) == {0.0, 1.0} and 0 < fractions[0, 1] < fractions[1, 1] < 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: index_fractions(3, [0.0]), "c: expected a complexity"),
        (lambda: index_fractions(sg.complexity(sg.pure(3)), 0.0), "in one dimension"),
        (lambda: index_fractions(sg.complexity(sg.pure(3)), [0.0], 1), "loss: expected"),
        (lambda: index_fractions(sg.complexity(sg.mixed({3: 1, 4: 1}), "quenched"), [0.0]), "no dominant normals"),
    ],
)
def test_what_it_cannot_answer_is_refused(call, message):
    with pytest.raises((TypeError, ValueError, NotImplementedError), match=message):
        call()
