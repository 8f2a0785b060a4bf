r"""Where to sample the angle to a spike and the loss: a density on a grid, refined where the integrand is large.

An angle has the density :math:`P_i/w_i` in cell i of a grid; a loss, given the cell, with share 0.9 that of a grid of
its own, :math:`h_{ij}/w'_i`, and otherwise a normal cut to the window, whose tails are wider than the integrand's,

.. math:: q(\varphi, L) = \frac{P_i}{w_i}
          \Big(0.9\,\frac{h_{ij}}{w'_i} + 0.1\,\frac{\phi_i(L)}{\Phi_i(\text{window})}\Big) .

P and h are mixtures of the stand-in for the integrand and of its square root, which is broader.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.montecarlo.proposal import log_interval, truncated_normal

ANGLES, LOSSES = 400, 128  # cells
RATIO, NEAR = 1.04, 0.05  # of angles to the spike, its opposite or the equator that are as near as this
ROUNDS, ZOOMS = 3, 5  # of refining the angles, and of closing in on the losses
DEPTH = 50.0  # how far below its largest value the logarithm of the stand-in is followed
BROAD, EVEN = 0.2, 0.05  # shares of the square root, and of all cells alike
GUARD, WIDER = 0.1, 1.4  # share of the cut normals, and by how much they are wider than the integrand
REACH = 20.0  # standard deviations around the modes among which losses are sought


@dataclass(frozen=True)
class Proposal:
    """Edges of the angles (A + 1), their probabilities (A), first losses and widths (A), probabilities (A, B)."""

    edges: np.ndarray
    weights: np.ndarray
    first: np.ndarray
    width: np.ndarray
    table: np.ndarray
    centre: np.ndarray
    deviation: float
    window: tuple

    def sample(self, rng, count):
        """Return angles, losses and the logarithms of their density."""
        uniform = rng.random((5, count))
        i = np.searchsorted(np.cumsum(self.weights)[:-1], uniform[0], side="right")
        angle = self.edges[i] + uniform[1] * (self.edges[i + 1] - self.edges[i])
        j = self._cells(i, uniform[2])
        loss = self.first[i] + (j + uniform[3]) * self.width[i]
        low, high = ((end - self.centre) / self.deviation for end in self.window)
        outer = np.flatnonzero(uniform[4] < GUARD)
        cell = i[outer]
        normal = truncated_normal(uniform[3, outer], low[cell], high[cell])
        loss[outer] = self.centre[cell] + self.deviation * normal
        loss = np.clip(loss, *self.window)
        return angle, loss, self._log_density(i, loss, log_interval(low, high)[i])

    def _cells(self, i, uniform):
        """Return the cells of losses in which uniform numbers fall, at angles in cells i."""
        ends = np.cumsum(self.table, axis=1)[:, :-1] + np.arange(len(self.table))[:, None]  # of all rows, in one order
        return np.searchsorted(ends.ravel(), i + uniform, side="right") - i * ends.shape[1]

    def _log_density(self, i, loss, log_share):
        """Return log q of losses at angles in cells i."""
        j = np.floor((loss - self.first[i]) / self.width[i])
        inside = (j >= 0) & (j < self.table.shape[1])
        j = np.where(inside, j, 0).astype(int)
        with np.errstate(divide="ignore"):
            grid = np.log(np.where(inside, (1 - GUARD) * self.table[i, j], 0.0) / self.width[i])
        normal = np.log(GUARD / np.sqrt(2 * np.pi) / self.deviation) - log_share
        normal = normal - 0.5 * ((loss - self.centre[i]) / self.deviation) ** 2
        return np.log(self.weights[i] / np.diff(self.edges)[i]) + np.logaddexp(grid, normal)


def proposal_of(integral):
    """Return the proposal for an integral over angle and loss."""
    edges = _first_angles(integral)
    for _ in range(ROUNDS):
        first, width, values = _losses(integral, edges)
        edges = _refined(edges, _shares(_log_masses(width, values), np.log(np.diff(edges))))
    first, width, values = _losses(integral, edges)
    weights = _shares(_log_masses(width, values), np.log(np.diff(edges)))
    table = np.array([_shares(row, 0.0) for row in values])
    centre = integral.mode(_middles(edges))
    return Proposal(edges, weights, first, width, table, centre, WIDER * integral.spread, integral.window)


def _first_angles(integral):
    r"""Return the edges of a first grid: even, and geometric towards the spike, its opposite and the equator.

    A strong spike leaves points at angles near 1/strength from it and its opposite, and at overlaps m with
    :math:`Nk\lambda^2m^{2k-2}` near 1.
    """
    k, strength = integral.k, integral.strength
    pole = _towards_zero(0.1 / (1 + np.sqrt(2 * k) * strength))
    equator = _towards_zero(0.1 / (1 + integral.size * k * strength**2) ** (0.5 / (k - 1)))
    even = np.linspace(NEAR, np.pi / 2 - NEAR, ANGLES // 2)[1:-1]
    half = np.concatenate([[0.0], pole, even, np.pi / 2 - equator[::-1], [np.pi / 2]])
    return np.concatenate([half, np.pi - half[-2::-1]])


def _towards_zero(least):
    """Return geometric steps between the least one and those that are near."""
    least = min(least, 0.5 * NEAR)
    return np.geomspace(least, NEAR, 2 + int(np.log(NEAR / least) / np.log(RATIO)))


def _middles(edges):
    return 0.5 * (edges[1:] + edges[:-1])


def _losses(integral, edges):
    """Return first losses, widths of cells and log-values of the stand-in at (angles, losses), where it is large."""
    angle = _middles(edges)
    low, high = _sought(integral, angle)
    steps = np.arange(LOSSES) + 0.5
    for zoom in range(ZOOMS + 1):
        width = (high - low) / LOSSES
        values = integral.log_target(angle[:, None], low[:, None] + steps * width[:, None])
        if zoom < ZOOMS:
            deep = values < values.max(axis=1, keepdims=True) - DEPTH
            before, behind = (np.argmin(d, axis=1) for d in (deep, deep[:, ::-1]))
            low, high = low + np.maximum(before - 1, 0) * width, high - np.maximum(behind - 1, 0) * width
    return low, width, values


def _sought(integral, angle):
    """Return ends between which the large values are, inside the window; from its nearer end where it is far off."""
    reach = REACH * integral.spread
    edge = 2 * np.sqrt(integral.n) / integral.per_loss  # an index may hold points at an edge of the semicircle
    mode = integral.mode(angle)
    low, high = np.minimum(mode, -edge) - reach, np.maximum(mode, edge) + reach
    lo, hi = integral.window
    low = np.where(low < hi - reach, np.maximum(low, lo), max(lo, hi - reach))
    return low, np.where(high > low, np.minimum(high, hi), np.minimum(low + reach, hi))


def _log_masses(width, values):
    """Return the logarithm of the integral over the loss at every angle."""
    return np.log(width) + np.logaddexp.reduce(values, axis=1)


def _shares(logs, log_width):
    """Return probabilities of cells: as the stand-in, as its square root, and all alike."""
    whole = logs + log_width
    broad = 0.5 * logs + log_width
    parts = [np.exp(x - np.logaddexp.reduce(x)) for x in (whole, broad)]
    return (1 - BROAD - EVEN) * parts[0] + BROAD * parts[1] + EVEN / len(logs)


def _refined(edges, shares):
    """Return as many cells of equal probability, half of it spread over the cells there were."""
    shares = 0.5 * shares + 0.5 / len(shares)
    mass = np.concatenate([[0.0], np.cumsum(shares)])
    return np.interp(np.linspace(0, mass[-1], ANGLES + 1), mass, edges)
