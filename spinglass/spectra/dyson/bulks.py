r"""The bulks of a law whose Dyson equation has one resolvent g_s per species: where the solution is not real.

Two facts make the search safe.  In a gap every :math:`g_s` is real, rises, and keeps its sign, and the mass to the left
is the sum of :math:`\kappa_s` over the negative ones; so the signs differ on the two sides of a bulk, and every bulk
holds a place where the real part of some g_s changes its sign, however small its mass.  And if all these places are
known, there is at most one gap between neighbours among them.

References: Alt, Erdos, Krueger (2020), "The Dyson equation with linear self-energy: spectral bands, edges and cusps",
on the masses of bands, and on the shapes of gaps and cusps.
"""

import numpy as np

REAL = 1e-7  # Im g_s/|g_s| below which a solution counts as real: 1e-14 of a bulk's width away from its edge
SCAN = 257  # places at which the resolvents are looked at first
INNER = 66  # places between two sign changes at which a gap is looked for first
GOLDEN = 0.3819660112501051


def find_bulks(resolvents, low, high, hints, atoms):
    """Return the bulks of a law.

    Parameters
    ----------
    resolvents : function
        From a float array x of any shape to the solutions at x + i0, complex, shape x.shape + (S,), in any positive
        multiples.
    low, high : float
        Two places outside the support, on its two sides.
    hints : float array
        Places to look at besides a uniform scan.
    atoms : sequence of float
        Places of the atoms, where solutions change sign through infinity.

    Returns
    -------
    float array of shape (k, 2)
        Ascending and read-only.  Edges are bracketed to 1e-15 (high - low); gaps below 1e-13 (high - low) are closed.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.dyson.bulks import find_bulks
    >>> def semicircle(x):  # g(g + x) = -1, Im g > 0 inside, g ~ -1/x far out
    ...     return (-x + np.where(abs(x) < 2, 1, np.sign(x)) * np.sqrt(x * x - 4 + 0j))[..., None] / 2
    >>> find_bulks(semicircle, -5.0, 5.1, hints=[], atoms=[]).round(9)
    array([[-2.,  2.]])
    """
    size = high - low
    inside = _sign_changes(resolvents, low, high, hints, atoms)
    left, right = inside[:-1], inside[1:]
    gap = _gaps(resolvents, left, right)
    split = ~np.isnan(gap)
    # every edge lies between a place outside and a place inside
    outer = np.r_[low, np.repeat(gap[split], 2), high]
    inner = np.r_[inside[0], np.column_stack((left, right))[split].ravel(), inside[-1]]
    _, edges = _bisect(outer, inner, lambda x: _angle(resolvents, x) <= REAL, size)
    gap_is_open = np.diff(edges)[1::2] > 1e-13 * size
    bulks = edges[np.r_[True, np.repeat(gap_is_open, 2), True]].reshape(-1, 2)
    bulks.flags.writeable = False
    return bulks


def _angle(resolvents, x):
    """Return the largest Im g_s/|g_s|: how far from real the solution is, whatever the masses."""
    g = resolvents(x)
    return (g.imag / np.abs(g)).max(-1)


def _sign_changes(resolvents, low, high, hints, atoms):
    """Return places in the support, at least one in every bulk: where the real part of some g_s changes its sign."""
    size = high - low
    beside = 1e-9 * size * np.array([[-1], [1]]) + np.asarray(atoms, dtype=float)  # shape (2, atoms)
    grid = np.unique(np.r_[np.linspace(low, high, SCAN), np.asarray(hints) + 1e-7 * size, beside.ravel()])
    negative = resolvents(grid).real < 0
    cell, species = np.nonzero(negative[1:] != negative[:-1])
    before, row = negative[cell, species], np.arange(len(cell))
    left, right = _bisect(grid[cell], grid[cell + 1], lambda x: (resolvents(x).real < 0)[row, species] == before, size)
    places = 0.5 * (left + right)
    for atom, around in zip(atoms, beside.T, strict=True):  # no bulk there, unless the law goes on on both sides
        if _angle(resolvents, around).min() <= REAL:
            places = places[np.abs(places - atom) > 1e-12 * size]
    return np.unique(places)


def _gaps(resolvents, left, right):
    """Return a place in the gap between each pair of places in the support, nan where there is none."""
    gap = np.full(len(left), np.nan)
    if not len(left):
        return gap
    # denser towards both ends: a small bulk beside a large one has its gap close to its own place
    part = 0.5 * (1 - np.cos(np.linspace(0, np.pi, INNER)))
    grid = left[:, None] + (right - left)[:, None] * part
    angle = _angle(resolvents, grid)
    inner = angle[:, 1:-1]
    pair, lowest = np.nonzero((inner <= angle[:, :-2]) & (inner <= angle[:, 2:]))
    found, value = _golden(lambda x: _angle(resolvents, x), grid[pair, lowest], grid[pair, lowest + 2])
    gap[pair[value <= REAL]] = found[value <= REAL]
    return gap


def _bisect(first, last, like_first, size):
    """Move first and last (arrays) together, to 1e-15 of the size, while only first has the property."""
    first, last = first.copy(), last.copy()
    while np.any(np.abs(last - first) > 1e-15 * size):
        x = 0.5 * (first + last)
        if np.all((x == first) | (x == last)):
            break
        move = like_first(x)
        first, last = np.where(move, x, first), np.where(move, last, x)
    return first, last


def _golden(f, low, high):
    """Return places of local minima of f between low and high (arrays) by golden section, and the values there."""
    a, b = low + GOLDEN * (high - low), high - GOLDEN * (high - low)
    fa, fb = f(a), f(b)
    for _ in range(75):
        go_left = fa <= fb
        low, high = np.where(go_left, low, a), np.where(go_left, b, high)
        new = np.where(go_left, low + GOLDEN * (high - low), high - GOLDEN * (high - low))
        value = f(new)
        a, b = np.where(go_left, new, b), np.where(go_left, a, new)
        fa, fb = np.where(go_left, value, fb), np.where(go_left, fa, value)
    return np.where(fa <= fb, a, b), np.minimum(fa, fb)
