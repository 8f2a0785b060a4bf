"""Mean numbers of equilibria at finite N, handed to the method that can answer.

Examples
--------
>>> import spinglass as sg
>>> print(f"{sg.mean_count(sg.pure(3), 10, index=0).mean:.8f}")
6.08038719
"""

from spinglass.counts.api import count_density, mean_count
from spinglass.counts.estimate import Estimate

__all__ = ["Estimate", "count_density", "mean_count"]
