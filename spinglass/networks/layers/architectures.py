r"""Architectures: layers for the shapes of given data, with random parameters.

Weights are normal, their variance one over the number of inputs of their layer (two over it before "relu", which
passes one half), biases are 0, so that values keep their size through any number of layers.
"""

from itertools import pairwise

import numpy as np

from spinglass.networks.activations import ACTIVATIONS
from spinglass.networks.layers.kinds import Activation, Dense, Layer, MeanPool, Patches, Reshape, Skip
from spinglass.networks.layers.network import LayeredNetwork
from spinglass.running.streams import generator


def of_layers(data, layers, rng=None):
    """Return a network of given layers, on the examples to train with.

    Parameters
    ----------
    data : Data
    layers : sequence of layers
        Of :mod:`spinglass.networks.layers`, from d inputs to K outputs.
    rng : int, SeedSequence, Generator or None, optional
        Of the parameters.

    Returns
    -------
    LayeredNetwork

    Raises
    ------
    ValueError
        If the layers do not fit to each other or to the data.

    Examples
    --------
    >>> from spinglass import networks
    >>> from spinglass.networks.layers import Activation, Dense
    >>> network = networks.of_layers(networks.data.diabetes(), [Dense(10, 5), Activation("tanh"), Dense(5, 1)], rng=1)
    >>> network.size, network.hessian().shape
    (61, (61, 61))
    """
    parts, draw = [], generator(rng)
    for layer, following in zip(layers, [*layers[1:], None], strict=True):
        if isinstance(layer, Dense):
            gain = 2.0 if following == Activation("relu") else 1.0
            weights = np.sqrt(gain / layer.inputs) * draw.standard_normal((layer.outputs, layer.inputs))
            parts.append(np.hstack([weights, np.zeros((layer.outputs, int(layer.bias)))]).ravel())
    parameters = np.concatenate(parts) if parts else np.zeros(0)
    inputs, targets = data.train
    return LayeredNetwork(parameters, inputs, targets, tuple(layers), criterion=data.criterion)


def mlp(data, hidden=(20,), activation="tanh", bias=True, rng=None):
    """Return a perceptron with any number of hidden layers.

    Parameters
    ----------
    data : Data
    hidden : sequence of int, optional
        Units of the hidden layers; none for a regression, linear or logistic by the criterion of the data.
    activation : {"tanh", "relu", "softplus", "sigmoid", "linear"}, optional
    bias : bool, optional
    rng : int, SeedSequence, Generator or None, optional
        Of the parameters.

    Returns
    -------
    LayeredNetwork

    Raises
    ------
    ValueError
        For an unknown activation.

    Examples
    --------
    >>> from spinglass import networks
    >>> network = networks.mlp(networks.data.digits(), hidden=(16, 16), rng=1)
    >>> network.size
    1482
    """
    _check_activation(activation)
    widths = [data.train[0].shape[1], *hidden, data.train[1].shape[1]]
    layers: list[Layer] = []
    for inputs, outputs in pairwise(widths):
        layers += [Dense(inputs, outputs, bias), Activation(activation)]
    return of_layers(data, layers[:-1], rng)


def convolutional(data, channels=(6, 8), width=3, activation="tanh", rng=None):
    """Return a convolutional network: convolutions that keep the size, each followed by means over 2x2 pixels.

    Parameters
    ----------
    data : Data
        With the shape of its images.
    channels : sequence of int, optional
        Of each convolution.
    width : int, optional
        Of its squares, odd.
    activation, rng
        As for `mlp`.

    Returns
    -------
    LayeredNetwork

    Raises
    ------
    ValueError
        For data without images, an unknown activation, or images that cannot be halved so often.

    Examples
    --------
    >>> from spinglass import networks
    >>> networks.convolutional(networks.data.digits(), rng=1).size
    830
    """
    _check_activation(activation)
    if data.image is None:
        raise ValueError("data: expected images, with their shape in data.image, got none; try mlp")
    if width % 2 != 1:
        raise ValueError(f"width: expected an odd int, got {width}")
    layers: list[Layer] = [Reshape((data.train[0].shape[1],), data.image)]
    shape = data.image
    for outputs in channels:
        patches = Patches(width, width // 2)
        layers += [patches, Dense(patches.shape(shape)[-1], outputs), Activation(activation), MeanPool(2)]
        shape = MeanPool(2).shape((*shape[:2], outputs))
    count = int(np.prod(shape))
    return of_layers(data, [*layers, Reshape(shape, (count,)), Dense(count, data.train[1].shape[1])], rng)


def residual(data, width=16, blocks=2, activation="tanh", rng=None):
    r"""Return a residual network, of blocks :math:`x + W_2\,\sigma(W_1 x + b_1) + b_2` between two dense layers.

    Parameters
    ----------
    data : Data
    width : int, optional
        Of the blocks, inside as well.
    blocks : int, optional
    activation, rng
        As for `mlp`.

    Returns
    -------
    LayeredNetwork

    Raises
    ------
    ValueError
        For an unknown activation.

    Examples
    --------
    >>> from spinglass import networks
    >>> networks.residual(networks.data.digits(), rng=1).size
    2298
    """
    _check_activation(activation)
    block = Dense(width, width), Activation(activation), Dense(width, width), Skip(3)
    inputs, outputs = (part.shape[1] for part in data.train)
    return of_layers(data, [Dense(inputs, width), *block * blocks, Dense(width, outputs)], rng)


def _check_activation(name):
    if name not in ACTIVATIONS:
        raise ValueError(f"activation: expected one of {', '.join(ACTIVATIONS)}, got {name!r}")
