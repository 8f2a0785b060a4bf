"""What every room of complexities owes: largest rates under conditions on the energies, for selected equilibria.

:class:`Answers` reads which equilibria are meant and hands on :class:`Rates`, which know nothing else any more.  One
sphere, games, players whose species meet, the quenched complexity, spiked tensors and the parabola keep this protocol,
each in its own way.
"""

from abc import ABC, abstractmethod


class Answers(ABC):
    """The complexity of one model, of so many players and losses (1 unless told)."""

    players = losses = 1

    @property
    @abstractmethod
    def spread(self):
        """The size of the energies of each loss: those 1e150 times as large count as infinite."""

    @abstractmethod
    def of(self, selection):
        """Return the rates of a selection; in each room this is the one place where its kind is read."""

    @abstractmethod
    def threshold(self, ar):
        """Return the energy above which typical points have a positive fraction of negative eigenvalues."""


class Rates(ABC):
    """The complexity of selected equilibria of one model, in nats per dimension."""

    @abstractmethod
    def supremum(self, conditions, ar):
        """Return the largest rate under conditions on the energies; -inf where no points are."""

    @abstractmethod
    def dominant(self, conditions):
        """Return the largest rate under one set of conditions and the normals of the local law where it is attained."""

    @abstractmethod
    def typical(self, weights):
        """Return the weighted energy at which points are most numerous, the lowest one if several tie."""

    @abstractmethod
    def lowest(self, weights, ar):
        """Return the lowest weighted energy with rate >= 0, +inf if there is none; weights may be negative."""
