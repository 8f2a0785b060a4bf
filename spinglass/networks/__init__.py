"""Small neural networks with exact Hessians: what the laws of random matrices are compared with.

>>> from spinglass import networks
>>> network = networks.mlp(networks.data.digits(), hidden=(10,), rng=1)
>>> network.hessian().shape, network.gauss_newton(batch=[3, 5]).shape
((760, 760), (760, 760))

``architectures`` makes networks of ``layers``, ``layered`` holds their derivatives, ``data`` what they learn.
``perceptron`` holds the closed forms of one hidden layer, ``descent`` finds minima and critical points, ``digits``
trains on images, ``random_data`` on noise.
"""

from spinglass.networks import data as data
from spinglass.networks.architectures import convolutional, mlp, of_layers, residual
from spinglass.networks.data import Data
from spinglass.networks.digits import batch_spectra, digits, split, unfolded
from spinglass.networks.layered import LayeredNetwork
from spinglass.networks.perceptron import Network
from spinglass.networks.random_data import (
    critical_points,
    fit_critical_energy,
    minimisers,
    relu_network,
    relu_spectra,
    tanh_network,
)

__all__ = [
    "Data",
    "LayeredNetwork",
    "Network",
    "batch_spectra",
    "convolutional",
    "critical_points",
    "data",
    "digits",
    "fit_critical_energy",
    "minimisers",
    "mlp",
    "of_layers",
    "relu_network",
    "relu_spectra",
    "residual",
    "split",
    "tanh_network",
    "unfolded",
]
