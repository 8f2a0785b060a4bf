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
from spinglass.plotting.equilibria import points
from spinglass.plotting.further import parabolic, spiked, spiked_contour
from spinglass.plotting.spectra import spectrum

__all__ = ["complexity", "contour", "parabolic", "points", "spectrum", "spiked", "spiked_contour", "thresholds"]
