r"""Axes in, Axes out: plots of complexities, spectra and thresholds.  Nothing is shown, saved or set globally.

Examples
--------
>>> import spinglass as sg
>>> ax = sg.plotting.spectrum(sg.spectra.Semicircle(variance=1.))
>>> ax.get_xlabel()
'eigenvalue $\\lambda$'
"""

from spinglass.plotting.curves.complexities import complexity, thresholds
from spinglass.plotting.curves.contours import contour
from spinglass.plotting.curves.further import parabolic, spiked, spiked_contour
from spinglass.plotting.curves.index_fractions import index_fraction
from spinglass.plotting.curves.phases import phase_diagram
from spinglass.plotting.curves.replicas import quenched
from spinglass.plotting.draws.counting import counts
from spinglass.plotting.draws.equilibria import points
from spinglass.plotting.draws.estimates import convergence
from spinglass.plotting.draws.finite_sizes import finite_size
from spinglass.plotting.draws.spheres import sphere
from spinglass.plotting.matrices.fits import comparison, fit
from spinglass.plotting.matrices.lanczos import lanczos
from spinglass.plotting.matrices.levels import ratios, spacings
from spinglass.plotting.matrices.sampled_spectra import sampled
from spinglass.plotting.matrices.spectra import spectrum

__all__ = [
    "comparison",
    "complexity",
    "contour",
    "convergence",
    "counts",
    "finite_size",
    "fit",
    "index_fraction",
    "lanczos",
    "parabolic",
    "phase_diagram",
    "points",
    "quenched",
    "ratios",
    "sampled",
    "spacings",
    "spectrum",
    "sphere",
    "spiked",
    "spiked_contour",
    "thresholds",
]
