r"""Proof that a list of equilibria is right and complete, in ball arithmetic.

*Every candidate is a root.*  Let f(z) = 0 be the equations of :mod:`spinglass.landscape.system` in z = (x, lambda), X a
box around c, Y an approximate inverse of the Jacobian f'(c), and

.. math:: K(X) = c - Y f(c) + (I - Y f'(X)) (X - c) .

If K(X), evaluated in balls, lies in the interior of X, then X holds exactly one root, and it is simple (Krawczyk).  A
real box holds a real root; a root with a coordinate whose imaginary part excludes 0 is not real, and its complex
conjugate is another one.

*They are different and they are all.*  Boxes, with their images under changes of sign and conjugation, that are
disjoint hold different roots.  When these are as many as the number of
:mod:`spinglass.landscape.family.root_count`, no other solution exists.

*Index.*  The Hessian of a player on the tangent spaces of the spheres it moves has the index of the bordered matrix

.. math:: B = \begin{pmatrix} \partial\partial L - \Lambda & x \\ x^T & 0 \end{pmatrix},
          \qquad \mathrm{inertia}(B) = \mathrm{inertia}(\text{tangent part}) + (1, 1) \text{ per sphere},

and by Sylvester's law the signs of the discs of Gershgorin of :math:`V^T B V`, V approximate eigenvectors, once no
disc holds 0.

The coefficients are the float64 numbers of the system, taken exactly.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.arithmetic.exclusive import exclusive
from spinglass.landscape.proof.candidates import SLACK, STEPS, conjugates, inverses, meeting, newton
from spinglass.landscape.proof.equations import Equations, Polynomials

#: Bits of the attempts; Newton's method in balls comes before each but the first.
PRECISIONS = (64, 128, 256)
LARGEST = 1e100  # keeps floats from overflowing
BLOCK = 1024  # candidates proven at a time, for memory
SHRUNK = 0.99  # a box of this size is in the interior


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
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> system = SimpleNamespace(  # L = (x^2 + 2 y^2) / 2 on the circle
    ...     sizes=(2,), exponents=np.eye(2, dtype=int), coefficients=np.diag([1.0, 2.0])
    ... )
    >>> proof = prove(system, [[1, 0, 1], [0, 1, 2]], bound=4, signs=[[1, 1], [-1, -1]])
    >>> proof.proven, proof.reason, proof.index.tolist()
    (True, 'all 4 roots are proven', [[0], [1]])
    """
    flint = _flint()
    equations = Equations(flint, system)
    candidates = np.array(solutions, dtype=complex, order="C")
    shaped = candidates.ndim == 2 and candidates.shape[1] == equations.unknowns
    if not shaped or not np.all(np.abs(candidates.view(float)) < LARGEST):
        raise ValueError(
            f"solutions: expected numbers below {LARGEST:g} of shape (m, {equations.unknowns}), got {solutions!r:.80}"
        )
    if signs is None:
        signs = getattr(system, "symmetries", np.ones((1, equations.n), dtype=int))
    signs = equations.checked_signs(signs)
    spheres = range(len(equations.sizes))
    players = [[s] for s in spheres] if players is None else [sorted(moved) for moved in players]
    if sorted(s for moved in players for s in moved) != list(spheres) or not all(players):
        raise ValueError(f"players: expected every sphere of 0..{spheres[-1]} exactly once, got {players}")
    blocks = [candidates[i : i + BLOCK] for i in range(0, max(len(candidates), 1), BLOCK)]
    refined, nearly_real = (
        np.concatenate(parts) for parts in zip(*(newton(equations, b) for b in blocks), strict=True)
    )
    leaders, followers = conjugates(refined, nearly_real, signs)
    work = _Work(flint, equations, refined, nearly_real, leaders)
    for start in range(0, len(leaders), BLOCK):
        work.isolate(leaders[start : start + BLOCK])
    for follower, leader, sign in followers:
        work.copy_conjugate(follower, leader, sign)
    energies = _energies(flint, work, losses)
    index = _indices(flint, work, players)
    return _conclusion(work, signs, bound, energies, index)


def _flint():
    try:
        import flint
    except ImportError:
        raise ImportError("proofs need python-flint: pip install python-flint, or spinglass[certify]") from None
    return flint


