r"""Networks on random data: the matrices of one hidden layer of ReLU units, and critical points of tanh networks.

Inputs, hidden units and outputs are n each, without biases: :math:`2n^2` parameters.  m examples give nm residuals,
so :math:`\phi = 2n/m` parameters per residual; the energy is the loss per output,
:math:`\epsilon = \frac{1}{2nm}\sum_{i\mu} (f_i - y_i)_\mu^2`.

Pennington, Bahri (2017), Geometry of neural network loss surfaces via random matrix theory.
"""

import numpy as np

from spinglass.networks.perceptron import Network, random_parameters
from spinglass.networks.training.descent import flatten, minimise
from spinglass.running.streams import generator

#: What is told of a critical point.
OF_A_POINT = ("energy", "index", "certain_index", "positive", "residual", "gradient")


def _random_network(n, phi, activation, rng):
    """Draw a network with normal inputs and targets."""
    if not n >= 1:
        raise ValueError(f"n: expected a positive int, got {n}")
    if not 0 < phi <= 2 * n:
        raise ValueError(f"phi: expected a number in (0, {2 * n}], at least one example, got {phi}")
    draw, m = generator(rng), round(2 * n / phi)
    parameters = random_parameters(n, n, n, rng=draw)
    return Network(parameters, draw.standard_normal((m, n)), draw.standard_normal((m, n)), n, activation)


def tanh_network(n=16, phi=0.5, rng=None):
    """Return an untrained tanh network whose task is to memorise normal targets.

    Parameters
    ----------
    n : int, optional
        Inputs, hidden units and outputs.
    phi : float, optional
        Parameters per residual; the number of examples is 2 n / phi, rounded.
    rng : int, SeedSequence, Generator or None, optional

    Raises
    ------
    ValueError
        If n or phi leave no network or no example.

    Examples
    --------
    >>> from spinglass.networks import tanh_network
    >>> network = tanh_network(16, 1 / 4, rng=1)
    >>> network.size, len(network.inputs)
    (512, 128)
    """
    return _random_network(n, phi, "tanh", rng)


def relu_network(n=16, phi=0.25, energy=0.5, rng=None):
    r"""Return a ReLU network with normal weights, inputs and residuals, of variance 1/n, 1 and :math:`2\epsilon`.

    Its ``gauss_newton()`` is :math:`H_0` and its ``residual_hessian()`` is :math:`H_1`, whose R-transform is close to
    :math:`\epsilon\phi g/(2 - \epsilon\phi^2 g^2)`.

    Parameters
    ----------
    n, phi, rng
        As for `tanh_network`.
    energy : float, optional
        :math:`\epsilon \ge 0`.

    Raises
    ------
    ValueError
        For a negative energy, or if n or phi leave no network or no example.

    Examples
    --------
    >>> from spinglass.networks import relu_network
    >>> network = relu_network(16, 1 / 4, energy=50.0, rng=1)
    >>> round(network.loss() / 16)
    50
    """
    if not energy >= 0:
        raise ValueError(f"energy: expected a non-negative number, got {energy}")
    network = _random_network(n, phi, "relu", rng)
    return network.on(network.inputs, network.outputs() - np.sqrt(2 * energy) * network.targets)


def relu_spectra(n=16, phi=0.25, energy=50.0, runs=10, matrix="residual_hessian", seed=0):
    r"""Return eigenvalues of :math:`H_1` ("residual_hessian"), :math:`H_0` ("gauss_newton") or both ("hessian").

    Returns
    -------
    float array of shape (runs, 2 n^2)
        Ascending in each row; run i depends on the seed and i only.
    """
    streams = np.random.SeedSequence(seed).spawn(runs)
    networks = (relu_network(n, phi, energy, stream) for stream in streams)
    return np.array([network.eigenvalues(matrix) for network in networks])


def critical_point(n, phi, stream, tolerance=1e-6):
    r"""Return what `critical_points` tells of a random attempt.

    Between 3 and 3000 steps down the loss, their logarithm uniform, choose the height; from there the gradient is
    brought to zero.
    """
    draw = generator(stream)
    network = tanh_network(n, phi, draw)
    steps = int(10 ** draw.uniform(0.5, 3.5))
    return of_a_point(*flatten(minimise(network, steps=steps), tolerance))


def of_a_point(network, norm):
    """Return OF_A_POINT of a network whose squared gradient is ``norm``."""
    positive, residual = network.gauss_newton(), network.residual_hessian()
    eigenvalues = np.linalg.eigvalsh(positive + residual)
    indices = np.mean(eigenvalues < 0), np.mean(eigenvalues < -np.sqrt(norm))
    scales = positive.trace() / len(positive), np.sum(residual**2) / len(residual)
    return network.loss() / network.targets.shape[1], *indices, *scales, norm


def critical_points(phi, n=16, attempts=40, seed=0, tolerance=1e-6, executor=None):
    r"""Find critical points of tanh networks, each with random data of its own.

    Parameters
    ----------
    phi : float
        Parameters per residual.
    n : int, optional
    attempts : int, optional
    seed : int, optional
        Attempt i depends on the seed and i only.
    tolerance : float, optional
        Points are kept where :math:`|\nabla L|^2` is at most this.
    executor : concurrent.futures.Executor, optional

    Returns
    -------
    dict of arrays
        Of the points kept: ``energy``, ``index`` (fraction of eigenvalues below 0), ``certain_index`` (fraction below
        :math:`-|\nabla L|`: the flat directions of a saturated network have either sign), ``positive``
        (:math:`\operatorname{tr} H_0 / P`), ``residual`` (:math:`\operatorname{tr} H_1^2 / P`) and ``gradient``
        (:math:`|\nabla L|^2`).

    Raises
    ------
    ValueError
        For less than one attempt, or if n or phi leave no network or no example.
    """
    if not attempts >= 1:
        raise ValueError(f"attempts: expected a positive int, got {attempts}")
    streams = np.random.SeedSequence(seed).spawn(attempts)
    run = map if executor is None else executor.map
    rows = run(critical_point, [n] * attempts, [phi] * attempts, streams, [tolerance] * attempts)
    table = np.array([row for row in rows if row[-1] <= tolerance]).reshape(-1, len(OF_A_POINT))
    return dict(zip(OF_A_POINT, table.T, strict=True))


def minimisers(phi, n=16, attempts=10, seed=0, steps=3000):
    """Return the energies (attempts,) that long descents of random tanh networks end at."""
    networks = (tanh_network(n, phi, stream) for stream in np.random.SeedSequence(seed).spawn(attempts))
    return np.array([minimise(network, steps=steps).loss() / n for network in networks])
