r"""The supremum of a complexity over the Gaussian normals, in compiled code.

On a face of the constraints the normals are :math:`g = g_0 + B z` and the shifts :math:`d = d_0 + E z`, and

.. math:: F(z) = \Psi(d_0 + E z) - \tfrac12 |z|^2 - \sum_s c_s\, I(d_s/R_s), \qquad
          I(y) = y\sqrt{y^2-1} - \log(y + \sqrt{y^2-1}) \; (y > 1),

is to be maximised over all z.  Stationary points (without costs) obey :math:`z = E^T \nabla\Psi`, and the Dyson
equation bounds :math:`|\partial_s \Psi| = \kappa_s |b_s| \le \beta_s = \sqrt{\kappa_s/v_{ss}}` and
:math:`|d \cdot \nabla\Psi| \le 2`, so that they lie in the known box

.. math:: |z_i| \le \min\Big(\sum_s |E_{si}|\beta_s, \; \sqrt{2 + \beta\cdot|d_0|}\Big) .

F is sampled on a grid over that box and where shifts cross the centres and edges of their bulks; from every sample
that beats its neighbours Newton's method, guarded by a line search, climbs to a local maximum.  All local maxima found
are returned.
"""

import itertools

import numpy as np
from numba import njit

from spinglass.spectra.log_determinant import psi
from spinglass.spectra.two_species import OPTIONS

GRID = {0: 1, 1: 11, 2: 9, 3: 7}  # samples per direction; beyond three directions 4
MAXIMA = 8  # local maxima kept at the most


@njit(**OPTIONS)
def objective(law, d, costs, edges, e, z, gradient, hessian, work):
    """Return F(z) and fill its gradient and Hessian; ``work`` holds d, grad Psi and hess Psi."""
    n, m = e.shape
    shift, slope, curve = work[0], work[1], work[2:]
    for s in range(n):
        shift[s] = d[s]
        for i in range(m):
            shift[s] += e[s, i] * z[i]
    value = psi(law, shift, slope, curve)
    for s in range(n):
        if costs[s] > 0.0 and shift[s] > edges[s]:
            y = shift[s] / edges[s]
            root = np.sqrt((y - 1.0) * (y + 1.0))
            value -= costs[s] * (y * root - np.log(y + root))
            slope[s] -= costs[s] * 2.0 * root / edges[s]
            curve[s, s] -= costs[s] * 2.0 * y / (max(root, 1e-12) * edges[s] ** 2)
    for i in range(m):
        value -= 0.5 * z[i] * z[i]
        gradient[i] = -z[i]
        for s in range(n):
            gradient[i] += e[s, i] * slope[s]
        for j in range(m):
            hessian[i, j] = -1.0 if i == j else 0.0
            for s in range(n):
                for t in range(n):
                    hessian[i, j] += e[s, i] * curve[s, t] * e[t, j]
    return value


@njit(**OPTIONS)
def ascent_step(gradient, hessian, step):
    """Fill ``step`` with (shift - hessian)^-1 gradient, the shift just large enough for an ascent direction."""
    m = len(gradient)
    shift = 0.0
    lower = np.empty((m, m))
    for _ in range(60):
        good = True
        for i in range(m):
            for j in range(i + 1):
                rest = -hessian[i, j] + (shift if i == j else 0.0)
                for q in range(j):
                    rest -= lower[i, q] * lower[j, q]
                if i == j:
                    good = good and rest > 1e-10
                    lower[i, i] = np.sqrt(rest) if rest > 0 else 1.0
                else:
                    lower[i, j] = rest / lower[j, j]
        if good:
            break
        shift = max(0.5, 2.0 * shift)
    for i in range(m):
        rest = gradient[i]
        for q in range(i):
            rest -= lower[i, q] * step[q]
        step[i] = rest / lower[i, i]
    for i in range(m - 1, -1, -1):
        rest = step[i]
        for q in range(i + 1, m):
            rest -= lower[q, i] * step[q]
        step[i] = rest / lower[i, i]


@njit(**OPTIONS)
def climb(law, d, costs, edges, e, z, work):
    """Climb from z to a local maximum, in place; return F there (nan if Psi was not found)."""
    m = len(z)
    gradient, hessian, step, trial = np.empty(m), np.empty((m, m)), np.empty(m), np.empty(m)
    value = objective(law, d, costs, edges, e, z, gradient, hessian, work)
    for _ in range(100):
        ascent_step(gradient, hessian, step)
        rise, size = 0.0, 0.0
        for i in range(m):
            rise += gradient[i] * step[i]
            size = max(size, abs(step[i]) / (1.0 + abs(z[i])))
        if not rise > 1e-17 * (1.0 + abs(value)):
            break
        length, improved = 1.0, False
        while length > 1e-9:
            for i in range(m):
                trial[i] = z[i] + length * step[i]
            new = objective(law, d, costs, edges, e, trial, gradient, hessian, work)
            if new >= value + 1e-4 * length * rise or (length == 1.0 and size < 1e-7 and new >= value):
                improved = True
                break
            length *= 0.5
        if not improved:
            break
        value = new
        z[:] = trial
        if length * size < 1e-14:
            break
    return value


