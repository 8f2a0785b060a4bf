"""Laws of the Hessians: what a random matrix of a model looks like at large size.

Examples
--------
>>> import spinglass as sg
>>> sg.spectra.Semicircle(variance=1.).support
array([[-2.,  2.]])
"""

from spinglass.spectra.block_gaussian import BlockGaussian
from spinglass.spectra.law import Law
from spinglass.spectra.log_determinant import LogDeterminant
from spinglass.spectra.semicircle import Semicircle

__all__ = ["BlockGaussian", "Law", "LogDeterminant", "Semicircle"]
