"""Laws of the Hessians: what a random matrix of a model looks like at large size.

Examples
--------
>>> import spinglass as sg
>>> sg.spectra.Semicircle(variance=1.).support
array([[-2.,  2.]])
"""

from spinglass.spectra.affine import Affine, PointMass
from spinglass.spectra.block_gaussian import BlockGaussian
from spinglass.spectra.free_sum import FreeSum
from spinglass.spectra.freely_divisible import FreeCompoundPoisson, FreelyDivisible, MarchenkoPastur
from spinglass.spectra.law import Law
from spinglass.spectra.log_determinant import LogDeterminant
from spinglass.spectra.network_hessian import (
    critical_energy,
    index_amplitude,
    minimiser_energy,
    negative_fraction,
    network_hessian,
)
from spinglass.spectra.semicircle import Semicircle

__all__ = [
    "Affine",
    "BlockGaussian",
    "FreeCompoundPoisson",
    "FreeSum",
    "FreelyDivisible",
    "Law",
    "LogDeterminant",
    "MarchenkoPastur",
    "PointMass",
    "Semicircle",
    "critical_energy",
    "index_amplitude",
    "minimiser_energy",
    "negative_fraction",
    "network_hessian",
]
