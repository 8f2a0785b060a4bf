"""``sg.critical_points``: all equilibria of one draw, with a proof where one is wanted."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer, one_of, shown
from spinglass.landscape.draw import Draw
from spinglass.landscape.family.family import SAME
from spinglass.landscape.points import CriticalPoints
from spinglass.landscape.solutions.homotopy import all_solutions, path_count
from spinglass.landscape.solutions.newton import lifted_jacobian, multistart, on_spheres, polish
from spinglass.landscape.system import loss_polynomials, loss_signs, sign_symmetries, supports_of, system
from spinglass.running.streams import generator, seed_of, seed_sequence

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Seed

SEARCHES = ("all", "multistart")
ROUNDING = 2.0**-52
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
        ``.to_dict()``, ``.morse_sum()``.

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
    >>> points = critical_points(sg.pure(3).draw(4, rng=1), proof=False)
    >>> points.count, points.roots, points.index.tolist()
    (14, 30, [0, 0, 0, 1, 1, 1, 2, 1, 2, 2, 2, 3, 3, 3])
    """
    if not isinstance(draw, Draw):
        raise TypeError(f"draw: expected a draw such as sg.pure(3).draw(6, rng=1), got {shown(draw)}")
    one_of("search", search, SEARCHES)
    limit, starts = checked_integer("limit", limit, 1), checked_integer("starts", starts, 1)
    within("starts", starts, MOST, "try fewer")
    seed = draw.seed if rng is None else seed_of(rng)
    stream = generator(seed_sequence(seed, "search"))
    if search == "multistart":
        x = multistart(draw, starts, stream)
        note = f"a lower bound: those reached from {starts} starts"
        return _collect(
            draw,
            x,
            proven=False,
            complete=False,
            roots=None,
            bound=None,
            paths=starts,
            attempts=1,
            seed=seed,
            note=note,
        )
    supports = supports_of(draw.game)
    _, _, paths = path_count(draw, supports, sign_symmetries(supports, draw.sizes))
    if paths > limit:
        raise ValueError(
            f"limit: expected at most {limit} paths, got {paths} at sizes {draw.sizes}; try limit={paths}, smaller "
            'sizes, or search="multistart" for a lower bound'
        )
    solutions = all_solutions(draw, stream)
    return _answer(draw, solutions, proof, seed)


def _answer(draw, solutions, proof, seed):
    """Return the real ones of all solutions, proven if wanted and possible."""
    z, n = solutions.representatives, sum(draw.sizes)
    facts = {
        "complete": solutions.sharp and solutions.count == solutions.bound,
        "note": f"{solutions.count} of at most {solutions.bound} complex solutions found",
        "roots": solutions.count,
        "bound": solutions.bound,
        "paths": solutions.paths,
        "attempts": solutions.attempts,
        "seed": seed,
    }
    images = solutions.symmetries[:, :n]
    if proof and find_spec("flint") is not None:
        certificate = prove_solutions(draw, solutions)
        facts["note"] += f"; {certificate.reason}"
        if certificate.proven:
            x = on_spheres(draw, certificate.solutions[certificate.real, :n].real)
            moved = np.abs(x - certificate.solutions[certificate.real, :n]).max(axis=1, initial=0)
            radius = certificate.radii[certificate.real] + moved + ROUNDING
            bounds = _image_bounds(certificate.energies, loss_signs(draw.game, solutions.symmetries, draw.sizes))
            index = _image_indices(certificate.index, draw, solutions.symmetries)
            x = (x[:, None, :] * images).reshape(-1, n)
            return _collect(draw, x, np.repeat(radius, len(images)), bounds, index, proven=True, **facts)
    elif proof:
        facts["note"] += "; no proof without python-flint (pip install python-flint)"
    # x and its conjugate are one solution, not two: the solution is real
    real = np.abs(z[:, :n].imag).max(axis=1, initial=0) < SAME * (1 + np.linalg.norm(z[:, :n], axis=1))
    x = polish(draw, z[real, :n].real)
    return _collect(draw, (x[:, None, :] * images).reshape(-1, n), proven=False, **facts)


def prove_solutions(draw, solutions):
    """Return the proof that these are all solutions of a draw, with what it encloses."""
    from spinglass.landscape.proof.certificate import prove

    return prove(
        system(draw),
        solutions.representatives,
        solutions.bound,
        solutions.symmetries,
        losses=loss_polynomials(draw),
        players=draw.game.players,
    )


def _image_bounds(bounds, signs):
    """Return bounds of the energies, of shape (r, A, 2), at all images of the points."""
    low, high = bounds[:, None, :, 0], bounds[:, None, :, 1]
    lows = np.where(signs == 1, low, np.where(signs == -1, -high, -np.inf))
    highs = np.where(signs == 1, high, np.where(signs == -1, -low, np.inf))
    return np.stack([lows, highs], axis=-1).reshape(-1, *bounds.shape[1:])


def _image_indices(index, draw, symmetries):
    """Return the indices at all images of the points, -1 where they do not follow.

    A player's Hessian keeps its index, up to a change of basis, or changes sign with the multipliers of its spheres.
    """
    columns = []
    for a, moved in enumerate(draw.game.players):
        signs = symmetries[:, [sum(draw.sizes) + s for s in moved]]
        opposite = sum(draw.sizes[s] - 1 for s in moved) - index[:, a, None]
        images = np.where((signs == 1).all(axis=1), index[:, a, None], opposite)
        follows = (signs == signs[:, :1]).all(axis=1) & (index[:, a, None] >= 0)
        columns.append(np.where(follows, images, -1).ravel())
    return np.stack(columns, axis=1)


def _collect(draw, x, radius=None, energy_bounds=None, proven_index=None, **facts):
    """Return points of shape (count, N) with all that is evaluated at them."""
    n = sum(draw.sizes)
    x = x.reshape(-1, n)
    energies = draw.losses(x) / np.sqrt(n)
    radius = np.full(len(x), np.inf) if radius is None else radius
    if energy_bounds is None:
        energy_bounds = np.stack([np.full_like(energies, -np.inf), np.full_like(energies, np.inf)], axis=-1)
    index = draw.indices(x)
    if proven_index is not None:
        index = np.where(proven_index >= 0, proven_index, index)
    # equal energies, as those of x and -x, come in an order that rounding does not decide
    order = np.lexsort([*x.T[::-1], *energies.round(9).T[::-1]])
    x = x[order]
    jacobian = lifted_jacobian(draw, x)
    index = index[order]
    return CriticalPoints(
        count=len(x),
        points=tuple(x[:, s] for s in draw.spheres),
        energies=energies[order],
        energy_bounds=energy_bounds[order],
        index=index[:, 0] if index.shape[1] == 1 else index,
        signs=np.sign(np.linalg.det(jacobian)).astype(int),
        radius=radius[order],
        residual=np.linalg.norm(draw.gradient(x), axis=1) / np.abs(jacobian).max(axis=(1, 2), initial=1),
        condition=np.linalg.cond(jacobian),
        **facts,
    )
