"""Small neural networks with exact Hessians: what the laws of random matrices are compared with.

>>> import spinglass as sg
>>> network = sg.networks.mlp(sg.networks.data.digits(), hidden=(10,), rng=1)
>>> network.hessian().shape, network.gauss_newton(batch=[3, 5]).shape
((760, 760), (760, 760))

``architectures`` makes networks of ``layers``, ``layered`` holds their derivatives, ``data`` what they learn, and
``training`` goes down their losses by random batches.  ``perceptron`` holds the closed forms of one hidden layer,
``descent`` finds minima and critical points, ``digits`` trains on images, ``random_data`` on noise.
"""

from spinglass.networks import data as data
from spinglass.networks.architectures import convolutional, mlp, of_layers, residual
from spinglass.networks.data import Data
from spinglass.networks.descent import flatten, minimise
from spinglass.networks.digits import batch_spectra, digits, split, unfolded
from spinglass.networks.index_power import IndexPower, fit_critical_energy, fit_index_power
from spinglass.networks.layered import LayeredNetwork
from spinglass.networks.optimisers import SGD, Adam, Momentum
from spinglass.networks.perceptron import Network
from spinglass.networks.random_data import (
    critical_points,
    minimisers,
    relu_network,
    relu_spectra,
    tanh_network,
)
from spinglass.networks.traced import TracedNetwork, traced
from spinglass.networks.training import Training, train

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
