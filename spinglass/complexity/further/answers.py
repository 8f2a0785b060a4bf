"""Answers for a spiked tensor and for a random field in a parabola."""

from spinglass.complexity.answers import Answers
from spinglass.complexity.further.parabola import rate_of_all, rate_of_fraction, rate_of_index
from spinglass.complexity.further.parabola_rates import REFUSED, ParabolaRates
from spinglass.complexity.further.spiked_rates import SpikedRates
from spinglass.complexity.one_sphere.answers import SphereAnswers
from spinglass.models import pure
from spinglass.models.selection import AnyIndex, GivenIndex, IndexFraction


class SpikedAnswers(Answers):
    """The complexity of a spiked tensor."""

    def __init__(self, model):
        self.model, self.pure = model, SphereAnswers(pure(model.k))

    @property
    def spread(self):
        """The size of the energies, of which the spike may have the largest."""
        return (1 + 2 * float(self.model.lambda_),)

    def of(self, selection):
        """Return the rates of all points, of minima, or of an index fraction, which the spike does not change."""
        match selection:
            case _ if not self.model.lambda_:
                return self.pure.of(selection)
            case AnyIndex():
                return SpikedRates(self.model, None, self.pure.of(selection))
            case GivenIndex(index=(0,)):
                return SpikedRates(self.model, 0, self.pure.of(selection))
            case GivenIndex(index=(k,)):
                raise NotImplementedError(
                    f"index: {k} negative eigenvalues have no known formula with a spike; try index=0 or None"
                )
            case IndexFraction():
                return self.pure.of(selection)
        raise selection.refused("a spiked tensor", "index 0, None or an index fraction")

    def threshold(self, ar):
        """Return the energy above which typical points have a positive fraction of negative eigenvalues."""
        return self.pure.threshold(ar)


class ParabolaAnswers(Answers):
    """The complexity of a random field in a parabola."""

    def __init__(self, model):
        self.model = model

    @property
    def spread(self):
        """The size of the energies: there are none to compare it with."""
        return (1.0,)

    def of(self, selection):
        """Return the rates of all points, of those of an index, or of those of an index fraction."""
        m = self.model.m
        match selection:
            case AnyIndex():
                return ParabolaRates(lambda ar: rate_of_all(m, ar))
            case GivenIndex(index=(k,)):
                return ParabolaRates(lambda ar: rate_of_index(m, k, ar))
            case IndexFraction(fraction=fraction):
                return ParabolaRates(lambda ar: rate_of_fraction(m, fraction, ar))
        raise selection.refused("a parabola", "an index or an index fraction")

    def threshold(self, ar):
        """Refuse: energies are not fixed."""
        raise NotImplementedError("threshold_energy: " + REFUSED.format("energies"))
