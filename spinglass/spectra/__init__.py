"""Laws of the Hessians: what a random matrix of a model looks like at large size.

Examples
--------
>>> import spinglass as sg
>>> sg.spectra.Semicircle(variance=1.).support
array([[-2.,  2.]])
"""

from spinglass.spectra.affine import Affine, PointMass
from spinglass.spectra.batch_outliers import OutlierFit, batch_outlier, fit_outliers
from spinglass.spectra.block_gaussian import BlockGaussian
from spinglass.spectra.damping import best_step, effective_damping, expected_best_step
from spinglass.spectra.free_sum import FreeSum
from spinglass.spectra.freely_divisible import FreeCompoundPoisson, FreelyDivisible, MarchenkoPastur
from spinglass.spectra.gaussian_surface import gradient_correlation, gradient_covariance, sample_surface_hessian
from spinglass.spectra.law import Law
from spinglass.spectra.local import (
    distinct,
    number_variance,
    ratio_density,
    ratio_test,
    rigidity,
    spacing_ratios,
    spacing_test,
    spacings,
    unfold,
    wigner_surmise,
)
from spinglass.spectra.log_determinant import LogDeterminant
from spinglass.spectra.network_hessian import (
    critical_energy,
    index_amplitude,
    minimiser_energy,
    negative_fraction,
    network_hessian,
)
from spinglass.spectra.outliers import outlier, outlier_overlap
from spinglass.spectra.percolated import PercolatedWigner, PercolatedWishart
from spinglass.spectra.products import WignerProduct, WishartProduct
from spinglass.spectra.semicircle import Semicircle
from spinglass.spectra.sparse import SparseWigner, SparseWishart

__all__ = [
    "Affine",
    "BlockGaussian",
    "FreeCompoundPoisson",
    "FreeSum",
    "FreelyDivisible",
    "Law",
    "LogDeterminant",
    "MarchenkoPastur",
    "OutlierFit",
    "PercolatedWigner",
    "PercolatedWishart",
    "PointMass",
    "Semicircle",
    "SparseWigner",
    "SparseWishart",
    "WignerProduct",
    "WishartProduct",
    "batch_outlier",
    "best_step",
    "critical_energy",
    "distinct",
    "effective_damping",
    "expected_best_step",
    "fit_outliers",
    "gradient_correlation",
    "gradient_covariance",
    "index_amplitude",
    "minimiser_energy",
    "negative_fraction",
    "network_hessian",
    "number_variance",
    "outlier",
    "outlier_overlap",
    "ratio_density",
    "ratio_test",
    "rigidity",
    "sample_surface_hessian",
    "spacing_ratios",
    "spacing_test",
    "spacings",
    "unfold",
    "wigner_surmise",
]