class _Work:
    """What is known of the candidates so far."""

    def __init__(self, flint, equations, z, nearly_real, leaders):
        self.flint, self.equations, self.z, self.nearly_real, self.leaders = flint, equations, z, nearly_real, leaders
        self.isolated, self.real = np.zeros(len(z), dtype=bool), np.zeros(len(z), dtype=bool)
        self.radii = np.full(len(z), np.inf)
        self.boxes, self.jacobians = {}, {}  # of the real roots

    def isolate(self, block):
        """Try to prove that candidates are roots; those that fail again with more bits."""
        with exclusive(self.flint.ctx, PRECISIONS[0]):
            for real in (True, False):
                chosen = block[self.nearly_real[block] == real]
                if len(chosen):
                    z = self.z[chosen].real if real else self.z[chosen]
                    ball, matrix = (
                        (self.flint.arb, self.flint.arb_mat) if real else (self.flint.acb, self.flint.acb_mat)
                    )
                    centres = [[ball(v) for v in row] for row in z.T.tolist()]
                    with np.errstate(all="ignore"):
                        approximate = inverses(self.equations.at_floats(z)[2]).reshape(len(z), -1).tolist()
                    self._krawczyk(chosen, centres, [matrix(z.shape[1], z.shape[1], y) for y in approximate], real)
        for p in block[~self.isolated[block]]:
            for bits in PRECISIONS[1:]:
                if not self.isolated[p]:
                    with exclusive(self.flint.ctx, bits):
                        self.retry(p, bits)

    def retry(self, p, bits):
        """Try again from the centre that Newton's method in balls reaches."""
        n, acb_mat = self.equations.unknowns, self.flint.acb_mat
        centre = [[self.flint.acb(v)] for v in self.z[p].tolist()]
        try:
            for _ in range(STEPS):
                inverse = acb_mat(n, n, self.equations.jacobians(centre, False)[0]).mid().inv().mid()
                value = acb_mat(n, 1, [row[0] for row in self.equations.at_balls(centre, False)])
                centre = [[v] for v in (acb_mat(n, 1, [row[0] for row in centre]) - inverse * value).mid().entries()]
        except ZeroDivisionError:
            return
        real = all(abs(v.imag) < 2.0 ** (-bits // 2) for (v,) in centre)
        if real:
            centre, inverse = [[v.real] for (v,) in centre], inverse.real
        if all(v.is_finite() for (v,) in centre):
            self._krawczyk([p], centre, [inverse], real)

    def _krawczyk(self, candidates, centres, approximate, real):
        """Test boxes around the exact centres (one list per unknown)."""
        flint, n = self.flint, len(centres)
        matrix = flint.arb_mat if real else flint.acb_mat
        one = matrix(n, n, [int(i == j) for i in range(n) for j in range(n)])
        values = list(zip(*self.equations.at_balls(centres, real), strict=True))
        steps = [inverse * matrix(n, 1, value) for inverse, value in zip(approximate, values, strict=True)]
        radii = [self._radii(step, [c[p] for c in centres]) for p, step in enumerate(steps)]
        boxes = [
            [c + self._around_zero(r[i], real) for c, r in zip(row, radii, strict=True)]
            for i, row in enumerate(centres)
        ]
        jacobians = self.equations.jacobians(boxes, real)
        for k, p in enumerate(candidates):
            inner, outer = ([self._around_zero(f * r, real) for r in radii[k]] for f in (SHRUNK, 1.0))
            image = (one - approximate[k] * matrix(n, n, jacobians[k])) * matrix(n, 1, outer) - steps[k]
            if not matrix(n, 1, inner).contains(image):
                continue
            # The root is in K(X) as well, which is smaller.
            box = [row[k] + v for row, v in zip(centres, image.entries(), strict=True)]
            if not real and not any(abs(v.imag) > 0 for v in box):
                continue
            self.isolated[p], self.real[p] = True, real
            self.z[p] = [float(v) for v in box] if real else [complex(v) for v in box]
            self.radii[p] = max(float(v.rad()) for v in box) + SLACK * np.abs(self.z[p]).max()
            if real:
                self.boxes[p], self.jacobians[p] = box, jacobians[k]

    def _radii(self, step, centre):
        """Return the radii of a box, finite and in proportion to the unknowns: four times the Newton step."""
        weights = [min(max(1.0, float(abs(c))), LARGEST) for c in centre]
        largest = max(float(s.abs_upper()) / w for s, w in zip(step.entries(), weights, strict=True))
        radius = 4 * largest + 2.0 ** (12 - self.flint.ctx.prec)
        return [(radius if radius < 1 else 1.0) * w for w in weights]

    def _around_zero(self, radius, real):
        ball = self.flint.arb(0, radius)
        return ball if real else self.flint.acb(ball, ball)

    def copy_conjugate(self, follower, leader, sign):
        """Take over what is known of a root to its conjugate with changed signs."""
        if self.isolated[leader] and not self.real[leader]:
            self.isolated[follower], self.radii[follower] = True, self.radii[leader]
            self.z[follower] = sign * self.z[leader].conj()
        else:
            self.isolate(np.array([follower]))
            self.leaders = np.append(self.leaders, follower)


def _energies(flint, work, losses):
    """Return lower and upper bounds of the energies of the real roots."""
    roots = np.flatnonzero(work.real)
    exponents, coefficients = losses if losses is not None else (np.zeros((1, work.equations.n), int), np.zeros((0, 1)))
    coefficients = np.asarray(coefficients, dtype=float)
    bounds = np.zeros((len(roots), len(coefficients), 2))
    if not bounds.size:
        return bounds
    rows, columns = np.nonzero(np.ones_like(coefficients))
    polynomials = Polynomials(
        flint, np.asarray(exponents), rows, columns, coefficients.ravel(), np.ones_like(rows), len(coefficients)
    )
    with exclusive(flint.ctx, PRECISIONS[0]):
        scale = flint.arb(work.equations.n).sqrt()
        points = [list(row) for row in zip(*(work.boxes[p][: work.equations.n] for p in roots), strict=True)]
        for k, loss in enumerate(polynomials.at_balls(points, True)):
            a, p = divmod(k, len(roots))
            energy = loss / scale
            bounds[p, a] = (
                np.nextafter(float(energy.lower()), -np.inf),
                np.nextafter(float(energy.upper()), np.inf),
            )
    return bounds


def _indices(flint, work, players):
    """Return the index of every player's own Hessian at the real roots, -1 where discs hold 0 even in small boxes."""
    roots = np.flatnonzero(work.real)
    index = _decided(flint, work, players, roots)
    open_ = np.flatnonzero((index < 0).any(axis=1))
    if len(open_):
        with exclusive(flint.ctx, PRECISIONS[1]):
            for p in roots[open_]:
                work.retry(p, PRECISIONS[1])
        index[open_] = _decided(flint, work, players, roots[open_])
    return index


def _decided(flint, work, players, roots):
    """Return the index of every player's own Hessian at some real roots, -1 where a disc holds 0."""
    equations = work.equations
    index = np.full((len(roots), len(players)), -1)
    jacobians = equations.at_floats(work.z[roots].real)[2]
    for a, moved in enumerate(players):
        own = [*np.flatnonzero(np.isin(equations.sphere, moved)), *(equations.n + s for s in moved)]
        k, constraints = len(own), len(moved)
        bordered = jacobians[:, own][:, :, own]
        bordered[:, :, k - constraints :] *= -1
        values, vectors = np.linalg.eigh((bordered + bordered.transpose(0, 2, 1)) / 2)
        vectors = vectors / np.sqrt(np.maximum(np.abs(values), 1e-200))[:, None, :]
        places = [
            i * equations.unknowns + j if j < equations.n else j * equations.unknowns + i for i in own for j in own
        ]
        with exclusive(flint.ctx, PRECISIONS[0]):
            near = flint.arb_mat(k, k, [flint.arb(0, 2 * SHRUNK / k)] * k**2)
            for r, p in enumerate(roots):
                half = flint.arb_mat(k, k, [work.jacobians[p][i] for i in places])
                v = flint.arb_mat(k, k, vectors[r].ravel().tolist())
                signs = flint.arb_mat(k, k, np.diag(2 * np.sign(values[r])).ravel().tolist())
                if near.contains(v.transpose() * (half + half.transpose()) * v - signs):
                    index[r, a] = (values[r] < 0).sum() - constraints
    return index


def _conclusion(work, signs, bound, energies, index):
    """Count the roots with their images, those apart from all others, and say what is proven."""
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
    coinciding = len(np.unique(owners[second[same]]))
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
