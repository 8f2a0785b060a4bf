r"""Descents of a network: to a minimum of its loss, and to a critical point of any index.

A critical point is found where :math:`|\nabla L|^2` falls to zero.  With g and H, gradient and Hessian at w, the step
:math:`-(H^2 + \mu)^{-1} H g` minimises :math:`|g + Hs|^2 + \mu|s|^2`; the damping :math:`\mu` follows the ratio of the
true fall of :math:`|g|^2` to the promised one.  Near a regular point it converges quadratically; near a degenerate one
(a saturated unit, two equal units) slowly, and it may end in a minimum of :math:`|g|^2` where :math:`Hg = 0` but g is
not 0: not every start leads to a critical point.
"""

from dataclasses import replace

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize


def minimise(network, decay=0.0, steps=200):
    r"""Return the network after quasi-Newton steps down its loss plus :math:`\tfrac{\lambda}{2}|w|^2`.

    Parameters
    ----------
    network : Network
        Where the training starts; ``untrained()`` of the result.
    decay : float, optional
        :math:`\lambda \ge 0`.
    steps : int, optional
        Number of steps at most; 0 returns the network itself.

    Raises
    ------
    ValueError
        For a negative decay or number of steps.

    Examples
    --------
    >>> from spinglass.networks.training.descent import minimise
    >>> from spinglass.networks.tasks.random_data import tanh_network
    >>> network = tanh_network(4, 0.5, rng=1)
    >>> minimise(network).loss() < network.loss()
    True
    """
    if not decay >= 0:
        raise ValueError(f"decay: expected a non-negative number, got {decay}")
    if not steps >= 0:
        raise ValueError(f"steps: expected a non-negative int, got {steps}")
    if steps == 0:
        return network

    def objective(w):
        loss, gradient = network.at(w).loss_and_gradient()
        return loss + decay / 2 * (w @ w), gradient + decay * w

    options = {"maxiter": steps, "maxfun": 4 * steps, "gtol": 1e-8, "ftol": 0.0, "maxcor": 30}
    found = minimize(objective, network.parameters, jac=True, method="L-BFGS-B", options=options)
    return replace(network, parameters=found.x, start=network.parameters)


def flatten(network, tolerance=1e-6, steps=100):
    r"""Return the network at a critical point of its loss near by, and the final :math:`|\nabla L|^2`.

    Parameters
    ----------
    network : Network
    tolerance : float, optional
        Stops where :math:`|\nabla L|^2` is at most this; larger at the return if no such point was reached.
    steps : int, optional
        Number of Hessians at most.

    Returns
    -------
    Network, float

    Examples
    --------
    >>> from spinglass.networks.training.descent import flatten
    >>> from spinglass.networks.tasks.random_data import tanh_network
    >>> critical, norm = flatten(tanh_network(4, 0.5, rng=3), tolerance=1e-20)
    >>> bool(norm <= 1e-20)
    True
    """
    gradient = network.gradient()
    norm, damping = gradient @ gradient, None
    for _ in range(steps):
        if norm <= tolerance:
            break
        hessian = network.hessian()
        square, slope = hessian @ hessian, hessian @ gradient
        damping = 1e-3 * np.trace(square) / len(slope) if damping is None else damping
        growth = 2.0
        while growth < 1e9:
            matrix = square + damping * np.eye(len(slope))
            step = -cho_solve(cho_factor(matrix, overwrite_a=True), slope)
            trial = network.at(network.parameters + step)
            there, promised = trial.gradient(), gradient + hessian @ step
            fall, promise = norm - there @ there, norm - promised @ promised
            if fall > max(0.0, 1e-3 * promise):
                break
            damping *= growth
            growth *= 2
        else:
            break  # no step falls: a minimum of |g|^2, or the rounding
        network, gradient = trial, there
        norm = gradient @ gradient
        kept = fall / max(promise, fall)  # a promise can be lost in rounding
        damping *= max(1 / 9, 1 - (2 * kept - 1) ** 3)
    return network, float(norm)
