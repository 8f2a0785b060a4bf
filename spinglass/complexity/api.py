"""``sg.complexity(model)``: one object that answers for energies, indices, totals and lowest energies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.arithmetic import float64, resolve
from spinglass.complexity import questions
from spinglass.complexity.answers import Answers
from spinglass.complexity.further.answers import ParabolaAnswers, SpikedAnswers
from spinglass.complexity.further.parabola import Parabolic
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.complexity.games.answers import GameAnswers
from spinglass.complexity.one_sphere.answers import SphereAnswers
from spinglass.complexity.one_sphere.classification import classify
from spinglass.complexity.typical.answers import quenched_answers
from spinglass.inputs.checks import instance, one_of, shown
from spinglass.inputs.plotted import Plotted
from spinglass.models import SphericalGame
from spinglass.models.selection import ANY_INDEX, selected

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.complexity.one_sphere.classification import Classification
    from spinglass.inputs.annotations import Array, Index, Number, Numbers

METHODS = ("annealed", "quenched")


def complexity(model: SphericalGame | Spiked | Parabolic, method: str = "annealed") -> Complexity:
    r"""Return the complexity of a model: rates of the mean number of its critical points, per dimension.

    .. math:: \Sigma(u) = \lim_{N\to\infty} \frac1N \log E\,\#\{\text{equilibria with losses near } \sqrt N u\}

    Parameters
    ----------
    model : SphericalGame, Spiked or Parabolic
        From sg.pure, sg.mixed, sg.bipartite, sg.gan or written down by its covariance; from sg.spiked, whose energies
        are :math:`u = -\sqrt2 x` of values x (maxima are minima of the loss), or sg.parabolic, which has rates of
        indices and fractions but no energies.
    method : {"annealed", "quenched"}
        "annealed": the logarithm of the mean (Kac-Rice).  "quenched": the mean of the logarithm, for one sphere without
        a field, with one step of replica symmetry breaking (:mod:`spinglass.complexity.typical.quenched`); it is at
        most the annealed one, and equal for pure models.  A negative value says that typically there are no such
        points.

    Returns
    -------
    Complexity
        A function of the energies with further methods; see there.

    Raises
    ------
    TypeError, ValueError, NotImplementedError
        For something that is not a model, an unknown method, a quenched complexity that has no formula.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Random matrices and complexity of spin glasses;
    Baskerville, Keating, Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of GANs;
    Kent-Dobias, Kurchan (2023), How to count in hierarchical landscapes.

    Examples
    --------
    >>> import spinglass as sg
    >>> c = sg.complexity(sg.pure(3))
    >>> c([-1.7, -1.65, -1.5], index=0).round(6)
    array([-0.030446,  0.004254,      -inf])
    >>> print(round(sg.complexity(sg.gan(p=3, q=3, sigma_z=1., kappa=.9)).total(), 6))
    0.618741
    >>> hierarchical = sg.mixed({3: 1 / 2, 16: 1 / 32})
    >>> for method in ("annealed", "quenched"):  # where the lowest minima lie
    ...     print(f"{sg.complexity(hierarchical, method).lowest_energy(index=0):.6f}")
    -1.287918
    -1.287606
    """
    instance("model", model, (SphericalGame, Spiked, Parabolic), "a model such as sg.pure(3)")
    return Complexity(model, one_of("method", method, METHODS))


def _answers(model, method):
    """Return who answers for a model: decided once."""
    if isinstance(model, SphericalGame):
        annealed = SphereAnswers if len(model.fractions) == 1 else GameAnswers
        return quenched_answers(model) if method == "quenched" else annealed(model)
    if method == "quenched":
        raise NotImplementedError(f"method='quenched': expected a SphericalGame, got {model!r}; try 'annealed'")
    return SpikedAnswers(model) if isinstance(model, Spiked) else ParabolaAnswers(model)


class Complexity(Plotted):
    r"""The complexity of a model, annealed or quenched, in nats per dimension.

    Calling it with one energy density per loss gives the rate :math:`\Sigma(u_1, .., u_A)` at these energies; arrays
    broadcast.  Where nothing exists the rate is -inf.  ``index`` selects equilibria by the number of negative
    eigenvalues of the players' own Hessians: None (any), an int (one player) or a tuple with one entry per player
    (None for any).  ``fraction`` in (0, 1), for one sphere, selects an index proportional to the dimension.

    Notes
    -----
    *Accuracy*: float64 to about 1e-13 absolute, on one sphere to rounding of the energies and of the rates (or of 1,
    if that is larger), for nearly pure mixtures and at any scale too; ``arithmetic=sg.mp(digits)`` any number of
    digits.  A player who moves several species that meet, at index 0, is found by SLSQP, to about 1e-9, and only in
    float64.

    *Global supremum*: on one sphere it is a closed form.  Otherwise Sigma is maximised on every face of the linear
    conditions.  Its stationary points lie in a known box (the gradient of the log-determinant is bounded) and are
    determined by the shifts of the S species; all local maxima are climbed from a grid over the box (11, 9, 7, 4, 3, 3
    samples per direction for 1 to 6 directions, 1,024 in all beyond) and from every combination of centres and edges of
    the bulks (all 3^S up to six species, 729 of them beyond), away from poles of the curvature and to both sides of
    saddles.  That is a search, no proof; it has met the exact total of all random games of 2 to 6 species tried.
    Where the Hessian of a single Hamiltonian is positive the problem is concave and the maximum is unique.

    *Ties and zeros*: of several spheres a total below 1e-13 in size is 0, what it then is exactly; typical and lowest
    energies are the lowest of several that tie.  Where the complexity only touches 0 (trivial landscapes; quadratic
    forms) the lowest energy is found from its slope, to the same accuracy.

    Examples
    --------
    >>> import spinglass as sg
    >>> c = sg.complexity(sg.mixed({3: .5, 4: .5}))
    >>> print(round(c.total(), 6), round(c.total(index=0), 6))
    0.472231 0.032231
    >>> c = sg.complexity(sg.gan(p=3, q=3, sigma_z=1., kappa=.9))
    >>> print(round(c(-1., .5), 6), round(c.below(-1., .5, index=(0, 0)), 6))
    0.49664 -6.13651
    """

    _picture = "complexity"

    def __init__(self, model, method="annealed"):
        self.model = model
        self.method = method
        self._answers: Answers = _answers(model, method)

    def __repr__(self):
        return f"sg.complexity({self.model!r}{', method=' + repr(self.method) if self.method != 'annealed' else ''})"

    def __str__(self):
        return f"{self.method} complexity of {self.model}"

    # -- the questions ---------------------------------------------------------------------------------------------

    def __call__(
        self,
        *energies: Numbers,
        index: Index = None,
        fraction: Number | None = None,
        arithmetic: Arithmetic | None = None,
    ) -> Numbers:
        """Return the rate at given energies.

        Parameters
        ----------
        *energies : float or array
            One energy density per loss; arrays and lists broadcast.  +-inf gives -inf.
        index : None, int or tuple
            Number of negative eigenvalues, per player.
        fraction : float in (0, 1), optional
            Fraction of negative eigenvalues instead (one sphere).
        arithmetic : arithmetic, optional
            sg.mp(digits); on one sphere also sg.balls(digits) and sg.symbols.

        Returns
        -------
        number or array
            Nats per dimension; -inf where impossible.  Of arrays float64, or with an arithmetic an array of its
            numbers, one computed after the other.

        Examples
        --------
        >>> import spinglass as sg
        >>> for rate in sg.complexity(sg.pure(3))([-1.7, -1.65], index=0, arithmetic=sg.mp(20)):
        ...     print(rate)
        -0.030445661736105913973
        0.0042538940146592395963
        """
        return self._supremum(questions.equal_to, energies, index, fraction, arithmetic)

    def below(
        self,
        *energies: Numbers,
        index: Index = None,
        fraction: Number | None = None,
        arithmetic: Arithmetic | None = None,
    ) -> Numbers:
        """Return the rate of all points with every loss at or below given energies (+inf: no condition).

        Parameters and returns as for calling the object.
        """
        return self._supremum(questions.at_most, energies, index, fraction, arithmetic)

    def above(
        self,
        *energies: Numbers,
        index: Index = None,
        fraction: Number | None = None,
        arithmetic: Arithmetic | None = None,
    ) -> Numbers:
        """Return the rate of all points with every loss at or above given energies (-inf: no condition).

        Parameters and returns as for calling the object.  Maxima at or above u, which no index counts, are as many as
        minima at or below -u: a landscape upside down has the same law.

        Examples
        --------
        >>> import spinglass as sg
        >>> c = sg.complexity(sg.mixed({3: .5, 4: .5}))
        >>> c.above([-1.75, -1.6, -1.5], index=0).round(6)
        array([ 0.032231, -0.127769, -0.777769])
        """
        return self._supremum(questions.at_least, energies, index, fraction, arithmetic)

    def within(
        self,
        *windows: Sequence[Numbers],
        index: Index = None,
        fraction: Number | None = None,
        arithmetic: Arithmetic | None = None,
    ) -> Numbers:
        """Return the rate of all points with every loss in a window of energies.

        Parameters
        ----------
        *windows : (lo, hi)
            One per loss, lo <= hi; ends may be infinite, or arrays, which broadcast.  A list or an array of pairs
            holds several windows.  The others as for calling the object.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(round(sg.complexity(sg.pure(3)).within((-1.65, -1.64), index=0), 6))
        0.009843
        >>> c = sg.complexity(sg.gan(p=3, q=3, sigma_z=1., kappa=.9))
        >>> print(round(c.within((-5., -2.), (0., float("inf"))), 6))
        0.607828
        """
        return self._supremum(questions.between, windows, index, fraction, arithmetic)

    def total(
        self, index: Index = None, fraction: Number | None = None, arithmetic: Arithmetic | None = None
    ) -> Number:
        """Return the rate of all points of an index (or index fraction), whatever their energies.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.complexity(sg.pure(3)).total(arithmetic=sg.symbols))
        log(2)/2
        """
        ar = resolve(arithmetic)
        rates = self._rates(index, fraction)
        with ar.precision():
            return ar.result(rates.supremum(questions.FREE, ar))

    def typical_energy(
        self, loss: int | Sequence[Number] = 0, index: Index = None, fraction: Number | None = None
    ) -> float:
        """Return the energy of a loss at which points of an index (or index fraction) are most numerous.

        The lowest one if several tie; ValueError where no such points exist.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(round(sg.complexity(sg.pure(3)).typical_energy(fraction=.1), 6))
        -1.121946
        """
        rates = self._rates(index, fraction)
        return float(rates.typical(questions.checked_weights(loss, self._answers.losses))) + 0.0  # no -0

    def lowest_energy(
        self, loss: int | Sequence[Number] = 0, index: Index = None, arithmetic: Arithmetic | None = None
    ) -> Number:
        r"""Return the lowest energy of a loss with complexity >= 0.

        Parameters
        ----------
        loss : int or sequence of A numbers
            Which loss, or weights w of a direction: the lowest :math:`\sum_a w_a u_a`.
        index : None, int or tuple
            As for calling the object.
        arithmetic : arithmetic, optional
            sg.mp(digits); on one sphere also sg.balls(digits), an enclosure proved by a change of sign.

        Returns
        -------
        number
            +inf if the complexity is negative at every energy (the infimum of nothing).

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.complexity(sg.pure(3)).lowest_energy(index=1))  # minus E_1
        -1.652873198103043
        """
        ar = resolve(arithmetic)
        rates = self._rates(index)
        weights = questions.checked_weights(loss, self._answers.losses)
        with ar.precision():
            return ar.result(rates.lowest(weights, ar))

    def highest_energy(
        self, loss: int | Sequence[Number] = 0, index: Index = None, arithmetic: Arithmetic | None = None
    ) -> Number:
        """Return the highest energy of a loss with complexity >= 0, -inf if it is negative at every energy.

        Parameters as for :meth:`lowest_energy`.  On one sphere at an index it is a closed form in every arithmetic.

        Examples
        --------
        >>> import spinglass as sg
        >>> c = sg.complexity(sg.mixed({3: .5, 4: .5}))
        >>> print(f"minima from {c.lowest_energy(index=0):.6f} to {c.highest_energy(index=0):.6f}")
        minima from -1.733070 to -1.644094
        """
        ar = resolve(arithmetic)
        rates = self._rates(index)
        weights = questions.checked_weights(loss, self._answers.losses)
        with ar.precision():
            return ar.result(0 - rates.lowest(-weights, ar))

    @property
    def threshold_energy(self) -> Number:
        """Energy above which typical points have a positive fraction of negative eigenvalues (one sphere only).

        Minus E_inf: for the pure p-spin -2 sqrt((p-1)/p), for mixtures -(x2-x1+x1^2/v0) v0/(x1 sqrt(x2)).
        """
        return self.threshold()

    def threshold(self, arithmetic: Arithmetic | None = None) -> Number:
        """Return :attr:`threshold_energy` in an arithmetic.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.complexity(sg.pure(3)).threshold(arithmetic=sg.symbols))
        -2*sqrt(6)/3
        """
        ar = resolve(arithmetic)
        with ar.precision():
            return ar.result(self._answers.threshold(ar))

    def classify(self, arithmetic: Arithmetic | None = None) -> Classification:
        """Return whether a one-sphere model is pure-like, critical, a full mixture or trivial, and the number G.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.complexity(sg.mixed({3: .5, 4: .5})).classify().name
        'pure-like'
        """
        return classify(self.model, arithmetic)

    def dominant_normals(self, *energies: Number, index: Index = None) -> Array:
        """Return the normals g of the local law where Sigma is attained, at given energies or (none given) over all.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.complexity(sg.pure(3)).dominant_normals(-1.5)
        array([-1.5])
        """
        selection, conditions = selected(self._answers.players, index), questions.FREE
        rates = self._answers.of(selection)
        if energies:
            name, given = questions.named(questions.equal_to, energies, self._answers.losses)
            conditions = questions.equal_to(*questions.standard(name, given, float64, self._answers.spread))
            if conditions.shape:
                raise ValueError(f"energies: expected one number per loss, got shape {conditions.shape}")
        value, place = rates.dominant(conditions)
        if value == -np.inf:
            raise ValueError(f"energies: no points exist at {shown(energies)} with {selection}; try higher energies")
        return place

    @cached_property
    def _all(self):
        return self._answers.of(ANY_INDEX)

    def _rates(self, index, fraction=None):
        """Return the rates of the equilibria that are meant."""
        if index is None and fraction is None:
            return self._all
        return self._answers.of(selected(self._answers.players, index, fraction))

    def _supremum(self, condition, energies, index, fraction, arithmetic):
        """Return the rates under conditions; with digits, of arrays, one after the other."""
        ar, rates, answers = resolve(arithmetic), self._rates(index, fraction), self._answers
        name, given = questions.named(condition, energies, answers.losses)

        def ask(*values):
            conditions = condition(*questions.standard(name, values, ar, answers.spread))
            with ar.precision():
                return ar.result(rates.supremum(conditions, ar))

        return ask(*given) if ar.vectorised else questions.one_by_one(name, given, ask)
