r"""The log-determinant of a non-symmetric block Gaussian matrix: the hermitised Dyson equation.

In scaled unknowns :math:`p_s, q_s \ge 0` and real :math:`b_s`, with :math:`E_s = p_s q_s + b_s^2`,

.. math::
   2\Psi = -\sum_s \kappa_s \log E_s + 2 \sum_s a_s b_s - 2 + \sum_{st} w_{st} p_s q_t
           - \sum_{st} \tau_{st} b_s b_t + \eta \sum_s (p_s + q_s)

is stationary at the solution, :math:`\eta \to 0^+`.  Outside the spectrum p = q = 0 and
:math:`\kappa_s/b_s = a_s - \sum_t \tau_{st} b_t`, with :math:`b_s^2 w_{st}/\kappa_s` of spectral radius below 1;
inside, p and q are positive (up to the change p -> t p, q -> q/t, under which Psi is invariant).
"""

import numpy as np

from spinglass.running.compiled import kernel, part
from spinglass.spectra.dyson.several_species import all_pivots_positive, eliminate


@part
def outside(k, w, tau, a, b):
    """Look for the solution outside the spectrum, from the guess in b; return whether it passes the test."""
    n = len(k)
    jacobian, step = np.empty((n, n)), np.empty(n)
    last = np.inf
    for _ in range(60):
        for s in range(n):
            rest = a[s] - k[s] / b[s]
            for t in range(n):
                rest -= tau[s, t] * b[t]
                jacobian[s, t] = tau[s, t]
            jacobian[s, s] -= k[s] / (b[s] * b[s])
            step[s] = rest
        eliminate(jacobian, step)
        size = 0.0
        for s in range(n):
            size = max(size, abs(step[s] / b[s]))
        if not size < 1e12:
            return False
        if size < 1e-6 and size >= last:
            break
        for s in range(n):
            b[s] += step[s] * min(1.0, 0.5 / size)
        last = size
        if size < 1e-15:
            break
    if last > 1e-7:
        return False
    for s in range(n):
        for t in range(n):
            jacobian[s, t] = -w[s, t]
        jacobian[s, s] += k[s] / (b[s] * b[s])
    return all_pivots_positive(jacobian)


@part
def stationarity(k, w, tau, a, eta, y, gradient, hessian):
    """Fill the gradient and Hessian of Psi in y = (p, q, b), plus the square that fixes the scale of p."""
    n = len(k)
    for i in range(3 * n):
        for j in range(3 * n):
            hessian[i, j] = 0.0
    for s in range(n):
        p, q, b = y[s], y[n + s], y[2 * n + s]
        e = p * q + b * b
        big_p, big_q, m = eta, eta, a[s]
        for t in range(n):
            big_p += w[s, t] * y[n + t]
            big_q += w[t, s] * y[t]
            m -= tau[s, t] * y[2 * n + t]
            hessian[s, n + t] += 0.5 * w[s, t]
            hessian[n + s, t] += 0.5 * w[t, s]
            hessian[2 * n + s, 2 * n + t] -= tau[s, t]
        h = k[s] / e
        gradient[s] = 0.5 * (big_p - h * q)
        gradient[n + s] = 0.5 * (big_q - h * p)
        gradient[2 * n + s] = m - h * b
        h2 = h / e
        hessian[s, s] += 0.5 * h2 * q * q
        hessian[n + s, n + s] += 0.5 * h2 * p * p
        hessian[2 * n + s, 2 * n + s] += -h + 2.0 * h2 * b * b
        hessian[s, n + s] += 0.5 * (h2 * p * q - h)
        hessian[n + s, s] += 0.5 * (h2 * p * q - h)
        hessian[s, 2 * n + s] += h2 * q * b
        hessian[2 * n + s, s] += h2 * q * b
        hessian[n + s, 2 * n + s] += h2 * p * b
        hessian[2 * n + s, n + s] += h2 * p * b


@part
def fix_scale(y, hessian):
    """Add the square of the direction (p, -q, 0), along which Psi does not change at eta = 0."""
    n = len(y) // 3
    size = 0.0
    for s in range(2 * n):
        size += y[s] * y[s]
    strength = 0.0
    for i in range(2 * n):
        strength = max(strength, abs(hessian[i, i]))
    for i in range(2 * n):
        for j in range(2 * n):
            sign = 1.0 if (i < n) == (j < n) else -1.0
            hessian[i, j] += sign * strength * y[i] * y[j] / size


