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

from spinglass.spectra.data.fitting.criteria import IMPOSSIBLE
from spinglass.spectra.data.fitting.spectrum import Spectrum
from spinglass.spectra.free.inverse import hull
from spinglass.spectra.universal.edge import edge
from spinglass.spectra.universal.tracy_widom import TracyWidom

if TYPE_CHECKING:
    from spinglass.spectra.law import Law

ROUNDS = 20  # of rule and fit
AIRY = (1.5 * np.pi) ** (2 / 3)  # units of the edge up to which the density holds one eigenvalue
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


def chosen(criterion, given, outliers, rate):
    """Return the bulk and its fit by the rule of ``outliers``: None, a number for each matrix, or "auto"."""
    if outliers == "auto":
        return automatic(criterion, given, rate)
    places = given.places
    mask = np.zeros(places.shape, bool)
    if not outliers:
        return fitted(criterion, given, mask)
    mask, found = farthest(np.abs(places - given.centre), outliers), None
    for _ in range(ROUNDS):
        found = fitted(criterion, given, mask, found)
        low, high = hull(found.law)
        again = farthest(np.maximum(low - places, places - high), outliers)
        if (again == mask).all():
            break
        mask = again
    return found


def automatic(criterion, given, rate):
    """Return the bulk and its fit where nothing else stands outside, by a rate of false positives for each matrix."""
    tried, coarse = [], replace(criterion, coarse=True)
    for mask in given.starts():
        if not any((mask == one.mask).all() for one in tried):
            tried.append(_settled(coarse, given, mask, rate))
    within = min(one.cost for one in tried) + CLOSE * np.sqrt(2 * coarse.seen(tried[0].data).orders)
    best = min((one for one in tried if one.cost <= within), key=lambda one: one.mask.sum())
    return fitted(criterion, given, best.mask, best)


def _settled(criterion, given, mask, rate):
    """Return the fit at which the rule, begun from a mask, stays."""
    found, seen, rate, places = fitted(criterion, given, mask), [], rate / 2, given.places
    for _ in range(ROUNDS):
        low, high = given.limits(criterion, found, rate)
        mask = (places < low) | (places > high)
        if any((mask == one).all() for one in seen) or mask.sum() > MOST * given.n * len(places):
            break
        seen.append(mask)
        if not (mask == found.mask).all():
            found = fitted(criterion, given, mask, found)
        elif mask.all():
            break
        else:
            without = _without_outermost(criterion, given, found, low, high)
            low, high = given.limits(criterion, without, rate)
            if not ((places < low) | (places > high))[without.mask & ~found.mask].any():
                break
            found = without
    return found


def _without_outermost(criterion, given, found, low, high):
    """Return the fit without the eigenvalue of the bulk that is nearest to a limit or beyond."""
    room = np.where(found.mask, np.inf, np.minimum(given.places - low, high - given.places))
    mask = found.mask.copy()
    mask.flat[np.argmin(room)] = True
    return fitted(criterion, given, mask, found)


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


def farthest(distances, k):
    """Return a mask of the k largest numbers of every row."""
    mask = np.zeros(distances.shape, bool)
    np.put_along_axis(mask, np.argsort(distances, axis=1, kind="stable")[:, -k:], True, axis=1)
    return mask


def fitted(criterion, given, mask, before=None):
    """Return the fit of the eigenvalues that are no outliers, started from another fit if there is one."""
    for apart in (True, False):
        data = given.spectrum(mask, apart if before is None else before.data.apart)
        if not data.bulk.size:
            raise ValueError(f"eigenvalues: expected numbers that differ, got {given.places.size} that coincide")
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
