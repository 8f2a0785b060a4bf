r"""Newton's method on a product of spheres, for real equilibria: from a good guess, or from many random points.

With the Riemannian gradients g and their Jacobian J a step is the tangent vector :math:`v = -J^{-1} g`, and the next
point is :math:`(x + v)/|x + v|` sphere by sphere.  J kills the normals :math:`x_s`; :math:`J + \sum_s x_s x_s^T` has
the same inverse on tangent vectors and can be inverted as it stands.
"""

import numpy as np

from spinglass.landscape.draw import lifted_jacobian
from spinglass.landscape.family.family import family_of
from spinglass.landscape.solutions.orbits import merge

LONGEST = 0.5  # radians that a step may turn a point
CONVERGED = 1e-9  # gradient, relative to the largest at the start, of an accepted point
AT_REST = 1e-12  # gradient, likewise, of a point that is moved no more
ROUNDS = 60  # Newton steps per start
TRIALS, SHORTER = 8, 4  # lengths tried for a step, each so many times shorter
KICK = 0.1  # radians past a point where no length helps
TINY = 1e-300  # keeps a step of length 0 from dividing
BATCH = 256  # points moved together


def polish(draw, points):
    """Return points of shape (count, N) after a Newton step in real arithmetic: paths end close to rounding already."""
    points = on_spheres(draw, points)
    return on_spheres(draw, points + _step(draw, points, draw.gradient(points)))


def _step(draw, points, gradient):
    """Return the tangent vectors -J^-1 g."""
    return -np.linalg.solve(lifted_jacobian(draw, points), gradient[..., None])[..., 0]


def on_spheres(draw, points):
    """Return points moved radially onto the unit spheres."""
    return np.concatenate(
        [points[:, s] / np.linalg.norm(points[:, s], axis=1, keepdims=True) for s in draw.spheres], axis=1
    )


def multistart(draw, starts, rng):
    """Return the different equilibria, of shape (count, N), that Newton's method finds from random points.

    Parameters
    ----------
    draw : Draw
    starts : int
    rng : Generator
    """
    n = sum(draw.sizes)
    images = family_of(draw.game, draw.sizes).symmetries[:, :n]
    found = np.empty((0, n))
    for first in range(0, starts, BATCH):
        points = on_spheres(draw, rng.standard_normal((min(BATCH, starts - first), n)))
        points = _descend(draw, points, ROUNDS)
        arrived = (points[:, None, :] * images).reshape(-1, n)
        found, _ = merge(found, arrived)
    return found


def _descend(draw, points, rounds):
    """Return those points that damped Newton steps carry to a zero of the gradient."""
    gradient = draw.gradient(points)
    size = np.linalg.norm(gradient, axis=1)
    scale = size.max()
    for _ in range(rounds):
        active = np.flatnonzero(size > AT_REST * scale)
        if len(active) == 0:
            break
        step = _step(draw, points[active], gradient[active])
        lengths = np.linalg.norm(step, axis=1)
        trying = _shorten(draw, points, gradient, size, active, step, lengths)
        if len(trying):  # no shorter step helps: a stationary point of the length of the gradient
            stuck = active[trying]
            points[stuck] = on_spheres(draw, points[stuck] + KICK * step[trying] / lengths[trying, None])
            gradient[stuck] = draw.gradient(points[stuck])
            size[stuck] = np.linalg.norm(gradient[stuck], axis=1)
    return points[size < CONVERGED * scale]


def _shorten(draw, points, gradient, size, active, step, lengths):
    """Move the active points by steps shortened until their gradients, kept with them, fall; return which did not."""
    factor = np.minimum(1.0, LONGEST / np.maximum(lengths, TINY))
    trying = np.arange(len(active))
    for _ in range(TRIALS):
        rows = active[trying]
        trial = on_spheres(draw, points[rows] + factor[trying, None] * step[trying])
        slope = draw.gradient(trial)
        new = np.linalg.norm(slope, axis=1)
        better = new < size[rows]
        points[rows[better]], gradient[rows[better]], size[rows[better]] = trial[better], slope[better], new[better]
        trying = trying[~better]
        factor[trying] /= SHORTER
        if len(trying) == 0:
            break
    return trying
