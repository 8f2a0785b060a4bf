r"""What is enclosed at the real roots: energies, and the index of every player's own Hessian.

The Hessian of a player on the tangent spaces of the spheres it moves has the index of the bordered matrix

.. math:: B = \begin{pmatrix} \partial\partial L - \Lambda & x \\ x^T & 0 \end{pmatrix},
          \qquad \mathrm{inertia}(B) = \mathrm{inertia}(\text{tangent part}) + (1, 1) \text{ per sphere},

and by Sylvester's law the signs of the discs of Gershgorin of :math:`V^T B V`, V approximate eigenvectors, once no
disc holds 0.
"""

import numpy as np

from spinglass.arithmetic.exclusive import exclusive
from spinglass.landscape.proof.equations import Polynomials
from spinglass.landscape.proof.krawczyk import PRECISIONS, SHRUNK

TINY = 1e-200  # in place of an eigenvalue that vanishes in floats


def energies_at(flint, work, losses):
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


def indices_at(flint, work, players):
    """Return the index of every player's own Hessian at the real roots, -1 where discs hold 0 even in small boxes."""
    roots = np.flatnonzero(work.real)
    index = gershgorin_indices(flint, work, players, roots)
    open_ = np.flatnonzero((index < 0).any(axis=1))
    if len(open_):
        with exclusive(flint.ctx, PRECISIONS[1]):
            for p in roots[open_]:
                work.retry(p, PRECISIONS[1])
        index[open_] = gershgorin_indices(flint, work, players, roots[open_])
    return index


def gershgorin_indices(flint, work, players, roots):
    """Return the index of every player's own Hessian at some real roots, -1 where a disc holds 0."""
    equations = work.equations
    index = np.full((len(roots), len(players)), -1)
    jacobians = equations.at_floats(work.z[roots].real)[2]
    for a, moved in enumerate(players):
        own = [*np.flatnonzero(np.isin(equations.sphere, moved)), *(equations.n + s for s in moved)]
        values, vectors = scaled_eigenvectors(jacobians[:, own][:, :, own], len(moved))
        places = [
            i * equations.unknowns + j if j < equations.n else j * equations.unknowns + i for i in own for j in own
        ]
        with exclusive(flint.ctx, PRECISIONS[0]):
            for r, p in enumerate(roots):
                half = [work.jacobians[p][i] for i in places]
                if signs_hold(flint, half, vectors[r], np.sign(values[r])):
                    index[r, a] = (values[r] < 0).sum() - len(moved)
    return index


def scaled_eigenvectors(jacobians, constraints):
    """Return eigenvalues of B and vectors V with V^T B V near their signs, from Jacobians of one player's unknowns.

    The columns of the multipliers, -x in the Jacobian, are x in B.
    """
    bordered = jacobians
    bordered[:, :, bordered.shape[1] - constraints :] *= -1
    values, vectors = np.linalg.eigh((bordered + bordered.transpose(0, 2, 1)) / 2)
    return values, vectors / np.sqrt(np.maximum(np.abs(values), TINY))[:, None, :]


def signs_hold(flint, half, vectors, signs):
    """Tell whether no disc of V^T B V holds 0, B being the mean of the k^2 balls and their transpose.

    Doubled, an entry may be off by 2/k, so that a row of k stays short of its diagonal, 2 in size.
    """
    k = len(signs)
    near = flint.arb_mat(k, k, [flint.arb(0, 2 * SHRUNK / k)] * k**2)
    half, v = flint.arb_mat(k, k, half), flint.arb_mat(k, k, vectors.ravel().tolist())
    doubled = flint.arb_mat(k, k, np.diag(2 * signs).ravel().tolist())
    return near.contains(v.transpose() * (half + half.transpose()) * v - doubled)
