r"""The supremum of a complexity over the Gaussian normals, in compiled code.

On a face of the constraints the normals are :math:`g = g_0 + B z` and the shifts :math:`d = d_0 + E z`, and

.. math:: F(z) = \Psi(d_0 + E z) - \tfrac12 |z|^2 - \sum_s c_s\, I(d_s/R_s), \qquad
          I(y) = y\sqrt{y^2-1} - \log(y + \sqrt{y^2-1}) \; (y > 1),

is to be maximised over all z.  Stationary points (without costs) obey :math:`z = E^T \nabla\Psi`, and the Dyson
equation bounds :math:`|\partial_s \Psi| = \kappa_s |b_s| \le \beta_s = \sqrt{\kappa_s/v_{ss}}` and
:math:`|d \cdot \nabla\Psi| \le 2`, so that they lie in the known box

.. math:: |z_i| \le \min\Big(\sum_s |E_{si}|\beta_s, \; \sqrt{2 + \beta\cdot|d_0|}\Big)

(a species without a variance of its own has no such bound; the second box then serves as a guess).

F is sampled on a grid over that box and where shifts cross the centres and edges of their bulks; from every sample
that beats its neighbours Newton's method, guarded by a line search, climbs to a local maximum.  Curvature has poles at
the edges, where Newton's step vanishes: there the climb goes along the gradient.  A saddle is left on both of its
sides.  All local maxima found are returned.
"""

import numpy as np

from spinglass.complexity.games.climb import COSTS, EDGES, LEAST, LOWER, MISSED, D, E, climb, obeys, objective
from spinglass.running.compiled import kernel, part
from spinglass.spectra.dyson.log_determinant import handed_psi
from spinglass.spectra.dyson.psi import CURVE, SLOPE, Z, new_place

MAXIMA = {0: 1, 1: 8, 2: 8, 3: 16}  # local maxima kept at the most, by the number of directions; beyond them 64


@part
def starting_points(radius, landmarks, grid, points):
    """Fill ``points`` with the grid stretched by radius, then the landmarks; sorted if there is one direction."""
    m = len(radius)
    for i in range(len(points)):
        for j in range(m):
            points[i, j] = radius[j] * grid[i, j] if i < len(grid) else landmarks[i - len(grid), j]
    if m == 1:
        for i in range(1, len(points)):  # by insertion: the list is short
            j = i
            while j > 0 and points[j - 1, 0] > points[j, 0]:
                points[j - 1, 0], points[j, 0] = points[j, 0], points[j - 1, 0]
                j -= 1


@part
def is_top(i, sample, inside, neighbours, m):
    """Tell whether no neighbour of sample i is higher (of equal ones the first counts); landmarks are always tops.

    Inside the region that an index allows, neighbours on its boundary and beyond do not count.
    """
    if m == 1:
        left = i > 0 and inside[i - 1] >= inside[i] and sample[i - 1] >= sample[i]
        return not (left or (i + 1 < len(sample) and inside[i + 1] >= inside[i] and sample[i + 1] > sample[i]))
    if i < len(neighbours):
        for j in neighbours[i]:
            if j >= 0 and inside[j] >= inside[i] and (sample[j] > sample[i] or (sample[j] == sample[i] and j < i)):
                return False
    return True


@part
def keep(value, place, values, places):
    """Enter a local maximum into the list, which ends with -inf, unless it is there; in a full list for the lowest."""
    where = 0
    for q in range(len(values)):
        distance = 0.0
        for i in range(place.shape[1]):
            distance = max(distance, abs(places[q, i] - place[Z, i]))
        if values[q] == -np.inf or distance < 1e-6:
            where = q
            break
        if values[q] < values[where]:
            where = q
    if value > values[where]:
        values[where] = value
        for i in range(place.shape[1]):
            places[where, i] = place[Z, i]


