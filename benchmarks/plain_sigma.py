"""The complexity of a two-species game in plain numpy and scipy, written down from its definition: a baseline."""

import numpy as np
from scipy.optimize import LinearConstraint, NonlinearConstraint, brute, fmin, minimize


class PlainSigma:
    """Sigma(g) of a two-species game in plain numpy: the quartic by numpy.roots, the branch by its definition."""

    def __init__(self, game):
        self.law = law = game.local_law()
        self.constant = 0.5 - 0.5 * np.sum(law.fractions * np.log(law.fractions * law.gradient_variance))

    def psi(self, shifts):
        law = self.law
        a1, a2 = law.signs * shifts
        k1, k2 = law.fractions
        (v1, c), (_, v2) = law.jacobian_variance
        square = np.array([1.0, -a1, v1 * k1])
        quartic = np.polyadd(v2 * np.polymul(square, square), np.polymul([a2 * c, -c * c * k1], square))
        w = np.roots(np.polyadd(quartic, [k2 * c * c, 0.0, 0.0])) + 0j  # also where all are real
        x1 = k1 / w
        x2 = (a1 - v1 * x1 - w) / c
        bulk = (x1.imag > 1e-9 * abs(x1)) & (x2.imag > 1e-9 * abs(x2))
        j1, j2 = (k1 / x1**2).real - v1, (k2 / x2**2).real - v2
        stable = (abs(x1.imag) < 1e-6 * abs(x1)) & (j1 > 0) & (j2 > 0) & (j1 * j2 > c * c)
        best = np.argmax(bulk) if bulk.any() else np.argmax(stable)
        x1, x2 = x1[best], x2[best]
        phi = a1 * x1 + a2 * x2 - k1 * np.log(x1) - k2 * np.log(x2) - 1 - (v1 * x1**2 + v2 * x2**2) / 2 - c * x1 * x2
        return phi.real + k1 * np.log(k1) + k2 * np.log(k2)

    def __call__(self, g):
        return self.constant + self.psi(self.law.shifts @ g) - g @ g / 2

    def at(self, u):
        """Return the supremum at energies u: one free direction, sampled and then refined."""
        rows = self.law.losses
        origin = np.linalg.lstsq(rows, u, rcond=None)[0]
        free = np.linalg.svd(rows)[2][-1]
        best = brute(lambda z: -self(origin + z[0] * free), [(-3.0, 3.0)], Ns=25, full_output=True, finish=fmin)
        return -best[1]

    def below(self, u):
        """Return the supremum over energies up to u: SLSQP from a few feasible places."""
        rows = self.law.losses
        condition = LinearConstraint(rows, -np.inf, u)
        corner = np.linalg.lstsq(rows, np.minimum(u, 0.0), rcond=None)[0]
        free = np.linalg.svd(rows)[2][-1]
        runs = (
            minimize(lambda g: -self(g), corner + z * free, method="SLSQP", constraints=condition) for z in (-1, 0, 1)
        )
        return max(-run.fun for run in runs)

    def lowest(self, weights, starts):
        """Return the lowest value of a combination of losses with Sigma >= 0: SLSQP from a few places."""
        row = weights @ self.law.losses
        feasible = NonlinearConstraint(self, 0.0, np.inf)
        runs = (minimize(lambda g: row @ g, g, method="SLSQP", constraints=feasible, tol=1e-10) for g in starts)
        return min(run.fun for run in runs if run.success and self(run.x) > -1e-6)
