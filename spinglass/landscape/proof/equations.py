r"""The equations of a system and their Jacobian at many points at once, in float64 and in balls.

Monomials are products of an earlier monomial and a variable; all values come from one product of the matrix of
coefficients with the matrix of monomials.  The functions take python-flint as an argument and work at its current
precision.
"""

import numpy as np

from spinglass.arithmetic.exclusive import exclusive

EXACT = 128  # bits that hold a float64 times an integer
NOISE = 2.0**-50  # rounding of a value in floats, relative to the sum of its absolute terms: an estimate


class Polynomials:
    """Polynomials sum_k factor c x^e, c a float64 and factor an integer, evaluated at many points at once."""

    def __init__(self, flint, exponents, rows, columns, coefficients, factors, count):
        self.flint, self.steps, places = flint, [], {}
        self.places = [self._place(tuple(e), places) for e in exponents.tolist()]
        self.floats = np.zeros((count, len(self.places)))
        self.floats[rows, columns] = coefficients * factors
        entries = [flint.arb(0)] * self.floats.size
        with exclusive(flint.ctx, EXACT):
            for i, k, c, f in zip(*(a.tolist() for a in (rows, columns, coefficients, factors)), strict=True):
                entries[i * len(self.places) + k] = flint.arb(c) * f
        self.real = flint.arb_mat(count, len(self.places), entries)
        self.complex = flint.acb_mat(self.real)

    def _place(self, e, places):
        """Return the place of a monomial among the steps, each of which multiplies an earlier one by a variable."""
        if e not in places:
            last = max((j for j, power in enumerate(e) if power), default=None)
            if last is None:
                self.steps.append(None)
            else:
                self.steps.append((self._place((*e[:last], e[last] - 1, *e[last + 1 :]), places), last))
            places[e] = len(self.steps) - 1
        return places[e]

    def at_floats(self, x, absolute=False):
        """Return the values, or the sums of the absolute values of all terms, of shape (m, count)."""
        x = np.abs(x) if absolute else x
        rows = []
        for step in self.steps:
            rows.append(np.ones(len(x)) if step is None else rows[step[0]] * x[:, step[1]])
        monomials = np.array([rows[place] for place in self.places]).reshape(len(self.places), len(x))
        return ((np.abs(self.floats) if absolute else self.floats) @ monomials).T

    def at_balls(self, x, real):
        """Return the entries of the matrix of values, (count, m) row by row, for one list of m balls per variable."""
        m, rows = len(x[0]), []
        for step in self.steps:
            if step is None:
                rows.append([self.flint.arb(1)] * m)
            else:
                rows.append([a * b for a, b in zip(rows[step[0]], x[step[1]], strict=True)])
        monomials = [ball for place in self.places for ball in rows[place]]
        if real:
            return (self.real * self.flint.arb_mat(len(self.places), m, monomials)).entries()
        return (self.complex * self.flint.acb_mat(len(self.places), m, monomials)).entries()


class Equations:
    """The equations of a system and their Jacobian, in floats and in balls."""

    def __init__(self, flint, system):
        self.sizes = tuple(int(size) for size in system.sizes)
        self.exponents = np.asarray(system.exponents, dtype=np.int64)
        self.coefficients = np.asarray(system.coefficients, dtype=float)
        self.n = sum(self.sizes)
        self.unknowns = self.n + len(self.sizes)
        self.sphere = np.repeat(np.arange(len(self.sizes)), self.sizes)
        rows, columns = np.nonzero(self.coefficients)
        values = self.coefficients[rows, columns]
        self.gradient = Polynomials(flint, self.exponents, rows, columns, values, np.ones_like(rows), self.n)
        powers = self.exponents[columns]
        term, variable = np.nonzero(powers)
        lowered = powers[term]
        lowered[np.arange(len(term)), variable] -= 1
        monomials, places = np.unique(lowered, axis=0, return_inverse=True)
        rows = rows[term] * self.n + variable
        factors = powers[term, variable]
        self.derivative = Polynomials(flint, monomials, rows, places.ravel(), values[term], factors, self.n**2)

    def checked_signs(self, signs):
        """Return the changes of sign of (x, lambda), after the parity of every monomial."""
        signs = np.asarray(signs)
        if signs.ndim != 2 or signs.shape[1] not in (self.n, self.unknowns) or not np.all(np.abs(signs) == 1):
            raise ValueError(f"signs: expected rows of {self.n} signs +-1, got an array of shape {signs.shape}")
        checked = []
        for sign in signs:
            parity = (-1) ** (self.exponents @ (sign[: self.n] < 0) % 2)
            changes = parity * sign[: self.n, None]
            multipliers = []
            for s in range(len(self.sizes)):
                present = np.unique(changes[self.sphere == s][self.coefficients[self.sphere == s] != 0])
                if len(present) > 1:
                    raise ValueError(f"signs: expected changes of sign that keep the equations, got {sign.tolist()}")
                multipliers.append(int(present[0]) if len(present) else 1)
            if len(sign) == self.unknowns and multipliers != sign[self.n :].tolist():
                raise ValueError(f"signs: expected {multipliers} for the multipliers, got {sign[self.n :].tolist()}")
            checked.append([*sign[: self.n].tolist(), *multipliers])
        return np.array(checked)

    def at_floats(self, z):
        """Return the values, their rounding errors (estimated) and the Jacobians."""
        x, multiplier = z[:, : self.n], z[:, self.n + self.sphere]
        on_sphere = [(x[:, self.sphere == s] ** 2).sum(axis=1) / 2 - 0.5 for s in range(len(self.sizes))]
        value = np.column_stack([self.gradient.at_floats(x) - multiplier * x, *on_sphere])
        size = self.gradient.at_floats(x, absolute=True) + np.abs(multiplier * x)
        noise = NOISE * np.column_stack([size, np.ones((len(z), len(self.sizes)))])
        jacobian = np.zeros((len(z), self.unknowns, self.unknowns), dtype=z.dtype)
        jacobian[:, : self.n, : self.n] = self.derivative.at_floats(x).reshape(-1, self.n, self.n)
        i = np.arange(self.n)
        jacobian[:, i, i] -= multiplier
        jacobian[:, i, self.n + self.sphere], jacobian[:, self.n + self.sphere, i] = -x, x
        return value, noise, jacobian

    def at_balls(self, z, real):
        """Return one list of m balls per equation."""
        m = len(z[0])
        entries = self.gradient.at_balls(z[: self.n], real)
        values = []
        for i, s in enumerate(self.sphere):
            row = entries[i * m : (i + 1) * m]
            values.append([f - a * b for f, a, b in zip(row, z[self.n + s], z[i], strict=True)])
        for t in range(len(self.sizes)):
            parts = [z[i] for i in np.flatnonzero(self.sphere == t)]
            values.append([(sum(x * x for x in point) - 1) / 2 for point in zip(*parts, strict=True)])
        return values

    def jacobians(self, z, real):
        """Return the entries of the Jacobian, row by row, for each of the m points."""
        n, m, zero = self.n, len(z[0]), z[0][0] * 0
        entries = self.derivative.at_balls(z[:n], real)
        border = [zero] * len(self.sizes)
        jacobians = []
        for p in range(m):
            block, flat = entries[p::m], []
            for i, s in enumerate(self.sphere):
                row = block[i * n : (i + 1) * n] + border
                row[i] -= z[n + s][p]
                row[n + s] = -z[i][p]
                flat += row
            for t in range(len(self.sizes)):
                flat += [z[i][p] if self.sphere[i] == t else zero for i in range(n)] + border
            jacobians.append(flat)
        return jacobians
