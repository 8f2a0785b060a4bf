r"""Where the climbs to the maxima of a complexity start.

A grid over the box that holds every stationary point (:mod:`spinglass.complexity.games.maximise`), and landmarks: the
places where the shifts cross the centres and the edges of their bulks, in all combinations.  The function changes on
the scale of a bulk's width there, and between two bulks' edges it has little room for more than one maximum, so that
every basin tends to hold a landmark.  With all species outside their bulks Sigma is stationary, at the value 0, at the
slopes

.. math:: \partial\Psi/\partial d_s = \pm\sqrt{\kappa_s/V_s}

if the spectral radius of :math:`v_{st}/V_s` is at most 1 (derived here), as strong fields make it; these places are
starts as well.
"""

import functools
import itertools

import numpy as np

GRID = {0: 1, 1: 11, 2: 9, 3: 7, 4: 4, 5: 3, 6: 3}  # samples per direction
FILLING = 1024  # samples of a Halton sequence beyond these directions
TINY = 0.04  # variance of a species' own block, of order 1 for others, below which it hardly bounds the slope
NARROW = np.array([[1.0], [0.03], [1e-3]])  # such a species has its maxima much nearer to its centre than others
STRONG = 1.5  # spectral radius of v_st / V_s below which such places are tried
STEPS = (0.0, -1.0, 1.0)  # the centre and the edges of a bulk, in units of its half width
PATTERNS = 729  # combinations of bulks taken as landmarks, at the most: all of six species


class Starts:
    """The box and the landmarks of a game: of its log-determinant, scaled, and its local law."""

    def __init__(self, parameters, local):
        own = np.diag(parameters.w)
        # sqrt(kappa_s / v_ss) bounds the slope; without a variance of its own a species has none, but a typical size
        self.slope = parameters.scale * np.sqrt(parameters.k / np.maximum(own, TINY))
        self.bounded = bool(np.all(own >= TINY))
        width = 2 / parameters.scale
        self.widths = width[None, :] if self.bounded else width * np.where(own < TINY, NARROW, 1.0)
        crossings = sorted({(s, c * x) for row in self.widths for s, x in enumerate(row.tolist()) for c in STEPS})
        self.crossing, self.shift = (np.array(x) for x in zip(*crossings, strict=True))  # a species, its shift
        species = len(local.fractions)  # up to two species, and beyond eight, the other starts have to do
        strong = np.max(np.abs(np.linalg.eigvals(local.jacobian_variance / local.gradient_variance[:, None]))) < STRONG
        signs = list(itertools.product((-1.0, 1.0), repeat=species)) if strong and 2 < species < 9 else []
        self.outside = np.reshape(signs, (-1, species)) * np.sqrt(local.fractions / local.gradient_variance)

    def __call__(self, d, plane):
        """Return, per row of d, the half widths of the box and the landmarks, for shifts d + e z on a plane."""
        e = plane.e
        radius = np.sqrt(2 + np.abs(d) @ self.slope)[:, None] * np.ones(e.shape[1])
        landmarks = self.bulk_landmarks(d, plane)
        if self.bounded:
            radius = np.minimum(radius, self.slope @ np.abs(e))
            landmarks = np.minimum(np.maximum(landmarks, -radius[:, None, :]), radius[:, None, :])
        if len(self.outside):
            outside = np.broadcast_to(self.outside @ e, (len(d), len(self.outside), e.shape[1]))
            landmarks = np.concatenate([landmarks, outside], axis=1)
        return radius, np.ascontiguousarray(landmarks)

    def bulk_landmarks(self, d, plane):
        """Return, per row of d, places z at which the shifts d + e z cross the centres and edges of their bulks.

        In one direction every crossing is one place; in several the shifts are brought as near as they go to every
        combination of centres and edges.
        """
        e, m = plane.e, plane.e.shape[1]
        if m == 0:
            return np.empty((len(d), 0, m))
        if m == 1:
            moving = (np.abs(e[:, 0]) > 1e-12 * np.abs(e).max())[self.crossing]
            species = self.crossing[moving]
            return ((self.shift[moving] - d[:, species]) / e[species, 0])[:, :, None]
        return (self._corners[None, :, :] - d[:, None, :]) @ plane.back.T

    @functools.cached_property
    def _corners(self):
        """The combinations of centres and edges."""
        patterns = corner_patterns(self.widths.shape[1])
        if len(self.widths) == 1:
            return patterns * self.widths
        return np.unique(np.concatenate([patterns * width for width in self.widths]), axis=0)


@functools.lru_cache(maxsize=32)
def corner_patterns(species):
    """Return combinations of centre, lower and upper edge, of which there may be too many: then some."""
    patterns = np.array(list(itertools.islice(itertools.product(STEPS, repeat=species), 3 ** min(species, 12))))
    if len(patterns) > PATTERNS:
        patterns = patterns[np.random.default_rng(0).permutation(len(patterns))[:PATTERNS]]
    return patterns


@functools.lru_cache(maxsize=32)
def box_samples(m):
    """Return samples of the box [-1, 1]^m and, for each, its neighbours on a product grid (-1: none; none if Halton).

    All samples without neighbours are climbed from, of those with neighbours only the tops.
    """
    if m not in GRID:
        return halton(FILLING, m), np.empty((0, 0), dtype=np.int64)
    count = GRID[m]
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


def halton(count, m):
    """Return ``count`` points that fill [-1, 1]^m evenly, the origin first."""
    from scipy.stats import qmc

    points = 2 * qmc.Halton(m, scramble=False).random(count) - 1
    points[0] = 0.0
    return points
