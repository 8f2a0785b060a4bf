"""Networks: exact derivatives against differences, training, and critical points that are critical."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from spinglass import networks
from spinglass.networks import Network, perceptron
from spinglass.networks.mean_loss import MATRICES
from spinglass.networks.tasks import random_data
from spinglass.networks.training.descent import flatten, minimise
from spinglass.spectra.levels.spacings import spacing_ratios

KINDS = [
    (hidden, activation, criterion, bias)
    for hidden, activation in ((0, "tanh"), (4, "tanh"), (4, "relu"))
    for criterion in ("squares", "entropy")
    for bias in (False, True)
]


def small(hidden, activation, criterion, bias, rng=1):
    """Return a network with 5 inputs, 3 outputs and 30 examples."""
    draw = np.random.default_rng(rng)
    weights = draw.standard_normal(perceptron.parameter_count(5, hidden, 3, bias)) / 2
    targets = draw.standard_normal((30, 3)) if criterion == "squares" else draw.dirichlet(np.ones(3), 30)
    return Network(weights, draw.standard_normal((30, 5)), targets, hidden, activation, bias, criterion=criterion)


def differences(function, place, step=1e-6):
    """Return the central differences of a function along every axis."""
    return np.array([(function(place + e) - function(place - e)) / (2 * step) for e in step * np.eye(len(place))])


each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)


@each_kind
def test_derivatives_agree_with_differences(kind):
    network = small(*kind)
    batch = np.array([0, 3, 4, 7, 11, 20])
    w = network.parameters
    slope = differences(lambda v: network.at(v).loss(batch), w)
    np.testing.assert_allclose(network.gradient(batch), slope, atol=1e-8)
    curvature = differences(lambda v: network.at(v).gradient(batch), w)
    np.testing.assert_allclose(network.hessian(batch), curvature, atol=1e-8)


@each_kind
def test_gauss_newton_is_made_of_first_derivatives(kind):
    network = small(*kind)
    jacobian = differences(lambda v: network.at(v).outputs().ravel(), network.parameters).reshape(network.size, 30, 3)
    f = network.outputs()
    # the curvature C is what is left of the Hessian when the outputs themselves are the parameters
    expected = np.zeros((network.size, network.size))
    for i in range(30):
        alone = Network(f[i], np.ones((1, 1)), network.targets[i : i + 1], criterion=network.criterion)
        expected += jacobian[:, i] @ alone.hessian() @ jacobian[:, i].T / 30
    np.testing.assert_allclose(network.gauss_newton(), expected, atol=1e-8)
    assert np.linalg.eigvalsh(network.gauss_newton()).min() > -1e-14


@each_kind
def test_hessian_is_symmetric_and_the_sum_of_its_parts(kind):
    network = small(*kind)
    hessian = network.hessian()
    assert np.array_equal(hessian, hessian.T)
    np.testing.assert_allclose(hessian, network.gauss_newton() + network.residual_hessian(), atol=1e-14)
    halves = network.hessian(np.arange(15)), network.hessian(np.arange(15, 30))
    np.testing.assert_allclose(hessian, sum(halves) / 2, atol=1e-14)
    if not network.hidden:
        assert np.all(network.residual_hessian() == 0)


@each_kind
@pytest.mark.parametrize("matrix", MATRICES)
def test_products_are_those_of_the_matrix(kind, matrix):
    network, batch = small(*kind), np.array([0, 3, 4, 7, 11, 20])
    dense = getattr(network, matrix)(batch)
    np.testing.assert_allclose(network.operator(matrix, batch) @ np.eye(network.size), dense, atol=1e-14)
    v = np.random.default_rng(2).standard_normal(network.size)
    np.testing.assert_allclose(network.operator(matrix).rmatvec(v), getattr(network, matrix)() @ v, atol=1e-13)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("criterion", ["squares", "entropy"])
def test_without_residuals_the_hessian_is_gauss_newton(activation, criterion):
    network = small(4, activation, criterion, True)
    f = network.outputs()
    probabilities = np.exp(f) / np.exp(f).sum(axis=1, keepdims=True)
    network = network.on(network.inputs, f if criterion == "squares" else probabilities)
    assert np.abs(network.gradient()).max() < 1e-15
    np.testing.assert_allclose(network.hessian(), network.gauss_newton(), atol=1e-15)


def test_softmax_does_not_see_a_shift_of_all_outputs():
    network = small(4, "tanh", "entropy", True)
    shift = np.zeros(network.size)
    shift[-1 :: -(network.hidden + 1)][:3] = 1.0  # the biases of the three outputs
    np.testing.assert_allclose(network.at(network.parameters + shift).loss(), network.loss(), rtol=1e-14)
    np.testing.assert_allclose(network.hessian() @ shift, 0, atol=1e-15)


def test_gradient_of_large_outputs_is_finite():
    network = small(0, "tanh", "entropy", True)
    large = network.at(1e3 * network.parameters)
    assert np.isfinite(large.loss()) and np.all(np.isfinite(large.gradient())) and np.all(np.isfinite(large.hessian()))


def test_rescaling_a_relu_unit_is_flat_for_gauss_newton():
    # w_1 -> c w_1, w_2 -> w_2 / c changes nothing: one zero eigenvalue per unit
    network = networks.relu_network(6, 0.25, rng=2)
    eigenvalues = np.linalg.eigvalsh(network.gauss_newton())
    assert np.all(np.abs(eigenvalues[:6]) < 1e-14) and eigenvalues[6] > 1e-5


# -- random data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phi, examples", [(1 / 16, 512), (1 / 4, 128)])
def test_relu_spectra_have_the_moments_of_their_law(phi, examples):
    network = networks.relu_network(16, phi, 50.0, rng=1)
    assert network.inputs.shape == (examples, 16) and network.size == 512
    eigenvalues = networks.relu_spectra(16, phi, 50.0, runs=10)
    # free cumulants of R(g) = e phi g / (2 - e phi^2 g^2): e phi / 2 and (e phi / 2) (e phi^2 / 2)
    square = (eigenvalues**2).mean(axis=1)
    z = (square.mean() - 50 * phi / 2) / (square.std(ddof=1) / np.sqrt(10))
    assert abs(z) < 4
    np.testing.assert_allclose((eigenvalues**3).mean(), 0, atol=1e-9)  # the spectrum is even
    assert np.array_equal(eigenvalues[:3], networks.relu_spectra(16, phi, 50.0, runs=3))


def test_relu_gauss_newton_has_mean_one_half():
    eigenvalues = networks.relu_spectra(16, 1 / 16, 0.0, runs=10, matrix="gauss_newton")
    means = eigenvalues.mean(axis=1)
    assert abs(means.mean() - 0.5) < 4 * means.std(ddof=1) / np.sqrt(10)
    assert eigenvalues.min() > -1e-13


@pytest.fixture(scope="module")
def found():
    return networks.critical_points(0.5, n=5, attempts=24, seed=3)


def test_critical_points_are_critical_and_their_index_rises_with_energy(found):
    assert len(found["energy"]) >= 12 and np.all(found["gradient"] <= 1e-6)
    low = found["energy"] < np.median(found["energy"])
    assert found["index"][low].mean() < 0.5 * found["index"][~low].mean()
    critical, error, c = networks.fit_critical_energy(found["energy"], found["certain_index"], largest=0.3)
    assert np.all(found["certain_index"] <= found["index"])
    assert 0 < critical < 0.5 and 0 < error < 0.1 and c > 0


def test_what_is_told_of_a_point_is_that_of_its_spectra():
    network = networks.tanh_network(5, 0.5, rng=1)
    told = dict(zip(random_data.OF_A_POINT, random_data.of_a_point(network, 0.01), strict=True))
    whole, positive, residual = (network.eigenvalues(name) for name in ("hessian", "gauss_newton", "residual_hessian"))
    assert told["energy"] == network.loss() / 5 and told["gradient"] == 0.01
    assert told["index"] == np.mean(whole < 0) and told["certain_index"] == np.mean(whole < -0.1)
    assert told["positive"] == pytest.approx(positive.mean())
    assert told["residual"] == pytest.approx(np.mean(residual**2))


def test_critical_points_depend_on_seed_and_number_only(found):
    with ThreadPoolExecutor(2) as executor:
        again = networks.critical_points(0.5, n=5, attempts=6, seed=3, executor=executor)
    assert again.keys() == found.keys() and len(again["index"]) > 0
    for name, values in again.items():
        assert np.array_equal(values, found[name][: len(values)])


def test_flatten_reaches_a_true_zero_of_the_gradient():
    network = networks.tanh_network(4, 0.5, rng=3)
    point, norm = flatten(network, tolerance=1e-24)
    gradient = point.gradient()
    assert norm == gradient @ gradient <= 1e-24
    assert np.linalg.eigvalsh(point.hessian())[0] < -0.01  # a saddle, not the minimum a descent would find
    same, start = flatten(network, steps=0)
    assert same is network and start == network.gradient() @ network.gradient()


@pytest.mark.parametrize("phi", [0.25, 0.5])
def test_minimisers_have_the_energy_seen_in_experiments(phi):
    energies = networks.minimisers(phi, n=8, attempts=4, steps=300)
    assert energies.mean() == pytest.approx((1 - phi) ** 2 / 2, rel=0.15)
    assert np.array_equal(energies[:1], networks.minimisers(phi, n=8, attempts=1, steps=300))


def test_training_lowers_the_penalised_loss_to_a_stationary_point():
    network = small(4, "tanh", "entropy", True)
    trained = minimise(network, decay=0.1, steps=500)
    assert trained.loss() < network.loss()
    assert np.abs(trained.gradient() + 0.1 * trained.parameters).max() < 1e-7
    assert minimise(network, steps=0) is network is network.untrained()
    assert np.array_equal(trained.untrained().parameters, network.parameters)
    assert np.array_equal(trained.at(trained.parameters + 1).untrained().parameters, network.parameters)


# -- digits --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["logistic", "mlp"])
def trained(request):
    pytest.importorskip("sklearn")
    return networks.digits(request.param)


def test_digits_are_learnt(trained):
    untrained = trained.untrained()
    assert trained.size in (650, 685) and len(trained.inputs) == 1347
    assert trained.loss() < 0.2 * untrained.loss()
    assert trained.accuracy() > 0.94 and untrained.accuracy() < 0.3
    assert trained.on(*networks.split(0)[1]).accuracy() > 0.92


def test_digits_are_at_a_minimum_of_the_penalised_loss(trained):
    assert np.abs(trained.gradient() + 0.01 * trained.parameters).max() < 1e-4
    assert np.linalg.eigvalsh(trained.hessian())[0] > -0.01


def test_digits_do_not_depend_on_what_was_trained_before(trained):
    kind = "mlp" if trained.hidden else "logistic"
    networks.digits.cache_clear()
    again = networks.digits(kind)
    assert again is not trained and np.array_equal(again.parameters, trained.parameters)
    assert networks.digits(kind) is again
    assert not np.array_equal(networks.digits(kind, seed=1, steps=2).inputs, trained.inputs)


def test_digits_hessian_agrees_with_differences_of_gradients(trained):
    batch = trained.batches(64, 1, rng=1)[0]
    direction = np.random.default_rng(2).standard_normal(trained.size)
    w, step = trained.parameters, 1e-5
    ahead, behind = (trained.at(w + s * direction).gradient(batch) for s in (step, -step))
    np.testing.assert_allclose(trained.hessian(batch) @ direction, (ahead - behind) / (2 * step), atol=1e-7)


def test_batch_noise_pushes_the_top_eigenvalue_out(trained):
    top = {b: networks.batch_spectra(trained, b, 4)[:, -1].mean() for b in (32, 128)}
    whole = np.linalg.eigvalsh(trained.hessian())[-1]
    assert top[32] > top[128] > whole


def test_gauss_newton_of_a_batch_has_at_most_nine_dimensions_per_example(trained):
    eigenvalues = networks.batch_spectra(trained, 20, 2, matrix="gauss_newton", rng=3)
    assert np.all((eigenvalues > 1e-12).sum(axis=1) <= 20 * 9) and eigenvalues.min() > -1e-14


def test_spacing_ratios_of_trained_batches_are_those_of_goe(trained):
    spectra = networks.batch_spectra(trained, 64, 8)
    means = [spacing_ratios(levels).mean() for levels in networks.unfolded(spectra)]
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert error < 0.01
    assert abs(np.mean(means) - 0.5307) < 0.025  # level repulsion; independent eigenvalues have 0.3863


def test_missing_scikit_learn_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r"pip install scikit-learn .*spinglass\[notebooks\]"):
        networks.digits("logistic", seed=12345)


# -- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: small(4, "sine", "squares", True), "activation: expected one of tanh, relu"),
        (lambda: small(4, "tanh", "hinge", True), "criterion: expected one of"),
        (lambda: Network(np.zeros(3), np.eye(2), np.eye(2)), r"parameters: expected shape \(4,\)"),
        (lambda: Network(np.zeros(4), np.eye(2), np.ones(2)), "inputs, targets: expected shapes"),
        (lambda: small(*KINDS[0]).batches(31, 1), r"size: expected an int in 1\.\.30"),
        (lambda: small(*KINDS[0]).batches(2.5, 1), "size: expected an int"),
        (lambda: minimise(small(*KINDS[0]), decay=-1), "decay: expected"),
        (lambda: minimise(small(*KINDS[0]), steps=-1), "steps: expected"),
        (lambda: networks.digits("cnn"), "kind: expected one of logistic, mlp"),
        (lambda: networks.batch_spectra(small(*KINDS[0]), 2, 2, "fisher"), "matrix: expected one of"),
        (lambda: small(*KINDS[0]).operator("fisher"), "matrix: expected one of"),
        (lambda: networks.relu_spectra(4, 0.5, matrix="fisher"), "matrix: expected one of"),
        (lambda: networks.critical_points(0.5, attempts=0), "attempts: expected"),
        (lambda: networks.tanh_network(4, 0.0), "phi: expected"),
        (lambda: networks.tanh_network(4, 9.0), "phi: expected"),
        (lambda: networks.tanh_network(0, 0.5), "n: expected"),
        (lambda: networks.relu_network(4, 0.5, -1.0), "energy: expected"),
        (lambda: networks.unfolded(np.ones((1, 5))), "spectra: expected at least 2"),
        (lambda: networks.unfolded(np.zeros((3, 5))), "cutoff: expected eigenvalues above it"),
        (lambda: networks.fit_critical_energy([0.1, 0.2], [0.0, 0.1]), "index: expected at least 3 points"),
        (
            lambda: networks.fit_critical_energy([0.1, 0.2, 0.3], [0.0, 0.0, 0.0]),
            "index: expected points of 2 different indices",
        ),
    ],
)
def test_bad_input_is_one_clear_line(call, message):
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


def test_critical_points_drop_what_did_not_converge():
    row = random_data.critical_point(4, 0.5, np.random.SeedSequence(1), tolerance=1e-300)
    assert row[-1] > 1e-300
    assert len(networks.critical_points(0.5, n=4, attempts=2, tolerance=1e-300)["energy"]) == 0
