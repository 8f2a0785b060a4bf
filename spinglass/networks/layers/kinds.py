r"""Layers: what each makes of its inputs x and parameters w, and what derivatives make of it.

Tangents :math:`\dot w, \dot x, \dot y` of a layer y(w, x) lead forward, cotangents, such as
:math:`\bar y = \partial L/\partial y`, lead backward:

.. math:: \dot y = y_w \dot w + y_x \dot x, \qquad \bar w = y_w^T \bar y, \quad \bar x = y_x^T \bar y .

The maps backward have derivatives of their own: the terms in :math:`\dot{\bar y}`, which are the same maps again, and
those in which :math:`\bar y` stands still and w and x move.  A dense layer is bilinear and an activation acts on each
number by itself, so that the latter are

.. math:: \text{dense:}\quad \dot{\bar W} = \bar y\, \dot x^T,\ \ \dot{\bar x} = \dot W^T \bar y; \qquad
          \text{activation:}\quad \dot{\bar x} = \sigma''(x)\, \dot x\, \bar y,

and 0 for a linear layer without parameters.  A convolution is the linear map to patches and a dense layer on them.
Arrays of values have the examples first; tangents and cotangents have one axis more before them, the directions.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from spinglass.networks.activations import ACTIVATIONS


class Layer:
    """A linear layer without parameters; the others say what differs."""

    skip = 0  # layers back to the inputs that are added to the outputs

    @property
    def size(self):
        """Number of parameters."""
        return 0

    def shape(self, inputs):
        """Return the shape of the outputs of one example."""
        return inputs

    def forward(self, w, x):
        """Return y and what the other maps need of x."""
        return self.linear(x), None

    def linear(self, x):
        """Return y, for whatever axes come first."""
        return x

    def adjoint(self, g):
        """Return the transpose of the linear map, applied."""
        return g

    def tangent(self, w, kept, dw, dx):
        """Return dy, or None for 0; so may be dw and dx."""
        return None if dx is None else self.linear(dx)

    def backward(self, w, kept, g):
        """Return the cotangent of x for that of y, g."""
        return self.adjoint(g)

    def backward_along(self, w, kept, g, dw, dx):
        """Return its change along dw and dx while g, without an axis of directions, stands still."""
        return None

    def gradient(self, kept, g, each=False):
        """Return the cotangent of w, summed over examples or for ``each``."""
        return None

    def gradient_along(self, g, dx):
        """Return its change along dx while g, without an axis of directions, stands still."""
        return None


@dataclass(frozen=True)
class Dense(Layer):
    """y = W x + b on the last axis; the parameters are W row by row, with b as its last column."""

    inputs: int
    outputs: int
    bias: bool = True

    @property
    def size(self):
        """Number of parameters."""
        return self.outputs * (self.inputs + self.bias)

    def shape(self, inputs):
        """Return the shape of the outputs of one example."""
        if inputs[-1] != self.inputs:
            raise ValueError(f"layers: expected {self.inputs} inputs of a dense layer, got {inputs[-1]}")
        return (*inputs[:-1], self.outputs)

    def forward(self, w, x):
        """Return W x + b, and x with a 1 for the bias."""
        if self.bias:
            x = np.concatenate([x, np.ones((*x.shape[:-1], 1), x.dtype)], axis=-1)
        return x @ self._matrix(w).T, x

    def tangent(self, w, kept, dw, dx):
        """Return dW x + W dx."""
        dy = None if dx is None else dx @ self._weights(w).T
        if dw is None:
            return dy
        flat = kept.reshape(-1, kept.shape[-1])
        along = (flat @ self._matrix(dw).transpose(0, 2, 1)).reshape(len(dw), *kept.shape[:-1], self.outputs)
        return along if dy is None else dy + along

    def backward(self, w, kept, g):
        """Return W^T g."""
        return g @ self._weights(w)

    def backward_along(self, w, kept, g, dw, dx):
        """Return dW^T g."""
        if dw is None:
            return None
        return (g.reshape(-1, self.outputs) @ self._weights(dw)).reshape(len(dw), *g.shape[:-1], self.inputs)

    def gradient(self, kept, g, each=False):
        """Return g x^T."""
        axes = kept.shape[:1] if each else ()
        rows, x = g.reshape(len(g), *axes, -1, self.outputs), kept.reshape(*axes, -1, kept.shape[-1])
        return (rows.swapaxes(-1, -2) @ x).reshape(len(g), *axes, -1)

    def gradient_along(self, g, dx):
        """Return g dx^T; the input of a bias is always 1."""
        if dx is None:
            return None
        change = np.zeros((len(dx), self.outputs, self.inputs + self.bias), dx.dtype)
        change[:, :, : self.inputs] = g.reshape(-1, self.outputs).T @ dx.reshape(len(dx), -1, self.inputs)
        return change.reshape(len(dx), -1)

    def _matrix(self, w):
        return w.reshape(*w.shape[:-1], self.outputs, -1)

    def _weights(self, w):
        return self._matrix(w)[..., : self.inputs]


@dataclass(frozen=True)
class Activation(Layer):
    """y = sigma(x), number by number."""

    name: str

    def forward(self, w, x):
        """Return sigma, and its two derivatives."""
        value, *kept = ACTIVATIONS[self.name](x)
        return value, kept

    def tangent(self, w, kept, dw, dx):
        """Return sigma' dx."""
        return None if dx is None else kept[0] * dx

    def backward(self, w, kept, g):
        """Return sigma' g."""
        return kept[0] * g

    def backward_along(self, w, kept, g, dw, dx):
        """Return sigma'' dx g."""
        return None if dx is None else (kept[1] * g) * dx


