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
from numba import njit

from spinglass.running.compiled import OPTIONS
from spinglass.spectra.dyson.log_determinant import psi

INLINE = OPTIONS | {"inline": "always"}  # every level of calls would optimise all levels below it once more
MAXIMA = {0: 1, 1: 8, 2: 8, 3: 16}  # local maxima kept at the most, by the number of directions; beyond them 64
STEEP = 1e-6  # a gradient below this (relative to |z|) belongs to a stationary point
LEVEL = 1e-17  # a rise below this is rounding
FAR = 1e3  # steps are at most this long, relative to 1 + |z|: a slope may have a pole at the centre of a bulk
CURVED = 1e-10  # pivots above this make -hessian positive definite


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
            value -= costs[s] * (y * root - np.log(y + root))  # spectra.semicircle.deviation, compiled
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
    """Fill ``step`` with (shift - hessian)^-1 gradient, the shift just large enough for an ascent direction.

    Return whether no shift was needed: -hessian is positive definite.
    """
    m = len(gradient)
    shift, size = 0.0, 0.0
    lower = np.empty((m, m))
    for i in range(m):
        size = max(size, abs(hessian[i, i]))
    for _ in range(60):
        good, missed = True, 0.0
        for i in range(m):
            for j in range(i + 1):
                rest = -hessian[i, j] + (shift if i == j else 0.0)
                for q in range(j):
                    rest -= lower[i, q] * lower[j, q]
                if i == j:
                    if good and not rest > CURVED:
                        good, missed = False, CURVED - rest
                    lower[i, i] = np.sqrt(rest) if rest > 0 else 1.0
                else:
                    lower[i, j] = rest / lower[j, j]
        if good:
            break
        shift = max(2.0 * shift, 2.0 * missed + 1e-3 * size)
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
    return shift == 0.0


@njit(**OPTIONS)
def upward_direction(hessian, direction):
    """Fill ``direction`` (largest entry 1) with one along which F does not curve down: of the first bad pivot."""
    m = len(hessian)
    lower = np.zeros((m, m))
    direction[:] = 0.0
    for i in range(m):
        for j in range(i):
            rest = -hessian[i, j]
            for q in range(j):
                rest -= lower[i, q] * lower[j, q]
            lower[i, j] = rest / lower[j, j]
        rest = -hessian[i, i]
        for q in range(i):
            rest -= lower[i, q] ** 2
        if not rest > CURVED:
            direction[i] = largest = 1.0
            for j in range(i - 1, -1, -1):  # L^T direction = e_i
                direction[j] = 0.0
                for q in range(j + 1, i + 1):
                    direction[j] -= lower[q, j] * direction[q]
                direction[j] /= lower[j, j]
                largest = max(largest, abs(direction[j]))
            direction /= largest
            return
        lower[i, i] = np.sqrt(rest)


@njit(**OPTIONS)
def obeys(d, e, z, least, more):
    """Tell whether all shifts d + e z are at their least values or above, by a relative ``more``."""
    for s in range(len(d)):
        shift = d[s]
        for i in range(len(z)):
            shift += e[s, i] * z[i]
        if shift < least[s] + more * (1.0 + abs(least[s])):
            return False
    return True


@njit(**INLINE)
def line_search(law, d, costs, edges, least, e, z, value, direction, rise, shortest, gradient, hessian, trial, work):
    """Look for a higher F along a direction, halving the length; fill ``trial`` and return F there, nan if none.

    Points with a shift below ``least`` do not count.
    """
    longest = 0.0
    for i in range(len(z)):
        longest = max(longest, abs(direction[i]) / (1.0 + abs(z[i])))
    length = start = min(1.0, FAR / longest)
    while length > shortest * start:
        for i in range(len(z)):
            trial[i] = z[i] + length * direction[i]
        if obeys(d, e, trial, least, 0.0):
            new = objective(law, d, costs, edges, e, trial, gradient, hessian, work)
            if new > value and new >= value + 1e-4 * length * rise:
                return new
        length *= 0.5
    return np.nan


@njit(**INLINE)
def settle(law, d, costs, edges, e, z, value, step, gradient, hessian, slope, curve, trial, work):
    """Take the last steps, in place: where F cannot tell any more, its gradient does."""
    for _ in range(8):
        trial[:] = z + step
        new = objective(law, d, costs, edges, e, trial, slope, curve, work)
        if not (new > value - 1e-13 * (1.0 + abs(value)) and np.abs(slope).max() < np.abs(gradient).max()):
            break
        z[:], gradient[:], hessian[:] = trial, slope, curve
        ascent_step(gradient, hessian, step)


