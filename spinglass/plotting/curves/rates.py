"""Rates as curves of one energy: what is asked, where it is worth drawing, and at how many places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from spinglass.complexity.api import Complexity
from spinglass.complexity.api import complexity as complexity_of
from spinglass.plotting.names import player_names

NARROW, FLAT = 1e-9, 0.04  # lowest and typical energies that coincide, over their size; the width of a window then
BELOW, ABOVE = 0.3, 0.25  # what a window shows below the lowest and above the typical energies, over their distance
HIGHEST = 6.0  # rates of all indices that are drawn, over the largest one of given indices
FINER = 8  # places between two where a curve meets its floor, twice


@dataclass(frozen=True)
class Rate:
    """The rate of points of an index at, or at and below, an energy of one loss, all other losses free."""

    c: Complexity
    loss: int
    index: Any
    cumulative: bool

    def __call__(self, u):
        """Return rates at energies; nan where a quenched one has no formula, if it has one anywhere."""
        if not self.breaks:
            return np.asarray(self._asked(u), float)
        rates, refused = np.full(len(u), np.nan), None
        for i, place in enumerate(u):
            try:
                rates[i] = self._asked(float(place))
            except NotImplementedError as error:
                refused = error
        if refused and np.isnan(rates).all():
            raise refused
        return rates

    @cached_property
    def breaks(self):
        """Whether the symmetry of replicas may break: the quenched complexity of a mixture."""
        return self.c.method == "quenched" and len(degrees(self.c.model)) > 1

    def _asked(self, u):
        return asked(self.c, {self.loss: u}, self.index, self.cumulative)

    @cached_property
    def lowest(self):
        """The lowest energy with rate >= 0, +inf if there is none; of a quenched rate without formula the bound."""
        try:
            return float(self.c.lowest_energy(loss=self.loss, index=self.index))
        except NotImplementedError:
            if not self.breaks:
                raise
            return float(complexity_of(self.c.model).lowest_energy(loss=self.loss, index=self.index))

    @cached_property
    def typical(self):
        """The energy at which points are most numerous, nan where no such points exist."""
        try:
            return float(self.c.typical_energy(loss=self.loss, index=self.index))
        except ValueError:
            return np.nan

    @cached_property
    def total(self):
        """The largest rate."""
        return float(self.c.total(index=self.index))

    @property
    def begins(self):
        """Where the curve begins to matter: its zero, or where it is largest if it is negative everywhere."""
        return self.lowest if np.isfinite(self.lowest) else self.typical

    @property
    def places(self):
        """How many places draw it in a moderate time: closed forms many, searches over many normals few."""
        model = self.c.model
        if len(model.fractions) == 1:
            return 100 if self.breaks else 400
        own = self.index if isinstance(self.index, tuple) else (self.index,) * len(model.players)
        if any(k is not None and len(moved) > 1 for k, moved in zip(own, model.players, strict=False)):
            return 40
        normals = model.local_law().shifts.shape[1]
        return 200 if normals <= 3 else 60 if normals <= 6 else 30

    def label(self):
        """Return the name of the curve."""
        words = "all indices" if self.index is None else f"index {self.index}"
        if len(self.c.model.losses) == 1:
            return words
        player = f"player {player_names(self.c.model)[self.loss]}"
        return player if self.index is None else f"{player}, {words}"


def asked(c, energies, index, cumulative):
    """Return rates at, or at and below, energies of some losses (number to energies), all other losses free."""
    losses = range(len(c.model.losses))
    if cumulative:
        return c.below(*(energies.get(a, np.inf) for a in losses), index=index)
    if len(energies) == len(losses):
        return c(*(energies[a] for a in losses), index=index)
    free = (-np.inf, np.inf)
    return c.within(*((energies[a], energies[a]) if a in energies else free for a in losses), index=index)


def degrees(model):
    """Return the degrees of all terms of a model's covariances."""
    return {exponents for xi in model.fields for exponents in xi.support}


def window(rates):
    """Return the ends of the energies that show the rates: from the lowest ones up to where the curves fall.

    Rates of given indices decide, where there are any: those of all indices together go on far above them.
    """
    exist = [rate for rate in rates if not np.isnan(rate.typical)]
    if not exist:
        raise ValueError("indices: expected an index of which points exist, got none; give energies= to draw nothing")
    group = _decisive(exist)
    low, high = min(rate.begins for rate in group), max(rate.typical for rate in group)
    size = max(abs(low), abs(high), np.finfo(float).tiny)
    width = high - low if high - low > NARROW * size else FLAT * size
    if not rates[0].cumulative:
        high = max(_falls(rate, width) for rate in group)
    if rates[0].breaks:  # nothing is below the ground state
        return low, high + ABOVE * width
    return low - BELOW * width, high + (ABOVE if rates[0].cumulative else BELOW) * width


def _decisive(rates):
    """Return the rates of given indices that are not negative everywhere, or all if there are none."""
    return [rate for rate in rates if rate.index is not None and np.isfinite(rate.lowest)] or rates


def _falls(rate, width):
    """Return where a rate has fallen to 0 again, at most as far above the typical energy as it rose below it."""
    reach = max(rate.typical - rate.begins, width)
    if rate.breaks:
        return rate.typical + reach / 2  # each place takes long
    u = np.linspace(rate.typical, rate.typical + reach, 60)
    kept = u[rate(u) >= min(rate.total, 0.0)]
    return kept[-1] if len(kept) else rate.typical


def levels(rates):
    """Return the heights between which curves are drawn, if any rate of the decisive ones is positive.

    Tails are left out below minus the largest rate, but not rates that are negative everywhere; and rates of all
    indices, next to which those of given ones would look flat.
    """
    top = max(rate.total for rate in _decisive(rates))
    if not top > 0:
        return -np.inf, np.inf
    return min(-top, *(1.5 * rate.total for rate in rates if np.isfinite(rate.total)), 0.0), HIGHEST * top


def drawn(rate, ends, between):
    """Return places and heights of a curve in a window, from where it rises above its floor on up to its ceiling."""
    (low, high), (floor, ceiling) = ends, between
    marks = [u for u in (rate.lowest, rate.typical) if low < u < high]
    u = np.union1d(np.linspace(low, high, rate.places), marks)
    heights = rate(u)
    for _ in range(2):
        first = int(np.argmax(heights >= floor))
        if not first or not np.isfinite(floor):
            break
        finer = np.linspace(u[first - 1], u[first], FINER + 2)[1:-1]
        u, heights = np.insert(u, first, finer), np.insert(heights, first, rate(finer))
    return trimmed(u, np.where((heights >= floor) & (heights <= ceiling), heights, -np.inf))


def trimmed(u, heights):
    """Return a curve without what is not finite: ends are left out, gaps become nan."""
    shown = np.flatnonzero(np.isfinite(heights))
    part = slice(shown[0], shown[-1] + 1) if len(shown) else slice(0, 0)
    return u[part], np.where(np.isfinite(heights[part]), heights[part], np.nan)
