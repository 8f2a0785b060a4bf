"""Rates of a random field in a parabola, whatever the energies: its strength does not fix at which ones points lie."""

from spinglass.complexity.answers import Rates

REFUSED = "the strength of a parabola does not fix {}; try total(index=..) or total(fraction=..)"


class ParabolaRates(Rates):
    """The rate of selected points, whatever their energies."""

    def __init__(self, total):
        self.total = total

    def supremum(self, conditions, ar):
        """Return the rate of all energies."""
        if not conditions.free:
            raise NotImplementedError("energies: " + REFUSED.format("at which energies points lie"))
        return self.total(ar)

    def dominant(self, conditions):
        """Refuse: there is no local law of spheres behind it."""
        raise NotImplementedError("dominant_normals: " + REFUSED.format("normals of a local law"))

    def typical(self, weights):
        """Refuse: energies are not fixed."""
        raise NotImplementedError("typical_energy: " + REFUSED.format("energies"))

    def lowest(self, weights, ar):
        """Refuse: energies are not fixed."""
        raise NotImplementedError("loss: " + REFUSED.format("the lowest or highest energies"))
