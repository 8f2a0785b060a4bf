"""Suprema and their zeros to any number of digits: Newton's method on the conditions of Karush, Kuhn and Tucker.

The float64 supremum names the face and the branch; its place is the seed.
"""

import numpy as np

from spinglass.arithmetic import solve
from spinglass.complexity.games.linear import independent
from spinglass.spectra.dyson.digits import psi_digits
from spinglass.spectra.semicircle import deviation

STEPS = 60
BELOW = 1e-2  # the first distance from the end of a plateau, relative to the size of the form
HALVINGS = 24  # of that distance, at the most


class Digits:
    """The function Sigma(g) of a game in an arithmetic with digits, and its stationary points on faces."""

    def __init__(self, local, annealed, ar):
        self.annealed, self.ar = annealed, ar
        self.local = local
        # y - 1 below which the cost, of order (y-1)^(3/2), is rounding: on the edge its derivatives must not blow it up
        self.at_edge = ar.epsilon ** (ar.number(2) / 3)
        self.constant, self.edges = local.constant, local.edges

    def sigma(self, g, outliers):
        """Return Sigma(g), its gradient and its Hessian."""
        local, ar = self.local, self.ar
        shifts = local.shifts_at(g)
        value, slope, curve = psi_digits(self.annealed.scaled, local, shifts, ar)
        for s, k in zip(*outliers, strict=True):
            if k:
                cost, y = k * local.fractions[s], shifts[s] / self.edges[s]
                if y - 1 > self.at_edge:
                    root = ar.sqrt((y - 1) * (y + 1))
                    value = value - cost * deviation(y, ar)
                    slope[s] = slope[s] - cost * 2 * root / self.edges[s]
                    curve[s, s] = curve[s, s] - cost * 2 * y / (root * self.edges[s] ** 2)
        gradient = np.dot(local.shifts.T, slope) - g
        one = np.array([[ar.number(int(i == j)) for j in range(len(g))] for i in range(len(g))], dtype=object)
        hessian = np.dot(local.shifts.T, np.dot(curve, local.shifts)) - one
        return self.constant + value - np.dot(g, g) / 2, gradient, hessian

    def rows(self, equal_rows, outliers, face):
        """Return the rows of a face: equations, then the edges of the species that sit on theirs."""
        active = [s for i, s in enumerate(outliers.species) if face >> i & 1]
        rows = [*equal_rows, *(self.local.shifts[s] for s in active)]
        return np.array(rows, dtype=object).reshape(len(rows), self.local.shifts.shape[1]), [
            self.edges[s] - self.local.shift_offset[s] for s in active
        ]

    def stationary(self, rows, values, seed, outliers):
        """Return Sigma, the point g and the multipliers where Sigma is stationary under rows @ g = values."""
        ar, m, r = self.ar, len(seed), len(rows)
        g = np.array([ar.number(float(x)) for x in seed], dtype=object)
        multipliers = np.array([ar.number(0)] * r, dtype=object)
        values = np.array(values, dtype=object)
        zero = np.array([[ar.number(0)] * r for _ in range(r)], dtype=object).reshape(r, r)
        for _ in range(STEPS):
            _, gradient, hessian = self.sigma(g, outliers)
            try:
                if r == m:  # no freedom: the equations alone fix the point
                    move = solve(rows, values - np.dot(rows, g))
                    new = solve(rows.T, gradient)
                else:
                    matrix = np.block([[hessian, -rows.T], [rows, zero]])
                    step = solve(matrix, np.append(-gradient, values - np.dot(rows, g)))
                    move, new = step[:m], step[m:]
            except ZeroDivisionError:
                raise ArithmeticError("the supremum is attained along a plateau: ask for it in float64") from None
            g, change = g + move, max(map(abs, [*move, *(new - multipliers)]))
            multipliers = new
            if change <= ar.epsilon * (1 + max(map(abs, g))):
                return self.sigma(g, outliers)[0], g, multipliers
        raise ArithmeticError(
            f"Newton's method did not converge to {ar.digits} digits: the supremum sits on a spectral edge"
        )

    def lowest(self, row, found, along):
        """Return the lowest value of ``row @ g`` with Sigma >= 0, in the way that float64 found."""
        row = np.array(row, dtype=object)
        if found.how == "crossing":
            return self._zero(row, found, along.outliers)
        if found.how == "plateau":
            return self._plateau_end(row, found, along)
        rows, edges = self.rows([], along.outliers, found.face)
        if found.how == "bound":  # the edges alone fix the value
            return np.dot(solve(np.dot(rows, rows.T), np.dot(rows, row)), np.array(edges, dtype=object))
        keep = independent(rows.astype(float))
        return np.dot(row, self.stationary(rows[keep], [edges[i] for i in keep], found.place, along.outliers)[1])

    def _zero(self, row, found, outliers):
        """Return the value of ``row @ g`` at which the supremum under that one equation vanishes.

        Its derivative by the value is the multiplier.
        """
        ar = self.ar
        rows, edges = self.rows([row], outliers, found.face)
        place, level = found.place, ar.number(found.level)
        for _ in range(STEPS):
            value, g, multipliers = self.stationary(rows, [level, *edges], place, outliers)
            move = -value / multipliers[0]
            level, place = level + move, [float(x) for x in g]
            if abs(move) <= ar.epsilon * (1 + abs(level)):
                return level
        raise ArithmeticError(f"the zero of the complexity did not converge to {ar.digits} digits")

    def _plateau_end(self, row, found, along):
        r"""Return the value e at which the multiplier vanishes like :math:`\sqrt{e - c}`, from values c below it.

        c is an analytic function of the multiplier's square: polynomials through more and more points, at distances
        that halve, are extrapolated to 0 (Neville).  A point nearer to the edge than float64 tells would have no seed.
        """
        ar, squares, table, last = self.ar, [], [], None
        for i in range(HALVINGS):
            level = found.level - BELOW * along.size / 2**i
            best = along.suprema([level])
            rows, edges = self.rows([row], along.outliers, int(best.faces[0]))
            multiplier = self.stationary(rows, [ar.number(level), *edges], best.places[0], along.outliers)[2][0]
            squares.append(multiplier**2)
            new = [ar.number(level)]
            for j, before in enumerate(table):
                ratio = squares[i] / (squares[i - j - 1] - squares[i])
                new.append(new[j] + (new[j] - before) * ratio)
            table = new
            if last is not None and abs(table[-1] - last) <= 4 * ar.epsilon * (1 + abs(last)):
                return table[-1]
            last = table[-1]
        raise ArithmeticError(f"the end of the plateau did not converge to {ar.digits} digits: ask for fewer")
