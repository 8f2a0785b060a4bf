r"""Which eigenvalues stand outside the bulk: none, the k farthest ones, or those that the bulk's edge does not explain.

A bulk of this size reaches beyond the end of its law by a Tracy-Widom variable in units of

.. math:: \max\Big(n^{-2/3}/a,\ \frac{|F^{-1}(1/n) - E|}{(3\pi/2)^{2/3}}\Big) ,

of which the second says the same of a square root, and more where n is too small to resolve one next to a wall.  What
is farther out than the quantile of a stated rate of false positives stands outside.  The rule and the fit of the bulk
follow each other until both stay.  Outliers that are many widen the fit of a bulk that holds them, so that large gaps
are tried as its ends as well; a few hide each other, so that the outermost eigenvalue is judged by a fit without it
too, each time at half the rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spinglass.spectra.data.fitting.criteria import BENT, IMPOSSIBLE
from spinglass.spectra.data.fitting.spectrum import COINCIDE, Spectrum, spectrum
from spinglass.spectra.free.inverse import hull
from spinglass.spectra.universal.edge import edge
from spinglass.spectra.universal.tracy_widom import TracyWidom

if TYPE_CHECKING:
    from spinglass.spectra.law import Law

ROUNDS = 20  # of rule and fit
AIRY = (1.5 * np.pi) ** (2 / 3)  # units of the edge up to which the density holds one eigenvalue
GAP = 2.0  # gaps in units of their median times n^(1/3), which is usual at an edge, that may end a bulk
OUTER = 0.4  # of the eigenvalues on either side, among which such gaps are looked for
MOST = 0.5  # of the eigenvalues that may stand outside
CLOSE = 1.0  # standard deviations of the sum of squares within which fewer outliers are preferred


@dataclass(frozen=True)
class Chosen:
    """What was taken for the bulk, a mask of the outliers in the rows of eigenvalues, and the fit of the bulk."""

    data: Spectrum
    mask: np.ndarray
    coordinates: np.ndarray
    cost: float
    law: Law


def chosen(criterion, rows, outliers, rate):
    """Return the bulk and its fit by the rule of ``outliers``: None, a number for each matrix, or "auto"."""
    if outliers == "auto":
        return automatic(criterion, rows, rate)
    mask = np.zeros(rows.shape, bool)
    if not outliers:
        return fitted(criterion, rows, mask)
    place = np.median(rows)
    mask, found = farthest(np.abs(rows - place), outliers), None
    for _ in range(ROUNDS):
        found = fitted(criterion, rows, mask, found)
        low, high = hull(found.law)
        again = farthest(np.maximum(low - rows, rows - high), outliers)
        if (again == mask).all():
            break
        mask = again
    return found


def automatic(criterion, rows, rate):
    """Return the bulk and its fit where nothing else stands outside, by a rate of false positives for each matrix."""
    tried, coarse = [], replace(criterion, most=BENT)  # the same modes with outliers and without
    for mask in _starts(rows):
        if not any((mask == one.mask).all() for one in tried):
            tried.append(_settled(coarse, rows, mask, rate))
    within = min(one.cost for one in tried) + CLOSE * np.sqrt(2 * coarse.seen(tried[0].data).orders)
    best = min((one for one in tried if one.cost <= within), key=lambda one: one.mask.sum())
    return fitted(criterion, rows, best.mask, best)


def _settled(criterion, rows, mask, rate):
    """Return the fit at which the rule, begun from a mask, stays."""
    found, seen, rate = fitted(criterion, rows, mask), [], rate / 2
    for _ in range(ROUNDS):
        low, high = limits(found.law, rows.shape[1], rate)
        mask = (rows < low) | (rows > high)
        if any((mask == one).all() for one in seen) or mask.mean() > MOST:
            break
        seen.append(mask)
        if (mask == found.mask).all():
            without = _without_outermost(criterion, rows, found, low, high)
            low, high = limits(without.law, rows.shape[1], rate)
            if not ((rows < low) | (rows > high))[without.mask & ~found.mask].any():
                break
            found = without
        else:
            found = fitted(criterion, rows, mask, found)
    return found


def _without_outermost(criterion, rows, found, low, high):
    """Return the fit without the eigenvalue of the bulk that is nearest to a limit or beyond."""
    room = np.where(found.mask, np.inf, np.minimum(rows - low, high - rows))
    mask = found.mask.copy()
    mask.flat[np.argmin(room)] = True
    return fitted(criterion, rows, mask, found)


def limits(law, n, rate):
    """Return the places beyond which one of n eigenvalues lies with the probability of the rate, half on each side."""
    ends = law.support
    if not len(ends):
        return hull(law)
    quantile = TracyWidom().quantile(1 - rate / 2)
    (low, _), (_, high) = ends[0], ends[-1]
    mass = law.cdf(np.array([low, high]))
    inner = law.quantile(np.clip([mass[0] + 1 / n, mass[1] - 1 / n], 1e-12, 1 - 1e-12))
    places = []
    for side, end, inside, outwards in (("left", low, inner[0], -1), ("right", high, inner[1], 1)):
        try:
            law_of_end = edge(law, n, side)
            if law_of_end.power != 1:  # known beyond the limit
                places.append(float(law_of_end.quantile(1 - rate / 2 if side == "right" else rate / 2)))
                continue
            centre, scale = law_of_end.centre, law_of_end.scale
        except (ValueError, ArithmeticError):  # no square root: a wall, a cusp, a tail
            centre, scale = end, 0.0
        places.append(centre + outwards * quantile * max(scale, abs(inside - end) / AIRY))
    near = 1e-9 * (high - low)  # of an atom: rounding
    atoms = [place for place, _ in law.atoms]
    return min([places[0], *(a - near for a in atoms)]), max([places[1], *(a + near for a in atoms)])


def _starts(rows):
    """Yield masks to begin with: nothing outside, and what lies beyond the first or the widest large gap."""
    values = np.sort(rows.ravel())
    gaps, some = np.diff(values), max(1, int(OUTER * values.size))
    apart = gaps[gaps > COINCIDE * np.abs(values).max()]
    large = gaps > GAP * np.median(apart) * rows.shape[1] ** (1 / 3) if apart.size else np.zeros(gaps.size, bool)
    right = [i for i in range(values.size - some - 1, values.size - 1) if large[i]]
    left = [i for i in range(some) if large[i]]
    highs, lows = [np.inf], [-np.inf]
    if right:
        highs += [values[right[0]], values[max(right, key=lambda i: gaps[i])]]
    if left:
        lows += [values[left[-1] + 1], values[max(left, key=lambda i: gaps[i]) + 1]]
    for low in lows:
        for high in highs:
            yield (rows < low) | (rows > high)


def farthest(distances, k):
    """Return a mask of the k largest numbers of every row."""
    mask = np.zeros(distances.shape, bool)
    np.put_along_axis(mask, np.argsort(distances, axis=1, kind="stable")[:, -k:], True, axis=1)
    return mask


def fitted(criterion, rows, mask, before=None):
    """Return the fit of the eigenvalues that are no outliers, started from another fit if there is one."""
    for apart in (True, False):
        data = spectrum(rows, mask, atoms=apart if before is None else before.data.apart)
        if not data.bulk.size:
            raise ValueError(f"eigenvalues: expected numbers that differ, got {rows.size} that coincide")
        starts = criterion.family.candidates() if before is None else before.coordinates
        coordinates, cost = criterion.minimise(data, starts)
        if not cost < IMPOSSIBLE**2:
            raise ValueError(
                f"start: expected parameters {', '.join(criterion.family.names)} at which there is a law, found none "
                f"among {len(starts)}; try start={{...}} or bounds={{...}}"
            )
        law = criterion.family.law(coordinates)
        if before is not None or not data.atoms or law.atoms:
            break  # else the law has no atoms at all, and eigenvalues that coincide do so by chance
    return Chosen(data, mask, coordinates, cost, law)
