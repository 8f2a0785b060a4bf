"""Small neural networks with exact Hessians: what the laws of random matrices are compared with.

``perceptron`` holds a network and its derivatives, ``descent`` finds minima and critical points, ``digits`` trains on
images, ``random_data`` on noise.
"""

from spinglass.networks.digits import batch_spectra, digits, split, unfolded
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
    "Network",
    "batch_spectra",
    "critical_points",
    "digits",
    "fit_critical_energy",
    "minimisers",
    "relu_network",
    "relu_spectra",
    "split",
    "tanh_network",
    "unfolded",
]
