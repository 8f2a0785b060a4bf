r"""Second derivatives of the mean loss of layers: products with vectors, and the matrix from unit vectors.

.. math:: H v = H_0 v + H_1 v, \qquad H_0 v = J^T C J v,

:math:`H_1 v` from the bending of the way back, by :mod:`spinglass.networks.layers.passes`.  A matrix is symmetric: of
its rows for the parameters of a layer only the columns from that layer on are computed.
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator

from spinglass.networks.criteria import CRITERIA
from spinglass.networks.layers.passes import joined
from spinglass.networks.mean_loss import symmetric

#: Numbers that the tangents of one step take about: few enough to stay near the processor.
AT_ONCE = 2**20


class Curvature:
    """The sum over examples of one of the three matrices: what stands still while directions change."""

    def __init__(self, passes, targets, criterion, matrix):
        self.passes, f = passes, passes.outputs
        residuals, curvature, _ = CRITERIA[criterion]
        self.curvature = None if matrix == "residual_hessian" else curvature(f)
        self.rest = None
        if matrix != "gauss_newton":
            self.rest = [g[0] for g in passes.backward(residuals(f, targets)[1][None])[1]]
        self.examples, self.dtype = len(f), f.dtype
        self.step = max(1, AT_ONCE // (len(f) * passes.numbers))

    def product(self, directions, first=0):
        """Return the products (D, P) of directions (D, P), 0 for the parameters of layers before ``first``."""
        dw, dx = self.passes.forward(directions)
        g = None
        if self.curvature is not None and dx[-1] is not None:
            g = np.einsum("ikl,dil->dik", self.curvature, dx[-1])
        moved = None if self.rest is None else (dw, dx, self.rest)
        parts, _ = self.passes.backward(g, first=first, moved=moved)
        return joined(self.passes.layers, parts, directions.shape, self.dtype)

    def products(self, directions):
        """Return the products (D, P) of any number of directions."""
        return np.concatenate(
            [self.product(directions[i : i + self.step]) for i in range(0, len(directions), self.step)]
        )

    def dense(self):
        """Return the matrix."""
        size, first = sum(layer.size for layer in self.passes.layers), 0
        matrix = np.zeros((size, size), self.dtype)
        for i, layer in enumerate(self.passes.layers):
            last = first + layer.size
            for start in range(first, last, self.step):
                stop = min(start + self.step, last)
                # columns before this layer are known: they are rows of the layers before
                rows = self.product(np.eye(stop - start, size, start, dtype=self.dtype), i)[:, first:]
                matrix[start:stop, first:], matrix[first:, start:stop] = rows, rows.T
            matrix[first:last, first:last] = symmetric(matrix[first:last, first:last])
            first = last
        return matrix


class Products(LinearOperator):
    """Products of a matrix of second derivatives with vectors, a mean over parts of a batch."""

    def __init__(self, parts):
        self.parts, self.examples = parts, sum(part.examples for part in parts)
        size = sum(layer.size for layer in parts[0].passes.layers)
        super().__init__(parts[0].dtype, (size, size))

    def dense(self):
        """Return the matrix, an array (P, P)."""
        return sum(part.dense() for part in self.parts) / self.examples

    def _matmat(self, columns):
        rows = np.asarray(columns, self.dtype).T
        return (sum(part.products(rows) for part in self.parts) / self.examples).T

    def _matvec(self, v):
        return self._matmat(np.reshape(v, (-1, 1)))[:, 0]

    def _adjoint(self):
        return self
