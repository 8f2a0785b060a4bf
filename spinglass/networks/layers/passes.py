r"""Passes through layers: values forward, cotangents backward, and the tangents of both.

The gradient :math:`\bar w` of the loss of outputs f comes back from :math:`\bar f = r`.  Along a direction v of the
parameters the values move by :math:`\dot x`, the outputs by :math:`\dot f = J v`, and the gradient by what comes back
from :math:`\dot{\bar f} = C \dot f` and by the bending of the way back itself (the R-operator):

.. math:: H_0 v = J^T C J v, \qquad H_1 v = \sum_l (\text{terms of layer } l \text{ with } \dot w, \dot x
          \text{ and } \bar y \text{ at rest}) .

Pearlmutter (1994), Fast exact multiplication by the Hessian.
"""

import numpy as np


class Passes:
    """Values of layers at parameters w and inputs x (examples first), kept for derivatives.

    ``outputs`` are those of the last layer; ``numbers`` is how many values an example has.
    """

    def __init__(self, layers, w, x):
        self.layers, self.weights, self.kept = layers, split(layers, w), []
        values = [x]
        for i, (layer, own) in enumerate(zip(layers, self.weights, strict=True)):
            y, kept = layer.forward(own, values[i])
            values.append(y + values[i - layer.skip] if layer.skip else y)
            self.kept.append(kept)
        self.outputs, self.numbers = values[-1], sum(v[0].size for v in values)

    def forward(self, direction):
        """Return the tangents of the inputs of all layers, and of the outputs, along directions (D, P)."""
        dw, dx = [v if v.any() else None for v in split(self.layers, direction)], [None]
        for i, layer in enumerate(self.layers):
            dy = layer.tangent(self.weights[i], self.kept[i], dw[i], dx[i])
            dx.append(_sum(dy, dx[i - layer.skip]) if layer.skip else dy)
        return dw, dx

    def backward(self, g, each=False, first=0, moved=None):
        """Return the cotangents of the parameters, and of the outputs of all layers, for those (D, m, K) of f.

        Those of the parameters are a list by layers of arrays (D, P_l), or (D, m, P_l) for ``each`` example, or None
        for 0 and for layers before ``first``.  ``moved``, of dw and dx from `forward` and cotangents (m, ..) of all
        layers, makes them the changes along directions, in which g may be None for 0.
        """
        parts, cotangents, waiting = [None] * len(self.layers), [None] * len(self.layers), {}
        for i in reversed(range(first, len(self.layers))):
            layer, w, kept = self.layers[i], self.weights[i], self.kept[i]
            cotangents[i], back = g, None
            if layer.size and g is not None:
                parts[i] = layer.gradient(kept, g, each)
            if i > first and g is not None:
                back = layer.backward(w, kept, g)
            if moved is not None:
                dw, dx, rest = moved
                parts[i] = _sum(parts[i], layer.gradient_along(rest[i], dx[i])) if layer.size else None
                back = _sum(back, layer.backward_along(w, kept, rest[i], dw[i], dx[i]))
            if layer.skip:
                waiting[i - layer.skip] = _sum(waiting.get(i - layer.skip), g)
            g = _sum(back, waiting.pop(i, None))
        return parts, cotangents


def split(layers, w):
    """Return the last axis of w layer by layer."""
    return np.split(w, np.cumsum([layer.size for layer in layers])[:-1], axis=-1)


def joined(layers, parts, shape, dtype):
    """Return the cotangents of all parameters as one array of this shape, 0 for None."""
    whole = np.zeros(shape, dtype)
    for place, part in zip(split(layers, whole), parts, strict=True):
        if part is not None:
            place[...] = part
    return whole


def _sum(a, b):
    """Return a + b, where None is 0."""
    return b if a is None else a if b is None else a + b
