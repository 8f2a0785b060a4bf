r"""The climb to a local maximum of F (:mod:`spinglass.complexity.games.maximise`), in compiled code.

Newton's method with a line search: where :math:`-F''` is not positive definite its diagonal is raised until it is,
where Newton's step vanishes the climb goes along the gradient, and from a saddle along the direction in which F curves
up.

What F is made of and what the climb works with are rows of a few arrays, which are made outside compiled code:

* ``face``: the rows D, COSTS, EDGES and LEAST hold :math:`d_0, c, R` and the shifts below which maxima do not count,
  the rows from E on the transposed directions; BOUND holds what a climb keeps to and MISSED whether Psi was not found;
* a place (``here``, ``there``, and ``shifts`` for Psi): z in the row Z, gradient in SLOPE, Hessian from CURVE on;
* ``steps``: Newton's step in the row STEP, the direction of a line search, and from LOWER on a Cholesky factor.
"""

import numpy as np

from spinglass.running.compiled import kernel, part
from spinglass.spectra.dyson.psi import CURVE, SLOPE, Z

D, COSTS, EDGES, LEAST, BOUND, MISSED, E = range(7)
STEP, DIRECTION, LOWER = range(3)

STEEP = 1e-6  # a gradient below this (relative to |z|) belongs to a stationary point
LEVEL = 1e-17  # a rise below this is rounding
FAR = 1e3  # steps are at most this long, relative to 1 + |z|: a slope may have a pole at the centre of a bulk
CURVED = 1e-10  # pivots above this make -hessian positive definite


@kernel
def objective(psi, law, face, place, shifts):
    """Return F at a place and fill in its gradient and Hessian."""
    m, n = place.shape[1], face.shape[1]
    for s in range(n):
        shifts[Z, s] = face[D, s]
        for i in range(m):
            shifts[Z, s] += face[E + i, s] * place[Z, i]
    value = psi(law, shifts)
    if value != value:
        face[MISSED, 0] = 1.0
    for s in range(n):
        edge, cost = face[EDGES, s], face[COSTS, s]
        if cost > 0.0 and shifts[Z, s] > edge:
            y = shifts[Z, s] / edge
            root = np.sqrt((y - 1.0) * (y + 1.0))
            value -= cost * (y * root - np.log(y + root))  # spectra.semicircle.deviation, compiled
            shifts[SLOPE, s] -= cost * 2.0 * root / edge
            shifts[CURVE + s, s] -= cost * 2.0 * y / (max(root, 1e-12) * (edge * edge))
    for i in range(m):
        value -= 0.5 * place[Z, i] * place[Z, i]
        slope = -place[Z, i]
        for s in range(n):
            slope += face[E + i, s] * shifts[SLOPE, s]
        place[SLOPE, i] = slope
        for j in range(m):
            curve = -1.0 if i == j else 0.0
            for s in range(n):
                for t in range(n):
                    curve += face[E + i, s] * shifts[CURVE + s, t] * face[E + j, t]
            place[CURVE + i, j] = curve
    return value


@part
def ascent_step(here, steps):
    """Fill in the step (shift - hessian)^-1 gradient, the shift just large enough for an ascent direction.

    Return whether no shift was needed: -hessian is positive definite.
    """
    m = here.shape[1]
    shift, size = 0.0, 0.0
    for i in range(m):
        size = max(size, abs(here[CURVE + i, i]))
    for _ in range(60):
        good, missed = True, 0.0
        for i in range(m):
            for j in range(i + 1):
                rest = -here[CURVE + i, j] + (shift if i == j else 0.0)
                for q in range(j):
                    rest -= steps[LOWER + i, q] * steps[LOWER + j, q]
                if i == j:
                    if good and not rest > CURVED:
                        good, missed = False, CURVED - rest
                    steps[LOWER + i, i] = np.sqrt(rest) if rest > 0 else 1.0
                else:
                    steps[LOWER + i, j] = rest / steps[LOWER + j, j]
        if good:
            break
        shift = max(2.0 * shift, 2.0 * missed + 1e-3 * size)
    for i in range(m):
        rest = here[SLOPE, i]
        for q in range(i):
            rest -= steps[LOWER + i, q] * steps[STEP, q]
        steps[STEP, i] = rest / steps[LOWER + i, i]
    for i in range(m - 1, -1, -1):
        rest = steps[STEP, i]
        for q in range(i + 1, m):
            rest -= steps[LOWER + q, i] * steps[STEP, q]
        steps[STEP, i] = rest / steps[LOWER + i, i]
    return shift == 0.0


@part
def upward_direction(here, steps):
    """Fill in a direction (largest entry 1) along which F does not curve down: of the first bad pivot."""
    m = here.shape[1]
    for i in range(m):
        steps[DIRECTION, i] = 0.0
    for i in range(m):
        for j in range(i + 1):
            rest = -here[CURVE + i, j]
            for q in range(j):
                rest -= steps[LOWER + i, q] * steps[LOWER + j, q]
            if j < i:
                steps[LOWER + i, j] = rest / steps[LOWER + j, j]
        if not rest > CURVED:
            steps[DIRECTION, i] = largest = 1.0
            for j in range(i - 1, -1, -1):  # L^T direction = e_i
                rest = 0.0
                for q in range(j + 1, i + 1):
                    rest -= steps[LOWER + q, j] * steps[DIRECTION, q]
                steps[DIRECTION, j] = rest / steps[LOWER + j, j]
                largest = max(largest, abs(steps[DIRECTION, j]))
            for j in range(m):
                steps[DIRECTION, j] /= largest
            return
        steps[LOWER + i, i] = np.sqrt(rest)


