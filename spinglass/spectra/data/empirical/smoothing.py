r"""How eigenvalues become a density: each one a small bump whose radius follows the spacings around it.

In the coordinate of mass C every eigenvalue reaches M to both sides, less near the ends of its bulk, and its radius is
the shorter reach in x,

.. math:: r_i = \min\big(x(C_i + M_i) - x_i,\; x_i - x(C_i - M_i)\big) , \qquad
          M_i^{-2} = M^{-2} + \min(C_i - C_{\mathrm{first}},\, C_{\mathrm{last}} - C_i)^{-2} .

A bump :math:`(1-y^2)^{3/2}` of radius r adds :math:`\sigma^2 = r^2/6` to the variance, which changes a density f by
:math:`\tfrac12(\sigma^2 f)''`.  Moving the centres against that, by

.. math:: \delta_i w_i = c\,(F_{i+1/2} - F_{i-1/2}) , \qquad F = \tfrac12\sigma^2 f , \qquad F_{\mathrm{ends}} = 0 ,

cancels it.  The sum of :math:`w_i\delta_i` is 0, so that the mean is exact, and c, near 1, is the number that makes the
variance exact too.

References: Choi, Hall (1999), "Data sharpening as a prelude to density estimation", for moving the data.
"""

import itertools

import numpy as np

FEW = 8  # spacings beside one that decide whether it is a gap, and eigenvalues that are no bulk yet
TAIL, BETWEEN = 8.0, 16.0  # times their median: a gap before the last few eigenvalues, and one between two bulks
SPREAD, POWER = 1.5, 2 / 3  # factor and power of the number of eigenvalues: balance their rigid noise and the bias
SEVERAL = 4  # spacings to each side whose mean is that of a place
JOINED = 0.75  # of the spacings beside it that a radius reaches at least, so that a bulk has no holes
WIDE, END = 2.0, 1.0  # radii in mean spacings: at least, and at the ends of a bulk


def bulks_of(places):
    """Return the slices of ascending places that are bulks: what is left over stands alone.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.data.empirical.smoothing import bulks_of
    >>> bulks_of(np.r_[-50.0, np.arange(20.0), 40.0, 47.0])
    [slice(1, 21, None)]
    """
    pieces, waiting = [], [(0, len(places))]
    while waiting:  # a gap hides what lies beyond it: both sides are looked at once more
        start, stop = waiting.pop()
        cuts = start + _clearest_gaps(np.diff(places[start:stop])) + 1
        ends = [start, *cuts.tolist(), stop]
        (waiting if len(cuts) else pieces).extend(itertools.pairwise(ends))
    largest = max(stop - start for start, stop in pieces)
    return [slice(*piece) for piece in sorted(pieces) if piece[1] - piece[0] >= min(FEW, largest)]


def _clearest_gaps(spacing):
    """Return the numbers of spacings that are far larger than those beside them, of neighbouring ones the clearest."""
    n = len(spacing)
    if n <= FEW // 2:
        return np.empty(0, int)
    padded = np.r_[np.full(FEW, np.nan), spacing, np.full(FEW, np.nan)]
    rows = np.lib.stride_tricks.sliding_window_view(padded, FEW)
    rank = np.arange(n)
    count = np.array([rank, n - 1 - rank])
    typical = np.full((2, n), np.inf)
    for median, known, beside in zip(typical, count >= FEW // 2, (rows[:n], rows[FEW + 1 :]), strict=True):
        if known.any():
            median[known] = np.nanmedian(beside[known], axis=1)
    in_tail = count.min(0) < FEW - 1
    typical[count < np.where(in_tail, count.max(0), 0)] = np.inf  # of a tail the side of its bulk decides
    excess = spacing / (np.where(in_tail, TAIL, BETWEEN) * typical.min(0))
    around = np.lib.stride_tricks.sliding_window_view(np.r_[np.zeros(FEW), excess, np.zeros(FEW)], 2 * FEW + 1)
    return np.flatnonzero((excess > 1) & (excess == around.max(1)))


def bumps(places, weights, smoothing=None):
    """Return centres and radii of the bumps of one bulk.

    Parameters
    ----------
    places, weights : float arrays of shape (n,)
        Ascending, n > 1; positive.
    smoothing : float, optional
        M, in spacings; by default 1.5 times their number to the power 2/3.

    Returns
    -------
    two float arrays of shape (n,)
    """
    mass = np.cumsum(weights) - 0.5 * weights
    one = weights @ weights / weights.sum()  # mass of a spacing
    reach = one * ((weights.sum() / one) ** POWER * SPREAD if smoothing is None else smoothing)
    spacing = np.diff(places)
    depth = np.minimum(mass - mass[0], mass[-1] - mass)
    own = depth * reach / np.hypot(depth, reach)
    low, high = np.interp(mass - own, mass, places), np.interp(mass + own, mass, places)
    larger = np.maximum(np.r_[0.0, spacing], np.r_[spacing, 0.0])
    # close to the ends a reach is one of few spacings: there the mean of several decides
    rank = np.arange(len(places))
    first, last = np.maximum(rank - SEVERAL, 0), np.minimum(rank + SEVERAL, len(places) - 1)
    span, inside = places[last] - places[first], mass[last] - mass[first]
    mean = span / (last - first)
    least = np.maximum(WIDE * mean, JOINED * larger)
    radius = np.maximum(np.minimum(places - low, high - places), least)
    radius[[0, -1]] = END * mean[[0, -1]]
    density = np.where(2 * own > inside, 2 * own, inside) / np.where(2 * own > inside, high - low, span)
    flux = radius**2 * density / 12
    move = np.diff(np.r_[0.0, 0.5 * (flux[1:] + flux[:-1]), 0.0]) / weights
    # no bump reaches beyond those of the first and the last place
    room = np.minimum(places + move - places[0] + radius[0], places[-1] + radius[-1] - places - move)
    radius = np.maximum(np.minimum(radius, room), 0.5 * larger)
    share, narrow = _corrected(places, weights, radius, move)
    return places + share * move, narrow * radius


def _corrected(places, weights, radius, move):
    """Return c, for which the variance of bumps at places + c move is that of the places, and a factor of radii.

    The factor is below 1 only where no c is found without it, in heavy tails.
    """
    centred = places - weights @ places / weights.sum()
    a, b, added = weights @ move**2, weights @ (centred * move), weights @ radius**2 / 6
    narrow = min(1.0, b * b / (a * added))
    return narrow * added / (-b + np.sqrt(max(b * b - narrow * a * added, 0.0))), np.sqrt(narrow)