@part
def newton_inside(k, w, tau, a, eta, y, most):
    """Newton's method for y = (p, q, b) with p, q kept positive; return the relative size of the last step."""
    n = len(k)
    step, hessian = np.empty(3 * n), np.empty((3 * n, 3 * n))
    last = np.inf
    for _ in range(most):
        stationarity(k, w, tau, a, eta, y, step, hessian)
        if eta == 0.0:
            fix_scale(y, hessian)
        eliminate(hessian, step)
        size, cut, turn = 0.0, 1.0, 0.0
        for s in range(n):  # a common factor of p and 1/q, which Psi hardly sees, is all rounding at small eta
            turn += 0.5 * (step[s] / y[s] - step[n + s] / y[n + s]) / n
        for s in range(n):
            radius = np.sqrt(y[s] * y[n + s] + y[2 * n + s] ** 2)
            size = max(size, abs(step[s] / y[s] - turn), abs(step[n + s] / y[n + s] + turn))
            size = max(size, abs(step[2 * n + s]) / radius)
            cut = min(cut, 0.9 * y[s] / max(step[s], 1e-300), 0.9 * y[n + s] / max(step[n + s], 1e-300))
            cut = min(cut, 2.0 * radius / max(abs(step[2 * n + s]), 1e-300))
        if not size < 1e12:
            return np.inf
        if size < 1e-6 and size >= last:
            break
        for i in range(3 * n):
            y[i] -= cut * step[i]
        last = size
        if size < 1e-15:
            break
    return last


@part
def start_above(k, w, a, y):
    """Fill y with the solution at a large eta, roughly; return eta."""
    n, eta = len(k), 1.0
    for s in range(n):
        row = abs(a[s])
        for t in range(n):
            row += w[s, t] + w[t, s]
        eta = max(eta, 4.0 * row)
    for s in range(n):
        y[s] = y[n + s] = k[s] * eta / (eta * eta + a[s] * a[s])
        y[2 * n + s] = k[s] * a[s] / (eta * eta + a[s] * a[s])
    return eta


@part
def is_outside(k, w, tau, a, guess, y):
    """Fill y with the solution outside the spectrum if the guess of b, where it is finite and not 0, leads there."""
    n = len(k)
    for s in range(n):
        if not 0.0 < abs(guess[s]) < np.inf:
            return False
    if not outside(k, w, tau, a, guess):
        return False
    for s in range(n):
        y[s] = y[n + s] = 0.0
        y[2 * n + s] = guess[s]
    return True


@part
def stays_inside(k, w, tau, a, y):
    """Bring a solution y inside the spectrum to shifts nearby, in place; return whether it is clearly inside there."""
    n, share = len(k), 0.0
    for i in range(2 * n):
        if not y[i] > 0.0:
            return False
    if not newton_inside(k, w, tau, a, 0.0, y, 12) < 1e-8:
        return False
    for s in range(n):
        both = y[s] * y[n + s]
        share = max(share, both / (both + y[2 * n + s] ** 2))
    return share > 1e-6


@kernel
def solve_elliptic(k, w, tau, a, y):
    """Fill y = (p, q, b) with the physical solution; return 1 inside the spectrum, 0 outside, -1 on failure."""
    n = len(k)
    guess, trial = np.empty(n), np.empty(3 * n)
    for s in range(n):
        guess[s] = k[s] / a[s]
    if is_outside(k, w, tau, a, guess, y):
        return 0
    eta, ratio = start_above(k, w, a, y), 0.3
    while eta > 1e-16:
        target = eta * ratio
        for i in range(3 * n):
            trial[i] = y[i]
        if newton_inside(k, w, tau, a, target, trial, 25) < 1e-7:
            for i in range(3 * n):
                y[i] = trial[i]
            eta = target
            ratio = max(0.5 * ratio, 0.05)
        else:
            ratio = np.sqrt(ratio)
            if ratio > 0.999:
                return -1
        if eta < 1e-3:
            # far outside its own bulk a species has tiny p and q, inside they are of order 1
            smallest, largest = 1.0, 0.0
            for s in range(n):
                guess[s] = y[2 * n + s]
                share = y[s] * y[n + s] / (y[s] * y[n + s] + guess[s] ** 2)
                smallest, largest = min(smallest, share), max(largest, share)
            if smallest < 1e-2 and is_outside(k, w, tau, a, guess, y):
                return 0
            for i in range(3 * n):
                trial[i] = y[i]
            if largest > 1e2 * eta and newton_inside(k, w, tau, a, 0.0, trial, 25) < 1e-8:
                for i in range(3 * n):
                    y[i] = trial[i]
                return 1
    return 1
