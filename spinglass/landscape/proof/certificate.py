r"""Proof that a list of equilibria is right and complete, in ball arithmetic.

*Every candidate is a root.*  A box around it holds exactly one, by the test of :mod:`.krawczyk`; of real roots the
energies and indices are enclosed in :mod:`.real_roots`.

*They are different and they are all.*  Boxes, with their images under changes of sign and conjugation, that are
disjoint hold different roots.  When these are as many as the number of
:mod:`spinglass.landscape.family.root_count`, no other solution exists.

The coefficients are the float64 numbers of the system, taken exactly.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.inputs.missing import how_to_install
from spinglass.landscape.proof.candidates import conjugates, meeting, newton
from spinglass.landscape.proof.equations import Equations
from spinglass.landscape.proof.krawczyk import LARGEST, Work
from spinglass.landscape.proof.real_roots import energies_at, indices_at

BLOCK = 1024  # candidates proven at a time, for memory


@dataclass(frozen=True, eq=False)
class Proof:
    """What is proven of a list of candidates; made by :func:`prove`.

    Attributes
    ----------
    proven : bool
        Every candidate is a root, no two are the same, and together with their images they are all roots.
    reason : str
        What is proven, or what failed.
    count, bound : int
        Roots proven to be different, images included, and the number that no system of the family exceeds.
    isolated : bool array of shape (m,)
        Candidates whose box holds exactly one root.
    real : bool array of shape (m,)
        Candidates proven to be real roots.
    solutions : complex array of shape (m, n + S)
        The refined candidates.
    radii : float array of shape (m,)
        Bound of the distance to the root in every coordinate (real and imaginary part); inf without proof.
    energies : float array of shape (r, A, 2)
        For the r real roots, in order, lower and upper bounds of L_a / sqrt(N); A = 0 without losses.
    index : int array of shape (r, P)
        For the r real roots and P players the index of the player's own Hessian, -1 where it could not be decided.
    """

    proven: bool
    reason: str
    count: int
    bound: int
    isolated: np.ndarray
    real: np.ndarray
    solutions: np.ndarray
    radii: np.ndarray
    energies: np.ndarray
    index: np.ndarray


def prove(system, solutions, bound, signs=None, *, losses=None, players=None):
    r"""Prove that candidates are all solutions of a system, up to changes of sign and complex conjugation.

    Parameters
    ----------
    system : System
        With ``sizes``, ``exponents`` (K, n) and ``coefficients`` (n, K); the float64 coefficients are taken exactly.
    solutions : complex array of shape (m, n + S)
        Approximations of (x, lambda), one per orbit.  The conjugate of a candidate may be listed or not.
    bound : int
        The number of solutions that no system of the family exceeds, of ``root_count``.
    signs : int array of shape (g, n) or (g, n + S), optional
        Group of changes of sign of x that keep the equations, identity included; checked.  By default that of
        ``system.symmetries``, or the identity alone if there is none.
    losses : (exponents, coefficients), optional
        Arrays of shapes (K, n) and (A, K): the polynomials L_a whose energies are enclosed.
    players : sequence of sequences of int, optional
        The spheres each player moves; by default every sphere has a player of its own.

    Returns
    -------
    Proof

    Raises
    ------
    ValueError
        If shapes do not fit or a change of sign does not keep the equations.
    ImportError
        Without python-flint.

    Notes
    -----
    *Accuracy*: everything in the result is rigorous.  A list may be right without a proof being found: roots closer
    than about 1e-12 to each other are the reason as a rule.  The Hessian is that of the symmetrised coefficients, the
    two halves of which differ by their rounding.

    References
    ----------
    Krawczyk (1969), Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken; Rump (2010), Verification
    methods; Breiding, Rose, Timme (2023), Certifying zeros of polynomial systems using interval arithmetic.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> from spinglass.landscape.proof.certificate import prove
    >>> system = SimpleNamespace(  # L = (x^2 + 2 y^2) / 2 on the circle
    ...     sizes=(2,), exponents=np.eye(2, dtype=int), coefficients=np.diag([1.0, 2.0])
    ... )
    >>> proof = prove(system, [[1, 0, 1], [0, 1, 2]], bound=4, signs=[[1, 1], [-1, -1]])
    >>> proof.proven, proof.reason, proof.index.tolist()
    (True, 'all 4 roots are proven', [[0], [1]])
    """
    flint = _flint()
    equations = Equations(flint, system)
    candidates = _checked_candidates(solutions, equations.unknowns)
    if signs is None:
        signs = getattr(system, "symmetries", np.ones((1, equations.n), dtype=int))
    signs, players = equations.checked_signs(signs), _checked_players(players, len(equations.sizes))
    blocks = [candidates[i : i + BLOCK] for i in range(0, max(len(candidates), 1), BLOCK)]
    refined, nearly_real = (
        np.concatenate(parts) for parts in zip(*(newton(equations, b) for b in blocks), strict=True)
    )
    leaders, followers = conjugates(refined, nearly_real, signs)
    work = Work(flint, equations, refined, nearly_real, leaders)
    for start in range(0, len(leaders), BLOCK):
        work.isolate(leaders[start : start + BLOCK])
    for follower, leader, sign in followers:
        work.copy_conjugate(follower, leader, sign)
    energies, index = energies_at(flint, work, losses), indices_at(flint, work, players)
    return _conclusion(work, signs, bound, energies, index)


def _checked_candidates(solutions, unknowns):
    candidates = np.array(solutions, dtype=complex, order="C")
    shaped = candidates.ndim == 2 and candidates.shape[1] == unknowns
    if not shaped or not np.all(np.abs(candidates.view(float)) < LARGEST):
        raise ValueError(
            f"solutions: expected numbers below {LARGEST:g} of shape (m, {unknowns}), got {solutions!r:.80}"
        )
    return candidates


def _checked_players(players, species):
    players = [[s] for s in range(species)] if players is None else [sorted(moved) for moved in players]
    if sorted(s for moved in players for s in moved) != list(range(species)) or not all(players):
        raise ValueError(f"players: expected every sphere of 0..{species - 1} exactly once, got {players}")
    return players


def _flint():
    try:
        import flint
    except ImportError:
        how = how_to_install("python-flint", "certify")
        raise ImportError(f"a proof needs python-flint, which is not installed: {how}") from None
    return flint


def _conclusion(work, signs, bound, energies, index):
    """Say what is proven, and what is missing."""
    count, coinciding = _counted(work, signs)
    missing = int((~work.isolated).sum())
    facts = []
    if missing:
        facts.append(f"{missing} of {len(work.z)} candidates could not be proven to be roots")
    if coinciding:
        facts.append(f"{coinciding} of {len(work.z)} candidates could not be told from others")
    if count < bound:
        facts.append(f"{count} of {bound} roots are proven")
    if count > bound:
        facts.append(f"{count} roots are proven, more than the bound {bound}, which belongs to other systems")
    reason = "; ".join(facts) or f"all {count} roots are proven"
    return Proof(not facts, reason, count, bound, work.isolated, work.real, work.z, work.radii, energies, index)


def _counted(work, signs):
    """Count the roots with their images, those apart from all others, and the candidates that may be another one."""
    proven = work.leaders[work.isolated[work.leaders]]
    owners = np.repeat(proven, np.where(work.real[proven], 1, 2) * len(signs))
    flags = [c for p in proven for c in ([False] if work.real[p] else [False, True])]
    conjugated = np.repeat(np.array(flags, dtype=bool), len(signs))
    images = np.where(conjugated[:, None], work.z[owners].conj(), work.z[owners])
    images = images * np.tile(signs, (len(owners) // len(signs), 1))
    first, second = meeting(images, work.radii[owners])
    count = len(images) - len(np.unique(second))
    # A candidate may be the conjugate of another one, but not the same.
    same = (owners[first] != owners[second]) & (conjugated[first] == conjugated[second])
    return count, len(np.unique(owners[second[same]]))
