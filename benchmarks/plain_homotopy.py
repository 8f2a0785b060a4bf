r"""All solutions of T x x = x by a batched homotopy in plain numpy: a baseline for the critical points of a cubic.

A critical point x of f(x) = T x x x on the unit sphere obeys 3 T x x = lambda x, and 3x/lambda solves T y y = y.  The
2^N solutions y_i in {0, 1} of y_i^2 = y_i are followed, all at once and each with its own step, along

.. math:: (1 - t)\, \gamma\, (y_i^2 - y_i) + t\, (T y y - y)_i = 0

by a fourth-order Runge-Kutta predictor and Newton's method, to t = 1.
"""

import itertools

import numpy as np

FIRST, SHORTEST, LONGEST = 0.02, 1e-7, 0.1
TOLERANCE = 1e-6  # relative size of the second Newton step that passes
REAL = 1e-6


def tensor(draw):
    """Return T of a draw of the pure 3-spin on one sphere."""
    (n,) = draw.sizes
    form = np.zeros((n, n, n))
    i, j, k = draw.variables.reshape(-1, 3).T
    np.add.at(form, (i, j, k), draw.coefficients)
    return sum(form.transpose(order) for order in itertools.permutations(range(3))) / 6


def parts(form, gamma, y, t):
    """Return H, its Jacobian and its derivative by t at paths y and their times t."""
    paths, n = y.shape
    matrix = (y @ form.reshape(n, n * n)).reshape(paths, n, n)
    end = np.einsum("bij,bj->bi", matrix, y) - y
    start = gamma * (y * y - y)
    t = t[:, None]
    jacobian = 2 * t[:, :, None] * matrix
    jacobian[:, np.arange(n), np.arange(n)] += (1 - t) * gamma * (2 * y - 1) - t
    return (1 - t) * start + t * end, jacobian, end - start


def slope(form, gamma, y, t):
    """Return dy/dt along the paths."""
    _, jacobian, drift = parts(form, gamma, y, t)
    return -np.linalg.solve(jacobian, drift[..., None])[..., 0]


def predicted(form, gamma, y, t, h):
    """Take a Runge-Kutta step."""
    step = h[:, None]
    k1 = slope(form, gamma, y, t)
    k2 = slope(form, gamma, y + step / 2 * k1, t + h / 2)
    k3 = slope(form, gamma, y + step / 2 * k2, t + h / 2)
    k4 = slope(form, gamma, y + step * k3, t + h)
    return y + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def corrected(form, gamma, y, t, steps):
    """Take Newton steps; return the points and the relative size of the last one."""
    for _ in range(steps):
        value, jacobian, _ = parts(form, gamma, y, t)
        change = np.linalg.solve(jacobian, value[..., None])[..., 0]
        y = y - change
    return y, np.linalg.norm(change, axis=1) / np.maximum(np.linalg.norm(y, axis=1), 1e-3)


def solutions(form, rng):
    """Return the ends of all 2^N paths."""
    n = len(form)
    y = np.array(list(itertools.product([0.0, 1.0], repeat=n)), dtype=complex)
    gamma = np.exp(2j * np.pi * rng.random())
    t, h = np.zeros(len(y)), np.full(len(y), FIRST)
    while len(going := np.flatnonzero((t < 1) & (h > SHORTEST))):
        step = np.minimum(h[going], 1 - t[going])
        with np.errstate(all="ignore"):
            guess = predicted(form, gamma, y[going], t[going], step)
            guess, error = corrected(form, gamma, guess, t[going] + step, 2)
        good = error < TOLERANCE
        y[going[good]], t[going[good]] = guess[good], (t[going] + step)[good]
        h[going] = np.where(good, np.minimum(1.5 * step, LONGEST), 0.4 * step)
        t[t > 1 - 1e-12] = 1.0
    return corrected(form, gamma, y[t == 1], np.ones(np.count_nonzero(t == 1)), 4)[0]


def critical_points(form, rng):
    """Return the real critical points of T x x x on the unit sphere, in pairs x and -x; those of merged paths once."""
    y = solutions(form, rng)
    size = np.linalg.norm(y, axis=1)
    real = y[(size > REAL) & (np.abs(y.imag).max(axis=1) < REAL * size)].real
    x = real / np.linalg.norm(real, axis=1, keepdims=True)
    first = [i for i in range(len(x)) if all(np.abs(x[i] - x[j]).max() > REAL for j in range(i))]
    return np.concatenate([x[first], -x[first]])
