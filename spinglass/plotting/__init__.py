r"""Axes in, Axes out: plots of complexities, spectra and thresholds.  Nothing is shown, saved or set globally.

Examples
--------
>>> import spinglass as sg
>>> ax = sg.plotting.spectrum(sg.spectra.Semicircle(variance=1.))
>>> ax.get_xlabel()
'eigenvalue $\\lambda$'
"""

from spinglass.plotting.complexities import complexity, thresholds
from spinglass.plotting.contours import contour
from spinglass.plotting.counting import counts
from spinglass.plotting.equilibria import points
from spinglass.plotting.estimates import convergence
from spinglass.plotting.finite_sizes import finite_size
from spinglass.plotting.further import parabolic, spiked, spiked_contour
from spinglass.plotting.index_fractions import index_fraction
from spinglass.plotting.levels import ratios, spacings
from spinglass.plotting.phases import phase_diagram
from spinglass.plotting.replicas import quenched
from spinglass.plotting.sampled_spectra import sampled
from spinglass.plotting.spectra import spectrum
from spinglass.plotting.spheres import sphere

__all__ = [
    "complexity",
    "contour",
    "convergence",
    "counts",
    "finite_size",
    "index_fraction",
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