@part
def obeys(face, least, place, more):
    """Tell whether all shifts at a place are at their least values or above, by a relative ``more``."""
    for s in range(len(least)):
        shift = face[D, s]
        for i in range(place.shape[1]):
            shift += face[E + i, s] * place[Z, i]
        if shift < least[s] + more * (1.0 + abs(least[s])):
            return False
    return True


@part
def line_search(psi, law, face, value, rise, shortest, here, there, steps, shifts):
    """Look for a higher F along the direction, halving the length; fill in the place and return F there, nan if none.

    Points with a shift below the bound do not count.
    """
    m, longest = here.shape[1], 0.0
    for i in range(m):
        longest = max(longest, abs(steps[DIRECTION, i]) / (1.0 + abs(here[Z, i])))
    length = start = min(1.0, FAR / longest)
    while length > shortest * start:
        for i in range(m):
            there[Z, i] = here[Z, i] + length * steps[DIRECTION, i]
        if obeys(face, face[BOUND], there, 0.0):
            new = objective(psi, law, face, there, shifts)
            if new > value and new >= value + 1e-4 * length * rise:
                return new
        length *= 0.5
    return np.nan


@part
def move(here, there):
    """Copy one place to another."""
    for i in range(there.shape[0]):
        for j in range(there.shape[1]):
            here[i, j] = there[i, j]


@part
def settle(psi, law, face, value, here, there, steps, shifts):
    """Take the last steps: where F cannot tell any more, its gradient does."""
    m = here.shape[1]
    for _ in range(8):
        steep, before = 0.0, 0.0
        for i in range(m):
            there[Z, i] = here[Z, i] + steps[STEP, i]
            before = max(before, abs(here[SLOPE, i]))
        new = objective(psi, law, face, there, shifts)
        for i in range(m):
            steep = max(steep, abs(there[SLOPE, i]))
        if not (new > value - 1e-13 * (1.0 + abs(value)) and steep < before):
            break
        move(here, there)
        ascent_step(here, steps)


@part
def go_up(psi, law, face, value, side, definite, here, there, steps, shifts):
    """Look for a place above the one of the climb, along one direction after the other.

    They are Newton's step; where it vanishes the gradient; from a saddle ``side`` times the direction in which it
    curves up, then the other way.  Returns F at the new place (nan if there is none), how steep F is at the old one,
    whether Newton's step is the last one, and whether a saddle was left.
    """
    m = here.shape[1]
    rise, square, steep, size = 0.0, 0.0, 0.0, 0.0
    for i in range(m):
        slope, step, far = here[SLOPE, i], steps[STEP, i], 1.0 + abs(here[Z, i])
        rise += slope * step
        square += slope * slope
        steep = max(steep, abs(slope) / far)
        size = max(size, abs(step) / far)
    flat = not rise > LEVEL * (1.0 + abs(value))
    ends = definite and flat and size < 1e-8
    for attempt in range(4):
        if attempt == 0:
            if flat:
                continue
            # at the top shorter steps are rounding, too
            shortest = 0.9 if steep < STEEP and size < 1e-7 else 1e-9
        elif attempt == 1:
            if not steep > STEEP:
                continue
            rise, shortest = square, 1e-14
        else:
            if steep > STEEP or definite:
                break
            upward_direction(here, steps)
            rise, shortest = 1e-9 * (1.0 + abs(value)), 1e-4
        for i in range(m):
            if attempt == 0:
                steps[DIRECTION, i] = steps[STEP, i]
            elif attempt == 1:
                steps[DIRECTION, i] = here[SLOPE, i]
            else:
                steps[DIRECTION, i] *= side if attempt == 2 else -side
        new = line_search(psi, law, face, value, rise, shortest, here, there, steps, shifts)
        if new == new:
            return new, steep, ends, attempt >= 2
    return np.nan, steep, ends, False


@part
def climb(psi, law, face, side, here, there, steps, shifts):
    """Climb to a local maximum, in place; return F there and the number of saddles left.

    From a place with all shifts at their least values or above the climb first stays there, so that it does not
    step over a maximum near the boundary; where the boundary stops it the climb goes on without.
    """
    value = objective(psi, law, face, here, shifts)
    saddles = 0
    inside, bounded = obeys(face, face[LEAST], here, 0.0), False
    for s in range(face.shape[1]):
        face[BOUND, s] = face[LEAST, s] if inside else -np.inf
        bounded = bounded or face[BOUND, s] > -np.inf
    for _ in range(200):
        definite = ascent_step(here, steps)
        new, steep, ends, saddle = go_up(psi, law, face, value, side, definite, here, there, steps, shifts)
        if new == new:
            value = new
            saddles += saddle
            move(here, there)
        elif steep > STEEP and bounded:
            bounded = False
            for s in range(face.shape[1]):
                face[BOUND, s] = -np.inf
        elif ends:
            for i in range(here.shape[1]):
                here[Z, i] += steps[STEP, i]
            break
        else:
            settle(psi, law, face, value, here, there, steps, shifts)
            break
    return value, saddles