@njit(**OPTIONS)
def starting_points(radius, landmarks, grid, points):
    """Fill ``points`` with the grid stretched by radius, then the landmarks; sorted if there is one direction."""
    m = len(radius)
    for i in range(len(grid)):
        for j in range(m):
            points[i, j] = radius[j] * grid[i, j]
    for i in range(len(landmarks)):
        for j in range(m):
            points[len(grid) + i, j] = min(max(landmarks[i, j], -radius[j]), radius[j])
    if m == 1:
        for i in range(1, len(points)):  # by insertion: the list is short
            j = i
            while j > 0 and points[j - 1, 0] > points[j, 0]:
                points[j - 1, 0], points[j, 0] = points[j, 0], points[j - 1, 0]
                j -= 1


@njit(**OPTIONS)
def is_top(i, sample, neighbours, m):
    """Tell whether no neighbour of sample i is higher (of equal ones the first counts); landmarks are always tops."""
    if m == 1:
        return not ((i > 0 and sample[i - 1] >= sample[i]) or (i + 1 < len(sample) and sample[i + 1] > sample[i]))
    if i < len(neighbours):
        for j in neighbours[i]:
            if j >= 0 and (sample[j] > sample[i] or (sample[j] == sample[i] and j < i)):
                return False
    return True


@njit(**OPTIONS)
def keep(value, z, values, places, found):
    """Enter a local maximum into the list unless it is there; return the length of the list."""
    for q in range(found):
        distance = 0.0
        for i in range(len(z)):
            distance = max(distance, abs(places[q, i] - z[i]))
        if distance < 1e-6:
            if value > values[q]:
                values[q], places[q] = value, z
            return found
    if found < len(values):
        values[found], places[found] = value, z
        return found + 1
    lowest = np.argmin(values)
    if value > values[lowest]:
        values[lowest], places[lowest] = value, z
    return found


@njit(**OPTIONS)
def local_maxima(law, d, radius, landmarks, costs, edges, e, grid, neighbours, values, places):
    """For every row of d fill the local maxima of F: values (-inf where there are fewer) and places z.

    ``grid`` samples the box [-1, 1]^m, which ``radius`` (one row per row of d) stretches; ``landmarks`` (q places
    per row) are the edges and centres of the bulks, around which F changes on the scale of their width.
    """
    n, m = e.shape
    work = np.empty((2 + n, n))
    gradient, hessian, z = np.empty(m), np.empty((m, m)), np.empty(m)
    points = np.empty((len(grid) + landmarks.shape[1], m))
    sample = np.empty(len(points))
    for r in range(len(d)):
        values[r, :] = -np.inf
        places[r, :, :] = 0.0
        found = 0
        starting_points(radius[r], landmarks[r], grid, points)
        for i in range(len(points)):
            sample[i] = objective(law, d[r], costs, edges, e, points[i], gradient, hessian, work)
        for i in range(len(points)):
            if is_top(i, sample, neighbours, m):
                z[:] = points[i]
                value = climb(law, d[r], costs, edges, e, z, work)
                if value != value:
                    values[r, 0] = value
                    break
                found = keep(value, z, values[r], places[r], found)


def bulk_landmarks(d, e, width):
    """Return, per row of d, places z at which shifts cross the centres and edges (+-width) of their bulks."""
    n, m = e.shape
    steps = (-1.0, 0.0, 1.0)
    if m == 0 or n > 3:
        return np.empty((len(d), 0, m))
    if m == 1:
        moving = np.flatnonzero(np.abs(e[:, 0]) > 1e-12 * np.abs(e).max())
        places = [(c * width[s] - d[:, s]) / e[s, 0] for s in moving for c in steps]
        return np.stack(places, axis=1)[:, :, None]
    patterns = np.array(list(itertools.product(steps, repeat=n))) * width
    return (patterns[None, :, :] - d[:, None, :]) @ np.linalg.pinv(e).T


def box_grid(m):
    """Return a product grid over the box [-1, 1]^m and, for each sample, its neighbours (-1: none)."""
    count = GRID.get(m, 4)
    grid = np.array(list(itertools.product(np.linspace(-1, 1, count), repeat=m))).reshape(count**m, m)
    neighbours = np.full((len(grid), 2 * m + 1), -1)
    index = np.arange(len(grid)).reshape((count,) * m)
    for axis in range(m):
        for side, offset in enumerate((-1, 1)):
            moved = np.full_like(index, -1)
            source = [slice(None)] * m
            target = [slice(None)] * m
            target[axis], source[axis] = (
                (slice(1, None), slice(None, -1)) if offset < 0 else (slice(None, -1), slice(1, None))
            )
            moved[tuple(target)] = index[tuple(source)]
            neighbours[:, 2 * axis + side] = moved.ravel()
    return grid, neighbours
