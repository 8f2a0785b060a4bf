r"""A measured spectrum as the fit sees it: bulk, eigenvalues on atoms, outliers, and the modes of the bulk.

.. math:: \tau_k = \sum_i T_k(x_i) , \qquad k = 1, .., K ,

with Chebyshev polynomials of an interval somewhat longer than the bulk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np

MODES = 64  # at most; and at most half as many as there are eigenvalues
BENT = 12  # modes of a bulk with outliers, whose edge they move: finer ones see that this is known to first order only
PAD = 0.15  # of the width of the spectrum, by which the interval is longer on either side
COINCIDE = 1e-10  # of the largest eigenvalue: closer ones sit on an atom


@dataclass(frozen=True)
class Spectrum:
    """Spectra of matrices of size n; ``bulk`` is pooled over them, other numbers are means over them."""

    bent: ClassVar[int] = BENT

    bulk: np.ndarray
    atoms: tuple[tuple[float, float], ...]
    outliers: np.ndarray
    n: int
    matrices: int
    interval: tuple[float, float]
    orders: int
    apart: bool  # eigenvalues that coincide are not in the bulk

    @cached_property
    def modes(self):
        """Return the sums of T_k, shape (K,)."""
        return chebyshev(self.unit(self.bulk), self.orders).sum(1) / self.matrices

    @property
    def width(self):
        """Return the length of the interval."""
        return self.interval[1] - self.interval[0]

    @property
    def on_atoms(self):
        """Return the number of eigenvalues that coincide."""
        return sum(count for _, count in self.atoms)

    def unit(self, x):
        """Return places in the interval as numbers from -1 to 1; those beyond are moved to its ends."""
        low, high = self.interval
        return np.clip((2 * x - low - high) / (high - low), -1, 1)

    def with_atoms(self, modes, atoms):
        """Return modes of a bulk and numbers on atoms as they are compared: apart, for eigenvalues can be counted."""
        return modes, atoms

    def whitened(self, modes):
        """Return weighted modes in units in which they scatter like independent normals: they do already."""
        return modes

    def empty(self, n):
        """Return a Spectrum of another size without eigenvalues, for what a law predicts of it."""
        return replace(self, bulk=np.empty(0), outliers=np.empty(0), n=n)

    def of(self, rows, outliers=None):
        """Return the Spectrum of other rows of eigenvalues in the same interval with the same modes."""
        return spectrum(rows, outliers, atoms=self.apart, interval=self.interval, orders=self.orders)


def spectrum(rows, outliers=None, atoms=True, interval=None, orders=None):
    """Return the Spectrum of rows of eigenvalues, shape (matrices, n), of which a mask tells the outliers."""
    matrices, n = rows.shape
    outside = np.zeros(rows.shape, bool) if outliers is None else outliers
    inside = np.sort(rows[~outside])
    places, on_atom = coincident(inside, np.abs(rows).max()) if atoms else ([], np.zeros(inside.size, bool))
    bulk = inside[~on_atom]
    if interval is None:
        low, high = (bulk[0], bulk[-1]) if bulk.size else (rows.min(), rows.max())
        pad = PAD * (high - low) or max(abs(high), 1e-100)
        interval = (float(low - pad), float(high + pad))
    orders = orders or int(np.clip(bulk.size // (2 * matrices), 2, MODES))
    places = tuple((place, count / matrices) for place, count in places)
    return Spectrum(bulk, places, np.sort(rows[outside]), n, matrices, interval, orders, atoms)


def coincident(values, scale):
    """Return places and numbers of ascending eigenvalues that coincide or are 0, and a mask of them."""
    close = np.diff(values) <= COINCIDE * scale
    zero = np.abs(values) <= COINCIDE * scale
    mask = zero.copy()
    mask[1:] |= close
    mask[:-1] |= close
    cluster = np.cumsum(np.r_[True, ~close])[: values.size]
    groups = [values[cluster == c] for c in np.unique(cluster[mask])]
    return [(0.0 if abs(x.mean()) <= COINCIDE * scale else float(x.mean()), len(x)) for x in groups], mask


def chebyshev(y, orders):
    """Return T_1, .., T_K at y in [-1, 1], shape (K, len(y))."""
    return _waves(y, orders).real


def chebyshev_slopes(y, orders):
    """Return the derivatives of T_1, .., T_K at y in (-1, 1); 0 at the ends and beyond."""
    inside = np.abs(y) < 1
    root = np.where(inside, np.sqrt(np.maximum(1 - y * y, 1e-300)), np.inf)
    return np.arange(1, orders + 1)[:, None] * _waves(y, orders).imag / root


def _waves(y, orders):
    """Return exp(ik arccos y), k = 1, .., K."""
    turn = y + 1j * np.sqrt(np.maximum(1 - y * y, 0.0))
    return np.cumprod(np.broadcast_to(turn, (orders, y.size)), axis=0)
