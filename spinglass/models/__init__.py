"""What is random: spherical games, their named constructors and their law at one point."""

from spinglass.models.constructors import bipartite, gan, mixed, pure
from spinglass.models.game import SphericalGame
from spinglass.models.local_law import LocalLaw
from spinglass.models.table import Table

__all__ = ["LocalLaw", "SphericalGame", "Table", "bipartite", "gan", "mixed", "pure"]
