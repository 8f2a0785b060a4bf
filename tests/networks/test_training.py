"""Training: optimisers against their recursions, trajectories from seeds, stops and resumed runs."""

import dataclasses
import sys

import numpy as np
import pytest

from spinglass import networks
from spinglass.networks import SGD, Adam, Data, Momentum

draw = np.random.default_rng(1)
DATA = Data((draw.standard_normal((50, 4)), draw.standard_normal((50, 2))))
START = networks.mlp(DATA, hidden=(3,), rng=2)
OPTIMISERS = [SGD(0.05), Momentum(0.02, 0.8), Adam(0.01, 0.8, 0.95)]


def same(a, b):
    """Return whether two trainings are the same to the last bit."""
    names = ("steps", "parameters", "memory", "losses", "seed")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=lambda o: type(o).__name__)
def test_a_trajectory_is_the_recursion_written_out(optimiser):
    found = networks.train(START, 5, None, optimiser, decay=0.1, every=1)
    past, w = [], START.parameters
    for t in range(1, 6):
        past.append(START.at(w).gradient() + 0.1 * w)
        ages = np.arange(t)[::-1]
        if isinstance(optimiser, Adam):  # the means over the past, written as sums
            b, c = optimiser.beta1**ages, optimiser.beta2**ages
            w = w - optimiser.rate * (b @ past / b.sum()) / (np.sqrt(c @ np.square(past) / c.sum()) + 1e-8)
        else:
            b = getattr(optimiser, "beta", 0.0) ** ages
            w = w - optimiser.rate * b @ np.array(past)
        np.testing.assert_allclose(found.parameters[t], w, rtol=0, atol=1e-14)
        assert found.losses[t - 1] == START.at(found.parameters[t - 1]).loss()
    if isinstance(optimiser, Adam):
        scale = optimiser.preconditioner(found.memory[5], 5)
        np.testing.assert_allclose(scale, np.sqrt(c @ np.square(past) / c.sum()) + 1e-8, rtol=1e-12)


def test_batches_depend_on_seed_and_step_only():
    whole = networks.train(START, 7, 10, every=1, rng=3)
    for t in (1, 7):
        one = dataclasses.replace(START, parameters=whole.parameters[t - 1]).loss_and_gradient(batch_of(3, t))
        assert whole.losses[t - 1] == one[0]
    assert same(whole, networks.train(START, 7, 10, every=1, rng=whole.seed))
    assert not np.array_equal(whole.losses, networks.train(START, 7, 10, every=1, rng=4).losses)
    for every in (2, 7, 100):
        coarse = networks.train(START, 7, 10, every=every, rng=3)
        assert np.array_equal(coarse.parameters, whole.parameters[coarse.steps])
        assert np.array_equal(coarse.losses, whole.losses)


def batch_of(seed, step):
    """Return the batch that a step is promised."""
    stream = np.random.SeedSequence(seed, spawn_key=(8, step))
    return np.random.default_rng(stream).choice(50, 10, replace=False)


class Stopped(BaseException):
    """As a kill: nobody catches it."""


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=lambda o: type(o).__name__)
def test_a_stopped_run_goes_on_to_the_same_end(optimiser, tmp_path, monkeypatch):
    whole = networks.train(START, 25, 10, optimiser, every=4, rng=5)
    path, done = tmp_path / "run.db", []
    step = type(optimiser).step

    def counted(self, w, memory, g, t):
        done.append(t)
        if len(done) == 15:
            raise Stopped
        return step(self, w, memory, g, t)

    monkeypatch.setattr(type(optimiser), "step", counted)
    with pytest.raises(Stopped):
        networks.train(START, 25, 10, optimiser, every=4, rng=5, store=path)
    assert same(whole, networks.train(START, 25, 10, optimiser, every=4, store=path))
    assert done == [*range(1, 16), *range(13, 26)]
    longer = networks.train(START, 30, 10, optimiser, every=4, store=path)
    assert done[28:] == [*range(25, 31)]
    assert np.array_equal(longer.losses[:25], whole.losses)
    assert same(longer, networks.train(START, 30, 10, optimiser, every=4, rng=5))