@njit(**INLINE)
def climb(law, d, costs, edges, least, e, z, side, work):
    """Climb from z to a local maximum, in place; return F there (nan if Psi was not found) and the saddles left.

    From a place with all shifts at their ``least`` values or above the climb first stays there, so that it does not
    step over a maximum near the boundary; where the boundary stops it the climb goes on without.
    The directions, in this order: Newton's step; where it vanishes the gradient; from a saddle ``side`` times the
    direction in which it curves up, then the other way.
    """
    m = len(z)
    gradient, hessian, step, trial = np.empty(m), np.empty((m, m)), np.empty(m), np.empty(m)
    slope, curve, direction = np.empty(m), np.empty((m, m)), np.empty(m)
    value = objective(law, d, costs, edges, e, z, gradient, hessian, work)
    saddles = 0
    bound = least.copy() if obeys(d, e, z, least, 0.0) else np.full(len(least), -np.inf)
    for _ in range(200):
        definite = ascent_step(gradient, hessian, step)
        rise, square, steep, size = 0.0, 0.0, 0.0, 0.0
        for i in range(m):
            rise += gradient[i] * step[i]
            square += gradient[i] ** 2
            steep = max(steep, abs(gradient[i]) / (1.0 + abs(z[i])))
            size = max(size, abs(step[i]) / (1.0 + abs(z[i])))
        new, flat = np.nan, not rise > LEVEL * (1.0 + abs(value))
        for attempt in range(4):
            if attempt == 0:
                if flat:
                    continue
                direction[:] = step
                # at the top shorter steps are rounding, too
                shortest = 0.9 if steep < STEEP and size < 1e-7 else 1e-9
            elif attempt == 1:
                if not steep > STEEP:
                    continue
                direction[:], rise, shortest = gradient, square, 1e-14
            else:
                if steep > STEEP or definite:
                    break
                upward_direction(hessian, direction)
                direction *= side if attempt == 2 else -side
                rise, shortest = 1e-9 * (1.0 + abs(value)), 1e-4
            new = line_search(
                law, d, costs, edges, bound, e, z, value, direction, rise, shortest, slope, curve, trial, work
            )
            if new == new:
                saddles += attempt >= 2
                break
        if new != new and steep > STEEP and bound.max() > -np.inf:
            bound[:] = -np.inf
            continue
        if new != new:
            if definite and flat and size < 1e-8:
                z += step
            else:
                settle(law, d, costs, edges, e, z, value, step, gradient, hessian, slope, curve, trial, work)
            break
        value = new
        z[:], gradient[:], hessian[:] = trial, slope, curve
    return value, saddles


@njit(**OPTIONS)
def starting_points(radius, landmarks, grid, points):
    """Fill ``points`` with the grid stretched by radius, then the landmarks; sorted if there is one direction."""
    m = len(radius)
    for i in range(len(grid)):
        for j in range(m):
            points[i, j] = radius[j] * grid[i, j]
    for i in range(len(landmarks)):
        for j in range(m):
            points[len(grid) + i, j] = landmarks[i, j]
    if m == 1:
        for i in range(1, len(points)):  # by insertion: the list is short
            j = i
            while j > 0 and points[j - 1, 0] > points[j, 0]:
                points[j - 1, 0], points[j, 0] = points[j, 0], points[j - 1, 0]
                j -= 1


@njit(**OPTIONS)
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
def local_maxima(law, d, radius, landmarks, costs, edges, least, e, grid, neighbours, values, places):
    """For every row of d fill the local maxima of F: values (-inf where there are fewer) and places z.

    ``grid`` samples the box [-1, 1]^m, which ``radius`` (one row per row of d) stretches; ``landmarks`` (q places
    per row) are the edges and centres of the bulks, around which F changes on the scale of their width.  Maxima with
    a shift below ``least`` are not listed.
    """
    n, m = e.shape
    work = np.empty((2 + n, n))
    gradient, hessian, z = np.empty(m), np.empty((m, m)), np.empty(m)
    points = np.empty((len(grid) + landmarks.shape[1], m))
    sample, inside = np.empty(len(points)), np.empty(len(points), np.bool_)
    for r in range(len(d)):
        values[r, :] = -np.inf
        places[r, :, :] = 0.0
        found = 0
        starting_points(radius[r], landmarks[r], grid, points)
        for i in range(len(points)):
            sample[i] = objective(law, d[r], costs, edges, e, points[i], gradient, hessian, work)
            aside = 1e-8
            while sample[i] != sample[i] and aside < 1e-3:  # where bulks have no width Psi may have no value
                for j in range(m):
                    points[i, j] += aside * (1.0 + abs(points[i, j])) / (1.0 + 0.37 * j)
                sample[i] = objective(law, d[r], costs, edges, e, points[i], gradient, hessian, work)
                aside *= 10.0
            inside[i] = obeys(d[r], e, points[i], least, 1e-9)
        for i in range(len(points)):
            if sample[i] != sample[i]:
                values[r, 0] = np.nan
                break
            if not is_top(i, sample, inside, neighbours, m):
                continue
            for side in (1.0, -1.0):
                z[:] = points[i]
                value, saddles = climb(law, d[r], costs, edges, least, e, z, side, work)
                if obeys(d[r], e, z, least, 0.0):
                    found = keep(value, z, values[r], places[r], found)
                if saddles == 0:
                    break
