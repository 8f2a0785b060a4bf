r"""Quenched complexity of one sphere, the mean logarithm of the number of points, by one step of symmetry breaking.

Points at energy u and radial reaction :math:`\mu = -x\cdot\partial f` (the Hessian is a semicircle of radius
:math:`\mu_m = 2\sqrt{\xi''(1)}` shifted by :math:`\mu`) lie, seen from one of them, at overlap 0 with most others and
at overlap q with a fraction 1 - x of its own family.  With :math:`F = \xi(1) - (1-x)\xi(q)`, :math:`A = a(1-q)`,
:math:`B = a(1 - q + xq)` and :math:`D(\mu)` the log-determinant of the shifted semicircle,

.. math:: \Sigma = \tfrac12 + D(\mu) - r\mu + bu + \tfrac12\big[b^2F + 2br\xi'(1) - ar^2\xi'(1) + r^2\xi''(1)\big]
          + \log r + \tfrac12\big[(1-\tfrac1x)\log(1+A) + \tfrac1x\log(1+B)\big] - \tfrac12 ,

stationary in a, b, r, q and x.  The equations of q and x leave one number t(q) of

.. math:: \frac{(1+t)\log(1+t) - t}{t^2} = \frac{\xi(q)}{q\,\xi'(q)} ,

and then everything is explicit in (q, x): :math:`bx = t/\sqrt{(1+t)q\xi'(q)}`, :math:`a = t/(xq - t(1-q))`,
:math:`1+B = (1+t)(1+A)`, r from the equation of a, u from that of b, and :math:`\mu` from that of r.  So the surface
:math:`\Sigma(u,\mu)` is drawn by two parameters, and a question about it is two equations in (q, x).  The replica
symmetric solution, q = 0, is the annealed complexity; of several solutions the lowest counts, as always with extrema
over overlaps of less than one replica.

References: Kent-Dobias, Kurchan (2023), How to count in hierarchical landscapes; Crisanti, Leuzzi (2004).
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from scipy.ndimage import label
from scipy.optimize import root

from spinglass.arithmetic import float64
from spinglass.complexity.one_sphere.sphere import OneSphere, scaled_terms
from spinglass.spectra.semicircle import deviation

FAR = 1e100
GRID = (300, 200)  # values of q and of x on which solutions are looked for before Newton's method


@dataclass(frozen=True)
class Point:
    """Points of the surface: energy, radial reaction, the response r, and the complexity (arrays of one shape)."""

    u: np.ndarray
    mu: np.ndarray
    r: np.ndarray
    sigma: np.ndarray


class OneStep:
    """The surface Sigma(u, mu) of one covariance with one step of replica symmetry breaking, energies in units."""

    def __init__(self, model):
        self.sphere = OneSphere.of(model)
        self.unit, self.terms = scaled_terms(model)
        numbers, square = (self.sphere.v0, self.sphere.x1, self.sphere.x2), Fraction(self.unit) ** 2
        self.v0, self.x1, self.x2 = (float(x / square) for x in numbers)
        if self.terms.get(1):
            raise NotImplementedError(
                "method='quenched': a random field (a term of degree 1) gives different points an overlap, which one "
                "step with overlap 0 does not describe; use method='annealed'"
            )
        self.edge = 2 * math.sqrt(self.x2)

    def covariance(self, q):
        """Return xi(q) and q xi'(q)."""
        return sum(c * q**p for p, c in self.terms.items()), sum(c * p * q**p for p, c in self.terms.items())

    def slope_of_determinant(self, mu):
        """Return D'(mu) = Re G(mu) of the semicircle."""
        outside = np.sqrt(np.maximum(mu**2 - self.edge**2, 0.0)) * np.sign(mu)
        return (mu - outside) / (2 * self.x2)

    def log_determinant(self, mu):
        """Return D(mu), the mean logarithm of the eigenvalues."""
        y = np.maximum(np.abs(mu) / self.edge, 1.0)
        return -0.5 + 0.5 * np.log(self.x2) + mu**2 / (4 * self.x2) - deviation(y, float64)

    def family(self, q, start=None):
        """Return t(q), by Newton's method in log t from a start, by default what it is at small t."""
        value, slope = self.covariance(q)
        gap = sum(c * (p / 2 - 1) * q**p for p, c in self.terms.items()) / slope  # 1/2 - xi/(q xi'), not subtracted
        wanted = np.log(gap * slope / value)
        t = 6 * gap * slope / value if start is None else start
        for _ in range(60):
            left, right, rise = _shares(t)
            step = (np.log(left / right) - wanted) * left * right / (rise * (left + right))
            t = t * np.exp(-np.clip(step, -3.0, 3.0))
            if np.all(np.abs(step) < 1e-15):
                break
        return t

    def at(self, q, x, t=None):
        """Return the point of the surface at overlap q and size x; nan where there is none."""
        t = self.family(q) if t is None else t
        x1, x2 = self.x1, self.x2
        value, slope = self.covariance(q)
        with np.errstate(invalid="ignore", divide="ignore"):
            b = t / np.sqrt((1 + t) * slope) / x
            a = t / (x * q - t * (1 - q))
            a = np.where(a > 0, a, np.nan)
            inner = 1 + a * (1 - q)
            outer = inner * (1 + t)
            r = np.sqrt(((1 - 1 / x) * (1 - q) / inner + (1 - q + x * q) / (x * outer)) / x1)
            spread = self.v0 - (1 - x) * value
            u = -(b * spread + r * x1)
            mu = b * x1 + r * (x2 - a * x1) + 1 / r
            quadratic = b * b * spread + 2 * b * r * x1 - a * r * r * x1 + r * r * x2
            entropy = np.log(r) + 0.5 * ((1 - 1 / x) * np.log(inner) + np.log(outer) / x)
            sigma = 0.5 + self.log_determinant(mu) + 0.5 - r * mu + b * u + 0.5 * quadratic + entropy
        return Point(u, mu, r, sigma)

    def unbroken(self, u, own):
        r"""Tell whether the replica symmetric solution of a mixture holds at u, where mu differs from its mean by own.

        It does where :math:`\partial_x\Sigma` at x = 1 is not positive at any q: one half of
        :math:`b^2\xi(q) + \log(1 - s) + s`, :math:`s = aq/(1+a)`.
        """
        r = own / self.edge / float(self.sphere.sigma) / (self.edge * float(self.sphere.sigma))
        if abs(r) > FAR:  # of a nearly pure mixture, where hardly any points are
            return False
        b = -(u + self.x1 * r) / self.v0
        q = np.linspace(0, 1, 2001)[1:]
        s = np.minimum(q * (1 - self.x1 * r * r), 1 - 1e-15)  # a/(1+a) with 1 + a = 1/(x1 r^2)
        return bool(np.all(b * b * self.covariance(q)[0] + np.log1p(-s) + s <= 0))

    @cached_property
    def _net(self):
        """Return q, x and points on a grid; x runs over the part where a is positive."""
        q, share = (np.arange(1, m + 1) / m for m in GRID)
        q = q - 0.5 / GRID[0]
        t = self.family(q)
        least = np.minimum(t * (1 - q) / q, 1.0)
        x = least[:, None] + (1 - least[:, None]) * share
        q, t = np.broadcast_to(q[:, None], x.shape), np.broadcast_to(t[:, None], x.shape)
        return q, x, self.at(q, x, t)

    def solutions(self, equations):
        """Return all points of the surface where two equations hold, ``equations(point) -> (array, array)``."""
        q, x, net = self._net
        cells = np.ones((GRID[0] - 1, GRID[1] - 1), dtype=bool)
        for value in equations(net):
            corners = np.stack([value[:-1, :-1], value[1:, :-1], value[:-1, 1:], value[1:, 1:]])
            cells &= (corners.min(axis=0) <= 0) & (corners.max(axis=0) >= 0)  # nan compares as False
        found = []
        patches, count = label(cells, np.ones((3, 3)))
        for patch in (np.argwhere(patches == k + 1) for k in range(count)):
            tries = patch[np.unique(np.linspace(0, len(patch) - 1, 3).astype(int))]
            points = (
                self._polished(equations, (q[i, j] + q[i + 1, j]) / 2, (x[i, j] + x[i + 1, j + 1]) / 2)
                for i, j in tries
            )
            found += [p for p in points if p is not None]
        return found

    def _polished(self, equations, q, x):
        """Return the solution near (q, x), or None."""
        t = self.family(np.array(q))

        def missed(w):
            nonlocal t
            here, size = np.array(w[0]), np.array(w[1])
            near = self.family(here, t)  # from one place to the next it hardly changes
            t = near if np.isfinite(near) else t
            return np.array(equations(self.at(here, size, near)))

        answer = root(missed, [q, x], tol=1e-13)
        q, x = answer.x
        if not (0 < q < 1 and 0 < x <= 1 + 1e-9 and np.all(np.abs(answer.fun) < 1e-10 * (1 + self.edge))):
            return None
        return self.at(np.array(q), np.array(x))


def _shares(t):
    """Return 1/2 - s(t), s(t) = ((1+t) log(1+t) - t) / t^2 and minus the slope of s in log t; by series at small t."""
    small = t < 0.05
    safe = np.where(small, 1.0, t)
    log = np.log1p(safe)
    right = ((1 + safe) * log - safe) / safe**2
    left, fall = 0.5 - right, 2 * right - log / safe
    if np.any(small):
        k = np.arange(1, 15)
        powers = -((-np.where(small, t, 0.0))[..., None] ** k) / ((k + 1) * (k + 2))
        left, fall = np.where(small, powers.sum(axis=-1), left), np.where(small, (k * powers).sum(axis=-1), fall)
    return left, 0.5 - left, fall
