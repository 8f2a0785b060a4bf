"""The region of a plane where a statement holds, cell by cell of a grid, with its edge found by bisection.

Between neighbours of the grid of which one holds and one does not, the edge is bisected.  A cell with two such sides is
cut by a straight line; one with four is cut twice, as its centre tells.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Side(NamedTuple):
    """A side of a cell: from grid point (i, j), along x or else along y."""

    i: int
    j: int
    along_x: bool


class Region:
    """Where ``holds(x, y)`` is true.

    Attributes
    ----------
    inside : (m, n) bool array
        At the grid points.
    polygons : list of (k, 2) arrays
        Parts of cells that make up the region.
    lines : list of (k, 2) arrays
        Its edge within the grid, every connected part from end to end.
    """

    def __init__(self, holds: Callable[[float, float], bool], x: np.ndarray, y: np.ndarray, tolerance: float) -> None:
        self._holds, self._x, self._y = holds, x.tolist(), y.tolist()
        self._steps = max(0, math.ceil(-math.log2(tolerance)))
        self._crossings: dict[Side, tuple[float, float]] = {}
        self.inside = np.array([[bool(holds(a, b)) for a in self._x] for b in self._y])
        self.polygons, segments = [], []
        for i in range(len(y) - 1):
            for j in range(len(x) - 1):
                segments += self._cut(i, j)
        self.lines = [np.array([self._crossings[side] for side in chain]) for chain in chained(segments)]

    def _cut(self, i, j):
        """Add the part of a cell inside the region; return the segments of the edge, as pairs of sides."""
        corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
        sides = [Side(i, j, True), Side(i, j + 1, False), Side(i + 1, j, True), Side(i, j, False)]
        within = [bool(self.inside[corner]) for corner in corners]
        if not any(within):
            return []
        points = [(self._x[b], self._y[a]) for a, b in corners]
        crossed = [within[k] != within[(k + 1) % 4] for k in range(4)]
        cuts = [self._crossing(side) if cut else None for side, cut in zip(sides, crossed, strict=True)]
        if sum(crossed) < 4:
            parts = [(point if within[k] else None, cuts[k]) for k, point in enumerate(points)]
            self.polygons.append(np.array([p for pair in parts for p in pair if p is not None]))
            return [tuple(side for side, cut in zip(sides, crossed, strict=True) if cut)] if any(crossed) else []
        joined = self._holds((points[0][0] + points[2][0]) / 2, (points[0][1] + points[2][1]) / 2)
        if joined:
            around = ([points[k], cuts[k]] if within[k] else [cuts[k]] for k in range(4))
            self.polygons.append(np.array(list(itertools.chain.from_iterable(around))))
        else:
            self.polygons += [np.array([cuts[k - 1], points[k], cuts[k]]) for k in range(4) if within[k]]
        return [(sides[k - 1], sides[k]) for k in range(4) if within[k] != joined]

    def _crossing(self, side):
        """Return the place on a side where the statement changes."""
        if side not in self._crossings:
            first = self._x[side.j], self._y[side.i]
            last = (self._x[side.j + 1], first[1]) if side.along_x else (first[0], self._y[side.i + 1])
            starts_inside = bool(self.inside[side.i, side.j])
            low, high = 0.0, 1.0
            for _ in range(self._steps):
                middle = (low + high) / 2
                same = bool(self._holds(*_between(first, last, middle))) == starts_inside
                low, high = (middle, high) if same else (low, middle)
            self._crossings[side] = _between(first, last, (low + high) / 2)
        return self._crossings[side]


def _between(first, last, share):
    """Return the place at a share of the way."""
    return first[0] + share * (last[0] - first[0]), first[1] + share * (last[1] - first[1])


def chained(segments):
    """Return segments, pairs of ends that occur at most twice, as chains; a closed one ends where it began."""
    neighbours: dict = {}
    for a, b in segments:
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    chains, seen = [], set()
    for start in sorted(neighbours, key=lambda end: (len(neighbours[end]), end)):  # open chains from their ends first
        if start in seen:
            continue
        chain, seen = [start], seen | {start}
        while ahead := [end for end in neighbours[chain[-1]] if end not in seen]:
            chain.append(ahead[0])
            seen.add(ahead[0])
        closed = len(chain) > 2 and start in neighbours[chain[-1]]
        chains.append([*chain, start] if closed else chain)
    return chains
