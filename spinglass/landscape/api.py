"""``sg.critical_points``: all equilibria of one draw, with a proof where one is wanted."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer, instance, one_of
from spinglass.landscape.collected import approximate_points, collected, proven_points
from spinglass.landscape.draw import Draw
from spinglass.landscape.family.family import family_of
from spinglass.landscape.points import CriticalPoints
from spinglass.landscape.solutions.homotopy import all_solutions
from spinglass.landscape.solutions.newton import multistart
from spinglass.landscape.system import loss_polynomials, system
from spinglass.running.streams import generator, seed_of, seed_sequence

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Seed

SEARCHES = ("all", "multistart")
MOST = 1_000_000  # starts of descents


def critical_points(
    draw: Draw, *, search: str = "all", limit: int = 20_000, proof: bool = True, rng: Seed = None, starts: int = 1000
) -> CriticalPoints:
    r"""Return all equilibria of one draw: with one player, the critical points of its loss.

    An equilibrium is a real solution of

    .. math:: \partial_s L_{a(s)}(x) = \lambda_s x_s, \qquad x_s \cdot x_s = 1 \quad \text{on every sphere } s.

    All complex solutions are followed from those of another member of the same family of games, whose number is
    known; the real ones among them are the answer.

    Parameters
    ----------
    draw : Draw
        ``model.draw(n, rng=)``.
    search : {"all", "multistart"}
        "all" finds all complex solutions, at a cost that grows with their number, exponentially in N.
        "multistart" runs Newton's method from random points, at any N: a lower bound.
    limit : int
        Largest number of paths that search="all" takes on.
    proof : bool
        Whether to prove existence and completeness by interval arithmetic (needs python-flint).
    rng : int, SeedSequence, Generator or None
        For the random numbers of the search, on which the answer does not depend; None takes the draw's seed.
    starts : int
        Random points of search="multistart".

    Returns
    -------
    CriticalPoints
        ``.count``, ``.proven``, ``.complete``, ``.points``, ``.radius``, ``.energies``, ``.energy_bounds``,
        ``.index``, ``.signs``, ``.residual``, ``.condition``, ``.seed``, ``.paths``, ``.note``; ``.table()``,
        ``.to_dict()``, ``.to_dataframe()``, ``.morse_sum()``; a sequence of points, each of which goes straight back
        into ``draw.gradient``, and of which a mask or a slice chooses some: ``points[points.index == 0]``.

    Raises
    ------
    ValueError, TypeError
        For wrong arguments, or if the paths are more than ``limit``.

    Notes
    -----
    *Accuracy*: points are polished by Newton's method to rounding; their error is about ``.residual`` times
    ``.condition``, and with a proof at most ``.radius``.  What is proven is proven of the polynomials whose
    coefficients are the floats of the draw, products with couplings rounded.

    References
    ----------
    Sommese, Wampler (2005), The Numerical Solution of Systems of Polynomials; Cartwright, Sturmfels (2013), The
    number of eigenvalues of a tensor; Duff, Hill, Jensen, Lee, Leykin, Sommars (2019), Solving polynomial systems
    via homotopy continuation and monodromy.

    Examples
    --------
    >>> import spinglass as sg
    >>> points = sg.critical_points(sg.pure(3).draw(4, rng=1), proof=False)
    >>> points.count, points.roots, points.index.tolist()
    (14, 30, [0, 0, 0, 1, 1, 1, 2, 1, 2, 2, 2, 3, 3, 3])
    """
    instance("draw", draw, Draw, "a draw such as sg.pure(3).draw(6, rng=1)")
    one_of("search", search, SEARCHES)
    limit, starts = checked_integer("limit", limit, 1), checked_integer("starts", starts, 1)
    within("starts", starts, MOST, "try fewer")
    seed = draw.seed if rng is None else seed_of(rng)
    stream = generator(seed_sequence(seed, "search"))
    if search == "multistart":
        x = multistart(draw, starts, stream)
        facts = {"complete": False, "note": f"a lower bound: those reached from {starts} starts"}
        return collected(draw, x, proven=False, roots=None, bound=None, paths=starts, attempts=1, seed=seed, **facts)
    family = family_of(draw.game, draw.sizes)
    if family.orbits > limit:
        raise ValueError(
            f"limit: expected at most {limit} paths, got {family.orbits} at sizes {draw.sizes}; try "
            f'limit={family.orbits}, smaller sizes, or search="multistart" for a lower bound'
        )
    solutions = all_solutions(draw, stream)
    note = f"{solutions.count} of at most {family.bound} complex solutions found"
    certificate = None
    if proof and find_spec("flint") is None:
        note += "; no proof without python-flint (pip install python-flint)"
    elif proof:
        certificate = prove_solutions(draw, solutions)
        note += f"; {certificate.reason}"
    if certificate is not None and certificate.proven:
        return proven_points(draw, solutions, certificate, seed=seed, note=note)
    return approximate_points(draw, solutions, seed=seed, note=note)


def prove_solutions(draw, solutions):
    """Return the proof that these are all solutions of a draw, with what it encloses."""
    from spinglass.landscape.proof.certificate import prove

    return prove(
        system(draw),
        solutions.representatives,
        solutions.family.bound,
        solutions.family.symmetries,
        losses=loss_polynomials(draw),
        players=draw.game.players,
    )
