"""The Gaussian orthogonal ensemble at finite size, exactly: density of eigenvalues, mean determinant, by index too.

Examples
--------
>>> import spinglass as sg
>>> print(f"{sg.goe.mean_abs_det(1, 0.):.6f}")  # E|X| for a standard normal
0.797885
"""

from spinglass.spectra.goe.determinant import density, log_density, log_mean_abs_det, mean_abs_det
from spinglass.spectra.goe.index import log_mean_abs_det_index, mean_abs_det_index

__all__ = [
    "density",
    "log_density",
    "log_mean_abs_det",
    "log_mean_abs_det_index",
    "mean_abs_det",
    "mean_abs_det_index",
]
