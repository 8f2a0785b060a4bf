# What type checkers read instead of the lazy __init__.py; a test compares the two.
from spinglass import figures as figures
from spinglass import montecarlo as montecarlo
from spinglass import plotting as plotting
from spinglass import spectra as spectra
from spinglass import symbolic as symbolic
from spinglass.arithmetic.ball import balls as balls
from spinglass.arithmetic.float64 import float64 as float64
from spinglass.arithmetic.multiprecision import mp as mp
from spinglass.arithmetic.symbolic import symbols as symbols
from spinglass.complexity.api import complexity as complexity
from spinglass.complexity.eigenpairs import real_eigenpairs as real_eigenpairs
from spinglass.complexity.ground_state import algorithmic_energy as algorithmic_energy
from spinglass.complexity.ground_state import ground_state_energy as ground_state_energy
from spinglass.complexity.moments import overlap_supremum as overlap_supremum
from spinglass.complexity.moments import second_moment as second_moment
from spinglass.counts import count_density as count_density
from spinglass.counts import mean_count as mean_count
from spinglass.landscape import critical_points as critical_points
from spinglass.models import SphericalGame as SphericalGame
from spinglass.models import bipartite as bipartite
from spinglass.models import gan as gan
from spinglass.models import mixed as mixed
from spinglass.models import pure as pure
from spinglass.models.further import parabolic as parabolic
from spinglass.models.further import spiked as spiked
from spinglass.references import cite as cite
from spinglass.spectra import goe as goe
from spinglass.symbolic import latex as latex

__all__: list[str]
__version__: str
