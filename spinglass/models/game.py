"""Spherical games: every model of this package, written down by its covariance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, overload

from spinglass.arithmetic.exact import RATIONALS, exact, logarithm
from spinglass.inputs.checks import MODERATE, SQUARE, checked_integer, checked_number, sequence
from spinglass.models.covariance import Polynomial
from spinglass.models.fields import covariance_of
from spinglass.models.local_law import LocalLaw, local_law
from spinglass.models.table import Table, table_at

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.complexity.hessian import Hessian
    from spinglass.inputs.annotations import CovarianceLike, Number, Numbers, Seed
    from spinglass.landscape.draw import Draw

LEAST = 1e-20  # of a fraction: far below the rounding of their sum

#: Methods whose work is done in a room above this one, found when they are called.
UPPER_ROOMS = {"hessian": "spinglass.complexity.hessian", "draw": "spinglass.landscape.draw"}


@dataclass(frozen=True, repr=False)
class SphericalGame:
    r"""Players on spheres, each lowering its own Gaussian random loss.

    Sphere ("species") s has a fraction of the dimensions, :math:`N_s = \kappa_s N`, and unit radius.  The
    independent centred Gaussian fields have covariance :math:`E f_j(x) f_j(x') = \xi_j(q_1, .., q_S)` with
    overlaps :math:`q_s = x_s \cdot x'_s`, the losses are :math:`L_a = \sum_j C_{aj} f_j`, and player a moves its
    species so as to lower :math:`L_a`.  An equilibrium is a point with :math:`\nabla_s L_{a(s)} = 0` on every
    sphere; with one player it is a critical point.  Energies are densities: :math:`L = \sqrt{N} u`, the usual
    :math:`H = N u` on the sphere of radius :math:`\sqrt N`.

    Parameters
    ----------
    fractions : sequence of S numbers
        kappa_s in (0, 1), at least 1e-20, of sum 1 (for one species the single number 1).
    fields : sequence of mappings
        One per field: {(e_1, .., e_S): coefficient}, integer exponents >= 0, coefficients > 0; for one species
        a plain integer exponent will do, or a list of coefficients by degree, or a polynomial of numpy.  Any other
        covariance is an expression of sympy in q (of several species q1, q2, ..) with non-negative Taylor coefficients.
    losses : sequence of A sequences
        C, one row per player, one column per field; not 0, they are from 1e-153 to 1e153 in size, and so is the
        standard deviation of the gradient on every sphere.
    players : sequence of A sequences of int
        The species player a moves; every species exactly once.

    Raises
    ------
    ValueError, TypeError
        For anything that is not a game, in one line that says what was expected and what came.

    Notes
    -----
    Numbers may be int, float or Fraction; they are kept as given, so that exact input stays exact with many
    digits.  Games are immutable, hashable and equal by value.

    References
    ----------
    Baskerville, Keating, Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of generative
    adversarial networks; McKenna (2024), Complexity of bipartite spherical spin glasses.

    Examples
    --------
    >>> import spinglass as sg
    >>> game = sg.SphericalGame(fractions=[.4, .6], fields=[{(2, 1): 1, (0, 3): .4}], losses=[[1]], players=[[0, 1]])
    >>> print(game)
    L1 = f1 (moves x1, x2);  xi1 = 0.4 q2^3 + q1^2 q2;  fractions 0.4, 0.6
    >>> game.local_law().gradient_variance
    array([2. , 2.2])
    """

    fractions: tuple
    fields: tuple
    losses: tuple
    players: tuple

    def __init__(
        self,
        fractions: Sequence[Number],
        fields: Sequence[CovarianceLike],
        losses: Sequence[Sequence[Number]],
        players: Sequence[Sequence[int]],
    ) -> None:
        fractions = _fractions(fractions)
        species, given = len(fractions), enumerate(sequence("fields", fields))
        fields = tuple(covariance_of(f"fields[{j}]", xi, species) for j, xi in given)
        if not fields:
            raise ValueError("fields: expected at least one covariance, got none")
        losses = tuple(_loss(a, row, len(fields)) for a, row in enumerate(sequence("losses", losses)))
        players = _players(players, len(losses), len(fractions))
        for name, content in zip(self.__dataclass_fields__, (fractions, fields, losses, players), strict=True):
            object.__setattr__(self, name, content)
        self._check_equations()

    def _check_equations(self):
        for a, moved in enumerate(self.players):
            for s in moved:
                pairs = zip(self.losses[a], self.fields, strict=True)
                variance = sum(exact(c) ** 2 * xi.at(RATIONALS, s) for c, xi in pairs if c)
                if not variance:
                    raise ValueError(
                        f"losses: the loss of player {a} does not depend on species {s}, which that player moves, so "
                        "the species has no equation of motion; give it a field or leave it out"
                    )
                if not 1 / SQUARE <= variance <= SQUARE:
                    size = round(logarithm(variance) / math.log(10))
                    raise ValueError(
                        f"losses: expected gradients of variance from {1 / SQUARE:g} to {SQUARE:g}, got about 1e{size} "
                        f"for species {s}; try other units"
                    )

    def truncated(self, tail: float) -> SphericalGame:
        """Return the game with polynomials for kernels: see :meth:`~spinglass.models.covariance.Covariance.series`.

        Parameters
        ----------
        tail : float
            Share of the value, slopes and curvatures of a kernel at q = 1 that may be left out.

        Returns
        -------
        SphericalGame
            This one, if all its fields are polynomials.

        Examples
        --------
        >>> import sympy
        >>> import spinglass as sg
        >>> print(sg.mixed(sympy.exp(sympy.Symbol("q")) - 1).truncated(.1))
        L1 = f1 (moves x);  xi1 = q + 0.5 q^2 + 0.16666666666666666 q^3 + 0.041666666666666664 q^4
        """
        if all(isinstance(xi, Polynomial) for xi in self.fields):
            return self
        fields = [{e: float(c) for e, c in xi.series(tail)} for xi in self.fields]
        return SphericalGame(self.fractions, fields, self.losses, self.players)

    def __repr__(self):
        fields = ", ".join(xi.written() for xi in self.fields)
        return (
            f"SphericalGame(fractions={list(self.fractions)}, fields=[{fields}], "
            f"losses={[list(row) for row in self.losses]}, players={[list(row) for row in self.players]})"
        )

    def __str__(self):
        single = len(self.fractions) == 1
        parts = []
        for a, (row, moved) in enumerate(zip(self.losses, self.players, strict=True)):
            total = "".join(_signed(c, f"f{j + 1}") for j, c in enumerate(row) if c)
            names = ", ".join("x" if single else f"x{s + 1}" for s in moved)
            parts.append(f"L{a + 1} = {total.removeprefix('+ ').strip()} (moves {names})")
        parts += [f"xi{j + 1} = {xi.text(single)}" for j, xi in enumerate(self.fields)]
        if not single:
            parts.append("fractions " + ", ".join(f"{x}" for x in self.fractions))
        return ";  ".join(parts)

    @overload
    def local_law(self, arithmetic: Arithmetic | None = None, overlaps: None = None) -> LocalLaw: ...

    @overload
    def local_law(self, arithmetic: Arithmetic | None = None, *, overlaps: Sequence[Numbers]) -> Table: ...

    def local_law(
        self, arithmetic: Arithmetic | None = None, overlaps: Sequence[Numbers] | None = None
    ) -> LocalLaw | Table:
        r"""Return the Gaussian law of losses, gradients and Jacobian at one point, or their covariances between two.

        .. math:: V_s(q) = \sum_j c_{sj}^2 \xi_{j,s}(q), \quad v_{st}(q) = \sum_j c_{sj}^2 \xi_{j,st}(q), \quad
                  \tau_{st}(q) = \sum_j c_{sj} c_{tj} \xi_{j,st}(q)

        Parameters
        ----------
        arithmetic : arithmetic, optional
            float64 by default; sg.mp(digits), sg.balls(digits) and sg.symbols give object arrays.
        overlaps : sequence of S numbers or float arrays from -1 to 1, optional
            :math:`q_s = x_s \cdot x_s'` of two points; one point by default.

        Returns
        -------
        LocalLaw, or Table at overlaps
            A table holds what two points of these overlaps share: the covariances of the losses, and V, v and tau for
            directions orthogonal to both points (:mod:`spinglass.models.table`).  The maps of normals to losses and
            shifts, the signs and what follows from them belong to one point.

        Examples
        --------
        >>> import spinglass as sg
        >>> law = sg.gan(p=3, q=3, sigma_z=1., kappa=.9).local_law()
        >>> law.jacobian_covariance
        array([[ 486., -480.],
               [-480.,  480.]])
        >>> law.signs
        (1, -1)
        >>> sg.mixed({3: .5, 4: .5}).local_law(overlaps=[[0., .5, 1.]]).gradient_variance
        array([[0.   ],
               [0.625],
               [3.5  ]])
        >>> import sympy
        >>> print(sg.pure(3).local_law(sg.symbols, overlaps=[sympy.Symbol("q")]).gradient_variance)
        [3*q**2]
        """
        return local_law(self, arithmetic) if overlaps is None else table_at(self, overlaps, arithmetic)

    def hessian(self, *energies: Number) -> Hessian:
        """Return the Hessian (the Jacobian, symmetrised where it can be) at the dominant point of given energies.

        Parameters
        ----------
        *energies : float
            One energy density per loss; none for the dominant point of all.

        Returns
        -------
        Hessian
            ``.law`` (spectral law at large N), ``.shifts`` and ``.sample(n, rng=)``.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.pure(3).hessian(-1.7).law.support.round(6)
        array([[0.201021, 9.998979]])
        """
        return import_module(UPPER_ROOMS["hessian"]).hessian(self, *energies)

    def draw(self, n: int | Sequence[int], rng: Seed = None) -> Draw:
        """Return one draw of the random losses at finite N.

        Parameters
        ----------
        n : int or tuple of int
            Total dimension N (spheres share it by their fractions, at least 2 each) or N_s for every sphere.
        rng : int, SeedSequence, Generator or None
            The same seed gives the same draw.

        Returns
        -------
        Draw
            ``.losses(x)``, ``.gradient(x)`` and ``.hessian(x)`` at points of unit spheres.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.pure(3).draw(4, rng=1).losses([1., 0., 0., 0.]).shape
        (1,)
        """
        return import_module(UPPER_ROOMS["draw"]).draw(self, n, rng)


def _signed(c, name):
    size = abs(c)
    return f"{'-' if c < 0 else '+'} {'' if size == 1 else f'{size} '}{name} "


def _fractions(fractions):
    fractions = tuple(checked_number("fractions", x) for x in sequence("fractions", fractions))
    if not fractions or any(x <= 0 for x in fractions):
        raise ValueError(f"fractions: expected one positive number per species, got {list(fractions)}")
    if abs(sum(fractions) - 1) > 1e-12:
        raise ValueError(f"fractions: expected numbers of sum 1, got {list(fractions)} of sum {float(sum(fractions))}")
    if min(fractions) < LEAST:
        raise ValueError(f"fractions: expected numbers of at least {LEAST:g}, got {float(min(fractions)):g}")
    return fractions


def _loss(a, row, fields):
    row = tuple(checked_number(f"losses[{a}]", c) for c in sequence(f"losses[{a}]", row))
    if len(row) != fields:
        raise ValueError(f"losses[{a}]: expected {fields} weights (one per field), got {len(row)}")
    for c in row:
        if c and not 1 / MODERATE <= abs(c) <= MODERATE:
            raise ValueError(
                f"losses[{a}]: expected weights from {1 / MODERATE:g} to {MODERATE:g} in size, got {float(c):g}; try "
                "other units"
            )
    return row


def _players(players, losses, species):
    players = tuple(
        tuple(checked_integer("players", s, 0) for s in sequence("players", row))
        for row in sequence("players", players)
    )
    if len(players) != losses:
        raise ValueError(f"players: expected {losses} lists of species (one per loss), got {len(players)}")
    if sorted(s for row in players for s in row) != list(range(species)) or not all(players):
        raise ValueError(
            f"players: expected every species of 0..{species - 1} moved by exactly one player and no idle player, "
            f"got {[list(row) for row in players]}"
        )
    return players
