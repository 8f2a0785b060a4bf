"""Laws of the Hessians: what a random matrix of a model looks like at large size.

Examples
--------
>>> import spinglass as sg
>>> sg.spectra.Semicircle(variance=1.).support
array([[-2.,  2.]])
"""

from spinglass.spectra.data.empirical.empirical import Empirical
from spinglass.spectra.data.empirical.own_unfolding import kernel_unfolding, polynomial_unfolding
from spinglass.spectra.data.fitting.comparison import Comparison, compare
from spinglass.spectra.data.fitting.fit import fit
from spinglass.spectra.data.fitting.result import Fit
from spinglass.spectra.data.products.lanczos import lanczos
from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.dyson.log_determinant import LogDeterminant
from spinglass.spectra.free.addition import add, stretch
from spinglass.spectra.free.affine import Affine, PointMass
from spinglass.spectra.free.free_power import FreePower
from spinglass.spectra.free.free_sum import FreeSum
from spinglass.spectra.free.freely_divisible import FreeCompoundPoisson, FreelyDivisible, MarchenkoPastur
from spinglass.spectra.free.multiplicative.free_product import FreeProduct
from spinglass.spectra.free.multiplicative.multiplication import multiplicative_power, s_transform, times
from spinglass.spectra.free.multiplicative.power import MultiplicativePower
from spinglass.spectra.free.powers import compression, free_power
from spinglass.spectra.law import Law
from spinglass.spectra.laws.percolated import PercolatedWigner, PercolatedWishart
from spinglass.spectra.laws.products import WignerProduct, WishartProduct
from spinglass.spectra.laws.sparse import SparseWigner, SparseWishart
from spinglass.spectra.levels.ensembles import ratio_density, ratio_test, spacing_test, wigner_surmise
from spinglass.spectra.levels.rigidity import number_variance, rigidity
from spinglass.spectra.levels.spacings import distinct, spacing_ratios, spacings
from spinglass.spectra.levels.unfolding import unfold
from spinglass.spectra.noise.batch_outliers import OutlierFit, batch_outlier, fit_outliers
from spinglass.spectra.noise.damping import best_step, effective_damping, expected_best_step
from spinglass.spectra.noise.outliers import outlier, outlier_overlap
from spinglass.spectra.noise.spikes import Spikes, spike
from spinglass.spectra.semicircle import Semicircle
from spinglass.spectra.surfaces.gaussian_surface import (
    gradient_correlation,
    gradient_covariance,
    sample_surface_hessian,
)
from spinglass.spectra.surfaces.network_hessian import (
    critical_energy,
    index_amplitude,
    minimiser_energy,
    negative_fraction,
    network_hessian,
)
from spinglass.spectra.universal.edge import edge
from spinglass.spectra.universal.level_spacing import LevelSpacing
from spinglass.spectra.universal.tracy_widom import TracyWidom

Law._add, Law._stretch = staticmethod(add), staticmethod(stretch)
Law._times, Law._s_transform = staticmethod(times), staticmethod(s_transform)
Law._multiplicative_power = staticmethod(multiplicative_power)
Law._power, Law._compression = staticmethod(free_power), staticmethod(compression)

__all__ = [
    "Affine",
    "BlockGaussian",
    "Comparison",
    "Empirical",
    "Fit",
    "FreeCompoundPoisson",
    "FreePower",
    "FreeProduct",
    "FreeSum",
    "FreelyDivisible",
    "Law",
    "LevelSpacing",
    "LogDeterminant",
    "MarchenkoPastur",
    "MultiplicativePower",
    "OutlierFit",
    "PercolatedWigner",
    "PercolatedWishart",
    "PointMass",
    "Semicircle",
    "SparseWigner",
    "SparseWishart",
    "Spikes",
    "TracyWidom",
    "WignerProduct",
    "WishartProduct",
    "batch_outlier",
    "best_step",
    "compare",
    "critical_energy",
    "distinct",
    "edge",
    "effective_damping",
    "expected_best_step",
    "fit",
    "fit_outliers",
    "gradient_correlation",
    "gradient_covariance",
    "index_amplitude",
    "kernel_unfolding",
    "lanczos",
    "minimiser_energy",
    "negative_fraction",
    "network_hessian",
    "number_variance",
    "outlier",
    "outlier_overlap",
    "polynomial_unfolding",
    "ratio_density",
    "ratio_test",
    "rigidity",
    "sample_surface_hessian",
    "spacing_ratios",
    "spacing_test",
    "spacings",
    "spike",
    "unfold",
    "wigner_surmise",
]