@part
def sample_all(psi, law, face, points, sample, inside, here, shifts):
    """Fill F at all points; return whether Psi was found at or near all of them."""
    m = points.shape[1]
    for i in range(len(points)):
        for j in range(m):
            here[Z, j] = points[i, j]
        sample[i] = objective(psi, law, face, here, shifts)
        aside = 1e-8
        while sample[i] != sample[i] and aside < 1e-3:  # where bulks have no width Psi may have no value
            for j in range(m):
                here[Z, j] += aside * (1.0 + abs(here[Z, j])) / (1.0 + 0.37 * j)
                points[i, j] = here[Z, j]
            sample[i] = objective(psi, law, face, here, shifts)
            aside *= 10.0
        if sample[i] != sample[i]:
            return False
        inside[i] = obeys(face, face[LEAST], here, 1e-9)
    return True


@kernel
def local_maxima(psi, law, face, d, radius, landmarks, grid, neighbours, missed, values, places, work):
    """Do the work of :func:`all_maxima` in the rows that are missed; fill in where Psi was not found on the way."""
    points, sample, inside, here, there, steps, shifts = work
    for r in range(len(d)):
        if not missed[r]:
            continue
        for s in range(d.shape[1]):
            face[D, s] = d[r, s]
        face[MISSED, 0] = 0.0
        for q in range(values.shape[1]):
            values[r, q] = -np.inf
            for i in range(places.shape[2]):
                places[r, q, i] = 0.0
        starting_points(radius[r], landmarks[r], grid, points)
        found = sample_all(psi, law, face, points, sample, inside, here, shifts)
        if not found:
            values[r, 0] = np.nan
        for i in range(len(points)):
            if not (found and is_top(i, sample, inside, neighbours, points.shape[1])):
                continue
            for turn in range(2):
                for j in range(points.shape[1]):
                    here[Z, j] = points[i, j]
                value, saddles = climb(psi, law, face, 1.0 - 2.0 * turn, here, there, steps, shifts)
                if obeys(face, face[LEAST], here, 0.0):
                    keep(value, here, values[r], places[r])
                if saddles == 0:
                    break
        missed[r] = face[MISSED, 0] != 0.0


def rows_of_face(costs, edges, least, e):
    """Return what F is made of on one face, but for d_0; see :mod:`spinglass.complexity.games.climb`."""
    species, m = e.shape
    face = np.zeros((E + m, species))
    face[COSTS], face[EDGES], face[LEAST], face[E:] = costs, edges, least, e.T
    return face


def all_maxima(law, face, d, radius, landmarks, grid, neighbours):
    """Return the local maxima of F for every row of d.

    Parameters
    ----------
    law : Scaled
        The parameters of Psi.
    face : float array
        See :func:`rows_of_face`.
    d : float array of shape (n, S)
    radius : float array of shape (n, m)
        Stretches the samples ``grid`` of the box [-1, 1]^m.
    landmarks : float array of shape (n, k, m)
        The edges and centres of the bulks, around which F changes on the scale of their width.
    grid, neighbours
        See :func:`spinglass.complexity.games.starts.box_samples`.

    Returns
    -------
    values : float array of shape (n, q)
        F, -inf where there are fewer maxima than q, nan in the first column where Psi was not found.
    places : float array of shape (n, q, m)
        z.
    """
    n, species = d.shape
    m, points = grid.shape[1], len(grid) + landmarks.shape[1]
    most = MAXIMA.get(m, 64)
    values, places, missed = np.empty((n, most)), np.empty((n, most, m)), np.ones(n, bool)
    shapes = (points, m), points, points, (CURVE + m, m), (CURVE + m, m), (LOWER + m, m)
    work = (*map(np.empty, shapes), new_place(species))
    for psi in handed_psi(law):
        local_maxima(psi, law.rows, face, d, radius, landmarks, grid, neighbours, missed, values, places, work)
        if not missed.any():
            break
    return values, places


def gradient(law, face, d, place):
    """Return the gradient of F, with d_0 = d, at a place z."""
    face[D] = d
    here, shifts = np.empty((CURVE + len(place), len(place))), new_place(face.shape[1])
    here[Z] = place
    for psi in handed_psi(law):
        if not np.isnan(objective(psi, law.rows, face, here, shifts)):
            break
    return here[SLOPE]