@dataclass(frozen=True)
class Reshape(Layer):
    """The same numbers in another shape, of one example each."""

    before: tuple
    after: tuple

    def shape(self, inputs):
        """Return the shape of the outputs of one example."""
        if inputs != self.before or prod(self.before) != prod(self.after):
            raise ValueError(f"layers: expected inputs of shape {self.before} to become {self.after}, got {inputs}")
        return self.after

    def linear(self, x):
        """Return x in its new shape."""
        return x.reshape(*x.shape[: x.ndim - len(self.before)], *self.after)

    def adjoint(self, g):
        """Return g in the old shape."""
        return g.reshape(*g.shape[: g.ndim - len(self.after)], *self.before)


@dataclass(frozen=True)
class Patches(Layer):
    """Squares of width x width pixels around every pixel: (h, w, c) becomes (h', w', width^2 c).

    ``padding`` zeros surround the image.
    """

    width: int
    padding: int = 0

    def shape(self, inputs):
        """Return the shape of the outputs of one example."""
        high, wide, channels = inputs
        less = 2 * self.padding - self.width + 1
        if min(high, wide) + less < 1:
            raise ValueError(f"layers: expected images of at least {self.width} pixels, got {inputs}")
        return high + less, wide + less, self.width**2 * channels

    def linear(self, x):
        """Return the patches."""
        high, wide, _ = self.shape(x.shape[-3:])
        around = [(0, 0)] * (x.ndim - 3) + [(self.padding,) * 2] * 2 + [(0, 0)]
        x = np.pad(x, around)
        return np.concatenate([x[..., i : i + high, j : j + wide, :] for i, j in self._offsets()], axis=-1)

    def adjoint(self, g):
        """Return the sum of the patches at their places."""
        *first, high, wide, many = g.shape
        channels, more = many // self.width**2, self.width - 1
        x = np.zeros((*first, high + more, wide + more, channels), g.dtype)
        for at, (i, j) in enumerate(self._offsets()):
            x[..., i : i + high, j : j + wide, :] += g[..., at * channels : (at + 1) * channels]
        inner = slice(self.padding, -self.padding or None)
        return x[..., inner, inner, :]

    def _offsets(self):
        return np.ndindex(self.width, self.width)


@dataclass(frozen=True)
class MeanPool(Layer):
    """Means over squares of width x width pixels, which do not overlap: (h, w, c) becomes (h / width, w / width, c)."""

    width: int

    def shape(self, inputs):
        """Return the shape of the outputs of one example."""
        high, wide, channels = inputs
        if high % self.width or wide % self.width:
            raise ValueError(f"layers: expected images of multiples of {self.width} pixels, got {inputs}")
        return high // self.width, wide // self.width, channels

    def linear(self, x):
        """Return the means."""
        *first, high, wide, channels = x.shape
        k = self.width
        return x.reshape(*first, high // k, k, wide // k, k, channels).mean(axis=(-4, -2))

    def adjoint(self, g):
        """Return every number spread over its square."""
        return g.repeat(self.width, axis=-3).repeat(self.width, axis=-2) / self.width**2


@dataclass(frozen=True)
class Skip(Layer):
    """The inputs plus those of the layer ``skip`` before: what makes a network residual."""

    skip: int
