"""Solutions carried along a segment of coefficients, on two threads, and those that got lost once more."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from spinglass.landscape.solutions.orbits import merge
from spinglass.landscape.solutions.tracking import ARRIVED, room, track

TOLERANCE = 0.02  # ratio of two Newton steps: see :mod:`spinglass.landscape.solutions.tracking`
FINER = 20  # divides it when a path is run again
CHUNK = 32  # paths that a thread takes at a time
WORKERS = 2
FEW = 128  # paths that are not worth a second thread


def follow(family, solutions, start, end, tolerance):
    """Track solutions (rows) from the coefficients ``start`` to ``end``.

    Returns
    -------
    solutions : complex array of shape (paths, n + S)
    arrived : bool array of shape (paths,)
    steps : int
    """
    points = np.array(solutions, dtype=complex)
    status, steps = np.empty(len(points), dtype=np.int64), np.empty(len(points), dtype=np.int64)
    tables, sources, powers = family.tables
    change = end - start
    linear = family.linear_terms(start), family.linear_terms(change)
    segment = (start[sources] * powers, change[sources] * powers, *linear)

    def chunk(first):
        part = slice(first, first + CHUNK)
        work = room(len(tables.parents), points.shape[1])
        track(points[part], tables, segment, tolerance, status[part], steps[part], work)

    firsts = range(0, len(points), CHUNK)
    if len(points) > FEW:
        with ThreadPoolExecutor(WORKERS) as threads:
            list(threads.map(chunk, firsts))
    else:
        for first in firsts:
            chunk(first)
    return points, status == ARRIVED, int(steps.sum())


def follow_to_ends_of_their_own(family, solutions, start, end):
    """Follow paths; those without an end of their own once more with smaller steps.

    Returns
    -------
    ends : complex array
        Representatives of those that arrived.
    paths, steps : int
        How many were followed, repetitions included.
    """
    ends, arrived, steps = follow(family, solutions, start, end, TOLERANCE)
    paths = len(solutions)
    ends = family.representatives(ends)
    places = np.full(paths, -1)
    places[arrived] = merge(ends[:0], ends[arrived], len(family.sphere))[1]
    shared = np.bincount(places[arrived], minlength=paths)[places] > 1
    again = np.flatnonzero(~arrived | shared)
    if len(again):
        ends[again], arrived[again], more = follow(family, solutions[again], start, end, TOLERANCE / FINER)
        ends[again] = family.representatives(ends[again])
        steps, paths = steps + more, paths + len(again)
    return ends[arrived], paths, steps