@pytest.mark.parametrize(
    "change",
    [
        {"optimiser": SGD(0.2)},
        {"batch": 11},
        {"decay": 0.1},
        {"every": 5},
        {"rng": 2},
        {"network": START.at(START.parameters + 1e-16)},
        {"network": networks.mlp(Data(DATA.train, criterion="entropy"), (3,), rng=2)},
        {"network": START.on(START.inputs, -START.targets)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_store_of_another_run_is_refused(change, tmp_path):
    arguments = {"network": START, "batch": 10, "optimiser": SGD(), "every": 4, "rng": 1, "store": tmp_path / "run.db"}
    networks.train(steps=4, **arguments)
    with pytest.raises(ValueError, match="belongs to another run"):
        networks.train(steps=4, **arguments | change)


def test_a_training_knows_its_networks():
    found = networks.train(START, 9, 10, every=4, rng=1)
    assert found.steps.tolist() == [0, 4, 8, 9]
    assert np.array_equal(found.network.untrained().parameters, START.parameters)
    assert np.array_equal(found.at(0).parameters, START.parameters)
    assert np.array_equal(found.at(-1).parameters, found.network.parameters)
    again = networks.train(found.network, 3, 10, every=4, rng=1)
    assert np.array_equal(again.network.untrained().parameters, START.parameters)
    nothing = networks.train(START, 0, 10)
    assert nothing.steps.tolist() == [0] and len(nothing.losses) == 0
    assert np.array_equal(nothing.network.parameters, START.parameters)


def test_both_kinds_of_network_go_the_same_way():
    closed = networks.Network(START.parameters, *DATA.train, hidden=3, bias=True)
    ways = [networks.train(network, 20, 10, Adam(0.01), rng=1).parameters for network in (closed, START)]
    np.testing.assert_allclose(*ways, atol=1e-10)


@pytest.mark.parametrize("optimiser", [SGD(0.4), Momentum(0.05), Adam(0.01)], ids=lambda o: type(o).__name__)
def test_a_linear_regression_ends_at_its_solution(optimiser):
    start = networks.mlp(DATA, hidden=(), rng=1)
    x = np.hstack([DATA.train[0], np.ones((50, 1))])
    solution = np.linalg.lstsq(x, DATA.train[1])[0].T.ravel()
    found = networks.train(start, 800, None, optimiser, every=800).network
    np.testing.assert_allclose(found.parameters, solution, atol=1e-4)
    decayed = networks.train(start, 800, None, optimiser, decay=0.5, every=800).network
    ridge = np.linalg.solve(x.T @ x / 50 + 0.5 * np.eye(5), x.T @ DATA.train[1] / 50).T.ravel()
    np.testing.assert_allclose(decayed.parameters, ridge, atol=1e-4)


@pytest.mark.parametrize("name", ["digits", "breast_cancer", "diabetes", "photographs", "mnist1d"])
def test_data_are_split_by_their_seed(name):
    if name == "mnist1d":
        pytest.importorskip("mnist1d", reason="makes the data; it is not installed")
    few = {"photographs": {"count": 700, "held_out": 150}, "mnist1d": {"examples": 100, "held_out": 20}}.get(name, {})
    make = getattr(networks.data, name)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    data, again, other = make(**few), make(**few), make(seed=1, **few)
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002 - of everybody else
    for one, two in zip((*data.train, *data.test), (*again.train, *again.test), strict=True):
        assert np.array_equal(one, two)
    assert not np.array_equal(data.train[0], other.train[0])
    inputs, targets = (np.concatenate(pair) for pair in zip(data.train, data.test, strict=True))
    assert len(np.unique(inputs, axis=0)) > 0.98 * len(inputs)  # nothing is in both parts
    if data.criterion == "entropy":
        assert set(np.unique(targets)) == {0.0, 1.0} and np.all(targets.sum(axis=1) == 1)
        assert targets.mean(axis=0).min() > 0.3 / targets.shape[1]
    else:
        np.testing.assert_allclose([targets.mean(), targets.std()], [0, 1], atol=1e-12)
    if name == "photographs":
        np.testing.assert_allclose(inputs.T @ inputs / 700, np.eye(16), atol=1e-10)
    else:
        assert abs(inputs.mean()) < 1e-12


def test_missing_mnist1d_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "mnist1d", None)
    with pytest.raises(ImportError, match=r"pip install mnist1d .*spinglass\[networks\]"):
        networks.data.mnist1d()


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: networks.train(START, -1), ValueError, "steps: expected an integer of at least 0"),
        (lambda: networks.train(START, 2, 51), ValueError, "batch: expected an integer from 1 to 50"),
        (lambda: networks.train(START, 2, decay=-0.1), ValueError, "decay: expected a non-negative number"),
        (lambda: networks.train(START, 2, every=0), ValueError, "every: expected an integer of at least 1"),
        (lambda: networks.train(START, 2, optimiser="adam"), TypeError, "optimiser: expected an optimiser"),
        (lambda: networks.train(DATA, 2), TypeError, "network: expected a network"),
        (lambda: networks.train(START, 900, optimiser=SGD(1e3)), FloatingPointError, "try a smaller rate"),
        (lambda: SGD(0.0), ValueError, "rate: expected a positive number"),
        (lambda: SGD("fast"), ValueError, "rate: expected a positive number"),
        (lambda: Momentum(beta=1.0), ValueError, r"beta: expected a number in \[0, 1\)"),
        (lambda: Adam(epsilon=np.nan), ValueError, "epsilon: expected a positive number"),
        (lambda: networks.data.photographs(count=16), ValueError, "count: expected more patches than their 16 pixels"),
    ],
)
def test_bad_input_is_one_clear_line(call, error, message):
    with pytest.raises(error, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
