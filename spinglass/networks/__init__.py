"""Small neural networks with exact Hessians: what the laws of random matrices are compared with.

>>> import spinglass as sg
>>> network = sg.networks.mlp(sg.networks.data.digits(), hidden=(10,), rng=1)
>>> network.hessian().shape, network.gauss_newton(batch=[3, 5]).shape
((760, 760), (760, 760))

``layers`` holds networks of any layers and their derivatives, ``perceptron`` the closed forms of one hidden layer,
``data`` what they learn, and ``training`` the ways down their losses.  ``tasks`` are trained on images and on noise;
``index_power`` fits the index of critical points.
"""

from spinglass.networks import data as data
from spinglass.networks.data import Data
from spinglass.networks.index_power import IndexPower, fit_critical_energy, fit_index_power
from spinglass.networks.layers.architectures import convolutional, mlp, of_layers, residual
from spinglass.networks.layers.network import LayeredNetwork
from spinglass.networks.perceptron import Network
from spinglass.networks.tasks.digits import batch_spectra, digits, split, unfolded
from spinglass.networks.tasks.random_data import (
    critical_points,
    minimisers,
    relu_network,
    relu_spectra,
    tanh_network,
)
from spinglass.networks.traced import TracedNetwork, traced
from spinglass.networks.training.batches import Training, train
from spinglass.networks.training.descent import flatten, minimise
from spinglass.networks.training.optimisers import SGD, Adam, Momentum

__all__ = [
    "SGD",
    "Adam",
    "Data",
    "IndexPower",
    "LayeredNetwork",
    "Momentum",
    "Network",
    "TracedNetwork",
    "Training",
    "batch_spectra",
    "convolutional",
    "critical_points",
    "data",
    "digits",
    "fit_critical_energy",
    "fit_index_power",
    "flatten",
    "minimise",
    "minimisers",
    "mlp",
    "of_layers",
    "relu_network",
    "relu_spectra",
    "residual",
    "split",
    "tanh_network",
    "traced",
    "train",
    "unfolded",
]
