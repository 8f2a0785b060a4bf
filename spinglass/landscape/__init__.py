"""One draw of a model: its losses, gradients and Hessians, and all of its critical points.

Examples
--------
>>> import spinglass as sg
>>> from spinglass.landscape import critical_points
>>> critical_points(sg.pure(2).draw(5, rng=1), proof=False).count  # the eigenvectors of a matrix, up and down
10
"""

from spinglass.landscape.api import critical_points
from spinglass.landscape.draw import Draw
from spinglass.landscape.points import CriticalPoint, CriticalPoints

__all__ = ["CriticalPoint", "CriticalPoints", "Draw", "critical_points"]
