"""Networks of any layers: what a layer is, passes through layers, second derivatives, and ready architectures.

>>> from spinglass import networks
>>> from spinglass.networks.layers import Activation, Dense
>>> layers = [Dense(10, 5), Activation("softplus"), Dense(5, 1)]
>>> networks.of_layers(networks.data.diabetes(), layers, rng=1).size
61
"""

from spinglass.networks.layers.kinds import Activation, Dense, Layer, MeanPool, Patches, Reshape, Skip

__all__ = ["Activation", "Dense", "Layer", "MeanPool", "Patches", "Reshape", "Skip"]
