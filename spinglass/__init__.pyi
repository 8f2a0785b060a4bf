# The public names and their homes: type checkers read these lines, and __init__.py loads names by them.
from spinglass import figures as figures
from spinglass import montecarlo as montecarlo
from spinglass import networks as networks
from spinglass import plotting as plotting
from spinglass import spectra as spectra
from spinglass import symbolic as symbolic
from spinglass.arithmetic.ball import balls as balls
from spinglass.arithmetic.float64 import float64 as float64
from spinglass.arithmetic.multiprecision import mp as mp
from spinglass.arithmetic.symbolic import symbols as symbols
from spinglass.complexity.api import complexity as complexity
from spinglass.complexity.further.parabola import parabolic as parabolic
from spinglass.complexity.further.spiked_tensor import spiked as spiked
from spinglass.complexity.index_fractions import index_fractions as index_fractions
from spinglass.complexity.pairs.moments import overlap_supremum as overlap_supremum
from spinglass.complexity.pairs.moments import second_moment as second_moment
from spinglass.complexity.typical.ground_state import algorithmic_energy as algorithmic_energy
from spinglass.complexity.typical.ground_state import ground_state_energy as ground_state_energy
from spinglass.counts import count_density as count_density
from spinglass.counts import mean_count as mean_count
from spinglass.finite.eigenpairs import real_eigenpairs as real_eigenpairs
from spinglass.landscape.api import critical_points as critical_points
from spinglass.models.constructors import bipartite as bipartite
from spinglass.models.constructors import gan as gan
from spinglass.models.constructors import mixed as mixed
from spinglass.models.constructors import pure as pure
from spinglass.models.game import SphericalGame as SphericalGame
from spinglass.references import cite as cite
from spinglass.spectra import goe as goe
from spinglass.symbolic.tex import latex as latex

__all__: list[str]
__version__: str
